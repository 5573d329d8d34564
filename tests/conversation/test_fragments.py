"""Facts strung together, typed in a hurry or beside an answer: each lands where it belongs (A092)."""

from __future__ import annotations

from typing import Any

import pytest

from agent import acts
from agent.understanding.sentences import parted
from agent.understanding.shorthand import written_out
from agent.understanding.turning import named_outright
from agent.understanding.understand import understand
from agent.understanding.view import View
from agent.understanding.wishes import call_back, ways_to_reach
from tests.conversation.test_precision import NOW, told, view

MARKETS = ["Denver", "Aurora", "Lakewood", "Golden", "Littleton", "Arvada"]


def heard(asked: str, words: str, **known: Any) -> dict[str, Any]:
    seen = view("lead", "ask", [asked], "chat", **known)
    if "intent" in known:
        seen.state.done["intent"] = "saved"
    facts = {**seen.facts, "caller_id": None, "markets": MARKETS}
    seen = View(seen.flow, seen.state, seen.channel, facts, NOW, seen.choices)
    found = told(understand(written_out(words), seen))
    return {k: v["display"] if k == "name" and isinstance(v, dict) else v for k, v in found.items()}


@pytest.mark.parametrize(
    ("asked", "known", "words", "facts"),
    [
        (
            "intent",
            {},
            "hey so we want to buy our first house, lakewood or golden, around 450k, 3 bed, need to "
            "move by march",
            {
                "intent": "buyer",
                "areas": ["Lakewood", "Golden"],
                "beds": 3,
                "price": {"min": None, "max": 450000},
                "timeline": "90_days",
            },
        ),
        (
            "intent",
            {},
            "moving from chicago to denver for work in feb, budget like 700-750, 4 beds 3 bath. im Tom btw",
            {
                "intent": "buyer",
                "areas": ["Denver"],
                "beds": 4,
                "baths": 3,
                "price": {"min": 700000, "max": 750000},
                "name": "Tom",
                "timeline": "90_days",
            },
        ),
        (
            "intent",
            {},
            "hi i want a 2 bedroom rental, no wait 3 bedroom, in denver up to 2500, jan 1st, 2 "
            "dogs, Ana Petrov",
            {
                "intent": "renter",
                "beds": 3,
                "rent": {"min": None, "max": 2500},
                "animals": "2 dogs",
                "name": "Ana Petrov",
                "timeline": "90_days",
            },
        ),
        (
            "rent",
            {"intent": "renter"},
            "2 bd, 1500 max, feb, no pets, Joe Lund",
            {
                "rent": {"min": None, "max": 1500},
                "beds": 2,
                "animals": "No pets",
                "name": "Joe Lund",
                "timeline": "90_days",
            },
        ),
        (
            "areas",
            {"intent": "buyer"},
            "no. fha preapproved, 480k, by jan",
            {"price": {"min": None, "max": 480000}, "timeline": "90_days", "financing": "preapproved"},
        ),
        ("lease_length", {"intent": "renter"}, "12 months. im Ana Petrov", {"name": "Ana Petrov"}),
        (
            "intent",
            {},
            "lakewood 3 bed under 550 thousand",
            {"intent": "buyer", "beds": 3, "areas": ["Lakewood"]},
        ),
    ],
)
def test_a_string_of_facts_is_taken_apart(asked: str, known: Any, words: str, facts: dict[str, Any]) -> None:
    found = heard(asked, words, **known)
    assert {k: found.get(k) for k in facts} == facts


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("i told you rick paulson. also whats the HOA there", "Rick Paulson"),
        ("dan kowalski. i dont do bots.", "Dan Kowalski"),
        ("jen albright re/max alliance", "Jen Albright"),
        ("Derek Vaughn derek.vaughn@cb.example 720-555-0144", "Derek Vaughn"),
        ("name is Bobby Tran", "Bobby Tran"),
        ("i gave it. Ben Achterberg", "Ben Achterberg"),
        ("Nina Brooks yes", "Nina Brooks"),
        ("Dave Kim ugh", "Dave Kim"),
    ],
)
def test_a_name_is_heard_among_other_words_and_nothing_else_is_in_it(words: str, name: str) -> None:
    assert heard("name", words, intent="buyer")["name"] == name


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("areas", "Cherry Creek"),
        ("features", "Granite Counters, Big Yard"),
        ("motivation", "New Job"),
        ("intent", "Thank You"),
        ("intent", "I saw Oak Park, Golden"),
    ],
)
def test_two_capitals_are_no_name_of_a_caller(asked: str, words: str) -> None:
    assert "name" not in heard(asked, words, **({} if asked == "intent" else {"intent": "buyer"}))


@pytest.mark.parametrize(
    ("asked", "words", "value"),
    [
        ("condition", "roof 2018. can someone call or not", "Roof 2018."),
        ("condition", "no updates. stop asking things twice", "No updates."),
        ("motivation", "DIVORCE. Sam Ortega", "DIVORCE."),
        ("target_return", "8 percent. can i see the rent roll? Marcus Lee, LLC buyer", "8 percent."),
        ("appointment", "just email me listings. im Jess Moran jess@moran.example", None),
        ("visit", "Nina Brooks yes", None),
        ("appointment", "saturday works. Dave Kim", "Saturday works."),
    ],
)
def test_words_of_ones_own_end_where_something_else_begins(asked: str, words: str, value: str | None) -> None:
    intent = {"condition": "seller", "visit": "renter", "target_return": "investor"}.get(asked, "buyer")
    assert heard(asked, words, intent=intent).get(asked) == value


@pytest.mark.parametrize("words", ["jan 1", "jan 1st", "feb 1", "by Feb 15"])
def test_a_date_is_no_sum(words: str) -> None:
    found = heard("price", words, intent="buyer")
    assert "price" not in found and found["timeline"] == "90_days"


@pytest.mark.parametrize(
    ("known", "words", "kind"),
    [
        ("buyer", "RENTING. 2 baths. 2500. jan 1. two dogs", "renter"),
        ("buyer", "none. renting", "renter"),
        ("buyer", "you got it wrong, i want to RENT an apartment", "renter"),
        ("buyer", "RENT not buy", "renter"),
        ("buyer", "2500 a month RENT", "renter"),
        ("buyer", "actually, I'd rather rent for now", "renter"),
        ("buyer", "what? I'm SELLING. can someone call us", "seller"),
        ("renter", "I am the LANDLORD", "message"),
        ("renter", "actually I'd like to buy a house instead", "buyer"),
        ("seller", "ok tell the agent 4410 s bannock, probate question", ""),
        ("seller", "no idea. zillow says 520", ""),
        ("buyer", "we have to sell our house first", ""),
        ("buyer", "tired of renting", ""),
        ("buyer", "we're renting now and the lease ends in march", ""),
        ("buyer", "need to sell my house too", ""),
        ("buyer", "I need to rent a truck for the move", ""),
    ],
)
def test_who_is_taken_for_another_is_heard_and_nobody_else(known: str, words: str, kind: str) -> None:
    assert named_outright(words, known) == kind


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("can u show me it tmrw at 1", "can you show me it tomorrow at 1"),
        ("tue at 4 or sat morning", "Tuesday at 4 or Saturday morning"),
        ("I sat down in the sun", "I sat down in the sun"),
        ("mail a.im@u.example", "mail a.im@u.example"),
        ("DTMF: 12#", "DTMF: 12#"),
    ],
)
def test_shorthand_is_written_out(words: str, plain: str) -> None:
    assert written_out(words) == plain


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (
            "hi saw 12 cherry lane online is it still available",
            ("hi saw 12 cherry lane online", "is it still available"),
        ),
        ("tell me what it is", ("tell me what it is", "")),
        ("spring maybe?", ("spring maybe?", "")),
    ],
)
def test_a_question_without_its_mark_is_one(words: str, parts: tuple[str, str]) -> None:
    assert parted(words) == parts


@pytest.mark.parametrize(
    "words", ["just call me", "can an agent just call me", "can someone just call me back"]
)
def test_a_wish_for_a_call_refuses_no_texts(words: str) -> None:
    assert ways_to_reach(words, asked=False) is None
    assert call_back(words, {"timezone": "America/Denver"}, NOW) is not None


def test_a_maybe_is_not_asked_again() -> None:
    seen = view("lead", "ask", ["buying_next"], "chat", intent="seller")
    assert understand("maybe a condo", seen) == [acts.Command("skip")]


@pytest.mark.parametrize(
    ("asked", "words", "slot", "value"),
    [
        ("financing", "al contado", "name", None),
        ("intent", "I'm investing, want a triplex to hold", "areas", None),
        ("intent", "we are moving to littleton from texas", "areas", ["Littleton"]),
        ("motivation", "no agent yet", "represented", "no"),
        ("represented", "talking to my bank", "financing", "talking"),
    ],
)
def test_small_words_are_no_names_and_no_towns(asked: str, words: str, slot: str, value: Any) -> None:
    known = {} if asked == "intent" else {"intent": "buyer"}
    assert heard(asked, words, **known).get(slot) == value
