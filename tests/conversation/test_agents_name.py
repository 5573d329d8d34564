"""A045: the name a broker gives the agent, at any time of a set-up, and nobody else's name taken for it."""

from __future__ import annotations

import pytest

from agent.entered import fields
from agent.parts import Parts
from agent.persona_talk import persona_told
from stores import tenancy
from tests.conversation.talk import Talk
from tests.conversation.test_precision import told, view


def named(said: str, asked: str = "voice_profile") -> tuple[str, str]:
    known = {} if asked == "organization_name" else {"organization_name": "Bayou Crest Realty"}
    events, rest = persona_told(said, view("onboarding", "ask", [asked], "chat", **known))
    return str(told(events).get("persona_name", "")), rest if events else said


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("I want an assistant called Odette on our main line.", "Odette"),
        ("Odette is what I want the assistant to be called.", "Odette"),
        ("name her juniper please", "Juniper"),
        ("the AI's name should be Rosie", "Rosie"),
        ("oh and its name is Finn", "Finn"),
        ("the thing should introduce itself as Theo", "Theo"),
        ("make it Tilly not Alex", "Tilly"),
        ("my wife wants the voice to be named Biscuit", "Biscuit"),
        ("we'd like it to go by Miss Beacon", "Miss Beacon"),
        ("quiero que la asistente se llame Lupita", "Lupita"),
    ],
)
def test_the_agent_is_called(said: str, name: str) -> None:
    assert named(said)[0] == name


@pytest.mark.parametrize(
    "said",
    [
        "what's it called?",
        "we have an agent called Dave",
        "our office manager's name is Joel",
        "my broker Rick asked me to do it",
        "call me back at 3",
        "call it a day",
        "the brokerage is called Harbor Homes",
        "its name is Harbor Homes Realty",
        "my name is Ernie",
        "I'm Shauna",
        "don't call it Alex",
    ],
)
def test_others_are_not_the_agent(said: str) -> None:
    assert named(said, "organization_name")[0] == "" and named(said)[0] == ""


def test_what_is_said_beside_it_is_left() -> None:
    assert named("Female, and her name is Odette.") == ("Odette", "Female, and")
    firm = named("call the agent Odette for Larkspur Homes in Austin Texas", "organization_name")
    assert firm[0] == "Odette" and "Larkspur Homes in Austin Texas" in firm[1]


async def test_a_name_told_at_once_is_kept_shown_and_said_to_callers(parts: Parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.say("Summit Realty, five agents. I want an assistant called Odette on our line.")
    assert "Odette" in talk.reply.text
    await talk.until("greeting")
    assert talk.value("admin_name")["display"] == "Dana Reed"
    await talk.say("say Odette at Summit Realty, how can I help")
    await talk.until(step="voice_agent")
    while talk.reply.awaiting["kind"] != "summary":
        await talk.say("yes" if talk.reply.awaiting["kind"] != "ask" else talk.answers[talk.waits_for])
    assert "Odette" in talk.reply.text
    await talk.say("no, call her Juniper instead")
    assert talk.reply.awaiting["kind"] == "summary"
    assert "Juniper at Summit Realty, how can I help." in talk.reply.text
    await talk.say("yes")
    tenant_id = talk.conversation._subject
    assert tenant_id is not None
    async with parts.db.tenant(tenant_id) as session:
        profile = await tenancy.get_profile(session)
    assert profile is not None and profile.persona_name == "Juniper"


async def test_a_page_shows_the_usual_name_to_be_changed(parts: Parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("voice_profile")
    seen = {field.name: field.text for field in fields(talk.conversation.view())}
    assert seen["persona_name"] == "Alex"
    await talk.conversation.enter({"persona_name": "Odette"})
    assert talk.value("persona_name") == "Odette"
