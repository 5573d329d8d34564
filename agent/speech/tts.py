"""The embedded voice as a pipecat service: one light object a call over the process's shared ``Voice``."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from loguru import logger
from pipecat.frames.frames import ErrorFrame, Frame, TTSAudioRawFrame
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService
from pipecat.utils.tracing.service_decorators import traced_tts
from pipecat.utils.types import NOT_GIVEN, assert_given

from agent.speech.speakable import speakable
from agent.speech.timbre import EMBEDDED_VOICES
from agent.speech.voice import Voice


async def say_aloud(text: str, text_type: str) -> str:
    """``speakable`` as a pipecat text transform; the context and captions keep the written text."""
    return speakable(text)


@dataclass
class EmbeddedTTSSettings(TTSSettings):
    """Settings that a ``TTSUpdateSettingsFrame`` may change in a call; ``speed`` 1.0 is the natural pace."""

    speed: float | Any = field(default_factory=lambda: NOT_GIVEN)


class EmbeddedTTSService(TTSService):
    """Speaks with the shared voice; phrases said before start within a few milliseconds."""

    Settings = EmbeddedTTSSettings
    _settings: EmbeddedTTSSettings

    def __init__(self, voice: Voice, *, voice_id: str = "heart", speed: float = 1.0, **kwargs: Any):
        if voice_id not in EMBEDDED_VOICES:
            raise ValueError(f"no embedded voice {voice_id!r}: there is {', '.join(EMBEDDED_VOICES)}")
        kwargs.setdefault("text_transforms", [("*", say_aloud)])
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            settings=EmbeddedTTSSettings(model="hibari", voice=voice_id, language="en", speed=speed),
            **kwargs,
        )
        self._voice = voice

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
                voice=assert_given(self._settings.voice) or "heart",
            )
            async for pcm in pieces:
                await self.stop_ttfb_metrics()
                yield TTSAudioRawFrame(pcm, self.sample_rate, 1, context_id=context_id)
        except Exception as error:
            logger.error("speech synthesis failed: {}", type(error).__name__)
            yield ErrorFrame(error="speech synthesis failed", exception=error)
        finally:
            await self.stop_ttfb_metrics()
