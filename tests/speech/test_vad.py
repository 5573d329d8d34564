"""The inline detector decides as the stock one; the private parts it leans on are the known ones."""

from __future__ import annotations

import numpy as np
import pytest
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams

from agent.speech import patches
from agent.speech.judge import TurnJudge
from agent.speech.vad import VoiceActivity
from tests.speech.audio import RATE, noise, silence, telephone


def test_pipecat_is_the_one_the_patches_were_written_for():
    assert patches.changed() == [], "read agent/speech/patches.py against the new pipecat, then renew TOUCHED"


@pytest.fixture(scope="module")
def activity():
    activity = VoiceActivity()
    activity.load()
    activity.warm()
    return activity


def over_hiss(pcm: bytes) -> bytes:
    """A line that is never digitally silent."""
    hiss = np.frombuffer(noise("line hiss", len(pcm) / 2 / RATE + 1), "<i2")[: len(pcm) // 2]
    return np.clip(np.frombuffer(pcm, "<i2").astype(int) + hiss // 4, -32768, 32767).astype("<i2").tobytes()


async def states(detector, pcm):
    detector.set_sample_rate(RATE)
    return [await detector.analyze_audio(pcm[i : i + 320]) for i in range(0, len(pcm), 320)]


@pytest.mark.speech
async def test_inline_decides_as_stock_on_a_noisy_line(activity):
    quiet = silence(1)
    said = [
        telephone(t)
        for t in ("Hi, I would like to set up an account.", "Yes.", "The number is 3 0 3, 5 5 5.")
    ]
    pcm = over_hiss(quiet + said[0] + quiet * 3 + said[1] + noise("hold music", 3) + said[2] + quiet)
    detector = activity.detector()
    stock = await states(SileroVADAnalyzer(params=detector.params.model_copy(update={"min_volume": 0})), pcm)
    inline = await states(detector, pcm)
    assert inline == stock
    assert len(set(stock)) == 4, "the audio must exercise every state"


@pytest.mark.speech
async def test_digital_silence_is_not_scored_and_speech_after_it_is_found_as_early(activity):
    pcm = silence(5) + telephone("Yes, please.") + silence(3) + telephone("No.") + silence(1)
    detector = activity.detector()
    stock = await states(SileroVADAnalyzer(params=detector.params.model_copy(update={"min_volume": 0})), pcm)
    scored = 0
    model = detector._model
    run = model._session.run

    class Counting:
        def run(self, *args):
            nonlocal scored
            scored += 1
            return run(*args)

    model._session = Counting()
    inline = await states(detector, pcm)

    def starts(states):
        return [
            i
            for i in range(1, len(states))
            if states[i].name == "SPEAKING" and states[i - 1].name == "STARTING"
        ]

    assert len(starts(stock)) == 2
    assert all(mine <= theirs + 2 for mine, theirs in zip(starts(inline), starts(stock), strict=True))
    assert scored * 0.032 < len(pcm) / 16000 - 6


@pytest.mark.speech
@pytest.mark.parametrize("line", ["silent", "hissing"])
@pytest.mark.parametrize("word", ["Yes.", "No.", "Two.", "Yep."])
async def test_the_shortest_answers_are_heard_wherever_the_packets_fall(activity, word, line):
    """0.25 s of speech out of digital silence: stock parameters lose it, depending on the packets' phase."""
    said = np.frombuffer(telephone(word, 1.6), "<i2")
    loud = np.flatnonzero(np.abs(said) > 300)
    clip = said[loud[0] : loud[-1] + 1].tobytes()
    for phase in range(0, 640, 128):
        pcm = silence(0.6) + bytes(phase) + clip + silence(0.5)
        detector = activity.detector()
        detector.set_sample_rate(RATE)
        pcm = over_hiss(pcm) if line == "hissing" else pcm
        seen = [(await detector.analyze_audio(pcm[i : i + 640])).name for i in range(0, len(pcm), 640)]
        began = [n for n in range(1, len(seen)) if seen[n] == "SPEAKING" != seen[n - 1]]
        assert began and seen[-1] == "QUIET", phase


@pytest.mark.speech
@pytest.mark.parametrize("kind", ["line hiss", "pink", "hum", "tone", "key press", "clicks", "hold music"])
async def test_noises_are_not_speech(activity, kind):
    assert all(state.name != "SPEAKING" for state in await states(activity.detector(), noise(kind, 4)))


async def test_a_decision_inside_a_packet_is_not_lost_with_it(activity, monkeypatch):
    detector = activity.detector(params=VADParams(start_secs=0.064, stop_secs=0.2))
    detector.set_sample_rate(RATE)
    loud = noise("loud white", 0.032 * 4)
    scores = iter([0.9, 0.9, 0.1, 0.1])
    monkeypatch.setattr(detector, "voice_confidence", lambda buffer: next(scores))
    assert (await detector.analyze_audio(loud)).name == "SPEAKING"
    assert detector.stirring and not detector.voiced


@pytest.mark.speech
async def test_two_calls_share_weights_and_nothing_else(activity):
    one, two = activity.detector(), activity.detector()
    alone = await states(activity.detector(), telephone("Yes, please."))
    two.set_sample_rate(RATE)
    one.set_sample_rate(RATE)
    seen = []
    speech, other = telephone("Yes, please."), noise("loud white", 10)
    for i in range(0, len(speech), 320):
        seen.append(await one.analyze_audio(speech[i : i + 320]))
        await two.analyze_audio(other[i : i + 320])
    assert seen == alone


@pytest.mark.speech
async def test_the_judge_says_what_the_stock_analyzer_says():
    judge = TurnJudge()
    judge.load()
    judge.warm()
    stock = LocalSmartTurnAnalyzerV3()
    stock.set_sample_rate(RATE)
    whole = telephone("Hi, I would like to set up an account for my brokerage.")
    verdicts = []
    for pcm in (whole, whole[: len(whole) // 4], telephone("Well, my name is")):
        audio = np.frombuffer(pcm, "<i2").astype(np.float32) / 32768
        expected = stock._predict_endpoint(audio)["probability"]
        verdicts.append(await judge.finished(pcm, RATE))
        assert verdicts[-1] == pytest.approx(expected, abs=1e-5)
    assert verdicts[0] > 0.5
    judge.close()


def test_our_subclasses_hide_nothing_of_pipecats():
    """Private names of ours and of a base class must not meet; a new release may add one."""
    import inspect
    import re

    from agent.speech.barge_in import BargeIn, LineMute
    from agent.speech.end_of_turn import EndOfTurn
    from agent.speech.stt import EmbeddedSTTService
    from agent.speech.tts import EmbeddedTTSService

    def names(cls) -> set[str]:
        source = inspect.getsource(cls)
        return set(re.findall(r"self\.(_[a-z]\w*)", source)) | set(re.findall(r"def (_[a-z]\w*)", source))

    shared = {"_settings"}  # pipecat's own convention: a subclass narrows its type
    for cls in (EmbeddedSTTService, EmbeddedTTSService, BargeIn, EndOfTurn, LineMute):
        theirs = set().union(
            *(names(base) for base in cls.__mro__[1:] if base.__module__.startswith("pipecat"))
        )
        assert names(cls) & theirs <= shared, cls.__name__
