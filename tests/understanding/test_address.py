"""Postal addresses out of speech."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.address import TYPE
from policies.regions import states
from tests.understanding.support import context

CTX = context("address", cues=["our office is at", "the house is at"])
FULL = {
    "line": "1234 Main Street, Suite 200, Denver, CO 80202",
    "street": "1234 Main Street",
    "unit": "Suite 200",
    "city": "Denver",
    "state": "CO",
    "zip": "80202",
}


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("1234 Main Street, Denver, Colorado 80202", "1234 Main Street, Denver, CO 80202"),
        (
            "twelve thirty four Main Street, Suite two hundred, Denver, Colorado, eight oh two oh two",
            FULL["line"],
        ),
        ("1234 Main Street sweet 200 Denver Colorado 80202", FULL["line"]),
        ("1234 Main Street Denver Colorado zip code 80202", "1234 Main Street, Denver, CO 80202"),
        (
            "our office is at 55 West 5th Avenue, Unit B, Boulder, CO 80301",
            "55 West 5th Avenue, Unit B, Boulder, CO 80301",
        ),
        ("three hundred five East Colfax Avenue Denver", "305 East Colfax Avenue, Denver"),
        ("ten oh five Pearl Street, Boulder Colorado", "1005 Pearl Street, Boulder, CO"),
        ("one Broadway, New York, New York 10004", "1 Broadway, New York, NY 10004"),
        ("22 Fifth Avenue, New York", "22 Fifth Avenue, New York, NY"),
        ("8 Saint James Court, Kansas City, Missouri 64111", "8 Saint James Court, Kansas City, MO 64111"),
        ("100 Main St #4 Austin TX 78701", "100 Main St, #4, Austin, TX 78701"),
        (
            "1600 Pennsylvania Avenue NW, Washington, DC 20500",
            "1600 Pennsylvania Avenue NW, Washington, DC 20500",
        ),
        ("1 Infinite Loop, Cupertino, C A 95014", "1 Infinite Loop, Cupertino, CA 95014"),
        ("500 Highway 36, Boulder", "500 Highway 36, Boulder"),
        ("221B Baker Street, Denver", "221B Baker Street, Denver"),
        ("PO Box 123, Denver, CO", "PO Box 123, Denver, CO"),
        ("12 Elm Street, sorry, 14 Elm Street, Denver", "14 Elm Street, Denver"),
    ],
)
def test_an_address(said: str, line: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None
    assert reading.value is not None
    assert reading.value["line"] == line


def test_the_rest_is_left() -> None:
    reading = TYPE.parse(
        "it's 742 Evergreen Terrace in Springfield, Illinois, and my phone is 303 555 0142", CTX
    )
    assert reading is not None
    assert reading.value["city"] == "Springfield"
    assert reading.rest == "and my phone is 303 555 0142"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("Denver, Colorado", "12 Cherry Lane, Denver, CO"),
        ("in Boulder", "12 Cherry Lane, Boulder"),
        ("Colorado Springs, Colorado 80903", "12 Cherry Lane, Colorado Springs, CO 80903"),
        ("eight oh two oh two", "12 Cherry Lane, 80202"),
        ("DTMF: 80202#", "12 Cherry Lane, 80202"),
        ("I don't know", "12 Cherry Lane"),  # asked once, not twice
    ],
)
def test_a_street_is_asked_for_its_town_once(said: str, line: str) -> None:
    asked = TYPE.parse("twelve Cherry Lane", CTX)
    assert asked is not None
    assert asked.ask
    done = TYPE.parse(said, replace(CTX, partial=asked.partial))
    assert done is not None
    assert done.value["line"] == line


def test_the_only_state_served_is_filled_in() -> None:
    reading = TYPE.parse("12 Cherry Lane, Denver", context("address", facts={"states_served": ["CO"]}))
    assert reading is not None
    assert reading.value["state"] == "CO"


@pytest.mark.parametrize(
    "said", ["I don't know", "yes", "the house is on Cherry Lane", "three bedrooms and two baths", ""]
)
def test_talk_is_no_address(said: str) -> None:
    assert TYPE.parse(said, CTX) is None


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("suite 300", {"unit": "Suite 300"}),
        ("no suite", {"unit": ""}),
        ("no, the zip is 80203", {"zip": "80203"}),
        ("eight oh two oh three", {"zip": "80203"}),
        ("it's Boulder not Denver", {"city": "Boulder"}),
        ("it's in Aurora", {"city": "Aurora"}),
        ("the number is 1243", {"street": "1243 Main Street"}),
        ("1243", {"street": "1243 Main Street"}),
        ("the street is Elm Street", {"street": "1234 Elm Street"}),
        ("Elm Street not Main Street", {"street": "1234 Elm Street"}),
    ],
)
def test_only_the_part_that_is_wrong_changes(said: str, changed: dict[str, Any]) -> None:
    reading = TYPE.repair(said, replace(CTX, current=FULL))
    assert reading is not None
    assert {k: v for k, v in reading.value.items() if k != "line"} == {
        k: v for k, v in {**FULL, **changed}.items() if k != "line"
    }


def test_a_bare_no_repairs_nothing() -> None:
    assert TYPE.repair("no", replace(CTX, current=FULL)) is None


def test_only_an_announced_address_is_found() -> None:
    found = TYPE.spot("our office is at 55 West 5th Avenue in Boulder, Colorado", CTX)
    assert found is not None
    assert found.value["city"] == "Boulder"
    assert TYPE.spot("I grew up at 55 West 5th Avenue in Boulder", CTX) is None


@pytest.mark.parametrize(
    "value",
    [
        {"street": "Main Street"},
        {"street": "n/a"},
        {**FULL, "zip": "8020"},
        {**FULL, "state": "XX"},
        "12 Elm Street",
        None,
    ],
)
def test_check_refuses(value: object) -> None:
    assert TYPE.check(value, CTX)
    assert TYPE.check(FULL, CTX) is None


def test_how_it_is_said_and_shown() -> None:
    assert TYPE.say(FULL, CTX) == "1 2 3 4 Main Street, Suite 200, Denver, Colorado, 8 0 2 0 2"
    assert TYPE.show(FULL, CTX) == FULL["line"]


@given(
    number=st.integers(1, 99999),
    street=st.sampled_from(
        ["Main Street", "Cherry Lane", "East Colfax Avenue", "Martin Luther King Boulevard", "5th Avenue"]
    ),
    city=st.sampled_from(["Denver", "Kansas City", "Saint Paul", "Fort Collins"]),
    state=st.sampled_from(sorted(states())),
    zip_=st.integers(501, 99950),
)
def test_what_is_read_back_is_understood_as_the_same(
    number: int, street: str, city: str, state: str, zip_: int
) -> None:
    value = {"street": f"{number} {street}", "unit": "", "city": city, "state": state, "zip": f"{zip_:05d}"}
    for text in (TYPE.say(value, CTX), TYPE.show(value, CTX)):
        reading = TYPE.parse(text, CTX)
        assert reading is not None
        assert {k: v for k, v in (reading.value or {}).items() if k != "line"} == value
