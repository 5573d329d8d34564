"""A caller comes back from a transfer that nobody took: told so, and asked what should be passed on (C41)."""

from __future__ import annotations

from agent import acts
from agent.leaving import Leaving
from agent.reply import Reply
from agent.understanding.commands import find_command
from agent.understanding.polarity import polarity
from agent.understanding.sentences import asks
from agent.understanding.spanish import gloss

MESSAGE = "message_after_transfer"
"""Noted among what came up: whether there is a message was asked, and the answer is awaited."""
BARE = 3
"""Words that a yes or a no without a message has at most."""


class Returning(Leaving):
    """Takes a message for whoever did not answer, then goes on where it was."""

    nobody_took_it = False
    """The line sets it: this call comes back from telephones that rang in vain."""

    async def _back_from_transfer(self) -> Reply:
        """Who did not answer will call back, the line has said; is there something they should know?"""
        self.nobody_took_it = False
        self._awaits_message(1)
        return await self._only([self._phraser().line("message_wanted")], [])

    async def _message_for_them(self, text: str, confidence: float) -> Reply | None:
        """What follows from the answer; None when it is something else, which goes its usual way."""
        self._awaits_message(0)
        words = gloss(text) if self.state.language == "es" else text
        if find_command(words) is not None or asks(words):
            return None
        sign, bare = polarity(words), len(words.split()) <= BARE
        if sign == "no" and bare:
            return await self._turn([acts.Command("repeat")])
        if sign == "yes" and bare:
            self._awaits_message(1)
            return await self._only([self._phraser().line("message_what")], [])
        values = {"message": text, "urgent": True}
        result, run = await self._run_tool("take_message", values, f"message{self._turns}")
        said = self._phraser().line("lead_message" if result.ok else "tool_failed", result.facts)
        # who answers the old question instead has answered it
        heard = [
            e for e in self._understood(text, confidence) if isinstance(e, acts.Answer) and e.reading.value
        ]
        return await self._turn(heard or [acts.Command("repeat")], before=[said], already=[run])

    def _awaits_message(self, asked: int) -> None:
        self.state = self.state.with_raised(MESSAGE, asked)
