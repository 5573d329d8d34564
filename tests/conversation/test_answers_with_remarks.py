"""A broker's yes in any wording, plans and systems asked about, wishes put as questions, a way out (A042)."""

from __future__ import annotations

import pytest

from .talk import Talk


@pytest.mark.parametrize(
    ("slot", "said", "value"),
    [
        ("plan", "Ok put me on that.", "professional"),
        ("plan", "let's roll with that one", "professional"),
        ("plan", "why not starter?", None),
        ("plan", "Difference between Business and the smaller one?", None),
        (
            "greeting",
            "nah, keep that one, it's short",
            "Summit Realty helps people buy, sell and rent homes.",
        ),
        ("keep_rules", "Standard's fine", True),
        ("keep_rules", "no changes", True),
        ("keep_rules", "nope, those are good", True),
        ("keep_rules", "no, those aren't good", False),
        ("run_tests", "go", True),
    ],
)
async def test_what_agrees_is_a_yes_and_nothing_else_is(parts, slot: str, said: str, value: object) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until(slot)
    await talk.say(said)
    known = talk.conversation.state.peek(slot)
    assert (known.value if known.counts else None) == value


async def test_plans_and_systems_are_answered_by_name_at_any_time(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    said = (await talk.say("the middle plan, what's in it?")).text
    assert "Professional is for 5 users" in said and "What's the name" in said
    assert "For 20 people Business fits" in (await talk.say("What would 20 agents cost?")).text
    said = (await talk.say("do you work with kvCORE directly or export?")).text
    assert "kvCORE can be connected" in said and "crm_vendor" not in talk.conversation.state.best()
    said = (await talk.say("Does it work with HubSpot? That's what we've got.")).text
    assert "HubSpot can be connected" in said and talk.conversation.state.best()["crm_vendor"] == "hubspot"
    await talk.until("team_size")
    said = (await talk.say("Nine. Could it ask them if they're pre-approved?")).text
    assert "Are you pre-approved?" in said and talk.conversation.state.best()["team_size"] == 9
    said = (await talk.until("plan")).text
    assert "25 users and 10,000 call minutes" in said and "Professional has 5 users" in said
    said = (await talk.say("Do I have to wait for that before I finish here?")).text
    assert "finish everything here now" in said and talk.waits_for == "plan"


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        ("lead_sources", "enough for now, I'll call back"),
        ("admin_role", "let me come back to this tomorrow"),
        ("greeting", "I'm done for today"),
    ],
)
async def test_who_leaves_has_nothing_stored_of_it(parts, slot: str, said: str) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until(slot)
    await talk.say(said)
    assert talk.reply.ended and "code" in talk.reply.text and not talk.conversation.state.peek(slot).counts
