"""A suspended client: its people hear why, its callers a sentence, others nothing (A037); reviews (A042)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from fastapi import Request

from agent.callbook import TurnedAway
from agent.stored_calls import StoredCalls
from core.ids import new_id
from stores import assistance, receipts, tenancy
from stores.db import Database
from tests.web.conftest import Desk
from web.access import Principal


@pytest.fixture
async def other_id(db: Database) -> UUID:
    async with db.tenant(new_id()) as session:
        return (await tenancy.create_tenant(session, "Bolder Homes", status="live")).id


def sign_in(desk: Desk, tenant_id: UUID | None, **more: Any) -> None:
    """Whoever asks is the owner of this client; nobody: the operator again."""
    from web.access import identify_operator

    async def owner(_: Request) -> Principal:
        return replace(Principal("member", "owner", "member:1", tenant_id, new_id()), **more)

    desk.app.state.identify = owner if tenant_id else identify_operator


async def post(desk: Desk, path: str, body: dict[str, Any] | None = None) -> Any:
    return await desk.http.post(f"/api/v1/tenants/{path}", json=body, headers=desk.key)


async def test_suspended_and_resumed_while_others_notice_nothing(
    desk: Desk, db: Database, tenant_id: UUID, other_id: UUID
) -> None:
    for tenant, number in ((tenant_id, "+13035550150"), (other_id, "+13035550151")):
        async with db.tenant(tenant) as session:
            await tenancy.claim_number(session, [number], provider="fictional")
    book = StoredCalls(db, desk.app.state.parts.clock, onboarding_number="+13035550100", process="p")

    async def ring(sid: str, number: str) -> Any:
        return await book.answer(sid=sid, account_sid="AC", caller="+13035550142", dialled=number)

    answer = await post(desk, f"{tenant_id}/suspend", {"reason": "an unpaid invoice"})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["reason"]) == ("suspended", "an unpaid invoice")
    assert isinstance(await ring("CA1", "+13035550150"), TurnedAway)
    assert not isinstance(await ring("CA2", "+13035550151"), TurnedAway)
    sign_in(desk, tenant_id)
    refused = await desk.http.get("/api/v1/tenants/me/leads")
    assert (refused.status_code, refused.json()["code"]) == (403, "suspended")
    assert "an unpaid invoice" in refused.json()["detail"]
    sign_in(desk, other_id)
    assert (await desk.http.get("/api/v1/tenants/me/leads")).status_code == 200
    assert (await desk.http.get(f"/api/v1/tenants/{tenant_id}/leads")).status_code == 404
    assert (await post(desk, f"{tenant_id}/resume")).status_code == 404
    assert (await post(desk, "me/resume")).status_code == 403
    sign_in(desk, None)
    assert (await post(desk, f"{tenant_id}/resume")).json()["status"] == "live"
    assert not isinstance(await ring("CA3", "+13035550150"), TurnedAway)
    assert (await post(desk, f"{tenant_id}/resume")).status_code == 409
    sign_in(desk, tenant_id)
    assert (await desk.http.get("/api/v1/tenants/me/leads")).status_code == 200
    async with db.tenant(tenant_id) as session:
        acts = [(e.action, (e.after or {}).get("status")) for e in await receipts.audit_trail(session)]
    assert acts == [("suspend", "suspended"), ("resume", "live")]


async def test_closed_is_for_good(desk: Desk, db: Database, tenant_id: UUID) -> None:
    for _ in range(2):
        answer = await post(desk, f"{tenant_id}/close")
        assert (answer.status_code, answer.json()["status"]) == (200, "closed")
    assert (await post(desk, f"{tenant_id}/suspend", {"reason": "x"})).status_code == 409
    assert (await post(desk, f"{tenant_id}/resume")).status_code == 409
    assert (await post(desk, "seiketsu/close")).status_code == 403
    sign_in(desk, tenant_id)
    refused = await desk.http.get("/api/v1/tenants/me/leads")
    assert (refused.status_code, refused.json()["code"]) == (403, "closed")


async def test_a_review_is_signed_by_name_and_a_task_is_overdue_until_it_is_done(
    desk: Desk, db: Database, tenant_id: UUID
) -> None:
    from datetime import UTC, datetime

    async with db.tenant(tenant_id) as session:
        await assistance.open_review(session, ["penetration_test", "compliance_audit"])
        due = datetime(2020, 1, 1, tzinfo=UTC)
        await assistance.plan_task(session, "milestone", "kickoff", {"title": "Kick-off", "due_at": due})
    base = f"/api/v1/tenants/{tenant_id}"
    change = {"status": "signed", "owner": "Sam", "files": [{"name": "report.pdf", "note": "clean"}]}
    item = await desk.http.patch(f"{base}/review/penetration_test", json=change, headers=desk.key)
    assert item.status_code == 200, item.text
    listed = (await desk.http.get(f"{base}/review", headers=desk.key)).json()
    assert [(i["name"], i["status"], i["signed_by"]) for i in listed] == [
        ("penetration_test", "signed", "operator"),
        ("compliance_audit", "open", None),
    ]
    assert listed[0]["signed_at"] and listed[0]["files"] == change["files"]
    missing = await desk.http.patch(f"{base}/review/nothing", json={}, headers=desk.key)
    assert missing.status_code == 404
    (task,) = (await desk.http.get(f"{base}/launch-tasks", headers=desk.key)).json()
    assert task["overdue"] is True
    done = await desk.http.patch(f"{base}/launch-tasks/{task['id']}", json={"done": True}, headers=desk.key)
    assert done.json()["overdue"] is False and done.json()["done_by"] == "operator"
    sign_in(desk, tenant_id)
    own = await desk.http.patch("/api/v1/tenants/me/review/compliance_audit", json={"status": "waived"})
    assert own.status_code == 403, "nobody signs their own review"
