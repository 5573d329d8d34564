"""Wishes that may be spoken anywhere, remarks beside the form, and what came of the form's own acts."""

from __future__ import annotations

from agent import acts
from agent.form import order
from agent.form.repair import MISSES_BEFORE_LETTING_GO, Repair
from agent.form.state import Awaiting


class Commands(Repair):
    """Follows a command, an aside, the outcome of a commit."""

    def _command(self, command: acts.Command) -> None:
        waiting = self.state.awaiting
        match command.name:
            case "help" | "status" | "who_are_you" | "wait":
                facts = {"slot": waiting.slots[0] if waiting.slots else ""}
                self.acts.append(acts.Say(command.name, facts))
                self.again = command.name != "wait"
                if command.name == "wait":
                    self.lead = acts.Say("wait")
                    self.acts.pop()
            case "repeat":
                self.again = True
                self.brief = command.target == acts.BRIEFLY
            case "dont_record" | "undo" | "send_link" | "resume":
                values = {"target": command.target} if command.target else {}
                self.acts.append(acts.Run(command.name, values))
                self.again = True
            case "human":
                if self.state.handed_over:
                    self.acts.append(acts.Say("human_already"))
                else:
                    self._hand_over("asked")
                self.again = True
            case "opt_out":
                self.acts.append(acts.Run("opt_out"))
                self._close("opt_out")
            case "goodbye" | "pause":
                self._close("caller_done")
            case "skip":
                if waiting.kind == "confirm" and waiting.slots:
                    self._withdraw(waiting.slots[0])
                elif waiting.slots:
                    self._skip(waiting.slots[0])
                else:
                    self.again = True
            case "go_back":
                self._change(self.state.history[-1] if self.state.history else None)
            case "change":
                self._change(command.target)

    def _change(self, target: str | None) -> None:
        if target in self.flow.slots and self._can_be_asked(target):
            slot = self.state.slot(target)
            if not slot.counts:
                slot.proposal = slot.offer = None
                slot.status = "empty"
            self.state.focus = target
            self.lead = acts.Ask(target, 0)
            return
        steps = [s for s in self.flow.steps if s.step == target] or order.path(self.flow, self.state)[-1:]
        known = tuple(
            n for s in steps for n in order.members(self.flow, s, self.state) if self.state.peek(n).counts
        )
        if known:
            self.lead = acts.Which(known)
        else:
            self.again = True

    def _aside(self, aside: acts.Aside) -> None:
        """Acknowledge, then one question at most; who has had enough is asked nothing more."""
        if aside.key:
            self.acts.append(acts.Say(aside.key, dict(aside.facts)))
        if aside.enough:
            for name in order.still_to_come(self.flow, self.state):
                if name != aside.ask and name not in aside.keeps:
                    self._drop(name)
        wanted = aside.ask and not self.state.peek(aside.ask).counts and self._can_be_asked(aside.ask)
        if wanted and self.state.peek(aside.ask).status != "skipped":
            self.state.focus = aside.ask
            self.lead = acts.Ask(aside.ask, 0)
        else:
            self.again = aside.stays and not aside.enough

    def _committed(self, event: acts.Committed) -> None:
        step = self.flow.step(event.step)
        self.state.awaiting = Awaiting()
        if event.status == "undone":
            self.state.done.pop(step.step, None)
            if step.step in self.state.approved:
                self.state.approved.remove(step.step)
            known = tuple(n for n in order.members(self.flow, step, self.state) if self.state.peek(n).counts)
            self.lead = acts.Which(known) if known else None
            return
        self.state.done[step.step] = event.status
        self.state.failures.pop(step.step, None)
        if step.done:
            self.acts.append(acts.Say(f"step:{step.step}:done", dict(event.facts)))

    def _commit_failed(self, event: acts.CommitFailed) -> None:
        self.state.awaiting = Awaiting()
        fails = self.state.failures[event.step] = self.state.failures.get(event.step, 0) + 1
        if event.step in self.state.approved:
            self.state.approved.remove(event.step)
        named = [n for n in event.slots if n in self.flow.slots]
        if fails > MISSES_BEFORE_LETTING_GO or (not named and fails > 1):
            self.acts.append(acts.Say("tool_failed", {"message": event.message}))
            self._hand_over("tool_failed")
            self._close("tool_failed")
            return
        if named:
            for name in named:
                self.state.slot(name).status = "rejected"
            self.lead = acts.Ask(named[0], 0, event.slots[named[0]])
        else:
            self.acts.append(acts.Say("tool_failed", {"message": event.message}))
