"""E-mail addresses as recognisers write them down, in halves, repaired, and read back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.base import Reading
from agent.understanding.types.email import TYPE
from tests.understanding.support import context

OWN = {"organization_domain": "harborrealty.com", "organization_name": "Harbor Realty"}
CTX = context("email")


def heard(text: str, **more: Any) -> Reading:
    reading = TYPE.parse(text, context("email", **more))
    assert reading is not None
    return reading


@pytest.mark.parametrize(
    ("said", "address"),
    [
        # spelled
        ("M B A R T, underscore, two, at B H H S dot com.", "mbart_2@bhhs.com"),
        ("M-B-A-R-T underscore 2 at bhhs.com", "mbart_2@bhhs.com"),
        ("M. B. A. R. T. underscore to at B-H-H-S dot com", "mbart_2@bhhs.com"),
        ("MBART_2 at BHHS.com", "mbart_2@bhhs.com"),
        ("mbart underscore 2@bhhs.com", "mbart_2@bhhs.com"),
        ("M as in Mike, B as in boy, A, R, T at gmail", "mbart@gmail.com"),
        ("em as in Mike, bee as in boy, a, are, tea, at gmail dot com", "mbart@gmail.com"),
        ("mike bravo alpha romeo tango at gmail", "mbart@gmail.com"),
        ("m a r i a at sign gmail period com", "maria@gmail.com"),
        ("M. A. R. I. A. at gmail dot com", "maria@gmail.com"),
        ("double l o y d at a o l dot com", "lloyd@aol.com"),
        # words and mixtures
        ("maria at harbor realty dot com", "maria@harborrealty.com"),
        ("Maria at HarborRealty.com.", "maria@harborrealty.com"),
        ("Maria, at, Harbor, Realty, dot, com", "maria@harborrealty.com"),
        ("Sure, it's maria dot lopez at gmail dot com.", "maria.lopez@gmail.com"),
        ("maria dot l o p e z at harbor realty dot com", "maria.lopez@harborrealty.com"),
        ("lopez, L O P E S, at gmail dot com", "lopes@gmail.com"),
        ("maria plus leads at gmail dot com", "maria+leads@gmail.com"),
        (
            "um my email address is, um, john underscore smith at outlook dot com, thanks",
            "john_smith@outlook.com",
        ),
        ("j smith 42 at yahoo.com", "jsmith42@yahoo.com"),
        ("m lopez nineteen eighty five at hotmail.com", "mlopez1985@hotmail.com"),
        ("bob dash jones at comcast dot net", "bob-jones@comcast.net"),
        ("info at oak hill dot realty", "info@oakhill.realty"),
        ("sales at c 21 denver dot com", "sales@c21denver.com"),
        ("maria at mail dot harbor dot co dot uk", "maria@mail.harbor.co.uk"),
        ("you can reach me at maria at harborrealty.com", "maria@harborrealty.com"),
        ("sam o'neil at gmail dot com", "samoneil@gmail.com"),
        # what recognisers do to it
        ("priya at oh kill realty.com", "priya@ohkillrealty.com"),
        ("maria gmail.com", "maria@gmail.com"),
        ("mariaatgmail.com", "maria@gmail.com"),
        # transcripts of Whisper base at 8 kHz
        ("ms and mic, ds and boy, a r t, gmail dot com.", "mbart@gmail.com"),
        ("it's Maria dot lobe as a gmail dot com.", "maria.lobe@gmail.com"),
        ("jannon underscore smithedoutlook.com.", "jannon_smith@outlook.com"),
        ("Bob Dash Jones, the comcast.net.", "bob-jones@comcast.net"),
        ("maria at gmail dot calm", "maria@gmail.com"),
        ("maria at gmail dotcom", "maria@gmail.com"),
        ("maria at gmail com", "maria@gmail.com"),
        ("maria @ harbor realty.com", "maria@harborrealty.com"),
        ("M-A-R-I-A@gmail.com", "m-a-r-i-a@gmail.com"),  # written with an @: typed, taken as it is
        # typed
        ("maria@harborrealty.com", "maria@harborrealty.com"),
        ("J-Smith-42@Yahoo.com", "j-smith-42@yahoo.com"),
        ("it is maria.lopez+crm@sub.harbor-realty.co.uk, ok?", "maria.lopez+crm@sub.harbor-realty.co.uk"),
        # corrected in the same breath
        ("maria at gmail dot com, sorry, marie at gmail dot com", "marie@gmail.com"),
    ],
)
def test_a_whole_address_in_one_sentence(said: str, address: str) -> None:
    assert heard(said).value == address


def test_a_swallowed_at_is_told_from_the_name_by_what_is_known() -> None:
    assert heard("PRIYAT gmail.com").value == "priy@gmail.com"
    known = {"admin_name": {"first": "Priya", "last": "Patel"}}
    assert heard("PRIYAT gmail.com", facts=known).value == "priya@gmail.com"


@pytest.mark.parametrize(
    "said",
    ["I don't know", "can you text me a link", "yes", "no", "what?", "the at sign", "hold on a second", ""],
)
def test_talk_is_no_address(said: str) -> None:
    assert TYPE.parse(said, CTX) is None


@pytest.mark.parametrize(
    "said",
    [
        "DTMF: 123#",
        "test at test dot com",
        "none@none.com",
        "maria dot dot lopez at gmail dot com",
        "maria@x.test",
    ],
)
def test_what_cannot_be_is_explained(said: str) -> None:
    reading = heard(said)
    assert reading.value is None
    assert reading.problem.endswith((".", "?"))


@pytest.mark.parametrize(
    ("said", "user"),
    [
        ("maria", "maria"),
        ("M A R I A", "maria"),
        ("maria dot lopez", "maria.lopez"),
        ("It's M-B-A-R-T, underscore, 2", "mbart_2"),
        ("the part before the at is m lopez", "mlopez"),
    ],
)
def test_the_user_part_alone_asks_for_the_domain(said: str, user: str) -> None:
    reading = heard(said)
    assert reading.partial == {"user": user}
    assert reading.ask


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("gmail", "maria@gmail.com"),
        ("at gmail dot com", "maria@gmail.com"),
        ("yes", "maria@harborrealty.com"),
        ("DTMF: 1#", "maria@harborrealty.com"),
        ("same as our website", "maria@harborrealty.com"),
        ("our own domain", "maria@harborrealty.com"),
        ("harbor realty", "maria@harborrealty.com"),
        ("b h h s dot com", "maria@bhhs.com"),
        ("Sure, it's bhhs.com", "maria@bhhs.com"),
        ("bob at bhhs dot com", "bob@bhhs.com"),  # the whole address after all
    ],
)
def test_the_domain_completes_it(said: str, address: str) -> None:
    assert heard(said, facts=OWN, partial={"user": "maria"}).value == address


def test_the_question_for_the_domain_offers_the_callers_own() -> None:
    assert "harbor realty dot com" in heard("maria", facts=OWN).ask
    again = heard("no", facts=OWN, partial={"user": "maria"})
    assert again.partial == {"user": "maria"}
    assert again.ask


def test_a_name_without_an_ending_is_asked_for_it() -> None:
    reading = heard("oak hill homes", partial={"user": "maria"})
    assert reading.ask == "Does that end in dot com?"
    assert heard("yes", partial=reading.partial).value == "maria@oakhillhomes.com"
    assert heard("no, dot net", partial=reading.partial).value == "maria@oakhillhomes.net"


def test_the_domain_may_come_first() -> None:
    reading = heard("at gmail dot com")
    assert reading.partial == {"host": "gmail.com"}
    assert heard("M A R I A", partial=reading.partial).value == "maria@gmail.com"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("maria@gmial.com", "maria@gmail.com"),
        ("maria@gmail.co", "maria@gmail.com"),
        ("maria@gmail.con", "maria@gmail.com"),
        ("maria@hotmial.com", "maria@hotmail.com"),
        ("maria at harper realty dot com", "maria@harborrealty.com"),
        ("maria at oh kill realty dot com", "maria@oakhillrealty.com"),
    ],
)
def test_a_likely_slip_is_offered_not_made(said: str, meant: str) -> None:
    reading = heard(said, facts=OWN)
    assert reading.suggestion == meant
    assert reading.value != meant


@pytest.mark.parametrize(
    "said", ["maria@mail.com", "maria@gmx.com", "maria@bhhs.com", "maria@harborrealty.com"]
)
def test_a_good_domain_is_left_alone(said: str) -> None:
    assert heard(said, facts=OWN).suggestion is None


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("No, it's N as in Nancy.", "nbart_2@bhhs.com"),
        ("the last letter is D", "mbard_2@bhhs.com"),
        ("No, it's in as a Nancy.", "nbart_2@bhhs.com"),  # as Whisper hears it
        ("no, three not two", "mbart_3@bhhs.com"),
        ("it's a dash not an underscore", "mbart-2@bhhs.com"),
        ("there's no underscore", "mbart2@bhhs.com"),
        ("no M B A R D underscore 2", "mbard_2@bhhs.com"),
        ("the part before the at is M A R T", "mart@bhhs.com"),
        ("before the at it's mart", "mart@bhhs.com"),
        ("the domain is gmail.com", "mbart_2@gmail.com"),
        ("no, the domain is B H H F", "mbart_2@bhhf.com"),
        ("no, gmail", "mbart_2@gmail.com"),
        ("it's at gmail dot com", "mbart_2@gmail.com"),
        ("it's b h h r dot com", "mbart_2@bhhr.com"),
        ("dot net", "mbart_2@bhhs.net"),
        ("dot org not dot com", "mbart_2@bhhs.org"),
        ("no, maria at gmail dot com", "maria@gmail.com"),
    ],
)
def test_only_the_part_that_is_wrong_changes(said: str, address: str) -> None:
    reading = TYPE.repair(said, replace(CTX, current="mbart_2@bhhs.com"))
    assert reading is not None
    assert reading.value == address


@pytest.mark.parametrize("said", ["no", "yes", "that's wrong", "I'm not sure", "", "dash, dot, underscore"])
def test_a_bare_no_repairs_nothing(said: str) -> None:
    assert TYPE.repair(said, replace(CTX, current="mbart_2@bhhs.com")) is None


def test_an_ambiguous_letter_is_asked_for_and_then_put_in_place() -> None:
    ctx = replace(CTX, current="pedt@bhhs.com")
    asked = TYPE.repair("B as in boy", ctx)
    assert asked is not None
    assert "first letter" in asked.ask
    done = TYPE.parse("the first one", replace(ctx, partial=asked.partial))
    assert done is not None
    assert done.value == "bedt@bhhs.com"


def test_a_part_named_wrong_is_asked_for_again() -> None:
    asked = TYPE.repair("the domain is wrong", replace(CTX, current="mbart_2@bhhs.com"))
    assert asked is not None
    assert asked.partial == {"user": "mbart_2"}


@pytest.mark.parametrize(
    ("said", "address", "rest"),
    [
        (
            "My name is Maria Lopez and my email is maria at harbor realty dot com and I'm the broker",
            "maria@harborrealty.com",
            "My name is Maria Lopez and I'm the broker",
        ),
        ("Maria Lopez, maria@x.com", "maria@x.com", "Maria Lopez"),
    ],
)
def test_an_address_is_found_in_another_answer(said: str, address: str, rest: str) -> None:
    reading = TYPE.spot(said, CTX)
    assert reading is not None
    assert (reading.value, reading.rest) == (address, rest)


@pytest.mark.parametrize(
    "said",
    [
        "I work at harbor realty dot com",
        "look at zillow dot com",
        "please invite my assistant bob@x.com",
        "meet me at five",
    ],
)
def test_somebody_elses_and_accidental_addresses_are_left(said: str) -> None:
    assert TYPE.spot(said, CTX) is None


def test_a_name_in_the_user_part_is_compared_with_how_it_was_spelled() -> None:
    facts = {"admin_name": {"first": "Kim", "last": "Nguyen"}}
    assert heard("kim dot N T U Y E N at gmail dot com", facts=facts).suggestion == "kim.nguyen@gmail.com"
    assert heard("kim dot N G U Y E N at gmail dot com", facts=facts).suggestion is None
    assert heard("kim.ntuyen@gmail.com", facts=facts).suggestion is None  # typed


def test_speech_is_written_the_american_way_unless_the_firm_is_not() -> None:
    said = "maria at harbourrealty.com"
    assert heard(said).value == "maria@harborrealty.com"
    assert heard("harbourrealty.com", partial={"user": "maria"}).value == "maria@harborrealty.com"
    assert heard(said, channel="chat").value == "maria@harbourrealty.com"
    theirs = {"organization_domain": "harbourrealty.com"}
    assert heard(said, facts=theirs).value == "maria@harbourrealty.com"
    assert "H-A-R, B as in boy, O-U-R" in TYPE.say("m@harbourrealty.com", CTX)


def test_the_script() -> None:
    said = TYPE.say("mbart_2@bhhs.com", CTX)
    assert said == "M as in Mike, B as in boy, A-R-T, underscore, 2, at b-h-h-s dot com"
    assert TYPE.say("info@harborrealty.com", CTX).endswith("at harbor realty dot com")


@pytest.mark.parametrize(
    "value", ["maria", "maria@", "@x.com", "a b@x.com", "maria@x", 7, None, "test@test.com"]
)
def test_check_refuses(value: object) -> None:
    assert TYPE.check(value, CTX)


def test_check_accepts() -> None:
    assert TYPE.check("maria@harborrealty.com", CTX) is None


USERS = st.from_regex(r"[a-z0-9]{1,8}([._+-][a-z0-9]{1,6}){0,2}", fullmatch=True)
LABELS = st.from_regex(r"[a-z0-9]{1,12}(-[a-z]{2,8})?", fullmatch=True)
ENDINGS = st.sampled_from(
    ["com", "net", "org", "co", "realtor", "homes", "us", "io", "co.uk", "info", "example"]
)


@given(user=USERS, label=LABELS, ending=ENDINGS)
def test_what_is_read_back_is_understood_as_the_same(user: str, label: str, ending: str) -> None:
    address = f"{user}@{label}.{ending}"
    if TYPE.check(address, CTX):
        return
    spoken = TYPE.say(address, CTX)
    for text in (spoken, spoken.lower().replace(",", ""), TYPE.show(address, CTX), f"Sure, it's {spoken}."):
        reading = TYPE.parse(text, CTX)
        assert reading is not None, text
        assert reading.value == address, text


@given(user=USERS, label=LABELS)
def test_the_halves_of_an_address_meet(user: str, label: str) -> None:
    address = f"{user}@{label}.com"
    if TYPE.check(address, CTX):
        return
    first, second = TYPE.say(address, CTX).split(", at ")
    half = TYPE.parse(first, CTX)
    assert half is not None
    assert half.partial == {"user": user}, first
    whole = TYPE.parse(f"at {second}", replace(CTX, partial=half.partial))
    assert whole is not None
    assert whole.value == address
