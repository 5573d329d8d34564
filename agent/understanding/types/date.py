"""A calendar day; canonical value: ISO 8601 ("2026-12-01").

Options: ``past`` (a day without a year is the last one), ``future`` (days gone by are a problem),
``vague`` (accept "next month" as a day), ``asap`` (false: "as soon as possible" is no date; otherwise
it is today, to be read back).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.dates import When, find_dates, normal, today_of, wrong_weekday
from agent.understanding.numbers import cut, fold
from agent.understanding.polarity import keys
from agent.understanding.simple import SimpleType, correction
from agent.understanding.spoken import say_date, show_date

_ASAP = re.compile(
    r"\b(?:a\.?s\.?a\.?p\b|as soon as (?:possible|you can|i can|we can)|right away|immediately|"
    r"right now)"
)
_TURN = re.compile(r"\b(?:no|wait|actually|sorry|i mean|make that|rather|scratch that|on x thought)\b")
_OR = re.compile(r"\s*,?\s*(?:or|or maybe|and|to|through|-|and maybe)\s*(?:on )?(?:the )?")
_BARE = re.compile(r"\W*(?:on |for |maybe )?(?:the )?(\d{1,2})(?:st|nd|rd|th)\W*(?:please\W*)?")


class Date(SimpleType):
    """Weekdays, dates, spans from now, holidays; months and weeks are asked for the day."""

    name = "date"
    patience: Patience = "short"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The day meant; a question when only a week or month was said."""
        today = today_of(ctx)
        pressed = keys(text)
        if pressed is not None:
            return self._keyed(pressed, today, ctx)
        said = normal(text)
        held = ctx.partial if isinstance(ctx.partial, dict) else {}
        base = _iso(held.get("from")) or today
        if bare := _BARE.fullmatch(said):
            said = f"the {bare.group(1)}th"
        found = list(find_dates(said, base, past=bool(ctx.slot.options.get("past")) and base == today))
        if not found:
            if _ASAP.search(fold(text)) and ctx.slot.options.get("asap", True) is not False:
                return Reading(value=today.isoformat(), confidence=0.5)
            return None
        return self._decide(said, found, today, ctx, bool(held))

    def _decide(self, said: str, found: list[When], today: date, ctx: SlotContext, asked: bool) -> Reading:
        exact = [w for w in found if w.days == 1] or found
        chosen = (
            exact[-1] if len(exact) > 1 and _TURN.search(said[exact[0].end : exact[-1].start]) else exact[0]
        )
        if len(exact) > 1 and chosen is exact[0]:
            second = exact[1]
            gap = said[chosen.end : second.start]
            if re.fullmatch(r"[\s,]*(?:the )?", gap):
                # "Monday the 30th", "tomorrow, Tuesday": two names of one day, the later one says more
                chosen = second
                if weekday := wrong_weekday(said[exact[0].start : second.end], second.day):
                    return Reading(problem=_mismatch(second.day, weekday, today))
            elif _OR.fullmatch(gap) and second.day != chosen.day:
                question = f"Which one, {say_date(chosen.day, today)} or {say_date(second.day, today)}?"
                return Reading(ask=question, partial={"from": today.isoformat()})
        if weekday := wrong_weekday(said[chosen.start : chosen.end], chosen.day):
            return Reading(problem=_mismatch(chosen.day, weekday, today))
        if chosen.days > 2 and not asked and not ctx.slot.options.get("vague") and chosen.sure < 1:
            return Reading(ask="Which day would that be?", partial={"from": chosen.day.isoformat()})
        problem = self.check(chosen.day.isoformat(), ctx)
        if problem:
            return Reading(problem=problem)
        rest = cut(said, [(w.start, w.end) for w in found])
        return Reading(value=chosen.day.isoformat(), confidence=chosen.sure, rest=rest)

    def _keyed(self, pressed: str, today: date, ctx: SlotContext) -> Reading | None:
        """Month and day, with or without the year: 1203, 120326, 12032026."""
        if not re.fullmatch(r"\d{4}(?:\d{2}|\d{4})?", pressed):
            return None
        parts = [pressed[:2], pressed[2:4], *([pressed[4:]] if pressed[4:] else [])]
        found = list(find_dates("/".join(parts), today, past=bool(ctx.slot.options.get("past"))))
        return self._decide("/".join(parts), found, today, ctx, True) if found else None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A day right behind a cue of the slot."""
        said = normal(text)
        for when in find_dates(said, today_of(ctx), past=bool(ctx.slot.options.get("past"))):
            before = said[max(0, when.start - 40) : when.start]
            cues = [re.escape(fold(cue)) for cue in ctx.slot.cues]
            near = cues and re.search(rf"(?<!\w)(?:{'|'.join(cues)})\W+(?:[\w']+\W+){{0,3}}$", before)
            if near and when.days == 1 and self.check(when.day.isoformat(), ctx) is None:
                rest = cut(said, [(when.start, when.end)])
                return Reading(value=when.day.isoformat(), confidence=min(when.sure, 0.9), rest=rest)
        return None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another day."""
        said = correction(text)
        return self.parse(said, ctx) if said else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """A real day in ISO form, not gone by where ``future`` asks for that."""
        day = _iso(value)
        if day is None:
            return "I need a date, for example December third."
        if ctx.slot.options.get("future") and day < today_of(ctx):
            return f"{say_date(day, today_of(ctx))} has passed. Which day do you mean?"
        return None

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "Tuesday, December first"."""
        day = _iso(value)
        return say_date(day, today_of(ctx)) if day else str(value)

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "Tue, Dec 1, 2026"."""
        day = _iso(value)
        return show_date(day) if day else str(value)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Words dates are made of."""
        return ("tomorrow", "next Tuesday", "the first of January", "end of the month", "in two weeks")


def _iso(value: Any) -> date | None:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _mismatch(day: date, weekday: str, today: date) -> str:
    weekday_said, _, rest = say_date(day, today).partition(", ")
    return f"{rest} is a {weekday_said}, not a {weekday.capitalize()}. Which day do you mean?"


TYPE = Date()
