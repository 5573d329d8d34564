"""Roles: well-known ones and any other short title."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.understanding.types.role_title import TYPE
from tests.understanding.support import context

CTX = context("role_title", cues=["I'm the"])


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("broker", "Broker"),
        ("I'm the broker.", "Broker"),
        ("yes, I'm the broker owner", "Broker Owner"),
        ("broker slash owner", "Broker and Owner"),
        ("I'm the owner and broker", "Owner and Broker"),
        ("I'm the managing broker at Harbor Realty", "Managing Broker"),
        ("just an agent", "Agent"),
        ("c e o", "CEO"),
        ("my role is transaction coordinator", "Transaction Coordinator"),
        ("I own the brokerage", "Owner"),
        ("I run the office", "Office Manager"),
        ("Director of Operations", "Director of Operations"),
        ("chief happiness officer", "Chief Happiness Officer"),  # an open set
        ("head of sales", "Head of Sales"),
        ("broker, sorry, office manager", "Office Manager"),
        ("I told you: VP of operations.", "VP of Operations"),
        ("Rita Chow, broker in charge", "Broker in Charge"),
        ("Wes Okafor, managing broker. Is our name right now?", "Managing Broker"),
    ],
)
def test_a_title(said: str, title: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None
    assert reading.value == title


@pytest.mark.parametrize(
    "said",
    [
        "yes",
        "no",
        "I don't know",
        "what do you mean",
        "can I speak to a person",
        "I'm in charge of it",
        "DTMF: 1",
        "",
    ],
)
def test_talk_is_no_title(said: str) -> None:
    assert TYPE.parse(said, CTX) is None


def test_placeholders_are_refused() -> None:
    reading = TYPE.parse("unknown", CTX)
    assert reading is not None
    assert reading.problem


def test_a_title_is_found_in_another_answer() -> None:
    reading = TYPE.spot("I'm Maria Lopez and I'm the managing broker of Oak Hill", CTX)
    assert reading is not None
    assert reading.value == "Managing Broker"
    for said in (
        "I'm the agent's wife",
        "I'm a buyer",
        "I'm looking for an agent",
        "is this the office manager",
    ):
        assert TYPE.spot(said, CTX) is None


def test_a_correction() -> None:
    reading = TYPE.repair("no, I'm the owner, not the broker", replace(CTX, current="Broker"))
    assert reading is not None
    assert reading.value == "Owner"
    assert TYPE.repair("no", replace(CTX, current="Broker")) is None


def test_how_it_is_said() -> None:
    assert TYPE.say("Managing Broker", CTX) == "managing broker"
    assert TYPE.say("CEO", CTX) == "CEO"
    assert TYPE.check("Managing Broker", CTX) is None
    assert TYPE.check("n/a", CTX)
