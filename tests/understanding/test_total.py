"""No text is too strange for the types that take names, numbers and addresses."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.understanding.types import address, code, email, organization, person_name, phone, role_title, url
from agent.understanding.wordlists import word_set
from tests.understanding.support import context

TYPES = {
    m.TYPE.name: m.TYPE for m in (address, code, email, organization, person_name, phone, role_title, url)
}
CURRENT: dict[str, Any] = {
    "address": {"street": "1234 Main Street", "unit": "", "city": "Denver", "state": "CO", "zip": ""},
    "code": "481029",
    "email": "mbart_2@bhhs.com",
    "organization": "Harbor Realty",
    "person_name": {"first": "Maria", "last": "Lopez", "display": "Maria Lopez", "spelled": False},
    "phone": "+13035550142",
    "role_title": "Broker",
    "url": "https://harborrealty.com",
}
PARTIALS: list[Any] = [
    None,
    {"user": "maria"},
    {"host": "x.com"},
    {"label": "harbor"},
    {"local": "5550142"},
    {"first": "Kim"},
    {"digits": "48"},
    {"street": "1 Elm St"},
    {"fix": "b", "places": [0], "of": "pedt"},
    "odd",
    [],
]
WORDS = (
    "no it's the last first letter is N as in Nancy not M M B A R T dot com at gmail underscore two "
    "oh three five "
    "double triple l and change to with an S extra end - . @ , ' # / https:// www Suite 200 Street "
    "Denver Colorado "
    "80202 555-0142 +1 name email Maria Lopez Realty LLC spelled yes area code DTMF: 12# sorry I "
    "mean é 李 hundred"
)
SPOKEN = st.lists(st.sampled_from(sorted(word_set(WORDS))), max_size=12).map(" ".join)


@pytest.mark.parametrize("name", sorted(TYPES))
@settings(max_examples=60)
@given(text=st.one_of(SPOKEN, st.text(max_size=60)), partial=st.sampled_from(PARTIALS))
def test_any_text_gives_a_sound_reading_or_none(name: str, text: str, partial: Any) -> None:
    kind = TYPES[name]
    facts = {
        "caller_id": "+13035550177",
        "organization_domain": "harborrealty.com",
        "organization_name": "Harbor Realty",
    }
    ctx = context(name, cues=["email is", "at", "is"], partial=partial, current=CURRENT[name], facts=facts)
    for reading in (kind.parse(text, ctx), kind.spot(text, ctx), kind.repair(text, ctx)):
        if reading is None:
            continue
        assert sum((reading.value is not None, bool(reading.problem), bool(reading.ask))) == 1
        if reading.value is not None:
            assert kind.check(reading.value, ctx) is None
            assert kind.say(reading.value, ctx)
            assert kind.show(reading.value, ctx)
        json.dumps([reading.value, reading.partial, reading.suggestion])


@pytest.mark.parametrize("name", sorted(TYPES))
@pytest.mark.parametrize(
    "piece",
    ["x, sorry, ", "one two street ", "my name is ", "at gmail dot com ", "a@", "5 A A ", "\"'", " ", "no, "],
)
def test_a_pasted_novel_is_survived(name: str, piece: str) -> None:
    ctx = context(name, cues=["one", "name is"], current=CURRENT[name])
    for method in (TYPES[name].parse, TYPES[name].spot, TYPES[name].repair):
        method(piece * 3000, ctx)


@pytest.mark.parametrize("name", sorted(TYPES))
@pytest.mark.parametrize("value", [None, "", 7, True, [], {}, {"first": 1}, "unknown", "N/A", "x" * 5000])
def test_check_survives_and_refuses_what_is_no_value(name: str, value: object) -> None:
    assert TYPES[name].check(value, replace(context(name), current=None))
