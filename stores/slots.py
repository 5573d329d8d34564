"""Lines in use, counted over all processes: who holds one, until when, and whether there is another.

A slot is a lease. Its process renews it while the work goes on; one that died stops renewing, and the slot
is free a lease later, with nobody to clean up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, delete, func, or_, select, update
from sqlalchemy.orm import Mapped

from core.ids import HOUSE_TENANT
from stores.base import Base, Session, TenantRow, of_tenant
from stores.tenancy import Tenant

KINDS = ("inbound", "outbound", "simulation", "job")
_TURNSTILE = 0x5E1_C0DE
"""Number of the advisory lock behind which slots are counted and taken, one taker at a time."""


class Slot(TenantRow, Base):
    """One line in use. ``key`` is the carrier's CallSid, or the work's own id; ``process`` who renews it."""

    __tablename__ = "slots"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "key"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
    )

    kind: Mapped[str]
    key: Mapped[str]
    process: Mapped[str]
    expires_at: Mapped[datetime]


@dataclass(frozen=True)
class Room:
    """How many slots there are: in all, for what is no inbound call, and for one tenant."""

    total: int
    others: int
    tenant: int


async def take(
    session: Session,
    tenant_id: UUID,
    *,
    kind: str,
    key: str,
    process: str,
    now: datetime,
    seconds: float,
    room: Room,
    always: bool = False,
) -> bool:
    """Platform: a slot for this work, or False when there is none.

    Atomic over all processes. Whoever holds the slot of that key keeps it (also from another process: a
    call that comes back). ``always``: the work is under way already and is counted, never refused.
    """
    await session.scalar(
        select(func.pg_advisory_xact_lock(_TURNSTILE)).select_from(Tenant).where(Tenant.id == HOUSE_TENANT)
    )
    until = now + timedelta(seconds=seconds)
    of_tenant = select(Slot).where(Slot.tenant_id == tenant_id)
    slot = await session.scalar(of_tenant.where(Slot.key == key))
    if slot is None or slot.expires_at <= now:
        if not always and not await _is_room(session, tenant_id, kind, room, now):
            return False
        # a slot whose process died is taken over; the platform's role deletes nothing
        slot = slot or await session.scalar(of_tenant.where(Slot.expires_at <= now).limit(1))
    if slot is None:
        slot = Slot(tenant_id=tenant_id)
        session.add(slot)
    slot.kind, slot.key, slot.process, slot.expires_at = kind, key, process, until
    await session.flush()
    return True


async def _is_room(session: Session, tenant_id: UUID, kind: str, room: Room, now: datetime) -> bool:
    query = select(Slot.tenant_id, Slot.kind, func.count(Slot.id)).where(Slot.expires_at > now)
    rows = (await session.execute(query.group_by(Slot.tenant_id, Slot.kind))).all()
    total = sum(n for _, _, n in rows)
    own = sum(n for holder, _, n in rows if holder == tenant_id)
    others = sum(n for _, held, n in rows if held != "inbound")
    return total < room.total and own < room.tenant and (kind == "inbound" or others < room.others)


async def renew(session: Session, process: str, keys: Sequence[str], *, now: datetime, seconds: float) -> int:
    """Platform: a process goes on with this work. How many of its slots were still there."""
    statement = (
        update(Slot)
        .where(Slot.process == process, Slot.key.in_(keys), Slot.expires_at > now)
        .values(expires_at=now + timedelta(seconds=seconds))
        .returning(Slot.id)
    )
    return len((await session.scalars(statement)).all())


async def release(session: Session, key: str, *, now: datetime) -> bool:
    """The tenant's work is over; False when its slot was free already. Slots of the dead go with it."""
    over = or_(Slot.key == key, Slot.expires_at <= now)
    gone = await session.scalars(delete(Slot).where(over).returning(Slot.key))
    return key in gone.all()


async def held(session: Session, *, now: datetime) -> Mapping[str, int]:
    """Slots in use by kind: the tenant's, or (platform) everyone's."""
    query = select(Slot.kind, func.count(Slot.id)).where(Slot.expires_at > now).group_by(Slot.kind)
    return {kind: int(n) for kind, n in (await session.execute(query)).all()}
