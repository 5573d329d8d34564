"""Questions met by what they mean: kept with the answer, made beside the event loop (A047)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core import embedding
from policies import nearness
from stores import knowledge
from tests.office.conftest import Office
from tests.tools.conftest import Desk
from tools import meaning
from tools.base import Ports, ToolContext
from tools.knowledge import answer

vectors = pytest.mark.skipif(bool(embedding.why_not()), reason=embedding.why_not())
FEE = {"title": "application fee for rentals", "answer": "The application fee is 45 dollars per adult."}


class Counted:
    """Real vectors, and how many were asked for."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def __call__(self, texts: Sequence[str]) -> list[Any]:
        self.texts += texts
        return await embedding.embed_beside(texts)


def _with(desk: Desk, embed: Any, **slots: Any) -> ToolContext:
    ctx = desk.ctx()
    return replace(ctx, ports=replace(ctx.ports, embed=embed), slots=slots)


async def _add(desk: Desk, embed: Any, monkeypatch: pytest.MonkeyPatch, **fields: Any) -> str:
    ctx = desk.ctx()
    monkeypatch.setattr(desk, "ctx", lambda *a, **k: replace(ctx, ports=replace(ctx.ports, embed=embed)))
    result = await desk.run("add_answer", {"kind": "faq", **fields})
    monkeypatch.undo()
    assert result.ok, result
    return str(result.facts["answer_id"])


@vectors
async def test_other_words_are_met_by_meaning_and_only_with_vectors(office: Office, desk: Desk) -> None:
    async with office.db.tenant(office.tenant_id) as session:
        await knowledge.add_entry(session, kind="faq", **FEE)
    embed = Counted()
    question = "what do you charge for an application"
    assert await answer(_with(desk, None), question) is None
    assert await answer(_with(desk, embed), question) is None, "not before the sweep"
    await meaning.sweep(office.db, Ports(embed=embed), office.clock)
    found = await answer(_with(desk, embed), question)
    assert found is not None and "45 dollars" in found.text and found.source
    assert await answer(_with(desk, embed), "how much is the security deposit") is None
    assert await answer(_with(desk, embed), "who was Napoleon") is None


@vectors
async def test_vectors_are_made_once_and_anew_when_the_answer_changes(office: Office, desk: Desk) -> None:
    async with office.db.tenant(office.tenant_id) as session:
        row = await knowledge.add_entry(session, kind="faq", **FEE)
        before = row.updated_at
    embed = Counted()
    await meaning.sweep(office.db, Ports(embed=embed), office.clock)
    made = len(embed.texts)
    assert made >= 3 and not any("Boulder" in t for t in embed.texts), "a place is met by its name"
    await meaning.sweep(office.db, Ports(embed=embed), office.clock)
    assert len(embed.texts) == made
    async with office.db.tenant(office.tenant_id) as session:
        row = await knowledge.get_entry(session, row.id)
        assert row.updated_at == before, "nobody's ETag changes"
        await knowledge.change_entry(session, row.id, title="parcels", answer="The desk keeps parcels.")
    assert await answer(_with(desk, embed), "what does it cost to apply") is None
    await meaning.sweep(office.db, Ports(embed=embed), office.clock)
    assert embed.texts[-3:] == ["parcels", "The desk keeps parcels.", "parcels The desk keeps parcels."]
    found = await answer(_with(desk, embed), "will you keep my packages at the desk")
    assert found is not None and "desk" in found.text


@vectors
async def test_an_answer_that_is_written_has_them_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed = Counted()
    await _add(desk, embed, monkeypatch, **FEE)
    found = await answer(_with(desk, embed), "what do you charge for an application")
    assert found is not None and "45 dollars" in found.text


@vectors
async def test_spanish_is_answered_in_spanish_where_there_is_both(office: Office, desk: Desk) -> None:
    async with office.db.tenant(office.tenant_id) as session:
        await knowledge.add_entry(
            session, kind="faq", title="Do you take pets?", answer="Cats and dogs are welcome."
        )
        await knowledge.add_entry(
            session, kind="faq", title="¿Aceptan mascotas?", answer="Sí, aceptamos mascotas.", language="es"
        )
    embed = Counted()
    await meaning.sweep(office.db, Ports(embed=embed), office.clock)
    found = await answer(_with(desk, embed, language="es"), "puedo llevar mi perro")
    assert found is not None and found.text == "Sí, aceptamos mascotas."
    found = await answer(_with(desk, embed), "can I bring my dog")
    assert found is not None and found.text == "Cats and dogs are welcome."


async def test_vectors_that_fail_leave_the_words(office: Office, desk: Desk) -> None:
    async def broken(texts: Sequence[str]) -> list[Any]:
        raise RuntimeError("no engine")

    await meaning.sweep(office.db, Ports(embed=broken), office.clock)
    found = await answer(_with(desk, broken), "where is your office")
    assert found is not None and found.kind == "office"


async def test_vectors_of_another_shape_are_not_compared(office: Office, desk: Desk) -> None:
    async with office.db.tenant(office.tenant_id) as session:
        row = (await knowledge.list_entries(session, kind="office"))[0]
        await knowledge.keep_meaning(session, row, b"\0" * 10, "another model")

    async def some(texts: Sequence[str]) -> list[Any]:
        return [np.ones(embedding.DIMENSIONS, np.float32) for _ in texts]

    found = await answer(_with(desk, some), "where is your office")
    assert found is not None and found.kind == "office"


@vectors
async def test_the_event_loop_goes_on_meanwhile() -> None:
    worst, going = 0.0, True

    async def beat() -> None:
        nonlocal worst
        while going:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, time.perf_counter() - began)

    heart = asyncio.create_task(beat())
    await asyncio.sleep(0.05)
    calm, worst = worst, 0.0
    began = time.perf_counter()
    await embedding.embed_beside([f"how much is the fee for house {n} on the lake?" for n in range(20)])
    took = time.perf_counter() - began
    going = False
    await heart
    assert worst < max(took / 4, 5 * calm), (worst, took)


@pytest.mark.parametrize(
    ("question", "said", "fits"),
    [
        ("how much is a dock permit", "The lake authority issues dock permits.", -1),
        ("what does it cost", "It is free.", 1),
        ("when do leases start", "Most leases start on August 15.", 1),
        ("when do leases start", "Ask your agent.", -1),
        ("where do I park", "Behind the house.", 1),
        ("do you take pets", "Yes.", 0),
        ("cuánto cuesta la solicitud", "Cuesta 50 dólares.", 1),
        ("cuándo abren", "Pregunte a su agente.", -1),
    ],
)
def test_an_answer_has_the_kind_that_is_asked_for(question: str, said: str, fits: float) -> None:
    assert nearness.kind_fits(question, said) == fits


@vectors
def test_the_map_is_the_one_of_these_questions() -> None:
    assert nearness.stored_mark() == nearness.mark(nearness.asked()), "run python -m policies.nearness"
