"""Voice activity: a light detector a call over the process's shared weights."""

from __future__ import annotations

import onnxruntime as ort
from pipecat.audio.vad.vad_analyzer import VADParams

from agent.speech.patches import InlineSilero, silero_session

START_SECS = 0.128
CONFIDENCE = 0.6
"""Four windows in a row. pipecat's 0.2 s and 0.7 lose "yes" and "two", whose voiced part is hardly longer:
of 144 short answers of four voices at two speeds 39 % on a silent line, 3 % over hiss, 34 % of quiet ones
over hiss; these values (with ``InlineSilero``'s loudness) 2 %, 1 % and 5 %, and neither hears speech
in clicks, knocks, keys, hum, hiss or music."""
STOP_SECS = 0.2
"""Short, so that recognition starts early; when a turn is over is decided later, in ``turns``."""


class VoiceActivity:
    """The Silero weights of the process; ``detector`` makes one call's analyzer in microseconds."""

    def __init__(self) -> None:
        self._session: ort.InferenceSession | None = None

    def load(self) -> None:
        """Verify and load the weights (off the event loop). Raises ``WeightsError``."""
        self._session = silero_session()

    def warm(self) -> None:
        """Run once at each rate."""
        for rate, window in ((8000, 512), (16000, 1024)):
            detector = self.detector(rate)
            detector.set_sample_rate(rate)
            detector.voice_confidence(bytes(range(256)) * (window // 256))

    def detector(self, rate: int | None = None, *, params: VADParams | None = None) -> InlineSilero:
        """A new analyzer with a state of its own; 8000 or 16000 Hz, by default the pipeline's."""
        if self._session is None:
            raise RuntimeError("voice activity detection is not loaded")
        params = params or VADParams(start_secs=START_SECS, stop_secs=STOP_SECS, confidence=CONFIDENCE)
        return InlineSilero(self._session, sample_rate=rate, params=params)

    def close(self) -> None:
        """Let go of the weights."""
        self._session = None
