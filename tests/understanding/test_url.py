"""Web addresses, typed and spoken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.understanding.types.url import TYPE
from tests.understanding.support import context

CTX = context("url", cues=["our website is"])
HOOK = context("url", cues=["webhook"], options={"https": True})


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("harborrealty.com", "https://harborrealty.com"),
        ("https://www.HarborRealty.com/", "https://harborrealty.com"),
        ("www dot harbor realty dot com", "https://harborrealty.com"),
        ("w w w dot harbor realty dot com", "https://harborrealty.com"),
        ("double u double u double u dot oak hill dot net", "https://oakhill.net"),
        ("h t t p s colon slash slash harbor realty dot com", "https://harborrealty.com"),
        ("it's harbor realty dot com slash denver", "https://harborrealty.com/denver"),
        ("our website is Harbor Realty.com", "https://harborrealty.com"),
        ("harbor dash realty dot com", "https://harbor-realty.com"),
        ("b h h s dot com", "https://bhhs.com"),
        ("harbor realty dot realtor", "https://harborrealty.realtor"),
        ("harborrealty.com, sorry, harborhomes.com", "https://harborhomes.com"),
        ("https://hooks.zapier.com/hooks/catch/123/Abc", "https://hooks.zapier.com/hooks/catch/123/Abc"),
    ],
)
def test_an_address(said: str, url: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None
    assert reading.value == url


def test_a_name_without_an_ending_is_asked_for_it() -> None:
    asked = TYPE.parse("harbor realty", CTX)
    assert asked is not None
    assert asked.ask
    for said, url in (("yes", "https://harborrealty.com"), ("no, dot net", "https://harborrealty.net")):
        done = TYPE.parse(said, replace(CTX, partial=asked.partial))
        assert done is not None
        assert done.value == url


def test_the_domain_of_the_email() -> None:
    reading = TYPE.parse(
        "the same as our email domain", context("url", facts={"admin_email": "m@harborrealty.com"})
    )
    assert reading is not None
    assert reading.value == "https://harborrealty.com"


@pytest.mark.parametrize(
    "said", ["we don't have one", "yes", "no", "I don't know", "maria@harborrealty.com", ""]
)
def test_talk_is_no_address(said: str) -> None:
    assert TYPE.parse(said, CTX) is None


def test_the_rest_is_left() -> None:
    reading = TYPE.parse("It's at oak hill homes dot com and my phone is 303 555 0142", CTX)
    assert reading is not None
    assert reading.rest == "and my phone is 303 555 0142"


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("dot net", "https://harborrealty.net"),
        ("no, harbor homes dot com", "https://harborhomes.com"),
        ("harper realty", "https://harperrealty.com"),
        ("it's spelled H A R B O U R R E A L T Y", "https://harbourrealty.com"),
        ("there's a u after the o", "https://harbourrealty.com"),
    ],
)
def test_only_what_is_wrong_changes(said: str, url: str) -> None:
    reading = TYPE.repair(said, replace(CTX, current="https://harborrealty.com"))
    assert reading is not None
    assert reading.value == url


def test_cues_decide_whose_address_it_is() -> None:
    said = "our website is harborrealty.com"
    found = TYPE.spot(said, CTX)
    assert found is not None
    assert found.value == "https://harborrealty.com"
    assert TYPE.spot(said, HOOK) is None


@pytest.mark.parametrize(
    "value",
    [
        "harborrealty.com",
        "ftp://x.com",
        "https://127.0.0.1/x",
        "https://[::1]/",
        "https://db.internal/x",
        "https://localhost:8000",
        "https://user:pw@x.com",
        "https://x",
        None,
    ],
)
def test_check_refuses(value: object) -> None:
    assert TYPE.check(value, CTX)


def test_a_webhook_must_be_encrypted() -> None:
    assert TYPE.check("http://harbor.com/hook", HOOK)
    assert TYPE.check("http://harbor.com/hook", CTX) is None


def test_how_it_is_said_and_shown() -> None:
    assert TYPE.say("https://harborrealty.com/denver", CTX) == "harbor realty dot com slash denver"
    assert TYPE.show("https://harborrealty.com", CTX) == "harborrealty.com"
    assert TYPE.show("https://x.com/h", HOOK) == "https://x.com/h"


@example(label="www-aa", ending="com")
@given(
    # "w w w a b" spelled aloud is "www, a b": nobody can tell such a name from its prefix
    label=st.from_regex(r"(?!www[a-z0-9])[a-z0-9]{2,12}(-[a-z]{2,6})?", fullmatch=True),
    ending=st.sampled_from(["com", "net", "co.uk", "homes"]),
)
def test_what_is_read_back_is_understood_as_the_same(label: str, ending: str) -> None:
    url = f"https://{label}.{ending}"
    if TYPE.check(url, CTX):
        return
    for text in (TYPE.say(url, CTX), TYPE.show(url, CTX)):
        reading = TYPE.parse(text, CTX)
        assert reading is not None, text
        assert reading.value == url, text
