"""What is an answer, what is a wish, and what is only talk: understanding without a database (A044)."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent import acts
from agent.form.state import Awaiting, fresh
from agent.phrasing import Phraser, value_words
from agent.understanding.understand import understand
from agent.understanding.view import View
from agent.understanding.wishes import call_back, ways_to_reach
from flows.loader import load_all
from flows.schema import Choice
from policies import choices
from policies.standards import suggestions

FLOWS = load_all(Path(__file__).parents[2] / "flows")
NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
NAME = {"first": "Dana", "last": "Reed", "display": "Dana Reed", "spelled": True}


def options(spec):
    if spec.choices or not spec.choices_from:
        return spec.choices
    return [Choice(value=o.value, label=o.label, also=o.also) for o in choices.choices_for(spec.choices_from)]


def view(flow, kind, slots, channel="voice", proposed=None, **known):
    state = fresh(FLOWS[flow])
    for name, value in known.items():
        slot = state.slot(name)
        slot.value, slot.status = value, "confirmed"
        state.history.append(name)
    for name, value in (proposed or {}).items():
        slot = state.slot(name)
        slot.proposal, slot.status = value, "proposed"
    state.awaiting = Awaiting(kind=kind, slots=slots)
    facts = {"caller_id": "+13035550142", "timezone": "America/Denver", "brand": "Acme", "persona": "Alex"}
    return View(FLOWS[flow], state, channel, facts, NOW, options)


def told(events):
    return {e.slot: e.reading.value for e in events if isinstance(e, acts.Answer | acts.Fix)}


@pytest.mark.parametrize(
    "words",
    [
        "my dog is called Max",
        "we were in Paris last summer, lovely weather",
        "I have three kids and two dogs",
        "we're open to suggestions",
        "this is so cool",
        "we use Zillow a lot",
        "I'd like to change my flight",
        "sorry, my kid is screaming",
    ],
)
def test_talk_is_no_answer(words):
    for slot in ("organization_name", "admin_role"):
        events = understand(words, view("onboarding", "ask", [slot]))
        assert told(events) == {}, (slot, events)
        assert not any(isinstance(e, acts.Command) and e.name == "change" for e in events)


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        (
            "my name is Dana and I'm the broker at Summit Realty in Denver, Colorado",
            # half a name is kept: the last name is asked for when its turn comes
            {
                "organization_name": "Summit Realty",
                "states_served": ["CO"],
                "admin_role": "Broker",
                "admin_name": None,
            },
        ),
        (
            "we have five agents in Utah and we're on Mountain time",
            {"states_served": ["UT"], "team_size": 5, "timezone": "America/Denver"},
        ),
        ("It's just me and my wife", {"team_size": 2}),
        (
            "hi, this is Dana Reed, I run Summit Realty, we're five agents in Colorado",
            {
                "organization_name": "Summit Realty",
                "states_served": ["CO"],
                "admin_name": NAME | {"spelled": False},
                "team_size": 5,
                "admin_role": "Runs the Business",
            },
        ),
    ],
)
def test_a_sentence_about_other_things_is_taken_for_those(words, facts):
    assert told(understand(words, view("onboarding", "ask", ["organization_name"]))) == facts


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("uh huh", acts.Yes),
        ("okay, next", acts.Yes),
        ("that's it", acts.Yes),
        ("no problem", acts.Yes),
        ("no, that's fine", acts.No),
        ("yeah, no", acts.No),
        ("close, but no", acts.No),
        ("not quite", acts.No),
    ],
)
def test_odd_agreement(words, kind):
    events = understand(words, view("onboarding", "confirm", ["admin_name"], proposed={"admin_name": NAME}))
    assert isinstance(events[0], kind), events


@pytest.mark.parametrize(
    ("words", "slot", "value"),
    [
        ("yes, but my last name is Miller", "admin_name", "Dana Miller"),
        ("yes except it's Diana", "admin_name", "Diana Reed"),
    ],
)
def test_yes_with_an_exception(words, slot, value):
    events = understand(words, view("onboarding", "confirm", ["admin_name"], proposed={"admin_name": NAME}))
    assert not any(isinstance(e, acts.Yes) for e in events)
    assert told(events)[slot]["display"] == value


@pytest.mark.parametrize(
    ("words", "slot", "command"),
    [
        ("can I speak to a real person", "intent", "human"),
        ("put me through to Dana", "intent", "human"),
        ("hello?", "intent", "repeat"),
        ("hold on, my wife is calling", "intent", "wait"),
        ("I really don't want to be recorded", "motivation", "dont_record"),
        ("turn the recording off please", "intent", "dont_record"),
        ("please stop calling me", "intent", "opt_out"),
        ("take me off your list and never call again", "motivation", "opt_out"),
    ],
)
def test_wishes_are_heard_anywhere(words, slot, command):
    events = understand(words, view("lead", "ask", [slot]))
    assert [e.name for e in events if isinstance(e, acts.Command)] == [command], events


@pytest.mark.parametrize(
    ("words", "slot", "value"),
    [
        ("job change", "motivation", "Job change"),
        ("we need to change schools", "motivation", "We need to change schools"),
        ("hello there", "message", "Hello there"),
        ("I'm an agent with Remax and would like to show your listing", "intent", "agent"),
        ("is the house on 12 Cherry Lane still available", "intent", "buyer"),
        ("call me tomorrow at 6", "appointment", "Call me tomorrow at 6"),
    ],
)
def test_answers_that_look_like_wishes(words, slot, value):
    assert told(understand(words, view("lead", "ask", [slot])))[slot] == value


def test_a_question_is_no_failure_to_answer():
    asked = view("onboarding", "ask", ["states_served"])
    assert understand("which ones do you mean by that", asked) == [acts.Command("help")]
    assert told(understand("Colorado, right?", asked)) == {"states_served": ["CO"]}


def test_a_value_may_be_put_right_by_its_name():
    asked = view(
        "onboarding", "ask", ["admin_email"], states_served=["CO"], organization_name="Summit Realty"
    )
    assert told(understand("no, the states are Colorado and Wyoming", asked)) == {
        "states_served": ["CO", "WY"]
    }


def test_a_summary_is_not_rewritten_by_other_talk():
    known = {"organization_name": "Summit Realty", "authority": True, "admin_email": "dana@summit.example"}
    summed = view("onboarding", "summary", [], **known)
    summed.state.awaiting.step = "account"
    for words in ("zillow, realtor dot com and referrals", "we don't use a CRM", "Max is such a good dog"):
        changed = {e.slot for e in understand(words, summed) if isinstance(e, acts.Fix)}
        assert not changed, (words, changed)


def test_a_brokers_recording_rule_is_no_wish_of_the_caller():
    asked = view("onboarding", "ask", ["recording_policy"])
    assert told(understand("never record", asked)) == {"recording_policy": "off"}
    assert told(understand("no recording", asked)) == {"recording_policy": "off"}
    elsewhere = understand("don't record me please", view("onboarding", "ask", ["team_size"]))
    assert elsewhere == [acts.Command("dont_record")]


@pytest.mark.parametrize(
    ("words", "way"),
    [
        ("don't text, but calls are fine", "calls_only"),
        ("you can call but don't text me", "calls_only"),
        ("don't call me, just text", "texts_only"),
        ("text only please", "texts_only"),
        ("I only called about the house", None),
        ("please stop calling me", None),
        ("I just texted you", None),
    ],
)
def test_one_way_refused(words, way):
    assert ways_to_reach(words, asked=False) == way


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("call me back tomorrow at 6 a.m.", "2026-11-24T06:00"),
        ("give me a call Friday afternoon", "2026-11-27T14:00"),
        ("could somebody call me back at six", "2026-11-23T18:00"),
        ("can someone call me back", ""),
    ],
)
def test_a_call_back_is_wished(words, at):
    wish = call_back(words, {"timezone": "America/Denver"}, NOW)
    assert (wish.at.isoformat()[:16] if wish.at else "") == at


@pytest.mark.parametrize(
    "words", ["don't call me back", "call me at 303 555 0142", "why did you call me back"]
)
def test_no_call_back_is_wished(words):
    assert call_back(words, {"timezone": "America/Denver"}, NOW) is None


HELD = {
    "organization_name": "Summit Realty",
    "states_served": ["CO", "UT"],
    "timezone": "America/Denver",
    "team_size": 5,
    "admin_name": NAME,
    "admin_role": "Managing Broker",
    "admin_email": "dana@summit.example",
    "admin_mobile": "+13035550142",
    "plan": "professional",
    "address": {"line": "12 Cherry Lane, Denver", "street": "12 Cherry Lane", "city": "Denver"},
    "website": "https://summit.example",
    "business_hours": {"mon": [["09:00", "18:00"]]},
    "voice_profile": "professional_female",
    "area_code": "720",
    "crm_vendor": "hubspot",
    "lead_sources": ["zillow", "website"],
    "hot_score": 80,
    "greeting": "Summit Realty helps people buy and sell homes.",
}


@pytest.mark.parametrize("channel", ["voice", "chat"])
@pytest.mark.parametrize("slot", sorted(HELD))
def test_what_a_type_says_fits_the_frames(slot, channel):
    """A value stands inside a sentence: no line breaks, no doubled marks, no second full stop."""
    seen = view("onboarding", "ask", [slot], channel, **HELD)
    words = value_words(seen, slot)
    assert words and words == words.strip() and "\n" not in words and "{" not in words
    phraser = Phraser(view("onboarding", "confirm", [slot], channel, proposed={slot: HELD[slot]}))
    offered = acts.Ask(slot, 0, "", HELD[slot])
    for act in (acts.ReadBack((slot,)), acts.Say("landmark", {"slots": [slot]}), offered):
        for said in phraser.speak(act):
            for doubled in ("  ", "..", ",,", ", .", " .", " ,", "?.", "!.", ".,"):
                assert doubled not in said.text, (doubled, said.text)


def test_every_offer_has_words_that_fit():
    flow = FLOWS["onboarding"]
    offers = suggestions(HELD, caller_id="+13035550142")
    for name, spec in flow.slots.items():
        if spec.suggest and (offer := offers.get(spec.suggest)):
            seen = view("onboarding", "offer", [name])
            seen = replace(seen, facts={**seen.facts, **offers})
            said = Phraser(seen).speak(acts.Ask(name, 0, "", offer))
            assert "?" in said[0].text and "  " not in said[0].text
