"""Imports of listings: what each would change and changed, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, change, of_tenant
from stores.listings import Listing, search_words


class ListingImport(TenantRow, Base):
    """One import of listings. ``before``: MLS id -> the row as it was (None: it was not there)."""

    __tablename__ = "listing_imports"
    __table_args__ = (of_tenant(),)

    source: Mapped[str]
    actor: Mapped[str]
    added: Mapped[int] = mapped_column(server_default="0")
    changed: Mapped[int] = mapped_column(server_default="0")
    removed: Mapped[int] = mapped_column(server_default="0")
    unchanged: Mapped[int] = mapped_column(server_default="0")
    before: Mapped[dict[str, Any]] = mapped_column(server_default="{}", deferred=True)
    undone_at: Mapped[datetime | None]


FIELDS = (
    "status", "address", "city", "state", "zip", "neighborhood", "price", "beds", "baths", "size", "type",
    "features", "remarks", "details", "source", "modified_at",
)  # fmt: skip
"""What an import says of a listing, besides its MLS number."""


def listing_values(row: Listing) -> dict[str, Any]:
    """A listing as an import would say it."""
    return {name: getattr(row, name) for name in FIELDS}


async def import_listings(
    session: Session,
    rows: Iterable[Mapping[str, Any]],
    *,
    source: str,
    actor: str,
    complete: bool,
) -> ListingImport:
    """Add and change listings by MLS number. ``complete``: what the source no longer names is withdrawn.

    Only listings of the same source vanish with it. Importing the same again changes nothing.
    """
    run = ListingImport(source=source, actor=actor, before={})
    session.add(run)
    await session.flush()
    found = await _compared(session, rows, source=source, complete=complete)
    before: dict[str, Any] = {}
    for mls_id, values in found.added.items():
        before[mls_id] = None
        words = search_words({"mls_id": mls_id, **values})
        session.add(Listing(mls_id=mls_id, import_id=run.id, words=words, **values))
    for row, values in found.changed:
        before[row.mls_id] = listing_values(row)
        words = search_words({"mls_id": row.mls_id, **values})
        _set(row, {**values, "words": words, "import_id": run.id})
    for row in found.removed:
        before[row.mls_id] = listing_values(row)
        _set(row, {"status": "withdrawn", "import_id": run.id})
    await session.flush()
    return await change(session, run, {"before": before, **found.counts})


async def compare_listings(
    session: Session, rows: Iterable[Mapping[str, Any]], *, source: str, complete: bool
) -> dict[str, int]:
    """What an import would do, without doing it: added, changed, removed, unchanged."""
    return (await _compared(session, rows, source=source, complete=complete)).counts


@dataclass(frozen=True)
class _Compared:
    """An import set against what is there."""

    added: dict[str, dict[str, Any]]
    changed: list[tuple[Listing, dict[str, Any]]]
    removed: list[Listing]
    unchanged: int

    @property
    def counts(self) -> dict[str, int]:
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "removed": len(self.removed),
            "unchanged": self.unchanged,
        }


async def _compared(
    session: Session, rows: Iterable[Mapping[str, Any]], *, source: str, complete: bool
) -> _Compared:
    known = {row.mls_id: row for row in (await session.scalars(select(Listing).with_for_update())).all()}
    added: dict[str, dict[str, Any]] = {}
    changed, seen, unchanged = [], set(), 0
    for given in rows:
        mls_id = str(given["mls_id"])
        values = {name: given.get(name) for name in FIELDS} | {"source": source}
        values["features"] = list(given.get("features") or ())
        values["details"] = dict(given.get("details") or {})
        values["status"] = values["status"] or "active"
        seen.add(mls_id)
        row = known.get(mls_id)
        if row is None:
            added[mls_id] = values
        elif listing_values(row) == values:
            unchanged += 1
        else:
            changed.append((row, values))
    removed = [
        row
        for mls_id, row in known.items()
        if complete and mls_id not in seen and row.source == source and row.status != "withdrawn"
    ]
    return _Compared(added, changed, removed, unchanged)


def _set(row: Listing, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)


async def forget_import(session: Session, run: ListingImport) -> None:
    """It changed nothing, so it leaves no trace."""
    await session.delete(run)
    await session.flush()


async def get_import(session: Session, import_id: UUID) -> ListingImport:
    """One import. NotFound."""
    row = await session.scalar(select(ListingImport).where(ListingImport.id == import_id))
    if row is None:
        raise NotFound("no such import")
    return row


async def list_imports(session: Session, *, limit: int = 50) -> Sequence[ListingImport]:
    """Newest first."""
    return (await session.scalars(select(ListingImport).order_by(ListingImport.id.desc()).limit(limit))).all()


async def later_import(session: Session, run: ListingImport) -> bool:
    """Whether a newer import, not taken back, came after this one."""
    newer = select(ListingImport.id).where(ListingImport.id > run.id, ListingImport.undone_at.is_(None))
    return await session.scalar(newer.limit(1)) is not None


async def undo_import(session: Session, run: ListingImport, *, at: datetime) -> int:
    """Put every listing back as it was before the import; how many."""
    before: dict[str, Any] = (
        await session.scalar(select(ListingImport.before).where(ListingImport.id == run.id)) or {}
    )
    rows = (await session.scalars(select(Listing).where(Listing.mls_id.in_(before)))).all()
    for row in rows:
        past = before[row.mls_id]
        if past is None:
            await session.delete(row)
            continue
        moment = past.get("modified_at")
        values = {**past, "modified_at": datetime.fromisoformat(moment) if moment else None}
        _set(row, {**values, "words": search_words({"mls_id": row.mls_id, **values})})
    await session.flush()
    await change(session, run, {"undone_at": at})
    return len(rows)
