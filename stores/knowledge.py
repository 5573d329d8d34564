"""What a client's agent knows: questions with their answers, facts about the office, the places it serves.

Found by words (Postgres full-text search) and by likeness (pg_trgm, where the server has it).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, change, of_tenant

KINDS = ("faq", "office", "area")
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
