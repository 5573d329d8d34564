"""What every table shares: types, the tenant's key, timestamps, and text that Postgres can hold."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, MetaData, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from core.ids import new_id

Session = AsyncSession
"""A unit of work, opened by ``Database.tenant`` or ``Database.platform`` and by nothing else."""

CURRENT_TENANT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
"""The tenant of the running transaction as Postgres sees it; NULL outside a tenant session."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean_text(words: str) -> str:
    """Without NUL and lone surrogates: Postgres stores neither, and callers can send both."""
    return words if words.isascii() and "\x00" not in words else _UNSTORABLE.sub("\ufffd", words)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(k)): _clean(v) for k, v in value.items()}
    if isinstance(value, Sequence):
        return [_clean(v) for v in value]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON")


def to_json(value: Any) -> str:
    """JSON as stored in jsonb: ids and dates as strings, sets as sorted lists, text cleaned."""
    out = json.dumps(value, default=_plain, separators=(",", ":"), ensure_ascii=False)
    if "\\u0000" in out or not (out.isascii() or _UNSTORABLE.search(out) is None):
        out = json.dumps(_clean(json.loads(out)), separators=(",", ":"), ensure_ascii=False)
    return out


class CleanText(TypeDecorator[str]):
    """``text`` that never fails on a garbled character."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Clean on the way in."""
        return value if value is None else clean_text(str(value))


class Base(DeclarativeBase):
    """Root of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        str: CleanText,
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        dict[str, Any]: JSONB(none_as_null=True),
        list[dict[str, Any]]: JSONB(none_as_null=True),
        list[str]: ARRAY(CleanText),
    }
    # what the database fills in comes back with the write, so rows stay readable after the commit
    __mapper_args__ = {"eager_defaults": True}


class Stamps:
    """When a row was written and last changed, by the database's clock."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), onupdate=func.now(), sort_order=91
    )


class TenantRow(Stamps):
    """A row that belongs to one tenant. The session stamps ``tenant_id``; Postgres checks it."""

    tenant_id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=text(CURRENT_TENANT), sort_order=-20
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-19)


def belongs_to(table: str, column: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A reference that cannot cross tenants: (tenant_id, column) -> table (tenant_id, id)."""
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete=ondelete
    )


def of_tenant() -> ForeignKeyConstraint:
    """The row's tenant exists."""
    return ForeignKeyConstraint(["tenant_id"], ["tenants.id"])


def tenant_of(session: Session) -> UUID:
    """The tenant a session acts for; ``LookupError`` in a platform session."""
    tenant = session.sync_session.info.get("tenant_id")
    if not isinstance(tenant, UUID):
        raise LookupError("not a tenant session")
    return tenant


Row = TypeVar("Row", bound=TenantRow)


async def insert_unless_there(
    session: Session,
    model: type[Row],
    values: Mapping[str, Any],
    *,
    conflict: Sequence[Any],
    where: Any = None,
) -> Row | None:
    """Insert one row of the session's tenant, or None when ``conflict`` says another is there.

    The one place an INSERT statement is written by hand: it takes the tenant from the session.
    """
    statement = (
        insert(model)
        .values(
            tenant_id=tenant_of(session),
            id=values.get("id") or new_id(),
            **{k: v for k, v in values.items() if k != "id"},
        )
        .on_conflict_do_nothing(index_elements=list(conflict), index_where=where)
        .returning(model)
    )
    row: Row | None = await session.scalar(statement, execution_options={"tenant_stamped": True})
    return row


AnyRow = TypeVar("AnyRow", bound=Base)


async def change(session: Session, row: AnyRow, fields: Mapping[str, Any]) -> AnyRow:
    """Set the named columns of a row and write it. ``AttributeError`` for a column it has not."""
    for name, value in fields.items():
        if name not in row.__mapper__.columns:
            raise AttributeError(f"{type(row).__name__} has no column {name}")
        setattr(row, name, value)
    await session.flush()
    return row
