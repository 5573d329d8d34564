"""Telephone calls: admission, the one-time token that opens a media socket, and what the carrier reports."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound, Refused
from core.ids import as_uuid
from stores import usage, webhooks
from stores.base import (
    Base,
    Session,
    TenantRow,
    belongs_to,
    change,
    insert_unless_there,
    of_tenant,
    tenant_of,
)
from stores.tenancy import Tenant

LIVE = ("queued", "ringing", "in-progress")
"""Statuses in which a call holds a slot (Twilio's words)."""

FINAL = ("completed", "busy", "failed", "no-answer", "canceled")
"""Statuses that end a call for good."""

_RANK = {"queued": 0, "ringing": 1, "in-progress": 2, **dict.fromkeys(FINAL, 3)}

LONGEST = timedelta(hours=4)
"""A call older than this that was never reported ended holds no slot any more (Twilio's own limit)."""


class Call(TenantRow, Base):
    """One call (or browser conversation with sound). ``sid`` is the carrier's id.

    ``sequence`` counts the media sockets: 1 for the first token, one more for each reconnection.
    ``seconds`` is the length as the carrier bills it; ``measured``: its numbers were taken after its end.
    ``noticed_at``: the notice that it is recorded had been played, recording began then (C13).
    """

    __tablename__ = "calls"
    __table_args__ = (
        of_tenant(),
        belongs_to("conversations", "conversation_id"),
        Index("ix_calls_tenant_id_started_at", "tenant_id", "started_at"),
        Index("ix_calls_tenant_id_conversation_id", "tenant_id", "conversation_id"),
        # the platform's, across tenants: the newest calls, and the few whose numbers are still to be taken
        Index("ix_calls_started_at", "started_at"),
        Index("ix_calls_to_be_measured", "ended_at", postgresql_where=text("not measured")),
    )

    sid: Mapped[str | None] = mapped_column(unique=True)
    from_: Mapped[str | None]
    to: Mapped[str | None]
    direction: Mapped[str] = mapped_column(server_default="inbound")
    channel: Mapped[str] = mapped_column(server_default="voice")
    status: Mapped[str] = mapped_column(server_default="ringing")
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    token_expires: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    sequence: Mapped[int] = mapped_column(server_default="1")
    conversation_id: Mapped[UUID | None]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    noticed_at: Mapped[datetime | None]
    recording_path: Mapped[str | None]
    transcript_path: Mapped[str | None]
    seconds: Mapped[int | None]
    measured: Mapped[bool] = mapped_column(server_default="false")
    extra: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class CallEvent(TenantRow, Base):
    """A status call-back, kept once however often the carrier sends it."""

    __tablename__ = "call_events"
    __table_args__ = (
        belongs_to("calls", "call_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "call_id", "event"),
    )

    call_id: Mapped[UUID]
    event: Mapped[str]
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


async def start_call(session: Session, *, now: datetime, limit: int | None = None, **fields: Any) -> Call:
    """Admit a call and write it. Refused when the tenant already has ``limit`` live calls.

    Atomic: callers of one tenant queue on the tenant's row, so the count cannot be overtaken. A call
    whose ``sid`` is known already (the carrier repeats its webhook) is returned as it is.
    """
    await session.scalar(
        select(Tenant.id).where(Tenant.id == tenant_of(session)).with_for_update(key_share=True)
    )
    sid = fields.get("sid")
    if sid is not None:
        known = await session.scalar(select(Call).where(Call.sid == sid))
        if known is not None:
            return known
    if limit is not None and await live_calls(session, now=now) >= limit:
        raise Refused("all lines of this tenant are busy", code="lines_busy")
    call = Call(started_at=now, **fields)
    session.add(call)
    await session.flush()
    await _tell(session, call, "call.started")
    return call


async def live_calls(session: Session, *, now: datetime) -> int:
    """How many calls hold a slot: the tenant's, or (platform) everyone's."""
    query = select(func.count(Call.id)).where(Call.status.in_(LIVE), Call.started_at > now - LONGEST)
    return int(await session.scalar(query) or 0)


async def claim_token(
    session: Session, token_hash: str, sid: str | None, now: datetime, *, by: str = ""
) -> Call | None:
    """Platform: burn a one-time token. None when it is wrong, late, another call's or used.

    Compare-and-swap: of any number of claimers exactly one gets the call.
    """
    statement = (
        update(Call)
        .where(
            Call.token_hash == token_hash,
            Call.sid.is_not_distinct_from(sid),
            Call.claimed_at.is_(None),
            Call.token_expires > now,
            Call.status.in_(LIVE),
        )
        .values(
            claimed_at=now,
            claimed_by=by,
            status="in-progress",
            answered_at=func.coalesce(Call.answered_at, now),
        )
        .returning(Call)
        .execution_options(synchronize_session=False)
    )
    call: Call | None = await session.scalar(statement)
    return call


async def new_token(session: Session, call_id: UUID, token_hash: str, expires: datetime) -> Call:
    """A fresh token for a call that goes on (its socket died). NotFound when there is no such live call."""
    call = await session.scalar(
        select(Call).where(Call.id == call_id, Call.status.in_(LIVE)).with_for_update()
    )
    if call is None:
        raise NotFound("no such live call")
    fields = {
        "token_hash": token_hash,
        "token_expires": expires,
        "claimed_at": None,
        "sequence": call.sequence + 1,
    }
    return await change(session, call, fields)


async def list_calls(
    session: Session,
    *,
    limit: int,
    before: UUID | None = None,
    status: str | None = None,
    direction: str | None = None,
    phone: str | None = None,
    recorded: bool | None = None,
    started_from: datetime | None = None,
    started_to: datetime | None = None,
) -> Sequence[Call]:
    """The tenant's calls, newest first; ``phone`` on either end."""
    query = select(Call).order_by(Call.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Call.id < before)
    if status is not None:
        query = query.where(Call.status == status)
    if direction is not None:
        query = query.where(Call.direction == direction)
    if phone is not None:
        query = query.where(or_(Call.from_ == phone, Call.to == phone))
    if recorded is not None:
        query = query.where(Call.recording_path.is_not(None) == recorded)
    if started_from is not None:
        query = query.where(Call.started_at >= started_from)
    if started_to is not None:
        query = query.where(Call.started_at < started_to)
    return (await session.scalars(query)).all()


async def get_call(session: Session, call_id: UUID) -> Call | None:
    """One call of the tenant (platform: of anyone)."""
    return await session.scalar(select(Call).where(Call.id == call_id))


async def first_answered(session: Session, seconds: int) -> datetime | None:
    """When the tenant's agent first answered a call that lasted at least ``seconds``."""
    lasted = func.coalesce(Call.seconds, func.extract("epoch", Call.ended_at - Call.answered_at))
    first: datetime | None = await session.scalar(select(func.min(Call.answered_at)).where(lasted >= seconds))
    return first


async def newest(session: Session, *, tenant_id: UUID | None = None, limit: int = 20) -> Sequence[Call]:
    """The newest calls of the tenant (platform: of anyone, or of the one named)."""
    query = select(Call).order_by(Call.started_at.desc()).limit(limit)
    if tenant_id is not None:
        query = query.where(Call.tenant_id == tenant_id)
    return (await session.scalars(query)).all()


async def find_by_sid(session: Session, sid: str) -> Call | None:
    """The call with the carrier's id (platform: of anyone)."""
    return await session.scalar(select(Call).where(Call.sid == sid))


async def find_call(session: Session, key: str) -> Call:
    """By our id or the carrier's (platform: of anyone). NotFound."""
    call = await find_by_sid(session, key)
    if call is None and (call_id := as_uuid(key)) is not None:
        call = await get_call(session, call_id)
    if call is None:
        raise NotFound("no such call")
    return call


async def update_call(session: Session, call_id: UUID, **fields: Any) -> Call:
    """Change fields of a call. NotFound."""
    call = await session.scalar(select(Call).where(Call.id == call_id).with_for_update())
    if call is None:
        raise NotFound("no such call")
    return await change(session, call, fields)


async def noticed(session: Session, call_id: UUID, *, at: datetime) -> None:
    """The caller knows that the call is recorded; the first time counts."""
    await session.execute(
        update(Call)
        .where(Call.id == call_id, Call.noticed_at.is_(None))
        .values(noticed_at=at)
        .execution_options(synchronize_session=False)
    )


async def end_call(
    session: Session, call_id: UUID, *, at: datetime, reason: str, status: str = "completed"
) -> Call:
    """Mark a call ended; the first end counts, later ones change nothing. NotFound."""
    call = await session.scalar(select(Call).where(Call.id == call_id).with_for_update())
    if call is None:
        raise NotFound("no such call")
    if call.ended_at is not None:
        return call
    await change(session, call, {"status": status, "ended_at": at, "end_reason": reason})
    await _count(session, call)
    await _tell(session, call, "call.completed")
    return call


async def reconcile_status(
    session: Session,
    call_id: UUID,
    status: str,
    *,
    at: datetime,
    event: str | None = None,
    data: dict[str, Any] | None = None,
) -> bool:
    """Take in a status call-back. False when it was known already.

    Call-backs come late, twice and out of order: a status never moves backwards, an ended call stays
    ended.
    """
    values = {"call_id": call_id, "event": event or status, "at": at, "data": data or {}}
    fresh = await insert_unless_there(session, CallEvent, values, conflict=["tenant_id", "call_id", "event"])
    if fresh is None:
        return False
    call = (await session.scalars(select(Call).where(Call.id == call_id).with_for_update())).one()
    if _RANK.get(status, -1) <= _RANK[call.status]:
        status = call.status
    fields: dict[str, Any] = {"status": status}
    if status == "in-progress":
        fields["answered_at"] = call.answered_at or at
    if status in FINAL:
        fields |= {"ended_at": call.ended_at or at, "end_reason": call.end_reason or status}
    duration = (data or {}).get("CallDuration")
    if duration is not None and str(duration).isdigit():
        fields["seconds"] = int(duration)
    over = call.ended_at is None and status in FINAL
    await change(session, call, fields)
    await _count(session, call)
    if over:
        await _tell(session, call, "call.completed")
    return True


async def _tell(session: Session, call: Call, type: str) -> None:
    """The client's webhooks: here, because a call begins and ends in several ways, and once each."""
    moments = {n: getattr(call, n) for n in ("started_at", "answered_at", "ended_at")}
    data = {n: m.isoformat() if m else None for n, m in moments.items()} | {
        "id": str(call.id),
        "from": call.from_,
        "to": call.to,
        "direction": call.direction,
        "channel": call.channel,
        "status": call.status,
        "end_reason": call.end_reason,
        "seconds": call.seconds,
    }
    await webhooks.emit(session, type, data, subject_id=call.id)


async def _count(session: Session, call: Call) -> None:
    """The seconds of a call that is over: ours first, corrected by the carrier's when they come (A027)."""
    if call.ended_at is None:
        return
    seconds = call.seconds
    if seconds is None:
        spoken = call.ended_at - call.answered_at if call.answered_at else timedelta()
        seconds = max(0, math.ceil(spoken.total_seconds()))
    await usage.meter(session, "voice_seconds", str(call.id), seconds, at=call.ended_at)
