"""No more contact, asked for where nobody's number is known: whose, is asked first (C06).

A chat has no number. To say "you're off the list" there would be untrue: nothing would be listed.
"""

from __future__ import annotations

from agent import acts
from agent.deciding import TurnInput
from agent.others_client import OthersClient
from agent.reply import Reply

LEAVES = "leaves"
"""Noted among what came up: whose number or address is to be left alone was asked."""


class Leaving(OthersClient):
    """Asks whom to leave alone, and then does."""

    async def _take_turn(self, turn: TurnInput) -> Reply:
        """Asks for a number or an address where there is none that could be listed."""
        wanted = acts.Command("opt_out") in turn.events
        known = self._can_be_told() or self.channel == "voice" or "phone" not in self.flow.slots
        if wanted and not known and LEAVES not in self.state.raised:
            self._leaves(1)
            return await self._only([self._phraser().line("opt_out_which")], list(turn.already))
        return await super()._take_turn(turn)

    async def _whom_to_leave(self, text: str) -> Reply:
        """The number or address given; without one there is nobody we could contact, and that is said."""
        self._leaves(0)
        view = self.view()
        for name in ("phone", "email"):
            reading = view.type_of(name).parse(text, view.context(name))
            if reading is None or reading.value is None:
                continue
            self.state = self.state.model_copy(deep=True)
            slot = self.state.slot(name)
            slot.value, slot.status = reading.value, "confirmed"
            if name == "phone":
                return await self._turn([acts.Command("opt_out")])
            values = {"kind": "privacy", "label": "opt_out"}
            result, run = await self._run_tool("note_for_staff", values, f"leave{self._turns}")
            key = "opt_out_email" if result.ok else "tool_trouble"
            says = [self._phraser().line(key)]
            return await self._turn([acts.Command("goodbye")], before=says, already=[run])
        return await self._turn([acts.Command("goodbye")], before=[self._phraser().line("opt_out_unknown")])

    def _leaves(self, asked: int) -> None:
        self.state = self.state.with_raised(LEAVES, asked)
