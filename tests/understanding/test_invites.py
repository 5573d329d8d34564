from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.people_invites import TYPE
from tests.understanding.support import context

CTX = context("people_invites", cues=["please invite", "add my partner"])
DANA = {"email": "dana@oakhill.com", "name": "Dana Reed", "role": "agent"}
KIM = {"email": "kim@oakhill.com", "name": "Kim", "role": "admin"}
HELD = context("people_invites", current=[DANA, KIM])


def person(email: str, name: str = "", role: str = "agent") -> dict[str, str]:
    return {"email": email, "name": name, "role": role}


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("dana@oakhill.com", [person("dana@oakhill.com")]),
        ("Dana Reed <dana@oakhill.com> admin", [person("dana@oakhill.com", "Dana Reed", "admin")]),
        (
            "Dana Reed dana@oakhill.com (viewer), Kim Lee kim@oakhill.com",
            [person("dana@oakhill.com", "Dana Reed", "viewer"), person("kim@oakhill.com", "Kim Lee")],
        ),
        (
            "Dana Reed, dana@oakhill.com, agent\nKim Lee, KIM@oakhill.com, owner",
            [person("dana@oakhill.com", "Dana Reed"), person("kim@oakhill.com", "Kim Lee", "owner")],
        ),
        (
            "Please invite Jane Miller, jane at oakhill dot com, as an agent",
            [person("jane@oakhill.com", "Jane Miller")],
        ),
        ("Bob Lee, b o b at gmail dot com, admin", [person("bob@gmail.com", "Bob Lee", "admin")]),
        (
            "my assistant Dana, dana underscore r at outlook dot com",
            [person("dana_r@outlook.com", "Dana", "admin")],
        ),
        (
            "Sam, s a m at gmail dot com, and Kim, kim at gmail dot com",
            [person("sam@gmail.com", "Sam"), person("kim@gmail.com", "Kim")],
        ),
    ],
)
def test_answers(said: str, people: list[dict[str, str]]) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None and reading.value == people


@pytest.mark.parametrize(
    "said",
    ["no one", "nobody right now", "skip", "just me", "not yet", "No thanks.", "none", "I'll do it later"],
)
def test_nobody_is_an_empty_list(said: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None and reading.value == []


@pytest.mark.parametrize("said", ["", "yes", "what do you need", "DTMF: 1#"])
def test_what_names_nobody(said: str) -> None:
    assert TYPE.parse(said, CTX) is None


def test_a_name_alone_is_asked_for_the_address() -> None:
    first = TYPE.parse("my partner Dana Reed, as an owner", CTX)
    assert first is not None and first.ask == "What's Dana's e-mail address?"
    second = TYPE.parse("d r e e d at oakhill dot com", context("people_invites", partial=first.partial))
    assert second is not None and second.value == [person("dreed@oakhill.com", "Dana Reed", "owner")]


def test_more_people_join_those_held() -> None:
    reading = TYPE.parse("Sam sam@oakhill.com", HELD)
    assert reading is not None and [p["email"] for p in reading.value] == [
        "dana@oakhill.com",
        "kim@oakhill.com",
        "sam@oakhill.com",
    ]


def test_spotted_behind_a_cue_only() -> None:
    reading = TYPE.spot("Starter is fine, and please invite Dana, dana@oakhill.com", CTX)
    assert reading is not None and reading.value == [person("dana@oakhill.com", "Dana")]
    assert TYPE.spot("my e-mail is dana@oakhill.com", CTX) is None


def test_corrections() -> None:
    assert (less := TYPE.repair("remove Kim", HELD)) and less.value == [DANA]
    assert (role := TYPE.repair("make Dana an admin", HELD)) and role.value == [
        {**DANA, "role": "admin"},
        KIM,
    ]
    one = context("people_invites", current=[DANA])
    assert (anew := TYPE.repair("no, it's dreed@oakhill.com", one)) and anew.value == [
        {**DANA, "email": "dreed@oakhill.com"}
    ]
    assert TYPE.repair("no", HELD) is None


@pytest.mark.parametrize(
    "value",
    [
        *[None, "dana@oakhill.com", [{}], [{"email": "dana"}], [{"email": "d@x.com", "role": "boss"}]],
        [DANA, {**DANA, "name": "Other"}],
        [person(f"a{i}@x.com") for i in range(60)],
    ],
)
def test_check_refuses(value: object) -> None:
    assert TYPE.check(value, CTX)


def test_what_is_shown_is_understood() -> None:
    for people in ([DANA, KIM], [person("sam@x.com")], []):
        assert TYPE.check(people, CTX) is None
        reading = TYPE.parse(TYPE.show(people, CTX), CTX)
        assert reading is not None and reading.value == people
    assert TYPE.say([DANA], CTX).startswith("Dana Reed at ") and TYPE.say([DANA], CTX).endswith("as an agent")


@given(st.text(max_size=150))
def test_any_text_is_survived(text: str) -> None:
    for ctx in (CTX, HELD):
        for call in (TYPE.parse, TYPE.spot, TYPE.repair):
            call(text, ctx)
