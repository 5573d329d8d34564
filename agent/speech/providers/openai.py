"""Speech through any OpenAI-compatible endpoint (``/audio/transcriptions``, ``/audio/speech``).

Options: ``openai_api_key``; ``openai_base_url`` (default: OpenAI's); ``openai_stt_model`` and
``openai_tts_model`` where the endpoint has other names than OpenAI.
"""

from __future__ import annotations

from pipecat.processors.frame_processor import FrameProcessor

from agent.speech.providers.base import Parts, Provider, SpeechProfile, need
from agent.speech.tongues import Tongues

_RATE = 24_000
"""The endpoint's raw PCM is always 24 kHz; the transport resamples to the line."""
_PATIENT = 1.5
"""Seconds from the end of speech to the transcript that turn taking may wait for (upload included)."""


def ears(profile: SpeechProfile, parts: Parts) -> FrameProcessor:
    """One request a stretch of speech; the vocabulary goes along as the prompt."""
    from openai import omit
    from openai.types.audio import Transcription
    from pipecat.services.openai.stt import OpenAISTTService

    class AnyLanguage(OpenAISTTService):
        """Names no language, so that the endpoint hears for itself which one is spoken."""

        async def _transcribe(self, audio: bytes) -> Transcription:
            return await self._client.audio.transcriptions.create(
                file=("audio.wav", audio, "audio/wav"), model=model, prompt=prompt or omit
            )

    model = parts.options.get("openai_stt_model") or "gpt-4o-mini-transcribe"
    prompt = ", ".join(parts.vocabulary)
    settings = OpenAISTTService.Settings(
        model=model,
        language=profile.language or "en",
        prompt=prompt or None,
    )
    service = OpenAISTTService if profile.language else AnyLanguage
    return service(
        api_key=need(parts, "openai_api_key"),
        base_url=parts.options.get("openai_base_url") or None,
        settings=settings,
        ttfs_p99_latency=_PATIENT,
    )


def mouth(profile: SpeechProfile, parts: Parts) -> FrameProcessor:
    """Streamed speech; an embedded voice's name is replaced by the endpoint's default voice."""
    from pipecat.services.openai.tts import VALID_VOICES, OpenAITTSService

    settings = OpenAITTSService.Settings(
        model=parts.options.get("openai_tts_model") or "gpt-4o-mini-tts",
        voice=profile.voice if profile.voice in VALID_VOICES else "alloy",
        speed=profile.speed,
    )

    class Mouth(Tongues, OpenAITTSService):
        """Its voices speak every language they are given words of."""

    return Mouth(
        api_key=need(parts, "openai_api_key"),
        base_url=parts.options.get("openai_base_url") or None,
        sample_rate=_RATE,
        settings=settings,
    )


PROVIDER = Provider("openai", stt=ears, tts=mouth, needs=("openai_api_key",))
