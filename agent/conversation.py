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
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal
from uuid import UUID

from loguru import logger

from agent import acts
from agent.acts import Act, Event
from agent.form import order
from agent.form.engine import Env, advance, fresh, slot_view
from agent.form.state import FormState
from agent.guardrails.guard import Verdict, check_heard
from agent.parts import Parts
from agent.phrasing import Phraser, Utterance, value_words
from agent.reply import Reply, StepPrompt, ToolRun
from agent.session_facts import SessionFacts, load_facts
from agent.understanding.base import Patience, Reading
from agent.understanding.polarity import polarity
from agent.understanding.understand import View, understand
from core.errors import Conflict, SeiketsuError, Unavailable
from core.ids import HOUSE_TENANT, new_id
from flows.schema import Channel, Choice, Slot
from policies import choices
from policies.standards import suggestions
from stores import conversations as store
from tools import registry
from tools.base import ToolContext, ToolResult

LEASE_SECONDS = 60.0
"""A process that dies without letting go is succeeded after this long (the same call at once)."""

MAX_CHAIN = 12
"""Engine rounds in one turn (commit, outcome, next commit ...): more would be a loop."""


class Conversation:
    """Start or resume with :meth:`start`; then one call of ``hear`` (or a sibling) per turn."""

    def __init__(self, parts: Parts, facts: SessionFacts, row: store.Conversation, owner: str):
        self.parts = parts
        self.id: UUID = row.id
        self.tenant_id = facts.tenant_id
        self.channel: Channel = "voice" if row.channel == "voice" else "chat"
        self.flow = parts.flows[row.flow]
        self.facts = facts
        self.recording = True
        self.may_claim_done = False
        self.call_id: UUID | None = None
        self.rehearsal = bool(row.test)
        self._owner = owner
        self._version = row.version
        self._subject = row.subject_tenant_id
        self._caller = row.caller
        self._state = FormState.model_validate(row.state) if row.state else fresh(self.flow)
        self._opened = bool(row.state)
        self._said = 0
        self._last: tuple[Utterance, ...] = ()
        self._heard: list[tuple[str, str]] = []
        self._log: list[tuple[str, Mapping[str, Any]]] = []
        self._newest_turn = 0
        self._lock = asyncio.Lock()
        self._closed = False

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
        async with parts.db.tenant(tenant_id) as session:
            if conversation_id is None:
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
        facts = await load_facts(parts, tenant_id, caller=row.caller or caller, subject=row.subject_tenant_id)
        conversation = cls(parts, facts, row, owner)
        conversation.channel = "voice" if channel == "voice" else "chat"
        conversation.call_id = call_id
        return conversation

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
                says.append(replace(said, interruptible=key != "opening"))
            self._opened = True
            return await self._turn([], before=says)

    async def close(self, reason: str) -> None:
        """Store what there is and let go; idempotent. An unfinished set-up stays open to be resumed."""
        async with self._lock:
            if self._closed:
                return
            self._closed = True
            finished = order.current(self.flow, self._state) is None
            ends = finished or self.flow.on_end is not None or (self._state.closed and not self._resumable)
            try:
                if not finished and self.flow.on_end is not None and self._state.confirmed():
                    await self._run_tool(self.flow.on_end, self._state.confirmed(), "on_end")
                await self._save()
                async with self.parts.db.tenant(self.tenant_id) as session:
                    if ends:
                        await store.end(session, self.id, at=self.parts.clock.now(), reason=reason)
                    await store.release_lease(session, self.id, self._owner)
            except SeiketsuError as error:
                logger.warning("conversation could not be closed cleanly: {}", error.code)

    async def timed(self, latency: Mapping[str, float]) -> None:
        """Note how long the newest turn took, in milliseconds by cause."""
        if not self._newest_turn:
            return
        try:
            async with self.parts.db.tenant(self.tenant_id, durable=False) as session:
                await store.set_turn_latency(session, self.id, self._newest_turn, latency)
        except SeiketsuError as error:
            logger.warning("a turn's timing was not stored: {}", error.code)

    async def let_go(self) -> None:
        """Free the lease without ending (a chat window was closed, a process drains)."""
        async with self.parts.db.tenant(self.tenant_id) as session:
            await store.release_lease(session, self.id, self._owner)

    @property
    def _resumable(self) -> bool:
        return "resume" in self.flow.anywhere

    # -- hearing ----------------------------------------------------------------------------------

    async def hear(self, text: str, *, confidence: float = 1.0) -> Reply:
        """Take in the caller's words (keys as ``DTMF: 12#``) and answer. Never raises on any text."""
        async with self._lock:
            self.may_claim_done = False
            verdict = check_heard(text, flow=self.flow.flow, channel=self.channel)
            self._heard.append(("caller", verdict.redacted))
            if verdict.label != "ok":
                return await self._guarded(verdict, text)
            return await self._turn(understand(text, self._view(), confidence))

    async def silence(self) -> Reply:
        """The caller said nothing for as long as the idle timeout."""
        async with self._lock:
            return await self._turn([acts.Silence()])

    def overhear(self, text: str) -> Verdict:
        """Note what was said when a model will act on it (``propose``, ``confirm``, ``command``)."""
        verdict = check_heard(text, flow=self.flow.flow, channel=self.channel)
        self._heard.append(("caller", verdict.redacted))
        self.may_claim_done = False
        return verdict

    def spoke(self, text: str) -> None:
        """Note words that a model said in place of the engine's own."""
        self._heard.append(("agent", text))

    async def propose(self, answers: Sequence[Mapping[str, Any]]) -> Reply:
        """Values a model heard: ``[{"slot", "value"}]``. Parsed and checked like the caller's own words."""
        async with self._lock:
            view, events = self._view(), []
            asked = self._state.awaiting.slots[0] if self._state.awaiting.kind == "ask" else None
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
            heard = next((t for who, t in reversed(self._heard) if who == "caller"), "")
            sign = polarity(heard)
            agreed = yes if sign not in ("yes", "no") else sign == "yes"
            if correction:
                events = understand(f"no, {correction}", self._view())
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
        view, state = self._view(), self._state
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

    # -- deciding and acting ----------------------------------------------------------------------

    async def _guarded(self, verdict: Verdict, text: str) -> Reply:
        """A template answers, never the model; then the question stands as before.

        ``through``: what else was said in the same breath still reaches the form.
        """
        self._log.append(("guard", {"label": verdict.label, "rule": verdict.rule}))
        template = "unrecorded" if verdict.template == "recorded" and not self.recording else verdict.template
        says = [self._phraser().line(template)]
        runs: list[ToolRun] = []
        if verdict.follow_up:
            values = {"kind": verdict.follow_up, "label": verdict.label}
            _, run = await self._run_tool("note_for_staff", values, f"guard{self._said}")
            runs.append(run)
        events: list[Event] = [acts.Command("repeat")]
        if verdict.command is not None:
            events = [acts.Command(verdict.command)]
        elif verdict.through:
            heard = understand(text, self._view())
            events = [e for e in heard if isinstance(e, acts.Answer | acts.Fix | acts.Yes)] or events
        return await self._turn(events, before=says, already=runs)

    async def _turn(
        self, events: Sequence[Event], before: Sequence[Utterance] = (), already: Sequence[ToolRun] = ()
    ) -> Reply:
        says = list(before)
        runs = list(already)
        transfer: str | None = None
        self._said += 1
        for _ in range(MAX_CHAIN):
            state, todo = advance(self.flow, self._state, events, self._env())
            self._note_changes(state)
            self._state = state
            events = []
            for act in todo:
                more, target = await self._perform(act, says, runs)
                events = [*events, *more]
                transfer = transfer or target
            if not events:
                break
        self._last = tuple(says)
        self._heard.append(("agent", " ".join(u.text for u in says)))
        await self._save(runs)
        return self._reply(says, runs, transfer)

    async def _perform(
        self, act: Act, says: list[Utterance], runs: list[ToolRun]
    ) -> tuple[list[Event], str | None]:
        """Do one act; returns what came of it, for the engine, and a number to transfer to."""
        match act:
            case acts.Commit():
                return [await self._commit(act, runs)], None
            case acts.Run():
                return await self._run(act, says, runs), None
            case acts.HandOver():
                return [], await self._hand_over(act.reason, says, runs)
            case acts.Close():
                says += await self._closing(act.reason)
            case _:
                if isinstance(act, acts.Say) and act.key.endswith(":done"):
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
        self._log.append(("tool", {"name": name, "status": result.status, "ok": result.ok}))
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
            slots=self._state.confirmed(),
        )

    async def _run(self, act: acts.Run, says: list[Utterance], runs: list[ToolRun]) -> list[Event]:
        phraser = self._phraser()
        if act.tool == "undo":
            return await self._undo(says, runs)
        if act.tool == "resume":
            return await self._resume(str(act.values.get("target") or ""), says)
        if act.tool == "dont_record":
            self.recording = False
        result, run = await self._run_tool(act.tool, act.values, f"run{self._said}")
        runs.append(run)
        if act.tool == "send_link":
            key = "link_sent" if result.ok else "link_not_sent"
            says.append(phraser.line(key, result.facts))
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
        values = {"reason": reason, "step": self._state.awaiting.step or self._step_name()}
        result, run = await self._run_tool("hand_over", values, f"handover{self._said}")
        runs.append(run)
        if target is not None:
            says.append(self._phraser().line("transferring", result.facts))
            return target
        key = f"handover_{reason}" if result.ok else "tool_trouble"
        says.append(self._phraser().line(key, result.facts))
        return None

    async def _resume(self, code: str, says: list[Utterance]) -> list[Event]:
        """Go on with an earlier set-up: only its six-digit code opens it, never the caller's number."""
        phraser = self._phraser()
        if not code:
            says.append(phraser.line("resume_ask_code"))
            self._state.awaiting.misses = 0
            self._awaiting_code = True
            return []
        async with self.parts.db.tenant(self.tenant_id) as session:
            found = await store.find_by_resume_code(session, code)
            now = self.parts.clock.now()
            if found is None or found.id == self.id:
                tries = await store.count_resume_failure(session, self.id)
                says.append(phraser.line("resume_wrong_code" if tries < 3 else "resume_too_many"))
                return []
            if not await store.take_lease(session, found.id, self._owner, now=now, seconds=LEASE_SECONDS):
                says.append(phraser.line("resume_in_use"))
                return []
            await store.end(session, self.id, at=now, reason=f"merged:{found.id}")
        self._adopt(found)
        await self._refresh_facts()
        says.append(self._phraser().line("resumed", self._progress()))
        return [acts.Command("repeat")]

    def _adopt(self, row: store.Conversation) -> None:
        self.id, self._version, self._subject = row.id, row.version, row.subject_tenant_id
        self._state = FormState.model_validate(row.state)
        self._state.closed = False
        if self._state.awaiting.kind == "closed":
            self._state.awaiting.kind = "nothing"

    _awaiting_code = False

    # -- knowing ----------------------------------------------------------------------------------

    def _view(self) -> View:
        return View(
            self.flow, self._state, self.channel, self._known(), self.parts.clock.now(), self._choices
        )

    def _known(self) -> dict[str, Any]:
        """Session facts, and what the answers so far let a question offer."""
        offers = suggestions(self._state.confirmed(), caller_id=self._caller)
        return {**self.facts.values, **offers}

    def _choices(self, spec: Slot) -> Sequence[Choice]:
        if spec.choices or not spec.choices_from:
            return spec.choices
        return [
            Choice(value=o.value, label=o.label, also=o.also) for o in choices.choices_for(spec.choices_from)
        ]

    def _phraser(self) -> Phraser:
        return Phraser(self._view(), self._said)

    def _env(self) -> Env:
        reachable = bool(
            self._caller or self._state.peek("admin_mobile").counts or self._state.peek("admin_email").counts
        )
        offers = partial(suggestions, caller_id=self._caller)
        return Env(self.channel, self.facts.values, reachable, offers)

    def _step_name(self) -> str:
        step = order.current(self.flow, self._state)
        return step.step if step else ""

    def _progress(self) -> dict[str, Any]:
        done = [s.title for s in self.flow.steps if s.step in self._state.done]
        step = order.current(self.flow, self._state)
        return {"done": ", ".join(done), "current": step.title if step else "", "count": len(done)}

    async def _refresh_facts(self) -> None:
        code = self.facts.values.get("resume_code")
        self.facts = await load_facts(self.parts, self.tenant_id, caller=self._caller, subject=self._subject)
        if code:
            self.facts.values["resume_code"] = code

    async def _know_resume_code(self) -> None:
        """Have a code to tell: made when first needed, stored as a hash only."""
        if not self._resumable or self.facts.values.get("resume_code"):
            return
        async with self.parts.db.tenant(self.tenant_id) as session:
            self.facts.values["resume_code"] = await store.give_resume_code(session, self.id)

    async def _closing(self, reason: str) -> list[Utterance]:
        phraser = self._phraser()
        if reason == "finished" and self.flow.closing:
            return [phraser.words(self.flow.closing, "closing")]
        if self._resumable and reason != "opt_out":
            await self._know_resume_code()
            return [self._phraser().line(f"closing_{reason}_saved", self._progress())]
        return [phraser.line(f"closing_{reason}")]

    # -- storing ----------------------------------------------------------------------------------

    def _note_changes(self, new: FormState) -> None:
        for name, slot in new.slots.items():
            old = self._state.peek(name)
            if (old.status, old.value, old.proposal) != (slot.status, slot.value, slot.proposal):
                self._log.append(("slot", {"slot": name, **slot_view(slot)}))
        for step, status in new.done.items():
            if self._state.done.get(step) != status:
                self._log.append(("step", {"step": step, "status": status}))

    async def _save(self, runs: Sequence[ToolRun] = ()) -> None:
        """One transaction: the form, its events, the turns, the lease.

        When the database does not answer, the conversation goes on in memory and everything is stored
        with the next turn.
        """
        now = self.parts.clock.now()
        heard, log = self._heard, self._log
        try:
            async with self.parts.db.tenant(self.tenant_id) as session:
                self._version = await store.save_state(
                    session,
                    self.id,
                    self._version,
                    state=self._state.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
                    | {"flow": self._state.flow, "version": self._state.version},
                    step=self._step_name() or None,
                    subject_tenant_id=self._subject,
                    channel=self.channel,
                )
                if log:
                    await store.append_events(session, self.id, log, at=now)
                for role, text in heard:
                    tools = [r.as_dict() for r in runs] if role == "agent" else []
                    turn = await store.add_turn(
                        session,
                        self.id,
                        role=role,
                        text=text,
                        channel=self.channel,
                        started_at=now,
                        tools=tools,
                    )
                    self._newest_turn = turn.n
                await store.renew_lease(session, self.id, self._owner, now=now, seconds=LEASE_SECONDS)
            self._heard, self._log = [], []
        except Unavailable:
            logger.warning("turn kept in memory: the database does not answer")

    def _reply(self, says: Sequence[Utterance], runs: Sequence[ToolRun], transfer: str | None) -> Reply:
        view, waiting = self._view(), self._state.awaiting
        names = waiting.slots or (
            order.members(self.flow, self.flow.step(waiting.step), self._state)
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
            ended=self._state.closed,
            transfer_to=transfer,
            patience=patience,
            vocabulary=tuple([*vocabulary, *self.facts.names()][:60]),
            step=self._step_name(),
            slots={n: slot_view(s) for n, s in self._state.slots.items()},
            awaiting=self.awaiting(),
            recording=self.recording,
        )

    def awaiting(self) -> dict[str, Any]:
        """What the caller was last asked: ``{"kind", "slots", "step"}``."""
        waiting = self._state.awaiting
        return {"kind": waiting.kind, "slots": list(waiting.slots), "step": waiting.step}


Brain = Literal["guided", "openai"]
