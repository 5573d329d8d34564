"""Sounds for the tests: telephone speech, noises, silence. All 8 kHz 16-bit mono PCM."""

from __future__ import annotations

import functools

import numpy as np
import soxr
from hibari import Hibari

RATE = 8000


@functools.cache
def _voice() -> Hibari:
    return Hibari(threads=1)


def mulaw(pcm: bytes) -> bytes:
    """There and back through G.711 mu-law (ITU-T G.711, continuous form): what a telephone leaves."""
    x = np.frombuffer(pcm, "<i2").astype(np.float64) / 32768
    y = np.sign(x) * np.log1p(255 * np.abs(x)) / np.log(256)
    y = np.round(y * 127) / 127
    x = np.sign(y) * (np.expm1(np.abs(y) * np.log(256))) / 255
    return (np.clip(x, -1, 1) * 32767).astype("<i2").tobytes()


@functools.cache
def telephone(text: str, speed: float = 1.0) -> bytes:
    """A sentence spoken into a telephone."""
    wave = soxr.resample(_voice()(text, speed=speed, seed=3), 24000, RATE)
    return mulaw((np.clip(wave * 1.6, -1, 1) * 32767).astype("<i2").tobytes())


def silence(seconds: float) -> bytes:
    return bytes(int(seconds * RATE) * 2)


def _pcm(wave: np.ndarray, peak: float) -> bytes:
    return (wave / np.abs(wave).max() * peak * 32767).astype("<i2").tobytes()


def noise(kind: str, seconds: float = 2.0, seed: int = 7) -> bytes:
    n = int(seconds * RATE)
    random = np.random.default_rng(seed)
    ticks = np.arange(n) / RATE
    if kind == "line hiss":
        return _pcm(random.normal(size=n), 0.02)
    if kind == "loud white":
        return _pcm(random.normal(size=n), 0.3)
    if kind == "pink":
        spectrum = np.fft.rfft(random.normal(size=n))
        spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
        return _pcm(np.fft.irfft(spectrum, n), 0.4)
    if kind == "hum":
        return _pcm(np.sin(2 * np.pi * 60 * ticks), 0.2)
    if kind == "tone":
        return _pcm(np.sin(2 * np.pi * 440 * ticks), 0.2)
    if kind == "key press":
        return _pcm(np.sin(2 * np.pi * 770 * ticks) + np.sin(2 * np.pi * 1336 * ticks), 0.3)
    if kind == "clicks":
        wave = np.zeros(n)
        wave[:: RATE // 4] = 1
        return _pcm(np.convolve(wave, random.normal(size=60), "same"), 0.4)
    if kind == "hold music":
        wave = sum(np.sin(2 * np.pi * f * ticks) / k for k, f in enumerate((220, 277, 330, 440), 1))
        return _pcm(wave * (0.6 + 0.4 * np.sign(np.sin(2 * np.pi * 2 * ticks))), 0.25)
    raise ValueError(kind)
