"""When somebody can be met: free times in agendas, two that suit, and what callers' words mean.

Pure. Wall-clock hours become moments day by day, so a change to or from daylight saving moves nothing and
offers no time that does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from policies.business_hours import DAYS, NAMES
from policies.compliance import compliance
from policies.dialing import federal_holidays
from policies.load import Policy, load
from policies.regions import spoken_timezone

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


class Kind(Policy):
    """One kind of appointment. ``agreement``: a buyer signs a written agreement first (C30)."""

    minutes: int
    notice_hours: int
    label: str
    label_es: str = ""
    words: str
    agreement: bool = False
    by_phone: bool = False


class Appointments(Policy):
    """The whole file."""

    kinds: dict[str, Kind]
    of_intent: dict[str, str]
    grid_minutes: int
    buffer_minutes: int
    horizon_days: int
    offers: int
    hold_minutes: int
    earliest: str
    latest: str
    reminders: dict[str, int]
    reminder_late_minutes: int
    parts: dict[str, tuple[str, str]]
    words: dict[str, tuple[str, ...]]
    days: dict[str, tuple[str, ...]]
    first: tuple[str, ...]
    second: tuple[str, ...]
    neither: tuple[str, ...]
    agree: tuple[str, ...]
    holidays: dict[str, str]


def appointments() -> Appointments:
    """The policy as data."""
    return load("appointments", Appointments)


def kind_for(intent: str | None) -> str:
    """The kind of appointment a caller of that intent is offered."""
    policy = appointments()
    return policy.of_intent.get(intent or "other", policy.of_intent["other"])


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


@dataclass(frozen=True)
class Wish:
    """What the caller would like. Empty: anything. ``on``: that date; ``not_before``: from that date on.

    ``until``: up to that date. ``after`` and ``before`` bound the time of day. ``unless`` and ``not_on``:
    ruled out.
    """

    days: frozenset[str] = frozenset()
    part: str = ""
    at: time | None = None
    on: date | None = None
    not_before: date | None = None
    after: time | None = None
    before: time | None = None
    until: date | None = None
    unless: frozenset[str] = frozenset()
    not_on: frozenset[date] = frozenset()

    @property
    def dated(self) -> bool:
        """Whether a day, or days, are named."""
        return bool(self.days or self.on or self.not_before)

    @property
    def timed(self) -> bool:
        """Whether a time of day is named."""
        return bool(self.at or self.part or self.after or self.before)


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


# --- free times ---------------------------------------------------------------------------------------


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
    floor, ceiling = _minute(policy.earliest), _minute(policy.latest)
    for first, last in sorted((_minute(a), _minute(b)) for a, b in spans):
        step = policy.grid_minutes
        at = -(-max(first, floor) // step) * step
        while at + minutes <= min(last, ceiling):
            yield f"{at // 60:02d}:{at % 60:02d}"
            at += step


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute or 0)


def suits(start: datetime, wish: Wish, timezone: str) -> bool:
    """Whether a time is what the caller asked for, on the caller's clock."""
    local = start.astimezone(ZoneInfo(timezone))
    if wish.on is not None and local.date() != wish.on:
        return False
    if wish.not_before is not None and local.date() < wish.not_before:
        return False
    if wish.until is not None and local.date() > wish.until:
        return False
    if DAYS[local.weekday()] in wish.unless or local.date() in wish.not_on:
        return False
    if wish.days and DAYS[local.weekday()] not in wish.days:
        return False
    if wish.part:
        first, last = appointments().parts[wish.part]
        if not _minute(first) <= local.hour * 60 + local.minute < _minute(last):
            return False
    clock = local.time().replace(second=0, microsecond=0)
    return not (
        (wish.after is not None and clock < wish.after) or (wish.before is not None and clock >= wish.before)
    )


# --- words --------------------------------------------------------------------------------------------


def _has(text: str, words: Iterable[str]) -> bool:
    return any(re.search(rf"\b{re.escape(w)}\b", text) for w in words)


def understood(words: str | None, *, today: date) -> Wish:
    """ "Tuesday afternoon", "tomorrow at ten", "next week": what of it can be read; the rest is ignored."""
    text = " ".join((words or "").lower().split())
    if not text:
        return Wish()
    policy = appointments()
    refused = " ".join(m.group() for m in _REFUSED.finditer(text))
    text = _REFUSED.sub(" ", text)
    unless = frozenset(day for day, names in policy.days.items() if _has(refused, names))
    not_on = frozenset(
        {today + timedelta(days=1) if "tomorrow" in refused else today}
        if _has(refused, ("tomorrow", "today", "tonight"))
        else ()
    )
    days = {day for day, names in policy.days.items() if _has(text, names)}
    if _has(text, policy.words["weekend"]):
        days |= {"sat", "sun"}
    if _has(text, policy.words["weekday"]):
        days |= set(DAYS[:5])
    part = next((p for p in ("morning", "afternoon", "evening") if _has(text, policy.words[p])), "")
    if not part and (half := _HALF.search(text)):
        part = "afternoon" if "p" in half.groups() else "morning"
    on = not_before = None
    if _has(text, ("today", "tonight", "hoy")):
        on = today
    elif re.search(r"\bday after tomorrow\b|\bpasado mañana\b", text):
        on = today + timedelta(days=2)
    elif _has(text, ("tomorrow",)) or re.search(r"\bmañana\b(?<!la mañana)", text):
        on = today + timedelta(days=1)
    week = _week(text, today)
    until = None
    if week is not None:
        on, not_before, until = None, week, week + timedelta(days=6)
    elif iso := re.search(r"\bfrom (\d{4}-\d\d-\d\d)\b", text):
        not_before = date.fromisoformat(iso[1])
    else:
        on = on or _written_date(text, today)
    if days and re.search(r"\bnext (?:mon|tues|wednes|thurs|fri|satur|sun)day\b", text):
        not_before = today + timedelta(days=2)
    after, before = _bound(text, _AFTER), _bound(text, _BEFORE)
    clock = None if after or before else _clock(text)
    return Wish(frozenset(days), part, clock, on, not_before, after, before, until, unless, not_on)


_WEEK = re.compile(
    r"\b(?P<later>(?:the )?week after next|(?:the |a )?week after(?: that)?(?! (?:thanksgiving|christmas"
    r"|new))|in (?:2|two) weeks)\b"
    r"|\b(?P<next>next week|pr[oó]xima semana|(?:not|can'?t(?: do)?) this week)\b"
    r"|\b(?:the )?week (?:of|starting) (?P<of>.+)"
)


def _week(text: str, today: date) -> date | None:
    """The Monday of the week named. Weeks begin on Sunday here: said on one, "next week" is not tomorrow."""
    found = _WEEK.search(text)
    if found is None:
        return None
    if found["of"]:
        named = _written_date(found["of"], today)
        return named - timedelta(days=named.weekday()) if named else None
    monday = today + timedelta(days=8 - (today.weekday() + 1) % 7)
    return monday + timedelta(days=7) if found["later"] else monday


def day_words(wish: Wish) -> str:
    """The days of a wish in words that are understood again, without its time of day."""
    words = [wish.on.isoformat()] if wish.on else [f"{appointments().days[d][0]}" for d in sorted(wish.days)]
    if wish.not_before:
        words.append(f"from {wish.not_before.isoformat()}")
    return " ".join([*words, *(f"not {appointments().days[d][0]}" for d in sorted(wish.unless))])


def hour_words(wish: Wish) -> str:
    """The time of day of a wish in words that are understood again."""
    clock = wish.at or wish.after or wish.before
    if clock is None:
        return wish.part
    return f"{'at' if wish.at else 'after' if wish.after else 'before'} {clock:%H:%M}"


def holiday_on(day: date) -> str:
    """The federal holiday a day is, by its name; "" for any other day."""
    if day not in federal_holidays(day.year):
        return ""
    names = appointments().holidays
    near = [day, day + timedelta(days=1), day - timedelta(days=1)]  # observed a day beside its own
    keys = [*(f"{d:%m-%d}" for d in near), f"{day:%m}"]
    return next((names[key] for key in keys if key in names), "a public holiday")


_A_DAY = r"(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)"
_REFUSED = re.compile(
    rf"\b(?:not|no|never|can'?t (?:make|do|come)(?: it)?|cannot (?:make|do|come)(?: it)?|won'?t make(?: it)?"
    rf"|instead of) (?:on |for )?{_A_DAY}(?: (?:morning|afternoon|evening))?\b"
    rf"|\b{_A_DAY} (?:is|are) (?:so |really |a |very )?(?:bad|no good|not good|out|impossible|busy|hard"
    rf"|tough)\b"
    rf"|\b{_A_DAY} (?:isn'?t|aren'?t|doesn'?t|don'?t|won'?t) (?:so |really )?(?:good|great|work|do|suit"
    rf"|possible)\b"
    r"|\bnot (?:at )?\d{1,2}(?::\d\d)?(?: ?[ap]m)?\b"
)
"""A day or an hour that is ruled out is no wish for it."""
_MESES = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre"),
    *("noviembre", "diciembre"),
)
_MONTH_NAMES = [m.lower() for m in MONTHS]
_SHORT = ("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join((*_MONTH_NAMES, *_MESES, *_SHORT))})\.?"
_ORDINALS = {
    **{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8},
    **{"ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14},
    **{"fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19},
    **{"twentieth": 20, "thirtieth": 30},
    **{f"twenty[- ]{w}": 20 + n for n, w in enumerate(("first", "second", "third", "fourth", "fifth"), 1)},
    **{f"twenty[- ]{w}": 25 + n for n, w in enumerate(("sixth", "seventh", "eighth", "ninth"), 1)},
    "thirty[- ]first": 31,
}
_DAY = rf"(?P<day>\d{{1,2}}|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?:st|nd|rd|th)?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_MONTH}\s+(?:the )?{_DAY}\b",
        rf"\b(?:the )?{_DAY} (?:of |de )?{_MONTH}(?!\w)",
        r"(?<![\d/])(?P<number>1[0-2]|0?[1-9])/(?P<day>3[01]|[12]\d|0?[1-9])(?![\d/])",
        rf"\b{_DAY} of (?:this|the) month\b",
        r"\b(?:on |for )?the (?P<day>\d{1,2})(?:st|nd|rd|th)\b",
        rf"\b(?:on|for) the {_DAY}\b(?! (?:one|time|option|slot|floor))",
        r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?! (?:street|st|ave|avenue|floor))",
        r"\bel (?:d[ií]a )?(?P<day>\d{1,2})\b",
    )
)
"""Ways to name a day of a month; the first that is found counts."""


def _written_date(text: str, today: date) -> date | None:
    """The date named, the next to come: "March 12", "the 12th of March", "the 12th", "12 de marzo"."""
    iso = re.search(r"\b(\d{4})-(\d\d)-(\d\d)\b", text)
    if iso:
        try:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        except ValueError:
            return None
    for pattern in _DATES:
        if (found := pattern.search(text)) is not None:
            return _coming(found, today)
    return None


def _coming(found: re.Match[str], today: date) -> date | None:
    word = found["day"]
    day = int(word) if word.isdigit() else next(n for p, n in _ORDINALS.items() if re.fullmatch(p, word))
    named = found.groupdict()
    months = [int(named["number"])] if named.get("number") else []
    if name := named.get("month"):
        names = _MESES if name in _MESES else _MONTH_NAMES
        months = [next(n for n, whole in enumerate(names, 1) if whole.startswith(name))]
    for ahead in range(13):
        year, month = today.year + (today.month - 1 + ahead) // 12, (today.month - 1 + ahead) % 12 + 1
        if months and month not in months:
            continue
        try:
            if (at := date(year, month, day)) >= today:
                return at
        except ValueError:
            continue
    return None


_AFTER = re.compile(
    r"\b(?:(?:any ?time |not )?(?:after|past|later than|from|starting at|no earlier than|not before)"
    r"|despu[eé]s de las?"
    r"|a partir de las?)\s+(?:about |around )?(?P<clock>\S+(?: thirty"
    r"| fifteen)?(?: ?[ap]\.?m)?(?: o'?clock)?)"
)
_BEFORE = re.compile(
    r"\b(?:before|until|till|no later than|not after|earlier than|antes de las?)\s+(?:about |around )?"
    r"(?P<clock>\S+(?: thirty| fifteen)?(?: ?[ap]\.?m)?(?: o'?clock)?)"
)


def _bound(text: str, pattern: re.Pattern[str]) -> time | None:
    """The time of day behind "after" or "before"; None when it is no time."""
    found = pattern.search(text)
    return _clock(f"at {found['clock']}") if found else None


_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


_SOME_DAY = (
    rf"(?:{_A_DAY}|mon|tues?|wed|weds|thur?s?|fri|sat|sun|{_MONTH.replace('?P<month>', '?:')} \d{{1,2}})"
)
_HALF = re.compile(rf"\b{_SOME_DAY} (?:in the )?([ap])\.?m\b|\bin the ([ap])m\b")
""" "Tuesday pm": no hour, and half a day."""
_UNDIVIDED = re.compile(
    rf"(?P<lead>\b(?:at|around|about|by|{_SOME_DAY}),? )(?P<hour>1[0-2]|[1-9])(?P<minute>[0-5]\d)\b(?![-/:])"
    r"|\b(?P<hour2>1[0-2]|[1-9])(?P<minute2>[0-5]\d)(?= ?[ap]\.?m\b)"
)
""" "Monday 1130"."""


def _divided(found: re.Match[str]) -> str:
    if found["hour"]:
        return f"{found['lead']}at {found['hour']}:{found['minute']}"
    return f"{found['hour2']}:{found['minute2']}"


_STREET = re.compile(
    r"\b\d+ (?:[nsew]\.? )?(?:[a-z']+ ){1,2}(?:street|st|lane|ln|avenue|ave|road|rd|drive|dr|court|ct"
    r"|way|place|pl|boulevard|blvd|circle|cir|terrace|trail)\b"
)
"""The number of a house is no hour ("look at 12 Cherry Lane")."""


def _clock(text: str) -> time | None:
    text = _UNDIVIDED.sub(_divided, _STREET.sub(" ", text))
    if _has(text, ("noon",)):
        return time(12)
    number = r"(\d{1,2}|" + "|".join(_NUMBERS) + r")"
    for found in re.finditer(
        rf"(\bat |\baround |\babout |\bby |\ba las |\b{_A_DAY},? )?(?<!\d-)\b{number}"
        r"(?:(?::| (?=[0-5]\d\b))(\d\d)|\s+(thirty|fifteen))?"
        r"\s*(a\.?m\b|p\.?m\b|o'?clock|(?=tonight|tomorrow|today))?(?!\d|st\b|nd\b|rd\b|th\b|-\d)",
        text,
    ):
        lead, hour_word, minutes, spoken, half = found.groups()
        lead = lead or (half == "" and "day")
        if not (lead or half or minutes or spoken):
            continue
        hour = int(hour_word) if hour_word.isdigit() else _NUMBERS.index(hour_word) + 1
        minute = int(minutes) if minutes else {"thirty": 30, "fifteen": 15}.get(spoken or "", 0)
        if hour > 23 or minute > 59:
            continue
        if half and half.startswith("p") and hour < 12:
            hour += 12
        elif half and half.startswith("a") and hour == 12:
            hour = 0
        elif not (half and half[0] in "ap") and 1 <= hour <= 7:
            hour += 12  # nobody means four in the morning
        return time(hour, minute)
    return None


def chosen(words: str, offered: Sequence[datetime], timezone: str, *, today: date) -> int | None:
    """Which of the times on offer is meant; None when it cannot be told, -1 when none of them is."""
    text = " ".join(words.lower().strip(" .!,").split())
    policy = appointments()
    if not offered or not text:
        return None
    if _has(text, policy.neither):
        return -1
    wish = understood(text, today=today)
    bounded = wish.after or wish.before
    if wish.days or wish.part or wish.at or wish.on or bounded:
        fitting = [n for n, start in enumerate(offered) if _meant(start, wish, timezone)]
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            return -1
    if wish.not_before or wish.unless or wish.not_on:
        return -1
    hours = [n for n, start in enumerate(offered) if _hour_said(text, start, timezone)]
    if len(hours) == 1:
        return hours[0]
    if _has(text, policy.second) and len(offered) > 1:
        return 1
    if _has(text, policy.first):
        return 0
    return None


def _hour_said(text: str, start: datetime, timezone: str) -> bool:
    """ "Nine works": the hour alone names a time. "One" mostly counts something else."""
    hour = start.astimezone(ZoneInfo(timezone)).hour % 12 or 12
    word = _NUMBERS[hour - 1]
    if re.search(rf"(?<![\d:]){hour}:?{start.astimezone(ZoneInfo(timezone)):%M}(?!\d)", text):
        return True
    return (hour > 1 and _has(text, (word, str(hour)))) or text in (word, str(hour))


def agrees(words: str) -> bool:
    """Whether the one time on offer is taken: "yes", "that works"."""
    return _has(" ".join(words.lower().split()), appointments().agree)


def _meant(start: datetime, wish: Wish, timezone: str) -> bool:
    local = start.astimezone(ZoneInfo(timezone))
    same_clock = wish.at is None or (local.hour, local.minute) == (wish.at.hour, wish.at.minute)
    return same_clock and suits(start, replace(wish, at=None), timezone)


def clock_words(at: datetime | time) -> str:
    """ "10 AM", "2:30 PM", "noon"."""
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    half = "AM" if at.hour < 12 else "PM"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {half}"


def day_said(day: date, today: date) -> str:
    """ "today", "tomorrow", "Tuesday, November 24"."""
    whole = f"{NAMES[day.weekday()]}, {MONTHS[day.month - 1]} {day.day}"
    return {0: "today", 1: "tomorrow"}.get((day - today).days, whole)


def wish_said(wish: Wish, today: date) -> str:
    """ "Friday, January 15 at 2 PM", "the week of January 4": a wish for one day or week in plain words."""
    first = wish.on or wish.not_before
    if first is None:
        return ""
    day = day_said(first, today) if wish.on else f"the week of {MONTHS[first.month - 1]} {first.day}"
    clock = wish.at or wish.after or wish.before
    lead = "at" if wish.at else "after" if wish.after else "before"
    hour = f" {lead} {clock_words(clock)}" if clock else f" in the {wish.part}" if wish.part else ""
    return day + hour


def when_words(at: datetime, timezone: str, now: datetime, *, zone: bool = False) -> str:
    """ "tomorrow at 10 AM", "Tuesday, November 24 at 2:30 PM Mountain time"."""
    local = at.astimezone(ZoneInfo(timezone))
    day = day_said(local.date(), now.astimezone(ZoneInfo(timezone)).date())
    said = f"{day} at {clock_words(local)}"
    return f"{said} {spoken_timezone(timezone)}" if zone else said


_DIAS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


def day_said_es(day: date) -> str:
    """ "el martes 24 de noviembre"."""
    return f"el {_DIAS[day.weekday()]} {day.day} de {_MESES[day.month - 1]}"


def when_words_es(at: datetime, timezone: str) -> str:
    """ "el martes 24 de noviembre a las 10 de la mañana"."""
    local = at.astimezone(ZoneInfo(timezone))
    hour = local.hour % 12 or 12
    part = "de la mañana" if local.hour < 12 else "de la tarde" if local.hour < 19 else "de la noche"
    minutes = f":{local.minute:02d}" if local.minute else ""
    article = "la" if hour == 1 else "las"
    return f"{day_said_es(local.date())} a {article} {hour}{minutes} {part}"


def same_clock(a: str, b: str, at: datetime) -> bool:
    """Whether two zones show the same time at that moment."""
    return at.astimezone(ZoneInfo(a)).utcoffset() == at.astimezone(ZoneInfo(b)).utcoffset()


# --- reminders ----------------------------------------------------------------------------------------


def allowed_now(at: datetime, timezone: str, quiet: Mapping[str, Any] | None = None) -> bool:
    """Whether anything may be sent unasked at that moment, on the receiver's clock (C03)."""
    window = quiet or compliance().quiet_hours.model_dump()
    local = at.astimezone(ZoneInfo(timezone))
    minute = local.hour * 60 + local.minute
    return DAYS[local.weekday()] in window["days"] and _minute(str(window["open"])) <= minute < _minute(
        str(window["close"])
    )


def next_allowed(at: datetime, timezone: str, quiet: Mapping[str, Any] | None = None) -> datetime:
    """That moment, or the next one at which something may be sent."""
    if allowed_now(at, timezone, quiet):
        return at
    window = quiet or compliance().quiet_hours.model_dump()
    zone = ZoneInfo(timezone)
    today = at.astimezone(zone).date()
    for ahead in range(15):
        start = moment(today + timedelta(days=ahead), str(window["open"]), zone)
        if start is not None and start > at and allowed_now(start, timezone, quiet):
            return start
    raise ValueError("nothing is ever allowed")


def reminders_due(
    start: datetime, timezone: str, *, now: datetime, booked_at: datetime, sent: Iterable[str]
) -> list[str]:
    """The reminders to send now, by name: the nearest only when several fall together; [] when none.

    One whose moment lies before the booking is not needed; one that quiet hours push too near is dropped.
    """
    policy = appointments()
    late = timedelta(minutes=policy.reminder_late_minutes)
    due = []
    for name, minutes in sorted(policy.reminders.items(), key=lambda item: -item[1]):
        wanted = start - timedelta(minutes=minutes)
        if wanted <= booked_at or name in sent:
            continue
        moved = next_allowed(wanted, timezone)
        if moved <= now < start and moved <= start - late and allowed_now(now, timezone):
            due.append(name)
    return due
