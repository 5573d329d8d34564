"""The brain with a language model, on a live line and for typed messages."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from loguru import logger
from pipecat.frames.frames import AggregatedTextFrame, LLMFullResponseEndFrame, LLMFullResponseStartFrame
from pipecat.metrics.metrics import LLMTokenUsage
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.utils.text.base_text_aggregator import TextType

from agent.brains.guided import GuidedBrain
from agent.brains.mind import Mind, OnModel
from agent.brains.model import Endpoint
from agent.brains.model_tools import ModelConversation
from agent.conversation import Conversation
from agent.guardrails.guard import consider
from agent.latency import TurnClock
from agent.phrases import Phrase
from agent.ports import Reply, Utterance
from agent.reply import Reply as TextReply
from agent.turns import Turns
from flows.compiler import CompiledFlow, compile_flow
from prompts.texts import persona

REMEMBERED = 500
"""Typed conversations whose history is kept for the model; one that is forgotten goes on without it."""


def compiled_for(conversation: Conversation) -> CompiledFlow:
    """The conversation's flow with the persona of whoever answers."""
    facts = {name: str(conversation.facts.values.get(name) or "") for name in ("brand", "persona")}
    return compile_flow(conversation.flow, persona=persona(conversation.flow.flow, facts))


class OpenAIBrain(GuidedBrain):
    """A guided brain that asks a model first.

    ``endpoint`` is shared by the process, ``compiled`` by all calls of the flow's version (default: that
    of the conversation). The other hooks are GuidedBrain's.
    """

    def __init__(
        self,
        turns: Turns,
        clock: TurnClock,
        *,
        endpoint: Endpoint,
        compiled: CompiledFlow | None = None,
        on_model: OnModel = lambda reason: None,
        **hooks: Any,
    ):
        super().__init__(turns, clock, **hooks)
        self.mind = Mind(
            endpoint,
            compiled or compiled_for(cast(Conversation, turns.conversation)),
            cast(ModelConversation, turns.conversation),
            # a barge-in cancels us, but not what the conversation does: that goes through the turns
            take=turns.take,
            on_model=on_model,
            on_usage=self._count,
        )
        self._last: Reply | None = None
        self._report = turns.on_reply
        turns.on_reply = self._note_reply

    async def _count(self, usage: LLMTokenUsage) -> None:
        await self.start_llm_usage_metrics(usage)

    def _note_reply(self, reply: Reply, seconds: float) -> None:
        """Every reply of the conversation passes here on its way to the session."""
        self._last = reply
        self.mind.note(reply)
        self._report(reply, seconds)

    async def _process_context(self, context: LLMContext) -> None:
        fresh = self._taken
        heard = self._newest(context)
        await consider(heard, self.mind.tools.compiled.name)
        self.mind.redact(context, fresh)
        if not heard:
            await self.say(self._turns.again())
            self._on_said()
            return
        await self.start_ttfb_metrics()
        self._stamps.turn_ended(heard)
        filler = asyncio.create_task(self._wait_aloud(), name="brain.wait_aloud")
        outlet = _OnTheLine(self, filler)
        try:
            async with asyncio.timeout(self._lost):
                await self.mind.turn(context, heard, outlet)
        except TimeoutError:
            logger.error("the conversation did not answer in {} s", self._lost)
            self._on_stuck()
            return
        except asyncio.CancelledError:
            # cut off between deciding and saying: those words are owed
            self._turns.saying([u for u in self.mind.tools.says() if u.text not in outlet.said])
            raise
        finally:
            filler.cancel()
            await outlet.close()
        self._on_said()

    @property
    def language(self) -> str:
        """What is spoken now."""
        return self._turns.conversation.language

    async def begun(self, sentence: str) -> None:
        """The model speaks, maybe before the conversation did anything: then, for the line, all else is
        as it was."""
        await self.stop_ttfb_metrics()
        if not self.mind.tools.acted and self._last is not None:
            stood = cast(Any, self._last)
            said = (Phrase(sentence, "model", language=self.language),)
            self._report(replace(stood, says=said, tools=(), ended=False, transfer_to=None), 0.0)

    async def engine_hears(self, heard: str) -> Sequence[Utterance]:
        """What the guided brain would say."""
        return self._turns.before((await self._turns.hear(heard)).says)

    def on_its_way(self, sentence: str) -> None:
        """Book a sentence of the model's like one of the engine's."""
        self._turns.saying([Phrase(sentence, "model", language=self.language)])


class _OnTheLine:
    """One turn's words as frames: the model's sentences are one response, the engine's another."""

    def __init__(self, brain: OpenAIBrain, filler: asyncio.Task[None]):
        self.said: set[str] = set()
        self._brain, self._filler = brain, filler
        self._open = False

    async def sentence(self, text: str) -> None:
        self._filler.cancel()
        if not self.said:
            await self._brain.begun(text)
        await self._brain.speak_in(self._brain.language)
        if not self._open:
            self._open = True
            await self._brain.push_frame(LLMFullResponseStartFrame())
        self.said.add(text)
        self._brain.on_its_way(text)
        await self._brain.push_frame(AggregatedTextFrame(text, TextType.SENTENCE, raw_text=text))

    async def engine(self, says: Sequence[Utterance]) -> None:
        self._filler.cancel()
        await self._brain.stop_ttfb_metrics()
        await self.close()
        self.said |= {said.text for said in says}
        await self._brain.say(says)

    async def hear(self, heard: str) -> None:
        await self.engine(await self._brain.engine_hears(heard))

    async def close(self) -> None:
        """The model's part is over."""
        if self._open:
            self._open = False
            await self._brain.push_frame(LLMFullResponseEndFrame())


class OpenAIText:
    """The brain for conversations in text without a socket (agent.brains.text.TextBrain)."""

    def __init__(self, endpoint: Endpoint, *, on_model: OnModel = lambda reason: None):
        self._endpoint, self._on_model = endpoint, on_model
        self._contexts: OrderedDict[UUID, LLMContext] = OrderedDict()

    async def answer(self, conversation: Conversation, text: str) -> TextReply:
        """The conversation's reply to the caller's words. What the model says without asking the form
        changes nothing in it."""
        context = self._context(conversation.id)
        outlet = _Typed(conversation)
        mind = Mind(
            self._endpoint,
            compiled_for(conversation),
            cast(ModelConversation, conversation),
            take=outlet.take,
            on_model=self._on_model,
        )
        fresh = len(context.get_messages())
        context.add_message({"role": "user", "content": text})
        await consider(text, mind.tools.compiled.name)
        mind.redact(context, fresh)
        await mind.turn(context, text, outlet)
        reply = outlet.reply()
        if reply.text:
            context.add_message({"role": "assistant", "content": reply.text})
        return reply

    def _context(self, conversation: UUID) -> LLMContext:
        context = self._contexts.setdefault(conversation, LLMContext())
        self._contexts.move_to_end(conversation)
        while len(self._contexts) > REMEMBERED:
            self._contexts.popitem(last=False)
        return context


class _Typed:
    """One turn's words collected into one reply."""

    def __init__(self, conversation: Conversation):
        self._conversation = conversation
        self._says: list[Utterance] = []
        self._replies: list[Reply] = []

    async def take(self, work: Callable[[], Awaitable[Reply]]) -> Reply:
        reply = await work()
        self._replies.append(reply)
        return reply

    async def sentence(self, text: str) -> None:
        self._says.append(Phrase(text, "model", language=self._conversation.language))

    async def engine(self, says: Sequence[Utterance]) -> None:
        self._says.extend(says)

    async def hear(self, heard: str) -> None:
        async def work() -> Reply:
            return cast(Reply, await self._conversation.hear(heard))

        self._says.extend((await self.take(work)).says)

    def reply(self) -> TextReply:
        """Everything that was said and done, and where the conversation stands now."""
        last = cast(TextReply, self._replies[-1]) if self._replies else self._conversation.standing()
        tools = tuple(run for reply in self._replies for run in reply.tools)
        return replace(last, says=cast(Any, tuple(self._says)), tools=cast(Any, tools))
