"""A yes with a remark beside it is one; a yes with a condition is none (A042)."""

from __future__ import annotations

import pytest

from agent import acts
from agent.form.state import Awaiting
from agent.understanding.understand import understand
from tests.conversation.test_brokers import ACCOUNT
from tests.conversation.test_precision import told, view


def asked(slot: str, text: str) -> object:
    return told(
        understand(text, view("onboarding", "ask", [slot], "chat", organization_name="Peak Homes"))
    ).get(slot)


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        ("activate", "ok whatever, go live"),
        ("activate", "what?? i just meant the voices. fine switch it on"),
        ("activate", "well you know what, screw it, turn it on"),
        ("keep_rules", "ok keep the standard ones"),
        ("keep_rules", "sounds reasonable"),
        ("run_tests", "ready"),
        ("run_tests", "born ready haha"),
        ("authority", "lol my husband thinks he is the boss but yes"),
        ("fair_housing_ack", "obviously. we always do"),
    ],
)
def test_a_yes_in_one_clause_is_a_yes(slot: str, said: str) -> None:
    assert asked(slot, said) is True


@pytest.mark.parametrize(
    "said",
    [
        "I'll switch it on tomorrow",
        "yeah once we've hired somebody",
        "yes, but if my lawyer says no we stop",
        "we will go live next week",
        "don't switch it on",
        "why would I go live",
        "no. wait. yes. no",
    ],
)
def test_what_is_not_plain_switches_nothing_on(said: str) -> None:
    assert asked("activate", said) is not True


def at_summary(text: str) -> list[acts.Event]:
    seen = view("onboarding", "summary", [], "chat", proposed=ACCOUNT)
    seen.state.awaiting = Awaiting(kind="summary", slots=[], step="account")
    return understand(text, seen)


@pytest.mark.parametrize(
    "said",
    [
        "hehe ok yes correct",
        "And two million? Well, it will do. Yes.",
        "why does it say that? I didn't ask for it. But ok. Yes save it.",
        "I said plus apartments.com, but fine, yes",
        "i guess thats all correct, thank you kei",
        "not my favourite, but ok",
    ],
)
def test_a_remark_takes_no_yes_away(said: str) -> None:
    assert acts.Yes() in at_summary(said)


@pytest.mark.parametrize(
    "said",
    [
        "yes, but we're nine people",
        "fine, but the company is Blue Spruce Realty",
        "ok if you fix my name",
        "that's not right. ok?",
        "I don't think so, fine print says otherwise",
    ],
)
def test_a_correction_beside_a_yes_is_seen_first(said: str) -> None:
    assert acts.Yes() not in at_summary(said)
