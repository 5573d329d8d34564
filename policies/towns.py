"""The places callers are likely to name, which the recogniser expects; and those that tell their state."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain, zip_longest

import yaml

from policies.load import HERE


@cache
def _places(file: str) -> dict[str, tuple[str, ...]]:
    return {
        str(state): tuple(map(str, names))
        for state, names in yaml.safe_load((HERE / file).read_text("utf-8")).items()
    }


@cache
def states_of_cities() -> dict[str, str]:
    """Small letters, "st" and "ft" written short too -> code of the one state such a name means."""
    found: dict[str, str] = {}
    for state, names in _places("cities.yaml").items():
        for name in (name.lower().replace(".", "") for name in names):
            short = name.replace("saint ", "st ").replace("fort ", "ft ")
            found |= dict.fromkeys((name, short, short.replace("st ", "saint ")), state)
    return found


def towns(states: Sequence[str], most: int = 14) -> tuple[str, ...]:
    """The largest places of these states (two-letter codes), in turn; an unknown code has none."""
    in_turn = zip_longest(*(_places("towns.yaml").get(state, ()) for state in states))
    return tuple(dict.fromkeys(name for name in chain.from_iterable(in_turn) if name))[:most]
