"""The form engine: pure, without audio, model or database.

Three promises, property-tested: no sequence of events loses a confirmed slot, commits an
unconfirmed one, or leaves the caller without a next act.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from agent import acts
from agent.acts import Act, Event
from agent.form.commands import Commands
from agent.form.next_act import NextAct
from agent.form.state import FormState
from agent.form.turn import Env
from agent.form.values import Values
from flows.schema import Flow


def advance(
    flow: Flow, state: FormState, events: Iterable[Event], env: Env
) -> tuple[FormState, tuple[Act, ...]]:
    """Take in what was heard and decide what to do next.

    Returns a new state (the given one is not touched) and the acts to perform in order. The last act
    is always one that leads on: a question, a read-back, a commit or the end.
    """
    turn = _Turn(flow, state.model_copy(deep=True), env)
    for event in events:
        turn.take(event)
    turn.finish()
    return turn.state, (*turn.acts[:-1], _what_changed(state, turn.state, turn.acts[-1]))


def _what_changed(old: FormState, new: FormState, act: Act) -> Act:
    """A summary right after the same one names the values that were put right."""
    if not isinstance(act, acts.Summary) or old.awaiting.kind != "summary" or old.awaiting.step != act.step:
        return act
    had, has = old.best(), new.best()
    changed = tuple(n for n in has if n in new.slots and has[n] != had.get(n))
    return replace(act, changed=changed) if changed else act


class _Turn(Values, Commands, NextAct):
    """Everything that can happen in one turn."""

    def take(self, event: Event) -> None:
        if self.state.closed:
            return
        match event:
            case acts.Answer():
                self._answer(event.slot, event.reading, event.volunteered)
            case acts.Fix():
                self._answer(event.slot, event.reading, volunteered=False, fix=True)
            case acts.Yes():
                self._yes()
            case acts.No():
                self._no()
            case acts.Command():
                self._command(event)
            case acts.Aside():
                self._aside(event)
            case acts.Silence():
                self._silence()
            case acts.Unclear():
                self._unclear()
            case acts.Committed():
                self._committed(event)
            case acts.CommitFailed():
                self._commit_failed(event)
