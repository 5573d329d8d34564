"""Eight brokerages' facts asked for in other words: how many are answered, and how many wrongly (A047).

What is measured is told in docs/callers.md; the limits here are a little below it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from core import embedding
from core.clock import SystemClock
from core.ids import new_id
from stores import knowledge, tenancy
from stores.db import Database
from tools import meaning
from tools.base import Ports, ToolContext
from tools.knowledge import answer

HERE = Path(__file__).parent
QUESTIONS: list[dict[str, Any]] = [
    brokerage
    for name in ("questions.yaml", "fresh.yaml")
    for brokerage in yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
]


@dataclass
class Count:
    """``wrong``: another fact was said; ``false``: one was said where none answers."""

    right: int = 0
    asked: int = 0
    none: int = 0
    wrong: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"right {self.right}/{self.asked}, wrong {len(self.wrong)}, false {len(self.false)}/{self.none}"
        )


async def measured(db: Database, ports: Ports, part: str) -> dict[str, Count]:
    """language -> what came of that part's questions."""
    counts = {"en": Count(), "es": Count()}
    for brokerage in QUESTIONS:
        if brokerage["part"] != part:
            continue
        language = brokerage.get("language", "en")
        tenant_id = await _told(db, ports, brokerage, language)
        ctx = ToolContext(
            db=db,
            clock=SystemClock(),
            ports=ports,
            home=tenant_id,
            subject=tenant_id,
            conversation_id=new_id(),
            slots={"language": language},
        )
        count = counts[language]
        for fact in brokerage["facts"]:
            for question in fact["asked"]:
                found = await answer(ctx, question)
                count.asked += 1
                if found is not None and found.text == fact["answer"]:
                    count.right += 1
                elif found is not None:
                    count.wrong.append(f"{question} -> {found.text}")
        for question in brokerage["none"]:
            found = await answer(ctx, question)
            count.none += 1
            if found is not None:
                count.false.append(f"{question} -> {found.text}")
    return counts


async def _told(db: Database, ports: Ports, brokerage: dict[str, Any], language: str) -> Any:
    tenant_id = new_id()
    async with db.tenant(tenant_id) as session:
        tenant = await tenancy.create_tenant(session, brokerage["tenant"], status="live")
    async with db.tenant(tenant.id) as session:
        for fact in brokerage["facts"]:
            row = await knowledge.add_entry(
                session, kind="faq", title=fact["title"], answer=fact["answer"], language=language
            )
            await meaning.keep(ports, session, row)
    return tenant.id


async def test_by_words_alone_some_is_found(db: Database) -> None:
    english = (await measured(db, Ports(), "unseen"))["en"]
    assert english.right >= 15 and len(english.wrong) + len(english.false) <= 5, english


@pytest.mark.skipif(bool(embedding.why_not()), reason=embedding.why_not())
async def test_by_meaning_half_is_found_and_little_is_wrong(db: Database) -> None:
    counts = await measured(db, Ports(embed=embedding.embed_beside), "fresh")
    for language, right, false in (("en", 22, 4), ("es", 10, 1)):
        count = counts[language]
        assert count.right >= right, count
        assert len(count.wrong) <= 1 and len(count.false) <= false, (count.wrong, count.false)
