"""What is asked beside an answer, a time, a yes or a name is answered or noted, once (A047, A092)."""

from __future__ import annotations

import pytest

from agent.understanding.sentences import parted, questions
from stores import leads
from tests.conversation.talk import Talk, lead_of


async def noted(parts, office) -> list[str]:
    async with parts.db.tenant(office) as session:
        return [t.title for t in await leads.open_tasks(session) if t.kind == "question"]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("I own a condo with a tenant. Can I sell it with the tenant still there?", 1),
        ("3 ideally. and are there any first time buyer programs?", 1),
        ("do you have any condos in Denver?", 0),
        ("can you find me two bedrooms?", 0),
        ("i have a pit mix is that ok", 1),
        ("is there a pool? and does the garage fit two cars?", 2),
    ],
)
def test_questions_one_by_one(said: str, asked: int) -> None:
    assert len(questions(said)) == asked


def test_what_is_told_before_a_question_without_its_mark() -> None:
    assert parted("i have a pit mix is that ok") == ("i have a pit mix", "is that ok")


async def test_a_question_beside_the_day_of_a_move_is_noted(parts, homes) -> None:
    talk = await Talk.begin(parts, homes, channel="chat")
    await talk.say("I want to rent a two bedroom in Boulder under 2000")
    await talk.until("timeline") if talk.waits_for != "timeline" else None
    reply = await talk.say("January 1. Do I pay the first month in advance?")
    assert "agent" in reply.text and talk.value("timeline")
    assert len(await noted(parts, homes)) == 1


async def test_in_every_phase_of_a_booking(parts, homes) -> None:
    talk = await Talk.begin(parts, homes, channel="chat")
    await talk.say("I'd like to see 12 Cherry Lane. Who pays for the inspection?")
    assert "agent" in talk.heard[-1]
    await talk.say("Wednesday at 10 is fine. Is the seller including the curtains?")
    assert "curtains" in " ".join(await noted(parts, homes))
    await talk.say("yes")
    assert talk.waits_for == "represented"
    await talk.say("no agent")
    await talk.until("name") if talk.waits_for != "name" else None
    await talk.say("Dale Hutchins. Will anybody else be there?")
    assert any("anybody else" in t for t in await noted(parts, homes)), talk.heard[-1]
    assert talk.value("name")["last"] == "Hutchins"


async def test_the_same_question_is_noted_once_and_a_tag_never(parts, homes) -> None:
    talk = await Talk.begin(parts, homes, channel="chat")
    await talk.say("I want to buy a house in Boulder")
    await talk.say("3 bedrooms. Who pays for the inspection?")
    await talk.say("2 baths, okay? right?")
    await talk.say("a yard. Who pays for the inspection?")
    assert len(await noted(parts, homes)) == 1
    assert talk.value("beds") == 3 and talk.value("baths") == 2


async def test_who_is_no_client_yet_is_taken_for_what_they_want(parts, office) -> None:
    talk = await Talk.begin(parts, office, channel="chat")
    await talk.say("I'm already your client")
    assert talk.waits_for == "agent_named"
    await talk.say("None yet, I haven't talked to anyone. I'm just looking into selling")
    assert talk.value("intent") == "seller" and not talk.value("agent_named")


async def test_when_to_call_moves_no_appointment(parts, homes) -> None:
    talk = await Talk.begin(parts, homes, channel="chat")
    await talk.say("I'd like to see 12 Cherry Lane")
    for said in ("Wednesday at 10", "yes", "no agent", "Jerome Washington", "yes"):
        await talk.say(said)
    assert talk.waits_for == "consent_contact", talk.heard[-3:]
    await talk.say("yea text first, no calls before 5 my time")
    assert talk.value("consent_contact") is True and "free" not in talk.heard[-1]


async def test_what_no_listing_says_is_noted_and_its_price_told_once(parts, homes) -> None:
    talk = await Talk.begin(parts, homes, channel="chat")
    await talk.say("Hello, I'm helping my son look. What's the deposit on 12 Cherry Lane?")
    assert talk.heard[-1].count("square feet") == 1
    await talk.say("Wednesday at 10 is fine. And the deposit?")
    assert "square feet" not in talk.heard[-1]
    assert any("deposit" in t for t in await noted(parts, homes))


async def test_who_wants_to_hear_of_new_homes_is_kept(parts, office) -> None:
    talk = await Talk.begin(parts, office, channel="chat")
    await talk.say("I want to buy a condo in Boulder")
    await talk.say("2 beds. can u text me when new ones come up?")
    assert talk.value("alerts") is True and talk.value("updates") == "text" and talk.value("beds") == 2


async def test_what_an_agent_has_to_answer_stands_in_the_lead_once_with_its_home(parts, homes) -> None:
    talk = await Talk.begin(parts, homes, channel="chat")
    await talk.say("Is there a pool at 400 Main Street?")
    await talk.say("is there a pool at 400 main street or not?")
    await talk.say("I want to rent a two bedroom in Boulder under 2000. Is the first month free?")
    await talk.conversation.close("hung up")
    lead = await lead_of(parts, homes, talk.conversation.id)
    assert lead is not None
    assert lead.extra["questions"] == ["Is there a pool at 400 Main Street?", "Is the first month free?"]
    assert "Asked: Is there a pool at 400 Main Street? / Is the first month free?" in lead.summary
    async with parts.db.tenant(homes) as session:
        tasks = [t for t in await leads.open_tasks(session, lead_id=lead.id) if t.kind == "question"]
    assert len(tasks) == 2


async def test_the_same_question_of_another_caller_is_another_task(parts, homes) -> None:
    for caller in ("+13035550151", "+13035550152"):
        talk = await Talk.begin(parts, homes, channel="chat", caller=caller)
        await talk.say("Is there a pool at 400 Main Street?")
    assert len(await noted(parts, homes)) == 2
