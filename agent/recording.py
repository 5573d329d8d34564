"""A call's recording: stereo WAV, caller left, agent right, written as it happens.

Nothing is kept before ``start`` (the notice was played, C13) and nothing after ``stop`` (the caller
said "don't record", C12).
"""

from __future__ import annotations

import asyncio
import json
import os
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from loguru import logger

FLUSH_SECONDS = 2.0
"""Sound held in memory at most for this long; a crash loses no more."""
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


def recording_path(data_dir: Path, tenant_id: UUID, call_id: UUID) -> Path:
    """Where a call's recording lies; the transcript lies beside it as ``.json``."""
    return data_dir / "recordings" / str(tenant_id) / f"{call_id}.wav"


class Recording:
    """Listens in on a line (agent.transports.Tap). Sound is placed by the clock on the wall.

    The file appears with ``start``; a caller who refuses at once leaves none behind. Writing happens in
    a thread, never on the audio loop.
    """

    def __init__(self, path: Path, *, rate: int = 8000, now: Callable[[], float] = time.monotonic):
        self.path = path
        self.rate = rate
        self.started_at: float | None = None
        self.stopped_at: float | None = None
        self._now = now
        self._tracks = (bytearray(), bytearray())
        self._written = 0
        self._flushing: asyncio.Task[None] | None = None

    @property
    def on(self) -> bool:
        """Whether sound is being kept."""
        return self.started_at is not None and self.stopped_at is None

    def start(self) -> None:
        """The notice was played: keep what comes from now on. Later calls change nothing."""
        if self.started_at is None and self.stopped_at is None:
            self.started_at = self._now()

    def stop(self) -> None:
        """Keep nothing from now on. Final: a refusal is not taken back by the machine."""
        if self.stopped_at is None:
            self._pad()
            self.stopped_at = self._now()

    def caller(self, pcm: bytes) -> None:
        """Sound of the caller, 16-bit mono at ``rate``."""
        self._add(0, pcm)

    def agent(self, pcm: bytes) -> None:
        """Sound of the agent, 16-bit mono at ``rate``."""
        self._add(1, pcm)

    async def close(self) -> Path | None:
        """Write the rest and close the file. The path, or None when nothing was ever kept."""
        if self.started_at is None:
            return None
        self.stop()
        if self._flushing:
            await asyncio.wait({self._flushing})
        await asyncio.to_thread(self._write, *self._take())
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
        except OSError as error:
            logger.error("a recording cannot be written: {}", type(error).__name__)
            self.stop()
        finally:
            self._flushing = None

    def _write(self, left: bytes, right: bytes) -> None:
        stereo = np.empty(len(left), dtype=np.int16)
        stereo[0::2] = np.frombuffer(left, dtype=np.int16)
        stereo[1::2] = np.frombuffer(right, dtype=np.int16)
        append_wav(self.path, stereo.tobytes(), rate=self.rate, channels=2)


def append_wav(path: Path, pcm: bytes, *, rate: int, channels: int) -> None:
    """Append 16-bit sound to a WAV file, made if need be and readable by the owner only. Blocking.

    The header is right after every call, so a crash leaves a playable file, and a call that comes back
    on another socket goes on in the same one.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+b") as file:
        held = max(file.seek(0, os.SEEK_END) - _HEADER.size, 0)
        file.seek(_HEADER.size + held)
        file.write(pcm)
        size, frame = held + len(pcm), channels * 2
        file.seek(0)
        file.write(
            _HEADER.pack(
                b"RIFF",
                36 + size,
                b"WAVE",
                b"fmt ",
                16,
                1,
                channels,
                rate,
                rate * frame,
                frame,
                16,
                b"data",
                size,
            )
        )


def write_transcript(path: Path, lines: Sequence[Mapping[str, Any]]) -> Path:
    """Write a call's turns as JSON beside its recording, readable by the owner only. Blocking."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(list(lines), file, ensure_ascii=False, indent=1, default=str)
    part.replace(path)
    return path
