"""Texts as whistles: how a measurement says any text without a recogniser (stub speech only).

Two steady tones above the voice, within telephone band, name the line of a list of texts. They survive
mu-law, pauses and a call that is cut in the middle of a word; nothing is passed beside the sound.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

LOW, HIGH = 3460.0, 3740.0
"""Hertz of the two tones for number 0; a voice on the telephone has little there."""
STEP = 12.0
DIGITS = 20
"""Values each tone can take: 400 texts."""
LOUDNESS = 700.0
THRESHOLD = 60.0

Samples = npt.NDArray[np.int16]


def put(voice: Samples, number: int, rate: int) -> Samples:
    """The voice (16-bit mono at ``rate`` Hz) with a whistle that says ``number`` (0..399)."""
    if not 0 <= number < DIGITS * DIGITS:
        raise ValueError("there is no whistle for that number")
    at = np.arange(voice.size) / rate
    tones = sum(np.sin(2 * np.pi * hertz * at) for hertz in _hertz(number))
    return np.clip(voice.astype(np.float64) * 0.7 + LOUDNESS * tones, -32768, 32767).astype(np.int16)


def read(samples: Samples, rate: int) -> int | None:
    """The number that was whistled, or None."""
    if samples.size < 0.25 * rate:
        return None
    turns = -2j * np.pi * np.arange(samples.size) / rate
    sound = samples.astype(np.float64)
    digits = []
    for base in (LOW, HIGH):
        loud = [abs(np.sum(sound * np.exp(turns * (base + STEP * n)))) / samples.size for n in range(DIGITS)]
        if max(loud) < THRESHOLD:
            return None
        digits.append(int(np.argmax(loud)))
    return digits[0] * DIGITS + digits[1]


def _hertz(number: int) -> tuple[float, float]:
    return LOW + STEP * (number // DIGITS), HIGH + STEP * (number % DIGITS)


class TextList:
    """The list both sides share: a JSON file the caller's side adds to and the stub recogniser reads."""

    def __init__(self, path: Path):
        self.path = path
        self._texts: list[str] = []

    def number(self, text: str) -> int:
        """The text's number; a new text is added."""
        if text not in self._texts:
            self._texts.append(text)
            part = self.path.with_suffix(".part")
            part.write_text(json.dumps(self._texts))
            part.replace(self.path)
        return self._texts.index(text)

    def text(self, number: int) -> str | None:
        """The text of a number; read again when it is not known yet."""
        if number >= len(self._texts):
            try:
                self._texts = json.loads(self.path.read_text())
            except (OSError, ValueError):
                return None
        return self._texts[number] if number < len(self._texts) else None
