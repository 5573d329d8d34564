"""Everything a tenant has, table by table: read out, written back, removed (A031, C34, C35).

No list of tables is kept here but that of the exceptions, each with its reason: tables are found in the
models, so a new one is exported, restored and deleted from its first day.
"""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    Date,
    DateTime,
    LargeBinary,
    Numeric,
    Table,
    Time,
    Uuid,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from core.errors import Conflict
from stores.base import Base, Session, TenantRow, tenant_of
from stores.receipts import AuditEntry, AuditHead, redact
from stores.tenancy import Tenant
from stores.vault import DataKey

NOT_ARCHIVED = {
    "data_keys": "wrapped by this installation's key ring; a restored tenant gets one of its own",
    "secrets": "travel apart, sealed under the archive's key",
    "archives": "an archive of archives would grow for ever",
    "idempotent_requests": "sealed replies of the last hours",
    "sign_ins": "sessions: people sign in again",
    "sign_in_attempts": "a lock-out of minutes",
    "slots": "lines in use right now",
    "workers": "processes running right now",
    "job_requests": "work under way here, not the tenant's data",
}
"""Tables that are in no export and no backup, and why."""

OUTLIVE = {
    "audit_entries": "who did what and when; what was changed is wiped",
    "audit_heads": "where the chain of the audit trail ends",
    "privacy_requests": "that deletion was asked for and done",
    "data_keys": "the row that says when the key was destroyed",
    "consents": "who agreed to be contacted, in which words: the law asks for the proof for years",
    "do_not_call": "who must not be contacted: forgetting that would undo the refusal",
}
"""Tables whose rows outlive the tenant, and why: the smallest proof that everything was done (C33, C34)."""

_HIDDEN = re.compile(r"(^|_)hash$|^recovery$|^totp_|^code_hash$")
"""Columns an export for people leaves out: fingerprints of secrets are of no use to them, and of some to a
thief. Of the audit trail they are the proof, and stay."""


@cache
def tables() -> Mapping[str, type[TenantRow]]:
    """Table name -> model, parents before children."""
    import stores.schema  # noqa: F401  every model is known from here on

    models = {m.class_.__tablename__: m.class_ for m in Base.registry.mappers}
    return {
        t.name: models[t.name]
        for t in Base.metadata.sorted_tables
        if t.name in models and issubclass(models[t.name], TenantRow)
    }


def archived() -> Mapping[str, type[TenantRow]]:
    """What an archive holds, parents before children."""
    return {name: model for name, model in tables().items() if name not in NOT_ARCHIVED}


def columns(model: type[Any], *, hide: bool = False) -> list[tuple[str, Column[Any]]]:
    """(attribute, column) of a model without what Postgres computes; ``hide``: without secrets' traces."""
    proof = model in (AuditEntry, AuditHead)
    return [
        (model.__mapper__.get_property_by_column(column).key, column)
        for column in model.__table__.columns
        if column.computed is None and not (hide and not proof and _HIDDEN.search(column.name))
    ]


# --- reading out ------------------------------------------------------------------------------------


async def rows(
    session: Session, model: type[TenantRow], *, batch: int = 500
) -> AsyncIterator[Sequence[TenantRow]]:
    """All of a table's rows of the tenant, in the order they came, some at a time."""
    last: UUID | None = None
    while True:
        query = select(model).options(undefer("*")).order_by(model.id).limit(batch)
        if last is not None:
            query = query.where(model.id > last)
        found = (await session.scalars(query)).all()
        if not found:
            return
        last = found[-1].id
        yield found
        session.expunge_all()


async def counts(session: Session) -> dict[str, int]:
    """How many rows the tenant has in each table."""
    return {
        name: int(await session.scalar(select(func.count()).select_from(model)) or 0)
        for name, model in tables().items()
    }


def packed(row: Any, *, hide: bool = False) -> dict[str, Any]:
    """A row as plain JSON, by column name."""
    return {column.name: _pack(getattr(row, key)) for key, column in columns(type(row), hide=hide)}


def _pack(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [_pack(v) for v in value]
    return value


def _unpack(column: Column[Any], value: Any) -> Any:
    kind = column.type
    if value is None or isinstance(kind, JSONB):
        return value
    if isinstance(kind, ARRAY):
        return [UUID(v) for v in value] if isinstance(kind.item_type, Uuid) else value
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, Uuid):
        return UUID(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, Time):
        return time.fromisoformat(value)
    if isinstance(kind, Numeric) and kind.asdecimal:
        return Decimal(value)
    return value


# --- writing back -----------------------------------------------------------------------------------


async def put_tenant(session: Session, values: Mapping[str, Any]) -> None:
    """The tenant's own record as archived, made or overwritten."""
    known = await session.scalar(select(Tenant))
    given = {key: _unpack(c, values[c.name]) for key, c in columns(Tenant) if c.name in values}
    if known is None:
        session.add(Tenant(**given))
    else:
        for key, value in given.items():
            setattr(known, key, value)
    await _flush(session)


async def put(session: Session, model: type[TenantRow], archived_rows: Iterable[Mapping[str, Any]]) -> int:
    """Rows as archived. A reference to a row of the same table is filled in once they are all there.

    Conflict: something that is unique on the whole platform (a telephone number) is somebody else's now.
    """
    tenant, pairs, later = tenant_of(session), columns(model), []
    table = cast(Table, cast(Any, model).__table__)
    own = {
        element.parent.name
        for key in table.foreign_key_constraints
        for element in key.elements
        if element.column.table is table and element.parent.name != "tenant_id"
    }
    count = 0
    for values in archived_rows:
        given = {key: _unpack(c, values[c.name]) for key, c in pairs if c.name in values}
        given["tenant_id"] = tenant
        held = {name: given.pop(name) for name in own if given.get(name) is not None}
        row = model(**given)
        if held:
            later.append((row, held))
        session.add(row)
        count += 1
    await _flush(session)
    for row, held in later:
        for name, value in held.items():
            setattr(row, name, value)
    await _flush(session)
    session.expunge_all()
    return count


async def _flush(session: Session) -> None:
    try:
        await session.flush()
    except IntegrityError as refused:
        name = getattr(getattr(refused.orig, "__cause__", None), "constraint_name", None) or "?"
        raise Conflict(f"something in it belongs to somebody else by now ({name})", code="taken") from None


async def audit_is_empty(session: Session) -> bool:
    """Whether the tenant has no audit trail here: only then can one be brought along."""
    return not await session.scalar(select(func.count()).select_from(AuditEntry))


async def was_deleted(session: Session) -> bool:
    """Whether this tenant was deleted for good: its data key is destroyed."""
    return bool(await session.scalar(select(DataKey.shredded_at)))


# --- removing ---------------------------------------------------------------------------------------


async def clear(session: Session, *, keep: Iterable[str]) -> dict[str, int]:
    """Remove the tenant's rows from every table but those; how many from each. Children first."""
    kept, before = set(keep), await counts(session)
    for name, model in reversed(list(tables().items())):
        if name not in kept and not _goes_with_its_parent(model, kept):
            await session.execute(delete(model).execution_options(synchronize_session=False))
    session.expunge_all()
    return {name: n for name, n in before.items() if name not in kept}


def _goes_with_its_parent(model: type[Any], kept: set[str]) -> bool:
    """Rows that vanish with the row they belong to. Append-only ones can go in no other way."""
    return any(
        key.ondelete == "CASCADE" and key.referred_table.name not in kept
        and all(not column.nullable for column in key.columns)
        for key in model.__table__.foreign_key_constraints
    )  # fmt: skip


async def bury(session: Session, *, at: datetime) -> None:
    """What is left of the tenant's own record: an id, a date, and nothing that says who it was."""
    tenant = (await session.scalars(select(Tenant))).one()
    blank: dict[str, Any] = {key: None for key, column in columns(Tenant) if column.nullable}
    blank |= {
        "slug": f"deleted-{tenant.id.hex[-16:]}",
        "name": "(deleted)",
        "brand_name": "(deleted)",
        "status": "closed",
        "states": [],
        "markets": [],
        "settings": {"deleted_at": at.isoformat()},
    }
    for key, value in blank.items():
        setattr(tenant, key, value)
    await session.flush()


async def wipe_audit(session: Session, *, at: datetime) -> int:
    """Everything the trail says was changed goes; who did what, when, and the chain stay."""
    ids = (await session.scalars(select(AuditEntry.id).where(AuditEntry.redacted_at.is_(None)))).all()
    return await redact(session, ids, at=at)
