"""One conversation with one caller, over any channel: the pipecat-free heart of a call.

It hears (understanding), decides (the form engine), acts (tools) and answers (phrasing), and stores
every turn, so that any channel and any process can go on from where it was. Guided and model brains
both end here; only this code decides what is valid, what is done and what comes next.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from loguru import logger

from agent import acts
from agent.acts import Act, Event, brings_value
from agent.flow_choice import choose, pinned
from agent.form import order
from agent.form.engine import advance
from agent.form.state import Awaiting, FormState
from agent.form.values import LOW_AMONG_FEW, NOTHING
from agent.guarding import KEPT_OUT
from agent.guardrails.guard import Verdict, check_heard, consider
from agent.leaving import LEAVES
from agent.meeting_wishes import LEADS, SLOTS
from agent.parts import Parts
from agent.phrasing import Utterance, value_words
from agent.record import LEASE_SECONDS
from agent.reply import Reply, StepPrompt, ToolRun
from agent.returning import MESSAGE, Returning
from agent.session_facts import load_facts
from agent.understanding.base import Reading
from agent.understanding.beforehand import compare
from agent.understanding.commands import find_command
from agent.understanding.misheard import as_meant
from agent.understanding.of_meeting import to_know_of_it
from agent.understanding.polarity import polarity
from agent.understanding.reached import SPECIAL
from agent.understanding.sentences import asks, parted, requests, sentences
from agent.understanding.shorthand import written_out
from agent.understanding.spanish import gloss
from agent.understanding.understand import understand
from agent.understanding.view import View
from agent.understanding.ways import stances
from agent.understanding.wishes import (
    CallBack,
    call_back,
    ends_contact,
    no_robots,
    only_uninterested,
    refuses_texts_only,
    says_when,
    without_talk,
)
from core.errors import Conflict, SeiketsuError, Unavailable
from core.ids import HOUSE_TENANT, new_id
from policies import business_hours
from policies.dialing import federal_holidays
from policies.moment_words import clock_words
from policies.regions import spoken_timezone
from stores import conversations as store
from stores.db import Session
from stores.receipts import receipts

FINANCE = frozenset({"rates", "negotiation", "contract"})
"""Labels that "a loan" and "25 percent down" resemble, which are answers where financing was asked for."""
HARMLESS = FINANCE | {"commission", "value", "cost", "schools", "area"}
"""Labels of questions that say nothing about people: the rest of such a sentence is heard too."""
CALLED = "called"
"""Noted among what came up: somebody was asked to call."""
MAY_HOLD_CALLS = frozenset({"message", "appointment", "visit", "showing_time", "consent_contact"})
"""Questions whose answers speak of calls themselves."""
PASSED_ON = HARMLESS | {"ok", "language"}
"""Labels of words that may be part of a message."""
_RATHER_CALLED = re.compile(
    r"\b(?:no|not|don'?t|forget|instead of|rather than) (?:\w+ ){0,3}(?:tour|visit|show|view|meet|appoint)",
    re.I,
)
"""A call wished for in place of a visit."""
NOT_HEARD = 0.1
"""Of 37 answers heard less sure than this none was right."""
HEARD_SURELY = 0.65
"""What is told beside the questions is kept for an agent only where it was heard as surely as that."""
LEAST_ASKED = 3
"""Words that a question has at least."""
NOW = "talk_now"
"""Whether the caller would like to be put through at once."""
CLOSING_PAUSES = (1.0, 3.0, 9.0)
"""Seconds between the tries to store what there is when a call has ended and the database does not answer."""


class Conversation(Returning):
    """Start or resume with :meth:`start`; then one call of ``hear`` (or a sibling) per turn."""

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
                parts, published = await choose(parts, session, flow.flow)
                flow = parts.flows[flow.flow]
                row = await store.create(
                    session,
                    id=new_id(),
                    channel=channel,
                    flow=flow.flow,
                    flow_version=flow.version,
                    published_version=published,
                    step=flow.steps[0].step,
                    caller=caller,
                    test=rehearsal,
                )
            else:
                row = await store.load(session, conversation_id)
                parts = await pinned(parts, session, row)
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
            if self._opened and self.nobody_took_it:
                return await self._back_from_transfer()
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
            await self._leave_wish()
            values = self.state.confirmed() | self._wish_as_message()
            values |= {"ended_early": True} if self._hung_up(reason) else {}
            result, _ = await self._run_tool(self.flow.on_end, values, "on_end")
            if result.status == Unavailable.code:
                raise Unavailable("what there is could not be stored")
            await self._route()
        if not await self._save():
            raise Unavailable("the last turn could not be stored")
        await self.record.end(reason, for_good=for_good)

    def _hung_up(self, reason: str) -> bool:
        """Whether the caller left before the end, and was not put through."""
        return not self.state.closed and "transfer" not in reason and "outcome" in self.flow.slots

    def _has_something_to_keep(self) -> bool:
        """Whether the caller has said anything; what was decided before they spoke does not count."""
        return bool(self.state.about_booking) or any(n not in self._preset for n in self.state.confirmed())

    async def timed(self, latency: Mapping[str, float], signals: Mapping[str, Any] | None = None) -> None:
        """Note how long the newest turn took, in milliseconds by cause, and what led to it."""
        await self.record.timed(latency, signals)

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

    # -- hearing ----------------------------------------------------------------------------------

    async def hear(self, text: str, *, confidence: float = 1.0) -> Reply:
        """Take in the caller's words (keys as ``DTMF: 12#``) and answer. Never raises on any text."""
        async with self._lock:
            self.may_claim_done = False
            await consider(text, self.flow.flow)
            if confidence < 1.0:
                text = as_meant(text, yes_or_no=self._yes_or_no())
            verdict = self._judged(text)
            if self._misjudged(verdict, text):
                verdict = Verdict(redacted=verdict.redacted, language=verdict.language)
            self.record.said("caller", verdict.redacted)
            text = written_out(text)
            kept = verdict.label in PASSED_ON and confidence >= HEARD_SURELY
            self._said_now = text if kept else ""
            if confidence < NOT_HEARD and not self.standing().careful:
                return await self._turn([acts.Aside("unheard")])
            await compare(text, self.view())
            # what only resembles a spoken secret ("I was mailed new bank details") may be what is urgent
            told = verdict.rule not in KEPT_OUT or verdict.alike
            pressing = self._pressing(text) if told else None
            if pressing is not None:
                return await self._at_once(pressing, text)
            asked = find_command(text) if verdict.label == "robot" else None
            if asked is not None and asked.name == "human":
                # "can I speak to a real person": told the truth, and put through
                verdict = replace(verdict, command="human")
            language = self._other_language(text)
            if verdict.label in ("ok", "language") and language is not None:
                return await self._change_language(text, language)
            if verdict.label != "ok":
                if language is not None and self._speaks(language):
                    self._speak_in(language)
                fine = await self._fine(verdict, text)
                await self._keep_the_rest(verdict, text, fine)
                return await self._time_beside(verdict, fine) or await self._guarded(verdict, text)
            self._told_now = text
            if self.state.code_asked and (about_code := self._given_code(text)) is not None:
                return await self._turn(about_code)
            if self.state.raised.get(MESSAGE):
                message = await self._message_for_them(text, confidence)
                if message is not None:
                    return message
            if self.state.raised.get(LEAVES):
                return await self._whom_to_leave(text)
            wish = self._wished_call(text)
            if wish is not None:
                return await self._book_call(wish, text)
            appointment = await self._about_appointment(text)
            if appointment is not None:
                return appointment
            question = await self._asked_something(text)
            if question is not None:
                return question
            events = self._sure_enough(self._understood(text, confidence), text, confidence)
            if confidence < 1.0 and all(isinstance(e, acts.Unclear) for e in events):
                question = await self._asked_unclearly(text)
            return question or await self._turn(events)

    def _sure_enough(self, events: list[Event], text: str, confidence: float) -> list[Event]:
        """Without a "no" to a question that was hardly heard: it would leave the question open for good."""
        if confidence >= LOW_AMONG_FEW or self.state.awaiting.kind != "ask":
            return events
        vain = [
            isinstance(e, acts.No) or (isinstance(e, acts.Answer) and e.reading.value == NOTHING)
            for e in events
        ]
        return [acts.Unclear(text)] if all(vain) else events

    def _yes_or_no(self) -> bool:
        """Whether what was asked wants a yes or a no."""
        waiting = self.state.awaiting
        if waiting.kind in ("confirm", "summary", "offer"):
            return True
        plain = ("yes_no", "representation")
        return waiting.kind == "ask" and any(self.flow.slots[n].type in plain for n in waiting.slots)

    async def _asked_unclearly(self, text: str) -> Reply | None:
        """Words of which nothing was made may be a question that was misheard ("D charge for a tour")."""
        if self.state.closed or len(text.split()) < LEAST_ASKED:
            return None
        found = await self._looked_up(text)
        if found is None:
            return None
        return await self._turn([acts.Command("repeat")], before=[Utterance(found, found, True, "answered")])

    def _misjudged(self, verdict: Verdict, text: str) -> bool:
        """Words that only resemble an opt-out or a question about the AI, and plainly say something else.

        Who asks to be called or written to does not opt out, nor does who is only not interested; who asks
        nothing does not ask who we are.
        """
        if verdict.label == "opt_out":
            welcome = "welcome" in stances(text).values() and not ends_contact(text)
            uninterested = verdict.alike and only_uninterested(text)
            return welcome or uninterested or refuses_texts_only(text)
        if verdict.label in FINANCE and self._answers_a_choice(text):
            return True
        if verdict.label in ("access", "source") and self._business(text):
            return True  # "who called me from this number?"
        if verdict.label != "robot":
            return False
        if no_robots(text):
            return True  # a wish about calls, and no question about us
        if find_command(text) is not None and find_command(text) != acts.Command("who_are_you"):
            return False
        if self._wished_call(text) is not None:
            return True
        if any(asks(s) for s in sentences(text)):
            return False
        heard = understand(text, self.view())
        return any(isinstance(e, acts.Yes) or brings_value(e) for e in heard)

    def _answers_a_choice(self, text: str) -> bool:
        """Whether this answers the standing question from its closed list, and asks nothing."""
        waiting, view = self.state.awaiting, self.view()
        if waiting.kind != "ask" or self.flow.slots[waiting.slots[0]].type != "choice":
            return False
        reading = view.type_of(waiting.slots[0]).parse(text, view.context(waiting.slots[0]))
        return reading is not None and reading.value is not None and not parted(text)[1]

    async def _fine(self, verdict: Verdict, text: str) -> str:
        """The sentences that nothing is wrong with and that ask nothing, of several; "" if none is used."""
        heard_anyway = verdict.through or verdict.label in HARMLESS
        if not self._keeps_beside(verdict) or (heard_anyway and not self.state.offer):
            return ""
        told = [p for p in sentences(parted(text)[0]) if p != text.strip() and (not asks(p) or requests(p))]
        for part in told:
            await consider(part, self.flow.flow)  # a call of somebody else's must not wait for each of them
        fine = [p for p in told if check_heard(p, flow=self.flow.flow, channel=self.channel).label == "ok"]
        return " ".join(fine)

    async def _time_beside(self, verdict: Verdict, fine: str) -> Reply | None:
        """One of the times on offer, taken beside what a fixed answer meets; None where none is."""
        offer = self.state.offer
        only_words = verdict.template and not (verdict.command or verdict.tool or verdict.follow_up)
        if not offer or not only_words or not fine or not await self._picks(fine):
            return None
        self.record.noted("guard", {"label": verdict.label, "rule": verdict.rule})
        self._said_first = [self._fixed(verdict)]
        try:
            return await self._chosen(fine, offer)
        finally:
            self._said_first = []

    async def _keep_the_rest(self, verdict: Verdict, text: str, fine: str) -> None:
        """Facts in the sentences that nothing is wrong with; the others are answered and not understood."""
        if not self._keeps_beside(verdict):
            return
        if verdict.label in HARMLESS:
            await self._keep(self._understood(text, 1.0) if self._business(text) else self._facts_in(text))
            return
        if not verdict.through and fine:
            await self._keep(understand(fine, self.view()))

    async def _keep(self, heard: Sequence[Event]) -> None:
        """The values among these events, but no free words for what was asked: they hold the question."""
        asked = self.state.awaiting.slots if self.state.awaiting.kind == "ask" else []
        own = {n for n in asked if self.flow.slots[n].type == "text"} | SLOTS
        facts = [
            e
            for e in heard
            if isinstance(e, acts.Answer) and e.reading.value is not None and e.slot not in own
        ]
        if facts:
            new, _ = advance(self.flow, self.state, facts, self._env())
            self._note_changes(new)
            self.state = new

    def _wished_call(self, text: str) -> CallBack | None:
        """The wish to be called back, unless words are wanted here that may hold one (an appointment)."""
        waiting = self.state.awaiting
        called = SLOTS & set(waiting.slots) and _RATHER_CALLED.search(text)
        if self._asks_when_called(text) or (self._arranging() and to_know_of_it(text)):
            return None
        if self.state.closed or self._business(text) or (MAY_HOLD_CALLS & set(waiting.slots) and not called):
            return None
        words = gloss(text) if self.state.language == "es" else text
        wish = call_back(words, self.facts.values, self.parts.clock.now())
        return None if wish is not None and self._too_soon(wish.at) else wish

    async def _book_call(self, wish: CallBack, text: str) -> Reply:
        """Ask a person to call; outside the office's hours at the next opening, and said so."""
        at, moved = wish.at, False
        zone = str(self.facts.values.get("timezone") or "UTC")
        if at is not None:
            weekly = self.facts.weekly
            holidays = [*federal_holidays(at.year), *federal_holidays(at.year + 1)]
            if not business_hours.is_open(weekly, zone, at, holidays):
                at, moved = business_hours.at_that_hour(weekly, zone, at, holidays), True
        when = f" {business_hours.spoken_moment(at, zone, self.parts.clock.now())}" if at else ""
        if CALLED in self.state.raised and when in ("", self.state.promised):
            said = self._phraser().line("call_when", {"when": self.state.promised})
            return await self._turn([acts.Command("repeat")], before=[said])
        values = {"at": at.isoformat()} if at is not None else {}
        result, run = await self._run_tool("book_callback", values, f"callback{self._turns}")
        if result.ok:
            self._skip_visits()  # who is called agrees on the rest then
            self.state = self.state.with_raised(CALLED)
            self.state = self.state.model_copy(update={"promised": str(result.facts.get("when") or "")})
            if at is not None and at.utcoffset() != at.astimezone(ZoneInfo(zone)).utcoffset():
                result.facts["when"] = f"{result.facts.get('when')} {spoken_timezone(zone)}"  # not their own
        key = "callback_moved" if moved and at is not None else "callback_booked"
        said = self._phraser().line(key if result.ok else "tool_failed", result.facts)
        if not result.ok and result.message:
            said = replace(said, text=result.message, spoken=result.message)
        told: list[Event] = [
            e
            for e in self._facts_in(without_talk(text))
            if isinstance(e, acts.Answer) and e.slot not in SLOTS and not self.state.peek(e.slot).counts
        ]
        if moved and says_when(text) and not self.state.peek(SPECIAL).counts:
            told.append(acts.Answer(SPECIAL, Reading(value=text.strip()[:200]), volunteered=True))
        if result.ok and at is not None and self.state.peek("intent").value in LEADS:
            told += self._note_of(f"Asked for a call on {at:%A, %B} {at.day} at {clock_words(at)}")
        events: list[Event] = [*told] or [acts.Command("repeat")]
        if not result.ok and "phone" in result.slots and not self.state.peek("phone").counts:
            self.state = self.state.model_copy(update={"call_wish": {"wanted": "yes", **values}})
            events = [*told, acts.Aside("", ask="phone")]
        if self.state.awaiting.kind == "ask" and self.state.awaiting.slots == [NOW]:
            events = [acts.Answer(NOW, Reading(value=False))]  # later is a no to now
        return await self._turn(events, before=[said], already=[run])

    async def _perform(
        self, act: Act, says: list[Utterance], runs: list[ToolRun]
    ) -> tuple[list[Event], str | None]:
        """As anywhere; a call that was asked for before there was a number is booked once there is one."""
        done = await super()._perform(act, says, runs)
        if isinstance(act, acts.Commit) and self.state.call_wish and self.state.peek("phone").counts:
            wish, self.state.call_wish = self.state.call_wish, {}
            values = {"at": wish["at"]} if "at" in wish else {}
            result, run = await self._run_tool("book_callback", values, f"callback{self._turns}")
            runs.append(run)
            if result.ok:
                self.state.promised = str(result.facts.get("when") or "")
                says.append(self._phraser().line("callback_booked", result.facts))
        return done

    async def silence(self) -> Reply:
        """The caller said nothing for as long as the idle timeout."""
        async with self._lock:
            return await self._turn([acts.Silence()])

    def overhear(self, text: str) -> Verdict:
        """Note what was said when a model will act on it (``propose``, ``confirm``, ``command``)."""
        verdict = self._judged(text)
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


async def _has_saved(session: Session, flow: str, caller: str | None) -> bool:
    """Whether an unfinished set-up with a code was begun from that number."""
    earlier = await store.latest_open_by_caller(session, caller or "", flow=flow)
    return earlier is not None and earlier.resume_code_hash is not None


async def _refused_recording(session: Session, conversation_id: UUID) -> bool:
    """Whether the caller has asked not to be recorded earlier in this conversation (C12)."""
    past = await receipts(session, conversation_id)
    return any(receipt.tool == "dont_record" for receipt in past)


Brain = Literal["guided", "openai"]
