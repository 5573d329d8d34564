"""Spoken phrases kept as PCM, shared by all calls of the process."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

Key = tuple[str, float, int, str]
"""(voice, speed, rate in Hz, text)."""


@dataclass(slots=True)
class CacheTally:
    """Counters for metrics."""

    hits: int = 0
    misses: int = 0
    evictions: int = 0


class PcmCache:
    """Least recently used phrases leave first when ``max_bytes`` is exceeded. Used on one event loop."""

    def __init__(self, max_bytes: int = 48 * 1024 * 1024):
        self.max_bytes = max_bytes
        self.bytes = 0
        self.tally = CacheTally()
        self._held: OrderedDict[Key, bytes] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, key: Key) -> bool:
        return key in self._held

    def get(self, key: Key) -> bytes | None:
        """16-bit mono PCM, or None; counts a hit or a miss."""
        pcm = self._held.get(key)
        if pcm is None:
            self.tally.misses += 1
            return None
        self._held.move_to_end(key)
        self.tally.hits += 1
        return pcm

    def put(self, key: Key, pcm: bytes) -> None:
        """Keep a phrase. One larger than a quarter of the cache is not kept at all."""
        if len(pcm) > self.max_bytes // 4:
            return
        self.bytes += len(pcm) - len(self._held.pop(key, b""))
        self._held[key] = pcm
        while self.bytes > self.max_bytes:
            _, old = self._held.popitem(last=False)
            self.bytes -= len(old)
            self.tally.evictions += 1
