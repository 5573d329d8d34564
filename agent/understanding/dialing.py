"""Telephone numbers as the numbering plan has them: which exist, and how their digits are corrected."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from agent.understanding.base import SlotContext
from agent.understanding.corrections import ORDINALS, strip_no
from agent.understanding.digits import Run, digits_of, runs, say_digits

_PLACES = "|".join(sorted((re.escape(w) for w in ORDINALS), key=len, reverse=True))


_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "couple": 2} | {
    str(n): n for n in range(1, 8)
}


_BE = r"(?:\s*(?:digits?|numbers?|part|of (?:it|them)))?\s*(?:are|is|should be|were|was|'s|must be|to|in|with|:|,)?\s+"


_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("area", re.compile(rf"\b(?:area[\s-]?code|(?:it )?(?:starts|begins) with)\b{_BE}(?P<new>.+)$", re.I)),
    (
        "tail",
        re.compile(
            rf"\b(?:(?:it )?ends (?:in|with)|ending(?: in)?|the (?:end|ending|line number)|"
            rf"the rest)\b{_BE}(?P<new>.+)$",
            re.I,
        ),
    ),
    ("last", re.compile(rf"\blast (?P<count>{'|'.join(_COUNTS)}){_BE}(?P<new>.+)$", re.I)),
    ("first", re.compile(rf"\bfirst (?P<count>{'|'.join(_COUNTS)}){_BE}(?P<new>.+)$", re.I)),
    (
        "middle",
        re.compile(
            rf"\b(?:middle(?: (?:three|3|part))?|exchange|prefix|second (?:part|group))\b{_BE}(?P<new>.+)$",
            re.I,
        ),
    ),
    (
        "place",
        re.compile(
            rf"\b(?P<ord>{_PLACES})\s*(?:digit|number|one)?\s*(?:is|should be|'s|"
            rf"must be)\s+(?:actually\s+|an?\s+)?(?P<new>.+)$",
            re.I,
        ),
    ),
)


_PAIR = (
    re.compile(r"^(?P<new>.+?)[\s,]+(?:and\s+)?(?:not|instead of|rather than)\s+(?P<old>.+)$", re.IGNORECASE),
    re.compile(r"^not\s+(?P<old>.+?)[\s,.]+(?:but|it's|it is|that's)\s+(?P<new>.+)$", re.IGNORECASE),
    re.compile(
        r"^(?:change|replace|make)\s+(?:the\s+)?(?P<old>.+?)\s+(?:to|with|into)\s+(?:an?\s+)?(?P<new>.+)$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:the\s+)?(?P<old>[a-z0-9]+)\s+(?:should be|is actually|is supposed to be|is really|"
        r"must be)\s+(?:an?\s+)?(?P<new>.+)$",
        re.IGNORECASE,
    ),
)


def country_of(ctx: SlotContext) -> str:
    """The region numbers without a "+" belong to: the slot's ``options.country``, else US."""
    chosen = ctx.slot.options.get("country") or ctx.facts.get("country") or "US"
    return chosen.upper() if isinstance(chosen, str) and len(chosen) == 2 else "US"


def caller_of(ctx: SlotContext) -> str | None:
    """The caller's own number, when the line shows one that can be called back."""
    known = ctx.facts.get("caller_id")
    value = e164(known, "US") if isinstance(known, str) else None
    return value if value and not problem_of(value, ctx) else None


def e164(digits: str, country: str) -> str | None:
    """E.164 of a possible number, or None."""
    plain = re.sub(r"[^\d+]", "", digits)
    if (
        country == "US"
        and not plain.startswith("+")
        and not (len(plain) == 10 or (len(plain) == 11 and plain[0] == "1"))
    ):
        return None
    try:
        number = phonenumbers.parse(plain, country)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def problem_of(value: str, ctx: SlotContext) -> str | None:
    """Why a number in E.164 form cannot be dialled, or None."""
    try:
        number = phonenumbers.parse(value)
    except NumberParseException:
        return "That doesn't work as a phone number. Please say it once more, with the area code."
    if number.country_code == 1:
        area, exchange = value[2:5], value[5:8]
        again = "Please say the whole number once more."
        if len(value) != 12:
            return length_problem(value[2:])
        if area[0] in "01":
            return f"I heard area code {say_digits(area)}, but no area code starts with {area[0]}. {again}"
        if area[1:] == "11" or area == "555" or len(set(value[2:])) == 1:
            return f"I heard {say_digits(value[2:])}, and that can't be a phone number. {again}"
        if exchange[0] in "01":
            return f"I heard {say_digits(value[2:])}, but the part after the area code can't start with {exchange[0]}. {again}"
        if exchange[1:] == "11" and area[0] != "8":
            return f"I heard {say_digits(value[2:])}, but the part after the area code can't be {say_digits(exchange)}. {again}"
    if not phonenumbers.is_valid_number(number) and ctx.fails < 2:
        if number.country_code == 1:
            return f"I heard {say_digits(value[2:])}, but I don't know area code {say_digits(value[2:5])}. Please say the whole number once more."
        return "That doesn't work as a phone number in that country. Please say it once more."
    allowed = ctx.slot.options.get("countries")
    if isinstance(allowed, list | tuple) and phonenumbers.region_code_for_number(number) not in allowed:
        return "I need a number in the United States here. Please give me one with a US area code."
    return None


def _count(digits: str) -> str:
    words = (
        "no digits",
        "one digit",
        "two digits",
        "three digits",
        "four digits",
        "five digits",
        "six digits",
        "seven digits",
        "eight digits",
        "nine digits",
        "ten digits",
        "eleven digits",
        "twelve digits",
    )
    return words[len(digits)] if len(digits) < len(words) else f"{len(digits)} digits"


def restored(digits: str) -> str | None:
    """The ten digits that were probably said when a recogniser wrote nine or eleven; None when unclear.

    Recognisers lose or repeat one of several equal digits ("555" -> "55"). With one pair only, it may have
    been three; a run of four may have been three. To be read back with low confidence.
    """
    pairs = list(re.finditer(r"(\d)\1+", digits))
    if len(digits) == 9 and len(pairs) == 1 and len(pairs[0].group()) == 2:
        return digits[: pairs[0].end()] + pairs[0].group(1) + digits[pairs[0].end() :]
    fours = [m for m in pairs if len(m.group()) >= 4]
    if len(digits) == 11 and len(fours) == 1:
        return digits[: fours[0].start()] + digits[fours[0].start() + 1 :]
    return None


def length_problem(digits: str) -> str:
    """What to say about a number with too few or too many digits."""
    many = "only " if len(digits) < 10 else ""
    return (
        f"I got {many}{_count(digits)}, {say_digits(digits[:15])}. A US number has ten. "
        "Please say it once more, or key it in on your phone."
    )


def longest_run(text: str) -> Run | None:
    """The longest sequence of digits; sequences apart by a few words ("area code 303, number ...") join."""
    area = re.search(r"\barea[\s-]?code\b", text, re.IGNORECASE)
    if area:
        number, code = digits_of(text[: area.start()]), runs(text[area.end() :])
        if len(number) == 7 and code and len(code[0].digits) == 3:
            start = runs(text[: area.start()])[0].start
            return Run(code[0].digits + number, start, area.end() + code[0].end)
    found = runs(text)
    if not found:
        return None
    best = max(found, key=lambda run: len(run.digits))
    if len(best.digits) < 10:
        at = found.index(best)
        before = found[at - 1] if at else None
        if before and len(before.digits) == 3 and len(best.digits) == 7 and best.start - before.end < 40:
            return Run(before.digits + best.digits, before.start, best.end, before.plus)
        if (
            len(found) > 1
            and sum(len(run.digits) for run in found) == 10
            and found[-1].end - found[0].start < 60
        ):
            return Run("".join(run.digits for run in found), found[0].start, found[-1].end)
    half = len(best.digits) // 2
    if len(best.digits) in (20, 22) and best.digits[:half] == best.digits[half:]:
        return Run(best.digits[:half], best.start, best.end, best.plus)
    return best


def mend(value: str, text: str) -> str | None:
    """The digits of ``value`` (E.164) with a spoken correction applied; None when it is none."""
    prefix, national = (value[:2], value[2:]) if value.startswith("+1") else (value[:1], value[1:])
    said = strip_no(text).rstrip(" .!?")
    merged = re.search(r"\blast ([2-7])(\d+)$", said)  # "last four are 0143" heard as "last 40143"
    if merged and len(merged[2]) == int(merged[1]):
        return prefix + national[: -len(merged[2])] + merged[2]
    for kind, pattern in _PARTS:
        match = pattern.search(said)
        new = digits_of(match["new"]) if match else ""
        if not match or not new:
            continue
        if kind == "area" and len(new) == 3:
            return prefix + new + national[3:]
        if kind == "middle" and len(new) == 3 and len(national) == 10:
            return prefix + national[:3] + new + national[6:]
        if kind in ("tail", "last"):
            count = _COUNTS[match["count"].lower()] if kind == "last" else len(new)
            if len(new) == count <= len(national):
                return prefix + national[: len(national) - count] + new
        if kind == "first" and _COUNTS[match["count"].lower()] == len(new) <= len(national):
            return prefix + new + national[len(new) :]
        if kind == "place" and len(new) == 1:
            at = ORDINALS[match["ord"].lower()]
            if -len(national) <= at < len(national):
                at %= len(national)
                return prefix + national[:at] + new + national[at + 1 :]
    for pattern in _PAIR:
        match = pattern.match(said)
        old, new = (digits_of(match["old"]), digits_of(match["new"])) if match else ("", "")
        if old and new and national.count(old) >= 1:
            swapped = [
                national[:i] + new + national[i + len(old) :]
                for i in range(len(national))
                if national.startswith(old, i)
            ]
            return prefix + swapped[0] if len(set(swapped)) == 1 and len(new) == len(old) else None
    bare = digits_of(said)
    if len(bare) == 4 and len(national) == 10:
        return prefix + national[:6] + bare
    if len(bare) == 7 and len(national) == 10:
        return prefix + national[:3] + bare
    if len(bare) == 3 and len(national) == 10:

        def same(part: str) -> int:
            return sum(a == b for a, b in zip(part, bare, strict=False))

        area, middle = same(national[:3]), same(national[3:6])
        if area > middle:
            return prefix + bare + national[3:]
        if middle > area:
            return prefix + national[:3] + bare + national[6:]
        moved = prefix + bare + national[3:]
        return moved if phonenumbers.is_valid_number(phonenumbers.parse(moved)) else None
    return None
