"""Every query behind a list uses an index that begins with the tenant, by Postgres's own plan (A032).

The tables are as full as a platform's: twenty clients, tens of thousands of rows, analysed. The queries are
those the stores send, caught on their way, planned as ``app_rw`` under row-level security.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from stores import calls, leads, observations, receipts, support, usage
from stores.base import Session
from stores.cluster import Cluster
from stores.db import Database

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MINE = UUID(int=7)
LEAD, CALL, TASK, TICKET, BACK, TALK = (UUID(int=(7 << 64) + 500 + n) for n in range(6))

SEED = """
insert into tenants (id, slug, name, brand_name, status)
    select lpad(to_hex(t), 32, '0')::uuid, 'client-' || t, 'c', 'c', 'live' from generate_series(1, 20) t;
insert into leads (tenant_id, id, intent, name, phones, emails, score, source, disposition, test)
    select lpad(to_hex(t), 32, '0')::uuid, (lpad(to_hex(t), 16, '0') || lpad(to_hex(i), 16, '0'))::uuid,
        case i % 3 when 0 then 'buyer' when 1 then 'seller' else 'renter' end, 'Lead ' || i,
        array['+1303555' || lpad((i % 10000)::text, 4, '0')], array['lead' || i || '@example.com'],
        i % 100, 'phone', 'new', i % 50 = 0
    from generate_series(1, 1500) i, generate_series(1, 20) t;
insert into calls (tenant_id, id, sid, from_, "to", status, started_at, ended_at, measured)
    select lpad(to_hex(t), 32, '0')::uuid, (lpad(to_hex(t), 16, '0') || lpad(to_hex(i), 16, '0'))::uuid,
        'CA' || t || '-' || i, '+1303555' || lpad((i % 10000)::text, 4, '0'), '+13035550100',
        case when i % 200 = 0 then 'in-progress' else 'completed' end, now() - i * interval '1 minute',
        case when i % 200 > 0 then now() - i * interval '1 minute' end, i % 200 > 0 and i > 2
    from generate_series(1, 1000) i, generate_series(1, 20) t;
insert into tasks (tenant_id, id, kind, title, status, lead_id, due_at)
    select tenant_id, id, 'call', 'ring back', case when score < 10 then 'open' else 'done' end, id, now()
    from leads where score < 60;
insert into tickets (tenant_id, id, number, category, priority, subject, channel, status)
    select lpad(to_hex(t), 32, '0')::uuid, (lpad(to_hex(t), 16, '0') || lpad(to_hex(i), 16, '0'))::uuid,
        1000 + i, 'account', 'medium', 's', 'voice', case when i % 20 = 0 then 'open' else 'closed' end
    from generate_series(1, 800) i, generate_series(1, 20) t;
insert into callbacks (tenant_id, id, phone, status, at, ticket_id)
    select tenant_id, id, '+13035550142', case when number % 20 = 0 then 'booked' else 'done' end, now(), id
    from tickets where number % 3 = 0;
insert into audit_entries (tenant_id, id, seq, actor, action, subject, at, prev_hash, hash)
    select lpad(to_hex(t), 32, '0')::uuid, (lpad(to_hex(t), 16, '0') || lpad(to_hex(i), 16, '0'))::uuid, i,
        'member:' || i % 5 || '/api', 'act' || i % 20, 'lead ' || i, now() - i * interval '1 minute', 'p', 'h'
    from generate_series(1, 1500) i, generate_series(1, 20) t;
insert into receipts (tenant_id, id, tool, key, arguments, result, status, conversation_id)
    select tenant_id, id, 't', 'k' || id, '{}', '{}', 'done', id from leads;
insert into usage_acts (tenant_id, id, kind, key, month, amount)
    select tenant_id, id, 'voice_seconds', id::text, '2026-11-01', 60 from calls;
insert into usage_counters (tenant_id, id, month, kind, amount)
    select tenant_id, gen_random_uuid(), month, 'voice_seconds', sum(amount)
    from usage_acts group by tenant_id, month;
analyze;
"""


@pytest.fixture
async def full(fresh: Cluster) -> AsyncIterator[Database]:
    """The database with its rows, and one connection to a session, so that nothing is planned twice."""
    admin = await asyncpg.connect(fresh.admin.render_as_string(hide_password=False))
    await admin.execute(SEED)
    await admin.close()
    db = Database(fresh, pool_size=1)
    yield db
    await db.close()


Work = Callable[[Session], Awaitable[Any]]

READS: dict[str, Work] = {
    "list_leads": lambda s: leads.list_leads(s),
    "list_leads next page": lambda s: leads.list_leads(s, before=LEAD),
    "list_leads of an intent": lambda s: leads.list_leads(s, intent="seller"),
    "list_leads of a phone": lambda s: leads.list_leads(s, phone="+13035550500"),
    "list_leads by words": lambda s: leads.list_leads(s, words="lead 77"),
    "list_leads by score": lambda s: leads.list_leads(s, score_min=95, created_from=NOW),
    "get_lead": lambda s: leads.get_lead(s, LEAD),
    "lead_of_conversation": lambda s: leads.lead_of_conversation(s, TALK),
    "first_lead_of": lambda s: leads.first_lead_of(
        s, phones=["+13035550500"], emails=["lead9@example.com"], besides=TALK, test=False
    ),
    "open_tasks": lambda s: leads.open_tasks(s),
    "open_tasks of a lead": lambda s: leads.open_tasks(s, lead_id=LEAD),
    "list_tasks": lambda s: leads.list_tasks(s, limit=50, before=LEAD, status="open"),
    "live_calls": lambda s: calls.live_calls(s, now=NOW),
    "get_call": lambda s: calls.get_call(s, CALL),
    "find_by_sid": lambda s: calls.find_by_sid(s, "CA7-500"),
    "list_calls": lambda s: calls.list_calls(s, limit=50),
    "list_calls filtered": lambda s: calls.list_calls(
        s, limit=50, before=CALL, status="completed", phone="+13035550077", started_from=NOW
    ),
    "newest calls": lambda s: calls.newest(s),
    "get_ticket": lambda s: support.get_ticket(s, 1500),
    "list_tickets": lambda s: support.list_tickets(s, status="open", before=1500),
    "list_tickets of all": lambda s: support.list_tickets(s, priority="medium"),
    "callbacks_of": lambda s: support.callbacks_of(s, [TICKET, BACK]),
    "list_callbacks": lambda s: support.list_callbacks(s),
    "audit_trail": lambda s: receipts.audit_trail(s, after=700),
    "audit_page": lambda s: receipts.audit_page(s, limit=50, before=900, actor="member:1", action="act1"),
    "audit_page of a subject": lambda s: receipts.audit_page(s, limit=50, subject="lead 9"),
    "audit_length": lambda s: receipts.audit_length(s),
    "find_receipt": lambda s: receipts.find_receipt(s, "k1"),
    "receipts": lambda s: receipts.receipts(s, LEAD),
    "latest_undoable": lambda s: receipts.latest_undoable(s, LEAD),
    "usage": lambda s: usage.used(s, at=NOW),
    "counted": lambda s: usage.counted(s, "voice_seconds"),
}

WRITES: dict[str, Work] = {
    "upsert_lead": lambda s: leads.add_lead(s, intent="buyer", name="new"),
    "update_lead": lambda s: leads.update_lead(s, LEAD, name="other"),
    "set_task_status": lambda s: leads.set_task_status(s, LEAD, "done"),
    "end_call": lambda s: calls.end_call(s, CALL, at=NOW, reason="done"),
    "reconcile_status": lambda s: calls.reconcile_status(s, CALL, "completed", at=NOW),
    "open_ticket": lambda s: support.open_ticket(
        s, category="account", priority="low", subject="s", channel="api"
    ),
    "meter": lambda s: usage.meter(s, "voice_seconds", str(CALL), 70, at=NOW),
}
BIG = frozenset(
    {"leads", "calls", "tasks", "tickets", "callbacks", "audit_entries", "receipts", "usage_acts"}
)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


Sent = list[tuple[str, tuple[Any, ...]]]


def listen(engine: AsyncEngine) -> Sent:
    """Every statement the engine sends from now on, with its parameters."""
    sent: Sent = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def caught(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        sent.append((statement, tuple(parameters)))

    return sent


async def test_what_the_platform_looks_for_again_and_again_is_found_by_an_index(
    full: Database, fresh: Cluster
) -> None:
    """Across tenants, every few seconds: what it costs must not grow with the calls there have been."""
    recurring: dict[str, Work] = {
        "newest": lambda s: calls.newest(s),
        "unmeasured": lambda s: observations.unmeasured(s, before=datetime.now(UTC)),
        "live": lambda s: calls.live_calls(s, now=datetime.now(UTC)),
        "talking": lambda s: observations.talking_tenants(s, since=datetime.now(UTC) - timedelta(hours=1)),
    }
    sent = listen(full._platform)
    planner = await asyncpg.connect(
        fresh.url("app_platform").set(drivername="postgresql").render_as_string(hide_password=False)
    )
    read: dict[str, int] = {}
    for name, work in recurring.items():
        sent.clear()
        async with full.platform("a test") as session:
            await work(session)
        ((statement, parameters),) = [(s, p) for s, p in sent if "set_config" not in s]
        plan = json.loads(await planner.fetchval(f"explain (analyze, format json) {statement}", *parameters))
        scans = [node for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") == "calls"]
        assert all("Index" in node["Node Type"] or "Bitmap" in node["Node Type"] for node in scans), name
        read[name] = max(
            node["Actual Rows"] + node.get("Rows Removed by Filter", 0) for node in nodes(plan[0]["Plan"])
        )
    await planner.close()
    # of 20,000: the twenty asked for, and the two a client that wait
    assert (read["newest"], read["unmeasured"]) == (20, 40)


async def test_every_query_uses_an_index(full: Database, fresh: Cluster) -> None:
    sent = listen(full._rw)
    planner = await asyncpg.connect(
        fresh.url("app_rw").set(drivername="postgresql").render_as_string(hide_password=False)
    )
    await planner.execute("select set_config('app.tenant_id', $1, false)", str(MINE))
    problems, planned = [], 0
    for name, work in (READS | WRITES).items():
        sent.clear()
        async with full.tenant(MINE) as session:
            await work(session)
        for statement, parameters in sent:
            if not statement.lower().startswith(("select", "update", "delete")) or "set_config" in statement:
                continue
            raw = await planner.fetchval(f"explain (format json) {statement}", *parameters)
            for node in nodes(json.loads(raw)[0]["Plan"]):
                table = node.get("Relation Name")
                if table not in BIG or node["Node Type"] == "ModifyTable":
                    continue
                planned += 1
                keyed = " ".join(str(node.get(k, "")) for k in ("Index Cond", "Recheck Cond"))
                by_tenant = "tenant_id" in keyed or node.get("Index Name") in ("uq_calls_sid",)
                if node["Node Type"] == "Seq Scan" or not by_tenant:
                    problems.append(f"{name}: {node['Node Type']} on {table}: {statement[:90]}")
    await planner.close()
    assert problems == []
    assert planned >= len(READS)
