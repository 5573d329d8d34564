"""The test calls of the launch step: scripted callers talk, in text, to the client's own new agent (A048).

They run through the same conversation, form, guard and tools as a real call; what they store is marked
as a test, so it is in no list, no statistic and no CRM.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from loguru import logger

from agent.conversation import Conversation
from agent.parts import Parts
from agent.reply import Reply
from core.errors import SeiketsuError
from policies.rehearsals import Caller, Outcome, Scenario, judge, scenarios
from stores import leads

CONFIRMING = frozenset({"confirm", "summary", "offer"})


class Rehearsal:
    """Runs every scenario against one tenant's agent. A ``tools.base.Rehearse``."""

    def __init__(self, parts: Parts):
        self._parts = parts

    async def __call__(self, tenant_id: UUID) -> list[Mapping[str, Any]]:
        """One mapping per scenario: ``{"name", "title", "passed", "failures", "seconds", "turns"}``.

        ``turns``: seconds that each answer took, from the words to the reply.
        """
        return [await self._place(tenant_id, one) for one in scenarios()]

    async def _place(self, tenant_id: UUID, scenario: Scenario) -> Mapping[str, Any]:
        started = time.perf_counter()
        outcome = Outcome()
        turns: list[float] = []
        brand = ""
        try:
            conversation = await Conversation.start(
                self._parts, tenant_id=tenant_id, channel="voice", caller=scenario.caller, rehearsal=True
            )
            brand = str(conversation.facts.values["brand"])
            await self._talk(conversation, Caller(scenario), outcome, turns)
            outcome.lead = await self._lead(tenant_id, conversation.id)
        except SeiketsuError as error:
            outcome.error = error.message
        except Exception as error:  # a broken agent must fail its test, not the set-up call
            logger.opt(exception=error).error("a rehearsal broke: {}", type(error).__name__)
            outcome.error = type(error).__name__
        failures = judge(scenario, outcome, brand=brand)
        return {
            "name": scenario.name,
            "title": scenario.title,
            "passed": not failures,
            "failures": failures,
            "seconds": round(time.perf_counter() - started, 2),
            "turns": turns,
        }

    async def _talk(
        self, conversation: Conversation, caller: Caller, outcome: Outcome, turns: list[float]
    ) -> None:
        reply = await conversation.open()
        self._note(reply, outcome)
        while not reply.ended:
            waiting = reply.awaiting
            slots = waiting.get("slots") or []
            confirming = waiting.get("kind") in CONFIRMING
            words = caller.reply(slots[0] if slots and not confirming else None, confirming=confirming)
            if words is None:
                break
            asked = time.perf_counter()
            reply = await conversation.hear(words)
            turns.append(round(time.perf_counter() - asked, 4))
            self._note(reply, outcome)
        outcome.ended = reply.ended
        await conversation.close("rehearsal")

    def _note(self, reply: Reply, outcome: Outcome) -> None:
        outcome.said += [u.text for u in reply.says]
        outcome.opted_out |= any(run.name == "opt_out" and run.status != "refused" for run in reply.tools)

    async def _lead(self, tenant_id: UUID, conversation_id: UUID) -> Mapping[str, Any] | None:
        async with self._parts.db.tenant(tenant_id) as session:
            lead = await leads.lead_of_conversation(session, conversation_id)
        if lead is None:
            return None
        return {column.key: getattr(lead, column.key) for column in lead.__table__.columns}
