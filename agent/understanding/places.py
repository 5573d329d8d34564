"""States of the union in speech: names, short forms, USPS codes, the usual mis-hearings.

Codes that are also words ("in", "or", "me", "hi", "ok", "oh") never count in a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from rapidfuzz import fuzz, process

from agent.understanding.numbers import fold
from policies import regions

_DATA = Path(__file__).parent / "data" / "states.yaml"
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_WORDLIKE = frozenset(["in", "or", "me", "hi", "ok", "oh"])
_LINK = re.compile(r"(?<!\s)\s*(?:,|;|/|&|\+|\band\b|\bor\b|\bplus\b|\bas well as\b|\balso\b)\s*")
_ALL = re.compile(
    r"\b(?:all (?:of )?(?:the )?(?:50|fifty|states)(?: (?:of the )?(?:us |u s )?states)?|nation "
    r"?wide|every (?:single )?state|"
    r"(?:the (?:whole|entire)|all over the|across the) (?:country|nation|us|united states)|coast to coast)\b"
)
_DENIED = re.compile(
    r"(?:\bnot|\bexcept(?: for)?|\bexcluding|\bwithout|\bminus|\bno longer(?: in)?|\bother than|"
    r"\bremoved?|\bdrop(?:ped)?|\btake out|\bgave up|\bstopped(?: working| serving)?|\bwe left|"
    r"\bdelete|n't(?: \w+){0,2}|\bbesides|\binstead of|\brather than)(?: in| the state of)?\s*$"
)
_NOR = re.compile(r"^(?:\s*(?:or|nor))+\s*$")
_SAME_BREATH = re.compile(r"^(?:\s*(?:,|and|or|nor|&)\s*)+$")


@dataclass(frozen=True, slots=True)
class Place:
    """States named at one place of a text; ``denied`` when they are excluded ("except Texas")."""

    codes: tuple[str, ...]
    start: int
    end: int
    denied: bool = False
    close: bool = False


def state_codes() -> tuple[str, ...]:
    """Every USPS code that is known: the states, D.C. and Puerto Rico."""
    return tuple(regions.states())


def fifty() -> tuple[str, ...]:
    """The fifty states, without D.C. and Puerto Rico."""
    return tuple(c for c in regions.states() if c not in {"DC", "PR"})


@cache
def _phrases(*, strict: bool = False) -> dict[str, tuple[str, ...]]:
    raw = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    found: dict[str, tuple[str, ...]] = {
        state.name.lower(): (code,) for code, state in regions.states().items()
    }
    found |= {"washington dc": ("DC",), "washington d c": ("DC",), "puerto rico": ("PR",)}
    if not strict:
        found |= {name: tuple(codes) for name, codes in raw["groups"].items()}
        found |= {word: (code,) for code, words in raw["states"].items() for word in words}
    return found


@cache
def _alone() -> dict[str, str]:
    raw: dict[str, str] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))["alone"]
    return raw


def _named(text: str, *, strict: bool) -> list[Place]:
    folded = fold(text)
    words = list(_WORD.finditer(folded))
    phrases = _phrases(strict=strict)
    found: list[Place] = []
    i = 0
    if not strict and any(w.group() == "missouri" for w in words):
        phrases = phrases | {"kansas city": ("MO",)}
    while i < len(words):
        for size in range(min(4, len(words) - i), 0, -1):
            start, end = words[i].start(), words[i + size - 1].end()
            said = " ".join(w.group() for w in words[i : i + size])
            broken = "," in folded[start:end] and said != "washington d c"
            if strict and said == "kansas city":
                i += size  # it lies in two states
                break
            if said in phrases and not broken:
                found.append(Place(phrases[said], start, end))
                i += size
                break
        else:
            i += 1
    return found


def _written_codes(text: str, known: bool) -> list[Place]:
    """Two capital letters; those that are words only beside another state."""
    if text.isupper() and len(text.split()) > 6:
        return []
    found = [
        Place((m.group(),), m.start(), m.end())
        for m in re.finditer(r"(?<![\w'.])[A-Z]{2}(?![\w'])", text)
        if m.group() in regions.states()
    ]
    plain = [p for p in found if p.codes[0].lower() not in _WORDLIKE]
    return found if plain or known else []


def _only_codes(text: str) -> list[Place]:
    """An answer of nothing but codes, whatever their case, or spelled "c o and w y"."""
    found = []
    at = 0
    for link in [*_LINK.finditer(fold(text)), None]:
        end = link.start() if link else len(text)
        item = fold(text[at:end]).strip(" .!")
        letters = re.sub(r"[\s.]", "", item) if re.fullmatch(r"(?:[a-z][\s.]*){2}", item) else ""
        if letters:
            spelled = letters != item
            if letters.upper() not in regions.states() or (letters in _WORDLIKE and not spelled):
                return []
            found.append(Place((letters.upper(),), at, end))
        elif item in _alone():
            found.append(Place((_alone()[item],), at, end, close=True))
        elif item:
            return []
        at = link.end() if link else end
    return found


def _nearly(text: str) -> list[Place]:
    """Names that are nearly right; one to three words against each name, spaces aside."""
    names = {name.replace(" ", ""): codes for name, codes in _phrases(strict=True).items() if len(name) > 4}
    words = list(_WORD.finditer(fold(text)))
    found: list[Place] = []
    for size in (3, 2, 1):
        for i in range(len(words) - size + 1):
            start, end = words[i].start(), words[i + size - 1].end()
            if any(start < p.end and p.start < end for p in found):
                continue
            said = "".join(w.group() for w in words[i : i + size])
            if len(said) <= 4:
                continue
            name = process.extractOne(said, list(names), scorer=fuzz.ratio, score_cutoff=84)
            if name and abs(len(name[0]) - len(said)) <= 2:
                found.append(Place(names[str(name[0])], start, end, close=True))
    return sorted(found, key=lambda p: p.start)


def find_states(text: str, *, strict: bool = False) -> list[Place]:
    """The states a text names, in order, each with whether it is excluded.

    ``strict`` takes full names and capital codes only, for sentences that answer something else.
    """
    found = _named(text, strict=strict)
    found += [
        p
        for p in _written_codes(text, bool(found))
        if all(p.end <= f.start or f.end <= p.start for f in found)
    ]
    if not strict and not found:
        found = _only_codes(text) or _nearly(text)
    folded = fold(text)
    if not strict and (whole := _ALL.search(folded)):
        found.append(Place(fifty(), *whole.span()))
    found.sort(key=lambda p: p.start)
    places: list[Place] = []
    for place in found:
        before = folded[places[-1].end if places else 0 : place.start]
        denied = bool(_DENIED.search(before))
        # "not Wyoming, Montana" puts one for the other; "except Wyoming, Montana" leaves out both
        wide = _NOR if "not" in folded[: place.start].split() else _SAME_BREATH
        if places and places[-1].denied and wide.match(before):
            denied = True
        places.append(Place(place.codes, place.start, place.end, denied, place.close))
    return places
