"""A call as a stereo WAV: the caller on the left, the agent on the right."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from simulate.sound import RATE, from_mulaw


class StereoRecording:
    """Writes one 20 ms packet of either side at a time; both sides stay aligned to the sample."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = wave.open(str(path), "wb")  # noqa: SIM115 - open as long as the call
        self._file.setnchannels(2)
        self._file.setsampwidth(2)
        self._file.setframerate(RATE)

    def add(self, caller: bytes, agent: bytes) -> None:
        """One packet of mu-law from each side, of the same length."""
        both = np.stack([from_mulaw(caller), from_mulaw(agent)], axis=1)
        self._file.writeframes(both.tobytes())

    def close(self) -> None:
        """Finish the file; safe to call twice."""
        self._file.close()
