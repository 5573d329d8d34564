"""A time on offer is taken whatever stands beside it, and what is asked of a meeting is answered (A047)."""

from __future__ import annotations

import pytest

from tests.conversation.talk import lead_of
from tests.conversation.test_strangers import booked, chat

SEE = "could I look at 12 Cherry Lane on wednesday"
CALLER = "+13035550177"


@pytest.mark.parametrize(
    "picks",
    [
        "noon wed works!! but is it a safe area?",
        "noon is perfect. will they tell us what its worth then?",
        "the second one is good but what's your commission",
        "wednesday at noon is fine dear, my daughter comes too",
        "so wed at noon is set right?",
        "12 on wednesday, do I need to bring anything?",
    ],
)
async def test_a_remark_beside_a_time_costs_nobody_their_time(parts, homes, picks: str) -> None:
    talk = await chat(parts, homes, SEE, picks, caller=CALLER)
    assert "Wednesday, November 25 at noon" in talk.reply.text and talk.waits_for == "appointment"
    await talk.say("no agent")  # and nothing against the time that was read back
    assert "You're booked: a tour with Lee Wednesday, November 25 at noon" in talk.reply.text
    (row,) = await booked(parts, homes)
    assert row.kind == "tour"


async def test_whether_it_is_set_is_answered_as_it_stands(parts, homes) -> None:
    talk = await chat(parts, homes, SEE, "am I booked?", caller=CALLER)
    assert "Not yet" in talk.reply.text and "Which suits you?" in talk.reply.text
    for said in ("the first one", "yes"):
        await talk.say(said)
    await talk.say("so that's all set?")
    assert "I'm holding Wednesday, November 25 at 9 AM" in talk.reply.text
    for said in ("no agent", "Kaylee Brandt"):
        await talk.say(said)
    await talk.say("is the viewing still good?")
    assert (
        "You have a tour with Lee" in talk.reply.text and "Wednesday, November 25 at 9 AM" in talk.reply.text
    )
    assert ("answer_question", "unknown") not in talk.ran


async def test_how_one_meets_is_told_by_its_kind(parts, homes) -> None:
    talk = await chat(parts, homes, SEE, "is that by phone or in person?", caller=CALLER)
    assert "Lee meets you at 12 Cherry Lane, Denver" in talk.reply.text and "45 minutes" in talk.reply.text
    await talk.say("second one. who's coming?")
    assert "Lee meets you" in talk.reply.text and "Just to check" in talk.reply.text


async def test_what_is_to_be_known_is_kept_with_the_appointment(parts, homes) -> None:
    talk = await chat(parts, homes, f"{SEE} at noon, please", "yes", "no agent", "Gail Stone", caller=CALLER)
    for said in ("can my brother join by phone?", "Can she call me the day before to confirm?"):
        await talk.say(said)
        assert "I've noted that for Lee." in talk.reply.text
    for said in ("yes", "yes"):
        await talk.say(said)
    (row,) = await booked(parts, homes)
    assert row.name == "Gail Stone"
    assert row.note == "Can my brother join by phone. Can she call me the day before to confirm"
    lead = await lead_of(parts, homes, talk.conversation.id)
    assert lead is not None and "Can my brother join by phone" in str(lead.summary)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("Wednesday's no good, would friday afternoon work?", "Friday, November 27 at noon"),
        ("no dear, wednesday I can't. tomorrow at noon is fine", "tomorrow at noon"),
        ("can't make it wednesday after all, what about friday?", "Friday, November 27 at 9 AM"),
        ("no friday", "Friday, November 27 at 9 AM"),
    ],
)
async def test_a_day_that_is_ruled_out_is_not_booked(parts, homes, words: str, offered: str) -> None:
    talk = await chat(parts, homes, SEE, words, caller=CALLER)
    assert offered in talk.reply.text and "Wednesday" not in talk.reply.text


async def test_times_offered_before_are_free_for_who_comes_back_to_them(parts, homes) -> None:
    talk = await chat(parts, homes, SEE, "got anything on friday?", "wednesday at noon then", caller=CALLER)
    assert "Nobody is free" not in talk.reply.text and "Wednesday, November 25 at noon" in talk.reply.text


async def test_a_first_talk_by_video_has_no_hour_of_its_own(parts, homes) -> None:
    said = "Could we do a video call first? We won't be out there until January."
    talk = await chat(parts, homes, "I want to buy in Denver", "Four", said, caller=CALLER)
    assert "1 PM" not in talk.reply.text and talk.value("beds") == 4
    assert ("book_callback", "booked") not in talk.ran and "video" in talk.reply.text
