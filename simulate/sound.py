"""Telephone sound: mu-law at 8 kHz in 20 ms packets, and what is audible in it.

Samples are numpy int16 unless said otherwise. ``audioop`` is not used: it leaves the standard
library with Python 3.13.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import soxr
from numpy.typing import NDArray

RATE = 8000
"""Samples a second on the line."""
PACKET = 160
"""Samples (and mu-law bytes) in one packet."""
PACKET_SECONDS = PACKET / RATE
AUDIBLE_RMS = 200.0
"""A packet whose RMS reaches this (about -44 dBFS) counts as sound a person would hear."""
FAINT_RMS = 25.0
"""Below this there is nothing, not even the end of a consonant."""
SPEECH_RMS = 3300.0
"""Level speech is brought to: -20 dBFS, what a telephone delivers."""

Samples = NDArray[np.int16]

_BIAS = 0x84
_CLIP = 32635


def _decode_table() -> Samples:
    codes = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = (((codes & 0x0F) << 3) + _BIAS) << ((codes & 0x70) >> 4)
    return np.where(codes & 0x80, _BIAS - magnitude, magnitude - _BIAS).astype(np.int16)


def _encode_table() -> NDArray[np.uint8]:
    """Code of every 16-bit sample, indexed by ``sample + 32768``; 64 KiB, built once (ITU-T G.711)."""
    samples = np.arange(-32768, 32768, dtype=np.int32)
    sign = np.where(samples < 0, 0x80, 0)
    magnitude = np.minimum(np.abs(samples), _CLIP) + _BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)


_DECODE = _decode_table()
_ENCODE = _encode_table()
SILENCE = bytes([int(_ENCODE[32768])]) * PACKET
"""One packet of nothing."""


def to_mulaw(samples: Samples) -> bytes:
    """G.711 mu-law bytes, one a sample."""
    return bytes(_ENCODE[samples.astype(np.int32) + 32768].tobytes())


def from_mulaw(data: bytes) -> Samples:
    """Samples of mu-law bytes."""
    return _DECODE[np.frombuffer(data, dtype=np.uint8)]


def rms(samples: Samples) -> float:
    """Root mean square; 0.0 for nothing."""
    if not samples.size:
        return 0.0
    wide = samples.astype(np.float64)
    return float(np.sqrt(np.mean(wide * wide)))


def audible(mulaw: bytes) -> bool:
    """Whether a packet holds sound a person would hear."""
    return rms(from_mulaw(mulaw)) >= AUDIBLE_RMS


def resample(samples: Samples, rate: int, to: int = RATE) -> Samples:
    """The same sound at another rate."""
    if rate == to:
        return samples
    return np.asarray(soxr.resample(samples, rate, to), dtype=np.int16)


def telephone(samples: Samples, rate: int) -> Samples:
    """What a telephone makes of studio speech: 250-3400 Hz, 8 kHz, -20 dBFS, quiet ends trimmed."""
    narrow = resample(samples, rate).astype(np.float64)
    spectrum = np.fft.rfft(narrow)
    hertz = np.fft.rfftfreq(narrow.size, 1 / RATE)
    spectrum[(hertz < 250) | (hertz > 3400)] = 0
    band = np.fft.irfft(spectrum, narrow.size)
    level = float(np.sqrt(np.mean(band * band))) if band.size else 0.0
    if level > 0:
        band *= SPEECH_RMS / level
    whole = np.clip(band, -32768, 32767).astype(np.int16)
    return trim(whole)


def trim(samples: Samples, keep: int = 3 * PACKET) -> Samples:
    """Without the silence before and after, but for ``keep`` samples of it on either side.

    Far more careful than ``audible``: a final "s" is faint on a telephone, and part of the word.
    """
    usable = samples[: samples.size // PACKET * PACKET].reshape(-1, PACKET).astype(np.float64)
    loud = np.flatnonzero(np.sqrt((usable * usable).mean(axis=1)) >= FAINT_RMS)
    if not loud.size:
        return samples[:0]
    return samples[max(0, int(loud[0]) * PACKET - keep) : (int(loud[-1]) + 1) * PACKET + keep]


def with_noise(samples: Samples, snr_db: float, seed: int, around: tuple[int, int] = (0, 0)) -> Samples:
    """The sound with pink noise ``snr_db`` below it; the same seed gives the same noise.

    ``around``: so many samples of the noise alone before and after it.
    """
    if not samples.size:
        return samples
    level = rms(samples)
    samples = np.pad(samples, around)
    white = np.fft.rfft(np.random.default_rng(seed).standard_normal(samples.size))
    shape = np.sqrt(np.maximum(np.arange(white.size), 1))
    noise = np.fft.irfft(white / shape, samples.size)
    wanted = level / 10 ** (snr_db / 20)
    noise *= wanted / max(float(np.sqrt(np.mean(noise * noise))), 1e-9)
    return np.clip(samples + noise, -32768, 32767).astype(np.int16)


@dataclass(frozen=True)
class Clip:
    """Something to say down the line: mu-law packets, and which of them are really speech.

    ``loud`` is judged before noise is added, so that "the last packet of speech" means speech.
    """

    packets: tuple[bytes, ...]
    loud: tuple[bool, ...]
    text: str = field(default="", compare=False)

    @classmethod
    def of(cls, samples: Samples, text: str = "", *, snr_db: float | None = None, seed: int = 0) -> Clip:
        """Cut samples at 8 kHz into packets, the last one filled up with silence."""
        padded = np.pad(samples, (0, -samples.size % PACKET)).astype(np.int16)
        heard = padded if snr_db is None else with_noise(padded, snr_db, seed)
        packets, data = [], to_mulaw(heard)
        for at in range(0, len(data), PACKET):
            packets.append(data[at : at + PACKET])
        loud = tuple(rms(part) >= AUDIBLE_RMS for part in padded.reshape(-1, PACKET))
        return cls(tuple(packets), loud, text)

    @property
    def seconds(self) -> float:
        """How long it takes to say."""
        return len(self.packets) * PACKET_SECONDS


def tone(seconds: float, hertz: float = 440.0, level: float = SPEECH_RMS) -> Samples:
    """A plain tone at 8 kHz, for tests and stub voices."""
    at = np.arange(int(seconds * RATE)) / RATE
    return (np.sin(2 * np.pi * hertz * at) * level * np.sqrt(2)).astype(np.int16)
