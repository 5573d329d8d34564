"""Names of people: as heard, as spelled, and never from a list."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.understanding.base import Reading
from agent.understanding.names import cased
from agent.understanding.placeholders import is_placeholder
from agent.understanding.spelling import sounds_like
from agent.understanding.types.person_name import TYPE
from flows.schema import Confirm
from tests.understanding.support import context

CTX = context("person_name", cues=["my name is", "this is"])
MARIA = {"first": "Maria", "last": "Lopez", "display": "Maria Lopez", "spelled": False}


def heard(text: str, **more: Any) -> Reading:
    reading = TYPE.parse(text, context("person_name", **more))
    assert reading is not None
    return reading


@pytest.mark.parametrize(
    ("said", "first", "last", "spelled"),
    [
        ("Maria Lopez", "Maria", "Lopez", False),
        ("maria lopez.", "Maria", "Lopez", False),
        ("MARIA LOPEZ", "Maria", "Lopez", False),
        ("Maria Lopez, L O P E Z", "Maria", "Lopez", True),
        ("Wes Okafor, managing broker. Is our name right?", "Wes", "Okafor", False),
        ("Harold Dietz, VP of operations", "Harold", "Dietz", False),
        ("My name is Maria Lopez. L-O-P-E-S.", "Maria", "Lopes", True),
        ("Maria, L O P E Z", "Maria", "Lopez", True),
        ("M-A-R-I-A L-O-P-E-Z", "Maria", "Lopez", True),
        ("M A R I A, L O P E Z", "Maria", "Lopez", True),
        ("Maria Lopez with an S at the end", "Maria", "Lopes", True),
        ("Maria Lopes, sorry, Lopez with a z", "Maria", "Lopez", True),
        ("This is Maria Lopez speaking.", "Maria", "Lopez", False),
        ("um, uh, Maria, uh, Lopez", "Maria", "Lopez", False),
        ("sure, it's Maria Lopez", "Maria", "Lopez", False),
        ("first name Maria, last name Lopez", "Maria", "Lopez", False),
        ("First name is Maria. Last name is L-O-P-E-Z", "Maria", "Lopez", True),
        ("last name Lopez, first name Maria", "Maria", "Lopez", False),
        ("Kim when, N G U Y E N", "Kim", "Nguyen", True),  # the recogniser's word gives way to the letters
        ("Kim Nguyen, that's spelled N-G-U-Y-E-N", "Kim", "Nguyen", True),
        ("This is Dana Whitfield, W, H-I-T-F-I-D-L-D.", "Dana", "Whitfield", True),  # E heard as D
        ("Maria Lopez, L L P D D D.", "Maria", "Lopez", False),  # letters nobody said
        ("Brian Smith, S M Y T H", "Brian", "Smyth", True),
        ("John O'Connor, O. Vostrophe, C. O. N. N. O. R.", "John", "O'Connor", True),
        ("Priya Patel P as in Peter A T E L", "Priya", "Patel", True),
        ("Siobhan O'Connor, that's O apostrophe C O N N O R", "Siobhan", "O'Connor", True),
        ("katherine o'brien", "Katherine", "O'Brien", False),
        ("Jean-Luc Picard", "Jean-Luc", "Picard", False),
        ("Anna Smith hyphen Jones", "Anna", "Smith-Jones", False),
        ("Vincent van Gogh", "Vincent", "van Gogh", False),
        ("Maria de la Cruz", "Maria", "de la Cruz", False),
        ("Ludwig von Berg, V O N space B E R G", "Ludwig", "von Berg", True),
        ("Mary Ann Smith", "Mary Ann", "Smith", False),
        ("John Q. Public", "John", "Public", False),
        ("J.T. Walsh", "J.T.", "Walsh", False),
        ("Robert Downey Jr.", "Robert", "Downey Jr.", False),
        ("ronald mcdonald", "Ronald", "McDonald", False),
        ("DeShawn Jackson", "DeShawn", "Jackson", False),
        ("Dr. Maria Lopez", "Maria", "Lopez", False),
        ("Jay Kim", "Jay", "Kim", False),  # a name, not the letter J
        ("Victor Oscar", "Victor", "Oscar", False),  # names, not the radio alphabet
        ("Will May", "Will", "May", False),
        ("José García", "José", "García", False),
        ("Xochitl Hernandez", "Xochitl", "Hernandez", False),
    ],
)
def test_a_name(said: str, first: str, last: str, spelled: bool) -> None:
    value = heard(said).value
    assert (value["first"], value["last"], value["spelled"]) == (first, last, spelled)


def test_the_display_keeps_what_first_and_last_leave_out() -> None:
    assert heard("John Q. Public").value["display"] == "John Q. Public"


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("I'm Maria Lopez and I'm the broker", "and I'm the broker"),
        ("Maria Lopez, my email is maria at x dot com", "my email is maria at x dot com"),
        ("hi this is Maria Lopez with Coldwell Banker", "with Coldwell Banker"),
        ("Maria Lopez from Harbor Realty", "from Harbor Realty"),
    ],
)
def test_what_else_was_said_is_left_for_other_slots(said: str, rest: str) -> None:
    reading = heard(said)
    assert reading.value["display"] == "Maria Lopez"
    assert reading.rest == rest


@pytest.mark.parametrize("said", ["It's Maria.", "you can call me Maria", "Maria", "M A R I A"])
def test_a_first_name_asks_for_the_surname(said: str) -> None:
    reading = heard(said)
    assert reading.ask
    assert reading.partial == {"first": "Maria"}


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("Lopez", "Lopez"),
        ("L O P E Z", "Lopez"),
        ("it's Lopez, L-O-P-E-S", "Lopes"),
        ("Maria Lopez", "Lopez"),
        ("van der Berg", "van der Berg"),
        ("my last name is Nguyen", "Nguyen"),
        ("N as in Nancy, G, U, Y, E, N as in Nancy", "Nguyen"),
    ],
)
def test_the_surname_completes_it(said: str, last: str) -> None:
    assert heard(said, partial={"first": "Maria"}).value["last"] == last


def test_a_first_name_is_enough_where_the_flow_says_so() -> None:
    assert heard("It's Maria", options={"parts": "any"}).value["first"] == "Maria"


def test_what_is_no_name_is_asked_to_be_spelled() -> None:
    reading = heard("Kim d9")  # what recognisers make of Nguyen
    assert reading.partial == {"first": "Kim"}
    assert "spelled" in reading.ask


@pytest.mark.parametrize(
    "said",
    [
        "yes",
        "no",
        "I don't know",
        "what do you mean",
        "can you repeat that",
        "hold on a second",
        "Harbor Realty",
        "Setting up an account",
        "I would like to set up my phone agent",
        "DTMF: 1#",
        "I'd rather not say",
        "303 555 0142",
        "",
    ],
)
def test_talk_is_no_name(said: str) -> None:
    assert TYPE.parse(said, CTX) is None


@pytest.mark.parametrize("said", ["unknown", "N/A", "test", "my name is none", "Test Test"])
def test_placeholders_are_refused(said: str) -> None:
    reading = heard(said)
    assert reading.value is None
    assert reading.problem


@pytest.mark.parametrize(
    ("said", "display"),
    [
        ("no, it's Marie", "Marie Lopez"),
        ("no, L-O-P-E-S", "Maria Lopes"),
        ("It's L O P D S.", "Maria Lopes"),  # E heard as D
        ("Lopes with an S", "Maria Lopes"),
        ("with an S at the end", "Maria Lopes"),
        ("the last letter is S", "Maria Lopes"),
        ("no, the last name is Lopes", "Maria Lopes"),
        ("first name is Mario", "Mario Lopez"),
        ("it's N as in Nancy", "Naria Lopez"),  # the only letter that sounds like it
        ("double p", "Maria Loppez"),
        ("no, Mario Gomez", "Mario Gomez"),
        ("no, it's spelled L O P P E Z", "Maria Loppez"),
    ],
)
def test_only_the_part_that_is_wrong_changes(said: str, display: str) -> None:
    reading = TYPE.repair(said, replace(CTX, current=MARIA))
    assert reading is not None
    assert reading.value["display"] == display


def test_letters_that_were_denied_as_heard_give_way_to_the_word_beside_them() -> None:
    drooks = {"first": "Dana", "last": "Drooks", "display": "Dana Drooks", "spelled": True}
    said = "No, first name Dana, D-A-N-A, last name Brooks, D-R-O-O-K-S."
    reading = TYPE.repair(said, replace(CTX, current=drooks))
    assert reading is not None and reading.value["display"] == "Dana Brooks"
    kept = TYPE.repair("no, Maria Lopez, L-O-P-E-Z", replace(CTX, current=MARIA))
    assert kept is not None and kept.value["display"] == "Maria Lopez"


@pytest.mark.parametrize("said", ["no", "yes", "that's wrong", "DTMF: 2#"])
def test_a_bare_no_repairs_nothing(said: str) -> None:
    assert TYPE.repair(said, replace(CTX, current=MARIA)) is None


def test_a_part_named_wrong_is_asked_for_again() -> None:
    reading = TYPE.repair("the first name is wrong", replace(CTX, current=MARIA))
    assert reading is not None
    assert reading.partial == {"last": "Lopez"}
    assert heard("Mario", partial=reading.partial).value["display"] == "Mario Lopez"


def test_a_name_is_found_where_it_is_announced() -> None:
    reading = TYPE.spot("Hi, this is Maria Lopez, I'd like to set up an account", CTX)
    assert reading is not None
    assert reading.value["display"] == "Maria Lopez"


@pytest.mark.parametrize(
    "said",
    [
        "I'm calling from Harbor Realty",
        "this is Harbor Realty",
        "I'm the broker",
        "I'm interested in buying",
        "This is great news",
        "I'm Happy",
        "this is about a house",
        "I am looking for Maria Lopez",
    ],
)
def test_no_name_is_invented(said: str) -> None:
    assert TYPE.spot(said, CTX) is None


def test_the_surname_is_spelled_back_where_it_must_be_confirmed() -> None:
    explicit = replace(CTX, slot=CTX.slot.model_copy(update={"confirm": Confirm.EXPLICIT}))
    assert TYPE.say(MARIA, explicit) == "Maria Lopez, last name L-O-P, E-Z"
    assert "P as in Peter" in TYPE.say(MARIA, replace(explicit, fails=1))
    assert TYPE.say(MARIA, CTX) == "Maria Lopez"


@pytest.mark.parametrize(
    "value",
    [
        None,
        "Maria Lopez",
        {"first": "Maria"},
        {"first": "Maria", "last": ""},
        {"first": "Unknown", "last": "Lopez"},
        {"first": "M4ria", "last": "Lopez"},
    ],
)
def test_check_refuses(value: object) -> None:
    assert TYPE.check(value, CTX)


def test_check_accepts() -> None:
    assert TYPE.check(MARIA, CTX) is None
    assert TYPE.check({"first": "José", "last": "de la Cruz-O'Neil"}, CTX) is None


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("o'brien", "O'Brien"),
        ("mcdonald", "McDonald"),
        ("DeShawn", "DeShawn"),
        ("smith-jones", "Smith-Jones"),
        ("mack", "Mack"),
    ],
)
def test_capitals(raw: str, written: str) -> None:
    assert cased(raw) == written


@given(last=st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=10))
def test_a_spelled_surname_is_taken_letter_by_letter(last: str) -> None:
    assume(not is_placeholder(last) and not sounds_like("maria", last) and not re.search(r"(.)\1\1", last))
    reading = TYPE.parse(f"Maria When, {', '.join(last.upper())}", CTX)
    assert reading is not None
    assert reading.value["last"].lower() == last
    assert reading.value["spelled"]


@pytest.mark.parametrize("said", ["max 2100, two bedrooms", "Max $400k", "min. 1500"])
def test_a_limit_is_nobodys_name(said: str) -> None:
    assert TYPE.parse(said, CTX) is None
