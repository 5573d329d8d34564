"""Who cannot talk now, in any words, or wants nothing but a call: asked what the call needs, then let go."""

from __future__ import annotations

import pytest

from agent.parts import Parts
from tests.conversation.talk import Talk


@pytest.mark.parametrize(
    "said",
    [
        "ugh sorry my ride is here, later?",
        "hang on, gotta take this other call",
        "I can't talk now, call me later",
        "could somebody just ring me tomorrow at ten",
        "can we chat this evening?",
    ],
)
async def test_who_has_no_time_is_asked_a_name_and_a_number(parts: Parts, homes: str, said: str) -> None:
    """A092."""
    talk = await Talk.begin(parts, homes, caller="+13035550177")
    await talk.say("I want to buy a house in Denver")
    reply = await talk.say(said)
    assert reply.awaiting["slots"] == ["name"] and ("call" in reply.text)
    for words in ("Bo Finn", "yes", "yes"):
        reply = await talk.say(words)
        if reply.ended:
            break
    assert reply.ended and not talk.conversation.state.peek("baths").counts


async def test_what_is_told_beside_no_time_is_kept(parts: Parts, homes: str) -> None:
    """A047."""
    talk = await Talk.begin(parts, homes, caller="+13035550177")
    await talk.say("I want to buy a house in Denver")
    reply = await talk.say("3 beds, but I'm driving, somebody call me tomorrow at 10")
    assert reply.slots["beds"]["value"] == 3 and reply.awaiting["slots"] == ["name"]
