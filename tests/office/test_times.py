"""Times on offer as pure functions: clock changes, wishes, reminders in decent hours (C03)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.appointments import appointments
from policies.free_times import Day, free_times, moment
from policies.reminders import reminders_due
from policies.wished_times import chosen, understood

ZONE = "America/Denver"
ALL_WEEK = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
NINE_TO_FIVE = {day: [["09:00", "17:00"]] for day in ALL_WEEK}


def local(at: datetime, zone: str = ZONE) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"


def starts(day: Day, now: datetime, kind: str = "tour", days: int = 1) -> list[str]:
    return [local(a) for a, _ in free_times(day, now=now, kind=kind, horizon_days=days)]


@pytest.mark.parametrize(
    ("now", "utc_hour"),
    [
        (datetime(2026, 10, 31, 6, tzinfo=UTC), 15),  # the day before summer time ends
        (datetime(2026, 11, 1, 7, tzinfo=UTC), 16),
        (datetime(2026, 3, 7, 8, tzinfo=UTC), 16),
        (datetime(2026, 3, 8, 7, tzinfo=UTC), 15),
    ],
)
def test_nine_is_nine_on_both_sides_of_a_clock_change(now: datetime, utc_hour: int) -> None:
    first = next(iter(free_times(Day(NINE_TO_FIVE, ZONE), now=now, kind="tour")))[0]
    assert local(first).endswith("09:00") and first.hour == utc_hour


def test_an_hour_that_is_skipped_is_not_offered() -> None:
    assert moment(date(2026, 3, 8), "02:30", ZoneInfo(ZONE)) is None
    assert moment(date(2026, 11, 1), "01:30", ZoneInfo(ZONE)) is not None
    assert moment(date(2026, 3, 8), "24:00", ZoneInfo(ZONE)) == datetime(2026, 3, 9, 6, tzinfo=UTC)


def test_exceptions_holidays_and_busy_times_count() -> None:
    now = datetime(2026, 11, 24, 13, tzinfo=UTC)
    free = Day({"tue": [["09:00", "12:00"]]}, ZONE)
    assert starts(free, now) == ["11-24 09:00", "11-24 09:30", "11-24 10:00", "11-24 10:30", "11-24 11:00"]
    off = Day(free.hours, ZONE, {date(2026, 11, 24): []})
    assert starts(off, now) == []
    other = Day(free.hours, ZONE, {date(2026, 11, 24): [["18:00", "19:00"]]})
    assert starts(other, now) == ["11-24 18:00"]
    busy = [(datetime(2026, 11, 24, 17, tzinfo=UTC), datetime(2026, 11, 24, 17, 30, tzinfo=UTC))]
    full = Day(free.hours, ZONE, {}, busy, timedelta(minutes=15))
    assert starts(full, now) == ["11-24 09:00", "11-24 10:30", "11-24 11:00"]
    closed = list(free_times(free, now=now, kind="tour", holidays=[date(2026, 11, 24)], horizon_days=1))
    assert closed == []


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    st.sampled_from(["America/Denver", "America/New_York", "Pacific/Honolulu", "America/St_Johns"]),
    st.sampled_from(["tour", "call", "valuation"]),
)
def test_whatever_is_offered_is_in_time_in_hours_and_by_day(at: datetime, zone: str, kind: str) -> None:
    now = at.replace(tzinfo=UTC)
    what = appointments().kinds[kind]
    found = list(free_times(Day(ALL_WEEK, zone), now=now, kind=kind, horizon_days=3))
    assert found
    for start, end in found:
        begin = start.astimezone(ZoneInfo(zone))
        assert start >= now + timedelta(hours=what.notice_hours)
        assert 8 <= begin.hour < 20
        assert end - start == timedelta(minutes=what.minutes)
    assert len({s for s, _ in found}) == len(found)


@pytest.mark.parametrize(
    ("start", "now", "due"),
    [
        ("2026-11-25T21:00", "2026-11-24T21:00", ["24h"]),
        ("2026-11-25T21:00", "2026-11-24T20:59", []),
        ("2026-11-25T21:00", "2026-11-25T20:00", ["24h", "1h"]),
        ("2026-11-25T15:30", "2026-11-24T16:00", ["24h"]),  # 8:30: the day before it is still quiet at 8:30
        ("2026-11-25T15:30", "2026-11-25T15:00", []),  # eight in the morning is too early to remind
        ("2026-11-30T17:00", "2026-11-29T17:00", []),  # Sunday
        ("2026-11-30T17:00", "2026-11-30T16:00", ["24h", "1h"]),
        ("2026-11-25T21:00", "2026-11-25T21:01", []),
    ],
)
def test_reminders_wait_for_decent_hours(start: str, now: str, due: list[str]) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    booked = datetime(2026, 11, 1, tzinfo=UTC)
    assert reminders_due(at(start), ZONE, now=at(now), booked_at=booked, sent=[]) == due
    assert reminders_due(at(start), ZONE, now=at(now), booked_at=booked, sent=["24h", "1h"]) == []


@given(st.text(max_size=60))
def test_no_words_break_it(words: str) -> None:
    today = date(2026, 11, 23)
    understood(words, today=today)
    offered = [datetime(2026, 11, 24, 16, tzinfo=UTC), datetime(2026, 11, 25, 19, tzinfo=UTC)]
    assert chosen(words, offered, ZONE, today=today) in (None, -1, 0, 1)
