"""A meeting that is being arranged, or stands: whether it is set, how it is held, what to know of it (A047).

Asked at any moment, alone or beside something else, it is answered from where the booking stands and from its
kind, and never left to an agent. Who comes along, or wants a word beforehand, is kept with the appointment.
"""

from __future__ import annotations

from typing import Any

from agent import acts
from agent.acts import Event
from agent.booked import Booked
from agent.lead_slots import HOME
from agent.meeting_wishes import BOOKED, SLOTS
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.of_meeting import asks_how_met, asks_if_set, only_to_know, to_know_of_it
from agent.understanding.sentences import parted
from agent.understanding.spanish import gloss
from policies import appointments as policy
from stores import appointments as store

NOTED = 500
"""Characters that are kept of what is to be known of a meeting."""


class Arranged(Booked):
    """Knows where a meeting of this conversation stands."""

    def _arranging(self) -> bool:
        """Whether a time was offered, chosen, wished for or booked in this conversation."""
        state = self.state
        spoken_of = any(state.peek(name).counts or state.peek(name).status == "skipped" for name in SLOTS)
        return bool(state.offer or state.booking or spoken_of or state.promised or BOOKED in state.raised)

    async def _of_meeting(self, text: str) -> Reply | None:
        """The answer to words that only ask about the meeting, or only tell something to be known of it."""
        plain = gloss(text) if self.state.language == "es" else text
        if not self._arranging():
            return None
        if only_to_know(plain):
            return await self._turn([acts.Command("repeat")])  # where it is kept
        if any(c.isalnum() for c in parted(plain)[0]):
            return None  # what is told comes first, and the question is met where the turn ends
        if asks_how_met(plain):
            how = await self._how_met()
            said = [Utterance(how, how, True, "answered")] if how else []
        elif asks_if_set(plain) and not self._picks_now(plain):
            said = await self._whether_set()
        else:
            return None
        return await self._turn([acts.Command("repeat")], before=said) if said else None

    def _picks_now(self, plain: str) -> bool:
        """Whether a time that was not agreed to yet is named, or just read back: that answers it."""
        confirms = self.state.awaiting.kind == "confirm" and bool(SLOTS & set(self.state.awaiting.slots))
        return confirms or (bool(self.state.offer) and self._speaks_of_time(plain))

    async def _whether_set(self) -> list[Utterance]:
        """Where the booking stands, in words; nothing where none was spoken of."""
        phraser = self._phraser()
        if BOOKED in self.state.raised:
            result, _ = await self._run_tool("recall_appointment", {}, f"recall{self._turns}")
            facts = {name: str(value) for name, value in result.facts.items()}
            if self.state.language == "es":
                facts["appointment"] = f"{facts['when_es']}, con {facts['agent']}"
            return [phraser.line("recalled", facts)] if result.status == "booked" else []
        if self.state.booking:
            return [phraser.line("booking_held", {"when": self.state.booking["when"]})]
        if self.state.offer:
            return [phraser.line("booking_open")]
        wished = [self.state.peek(name).value for name in sorted(SLOTS) if self.state.peek(name).counts]
        if wished:
            return [phraser.line("booking_wished", {"when": str(wished[0]).rstrip(" .!")})]
        if self.state.promised:
            return [phraser.line("call_when", {"when": self.state.promised})]
        return [phraser.line("booking_none")]

    async def _how_met(self) -> str:
        """How, where, with whom and for how long, by the kind of the meeting; "" where there is none yet."""
        row = await self._of_now()
        if row is None:
            return ""
        home = self.state.peek(HOME).value
        place = row.place or (str(home.get("line") or "") if isinstance(home, dict) else "")
        offered: dict[str, Any] = self.state.booking or self.state.offer
        agent = str(offered.get("agent") or "") or await self._name_of(row)
        return policy.how_met(row.kind, agent=agent, place=place, language=self.state.language)

    async def _of_now(self) -> store.Appointment | None:
        """The appointment this conversation booked, or one of the times it holds."""
        async with self.parts.db.tenant(self.tenant_id) as session:
            booked = await store.booked_in(session, self.id, after=self.parts.clock.now())
            held = await store.holds(session, self.id)
        return next(iter([*booked, *held]), None)

    async def _name_of(self, row: store.Appointment) -> str:
        """The first name of whom it is with."""
        result, _ = await self._run_tool("recall_appointment", {}, f"recall{self._turns}")
        return str(result.facts.get("agent") or "") or self._phraser().line("the_agent").text

    # -- beside something else --------------------------------------------------------------------

    async def _of_office(self, question: str) -> str:
        """What is asked of the meeting is answered from it; anything else by the office's facts."""
        plain = gloss(question) if self.state.language == "es" else question
        if self._arranging() and asks_how_met(plain) and (how := await self._how_met()):
            return how
        if self._arranging() and asks_if_set(plain):
            return " ".join(said.text for said in await self._whether_set())
        return await super()._of_office(question)

    async def _open_questions(self, said: str) -> list[str]:
        """As anywhere, without those that are kept for whoever is met."""
        found = await super()._open_questions(said)
        return [q for q in found if not (self._arranging() and to_know_of_it(q))]

    def _speaks_of_time(self, question: str) -> bool:
        """Of a time that is chosen, "so wed at 10 is set?" asks whether it is."""
        settled = self._arranging() and not self.state.offer
        return not (settled and asks_if_set(question)) and super()._speaks_of_time(question)

    async def _kept_for_it(self, said: str) -> tuple[list[Utterance], list[Event], list[ToolRun]]:
        """What is said, noted and done of words that whoever is met should know; once."""
        words = to_know_of_it(gloss(said) if self.state.language == "es" else said)
        if not words or not self._arranging() or words in self.state.meeting_note:
            return [], [], []
        agent = str((self.state.booking or self.state.offer).get("agent") or "")
        note = f"{self.state.meeting_note}. {words}".strip(". ")[:NOTED]
        self.state = self.state.model_copy(update={"meeting_note": note})
        runs = []
        if BOOKED in self.state.raised:
            result, run = await self._run_tool("note_on_appointment", {"note": note}, f"note{self._turns}")
            runs.append(run)
            agent = str(result.facts.get("agent") or "") or agent
        agent = agent or self._phraser().line("the_agent").text
        return [self._phraser().line("noted_for_meeting", {"agent": agent})], self._note_of(words), runs
