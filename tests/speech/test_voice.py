"""The embedded voice: cached, shared, trimmed, and never waiting on the event loop."""

from __future__ import annotations

import asyncio
import time

import numpy as np
import pytest
from pipecat.frames.frames import TTSAudioRawFrame, TTSSpeakFrame, TTSStoppedFrame, TTSTextFrame
from pipecat.tests.utils import run_test

from agent.speech.cache import PcmCache
from agent.speech.tts import EmbeddedTTSService
from agent.speech.voice import Voice

pytestmark = pytest.mark.speech

OPENING = "This call is recorded to set up your account."


@pytest.fixture(scope="module")
def loaded():
    voice = Voice(workers=2)
    voice.load()
    voice.warm()
    yield voice
    voice.close()


@pytest.fixture
def voice(loaded):
    """The loaded engine with an empty cache."""
    loaded.cache = PcmCache()
    return loaded


async def said(voice: Voice, text: str, **kw) -> list[bytes]:
    return [pcm async for pcm in voice.speak(text, rate=8000, **kw)]


async def test_a_cached_phrase_is_bit_identical_and_much_faster(voice):
    began = time.perf_counter()
    fresh = await said(voice, OPENING)
    making = time.perf_counter() - began
    began = time.perf_counter()
    again = await said(voice, OPENING)
    playing = time.perf_counter() - began
    assert again == fresh and voice.cache.tally.hits == 1
    assert playing < 0.005 < making
    voice.cache = PcmCache()
    assert await said(voice, OPENING) == fresh, "made again from nothing it is the same phrase"


async def test_speed_and_rate_are_different_phrases(voice):
    (plain,) = await said(voice, OPENING)
    (fast,) = await said(voice, OPENING, speed=1.3)
    wide = await voice.sentence(OPENING, rate=16000)
    assert len(fast) < 0.92 * len(plain)
    assert len(wide) == pytest.approx(2 * len(plain), abs=8)


async def test_silence_around_a_sentence_is_cut_and_the_level_is_a_telephones(voice):
    (pcm,) = await said(voice, OPENING)
    wave = np.frombuffer(pcm, "<i2") / 32768
    heard = np.flatnonzero(np.abs(wave) > 0.02)
    assert heard[0] / 8000 < 0.06
    assert (len(wave) - heard[-1]) / 8000 < 0.3
    loudness = 20 * np.log10(np.sqrt(np.mean(np.square(wave))))
    assert -26 < loudness < -17 and np.abs(wave).max() < 0.99


async def test_calls_that_want_the_same_phrase_at_once_share_the_work(voice):
    before = voice.tally.phrases
    pieces = await asyncio.gather(*(voice.sentence(OPENING, rate=8000) for _ in range(10)))
    assert len(set(pieces)) == 1 and voice.tally.phrases - before == 1


async def test_one_caller_hanging_up_does_not_take_the_phrase_from_another(voice):
    first = asyncio.create_task(voice.sentence(OPENING, rate=8000))
    second = asyncio.create_task(voice.sentence(OPENING, rate=8000))
    await asyncio.sleep(0)
    first.cancel()
    assert await second


async def test_priming_makes_each_sentence_once(voice):
    assert await voice.prime([OPENING, f"{OPENING} Shall we begin?"], rate=8000) == 2
    assert await voice.prime([OPENING], rate=8000) == 0


async def test_the_loop_runs_on_while_speaking(voice):
    worst, stop = 0.0, asyncio.Event()

    async def heartbeat():
        nonlocal worst
        while not stop.is_set():
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            worst = max(worst, time.perf_counter() - before - 0.005)

    beat = asyncio.create_task(heartbeat())
    await said(
        voice, "A first sentence of some length for the engine. And a second one, just as long as that."
    )
    stop.set()
    await beat
    assert worst < 0.05


def fundamental(pcm: bytes) -> float:
    """Median pitch in Hz by autocorrelation of voiced 40 ms frames."""
    wave = np.frombuffer(pcm, "<i2").astype(float)
    found = []
    for at in range(0, len(wave) - 640, 320):
        frame = wave[at : at + 640] - wave[at : at + 640].mean()
        around = np.correlate(frame, frame, "full")[639:]
        lag = 27 + int(np.argmax(around[27:115]))  # 70 to 300 Hz at 8 kHz
        if around[0] > 1e7 and around[lag] > 0.5 * around[0]:
            found.append(8000 / lag)
    return float(np.median(found))


async def test_the_voices_are_audibly_different_people_who_are_understood(voice, recognizer):
    pitch = {}
    for name in ("elm", "oak", "heart", "wren"):
        pcm = await voice.sentence(OPENING, rate=8000, voice=name)
        pitch[name] = fundamental(pcm)
        assert "recorded to set up your account" in recognizer.hear_now(pcm, 8000).text
    assert list(pitch) == sorted(pitch, key=pitch.__getitem__)
    assert pitch["oak"] < 150 and pitch["heart"] > 165, "a man and a woman"


def test_a_letter_a_is_spoken_as_a_letter(voice):
    say = voice.synthesize
    letter = say("A as in Alpha.", speed=1.0, rate=8000)
    article = voice._ready()("A as in Alpha.", seed=20)
    assert abs(len(letter) / 2 / 8000 - len(article) / 24000) > 0.05


def test_the_cache_forgets_the_least_recently_used():
    cache = PcmCache(max_bytes=1000)
    for name in "abcd":
        cache.put((name, 1.0, 8000, name), bytes(250))
    assert cache.get(("a", 1.0, 8000, "a"))
    cache.put(("e", 1.0, 8000, "e"), bytes(250))
    assert ("a", 1.0, 8000, "a") in cache and ("b", 1.0, 8000, "b") not in cache
    assert cache.bytes == 1000 and cache.tally.evictions == 1
    cache.put(("big", 1.0, 8000, "big"), bytes(251))
    assert ("big", 1.0, 8000, "big") not in cache


async def test_the_service_speaks_the_spoken_form_and_keeps_the_written_one(voice):
    service = EmbeddedTTSService(voice, sample_rate=8000)
    down, _ = await run_test(service, frames_to_send=[TTSSpeakFrame("Call (303) 555-0142.")])
    (text,) = [f for f in down if isinstance(f, TTSTextFrame)]
    assert text.text == "Call (303) 555-0142."
    audio = b"".join(f.audio for f in down if isinstance(f, TTSAudioRawFrame))
    assert audio == await voice.sentence("Call 3 0 3, 5 5 5, 0 1 4 2.", rate=8000)
    assert any(isinstance(f, TTSStoppedFrame) for f in down)


def test_a_voice_that_would_be_a_download_is_refused(voice):
    with pytest.raises(ValueError, match="heart"):
        EmbeddedTTSService(voice, voice_id="emma")
