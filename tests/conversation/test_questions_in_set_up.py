"""What brokers ask while they set up, and what they leave to us: answered, taken or noted (A042)."""

from __future__ import annotations

import pytest

from policies.product_questions import answer_about_product, product_questions

from .talk import Talk


def says(*names: str) -> str:
    return " ".join(product_questions()[name].say for name in names)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Before I give you any names: what does this cost, and is there a contract?", ("cost", "contract")),
        ("What happens if I cancel after a month?", ("contract",)),
        ("Roughly how much per month? And where is my callers' data stored?", ("cost", "where_data")),
        ("do you sell it or share it with other brokers?", ("sharing",)),
        ("Can it take maintenance requests from tenants after hours?", ("maintenance",)),
        ("Do you record my callers' calls, yes or no?", ("recording",)),
        ("whats cheaper, starter?", ("cheapest",)),
        ("Which one sounds warmest?", ("warm_voice",)),
        ("Are there extra fees for a number?", ("cost",)),
        ("can I look around first? I want to see how it works", ("how_it_works",)),
        ("Can it water my plants?", ()),
    ],
)
def test_each_question_has_its_answer(question: str, names: tuple[str, ...]) -> None:
    assert (answer_about_product(question) or "") == says(*names)


async def test_a_question_costs_no_answer_and_is_no_privacy_request(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    said = await talk.say(
        "OK, Fairbanks & Lowe Real Estate, but who can see my callers' data? Do you sell it?"
    )
    assert talk.conversation.state.best()["organization_name"] == "Fairbanks & Lowe Real Estate"
    assert says("security") in said.text and not talk.ran
    said = await talk.say("Ohio. Whose phone number do callers see, mine or yours?")
    assert talk.conversation.state.best()["states_served"] == ["OH"] and says("number_shown") in said.text
    said = await talk.say("yes. Would our old fax machine be of any use?")
    assert "noted it for our team" in said.text and ("answer_question", "unknown") in talk.ran
    assert talk.waits_for == "team_size"
    assert "Ohio" in (await talk.say("what states did I give you?")).text
    assert talk.conversation.state.best()["states_served"] == ["OH"]


async def test_start_starts_the_test_calls_and_nothing_else(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("run_tests")
    await talk.say("start")
    assert ("run_test_conversations", "passed") in talk.ran and not any(n == "opt_in" for n, _ in talk.ran)


async def test_what_is_left_to_us_and_what_was_said_ahead_is_taken(parts) -> None:
    talk = await Talk.begin(parts, channel="chat", answers={"voice_profile": "just pick one for me"})
    await talk.until("greeting")
    assert talk.conversation.state.best()["voice_profile"] == "professional_female"
    await talk.say("no")
    assert "must have the name" in (await talk.say("new")).text
    await talk.say("yes")
    assert talk.conversation.state.best()["greeting"].startswith("Summit Realty")
    await talk.say("Forward ours, it's 208-555-0100")
    assert talk.conversation.state.best()["existing_number"] == "+12085550100"
    assert talk.waits_for == "transfer_number"
    assert "has to reach one" in (await talk.say("I don't want any transfer")).text


async def test_a_greeting_may_end_with_a_question(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("greeting")
    await talk.say("Summit Realty, how may I direct your call?")
    assert talk.conversation.state.best()["greeting"] == "Summit Realty, how may I direct your call?"
