"""What the guard says of an utterance, weighed: what only resembles it, what else is good in the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent import acts
from agent.acts import Event, brings_value
from agent.calling_back import CallingBack
from agent.form.engine import advance
from agent.guardrails.guard import Verdict, check_heard, consider
from agent.meeting_wishes import SLOTS
from agent.reply import Reply
from agent.understanding.commands import find_command
from agent.understanding.sentences import asks, parted, requests, sentences
from agent.understanding.understand import understand
from agent.understanding.ways import stances
from agent.understanding.wishes import (
    ends_contact,
    no_robots,
    only_uninterested,
    refuses_texts_only,
)

FINANCE = frozenset({"rates", "negotiation", "contract"})
"""Labels that "a loan" and "25 percent down" resemble, which are answers where financing was asked for."""
HARMLESS = FINANCE | {"commission", "value", "cost", "schools", "area"}
"""Labels of questions that say nothing about people: the rest of such a sentence is heard too."""
PASSED_ON = HARMLESS | {"ok", "language"}
"""Labels of words that may be part of a message."""

FOR_GOOD, SURE_OF_AN_END = frozenset({"opt_out", "abuse", "minor"}), 0.6
"""Labels that end the call, and how sure words that only resemble one must be: who means it says it again."""


class Weighing(CallingBack):
    """Takes back a verdict that the words do not bear, and keeps what stands beside one that they do."""

    def _weighed(self, text: str, confidence: float) -> Verdict:
        """The guard's verdict on words said now, if they bear it and were heard well enough."""
        verdict = self._judged(text)
        unsure = verdict.label in FOR_GOOD and verdict.alike and confidence < SURE_OF_AN_END
        if unsure or self._misjudged(verdict, text):
            return Verdict(redacted=verdict.redacted, language=verdict.language)
        return verdict

    async def _caught(self, verdict: Verdict, text: str) -> Reply:
        """A fixed answer; what else is good in the words is kept, a time on offer taken."""
        asked = find_command(text) if verdict.label == "robot" else None
        if asked is not None and asked.name == "human":
            # "can I speak to a real person": told the truth, and put through
            verdict = replace(verdict, command="human")
        fine = await self._fine(verdict, text)
        await self._keep_the_rest(verdict, text, fine)
        return await self._time_beside(verdict, fine) or await self._guarded(verdict, text)

    def _misjudged(self, verdict: Verdict, text: str) -> bool:
        """Words that only resemble an opt-out or a question about the AI, and plainly say something else.

        Who asks to be called or written to does not opt out, nor does who is only not interested; who asks
        nothing does not ask who we are.
        """
        if verdict.label == "opt_out":
            welcome = "welcome" in stances(text).values() and not ends_contact(text)
            uninterested = verdict.alike and only_uninterested(text)
            only_no_robots = verdict.alike and no_robots(text) and not ends_contact(text)
            return welcome or uninterested or only_no_robots or refuses_texts_only(text)
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
