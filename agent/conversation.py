"""One conversation with one caller, over any channel: the pipecat-free heart of a call.

It hears (understanding), decides (the form engine), acts (tools) and answers (phrasing), and stores
every turn, so that any channel and any process can go on from where it was. Guided and model brains
both end here; only this code decides what is valid, what is done and what comes next.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal
from uuid import UUID

from loguru import logger

from agent import acts
from agent.acts import Act, Event
from agent.form import order
from agent.form.engine import Env, advance, slot_view
from agent.form.state import Awaiting, FormState
from agent.guardrails.guard import Verdict, check_heard
from agent.parts import Parts
from agent.phrasing import Phraser, Utterance, value_words
from agent.record import LEASE_SECONDS, Record, restored
from agent.reply import Reply, StepPrompt, ToolRun
from agent.session_facts import SessionFacts, load_facts
from agent.understanding.base import Patience, Reading
from agent.understanding.commands import NO_CODE, has_digits, resume_code
from agent.understanding.polarity import polarity
from agent.understanding.understand import View, understand
from agent.understanding.wishes import CallBack, call_back
from core.errors import Conflict, SeiketsuError, Unavailable
from core.ids import HOUSE_TENANT, new_id
from flows.schema import Channel, Choice, Slot
from policies import business_hours, choices
from policies.standards import suggestions
from stores import conversations as store
from stores.db import Session
from stores.receipts import receipts
from tools import registry
from tools.base import ToolContext, ToolResult

CLOSING_PAUSES = (1.0, 3.0, 9.0)
"""Seconds between the tries to store what there is when a call has ended and the database does not answer."""

RESUME_TRIES = 3
"""Wrong codes after which a conversation opens no other any more (A021)."""

QUESTIONS = (acts.Ask, acts.ReadBack, acts.Summary, acts.Which)

MAX_CHAIN = 12
"""Engine rounds in one turn (commit, outcome, next commit ...): more would be a loop."""


class Conversation:
    """Start or resume with :meth:`start`; then one call of ``hear`` (or a sibling) per turn."""

    def __init__(self, parts: Parts, facts: SessionFacts, row: store.Conversation, owner: str):
        self.parts = parts
        self.tenant_id = facts.tenant_id
        self.channel: Channel = "voice" if row.channel == "voice" else "chat"
        self.flow = parts.flows[row.flow]
        self.facts = facts
        self.recording = True
        self.may_claim_done = False
        self.call_id: UUID | None = None
        self.rehearsal = bool(row.test)
        self.record = Record(parts, self.tenant_id, row, owner)
        self._subject = row.subject_tenant_id
        self._caller = row.caller
        self._tries = row.resume_failures
        self.state = restored(self.flow, row.state, reopen=self._resumable)
        self._opened = bool(row.state)
        self._turns = row.version
        self._person_told = self.state.handed_over
        self._last: tuple[Utterance, ...] = ()
        self._lock = asyncio.Lock()
        self._closed = False

    @property
    def id(self) -> UUID:
        """The stored conversation; another one after a resume code."""
        return self.record.id

    # -- beginning and end ------------------------------------------------------------------------

    @classmethod
    async def start(
        cls,
        parts: Parts,
        *,
        tenant_id: UUID,
        channel: str,
        caller: str | None = None,
        call_id: UUID | None = None,
        conversation_id: UUID | None = None,
        owner: str | None = None,
        rehearsal: bool = False,
    ) -> Conversation:
        """Begin a conversation with the tenant's agent, or take up a stored one.

        ``owner`` names the line that drives it (default: the call, else the conversation itself), so that
        a call that comes back goes on at once. Raises NotFound, and Conflict while another line drives it.
        """
        flow = parts.flows["onboarding" if tenant_id == HOUSE_TENANT else "lead"]
        saved = False
        async with parts.db.tenant(tenant_id) as session:
            if conversation_id is None:
                saved = bool(caller) and await _has_saved(session, flow.flow, caller)
                row = await store.create(
                    session,
                    id=new_id(),
                    channel=channel,
                    flow=flow.flow,
                    flow_version=flow.version,
                    step=flow.steps[0].step,
                    caller=caller,
                    test=rehearsal,
                )
            else:
                row = await store.load(session, conversation_id)
            owner = owner or (f"call:{call_id}" if call_id else f"{channel}:{row.id}")
            now = parts.clock.now()
            if not await store.take_lease(session, row.id, owner, now=now, seconds=LEASE_SECONDS):
                raise Conflict("this conversation is going on over another line", code="in_use")
            refused = bool(row.state) and await _refused_recording(session, row.id)
        facts = await load_facts(parts, tenant_id, caller=row.caller or caller, subject=row.subject_tenant_id)
        conversation = cls(parts, facts, row, owner)
        conversation.channel = "voice" if channel == "voice" else "chat"
        conversation.call_id = call_id
        conversation.recording = facts.recorded and not refused
        conversation._saved_setup = saved
        conversation._prepare()
        return conversation

    def _prepare(self) -> None:
        """Outside the hours an agent that only takes messages asks for one at once (A045)."""
        if self._opened or self.rehearsal or not self.facts.messages_only or "intent" not in self.flow.slots:
            return
        slot = self.state.slot("intent")
        slot.value, slot.status = "message", "confirmed"
        self.state.done["intent"] = "message"
        self._preset = frozenset({"intent"})

    _preset: frozenset[str] = frozenset()
    _saved_setup = False

    @classmethod
    async def take_up(cls, parts: Parts, row: store.Conversation, *, channel: str) -> Conversation:
        """Go on with a stored conversation over a line of its own (chat). Conflict when it has ended."""
        if row.status == "ended":
            raise Conflict("this conversation has ended; begin a new one", code="ended")
        return await cls.start(parts, tenant_id=row.tenant_id, channel=channel, conversation_id=row.id)

    async def open(self) -> Reply:
        """The legal opening and the first question; or, coming back, where we were."""
        async with self._lock:
            phraser = self._phraser()
            says: list[Utterance] = []
            if self._opened:
                says.append(phraser.line("welcome_back" if self.channel == "chat" else "cut_off"))
                return await self._turn([acts.Command("repeat")], before=says)
            for key, text in self.facts.opening(self.channel, self.flow.opening):
                said = phraser.words(text, key)
                if said.text:  # a client without a greeting has nothing to say here
                    says.append(replace(said, interruptible=key != "opening"))
            if self._saved_setup and self._resumable:
                # a number proves nothing and only suggests; the code opens it
                says.append(phraser.line("saved_setup"))
            self._opened = True
            return await self._turn([], before=says)

    async def close(self, reason: str) -> None:
        """Store what there is and let go; idempotent. An unfinished set-up stays open to be resumed."""
        async with self._lock:
            if self._closed or self.record.lost:
                return
            self._closed = True
            for pause in CLOSING_PAUSES:
                try:
                    await self._put_away(reason)
                    return
                except Unavailable:
                    await asyncio.sleep(pause)
                except SeiketsuError as error:
                    logger.warning("conversation could not be closed cleanly: {}", error.code)
                    return
            logger.error("conversation could not be stored at its end: the database does not answer")

    async def _put_away(self, reason: str) -> None:
        finished = order.current(self.flow, self.state) is None
        for_good = finished or self.flow.on_end is not None or (self.state.closed and not self._resumable)
        if not finished and self.flow.on_end is not None and self._has_something_to_keep():
            result, _ = await self._run_tool(self.flow.on_end, self.state.confirmed(), "on_end")
            if result.status == Unavailable.code:
                raise Unavailable("what there is could not be stored")
        if not await self._save():
            raise Unavailable("the last turn could not be stored")
        await self.record.end(reason, for_good=for_good)

    def _has_something_to_keep(self) -> bool:
        """Whether the caller has said anything; what was decided before they spoke does not count."""
        return any(name not in self._preset for name in self.state.confirmed())

    async def timed(self, latency: Mapping[str, float]) -> None:
        """Note how long the newest turn took, in milliseconds by cause."""
        await self.record.timed(latency)

    async def let_go(self) -> None:
        """Free the lease without ending (a chat window was closed, a process drains).

        Raises Unavailable when a turn is still kept in memory only: it would be lost with this object.
        """
        async with self._lock:
            if self.record.lost:
                return
            if self.record.waiting and not await self._save():
                raise Unavailable("the newest turn could not be stored")
            await self.record.let_go()

    @property
    def _resumable(self) -> bool:
        return "resume" in self.flow.anywhere

    # -- hearing ----------------------------------------------------------------------------------

    async def hear(self, text: str, *, confidence: float = 1.0) -> Reply:
        """Take in the caller's words (keys as ``DTMF: 12#``) and answer. Never raises on any text."""
        async with self._lock:
            self.may_claim_done = False
            verdict = check_heard(text, flow=self.flow.flow, channel=self.channel)
            self.record.said("caller", verdict.redacted)
            if verdict.label != "ok":
                return await self._guarded(verdict, text)
            if self.state.code_asked and (about_code := self._given_code(text)) is not None:
                return await self._turn(about_code)
            wish = self._wished_call(text)
            if wish is not None:
                return await self._book_call(wish)
            return await self._turn(understand(text, self.view(), confidence))

    def _wished_call(self, text: str) -> CallBack | None:
        """The wish to be called back, unless words are wanted here that may hold one (an appointment)."""
        waiting = self.state.awaiting
        if self.state.closed or any(self.flow.slots[n].type == "text" for n in waiting.slots):
            return None
        return call_back(text, self.facts.values, self.parts.clock.now())

    async def _book_call(self, wish: CallBack) -> Reply:
        """Ask a person to call; outside the office's hours at the next opening, and said so."""
        at, moved = wish.at, False
        if at is not None:
            weekly, zone = self.facts.weekly, str(self.facts.values["timezone"])
            if not business_hours.is_open(weekly, zone, at):
                at, moved = business_hours.next_opening(weekly, zone, at), True
        values = {"at": at.isoformat()} if at is not None else {}
        result, run = await self._run_tool("book_callback", values, f"callback{self._turns}")
        key = "callback_moved" if moved and at is not None else "callback_booked"
        said = self._phraser().line(key if result.ok else "tool_failed", result.facts)
        if not result.ok and result.message:
            said = replace(said, text=result.message, spoken=result.message)
        return await self._turn([acts.Command("repeat")], before=[said], already=[run])

    async def silence(self) -> Reply:
        """The caller said nothing for as long as the idle timeout."""
        async with self._lock:
            return await self._turn([acts.Silence()])

    def overhear(self, text: str) -> Verdict:
        """Note what was said when a model will act on it (``propose``, ``confirm``, ``command``)."""
        verdict = check_heard(text, flow=self.flow.flow, channel=self.channel)
        self.record.said("caller", verdict.redacted)
        self.may_claim_done = False
        return verdict

    def spoke(self, text: str) -> None:
        """Note words that a model said in place of the engine's own."""
        self.record.said("agent", text)

    async def propose(self, answers: Sequence[Mapping[str, Any]]) -> Reply:
        """Values a model heard: ``[{"slot", "value"}]``. Parsed and checked like the caller's own words."""
        async with self._lock:
            view, events = self.view(), []
            asked = self.state.awaiting.slots[0] if self.state.awaiting.kind == "ask" else None
            for answer in answers:
                name, value = str(answer.get("slot", "")), answer.get("value")
                if name not in self.flow.slots or value in (None, "", [], {}):
                    continue
                reading = self._read(view, name, value)
                if reading is not None:
                    events.append(acts.Answer(name, reading, volunteered=name != asked))
            return await self._turn(events or [acts.Unclear()])

    def _read(self, view: View, name: str, value: Any) -> Reading | None:
        kind, context = view.type_of(name), view.context(name)
        if isinstance(value, str):
            return kind.parse(value, context)
        problem = kind.check(value, context)
        return Reading(problem=problem) if problem else Reading(value=value)

    async def confirm(self, yes: bool, correction: str | None = None) -> Reply:
        """A model's reading of yes or no; the caller's own clear yes or no overrules it."""
        async with self._lock:
            sign = polarity(self.record.heard_last())
            agreed = yes if sign not in ("yes", "no") else sign == "yes"
            if correction:
                events = understand(f"no, {correction}", self.view())
            else:
                events = [acts.Yes() if agreed else acts.No()]
            return await self._turn(events)

    async def command(self, name: str, target: str | None = None) -> Reply:
        """Something that can be said anywhere, by name; unknown names are not understood."""
        async with self._lock:
            known = name in acts.COMMANDS
            event: Event = acts.Command(name, target) if known else acts.Unclear(name)  # type: ignore[arg-type]
            return await self._turn([event])

    def prompt(self) -> StepPrompt:
        """What a model is told about where the conversation stands."""
        view, state = self.view(), self.state
        step = order.current(self.flow, state)
        waiting = state.awaiting
        return StepPrompt(
            step=step.step if step else "",
            title=step.title if step else "finished",
            goal=self.flow.goal,
            awaiting=f"{waiting.kind} {', '.join(waiting.slots) or waiting.step}".strip(),
            open_slots=tuple(order.open_slots(self.flow, step, state)) if step else (),
            known={n: value_words(view, n) for n in state.best() if not self.flow.slots[n].private},
            say=" ".join(u.text for u in self._last),
        )

    async def enter(self, values: Mapping[str, Any]) -> Reply:
        """Values typed, seen and sent on a page: agreed to as by a yes to a read-back; the reply goes on."""

        def ready(state: FormState) -> None:
            for name, value in values.items():
                slot = state.slot(name)
                slot.proposal, slot.offer, slot.partial, slot.channel = value, None, None, "page"
            state.awaiting = Awaiting(kind="confirm", slots=list(values))

        async with self._lock:
            labels = [self.flow.slots[name].label for name in values]
            self.record.said("caller", f"(typed on a page: {', '.join(labels)})")
            return await self._turn([acts.Yes()], ready=ready)

    async def verify(self, name: str, value: Any) -> bool:
        """A value was proved on a page, and nothing else changes: no step is committed again for it.

        False when the form holds another value by now.
        """
        async with self._lock:
            mark = self.record.mark()
            for again in (True, True, False):
                slot = self.state.slot(name)
                if slot.counts and str(slot.value).lower() != str(value).lower():
                    return False
                # a change under way stays a proposal: it is another value, which nothing has proved
                slot.value, slot.status = slot.value if slot.counts else value, "verified"
                self.record.noted("slot", {"slot": name, "status": "verified"})
                try:
                    await self._save()
                    return True
                except Conflict as conflict:
                    if conflict.code == "in_use" or not again:
                        raise
                    self.record.rewind(mark)
                    await self._catch_up()
        return False

    # -- deciding and acting ----------------------------------------------------------------------

    async def _guarded(self, verdict: Verdict, text: str) -> Reply:
        """A template answers, never the model; then the question stands as before.

        ``through``: what else was said in the same breath still reaches the form.
        """
        self.record.noted("guard", {"label": verdict.label, "rule": verdict.rule})
        template = verdict.template
        if template == "recorded" and self.channel != "voice":
            template = "recorded_chat"
        elif template == "recorded" and not self.recording:
            template = "unrecorded"
        says = [self._phraser().line(template)]
        runs: list[ToolRun] = []
        if verdict.follow_up:
            values = {"kind": verdict.follow_up, "label": verdict.label}
            _, run = await self._run_tool("note_for_staff", values, f"guard{self._turns}")
            runs.append(run)
        events: list[Event] = [acts.Command("repeat")]
        if verdict.command is not None:
            events = [acts.Command(verdict.command)]
        elif verdict.through:
            heard = understand(text, self.view())
            events = [e for e in heard if isinstance(e, acts.Answer | acts.Fix | acts.Yes)] or events
        return await self._turn(events, before=says, already=runs)

    async def _turn(
        self,
        events: Sequence[Event],
        before: Sequence[Utterance] = (),
        already: Sequence[ToolRun] = (),
        ready: Callable[[FormState], None] = lambda state: None,
    ) -> Reply:
        """Take the events in, do what follows, store it, answer. ``ready`` prepares the form first.

        When somebody else has stored the conversation meanwhile (a page), the turn is taken again on top of
        that: nothing is lost, and tools that ran are replayed from their receipts.
        """
        self._turns += 1
        mark = self.record.mark()
        for again in (True, True, False):
            says, runs = list(before), list(already)
            try:
                ready(self.state)
                transfer = await self._take(events, says, runs)
                self._last = tuple(says)
                after = self.record.mark()
                spoken = " ".join(u.spoken for u in says)
                self.record.said("agent", " ".join(u.text for u in says), spoken=spoken, runs=runs)
                try:
                    await self._save()
                except Conflict:
                    self.record.rewind(after)
                    raise
                return self._reply(says, runs, transfer)
            except Conflict as conflict:
                if conflict.code == "in_use":
                    return self._elsewhere()
                if not again:
                    raise
                self.record.rewind(mark)
                await self._catch_up()
        raise AssertionError("unreachable")

    async def _take(self, events: Sequence[Event], says: list[Utterance], runs: list[ToolRun]) -> str | None:
        transfer: str | None = None
        for _ in range(MAX_CHAIN):
            state, todo = advance(self.flow, self.state, events, self._env())
            self._note_changes(state)
            self.state = state
            events = []
            for act in todo:
                if self.state is not state or (self.state.code_asked and isinstance(act, QUESTIONS)):
                    # another form was opened, or a code was asked for: the old question is not asked
                    continue
                more, target = await self._perform(act, says, runs)
                events = [*events, *more]
                transfer = transfer or target
            if not events:
                break
        return transfer

    async def _catch_up(self) -> None:
        """Take over what somebody else has stored."""
        row = await self.record.load()
        self.record.follow(row)
        self._subject = row.subject_tenant_id
        self.state = restored(self.flow, row.state, reopen=False)
        if row.status == "ended":
            self.state.closed = True
            self.state.awaiting = Awaiting(kind="closed")

    def _elsewhere(self) -> Reply:
        """Another line has taken over: this one says so and touches nothing any more."""
        self.record.lost = True
        reply = self._reply([self._phraser().line("resume_in_use")], [], None)
        return replace(reply, ended=True)

    async def _perform(
        self, act: Act, says: list[Utterance], runs: list[ToolRun]
    ) -> tuple[list[Event], str | None]:
        """Do one act; returns what came of it, for the engine, and a number to transfer to."""
        match act:
            case acts.Commit():
                return [await self._commit(act, runs)], None
            case acts.Run():
                try:
                    return await self._run(act, says, runs), None
                except SeiketsuError as error:
                    logger.warning("{} failed: {}", act.tool, error.code)
                    says.append(self._phraser().line("tool_trouble"))
                    return [], None
            case acts.HandOver():
                return [], await self._hand_over(act.reason, says, runs)
            case acts.Close():
                says += await self._closing(act.reason, runs)
            case _:
                if isinstance(act, acts.Say) and self._tells_the_code(act.key):
                    # made only to be told: a new code ends the life of the one told before
                    await self._know_resume_code()
                says += self._phraser().speak(act)
        return [], None

    async def _commit(self, act: acts.Commit, runs: list[ToolRun]) -> Event:
        # stored first: should this process die after the write, the next one repeats the call with the
        # same key and finds the receipt
        await self._save()
        result, run = await self._run_tool(act.tool, act.values, act.step)
        runs.append(run)
        if result.ok:
            self.may_claim_done = True
            await self._refresh_facts()
            return acts.Committed(act.step, result.status, result.facts)
        return acts.CommitFailed(act.step, result.message, result.slots)

    async def _run_tool(
        self, name: str, values: Mapping[str, Any], purpose: str
    ) -> tuple[ToolResult, ToolRun]:
        digest = hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]
        started = time.perf_counter()
        try:
            result = await registry.run(
                self._context(), name, dict(values), key=f"{self.id}:{purpose}:{name}:{digest}"
            )
        except SeiketsuError as error:
            logger.warning("tool {} failed: {}", name, error.code)
            message = self._phraser().line("tool_trouble").text
            result = ToolResult(status=error.code, ok=False, message=message)
        run = ToolRun(
            name, dict(values), result.status, result.receipt_id, (time.perf_counter() - started) * 1000
        )
        subject = result.facts.get("tenant_id")
        if subject is not None and self._subject is None and self.tenant_id == HOUSE_TENANT:
            self._subject = UUID(str(subject))
        self.record.noted("tool", {"name": name, "status": result.status, "ok": result.ok})
        return result, run

    def _context(self) -> ToolContext:
        return ToolContext(
            db=self.parts.db,
            clock=self.parts.clock,
            ports=self.parts.ports,
            home=self.tenant_id,
            subject=self._subject if self.tenant_id == HOUSE_TENANT else self.tenant_id,
            conversation_id=self.id,
            call_id=self.call_id,
            channel=self.channel,
            caller=self._caller,
            public_url=self.parts.public_url,
            rehearsal=self.rehearsal,
            slots=self.state.confirmed(),
        )

    async def _run(self, act: acts.Run, says: list[Utterance], runs: list[ToolRun]) -> list[Event]:
        phraser = self._phraser()
        if act.tool == "undo":
            return await self._undo(says, runs)
        if act.tool == "resume":
            return await self._resume(str(act.values.get("target") or ""), says)
        if act.tool == "dont_record":
            self.recording = False
        result, run = await self._run_tool(act.tool, act.values, f"run{self._turns}")
        runs.append(run)
        if act.tool == "send_link":
            key = "link_sent" if result.ok else "link_not_sent"
            says.append(phraser.line(key, result.facts))
        elif act.tool == "dont_record":
            # true whatever became of the note: this line stores no sound from now on
            says.append(phraser.line("dont_record_done", result.facts))
        elif act.tool != "opt_out":
            says.append(phraser.line(f"{act.tool}_done" if result.ok else "tool_trouble", result.facts))
        return []

    async def _undo(self, says: list[Utterance], runs: list[ToolRun]) -> list[Event]:
        started = time.perf_counter()
        undone = await registry.undo_latest(self._context())
        if undone is None:
            says.append(self._phraser().line("nothing_to_undo"))
            return []
        tool, result = undone
        runs.append(
            ToolRun(
                "undo",
                {"tool": tool},
                result.status,
                result.receipt_id,
                (time.perf_counter() - started) * 1e3,
            )
        )
        if not result.ok:
            says.append(Utterance(result.message, result.message, True, "undo_refused"))
            return []
        says.append(self._phraser().line("undone", {"what": tool.replace("_", " ")}))
        await self._refresh_facts()
        step = next((s for s in self.flow.steps if s.tool == tool), None)
        return [acts.Committed(step.step, "undone")] if step else []

    async def _hand_over(self, reason: str, says: list[Utterance], runs: list[ToolRun]) -> str | None:
        """A person: a transfer when one can be reached now, else a ticket and a call-back."""
        target = self.facts.transfer_target() if reason == "asked" and self.channel == "voice" else None
        values = {"reason": reason, "step": self.state.awaiting.step or self._step_name()}
        result, run = await self._run_tool("hand_over", values, f"handover{self._turns}")
        runs.append(run)
        self._person_told = self._person_told or result.ok
        if target is not None:
            says.append(self._phraser().line("transferring", result.facts))
            return target
        key = f"handover_{reason}" if result.ok else "tool_trouble"
        says.append(self._phraser().line(key, result.facts))
        return None

    async def _resume(self, code: str, says: list[Utterance]) -> list[Event]:
        """Go on with an earlier set-up: only its six-digit code opens it, never the caller's number."""
        phraser = self._phraser()
        if self._tries >= RESUME_TRIES:
            says.append(phraser.line("resume_too_many"))
            return []
        if not code:
            says.append(phraser.line("resume_ask_code"))
            self.state.code_asked = True
            return []
        async with self.parts.db.tenant(self.tenant_id) as session:
            found = await store.find_by_resume_code(session, code)
            now = self.parts.clock.now()
            if found is None:
                self._tries = await store.count_resume_failure(session, self.id)
                again = self._tries < RESUME_TRIES
                says.append(phraser.line("resume_wrong_code" if again else "resume_too_many"))
                self.state.code_asked = again
                return []
            if found.id == self.id:
                return []
            owner = self.record.owner
            if not await store.take_lease(session, found.id, owner, now=now, seconds=LEASE_SECONDS):
                says.append(phraser.line("resume_in_use"))
                return []
            if self.state.done:
                # what was begun here is somebody's too, and stays open under its own code
                await store.release_lease(session, self.id, owner)
            else:
                await store.end(session, self.id, at=now, reason=f"merged:{found.id}")
        self._adopt(found)
        await self._refresh_facts()
        says.append(self._phraser().line("resumed", self._progress()))
        return [acts.Command("repeat")]

    def _adopt(self, row: store.Conversation) -> None:
        self.record.follow(row)
        self._subject, self._turns = row.subject_tenant_id, row.version
        self.state = restored(self.flow, row.state, reopen=True)

    def _given_code(self, text: str) -> list[Event] | None:
        """What the answer to "what's your code?" means; None when it is about something else."""
        self.state = self.state.model_copy(update={"code_asked": False})
        code = resume_code(text)
        if code:
            return [acts.Command("resume", code)]
        if has_digits(text):
            return [acts.Command("resume")]
        return [acts.Command("repeat")] if polarity(text) == "no" or NO_CODE.search(text.lower()) else None

    # -- knowing ----------------------------------------------------------------------------------

    def view(self) -> View:
        """What understanding and phrasing may look at."""
        return View(self.flow, self.state, self.channel, self._known(), self.parts.clock.now(), self._choices)

    def _known(self) -> dict[str, Any]:
        """Session facts, and what the answers so far let a question offer."""
        offers = suggestions(self.state.confirmed(), caller_id=self._caller)
        limits = self.state.peek("contact_limits").value
        ways = {"calls_only": "call", "texts_only": "text"}.get(str(limits), "call or text")
        return {**self.facts.values, **offers, "contact_ways": ways}

    def _choices(self, spec: Slot) -> Sequence[Choice]:
        if spec.choices or not spec.choices_from:
            return spec.choices
        return [
            Choice(value=o.value, label=o.label, also=o.also) for o in choices.choices_for(spec.choices_from)
        ]

    def _phraser(self) -> Phraser:
        return Phraser(self.view(), self._turns)

    def _env(self) -> Env:
        reachable = bool(
            self._caller or self.state.peek("admin_mobile").counts or self.state.peek("admin_email").counts
        )
        offers = partial(suggestions, caller_id=self._caller)
        return Env(self.channel, self.facts.values, reachable, offers)

    def _step_name(self) -> str:
        step = order.current(self.flow, self.state)
        return step.step if step else ""

    def _progress(self) -> dict[str, Any]:
        done = [s.title for s in self.flow.steps if s.step in self.state.done]
        step = order.current(self.flow, self.state)
        return {"done": ", ".join(done), "current": step.title if step else "", "count": len(done)}

    async def _refresh_facts(self) -> None:
        """Read the facts again; the old ones stay when they cannot be read (what is done is done)."""
        code = self.facts.values.get("resume_code")
        try:
            self.facts = await load_facts(
                self.parts, self.tenant_id, caller=self._caller, subject=self._subject
            )
        except SeiketsuError as error:
            logger.warning("facts could not be read again: {}", error.code)
        if code:
            self._tell_code(str(code))

    def _tells_the_code(self, key: str) -> bool:
        """Whether this is a step's closing sentence that names the code."""
        _, _, rest = key.partition("step:")
        name, _, part = rest.partition(":")
        return part == "done" and "{resume_" in self.flow.step(name).done

    async def _know_resume_code(self) -> bool:
        """Have a code to tell: made when first needed, stored as a hash only. False when there is none."""
        if not self._resumable:
            return False
        if not self.facts.values.get("resume_code"):
            try:
                async with self.parts.db.tenant(self.tenant_id) as session:
                    code = await store.give_resume_code(session, self.id)
            except SeiketsuError as error:
                logger.warning("no resume code: {}", error.code)
                return False
            self._tell_code(code)
        return True

    def _tell_code(self, code: str) -> None:
        self.facts.values["resume_code"] = code
        note = self._phraser().line("resume_note", {"resume_code": code})
        self.facts.values["resume_note"] = note.text

    async def _closing(self, reason: str, runs: Sequence[ToolRun]) -> list[Utterance]:
        """Goodbye, saying no more than what is so: nobody is promised who was not told."""
        phraser = self._phraser()
        if reason == "finished" and self.flow.closing:
            return [phraser.words(self.flow.closing, "closing")]
        if reason == "opt_out":
            done = any(run.name == "opt_out" and run.status == "opted_out" for run in runs)
            return [phraser.line("closing_opt_out" if done else "closing_opt_out_failed")]
        if reason in ("tool_failed", "missing_required") and not self._person_told:
            return [phraser.line("closing_alone")]
        if await self._know_resume_code():
            return [self._phraser().line(f"closing_{reason}_saved", self._progress())]
        return [phraser.line(f"closing_{reason}")]

    # -- storing ----------------------------------------------------------------------------------

    def _note_changes(self, new: FormState) -> None:
        for name, slot in new.slots.items():
            old = self.state.peek(name)
            if (old.status, old.value, old.proposal) != (slot.status, slot.value, slot.proposal):
                self.record.noted("slot", {"slot": name, **slot_view(slot)})
        for step, status in new.done.items():
            if self.state.done.get(step) != status:
                self.record.noted("step", {"step": step, "status": status})

    async def save(self) -> bool:
        """Store what was noted (``overhear``, ``spoke``) outside a turn; False when it has to wait.

        Somebody else's newer state is kept, not overwritten. Raises Conflict when another line drives.
        """
        async with self._lock:
            try:
                return await self._save()
            except Conflict as conflict:
                if conflict.code == "in_use":
                    raise
                await self._catch_up()
                return await self._save()

    async def _save(self) -> bool:
        return await self.record.save(
            self.state, step=self._step_name(), subject=self._subject, channel=self.channel
        )

    def standing(self) -> Reply:
        """Where the conversation stands, without a word: what a reply says about the form."""
        return self._reply([], [], None)

    def _reply(self, says: Sequence[Utterance], runs: Sequence[ToolRun], transfer: str | None) -> Reply:
        view, waiting = self.view(), self.state.awaiting
        names = waiting.slots or (
            order.members(self.flow, self.flow.step(waiting.step), self.state)
            if waiting.kind == "summary"
            else []
        )
        patience: Patience = "open"
        if waiting.kind in ("confirm", "summary", "offer"):
            patience = "short"
        elif waiting.kind == "ask":
            patience = view.type_of(waiting.slots[0]).patience
        vocabulary = list(dict.fromkeys(w for n in names for w in view.type_of(n).words(view.context(n))))
        return Reply(
            says=tuple(says),
            tools=tuple(runs),
            ended=self.state.closed,
            transfer_to=transfer,
            patience=patience,
            vocabulary=tuple([*vocabulary, *self.facts.names()][:60]),
            step=self._step_name(),
            slots={n: slot_view(s) for n, s in self.state.slots.items()},
            awaiting=self.awaiting(),
            recording=self.recording,
        )

    def awaiting(self) -> dict[str, Any]:
        """What the caller was last asked: ``{"kind", "slots", "step"}``."""
        waiting = self.state.awaiting
        return {"kind": waiting.kind, "slots": list(waiting.slots), "step": waiting.step}


async def _has_saved(session: Session, flow: str, caller: str | None) -> bool:
    """Whether an unfinished set-up with a code was begun from that number."""
    earlier = await store.latest_open_by_caller(session, caller or "", flow=flow)
    return earlier is not None and earlier.resume_code_hash is not None


async def _refused_recording(session: Session, conversation_id: UUID) -> bool:
    """Whether the caller has asked not to be recorded earlier in this conversation (C12)."""
    past = await receipts(session, conversation_id)
    return any(receipt.tool == "dont_record" for receipt in past)


Brain = Literal["guided", "openai"]
