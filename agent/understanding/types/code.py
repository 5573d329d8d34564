"""A code: so many digits (resume code, one-time code, area code), or letters and digits (a licence number)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.corrections import ORDINALS, fix_characters, last_version, resolve_fix, strip_no
from agent.understanding.cues import cue_span, drop_span
from agent.understanding.digits import digits_of, keyed, runs, say_digits
from agent.understanding.fillers import clip, leftover, strip_opening
from agent.understanding.letters import read_back
from agent.understanding.placeholders import is_placeholder
from agent.understanding.spelling import decode
from agent.understanding.wordlists import word_list

_COUNT = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LAST = re.compile(
    r"\b(?P<which>last|first)\s+(?P<count>two|three|four|five|[2-9])?\s*(?:digits?|numbers?|ones?|"
    r"letters?)?\s*(?:are|is|should be|were|:)\s+(?P<new>.+)$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\b(?:ends|ending) (?:in|with)\s+(?P<new>.+)$", re.IGNORECASE)


class Code:
    """Canonical value: the code as text. ``options.digits`` is the number of digits; without it letters,
    digits and dashes are allowed (3-30 characters with at least one digit)."""

    name = "code"
    patience: Patience = "spelled"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The code, said, typed or keyed; ``ask`` for the rest when some digits are still missing."""
        text = clip(text)
        size = _size(ctx)
        partial: Mapping[str, Any] = ctx.partial if isinstance(ctx.partial, dict) else {}
        if "fix" in partial and isinstance(partial.get("of"), str):
            fixed = resolve_fix(partial["of"], str(partial["fix"]), tuple(partial.get("places", ())), text)
            return Reading(value=fixed) if fixed and self.check(fixed, ctx) is None else None
        said = last_version(text) if keyed(text) is None else None
        if said:
            again = self.parse(said[1], ctx)
            if again and again.value:
                return again
        if size is None:
            return self._mixed(text, ctx)
        digits = digits_of(text)
        if not digits:
            return None
        if len(digits) == size:
            return Reading(value=digits, confidence=1.0 if keyed(text) else 0.95, rest=_rest(text))
        exact = [run.digits for run in runs(text) if len(run.digits) == size] if keyed(text) is None else []
        if len(set(exact)) == 1:
            return Reading(value=exact[0], confidence=0.85)
        if len(digits) == 2 * size and digits[:size] == digits[size:]:
            return Reading(value=digits[:size], confidence=0.85)
        held = str(partial.get("digits", ""))
        if held and len(held) + len(digits) == size:
            return Reading(value=held + digits, confidence=0.9)
        if len(digits) < size and not held and size > 3:
            return Reading(
                ask=f"I have {say_digits(digits, (3,))}. And the rest?", partial={"digits": digits}
            )
        return Reading(
            problem=f"I need {_spell(size)} digits, and I got {_spell(len(digits))}: "
            f"{say_digits(digits[:20], (3,))}. Please say them once more, or key them in."
        )

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Only after one of the slot's cues."""
        text = clip(text)
        span = cue_span(text, ctx.slot.cues)
        if not span:
            return None
        size = _size(ctx)
        before = re.search(rf"(?<!\d)(\d{{{size}}})\s*$", text[: span[0]]) if size else None
        if before is not None:  # "the 720 area code"
            return Reading(
                value=before[1], confidence=0.85, rest=leftover(drop_span(text, before.start(), span[1]))
            )
        reading = self.parse(text[span[1] :], ctx)
        if not reading or reading.value is None:
            return None
        return Reading(
            value=reading.value,
            confidence=0.85,
            rest=leftover(f"{drop_span(text, span[0], len(text))} {reading.rest}"),
        )

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """The code again, its end or beginning, or one digit or letter of it."""
        text = clip(text)
        current = ctx.current
        if not isinstance(current, str) or not current:
            return None
        said = strip_no(text)
        size = _size(ctx)
        partial: Mapping[str, Any] = ctx.partial if isinstance(ctx.partial, dict) else {}
        if "fix" in partial or (size and len(digits_of(said)) == size):
            return self.parse(said, ctx)
        part = _LAST.search(said) or _ENDS.search(said)
        new = (
            (
                digits_of(part["new"])
                or "".join(u.text for u in decode(part["new"]) if u.kind != "word").upper()
            )
            if part
            else ""
        )
        if (
            part
            and new
            and len(new) <= len(current)
            and not (part.re is _LAST and part["count"] is None and len(new) > 1)
        ):
            first = part.re is _LAST and part["which"].lower() == "first"
            kept = len(current) - len(new)
            return self._sized(new + current[len(new) :] if first else current[:kept] + new, ctx)
        pair = re.match(r"^(?P<new>.+?)[\s,]+(?:not|instead of)\s+(?P<old>.+)$", said, re.IGNORECASE)
        if pair:
            put, old = digits_of(pair["new"]), digits_of(pair["old"])
            if put and old and current.count(old) == 1:
                return self._sized(current.replace(old, put), ctx)
        fixed = fix_characters(current, text)
        if fixed and fixed.value and fixed.value != current:
            return self._sized(fixed.value.upper() if size is None else fixed.value, ctx)
        if fixed and fixed.char and any(word in said.lower() for word in ("as in", *ORDINALS)):
            return Reading(
                ask=fixed.question(current),
                partial={"fix": fixed.char, "places": list(fixed.places), "of": current},
            )
        if size is None:
            mixed = self._mixed(said, ctx)
            return mixed if mixed and mixed.value != current else None
        return None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """The right number of digits, or a plausible mixed code."""
        size = _size(ctx)
        if not isinstance(value, str):
            return "I need the code."
        if size is not None:
            return (
                None if re.fullmatch(rf"[0-9]{{{size}}}", value) else f"I need exactly {_spell(size)} digits."
            )
        if is_placeholder(value) or not re.fullmatch(
            r"(?=.*\d)[A-Z0-9][A-Z0-9.\-/ ]{1,28}[A-Z0-9]", value.upper()
        ):
            return "That doesn't look complete. It should have letters or digits, at least three in all."
        return None

    def say(self, value: Any, ctx: SlotContext) -> str:
        """Digit by digit: "4 8 1, 0 2 9"; letters with a word where they could be misheard."""
        text = str(value)
        if text.isdigit():
            return say_digits(text, (3,) if len(text) % 3 == 0 or len(text) > 8 else (4,))
        return read_back(text)

    def show(self, value: Any, ctx: SlotContext) -> str:
        """As it is written."""
        return str(value)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Bias towards digits."""
        return ["zero", "oh", "double", "4 8 1 0 2 9"] if _size(ctx) else ["zero", "dash", "as in"]

    def _mixed(self, text: str, ctx: SlotContext) -> Reading | None:
        pressed = keyed(text)
        if pressed is not None:
            return Reading(value=pressed) if len(pressed) >= 3 and pressed.isdigit() else None
        said = strip_opening(text)
        written = re.fullmatch(r"#?\s*([A-Za-z]{0,5}[.\-/ ]?\d[A-Za-z0-9.\-/]*)[.!]?", said)
        if written and len(written[1]) >= 3:
            return Reading(value=written[1].upper().rstrip(".-/"), confidence=0.9)
        code, end = "", 0
        for unit in decode(said):
            low = unit.text.lower()
            if unit.kind in ("letter", "digit"):
                code += unit.text.upper()
            elif unit.kind == "symbol" and unit.text in ".-/" and code:
                code += unit.text
            elif code and any(c.isdigit() for c in code):
                break
            elif (
                unit.kind == "word"
                and low not in word_list("everyday")
                and low not in ("license", "licence", "dash", "hash")
            ):
                return None
            else:
                code, end = "", 0
                continue
            end = unit.end
        code = code.strip(".-/")
        if self.check(code, ctx) is not None:
            return None
        return Reading(value=code, confidence=0.8, rest=leftover(said[end:]))

    def _sized(self, value: str, ctx: SlotContext) -> Reading | None:
        """A corrected code; a problem when its length is wrong now, None when it is no code any more."""
        size = _size(ctx)
        if size is not None and len(value) != size:
            return Reading(
                problem=f"That would be {_spell(len(value))} digits, and I need {_spell(size)}. "
                "Please say the whole code again."
            )
        return Reading(value=value, confidence=0.9) if self.check(value, ctx) is None else None


def _size(ctx: SlotContext) -> int | None:
    size = ctx.slot.options.get("digits", ctx.slot.options.get("length"))
    return size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else None


def _spell(count: int) -> str:
    return _COUNT[count] if count < len(_COUNT) else str(count)


def _rest(text: str) -> str:
    """What follows the digits, unless the text is nothing but them."""
    found = runs(text) if keyed(text) is None else []
    return leftover(text[found[-1].end :]) if found else ""


TYPE = Code()
