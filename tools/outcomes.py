"""How onboarding goes, over all clients: read from what each left behind (A003-A006)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from core.clock import Clock
from policies.outcomes import VALUE_SECONDS, Journey, outcomes
from stores import calls, receipts, support, tenancy
from stores.base import Session
from stores.db import Database

PAGE = 200
EASE = "ces"


async def all_outcomes(db: Database, clock: Clock) -> dict[str, Any]:
    """Every measure with its target and how many clients it is about. Reads client after client."""
    journeys: list[Journey] = []
    after: UUID | None = None
    while True:
        async with db.platform("how onboarding goes for all clients") as session:
            tenants = await tenancy.list_tenants(session, after=after, limit=PAGE)
        for tenant in tenants:
            async with db.tenant(tenant.id) as session:
                journeys.append(await journey(session, tenant.created_at, tenant.activated_at))
        if len(tenants) < PAGE:
            break
        after = tenants[-1].id
    measures = outcomes(journeys, clock.now())
    return {"clients": len(journeys), "measures": {name: m.as_dict() for name, m in measures.items()}}


async def journey(session: Session, registered_at: datetime, activated_at: datetime | None) -> Journey:
    """The session's tenant's way in."""
    own = {f"member:{member.id}" for member in await tenancy.members(session)}
    answers = await support.list_surveys(session, kind=EASE)
    return Journey(
        registered_at=registered_at,
        activated_at=activated_at,
        first_value_at=await calls.first_answered(session, VALUE_SECONDS),
        ease=tuple(answer.score for answer in answers if answer.score is not None),
        helped=await receipts.written_by_others(session, own, until=activated_at),
    )
