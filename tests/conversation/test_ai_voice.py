"""A person may call and an artificial voice may not: a consent of its own, said, stored, obeyed (C01)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from agent.understanding.wishes import no_robots, ways_to_reach, welcomes_people, without_robots
from stores import consents, leads, tenancy
from tests.conversation.test_strangers import chat
from tools import consent
from tools.dial_gate import may_call

PHONE = "+13035550177"


@pytest.mark.parametrize(
    ("words", "rest", "way", "people"),
    [
        ("text is fine but no AI voice", "text is fine", None, True),
        ("no robot calls please, a person may call", "a person may call", None, True),
        ("yes but no robots", "yes", None, False),
        ("no automated calls", "", None, False),
        ("sure, as long as it's a real person", "sure", None, True),
        ("you can call me, not a bot though", "you can call", None, True),
        ("I'd rather not have the AI call me", "", None, False),
        ("only calls, no texts, and never a machine", "only calls, no texts", "calls_only", False),
        ("text only, no robocalls", "text only", "texts_only", False),
        ("three bedrooms and no robot calls please", "three bedrooms", None, False),
        ("no quiero que me llame una voz artificial, pero una persona sí puede", "una persona sí puede",
         None, True),
    ],
)  # fmt: skip
def test_what_is_refused_and_what_is_left(words: str, rest: str, way: str | None, people: bool) -> None:
    assert no_robots(words)
    assert without_robots(words) == rest
    assert ways_to_reach(words, asked=True) == way
    assert welcomes_people(words) is people


@pytest.mark.parametrize(
    "words",
    [
        "are you a robot",
        "I'm not a robot",
        "I don't want to talk to a robot",
        "does it have a washing machine",
        "don't call me",
        "no texts please, calls are fine",
        "we want no AI system in the house",
    ],
)
def test_other_words_refuse_no_artificial_voice(words: str) -> None:
    assert not no_robots(words)


async def _held(parts: Any, homes: Any) -> Mapping[str, bool]:
    async with parts.db.tenant(homes) as session:
        return {kind: row.granted for kind, row in (await consents.consents(session, PHONE)).items()}


MESSAGE = ("leave a message", "the painter is done", "Joel Ruiz", "303 555 0177", "yes")


@pytest.mark.parametrize(
    "words",
    ["text is fine but no AI voice", "no robot calls please, a person may call", "yes but no robots"],
)
async def test_people_may_call_and_no_machine(parts, homes, words: str) -> None:
    talk = await chat(parts, homes, *MESSAGE)
    assert talk.waits_for == "consent_contact" and "AI voice" in talk.reply.text
    await talk.say(words)
    assert talk.value("ai_voice") == "refused" and talk.value("consent_contact") is True
    assert talk.value("contact_limits") is None
    assert "never an AI voice" in " ".join(talk.heard) or "never an AI voice" in talk.reply.text
    assert await _held(parts, homes) == {"voice": True, "voice_ai": False, "sms": True}
    async with parts.db.tenant(homes) as session:
        (lead,) = (await leads.list_leads(session, phone=PHONE, limit=5))[0]
        assert lead.consent["voice"]["granted"] and not lead.consent["voice_ai"]["granted"]
        assert "not to be called by an AI voice" in lead.consent["voice"]["text"]
        assert not consent.ai_voice_welcome(lead)


async def test_no_robots_alone_is_asked_about_without_them(parts, homes) -> None:
    talk = await chat(parts, homes, *MESSAGE, "no robot calls please")
    assert talk.value("consent_contact") is None and talk.waits_for == "consent_contact"
    assert "never with an AI voice" in talk.reply.text and "assistant" not in talk.reply.text
    await talk.say("yes")
    assert await _held(parts, homes) == {"voice": True, "voice_ai": False, "sms": True}


async def test_no_to_everything_is_no_to_the_machine_as_well(parts, homes) -> None:
    await chat(parts, homes, *MESSAGE, "no")
    assert not any((await _held(parts, homes)).values())


async def test_said_early_it_is_kept_beside_the_answer(parts, homes) -> None:
    talk = await chat(
        parts, homes, "I want to buy a house in Denver", "three bedrooms and no robot calls please"
    )
    assert talk.value("beds") == 3 and talk.value("ai_voice") == "refused"


async def test_the_gate_refuses_the_machine_and_says_that_people_may(parts, homes) -> None:
    await chat(parts, homes, *MESSAGE, "no robot calls please, a person may call")
    async with parts.db.tenant(homes) as session:
        now = parts.clock.now()
        rules = {"outbound": True, "national_list_at": (now - timedelta(days=1)).isoformat()}
        await tenancy.upsert_rules(session, compliance=rules)
        tasks = [t.title for t in await leads.open_tasks(session)]
    said = await may_call(parts.db, parts.clock, homes, PHONE, purpose="manual")
    assert (said.allowed, said.reason) == (False, "ai_refused") and "office may call" in said.words
    assert tasks, "people have something to do about the message"
