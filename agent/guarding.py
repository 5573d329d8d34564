"""What follows when the guard has recognised something: a fixed answer, never a model's words (C18)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent import acts
from agent.acts import Event
from agent.appointing import Appointing
from agent.guardrails.guard import Verdict, check_heard
from agent.lead_slots import OUTCOME
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.understand import understand
from policies import compliance
from policies.dispositions import of_question
from policies.lifecycle import wish_of

CLOSED = frozenset({"choice", "integer", "money", "money_range", "representation", "timeline", "yes_no"})
"""Slot types that take a few answers and no others: what is one of them needs no second opinion."""

KEPT_OUT = frozenset({"C31", "C36"})
"""Rules about secrets and minors: nothing of such an utterance reaches the form."""


class Guarding(Appointing):
    """Judges every utterance and answers what may not be answered freely."""

    secret_turns = 0
    """How often something was said that may not be kept; the line silences those words in its recording."""
    forgotten = False
    """Nothing of this call may be kept: a minor was on the line (C36)."""

    def _judged(self, text: str) -> Verdict:
        """The guard's verdict on words said now, with what was just asked in mind."""
        waiting = self.state.awaiting
        asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
        if asked in self.flow.slots and self.flow.slots[asked].choices_from == "recording_modes":
            asked = "recording_mode"
        verdict = check_heard(text, flow=self.flow.flow, channel=self.channel, asked=asked)
        if verdict.alike and self._answers(waiting.slots[0] if asked else "", text):
            return Verdict(redacted=text, language=verdict.language)
        if verdict.rule in ("C31", "C36") and verdict.label != "access":
            self.secret_turns += 1
        return verdict

    def _answers(self, slot: str, text: str) -> bool:
        """Whether the words are one of the answers that were asked for, and nothing besides."""
        if slot not in self.flow.slots or self.flow.slots[slot].type not in CLOSED:
            return False
        view = self.view()
        reading = view.type_of(slot).parse(text, view.context(slot))
        return reading is not None and reading.value is not None and not reading.rest.strip(" .,!?")

    async def _guarded(self, verdict: Verdict, text: str) -> Reply:
        """A template answers, never the model; then the question stands as before.

        ``through``: what else was said in the same breath still reaches the form.
        """
        self.record.noted("guard", {"label": verdict.label, "rule": verdict.rule})
        says = [self._fixed(verdict)] if verdict.template else []
        runs: list[ToolRun] = []
        if verdict.follow_up:
            values: dict[str, Any] = {"kind": verdict.follow_up, "label": verdict.label}
            if verdict.follow_up == "privacy":
                values["wish"] = wish_of(text)
            _, run = await self._run_tool("note_for_staff", values, f"guard{self._turns}")
            runs.append(run)
        events: list[Event] = [acts.Command("repeat")]
        if verdict.tool:
            result, run = await self._run_tool(verdict.tool, {}, f"guard{self._turns}")
            runs.append(run)
            if verdict.label == "opt_in":
                # nobody is told of a list they were not on; what else they said is heard
                says = says if result.status == "restored" else []
                events = understand(text, self.view()) or events
        if verdict.label == "minor":
            self._forget()
        if verdict.command is not None:
            events = [acts.Command(verdict.command)]
        elif verdict.through:
            heard = understand(text, self.view())
            events = [e for e in heard if isinstance(e, acts.Answer | acts.Fix | acts.Yes)] or events
        outcome = of_question(verdict.label)
        if outcome is not None and OUTCOME in self.flow.slots:
            events = [*self._outcomes(outcome), *events]
        return await self._turn(events, before=says, already=runs)

    def _forget(self) -> None:
        """Nothing that a minor has said is kept: the form is empty and the line stores no sound (C36)."""
        self.forgotten = True
        self.recording = False
        self.state = self.state.model_copy(update={"slots": {}, "focus": None})

    def _keeps_beside(self, verdict: Verdict) -> bool:
        """Whether anything said beside what a fixed answer meets is kept."""
        return not (verdict.rule in KEPT_OUT or verdict.label == "opt_out" or self.state.closed)

    def _fixed(self, verdict: Verdict) -> Utterance:
        """The template in the conversation's language, or in the one it was asked in."""
        name = verdict.template
        if name == "recorded" and self.channel != "voice":
            name = "recorded_chat"
        elif name == "recorded" and not self.recording:
            name = "unrecorded"
        phraser = self._phraser()
        said = phraser.line(name)
        other = verdict.language not in ("en", self.state.language)
        if other and (text := compliance.compliance().templates_in(verdict.language).get(name)):
            said = replace(phraser.words(text, name), language=verdict.language)
        return said
