"""What is booked: made once there is somebody to tell, asked about, moved and called off (A047, C30)."""

from __future__ import annotations

import re
from typing import Any

from agent import acts
from agent.acts import Event
from agent.lead_slots import INTENT
from agent.meeting_wishes import BOOKED, SLOTS
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.base import Reading
from agent.whose_booking import WhoseBooking
from stores import appointments as store
from tools.own_appointments import own


class Booked(WhoseBooking):
    """Books, and knows what is booked."""

    def _can_be_told(self) -> bool:
        """Whether somebody who does not come, or is expected in vain, can be told."""
        return bool(self._caller) or any(self.state.peek(n).counts for n in ("phone", "email"))

    def _unreachable(self) -> Utterance:
        self.state.booking = {}
        return self._phraser().line("booking_unreachable")

    async def _book(self, runs: list[ToolRun]) -> list[Utterance]:
        """The read-back was agreed to and the lead is stored: now it is booked."""
        booking = self.state.booking
        self.state.booking = {}
        values: dict[str, Any] = {"choice": booking["choice"]}
        if self.state.meeting_note:
            values["note"] = self.state.meeting_note
        limits, consent = self.state.peek("contact_limits").value, self.state.peek("consent_contact")
        if consent.counts and consent.value and limits not in ("calls_only", "calls_first"):
            values["text_ok"] = True
        result, run = await self._run_tool("book_appointment", values, f"book{self._turns}")
        runs.append(run)
        if result.status != "booked":
            return [self._phraser().line("booking_missed")]
        # in place: another state is another form (Deciding), and the questions that follow would be dropped
        self.state.raised = {**self.state.raised, BOOKED: 1}
        said = [self._result({**result.facts, "when": booking["when"]}, "booked")]
        if self.state.language == "es" and result.facts.get("agreement_notice"):
            said.append(self._phraser().line("touring"))
        return said

    async def _not_booked(self) -> Reply:
        """A time that was agreed to and is not booked yet is let go."""
        self.state = self.state.model_copy(deep=True)
        self.state.booking, self.state.wish = {}, ""
        for name in SLOTS:
            slot = self.state.slot(name)
            slot.proposal = slot.value = None
            slot.status = "skipped"
        self._words, self._wished = "", False
        return await self._turn([acts.Command("repeat")], before=[self._phraser().line("not_booked")])

    async def _move(self, text: str) -> Reply:
        runs: list[ToolRun] = []
        kinds = {row.kind for row in await self._own()}
        if not kinds and self.channel != "voice":
            return await self._unproved("move", text)
        to = re.split(r"\b(?:to|do|for|make it)\b", text, flags=re.I)[-1]
        meant = self._wish(text)
        # "can't do Friday, what about Monday" rules a day out: the words behind it alone would not
        wish = to if self._wish(to).dated and not (meant.unless or meant.not_on) else text
        kind = kinds.pop() if len(kinds) == 1 else ""  # a move leaves it as it is
        said = await self._offer_times("appointment", runs, wish, move=True, kind=kind)
        if said is not None:
            return await self._only([said], runs)
        # no time to offer: somebody who can move it calls back
        result, run = await self._run_tool(
            "book_callback", {"reason": "Move an appointment"}, f"m{self._turns}"
        )
        if not result.ok or self.channel != "voice":
            return await self._passed_on(text, "move_passed_on", run)
        key = "callback_booked"
        said = self._phraser().line(key, {"when": "", **result.facts})
        return await self._turn([acts.Command("repeat")], before=[said], already=[run])

    async def _own(self) -> list[store.Appointment]:
        """The caller's own appointments: by their line, by this conversation, or by a code that was sent."""
        async with self.parts.db.tenant(self.tenant_id) as session:
            return await own(self._context(), session, self.parts.clock.now())

    async def _cancel(self, text: str) -> Reply:
        result, run = await self._run_tool(
            "cancel_appointment", {"which": text[:200]}, f"cancel{self._turns}"
        )
        if result.status == "nothing" and self.channel != "voice":
            return await self._unproved("cancel", text, run)
        if result.status == "nothing":
            return await self._passed_on(text, "cancel_nothing", run)
        key = {"cancelled": "cancelled", "which": "cancel_which"}.get(result.status, "tool_trouble")
        facts = {name: str(result.facts.get(name, "")) for name in ("when", "agent", "choices")}
        said = self._phraser().line(key, facts)
        if result.status == "cancelled" and self.state.language != "es":
            text = str(result.facts["cancel_result"])
            said = Utterance(text, text, True, key)
        return await self._turn([acts.Command("repeat")], before=[said], already=[run])

    async def _recall(self, text: str) -> Reply:
        """When, with whom and where: told to whom it is, or looked up by the office."""
        result, run = await self._run_tool(
            "recall_appointment", {"which": text[:200]}, f"recall{self._turns}"
        )
        if result.status == "nothing" and self.channel != "voice":
            return await self._unproved("recall", text, run)
        if result.status == "nothing":
            return await self._passed_on(text, "recall_nothing", run)
        key = {"booked": "recalled", "which": "cancel_which"}.get(result.status, "tool_trouble")
        facts = {name: str(value) for name, value in result.facts.items()}
        if self.state.language == "es":
            facts["appointment"] = f"{facts['when_es']}, con {facts['agent']}"
        return await self._turn(
            [acts.Command("repeat")], before=[self._phraser().line(key, facts)], already=[run]
        )

    async def _passed_on(self, text: str, key: str, run: ToolRun) -> Reply:
        """Nobody is sent away with a wish about an appointment: it is the message, for whoever keeps it."""
        self.state = self.state.model_copy(update={"wish": ""})
        self._words, self._wished = "", False
        events: list[Event] = []
        if not self.state.peek(INTENT).counts:
            events.append(acts.Answer(INTENT, Reading(value="message")))
        if not self.state.peek("message").counts:
            events.append(acts.Answer("message", Reading(value=text.strip()[:1000]), volunteered=True))
        told = [e for e in self._beside(text) if e not in events]
        said = self._phraser().line(key)
        return await self._turn([*events, *told, acts.Command("repeat")], before=[said], already=[run])
