"""Who gets a lead and why; what happens when nobody takes it (A047, A091, C21)."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import routing as policy
from policies.routing import LeadFacts, Person
from stores import appointments, leads, outbox, routing, tenancy
from tests.office.conftest import Office
from tests.tools.conftest import Desk
from tools import routing as tool
from tools.base import Ports

DANA = Person("1", "Dana", "dana@x.example", "owner")
LEE = Person("2", "Lee", "lee@x.example", areas=("Oak Park",), price_min=0, price_max=400_000)
SAM = Person(
    "3", "Sam", "sam@x.example", areas=("Boulder",), price_min=400_001, languages=("en", "es"), weight=3
)
TEAM = (DANA, LEE, SAM)
AT = datetime(2026, 11, 23, tzinfo=UTC)


def who(routing: dict[str, Any], skip: tuple[str, ...] = (), people: Any = TEAM, **lead: Any) -> str:
    choice = policy.pick(routing, LeadFacts(**lead), people, skip=skip)
    assert choice is not None
    assert choice.person.name in choice.why
    return choice.person.name


@pytest.mark.parametrize(
    ("routing", "lead", "name"),
    [
        ({"mode": "by_area"}, {"areas": ("Boulder",)}, "Sam"),
        ({"mode": "by_area"}, {"areas": ("Aspen",)}, "Dana"),
        ({"mode": "by_area"}, {}, "Dana"),
        ({"mode": "by_price"}, {"price": 350_000}, "Lee"),
        ({"mode": "by_price"}, {"price": 900_000}, "Sam"),
        ({"mode": "by_language"}, {"language": "es"}, "Sam"),
        ({"mode": "by_language"}, {"language": "en"}, "Dana"),
        ({"mode": "admin_only"}, {"areas": ("Boulder",)}, "Dana"),
        ({"mode": "round_robin"}, {"language": "es"}, "Sam"),
        ({"mode": "admin_only", "fallback": "lee@x.example"}, {}, "Lee"),
        ({"mode": "nonsense"}, {}, "Dana"),
        (
            {"mode": "admin_only", "rules": [{"when": {"source": "zillow"}, "to": ["lee@x.example"]}]},
            {"source": "zillow"},
            "Lee",
        ),
        (
            {"mode": "admin_only", "rules": [{"when": {"source": "zillow"}, "to": ["lee@x.example"]}]},
            {"source": "website"},
            "Dana",
        ),
        (
            {
                "mode": "admin_only",
                "rules": [{"when": {"price_min": 500_000, "areas": ["Oak Park"]}, "to": ["3"]}],
            },
            {"areas": ("oak park",), "price": 600_000},
            "Sam",
        ),
        ({"mode": "admin_only", "rules": [{"when": {"name": "Ann"}, "to": ["3"]}]}, {}, "Dana"),
    ],
)
def test_the_rules_decide_and_every_rule_has_an_else(
    routing: dict[str, Any], lead: dict[str, Any], name: str
) -> None:
    assert who(routing, **lead) == name


def _play(routing: dict[str, Any], people: tuple[Person, ...], times: int) -> Counter[str]:
    from dataclasses import replace

    team = {p.id: p for p in people}
    counts: Counter[str] = Counter()
    for n in range(times):
        choice = policy.pick(routing, LeadFacts(), list(team.values()))
        assert choice is not None
        counts[choice.person.name] += 1
        p = team[choice.person.id]
        team[p.id] = replace(p, given=p.given + 1, last=AT + timedelta(minutes=n))
    return counts


def test_in_turn_is_even_and_weights_are_kept() -> None:
    assert set(_play({"mode": "round_robin"}, TEAM, 30).values()) == {10}
    assert _play({"mode": "weighted"}, TEAM, 50) == {"Sam": 30, "Lee": 10, "Dana": 10}


def test_who_had_it_is_left_out_until_only_the_fallback_is_left() -> None:
    first = policy.pick({}, LeadFacts(), TEAM)
    assert first is not None and not first.final
    last = policy.pick({}, LeadFacts(), TEAM, skip=["1", "2", "3"])
    assert last is not None and last.final and last.person is DANA
    assert policy.pick({}, LeadFacts(), []) is None


@given(
    st.sampled_from(
        ["round_robin", "weighted", "by_area", "by_price", "by_language", "by_source", "admin_only"]
    ),
    st.lists(st.sampled_from(["Oak Park", "Boulder", "Aspen", ""]), max_size=3),
    st.one_of(st.none(), st.integers(0, 10**7)),
    st.one_of(st.none(), st.sampled_from(["es", "en", "zh"])),
    st.sets(st.sampled_from(["1", "2", "3"])),
)
def test_there_is_always_somebody(
    mode: str, areas: list[str], price: int | None, language: str | None, skip: set[str]
) -> None:
    choice = policy.pick({"mode": mode}, LeadFacts(tuple(areas), price, language), TEAM, skip=skip)
    assert choice is not None
    assert choice.final or choice.person.id not in skip


def test_nothing_about_a_person_can_decide() -> None:
    assert {f.name for f in fields(LeadFacts)} == {"areas", "price", "language", "source", "intent"}


@pytest.mark.parametrize(
    ("routing", "words"),
    [
        ({"mode": "by_race"}, "no way of routing"),
        ({"rules": [{"when": {"religion": "x"}, "to": ["3"]}]}, "may not be routed by religion"),
        ({"rules": [{"when": {"name": "Garcia"}, "to": ["3"]}]}, "may not be routed by name"),
        ({"rules": [{"when": {"language": "es"}, "to": ["lee@x.example"]}]}, "speaks that language"),
        ({"rules": [{"when": {"source": "x"}, "to": ["eve@x.example"]}]}, "nobody on the team"),
        ({"rules": [{"when": {}, "to": ["3"]}]}, "no condition"),
        ({"rules": [{"when": {"source": "x"}}]}, "names nobody"),
        ({"claim_minutes": 0}, "between one minute and a day"),
        ({"fallback": "eve@x.example"}, "fallback"),
        ({"weights": {}}, "no setting called weights"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(routing: dict[str, Any], words: str) -> None:
    assert any(words in p for p in policy.problems(routing, TEAM))


def test_good_rules_are_explained_in_words() -> None:
    rules = {
        "mode": "round_robin",
        "claim_minutes": 10,
        "rules": [{"when": {"areas": ["Oak Park"], "price_max": 400000}, "to": ["lee@x.example"]}],
    }
    assert policy.problems(rules, TEAM) == []
    said = " ".join(policy.explain(rules, TEAM))
    assert "an area of Oak Park and a price up to $400,000 go to Lee" in said
    assert "10 minutes" in said and "the admin" in said


# --- with the stores --------------------------------------------------------------------------------------


async def saved(desk: Desk, **lead: Any) -> leads.Lead:
    await desk.run("save_lead", {"intent": "buyer", "phone": desk.caller, **lead})
    async with desk.db.tenant(desk.home) as session:
        found = await leads.lead_of_conversation(session, desk.conversation_id)
    assert found is not None
    return found


async def test_a_lead_is_given_once_with_a_task_and_a_letter(office: Office, desk: Desk) -> None:
    lead = await saved(desk, areas=["Oak Park"])
    routed = await desk.run("route_lead")
    assert routed.status == "routed" and routed.facts["claim_minutes"] == 15
    assert "next in turn" in routed.facts["why"]
    assert (await desk.run("route_lead")).status == "already"
    async with office.db.tenant(office.tenant_id) as session:
        row = await routing.current(session, lead.id)
        tasks = [t for t in await leads.open_tasks(session) if t.kind == "claim"]
        letters = await outbox.list_messages(session)
    assert row is not None and row.claim_by == office.clock.now() + timedelta(minutes=15)
    assert [t.due_at for t in tasks] == [row.claim_by]
    (letter,) = [m for m in letters if "/l/" in m.body]
    assert "Oak Park" in letter.body and "0142" not in letter.body


async def test_everybody_gets_a_turn_even_when_all_come_at_once(office: Office) -> None:
    desks = [await office.desk(f"+1303555{n:04d}") for n in range(9)]
    for desk in desks:
        await saved(desk)
    results = await asyncio.gather(*(d.run("route_lead") for d in desks))
    assert set(Counter(r.facts["agent"] for r in results).values()) == {3}


async def test_nobody_takes_it_and_it_goes_on_until_somebody_keeps_it(office: Office, desk: Desk) -> None:
    lead = await saved(desk)
    await desk.run("route_lead")
    for _ in range(4):
        office.clock.advance(minutes=16)
        await asyncio.gather(*(tool.sweep(office.db, Ports(), office.clock) for _ in range(2)))
    async with office.db.tenant(office.tenant_id) as session:
        past = await routing.history(session, lead.id)
        tasks = [t for t in await leads.open_tasks(session) if t.kind == "claim"]
    assert [a.status for a in past] == ["expired", "expired", "expired", "offered"]
    assert len({a.member_id for a in past[:3]}) == 3
    assert past[-1].member_id == office.people["dana"] and past[-1].claim_by is None
    assert len(tasks) == 1


async def test_a_claimed_lead_stays(office: Office, desk: Desk) -> None:
    lead = await saved(desk)
    await desk.run("route_lead")
    async with office.db.tenant(office.tenant_id) as session:
        row = await routing.current(session, lead.id)
        assert row is not None
        await tool.claim(session, row.id, at=office.clock.now())
    office.clock.advance(hours=2)
    await tool.sweep(office.db, Ports(), office.clock)
    async with office.db.tenant(office.tenant_id) as session:
        (only,) = await routing.history(session, lead.id)
        assert only.status == "claimed"
        assert not [t for t in await leads.open_tasks(session) if t.kind == "claim"]


async def test_who_speaks_the_language_that_was_asked_for_comes_first(office: Office, desk: Desk) -> None:
    async with office.db.tenant(office.tenant_id) as session:
        await appointments.update_agenda(session, office.people["sam"], languages=["en", "es"])
    lead = await saved(desk)
    async with office.db.tenant(office.tenant_id) as session:
        await leads.update_lead(session, lead.id, language="es")
    assert (await desk.run("route_lead")).facts["agent"] == "Sam"


async def test_what_is_not_ours_to_chase_is_not_given_out(office: Office) -> None:
    desk = await office.desk()
    assert (await desk.run("route_lead")).status == "no_lead"
    await saved(desk, represented="exclusive")
    assert (await desk.run("route_lead")).status == "represented"


async def test_undone_it_is_nobodys_and_can_be_given_again(office: Office, desk: Desk) -> None:
    await saved(desk)
    await desk.run("route_lead")
    await desk.undo()
    assert (await desk.run("route_lead")).status == "routed"


async def test_the_clients_rules_are_read(office: Office, desk: Desk) -> None:
    async with office.db.tenant(office.tenant_id) as session:
        await tenancy.upsert_rules(
            session,
            routing={
                "mode": "admin_only",
                "claim_minutes": 5,
                "rules": [{"when": {"areas": ["Boulder"]}, "to": ["sam@acme.example"]}],
            },
        )
    await saved(desk, areas=["Boulder"])
    routed = await desk.run("route_lead")
    assert (routed.facts["agent"], routed.facts["claim_minutes"]) == ("Sam", 5)
