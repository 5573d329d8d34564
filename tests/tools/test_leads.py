"""Leads on real Postgres: the canonical record, its score, its limits (A047, C01, C21-C24, C29, C30)."""

from __future__ import annotations

from typing import Any

import pytest

from core.ids import new_id
from stores import leads, tenancy
from tests.tools.conftest import CALLER, Desk

BUYER: dict[str, Any] = {
    "intent": "buyer",
    "areas": ["Oak Park"],
    "beds": 3,
    "baths": 2,
    "features": "a garage and a yard",
    "price": {"min": 400000, "max": 450000},
    "motivation": "we need more space",
    "timeline": "within 30 days",
    "represented": "no",
    "financing": "preapproved",
    "appointment": "Tuesday afternoon",
    "name": {"first": "Dana", "last": "Reed", "display": "Dana Reed"},
    "phone": "+13035550199",
    "email": "dana@reed.example",
    "consent_contact": True,
}


async def lead_of(desk: Desk) -> leads.Lead:
    async with desk.db.tenant(desk.home) as session:
        found = await leads.lead_of_conversation(session, desk.conversation_id)
    assert found is not None
    return found


async def tasks_of(desk: Desk) -> set[str]:
    async with desk.db.tenant(desk.home) as session:
        return {t.kind for t in await leads.open_tasks(session)}


async def test_a_buyer_becomes_the_canonical_record(front_desk: Desk) -> None:
    result = await front_desk.run("save_lead", BUYER)
    lead = await lead_of(front_desk)
    assert (lead.intent, lead.name, lead.phones, lead.emails) == (
        "buyer", "Dana Reed", ["+13035550199"], ["dana@reed.example"],
    )  # fmt: skip
    assert (lead.areas, lead.beds, lead.baths, lead.features) == (["Oak Park"], 3, 2, ["a garage", "a yard"])
    assert (lead.price_min, lead.price_max, lead.timeline) == (400000, 450000, "within 30 days")
    assert (lead.financing, lead.represented, lead.score, lead.disposition) == (
        "preapproved",
        "no",
        100,
        "hot",
    )
    assert lead.appointment == {
        "requested": "Tuesday afternoon", "status": "requested", "buyer_agreement_required": True,
    }  # fmt: skip
    assert lead.consent["sms"]["granted"] and lead.consent["sms"]["text_version"]
    assert lead.consent["voice"]["evidence"] == f"conversation:{front_desk.conversation_id}"
    assert "Oak Park" in (lead.summary or "") and len(lead.summary or "") <= 1000
    assert "written buyer agreement" in result.facts["lead_result"]
    assert await tasks_of(front_desk) == {"call_back", "appointment"}


async def test_step_by_step_it_stays_one_lead_and_loses_nothing(front_desk: Desk) -> None:
    for step in (["intent"], ["areas", "beds", "price", "timeline"], ["name", "phone", "consent_contact"]):
        args = {name: BUYER[name] for name in step}
        front_desk.slots.update(args)
        await front_desk.run("save_lead", args)
    lead = await lead_of(front_desk)
    assert (lead.intent, lead.beds, lead.price_max, lead.name) == ("buyer", 3, 450000, "Dana Reed")
    async with front_desk.db.tenant(front_desk.home) as session:
        assert len((await leads.list_leads(session))[0]) == 1


async def test_a_caller_who_hangs_up_early_is_kept_by_the_number(front_desk: Desk) -> None:
    await front_desk.run("save_lead", {"intent": "renter", "rent": {"max": 1800}})
    lead = await lead_of(front_desk)
    assert (lead.phones, lead.price_max, lead.consent) == ([CALLER], 1800, {})
    front_desk.caller, front_desk.conversation_id = None, new_id()
    nobody = await front_desk.run("save_lead", {"intent": "renter"})
    assert (nobody.status, nobody.receipt_id) == ("nothing", None)


async def test_a_wrong_number_leaves_no_trace(front_desk: Desk) -> None:
    result = await front_desk.run("save_lead", {"intent": "wrong_number"})
    assert (result.status, result.receipt_id) == ("wrong_number", None)
    async with front_desk.db.tenant(front_desk.home) as session:
        assert (await leads.list_leads(session, include_tests=True))[0] == []


async def test_an_exclusive_caller_is_left_to_their_agent(front_desk: Desk) -> None:
    await front_desk.run("save_lead", BUYER)
    result = await front_desk.run(
        "save_lead", {"intent": "buyer", "represented": "exclusive", "name": "Dana Reed"}
    )
    lead = await lead_of(front_desk)
    assert lead.disposition == "represented" and lead.extra["hot"] is False
    assert "let your agent take it from here" in result.facts["lead_result"]
    assert await tasks_of(front_desk) == set(), "nothing is chased (C29)"


async def test_protected_facts_reach_neither_summary_nor_features_nor_score(front_desk: Desk) -> None:
    plain = await front_desk.run("save_lead", BUYER)
    await front_desk.undo()
    told = BUYER | {
        "motivation": "my wife is pregnant and we need more space",
        "features": "a yard for the kids, a garage",
        "name": {"display": "Guadalupe Hernández"},
    }
    result = await front_desk.run("save_lead", told)
    lead = await lead_of(front_desk)
    kept = f"{lead.summary} {lead.features} {lead.extra} {lead.score_reasons}".lower()
    assert not any(word in kept for word in ("pregnant", "wife", "kids"))
    assert "more space" in kept and "garage" in kept
    assert result.facts["score"] == plain.facts["score"], "C21: who is calling scores nothing"


async def test_an_accommodation_is_noted_for_a_person_and_kept_out_of_the_summary(front_desk: Desk) -> None:
    await front_desk.run("save_lead", BUYER | {"special_request": "step-free entrance, I use a wheelchair"})
    lead = await lead_of(front_desk)
    assert "wheelchair" in lead.extra["special_request"] and "wheelchair" not in (lead.summary or "")
    assert "accommodation" in await tasks_of(front_desk)


async def test_a_no_to_contact_is_kept_as_a_no(front_desk: Desk) -> None:
    result = await front_desk.run("save_lead", BUYER | {"consent_contact": False})
    lead = await lead_of(front_desk)
    assert lead.consent["sms"]["granted"] is False
    assert "Nobody will call or text you" in result.facts["lead_result"]


async def test_people_may_call_and_the_task_says_so(front_desk: Desk) -> None:
    await front_desk.run("save_lead", BUYER | {"ai_voice": "refused"})
    async with front_desk.db.tenant(front_desk.home) as session:
        (lead,), _ = await leads.list_leads(session, limit=5)
        titles = [t.title for t in await leads.open_tasks(session, lead_id=lead.id) if t.kind == "call_back"]
    assert {k: v["granted"] for k, v in lead.consent.items()} == {
        "voice": True,
        "voice_ai": False,
        "sms": True,
    }
    assert titles and all(t.endswith("(a person, no AI voice)") for t in titles)


@pytest.mark.parametrize(("said", "price"), [({"max": 500000}, (None, 500000)), (450000, (None, 450000))])
async def test_a_seller_with_a_price_in_mind(front_desk: Desk, said: Any, price: tuple[Any, Any]) -> None:
    args = {
        "intent": "seller",
        "property_address": "12 Cherry Lane, Denver",
        "price_idea": said,
        "listed": True,
    }
    await front_desk.run("save_lead", args | {"visit": "Friday morning"})
    lead = await lead_of(front_desk)
    assert (lead.price_min, lead.price_max) == price
    assert lead.represented == "exclusive" and lead.extra["listed"] is True
    assert lead.appointment is not None and lead.appointment["buyer_agreement_required"] is False


async def test_no_for_now_is_no_appointment(front_desk: Desk) -> None:
    await front_desk.run("save_lead", BUYER | {"appointment": "No.", "features": "no"})
    lead = await lead_of(front_desk)
    assert lead.appointment is None and lead.features == []


async def test_undo_brings_back_what_was_there_or_removes_it(front_desk: Desk) -> None:
    await front_desk.run("save_lead", BUYER)
    front_desk.slots = {}
    await front_desk.run("save_lead", BUYER | {"beds": 5, "areas": ["Elmhurst"]})
    await front_desk.undo()
    lead = await lead_of(front_desk)
    assert (lead.beds, lead.areas) == (3, ["Oak Park"])
    await front_desk.undo()
    async with front_desk.db.tenant(front_desk.home) as session:
        assert (await leads.list_leads(session))[0] == []


async def test_the_clients_own_weights_and_hot_rule_decide(front_desk: Desk) -> None:
    async with front_desk.db.tenant(front_desk.home) as session:
        weights = {"location": 100, "price": 0, "motivation": 0, "agent": 0, "mortgage": 0, "appointment": 0}
        await tenancy.upsert_rules(session, criteria=weights, hot_rule={"score": 100, "days": 0})
    await front_desk.run("save_lead", {"intent": "buyer", "areas": ["Oak Park"]})
    lead = await lead_of(front_desk)
    assert (lead.score, lead.extra["hot"]) == (100, True)


async def test_a_rehearsed_lead_is_a_test_and_makes_no_work(front_desk: Desk) -> None:
    front_desk.rehearsal = True
    await front_desk.run("save_lead", BUYER)
    assert (await lead_of(front_desk)).test
    assert await tasks_of(front_desk) == set()
    async with front_desk.db.tenant(front_desk.home) as session:
        assert (await leads.list_leads(session))[0] == []
