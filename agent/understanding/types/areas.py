"""Places somebody asks about; canonical value: a list of names as said ("Capitol Hill", "80202").

Places are the caller's data, never judged or completed: the name is taken, what it stands for is
looked up by whoever searches. Words about people ("a white neighborhood") are no places and are not
kept (C20, C24).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.base import Reading, SlotContext
from agent.understanding.digits import keyed
from agent.understanding.fillers import strip_fillers
from agent.understanding.numbers import cut, fold
from agent.understanding.place_names import (
    HASTE,
    MOST,
    area_words,
    clauses,
    ordinary,
    small_names,
    unique,
    with_zips,
    written_names,
)
from agent.understanding.simple import SimpleType, correction
from agent.understanding.spoken import MONTHS

_REACH = 120
"""How many characters behind "in" or "near" the names may stand."""

_LONGEST = 1500
A_STORY = 9
"""Words of an answer that is more than a list."""
_CAME_FROM = re.compile(
    r"\b(?:mov|relocat|com|transferr)(?:e|es|ing)(?: \w+){0,2} (?:from|out of) (?:the )?$", re.I
)
"""What stands before the place somebody leaves."""
_AIM = (
    r"(?:mov(?:e|es|ing)|go(?:es|ing)?|head(?:s|ing)?|travel(?:s|l?ing)?|relocat(?:e|es|ing)|"
    r"shift(?:s|ing)?|com(?:e|es|ing))"
    r"(?: \w+){0,4}? to"
)
_WHERE = (
    "in",
    "near",
    "around",
    "close to",
    "the area of",
    "looking in",
    "by the",
    "outside of",
    "outside",
    "next to",
    "within",
)
_NO_PREFERENCE = re.compile(
    r"\b(?:no (?:preference|particular|specific|idea)|(?:doesn't|does not|don't|do not) (?:matter|"
    r"care|mind|know)|"
    r"not (?:sure|picky|particular)|anywhere(?! (?:in|near|around|close|by|from))|wherever|you "
    r"(?:choose|decide|tell me)|open to anything)\b"
)


_IN_SMALL = re.compile(
    r"\b(?:in|near|around|(?:mov(?:e|es|ing)|relocat(?:e|ing)|go(?:ing)?|com(?:e|ing)|closer?)(?: \w+){0,2} to) (?P<name>[a-z][a-z'.]{2,}(?: [a-z][a-z'.]{2,})?)(?=\s*(?:$|[,.;!?]| (?:and|or|with|for|under|up|max|by|about|around"
    r"|please|to|from|at|near|if|but|i|we|my|our|that|a|the|three|two|four|one|\d)\b))"
)
_CARRY_ON = frozenset([
    "and", "or", "with", "for", "under", "up", "max", "by", "about", "around", "please", "to", "at",
    "near", "if", "but", "i", "we", "my", "our", "that",
])  # fmt: skip
_NO_TOWN = frozenset([
    "cash", "person", "touch", "general", "mind", "case", "spring", "summer", "fall", "winter",
    "autumn", "months", "month", "weeks", "week", "days", "a", "the", "order", "time", "need",
    "good", "great", "bad", "foreclosure", "escrow", "advance", "total", "love", "shape",
    "condition", "particular", "rent", "buy", "sell", "move", "see", "find", "get", "look", "be",
    "talk", "have", "make", "your", "my", "our", "work", "school", "family", "parents", "kids",
    "pets", "house", "home", "apartment", "condo", "place", "something", "town", "city", "price",
    "budget", "three", "two", "four", "five", "six", "about", "hurry", "probate", "english",
    "spanish", "texas", "there", "here", "this", "that", "those", "these", "half", "between",
    "under", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "tomorrow", "today", "tonight", "next", "know", "ask", "speak", "leave", "go", "come", "live",
    "stay", "pay", "help",
]) | {*MONTHS, *(month[:3] for month in MONTHS), "sept"}  # fmt: skip


class Areas(SimpleType):
    """Towns, neighborhoods, zip codes: one or several."""

    name = "areas"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """Every place named in an answer to "which areas". "No preference" is none."""
        pressed = keyed(text)
        if pressed is not None:
            digits = pressed.rstrip("#")
            return Reading(value=[digits]) if len(digits) == 5 else None
        text = with_zips(strip_fillers(text[:_LONGEST]))
        spelled = text.lower() if text.isupper() else text
        found: list[tuple[str, int, int]] = []
        spans = clauses(spelled)
        named = any(written_names(spelled, start, end) for start, end in spans)
        for start, end in spans:
            written = written_names(spelled, start, end)
            found += written
            if written or not named:
                small = small_names(spelled, start, end, pure=named)
                found += [s for s in small if all(s[2] <= w[1] or w[2] <= s[1] for w in written)]
        if not named and len(text.split()) >= A_STORY and (led := self.in_small(spelled)):
            found = led  # "i'm a nurse, night shifts, ... in denver": the rest of it is no list of places
        found = [name for name in found if not _CAME_FROM.search(spelled[: name[1]])]
        found.sort(key=lambda name: name[1])
        capital = any(text[a:b] == name or name[:1].isdigit() for name, a, b in found)
        if not found or (_NO_PREFERENCE.search(fold(text)) and not capital):
            return None
        names = unique([name for name, _, _ in found])
        rest = cut(text, [(a, b) for _, a, b in found])
        return Reading(value=names, confidence=0.85, rest=rest)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Names behind "in", "near", "moving to" (or the slot's own cues), and zip codes announced as such."""
        text = text[:_LONGEST]
        cues = [fold(cue) for cue in ctx.slot.cues] or list(_WHERE)
        loose = "in" in cues
        pattern = "|".join(re.escape(cue) for cue in sorted(cues, key=len, reverse=True))
        pattern += f"|{_AIM}|close to|in (?:and|or) around|lookin|somewhere" if loose else ""
        found: list[tuple[str, int, int]] = []
        for start, end in clauses(text):
            for cue in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", fold(text)[start:end]):
                after = start + cue.end()
                lead = re.match(
                    r"\s+(?:(?:the|either|a place) )*(?:city of |town of |area of "
                    r")?",
                    text[after:end],
                )
                here = after + (lead.end() if lead else 0)
                names = self._list_at(text, here, min(end, here + _REACH))
                found += [n for n in names if all(n[2] <= f[1] or f[2] <= n[1] for f in found)]
        if loose and not found:
            adjective = re.search(
                r"\b(?:[Aa]n?|[Aa]ny)\s+((?:[A-Z][a-z]+\s){1,2})(?:apartment|home|house|condo|"
                r"place)\b",
                text,
            )
            if adjective:
                found = written_names(text, *adjective.span(1))
        if loose and not found:
            found = self._unled(text) or self.in_small(text)
        code = re.search(r"\bzip(?: code)?(?: is| of)? (\d{5})\b", with_zips(text), re.IGNORECASE)
        names_found = unique([n for n, _, _ in found] + ([code[1]] if code else []))
        if not names_found:
            return None
        return Reading(value=names_found, confidence=0.8, rest=cut(text, [(a, b) for _, a, b in found]))

    def in_small(self, text: str) -> list[tuple[str, int, int]]:
        """(name, start, end) of towns in small letters behind "in" or "near", where nothing has a capital."""
        if re.search(r"[A-Z]", text.replace("I", "")):
            return []
        found: list[tuple[str, int, int]] = []
        for match in _IN_SMALL.finditer(text):
            words = match["name"].rstrip(".'").split()  # a sentence's full stop is no part of a name
            while words and words[-1] in _CARRY_ON | HASTE:
                words.pop()
            plain = [w for w in words if w not in area_words("generic")]
            if (
                not plain
                or ordinary(words)
                or any(w in _NO_TOWN or w in area_words("never") | area_words("people") for w in plain)
            ):
                continue
            name = " ".join(words)
            found.append(
                (
                    " ".join(w.capitalize() for w in words),
                    match.start("name"),
                    match.start("name") + len(name),
                )
            )
        return found

    def _unled(self, text: str) -> list[tuple[str, int, int]]:
        """Names without a word before them: "a condo downtown Denver", "..., Boulder or Superior, ..."."""
        alone = [s for s in re.finditer(r"[^.!?]+", text) if s.group().strip()]
        if len(alone) > 2:
            for sentence in alone[1:]:
                if re.fullmatch(r"\s*(?:[A-Z][\w'’]+ ?){1,2}", sentence.group()):
                    return written_names(text, *sentence.span())  # "Buy. Denver. Three beds."
        middle = re.search(r"\b(?:[Dd]own|[Uu]p|[Mm]id)town(?: [A-Z][\w'’]+)+", text)
        if middle:
            return written_names(text, *middle.span())
        for part in re.finditer(r"[^,.;!?]+(?:,[^,.;!?]+)*?\bor\b[^,.;!?]+", text):
            for chunk in re.finditer(r"[^,.;!?]+", part.group()):
                names = chunk.group().strip()
                if re.fullmatch(r"(?:[A-Z][\w'’]+(?: (?:or )?(?=[A-Z])|$))+", names) and " or " in names:
                    return written_names(text, *(part.start() + i for i in chunk.span()))
        return []

    def _list_at(self, text: str, here: int, end: int) -> list[tuple[str, int, int]]:
        """The name that stands right here, and those joined to it by commas, "and", "or"."""
        written = written_names(text, here, end)
        kept: list[tuple[str, int, int]] = []
        at = here
        for name in written:
            gap = text[at : name[1]]
            if (not kept and gap.strip()) or (
                kept
                and not re.fullmatch(
                    r"\s*(?:,|/|&|and|or|,\s*(?:and|or))\s*(?:(?:in|near|around|the|maybe) )*", gap
                )
            ):
                break
            kept.append(name)
            at = name[2]
        if kept:
            return kept
        match = re.match(r"(?:[a-z.']+ ?){1,3}", text[here:end])
        if match and text[here:end].split()[0].lower() in area_words("starts"):
            for size in (3, 2, 1):
                words = match.group().split()[:size]
                stop = here + len(" ".join(words))
                if (
                    len(words) == size
                    and (size > 1 or words[0] == "downtown")
                    and (small := small_names(text, here, stop, strict=True))
                ):
                    return small
        return []

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another list, or one more or one less of the places held."""
        current = list(ctx.current) if isinstance(ctx.current, list) else []
        said = correction(text)
        more = re.match(r"^(?:and |also |add |plus )+(?:also )?(.*)$", said, re.IGNORECASE) or re.match(
            r"^(.*?),? (?:too|as well|also)\W*$", said, re.IGNORECASE
        )
        less = re.match(r"^(?:not |without |drop |remove |except )(.*)$", said, re.IGNORECASE)
        changed = more or less
        reading = self.parse(changed[1] if changed else said, ctx)
        if reading is None or not reading.value:
            return None
        if more and current:
            return Reading(value=unique([*current, *reading.value]))
        if less:
            gone = {name.lower() for name in reading.value}
            kept = [name for name in current if name.lower() not in gone]
            return Reading(value=kept) if kept and kept != current else None
        return reading

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """One to ten names with letters or digits."""
        if not isinstance(value, list) or not value or len(value) > MOST:
            return "I need a town, a neighborhood or a zip code."
        if not all(isinstance(n, str) and re.search(r"[^\W_]{2}", n) and len(n) <= 60 for n in value):
            return "I need the names of places, like a town, a neighborhood or a zip code."
        return None

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "A, B or C"."""
        names = [str(n) for n in value] if isinstance(value, list) else [str(value)]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"

    def say(self, value: Any, ctx: SlotContext) -> str:
        """As shown, with zip codes digit by digit."""
        return re.sub(r"\b\d{5}\b", lambda m: " ".join(m.group()), self.show(value, ctx))

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """The markets the office works in, when they are known."""
        markets = ctx.facts.get("markets")
        return tuple(str(m) for m in markets) if isinstance(markets, list | tuple) else ()


TYPE = Areas()
