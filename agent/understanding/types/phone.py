"""A telephone number: spoken, typed, keyed, or "the one I'm calling from". E.164, read back 3-3-4."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.corrections import ORDINALS, last_version, strip_no
from agent.understanding.cues import cue_span, drop_span
from agent.understanding.digits import Run, digits_of, keyed, runs, say_digits
from agent.understanding.fillers import leftover, strip_fillers

_THIS = re.compile(
    r"\b(?:(?:this|that|the|my|same) (?:same )?(?:phone |cell |current |very )?(?:number|phone|line|one|cell)\b(?=[\s.,!?]*$|"
    r"[^\d]*\b(?:calling|call|on|from|now|see|have|using|called|phone|fine|good|works|okay|ok|great|best|right|please)\b)|"
    r"(?:number|one|line|phone)? ?(?:that )?(?:i'm|i am|im|i've|i) (?:calling|call|called|on|using|speaking|talking)(?: you)?(?: (?:now|right now|from|on|with|in from))|"
    r"calling (?:you )?from|caller id|same (?:number|one|as (?:this|that|the one))|use (?:this|that)(?: (?:one|number))?|this one|that one|"
    r"the one (?:you have|you see|on (?:your|the) (?:screen|display)|showing))",
    re.IGNORECASE,
)  # fmt: skip
_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|correct|right|okay|ok|exactly|that's (?:it|right|fine|good|correct)|that is (?:it|right|correct)|"
    r"that (?:works|one)|it is|fine|perfect|please do|uh huh|absolutely|of course|go ahead|you can|dtmf: ?1#?)(?!\w)[\s,.!]*"
    r"(?:please|it is|that's (?:it|right|fine|the one|good|correct|my number)|that one|that works|this one|works|use (?:it|that)(?: one)?|you can|sure|"
    r"thanks|thank you|do that|perfect|good|correct)?[\s.!]*$",
    re.IGNORECASE,
)  # fmt: skip
_NO = re.compile(
    r"^(?:dtmf: ?2#?|(?:no+|nope|nah|not (?:this|that)(?: one)?)?[\s,.]*(?:(?:use |i'd like |i want |please use )?"
    r"(?:a different|a new|another|a separate|some other)(?: (?:one|number|phone|line))?|not (?:this|that)(?: one| number)?)?"
    r"(?:[\s,]+please)?)[\s.!]*$",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"[\s,;]*\b(?:ext(?:ension)?|x)\.?\s*(?:is\s+|number\s+)?(?:#\s*)?(?=\d|\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten)\b).*$", re.IGNORECASE)  # fmt: skip
_NOT_PHONE = re.compile(
    r"\b(?:license|licence|code|zip|ein|ssn|social security|account|card|order|ticket|reference|mls)\b[^.!?]*$",
    re.I,
)
_PLACES = "|".join(sorted((re.escape(w) for w in ORDINALS), key=len, reverse=True))
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "couple": 2} | {str(n): n for n in range(1, 8)}  # fmt: skip
_BE = r"(?:\s*(?:digits?|numbers?|part|of (?:it|them)))?\s*(?:are|is|should be|were|was|'s|must be|to|in|with|:|,)?\s+"
_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("area", re.compile(rf"\b(?:area[\s-]?code|(?:it )?(?:starts|begins) with)\b{_BE}(?P<new>.+)$", re.I)),
    ("tail", re.compile(rf"\b(?:(?:it )?ends (?:in|with)|ending(?: in)?|the (?:end|ending|line number)|the rest)\b{_BE}(?P<new>.+)$", re.I)),
    ("last", re.compile(rf"\blast (?P<count>{'|'.join(_COUNTS)}){_BE}(?P<new>.+)$", re.I)),
    ("first", re.compile(rf"\bfirst (?P<count>{'|'.join(_COUNTS)}){_BE}(?P<new>.+)$", re.I)),
    ("middle", re.compile(rf"\b(?:middle(?: (?:three|3|part))?|exchange|prefix|second (?:part|group))\b{_BE}(?P<new>.+)$", re.I)),
    ("place", re.compile(rf"\b(?P<ord>{_PLACES})\s*(?:digit|number|one)?\s*(?:is|should be|'s|must be)\s+(?:actually\s+|an?\s+)?(?P<new>.+)$", re.I)),
)  # fmt: skip
_PAIR = (
    re.compile(r"^(?P<new>.+?)[\s,]+(?:and\s+)?(?:not|instead of|rather than)\s+(?P<old>.+)$", re.IGNORECASE),
    re.compile(r"^not\s+(?P<old>.+?)[\s,.]+(?:but|it's|it is|that's)\s+(?P<new>.+)$", re.IGNORECASE),
    re.compile(r"^(?:change|replace|make)\s+(?:the\s+)?(?P<old>.+?)\s+(?:to|with|into)\s+(?:an?\s+)?(?P<new>.+)$", re.IGNORECASE),
    re.compile(r"^(?:the\s+)?(?P<old>[a-z0-9]+)\s+(?:should be|is actually|is supposed to be|is really|must be)\s+(?:an?\s+)?(?P<new>.+)$", re.IGNORECASE),
)  # fmt: skip


class Phone:
    """Canonical value: E.164 text, "+13035550142". North America unless a "+" or ``options.country`` says
    otherwise. Fictional 555-01xx numbers are numbers like any other."""

    name = "phone"
    patience: Patience = "spelled"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The number in an answer; ``ask`` when the area code is missing, ``problem`` when it cannot exist."""
        partial: Mapping[str, Any] = ctx.partial if isinstance(ctx.partial, dict) else {}
        offered = _caller(ctx)
        body = _EXTENSION.sub("", text) if keyed(text) is None else text
        said = last_version(body)
        if said and keyed(text) is None:
            first, second = (_longest(said[0]), _longest(said[1]))
            if second and len(second.digits) >= 10:
                return self._read(said[1], ctx, partial)
            if first and second and len(first.digits) >= 7:
                start = self._read(said[0], ctx, partial)
                mended = _mend(start.value, said[1]) if start and start.value else None
                return self._checked(mended, ctx) if mended else start
        reading = self._read(body, ctx, partial)
        if reading:
            return reading
        if offered and not partial and (_YES.match(text.strip()) or _THIS.search(text)):
            return Reading(value=offered, confidence=0.95)
        if offered and _NO.match(text.strip()) and text.strip():
            return Reading(ask="Which number should it be? Please start with the area code.", partial={})
        return None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A complete number after one of the slot's cues, or "the number I'm calling from" after one.

        Several slots of a form hold numbers, so without cues nothing is found.
        """
        span = cue_span(text, ctx.slot.cues)
        if not span:
            return None
        tail = _EXTENSION.sub("", text[span[1] :])
        for run in runs(tail):
            length = len(run.digits)
            whole = length == 10 or (length == 11 and run.digits[0] == "1") or (run.plus and length >= 8)
            between = tail[: run.start]
            if not whole or len(between) > 40 or _NOT_PHONE.search(between):
                continue
            value = _e164(("+" if run.plus else "") + run.digits, _country(ctx))
            if value and not _problem(value, ctx):
                rest = leftover(drop_span(text, span[0], span[1] + run.end))
                return Reading(value=value, confidence=0.9, rest=rest)
        this = re.match(
            r"[\s,:]*(?:the (?:one|number) i'?m calling|this (?:number|one)\b|the same)", tail, re.IGNORECASE
        )
        return Reading(value=_caller(ctx), confidence=0.8) if this and _caller(ctx) else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another number, or the digits that are wrong: "the last four are 0142", "seven, not eleven"."""
        current = ctx.current
        if not isinstance(current, str) or not current.startswith("+"):
            return None
        whole = _longest(text)
        if whole and len(whole.digits) >= 10:
            return self._read(strip_no(text), ctx, {})
        mended = _mend(current, text)
        if mended is not None:
            return self._checked(mended, ctx) if mended != current else None
        if _caller(ctx) and _THIS.search(text) and _caller(ctx) != current:
            return Reading(value=_caller(ctx), confidence=0.9)
        if digits_of(strip_no(text)):
            return Reading(
                problem="I'm not sure which digits to change. Please say the whole number, with the area code."
            )
        return None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """E.164 of an assignable number."""
        if not isinstance(value, str) or not re.fullmatch(r"\+[1-9]\d{6,14}", value):
            return "That is not a complete phone number. Please give it with the area code."
        return _problem(value, ctx)

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "3 0 3, 5 5 5, 0 1 4 2"; numbers outside North America with "plus" and the country code."""
        text = str(value)
        if re.fullmatch(r"\+1\d{10}", text):
            return say_digits(text[2:])
        try:
            number = phonenumbers.parse(text)
        except NumberParseException:
            return say_digits(re.sub(r"\D", "", text))
        national = phonenumbers.national_significant_number(number)
        return f"plus {say_digits(str(number.country_code), (3,))}, {say_digits(national, (3,))}"

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "(303) 555-0142", or the international form."""
        try:
            number = phonenumbers.parse(str(value))
        except NumberParseException:
            return str(value)
        national = number.country_code == 1
        return phonenumbers.format_number(
            number, PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL
        )

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Bias towards digits."""
        return ["area code", "303 555 0142", "double", "triple", "zero", "oh", "the number I'm calling from"]

    def _read(self, text: str, ctx: SlotContext, partial: Mapping[str, Any]) -> Reading | None:
        pressed = keyed(text)
        run = Run(re.sub(r"\D", "", pressed), 0, len(text)) if pressed else _longest(text)
        if not run or not run.digits:
            return None
        local = str(partial.get("local", ""))
        for add in (False, True):  # "eight hundred five" may be 8005 or 805
            digits = run.digits if not add else digits_of(text[run.start : run.end], add=True)
            if local and len(digits) == 3:
                digits += local
            value = _e164(("+" if run.plus else "") + digits, _country(ctx))
            if value and not _problem(value, ctx):
                return Reading(
                    value=value, confidence=0.95 if pressed is None else 1.0, rest=_rest(text, run)
                )
        digits = run.digits
        if (pressed is not None and len(digits) <= 2) or len(digits) < 3:
            return None
        if local and len(digits) < 7:
            return Reading(ask="Which area code is that? It has three digits.", partial={"local": local})
        if len(digits) == 7 and not run.plus and _country(ctx) == "US":
            return Reading(ask="And the area code?", partial={"local": digits})
        return self._checked(("+" if run.plus else "") + digits, ctx, _rest(text, run))

    def _checked(self, digits: str, ctx: SlotContext, rest: str = "") -> Reading:
        value = _e164(digits, _country(ctx))
        problem = _problem(value, ctx) if value else _length_problem(re.sub(r"\D", "", digits))
        if problem or not value:
            return Reading(problem=problem or _length_problem(re.sub(r"\D", "", digits)))
        return Reading(value=value, confidence=0.9, rest=rest)


def _country(ctx: SlotContext) -> str:
    chosen = ctx.slot.options.get("country") or ctx.facts.get("country") or "US"
    return chosen.upper() if isinstance(chosen, str) and len(chosen) == 2 else "US"


def _caller(ctx: SlotContext) -> str | None:
    """The caller's own number, when the line shows one that can be called back."""
    known = ctx.facts.get("caller_id")
    value = _e164(known, "US") if isinstance(known, str) else None
    return value if value and not _problem(value, ctx) else None


def _e164(digits: str, country: str) -> str | None:
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


def _problem(value: str, ctx: SlotContext) -> str | None:
    """Why a number in E.164 form cannot be dialled, or None."""
    try:
        number = phonenumbers.parse(value)
    except NumberParseException:
        return "That doesn't work as a phone number. Please say it once more, with the area code."
    if number.country_code == 1:
        area, exchange = value[2:5], value[5:8]
        again = "Please say the whole number once more."
        if len(value) != 12:
            return _length_problem(value[2:])
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
    words = ("no digits", "one digit", "two digits", "three digits", "four digits", "five digits", "six digits",
             "seven digits", "eight digits", "nine digits", "ten digits", "eleven digits", "twelve digits")  # fmt: skip
    return words[len(digits)] if len(digits) < len(words) else f"{len(digits)} digits"


def _length_problem(digits: str) -> str:
    many = "only " if len(digits) < 10 else ""
    return (
        f"I got {many}{_count(digits)}, {say_digits(digits[:15])}. A US number has ten. "
        "Please say it once more, or key it in on your phone."
    )


def _longest(text: str) -> Run | None:
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


def _rest(text: str, run: Run) -> str:
    """What was said besides the number, without the words that announced it."""
    if keyed(text) is not None:
        return ""
    before = re.sub(
        r"[\s,.;:+(]*(?:(?:and|so|um|uh|well|yes|sure|yeah|plus)[\s,]+)*(?:(?:you can |please )?(?:reach|call|text|contact) (?:me|us) (?:at|on)|"
        r"(?:(?:it|that)(?:'s| is| would be))|(?:(?:my|our|the|a|his|her)\s+)?(?:\w+\s+)?(?:phone|cell|mobile|number|telephone|line|fax)"
        r"(?:\s+(?:number|phone|there))?\s*(?:is|would be|'s|:)?|area code)?[\s,:(+]*$",
        "",
        text[: run.start],
        flags=re.IGNORECASE,
    )
    return leftover(f"{before if strip_fillers(before) else ''} {text[run.end :].lstrip(' ,.;)')}")


def _mend(value: str, text: str) -> str | None:
    """The digits of ``value`` (E.164) with a spoken correction applied; None when it is none."""
    prefix, national = (value[:2], value[2:]) if value.startswith("+1") else (value[:1], value[1:])
    said = strip_no(text).rstrip(" .!?")
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


TYPE = Phone()
