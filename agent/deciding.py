"""One turn of a conversation: events in, acts done, words out, all of it stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from loguru import logger

from agent import acts
from agent.acting import Acting
from agent.acts import Act, Event
from agent.form.engine import advance
from agent.form.state import FormState
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from core.errors import Conflict, SeiketsuError

QUESTIONS = (acts.Ask, acts.ReadBack, acts.Summary, acts.Which)

MAX_CHAIN = 12
"""Engine rounds in one turn (commit, outcome, next commit ...): more would be a loop."""


@dataclass(frozen=True, slots=True)
class TurnInput:
    """What a turn begins with.

    ``before`` is said ahead of what the engine says; ``already`` are tools that ran on the way here;
    ``ready`` prepares the form before the events are taken in.
    """

    events: Sequence[Event]
    before: Sequence[Utterance] = ()
    already: Sequence[ToolRun] = ()
    ready: Callable[[FormState], None] = lambda state: None


class Deciding(Acting):
    """Takes events through the engine until it has something to ask."""

    async def _turn(
        self,
        events: Sequence[Event],
        before: Sequence[Utterance] = (),
        already: Sequence[ToolRun] = (),
        ready: Callable[[FormState], None] = lambda state: None,
    ) -> Reply:
        """Take the events in, do what follows, store it, answer. See TurnInput."""
        return await self._take_turn(TurnInput(events, before, already, ready))

    async def _take_turn(self, turn: TurnInput) -> Reply:
        """One turn, which whoever knows of something more specific changes or answers first.

        When somebody else has stored the conversation meanwhile (a page), the turn is taken again on top of
        that: nothing is lost, and tools that ran are replayed from their receipts.
        """
        self._turns += 1
        mark = self.record.mark()
        for again in (True, True, False):
            says, runs = list(turn.before), list(turn.already)
            try:
                turn.ready(self.state)
                transfer = await self._take(turn.events, says, runs)
                self._last = tuple(says)
                after = self.record.mark()
                spoken = " ".join(u.spoken for u in says)
                self.record.said("agent", " ".join(u.text for u in says), spoken=spoken, runs=runs)
                try:
                    await self._save()
                except Conflict:
                    self.record.rewind(after)
                    raise
                return self._reply(says, runs, transfer)
            except Conflict as conflict:
                if conflict.code == "in_use":
                    return self._elsewhere()
                if not again:
                    raise
                self.record.rewind(mark)
                await self._catch_up()
        raise AssertionError("unreachable")

    async def _take(self, events: Sequence[Event], says: list[Utterance], runs: list[ToolRun]) -> str | None:
        transfer: str | None = None
        for _ in range(MAX_CHAIN):
            state, todo = advance(self.flow, self.state, events, self._env())
            self._note_changes(state)
            self.state = state
            events = []
            for act in todo:
                if self.state is not state or (self.state.code_asked and isinstance(act, QUESTIONS)):
                    # another form was opened, or a code was asked for: the old question is not asked
                    continue
                if transfer is not None and isinstance(act, QUESTIONS):
                    continue  # nobody is there to hear the answer
                more, target = await self._perform(act, says, runs)
                events = [*events, *more]
                transfer = transfer or target
            if not events:
                break
        return transfer

    def _elsewhere(self) -> Reply:
        """Another line has taken over: this one says so and touches nothing any more."""
        self.record.lost = True
        reply = self._reply([self._phraser().line("resume_in_use")], [], None)
        return replace(reply, ended=True)

    async def _perform(
        self, act: Act, says: list[Utterance], runs: list[ToolRun]
    ) -> tuple[list[Event], str | None]:
        """Do one act; returns what came of it, for the engine, and a number to transfer to."""
        match act:
            case acts.Commit():
                return [await self._commit(act, runs)], None
            case acts.Run():
                try:
                    return await self._run(act, says, runs), None
                except SeiketsuError as error:
                    logger.warning("{} failed: {}", act.tool, error.code)
                    says.append(self._phraser().line("tool_trouble"))
                    return [], None
            case acts.HandOver():
                return [], await self._hand_over(act.reason, says, runs)
            case acts.Close():
                says += await self._closing(act.reason, runs)
            case _:
                if isinstance(act, acts.Say) and self._tells_the_code(act.key):
                    # made only to be told: a new code ends the life of the one told before
                    await self._know_resume_code()
                says += self._phraser().speak(act)
        return [], None
