"""A call's recording: stereo WAV, caller left, agent right, sealed and written as it happens.

Nothing is kept before ``start`` (the notice was played, C13), nothing after ``stop`` (the caller said
"don't record", C12), and no sound of words that may not be kept (``silence``: a card number, C31).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from loguru import logger

from agent import wav
from core.errors import SeiketsuError
from stores.file_keys import FileKeys

FLUSH_SECONDS = 2.0
"""Sound held in memory at most for this long; a crash loses no more."""
BEFORE = 1.5
"""Seconds before the caller was found to be speaking that may hold the first syllables."""
TOGETHER = 20.0
"""A turn that began so shortly before may hold the first half of a number."""
AFTER = 3.0
"""Seconds that are kept silent from now on: who dictates a number goes on talking."""


def recording_path(data_dir: Path, tenant_id: UUID, call_id: UUID) -> Path:
    """Where a call's recording lies; the transcript lies beside it as ``.json``."""
    return data_dir / "recordings" / str(tenant_id) / f"{call_id}.wav"


class Recording:
    """Listens in on a line (agent.transports.Tap). Sound is placed by the clock on the wall.

    The file appears with ``start``; a caller who refuses at once leaves none behind. Writing happens in
    a thread, never on the audio loop.
    """

    def __init__(
        self,
        path: Path,
        keys: FileKeys,
        *,
        rate: int = 8000,
        now: Callable[[], float] = time.monotonic,
        on_start: Callable[[], None] = lambda: None,
    ):
        self.path = path
        self._keys = keys
        self.rate = rate
        self.started_at: float | None = None
        self.stopped_at: float | None = None
        self._now, self._on_start = now, on_start
        self._tracks = (bytearray(), bytearray())
        self._written = 0
        self._flushing: asyncio.Task[None] | None = None
        self._turns: deque[float] = deque(maxlen=2)
        self._quiet_until = 0.0
        self._blank: list[tuple[int, int]] = []
        self._base: int | None = None
        self._blanking: asyncio.Task[None] | None = None

    @property
    def on(self) -> bool:
        """Whether sound is being kept."""
        return self.started_at is not None and self.stopped_at is None

    def start(self) -> None:
        """The notice was played: keep what comes from now on. Later calls change nothing."""
        if self.started_at is None and self.stopped_at is None:
            self.started_at = self._now()
            self._on_start()

    def stop(self) -> None:
        """Keep nothing from now on. Final: a refusal is not taken back by the machine."""
        if self.stopped_at is None:
            self._pad()
            self.stopped_at = self._now()

    def turn_began(self) -> None:
        """The caller begins to speak: from here on it would be silenced."""
        self._turns.append(self._now())

    def silence(self, *, everything: bool = False) -> None:
        """What the caller has just said is not kept: their track is silent from where they began (C31).

        A turn just before is silenced with it. ``everything``: the caller's whole track (C36). What was
        written already is overwritten in the file.
        """
        if self.started_at is None:
            return
        now = self._now()
        began = [t for t in self._turns if now - t < TOGETHER] or [now - TOGETHER / 2]
        since = self.started_at if everything else max(min(began) - BEFORE, self.started_at)
        self._quiet_until = now + AFTER
        start = int((since - self.started_at) * self.rate) * 2
        track = self._tracks[0]
        first = max(start - self._written, 0)
        track[first:] = bytes(max(len(track) - first, 0))
        if start < self._written:
            self._blank.append((start, self._written))
            if self._blanking is None:
                self._blanking = asyncio.create_task(self._blank_file(), name="recording.silence")

    def caller(self, pcm: bytes) -> None:
        """Sound of the caller, 16-bit mono at ``rate``."""
        self._add(0, bytes(len(pcm)) if self._now() < self._quiet_until else pcm)

    def agent(self, pcm: bytes) -> None:
        """Sound of the agent, 16-bit mono at ``rate``."""
        self._add(1, pcm)

    async def close(self) -> Path | None:
        """Write the rest and close the file. The path, or None when nothing was ever kept."""
        if self.started_at is None:
            return None
        self.stop()
        for task in (self._flushing, self._blanking):
            if task:
                await asyncio.wait({task})
        await asyncio.to_thread(self._write, *self._take())
        if self._blank:
            await self._blank_file()
        return self.path

    def _add(self, side: int, pcm: bytes) -> None:
        if not self.on:
            return
        track = self._tracks[side]
        gap = (self._due() - len(pcm) - len(track)) & ~1
        # pauses of one side become silence; the jitter of a packet or two does not
        if gap > self.rate // 5 * 2:
            track.extend(bytes(gap))
        track.extend(pcm)
        self._maybe_flush()

    def _due(self) -> int:
        """Bytes a track should hold by now, beyond what was written."""
        assert self.started_at is not None
        samples = int((self._now() - self.started_at) * self.rate)
        return samples * 2 - self._written

    def _pad(self) -> None:
        if self.started_at is None:
            return
        due = self._due()
        for track in self._tracks:
            if len(track) < due:
                track.extend(bytes((due - len(track)) & ~1))

    def _maybe_flush(self) -> None:
        if self._flushing or max(map(len, self._tracks)) < self.rate * 2 * FLUSH_SECONDS:
            return
        self._pad()
        left, right = self._take()
        self._flushing = asyncio.create_task(self._flush(left, right), name="recording.flush")

    def _take(self) -> tuple[bytes, bytes]:
        """The part both tracks have, out of memory."""
        size = min(map(len, self._tracks)) if self.on else max(map(len, self._tracks))
        for track in self._tracks:
            track.extend(bytes(max(size - len(track), 0)))
        left, right = (bytes(track[:size]) for track in self._tracks)
        for track in self._tracks:
            del track[:size]
        self._written += size
        return left, right

    async def _flush(self, left: bytes, right: bytes) -> None:
        try:
            await asyncio.to_thread(self._write, left, right)
        except (OSError, SeiketsuError) as error:
            logger.error("a recording cannot be written: {}", type(error).__name__)
            self.stop()
        finally:
            self._flushing = None

    async def _blank_file(self) -> None:
        """Overwrite what is on disk already, behind a write that may be under way."""
        try:
            if self._flushing:
                await asyncio.wait({self._flushing})
            while self._blank:
                start, end = self._blank.pop()
                await asyncio.to_thread(self._blank_part, start, end)
        except (OSError, SeiketsuError) as error:
            logger.error("a recording cannot be silenced: {}", type(error).__name__)
        finally:
            self._blanking = None

    def _write(self, left: bytes, right: bytes) -> None:
        stereo = np.empty(len(left), dtype=np.int16)
        stereo[0::2] = np.frombuffer(left, dtype=np.int16)
        stereo[1::2] = np.frombuffer(right, dtype=np.int16)
        with self._keys.changing(self.path) as file:
            if self._base is None:  # a call that came back goes on in the file of its first socket
                self._base = wav.held(file) // 2
            wav.append(file, stereo.tobytes(), rate=self.rate, channels=2)

    def _blank_part(self, start: int, end: int) -> None:
        if not self.path.exists():
            return
        base = self._base or 0
        with self._keys.changing(self.path) as file:
            wav.blank(file, base + start, base + end)


def write_transcript(path: Path, keys: FileKeys, lines: Sequence[Mapping[str, Any]]) -> Path:
    """Write a call's turns as JSON beside its recording, sealed like it. Blocking."""
    keys.put(path, json.dumps(list(lines), ensure_ascii=False, indent=1, default=str).encode())
    return path
