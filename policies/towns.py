"""The places callers are likely to name: the recogniser expects them, nothing else is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain, zip_longest

import yaml

from policies.load import HERE


@cache
def _towns() -> dict[str, tuple[str, ...]]:
    return {
        str(state): tuple(map(str, names))
        for state, names in yaml.safe_load((HERE / "towns.yaml").read_text("utf-8")).items()
    }


def towns(states: Sequence[str], most: int = 14) -> tuple[str, ...]:
    """The largest places of these states (two-letter codes), in turn; an unknown code has none."""
    in_turn = zip_longest(*(_towns().get(state, ()) for state in states))
    return tuple(dict.fromkeys(name for name in chain.from_iterable(in_turn) if name))[:most]
