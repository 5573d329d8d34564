"""The voices of the callers: others than the agent's, so that the agent never hears itself.

Piper runs as a process of its own (see simulate/piper_process.py); this module starts it, talks to it
over its pipes, starts it again when it has died, and keeps what it said in a cache on disk.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from abc import ABC, abstractmethod
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Protocol

import numpy as np

from simulate.sound import RATE, Clip, Samples, telephone, tone, with_noise

LINE_BEFORE, LINE_AFTER = 0.4, 0.3
"""Seconds of the open line around a sentence, noise and all, where a clip is to stand by itself."""


class VoiceError(Exception):
    """The voice process cannot be started or will not speak; the text says why."""


class Voice(Protocol):
    """Anything that turns text into something to say down the line."""

    async def clip(
        self, text: str, *, speed: float = 1.0, snr_db: float | None = None, take: int = 1
    ) -> Clip:
        """The text as telephone sound; ``snr_db`` adds pink noise that far below the speech.

        Another ``take`` of the same words has other noise.
        """

    async def close(self) -> None:
        """Let go of what the voice holds."""


class CachedVoice(ABC):
    """A voice whose sound is kept on disk, as 8 kHz samples below ``cache`` (None: not kept).

    ``style`` is part of every key: it changes when the sound of the same text changes.
    """

    style: str

    def __init__(self, cache: Path | None = None):
        self.cache = cache

    async def clip(
        self, text: str, *, speed: float = 1.0, snr_db: float | None = None, take: int = 1
    ) -> Clip:
        """The text as telephone sound. Noise is added after the cache, and the same for the same take."""
        samples = await self.samples(text, speed)
        return Clip.of(samples, text, snr_db=snr_db, seed=self._seed(text, take))

    async def utterance(
        self, text: str, *, speed: float = 1.0, snr_db: float | None = None, take: int = 1
    ) -> Clip:
        """As ``clip``, with a little of the open line before and after it."""
        around = (int(LINE_BEFORE * RATE), int(LINE_AFTER * RATE))
        samples = await self.samples(text, speed)
        noisy = samples if snr_db is None else with_noise(samples, snr_db, self._seed(text, take), around)
        return Clip.of(np.pad(samples, around) if snr_db is None else noisy, text)

    async def samples(self, text: str, speed: float = 1.0) -> Samples:
        """8 kHz samples, from the cache when they are there."""
        path = self._path(text, speed)
        if path is not None and path.exists():
            return np.frombuffer(path.read_bytes(), dtype="<i2").astype(np.int16)
        rate, sound = await self.made(text, speed)
        narrow = telephone(np.frombuffer(sound, dtype="<i2").astype(np.int16), rate)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}.part")
            part.write_bytes(narrow.astype("<i2").tobytes())
            part.replace(path)
        return narrow

    @abstractmethod
    async def made(self, text: str, speed: float) -> tuple[int, bytes]:
        """Rate and 16-bit samples of a text, as the engine makes them. Raises VoiceError."""

    async def close(self) -> None:  # noqa: B027 - most engines have nothing to let go of
        """Let go of what the voice holds."""

    @staticmethod
    def _seed(text: str, take: int) -> int:
        named = text if take == 1 else f"{take}|{text}"
        return int.from_bytes(hashlib.sha256(named.encode()).digest()[:4], "big")

    def _path(self, text: str, speed: float) -> Path | None:
        if self.cache is None:
            return None
        key = hashlib.sha256(f"{self.style}|{speed:.3f}|{text}".encode()).hexdigest()
        return self.cache / key[:2] / f"{key}.s16"


class PiperVoice(CachedVoice):
    """Piper's "joe". One process, started on first use; asks are answered one at a time.

    ``cache`` is a folder for 8 kHz samples (None: no cache). Raises VoiceError.
    """

    style = "joe-3"

    def __init__(self, cache: Path | None = None, *, patience: float = 60.0):
        super().__init__(cache)
        self.patience = patience
        self.starts = 0
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """Of the process, while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    async def close(self) -> None:
        """End the process: it ends by itself when its input does."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 3)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def made(self, text: str, speed: float) -> tuple[int, bytes]:
        """From the process, which is started again when it has died."""
        async with self._turn:
            for attempt in (1, 2):
                process = await self._running()
                try:
                    return await asyncio.wait_for(self._exchange(process, text, speed), self.patience)
                except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as died:
                    await self._kill(process)
                    if attempt == 2:
                        raise VoiceError(f"the voice process died twice: {type(died).__name__}") from died
        raise AssertionError("unreachable")

    async def _exchange(self, process: Process, text: str, speed: float) -> tuple[int, bytes]:
        if process.stdin is None or process.stdout is None:
            raise VoiceError("the voice process has no pipes")
        process.stdin.write(json.dumps({"id": 1, "text": text, "speed": speed}).encode() + b"\n")
        await process.stdin.drain()
        head = json.loads(await process.stdout.readuntil(b"\n"))
        if "error" in head:
            raise VoiceError(str(head["error"]))
        return int(head["rate"]), await process.stdout.readexactly(int(head["bytes"]))

    async def _running(self) -> Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        self.starts += 1
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "simulate.piper_process", stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
        if self._process.stdout is None:
            raise VoiceError("the voice process has no pipes")
        try:
            await asyncio.wait_for(self._process.stdout.readuntil(b"\n"), self.patience)
        except (asyncio.IncompleteReadError, TimeoutError) as wrong:
            await self._kill(self._process)
            raise VoiceError(
                "the callers' voice does not start; is the extra installed? uv sync --extra piper"
            ) from wrong
        return self._process

    async def _kill(self, process: Process) -> None:
        if process.returncode is None:
            try:
                process.kill()
            except ProcessLookupError:
                pass
        await process.wait()


class ToneVoice:
    """No speech at all: a tone as long as the words would take. For tests of the line, and stub speech."""

    async def clip(
        self, text: str, *, speed: float = 1.0, snr_db: float | None = None, take: int = 1
    ) -> Clip:
        """A tone of 60 ms a character."""
        return Clip.of(tone(max(0.3, 0.06 * len(text) / speed)), text, snr_db=snr_db)

    async def close(self) -> None:
        """Nothing to let go of."""
