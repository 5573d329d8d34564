from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.times import canonical
from agent.understanding.types.weekly_hours import TYPE
from agent.understanding.week_words import DAYS
from tests.understanding.support import context

CTX = context("weekly_hours")
Week = dict[str, list[list[str]]]


def week(**given: str) -> Week:
    """``week(mon_fri="9-18", sat="10-14")``; hours as "9-12 13-17", minutes as 9.30."""
    only = given.pop("only", " ".join(DAYS)).split()
    out: Week = {day: [] for day in only}
    for names, hours in given.items():
        ends = names.split("_")
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        for day in DAYS[first : last + 1]:
            out[day] = [
                [f"{int(t.split('.')[0]):02d}:{[*t.split('.'), '00'][1]}" for t in span.split("-")]
                for span in hours.split()
            ]
    return out


OFFICE = week(mon_fri="9-18", sat="10-14")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("nine to six Monday through Friday", week(mon_fri="9-18")),
        ("Monday through Friday, nine to six", week(mon_fri="9-18")),
        ("weekdays 9 to 5 and Saturdays ten to two", week(mon_fri="9-17", sat="10-14")),
        ("Mon-Fri 8:30-5:30, Sat 10-2, Sun closed", week(mon_fri="8.30-17.30", sat="10-14")),
        ("M-F 9-5", week(mon_fri="9-17")),
        (
            "9 to 5 Monday through Friday and Saturdays 10 to 2, appointments only on Sunday",
            week(mon_fri="9-17", sat="10-14"),
        ),
        ("9 to 6 weekdays, saturday and sunday by appointment only", week(mon_fri="9-18")),
        (
            "closed on Wednesdays, 9 to 6 on the other weekdays and 10 to 3 Saturday",
            week(mon_fri="9-18", sat="10-15") | {"wed": []},
        ),
        ("lunes a sabado 9 a 7, domingo cerrado", week(mon_fri="9-19", sat="9-19")),
        ("entre semana de 9 a 5 y fines de semana 10 a 2", week(mon_fri="9-17", sat="10-14", sun="10-14")),
        ("Mon-Fri 8-6, Sat by appointment", week(mon_fri="8-18")),
        ("Monday to Friday nine to six, Saturday ten to two, closed Sunday", OFFICE),
        ("nine to six Monday through Friday, Saturday ten to two, closed Sunday", OFFICE),
        ("Monday to Friday nine to six, ten to two on Saturday, closed Sunday", OFFICE),
        ("9 to 6 on weekdays. On Saturdays we're open from 10 to 2. We're closed on Sundays.", OFFICE),
        ("We are open Monday to Friday from nine in the morning until six at night", week(mon_fri="9-18")),
        ("um, weekdays nine to six, same on Saturday, closed Sunday", week(mon_sat="9-18")),
        ("every day nine to five except Sunday", week(mon_sat="9-17")),
        ("nine to five every day", week(mon_sun="9-17")),
        ("seven days a week, eight to eight", week(mon_sun="8-20")),
        ("24/7", week(mon_sun="0-24")),
        ("around the clock, every day", week(mon_sun="0-24")),
        ("Monday nine to noon and one to five, Tuesday nine to five", week(mon="9-12 13-17", tue="9-17")),
        ("weekdays nine to twelve and one to five thirty", week(mon_fri="9-12 13-17.30")),
        ("weekdays nine to five and six to eight", week(mon_fri="9-17 18-20")),
        ("weekdays nine to five, Fridays until four", week(mon_thu="9-17", fri="9-16")),
        ("nine to five except Fridays till three", week(mon_thu="9-17", fri="9-15")),
        ("MWF 9-5, T/Th 10-6", week(mon_fri="9-17") | week(tue="10-18", thu="10-18", only="tue thu")),
        ("we don't work weekends, otherwise nine to five", week(mon_fri="9-17")),
        ("Tuesday through Saturday ten to six, closed Sunday and Monday", week(tue_sat="10-18")),
        ("Mondays to Fridays 9 a.m. to 5:30 p.m. Saturday 10 to 4 Sunday noon to 4",
         week(mon_fri="9-17.30", sat="10-16", sun="12-16")),
        ("830 to 530 Monday to Friday", week(mon_fri="8.30-17.30")),
        ("09:00-17:00 Monday to Friday", week(mon_fri="9-17")),
        ("Friday six p.m. to two a.m.", {**week(fri="18-24"), "sat": [["00:00", "02:00"]]}),
        ("Nine two six Monday to Friday", week(mon_fri="9-18")),
        ("closed on weekends, and weekdays seven to three", week(mon_fri="7-15")),
        ("we open at 9 and close at 6 Monday to Friday", week(mon_fri="9-18")),
        ("nine to five, Saturdays ten to two", week(mon_fri="9-17", sat="10-14")),
        ("nine to five and ten to two on Saturdays", week(mon_fri="9-17", sat="10-14")),
        ("nine to five, ten to two on Saturdays", week(mon_fri="9-17", sat="10-14")),
        ("regular business hours", week(mon_fri="9-17")),
    ],
)  # fmt: skip
def test_answers(said: str, value: Week) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None and reading.value == value


@pytest.mark.parametrize(
    "said", ["", "yes", "it varies", "Monday", "our office is in Denver", "call me at five", "DTMF: 9#"]
)
def test_what_says_no_hours(said: str) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is None or reading.value is None


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("yes", week(mon_fri="9-17")),
        ("Monday to Saturday", week(mon_sat="9-17")),
        ("every day", week(mon_sun="9-17")),
        ("yes, and Saturday ten to two", week(mon_fri="9-17", sat="10-14")),
        ("no, closed Mondays", week(tue_sun="9-17")),
    ],
)
def test_hours_without_days_are_asked_for_the_days(answer: str, value: Week) -> None:
    first = TYPE.parse("nine to five", CTX)
    assert first is not None and first.value is None and "Monday to Friday?" in first.ask
    reading = TYPE.parse(answer, context("weekly_hours", partial=first.partial))
    assert reading is not None and reading.value == value


def test_closed_days_alone_are_asked_for_the_rest() -> None:
    first = TYPE.parse("We're closed on Sundays.", CTX)
    assert first is not None and first.ask and first.value is None
    reading = TYPE.parse("nine to five", context("weekly_hours", partial=first.partial))
    assert reading is not None and reading.value == week(mon_sat="9-17")


def test_overlapping_hours_are_a_problem() -> None:
    reading = TYPE.parse("Monday 9 am to 5 pm and 3 pm to 6 pm", CTX)
    assert reading is not None and "Monday overlap" in reading.problem


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Saturday is ten to three", week(mon_fri="9-18", sat="10-15")),
        ("no, Saturday is ten to three", week(mon_fri="9-18", sat="10-15")),
        ("no, we're closed Saturdays", week(mon_fri="9-18")),
        ("Fridays only till four", {**OFFICE, "fri": [["09:00", "16:00"]]}),
        ("Sunday noon to four as well", {**OFFICE, "sun": [["12:00", "16:00"]]}),
        ("we close at seven", week(mon_fri="9-19", sat="10-14")),
        ("no, it's eight to five", week(mon_fri="8-17", sat="10-14")),
        ("not nine to six, nine to five", week(mon_fri="9-17", sat="10-14")),
        ("no, Saturday until three", week(mon_fri="9-18", sat="10-15")),
    ],
)
def test_a_correction_changes_only_what_it_names(said: str, value: Week) -> None:
    reading = TYPE.repair(said, context("weekly_hours", current=OFFICE))
    assert reading is not None and reading.value == value


@pytest.mark.parametrize("said", ["no", "that's wrong", "the plan is wrong", "five agents"])
def test_what_corrects_no_hours(said: str) -> None:
    assert TYPE.repair(said, context("weekly_hours", current=OFFICE)) is None


def test_spotted_only_with_days_and_hours() -> None:
    reading = TYPE.spot("It's Oak Hill Realty in Denver and we're open weekdays nine to five", CTX)
    assert reading is not None and reading.value == week(mon_fri="9-17")
    for said in (
        "nine to five",
        "call me Monday at 3",
        "closed Sunday",
        "two to three agents",
        "I can meet Monday",
    ):
        assert TYPE.spot(said, CTX) is None


def test_read_back() -> None:
    assert TYPE.say(OFFICE, CTX) == "Monday to Friday nine to six, Saturday ten to two, closed Sunday"
    assert TYPE.show(OFFICE, CTX) == "Mon–Fri 9:00 AM–6:00 PM, Sat 10:00 AM–2:00 PM, Sun closed"
    assert TYPE.say(week(mon_sun="0-24"), CTX) == "every day all day"
    assert TYPE.say(week(mon="9-12 13-17"), CTX).startswith("Monday nine to noon and one to five; closed")
    assert (
        TYPE.say(week(fri="18-24"), CTX)
        == "Friday six to midnight, closed Monday to Thursday, Saturday and Sunday"
    )


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"mon": [["09:00", "18:00"]]},
        {**OFFICE, "sun": [["18:00", "09:00"]]},
        {**OFFICE, "sun": [["9", "18"]]},
        {**OFFICE, "sun": [["09:00", "12:00"], ["11:00", "13:00"]]},
        {**OFFICE, "sun": "closed"},
        {**OFFICE, "sun": [["09:00", "25:00"]]},
        "nine to five",
    ],
)
def test_check_refuses(value: Any) -> None:
    assert TYPE.check(value, CTX)


@st.composite
def _days(draw: st.DrawFn) -> list[list[str]]:
    cuts = sorted(set(draw(st.lists(st.integers(0, 288), max_size=4))))
    cuts = cuts[: len(cuts) // 2 * 2]
    return [[canonical(a * 5), canonical(b * 5)] for a, b in zip(cuts[::2], cuts[1::2], strict=True)]


@given(st.lists(_days(), min_size=1, max_size=3), st.lists(st.integers(0, 2), min_size=7, max_size=7))
def test_what_is_said_and_shown_is_understood(pool: list[list[list[str]]], pick: list[int]) -> None:
    value = {day: pool[p % len(pool)] for day, p in zip(DAYS, pick, strict=True)}
    assert TYPE.check(value, CTX) is None
    for text in (TYPE.say(value, CTX), TYPE.show(value, CTX)):
        reading = TYPE.parse(text, CTX)
        assert reading is not None and reading.value == value, text


_PIECES = [
    *(
        "nine",
        "to",
        "five",
        "Monday",
        "through",
        "Friday",
        "closed",
        "except",
        "9-5",
        "24/7",
        "and",
        ",",
        ".",
    ),
    *("same", "until", "the rest", "every day", "noon", "half past", "no", "pm", "12:75", "weekend"),
]


@given(st.one_of(st.text(max_size=150), st.lists(st.sampled_from(_PIECES), max_size=25).map(" ".join)))
def test_any_text_is_survived(text: str) -> None:
    for ctx in (
        CTX,
        context("weekly_hours", current=OFFICE),
        context("weekly_hours", partial={"closed": ["sun"]}),
    ):
        for call in (TYPE.parse, TYPE.spot, TYPE.repair):
            reading = call(text, ctx)
            assert reading is None or reading.value is None or TYPE.check(reading.value, ctx) is None


BREAK = week(mon_fri="9-12 13-17")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        (
            "We're 9 to 5 but fridays till noon, closed weekends unless by appointment",
            week(mon_thu="9-17", fri="9-12"),
        ),
        ("De lunes a viernes de 9 a 6, Saturday 10 to 2", OFFICE),
        (
            "9 to 6 weekdays, 10 to 4 Saturdays, Sundays open houses only",
            week(mon_fri="9-18", sat="10-16"),
        ),
        ("nine to five every day but sunday", week(mon_sat="9-17")),
        ("Mon to Fri 9 to 5, closed for lunch 12 to 1", BREAK),
        ("we're there 9 to 5 but closed noon to 1 for lunch, Monday to Friday", BREAK),
        ("lunes a viernes de 9 a 5, cerramos de 12 a 1 para comer", BREAK),
        ("Every day 9 to 8, but in New Year we closed", week(mon_sun="9-20")),
        ("24 hours", week(mon_sun="0-24")),
    ],
)
def test_hours_as_brokers_say_them(said: str, value: Week) -> None:
    reading = TYPE.parse(said, CTX)
    assert reading is not None and reading.value == value


def test_hours_of_two_offices_are_not_mixed() -> None:
    said = "Philly is 9 to 6 weekdays, Cherry Hill 10 to 5 plus Saturdays 10 to 2"
    reading = TYPE.parse(said, CTX)
    assert reading is not None and reading.value is None and "whole firm" in reading.ask
    assert TYPE.spot(said, CTX) is None


def test_a_break_is_put_into_the_hours_there_are() -> None:
    reading = TYPE.repair("closed for lunch 12 to 1", context("weekly_hours", current=week(mon_fri="9-17")))
    assert reading is not None and reading.value == BREAK
