"""Places somebody asks about; canonical value: a list of names as said ("Capitol Hill", "80202").

Places are the caller's data, never judged or completed: the name is taken, what it stands for is
looked up by whoever searches. Words about people ("a white neighborhood") are no places and are not
kept (C19, fair housing).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from agent.understanding.base import Reading, SlotContext
from agent.understanding.digits import keyed, runs
from agent.understanding.fillers import strip_fillers
from agent.understanding.numbers import cut, fold
from agent.understanding.simple import SimpleType, correction
from policies.regions import states

_MOST = 10
_REACH = 120
"""How many characters behind "in" or "near" the names may stand."""

_LONGEST = 1500
_DATA = Path(__file__).parent.parent / "data" / "areas.yaml"
_WORD = re.compile(r"[^\W_][\w'’.&-]*[^\W_]|[^\W_]")
_BREAK = re.compile(r"(?<!\bSt)(?<!\bMt)(?<!\bFt)[.!?;:]+(?=\s|$)|\n|\.(?=[A-Z])")
_LINK = re.compile(r"(?<!\s)\s*(?:,|/|;|&|\bor\b|\band\b|\bplus\b|\bas well as\b|\bbut also\b)\s*")
_SMALL = {"of", "de", "del", "la", "las", "los", "el", "the", "on", "by"}
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


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(yaml.safe_load(_DATA.read_text(encoding="utf-8"))[name].split())


@cache
def _state_names() -> frozenset[str]:
    return frozenset(state.name.lower() for state in states().values()) | frozenset(
        code.lower() for code in states()
    )


class _Tokens:
    """The words of one clause with their places and whether they are written like a name."""

    def __init__(self, text: str, start: int, end: int):
        self.text = text
        self.items = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text, start, end)]

    def low(self, i: int) -> str:
        return re.sub(r"'s$", "", fold(self.items[i][0])).strip(".") if 0 <= i < len(self.items) else ""

    def named(self, i: int) -> bool:
        """A capital or a zip code that is no ordinary word; "New" counts only before another capital."""
        if not 0 <= i < len(self.items):
            return False
        word, low = self.items[i][0], self.low(i)
        if re.fullmatch(r"\d{5}", word):
            return True
        if re.match(r"(?:d|l|o)['’][A-Z]", word):
            return True
        if not word[:1].isupper() or (word.isupper() and len(word) == 1):
            return False
        if low in _words("never") or low in _words("people") or low in _words("generic"):
            # "New Haven", "Big Bear", "White Plains", "Park City": a name goes on in capitals
            more = i + 1 < len(self.items) and self.items[i + 1][0][:1].isupper() and self.joined(i + 1)
            soft = low in _words("soft")
            return soft and more and self.low(i + 1) not in _words("generic") | _words("never")
        return True

    def joined(self, i: int) -> bool:
        """Whether only a space stands before the word ("St. Louis" too)."""
        if not 0 < i < len(self.items):
            return False
        gap = self.text[self.items[i - 1][2] : self.items[i][1]]
        return gap.strip(" -") == "" or (gap == ". " and self.low(i - 1) in {"st", "mt", "ft"})

    def run(self, i: int) -> int:
        """End of the name that begins at word ``i``."""
        if re.fullmatch(r"\d{5}", self.items[i][0]):
            return i + 1
        j = i + 1
        while j < len(self.items) and j - i < 6 and self.joined(j):
            if self.named(j) and not self.items[j][0].isdigit():
                j += 1
            elif (
                self.low(j) in _SMALL
                and self.items[j][0].islower()
                and self.joined(j + 1)
                and self.named(j + 1)
            ):
                j += 2
            elif j == i + 1 and self.low(i) in _words("halves") and self.low(j) not in _words("never"):
                j += 1  # "San jose"
            else:
                break
        while j < len(self.items) and self.joined(j) and self.low(j) in _words("tails") and j - i < 6:
            j += 1
        return j

    def name(self, i: int, j: int) -> str:
        text = self.text[self.items[i][1] : self.items[j - 1][2]]
        return re.sub(r"['’]s$", "", re.sub(r"\s+", " ", text)).strip(" .")


def _spans(text: str) -> list[tuple[int, int]]:
    spans, at = [], 0
    for mark in _BREAK.finditer(text):
        spans.append((at, mark.start()))
        at = mark.end()
    return [*spans, (at, len(text))]


def _written(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """The names in capitals and the zip codes within one clause."""
    tokens = _Tokens(text, start, end)
    found: list[tuple[str, int, int]] = []
    i = 0
    while i < len(tokens.items):
        first = i
        if tokens.low(i) in _words("leads") and tokens.joined(i + 1) and tokens.named(i + 1):
            i += 1  # "downtown Denver", "north Boulder"
        if not tokens.named(i):
            i = first + 1
            continue
        j = tokens.run(i)
        name = tokens.name(first, j)
        before = text[found[-1][2] : tokens.items[first][1]] if found else ""
        if found and name.lower() in _state_names() and re.fullmatch(r"\s*,?\s*", before):
            found[-1] = (
                found[-1][0],
                found[-1][1],
                tokens.items[j - 1][2],
            )  # "Denver, Colorado" is one place
        else:
            found.append((name, tokens.items[first][1], tokens.items[j - 1][2]))
        i = j
    return found


def _small(
    text: str, start: int, end: int, *, strict: bool = False, pure: bool = False
) -> list[tuple[str, int, int]]:
    """Names in small letters: what is left of each part of a list when carrier words are taken off.

    ``strict`` wants the beginning of a well-known kind of name ("san ..."), ``pure`` nothing else in the part.
    """
    found = []
    at = start
    marks = [*_LINK.finditer(fold(text), start, end), None]
    for mark in marks:
        stop = mark.start() if mark else end
        tokens = _Tokens(text, at, stop)
        words = [tokens.low(i) for i in range(len(tokens.items))]
        # the longest tail of the part without an ordinary word, then without a generic one at its end
        last = len(words)
        while last and (
            words[last - 1] in _words("generic")
            or words[last - 1] in {"please", "thanks", "maybe", "preferably", "too"}
        ):
            last -= 1
        first = last
        while first and words[first - 1] not in _words("never"):
            first -= 1
        name = words[first:last]
        plain = [w for w in name if w not in _words("generic") | _words("people") | _SMALL]
        before = next((w for w in reversed(words[:first]) if w not in {"the", "a"}), "")
        led = first == 0 or before in _words("intro")
        good = bool(plain) and len(name) <= 4 and led and re.search(r"[^\W\d_]{3}|^\d{5}$", " ".join(plain))
        if good and pure and first:
            good = False
        if good and strict and name[0] not in _words("starts"):
            good = False
        if good and (len(plain) == len([w for w in name if w not in _SMALL]) or strict):
            while name and name[0] in {"the", "of"}:
                name, first = name[1:], first + 1
            found.append((_capitals(" ".join(name)), tokens.items[first][1], tokens.items[last - 1][2]))
        at = mark.end() if mark else end
    return found


def _capitals(name: str) -> str:
    return " ".join(w if w in _SMALL and i else w[:1].upper() + w[1:] for i, w in enumerate(name.split()))


def _unique(names: Sequence[str]) -> list[str]:
    return list({name.lower(): name for name in reversed(names)}.values())[::-1][:_MOST]


def _zips(text: str) -> str:
    """Spoken zip codes written out, all else in place."""
    for run in reversed(runs(text)):
        if len(run.digits) == 5:
            text = f"{text[: run.start]}{run.digits}{text[run.end :]}"
    return text


class Areas(SimpleType):
    """Towns, neighborhoods, zip codes: one or several."""

    name = "areas"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """Every place named in an answer to "which areas". "No preference" is none."""
        pressed = keyed(text)
        if pressed is not None:
            digits = pressed.rstrip("#")
            return Reading(value=[digits]) if len(digits) == 5 else None
        text = _zips(strip_fillers(text[:_LONGEST]))
        spelled = text.lower() if text.isupper() else text
        found: list[tuple[str, int, int]] = []
        clauses = _spans(spelled)
        named = any(_written(spelled, start, end) for start, end in clauses)
        for start, end in clauses:
            written = _written(spelled, start, end)
            found += written
            if written or not named:
                small = _small(spelled, start, end, pure=named)
                found += [s for s in small if all(s[2] <= w[1] or w[2] <= s[1] for w in written)]
        found.sort(key=lambda name: name[1])
        capital = any(text[a:b] == name or name[:1].isdigit() for name, a, b in found)
        if not found or (_NO_PREFERENCE.search(fold(text)) and not capital):
            return None
        names = _unique([name for name, _, _ in found])
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
        for start, end in _spans(text):
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
                found = _written(text, *adjective.span(1))
        code = re.search(r"\bzip(?: code)?(?: is| of)? (\d{5})\b", _zips(text), re.IGNORECASE)
        names_found = _unique([n for n, _, _ in found] + ([code[1]] if code else []))
        if not names_found:
            return None
        return Reading(value=names_found, confidence=0.8, rest=cut(text, [(a, b) for _, a, b in found]))

    def _list_at(self, text: str, here: int, end: int) -> list[tuple[str, int, int]]:
        """The name that stands right here, and those joined to it by commas, "and", "or"."""
        written = _written(text, here, end)
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
        if match and text[here:end].split()[0].lower() in _words("starts"):
            for size in (3, 2, 1):
                words = match.group().split()[:size]
                stop = here + len(" ".join(words))
                if (
                    len(words) == size
                    and (size > 1 or words[0] == "downtown")
                    and (small := _small(text, here, stop, strict=True))
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
            return Reading(value=_unique([*current, *reading.value]))
        if less:
            gone = {name.lower() for name in reading.value}
            kept = [name for name in current if name.lower() not in gone]
            return Reading(value=kept) if kept and kept != current else None
        return reading

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """One to ten names with letters or digits."""
        if not isinstance(value, list) or not value or len(value) > _MOST:
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
