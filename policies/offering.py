"""Which free times are offered to somebody with a wish, and what is said where the wish cannot be met.

Pure. Two times are offered: what suits, else that day at another hour and the nearest day at that hour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from policies.appointments import appointments
from policies.business_hours import DAYS, NAMES, minute_of_day
from policies.free_times import Slot
from policies.moment_words import clock_words, day_said, day_said_es, holiday_on
from policies.wished_times import Wish, suits


@dataclass(frozen=True)
class Missed:
    """What of a wish nobody is free for. ``on``: that day; ``hour``: the day has other free times."""

    wish: Wish
    on: date | None
    hour: bool


def choose(
    slots: Iterable[Slot],
    wish: Wish,
    timezone: str,
    *,
    today: date | None = None,
    count: int | None = None,
    declined: Sequence[datetime] = (),
) -> list[Slot]:
    """Up to two times: what suits first, and the second on another day or part of the day if there is one."""
    free = sorted(s for s in slots if s.start not in declined)
    if not free:
        return []
    count = count or appointments().offers
    today = today or _date(free[0], timezone)
    named = named_day(wish, today, free, timezone)
    fitting = [s for s in free if suits(s.start, wish, timezone) and named in (None, _date(s, timezone))]
    if wish.at is not None and fitting:
        fitting.sort(key=lambda s: (_off_hour(s, wish, timezone), s.start))
        if (wish.on or wish.days) and not _off_hour(fitting[0], wish, timezone):
            return fitting[:1]  # that very hour is free: nothing else has to be offered
        return _apart(fitting, count, timezone, (_another_time,) if named else ASUNDER)
    if fitting:
        return _apart(fitting, count, timezone)
    return _apart(_nearest(free, wish, timezone, named, today), count, timezone, (_another_day, *ASUNDER))


def named_day(wish: Wish, today: date, free: Sequence[Slot], timezone: str) -> date | None:
    """The one day that a wish names: "Thursday" is the coming one, and today only while there is time."""
    if wish.on is not None:
        return wish.on
    if len(wish.days) != 1:
        return None
    day = _first_wished(wish, today)
    passed = day == today and not any(_date(s, timezone) == day for s in free)
    return day + timedelta(days=7) if passed or day in wish.not_on else day


def too_far(wish: Wish, today: date) -> bool:
    """Whether a wish names a day behind those that can be booked."""
    first = wish.on or wish.not_before
    return first is not None and first > today + timedelta(days=appointments().horizon_days)


def missed(
    found: Sequence[Slot], free: Sequence[Slot], wish: Wish, timezone: str, *, today: date
) -> Missed | None:
    """What is said not to be free; None where one of the times found is as wished, to the hour."""
    named = named_day(wish, today, free, timezone)
    for slot in found:
        on_it = named in (None, _date(slot, timezone))
        exact = wish.at is None or not _off_hour(slot, wish, timezone)
        if on_it and exact and suits(slot.start, wish, timezone):
            return None
    return Missed(wish, named, any(_date(s, timezone) == named for s in free))


def missed_words(miss: Missed, today: date) -> str:
    """ "Nobody is free tomorrow at 2 PM.", "That's Thanksgiving."."""
    if miss.on is not None and not miss.hour and (holiday := holiday_on(miss.on)):
        return f"That's {holiday}."
    day, hour = "", ""
    if miss.on is not None:
        day = day_said(miss.on, today)
    elif miss.wish.days:
        day = " or ".join(NAMES[n] for n, d in enumerate(DAYS) if d in miss.wish.days)
    elif miss.wish.not_before is not None:
        day = "that week"
    if miss.hour or not day:
        hour = _hour_words(miss.wish)
    return " ".join(w for w in ("Nobody is free", day, hour or ("" if day else "just then")) if w) + "."


def missed_words_es(miss: Missed) -> str:
    """ "Nadie está libre el martes 24 de noviembre a esa hora."."""
    day = day_said_es(miss.on) if miss.on is not None else "esos días" if miss.wish.dated else ""
    hour = "a esa hora" if miss.hour or not day else ""
    return " ".join(w for w in ("Nadie está libre", day, hour) if w) + "."


def _hour_words(wish: Wish) -> str:
    if wish.at is not None:
        return f"at {clock_words(wish.at)}"
    if wish.after is not None:
        return f"after {clock_words(wish.after)}"
    if wish.before is not None:
        return f"before {clock_words(wish.before)}"
    return f"in the {wish.part}" if wish.part else ""


def _nearest(free: Sequence[Slot], wish: Wish, timezone: str, named: date | None, today: date) -> list[Slot]:
    """What comes nearest to a wish that is not met: that day at another hour, then other days."""
    allowed = [s for s in free if suits(s.start, Wish(unless=wish.unless, not_on=wish.not_on), timezone)]
    aim = named or _first_wished(wish, today)

    def far(slot: Slot) -> tuple[int, int, datetime]:
        return abs((_date(slot, timezone) - aim).days), _off_hour(slot, wish, timezone), slot.start

    same_day = [s for s in allowed if _date(s, timezone) == aim] if named or not wish.timed else []
    timely = Wish(part=wish.part, after=wish.after, before=wish.before)
    same_hour = [s for s in allowed if suits(s.start, timely, timezone) and s not in same_day]
    found = [*sorted(same_day, key=far)[:1], *sorted(same_hour, key=far)]
    return [*found, *sorted(allowed, key=far)]


def _first_wished(wish: Wish, today: date) -> date:
    """The first day that a wish for several days speaks of."""
    start = max(today, wish.not_before or today)
    ahead = [(DAYS.index(day) - start.weekday()) % 7 for day in wish.days]
    return start + timedelta(days=min(ahead, default=0))


def _off_hour(slot: Slot, wish: Wish, timezone: str) -> int:
    """Minutes between a time and the hour wished for; 0 where no hour is."""
    local = slot.start.astimezone(ZoneInfo(timezone))
    minute = local.hour * 60 + local.minute
    clock = wish.at or wish.after or wish.before
    if clock is not None:
        return abs(minute - clock.hour * 60 - clock.minute)
    if not wish.part:
        return 0
    first, last = (minute_of_day(c) for c in appointments().parts[wish.part])
    return max(first - minute, minute - last + 1, 0)


def _date(slot: Slot, timezone: str) -> date:
    return slot.start.astimezone(ZoneInfo(timezone)).date()


def _another_day(a: datetime, b: datetime, timezone: str) -> bool:
    zone = ZoneInfo(timezone)
    return a.astimezone(zone).date() != b.astimezone(zone).date()


def _another_half(a: datetime, b: datetime, timezone: str) -> bool:
    zone = ZoneInfo(timezone)
    one, other = a.astimezone(zone), b.astimezone(zone)
    return one.date() != other.date() or (one.hour < 12) != (other.hour < 12)


def _hours_apart(a: datetime, b: datetime, timezone: str) -> bool:
    return abs(a - b) >= timedelta(hours=2)


def _another_time(a: datetime, b: datetime, timezone: str) -> bool:
    return a != b


ASUNDER = (_another_half, _hours_apart, _another_time)
"""How two times on offer should differ, the best first."""


def _apart(
    pool: Sequence[Slot],
    count: int,
    timezone: str,
    ways: Sequence[Callable[[datetime, datetime, str], bool]] = ASUNDER,
) -> list[Slot]:
    """Times of the pool, the first ones that lie apart; in their order in time."""
    chosen: list[Slot] = []
    for apart in ways:
        for slot in pool:
            if len(chosen) < count and all(
                apart(slot.start, c.start, timezone) and not slot.overlaps(c) for c in chosen
            ):
                chosen.append(slot)
    return sorted(chosen)
