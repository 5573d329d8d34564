"""Who refused an artificial voice is called by people, and by nothing else (C01)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import Conflict
from core.ids import new_id
from stores import consents, leads
from tests.outbound.conftest import ANN, Exchange
from tools import acts


async def _no_machine(exchange: Exchange) -> None:
    now = exchange.clock.now()
    async with exchange.db.tenant(exchange.tenant_id) as session:
        await consents.record_consent(
            session, address=ANN, kinds=["voice_ai"], granted=False, evidence="x", source="sms", at=now
        )


async def test_a_planned_call_is_not_made_and_becomes_a_persons_task(exchange: Exchange) -> None:
    planned = [await exchange.want(), await exchange.want()]
    await _no_machine(exchange)
    await exchange.sweep()
    assert exchange.carrier.orders == []
    for dial in planned:
        row = await exchange.row(dial)
        assert (row.status, row.reason) == ("stopped", "ai_refused")
    async with exchange.db.tenant(exchange.tenant_id) as session:
        (task,) = await leads.open_tasks(session, lead_id=exchange.lead_id)
    assert task.kind == "call_back" and "a person, no AI voice" in task.title
    assert task.due_at is not None and task.due_at <= exchange.clock.now() + timedelta(days=1)


async def test_nobody_can_ask_the_agent_for_one(exchange: Exchange) -> None:
    await _no_machine(exchange)
    with pytest.raises(Conflict, match="Somebody of the office may call"):
        await acts.run(
            exchange.db, exchange.clock, exchange.ports, "queue_call", {"lead_id": str(exchange.lead_id)},
            tenant_id=exchange.tenant_id, actor="operator", key=str(new_id()),
        )  # fmt: skip
