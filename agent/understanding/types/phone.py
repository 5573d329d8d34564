"""A telephone number: spoken, typed, keyed, or "the one I'm calling from". E.164, read back 3-3-4."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.corrections import last_version, strip_no
from agent.understanding.cues import cue_span, cue_spans, drop_span
from agent.understanding.dialing import (
    caller_of,
    country_of,
    e164,
    length_problem,
    longest_run,
    mend,
    problem_of,
    restored,
)
from agent.understanding.digits import Run, digits_of, keyed, runs, say_digits
from agent.understanding.fillers import clip, leftover, strip_fillers

_THIS = re.compile(
    r"\b(?:(?:this|that|the|my|same) (?:same )?(?:phone |cell |current |very )?(?:number|phone|line|"
    r"one|cell)\b(?=[\s.,!?]*$|"
    r"[^\d]*\b(?:calling|call|on|from|now|see|have|using|called|phone|fine|good|works|okay|ok|great|"
    r"best|right|please)\b)|"
    r"(?:number|one|line|phone)? ?(?:that )?(?:i'm|i am|im|i've|i) (?:calling|call|called|on|using|"
    r"speaking|talking)(?: you)?(?: (?:now|right now|from|on|with|in from))|"
    r"calling (?:you )?from|caller id|same (?:number|one|as (?:this|that|the one))|use (?:this|"
    r"that)(?: (?:one|number))?|this one|that one|"
    r"the one (?:you have|you see|on (?:your|the) (?:screen|display)|showing))",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|correct|right|okay|ok|exactly|that's (?:it|right|fine|good|correct)|"
    r"that is (?:it|right|correct)|"
    r"that (?:works|one)|it is|fine|perfect|please do|uh huh|absolutely|of course|go ahead|you can|"
    r"dtmf: ?1#?)(?!\w)[\s,.!]*"
    r"(?:please|it is|that's (?:it|right|fine|the one|good|correct|my number)|that one|that works|"
    r"this one|works|use (?:it|that)(?: one)?|you can|sure|"
    r"thanks|thank you|do that|perfect|good|correct)?[\s.!]*$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^(?:dtmf: ?2#?|(?:no+|nope|nah|not (?:this|that)(?: one)?)?[\s,.]*(?:(?:use |i'd like |i want |"
    r"please use )?"
    r"(?:a different|a new|another|a separate|some other)(?: (?:one|number|phone|line))?|not (?:this|"
    r"that)(?: one| number)?)?"
    r"(?:[\s,]+please)?)[\s.!]*$",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"[\s,;]*\b(?:ext(?:ension)?|x)\.?\s*(?:is\s+|number\s+)?(?:#\s*)?(?=\d|\b(?:zero|oh|one|two|"
    r"three|four|five|six|seven|eight|nine|ten)\b).*$",
    re.IGNORECASE,
)
_NOT_PHONE = re.compile(
    r"\b(?:license|licence|code|zip|ein|ssn|social security|account|card|order|ticket|reference|"
    r"mls)\b[^.!?]*$",
    re.I,
)


_SOMEBODY = re.compile(
    r"\b(?:his|her|their|your|wife'?s|husband'?s|call (?:him|her|them|my \w+)) (?:\w+ )?(?:number|cell|phone|at)\b"
    r"|\b(?:you|someone|somebody) (?:called|texted|rang)\b|\bcalled me from\b",
    re.I,
)
"""A number that is not the caller's own."""


class Phone:
    """Canonical value: E.164 text, "+13035550142". North America unless a "+" or ``options.country`` says
    otherwise. Fictional 555-01xx numbers are numbers like any other."""

    name = "phone"
    patience: Patience = "spelled"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The number in an answer; ``ask`` when the area code is missing, ``problem`` when it cannot exist."""
        text = clip(text)
        partial: Mapping[str, Any] = ctx.partial if isinstance(ctx.partial, dict) else {}
        offered = caller_of(ctx)
        body = _EXTENSION.sub("", text) if keyed(text) is None else text
        said = last_version(body)
        if said and keyed(text) is None:
            first, second = (longest_run(said[0]), longest_run(said[1]))
            if second and len(second.digits) >= 10:
                return self._read(said[1], ctx, partial)
            if first and second and len(first.digits) >= 7:
                start = self._read(said[0], ctx, partial)
                mended = mend(start.value, said[1]) if start and start.value else None
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

        Several slots of a form hold numbers, so without cues nothing is found, unless
        ``options.unannounced`` says that this is the only one.
        """
        text = clip(text)
        span = cue_span(text, ctx.slot.cues)
        if not span and ctx.slot.options.get("unannounced") and not _SOMEBODY.search(text):
            run = next((r for r in runs(text) if len(r.digits) >= 10), None)
            span = (run.start, run.start) if run and not _NOT_PHONE.search(text[: run.start]) else None
        if not span:
            return None
        for one in cue_spans(text, ctx.slot.cues) or [span]:
            if (found := self._behind(text, one, ctx)) is not None:
                return found
        return None

    def _behind(self, text: str, span: tuple[int, int], ctx: SlotContext) -> Reading | None:
        """The number that follows a cue."""
        tail = _EXTENSION.sub("", text[span[1] :])
        for run in runs(tail):
            length = len(run.digits)
            whole = length == 10 or (length == 11 and run.digits[0] == "1") or (run.plus and length >= 8)
            between = tail[: run.start]
            if not whole or len(between) > 40 or _NOT_PHONE.search(between):
                continue
            value = e164(("+" if run.plus else "") + run.digits, country_of(ctx))
            if value and not problem_of(value, ctx):
                rest = leftover(drop_span(text, span[0], span[1] + run.end))
                return Reading(value=value, confidence=0.9, rest=rest)
        this = re.match(
            r"[\s,:]*(?:the (?:one|number) i'?m calling|this (?:number|one)\b|the same)", tail, re.IGNORECASE
        )
        return Reading(value=caller_of(ctx), confidence=0.8) if this and caller_of(ctx) else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another number, or the digits that are wrong: "the last four are 0142", "seven, not eleven"."""
        text = clip(text)
        current = ctx.current
        if not isinstance(current, str) or not current.startswith("+"):
            return None
        whole = longest_run(text)
        if whole and len(whole.digits) >= 10:
            return self._read(strip_no(text), ctx, {})
        mended = mend(current, text)
        if mended is not None:
            return self._checked(mended, ctx) if mended != current else None
        if caller_of(ctx) and _THIS.search(text) and caller_of(ctx) != current:
            return Reading(value=caller_of(ctx), confidence=0.9)
        if digits_of(strip_no(text)):
            return Reading(
                problem="I'm not sure which digits to change. Please say the whole number, with the area "
                "code."
            )
        return None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """E.164 of an assignable number."""
        if not isinstance(value, str) or not re.fullmatch(r"\+[1-9]\d{6,14}", value):
            return "That is not a complete phone number. Please give it with the area code."
        return problem_of(value, ctx)

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
        run = Run(re.sub(r"\D", "", pressed), 0, len(text)) if pressed else longest_run(text)
        if not run or not run.digits:
            return None
        local = str(partial.get("local", ""))
        for add in (False, True):  # "eight hundred five" may be 8005 or 805
            digits = run.digits if not add else digits_of(text[run.start : run.end], add=True)
            if local and len(digits) == 3:
                digits += local
            value = e164(("+" if run.plus else "") + digits, country_of(ctx))
            if value and not problem_of(value, ctx):
                return Reading(
                    value=value, confidence=0.95 if pressed is None else 1.0, rest=_rest(text, run)
                )
        digits = run.digits
        if (pressed is not None and len(digits) <= 2) or len(digits) < 3:
            return None
        if local and len(digits) < 7:
            return Reading(ask="Which area code is that? It has three digits.", partial={"local": local})
        if len(digits) == 7 and not run.plus and country_of(ctx) == "US":
            return Reading(ask="And the area code?", partial={"local": digits})
        guess = restored(digits) if pressed is None and ctx.channel == "voice" and not run.plus else None
        value = e164(guess, "US") if guess and country_of(ctx) == "US" else None
        if value and not problem_of(value, ctx):
            return Reading(value=value, confidence=0.4, rest=_rest(text, run))
        return self._checked(("+" if run.plus else "") + digits, ctx, _rest(text, run))

    def _checked(self, digits: str, ctx: SlotContext, rest: str = "") -> Reading:
        value = e164(digits, country_of(ctx))
        problem = problem_of(value, ctx) if value else length_problem(re.sub(r"\D", "", digits))
        if problem or not value:
            return Reading(problem=problem or length_problem(re.sub(r"\D", "", digits)))
        return Reading(value=value, confidence=0.9, rest=rest)


def _rest(text: str, run: Run) -> str:
    """What was said besides the number, without the words that announced it."""
    if keyed(text) is not None:
        return ""
    before = re.sub(
        r"[\s,.;:+(]*(?:(?:and|so|um|uh|well|yes|sure|yeah|plus)[\s,]+)*(?:(?:you can |"
        r"please )?(?:reach|call|text|contact) (?:me|us) (?:at|on)|"
        r"(?:(?:it|that)(?:'s| is| would be))|(?:(?:my|our|the|a|his|her)\s+)?(?:\w+\s+)?(?:phone|"
        r"cell|mobile|number|telephone|line|fax)"
        r"(?:\s+(?:number|phone|there))?\s*(?:is|would be|'s|:)?|area code)?[\s,:(+]*$",
        "",
        text[: run.start],
        flags=re.IGNORECASE,
    )
    return leftover(f"{before if strip_fillers(before) else ''} {text[run.end :].lstrip(' ,.;)')}")


TYPE = Phone()
