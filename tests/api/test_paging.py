"""Lists: every item exactly once, whatever is added meanwhile; filters that are checked."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import SystemClock
from core.errors import InvalidInput
from stores import calls, leads, support
from stores.db import Database
from tests.api.conftest import Owner
from web.api.leads import Leads
from web.api.paging import Paging


async def _add(db: Database, tenant_id: UUID, noun: str, name: str) -> None:
    async with db.tenant(tenant_id) as session:
        if noun == "leads":
            await leads.add_lead(session, intent="buyer", name=name)
        elif noun == "tasks":
            await leads.add_task(session, kind="call_back", title=name)
        elif noun == "tickets":
            await support.open_ticket(
                session, category="account", priority="low", subject=name, channel="api"
            )
        else:
            await calls.start_call(session, now=SystemClock().now(), sid=name)


async def test_every_item_once_while_rows_are_added(owner: Owner, db: Database, tenant_id: UUID) -> None:
    for noun in ("leads", "tasks", "tickets", "calls"):
        for n in range(8):
            await _add(db, tenant_id, noun, f"old {n}")
        seen: list[str] = []
        path: str | None = f"/{noun}?limit=3"
        while path is not None:
            answer = await owner.get(path)
            page = answer.json()
            seen += [item["id"] for item in page["items"]]
            assert len(page["items"]) <= 3
            link = re.match(r'<(.*)>; rel="next"', answer.headers.get("link", ""))
            assert (link is not None) == (page["next"] is not None)
            path = link[1].removeprefix(owner.base) if link else None
            for n in range(2):
                await _add(db, tenant_id, noun, f"new {len(seen)} {n}")
        # what was there at the beginning, each once; nothing that came later gets between
        assert len(seen) == len(set(seen)) == 8, noun


@given(places=st.lists(st.uuids(), min_size=1, max_size=5), q=st.text(min_size=2, max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_cursor_means_its_place_in_its_list_and_nothing_else(places: list[UUID], q: str) -> None:
    for place in places:
        named = Leads(q=q, intent="buyer").cursor(place)
        assert Leads(q=q, intent="buyer", after=named, limit=7).begins_after_id() == place
        with pytest.raises(InvalidInput):
            Leads(q=q, intent="seller", after=named).begins_after_id()


@given(st.text(max_size=60))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    for begin in (Paging.begins_after_id, Paging.begins_after_number):
        with pytest.raises(InvalidInput):
            begin(Paging(after=text))


WRONG = {
    "intent=landlord": "query.intent",
    "score_min=101": "query.score_min",
    "created_from=yesterday": "query.created_from",
    "created_from=2026-11-01T00:00:00": "query.created_from",
    "phone=3035550142": "query.phone",
    "q=x": "query.q",
    "colour=red": "query.colour",
    "limit=0": "query.limit",
    "after=!": "query.after",
}


async def test_a_filter_that_is_none_is_refused_by_name(owner: Owner) -> None:
    for query, where in WRONG.items():
        answer = await owner.get(f"/leads?{query}")
        assert answer.status_code == 422, query
        assert [p["where"] for p in answer.json()["problems"]] == [where]


async def test_all_wrong_filters_are_named_at_once(owner: Owner) -> None:
    answer = await owner.get("/leads?intent=x&score_min=x&limit=0")
    assert {p["where"] for p in answer.json()["problems"]} == {
        "query.intent", "query.score_min", "query.limit",
    }  # fmt: skip


async def test_filters_find_what_they_say(owner: Owner) -> None:
    def lead(**more: Any) -> dict[str, Any]:
        return {"intent": "buyer", "phones": ["+13035550142"], **more}

    await owner.made("/leads", lead(name="Ann 100% Sure", price_max=400_000, areas=["Aurora"]))
    await owner.made("/leads", lead(intent="seller", name="Bob", emails=["bob@example.com"], phones=[]))
    await owner.made("/leads", lead(name="Cy", phones=["+13035550199"], disposition="nurture"))
    for query, names in {
        "q=100%25": ["Ann 100% Sure"],
        "q=bob%40example": ["Bob"],
        "q=550199": ["Cy"],
        "q=__": [],
        "intent=seller": ["Bob"],
        "disposition=nurture": ["Cy"],
        "phone=%2B13035550142": ["Ann 100% Sure"],
        "score_min=30": ["Ann 100% Sure"],
        "created_from=2020-01-01T00:00:00Z&created_to=2020-01-02T00:00:00Z": [],
        "created_from=2020-01-01T00:00:00Z": ["Cy", "Bob", "Ann 100% Sure"],
    }.items():
        answer = await owner.get(f"/leads?{query}")
        assert [one["name"] for one in answer.json()["items"]] == names, query
