import warnings
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulate.recording import StereoRecording
from simulate.sound import (
    PACKET,
    SILENCE,
    Clip,
    audible,
    from_mulaw,
    rms,
    telephone,
    to_mulaw,
    tone,
    with_noise,
)


def test_every_mulaw_code_survives_a_round_trip() -> None:
    codes = bytes(range(256))
    again = to_mulaw(from_mulaw(codes))
    # 0x7F is the second zero of G.711: it comes back as the first
    assert [(a, b) for a, b in zip(codes, again, strict=True) if a != b] == [(0x7F, 0xFF)]


def test_mulaw_decodes_as_the_standard_library_does() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        audioop = pytest.importorskip("audioop")  # leaves with Python 3.13
    codes = bytes(range(256))
    assert from_mulaw(codes).astype("<i2").tobytes() == audioop.ulaw2lin(codes, 2)


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=400))
def test_mulaw_error_stays_within_half_a_step(values: list[int]) -> None:
    samples = np.array(values, dtype=np.int16)
    clipped = np.clip(samples.astype(int), -32635, 32635)
    error = np.abs(from_mulaw(to_mulaw(samples)).astype(int) - clipped)
    step = 2.0 ** (np.floor(np.log2(np.minimum(np.abs(clipped), 32635) + 132)) - 4)
    assert np.all(error <= np.maximum(step / 2, 4) + 1)


def test_loud_packets_are_judged_before_noise() -> None:
    speech = np.concatenate([tone(0.1), np.zeros(4 * PACKET, np.int16)])
    clip = Clip.of(speech, "x", snr_db=5)
    assert clip.loud == (True,) * 5 + (False,) * 4
    assert all(audible(packet) for packet in clip.packets)


def test_noise_has_the_level_asked_for() -> None:
    speech = tone(2.0)
    noise = with_noise(speech, 15, seed=1).astype(int) - speech
    assert 20 * np.log10(rms(speech) / rms(noise.astype(np.int16))) == pytest.approx(15, abs=0.3)
    assert np.array_equal(with_noise(speech, 15, seed=1), with_noise(speech, 15, seed=1))


def test_telephone_keeps_the_voice_band_and_trims_the_ends() -> None:
    rate = 22050
    at = np.arange(rate) / rate
    wave_ = (np.sin(2 * np.pi * 1000 * at) + np.sin(2 * np.pi * 100 * at)) * 8000
    studio = np.concatenate([np.zeros(rate), wave_, np.zeros(rate)]).astype(np.int16)
    heard = telephone(studio, rate)
    assert 1.0 <= heard.size / 8000 <= 1.2
    spectrum = np.abs(np.fft.rfft(heard.astype(float)))
    hertz = np.fft.rfftfreq(heard.size, 1 / 8000)
    assert spectrum[hertz < 200].max() < spectrum.max() / 20


def test_recording_keeps_caller_left_and_agent_right(tmp_path) -> None:
    recording = StereoRecording(tmp_path / "deep" / "call.wav")
    recording.add(to_mulaw(tone(0.02)), SILENCE)
    recording.add(SILENCE, to_mulaw(tone(0.02)))
    recording.close()
    with wave.open(str(tmp_path / "deep" / "call.wav")) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 8000, 320)
        both = np.frombuffer(file.readframes(320), dtype="<i2").reshape(-1, 2)
    assert rms(both[:160, 0]) > 1000 and rms(both[160:, 0]) == 0
    assert rms(both[:160, 1]) == 0 and rms(both[160:, 1]) > 1000
