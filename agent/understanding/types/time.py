"""A time of day; canonical value: "HH:MM" on a 24-hour clock.

Options: ``default_period`` ("business": a bare hour from seven to eleven is morning, else afternoon;
or "am", "pm").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.numbers import cut, fold
from agent.understanding.polarity import keys
from agent.understanding.simple import SimpleType, correction
from agent.understanding.spoken import say_clock, show_clock
from agent.understanding.times import (
    DAY,
    NOON,
    Clock,
    business,
    canonical,
    find_times,
    minutes_of,
    normal,
)

_PART = re.compile(r"\b(morning|afternoon|evening|night|lunch ?time|lunch)\b")
_TURN = re.compile(r"\b(?:no|wait|actually|sorry|i mean|make that|rather|scratch that)\b")
_OR = re.compile(r"\s*,?\s*(?:or|or maybe|and|to|until|till|-|through)\s*(?:at )?")
_HOUR_AFTER = re.compile(
    r"\s*(?:bed|bath|%|percent|people|agents?|dollars?|hundred|thousand|minutes?|hours?|days?|"
    r"weeks?|months?|years?)"
)


class Time(SimpleType):
    """ "Half past two", "3", "noon", "14:30", "nine in the morning"."""

    name = "time"
    patience: Patience = "short"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The time meant; "in the morning" alone is asked for the hour."""
        pressed = keys(text)
        if pressed is not None:
            if not re.fullmatch(r"\d{1,4}", pressed):
                return None
            text = pressed if len(pressed) <= 2 else f"{pressed[:-2]}:{pressed[-2:]}"
        said = normal(text)
        clocks = [c for c in find_times(said, before=True) if not _HOUR_AFTER.match(said[c.end :])]
        held = ctx.partial if isinstance(ctx.partial, dict) else {}
        if not clocks:
            part = _PART.search(fold(text))
            if part and not held:
                return Reading(ask=f"At what time in the {part.group(1)}?", partial={"part": part.group(1)})
            return None
        chosen = clocks[0]
        if len(clocks) > 1:
            gap = said[clocks[0].end : clocks[1].start]
            if _TURN.search(said[clocks[0].end : clocks[-1].start]):
                chosen = clocks[-1]
            elif _OR.fullmatch(gap):
                first, second = (say_clock(self._minutes(c, ctx, held), period=True) for c in clocks[:2])
                return Reading(ask=f"Which one, {first} or {second}?", partial={})
        minutes = self._minutes(chosen, ctx, held)
        rest = cut(said, [(c.start, c.end) for c in clocks])
        return Reading(value=canonical(minutes % DAY), confidence=1.0 if chosen.sure else 0.85, rest=rest)

    def _minutes(self, clock: Clock, ctx: SlotContext, held: dict[str, Any]) -> int:
        if clock.sure:
            return clock.minutes
        part = str(held.get("part", ""))
        rule = str(ctx.slot.options.get("default_period", "business"))
        if part == "morning" or (rule == "am" and not part):
            return clock.minutes
        if part or rule == "pm":
            return clock.minutes + NOON
        return business(clock.minutes)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A time whose half of the day was said, or any right behind a cue of the slot."""
        said = normal(text)
        cues = "|".join(re.escape(fold(cue)) for cue in ctx.slot.cues)
        for clock in find_times(said, before=True):
            near = cues and re.search(rf"(?<!\w)(?:{cues})\W+(?:[\w']+\W+){{0,2}}$", said[: clock.start])
            if near and not _HOUR_AFTER.match(said[clock.end :]):
                value = canonical(self._minutes(clock, ctx, {}) % DAY)
                return Reading(value=value, confidence=0.85, rest=cut(said, [(clock.start, clock.end)]))
        return None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another time, or the other half of the day ("no, p.m.")."""
        said = correction(text)
        half = re.fullmatch(
            r"\W*(?:in the )?([ap])\.?\s?m\.?\W*|\W*(?:in the )?(morning|afternoon|evening)\W*", fold(said)
        )
        held = minutes_of(ctx.current)
        if half and held is not None:
            late = half.group(1) == "p" or half.group(2) in {"afternoon", "evening"}
            return Reading(value=canonical(held % NOON + (NOON if late else 0)))
        return self.parse(said, ctx) if said else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """ "HH:MM" before midnight."""
        minutes = minutes_of(value)
        return (
            None
            if minutes is not None and minutes < DAY
            else "I need a time of day, for example half past two."
        )

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "Two thirty p.m."."""
        minutes = minutes_of(value)
        return say_clock(minutes, period=True) if minutes is not None else str(value)

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "2:30 PM"."""
        minutes = minutes_of(value)
        return show_clock(minutes) if minutes is not None else str(value)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Words times are made of."""
        return ("half past", "quarter to", "o'clock", "noon", "a.m.", "p.m.")


TYPE = Time()
