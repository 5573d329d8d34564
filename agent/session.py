"""One live call: builds its pipeline, opens, keeps it going, ends it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from loguru import logger
from pipecat.frames.frames import (
    ErrorFrame,
    Frame,
    OutputTransportMessageUrgentFrame,
    UserIdleTimeoutUpdateFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameDirection
from pipecat.processors.frameworks.rtvi import RTVIObserverParams
from pipecat.serializers.base_serializer import FrameSerializer

from agent import phrases
from agent.brains.guided import LOST_SECONDS, MOMENT_SECONDS, STUCK_SECONDS, GuidedBrain
from agent.captions import captions
from agent.ending import end_call
from agent.frames import PatienceFrame, VocabularyFrame
from agent.keypad import Keypad
from agent.latency import OnTurn, TurnClock, TurnRecord
from agent.pipeline import Call, build
from agent.ports import CallSpeech, Conversation, LiveCall, Outcome, Reply, Utterance
from agent.recording import Recording
from agent.transports import (
    TALK_RATE,
    TWILIO_RATE,
    TalkSerializer,
    TwilioSerializer,
    WireTransport,
    server_message,
    wire,
)
from agent.turns import Turns, described, spawn
from agent.understanding.base import Patience

Farewell = Callable[[Outcome, str | None], Awaitable[None]]
"""Told how the call leaves and where it is transferred to, while the line still stands."""
Archive = Callable[[], Awaitable[dict[str, str]]]
"""Writes what is kept of a call; paths by kind."""
BrainFactory = Callable[..., GuidedBrain]
"""Called as GuidedBrain is; a model's brain is one too."""


@dataclass(frozen=True)
class Limits:
    """Seconds. ``call``: the longest call, ``warn``: how long before that the caller is told.
    ``remind``: how often the caller hears again whom it talks to (C11).
    """

    call: float = 1200.0
    warn: float = 60.0
    remind: float = 600.0
    moment: float = MOMENT_SECONDS
    stuck: float = STUCK_SECONDS
    lost: float = LOST_SECONDS
    silent_voice: float = 4.0
    stalled: float = 12.0
    dead_line: float = 5.0
    playout: float = 1.0
    last_message: float = 0.1
    settle: float = 10.0
    teardown: float = 10.0
    goodbye_words: float = 30.0
    goodbye_quiet: float = 5.0
    goodbye_talk: float = 8.0


class Session:
    """A conversation on a wire. ``run`` returns how the call left.

    ``farewell`` is awaited (bounded) before the line is cut from our side. A socket that dies without
    Twilio's ``stop`` leaves the conversation open: the call may come back through another socket.
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
        brain: BrainFactory = GuidedBrain,
        preface: Sequence[Utterance] = (),
        reminder: Utterance | None = None,
        archive: Archive | None = None,
    ):
        self.call = call
        self.limits = limits or Limits()
        self.outcome: Outcome | None = None
        self.patience: Patience = "open"
        self._speech = speech
        self._recording = recording
        self.files: dict[str, str] = {}
        self._farewell, self._archive = farewell, archive
        self._make_brain, self._preface, self._reminder = brain, preface, reminder
        self._tasks: set[asyncio.Task[Any]] = set()
        self._on_turn = on_turn
        self._clock = TurnClock(self._on_record)
        self._turns = Turns(conversation, on_reply=self._on_reply, on_owed=self._on_owed)
        self._call: Call | None = None
        self._serializer: FrameSerializer | None = None
        self._wire: WireTransport | None = None
        self._last: Reply | None = None
        self._notice = False
        self._caller_talking = False
        self._began = self._moved = time.monotonic()
        self._marks: dict[str, asyncio.Event] = {}
        self._ending: asyncio.Task[Any] | None = None

    # -- life ---------------------------------------------------------------------------------

    async def run(self, websocket: Any, serializer: FrameSerializer) -> Outcome:
        """Talk until the call leaves. The WebSocket is accepted and past its handshake."""
        self._serializer = serializer
        self._clock.turn_ended("", "open")
        opening = asyncio.create_task(self._turns.open(), name="session.opening")
        try:
            running = self._assemble(websocket, serializer, opening)
            await self._supervise(running)
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

    @property
    def conversation(self) -> Conversation:
        """What this line carries."""
        return self._turns.conversation

    async def in_turn(self, work: Callable[[], Awaitable[Reply]], kind: str = "news") -> Reply:
        """Run work on the conversation between its turns, and say what comes of it on this line.

        For news from elsewhere: a link was clicked, a page was filled in.
        """
        self._clock.turn_ended("", kind)
        reply = await self._turns.take(work)
        await self._deliver(reply)
        return reply

    def abandon(self, outcome: Outcome = "dropped") -> None:
        """Let go at once: the call goes on over another socket, or nobody is there any more."""
        if self.outcome is None:
            self.outcome = outcome
            if self._call:
                spawn(self._tasks, self._call.worker.cancel(reason=outcome), "abandon")

    def _assemble(self, websocket: Any, serializer: FrameSerializer, opening: asyncio.Task[Reply]) -> Call:
        context = LLMContext()
        brain = self._make_brain(
            self._turns,
            self._clock,
            after_notice=self._after_notice,
            on_said=self._on_said,
            on_stuck=lambda: self._give_up(phrases.GIVING_UP),
            moment=self.limits.moment,
            stuck=self.limits.stuck,
            lost=self.limits.lost,
        )
        self._wire = transport = wire(websocket, serializer, audio=True)
        transport.listen_in(self._recording)
        if isinstance(serializer, TwilioSerializer):
            serializer.on_mark = self._on_mark
            serializer.on_flood = lambda: self._finish("failed", "garbage on the socket")
            serializer.may_clear = lambda: not self._notice
        self._call = call = build(
            name=f"call-{self.call.id}",
            transport=transport,
            speech=self._speech,
            brain=brain,
            context=context,
            turns=self._turns,
            clock=self._clock,
            keypad=Keypad(
                patience=lambda: self.patience,
                idle_seconds=self._idle_seconds,
                may_interrupt=lambda: not self._notice,
            ),
            on_notice=self._on_notice,
            rate=TWILIO_RATE if isinstance(serializer, TwilioSerializer) else TALK_RATE,
            rtvi=self.rtvi,
        )

        @transport.event_handler("on_client_connected")
        async def connected(_: Any, __: Any) -> None:
            spawn(self._tasks, self._open(opening), "opening")

        @transport.event_handler("on_client_disconnected")
        async def disconnected(_: Any, __: Any) -> None:
            await self._gone()

        @call.listener.event_handler("on_user_turn_started")
        async def started(*_: Any) -> None:
            self._caller_talking = True
            self._moved = time.monotonic()

        @call.listener.event_handler("on_user_turn_stopped")
        async def stopped(*_: Any) -> None:
            self._caller_talking = False
            self._moved = time.monotonic()

        @call.listener.event_handler("on_user_turn_idle")
        async def idle(_: Any) -> None:
            spawn(self._tasks, self._silence(), "silence")

        @call.worker.event_handler("on_pipeline_error")
        async def broken(_: Any, frame: ErrorFrame) -> None:
            self._on_error(frame)

        return call

    async def _supervise(self, call: Call) -> None:
        await call.runner.add_workers(call.worker)
        running = asyncio.create_task(call.runner.run(), name="session.pipeline")
        watching = [
            asyncio.create_task(self._watch(), name="session.watch"),
            asyncio.create_task(self._cap(), name="session.cap"),
            asyncio.create_task(self._remind(), name="session.remind"),
        ]
        try:
            while not running.done():
                await asyncio.wait({running}, timeout=1.0)
                if self._ending and self._ending.done() and self.outcome and not running.done():
                    _, late = await asyncio.wait({running}, timeout=self.limits.teardown)
                    if late:
                        logger.error("a pipeline did not let go; leaving it behind")
                        break
        finally:
            for task in watching:
                task.cancel()
            if not running.done():
                running.cancel()
                await asyncio.wait({running}, timeout=self.limits.teardown)

    async def _leave(self) -> None:
        outcome = self.outcome = self.outcome or "dropped"
        if not await self._turns.settle(self.limits.settle):
            logger.error("a conversation was still working when its call left")
        if outcome not in ("dropped", "drained", "transferred"):
            reason = {"hung_up": "caller hung up", "capped": "time limit"}.get(outcome, outcome)
            await self._turns.conversation.close(reason)
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.0)
        await self._keep_files()

    async def _keep_files(self) -> None:
        """Close the recording and write the transcript; ``files`` says where they lie."""
        try:
            if self._recording and (path := await self._recording.close()):
                self.files["recording"] = str(path)
            if self._archive:
                self.files |= await self._archive()
        except Exception as error:
            logger.error("what a call leaves behind could not be kept: {}", described(error))

    # -- what the caller does -----------------------------------------------------------------

    async def _gone(self) -> None:
        stopped = getattr(self._serializer, "stopped", True)
        if self.outcome is None:
            self.outcome = "hung_up" if stopped else "dropped"
        if self._call:
            await self._call.worker.cancel(reason=self.outcome)

    async def _silence(self) -> None:
        if self._turns.busy or self._turns.speaking or self._caller_talking or self.outcome:
            return
        self._clock.turn_ended("", "silence")
        await self._deliver(await self._turns.silence())

    # -- what the agent says ------------------------------------------------------------------

    async def _open(self, opening: asyncio.Task[Reply]) -> None:
        try:
            reply = await opening
        except Exception as error:
            logger.error("the opening failed: {}", described(error))
            self._give_up(phrases.GIVING_UP)
            return
        if all(utterance.interruptible for utterance in reply.says):
            self._start_recording()  # a call that came back heard its notice before
        await self._brain.say([*self._preface, *self._turns.before(reply.says)])
        self._on_said()

    async def _deliver(self, reply: Reply) -> None:
        await self._brain.say(self._turns.before(reply.says))
        self._on_said()

    def _on_reply(self, reply: Reply, seconds: float) -> None:
        self._last = reply
        self._moved = time.monotonic()
        self._clock.decided(reply)
        self.patience = reply.patience
        self._speech.turns.control.set_patience(reply.patience)
        if self._recording and not self._may_record():
            self._recording.stop()
        if self._call:
            spawn(self._tasks, self._tune(reply), "tune")

    async def _tune(self, reply: Reply) -> None:
        for frame in (
            PatienceFrame(patience=reply.patience),
            VocabularyFrame(words=tuple(reply.vocabulary)),
            UserIdleTimeoutUpdateFrame(timeout=self._idle_seconds()),
        ):
            await self._brain.push_frame(frame, FrameDirection.UPSTREAM)

    def _on_owed(self) -> None:
        if not self._caller_talking and self.outcome is None:
            spawn(self._tasks, self._say_owed(), "owed")

    async def _say_owed(self) -> None:
        await self._brain.say(self._turns.again())
        self._on_said()

    def _on_said(self) -> None:
        """The words of the last reply are on their way."""
        self._moved = time.monotonic()
        if self._last is None:
            return
        if self._last.transfer_to:
            self._finish("transferred", "transfer")
        elif self._last.ended:
            self._finish("done", "the conversation ended", goodbye=True)

    async def _tell(self, message: dict[str, Any]) -> None:
        """Show something to a browser, ahead of the sound that is queued."""
        await self._brain.push_frame(OutputTransportMessageUrgentFrame(message=message))

    # -- the notice and the recording -----------------------------------------------------------

    def _after_notice(self) -> list[Frame]:
        """Asked for when something is put on the line that may not be talked over."""
        self._notice = True
        self._speech.turns.control.mute(True)
        return [self._mark("notice")] if isinstance(self._serializer, TwilioSerializer) else []

    def _on_notice(self) -> None:
        self._notice = False
        self._speech.turns.control.mute(False)
        if not isinstance(self._serializer, TwilioSerializer):
            self._start_recording()

    def _start_recording(self) -> None:
        if self._recording and self._may_record():
            self._recording.start()

    def _may_record(self) -> bool:
        return self._turns.conversation.recording

    def _on_record(self, record: TurnRecord) -> None:
        """An exchange is complete: store its timing, tell who listens."""
        if isinstance(self._serializer, TalkSerializer):
            for message in captions(record):
                spawn(self._tasks, self._tell(message), "caption")
        spawn(self._tasks, self._turns.conversation.timed(record.latency.as_dict()), "timing")
        self._on_turn(record)

    def _mark(self, name: str) -> Frame:
        assert isinstance(self._serializer, TwilioSerializer)
        self._marks.setdefault(name, asyncio.Event())
        return self._serializer.mark(name)

    def _on_mark(self, name: str) -> None:
        if name == "notice" and not self._notice:
            self._start_recording()
        if name in self._marks:
            self._marks[name].set()

    # -- ending ---------------------------------------------------------------------------------

    def _finish(self, outcome: Outcome, reason: str, *, goodbye: bool = False) -> None:
        if self._ending is None and self._call is not None:
            self._ending = spawn(self._tasks, self._end(outcome, reason, goodbye), "ending")

    async def _end(self, outcome: Outcome, reason: str, goodbye: bool) -> None:
        assert self._call is not None
        if goodbye and not await self._still_over():
            self._ending = None
            return

        async def farewell() -> None:
            await self._played_out()
            if isinstance(self._serializer, TalkSerializer):
                await self._tell(server_message("ended"))
                await asyncio.sleep(self.limits.last_message)
            if self.outcome is None:
                self.outcome = outcome
            if self._farewell:
                await self._farewell(self.outcome, self._last.transfer_to if self._last else None)

        await end_call(
            self._call.worker,
            reason=reason,
            farewell=farewell,
            quiet=self.limits.goodbye_quiet,
            words=self.limits.goodbye_words,
        )
        self.outcome = self.outcome or outcome

    async def _still_over(self) -> bool:
        """Whether it is still goodbye once the words are out: a caller who speaks up is not cut off."""
        assert self._call is not None
        try:
            async with asyncio.timeout(self.limits.goodbye_words):
                await self._call.worker.flush_pipeline(timeout=self.limits.goodbye_quiet)
        except TimeoutError:
            pass
        waited = 0.0
        while (self._caller_talking or self._turns.busy) and waited < self.limits.goodbye_talk:
            await asyncio.sleep(0.1)
            waited += 0.1
        return bool(self._last and self._last.ended)

    async def _played_out(self) -> None:
        """Twilio plays a moment behind what was sent: wait for its word that the last syllable is out."""
        if not isinstance(self._serializer, TwilioSerializer) or self.outcome is not None:
            return
        mark = self._mark("end")
        await self._brain.push_frame(mark)
        try:
            async with asyncio.timeout(self.limits.playout):
                await self._marks["end"].wait()
        except TimeoutError:
            pass

    def _give_up(self, phrase: phrases.Phrase | None) -> None:
        """The call cannot go on here: say so if there is a voice, then send the caller elsewhere."""
        if phrase and self._call and self._voice_works():
            spawn(self._tasks, self._brain.say([phrase]), "giving up")
        self._finish("failed", "cannot go on")

    # -- watching -------------------------------------------------------------------------------

    def _on_error(self, frame: ErrorFrame) -> None:
        source = frame.processor
        logger.error("a part of a call failed: {} {}", type(source).__name__, frame.category)
        if source is None or source.is_usable or self.outcome:
            return
        if source is self._speech.stt:
            self._give_up(phrases.DEAF)
        elif source is self._speech.tts:
            self._give_up(None)
        else:
            self._finish("dropped", "the wire is dead")

    def _voice_works(self) -> bool:
        return self._speech.tts.is_usable

    async def _watch(self) -> None:
        """Nobody waits in silence: words that make no sound are said again, a stalled call is woken."""
        retried = False
        while True:
            await asyncio.sleep(0.5)
            if self._line_is_dead():
                logger.warning("a media socket went quiet: the line is dead")
                await self._gone()
                return
            quiet = time.monotonic() - self._moved
            if self._turns.audible_now:
                self._moved, retried = time.monotonic(), False
            elif self._turns.speaking and quiet > self.limits.silent_voice:
                if retried:
                    self._give_up(None)
                    return
                retried = True
                logger.warning("words made no sound; saying them again")
                self._turns.cut_off()
                await self._say_owed()
            elif quiet > self._idle_seconds() + self.limits.stalled and not self._turns.busy:
                self._moved = time.monotonic()
                self._caller_talking = False
                spawn(self._tasks, self._silence(), "silence")

    def _line_is_dead(self) -> bool:
        """Twilio sends sound without a pause; none for seconds means that nobody is there any more."""
        if self._wire is None or not isinstance(self._serializer, TwilioSerializer) or self.outcome:
            return False
        return max(self._wire.heard_at, self._began) < time.monotonic() - self.limits.dead_line

    async def _cap(self) -> None:
        await asyncio.sleep(max(self.limits.call - self.limits.warn, 0.0))
        await self._brain.say([phrases.ONE_MINUTE])
        await asyncio.sleep(self.limits.warn)
        await self._brain.say([phrases.TIME_IS_UP])
        self._finish("capped", "time limit")

    async def _remind(self) -> None:
        """Every ten minutes the next words begin with who is speaking (C11)."""
        while self._reminder is not None:
            await asyncio.sleep(self.limits.remind)
            self._turns.owe([self._reminder])

    def _idle_seconds(self) -> float:
        return self._speech.turns.control.pace.idle

    @property
    def _brain(self) -> GuidedBrain:
        assert self._call is not None
        return self._call.brain
