"""Pairs that differ in nothing but the voice: what was misheard of one is a difference, and is reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulate.hearing import Spoken, Written
from simulate.office import brokerage, parts_in
from simulate.paired import Pairs, audit_voices


class Mumbling(Written):
    """A voice of which one word never arrives."""

    async def say(self, text: str, *, take: int = 1, **how: Any) -> Spoken:
        heard = text.replace("Oak Park", "Broke Bark")
        return Spoken(text, heard, 0.9, take)


class Faint(Written):
    """A voice of which nothing arrives the first time."""

    async def say(self, text: str, *, vocabulary: Sequence[str] = (), take: int = 1, **how: Any) -> Spoken:
        return Spoken(text, text if take > 1 else "", 0.9, take)


DATA = {
    "testers": [{"name": "control", "varies": "nothing"}],
    "accents": {},
    "scripts": [
        {
            "name": "buyer",
            "caller": "+13035550181",
            "opens": ["Hi, I'd like to buy a home in Oak Park."],
            "answers": {"beds": "three", "baths": "two"},
        }
    ],
}


async def test_a_voice_that_is_served_unlike_is_reported(db: Any, tmp_path: Any) -> None:
    home = await brokerage(db, number=7)
    parts = parts_in(db, tmp_path)
    data = Pairs.model_validate(DATA)
    same = await audit_voices(parts, home, [("a", Written()), ("b", Written())], data=data)
    assert same.contacts == 2 and not same.differences
    unlike = await audit_voices(parts, home, [("a", Written()), ("b", Mumbling()), ("c", Faint())], data=data)
    found = {(d.tester, d.varies, d.what) for d in unlike.differences}
    assert ("b", "voice", "record: areas") in found
    assert ("c", "voice", "questions asked") in found, "who has to say it twice is served worse"
