"""A047: who calls a brokerage's agent, and what is stored of it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from stores import leads, support, tenancy
from tests.conversation.talk import AGREEING

from .talk import Talk, lead_of

LEAD = "+13035550177"
BUYER = {
    "intent": "I'd like to buy a three bedroom house in Boulder for up to 600 thousand dollars",
    "baths": "two",
    "features": "a garage and a yard",
    "motivation": "a new job",
    "timeline": "within three months",
    "represented": "no, not yet",
    "financing": "we're pre-approved",
    "talk_now": "no, not right now",
    "appointment": "Tuesday afternoon",
    "name": "Emily Stone",
    "consent_contact": "yes, you may",
}
SELLER = {
    "intent": "I want to sell my house at 12 Cherry Lane in Denver",
    "motivation": "we're moving for work",
    "timeline": "by next summer",
    "condition": "it has a new roof",
    "listed": "no",
    "price_idea": "about five hundred thousand",
    "buying_next": "no, we'll rent for a while",
    "visit": "no",
    "name": "Ann Lee",
    "consent_contact": "no thanks",
}
RENTER = {
    "intent": "I'm looking for an apartment to rent",
    "areas": "in Lakewood",
    "beds": "two bedrooms",
    "rent": "up to eighteen hundred a month",
    "timeline": "next month",
    "lease_length": "twelve months",
    "animals": "a cat",
    "visit": "no",
    "name": "Bo Finn",
    "consent_contact": "yes",
}
MESSAGE = {
    "intent": "can I leave a message",
    "message": "please tell Jo the keys are under way",
    "name": "Kim Park",
    "consent_contact": "yes",
}


async def call(parts, office, answers, **options):
    talk = await Talk.begin(parts, office, caller=LEAD, answers=answers, **options)
    await talk.until(turns=25)
    assert talk.reply.ended
    await talk.conversation.close("finished")
    return talk, await lead_of(parts, office, talk.conversation.id)


@pytest.mark.parametrize(
    ("answers", "facts"),
    [
        (
            BUYER,
            {
                "intent": "buyer",
                "areas": ["Boulder"],
                "beds": 3,
                "baths": 2,
                "price_max": 600_000,
                "timeline": "90_days",
                "financing": "preapproved",
                "represented": "no",
                "name": "Emily Stone",
                "phones": [LEAD],
                "features": ["a garage", "a yard"],
            },
        ),
        (SELLER, {"intent": "seller", "name": "Ann Lee", "price_min": 500_000, "phones": [LEAD]}),
        (RENTER, {"intent": "renter", "areas": ["Lakewood"], "beds": 2, "price_max": 1800}),
        (MESSAGE, {"intent": "other", "name": "Kim Park", "phones": [LEAD]}),
    ],
    ids=["buyer", "seller", "renter", "message"],
)
async def test_what_a_caller_said_is_the_lead(parts, office, answers, facts):
    talk, lead = await call(parts, office, answers)
    stored = {name: getattr(lead, name) for name in facts}
    if "features" in facts:
        stored["features"] = [f.lower() for f in stored["features"]]
    if "price_min" in facts:
        stored["price_min"] = lead.price_min or lead.price_max
    assert stored == facts
    assert max(talk.asked.values()) == 1
    agreed = answers["consent_contact"].startswith("yes")
    assert lead.consent["voice"]["granted"] is lead.consent["sms"]["granted"] is agreed
    said = talk.heard[-1]
    assert ("Nobody will call or text you" in said) is not agreed


async def test_a_wrong_number_leaves_no_lead(parts, office):
    talk = await Talk.begin(parts, office, caller=LEAD)
    said = await talk.say("oh sorry, wrong number")
    await talk.conversation.close("finished")
    assert said.ended and "No problem" in said.text
    assert await lead_of(parts, office, talk.conversation.id) is None


async def test_a_hang_up_keeps_what_was_said_and_silence_keeps_nothing(parts, office):
    talk = await Talk.begin(parts, office, caller=LEAD)
    await talk.say("I'm looking for a two bedroom condo in Arvada to buy")
    await talk.say("one bathroom is fine")
    await talk.conversation.close("hung up")
    lead = await lead_of(parts, office, talk.conversation.id)
    assert (lead.intent, lead.areas, lead.beds, lead.baths) == ("buyer", ["Arvada"], 2, 1)
    silent = await Talk.begin(parts, office, caller=LEAD)
    await silent.conversation.silence()
    await silent.conversation.close("hung up")
    assert await lead_of(parts, office, silent.conversation.id) is None


async def test_opting_out_lists_the_number_and_ends(parts, office):
    talk = await Talk.begin(parts, office, caller=LEAD)
    await talk.say("I want to buy a house")
    said = await talk.say("actually stop calling me and take me off your list")
    assert said.ended and said.text == "I've taken you off. Goodbye."
    lead = await lead_of(parts, office, talk.conversation.id)
    assert lead.dnc and lead.disposition == "opted_out"


async def test_a_person_is_put_through_only_to_a_proved_number_and_in_hours(parts, office, clock):
    talk = await Talk.begin(parts, office, caller=LEAD)
    said = await talk.say("can I speak to a real person")
    assert said.transfer_to == "+13035550112"
    clock.advance(hours=12)
    evening = await Talk.begin(parts, office, caller=LEAD)
    said = await evening.say("can I speak to a real person")
    assert said.transfer_to is None and "ticket" in said.text and not said.ended
    assert evening.waits_for == "name", "somebody is to call back"
    async with parts.db.tenant(office) as session:
        assert len(await support.list_tickets(session)) == 2
        assert {c.phone for c in await support.list_callbacks(session)} == {LEAD}


async def test_a_holiday_of_the_office_is_no_day_for_more_than_a_message(parts, office, clock):
    async with parts.db.tenant(office) as session:
        tenant = await tenancy.get_tenant(session)
        today = clock.now().astimezone(ZoneInfo(tenant.timezone)).date()
        await tenancy.upsert_profile(session, after_hours_mode="message_only", holidays=[today.isoformat()])
    talk = await Talk.begin(parts, office, caller=LEAD)
    assert "closed at the moment and opens tomorrow" in talk.reply.text and talk.waits_for == "message"


async def test_after_hours_an_office_may_want_only_messages(parts, office, clock):
    async with parts.db.tenant(office) as session:
        await tenancy.upsert_profile(session, after_hours_mode="message_only")
    day = await Talk.begin(parts, office, caller=LEAD)
    assert day.waits_for == "intent"
    clock.advance(hours=14)
    talk = await Talk.begin(parts, office, caller=LEAD, answers=MESSAGE)
    assert "closed" in talk.reply.text and "take a message" in talk.reply.text
    assert talk.waits_for == "message"
    nobody = await Talk.begin(parts, office, caller=LEAD)
    await nobody.conversation.close("hung up")
    assert await lead_of(parts, office, nobody.conversation.id) is None
    await talk.until()
    lead = await lead_of(parts, office, talk.conversation.id)
    assert "keys" in lead.extra["message"]
    test_call = await Talk.begin(parts, office, caller=LEAD, rehearsal=True)
    assert test_call.waits_for == "intent", "the launch's test calls also pass at night"


async def test_an_office_that_never_records_says_so_and_does_not(parts, office):
    async with parts.db.tenant(office) as session:
        await tenancy.upsert_profile(session, recording_notice=False)
    talk = await Talk.begin(parts, office, caller=LEAD)
    assert "This call isn't recorded" in talk.reply.text and "is recorded" not in talk.reply.text
    assert talk.reply.recording is False
    said = await talk.say("is this call being recorded?")
    assert said.text.startswith("No, this call isn't being recorded")


async def test_nothing_is_said_with_gaps_or_braces(parts, office, clock):
    async with parts.db.tenant(office) as session:
        await tenancy.upsert_profile(session, greeting="")
    for moment in (datetime(2026, 11, 23, 16, tzinfo=UTC), datetime(2026, 11, 28, 5, tzinfo=UTC)):
        clock.advance(seconds=(moment - clock.now()).total_seconds())
        talk = await Talk.begin(parts, office, caller=LEAD, answers=BUYER)
        await talk.until()
        for text in talk.heard:
            assert "  " not in text and "{" not in text and " ." not in text, text


async def test_a_refused_recording_stays_refused_when_the_call_comes_back(parts, office):
    talk = await Talk.begin(parts, office, caller=LEAD)
    said = await talk.say("I don't want to be recorded")
    assert said.recording is False and "recording is off" in said.text and talk.waits_for == "intent"
    again = await Talk.begin(
        parts, office, caller=LEAD, conversation_id=talk.conversation.id, owner=talk.conversation.record.owner
    )
    assert again.reply.recording is False and "cut off" in again.reply.text


async def test_the_right_to_stop_holds_inside_a_free_answer(parts, office):
    """A text question takes everything for its answer but these."""
    talk = await Talk.begin(parts, office, caller=LEAD, answers=BUYER)
    await talk.until("motivation")
    said = await talk.say("well before I tell you why we are moving, I really don't want to be recorded")
    assert said.recording is False and talk.value("motivation") is None
    assert said.awaiting["kind"] not in AGREEING
    said = await talk.say("and you know what, just stop calling me about all of this, please")
    assert said.ended
    async with parts.db.tenant(office) as session:
        listed, _ = await leads.list_leads(session, phone=LEAD)
    assert [lead.dnc for lead in listed] == [True]


async def test_one_way_of_being_reached_may_be_refused(parts, office):
    """C06: less than an opt-out, and consent covers only what was left."""
    talk = await Talk.begin(parts, office, caller=LEAD, answers=BUYER)
    said = await talk.say("don't text me, but calls are fine")
    assert not said.ended
    await talk.until("consent_contact")
    assert "May Acme Real Estate call you at that number" in talk.reply.text
    await talk.until()
    lead = await lead_of(parts, office, talk.conversation.id)
    assert (lead.consent["voice"]["granted"], lead.consent["sms"]["granted"], lead.dnc) == (
        True,
        False,
        False,
    )


async def test_a_consent_question_may_be_answered_in_part(parts, office):
    talk = await Talk.begin(parts, office, caller=LEAD, answers=MESSAGE)
    await talk.until("consent_contact")
    await talk.say("yes, but only text me")
    await talk.until()
    lead = await lead_of(parts, office, talk.conversation.id)
    assert (lead.consent["voice"]["granted"], lead.consent["sms"]["granted"]) == (False, True)


async def test_a_refusal_is_taken_back_in_the_words_of_the_question(parts, office):
    talk = await Talk.begin(parts, office, caller=LEAD, answers=MESSAGE)
    await talk.until("name")
    talk.conversation.state.slot("consent_contact").value = False
    talk.conversation.state.slot("consent_contact").status = "confirmed"
    said = await talk.say("you can text me again by the way")
    assert "call or text you at that number" in said.text
    await talk.say("yes")
    assert talk.value("consent_contact") is True


async def test_a_call_back_is_promised_only_when_somebody_is_there(parts, office):
    talk = await Talk.begin(parts, office, caller=LEAD)
    said = await talk.say("can you call me back tomorrow at 6 a.m.?")
    assert "Nobody is in at that time" in said.text and "tomorrow at 9 AM" in said.text
    said = await talk.say("or call me back tomorrow at 2 p.m.")
    assert "call you back tomorrow at 2 PM" in said.text and talk.waits_for == "intent"
    async with parts.db.tenant(office) as session:
        booked = {c.at for c in await support.list_callbacks(session)}
    assert booked == {datetime(2026, 11, 24, 16, tzinfo=UTC), datetime(2026, 11, 24, 21, tzinfo=UTC)}
