from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.timeline import BUCKETS, TYPE
from tests.understanding.support import context

CTX = context(
    "timeline", cues=["by", "within", "in the next", "as soon as", "no rush", "this month", "next month"]
)


@pytest.mark.parametrize(
    ("said", "bucket"),
    [
        ("as soon as possible", "asap"),
        ("ASAP", "asap"),
        ("yesterday", "asap"),
        ("right now", "asap"),
        ("within the week", "asap"),
        ("the sooner the better", "asap"),
        ("soon", "30_days"),
        ("in two weeks", "30_days"),
        ("by the end of the month", "asap"),
        ("next month", "30_days"),
        ("in a few weeks", "30_days"),
        ("within thirty days", "30_days"),
        ("in about three months", "90_days"),
        ("a couple of months", "90_days"),
        ("two to three months", "90_days"),
        ("before the end of the year", "90_days"),
        ("by February", "90_days"),
        ("three to six months", "6_months"),
        ("maybe in two months, six months at the most", "6_months"),
        ("half a year", "6_months"),
        ("in the spring", "6_months"),
        ("by June", "6_months"),
        ("when school is out", "6_months"),
        ("before school starts", "12_months"),
        ("next fall", "12_months"),
        ("in a year", "12_months"),
        ("next year", "12_months"),
        ("a year and a half", "browsing"),
        ("in two years", "browsing"),
        ("we're in no hurry", "browsing"),
        ("no rush", "browsing"),
        ("I'm just looking around", "browsing"),
        ("just browsing right now", "browsing"),
        ("whenever the right one comes along", "browsing"),
        ("someday", "browsing"),
        ("I don't know yet", "browsing"),
        ("no rush, maybe in six months", "6_months"),
    ],
)
def test_answers(said: str, bucket: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None and reading.value == bucket


@pytest.mark.parametrize("said", ["", "yes", "three bedrooms", "Denver", "what do you mean", "DTMF: 3#"])
def test_what_says_no_time(said: str) -> None:
    assert TYPE.parse(said, CTX) is None


def test_the_same_words_mean_another_bucket_in_another_month() -> None:
    may = context("timeline", now=datetime(2026, 5, 20, 16, tzinfo=UTC))
    reading = TYPE.parse("by June", may)
    assert reading is not None and reading.value == "30_days"


def test_what_must_happen_first_is_asked_once() -> None:
    first = TYPE.parse("when my lease is up", CTX)
    assert first is not None and first.ask and first.value is None
    second = TYPE.parse("in March", context("timeline", partial=first.partial))
    assert second is not None and second.value == "6_months"
    dated = TYPE.parse("when my lease is up in March", CTX)
    assert dated is not None and dated.value == "6_months"


@pytest.mark.parametrize(
    ("said", "bucket"),
    [
        ("Three bedrooms in Oak Park, and we'd like to move in about three months", "90_days"),
        ("something near Boulder, no rush", "browsing"),
        ("we want to buy within the next six months", "6_months"),
        ("I need a two bed in Napa ASAP", "asap"),
        ("we're hoping to be settled by June", "6_months"),
    ],
)
def test_spotted(said: str, bucket: str) -> None:
    reading = TYPE.spot(said, CTX)
    assert reading is not None and reading.value == bucket


@pytest.mark.parametrize(
    "said",
    [
        *(
            "up to 1800 a month",
            "a twelve month lease",
            "can I see it tomorrow",
            "a house built three years ago",
        ),
        *(
            "three bedrooms by the park",
            "I'd like a tour next week",
            "call me in two weeks",
            "we have ten years of experience",
        ),
    ],
)
def test_not_spotted(said: str) -> None:
    assert TYPE.spot(said, CTX) is None


@pytest.mark.parametrize("bucket", list(BUCKETS))
def test_what_is_said_is_understood(bucket: str) -> None:
    assert TYPE.check(bucket, CTX) is None
    reading = TYPE.parse(TYPE.say(bucket, CTX), CTX)
    assert reading is not None and reading.value == bucket


def test_check_refuses() -> None:
    for wrong in ("soon", None, 3, ["asap"]):
        assert TYPE.check(wrong, CTX)


@given(
    st.one_of(
        st.text(max_size=150),
        st.lists(
            st.sampled_from(
                [
                    "in",
                    "9999",
                    "months",
                    "by",
                    "june",
                    "next",
                    "year",
                    "before",
                    "school starts",
                    "0",
                    "days",
                    "a half",
                ]
            ),
            max_size=12,
        ).map(" ".join),
    )
)
def test_any_text_is_survived(text: str) -> None:
    for call in (TYPE.parse, TYPE.spot, TYPE.repair):
        reading = call(text, CTX)
        assert reading is None or reading.value is None or reading.value in BUCKETS
