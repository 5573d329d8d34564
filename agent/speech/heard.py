"""What was heard: a window as decoded, an utterance as understood, how sure it must be; and their counts."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guards:
    """Thresholds on mean log probability per token and Whisper's no-speech probability.

    Measured on 8 kHz mu-law: speech scores -0.1 to -1.1, mumbled addresses down to -1.9, single words out
    of nothing ("one", "eight") down to -2.12; white and pink noise, hum, tones, clicks and music -2.2 to
    -8. tiny.en makes up whole sentences on noise from -1.6 on, but with a no-speech probability above
    0.6. In doubt words are let through with their low confidence: to ask again at once is better than to
    wait in silence.
    """

    quiet_dbfs: float = -52.0
    shortest_speech: float = 0.06
    unlikely: float = -2.15
    no_speech: float = 0.6
    doubtful: float = -1.5
    doubted: float = -0.8
    """Below this a transcript made with a vocabulary is checked against one made without."""
    brief: float = -1.3
    brief_no_speech: float = 0.15
    """One to three words as sure as this, and so unlike noise, are believed though nothing is made of them
    without the vocabulary ("two" by itself is "see you", "none" is "no"). Noise recites with a no-speech
    probability of 0.24 and more.
    """
    foreign: float = 0.8
    foreign_seconds: float = 1.8
    """Share of another language's probability from which it is taken to be spoken, and how long the sound
    must be with the line around it. Measured: 0.81 to 1.0 on Spanish, 0.0 to 0.25 on English with Spanish
    names and speakers, but 0.98 on "soon" by itself (1.7 s); "sí", "no" and "dos" sound English. What is
    so short stays in the language so far.
    """


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the decoder made of a window: text, mean log probability, no-speech probability."""

    text: str
    score: float
    no_speech: float

    @property
    def confidence(self) -> float:
        """Geometric mean of the token probabilities."""
        return math.exp(min(0.0, self.score))


@dataclass(frozen=True, slots=True)
class Heard:
    """One utterance as understood.

    ``confidence`` 0..1 is the geometric mean token probability (with that of the least sure word, where
    a name was expected). ``dropped`` says why there is no text (``silence``, ``noise``, ``loop``). ``ms`` is
    the time spent decoding, ``queued_ms`` before it.
    ``language`` is the one it was understood in ("" where nothing was).
    """

    text: str = ""
    confidence: float = 0.0
    ms: float = 0.0
    queued_ms: float = 0.0
    seconds: float = 0.0
    window: int = 0
    retried: bool = False
    dropped: str = ""
    language: str = ""


@dataclass(slots=True)
class Tally:
    """Counters of a process, for metrics."""

    decodes: int = 0
    audio_seconds: float = 0.0
    decode_seconds: float = 0.0
    retries: int = 0
    silences: int = 0
    noises: int = 0
    loops: int = 0
    waiting: int = 0
