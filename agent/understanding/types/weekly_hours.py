"""Opening hours of a week; canonical value ``{"mon": [["09:00", "18:00"]], ..., "sun": []}``.

All seven days are always there; an empty list is a closed day; spans are sorted and do not overlap;
"24:00" is midnight at the end of a day. What runs past midnight is carried to the next day (A045).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agent.understanding.base import Reading, SlotContext
from agent.understanding.hours_talk import lunch, plainly, two_offices, without_break, without_lunch
from agent.understanding.numbers import cut
from agent.understanding.polarity import keys, split_polarity
from agent.understanding.simple import SimpleType, correction
from agent.understanding.spoken import say_clock, show_clock
from agent.understanding.times import DAY, Clock, canonical, minutes_of, resolve
from agent.understanding.week import NAMES, Hours, Week, overnight, read_hours, shift
from agent.understanding.week_words import DAYS, WEEKDAYS, Span

_ONE_WEEK = "One week counts for the whole firm: when it's open, somebody can be rung. Which days and times shall I put?"
_HALF_WEEK = "And which hours are you open on the other days?"


def _spans_of(week: Mapping[str, Any]) -> dict[str, tuple[Span, ...]]:
    out = {}
    for day in DAYS:
        pairs = [(minutes_of(a), minutes_of(b)) for a, b in week.get(day, [])]
        out[day] = tuple((a, b) for a, b in pairs if a is not None and b is not None)
    return out


def _clash(week: Week) -> str:
    """The first day whose spans overlap, by name; "" when none do."""
    for day, name in zip(DAYS, NAMES, strict=True):
        if any(second[0] < first[1] for first, second in zip(week[day], week[day][1:], strict=False)):
            return name
    return ""


def _reading(week: dict[str, tuple[Span, ...]], said: Hours, confidence: float = 1.0) -> Reading:
    value = overnight(week)
    if clash := _clash(value):
        return Reading(
            problem=(f"The hours you gave for {clash} overlap. Please say them once more, from when to when.")
        )
    return Reading(value=value, confidence=confidence, rest=cut(said.said, said.used))


class WeeklyHours(SimpleType):
    """Days and hours in any order; half an answer is asked for the other half."""

    name = "weekly_hours"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """A whole week. Days that are not mentioned are closed, which the read-back says."""
        if keys(text) is not None:
            return None
        if two_offices(text):
            return Reading(ask=_ONE_WEEK)
        pause = lunch(text)
        if pause is not None:
            reading = self.parse(without_lunch(text), ctx)
            if reading is None or reading.value is None:
                return reading
            return replace(reading, value=overnight(without_break(_spans_of(reading.value), pause)))
        text = plainly(text)
        said = read_hours(text)
        held: dict[str, Any] = ctx.partial if isinstance(ctx.partial, dict) else {}
        if isinstance(held.get("spans"), list):
            return self._days_for(text, said, held["spans"])
        week = {day: () for day in _listed(held.get("closed")) if day in DAYS} | said.week
        loose = said.loose.spans if said.loose else ()
        if loose:
            if held.get("closed"):
                return _reading({d: loose for d in DAYS if d not in week} | week, said)
            return self._ask_days(loose)
        if not week:
            return None
        if not any(week.values()):
            closed = [d for d in DAYS if d in week]
            if len(closed) == 7:
                return _reading(week, said, 0.7)
            return Reading(ask=_HALF_WEEK, partial={"closed": closed})
        sure = not said.changes
        return _reading(week, said, 1.0 if sure else 0.5)

    def _ask_days(self, spans: tuple[Span, ...]) -> Reading:
        when = " and ".join(say_span(*span) for span in spans)
        return Reading(
            ask=f"{when[:1].upper()}{when[1:]}: is that Monday to Friday?",
            partial={"spans": [[canonical(a), canonical(b)] for a, b in spans if b <= DAY]},
        )

    def _days_for(self, text: str, said: Hours, held: Sequence[Sequence[str]]) -> Reading | None:
        """The answer to "is that Monday to Friday?": yes, other days, or a whole week after all."""
        spans = _spans_of({"mon": held})["mon"]
        polar, rest = split_polarity(text)
        if said.week and any(said.week.values()):
            named = said.week if polar != "yes" else dict.fromkeys(WEEKDAYS, spans) | said.week
            return _reading(named, said)
        if said.week:
            return _reading({d: () if d in said.week else spans for d in DAYS}, said)
        if said.loose and said.loose.spans:
            return self._ask_days(said.loose.spans)
        days = read_hours(f"{rest} noon to 1").week
        if days:
            return _reading(dict.fromkeys(days, spans), said)
        return _reading(dict.fromkeys(WEEKDAYS, spans), said) if polar == "yes" else None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Days together with hours ("we're open weekdays nine to five"), never one without the other."""
        if two_offices(text) or lunch(text) is not None:
            return None
        said = read_hours(plainly(text))
        if not any(said.week.values()) or said.loose or said.changes:
            return None
        return _reading(said.week, said, 0.9)

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Only the days that are named change ("Saturday is ten to three", "closed Mondays").

        Hours without a day are for the days that are open; when those differ, the weekdays.
        """
        if not isinstance(ctx.current, dict):
            found = self.parse(correction(text), ctx)
            return found if found and found.value else None
        if (pause := lunch(text)) is not None:
            found = self.repair(without_lunch(text), ctx) or Reading(value=ctx.current)
            return replace(found, value=overnight(without_break(_spans_of(found.value or {}), pause)))
        text = plainly(text)
        _, rest = split_polarity(text)
        said = read_hours(correction(text))
        if not said.week and not said.changes and not said.loose:
            said = read_hours(rest or text)
        week = _spans_of(ctx.current)
        if not said.week and not said.changes and not said.loose:
            return None
        for day, value in said.changes.items():
            changed = shift(week[day] or _usual(week), value)
            if changed is not None:
                week[day] = changed
        week |= said.week
        if said.loose is not None and not said.loose.same:
            for day in _main_days(week):
                week[day] = (
                    (said.loose.spans or shift(week[day], said.loose) or ()) if said.loose else week[day]
                )
        return _reading(week, said)

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Seven days, each a sorted list of [from, to] without overlap."""
        if not isinstance(value, dict) or set(value) != set(DAYS):
            return "Please give hours for every day from Monday to Sunday."
        for day, name in zip(DAYS, NAMES, strict=True):
            spans = value[day]
            if not isinstance(spans, list | tuple):
                return f"The hours for {name} are not a list."
            end_before = -1
            for span in spans:
                pair = [minutes_of(t) for t in span] if isinstance(span, list | tuple) else []
                if len(pair) != 2 or pair[0] is None or pair[1] is None:
                    return f"The hours for {name} must be written like 09:00 to 18:00."
                if pair[0] >= pair[1]:
                    return f"On {name} the closing time must be after the opening time."
                if pair[0] < end_before:
                    return f"The hours for {name} overlap."
                end_before = pair[1]
        return None

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "Monday to Friday nine to six, Saturday ten to two, closed Sunday"."""
        return _describe(
            value, NAMES, " to ", " and ", lambda spans: _say_day(spans), "every day", "closed {}"
        )

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "Mon–Fri 9:00 AM–6:00 PM, Sat 10:00 AM–2:00 PM, Sun closed"."""
        short = tuple(name[:3] for name in NAMES)
        return _describe(value, short, "–", ", ", lambda spans: _show_day(spans), "Every day", "{} closed")

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Day names and what is said with them."""
        return (*NAMES, "weekdays", "weekends", "closed", "nine to five", "noon", "Monday through Friday")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _usual(week: Mapping[str, tuple[Span, ...]]) -> tuple[Span, ...]:
    return next((week[d] for d in DAYS if week[d]), ())


def _main_days(week: Mapping[str, tuple[Span, ...]]) -> list[str]:
    """The open days when they agree, else the weekdays with the commonest hours."""
    opened = [d for d in DAYS if week[d]]
    if len({week[d] for d in opened}) <= 1:
        return opened or list(WEEKDAYS)
    weekdays = [d for d in WEEKDAYS if week[d]] or opened
    counts = [week[d] for d in weekdays]
    usual = max(counts, key=counts.count)
    return [d for d in weekdays if week[d] == usual]


def _bare(minutes: int) -> Clock:
    half = minutes % 720
    special = minutes % 720 == 0
    return Clock(minutes % DAY if special else half, special, 0, 0)


def say_span(start: int, end: int) -> str:
    """ "nine to six"; a.m. and p.m. only where the bare hours would be understood otherwise."""
    if (start, end) == (0, DAY):
        return "all day"
    if resolve(_bare(start), _bare(end)) == (start, end):
        return f"{say_clock(start, period=False)} to {say_clock(end, period=False)}"
    return f"{say_clock(start, period=True)} to {say_clock(end, period=True)}"


def _say_day(spans: tuple[Span, ...]) -> str:
    if len(spans) > 1:
        full = [f"{say_clock(a, period=True)} to {say_clock(b, period=True)}" for a, b in spans]
        short = [say_span(a, b) for a, b in spans]
        bare = read_hours(f"Monday {' and '.join(short)}").week.get("mon")
        return " and ".join(short if bare == spans else full)
    return say_span(*spans[0])


def _show_day(spans: tuple[Span, ...]) -> str:
    return " and ".join(
        "24 hours" if (a, b) == (0, DAY) else f"{show_clock(a)}–{show_clock(b)}" for a, b in spans
    )


def _day_names(days: Sequence[str], names: Sequence[str], dash: str, join: str) -> str:
    """Runs of three or more days as a range, the rest one by one."""
    runs: list[list[int]] = []
    for i in sorted(DAYS.index(d) for d in days):
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    parts: list[str] = []
    for run in runs:
        if len(run) >= 3:
            parts.append(f"{names[run[0]]}{dash}{names[run[-1]]}")
        else:
            parts += [names[i] for i in run]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}{join}{parts[-1]}"


def _describe(
    value: Any, names: Sequence[str], dash: str, join: str, day: Any, every: str, closed: str
) -> str:
    week = _spans_of(value)
    groups: dict[tuple[Span, ...], list[str]] = {}
    for key in DAYS:
        groups.setdefault(week[key], []).append(key)
    shut = groups.pop((), [])
    if len(shut) == 7:
        return closed.format(every).capitalize() if every[0].isupper() else closed.format(every)
    parts = []
    for spans, days in groups.items():
        who = every if len(days) == 7 else _day_names(days, names, dash, join)
        parts.append(f"{who} {day(spans)}")
    if shut:
        parts.append(closed.format(_day_names(shut, names, dash, join)))
    # a day with two spans needs the longer pause, or the next group runs into it
    return ("; " if any(len(spans) > 1 for spans in groups) else ", ").join(parts)


TYPE = WeeklyHours()
