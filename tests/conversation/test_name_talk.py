"""The name callers hear and the name on the license are two values, told in any order (A044, A045)."""

from __future__ import annotations

import pytest

from agent.understanding.trade_names import named_instead, names_told
from stores import tenancy

from .talk import Talk

LLC, SALES = "Harbor Light Realty LLC", "Harbor Light Rentals & Sales"


@pytest.mark.parametrize(
    ("said", "brand", "legal"),
    [
        (f"The legal name on our license is {LLC}, but callers know us as {SALES}", SALES, LLC),
        (f"{LLC}, doing business as {SALES}", SALES, ""),
        ("legally it's HLR LLC but we go by Harbor Light Homes", "Harbor Light Homes", "HLR LLC"),
        ("Harbor Light Homes, that's our brand; the legal name is HLR LLC", "Harbor Light Homes", "HLR LLC"),
        ("yes as long as callers hear Summit Homes", "Summit Homes", ""),
        ("Right, though we answer the phone as HL Homes", "HL Homes", ""),
        ("we go by harbor light homes", "Harbor Light Homes", ""),
        ("we charge a $50 fee, callers should hear that", "", ""),
        ("people call us all the time", "", ""),
    ],
)
def test_each_name_is_announced(said: str, brand: str, legal: str) -> None:
    told = names_told(said)
    assert (told.brand, told.legal) == (brand, legal)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Yes, but it should be HL Rentals & Sales", "HL Rentals & Sales"),
        ("Change Harbor Light Realty LLC to HLR Maine", "HLR Maine"),
        ("Thanks for calling Harbor Light", ""),
        ("it should be friendlier", ""),
    ],
)
def test_a_name_alone_stands_for_the_one_there_is(said: str, name: str) -> None:
    assert named_instead(said, "Harbor Light Realty helps people buy, sell and rent homes.") == name


async def test_the_name_callers_hear_goes_into_the_greeting_and_the_rest_of_it_stays(parts) -> None:
    talk = await Talk.begin(parts, channel="chat", answers={"organization_name": LLC})
    await talk.until("greeting")
    assert "Harbor Light Realty helps people" in talk.reply.text
    await talk.say("Yes, but it should be HL Rentals & Sales")
    assert '"HL Rentals & Sales helps people buy, sell and rent homes."' in talk.reply.text
    await talk.until("crm_vendor")
    async with parts.db.tenant(talk.conversation._subject) as session:
        tenant = await tenancy.get_tenant(session)
    assert (tenant.name, tenant.brand_name) == (LLC, "HL Rentals & Sales")


async def test_a_legal_name_told_later_is_not_what_callers_hear(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("greeting")
    await talk.say("The legal name is Summit Realty Group Inc, otherwise keep it")
    known = talk.conversation.state.best()
    assert known["organization_name"] == "Summit Realty Group Inc" and known["brand_name"] == "Summit Realty"
