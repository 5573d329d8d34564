"""How onboarding goes: the formulas on a hundred clients, and what they are computed from (A003-A006)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.clock import FakeClock
from policies.outcomes import Journey, outcomes
from stores import calls, receipts, support, tenancy
from stores.db import Database
from tools.outcomes import all_outcomes

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def test_the_formulas_on_a_hundred_clients() -> None:
    old, hour = NOW - timedelta(days=20), timedelta(hours=1)
    done = [
        Journey(old, old + hour, old + timedelta(minutes=30 + n), ease=(9,), helped=n < 5) for n in range(96)
    ]
    stuck = [Journey(old) for _ in range(4)]
    fresh = [Journey(NOW - timedelta(days=1)) for _ in range(10)]
    found = outcomes([*done, *stuck, *fresh], NOW)
    assert (found["completed_percent"].value, found["completed_percent"].n) == (96.0, 100)
    assert found["time_to_value_median_hours"].value == 1.29  # half an hour and 47.5 minutes
    assert found["time_to_value_under_two_hours_percent"].value == 93.8
    assert (found["satisfaction_mean"].value, found["satisfaction_mean"].n) == (9.0, 96)
    assert found["helped_percent"].value == 4.5


def test_of_nobody_nothing_is_said() -> None:
    assert {measure.value for measure in outcomes([], NOW).values()} == {None}


async def test_they_are_computed_from_what_clients_left(db: Database, tenant_id: UUID) -> None:
    clock = FakeClock(NOW)
    async with db.tenant(tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        member = await tenancy.add_member(session, name="Dana", email="dana@example.com", role="owner")
        for minutes, seconds in ((5, 4), (30, 25), (90, 60)):
            at = tenant.created_at + timedelta(minutes=minutes)
            call = await calls.start_call(session, now=at, sid=f"CA{minutes}", answered_at=at)
            await calls.update_call(session, call.id, status="completed", ended_at=at, seconds=seconds)
        await support.record_survey(session, kind="ces", score=8)
        for actor, action in ((f"member:{member.id}/api", "save"), ("operator", "open_account")):
            await receipts.audit(session, actor=actor, action=action, subject="x", at=NOW)
    found = (await all_outcomes(db, clock))["measures"]
    assert found["time_to_value_median_hours"]["value"] == 0.5, "a call of four seconds is no interaction"
    assert found["satisfaction_mean"] == {"value": 8.0, "n": 1, "target": "> 8.5"}
    assert found["helped_percent"]["value"] == 0.0
    async with db.tenant(tenant_id) as session:
        await receipts.audit(session, actor="operator/api", action="set_rules", subject="x", at=NOW)
    assert (await all_outcomes(db, clock))["measures"]["helped_percent"]["value"] == 100.0
