"""What a client's agent knows: facts and answers, service areas, listings. Found by words and by likeness.

Words are matched by Postgres full-text search, likeness by pg_trgm where the server has it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, belongs_to, change, of_tenant

KINDS = ("faq", "office", "area")
STATUSES = ("active", "coming_soon", "pending", "closed", "withdrawn")
_CONFIG = {"en": "english", "es": "spanish"}


class Entry(TenantRow, Base):
    """One question with its answer (faq), a fact about the office, or a place it serves (area).

    ``title`` is the question, the name of the fact or of the place; ``also`` other words for it.
    """

    __tablename__ = "knowledge_entries"
    __table_args__ = (
        of_tenant(),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        Index("ix_knowledge_entries_tenant_id_kind_id", "tenant_id", "kind", "id"),
    )

    kind: Mapped[str]
    title: Mapped[str]
    answer: Mapped[str]
    also: Mapped[list[str]] = mapped_column(server_default="{}")
    language: Mapped[str] = mapped_column(server_default="en")
    source: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default="true")
    meaning: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """What it means, as policies.nearness keeps it ..."""
    meaning_of: Mapped[str | None]
    """... and what made that; None when the answer has changed since."""
    words: Mapped[Any] = mapped_column(TSVECTOR, deferred=True)


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


class Listing(TenantRow, Base):
    """A property on the market, by its MLS number. ``remarks`` is somebody else's text: never trusted (C22).

    Prices in whole dollars, ``size`` in square feet.
    """

    __tablename__ = "listings"
    __table_args__ = (
        of_tenant(),
        belongs_to("listing_imports", "import_id"),
        UniqueConstraint("tenant_id", "mls_id"),
        CheckConstraint(f"status in {STATUSES}", name="status"),
        Index("ix_listings_tenant_id_status_price", "tenant_id", "status", "price"),
    )

    mls_id: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="active")
    address: Mapped[str]
    city: Mapped[str | None]
    state: Mapped[str | None]
    zip: Mapped[str | None]
    neighborhood: Mapped[str | None]
    price: Mapped[int | None]
    beds: Mapped[int | None]
    baths: Mapped[float | None]
    size: Mapped[int | None]
    type: Mapped[str | None]
    features: Mapped[list[str]] = mapped_column(server_default="{}")
    remarks: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """Facts that not every listing has, by the names of policies.listing_facts (hoa_fee, year ...)."""
    source: Mapped[str | None]
    modified_at: Mapped[datetime | None]
    import_id: Mapped[UUID | None]
    words: Mapped[Any] = mapped_column(TSVECTOR, deferred=True)


FIELDS = (
    "status", "address", "city", "state", "zip", "neighborhood", "price", "beds", "baths", "size", "type",
    "features", "remarks", "details", "source", "modified_at",
)  # fmt: skip
"""What an import says of a listing, besides its MLS number."""


# --- facts and answers ------------------------------------------------------------------------------


def _entry_words(kind: str, title: str, answer: str, also: Sequence[str], language: str) -> Any:
    said = f"{title} {' '.join(also)} {answer}"
    return func.to_tsvector(_CONFIG.get(language, "simple"), said)


async def add_entry(
    session: Session, *, kind: str, title: str, answer: str, also: Sequence[str] = (), **fields: Any
) -> Entry:
    """Keep an answer."""
    language = fields.get("language", "en")
    row = Entry(
        kind=kind,
        title=title,
        answer=answer,
        also=list(also),
        words=_entry_words(kind, title, answer, also, language),
        **fields,
    )
    session.add(row)
    await session.flush()
    return row


async def get_entry(session: Session, entry_id: UUID) -> Entry:
    """One entry. NotFound."""
    row = await session.scalar(select(Entry).where(Entry.id == entry_id))
    if row is None:
        raise NotFound("no such entry")
    return row


async def change_entry(session: Session, entry_id: UUID, **fields: Any) -> Entry:
    """Change an entry, and how it is found: what it means is to be worked out anew. NotFound."""
    row = await change(session, await get_entry(session, entry_id), fields)
    words = _entry_words(row.kind, row.title, row.answer, row.also, row.language)
    return await change(session, row, {"words": words, "meaning": None, "meaning_of": None})


async def keep_meaning(session: Session, row: Entry, meaning: bytes, made_by: str) -> None:
    """What an entry means; nothing when it has changed since the row was read. Readers see no change."""
    await session.execute(
        update(Entry)
        .where(Entry.id == row.id, Entry.updated_at == row.updated_at)
        .values(meaning=meaning, meaning_of=made_by, updated_at=Entry.updated_at)
    )


async def meanings(session: Session, ids: Collection[UUID]) -> Mapping[UUID, bytes]:
    """What these entries mean; those of which it is not known are missing."""
    query = select(Entry.id, Entry.meaning).where(Entry.id.in_(ids), Entry.meaning.is_not(None))
    return {entry_id: meaning for entry_id, meaning in await session.execute(query) if meaning}


def _without_meaning(made_by: str) -> tuple[Any, ...]:
    # a place is meant only when it is named: it needs no vectors
    return Entry.active.is_(True), Entry.kind != "area", Entry.meaning_of.is_distinct_from(made_by)


async def without_meaning(session: Session, made_by: str, *, limit: int = 100) -> Sequence[Entry]:
    """Active entries whose meaning is not known, or was worked out by something else."""
    query = select(Entry).where(*_without_meaning(made_by)).order_by(Entry.id).limit(limit)
    return (await session.scalars(query)).all()


async def tenants_without_meaning(session: Session, made_by: str, *, limit: int = 200) -> Sequence[UUID]:
    """Whose entries those are."""
    query = select(Entry.tenant_id).where(*_without_meaning(made_by)).distinct().limit(limit)
    return (await session.scalars(query)).all()


async def delete_entry(session: Session, entry_id: UUID) -> None:
    """Forget an entry. NotFound."""
    await session.delete(await get_entry(session, entry_id))
    await session.flush()


async def list_entries(
    session: Session,
    *,
    kind: str | None = None,
    active: bool | None = None,
    after: UUID | None = None,
    limit: int = 200,
) -> Sequence[Entry]:
    """In the order they were added."""
    query = select(Entry).order_by(Entry.id).limit(limit)
    if kind is not None:
        query = query.where(Entry.kind == kind)
    if active is not None:
        query = query.where(Entry.active.is_(active))
    if after is not None:
        query = query.where(Entry.id > after)
    return (await session.scalars(query)).all()


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that may answer. ``rank``: by words; ``likeness``: of the title, 0..1 (None: no pg_trgm)."""

    entry: Entry
    rank: float
    likeness: float | None


_likeness_works = True
"""False once the server said that it has no pg_trgm."""


async def find_entries(
    session: Session, question: str, *, language: str = "en", limit: int = 8
) -> Sequence[Hit]:
    """Active entries that share words with a question or look like it, the likeliest first."""
    global _likeness_works
    if _likeness_works:
        try:
            async with session.begin_nested():
                return await _find(session, question, language, limit, likeness=True)
        except DBAPIError as failed:
            if getattr(failed.orig, "sqlstate", "") != "42883":
                raise
            _likeness_works = False  # a managed Postgres without the extension: words must do
    return await _find(session, question, language, limit, likeness=False)


async def _find(
    session: Session, question: str, language: str, limit: int, *, likeness: bool
) -> Sequence[Hit]:
    config = _CONFIG.get(language, "simple")
    either = " | ".join(dict.fromkeys(re.findall(r"[^\W_]+", question.lower())))
    match = func.to_tsquery(config, either)
    rank = func.ts_rank(Entry.words, match) if either else literal(0.0)
    like: Any = func.similarity(func.lower(Entry.title), question.lower()) if likeness else literal(None)
    found = or_(Entry.words.op("@@")(match), like > 0.2) if likeness else Entry.words.op("@@")(match)
    order = (rank + like).desc() if likeness else rank.desc()
    query = select(Entry, rank, like).where(Entry.active.is_(True), found).order_by(order, Entry.id)
    rows = (await session.execute(query.limit(limit))).all()
    return [Hit(entry, float(r or 0), None if k is None else float(k)) for entry, r, k in rows]


# --- listings ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Search:
    """The only questions listings may be asked (C20): nothing here is about people."""

    areas: tuple[str, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    beds: int | None = None
    baths: float | None = None
    type: str | None = None
    features: tuple[str, ...] = ()
    mls_id: str | None = None


def _listing_words(values: Mapping[str, Any]) -> Any:
    names = ("mls_id", "address", "city", "state", "zip", "neighborhood", "type")
    said = " ".join([*(str(values.get(n) or "") for n in names), *values.get("features", ())])
    return func.to_tsvector("simple", said)


def _shortened(area: str) -> str:
    """A pattern of the names that an area's words begin ("cap hill": Capitol Hill)."""
    return r"\m" + r"\w*\W+".join(re.escape(word) for word in area.split()) + r"\w*"


def _condition(search: Search) -> list[Any]:
    wanted: list[Any] = []
    if search.mls_id:
        wanted.append(func.lower(Listing.mls_id) == search.mls_id.lower())
    if search.areas:
        places = (Listing.city, Listing.neighborhood, Listing.zip, Listing.address)
        named = [place.icontains(a, autoescape=True) for a in search.areas for place in places]
        short = [_shortened(a) for a in search.areas if len(a.split()) > 1]
        named += [place.op("~*")(s) for s in short for place in (Listing.city, Listing.neighborhood)]
        wanted.append(or_(*named))
    if search.price_min is not None:
        wanted.append(Listing.price >= search.price_min)
    if search.price_max is not None:
        wanted.append(Listing.price <= search.price_max)
    if search.beds is not None:
        wanted.append(Listing.beds >= search.beds)
    if search.baths is not None:
        wanted.append(Listing.baths >= search.baths)
    if search.type:
        wanted.append(Listing.type == search.type)
    for feature in search.features:
        wanted.append(Listing.words.op("@@")(func.plainto_tsquery("simple", feature)))
    return wanted


async def search_listings(
    session: Session, search: Search, *, limit: int = 10, statuses: Sequence[str] = ("active",)
) -> tuple[Sequence[Listing], int]:
    """Listings that fit, the newest first, and how many there are."""
    conditions = [Listing.status.in_(statuses), *_condition(search)]
    count = await session.scalar(select(func.count(Listing.id)).where(*conditions))
    query = select(Listing).where(*conditions).order_by(Listing.modified_at.desc().nulls_last(), Listing.id)
    return (await session.scalars(query.limit(limit))).all(), int(count or 0)


async def listings_at(session: Session, number: str, street: Sequence[str]) -> Sequence[Listing]:
    """Listings at a house number on a street that has one of these words in its name; of several, those with
    the most of them ("9 Osprey Court" is not 9 Pine Court)."""
    wanted = {w.lower() for w in street}
    at = Listing.address.startswith(f"{number} ", autoescape=True)
    named = or_(*(Listing.address.op("~*")(rf"\m{re.escape(w)}\M") for w in sorted(wanted)))
    rows = (await session.scalars(select(Listing).where(at, named).order_by(Listing.id).limit(50))).all()
    shared = {row.id: len(wanted & set(re.findall(r"[a-z0-9]+", row.address.lower())[1:])) for row in rows}
    most = max(shared.values(), default=0)
    return [row for row in rows if most and shared[row.id] == most]


async def listings_on(session: Session, street: str) -> Sequence[Listing]:
    """Listings on a street named without a number; at most three."""
    on = Listing.address.icontains(f" {street}", autoescape=True)
    return (await session.scalars(select(Listing).where(on).order_by(Listing.id).limit(3))).all()


async def listings_by_street(session: Session, words: Sequence[str], *, limit: int) -> Sequence[Listing]:
    """Listings that are not withdrawn and have one of these words at the head of a word of their address."""
    named = or_(*(Listing.address.icontains(f" {w}", autoescape=True) for w in words))
    query = select(Listing).where(Listing.status != "withdrawn", named).order_by(Listing.id).limit(limit)
    return (await session.scalars(query)).all()


async def cities(session: Session, limit: int = 8) -> list[str]:
    """The towns of the listings that are not withdrawn, those with the most first."""
    count = func.count(Listing.id)
    query = (
        select(Listing.city)
        .where(Listing.status != "withdrawn", Listing.city.is_not(None))
        .group_by(Listing.city)
        .order_by(count.desc(), Listing.city)
        .limit(limit)
    )
    return [str(city) for city in await session.scalars(query)]


async def get_listing(session: Session, mls_id: str) -> Listing | None:
    """A listing by its MLS number, whatever its state."""
    return await session.scalar(select(Listing).where(func.lower(Listing.mls_id) == mls_id.lower()))


async def list_listings(
    session: Session, *, after: UUID | None = None, limit: int = 100
) -> Sequence[Listing]:
    """All listings in the order they came."""
    query = select(Listing).order_by(Listing.id).limit(limit)
    if after is not None:
        query = query.where(Listing.id > after)
    return (await session.scalars(query)).all()


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
        words = _listing_words({"mls_id": mls_id, **values})
        session.add(Listing(mls_id=mls_id, import_id=run.id, words=words, **values))
    for row, values in found.changed:
        before[row.mls_id] = listing_values(row)
        words = _listing_words({"mls_id": row.mls_id, **values})
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
        _set(row, {**values, "words": _listing_words({"mls_id": row.mls_id, **values})})
    await session.flush()
    await change(session, run, {"undone_at": at})
    return len(rows)
