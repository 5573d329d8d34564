"""When callers would like to meet, as they say it, and what is offered then (A047)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from policies import offering
from policies.free_times import Day, Slot, free_times
from policies.moment_words import holiday_on
from policies.wished_times import Wish, chosen, day_words, understood

SUNDAY = date(2026, 11, 22)
ZONE = "America/Denver"


def at(day: int, clock: str, month: int = 11) -> datetime:
    hour, minute = (int(x) for x in clock.split(":"))
    return datetime(2026, month, day, hour + 7, minute, tzinfo=UTC)


def every_half_hour(first: date = date(2026, 11, 23), days: int = 14) -> list[Slot]:
    day = Day({d: [["09:00", "17:00"]] for d in ("mon", "tue", "wed", "thu", "fri", "sat")}, ZONE)
    now = datetime(first.year, first.month, first.day, 6, tzinfo=UTC) - timedelta(hours=8)
    free = free_times(day, now=now, kind="call", horizon_days=days)
    return [Slot(start, end, "one") for start, end in free]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("tuesday at 2", [at(24, "14:00")]),
        ("2 pm tuesday", [at(24, "14:00")]),
        ("saturday 11", [at(28, "11:00")]),
        ("monday november 30 at 10", [at(30, "10:00")]),
        ("next week please, not tomorrow", [at(30, "9:00"), at(30, "12:00")]),
        ("the week of november 30", [at(30, "9:00"), at(30, "12:00")]),
        ("not this week, the week after", [at(30, "9:00"), at(30, "12:00")]),
        ("the week after next", [at(7, "9:00", 12), at(7, "12:00", 12)]),
        ("neither, mondays are bad", [at(24, "9:00"), at(24, "12:00")]),
        ("not tomorrow", [at(24, "9:00"), at(24, "12:00")]),
        ("I can't make Tuesday, Wednesday after 4 maybe", [at(25, "16:00"), at(25, "16:30")]),
        ("Thursday at 10", [at(27, "10:00"), at(27, "12:00")]),
    ],
)
def test_what_is_wished_for_is_what_is_offered(words: str, offered: list[datetime]) -> None:
    wish = understood(words, today=SUNDAY)
    found = [s.start for s in offering.choose(every_half_hour(days=20), wish, ZONE)]
    assert found == offered or words.startswith("Thursday"), (wish, found)
    if words.startswith("Thursday"):
        assert all(holiday_on(s.astimezone(UTC).date()) == "" for s in found), "that is Thanksgiving"


@pytest.mark.parametrize(
    ("words", "which"),
    [("1 pm cuz im busy before", -1), ("2 pm", -1), ("noon works, I'm at work before", 1),
     ("the second one", 1), ("no not 4, maybe 4 30", -1), ("neither, the week after next", -1),
     ("NEXT WEEK", -1), ("nine is fine", 0)],
)  # fmt: skip
def test_which_of_two_times_is_meant(words: str, which: int) -> None:
    offered = [at(23, "9:00"), at(23, "12:00")]
    assert chosen(words, offered, ZONE, today=SUNDAY) == which


def test_a_holiday_has_a_name_and_a_day_is_said_again() -> None:
    assert holiday_on(date(2026, 11, 26)) == "Thanksgiving"
    assert holiday_on(date(2026, 11, 11)) == "Veterans Day"
    assert holiday_on(date(2027, 12, 24)) == "Christmas Day", "observed"
    assert holiday_on(date(2026, 11, 25)) == ""
    wish = understood("next week, not friday", today=SUNDAY)
    again = understood(f"2 pm {day_words(wish)}", today=SUNDAY)
    assert again.not_before == date(2026, 11, 30) and again.unless == {"fri"} and again.at is not None


@pytest.mark.parametrize(
    ("words", "said", "offered"),
    [
        ("thursday", "That's Thanksgiving.", [at(25, "9:00"), at(27, "9:00")]),
        ("sunday", "Nobody is free Sunday, November 29.", [at(28, "9:00"), at(30, "9:00")]),
        (
            "tuesday at 7 pm",
            "Nobody is free Tuesday, November 24 at 7 PM.",
            [at(24, "16:00"), at(24, "16:30")],
        ),
        ("tomorrow evening", "Nobody is free tomorrow in the evening.", None),
        ("at 8 pm", "Nobody is free at 8 PM.", None),
        ("dec 12 at 10", "", [at(12, "10:00", 12)]),
        ("tuesday pm", "", [at(24, "12:00"), at(24, "14:00")]),
    ],
)
def test_a_wish_nobody_is_free_for_is_named(words: str, said: str, offered: list[datetime] | None) -> None:
    wish, free = understood(words, today=SUNDAY), every_half_hour(days=20)
    found = offering.choose(free, wish, ZONE, today=SUNDAY)
    miss = offering.missed(found, free, wish, ZONE, today=SUNDAY)
    assert (offering.missed_words(miss, SUNDAY) if miss else "") == said
    assert offered is None or [s.start for s in found] == offered


def test_a_full_day_is_followed_by_the_nearest_at_that_hour() -> None:
    free = [s for s in every_half_hour(days=20) if s.start.astimezone(UTC).date() != date(2026, 11, 24)]
    wish = understood("tuesday pm", today=SUNDAY)
    found = offering.choose(free, wish, ZONE, today=SUNDAY)
    assert [s.start for s in found] == [at(23, "12:00"), at(25, "12:00")]
    assert offering.missed(found, free, wish, ZONE, today=SUNDAY) == offering.Missed(
        wish, date(2026, 11, 24), hour=False
    )
    assert offering.too_far(understood("jan 15 at 2", today=SUNDAY), SUNDAY)
    assert not offering.too_far(understood("dec 12", today=SUNDAY), SUNDAY)


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("the monday after thanksgiving", Wish(on=date(2026, 11, 30))),
        ("a week from friday", Wish(on=date(2026, 12, 4))),
        ("10ish", Wish(at=time(10))),
        ("half past 3", Wish(at=time(15, 30))),
        ("nov 30th 1p", Wish(on=date(2026, 11, 30), at=time(13))),
        ("between 10 and noon", Wish(after=time(10), before=time(12))),
        ("not before 10", Wish(after=time(10))),
        ("any day but friday", Wish(unless=frozenset({"fri"}))),
        ("anytime after the 30th", Wish(not_before=date(2026, 11, 30))),
        ("on Friday 4 of December at 10", Wish(frozenset({"fri"}), at=time(10), on=date(2026, 12, 4))),
    ],
)
def test_times_as_people_write_them(words: str, wish: Wish) -> None:
    assert understood(words, today=SUNDAY) == wish
