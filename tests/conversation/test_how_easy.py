"""A040: the closing question is answered with a number, and that number is nothing else."""

import pytest

from core.ids import HOUSE_TENANT
from tests.conversation.talk import BROKER, CALLER, Talk


@pytest.mark.parametrize(
    "said",
    ["Seven, it was very easy.", "6, smooth sailing all the way", "two, to be honest it was a pain", "a 7!"],
)
async def test_how_easy_it_was_is_no_size_of_the_team(parts, said):
    talk = await Talk.begin(parts, HOUSE_TENANT, caller=CALLER, answers=BROKER)
    await talk.until("ease")
    await talk.say(said)
    assert talk.value("team_size") == 5 and talk.value("plan") == "professional"
    assert ("record_satisfaction", "recorded") in talk.ran
