"""Speech to text: one shared Whisper, decoding short windows instead of Whisper's fixed 30 seconds.

Cutting the encoder's window to the speech (10 s and up) costs a third to a fifth of the CPU for one
to two points of word error rate, which is what makes several calls on one core possible. Shorter than
10 s the decoder falls into loops. The rest of this module is guards: against loops, against
words made up out of noise, against an answer cut off by the token limit.
"""

from __future__ import annotations

import asyncio
import math
import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import soxr
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from loguru import logger

from agent.speech.heard import Decoded, Guards, Heard, Tally
from agent.speech.loops import only_from, repeats, unlooped
from agent.speech.samples import Samples, loud_seconds, split_long
from agent.speech.weights import WhisperSize, whisper_dir

ModelChoice = Literal["auto", "base", "tiny.en"]

MODEL_RATE = 16_000
_FRAMES_PER_SECOND = 100
_WINDOWS = (10, 15, 20, 25, 30)
_LONGEST = 30.0
_TAIL = 0.5
"""Seconds of silence after the last sample: an abrupt end costs the last word."""
_PROMPT_TOKENS = 96
_TOKENS_PER_10_S = 64
_SENTENCE_TOKENS = 12
_TOKEN_CEILING = 448
"""Whisper's text context."""
_BRIEF_WORDS, _BRIEF_CONFIDENCE = 3, 0.45
"""What is believed without a second witness is so unsure that it is read back."""


class Recognizer:
    """The process's speech recogniser. Thread-safe; ``hear`` may be called from any number of calls.

    ``workers`` decodes run at once, one core each; more wait their turn in order of arrival.
    """

    def __init__(
        self,
        cache_dir: Path,
        *,
        model: ModelChoice = "auto",
        workers: int | None = None,
        slow_ms: float = 700.0,
        guards: Guards | None = None,
    ):
        self.choice: ModelChoice = model
        self.model_name: WhisperSize | None = None
        self.workers = workers or max(1, min(4, os.cpu_count() or 1))
        self.tally = Tally()
        self.measured_ms = 0.0
        """Decoding time of a short sentence on this host, unloaded (set by ``warm``)."""
        self._cache_dir = cache_dir
        self._slow_ms = slow_ms
        self._guards = guards or Guards()
        self._model: WhisperModel | None = None
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="hear")
        self._lock = threading.Lock()
        self._prompts: dict[tuple[str, ...], list[int]] = {}

    # -- life --------------------------------------------------------------------------------

    def load(self) -> None:
        """Load the model (seconds; call it off the event loop). Raises ``WeightsError``."""
        self._load("tiny.en" if self.choice == "tiny.en" else "base")

    def _load(self, size: WhisperSize) -> None:
        directory = whisper_dir(size, self._cache_dir)
        self._model = WhisperModel(
            str(directory), device="cpu", compute_type="int8", cpu_threads=1, num_workers=self.workers
        )
        self.model_name = size
        self._prompts.clear()

    def warm(self) -> None:
        """Decode once so that the first caller does not pay for it, and measure this host.

        With model ``auto`` a host that needs longer than ``slow_ms`` for a short sentence gets
        tiny.en instead of base: half the time for some five points of word error rate.
        """
        self.measured_ms = self._measure()
        if self.choice == "auto" and self.model_name == "base" and self.measured_ms > self._slow_ms:
            logger.warning("slow host: {:.0f} ms a sentence, changing to tiny.en", self.measured_ms)
            self._load("tiny.en")
            self.measured_ms = self._measure()

    def _measure(self) -> float:
        """Best of three, because other processes can only make it slower."""
        ticks = np.arange(2 * MODEL_RATE) / MODEL_RATE
        hum: Samples = (0.2 * np.sin(2 * np.pi * 180 * ticks) * np.sin(2 * np.pi * 3 * ticks)).astype(
            np.float32
        )
        took = []
        for _ in range(3):
            began = time.perf_counter()
            self._decode(self._encode(hum, 10), [], _SENTENCE_TOKENS, "en", extend=False)
            took.append((time.perf_counter() - began) * 1000)
        return min(took)

    @property
    def p99_seconds(self) -> float:
        """End of speech to transcript, with a margin for queueing: what turn taking may wait for."""
        return max(0.6, 4 * self.measured_ms / 1000)

    @property
    def idle(self) -> bool:
        """Whether work that may turn out to be useless would delay nobody."""
        return self.tally.waiting < self.workers

    def speaks(self, language: str) -> bool:
        """Whether the loaded model understands an ISO 639-1 language."""
        return language == "en" or (self._model is not None and bool(self._model.model.is_multilingual))

    def close(self) -> None:
        """Stop the threads; decodes that wait are dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._model = None

    # -- hearing -----------------------------------------------------------------------------

    async def hear(
        self,
        pcm: bytes,
        rate: int,
        *,
        words: Sequence[str] = (),
        language: str = "en",
        others: Sequence[str] = (),
        careful: bool = False,
    ) -> Heard:
        """Transcribe 16-bit mono PCM at 8000 or 16000 Hz, off the event loop.

        ``words`` bias the decoder (names, choices of the question being asked; most likely first).
        ``others`` are languages that may be spoken instead; told to expect English, the model would
        translate Spanish, and nobody would know that it was spoken. ``careful``: a name is expected, and
        the result is as sure as its least sure word (see ``_least_sure``).
        """
        asked = time.perf_counter()
        self.tally.waiting += 1
        decode = partial(
            self.hear_now,
            pcm,
            rate,
            words=words,
            language=language,
            others=others,
            careful=careful,
            asked=asked,
        )
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, decode)
        finally:
            self.tally.waiting -= 1

    def hear_now(
        self,
        pcm: bytes,
        rate: int,
        *,
        words: Sequence[str] = (),
        language: str = "en",
        others: Sequence[str] = (),
        careful: bool = False,
        asked: float | None = None,
    ) -> Heard:
        """``hear`` in the calling thread."""
        began = time.perf_counter()
        audio = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768.0
        seconds = len(audio) / rate
        may_be = tuple(one for one in others if one != language and self.speaks(one))
        heard = self._hear(audio, rate, tuple(words), language, may_be, careful)
        done = time.perf_counter()
        self._count(heard, seconds, done - began)
        return Heard(
            text=heard.text,
            confidence=heard.confidence,
            ms=(done - began) * 1000,
            queued_ms=(began - (asked or began)) * 1000,
            seconds=seconds,
            window=heard.window,
            retried=heard.retried,
            dropped=heard.dropped,
            language=heard.language,
        )

    def _count(self, heard: Heard, seconds: float, took: float) -> None:
        with self._lock:
            self.tally.decodes += 1
            self.tally.audio_seconds += seconds
            self.tally.decode_seconds += took
            self.tally.retries += heard.retried
            self.tally.silences += heard.dropped == "silence"
            self.tally.noises += heard.dropped == "noise"
            self.tally.loops += heard.dropped == "loop"

    def _hear(
        self,
        audio: Samples,
        rate: int,
        words: tuple[str, ...],
        language: str,
        others: tuple[str, ...],
        careful: bool = False,
    ) -> Heard:
        if loud_seconds(audio, rate, self._guards.quiet_dbfs) < self._guards.shortest_speech:
            return Heard(dropped="silence")
        if rate != MODEL_RATE:
            audio = soxr.resample(audio, rate, MODEL_RATE, quality="HQ")
        parts = [
            self._hear_part(part, words, language, others, careful)
            for part in split_long(audio, MODEL_RATE, _LONGEST - _TAIL)
        ]
        said = [part for part in parts if part.text]
        if not said:
            return parts[0]
        return Heard(
            text=" ".join(part.text for part in said),
            confidence=min(part.confidence for part in said),
            window=max(part.window for part in parts),
            retried=any(part.retried for part in parts),
            language=said[-1].language,
        )

    def _hear_part(
        self,
        audio: Samples,
        words: tuple[str, ...],
        language: str,
        others: tuple[str, ...],
        careful: bool = False,
    ) -> Heard:
        """At most 30 s: decode, and decode again in a larger window when the result is a loop."""
        window = next((w for w in _WINDOWS if w >= len(audio) / MODEL_RATE + _TAIL), _WINDOWS[-1])
        encoded = self._encode(audio, window)
        spoken = self._language(encoded, audio, language, others)
        # what is expected is expected in the language that was spoken so far
        prompt = self._prompt(words) if spoken == language else []
        heard = replace(self._understood(audio, window, encoded, prompt, words, spoken), language=spoken)
        if careful and heard.text:
            least = self._least_sure(encoded, heard.text, len(audio), spoken)
            heard = replace(heard, confidence=math.sqrt(heard.confidence * least))
        return heard

    def _least_sure(self, encoded: Any, text: str, samples: int, language: str) -> float:
        """The probability 0..1 of the least likely word, each as unlikely as its least likely piece.

        Over a whole sentence a wrong name hides behind "my name is". Of 640 names said by four voices, 43 in
        a hundred arrived; the geometric mean of both was below 0.6 for 87 % of the wrong ones and 31 % of the
        right ones, that of the sentence alone for 64 % and 21 %, and below 0.7 for 79 % and 31 %.
        """
        tokenizer = self._tokenizer(language)
        pieces = tokenizer.encode(" " + text)
        if not pieces:
            return 0.0
        frames = min(samples * _FRAMES_PER_SECOND // MODEL_RATE + 50, _FRAMES_PER_SECOND * 30)
        found = self._ready().model.align(encoded, tokenizer.sot_sequence, [pieces], frames)[0]
        likely = iter(found.text_token_probs)
        words, parts = tokenizer.split_to_word_tokens([*pieces, tokenizer.eot])
        least = 1.0
        for word, part in zip(words, parts, strict=True):
            each = [p for _, p in zip(part, likely, strict=False)]
            if each and any(c.isalnum() for c in word):
                least = min(least, *each)
        return least

    def _understood(
        self,
        audio: Samples,
        window: int,
        encoded: Any,
        prompt: list[int],
        words: tuple[str, ...],
        language: str,
    ) -> Heard:
        said = self._decode(encoded, prompt, _limit(window), language)
        if repeats(said.text):
            return self._hear_loop(audio, window, said, language)
        if not self._likely(said):
            return Heard(window=window, dropped="noise")
        if prompt and (said.score < self._guards.doubted or only_from(said.text, words)):
            # On a noisy line a biased decoder recites its vocabulary, or tells a story around it.
            plain = self._decode(encoded, [], _limit(window), language)
            if repeats(plain.text) or not self._likely(plain):
                if not self._brief(said):
                    return Heard(window=window, retried=True, dropped="noise")
                return Heard(said.text, min(said.confidence, _BRIEF_CONFIDENCE), window=window, retried=True)
        return Heard(text=said.text, confidence=said.confidence, window=window)

    def _hear_loop(self, audio: Samples, window: int, loop: Decoded, language: str) -> Heard:
        if loop.no_speech > self._guards.no_speech:
            return Heard(window=window, dropped="noise")
        window = min(_WINDOWS[-1], max(15, window + 5))
        said = self._decode(self._encode(audio, window), [], _limit(window), language)
        if repeats(said.text):
            text = unlooped(said.text)
            if said.no_speech > self._guards.no_speech / 2 or len(text.split()) < 2:
                return Heard(window=window, retried=True, dropped="loop")
            said = Decoded(text, min(said.score, self._guards.doubtful), said.no_speech)
        if not self._likely(said):
            return Heard(window=window, retried=True, dropped="noise")
        return Heard(text=said.text, confidence=said.confidence, window=window, retried=True)

    def _likely(self, said: Decoded) -> bool:
        if not any(c.isalnum() for c in said.text) or said.score < self._guards.unlikely:
            return False
        return said.no_speech <= self._guards.no_speech or said.score >= self._guards.doubtful

    def _brief(self, said: Decoded) -> bool:
        """Whether a word or two are sure enough to stand by themselves; loops and recitals are longer."""
        sure = said.score >= self._guards.brief and said.no_speech <= self._guards.brief_no_speech
        return sure and len(said.text.split()) <= _BRIEF_WORDS

    def _language(self, encoded: Any, audio: Samples, language: str, others: tuple[str, ...]) -> str:
        """The language that is spoken; the expected one in doubt."""
        if not others or len(audio) < self._guards.foreign_seconds * MODEL_RATE:
            return language
        found = dict(self._ready().model.detect_language(encoded)[0])
        expected = found.get(f"<|{language}|>", 0.0)
        other = max(others, key=lambda one: found.get(f"<|{one}|>", 0.0))
        likely = found.get(f"<|{other}|>", 0.0)
        return other if likely >= self._guards.foreign * max(1e-9, likely + expected) else language

    # -- the model ---------------------------------------------------------------------------

    def _encode(self, audio: Samples, window: int) -> Any:
        """The encoder's output for at most ``window`` seconds; decoding again is the cheap part."""
        model = self._ready()
        frames = window * _FRAMES_PER_SECOND
        tail = np.zeros(int(_TAIL * MODEL_RATE), np.float32)
        mel = model.feature_extractor(np.concatenate([audio, tail]))[:, :frames]
        return model.encode(pad_or_trim(mel, frames))

    def _decode(
        self, encoded: Any, prompt: list[int], limit: int, language: str, *, extend: bool = True
    ) -> Decoded:
        model, tokenizer = self._ready(), self._tokenizer(language)
        tokens = model.get_prompt(tokenizer, prompt, without_timestamps=True)
        budget = limit
        while True:
            result = model.model.generate(
                encoded,
                [tokens],
                beam_size=1,
                # the engine lets new tokens fill at most half of max_length, and no more than fits
                max_length=min(_TOKEN_CEILING, max(2 * budget, budget + len(tokens))),
                suppress_blank=True,
                suppress_tokens=[-1],
                return_scores=True,
                return_no_speech_prob=True,
            )[0]
            ids = result.sequences_ids[0]
            said = Decoded(
                tokenizer.decode(ids).strip(), float(result.scores[0]), float(result.no_speech_prob)
            )
            whole = len(ids) < budget or 2 * budget >= _TOKEN_CEILING
            if whole or not extend or repeats(said.text) or said.no_speech > self._guards.no_speech:
                return said
            budget *= 2  # cut off by the limit, yet no loop: somebody who speaks fast

    def _ready(self) -> WhisperModel:
        if self._model is None:
            raise RuntimeError("the recogniser is not loaded")
        return self._model

    def _tokenizer(self, language: str) -> Tokenizer:
        model = self._ready()
        return Tokenizer(
            model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language
        )

    def _prompt(self, words: tuple[str, ...]) -> list[int]:
        """The vocabulary as text that might have come before, most likely words kept when too many."""
        if not words:
            return []
        known = self._prompts.get(words)
        if known is None:
            tokenizer = self._tokenizer("en")
            kept: list[str] = []
            known = []
            for word in dict.fromkeys(w.strip() for w in words if w.strip()):
                longer = tokenizer.encode(" " + ", ".join([*kept, word]) + ".")
                if len(longer) > _PROMPT_TOKENS:
                    break
                kept.append(word)
                known = longer
            with self._lock:
                if len(self._prompts) > 256:
                    self._prompts.clear()
                self._prompts[words] = known
        return known


def _limit(window: int) -> int:
    return _TOKENS_PER_10_S * window // 10
