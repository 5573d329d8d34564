"""When members are free for an appointment.

Pure. Wall-clock hours become moments day by day, so a change to or from daylight saving moves nothing and
offers no time that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from policies.appointments import appointments
from policies.business_hours import DAYS, minute_of_day
from policies.dialing import federal_holidays

Span = tuple[datetime, datetime]
"""From, until; aware."""


@dataclass(frozen=True)
class Day:
    """A member's working time. ``hours`` as in an agenda; ``exceptions``: date -> spans that day."""

    hours: Mapping[str, Sequence[Sequence[str]]]
    timezone: str
    exceptions: Mapping[date, Sequence[Sequence[str]]] = field(default_factory=dict)
    busy: Sequence[Span] = ()
    buffer: timedelta = timedelta(0)


@dataclass(frozen=True, order=True)
class Slot:
    """A free time with somebody."""

    start: datetime
    end: datetime
    member: str
    buffer: timedelta = timedelta(0)

    def overlaps(self, other: Slot) -> bool:
        """Whether one person cannot keep both."""
        return (
            self.member == other.member
            and self.start < other.end + other.buffer
            and other.start < self.end + self.buffer
        )


def moment(day: date, clock: str, zone: ZoneInfo) -> datetime | None:
    """A wall-clock time as a moment (UTC); None when the clock skips it. 24:00 is the next midnight."""
    hour, minute = (int(x) for x in clock.split(":"))
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    local = datetime.combine(day, time(hour, minute), tzinfo=zone)
    there = local.astimezone(UTC)
    return there if there.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def _spans(day: Day, on: date, holidays: Sequence[date]) -> Sequence[Sequence[str]]:
    if on in day.exceptions:
        return day.exceptions[on]
    # who works on a federal holiday says so by an exception of their own
    return () if on in holidays or on in federal_holidays(on.year) else day.hours.get(DAYS[on.weekday()], ())


def free_times(
    day: Day, *, now: datetime, kind: str, holidays: Sequence[date] = (), horizon_days: int | None = None
) -> Iterator[Span]:
    """Free spans for that kind of appointment, soonest first."""
    policy = appointments()
    what = policy.kinds[kind]
    zone = ZoneInfo(day.timezone)
    length = timedelta(minutes=what.minutes)
    soonest = now + timedelta(hours=what.notice_hours)
    today = now.astimezone(zone).date()
    for ahead in range((horizon_days or policy.horizon_days) + 1):
        on = today + timedelta(days=ahead)
        for clock in _grid(_spans(day, on, holidays), what.minutes):
            start = moment(on, clock, zone)
            if start is None or start < soonest:
                continue
            end = start + length
            if not any(a < end + day.buffer and start < b for a, b in day.busy):
                yield start, end


def working_spans(day: Day, at: datetime, *, holidays: Sequence[date] = ()) -> list[Span]:
    """The working hours of the day a moment falls on, as moments."""
    zone = ZoneInfo(day.timezone)
    on = at.astimezone(zone).date()
    found = []
    for first, last in _spans(day, on, holidays):
        begin, end = moment(on, first, zone), moment(on, last, zone)
        if begin is not None and end is not None:
            found.append((begin, end))
    return found


def _grid(spans: Sequence[Sequence[str]], minutes: int) -> Iterator[str]:
    policy = appointments()
    floor, ceiling = minute_of_day(policy.earliest), minute_of_day(policy.latest)
    for first, last in sorted((minute_of_day(a), minute_of_day(b)) for a, b in spans):
        step = policy.grid_minutes
        at = -(-max(first, floor) // step) * step
        while at + minutes <= min(last, ceiling):
            yield f"{at // 60:02d}:{at % 60:02d}"
            at += step
