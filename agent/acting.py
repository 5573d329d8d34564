"""What a conversation does: tools are run here, and nothing is said to be done that has no receipt."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from loguru import logger

from agent import acts
from agent.acts import Event
from agent.lead_slots import OUTCOME
from agent.own_questions import OWN
from agent.phrasing import Utterance
from agent.reply import ToolRun
from agent.resuming import Resuming
from core.errors import SeiketsuError
from core.ids import HOUSE_TENANT
from policies.scrub import scrub
from tools import registry
from tools.base import ToolContext, ToolResult

LONGEST_TICKET = 500
"""Characters of what was said that a ticket quotes."""


class Acting(Resuming):
    """Commits, tools, hand-overs, goodbyes."""

    async def _commit(self, act: acts.Commit, runs: list[ToolRun]) -> Event:
        # stored first: should this process die after the write, the next one repeats the call with the
        # same key and finds the receipt
        await self._save()
        result, run = await self._run_tool(act.tool, act.values, act.step)
        runs.append(run)
        if result.status == "hot" and (self._target() is None or self.state.booking):
            result.status = "saved"  # nobody to put the caller through to, or a time is agreed on already
        if result.ok:
            self.may_claim_done = True
            await self._refresh_facts()
            return acts.Committed(act.step, result.status, result.facts)
        return acts.CommitFailed(act.step, result.message, result.slots)

    async def _run_tool(
        self, name: str, values: Mapping[str, Any], purpose: str
    ) -> tuple[ToolResult, ToolRun]:
        digest = hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]
        started = time.perf_counter()
        try:
            # answers to the client's own questions are no arguments of any tool: they come with the context
            takes = registry.get(name).args.model_fields
            values = {k: v for k, v in values.items() if k in takes or not k.startswith(OWN)}
            result = await registry.run(
                self._context(), name, dict(values), key=f"{self.id}:{purpose}:{name}:{digest}"
            )
        except SeiketsuError as error:
            logger.warning("tool {} failed: {}", name, error.code)
            message = self._phraser().line("tool_trouble").text
            result = ToolResult(status=error.code, ok=False, message=message)
        run = ToolRun(
            name, dict(values), result.status, result.receipt_id, (time.perf_counter() - started) * 1000
        )
        subject = result.facts.get("tenant_id")
        if subject is not None and self._subject is None and self.tenant_id == HOUSE_TENANT:
            self._subject = UUID(str(subject))
        self.record.noted("tool", {"name": name, "status": result.status, "ok": result.ok})
        return result, run

    async def _ask_our_team(self, subject: str, words: str, purpose: str) -> tuple[ToolResult, ToolRun]:
        """A ticket in the words of who is speaking, without what may not be stored about a person (C24)."""
        body = scrub(words)[:LONGEST_TICKET] or "See the transcript."
        return await self._run_tool("open_ticket", {"subject": subject, "body": body}, purpose)

    def _context(self) -> ToolContext:
        return ToolContext(
            db=self.parts.db,
            clock=self.parts.clock,
            ports=self.parts.ports,
            home=self.tenant_id,
            subject=self._subject if self.tenant_id == HOUSE_TENANT else self.tenant_id,
            conversation_id=self.id,
            call_id=self.call_id,
            channel=self.channel,
            caller=self._caller,
            public_url=self.parts.public_url,
            rehearsal=self.rehearsal,
            slots=self.state.confirmed(),
        )

    async def _run(self, act: acts.Run, says: list[Utterance], runs: list[ToolRun]) -> list[Event]:
        phraser = self._phraser()
        if act.tool == "undo":
            return await self._undo(says, runs)
        if act.tool == "resume":
            return await self._resume(str(act.values.get("target") or ""), says)
        if act.tool == "dont_record":
            self.recording = False
        result, run = await self._run_tool(act.tool, act.values, f"run{self._turns}")
        runs.append(run)
        if act.tool == "send_link":
            key = "link_sent" if result.ok else "link_not_sent"
            says.append(phraser.line(key, result.facts))
        elif act.tool == "dont_record":
            # true whatever became of the note: this line stores no sound from now on
            says.append(phraser.line("dont_record_done", result.facts))
        elif act.tool != "opt_out":
            says.append(phraser.line(f"{act.tool}_done" if result.ok else "tool_trouble", result.facts))
        return []

    async def _undo(self, says: list[Utterance], runs: list[ToolRun]) -> list[Event]:
        started = time.perf_counter()
        undone = await registry.undo_latest(self._context())
        if undone is None:
            says.append(self._phraser().line("nothing_to_undo"))
            return []
        tool, result = undone
        runs.append(
            ToolRun(
                "undo",
                {"tool": tool},
                result.status,
                result.receipt_id,
                (time.perf_counter() - started) * 1e3,
            )
        )
        if not result.ok:
            says.append(Utterance(result.message, result.message, True, "undo_refused"))
            return []
        says.append(self._phraser().line("undone", {"what": tool.replace("_", " ")}))
        await self._refresh_facts()
        step = next((s for s in self.flow.steps if s.tool == tool), None)
        return [acts.Committed(step.step, "undone")] if step else []

    def _target(self) -> str | None:
        """The number a caller on the line may be put through to now."""
        live = self.channel == "voice" and not self.rehearsal
        return self.facts.transfer_target() if live else None

    async def _hand_over(self, reason: str, says: list[Utterance], runs: list[ToolRun]) -> str | None:
        """A person: a transfer when one can be reached now, else a ticket and a call-back."""
        target = self._target() if reason in ("asked", "hot") else None
        values = {
            "reason": "asked" if reason == "hot" else reason,
            "step": self.state.awaiting.step or self._step_name(),
        }
        result, run = await self._run_tool("hand_over", values, f"handover{self._turns}")
        runs.append(run)
        self._person_told = self._person_told or result.ok
        if target is not None:
            says.append(self._phraser().line("transferring", result.facts))
            return target
        key = f"handover_{reason}" if result.ok else "tool_trouble"
        says.append(self._phraser().line(key, result.facts))
        return None

    async def _closing(self, reason: str, runs: Sequence[ToolRun]) -> list[Utterance]:
        """Goodbye, saying no more than what is so: nobody is promised who was not told."""
        phraser = self._phraser()
        written = self.channel != "voice" and OUTCOME in self.flow.slots
        if written and reason == "finished":
            return [phraser.line("closing_finished")]  # who writes has not called
        if reason == "finished" and self.flow.closing:
            return [phraser.words(self.flow.closing, "closing")]
        if reason == "opt_out":
            done = any(run.name == "opt_out" and run.status == "opted_out" for run in runs)
            return [phraser.line("closing_opt_out" if done else "closing_opt_out_failed")]
        if reason in ("tool_failed", "missing_required") and not self._person_told:
            return [phraser.line("closing_alone")]
        if await self._know_resume_code():
            facts = {**self._progress(), "newest": self._newest}
            return [self._phraser().line(f"closing_{reason}_saved", facts)]
        return [phraser.line(f"closing_{reason}")]
