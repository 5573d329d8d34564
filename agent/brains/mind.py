"""One turn with a language model: it hears, extracts and phrases; code decides.

A turn is one piece of work. The model is asked with the three constant functions; what it calls is run
by the conversation; what it writes is judged sentence by sentence. Whenever it fails (no answer, a late
or broken one, nonsense, a claim without a receipt) the same turn is answered by the engine: by hearing
the caller's words the guided way, or, when the model had something done already, with the words that
came of it. Nothing is done twice and no turn is lost.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any, cast

from loguru import logger
from pipecat.metrics.metrics import LLMTokenUsage
from pipecat.processors.aggregators.llm_context import LLMContext

from agent.acts import Answer, Fix, No, Yes
from agent.brains import claims, history
from agent.brains.gate import Judge
from agent.brains.model import Endpoint, Model, ModelFailure, Request, ToolCall
from agent.brains.model_tools import ModelConversation, ModelTools, Take
from agent.brains.voice import ModelVoice, Outlet
from agent.guardrails.guard import check_heard
from agent.ports import Reply
from agent.understanding.beforehand import compare
from agent.understanding.commands import find_command
from agent.understanding.polarity import split_polarity
from agent.understanding.understand import understand
from flows import compiler
from flows.compiler import CompiledFlow

YES_OR_NO = ("confirm", "summary", "offer", "which")
"""What awaits the caller's word on something that was read out: there the engine's words are spoken
exactly, and a plain yes or no needs no model."""

SURE = 0.9
"""Confidence from which a value that nobody asked for is taken for one."""

OnModel = Callable[[str], None]
"""Told how each turn went: "" when the model answered it, else why the engine did."""


async def _no_usage(usage: LLMTokenUsage) -> None:
    """Nobody counts."""


class Mind:
    """A conversation's model. ``take`` runs work on the conversation one piece at a time, to its end;
    every reply must also be given to ``note``, whoever asked for it."""

    def __init__(
        self,
        endpoint: Endpoint,
        compiled: CompiledFlow,
        conversation: ModelConversation,
        *,
        take: Take,
        on_model: OnModel = lambda reason: None,
        on_usage: Callable[[LLMTokenUsage], Awaitable[None]] = _no_usage,
    ):
        self.endpoint = endpoint
        self.tools = ModelTools(compiled, conversation, take)
        self.canary = hashlib.sha256(f"canary {compiled.hash}".encode()).hexdigest()[:16]
        self._model = Model(endpoint, f"{compiled.role}\n\nPrivate mark, never to be said: {self.canary}")
        self._talk = conversation
        self._on_model, self._on_usage = on_model, on_usage
        self._receipts: set[str] = set()

    def note(self, reply: Reply) -> None:
        """What receipts there are: they are what a model may speak of."""
        for run in reply.tools:
            if getattr(run, "receipt_id", None) is not None:
                self._receipts |= claims.acts_of(run.name)

    def redact(self, context: LLMContext, fresh: int) -> None:
        """Take out of the history what no model may see."""
        history.redact(context, fresh, flow=self.tools.compiled.name, channel=self._talk.channel)

    async def turn(self, context: LLMContext, heard: str, outlet: Outlet) -> None:
        """Answer the caller's words, the newest in ``context``. Raises only what the engine raises."""
        breaker = self.endpoint.breaker
        self.tools.begin()
        reason = self._code_alone(heard)
        if not reason and not breaker.admit():
            reason = "resting"
        if reason:
            await outlet.hear(heard)
            self._on_model(reason)
            return
        voice = ModelVoice(outlet)
        try:
            await self._with_model(context, heard, voice, outlet)
        except ModelFailure as failure:
            if failure.counts:
                breaker.failed(rest=failure.rest)
            else:
                breaker.succeeded()
            logger.info("a turn of the model was answered by the engine: {}", failure.reason)
            if self.tools.acted:
                await outlet.engine(voice.unsaid(self.tools.says()))
            else:
                await outlet.hear(heard)
            self._on_model(failure.reason)
        except BaseException:
            breaker.abandoned()
            raise
        else:
            breaker.succeeded()
            self._on_model("")

    def _code_alone(self, heard: str) -> str:
        """Why this turn is no matter for a model: keys, a plain yes or no to what was read back, what
        the guard stops, and what may be asked for anywhere (a person, no recording, no more calls)."""
        if heard.startswith("DTMF:"):
            return "keys"
        if check_heard(heard, flow=self.tools.compiled.name, channel=self._talk.channel).label != "ok":
            return "guard"
        polarity, rest = split_polarity(heard)
        if polarity in ("yes", "no") and not rest and self._awaits_a_word():
            return "yes or no"
        return "command" if find_command(heard, strict=True) else ""

    def _awaits_a_word(self) -> bool:
        return self._talk.awaiting().get("kind") in YES_OR_NO

    async def _with_model(self, context: LLMContext, heard: str, voice: ModelVoice, outlet: Outlet) -> None:
        """Ask, run what is called, ask again; raises ModelFailure when the engine has to answer."""
        limits, loop = self.endpoint.limits, asyncio.get_running_loop()
        request = Request(
            context,
            state=self.tools.stand(),
            tools=self.tools.compiled.tools,
            deadline=loop.time() + limits.turn,
        )
        corrected = False
        for _ in range(limits.rounds):
            calls = await self._round(request, voice, self._judge(context))
            if not calls:
                await self._finish(heard, voice)
                return
            voice.drop_held()
            began = loop.time()
            outcomes = await self.tools.run(calls, heard)
            request.deadline += loop.time() - began  # the model does not pay for our work
            if any(outcome.result["status"] == "failed" for outcome in outcomes):
                raise ModelFailure("the conversation failed", counts=False)
            context.add_messages(history.exchange(outcomes))
            wrong = [outcome for outcome in outcomes if not outcome.ok]
            if wrong and corrected:
                raise ModelFailure("wrong arguments", counts=False)
            corrected = corrected or bool(wrong)
            if not wrong and self._exact():
                await outlet.engine(voice.unsaid(self.tools.says()))
                return
        raise ModelFailure("too many calls", counts=False)

    async def _round(self, request: Request, voice: ModelVoice, judge: Judge) -> list[ToolCall]:
        """One request: its sentences are spoken as they pass the judge; its calls come back."""
        request.usage = None
        voice.begin()
        calls: list[ToolCall] = []
        async with aclosing(self._model.ask(request)) as answer:
            async for piece in answer:
                if isinstance(piece, list):
                    calls = piece
                else:
                    await voice.write(piece, judge)
        await voice.end(judge)
        if request.usage:
            await self._on_usage(request.usage)
        if voice.refused and not calls:
            raise ModelFailure(f"held back: {voice.refused}", counts=False)
        return calls

    async def _finish(self, heard: str, voice: ModelVoice) -> None:
        """The model has said its words: see that they lead on, and that nothing was passed over."""
        if not self.tools.acted and await self._passed_over(heard):
            raise ModelFailure("passed over", counts=False)
        await voice.release()
        if not voice.spoken:
            raise ModelFailure("empty")
        pending = " ".join(u.text for u in self.tools.says()) or str(self._talk.prompt().say)
        question = history.last_question(pending)
        if question and not any(sentence.endswith("?") for sentence in voice.spoken):
            await voice.say(question)
        if not self.tools.acted:
            await self.tools.chatted(heard, " ".join(voice.spoken))

    def _judge(self, context: LLMContext) -> Judge:
        return Judge(
            secret=compiler.rules(),
            canary=self.canary,
            known=lambda: [self._model.role, *history.texts(context), self.tools.stand()],
            read_back=str(self._talk.prompt().say) if self._awaits_a_word() else "",
            receipts=self._receipts.union(*map(claims.acts_of, self.tools.committed())),
            done=self.tools.acted and self._talk.may_claim_done,
            acted=self.tools.acted,
            say=" ".join(u.text for u in self.tools.says()),
        )

    def _exact(self) -> bool:
        """Whether the engine's next words must be spoken as they are: what was done, what is read back,
        the end, and everything with a number or an address in it."""
        replies, says = self.tools.replies, self.tools.says()
        return (
            self.endpoint.wording == "engine"
            or any(r.tools or r.ended or r.transfer_to or r.patience == "short" for r in replies)
            or self._awaits_a_word()
            or any(not u.interruptible or re.search(r"[\d@]", u.text) for u in says)
        )

    async def _passed_over(self, heard: str) -> bool:
        """Whether the caller gave something the form can hold and the model called nothing: the most
        common way to lose what was said. Where the engine only suspects something, the model is believed."""
        view = getattr(self._talk, "view", None)
        if view is None:
            return False
        flow = cast(Any, self._talk).flow
        await compare(heard, view())
        for event in understand(heard, view()):
            if isinstance(event, (Yes, No)):
                return self._awaits_a_word()
            if isinstance(event, Answer) and event.volunteered and event.reading.confidence < SURE:
                continue
            if isinstance(event, (Answer, Fix)) and flow.slots[event.slot].type != "text":
                return True
        return False
