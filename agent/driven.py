"""What a brain that is a model may do to a conversation: propose, confirm, command; and what it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent import acts
from agent.acts import Event
from agent.form import order
from agent.guardrails.guard import Verdict
from agent.phrasing import value_words
from agent.reply import Reply, StepPrompt
from agent.understanding.base import Reading
from agent.understanding.polarity import polarity
from agent.understanding.understand import understand
from agent.understanding.view import View
from agent.weighing import Weighing


class Driven(Weighing):
    """The doors for a model; what it proposes is parsed and checked like the caller's own words."""

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
