"""What is heard over a telephone, and what is not made up out of noise."""

from __future__ import annotations

import asyncio
import re
import time

import numpy as np
import pytest
import soxr

from agent.speech.heard import Decoded
from agent.speech.recognizer import Recognizer
from agent.speech.samples import loud_seconds, split_long
from agent.speech.stt import SPELLING
from tests.speech.audio import RATE, noise, silence, telephone

pytestmark = pytest.mark.speech

SENTENCES = [
    "Hi, I would like to set up an account for my brokerage.",
    "It's 3 0 3, 5 5 5, 0 1 4 2.",
    "We have about twelve agents in Denver, Colorado.",
    "Yes, that is correct.",
    "The professional plan, please.",
    "We are open from nine to five, Monday through Friday.",
]


def words(text: str) -> list[str]:
    digits = re.sub(r"(?<=\d)[-, ]+(?=\d)", "", text.lower())
    names = {"9": "nine", "5": "five", "12": "twelve"}
    return [names.get(w, w) for w in re.findall(r"[a-z0-9']+", digits)]


def errors(heard: list[str], said: list[str]) -> int:
    row = list(range(len(said) + 1))
    for i, h in enumerate(heard, 1):
        left, row[0] = row[0], i
        for j, s in enumerate(said, 1):
            left, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, left + (h != s))
    return row[-1]


def test_telephone_speech_within_the_word_error_bound(recognizer):
    wrong = total = 0
    for sentence in SENTENCES:
        heard = recognizer.hear_now(telephone(sentence), RATE)
        assert heard.window == 10
        wrong += errors(words(heard.text), words(sentence))
        total += len(words(sentence))
    assert wrong / total <= 0.12, (wrong, total)


def test_sixteen_kilohertz_is_heard_too(recognizer):
    narrow = np.frombuffer(telephone(SENTENCES[2]), "<i2").astype(np.float32)
    wide = soxr.resample(narrow, RATE, 16000).astype("<i2").tobytes()
    assert "denver, colorado" in recognizer.hear_now(wide, 16000).text.lower()


@pytest.mark.parametrize(
    "kind", ["line hiss", "loud white", "pink", "hum", "tone", "key press", "clicks", "hold music"]
)
@pytest.mark.parametrize("vocabulary", [(), ("Follow Up Boss", "kvCORE")])
def test_noise_is_not_words(recognizer, kind, vocabulary):
    heard = recognizer.hear_now(noise(kind), RATE, words=vocabulary)
    assert (heard.text, heard.dropped in ("noise", "loop", "silence")) == ("", True)


def test_silence_is_not_even_decoded(recognizer):
    before = recognizer.tally.decode_seconds
    assert recognizer.hear_now(silence(2), RATE).dropped == "silence"
    assert recognizer.tally.decode_seconds - before < 0.02


def test_vocabulary_changes_what_a_crm_is_called(recognizer):
    audio = telephone("We use Follow Up Boss and kvCORE.")
    plain = recognizer.hear_now(audio, RATE).text
    biased = recognizer.hear_now(audio, RATE, words=("Follow Up Boss", "kvCORE", "BoldTrail")).text
    assert "Follow Up Boss" not in plain or "kvCORE" not in plain
    assert "Follow Up Boss" in biased and "kvCORE" in biased


def test_letters_are_letters_when_spelling_is_expected(recognizer):
    audio = telephone("N as in Nancy, G as in George, U, Y, E, N.")
    assert "N as in Nancy" not in recognizer.hear_now(audio, RATE).text
    assert recognizer.hear_now(audio, RATE, words=SPELLING).text.startswith("N as in Nancy, G as in George")
    number = recognizer.hear_now(telephone("3 0 3, 5 5 5, 0 1 4 2."), RATE, words=SPELLING)
    assert "".join(c for c in number.text if c.isdigit()) == "3035550142"


def test_an_answer_made_of_vocabulary_only_is_still_heard(recognizer):
    heard = recognizer.hear_now(telephone("Follow Up Boss."), RATE, words=("Follow Up Boss", "kvCORE"))
    assert heard.text.rstrip(".") == "Follow Up Boss"


def test_where_a_name_is_expected_one_unsure_word_counts(recognizer):
    audio = telephone("We have about twelve agents in Denver, Colorado.")
    plain, careful = (recognizer.hear_now(audio, RATE, careful=c) for c in (False, True))
    assert careful.text == plain.text and 0 < careful.confidence <= plain.confidence
    wide = soxr.resample(np.frombuffer(audio, "<i2").astype(np.float32) / 32768, RATE, 16000)
    encoded = recognizer._encode(wide, 10)
    sure, other = (
        recognizer._least_sure(encoded, text, len(wide), "en")
        for text in (plain.text, plain.text.replace("Denver", "Durham"))
    )
    assert "Denver" in plain.text and sure > 0.5 > 0.05 > other


def test_longer_speech_gets_a_larger_window_and_very_long_speech_is_split(recognizer):
    twelve = telephone(SENTENCES[0]) + telephone(SENTENCES[2]) + telephone(SENTENCES[5])
    assert recognizer.hear_now(twelve, RATE).window in (15, 20)
    forty = twelve * 4
    heard = recognizer.hear_now(forty, RATE)
    assert heard.seconds > 30 and heard.text.lower().count("denver") == 4


def test_split_cuts_in_the_silence():
    loud = np.ones(8000 * 24, np.float32)
    audio = np.concatenate([loud, np.zeros(4000, np.float32), loud])
    first, second = split_long(audio, 8000, longest=29.5)
    assert 24.0 <= len(first) / 8000 <= 24.5
    assert len(first) + len(second) == len(audio)
    assert loud_seconds(first, 8000, -40) == pytest.approx(24.0, abs=0.05)


class Looping(Recognizer):
    """A recogniser whose model loops until it is given a larger window."""

    def __init__(self, base, *, until, no_speech=0.1):
        self.__dict__.update(base.__dict__)
        self.until, self.no_speech, self.windows = until, no_speech, []

    def _encode(self, audio, window):
        self.window = window

    def _decode(self, encoded, prompt, limit, language, *, extend=True):
        self.windows.append((self.window, bool(prompt)))
        if self.window < self.until:
            return Decoded("I said I said " * 20, -0.1, self.no_speech)
        return Decoded("My number is 5 5 5.", -0.2, self.no_speech)


def test_a_loop_is_decoded_again_in_a_larger_window_without_the_prompt(recognizer):
    looping = Looping(recognizer, until=15)
    heard = looping.hear_now(telephone("Yes."), RATE, words=("kvCORE",))
    assert looping.windows == [(10, True), (15, False)]
    assert heard.text == "My number is 5 5 5." and heard.retried


def test_a_loop_that_stays_is_said_once_with_little_confidence(recognizer):
    heard = Looping(recognizer, until=99).hear_now(telephone("Yes."), RATE)
    assert heard.text == "I said" and heard.confidence < 0.4


def test_a_loop_on_noise_is_nothing(recognizer):
    heard = Looping(recognizer, until=99, no_speech=0.9).hear_now(telephone("Yes."), RATE)
    assert (heard.text, heard.dropped) == ("", "noise")


async def test_the_event_loop_runs_on_while_decoding(recognizer):
    audio, worst, stop = telephone(SENTENCES[0]), 0.0, asyncio.Event()

    async def heartbeat():
        nonlocal worst
        while not stop.is_set():
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            worst = max(worst, time.perf_counter() - before - 0.005)

    beat = asyncio.create_task(heartbeat())
    heard = await asyncio.gather(*(recognizer.hear(audio, RATE) for _ in range(4)))
    stop.set()
    await beat
    assert all("brokerage" in h.text for h in heard)
    assert worst < 0.05, f"loop stood still for {worst * 1000:.0f} ms"
