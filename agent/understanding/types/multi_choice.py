"""Several of a known list; canonical value: a list of choice values in the list's order.

"None" is the empty list, or ``["none"]`` where the list has that choice; ``options.min`` asks for at
least that many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from agent.understanding.base import Reading, SlotContext
from agent.understanding.matching import Match, exact_matches, find_choices, plain, position, says_none
from agent.understanding.numbers import cut, fold
from agent.understanding.polarity import keys, split_polarity
from agent.understanding.simple import SimpleType
from agent.understanding.types.choice import NONE_VALUES, announced, choices_of, label, sure
from flows.schema import Choice

_ALL = re.compile(
    r"\b(?:all (?:of )?(?:them|those|these|the above|that)|all (?:two|three|four|five|six|\d)(?: of "
    r"(?:them|those))?|everything|"
    r"every one(?: of them)?|each of them|the (?:whole|full) (?:list|lot)|all$|any of them|both(?: "
    r"of them)?|all the above|the lot)\b"
)
_EXCEPT = re.compile(
    r"\b(?:except(?: for)?|but not|other than|apart from|without|minus|excluding|besides|but)\b"
)
_ADD = re.compile(r"\b(?:also|too|as well|add|plus|in addition)\b|^\s*and\b")
_DROP = re.compile(
    r"\b(?:remove|drop|delete|take (?:out|off)|without|not|no longer|skip|except|minus)\b|n't\b"
)
_PART = re.compile(r"(?<!\s)\s*(?:,|;|/|&|\band\b|\bplus\b|\bas well as\b|\balso\b|\bor\b)\s*")


class MultiChoice(SimpleType):
    """ "Zillow and our website", "all of them except Facebook", "the first two", keys one after the other."""

    name = "multi_choice"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """Every choice that is named and not excluded."""
        choices = choices_of(ctx)
        if not choices:
            return None
        pressed = keys(text)
        if pressed is not None:
            picked = {int(key) - 1 for key in pressed if key.isdigit()}
            values = [c.value for i, c in enumerate(choices) if i in picked]
            return self._reading(values, choices, ctx) if values and len(picked) == len(values) else None
        real = [c for c in choices if c.value not in NONE_VALUES]
        folded = fold(text)
        if whole := _ALL.search(folded):
            split = _EXCEPT.search(folded, whole.end())
            left_out = {m.value for m in _found(text[split.end() :], choices)} if split else set()
            return self._reading([c.value for c in real if c.value not in left_out], choices, ctx)
        if matches := _found(text, choices):
            names = {m.value for m in matches}
            rest = cut(text, [(m.start, m.end) for m in matches])
            if len(names) > 1:
                names -= set(NONE_VALUES)
            confidence = min(sure(m) for m in matches)
            return self._reading(
                [c.value for c in choices if c.value in names], choices, ctx, confidence, rest
            )
        if first := re.fullmatch(r"\W*(?:just )?the (first|last) (two|three|2|3)\W*", folded):
            count = {"two": 2, "2": 2, "three": 3, "3": 3}[first.group(2)]
            some = choices[:count] if first.group(1) == "first" else choices[-count:]
            return self._reading([c.value for c in some], choices, ctx)
        places = [position(part, len(choices)) for part in _PART.split(text) if part.strip(" .")]
        if places and None not in places:
            return self._reading([c.value for i, c in enumerate(choices) if i in places], choices, ctx)
        polar, rest = split_polarity(text)
        if says_none(text) or (polar == "no" and not rest):
            return self._reading([], choices, ctx)
        return None

    def _reading(
        self,
        values: Sequence[str],
        choices: Sequence[Choice],
        ctx: SlotContext,
        confidence: float = 1.0,
        rest: str = "",
    ) -> Reading:
        none = next((c.value for c in choices if c.value in NONE_VALUES), None)
        value = list(values) if values or none is None else [none]
        problem = self.check(value, ctx)
        return Reading(problem=problem) if problem else Reading(value=value, confidence=confidence, rest=rest)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Choices named word for word in a sentence that holds a cue ("our leads come from Zillow")."""
        if not ctx.slot.cues or not announced(text, ctx):
            return None
        choices = choices_of(ctx)
        names = {m.value for m in exact_matches(text, choices)}
        values = [c.value for c in choices if c.value in names and c.value not in NONE_VALUES]
        good = values and self.check(values, ctx) is None
        return Reading(value=values, confidence=0.9) if good else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Add ("also Facebook"), drop ("not Zillow"), or name the list anew."""
        choices = choices_of(ctx)
        polar, rest = split_polarity(text)
        said = rest or (text if polar is None else "")
        if not said:
            return None
        current = list(ctx.current) if isinstance(ctx.current, list | tuple) else None
        denied = {m.value for m in exact_matches(said, choices, denied=True)}
        named = [m.value for m in _found(said, choices) if m.value not in denied]
        folded = fold(said)
        if current is not None and not _ALL.search(folded):
            if denied or (_DROP.search(folded) and not named):
                kept = [v for v in current if v not in denied] + named
                return self._reading(_ordered(kept, choices), choices, ctx) if denied else None
            if named and _ADD.search(folded):
                return self._reading(_ordered([*current, *named], choices), choices, ctx)
        return self.parse(said, ctx)

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Known values, none twice, at least ``options.min``."""
        choices = choices_of(ctx)
        known = {c.value for c in choices}
        if not isinstance(value, list | tuple) or any(
            not isinstance(v, str) or v not in known for v in value
        ):
            labels = [c.label for c in choices]
            return (
                f"Please choose from these: {', '.join(labels)}."
                if labels
                else "Please choose from the list."
            )
        if len(set(value)) != len(value):
            return "One of them is there twice."
        least = int(ctx.slot.options.get("min", 0))
        if len(value) < least:
            return "Please choose at least one." if least == 1 else f"Please choose at least {least}."
        return None

    def show(self, value: Any, ctx: SlotContext) -> str:
        """The labels: "Zillow and your website"; "none" for the empty list."""
        labels = [label(v, choices_of(ctx)) for v in value]
        if not labels:
            return "none"
        return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Every label, then the other words."""
        choices = choices_of(ctx)
        return tuple(dict.fromkeys([c.label for c in choices] + [w for c in choices for w in c.also]))


def _ordered(values: Iterable[str], choices: Sequence[Choice]) -> list[str]:
    chosen = set(values)
    return [c.value for c in choices if c.value in chosen]


def _found(text: str, choices: Sequence[Choice]) -> list[Match]:
    """Matches in the whole text, and in each part of the list so that one near miss is not lost."""
    found = exact_matches(text, choices)
    named = {m.value for m in found}
    at = 0
    for link in [*_PART.finditer(fold(text)), None]:
        end = link.start() if link else len(text)
        part = text[at:end]
        if plain(part) and not any(m.start < end and at < m.end for m in found):
            near = [m for m in find_choices(part, choices) if m.value not in named]
            if len({m.value for m in near}) == 1 and not exact_matches(part, choices, denied=True):
                found.append(Match(near[0].value, near[0].score, near[0].start + at, near[0].end + at))
        at = link.end() if link else end
    return sorted(found, key=lambda m: m.start)


TYPE = MultiChoice()
