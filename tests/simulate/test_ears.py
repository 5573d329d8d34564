from pathlib import Path

import numpy as np
import pytest

from agent.speech.recognizer import Recognizer
from simulate.ears import listen, sides, stretches, understood
from simulate.recording import StereoRecording
from simulate.sound import PACKET, SILENCE, Clip, to_mulaw, tone
from simulate.voice import PiperVoice
from tests.speech.conftest import model_cache


def quiet(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * 8000), dtype=np.int16)


def test_speech_is_cut_at_its_pauses_and_nowhere_else() -> None:
    sound = [quiet(1), tone(2), quiet(0.3), tone(1), quiet(1.5), tone(0.5), quiet(1)]
    found = list(stretches(np.concatenate(sound)))
    assert [round(stretch.at, 1) for stretch in found] == [0.8, 5.6]
    assert [round(stretch.seconds, 1) for stretch in found] == [3.7, 0.9]
    assert list(stretches(quiet(2))) == []


def test_a_long_stretch_is_cut_at_a_shorter_pause() -> None:
    long = np.concatenate([tone(14), quiet(0.5), tone(14)])
    assert [round(stretch.seconds) for stretch in stretches(long)] == [14, 14]


def test_how_much_was_understood_is_about_words() -> None:
    assert understood("Which states do you work in?", "which states, do you work in") == 1.0
    assert understood("Which states do you work in?", "good evening") < 0.5


@pytest.mark.speech
async def test_what_was_played_to_the_caller_can_be_understood(tmp_path: Path) -> None:
    text = "Good morning. Which states do you work in?"
    voice, recognizer = PiperVoice(tmp_path), Recognizer(model_cache(), model="base", workers=1)
    recording = StereoRecording(tmp_path / "call.wav")
    try:
        clip: Clip = await voice.clip(text)
        for packet in (SILENCE,) * 20 + clip.packets + (SILENCE,) * 40:
            recording.add(to_mulaw(tone(PACKET / 8000)), packet)
        recording.close()
        recognizer.load()
        caller, agent = sides(tmp_path / "call.wav")
        heard = await listen(agent, recognizer)
        assert caller.size == agent.size
        assert understood(text, " ".join(words for _, words in heard)) > 0.85
    finally:
        await voice.close()
        recognizer.close()
