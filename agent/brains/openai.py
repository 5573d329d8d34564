"""The brain with a language model: it hears, extracts and phrases; code decides.

A turn is one piece of work. The model is asked with the three constant functions; what it calls is run
by the conversation; what it writes is judged sentence by sentence. Whenever it fails (no answer, a late
or broken one, nonsense, a claim without a receipt) the same turn is answered by the engine: by hearing
the caller's words the guided way, or, when the model had something done already, with the words that
came of it. Nothing is done twice and no turn is lost.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast

from loguru import logger
from pipecat.processors.aggregators.llm_context import LLMContext

from agent.acts import Answer, Fix, No, Yes
from agent.brains import claims
from agent.brains.gate import Judge
from agent.brains.guided import GuidedBrain
from agent.brains.model import Endpoint, Model, ModelFailure, Request, ToolCall
from agent.brains.model_tools import ModelConversation, ModelTools, Outcome
from agent.brains.voice import ModelVoice
from agent.guardrails.guard import check_heard
from agent.latency import TurnClock
from agent.phrases import Phrase
from agent.ports import Reply, Utterance
from agent.turns import Turns
from agent.understanding.commands import find_command
from agent.understanding.polarity import split_polarity
from agent.understanding.understand import understand
from flows import compiler
from flows.compiler import CompiledFlow

YES_OR_NO = ("confirm", "summary", "offer", "which")
"""What awaits the caller's word on something that was read out: there the engine's words are spoken
exactly, and a plain yes or no needs no model."""


class OpenAIBrain(GuidedBrain):
    """A guided brain that asks a model first.

    ``endpoint`` is shared by the process, ``compiled`` by all calls of the flow's version. ``on_model``
    is told how each turn went: "" when the model answered it, else why the engine did. The other hooks
    are GuidedBrain's.
    """

    def __init__(
        self,
        turns: Turns,
        clock: TurnClock,
        *,
        endpoint: Endpoint,
        compiled: CompiledFlow,
        on_model: Callable[[str], None] = lambda reason: None,
        **hooks: Any,
    ):
        super().__init__(turns, clock, **hooks)
        self._endpoint = endpoint
        self._on_model = on_model
        self._canary = hashlib.sha256(f"canary {compiled.hash}".encode()).hexdigest()[:16]
        self._rules = compiler.rules()
        self._model = Model(endpoint, f"{compiled.role}\n\nPrivate mark, never to be said: {self._canary}")
        self._talk = cast(ModelConversation, turns.conversation)
        # A barge-in cancels us, but not what the conversation does: that goes through the turns.
        self._tools = ModelTools(compiled, self._talk, turns._take)
        self._receipts: set[str] = set()
        self._last: Reply | None = None
        self._report = turns.on_reply
        turns.on_reply = self._note_reply

    def _note_reply(self, reply: Reply, seconds: float) -> None:
        """Every reply of the conversation passes here on its way to the session."""
        self._last = reply
        for run in reply.tools:
            if getattr(run, "receipt_id", None) is not None:
                self._receipts |= claims.acts_of(run.name)
        self._report(reply, seconds)

    # -- the turn ---------------------------------------------------------------------------------

    async def _process_context(self, context: LLMContext) -> None:
        fresh = self._taken
        heard = self._newest(context)
        self._redact(context, fresh)
        if not heard:
            await self.say(self._turns.again())
            self._on_said()
            return
        await self.start_ttfb_metrics()
        self._stamps.turn_ended(heard)
        filler = asyncio.create_task(self._wait_aloud(), name="brain.wait_aloud")

        def begun(sentence: str) -> None:
            filler.cancel()
            self._stood(sentence)

        voice = ModelVoice(self, self._turns, begun=begun)
        try:
            async with asyncio.timeout(self._lost):
                await self._take_turn(context, heard, voice)
        except TimeoutError:
            logger.error("the conversation did not answer in {} s", self._lost)
            self._on_stuck()
            return
        finally:
            filler.cancel()
            await voice.close()
        await self.stop_ttfb_metrics()
        self._on_said()

    async def _take_turn(self, context: LLMContext, heard: str, voice: ModelVoice) -> None:
        breaker = self._endpoint.breaker
        reason = self._code_alone(heard)
        if not reason and not breaker.admit():
            reason = "resting"
        if reason:
            await self._guided(heard, voice)
            self._on_model(reason)
            return
        self._tools.begin()
        try:
            await self._with_model(context, heard, voice)
        except ModelFailure as failure:
            if failure.counts:
                breaker.failed(rest=failure.rest)
            else:
                breaker.succeeded()
            logger.info("a turn of the model was answered by the engine: {}", failure.reason)
            if self._tools.acted:
                await self._speak(voice.unsaid(self._tools.says()), voice)
            else:
                await self._guided(heard, voice)
            self._on_model(failure.reason)
        except BaseException:
            breaker.abandoned()
            # cut off between deciding and saying: the words are owed
            self._turns.saying(voice.unsaid(self._tools.says()))
            raise
        else:
            breaker.succeeded()
            self._on_model("")

    async def _guided(self, heard: str, voice: ModelVoice) -> None:
        reply = await self._turns.hear(heard)
        await self._speak(self._turns.before(reply.says), voice)

    async def _speak(self, says: list[Utterance] | tuple[Utterance, ...], voice: ModelVoice) -> None:
        """The engine's words, as they are."""
        await voice.close()
        await self.say(says)

    def _code_alone(self, heard: str) -> str:
        """Why this turn is no matter for a model: keys, a plain yes or no to what was read back, what
        the guard stops, and what may be asked for anywhere (a person, no recording, no more calls)."""
        if heard.startswith("DTMF:"):
            return "keys"
        if check_heard(heard, flow=self._tools.compiled.name, channel=self._talk.channel).label != "ok":
            return "guard"
        polarity, rest = split_polarity(heard)
        if polarity in ("yes", "no") and not rest and self._talk.awaiting().get("kind") in YES_OR_NO:
            return "yes or no"
        return "command" if find_command(heard, strict=True) else ""

    # -- the model --------------------------------------------------------------------------------

    async def _with_model(self, context: LLMContext, heard: str, voice: ModelVoice) -> None:
        """Ask, run what is called, ask again; raises ModelFailure when the engine has to answer."""
        limits, loop = self._endpoint.limits, asyncio.get_running_loop()
        request = Request(
            context,
            state=self._tools.stand(),
            tools=self._tools.compiled.tools,
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
            outcomes = await self._tools.run(calls, heard)
            request.deadline += loop.time() - began  # the model does not pay for our work
            if any(outcome.result["status"] == "failed" for outcome in outcomes):
                raise ModelFailure("the conversation failed", counts=False)
            context.add_messages(_exchange(outcomes))
            wrong = [outcome for outcome in outcomes if not outcome.ok]
            if wrong and corrected:
                raise ModelFailure("wrong arguments", counts=False)
            corrected = corrected or bool(wrong)
            if not wrong and self._exact():
                await self._speak(voice.unsaid(self._tools.says()), voice)
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
            await self.start_llm_usage_metrics(request.usage)
        if voice.refused and not calls:
            raise ModelFailure(f"held back: {voice.refused}", counts=False)
        return calls

    async def _finish(self, heard: str, voice: ModelVoice) -> None:
        """The model has said its words: see that they lead on, and that nothing was passed over."""
        if not self._tools.acted and self._passed_over(heard):
            raise ModelFailure("passed over", counts=False)
        await voice.release()
        if not voice.spoken:
            raise ModelFailure("empty", counts=True)
        pending = " ".join(u.text for u in self._tools.says()) or str(self._talk.prompt().say)
        question = _last_question(pending)
        if question and not any(sentence.endswith("?") for sentence in voice.spoken):
            await voice.say(question)
        if not self._tools.acted:
            self._talk.overhear(heard)
            self._talk.spoke(" ".join(voice.spoken))

    def _stood(self, sentence: str) -> None:
        """The model speaks before the conversation did anything: for the line, everything is as it was."""
        if not self._tools.acted and self._last is not None:
            stood = cast(Any, self._last)
            said = (Phrase(sentence, "model"),)
            self._report(replace(stood, says=said, tools=(), ended=False, transfer_to=None), 0.0)

    def _judge(self, context: LLMContext) -> Judge:
        waiting = self._talk.awaiting().get("kind") in YES_OR_NO
        return Judge(
            secret=self._rules,
            canary=self._canary,
            known=lambda: [self._model.role, *map(_content, context.get_messages()), self._tools.stand()],
            read_back=str(self._talk.prompt().say) if waiting else "",
            receipts=frozenset(self._receipts),
            done=self._tools.acted and self._talk.may_claim_done,
            acted=self._tools.acted,
            say=" ".join(u.text for u in self._tools.says()),
        )

    def _exact(self) -> bool:
        """Whether the engine's next words must be spoken as they are: what was done, what is read back,
        the end, and everything with a number or an address in it."""
        replies, says = self._tools.replies, self._tools.says()
        return (
            self._endpoint.wording == "engine"
            or any(r.tools or r.ended or r.transfer_to or r.patience == "short" for r in replies)
            or self._talk.awaiting().get("kind") in YES_OR_NO
            or any(not u.interruptible or re.search(r"[\d@]", u.text) for u in says)
        )

    def _passed_over(self, heard: str) -> bool:
        """Whether the caller gave something the form can hold and the model called nothing: the most
        common way to lose what was said."""
        view = getattr(self._talk, "_view", None)
        if view is None:
            return False
        flow = cast(Any, self._talk).flow
        for event in understand(heard, view()):
            if isinstance(event, (Yes, No)):
                return self._talk.awaiting().get("kind") in YES_OR_NO
            if isinstance(event, (Answer, Fix)) and flow.slots[event.slot].type != "text":
                return True
        return False

    def _redact(self, context: LLMContext, fresh: int) -> None:
        """Card numbers and the like leave the history before a model sees it. ``fresh``: where the
        messages begin that no model has seen."""
        for message in context.get_messages()[fresh:]:
            if not isinstance(message, dict) or message.get("role") != "user":
                continue
            content = message.get("content")
            if isinstance(content, str):
                verdict = check_heard(content, flow=self._tools.compiled.name, channel=self._talk.channel)
                if verdict.label != "ok":
                    cast(dict[str, Any], message)["content"] = verdict.redacted


def _exchange(outcomes: list[Outcome]) -> list[Any]:
    """The calls and their results as history. Arguments that are no JSON object would upset some servers."""
    calls, results = [], []
    for outcome in outcomes:
        try:
            given = json.loads(outcome.call.arguments)
        except json.JSONDecodeError:
            given = None
        arguments = json.dumps(given if isinstance(given, dict) else {})
        function = {"name": outcome.call.name or "unknown", "arguments": arguments}
        calls.append({"id": outcome.call.id, "type": "function", "function": function})
        content = json.dumps(outcome.result, ensure_ascii=False)
        results.append({"role": "tool", "tool_call_id": outcome.call.id, "content": content})
    return [{"role": "assistant", "content": "", "tool_calls": calls}, *results]


def _content(message: Any) -> str:
    content = message.get("content") if isinstance(message, dict) else None
    return content if isinstance(content, str) else ""


def _last_question(text: str) -> str:
    """The last sentence if it asks something, else ""."""
    if not text.rstrip().endswith("?"):
        return ""
    return re.split(r"(?<=[.!?])\s+", text.strip())[-1]
