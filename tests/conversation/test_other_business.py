"""Who calls an office about other things than a search or a sale, and what cannot wait (A092)."""

from __future__ import annotations

import pytest

from policies.pressing import find_pressing
from stores import leads, support

from .talk import Talk, lead_of

LEAD = "+13035550177"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("I got an email with new wire instructions, is that real?", "wire_fraud"),
        ("So should I wire the money to that account?", "wire_fraud"),
        ("nobody told me how much to wire for the closing", "wire_fraud"),
        ("me llegó un correo con otra cuenta bancaria, ¿es falso?", "wire_fraud"),
        ("My heater is broken, I rent one of your units", "repair"),
        ("The toilet is overflowing, you're my landlord, who do I call?", "repair"),
        ("My water heater leaks, I'm in your building on 18 Walnut Street, can you send somebody?", "repair"),
        ("soy inquilina y la calefacción no sirve, gotea", "repair"),
        ("the heat isn't working and I'm your tenant", "repair"),
        ("your tenant here, no hot water since Tuesday", "repair"),
        ("The furnace is broken but we want to sell the house", None),
        ("the kitchen was rewired, new wiring in the house", None),
        ("I'd like to rent an apartment with a new heater", None),
        ("We're preapproved and closing costs are fine", None),
    ],
)
def test_what_cannot_wait(said: str, kind: str | None) -> None:
    assert find_pressing(said) == kind


async def test_bank_details_are_warned_of_and_somebody_is_told_at_once(parts, office):
    talk = await Talk.begin(parts, office, caller=LEAD)
    said = await talk.say(
        "Marcus is my agent, we close Tuesday, I got wiring instructions by mail, are they genuine?"
    )
    assert "never send or change bank details" in said.text and "a number you already know" in said.text
    assert ("note_for_staff", "noted") in talk.ran
    assert talk.value("intent") == "existing_client" and talk.value("agent_named") == "Marcus"
    again = await talk.say("So should I wire the money to that account?")
    assert "never send or change bank details" in again.text
    await talk.conversation.close("hung up")
    async with parts.db.tenant(office) as session:
        assert [t.priority for t in await support.list_tickets(session)] == ["critical"]
        assert "urgent" in {t.kind for t in await leads.open_tasks(session)}


async def test_a_tenants_repair_is_passed_on_with_address_name_and_number(parts, office):
    talk = await Talk.begin(parts, office, channel="chat", caller=None)
    said = await talk.say("My heater is broken, it's freezing in here. I rent one of your units")
    assert "urgent" in said.text and talk.waits_for == "property_address"
    await talk.say("220 Elm Street, Denver")
    assert talk.waits_for == "name"
    await talk.say("Ana Reyes")
    assert talk.waits_for == "phone"
    await talk.say("303 555 0142")
    await talk.say("yes")
    await talk.conversation.close("hung up")
    lead = await lead_of(parts, office, talk.conversation.id)
    assert (lead.intent, lead.name) == ("other", "Ana Reyes") and "220 Elm" in lead.property_address
    assert "heater is broken" in lead.extra["message"] and lead.disposition == "repair"
    async with parts.db.tenant(office) as session:
        assert "urgent" in {t.kind for t in await leads.open_tasks(session, lead_id=lead.id)}


@pytest.mark.parametrize(
    ("said", "intent", "agent"),
    [
        ("Lee is my agent, when do we close?", "existing_client", "Lee"),
        (
            "Hi, I'm closing Thursday with Marcus and nobody told me what to bring",
            "existing_client",
            "Marcus",
        ),
        (
            "I live next to that house on Maple you have for sale and the yard is full of trash",
            "message",
            None,
        ),
        ("This is Bob, I'm the appraiser for the loan on 12 Oak Street, I need a time", "message", None),
        ("I'm a reporter with Channel 9 and need a quote from your broker by five", "message", None),
        ("Please let Lucia know her sister called about dinner", "message", "Lucia"),
        (
            "can I leave a message for Dana Ortiz? tell her the inspector comes Thursday at 8",
            "message",
            "Dana Ortiz",
        ),
        ("I'm your tenant and want my deposit back please", "message", None),
    ],
)
async def test_what_was_said_is_the_message_and_is_not_asked_again(parts, office, said, intent, agent):
    talk = await Talk.begin(parts, office, caller=LEAD)
    await talk.say(said)
    assert talk.value("intent") == intent and talk.value("agent_named") == agent
    assert talk.value("message") and talk.waits_for not in ("message", "agent_named", "areas")
    assert talk.value("firm") is None


async def test_a_returned_call_is_explained_and_may_be_taken_off_the_list(parts, office):
    talk = await Talk.begin(parts, office, caller=LEAD)
    said = await talk.say("Who called me from this number? I don't know you people.")
    assert "take me off your list" in said.text and talk.value("intent") == "message"


async def test_a_person_who_cannot_come_now_needs_a_name_and_a_number(parts, office, clock):
    clock.advance(hours=12)
    talk = await Talk.begin(parts, office, channel="chat", caller=None)
    said = await talk.say("I want to talk to a real person")
    assert "ticket" in said.text and talk.waits_for == "name"
    await talk.say("Ann Lee")
    assert talk.waits_for == "phone"


@pytest.mark.parametrize(
    "said",
    [
        "I'm a tenant now and want to buy a house",
        "we're moving for a job and looking for a house in Denver",
        "we live next to my parents and want a house to buy",
    ],
)
async def test_a_buyer_stays_one(parts, office, said):
    talk = await Talk.begin(parts, office, caller=LEAD)
    await talk.say(said)
    assert talk.value("intent") == "buyer" and ("save_lead", "message") not in talk.ran
