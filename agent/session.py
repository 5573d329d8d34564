"""One live call: builds its pipeline, opens, keeps it going, ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from loguru import logger
from pipecat.frames.frames import ErrorFrame, OutputTransportMessageUrgentFrame, UserIdleTimeoutUpdateFrame
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameDirection
from pipecat.processors.frameworks.rtvi import RTVIObserverParams
from pipecat.serializers.base_serializer import FrameSerializer

from agent import phrases
from agent.brains.guided import GuidedBrain
from agent.captions import captions
from agent.ending import end_call
from agent.faults import Fault
from agent.frames import PatienceFrame, VocabularyFrame
from agent.keypad import Keypad
from agent.latency import OnTurn, TurnClock, TurnRecord
from agent.limits import Limits
from agent.notice import Notice
from agent.pipeline import Call, build
from agent.ports import CallSpeech, Conversation, LiveCall, Outcome, Reply, Utterance
from agent.recording import Recording
from agent.transports import TALK_RATE, TWILIO_RATE, TalkSerializer, TwilioSerializer, server_message, wire
from agent.turns import Turns, described, spawn
from agent.understanding.base import Patience
from agent.watch import Watch

Farewell = Callable[[Outcome, str | None], Awaitable[None]]
"""Told how the call leaves and where it is transferred to, while the line still stands."""
Archive = Callable[[], Awaitable[dict[str, str]]]
"""Writes what is kept of a call; paths by kind."""
BrainFactory = Callable[..., GuidedBrain]
"""Called as GuidedBrain is; a model's brain is one too."""

STAYS_OPEN = frozenset({"dropped", "drained", "transferred"})
"""Outcomes after which the conversation may be needed again."""
REASONS = {"hung_up": "caller hung up", "capped": "time limit"}


class Session:
    """A conversation on a wire. ``run`` returns how the call left, ``files`` where its sound and words lie.

    ``farewell`` is awaited (bounded) before the line is cut from our side. A socket that dies without
    Twilio's ``stop`` leaves the conversation open: the call may come back through another socket.
    ``preface`` is said before the opening.
    """

    rtvi: RTVIObserverParams | None = None
    """What an RTVI client on the wire is told; a telephone and a talk page have none."""

    def __init__(
        self,
        call: LiveCall,
        conversation: Conversation,
        speech: CallSpeech,
        *,
        limits: Limits | None = None,
        recording: Recording | None = None,
        farewell: Farewell | None = None,
        on_turn: OnTurn = lambda record: None,
        on_fault: Callable[[Fault], None] = lambda kind: None,
        on_end: Callable[[str], None] = lambda outcome: None,
        brain: BrainFactory = GuidedBrain,
        preface: Sequence[Utterance] = (),
        reminder: Callable[[], Utterance] | None = None,
        archive: Archive | None = None,
    ):
        self.call = call
        self.limits = limits or Limits()
        self.outcome: Outcome | None = None
        self.patience: Patience = "open"
        self.files: dict[str, str] = {}
        self._speech, self._recording = speech, recording
        self._farewell, self._archive = farewell, archive
        self._make_brain, self._preface, self._reminder = brain, preface, reminder
        self._on_turn, self._on_fault, self._on_end = on_turn, on_fault, on_end
        self._tasks: set[asyncio.Task[Any]] = set()
        self._clock = TurnClock(self._on_record)
        self._turns = Turns(conversation, on_reply=self._on_reply, on_owed=self._on_owed)
        self._last: Reply | None = None
        self._ending: asyncio.Task[Any] | None = None
        self._call: Call | None = None
        self._serializer: FrameSerializer | None = None
        self._notice: Notice | None = None
        self._watch: Watch | None = None

    # -- life ---------------------------------------------------------------------------------

    @property
    def conversation(self) -> Conversation:
        """What this line carries."""
        return self._turns.conversation

    async def run(self, websocket: Any, serializer: FrameSerializer) -> Outcome:
        """Talk until the call leaves. The WebSocket is accepted and past its handshake."""
        self._clock.turn_ended("", "open")
        opening = asyncio.create_task(self._turns.open(), name="session.opening")
        try:
            call, watch = self._assemble(websocket, serializer, opening)
            await self._supervise(call, watch)
        finally:
            opening.cancel()
            await self._leave()
        return self.outcome or "dropped"

    async def stop(self, outcome: Outcome, reason: str) -> None:
        """End the call from outside (drain, operator): what is being said is finished first."""
        if self.outcome is None:
            self._finish(outcome, reason)
        if self._ending:
            await asyncio.wait({self._ending})

    def abandon(self, outcome: Outcome = "dropped") -> None:
        """Let go at once: the call goes on over another socket, or nobody is there any more."""
        if self.outcome is None:
            self.outcome = outcome
            if self._call:
                spawn(self._tasks, self._call.worker.cancel(reason=outcome), "abandon")

    async def in_turn(self, work: Callable[[], Awaitable[Reply]], kind: str = "news") -> Reply:
        """Run work on the conversation between its turns, and say what comes of it on this line.

        For news from elsewhere: a link was clicked, a page was filled in.
        """
        self._clock.turn_ended("", kind)
        reply = await self._turns.take(work)
        await self._deliver(reply)
        return reply

    def _assemble(
        self, websocket: Any, serializer: FrameSerializer, opening: asyncio.Task[Reply]
    ) -> tuple[Call, Watch]:
        """The parts of this call, connected; nothing runs yet."""
        telephone = isinstance(serializer, TwilioSerializer)
        if isinstance(serializer, TwilioSerializer):
            serializer.on_flood = self._flooded
        self._serializer = serializer
        self._notice = Notice(serializer, self._speech.turns.control, self._recording, self.conversation)
        transport = wire(websocket, serializer, audio=True)
        transport.listen_in(self._recording)
        transport.on_sound(self._clock.sound_made)
        self._watch = watch = Watch(
            self,
            self._turns,
            self.limits,
            idle_seconds=self._idle_seconds,
            heard_at=(lambda: transport.heard_at) if telephone else None,
            reminder=self._reminder,
        )
        self._call = call = self._pipeline(transport, self._notice, TWILIO_RATE if telephone else TALK_RATE)
        self._mind_the_wire(transport, opening)
        self._mind_the_caller(call, watch)
        return call, watch

    def _pipeline(self, transport: Any, notice: Notice, rate: int) -> Call:
        return build(
            name=f"call-{self.call.id}",
            transport=transport,
            speech=self._speech,
            brain=self._make_brain(
                self._turns,
                self._clock,
                after_notice=notice.put_on,
                on_said=self._on_said,
                on_stuck=self._stuck,
                moment=self.limits.moment,
                stuck=self.limits.stuck,
                lost=self.limits.lost,
            ),
            context=LLMContext(),
            turns=self._turns,
            clock=self._clock,
            keypad=Keypad(
                patience=lambda: self.patience,
                idle_seconds=self._idle_seconds,
                may_interrupt=lambda: not notice.playing,
            ),
            on_notice=notice.sent,
            rate=rate,
            rtvi=self.rtvi,
        )

    def _mind_the_wire(self, transport: Any, opening: asyncio.Task[Reply]) -> None:
        """The opening is said when somebody is there; when nobody is any more, the call is lost."""

        @transport.event_handler("on_client_connected")
        async def connected(_: Any, __: Any) -> None:
            spawn(self._tasks, self._open(opening), "opening")

        @transport.event_handler("on_client_disconnected")
        async def disconnected(_: Any, __: Any) -> None:
            await self.lost()

    def _mind_the_caller(self, call: Call, watch: Watch) -> None:
        """Who talks and who is silent is told to the watch and the recording."""

        @call.listener.event_handler("on_user_turn_started")
        async def started(*_: Any) -> None:
            if self._recording:
                self._recording.turn_began()
            watch.caller_talking = True
            watch.moved()

        @call.listener.event_handler("on_user_turn_stopped")
        async def stopped(*_: Any) -> None:
            watch.caller_talking = False
            watch.moved()

        @call.listener.event_handler("on_user_turn_idle")
        async def idle(_: Any) -> None:
            spawn(self._tasks, self._silence(), "silence")

        @call.worker.event_handler("on_pipeline_error")
        async def broken(_: Any, frame: ErrorFrame) -> None:
            self._on_error(frame)

    async def _supervise(self, call: Call, watch: Watch) -> None:
        await call.runner.add_workers(call.worker)
        running = asyncio.create_task(call.runner.run(), name="session.pipeline")
        watching = [asyncio.ensure_future(work) for work in watch.works()]
        try:
            while not running.done():
                await asyncio.wait({running}, timeout=1.0)
                if self._ending and self._ending.done() and self.outcome and not running.done():
                    _, late = await asyncio.wait({running}, timeout=self.limits.teardown)
                    if late:
                        logger.error("a pipeline did not let go; leaving it behind")
                        self._on_fault("left_behind")
                        break
        finally:
            for task in watching:
                task.cancel()
            if not running.done():
                running.cancel()
                await asyncio.wait({running}, timeout=self.limits.teardown)

    async def _leave(self) -> None:
        outcome = self.outcome = self.outcome or "dropped"
        self._on_end(outcome)
        if not await self._turns.settle(self.limits.settle):
            logger.error("a conversation was still working when its call left")
            self._on_fault("conversation")
        if outcome not in STAYS_OPEN:
            await self.conversation.close(REASONS.get(outcome, outcome))
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.0)
        try:
            if self._recording and (path := await self._recording.close()):
                self.files["recording"] = str(path)
            if self._archive:
                self.files |= await self._archive()
        except Exception as error:
            logger.error("what a call leaves behind could not be kept: {}", described(error))
            self._on_fault("recording")

    # -- what is said ---------------------------------------------------------------------------

    async def say(self, says: Sequence[Utterance]) -> None:
        """Put words on the line, behind those already on their way."""
        await self._brain.say(says)

    async def say_owed(self) -> None:
        """Say what is owed to the caller."""
        await self.say(self._turns.again())
        self._on_said()

    async def _open(self, opening: asyncio.Task[Reply]) -> None:
        assert self._notice is not None
        try:
            reply = await opening
        except Exception as error:
            logger.error("the opening failed: {}", described(error))
            self._on_fault("conversation")
            self.give_up(phrases.GIVING_UP)
            return
        if all(utterance.interruptible for utterance in reply.says):
            self._notice.given()  # a call that came back heard it before
        await self.say([*self._preface, *self._turns.before(reply.says)])
        self._on_said()

    async def _silence(self) -> None:
        control = self._speech.turns.control
        if not await control.silent():
            return
        talking = self._watch is not None and self._watch.caller_talking
        if self._turns.busy or self._turns.speaking or talking or self.outcome:
            return
        self._clock.turn_ended("", "silence")
        reply = await self._turns.silence()
        if control.hearing and not (reply.ended or reply.transfer_to):
            return  # the caller has begun to speak meanwhile
        await self._deliver(reply)

    async def _deliver(self, reply: Reply) -> None:
        await self.say(self._turns.before(reply.says))
        self._on_said()

    async def _tell(self, message: dict[str, Any]) -> None:
        """Show something to a browser, ahead of the sound that is queued."""
        await self._brain.push_frame(OutputTransportMessageUrgentFrame(message=message))

    async def _tune(self, reply: Reply) -> None:
        """Tell ears and turn taking what comes next."""
        for frame in (
            PatienceFrame(patience=reply.patience),
            VocabularyFrame(words=tuple(reply.vocabulary), careful=reply.careful),
            UserIdleTimeoutUpdateFrame(timeout=self._idle_seconds()),
        ):
            await self._brain.push_frame(frame, FrameDirection.UPSTREAM)

    def _idle_seconds(self) -> float:
        return self._speech.turns.control.pace.idle

    @property
    def _brain(self) -> GuidedBrain:
        assert self._call is not None
        return self._call.brain

    # -- what happens ---------------------------------------------------------------------------

    def _on_reply(self, reply: Reply, seconds: float) -> None:
        self._last = reply
        self._clock.decided(reply)
        self.patience = reply.patience
        self._speech.turns.control.set_patience(reply.patience)
        if self._notice and self._watch:
            self._notice.mind_refusal()
            self._watch.moved()
        if self._call:
            spawn(self._tasks, self._tune(reply), "tune")

    def _on_owed(self) -> None:
        """Words came in that nobody is waiting for: say them, unless the caller talks."""
        if self._watch and not self._watch.caller_talking and self.outcome is None:
            spawn(self._tasks, self.say_owed(), "owed")

    def _on_said(self) -> None:
        """The words of the last reply are on their way."""
        if self._watch:
            self._watch.moved()
        if self._last is None:
            return
        if self._last.transfer_to:
            self._finish("transferred", "transfer")
        elif self._last.ended:
            self._finish("done", "the conversation ended", goodbye=True)

    def _on_record(self, record: TurnRecord) -> None:
        """An exchange is complete: store its timing, tell who listens."""
        confidence, interrupted = self._turns.signals()
        if record.kind == "hear":
            record = replace(record, confidence=confidence, interrupted=interrupted)
        if isinstance(self._serializer, TalkSerializer):
            for message in captions(record):
                spawn(self._tasks, self._tell(message), "caption")
        spawn(self._tasks, self.conversation.timed(record.latency.as_dict(), record.signals()), "timing")
        self._on_turn(record)

    def _on_error(self, frame: ErrorFrame) -> None:
        source = frame.processor
        logger.error("a part of a call failed: {} {}", type(source).__name__, frame.category)
        if source is None or source.is_usable or self.outcome:
            self._on_fault("part")
            return
        if source is self._speech.stt:
            self._on_fault("ears")
            self.give_up(phrases.DEAF)
        elif source is self._speech.tts:
            self._on_fault("voice")
            self.give_up()
        else:
            self._on_fault("wire")
            self._finish("dropped", "the wire is dead")

    def _flooded(self) -> None:
        self._on_fault("flood")
        self._finish("failed", "garbage on the socket")

    async def lost(self) -> None:
        """The socket is gone: a caller who hung up, or a line that broke."""
        if self.outcome is None:
            self.outcome = "hung_up" if getattr(self._serializer, "stopped", True) else "dropped"
            if self.outcome == "dropped":
                self._on_fault("wire")
        if self._call:
            await self._call.worker.cancel(reason=self.outcome)

    def wake(self) -> None:
        """Nothing has happened for too long: treat it as the caller's silence."""
        self._on_fault("stalled")
        if self._watch:
            self._watch.caller_talking = False
        spawn(self._tasks, self._silence(), "silence")

    # -- ending ---------------------------------------------------------------------------------

    def give_up(self, phrase: phrases.Phrase | None = None) -> None:
        """The call cannot go on here: say so if there is a voice, then send the caller elsewhere."""
        if phrase and self._call and self._speech.tts.is_usable:
            spawn(self._tasks, self.say([phrase]), "giving up")
        self._finish("failed", "cannot go on")

    def silent_voice(self) -> None:
        """Words made no sound."""
        self._on_fault("silent_voice")

    def _stuck(self) -> None:
        self._on_fault("conversation")
        self.give_up(phrases.GIVING_UP)

    def time_is_up(self) -> None:
        """The call has lasted as long as calls may."""
        self._on_fault("time")
        self._finish("capped", "time limit")

    def _finish(self, outcome: Outcome, reason: str, *, goodbye: bool = False) -> None:
        if self._ending is None and self._call is not None:
            self._ending = spawn(self._tasks, self._end(self._call, outcome, reason, goodbye), "ending")

    async def _end(self, call: Call, outcome: Outcome, reason: str, goodbye: bool) -> None:
        if goodbye and not await self._still_over(call):
            self._ending = None
            return

        async def farewell() -> None:
            if self.outcome is None and self._notice:
                await self._notice.played_out(self._brain.push_frame, self.limits.playout)
            if isinstance(self._serializer, TalkSerializer):
                await self._tell(server_message("ended"))
                await asyncio.sleep(self.limits.last_message)
            if self.outcome is None:
                self.outcome = outcome
            if self._farewell:
                await self._farewell(self.outcome, self._last.transfer_to if self._last else None)

        await end_call(
            call.worker,
            reason=reason,
            farewell=farewell,
            quiet=self.limits.goodbye_quiet,
            words=self.limits.goodbye_words,
        )
        self.outcome = self.outcome or outcome

    async def _still_over(self, call: Call) -> bool:
        """Whether it is still goodbye once the words are out: a caller who speaks up is not cut off."""
        try:
            async with asyncio.timeout(self.limits.goodbye_words):
                await call.worker.flush_pipeline(timeout=self.limits.goodbye_quiet)
        except TimeoutError:
            pass
        waited = 0.0
        while waited < self.limits.goodbye_talk and (
            self._turns.busy or (self._watch and self._watch.caller_talking)
        ):
            await asyncio.sleep(0.1)
            waited += 0.1
        return bool(self._last and self._last.ended)
