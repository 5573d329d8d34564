"""Whisper and hibari from the installed packages: no key, no network."""

from __future__ import annotations

from pipecat.processors.frame_processor import FrameProcessor

from agent.speech.providers.base import Parts, Provider, SpeechProfile
from agent.speech.stt import EmbeddedSTTService
from agent.speech.tts import EmbeddedTTSService


def ears(profile: SpeechProfile, parts: Parts) -> FrameProcessor:
    """A light service over the shared recogniser."""
    if parts.recognizer is None:
        raise RuntimeError("the embedded recogniser was not loaded")
    return EmbeddedSTTService(parts.recognizer, words=parts.vocabulary, language=profile.language or "en")


def mouth(profile: SpeechProfile, parts: Parts) -> FrameProcessor:
    """A light service over the shared voice."""
    if parts.voice is None:
        raise RuntimeError("the embedded voice was not loaded")
    if profile.spanish and parts.voice.spanish is not None:
        parts.voice.spanish.prepare()  # whoever asks for Spanish does so after the opening
    return EmbeddedTTSService(
        parts.voice, voice_id=profile.voice, spanish=profile.spanish, speed=profile.speed
    )


PROVIDER = Provider("embedded", stt=ears, tts=mouth)
