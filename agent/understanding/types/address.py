"""A postal address in the United States, from speech or typing; its parts as far as they were said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.corrections import fix_characters, last_version, strip_no
from agent.understanding.cues import cue_span, drop_span
from agent.understanding.digits import digits_of, keyed
from agent.understanding.fillers import clip, leftover, strip_opening
from agent.understanding.place_names import written_names
from agent.understanding.placeholders import is_placeholder
from agent.understanding.postal import (
    Postal,
    names_a_street,
    read_place,
    read_postal,
    read_unit,
    spoken_numbers,
)
from agent.understanding.spelling import decode, respell
from agent.understanding.types.areas import TYPE as TOWNS
from agent.understanding.wordlists import word_list
from policies.regions import states

_NUMBER = re.compile(
    r"\b(?:house |street |building )?number\s*(?:is|should be|'s)?\s+(?:actually\s+)?(?P<new>.+)$", re.I
)
_ZIP = re.compile(r"\b(?:zip|postal)(?:\s*code)?\s*(?:is|should be|'s)?\s+(?P<new>.+)$", re.I)
_CITY = re.compile(r"\b(?:city|town)\s*(?:is|should be|'s)?\s+(?P<new>[^\d,]+)$", re.I)
_STATE = re.compile(r"\bstate\s*(?:is|should be|'s)?\s+(?P<new>.+)$", re.I)
_STREET = re.compile(r"\bstreet(?:\s+name)?\s*(?:is|should be|'s)\s+(?P<new>.+)$", re.I)
_NO_UNIT = re.compile(
    r"^(?:there(?:'s| is) )?no (?:suite|unit|apartment|apt)\b|\bwithout (?:the|a) (?:suite|unit|apartment)",
    re.I,
)
_NOT = re.compile(r"^(?P<new>.+?)[\s,]+(?:not|instead of)\s+(?P<old>.+?)[.!]?$", re.I)


_ONCE = re.compile(r"\b(?:grew up|used to|born|lived|went to|work(?:ed)? at|my office|our office)\b", re.I)
"""Addresses of another time or place."""


_OURS = re.compile(
    r"\b(?:my|our|his|her|their|the|\w+'s)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:house|home|condo|town ?(?:house|home)|place|property|duplex|land|lot|cabin|apartment|unit)\b"
    r"(?:\s+(?:is\s+)?|.*?\b(?:it'?s|it is|which is|located)\s+)(?:(?:over|out|up|down)\s+)?in\s+(?P<town>[^,.;!?]+)",
    re.I,
)
"""Somebody's own home and its town, before its street is asked for ("her condo in Lakewood")."""
LONGEST_SMALL = 2
"""Words of a town that is written small."""
_SHARE = re.compile(r"(?<![\d$])\d{1,2}\.\d+(?!\d)\s*%?(?=\s)")
"""A part of a hundred ("2.5 sounds high"), which no house has for a number."""


_PARTS_BY_NAME = ((_ZIP, "zip"), (_NUMBER, "number"), (_STREET, "street"), (_CITY, "city"), (_STATE, "state"))
"""What names a part of an address that is put right, and the part."""
_NUMBER_WORDS = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|oh|ten|\w+teen|\w+ty|hundred|thousand|and)\b"
)
_OF_LETTERS = re.compile(r"\bas in\b|\bletter\b|\bnot\b|\bwith\b", re.I)


class Address:
    """Canonical value: ``{"line", "street", "unit", "city", "state", "zip"}``, "" for what is not known.

    A street without a town is asked for its town once; ``options.parts`` "street" leaves that out,
    ``options.unannounced`` true finds one in any sentence (there is no other address in the form),
    ``options.zip`` true asks for the ZIP code too.
    """

    name = "address"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """A street with what follows it, or, after ``ask``, the missing town."""
        text = _SHARE.sub(" ", clip(text))
        if keyed(text) is not None and not isinstance(ctx.partial, dict):
            return None
        said = last_version(text)
        if said:
            again, first = self.parse(said[1], ctx), self.parse(said[0], ctx)
            if again and again.value:
                return again
            if first and isinstance(first.value, dict):
                mended = self._mend(_postal(first.value), said[1], ctx)
                return mended if mended and mended.value else first
        held = _postal(ctx.partial) if isinstance(ctx.partial, dict) else None
        body = strip_opening(text)
        parts, begin, end = read_postal(body)
        if parts.street:
            if held and not held.street:
                parts = parts.filled(held)
            spoken = spoken_numbers(body)
            rest = leftover(f"{_before(spoken[:begin])} {spoken[end:]}")
            return self._made(parts, ctx, held is not None, rest)
        if held and held.street:
            place = self._place(body, ctx)
            if place:
                return self._made(place.filled(held) if not held.city else held.filled(place), ctx, True)
            # its town is asked for once: other words are about something else
            return self._made(held, ctx, True, text)
        if parts.zip or (parts.city and parts.state):
            return Reading(ask="And the street and number?", partial=asdict(parts))
        return None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A street with its number: after one of the slot's cues, else where it is unmistakable."""
        text = clip(text)
        span = cue_span(text, ctx.slot.cues)
        if not span:
            return self._unannounced(text, ctx)
        reading = self.parse(text[span[1] :], replace(ctx, partial=None))
        if not reading or reading.problem:
            return None
        rest = leftover(f"{drop_span(text, span[0], len(text))} {reading.rest}")
        return Reading(
            value=reading.value, ask=reading.ask, partial=reading.partial, confidence=0.75, rest=rest
        )

    def _unannounced(self, text: str, ctx: SlotContext) -> Reading | None:
        """ "They'd like to see 88 Birch Lane in Golden": a number, a name and a kind of street."""
        if not ctx.slot.options.get("unannounced") or _ONCE.search(text):
            return None
        parts, _, _ = read_postal(text)
        if not parts.street:
            return self._town_of_ours(text, ctx)
        if not re.match(r"\d{1,6}\w? (?:[NSEW]{1,2} )?\w", parts.street) or not names_a_street(parts.street):
            return None
        reading = self.parse(text, replace(ctx, partial=None))
        if reading is None or not (reading.value or reading.ask):
            return None
        if reading.ask:
            # the street alone will do until its town is asked for
            value = {"line": parts.line, **asdict(parts)}
            return replace(reading, value=value, confidence=0.7) if self.check(value, ctx) is None else None
        return replace(reading, confidence=min(reading.confidence, 0.75))

    def _town_of_ours(self, text: str, ctx: SlotContext) -> Reading | None:
        ours = _OURS.search(text)
        if ours is None:
            return None
        written = written_names(ours["town"], 0, len(ours["town"]))
        short = len(ours["town"].split()) <= LONGEST_SMALL
        town = next(iter(written or (TOWNS.in_small(ours[0]) if short else ())), None)
        if town is None:
            return None
        return Reading(
            ask=f"What's the street and number in {town[0]}?", partial=asdict(Postal(city=town[0]))
        )

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """The address again or the part that is wrong: "suite 300", "the zip is 80203", "Boulder, not Denver"."""
        text = clip(text)
        if not isinstance(ctx.current, dict) or keyed(text) is not None:
            return None
        current = _postal(ctx.current)
        parts, _, _ = read_postal(strip_no(text))
        if parts.street:
            return self._made(parts.filled(replace(current, street="", unit="")), ctx, True)
        return self._mend(current, text, ctx)

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """A street with a number (or a PO box); a real state and a five-digit ZIP if there are any."""
        if not isinstance(value, dict):
            return "I need a street address."
        parts = _postal(value)
        if is_placeholder(parts.street) or not re.search(r"\d", parts.street) or len(parts.street) < 5:
            return "I need the street and the number, for example 12 Cherry Lane."
        if parts.state and parts.state not in states():
            return "That state isn't one I know. Which US state is it?"
        if parts.zip and not re.fullmatch(r"\d{5}(?:-\d{4})?", parts.zip):
            return "A ZIP code has five digits."
        return "That address is too long." if len(parts.line) > 200 else None

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "1 2 3 4 Main Street, Suite 200, Denver, Colorado, 8 0 2 0 2"."""
        parts = _postal(value) if isinstance(value, dict) else Postal(street=str(value))
        number, _, name = parts.street.partition(" ")
        street = f"{' '.join(number) if number.isdigit() and len(number) > 2 else number} {name}".strip()
        state = states()[parts.state].name if parts.state in states() else parts.state
        unit = re.sub(r"^#", "number ", parts.unit)
        return ", ".join(filter(None, (street, unit, parts.city, state, " ".join(parts.zip[:5]))))

    def show(self, value: Any, ctx: SlotContext) -> str:
        """One line."""
        return _postal(value).line if isinstance(value, dict) else str(value)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Words of addresses."""
        return ["Street", "Avenue", "Boulevard", "Drive", "Lane", "Suite", "ZIP"]

    def _made(self, parts: Postal, ctx: SlotContext, asked: bool, rest: str = "") -> Reading:
        parts = self._known_state(parts, ctx)
        value = {"line": parts.line, **asdict(parts)}
        problem = self.check(value, ctx)
        if problem:
            return Reading(problem=problem)
        if not asked and ctx.slot.options.get("parts") != "street":
            if not parts.city and not parts.zip:
                return Reading(ask="Which city and state is that in?", partial=asdict(parts), rest=rest)
            if ctx.slot.options.get("zip") and not parts.zip:
                return Reading(ask="And the ZIP code?", partial=asdict(parts), rest=rest)
        complete = bool(parts.city and parts.state)
        return Reading(value=value, confidence=0.85 if complete else 0.7, rest=rest)

    def _known_state(self, parts: Postal, ctx: SlotContext) -> Postal:
        """The firm's only state, when a city was said without one."""
        served = ctx.facts.get("states_served")
        if parts.city and not parts.state and isinstance(served, list | tuple) and len(served) == 1:
            return replace(parts, state=str(served[0]))
        return parts

    def _place(self, text: str, ctx: SlotContext) -> Postal | None:
        """City, state or ZIP said alone."""
        pressed = keyed(text)
        if pressed is not None:
            return Postal(zip=pressed) if re.fullmatch(r"\d{5}", pressed) else None
        said = spoken_numbers(strip_opening(text))
        parts, _ = read_place(f" {said}", after_street=True)
        talk = [w for w in re.findall(r"[\w'’]+", parts.city.lower()) if w in word_list("everyday")]
        if talk:
            parts = replace(parts, city="")
        return parts if parts.city or parts.state or parts.zip else None

    def _mend(self, current: Postal, text: str, ctx: SlotContext) -> Reading | None:
        """What is put right of an address: a part by its name, one part for another, digits, a letter, a town."""
        said = strip_no(text)
        if _NO_UNIT.search(text.strip()) and current.unit:
            return self._made(replace(current, unit=""), ctx, True)
        if unit := _unit_named(said):
            return self._made(replace(current, unit=unit), ctx, True)
        for pattern, part in _PARTS_BY_NAME:
            if match := pattern.search(said):
                return self._part(current, part, match["new"].strip(" .!"), ctx)
        number, _, name = current.street.partition(" ")
        if pair := _NOT.match(said):
            old, new = pair["old"].strip(" .").lower(), pair["new"].strip(" .,")
            if old == current.city.lower():
                return self._part(current, "city", new, ctx)
            if street := _street_exchanged(number, name, old, new):
                return self._made(replace(current, street=street), ctx, True)
        digits = digits_of(said, add=True)
        if digits and not re.search(r"[a-z]{3,}", _NUMBER_WORDS.sub("", said.lower())):
            part = "zip" if len(digits) == 5 and len(number) != 5 else "number"
            return self._part(current, part, digits, ctx)
        fixed = fix_characters(name, text)
        if fixed and fixed.value and fixed.value != name and _OF_LETTERS.search(text):
            return self._made(replace(current, street=f"{number} {fixed.value}"), ctx, True)
        place = self._place(said, ctx)
        if place is None:
            return None
        another_town = place.city and place.city.lower() != current.city.lower() and len(said.split()) <= 3
        if place.state or place.zip or another_town:
            return self._made(place.filled(current), ctx, True)
        return None

    def _part(self, current: Postal, part: str, said: str, ctx: SlotContext) -> Reading | None:
        number, _, name = current.street.partition(" ")
        digits = digits_of(said, add=True)
        if part == "zip":
            if not re.fullmatch(r"\d{5}|\d{9}", digits):
                return Reading(problem="A ZIP code has five digits. Which one is it?")
            return self._made(replace(current, zip=digits[:5]), ctx, True)
        if part == "number":
            return self._made(replace(current, street=f"{digits} {name}"), ctx, True) if digits else None
        if part == "state":
            place, _ = read_place(f" x, {said}", after_street=True)
            return self._made(replace(current, state=place.state), ctx, True) if place.state else None
        units = respell(decode(said, spelled=True))
        text = (
            " ".join(u.text for u in units if u.kind == "word")
            if any(u.kind == "word" for u in units)
            else "".join(u.text for u in units)
        )
        text = " ".join(w[:1].upper() + w[1:] for w in text.split())
        if part == "city":
            return self._made(replace(current, city=text), ctx, True) if text else None
        return self._made(replace(current, street=f"{number} {text}"), ctx, True) if text else None


def _postal(value: Mapping[str, Any]) -> Postal:
    return Postal(*(str(value.get(key) or "").strip() for key in ("street", "unit", "city", "state", "zip")))


def _unit_named(said: str) -> str:
    """The suite or flat that is named; "" for none."""
    if re.match(r"(?:the\s+)?(?:house |street |building )?number\b", said, re.I):
        return ""
    return read_unit(re.sub(r"^(?:the|it's)\s+", "", said, flags=re.I).replace(" is ", " "))


def _street_exchanged(number: str, name: str, old: str, new: str) -> str:
    """The street with its digits or a word of its name exchanged ("50, not 15", "Elm, not Helm"); "" if not."""
    old_digits, new_digits = digits_of(old, add=True), digits_of(new, add=True)
    if new_digits and old_digits and old_digits in number:
        return f"{number.replace(old_digits, new_digits)} {name}"
    if old in name.lower() and new:
        swapped = re.sub(re.escape(old), lambda _: new[:1].upper() + new[1:], name, count=1, flags=re.I)
        return f"{number} {swapped}"
    return ""


def _before(text: str) -> str:
    """What was said before a street, without "our office is at"."""
    return re.sub(
        r"(?:^|[\s,.;])(?:(?:and|so|well)\s+)?(?:(?:our|my|the)\s+\w*\s*(?:is|"
        r"'s)?\s*(?:located\s+)?(?:at|on)?|we're (?:located )?(?:at|on)|(?:located )?(?:at|on)|"
        r"it's(?: at| on)?)\s*$",
        "",
        text,
        flags=re.I,
    )


TYPE = Address()
