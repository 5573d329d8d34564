"""Corrections of what was read back: "no, it's N as in Nancy", "the third letter is N", "drop the e"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from agent.understanding.letters import confusable, letter_aloud, symbol_name
from agent.understanding.spelling import decode, join, respell

ORDINALS: dict[str, int] = {
    word: index
    for index, words in {
        0: "first 1st beginning initial",
        1: "second 2nd",
        2: "third 3rd",
        3: "fourth 4th",
        4: "fifth 5th",
        5: "sixth 6th",
        6: "seventh 7th",
        7: "eighth 8th",
        8: "ninth 9th",
        9: "tenth 10th",
        10: "eleventh 11th",
        11: "twelfth 12th",
        -1: "last final ending",
    }.items()
    for word in words.split()
} | {"second to last": -2, "second-to-last": -2, "next to last": -2, "second last": -2, "third to last": -3}
"""Position words, zero-based; negative from the end."""

_ORD = "(?P<ord>" + "|".join(sorted(ORDINALS, key=len, reverse=True)) + ")"
_UNIT = r"(?:letter|character|digit|number|symbol|sign|one|part)"
_BE = r"(?:is actually|is really|is supposed to be|is meant to be|should be|should have been|must be|needs to be|ought to be|was|is|'s)"
_ART = r"(?:(?:a|an|the|the letter|letter|one)\s+)?"
_OPEN = re.compile(
    r"^(?:(?:no+|nope|nah|not quite|not exactly|almost|close|wrong|that's (?:wrong|not right|not it|"
    r"incorrect)|"
    r"that is (?:wrong|not right)|sorry|but|well|wait|yes|yeah|you got (?:it|that) wrong|i said|i meant|"
    r"it's (?:wrong|not right)|correction|actually|please)\b[\s,.;:!—–-]*)+",
    re.IGNORECASE,
)
_CARRY = re.compile(
    r"^(?:(?:u+[mh]+|e+r+m*|h+m+|well|so)\b[\s,.]*)*(?:(?:it|that|this)(?:'s|’s| is| was| should be|"
    r" must be)\b"
    r"[\s,]*(?:supposed to be\s+|meant to be\s+)?|u+[mh]+\b|e+r+m*\b)",
    re.IGNORECASE,
)
_NO_SYMBOL = re.compile(
    r"^(?:no,? )?(?:there's )?no (?P<old>dots?|dash(?:es)?|hyphens?|underscores?|periods?|points?|"
    r"spaces?|plus)$"
)
_SELF = re.compile(
    r"[\s,.;:—–-]+(?:no,?\s+wait|wait,?\s+no|(?:no|oh|oops|i'm|uh|um),?\s+sorry|sorry|i mean|i meant|"
    r"scratch that|strike that|"
    r"correction|make that|let me correct that|let me start over|let me start again|start over|no no|"
    r"that's wrong|my mistake|no,\s+(?=it's\b|it is\b|that's\b))[\s,.;:—–-]+",
    re.IGNORECASE,
)
_SOUNDS = ("sz", "ck", "iy", "gj", "sc", "ie", "ea", "oa", "ou")
"""Letters that can spell the same sound, for "with a K" and "with an S at the end"."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A correction applied to a string, or half of one.

    ``value`` is the corrected string. When it is None, ``char`` is the character that should stand
    somewhere and ``places`` the positions it could replace (none: the caller has to say which).
    """

    value: str | None
    char: str = ""
    places: tuple[int, ...] = ()

    def question(self, current: str) -> str:
        """What to ask when it is not clear which character is meant."""
        wanted = char_aloud(self.char)
        if len(self.places) > 1:
            names = [f"the {_nth(place)} letter, {char_aloud(current[place])}" for place in self.places[:3]]
            return f"Which one should be {wanted}: {', '.join(names[:-1])}, or {names[-1]}?"
        return f"Which letter should be {wanted}? For example, say: the first letter."


def char_aloud(char: str) -> str:
    """One character said so that it cannot be misheard."""
    if char.isdigit():
        return char
    return letter_aloud(char) if char.isalpha() else symbol_name(char)


def _nth(index: int) -> str:
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return names[index] if index < len(names) else f"{index + 1}th"


def strip_no(text: str) -> str:
    """Take off the disagreement a correction begins with: "no, it's ..." -> "..."."""
    rest = text.strip()
    for _ in range(4):
        before = rest
        rest = _CARRY.sub("", _OPEN.sub("", rest, count=1), count=1).lstrip(" ,;:")
        if rest == before:
            break
    return rest


def last_version(text: str) -> tuple[str, str] | None:
    """A sentence that corrects itself: ("three oh three", "three oh four") for "..., sorry, ...".

    None when it does not. What comes before the correction is never empty.
    """
    matches = [m for m in _SELF.finditer(text) if text[: m.start()].strip() and text[m.end() :].strip()]
    if len(matches) > 5:
        return None  # nobody corrects himself that often; it bounds the recursion of those who ask
    return (text[: matches[-1].start()], text[matches[-1].end() :]) if matches else None


def chars(text: str) -> str:
    """The characters a fragment of a correction names: "an N as in Nancy" -> "n", "underscore" -> "_".

    Several are allowed ("bart"); "" when it names none.
    """
    fragment = text.strip(" ,.;:!?\"'")
    for _ in range(3):
        shorter = re.sub(
            r"^(?:(?:the letter|the number|the digit|the|one|just|only|really|actually)\s+|"
            r"an?\s+(?!as in)(?=\S))",
            "",
            fragment,
        )
        if shorter == fragment:
            break
        fragment = shorter
    plural = re.fullmatch(r"([a-z0-9])'?s", fragment)
    units = respell(decode(plural.group(1) if plural else fragment, spelled=True))
    if len(units) == 1 and units[0].kind == "word":
        alone = decode(f"b {fragment} b", spelled=True)  # a lone homophone ("be") names its letter
        if [u.kind for u in alone] == ["letter"] * 3:
            return alone[1].text
    return join(units)


def fix_characters(value: str, text: str) -> Fix | None:
    """Apply a spoken correction to a string; None when the words are no correction of characters.

    Understands a letter that was misheard ("it's N as in Nancy": the one character that sounds like
    it is replaced), places ("the last letter is s"), pairs ("M not N"), what is missing, doubled or
    too much. Only the named character changes. The case of what is replaced is kept.
    """
    raw = text.lower().replace("’", "'").strip(" .,!?")
    said = strip_no(raw).strip(" .,!?")
    if not said or not value:
        return None
    dropped = _NO_SYMBOL.match(raw)
    if dropped:
        sign = chars(re.sub(r"e?s$", "", dropped["old"]) if dropped["old"] != "plus" else "plus")
        return Fix(value.replace(sign, ""), sign) if sign in value.strip(sign) else None
    for pattern, apply in _RULES:
        match = pattern.search(said)
        if match:
            fixed = apply(value, match)
            if fixed is not None:
                return fixed
    char = chars(said)
    if len(char) == 1 and len(said.split()) <= 8 and char != "@":
        return _misheard(value, char)
    return None


def resolve_fix(value: str, char: str, places: tuple[int, ...], answer: str) -> str | None:
    """The answer to ``Fix.question``: "the first one", "the third letter", "the B"."""
    said = strip_no(answer).lower().strip(" .,!?")
    ordinal = re.search(rf"\b{_ORD}\b", said)
    if ordinal:
        at = ORDINALS[ordinal["ord"]]
        if places and re.search(rf"{ordinal['ord']}(?: one)?$", said) and -len(places) <= at < len(places):
            return _put(value, places[at], char)
        return _put(value, at, char) if -len(value) <= at < len(value) else None
    named = chars(said)
    spots = _find(value, named) if len(named) == 1 else []
    return _put(value, spots[0], char) if len(spots) == 1 else None


# -- single changes -------------------------------------------------------------------------------


def _put(value: str, index: int, char: str) -> str:
    index %= len(value)
    old = value[index]
    return value[:index] + (char.upper() if old.isupper() else char) + value[index + 1 :]


def _find(value: str, part: str) -> list[int]:
    low = value.lower()
    return [i for i in range(len(low)) if part and low.startswith(part, i)] if len(low) == len(value) else []


def _misheard(value: str, char: str) -> Fix:
    places = tuple(i for i, c in enumerate(value.lower()) if confusable(c, char))
    if len(places) == 1:
        return Fix(_put(value, places[0], char), char, places)
    return Fix(None, char, places)


def _instead(value: str, new: str, old: str) -> Fix | None:
    """Put ``new`` where ``old`` stands, if it stands in one place."""
    if not new or not old or new == old:
        return None
    spots = _find(value, old)
    if len(spots) != 1:
        return Fix(None, new, tuple(spots)) if spots and len(new) == len(old) == 1 else None
    at = spots[0]
    if len(new) == len(old) == 1:
        return Fix(_put(value, at, new), new, (at,))
    return Fix(value[:at] + _like(new, value[at : at + len(old)]) + value[at + len(old) :], new, (at,))


def _like(new: str, old: str) -> str:
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def _place(value: str, match: re.Match[str]) -> Fix | None:
    char, at = chars(match["new"]), ORDINALS[match["ord"]]
    which = chars(match["old"]) if match["old"] else ""
    if len(char) != 1:
        return None
    kind = match["unit"] or ""
    right = str.isalpha if kind == "letter" else str.isdigit if kind in ("digit", "number") else bool
    spots = _find(value, which) if which else [i for i, c in enumerate(value) if right(c)]
    return Fix(_put(value, spots[at], char), char) if -len(spots) <= at < len(spots) else None


def _pair(value: str, match: re.Match[str]) -> Fix | None:
    return _instead(value, chars(match["new"]), chars(match["old"]))


def _remove(value: str, match: re.Match[str]) -> Fix | None:
    char = chars(match["old"])
    spots = _find(value, char)
    ordinal = match.groupdict().get("ord")
    if ordinal and -len(spots) <= ORDINALS[ordinal] < len(spots):
        spots = [spots[ORDINALS[ordinal]]]
    doubled = [i for i in spots if value[i - 1 : i].lower() == char]
    if len(spots) > 1 and len(doubled) == 1:
        spots = doubled
    if len(char) != 1 or len(spots) != 1:
        return None
    left = value[: spots[0]] + value[spots[0] + 1 :]
    return Fix(left, char) if left else None


def _single(value: str, match: re.Match[str]) -> Fix | None:
    char = chars(match["old"])
    doubled = _find(value, char * 2) if len(char) == 1 else []
    return Fix(value[: doubled[0]] + value[doubled[0] + 1 :], char) if len(doubled) == 1 else None


def _double(value: str, match: re.Match[str]) -> Fix | None:
    char = chars(match["new"])
    spots = _find(value, char) if len(char) == 1 else []
    if len(spots) != 1:
        return None
    return Fix(value[: spots[0] + 1] + char + value[spots[0] + 1 :], char)


def _insert(value: str, match: re.Match[str]) -> Fix | None:
    char, found = chars(match["new"]), match.groupdict()
    if not 1 <= len(char) <= 2:
        return None
    if found.get("end"):
        return Fix(value + char, char)
    if found.get("begin"):
        return Fix(
            _like(char, value) + (value[0].lower() if value[0].isupper() else value[0]) + value[1:], char
        )
    side, anchor = found.get("side") or "", chars(found.get("anchor") or "")
    spots = _find(value, anchor)
    if len(spots) != 1:
        return None
    at = spots[0] + (len(anchor) if side in ("after", "between") else 0)
    return Fix(value[:at] + char + value[at:], char)


def _edge(value: str, match: re.Match[str]) -> Fix | None:
    """ "It ends with S", "with a K at the beginning": replaces what sounds alike there, else adds."""
    char = chars(match["new"])
    if len(char) != 1:
        return None
    at = -1 if match["edge"].startswith("end") else 0
    if value[at].lower() == char:
        return None
    if _alike(value[at].lower(), char):
        return Fix(_put(value, at, char), char)
    return Fix(value + char, char) if at == -1 else Fix(_put(value, 0, char), char)


def _with(value: str, match: re.Match[str]) -> Fix | None:
    """ "Katherine with a C": the letter that spells the same sound is replaced."""
    char = chars(match["new"])
    if char in value.lower():
        return None
    places = tuple(i for i, c in enumerate(value.lower()) if len(char) == 1 and _alike(c, char))
    return Fix(_put(value, places[0], char), char, places) if places else None


def _alike(a: str, b: str) -> bool:
    return confusable(a, b) or any({a, b} == set(pair) for pair in _SOUNDS)


_NEW, _OLD = r"(?P<new>.{1,40}?)", r"(?P<old>.{1,40}?)"
_RULES: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], Fix | None]], ...] = tuple(
    (re.compile(pattern), apply)
    for pattern, apply in (
        (
            rf"^(?:the\s+)?{_ORD}\s+(?:(?P<unit>{_UNIT})\s*|"
            rf"(?P<old>\S{{1,12}})\s+)?{_BE}\s+(?:not .{{1,20}}?[,]?\s*(?:but|it's)\s+)?{_ART}{_NEW}$",
            _place,
        ),
        (rf"^{_ART}{_NEW}[\s,]+(?:and\s+)?(?:not|instead of|rather than)\s+{_ART}{_OLD}$", _pair),
        (
            rf"^(?:it's\s+)?not\s+{_ART}{_OLD}[\s,.]+(?:but|it's|it is|that's|rather)\s*,?\s*{_ART}{_NEW}$",
            _pair,
        ),
        (rf"^(?:it's\s+)?not\s+{_ART}(?P<old>\S{{1,12}})\s*,\s*{_ART}{_NEW}$", _pair),
        (
            rf"^(?:please\s+|can you\s+|could you\s+)?(?:change|replace|swap|switch|"
            rf"make)\s+(?:the\s+)?{_OLD}\s+(?:to|with|for|by|into)\s+{_ART}{_NEW}$",
            _pair,
        ),
        (
            rf"\b(?:only|just)\s+one\s+{_OLD}$|^(?:a\s+)?(?:one|single)\s+(?P<old2>\S+)$",
            lambda v, m: _single(v, m) if m["old"] else None,
        ),
        (
            rf"^(?:there(?:'s| is)\s+)?(?:an?\s+)?(?:extra|"
            rf"one)\s+{_OLD}(?:\s+too many)?(?:\s+in (?:there|it))?$",
            _remove,
        ),
        (
            rf"^(?:and\s+)?(?:there(?:'s| is) no|there (?:isn't|is not) (?:an?|any)|it (?:doesn't|"
            rf"does not) have (?:an?|any)|without|drop|remove|delete|take (?:out|away|off)|"
            rf"leave (?:off|out)|lose|no|not)\s+(?:the\s+|"
            rf"an?\s+)?(?:{_ORD}\s+)?{_OLD}(?:\s+in (?:there|it))?$",
            _remove,
        ),
        (
            rf"^(?:(?:it has|it's got|it's|there are|there's|with|it's with|spelled with|has|"
            rf"that's)\s+)?(?:two|double|2)\s+{_NEW}$",
            _double,
        ),
        (rf"^(?:it\s+|that\s+)?(?P<edge>ends?|starts?|begins?)\s+(?:with|in|on)\s+{_ART}{_NEW}$", _edge),
        (
            rf"^(?:it's\s+|spelled\s+)*with\s+{_ART}{_NEW}\s+(?:at|on|in)\s+the\s+(?P<edge>end|"
            rf"beginning|start|front)$",
            _edge,
        ),
        (
            rf"^(?:(?:please\s+)?(?:add|insert|put|there's|there is|there should be|it needs|"
            rf"it's missing|you're missing|you missed|you forgot|missing|i need|and|"
            rf"also)\s+)*{_ART}{_NEW}\s+(?:(?P<end>at the end)|(?P<begin>(?:at|in) the (?:beginning|"
            rf"start|front))|(?P<side>after|before|"
            rf"between)\s+(?:the\s+)?(?P<anchor>\S+(?: as in \S+)?)(?:\s+and\s+.{{1,20}})?)$",
            _insert,
        ),
        (rf"^(?:it's\s+|spelled\s+)*with\s+{_ART}{_NEW}$", _with),
        (rf"^(?:the\s+)?{_OLD}\s+{_BE}\s+{_ART}{_NEW}$", _pair),
    )
)
