"""What a client's answers mean, as vectors: made when an answer is written, kept with it.

Vectors are made beside the event loop (``Ports.embed``) and read once a process. An answer without them
(written where there were none, or by another model) gets them from the next sweep, and is found by its words
until then.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from uuid import UUID

import numpy as np
from loguru import logger

from core import embedding
from core.clock import Clock
from policies import nearness
from policies.nearness import Fact, Vectors
from stores import knowledge
from stores.base import tenant_of
from stores.db import Database, Session
from tools.base import Ports

MOST_ENTRIES = 500
"""Answers of one client that are compared with a question."""
MOST_TENANTS = 50
"""Clients whose answers a process keeps at hand; the one asked longest ago is read again."""

_known: OrderedDict[UUID, dict[UUID, tuple[tuple[object, ...], Fact]]] = OrderedDict()
"""client -> answer -> (what it was made from, the fact)."""


async def of_question(ports: Ports, question: str) -> Vectors | None:
    """What a question means; None without vectors. Before any transaction: it takes some milliseconds."""
    if ports.embed is None or not question:
        return None
    try:
        (asked,) = await ports.embed([question])
    except Exception as error:
        logger.warning("no vector of a question: {}", type(error).__name__)
        return None
    return np.asarray(asked, np.float32)


async def nearest(
    session: Session, question: str, asked: Vectors | None
) -> dict[UUID, tuple[float, knowledge.Entry]]:
    """How sure each of the client's answers is to answer (policies.nearness), by id; without those that have
    no vectors."""
    if asked is None:
        return {}
    rows = await knowledge.list_entries(session, active=True, limit=MOST_ENTRIES)
    rows = [row for row in rows if row.kind != "area" and row.meaning_of]
    facts = await _facts(session, rows)
    rows = [row for row in rows if row.id in facts]
    scores = nearness.scores(question, asked, [facts[row.id] for row in rows])
    return {row.id: (score, row) for score, row in zip(scores, rows, strict=True)}


async def _facts(session: Session, rows: Sequence[knowledge.Entry]) -> dict[UUID, Fact]:
    """The answers with what they mean; those that are at hand and unchanged are not read again."""
    tenant_id = tenant_of(session)
    held = _known.get(tenant_id, {})
    wanted = {row.id: _made_from(row) for row in rows}
    missing = [i for i, made_from in wanted.items() if i not in held or held[i][0] != made_from]
    stored = await knowledge.meanings(session, missing) if missing else {}
    kept = {i: held[i] for i in wanted if i not in missing}
    for row in rows:
        fact = _fact(row, stored[row.id]) if row.id in stored else None
        if fact is not None:
            kept[row.id] = (wanted[row.id], fact)
    _known[tenant_id] = kept
    _known.move_to_end(tenant_id)
    while len(_known) > MOST_TENANTS:
        _known.popitem(last=False)
    return {entry_id: fact for entry_id, (_, fact) in kept.items()}


def _made_from(row: knowledge.Entry) -> tuple[object, ...]:
    return (row.title, tuple(row.also), row.answer, row.language, row.meaning_of)


def _fact(row: knowledge.Entry, stored: bytes) -> Fact | None:
    """None when the stored vectors are not those of these texts."""
    titles = (row.title, *row.also)
    rows = np.frombuffer(stored, np.float16).astype(np.float32)
    if rows.size % embedding.DIMENSIONS or rows.size // embedding.DIMENSIONS != len(titles) + 2:
        return None
    return Fact(titles, row.answer, row.language, rows.reshape(-1, embedding.DIMENSIONS))


async def keep(ports: Ports, session: Session, row: knowledge.Entry) -> None:
    """Work out what an answer means and keep it; without vectors the words must do."""
    made = await _work_out(ports, row)
    if made is not None:
        await knowledge.keep_meaning(session, row, made, embedding.model())


async def _work_out(ports: Ports, row: knowledge.Entry) -> bytes | None:
    if ports.embed is None or row.kind == "area":
        return None
    try:
        rows = await ports.embed(nearness.texts((row.title, *row.also), row.answer))
    except Exception as error:
        logger.warning("no vectors of an answer: {}", type(error).__name__)
        return None
    return np.stack(rows).astype(np.float16).tobytes()


async def sweep(db: Database, ports: Ports, clock: Clock) -> None:
    """Work out what is missing, for every client: outside any transaction, a few answers at a time."""
    if ports.embed is None:
        return
    async with db.platform("whose answers have no vectors yet") as session:
        tenants = await knowledge.tenants_without_meaning(session, embedding.model())
    for tenant_id in tenants:
        async with db.tenant(tenant_id) as session:
            rows = await knowledge.without_meaning(session, embedding.model())
        for row in rows:
            made = await _work_out(ports, row)
            if made is not None:
                async with db.tenant(tenant_id) as session:
                    await knowledge.keep_meaning(session, row, made, embedding.model())
