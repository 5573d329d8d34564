"""A message is all that was said, the right person's, and a wrong number is told so (A092, C29)."""

from __future__ import annotations

import pytest

from agent.understanding.messages import colleague, company, is_person, joined, telling
from tests.conversation.talk import lead_of
from tests.conversation.test_strangers import chat


async def test_what_was_said_before_it_was_asked_is_the_message(parts, homes) -> None:
    talk = await chat(
        parts, homes,
        "i was supposed to get a call back on my house on Pecos St, nobody called. sarah i think",
        "just have her call me. Ed Novak, its about lowering the price", "yes", "mornings are best", "yes",
        caller="+13035550171",
    )  # fmt: skip
    lead = await lead_of(parts, homes, talk.conversation.id)
    message = lead.extra["message"]
    assert "house on Pecos St" in message and "lowering the price" in message and "Mornings" in message
    assert lead.name == "Ed Novak" and lead.extra["agent"] == "Sarah" and "message" not in talk.asked


async def test_another_agents_questions_and_time_are_passed_on(parts, homes) -> None:
    talk = await chat(
        parts, homes, "greg tanner with mile high realty, i've got a buyer for 12 cherry lane",
        "what are the showing instructions?", "Is Tuesday 11 ok?", "yes", caller="+13035550171",
    )  # fmt: skip
    lead = await lead_of(parts, homes, talk.conversation.id)
    assert lead.name == "Greg Tanner" and "Tuesday 11" in lead.extra["showing"]
    assert "showing instructions" in lead.extra["message"] and talk.asked["showing_time"] == 1
    assert "who confirms any showing" in talk.reply.text


async def test_a_pitch_is_stored_whole(parts, homes) -> None:
    talk = await chat(
        parts, homes, "hi, i'm a home stager and wanted to introduce my company",
        "Lena Brooks, Staged Right, 720 555 0199, i do free consults", "yes",
    )  # fmt: skip
    lead = await lead_of(parts, homes, talk.conversation.id)
    assert lead.disposition == "vendor" and lead.phones == ["+17205550199"]
    assert all(words in lead.extra["message"] for words in ("home stager", "Staged Right", "free consults"))


async def test_how_they_are_reached_is_no_part_of_it(parts, homes) -> None:
    talk = await chat(
        parts, homes, "can i leave a message", "the inspector comes friday at 9", "Bo Hansen", "yes",
        "yes but call only", caller="+13035550171",
    )  # fmt: skip
    assert talk.value("message") == "The inspector comes friday at 9"


@pytest.mark.parametrize(
    "words",
    [
        "hey is this tony's auto shop? is my truck ready",
        "hi i need to refill my prescription",
    ],
)
async def test_a_wrong_number_is_told_where_it_has_got_to(parts, homes, words: str) -> None:
    talk = await chat(parts, homes, words)
    assert "isn't who you were looking for" in talk.reply.text and not talk.reply.ended
    await talk.say("oh no sorry")
    assert talk.reply.ended and talk.value("intent") == "wrong_number"
    assert await lead_of(parts, homes, talk.conversation.id) is None


async def test_a_wrong_number_may_want_a_home_after_all(parts, homes) -> None:
    talk = await chat(parts, homes, "is this domino's", "oh ok. but we do want to sell our house actually")
    assert talk.value("intent") == "seller" and talk.waits_for == "property_address"


async def test_whose_agent_it_is_is_asked(parts, homes) -> None:
    talk = await chat(parts, homes, "my agent isnt calling me back")
    assert "one of ours" in talk.reply.text
    await talk.say("hes with redfin")
    assert "exclusive agreement" in talk.reply.text
    ours = await chat(parts, homes, "my agent wont answer my calls", "yes at your office, its tom")
    assert ours.value("intent") == "existing_client" and ours.value("agent_named") == "Tom"
    assert "name" not in ours.conversation.state.best()


async def test_an_agent_spoken_of_is_asked_about_before_a_tour(parts, homes) -> None:
    talk = await chat(parts, homes, "can i get in to see 12 Cherry Lane? my agent isnt calling me back")
    assert "exclusive agreement" in talk.reply.text
    await talk.say("no nothing exclusive")
    assert talk.value("represented") == "yes" and "free for a tour" in talk.reply.text


async def test_a_name_where_an_address_was_asked_is_kept(parts, homes) -> None:
    talk = await chat(parts, homes, "want to sell", "Carol Finch", "2930 Eliot St, Denver")
    assert talk.conversation.state.best()["name"]["display"] == "Carol Finch"
    assert talk.value("property_address")["street"] == "2930 Eliot St"


def test_parts_of_a_message() -> None:
    assert joined(["call me", "Call me.", "its late"]) == "Call me. Its late"
    assert telling("can i leave a message for somebody please") == 0
    assert colleague("just have sarah call me") == "Sarah" and colleague("have my husband call") == ""
    assert colleague("with Dana Reed", own="Dana") == ""
    assert company("this is summit county water, we need access") == "Summit County Water"
    assert company("this is Ann Lee, I'm a client") == ""
    assert is_person("Tom at the office") and not is_person("The closing moved and nobody told me")
