"""Plain arithmetic on mono samples."""

from __future__ import annotations

from typing import Any

import numpy as np

Samples = np.ndarray[Any, np.dtype[np.float32]]


def loud_seconds(audio: Samples, rate: int, floor_dbfs: float) -> float:
    """Seconds whose 20 ms level is above ``floor_dbfs``."""
    size = rate // 50
    whole = len(audio) // size * size
    if not whole:
        return 0.0
    level = np.sqrt(np.mean(np.square(audio[:whole].reshape(-1, size)), axis=1))
    return float(np.count_nonzero(level > 10 ** (floor_dbfs / 20))) * size / rate


def split_long(audio: Samples, rate: int, longest: float) -> list[Samples]:
    """Pieces of at most ``longest`` seconds, cut at the quietest 100 ms of each piece's last third."""
    parts: list[Samples] = []
    size = rate // 10
    while len(audio) > longest * rate:
        first, last = int(longest * rate * 2 / 3), int(longest * rate)
        tail = audio[first:last]
        blocks = tail[: len(tail) // size * size].reshape(-1, size)
        quietest = int(np.argmin(np.mean(np.square(blocks), axis=1)))
        cut = first + quietest * size + size // 2
        parts.append(audio[:cut])
        audio = audio[cut:]
    return [*parts, audio]
