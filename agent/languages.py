"""Changing the language in the middle: asked for, or simply spoken (A045, C47).

In writing everything goes on in Spanish. On the telephone it does where the agent has a voice for it; else a
person who speaks it is asked to call back, and that is said.
"""

from __future__ import annotations

from agent import acts
from agent.acts import Event
from agent.deciding import Deciding
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.base import Reading
from agent.understanding.beforehand import compare
from agent.understanding.spanish import (
    besides_asking,
    greets_in_spanish,
    holds_spanish,
    sounds_spanish,
    wants_english,
    wants_spanish,
)
from agent.understanding.understand import understand
from flows.languages import ENGLISH, translation
from policies import compliance

SPANISH = "es"
PREFERRED = "language"
"""The slot that keeps what the caller would rather speak."""


class Languages(Deciding):
    """English and Spanish, back and forth."""

    def _understood(self, text: str, confidence: float) -> list[Event]:
        """Everything that was said, as events."""
        return understand(text, self.view(), confidence)

    def _other_language(self, text: str) -> str | None:
        """The language to go on in, when it is not the one spoken now."""
        if translation(self._base.flow, SPANISH) is None or self.state.closed:
            return None
        if self.state.language == ENGLISH and (
            wants_spanish(text) or sounds_spanish(text) or greets_in_spanish(text)
        ):
            return SPANISH
        if self.state.language == SPANISH and wants_english(text):
            return ENGLISH
        return None

    def _speaks(self, language: str) -> bool:
        return self.channel != "voice" or language in self.facts.languages

    async def _change_language(self, text: str, language: str) -> Reply:
        """Go on in another language: what was said besides is taken in, the question asked anew."""
        if not self._speaks(language):
            return await self._call_back_in(language)
        rest = besides_asking(text)
        # what was said before the wish for the other language may still be in this one
        heard: list[Event] = []
        if rest and language == SPANISH and not holds_spanish(rest):
            await compare(rest, self.view())
            heard = understand(rest, self.view())
        self._speak_in(language)
        says = [self._phraser().line("now_spanish" if language == SPANISH else "now_english")]
        if language == SPANISH:
            says.append(self._disclosure())
        events: list[Event] = [acts.Answer(PREFERRED, Reading(value=language), volunteered=True)]
        if rest and not heard:
            await compare(rest, self.view())
            heard = self._understood(rest, 1.0)
        events += [e for e in heard if isinstance(e, acts.Answer | acts.Fix | acts.Yes | acts.No)]
        await self._in_passing(rest)
        if len(events) == 1:
            events.append(acts.Command("repeat"))
        return await self._turn(events, before=says)

    async def _in_passing(self, text: str) -> None:
        """What else the first words in another language hold, beside values."""

    def _speak_in(self, language: str) -> None:
        self.state = self.state.model_copy(update={"language": language})

    def _disclosure(self) -> Utterance:
        """The legal opening again: whoever did not follow the English one hears it now (C07)."""
        text = self.disclosure_in(SPANISH)
        return Utterance(text, text, False, "opening")

    def disclosure_in(self, language: str) -> str:
        """The legal opening as it would be said now."""
        brand, persona = str(self.facts.values["brand"]), str(self.facts.values["persona"])
        return compliance.prefix(
            brand, persona, recorded=self.recording, channel=self.channel, language=language
        )

    async def _call_back_in(self, language: str) -> Reply:
        """No voice for it: somebody who speaks it calls back, once."""
        runs: list[ToolRun] = []
        events: list[Event] = [acts.Answer(PREFERRED, Reading(value=language), volunteered=True)]
        key = "spanish_no_call_back"
        if "spanish" not in self.state.raised:
            self.state = self.state.with_raised("spanish")
            values = {"reason": "The caller would like to speak Spanish"}
            result, run = await self._run_tool("book_callback", values, f"language{self._turns}")
            runs.append(run)
            key = "spanish_call_back" if result.ok else key
        says = [self._phraser().line(key)]
        return await self._turn([*events, acts.Command("repeat")], before=says, already=runs)
