"""Weekly hours: open or closed now, and when it opens next. Daylight saving is honoured by zoneinfo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from policies.load import Policy, load

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

WeeklyHours = Mapping[str, Sequence[Sequence[str]]]
"""Day -> [[open, close], ...] as "HH:MM" local time; a day that is missing or empty is closed."""


class AfterHours(Policy):
    """One way of answering outside the hours."""

    value: str
    label: str
    also: tuple[str, ...] = ()


class Hours(Policy):
    """The whole file."""

    standard: dict[str, list[list[str]]]
    calendars: dict[str, dict[str, list[list[str]]]]
    after_hours: tuple[AfterHours, ...]


def hours() -> Hours:
    """The policy as data."""
    return load("business_hours", Hours)


def standard() -> dict[str, list[list[str]]]:
    """Monday to Friday, nine to six; closed days are there and empty."""
    return {day: [list(span) for span in hours().standard.get(day, ())] for day in DAYS}


def problems(weekly: WeeklyHours) -> list[str]:
    """What is wrong with weekly hours: unknown days, impossible times, overlaps. Empty when fine."""
    found: list[str] = []
    for day, spans in weekly.items():
        if day not in DAYS:
            found.append(f"{day} is not a day of the week.")
            continue
        name, last = NAMES[DAYS.index(day)], -1
        for start, end in sorted((_minutes(a), _minutes(b)) for a, b in spans):
            if start is None or end is None or not 0 <= start < end <= 24 * 60:
                found.append(f"On {name} the closing time must be after the opening time.")
            elif start < last:
                found.append(f"On {name} two opening times overlap.")
            last = end or last
    return found


def is_open(weekly: WeeklyHours, timezone: str, now: datetime, holidays: Sequence[date] = ()) -> bool:
    """Whether the office is open at ``now`` (aware). No hours at all means always closed."""
    local = now.astimezone(ZoneInfo(timezone))
    if local.date() in holidays:
        return False
    minute = local.hour * 60 + local.minute
    return any(
        (_minutes(a) or 0) <= minute < (_minutes(b) or 0) for a, b in weekly.get(DAYS[local.weekday()], ())
    )


def at_that_hour(
    weekly: WeeklyHours, timezone: str, at: datetime, holidays: Sequence[date] = ()
) -> datetime | None:
    """The next open day at the open hour nearest to that of ``at`` (aware): an evening is the end of it.

    None as for ``next_opening``.
    """
    opens = next_opening(weekly, timezone, at, holidays)
    if opens is None:
        return None
    hour = at.astimezone(ZoneInfo(timezone))
    same = opens.replace(hour=hour.hour, minute=hour.minute)
    while same > opens and not is_open(weekly, timezone, same, holidays):
        same -= timedelta(minutes=30)
    return max(same, opens)


def next_opening(
    weekly: WeeklyHours, timezone: str, now: datetime, holidays: Sequence[date] = ()
) -> datetime | None:
    """The next moment the office opens, in local time; None when it never does within two weeks."""
    zone = ZoneInfo(timezone)
    local = now.astimezone(zone)
    for ahead in range(15):
        day = local.date() + timedelta(days=ahead)
        if day in holidays:
            continue
        for start, _ in sorted(tuple(span) for span in weekly.get(DAYS[day.weekday()], ())):
            opening = datetime.combine(day, _clock(start), tzinfo=zone)
            if opening > local:
                return opening
    return None


def spoken_opening(opening: datetime, now: datetime) -> str:
    """ "today at 9 AM", "tomorrow at 9 AM", "Monday at 8:30 AM"; with its date from a week on."""
    local = now.astimezone(opening.tzinfo)
    ahead = (opening.date() - local.date()).days
    name = NAMES[opening.weekday()]
    day = {0: "today", 1: "tomorrow"}.get(ahead, name if ahead < 7 else f"{name}, {opening:%B} {opening.day}")
    return f"{day} at {_say(f'{opening:%H:%M}')}"


def spoken_moment(at: datetime, timezone: str, now: datetime) -> str:
    """A moment in the client's time zone: "tomorrow at 9 AM"."""
    return spoken_opening(at.astimezone(ZoneInfo(timezone)), now)


def hours_line(
    weekly: WeeklyHours,
    timezone: str,
    now: datetime,
    mode: str = "full_agent",
    holidays: Sequence[date] = (),
) -> str:
    """What a caller hears about the hours: nothing while open; never a promise the hours do not keep."""
    if is_open(weekly, timezone, now, holidays):
        return ""
    opening = next_opening(weekly, timezone, now, holidays)
    when = f" and opens {spoken_opening(opening, now)}" if opening else ""
    offer = "I can help you right now." if mode == "full_agent" else "I can take a message."
    return f"The office is closed at the moment{when}. {offer}"


def takes_messages_only(
    weekly: WeeklyHours, timezone: str, now: datetime, mode: str, holidays: Sequence[date] = ()
) -> bool:
    """Whether the agent only takes a message now (A045)."""
    return mode != "full_agent" and not is_open(weekly, timezone, now, holidays)


def spoken(weekly: WeeklyHours) -> str:
    """The week in one breath: runs of equal days together. "Monday to Friday, 9 AM to 6 PM"."""
    runs: list[tuple[int, int, tuple[tuple[str, str], ...]]] = []
    for index, day in enumerate(DAYS):
        spans = tuple((a, b) for a, b in weekly.get(day, ()))
        if not spans:
            continue
        if runs and runs[-1][1] == index - 1 and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], index, spans)
        else:
            runs.append((index, index, spans))
    if not runs:
        return "closed all week"
    parts = []
    for first, last, spans in runs:
        days = NAMES[first] if first == last else f"{NAMES[first]} to {NAMES[last]}"
        if (first, last) == (0, 6):
            days = "every day"
        times = " and ".join(
            "all day" if (a, b) == ("00:00", "24:00") else f"{_say(a)} to {_say(b)}" for a, b in spans
        )
        parts.append(f"{days}, {times}")
    return "; ".join(parts)


def calendar_open(name: str, timezone: str, now: datetime) -> bool:
    """Whether a support calendar (business, extended, always) is open in the client's time zone (B019)."""
    return is_open(hours().calendars[name], timezone, now)


def minute_of_day(clock: str) -> int:
    """Minutes since midnight of a time of day as it is kept ("09:30", "24:00")."""
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute or 0)


def _minutes(text: str) -> int | None:
    hour, _, minute = text.partition(":")
    if not (hour.isdigit() and minute.isdigit() and len(minute) == 2 and int(minute) < 60):
        return None
    return int(hour) * 60 + int(minute)


def _clock(text: str) -> time:
    minutes = min(_minutes(text) or 0, 24 * 60 - 1)
    return time(minutes // 60, minutes % 60)


def _say(text: str) -> str:
    minutes = _minutes(text) or 0
    if minutes in (0, 24 * 60):
        return "midnight"
    if minutes == 12 * 60:
        return "noon"
    hour, minute = divmod(minutes, 60)
    half = "AM" if hour < 12 else "PM"
    hour = hour % 12 or 12
    return f"{hour} {half}" if not minute else f"{hour}:{minute:02d} {half}"


def not_before(weekly: Mapping[str, Sequence[Sequence[str]]], clock: str) -> dict[str, list[list[str]]]:
    """The week without what lies before that time of day (``HH:MM``); without one, as it is."""
    spans = {day: [list(span) for span in weekly.get(day, ())] for day in DAYS}
    if not clock:
        return spans
    return {day: [[max(a, clock), b] for a, b in found if b > clock] for day, found in spans.items()}
