"""The office's time zone; canonical value: an IANA name.

Understands zone names ("mountain time"), cities and states; Arizona is its own zone because it
keeps no daylight saving. A state with two zones gives the one most people live in, less surely.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from agent.understanding.base import Reading, SlotContext
from agent.understanding.matching import close_matches, plain
from agent.understanding.numbers import cut, fold
from agent.understanding.places import find_states
from agent.understanding.polarity import keys, split_polarity
from agent.understanding.simple import SimpleType, correction
from flows.schema import Choice
from policies import regions

_DATA = Path(__file__).parent.parent / "data" / "timezones.yaml"
_MENU = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")
_STATED = re.compile(
    r"(?<!\w)(?:eastern|central|mountain|pacific|arizona|alaska|hawaii(?:an)?|atlantic)"
    r"(?: (?:standard|daylight))? time(?: zone)?(?!\w)"
)
_ABBREVIATED = re.compile(r"(?<!\w)(?:EST|EDT|CST|CDT|MST|MDT|PST|PDT|HST|AKST)(?!\w)")
_CLOCK_BEFORE = re.compile(
    r"(?:\d|[ap]\.?m\.?|o'clock|noon|midnight|thirty|(?:one|two|three|four|five|six|seven|eight|"
    r"nine|ten|eleven|twelve))\s*$"
)


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return loaded


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Every name and city as a pattern with its zone, longest first."""
    rows = [
        (plain(word), zone)
        for table in ("names", "cities")
        for zone, words in _data()[table].items()
        for word in words
    ]
    tail = r"(?![\w'])(?: (?:standard|daylight))?(?: time)?(?: zone)?"
    return tuple(
        (re.compile(r"(?<![\w'])(?<!not )" + r"[\s.,'-]*".join(map(re.escape, phrase.split())) + tail), zone)
        for phrase, zone in sorted(rows, key=lambda row: -len(row[0]))
    )


def is_zone(name: object) -> bool:
    """Whether the name is a time zone of the IANA database."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9_+-]+)*", name):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _named(text: str) -> tuple[str, tuple[int, int]] | None:
    """The zone a name or city in the text stands for, with its place; the longest name wins."""
    folded = fold(text)
    for pattern, zone in _phrases():
        if match := pattern.search(folded):
            return zone, match.span()
    return None


def zone_named(text: str) -> str:
    """The IANA name of the zone that a name or a city in the text stands for; "" where none does."""
    found = _named(text)
    return found[0] if found else ""


_MOBILE = re.compile(
    r"\b(?:my|his|her|our|your|a|the|by|via|text)\s+mobile\b|\bmobile(?=\s+(?:phone|number|is|line)\b)",
    re.IGNORECASE,
)
"""A telephone, not the town in Alabama."""


class TimeZone(SimpleType):
    """Zone names, cities, states, keys 1 to 4 from east to west, or yes to the one suggested."""

    name = "timezone"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """One zone; "yes" takes ``facts["timezone_suggestion"]``."""
        pressed = keys(text)
        if pressed is not None:
            return Reading(value=_MENU[int(pressed) - 1]) if pressed in {"1", "2", "3", "4"} else None
        text = _MOBILE.sub(" ", text)
        polar, rest = split_polarity(text)
        said = rest or text
        typed = re.search(r"[A-Za-z]+/[A-Za-z_/+-]+[A-Za-z]", text)
        if typed and is_zone(typed.group()):
            return Reading(value=typed.group(), rest=cut(text, [typed.span()]))
        arizona = re.search(
            r"\b(?:no|without|don't (?:do|use|have|observe|change)|never change)[\w "
            r"]{0,20}(?:daylight|clocks?)",
            fold(text),
        )
        if arizona:
            return Reading(value="America/Phoenix", confidence=0.8)
        if found := _named(said):
            zone, span = found
            rest = cut(said, [span, *[(p.start, p.end) for p in find_states(said, strict=True)]])
            return Reading(value=zone, confidence=0.9 if span[1] - span[0] <= 4 else 1.0, rest=rest)
        if short := re.search(r"(?<!\w)(ET|CT|MT|PT|HT)(?!\w)", said) or re.fullmatch(
            r"\W*(et|mt|pt|ct|ht)\W*(?:time\W*)?", fold(said)
        ):
            return Reading(value=_data()["short"][short.group(1).lower()], confidence=0.9)
        if state := self._of_state(said):
            return state
        suggestion = ctx.facts.get("timezone_suggestion")
        if polar == "yes" and is_zone(suggestion):
            return Reading(value=suggestion, rest=rest)
        near = close_matches(text, _NEAR)
        return Reading(value=near[0].value, confidence=0.65) if near else None

    def _of_state(self, text: str) -> Reading | None:
        places = [p for p in find_states(text) if not p.denied]
        codes = list(dict.fromkeys(code for p in places for code in p.codes))
        zones = list(dict.fromkeys(regions.states()[code].zones[0] for code in codes))
        if not zones:
            return None
        spans = [(p.start, p.end) for p in places]
        spoken = list(dict.fromkeys(regions.spoken_timezone(zone) for zone in zones))
        if len(spoken) > 1:
            return Reading(ask=f"Is the office on {' or '.join(spoken[:2])}?", partial=zones)
        split = len(regions.states()[codes[0]].zones) > 1
        return Reading(value=zones[0], confidence=0.7 if split else 0.9, rest=cut(text, spans))

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """ "Mountain time", "MST" and the like, unless they only qualify a clock time."""
        folded = fold(text)
        for match in [*_STATED.finditer(folded), *_ABBREVIATED.finditer(text)]:
            found = None if _CLOCK_BEFORE.search(folded[: match.start()]) else _named(match.group())
            if found:
                return Reading(value=found[0], confidence=0.9, rest=cut(text, [match.span()]))
        return None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another zone; a bare yes or no is no correction."""
        said = correction(text)
        found = self.parse(said, ctx) if said else None
        return found if found is not None and (found.value or found.ask) else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """A name of the IANA database."""
        return (
            None
            if is_zone(value)
            else "Please give a time zone, for example Mountain time or America/Denver."
        )

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "Mountain time"; Arizona's says what is special."""
        return regions.spoken_timezone(str(value))

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "Mountain time (America/Denver)"."""
        return f"{regions.spoken_timezone(str(value))} ({value})"

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """The zones' names."""
        return ("Eastern", "Central", "Mountain", "Pacific", "Arizona", "Alaska", "Hawaii", "time zone")


_NEAR = tuple(
    Choice(value=zone, label=f"{word} time", also=(word,))
    for zone, word in (
        ("America/New_York", "eastern"),
        ("America/Chicago", "central"),
        ("America/Denver", "mountain"),
        ("America/Los_Angeles", "pacific"),
    )
)

TYPE = TimeZone()
