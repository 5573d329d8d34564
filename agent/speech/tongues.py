"""A mouth that changes its language in the middle of a call, and reads numbers aloud in the one it speaks."""

from __future__ import annotations

from typing import Any

from pipecat.frames.frames import Frame
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.tts_service import TTSService

from agent.frames import TongueFrame
from agent.speech.spanish_aloud import speakable_es
from agent.speech.speakable import speakable
from flows.languages import ENGLISH


def aloud(text: str, language: str) -> str:
    """Written text as it is said in that language; in one that nobody wrote rules for, as in English."""
    return speakable_es(text) if language == "es" else speakable(text)


class Tongues(TTSService):
    """To be inherited before a speech service. ``tongue`` is the language of the words that come now."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("text_transforms", [("*", self.say_aloud)])
        super().__init__(*args, **kwargs)
        self.tongue = ENGLISH

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Take note of another language, in its place among the words."""
        if isinstance(frame, TongueFrame):
            self.tongue = frame.language
            return
        await super().process_frame(frame, direction)

    async def say_aloud(self, text: str, text_type: str) -> str:
        """A pipecat text transform; the context and captions keep the written text."""
        return aloud(text, self.tongue)
