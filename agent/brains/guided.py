"""The brain that needs no model: the conversation decides, this says it.

An LLMService like any other, so pipecat's flows, evaluations and metrics see nothing unusual.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from loguru import logger
from pipecat.frames.frames import (
    Frame,
    InterruptionFrame,
    LLMContextFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.llm_service import LLMService
from pipecat.services.settings import LLMSettings

from agent.frames import TongueFrame, words
from agent.latency import TurnClock
from agent.phrases import MOMENT, NOT_CAUGHT, STILL_WORKING, spoken_in
from agent.ports import Utterance
from agent.turns import Turns, described
from flows.languages import ENGLISH

MOMENT_SECONDS = 1.2
"""Silence while working that is filled once."""
STUCK_SECONDS = 8.0
"""After this the caller is told that it takes long."""
LOST_SECONDS = 30.0
"""After this the turn is given up."""


class GuidedBrain(LLMService):
    """Takes the newest user message, asks the conversation, and pushes its words as text.

    ``on_said`` is called when the words of a reply are on their way, ``on_stuck`` when the conversation
    did not answer within ``lost`` seconds.
    ``after_notice`` gives the frames that follow an utterance that may not be talked over.
    """

    def __init__(
        self,
        turns: Turns,
        clock: TurnClock,
        *,
        after_notice: Callable[[], Iterable[Frame]] = tuple,
        on_said: Callable[[], None] = lambda: None,
        on_stuck: Callable[[], None] = lambda: None,
        moment: float = MOMENT_SECONDS,
        stuck: float = STUCK_SECONDS,
        lost: float = LOST_SECONDS,
    ):
        super().__init__(
            settings=LLMSettings(
                model="guided",
                system_instruction=None,
                temperature=None,
                max_tokens=None,
                top_p=None,
                top_k=None,
                frequency_penalty=None,
                presence_penalty=None,
                seed=None,
                filter_incomplete_user_turns=False,
                user_turn_completion_config=None,
                extra={},
            )
        )
        self._turns = turns
        self._stamps = clock
        self._after_notice = after_notice
        self._on_said = on_said
        self._on_stuck = on_stuck
        self._moment, self._stuck, self._lost = moment, stuck, lost
        self._taken = 0
        self._tongue = ENGLISH

    def can_generate_metrics(self) -> bool:
        """Time to first answer and processing time, as for a model."""
        return True

    async def say(self, says: Sequence[Utterance]) -> None:
        """Put words on the line, behind those already on their way."""
        if not says:
            return
        lines = {phrase.key: phrase for phrase in spoken_in(self._turns.conversation.language)}
        says = [lines.get(utterance.key, utterance) for utterance in says]
        self._turns.saying(says)
        frames = words(says, after_notice=self._after_notice, tongue=self._tongue)
        self._tongue = says[-1].language
        for frame in frames:
            await self.push_frame(frame)

    async def speak_in(self, language: str) -> None:
        """The words that follow are in this language: let the voice know, if that is a change."""
        if language != self._tongue:
            self._tongue = language
            await self.push_frame(TongueFrame(language))

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Contexts are answered, everything else passes."""
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMContextFrame):
            await self._answer(frame.context)
            return
        if isinstance(frame, InterruptionFrame):
            self._turns.cut_off()
        await self.push_frame(frame, direction)

    async def _answer(self, context: LLMContext) -> None:
        try:
            await self.start_processing_metrics()
            await self._process_context(context)
        except Exception as error:
            logger.error("the conversation failed: {}", described(error))
            await self.push_error("the conversation failed", exception=None)
            await self.say([NOT_CAUGHT])
        finally:
            await self.stop_processing_metrics()

    async def _process_context(self, context: LLMContext) -> None:
        heard = self._newest(context)
        if not heard:
            # pipecat asks for an answer to a noise that cut the agent off
            await self.say(self._turns.again())
            self._on_said()
            return
        await self.start_ttfb_metrics()
        self._stamps.turn_ended(heard)
        patience = asyncio.create_task(self._wait_aloud(), name="brain.wait_aloud")
        try:
            async with asyncio.timeout(self._lost):
                reply = await self._turns.hear(heard)
        except TimeoutError:
            logger.error("the conversation did not answer in {} s", self._lost)
            self._on_stuck()
            return
        finally:
            patience.cancel()
        await self.stop_ttfb_metrics()
        await self.say(self._turns.before(reply.says))
        self._on_said()

    async def _wait_aloud(self) -> None:
        await asyncio.sleep(self._moment)
        await self.say([MOMENT])
        await asyncio.sleep(self._stuck - self._moment)
        await self.say([STILL_WORKING])

    def _newest(self, context: LLMContext) -> str:
        """The user messages that were not answered yet, as one text; "" when there is none."""
        messages = context.get_messages()
        if self._taken > len(messages):
            self._taken = len(messages) - 1
        fresh, self._taken = messages[self._taken :], len(messages)
        return " ".join(text for message in fresh if (text := _user_text(message)))


def _user_text(message: Any) -> str:
    if not isinstance(message, dict) or message.get("role") != "user":
        return ""
    content = message.get("content")
    if isinstance(content, str):
        return content.strip()
    parts = content if isinstance(content, list) else []
    return " ".join(str(part.get("text", "")) for part in parts if isinstance(part, dict)).strip()
