"""The embedded voice as a pipecat service: one light object a call over the process's shared ``Voice``."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from loguru import logger
from pipecat.frames.frames import ErrorFrame, Frame, TTSAudioRawFrame
from pipecat.services.settings import TTSSettings
from pipecat.utils.tracing.service_decorators import traced_tts
from pipecat.utils.types import NOT_GIVEN, assert_given

from agent.speech.tongues import Tongues
from agent.speech.voice import Voice, check_voice


@dataclass
class EmbeddedTTSSettings(TTSSettings):
    """Settings that a ``TTSUpdateSettingsFrame`` may change in a call; ``speed`` 1.0 is the natural pace."""

    speed: float | Any = field(default_factory=lambda: NOT_GIVEN)


class EmbeddedTTSService(Tongues):
    """Speaks with the shared voice; phrases said before start within a few milliseconds.

    ``spanish`` is the voice for words in Spanish; "" where there is none (nobody then says any).
    """

    Settings = EmbeddedTTSSettings
    _settings: EmbeddedTTSSettings

    def __init__(
        self, voice: Voice, *, voice_id: str = "heart", spanish: str = "", speed: float = 1.0, **kwargs: Any
    ):
        check_voice(voice_id)
        if spanish:
            check_voice(spanish)
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            settings=EmbeddedTTSSettings(model="hibari", voice=voice_id, language="en", speed=speed),
            **kwargs,
        )
        self._voice, self._spanish = voice, spanish

    def can_generate_metrics(self) -> bool:
        """Time to first audio and characters are reported."""
        return True

    @traced_tts
    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Yield one audio frame a sentence."""
        try:
            await self.start_tts_usage_metrics(text)
            pieces = self._voice.speak(
                text,
                rate=self.sample_rate,
                speed=assert_given(self._settings.speed),
                voice=self._heard_now(),
            )
            async for pcm in pieces:
                await self.stop_ttfb_metrics()
                yield TTSAudioRawFrame(pcm, self.sample_rate, 1, context_id=context_id)
        except Exception as error:
            logger.error("speech synthesis failed: {}", type(error).__name__)
            yield ErrorFrame(error="speech synthesis failed", exception=error)
        finally:
            await self.stop_ttfb_metrics()

    def _heard_now(self) -> str:
        there = self._voice.spanish
        if self.tongue == "es" and self._spanish and there is not None and not there.trouble:
            return self._spanish
        return assert_given(self._settings.voice) or "heart"
