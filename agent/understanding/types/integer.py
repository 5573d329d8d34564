"""A number of things; canonical value: an int (or a half, where ``options.step`` is 0.5).

Options: ``min``, ``max``; ``unit`` (what is counted, for questions and for finding it in a sentence);
``just_me`` (value of "just me", 1 when people are counted); ``step``; ``range`` ("min", "max" or "ask":
what "two or three" means; bedrooms and the like take the smaller, other counts are asked).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.fillers import strip_opening
from agent.understanding.numbers import Number, between, cut, find_numbers, fold
from agent.understanding.polarity import keys
from agent.understanding.simple import SimpleType, correction, label_of
from agent.understanding.spoken import Num, number_words, tidy

_NOUNS: dict[str, str] = {
    "people": (
        r"(?:(?:licensed |real estate |sales |full.?time |part.?time |active )*(?:agents?|people|"
        r"persons?|realtors?|"
        r"brokers?|members?|licensees?|associates?|users?|folks|guys|team members?|sales ?people)|of us|"
        r"on (?:the|our|my) team|in total|altogether)"
    ),
    "bedrooms": r"(?:bed ?rooms?|beds?|bdrms?|bdr|bds?|brs?|bed)",
    "bathrooms": r"(?:(?:full |half )?bath ?rooms?|(?:full )?baths?|bths?|ba)",
    "minutes": r"(?:minutes?|mins?)",
    "units": r"(?:units?|doors?)",
    "points": r"(?:points?|or (?:more|higher|above))",
}
_OWNED = re.compile(
    r"\b(?:own|owns|owned|have|has|hold|got|manage|managing)\b(?! to\b)[\w ,']{0,30}?\b(?:\w+plex(?:es)?|units?|doors?)\b"
)
"""What somebody has already is not what they are after."""
_HOUSES = {"duplex(?:es)?": 2, "triplex(?:es)?": 3, "(?:four|quad|4)-?(?: )?plex(?:es)?": 4}
TWO_COUNTS = 0.25
"""How sure "four beds and three beds" is: one of the two was something else, and it is read back."""
_SMALLER = {"bedrooms", "bathrooms", "units"}
_HALVES = {"bathrooms"}
_ELSE_COUNTED = (
    r"(?:grown |small |little |young |teenage )?(?:of us|people|adults?|kids?|child(?:ren)?|boys|girls|sons|daughters|"
    r"teen(?:ager)?s|toddlers|room-?mates|years?|months?|weeks?|days?|hours?|cars?|trucks|dogs?|cats?|pets|acres?|"
    r"square f[eo]+t|sq|miles?|blocks|stor(?:y|ies)|floors|levels)"
)
_PRICED = 100
"""From here on a number said to a question for rooms is a price ("up to 560 would be fine")."""
_OF_A_FAMILY = re.compile(r"\b(?:family|household|party|group|couple) of $")
_ADJECTIVES = (
    r"(?:\+ ?)?(?:(?:nice|big|large|good|small|full|spacious|separate|decent|extra|actual|different|more|"
    r"total|or more|plus)[ -]){0,2}"
)
_HOMOPHONES = {
    **{"to": 2, "too": 2, "for": 4, "fore": 4, "won": 1, "on": 1, "ate": 8, "tree": 3, "free": 3},
    **{"sex": 6, "sick": 6, "tin": 10, "nein": 9, "nun": 0},
}
_BEFORE_HOMOPHONE = r"(?:^|\b(?:a|need|needs|want|with|have|has|is|just|only|least|prefer|like|and|be) )"
_JUST_ME = re.compile(
    r"\b(?:(?:just|only|it's|its|it is)(?: just| only)? (?:me|myself|i)|me,? myself(?:,? and i)?|by "
    r"myself|on my own|solo|"
    r"one(?:-| )(?:man|woman|person) (?:show|band|shop|operation)|i'm (?:alone|a solo|the only one)|"
    r"nobody else|no one else|i work alone)\b(?! and| plus|,? and| with)"
)
_AND_MORE = re.compile(r"\b(?:me|myself|i)\b,? (?:and|plus|with) ")
_APART = re.compile(
    r"(?:[,.;…]|\bown\b|\brun\b).*?\b(?:it'?s|we'?re|there(?:'s| are)|have)\s+(?:about |now )?\d"
)
"""Partners, and then how many all are: "me and my brother own it, it's 11"."""
_OWNERS = re.compile(r"^\W*(?:\w+ ){1,3}(?:own|run|started|founded|opened)\b")
"""Whose it is, where it is known how many work in it."""
_ONE_MORE = re.compile(
    r"(?:my|a|an|the|one) (?:\w+ )?(?:wife|husband|spouse|partner|brother|sister|son|daughter|"
    r"father|mother|dad|mom|friend|colleague|"
    r"assistant|associate|business partner|other (?:agent|person|broker)|other)\b"
)
_VAGUE = re.compile(
    r"\b(?:a few|few|several|a handful|handful|a bunch|bunch|a lot|lots|many|some|quite a few|tons|"
    r"dozens|a couple dozen)\b"
)
_NONE = re.compile(
    r"(?:none|no|zero|nothing|no one|nobody|not any|nil)(?: (?:of them|at all|yet|please|thanks))*"
)
_POINTED = re.compile(r"\b(?:that|this|the same) one\b(?=\W*$|[.,;!?]| (?:is|please|and|too|then)\b)", re.I)
"""Something is pointed at, and nothing counted."""
_RANGE = re.compile(r"(?:or|to|-|and|or maybe|maybe|perhaps|up to|through|till|until)")
_PLACED = re.compile(
    r"\s*(?:\w+ )?(?:in|at|for) (?:the )?(?:\w+ ){0,2}?\w+(?: office)?,? (?:and|plus|,)(?: another)? $"
)
""" "Nine agents in Philly and": what is counted next is counted besides."""
_SUM = re.compile(
    r"\b(?:so |that'?s |that makes |makes |i'?d say |call it |in total |altogether |total of )+(?:about |around |like )?$"
)
"""What leads up to the number that counts, at the end of a reckoning."""
_SOME_OF = re.compile(
    r"\s*(?:agents?|people|person|realtors?|brokers?) (?:just )?(?:left|quit|retired|joined|is|are leaving)\b|\s*of (?:us|them|our \w+) (?:(?:are|have|do|can) )?(?:also|only|even|licensed|part|work|speak|live)\b"
)
""" "Two of us are also licensed in Nevada": a part, and not all."""
_MORE = re.compile(r"\s*(?:more|other|new|extra|additional)\b(?! in total| altogether)")
""" "Two more agents start Monday": they come to those there are, and are not all."""
_ALL_OF = re.compile(r"\s*(?:of us|in (?:total|all)|altogether|all together|on (?:the|our|my) team)\b")
""" "Four of us, me and 3 agents": all of them."""
_TURN = re.compile(r"\b(?:no|wait|actually|sorry|i mean|make that|rather|scratch that)\b")


def _turned(folded: str, numbers: Sequence[Number]) -> bool:
    """Whether the caller changed their mind between the first of these and the last ("four, no, three beds")."""
    return _TURN.search(folded[numbers[0].end : numbers[-1].start]) is not None


class Integer(SimpleType):
    """Spoken, typed and keyed whole numbers, with what people say instead of a number."""

    name = "integer"
    patience: Patience = "short"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The number meant; a problem when it is out of bounds, a question when it is vague."""
        pressed = keys(text)
        if pressed is not None:
            return self._bounded(int(pressed), ctx) if pressed.isdigit() and len(pressed) <= 9 else None
        text = _POINTED.sub("that", text)
        numbers = [
            n for n in find_numbers(text) if not n.ordinal and not self._counts_other(fold(text), n, ctx)
        ]
        reckoned = [n for n in numbers if _SUM.search(fold(text)[: n.start])]
        if reckoned and ctx.slot.options.get("unit") == "people":
            return self._bounded(reckoned[-1].value, ctx, 0.9)
        if (people := self._people(text, ctx)) is not None:
            return self._bounded(people, ctx, 0.9)
        if not numbers:
            return self._wordless(text, ctx)
        chosen = self._choose(text, numbers, ctx)
        if isinstance(chosen, Reading):
            return chosen
        number, confidence = chosen
        return self._bounded(number.value, ctx, confidence, cut(text, [(number.start, number.end)]))

    def _counts_other(self, folded: str, number: Number, ctx: SlotContext) -> bool:
        """Whether something else of a home is counted, or whom or what it is for ("a family of 5", of baths)."""
        own = ctx.slot.options.get("unit")
        if own not in _SMALLER:
            return False
        others = "|".join(noun for unit, noun in _NOUNS.items() if unit in _SMALLER and unit != own)
        named = re.match(rf"[ -]{_ADJECTIVES}(?:{others}|{_ELSE_COUNTED})\b", folded[number.end :])
        return (
            number.value >= _PRICED
            or named is not None
            or _OF_A_FAMILY.search(folded[: number.start]) is not None
        )

    def _wordless(self, text: str, ctx: SlotContext) -> Reading | None:
        said = fold(strip_opening(text)).strip(" .,!?")
        if said in _HOMOPHONES:
            return self._bounded(_HOMOPHONES[said], ctx, 0.6)
        noun = self._noun(ctx)
        if (
            noun
            and (heard := re.search(rf"{_BEFORE_HOMOPHONE}(\w+)[ -]{noun}", said))
            and heard.group(1) in _HOMOPHONES
        ):
            return self._bounded(_HOMOPHONES[heard.group(1)], ctx, 0.6)
        if ctx.slot.options.get("unit") == "bedrooms" and re.search(
            r"\b(?:studio|efficiency|bachelor)\b", said
        ):
            return self._bounded(0, ctx, 0.9)
        if ctx.slot.options.get("min") == 0 and _NONE.fullmatch(said):
            return Reading(value=0)
        if _VAGUE.search(said) and len(said.split()) <= 8:
            return Reading(ask="About how many is that? A number will do.", partial="vague")
        return None

    def _people(self, text: str, ctx: SlotContext) -> Num | None:
        """ "Just me", "me and my wife", "myself plus three": only where people are counted."""
        alone = ctx.slot.options.get("just_me", 1 if ctx.slot.options.get("unit") == "people" else None)
        if alone is None:
            return None
        folded = fold(text)
        if more := _AND_MORE.search(folded):
            follow = folded[more.end() :]
            numbers = [n for n in find_numbers(follow) if not n.ordinal]
            if numbers and numbers[0].start <= 15:
                return tidy(alone + numbers[0].value)
            partners = len(_ONE_MORE.findall(follow))
            if partners and not _APART.search(follow) and not (ctx.current and _OWNERS.search(follow)):
                return alone + partners
        return alone if _JUST_ME.search(folded) else None

    def _choose(self, text: str, numbers: list[Number], ctx: SlotContext) -> tuple[Number, float] | Reading:
        folded = fold(text)
        noun = self._noun(ctx)
        if noun:
            with_noun = [n for n in numbers if re.match(rf"[\s-]*{_ADJECTIVES}{noun}\b", folded[n.end :])]
            if len(with_noun) == 1 and with_noun[0] is not numbers[0]:
                before = numbers[numbers.index(with_noun[0]) - 1]
                if not _RANGE.fullmatch(between(text, before, with_noun[0])):
                    return with_noun[0], 1.0
            if len({n.value for n in with_noun}) > 1 and not _turned(folded, with_noun):
                return with_noun[-1], TWO_COUNTS
        if len(numbers) == 1:
            return numbers[0], 1.0
        if len(numbers) > 3 and all(b.value - a.value == 1 for a, b in pairwise(numbers)):
            return numbers[0], TWO_COUNTS  # "one, two, three, four, five": an ear recites what it expects
        together = self._together(text, numbers, ctx)
        if together is not None:
            return together, 0.9
        first, second = numbers[0], numbers[1]
        gap = between(text, first, second)
        if _TURN.search(gap):
            return numbers[-1], 0.9
        if _RANGE.fullmatch(gap) and first.value != second.value:
            rule = ctx.slot.options.get("range", "min" if ctx.slot.options.get("unit") in _SMALLER else "ask")
            if rule in {"min", "max"}:
                pick = min if rule == "min" else max
                return pick((first, second), key=lambda n: n.value), 0.8
            low, high = number_words(first.value), number_words(second.value)
            return Reading(
                ask=(f"One number is enough. Shall I put {low} or {high}?"),
                partial=[first.value, second.value],
            )
        if (
            gap == ""
            and 1 <= first.value <= 99
            and 10 <= second.value <= 99
            and first.unit == second.unit == 1
        ):
            joined = Number(first.value * 100 + second.value, first.start, second.end)
            return joined, 0.7
        return first, 0.7

    def _together(self, text: str, numbers: list[Number], ctx: SlotContext) -> Number | None:
        """ "Nine agents in Philly and six in Cherry Hill": people of several offices are added up."""
        folded, noun = fold(text), self._noun(ctx)
        first = next((i for i, n in enumerate(numbers) if re.match(rf"\s*{noun}", folded[n.end :])), None)
        if ctx.slot.options.get("unit") != "people" or first is None or first == len(numbers) - 1:
            return None
        numbers = numbers[first:]
        joined = all(_PLACED.match(folded[a.end : b.start]) for a, b in pairwise(numbers))
        behind = re.match(r"\s*(?:\w+ )?(?:in|at) \w", folded[numbers[-1].end :])
        if not joined or behind is None:
            return None
        return Number(sum(n.value for n in numbers), numbers[0].start, numbers[-1].end)

    def _bounded(self, value: Num, ctx: SlotContext, confidence: float = 1.0, rest: str = "") -> Reading:
        value = tidy(float(value))
        problem = self.check(value, ctx)
        return Reading(problem=problem) if problem else Reading(value=value, confidence=confidence, rest=rest)

    def _noun(self, ctx: SlotContext) -> str:
        unit = str(ctx.slot.options.get("unit") or "")
        known = _NOUNS.get(unit) or (re.escape(unit.rstrip("s")) + "s?" if unit else "")
        cues = [re.escape(fold(c)) for c in ctx.slot.cues if len(c.split()) == 1]
        parts = [p for p in (known, *cues) if p]
        return f"(?:{'|'.join(parts)})" if parts else ""

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A number right before what it counts ("3 nice bedrooms"), or after a cue with nothing behind it.

        "bedrooms: 3" and "the bedrooms should be three" count too.
        """
        text = _POINTED.sub("that", text)
        folded = fold(text)
        numbers = [
            n
            for n in find_numbers(text)
            if not n.ordinal
            and not n.money
            and n.value <= 100_000
            and not _SOME_OF.match(folded[n.end :])
            and not (ctx.slot.options.get("unit") == "people" and _MORE.match(folded[n.end :]))
        ]
        found: list[tuple[Number, float]] = []
        noun = self._noun(ctx)
        reckoned = [n for n in numbers if _SUM.search(folded[: n.start])]
        if reckoned and ctx.slot.options.get("unit") == "people" and re.search(noun, folded):
            return self._sound(reckoned[-1].value, ctx, 0.9, text)
        for i, number in enumerate(numbers):
            after, before = folded[number.end :], folded[: number.start]
            if noun and re.match(rf"\s*[\s-]?{_ADJECTIVES}{noun}(?:'s)?(?![\w'])", after):
                low = (
                    numbers[i - 1] if i and _RANGE.fullmatch(between(text, numbers[i - 1], number)) else None
                )
                smaller = (
                    ctx.slot.options.get("unit") in _SMALLER and low is not None and low.value < number.value
                )
                found.append((low, 0.8) if smaller and low else (number, 0.95))
            elif noun and re.search(
                rf"(?<!\w){noun}(?: ?(?::|=|is|are|should be|would be|must be|count))* *$", before
            ):
                stop = (
                    not after.strip()
                    or after.strip()[0] in ".,;!?"
                    or after.strip().startswith(("and", "please"))
                )
                if stop and not re.search(rf"\d ?{noun} *$", before):
                    found.append((number, 0.85))
            elif self._cued(before, after, noun, ctx):
                found.append((number, 0.85))
        if (
            not found
            and ctx.slot.options.get("unit") == "bedrooms"
            and re.search(r"\ban? (?:studio|efficiency)\b", folded)
        ):
            return self._sound(0, ctx, 0.8, text)
        if (
            not found
            and (people := self._people(text, ctx)) is not None
            and re.search(r"\bjust me\b|\bsolo\b|\bon my own\b", folded)
        ):
            return self._sound(people, ctx, 0.8, text)
        if not found and ctx.slot.options.get("unit") == "units":
            folded = _OWNED.sub(" ", folded)
            kinds = [n for word, n in _HOUSES.items() if re.search(rf"\b{word}\b", folded)]
            return self._sound(kinds[0], ctx, 0.7, text) if len(kinds) == 1 else None
        if not found and noun:
            heard = re.search(rf"{_BEFORE_HOMOPHONE}(to|too|for|won|tree)[ -]{noun}(?![\w'])", folded)
            if heard:
                return self._sound(_HOMOPHONES[heard.group(1)], ctx, 0.6, text)
        if not found:
            return None
        if len(numbers) > 1 and (together := self._together(text, numbers, ctx)) is not None:
            return self._sound(together.value, ctx, 0.9, cut(text, [(together.start, together.end)]))
        if ctx.slot.options.get("unit") == "people":
            whole = [n for n, _ in found if _ALL_OF.match(folded[n.end :])]
            more = self._people(text, ctx) if _AND_MORE.search(folded) else None
            everybody = whole[-1].value if whole else more
            if everybody is not None:
                return self._sound(everybody, ctx, 0.9, text)
        number, confidence = found[-1]
        if (last := numbers[-1]) is not number and _turned(folded, [number, last]):
            number = last  # "seventeen agents, no sorry eighteen"
        if noun and len({n.value for n, _ in found}) > 1 and not _turned(folded, [n for n, _ in found]):
            confidence = TWO_COUNTS
        return self._sound(number.value, ctx, confidence, cut(text, [(number.start, number.end)]))

    def _sound(self, value: Num, ctx: SlotContext, confidence: float, rest: str) -> Reading | None:
        """Only a value within bounds is worth volunteering."""
        reading = self._bounded(value, ctx, confidence, rest)
        return reading if reading.value is not None else None

    def _cued(self, before: str, after: str, noun: str, ctx: SlotContext) -> bool:
        """Whether a cue of several words leads up to the number and nothing else is counted by it."""
        cues = [re.escape(fold(c)) for c in ctx.slot.cues if len(c.split()) > 1 or not noun]
        about = (
            r"(?: about| around| roughly| just| only| currently| now| like| maybe| a total of| at| "
            r"at least| up to| is| are| be)*"
        )
        if not cues or not re.search(rf"(?<!\w)(?:{'|'.join(cues)}){about} *$", before):
            return False
        return (
            not after.strip()
            or after.strip()[0] in ".,;!?"
            or re.match(r"\s+(?:in|across|at|from|around|who|based|and (?:i|we)\b|right now)\b", after)
            is not None
            or bool(noun and re.match(rf"\s*{_ADJECTIVES}{noun}\b", after))
        )

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another number."""
        said = correction(text)
        found = self.parse(said, ctx) if said else None
        return found if found is None or found.value is not None or found.problem else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Whole (or in steps), and within ``min`` and ``max``."""
        options = ctx.slot.options
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            return f"I need a number for {label_of(ctx)}. How many is it?"
        step = options.get("step", 0.5 if options.get("unit") in _HALVES else 1)
        low, high = options.get("min"), options.get("max")
        if (low is not None and value < low) or (high is not None and value > high):
            if low is not None and high is not None:
                bounds = f"between {number_words(low)} and {number_words(high)}"
            else:
                bounds = (
                    (f"at least {number_words(low)}")
                    if low is not None
                    else f"at most {number_words(high or 0)}"
                )
            return f"I heard {number_words(value)}, but it must be {bounds}. Which number is it?"
        if tidy(value / step) != int(value / step):
            return f"I heard {number_words(value)}, but I need a whole number. Which one is it?"
        return None

    def say(self, value: Any, ctx: SlotContext) -> str:
        """In words."""
        return number_words(value) if isinstance(value, int | float) else str(value)

    def show(self, value: Any, ctx: SlotContext) -> str:
        """In digits."""
        return f"{value:,}" if isinstance(value, int | float) else str(value)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Small numbers, which are hard to hear by themselves ("two" is "see you"), and what is counted."""
        unit = str(ctx.slot.options.get("unit") or "")
        small = ("one", "two", "three", "four", "five")
        return (*small, *(w for w in (unit, "just me" if unit == "people" else "") if w))


TYPE = Integer()
