"""Who leaves a set-up is let go with everything kept, in whatever words (A044)."""

from __future__ import annotations

import pytest

from tests.conversation.talk import Talk


@pytest.mark.parametrize(
    "said", ["This is not working. I'll try another day.", "I'll finish it another time."]
)
async def test_who_puts_it_off_gets_the_code(parts, said: str) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("lead_sources")
    await talk.say(said)
    assert talk.reply.ended and "code" in talk.reply.text


async def test_a_set_up_that_waits_for_a_person_has_no_visits(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("lead_sources")
    await talk.say("That's wrong. I think I'll wait for a person to call me. Bye.")
    assert set(talk.reply.slots) <= set(talk.conversation.flow.slots)
