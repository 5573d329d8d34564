"""Who gets the leads, where they come from, what a voice can do: as they were said (A045-A047)."""

from __future__ import annotations

import pytest

from agent import acts
from agent.setting_choices import all_to_one, only_one, voice_truth
from agent.source_talk import sources_told
from agent.system_talk import named_system
from agent.understanding.answering import guessed
from agent.understanding.base import Reading
from flows.schema import Choice
from policies.crms import vendors

from .talk import Talk
from .test_precision import told, view

SUSAN = {"first": "Susan", "last": "Whitaker", "display": "Susan Whitaker", "spelled": False}
OFFERED = ["direct_call", "website"]


def at_sources(text: str) -> dict:
    seen = view("onboarding", "offer", ["lead_sources"], "chat")
    seen.state.slot("lead_sources").offer = OFFERED
    return told(sources_told(text, seen))


@pytest.mark.parametrize(
    ("said", "sources", "others"),
    [
        ("also Zillow and referrals", [*OFFERED, "zillow", "referral"], None),
        ("yes, and Zillow", [*OFFERED, "zillow"], None),
        ("yes just direct calls", ["direct_call"], None),
        ("Zillow and Facebook", ["zillow", "facebook"], None),
        ("calls and Lands of Texas", ["direct_call", "other"], "Lands of Texas"),
        ("yes and LoopNet", [*OFFERED, "other"], "LoopNet"),
        ("sphere, thumbtack, and a billboard on I-35", ["referral", "other"], "thumbtack, billboard on I-35"),
        ("mostly word of mouth, we're a small shop", ["referral"], None),
        ("instagram, zilow", ["zillow", "instagram"], None),
        ("Calls, web, Realtor.com, referrals", [*OFFERED, "realtor_com", "referral"], None),
        ("Those plus referrals and Zillow", [*OFFERED, "zillow", "referral"], None),
    ],
)
def test_sources_are_added_kept_or_noted(said: str, sources: list[str], others: str | None) -> None:
    found = at_sources(said)
    assert found["lead_sources"] == sources and found.get("other_sources") == others


@pytest.mark.parametrize("said", ["yes", "yes keep those", "no", "si claro", "what do others say?"])
def test_a_plain_answer_is_left_to_the_form(said: str) -> None:
    assert at_sources(said) == {}


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("no, all to me", ""),
        (
            "no, leads go to me only. and hot means wants to buy in 60 days",
            "and hot means wants to buy in 60 days",
        ),
        ("no, all to Susan please", ""),
        ("send them all to Susan first", ""),
        ("everything to me", ""),
    ],
)
def test_all_to_whoever_sets_it_up(said: str, rest: str) -> None:
    seen = view("onboarding", "ask", ["keep_rules"], "chat", admin_name=SUSAN, team_size=4)
    found = all_to_one(said, seen)
    assert found is not None and found[1] == rest
    values = told(found[0])
    assert values["keep_rules"] is False and values["routing_mode"] == "admin_only"


@pytest.mark.parametrize(
    "said", ["leads over a million go to me", "what goes to me?", "yes", "by area", "all to Luis"]
)
def test_other_rules_are_not_all_to_one(said: str) -> None:
    seen = view("onboarding", "ask", ["keep_rules"], "chat", admin_name=SUSAN, team_size=4)
    assert all_to_one(said, seen) is None


def test_who_works_alone_is_not_asked_how_leads_are_shared() -> None:
    seen = view("onboarding", "ask", ["keep_rules"], "chat", team_size=1)
    no: list[acts.Event] = [acts.Answer("keep_rules", Reading(value=False))]
    assert told(only_one(no, seen))["routing_mode"] == "admin_only"
    assert only_one(no, view("onboarding", "ask", ["keep_rules"], "chat", team_size=3)) == no


def test_what_a_voice_cannot_do_here_is_said_when_it_is_chosen() -> None:
    chosen: list[acts.Event] = [acts.Answer("voice_profile", Reading(value="multilingual_specialist"))]
    assert [a.key for a in voice_truth(chosen, ("hibari",))] == ["english_for_now"]
    assert voice_truth(chosen, ("openai",)) == []
    male: list[acts.Event] = [acts.Answer("voice_profile", Reading(value="professional_male"))]
    assert [a.key for a in voice_truth(male, ("hibari",))] == ["voice_not_here"]


def test_a_question_about_the_points_is_no_number_of_points() -> None:
    seen = view("onboarding", "offer", ["hot_score"], "chat")
    assert not guessed("80 points of what?", seen, "hot_score") and guessed("maybe 70?", seen, "hot_score")


async def test_somebody_alone_hears_rules_for_one(parts) -> None:
    talk = await Talk.begin(parts, channel="chat", answers={"team_size": "just me", "plan": "starter"})
    await talk.until("keep_rules")
    assert "All leads go to you" in talk.reply.text and "team" not in talk.reply.text
    await talk.say("no, all to me. and hot means 60 days")
    best = talk.conversation.state.best()
    assert best["routing_mode"] == "admin_only" and best["hot_rule"]["days"] == 60
    assert talk.waits_for == "recording_policy"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("lion desk", "Lion Desk"),
        ("we run everything on Buildout", "Buildout"),
        ("we use appfolio for everything", "Appfolio"),
        ("it's called RealtyJuggler", "RealtyJuggler"),
        ("a thing called Lone Wolf, plus my spreadsheet", "Lone Wolf"),
    ],
)
async def test_a_system_on_no_list_is_kept_by_its_name(parts, said: str, name: str) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("crm_vendor")
    await talk.say(said)
    assert (talk.value("crm_vendor"), talk.value("crm_name")) == ("other", name)
    assert f"no connector for {name}" in talk.reply.text


def test_what_is_no_name_of_a_system() -> None:
    ours = [Choice(value=v.value, label=v.label, also=v.also) for v in vendors()]
    for said in (
        "not sure",
        "we don't use one",
        "hubspott",
        "boss",
        "paper",
        "it's a custom system",
        "what do you mean",
    ):
        assert named_system(said, ours, alone=True) == ""


async def test_a_system_and_sources_are_put_right_by_name(parts) -> None:
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("crm_vendor")
    for said in ("freshsales", "no, LionDesk. not freshsales", "zillow, boomtown and our remax.com site"):
        await talk.say(said)
    assert (talk.value("crm_vendor"), talk.value("crm_name")) == ("other", "LionDesk")
    assert talk.value("lead_sources") == ["zillow", "other"]
    assert talk.value("other_sources") == "boomtown, remax.com"
    await talk.say("plus Apartments.com")
    await talk.say("not boomtown, it's Zumper")
    assert talk.value("other_sources") == "remax.com, Apartments.com, Zumper"
    await talk.say("the crm is wrong, we use Propertybase. and add Instagram to the lead sources")
    assert talk.value("crm_name") == "Propertybase" and "Instagram" in talk.reply.text
    await talk.say("yes")
    assert ("connect_tools", "pending") in talk.ran and "Propertybase waits for" in talk.reply.text
    await talk.say("boomtown is where some leads come from too")
    assert talk.value("crm_name") == "Propertybase" and "boomtown" in talk.value("other_sources")


async def test_people_counted_beside_the_sources_are_no_source(parts):
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("lead_sources")
    await talk.say("zillow. and four of us, me and 3 agents")
    assert talk.value("lead_sources") == ["zillow"] and talk.value("team_size") == 4
    assert "other_sources" not in talk.conversation.state.best()


@pytest.mark.parametrize(
    ("asked", "said", "calendar", "crm", "others"),
    [
        ("crm_vendor", "HubSpot, like I mentioned. And Google Calendar.", "google", "hubspot", None),
        ("crm_vendor", "Salesforce, and everyone's on Outlook", "microsoft", "salesforce", None),
        ("lead_sources", "we use Google Calendar", "google", None, None),
        ("lead_sources", "The calendar is Google.", "google", None, None),
        ("lead_sources", "The website too, and Outlook calendar", "microsoft", None, None),
        ("lead_sources", "No Google ads. Google is our calendar.", "google", None, None),
        ("lead_sources", "No, Outlook is the calendar, not a lead source.", "microsoft", None, None),
    ],
)
async def test_a_calendar_is_no_crm_and_no_source(parts, asked, said, calendar, crm, others) -> None:
    talk = await Talk.begin(parts, channel="chat", answers={"crm_vendor": "Follow Up Boss"})
    await talk.until(asked)
    await talk.say(said)
    best = talk.conversation.state.best()
    assert best.get("calendar") == calendar and best.get("other_sources") == others
    assert best["crm_vendor"] == (crm or "followupboss")
    assert "google_ads" not in (best.get("lead_sources") or [])


@pytest.mark.parametrize(
    ("said", "sources"),
    [
        ("take out zillow, rest is fine", OFFERED),
        ("almost - we don't get leads from the website", ["direct_call", "zillow"]),
        ("No ads from Google though", [*OFFERED, "zillow"]),
        ("looks good except realtor.com is missing", [*OFFERED, "zillow", "realtor_com"]),
        ("remove Zillow and add Facebook", [*OFFERED, "facebook"]),
        ("no, we never get anything from Zillow, it's referrals", [*OFFERED, "referral"]),
        ("we stopped using Zillow. everything else is right", OFFERED),
        ("just the website, not calls or zillow", ["website"]),
        ("Zillow isn't one of ours", OFFERED),
    ],
)
async def test_at_the_summary_only_what_is_named_changes(parts, said: str, sources: list[str]) -> None:
    talk = await Talk.begin(parts, channel="chat", answers={"lead_sources": "yeah plus zillow"})
    await talk.until("lead_sources")
    await talk.say("yeah plus zillow")
    await talk.say(said)
    known = talk.conversation.state.best()
    assert sorted(known["lead_sources"]) == sorted(sources) and known["crm_vendor"] == "hubspot"
    assert talk.reply.awaiting["kind"] == "summary"
    shown = talk.reply.text
    assert ("The rest stays" in shown and "HubSpot" not in shown) or known["lead_sources"] == [
        *OFFERED,
        "zillow",
    ]
