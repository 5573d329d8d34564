"""What clients' own systems are told, in the words of ``policies/webhooks.yaml`` (A046, B005).

Called in the transaction of the act. What is said is the public shape of a thing, the same as the API's.
(Calls tell by themselves: stores.calls.)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from policies.webhooks import unknown_events
from stores import webhooks
from stores.db import Session
from stores.leads import Lead
from stores.support import Ticket
from stores.tenancy import Tenant

LEAD = (
    "id", "intent", "name", "phones", "emails", "areas", "price_min", "price_max", "beds", "baths",
    "features", "timeline", "financing", "represented", "property_address", "appointment", "score",
    "score_reasons", "summary", "dnc", "language", "source", "channel", "disposition", "call_id",
    "created_at",
)  # fmt: skip
TICKET = ("id", "number", "category", "priority", "subject", "status", "channel", "due_at", "created_at")


async def emit(
    session: Session,
    type: str,
    data: Mapping[str, Any],
    *,
    subject_id: UUID | None = None,
    at: datetime | None = None,
) -> None:
    """Tell the client's webhooks that something happened; it leaves when the transaction has committed.

    ``subject_id``: what it is about; if that is a person whose data is deleted, this goes with it.
    KeyError for a type that is not in the policy.
    """
    if unknown_events([type]):
        raise KeyError(type)
    await webhooks.emit(session, type, plain(data), subject_id=subject_id, at=at)


async def lead_saved(session: Session, lead: Lead, *, new: bool) -> None:
    """A lead was written. Rehearsals tell nobody."""
    if not lead.test:
        await emit(session, "lead.created" if new else "lead.updated", _of(lead, LEAD), subject_id=lead.id)


async def ticket_moved(session: Session, ticket: Ticket, type: str) -> None:
    """``ticket.created`` or ``ticket.updated``."""
    await emit(session, type, _of(ticket, TICKET), subject_id=ticket.id)


async def activated(session: Session, tenant: Tenant) -> None:
    """The agent answers from now on."""
    names = ("id", "slug", "name", "brand_name", "plan", "status", "activated_at")
    await emit(session, "tenant.activated", _of(tenant, names))


def _of(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Ids and moments as strings, as JSON will have them."""
    return {
        key: str(value)
        if isinstance(value, UUID)
        else value.isoformat()
        if isinstance(value, datetime)
        else value
        for key, value in data.items()
    }
