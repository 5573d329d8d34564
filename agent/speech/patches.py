"""Everything that leans on private parts of pipecat, in one place.

What is here: a Silero VAD that shares its weights and runs on the event loop; smart turn's features
and inference over a shared session. ``TOUCHED`` fingerprints the code leaned on; a test compares it
with what is installed, so an upgrade that changes any of it fails there and not in a call.
"""

from __future__ import annotations

import hashlib
import inspect
from collections import deque
from typing import Any

import numpy as np
import onnxruntime as ort
import soxr
from pipecat.audio.turn.smart_turn import _whisper_features, local_smart_turn_v3
from pipecat.audio.vad import silero, vad_analyzer
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADAnalyzer, VADParams, VADState

from agent.speech.weights import SILERO_VAD, SMART_TURN, verified

TOUCHED: dict[str, tuple[Any, str]] = {
    "VADAnalyzer.__init__": (vad_analyzer.VADAnalyzer.__init__, "e3d475136f1f"),
    "VADAnalyzer._run_analyzer": (vad_analyzer.VADAnalyzer._run_analyzer, "0a33840d0960"),
    "VADAnalyzer._get_smoothed_volume": (vad_analyzer.VADAnalyzer._get_smoothed_volume, "2db0b1a237ba"),
    "VADAnalyzer.analyze_audio": (vad_analyzer.VADAnalyzer.analyze_audio, "e533bf2de9f1"),
    "SileroVADAnalyzer.__init__": (silero.SileroVADAnalyzer.__init__, "3e0c092bdd76"),
    "SileroVADAnalyzer.voice_confidence": (silero.SileroVADAnalyzer.voice_confidence, "f40bc23b6379"),
    "SileroVADAnalyzer._maybe_reset_model": (silero.SileroVADAnalyzer._maybe_reset_model, "854a3229996b"),
    "SileroOnnxModel.__call__": (silero.SileroOnnxModel.__call__, "5611a23d004b"),
    "SileroOnnxModel.reset_states": (silero.SileroOnnxModel.reset_states, "9f178639bc1b"),
    "LocalSmartTurnAnalyzerV3._predict_endpoint": (
        local_smart_turn_v3.LocalSmartTurnAnalyzerV3._predict_endpoint,
        "af08bfd63c9e",
    ),
    "compute_whisper_log_mel_features": (_whisper_features.compute_whisper_log_mel_features, "b5ec89564c4e"),
}
"""What is touched -> (the object, first 12 hex digits of its source's sha256 in pipecat 1.14.0)."""


def fingerprint(touched: Any) -> str:
    """First 12 hex digits of the sha256 of a function's source."""
    return hashlib.sha256(inspect.getsource(touched).encode()).hexdigest()[:12]


def changed() -> list[str]:
    """Names of touched code that is not what this module was written against."""
    return [name for name, (touched, known) in TOUCHED.items() if fingerprint(touched) != known]


# -- voice activity ---------------------------------------------------------------------------------


def silero_session() -> ort.InferenceSession:
    """The Silero weights, one thread; safe to share, because the state is an input and an output."""
    options = ort.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    return ort.InferenceSession(
        str(verified(SILERO_VAD)), sess_options=options, providers=["CPUExecutionProvider"]
    )


class SileroState:
    """One stream's recurrent state over shared weights; what pipecat's ``SileroOnnxModel`` is to us."""

    def __init__(self, session: ort.InferenceSession):
        self._session = session
        self._rates = {rate: np.array(rate, dtype="int64") for rate in (8000, 16000)}
        self.reset_states()

    def reset_states(self, batch_size: int = 1) -> None:
        """Forget the audio heard so far."""
        self._state = np.zeros((2, batch_size, 128), dtype="float32")
        self._context: np.ndarray[Any, Any] | None = None

    def __call__(self, samples: np.ndarray[Any, Any], rate: int) -> Any:
        """Speech probability of one window (256 samples at 8 kHz, 512 at 16 kHz), shape (1, 1)."""
        size = 64 if rate == 16000 else 32
        before = self._context if self._context is not None else np.zeros(size, "float32")
        window = np.concatenate((before, samples))
        out, self._state = self._session.run(
            None, {"input": window[None], "state": self._state, "sr": self._rates[rate]}
        )
        self._context = window[-size:]
        return out


_DOZE_AFTER = 16
"""Windows (half a second) of digital silence after which the line counts as muted."""
_LOUD_DBFS = -58.0
"""A window below this (and three before it) is not speech, whatever the model thinks of it."""
_LOUD = 32768.0**2 * 10 ** (_LOUD_DBFS / 10)
_LOUD_WINDOWS = 4


class InlineSilero(SileroVADAnalyzer):
    """Silero VAD on the event loop: 0.1 ms of work is cheaper done than handed to a thread.

    Decides as the stock analyzer does, but for three things. Stretches of digital silence (a muted line)
    are not scored, and the model starts afresh after them. Loudness is that of the last windows and not a
    slow average, which needs 0.2 s to climb out of silence: on a line without noise stock lost four in
    ten answers as short as "yes". And a decision made inside a packet counts even if the packet goes on.
    """

    def __init__(
        self,
        session: ort.InferenceSession,
        *,
        sample_rate: int | None = None,
        params: VADParams | None = None,
    ):
        VADAnalyzer.__init__(self, sample_rate=sample_rate, params=params)
        self._model: Any = SileroState(session)
        self._windows_since_reset = 0
        self._low_confidence_windows = 0
        self._mute_windows = 0
        self._levels: deque[float] = deque(maxlen=_LOUD_WINDOWS)

    @property
    def stirring(self) -> bool:
        """Whether somebody may be speaking: not known to be quiet."""
        return self._vad_state != VADState.QUIET

    @property
    def pausing(self) -> bool:
        """Whether the voice has stopped for half the time after which speech counts as over."""
        return self._vad_state == VADState.STOPPING and self._vad_stopping_count * 2 >= self._vad_stop_frames

    @property
    def voiced(self) -> bool:
        """Whether the last window scored was speech (not a pause that may still turn out to be short)."""
        return self._vad_state == VADState.SPEAKING

    async def analyze_audio(self, buffer: bytes) -> VADState:
        """State after ``buffer`` (16-bit mono PCM); SPEAKING if it was that at any time in ``buffer``."""
        step = self._vad_frames_num_bytes or len(buffer)
        before, spoke = self._vad_state, False
        for start in range(0, len(buffer), step):
            state = self._run_analyzer(buffer[start : start + step])
            spoke |= state == VADState.SPEAKING
        began = spoke and before in (VADState.QUIET, VADState.STARTING)
        return VADState.SPEAKING if began else self._vad_state

    def _get_smoothed_volume(self, audio: bytes) -> float:
        """1.0 if this window or one just before it is loud enough to be speech, else 0.0."""
        samples = np.frombuffer(audio, dtype="<i2").astype(np.float32)
        self._levels.append(float(samples @ samples) / max(samples.size, 1))
        return 1.0 if max(self._levels) > _LOUD else 0.0

    def voice_confidence(self, buffer: bytes) -> Any:
        """Speech probability of one window; 0 for digital silence while nobody speaks."""
        if self._vad_state == VADState.QUIET and not any(buffer):
            self._mute_windows += 1
            if self._mute_windows > _DOZE_AFTER:
                return 0.0
        else:
            if self._mute_windows > _DOZE_AFTER:
                self._model.reset_states()
                self._windows_since_reset = 0
            self._mute_windows = 0
        return super().voice_confidence(buffer)


# -- end of turn --------------------------------------------------------------------------------------

_TURN_RATE = 16_000
_TURN_SECONDS = 8


def smart_turn_session() -> ort.InferenceSession:
    """The smart-turn v3.2 weights; one thread, because two are slower (they wait for each other)."""
    options = ort.SessionOptions()
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    return ort.InferenceSession(
        str(verified(SMART_TURN)), sess_options=options, providers=["CPUExecutionProvider"]
    )


def turn_probability(session: ort.InferenceSession, pcm: bytes, rate: int) -> float:
    """Probability 0..1 that the speaker has finished, from the last 8 s of 16-bit mono PCM (~40 ms)."""
    audio = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768.0
    if rate != _TURN_RATE:
        audio = soxr.resample(audio, rate, _TURN_RATE, quality="HQ")
    whole = _TURN_SECONDS * _TURN_RATE
    audio = audio[-whole:]
    if len(audio) < whole:
        audio = np.pad(audio, (whole - len(audio), 0))
    features = _whisper_features.compute_whisper_log_mel_features(audio, do_normalize=True)
    (out,) = session.run(None, {"input_features": features[None]})[:1]
    return float(np.asarray(out).reshape(-1)[0])
