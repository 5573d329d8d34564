"""Understanding the agent the hard way: by listening to what the caller was played.

The exact way is the service's captions (simulate/doors.py). This one is for checking that what was
captioned could be heard: it takes a recorded call, cuts the agent's side at its pauses and hands each
piece to a recogniser.
"""

from __future__ import annotations

import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from rapidfuzz import fuzz

from simulate.sound import AUDIBLE_RMS, PACKET, PACKET_SECONDS, RATE, Samples

LONGEST = 25.0
"""Seconds of speech handed over at once; longer stretches are cut at their longest pause."""


class _Text(Protocol):
    @property
    def text(self) -> str: ...


class Recognizer(Protocol):
    """What it takes: the service's own recogniser fits (agent.speech.recognizer)."""

    async def hear(self, pcm: bytes, rate: int) -> _Text:
        """The words in 16-bit mono samples."""


@dataclass(frozen=True)
class Stretch:
    """Sound between two pauses; ``at`` seconds after the recording began."""

    at: float
    samples: Samples

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.samples.size / RATE


def sides(recording: Path) -> tuple[Samples, Samples]:
    """The caller's and the agent's side of a stereo recording."""
    with wave.open(str(recording)) as file:
        both = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    return both[:, 0].astype(np.int16), both[:, 1].astype(np.int16)


def stretches(samples: Samples, pause: float = 0.7) -> Iterator[Stretch]:
    """Cut at pauses of at least ``pause`` seconds; a little silence stays around each stretch."""
    packets = samples[: samples.size // PACKET * PACKET].reshape(-1, PACKET).astype(np.float64)
    loud = np.flatnonzero(np.sqrt((packets * packets).mean(axis=1)) >= AUDIBLE_RMS)
    if not loud.size:
        return
    gaps = np.flatnonzero(np.diff(loud) * PACKET_SECONDS > pause)
    starts = [int(loud[0]), *(int(loud[gap + 1]) for gap in gaps)]
    ends = [*(int(loud[gap]) for gap in gaps), int(loud[-1])]
    for first, last in zip(starts, ends, strict=True):
        begin = max(0, first - 10)
        part = samples[begin * PACKET : (last + 11) * PACKET]
        if part.size / RATE > LONGEST and pause > 0.2:
            for piece in stretches(part, pause / 2):
                yield Stretch(begin * PACKET_SECONDS + piece.at, piece.samples)
        else:
            yield Stretch(begin * PACKET_SECONDS, part)


async def listen(samples: Samples, recognizer: Recognizer) -> list[tuple[float, str]]:
    """What is heard, stretch by stretch, with the second it began at."""
    heard = []
    for stretch in stretches(samples):
        text = (await recognizer.hear(stretch.samples.astype("<i2").tobytes(), RATE)).text
        if text:
            heard.append((stretch.at, text))
    return heard


def understood(caption: str, heard: str) -> float:
    """0..1: how much of a caption's words can be found in what was heard, whatever their order."""
    return float(fuzz.token_set_ratio(_words(caption), _words(heard))) / 100


def _words(text: str) -> str:
    return "".join(char if char.isalnum() else " " for char in text.casefold())
