"""One conversation with one caller, over any channel: the pipecat-free heart of a call.

It hears (understanding), decides (the form engine), acts (tools) and answers (phrasing), and stores
every turn, so that any channel and any process can go on from where it was. Guided and model brains
both end here; only this code decides what is valid, what is done and what comes next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from loguru import logger

from agent import acts
from agent.acts import Event
from agent.driven import Driven
from agent.flow_choice import choose, pinned
from agent.form import order
from agent.form.state import Awaiting, FormState
from agent.form.values import LOW_AMONG_FEW, NOTHING
from agent.guarding import KEPT_OUT
from agent.guardrails.guard import consider
from agent.leaving import LEAVES
from agent.parts import Parts
from agent.phrasing import Utterance
from agent.record import LEASE_SECONDS
from agent.reply import Reply
from agent.returning import MESSAGE
from agent.session_facts import load_facts
from agent.understanding.beforehand import compare
from agent.understanding.misheard import as_meant
from agent.understanding.shorthand import written_out
from agent.weighing import PASSED_ON
from core.errors import Conflict, SeiketsuError, Unavailable
from core.ids import HOUSE_TENANT, new_id
from stores import conversations as store
from stores.db import Session
from stores.receipts import receipts

NOT_HEARD = 0.1
"""Of 37 answers heard less sure than this none was right."""
HEARD_SURELY = 0.65
"""What is told beside the questions is kept for an agent only where it was heard as surely as that."""
LEAST_ASKED = 3
"""Words that a question has at least."""
CLOSING_PAUSES = (1.0, 3.0, 9.0)
"""Seconds between the tries to store what there is when a call has ended and the database does not answer."""


class Conversation(Driven):
    """Start or resume with :meth:`start`; then one call of ``hear`` (or a sibling) per turn.

    It is built in layers, each a module with one idea that calls the layers below it and refines what they
    do (``super()``). Top first; a test holds this list to the classes:

    - Driven: the doors for a model, whose proposals are checked like the caller's own words
    - Weighing: takes back a verdict of the guard that the words do not bear
    - CallingBack: somebody would be called, and a person is asked to
    - Returning: a message for whoever did not answer a transfer, then on where it was
    - Leaving: whom to leave alone
    - OthersClient: who is another firm's client is not questioned further
    - Elsewhere: who was looking for somebody else
    - PassingOn: the message of a caller who leaves one
    - Urgent: what cannot wait is heard before the form hears
    - SetupQuestions: a broker's questions, and wishes beside a yes or a no
    - SetupAnswers: what is known to answer them with
    - SettingUp: what a broker adds to an answer
    - RulesByTalk: the rules a broker gives, whatever was asked
    - Guarding: every utterance is judged, and what may not be answered freely is answered so
    - Appointing: a wish about an appointment, from asking to booking
    - Arranged: where a meeting of this conversation stands
    - Booked: what is booked, and booking it
    - WhoseBooking: whose appointment is meant, when no number proves it
    - Choosing: which of the offered times is meant
    - OfferingTimes: times to meet, offered and held
    - MeetingWishes: days and hours that are wished for
    - NotOffered: homes that are gone, and what the office does not do
    - Unanswered: what was asked in the same breath as something else
    - Homes: which home is meant, and what there is
    - Inquiring: a question is taken for one, answered, and the open one put again
    - Hearing: an utterance becomes events, asides first
    - LookingUp: looks up what is asked, and leaves to an agent what is not known
    - Objecting: what somebody has against going on
    - Languages: English and Spanish, back and forth
    - Deciding: events go through the form engine until there is something to ask
    - Acting: commits, tools, hand-overs, goodbyes
    - Resuming: codes told and codes given
    - Standing: what one conversation knows, and where it stands
    """

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
                parts, row = await _begun(session, parts, flow.flow, channel, caller, test=rehearsal)
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
            verdict = self._weighed(text, confidence)
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
            language = self._other_language(text)
            if verdict.label in ("ok", "language") and language is not None:
                return await self._change_language(text, language)
            if verdict.label != "ok":
                if language is not None and self._speaks(language):
                    self._speak_in(language)
                return await self._caught(verdict, text)
            return await self._take_in(text, confidence)

    async def _take_in(self, text: str, confidence: float) -> Reply:
        """Words that nothing is wrong with: whose turn it is to understand them, first come first served."""
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
        reply = await self._about_appointment(text) or await self._asked_something(text)
        if reply is not None:
            return reply
        events = self._sure_enough(self._understood(text, confidence), text, confidence)
        if confidence < 1.0 and all(isinstance(e, acts.Unclear) for e in events):
            reply = await self._asked_unclearly(text)
        return reply or await self._turn(events)

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

    async def silence(self) -> Reply:
        """The caller said nothing for as long as the idle timeout."""
        async with self._lock:
            return await self._turn([acts.Silence()])

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


async def _begun(
    session: Session, parts: Parts, name: str, channel: str, caller: str | None, *, test: bool
) -> tuple[Parts, store.Conversation]:
    """A new conversation of the flow of that name, as the client has it published."""
    parts, published = await choose(parts, session, name)
    flow = parts.flows[name]
    row = await store.create(
        session,
        id=new_id(),
        channel=channel,
        flow=name,
        flow_version=flow.version,
        published_version=published,
        step=flow.steps[0].step,
        caller=caller,
        test=test,
    )
    return parts, row


async def _has_saved(session: Session, flow: str, caller: str | None) -> bool:
    """Whether an unfinished set-up with a code was begun from that number."""
    earlier = await store.latest_open_by_caller(session, caller or "", flow=flow)
    return earlier is not None and earlier.resume_code_hash is not None


async def _refused_recording(session: Session, conversation_id: UUID) -> bool:
    """Whether the caller has asked not to be recorded earlier in this conversation (C12)."""
    past = await receipts(session, conversation_id)
    return any(receipt.tool == "dont_record" for receipt in past)
