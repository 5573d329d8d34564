"""What brokers ask while they set up, and what they leave to us: answered, taken or noted (A042)."""

from __future__ import annotations

import pytest

from policies.product_questions import answer_about_product, answer_of
from stores import assistance, tenancy
from tools import launch

from .talk import Talk


def says(*names: str) -> str:
    return " ".join(answer_of(name) for name in names)


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
        ("80 points of what?", ("points",)),
        ("do you work with property managers or only brokers?", ("property_managers",)),
        ("Will we need a separate phone line?", ("separate_line",)),
        ("where's the link?", ("terms",)),
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
    assert says("who_sees", "sharing") in said.text and not talk.ran
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


async def test_an_area_code_and_the_hours_are_heard_ahead_of_and_beside_their_questions(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("greeting")
    await talk.say("no")
    await talk.say("No I didn't say that. Message only after hours. Greeting is fine.")
    known = talk.conversation.state.best()
    assert known["after_hours_mode"] == "message_only" and known["greeting"].startswith("Summit Realty")
    await talk.say("new one, 813 area code")
    assert talk.conversation.state.best()["area_code"] == "813" and talk.waits_for == "transfer_number"


async def test_a_smaller_plan_waits_for_no_review(parts) -> None:
    talk = await Talk.begin(parts, channel="chat", answers={"plan": "enterprise"})
    await talk.until(step="voice_agent")
    async with parts.db.tenant(talk.conversation._subject) as session:
        await assistance.open_review(session, ["penetration_test"])
        await tenancy.update_tenant(session, plan="enterprise")
        assert "review" not in await launch.gates(session)
        await tenancy.update_tenant(session, plan="business")
        assert "review" in await launch.gates(session)


async def test_a_greeting_may_end_with_a_question(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("greeting")
    await talk.say("Summit Realty, how may I direct your call?")
    assert talk.conversation.state.best()["greeting"] == "Summit Realty, how may I direct your call?"


async def test_a_change_of_a_live_account_becomes_a_ticket_and_no_answer(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    said = await talk.say("change my hours")
    assert "whose account" in said.text and ("open_ticket", "opened") in talk.ran
    assert talk.waits_for == "organization_name"
    assert "/account/questions" in (await talk.say("I want to change our questions")).text
    await talk.say("Blue Door Realty")
    assert talk.conversation.state.best()["organization_name"] == "Blue Door Realty"


async def test_a_live_agent_is_changed_by_who_has_just_set_it_up(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("ease")
    talk.ran.clear()
    await talk.say("change my hours to 9 to 5 Monday to Friday")
    assert talk.ran == [("configure_voice_agent", "configured")] and talk.waits_for == "ease"
    await talk.say("transfer number is now 303 555 0199")
    await talk.say("yes")
    assert talk.ran[-1] == ("configure_voice_agent", "configured") and talk.waits_for == "ease"
    assert talk.value("transfer_number") == "+13035550199"
    assert talk.value("business_hours")["mon"] == [["09:00", "17:00"]]


async def test_the_plan_that_fits_is_offered_and_not_taken(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("plan")
    await talk.say("no")
    said = await talk.say("starter")
    assert "Professional would fit" in said.text and said.awaiting["kind"] == "offer"
    await talk.say("no, keep starter, we're just one person")
    known = talk.conversation.state.best()
    assert (known["plan"], known["team_size"]) == ("starter", 1)


async def test_who_has_no_name_yet_hears_what_will_do(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    assert "Your own name will do" in (await talk.say("I don't have a brokerage name yet")).text
    await talk.until("number_mode")
    await talk.say("Every day 9 to 8, but in New Year we closed")
    assert talk.conversation.state.best().get("number_mode") is None
    assert talk.conversation.state.best()["business_hours"]["sun"] == [["09:00", "20:00"]]


async def test_the_terms_can_be_read_before_they_are_accepted(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("terms_accepted")
    address = f"{parts.public_url}/terms"
    assert address in talk.reply.text
    said = await talk.say("I'd like to read them first please. where's the link?")
    assert address in said.text and talk.waits_for == "terms_accepted"
    assert not talk.conversation.state.peek("terms_accepted").counts


@pytest.mark.parametrize(
    ("slot", "said", "names"),
    [
        ("plan", "how many users is that? we might grow to 10", ()),
        ("plan", "is it montly or yearly?", ("billing",)),
        ("number_mode", "not sure how forwarding works, is it hard", ("forwarding",)),
        ("number_mode", "my cell IS the number people call, will it still ring me?", ("forward_rings",)),
        ("activate", "what happens w/ callers who want to talk to me?", ("to_a_person",)),
        ("activate", "will our tenants still reach the maintenance line?", ("maintenance_line",)),
        ("run_tests", "hmm can i hear the test calls first?", ("test_calls",)),
    ],
)
async def test_a_question_is_answered_and_the_open_one_put_again(parts, slot: str, said: str, names) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until(slot)
    talk.ran.clear()
    reply = await talk.say(said)
    assert (says(*names) or "Professional is for 5 users") in reply.text
    assert talk.waits_for == slot and not talk.ran


async def test_a_yes_and_a_question_are_both_heard(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    first = await talk.say("what is this exactly and whats it cost?")
    assert says("how_it_works", "cost") in first.text
    await talk.until("fair_housing_ack")
    reply = await talk.say("yes. is that legal in NC?")
    assert says("law") in reply.text and talk.conversation.state.best()["fair_housing_ack"] is True
    assert talk.reply.awaiting["kind"] == "summary"
    assert "Is everything right for the rules?" in (await talk.say("what is round robin?")).text
    await talk.say("yes save it. when does a person call me")
    assert talk.waits_for == "run_tests" and ("book_callback", "booked") not in talk.ran


async def test_a_wish_beside_a_yes_has_a_ticket_that_can_be_asked_about(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("admin_mobile")
    reply = await talk.say("yes but dont call me after 9pm pls")
    assert "ticket 1001" in reply.text and talk.waits_for == "plan"
    assert "after 9pm" in (await talk.say("what ticket is that for?")).text
    assert "Ticket 1001" in (await talk.say("when will they call me?")).text


@pytest.mark.parametrize(
    "said",
    [
        "no turn recording off on the calls please",
        "do not record calls",
        "do we have to? my guys dont like being recorded",
    ],
)
async def test_how_calls_are_recorded_is_no_wish_for_this_chat(parts, said: str) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("recording_policy")
    await talk.say(said)
    assert talk.conversation.state.best()["recording_policy"] == "off"
    assert ("dont_record", "recording_off") not in talk.ran
    await talk.say("and please don't record this chat")
    assert ("dont_record", "recording_off") in talk.ran


async def test_a_transfer_never_goes_to_the_number_that_is_forwarded(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("number_mode")
    reply = await talk.say("forward mine, it's 303 555 0142")
    assert "your mobile" not in reply.text and talk.waits_for == "transfer_number"
    assert "straight back" in (await talk.say("303 555 0142")).text
    await talk.say("303 555 0188")
    assert talk.conversation.state.best()["transfer_number"] == "+13035550188"


async def test_a_review_is_named_where_its_plan_is_offered(parts) -> None:
    talk = await Talk.begin(parts, channel="chat", answers={"team_size": "forty of us"})
    assert "security review" in (await talk.until("plan")).text


async def test_the_newest_code_says_that_it_is(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until(step="voice_agent")
    assert "takes the place" not in talk.reply.text
    talk.conversation.facts.values["resume_code"] = ""  # as after the process has changed
    assert "takes the place" in (await talk.say("gotta go feed the horses, ill be back later")).text
