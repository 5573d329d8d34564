from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.date import TYPE
from tests.understanding.support import NOW, context

CTX = context("date", facts={"timezone": "America/Denver"}, cues=["move in", "available"])
FUTURE = context("date", options={"future": True})


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("today", "2026-11-23"),
        ("tomorrow morning", "2026-11-24"),
        ("the day after tomorrow", "2026-11-25"),
        ("this Friday", "2026-11-27"),
        ("Friday at half past two", "2026-11-27"),
        ("next Tuesday", "2026-12-01"),
        ("Tuesday next week", "2026-12-01"),
        ("next week on Wednesday", "2026-12-02"),
        ("next Monday", "2026-11-30"),
        ("a week from Tuesday", "2026-12-01"),
        ("in two weeks", "2026-12-07"),
        ("three months from now", "2027-02-23"),
        ("the end of the month", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("the first of January", "2027-01-01"),
        ("January first", "2027-01-01"),
        ("the 3rd", "2026-12-03"),
        ("the third", "2026-12-03"),
        ("3rd", "2026-12-03"),
        ("the 25th", "2026-11-25"),
        ("8th of this month", "2026-11-08"),
        ("the 14th of March", "2027-03-14"),
        ("Monday, November thirtieth", "2026-11-30"),
        ("Monday the 30th", "2026-11-30"),
        ("December third twenty twenty seven", "2027-12-03"),
        ("12/3", "2026-12-03"),
        ("12/3/27", "2027-12-03"),
        ("2027-01-15", "2027-01-15"),
        ("Thanksgiving", "2026-11-26"),
        ("the fourth of July", "2027-07-04"),
        ("DTMF: 1203#", "2026-12-03"),
        ("DTMF: 12032027#", "2027-12-03"),
        ("Tuesday, no, Wednesday", "2026-11-25"),
        ("On second thought, make it the 12th of this month.", "2026-11-12"),
        ("asap", "2026-11-23"),
        ("um, maybe tomorrow", "2026-11-24"),
    ],
)
def test_answers(said: str, day: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None and reading.value == day


@pytest.mark.parametrize(
    "said",
    ["", "I don't know", "May I ask something", "three bedrooms", "303-555-0142", "nine to five", "yes"],
)
def test_what_is_no_date(said: str) -> None:
    assert TYPE.parse(said, CTX) is None


def test_today_is_where_the_office_is() -> None:
    late = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
    denver = TYPE.parse("today", context("date", facts={"timezone": "America/Denver"}, now=late))
    utc = TYPE.parse("today", context("date", now=late))
    assert denver and utc and (denver.value, utc.value) == ("2026-11-23", "2026-11-24")


def test_a_month_or_a_week_is_asked_for_the_day() -> None:
    first = TYPE.parse("sometime in June", CTX)
    assert first is not None and first.ask and first.value is None
    second = TYPE.parse("the tenth", context("date", partial=first.partial))
    assert second is not None and second.value == "2027-06-10"
    week = TYPE.parse("next week", CTX)
    assert week is not None and week.ask
    day = TYPE.parse("Wednesday", context("date", partial=week.partial))
    assert day is not None and day.value == "2026-12-02"


def test_two_days_are_asked_and_a_wrong_weekday_is_a_problem() -> None:
    either = TYPE.parse("Tuesday or Thursday", CTX)
    assert either is not None and "Tuesday, November twenty fourth or Thursday" in either.ask
    wrong = TYPE.parse("Tuesday the 30th", CTX)
    assert (
        wrong is not None
        and wrong.problem == "November thirtieth is a Monday, not a Tuesday. Which day do you mean?"
    )


def test_days_gone_by() -> None:
    gone = TYPE.parse("November 3rd 2026", FUTURE)
    assert gone is not None and "has passed" in gone.problem
    back = TYPE.parse("March 3rd", context("date", options={"past": True}))
    assert back is not None and back.value == "2026-03-03"


def test_spotted_behind_a_cue_only() -> None:
    reading = TYPE.spot("two beds in Napa, we want to move in on January first", CTX)
    assert reading is not None and reading.value == "2027-01-01"
    assert TYPE.spot("I was there on Tuesday", CTX) is None


def test_repair_and_check() -> None:
    held = context("date", current="2026-12-01")
    for said in (
        "no, December third",
        "not the first, the third",
        "the third, not the first",
        "I said the third",
    ):
        reading = TYPE.repair(said, held)
        assert reading is not None and reading.value == "2026-12-03", said
    for wrong in ("2026-13-01", "2026-02-30", "12/3/2026", 5, None, "tomorrow"):
        assert TYPE.check(wrong, CTX)


@given(st.dates(date(1950, 1, 1), date(2079, 12, 31)))
def test_what_is_said_and_shown_is_understood(day: date) -> None:
    for text in (TYPE.say(day.isoformat(), CTX), TYPE.show(day.isoformat(), CTX)):
        reading = TYPE.parse(text, CTX)
        assert reading is not None and reading.value == day.isoformat(), text


@given(
    st.integers(0, 3000),
    st.sampled_from(["tomorrow", "next Friday", "the 31st", "end of the month", "in two months"]),
)
def test_the_future_is_ahead_on_any_day(offset: int, said: str) -> None:
    now = NOW + timedelta(days=offset)
    reading = TYPE.parse(said, context("date", now=now))
    assert reading is not None and now.date() <= date.fromisoformat(reading.value) <= now.date() + timedelta(
        days=100
    )


_PIECES = [
    *(
        "next",
        "the",
        "31st",
        "of",
        "february",
        "february 30",
        "in",
        "9999",
        "years",
        "weeks",
        "monday",
        "0/0",
    ),
    *("99999", "end", "month", "last", "ago", "12/31/9999", "0001-01-01"),
]


@given(st.one_of(st.text(max_size=150), st.lists(st.sampled_from(_PIECES), max_size=15).map(" ".join)))
def test_any_text_is_survived(text: str) -> None:
    for ctx in (
        CTX,
        FUTURE,
        context("date", options={"past": True}),
        context("date", partial={"from": "9999-12-31"}),
    ):
        for call in (TYPE.parse, TYPE.spot, TYPE.repair):
            call(text, ctx)
