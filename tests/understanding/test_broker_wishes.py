"""Rules a broker gives, told apart from the answers beside them; how much follow-up is meant (A047)."""

from __future__ import annotations

import pytest

from agent.understanding.broker_wishes import broker_wishes
from agent.understanding.cadence import CHOICES, cadence_said


@pytest.mark.parametrize(
    ("said", "topics", "rest"),
    [
        (
            "No, leads come to me only, and hot means above two million or paying cash.",
            ["handling", "hot"],
            "No,",
        ),
        (
            "keep the standard, but hot is who is pre-approved and moves in 30 days",
            ["hot"],
            "keep the standard,",
        ),
        ("yes. and maintenance calls should go to 512-555-0103", ["handling"], "yes."),
        ("no, all leads to me. and my wife June gets a copy", ["handling"], "no, all leads to me."),
        ("never book before 10:30 and make price 30", ["earliest"], "and make price 30"),
        ("I agree. But please fix the emails: one after a day", ["follow_up"], "I agree."),
        ("nah. anything over 750 is hot for me", ["hot"], "nah."),
        ("looks right except the follow ups", ["follow_up"], ""),
        ("wait, weekends should ring Carlos instead", ["handling"], "wait,"),
        ("ready. btw any leak or fire goes to 512-555-0103, day or night", ["handling"], "ready."),
        ("303 555 0142, but after 6 try Maria first", ["handling"], "303 555 0142,"),
        ("each office area gets its own leads", ["sharing"], ""),
        ("take a message. but if its about a showing same day text me", ["handling"], "take a message."),
        ("can i ask what hot is? for us its someone who pays cash", ["hot"], "can i ask what hot is?"),
    ],
)
def test_a_rule_and_what_stands_beside_it(said: str, topics: list[str], rest: str) -> None:
    found, left = broker_wishes(said)
    assert [wish.topic for wish in found] == topics and left == rest


@pytest.mark.parametrize(
    "said",
    [
        "my email is dana@x.example and call me on 303 555 0142",
        "transfer calls to 303 555 0142",
        "Mon to Sat 9 to 7, sunday by appt only",
        "I have one email address, dana@x.example",
        "what is a hot lead?",
        "the stove is hot",
        "Calls, our website and apartments.com",
        "a boutique in Miami, six agents",
    ],
)
def test_no_rule_is_given(said: str) -> None:
    assert broker_wishes(said)[0] == []


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Four emails is too much, one is fine", "gentle"),
        ("No, I said ONE email, not four", "gentle"),
        ("no more than one e-mail", "gentle"),
        ("id rather no emails to my people", "none"),
        ("Keep the four e-mails then", "standard"),
        ("a single one the next day", "gentle"),
        ("except the follow ups, just skip those", "none"),
        ("a single mail is plenty", "gentle"),
        ("two emails only", CHOICES),
    ],
)
def test_how_much_follow_up(said: str, meant: str) -> None:
    reading = cadence_said(said)
    assert reading is not None and (reading.value or reading.ask) == meant
