"""A person's name: the first name as heard, the surname as spelled; never "corrected" from a list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rapidfuzz import fuzz

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.code_words import letters_put_right
from agent.understanding.corrections import fix_characters, last_version, resolve_fix, strip_no
from agent.understanding.digits import keyed
from agent.understanding.fillers import clip, leftover, strip_opening
from agent.understanding.introductions import (
    LATER,
    is_initial,
    join_name,
    name_words,
    without_letters,
    without_own_spelling,
)
from agent.understanding.letters import read_back
from agent.understanding.names import (
    PARTICLES,
    SUFFIXES,
    Item,
    cased,
    namelike,
)
from agent.understanding.passing import known_first, no_name
from agent.understanding.placeholders import is_placeholder
from agent.understanding.polarity import polarity
from agent.understanding.spelling import mend_letters
from agent.understanding.wordlists import word_list
from flows.schema import Confirm

_BOTH = re.compile(
    r"\b(?:first|given) named?\s*(?:is|'s|:|,)?\s+(?P<first>.+?)[\s,.;]+(?:and\s+)?(?:(?:my|"
    r"the)\s+)?(?:last|family|sur) ?named?\s*(?:is|'s|:|,)?\s+(?P<last>.+)$",
    re.IGNORECASE,
)
_LAST_FIRST = re.compile(
    r"\b(?:last|family|sur) ?named?\s*(?:is|'s|:|,)?\s+(?P<last>.+?)[\s,.;]+(?:and\s+)?(?:(?:my|"
    r"the)\s+)?(?:first|given) named?\s*(?:is|'s|:|,)?\s+(?P<first>.+)$",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"^(?:(?:it's|no|and|but|with|my|the|that)[\s,]+)*(?P<which>first|given|last|family|"
    r"sur)[\s-]?name\s*(?:is|should be|'s|:|,)?\s+(?:actually\s+)?(?P<value>.+)$",
    re.IGNORECASE,
)
_AS_HEARD = re.compile(
    r"^(?:just )?(?:like it sounds|as it sounds|the (?:usual|normal|regular|common) way|"
    r"the way it sounds|like that|(?:yes|yeah)[\s,.]*.*)[\s.!]*$",
    re.I,
)
_LIMIT = re.compile(r"\b(?:max|min)\.? \$?\d", re.I)
"""A price's limit: "max 2100" is nobody's name."""
_WHEN = re.compile(
    r"\W*(?:(?:next|this|on|maybe|the) )*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|tomorrow|today|tonight|mornings?|afternoons?"
    r"|evenings?|weekends?|noon|anytime|whenever|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|ma[nñ]ana)"
    r"(?:[ ,]+(?:at|around|in|the|or|and|por|la|early|late|morning|afternoon|evening|night|noon|tarde|ma[nñ]ana|\w+day))*\W*",
    re.IGNORECASE,
)
"""A time, and nobody's name ("Tuesday afternoon")."""
_WRITTEN = re.compile(r"^(?=.{1,60}$)[^\W\d_]+(?:[\s.'’,-]+[^\W\d_]+)*\.?$")
_PAIR = re.compile(
    r"(?:(?:we're|we are|this is|it's) )?(?P<first>[A-Z][\w'’-]+) and [A-Z][\w'’-]+ (?P<last>[A-Z][\w'’-]+)"
)
"""Two people of one name ("Jenna and Paul Whitfield")."""
_STATES = frozenset(
    [
        "happy",
        "sorry",
        "sure",
        "glad",
        "fine",
        "good",
        "great",
        "ready",
        "done",
        "here",
        "there",
        "busy",
        "interested",
        "curious",
        "lost",
        "back",
        "new",
        "serious",
        "excited",
        "afraid",
        "open",
        "flexible",
        "available",
        "free",
        "late",
        "sick",
        "tired",
        "broke",
        "single",
        "married",
        "pregnant",
        "disabled",
        "retired",
        "local",
        "moving",
        "calling",
        "looking",
        "not",
        "just",
        "still",
        "also",
        "about",
        "actually",
        "really",
        "very",
        "so",
        "okay",
        "cool",
        "nice",
        "perfect",
        "urgent",
        "important",
    ]
)
"""What somebody is, not who ("I'm Happy")."""
_GOES_ON = re.compile(
    r"\s*(?:$|[,.;!?–—-]|(?:and|here|calling|speaking|again|i|i'm|from|with)\b)", re.IGNORECASE
)
"""What follows a name that stands alone; "I'm Looking at" and "this is Denver Water" go on otherwise."""
_SPOT = re.compile(
    r"(?:^|[\s,.;!?])(?P<cue>my (?:full )?name is|my name's|the name is|name's|this is|i'm|i’m|i am|it's|it’s|"
    r"call me|you're speaking with)\s+(?P<name>[^\W\d_].*)$",
    re.IGNORECASE | re.DOTALL,
)


class PersonName:
    """Canonical value: ``{"first", "last", "display", "spelled"}``.

    ``spelled`` tells whether the surname was given letter by letter. ``options.parts`` is "full" (default),
    "any" (a first name will do) or "first". ``options.last`` with "any": the question that asks for the
    surname, once; whatever the answer is, it is not asked again. On the phone the surname is spelled back.
    """

    name = "person_name"
    patience: Patience = "spelled"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """A name with or without its spelling; ``ask`` for the surname when only a first name was said."""
        text = letters_put_right(clip(text))
        if keyed(text) is not None:
            return None
        if _WHEN.fullmatch(text) or _LIMIT.search(text):
            return None
        if is_placeholder(strip_opening(text)) and re.search(r"\w", text):
            return Reading(problem="I need a real name here. What is your first and last name?")
        partial: Mapping[str, Any] = ctx.partial if isinstance(ctx.partial, dict) else {}
        if (bare := without_own_spelling(text)) != text:
            told = self.parse(bare, ctx)
            if told is not None and isinstance(told.value, dict):
                return replace(told, value={**told.value, "spelled": True}, confidence=0.95)
            return told
        if (pair := _PAIR.fullmatch(text.strip(" .!"))) is not None and ctx.slot.options.get(
            "parts"
        ) == "any":
            return self._value(pair["first"].title(), pair["last"].title(), False, confidence=0.8)
        if partial.get("will_do"):
            return self._completed(text, ctx, partial)
        pending = self._pending_fix(text, partial)
        if pending:
            return pending
        said = last_version(text)
        if said:
            again = self.parse(said[1], ctx)
            before = self.parse(said[0], ctx)
            if again and again.value:
                return again
            if before and isinstance(before.value, dict):
                mended = self._mend(before.value, said[1])
                if mended and mended.value:
                    return mended
        if (labelled := self._labelled(text, ctx)) is not None:
            return labelled
        one = _ONE.match(strip_no(text))
        if one:
            words, rest = name_words(one["value"])
            if one["which"].lower() in ("last", "family", "sur") and not partial.get("first") and words:
                return Reading(
                    ask="And your first name?",
                    partial={"last": join_name(words)[0], "spelled": join_name(words)[1]},
                )
            if words:
                return self._split(words, rest, ctx, partial)
        if partial.get("first") and partial.get("last") and _AS_HEARD.match(text.strip()):
            return self._value(str(partial["first"]), str(partial["last"]), False)
        words, rest = name_words(text)
        if not words:
            return None
        return self._split(words, rest, ctx, partial, text)

    def _completed(self, text: str, ctx: SlotContext, partial: Mapping[str, Any]) -> Reading:
        """The surname that was asked for; words that hold none leave the first name as it is."""
        first = {"first": partial["first"], "spelled": bool(partial.get("spelled"))}
        reading = None
        if polarity(text) is None:
            reading = self.parse(text, replace(ctx, partial=first))
        if reading is not None and isinstance(reading.value, dict) and reading.value["last"]:
            same = reading.value["last"].lower() == str(first["first"]).lower()
            if not same:
                return reading
        return self._value(str(first["first"]), "", bool(first["spelled"]), text, confidence=0.8)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A name that was announced ("my name is ...", "this is ... speaking"), capitalised, first and last."""
        text = clip(text)
        match = _SPOT.search(text)
        if not match:
            return self._labelled(letters_put_right(text), ctx)
        strong = match["cue"].lower().endswith(("name is", "name's", "call me", "speaking with"))
        words, rest = name_words(match["name"])
        if not words or any(w.bad for w in words) or len(words) > 4:
            return None
        heard = [w.text for w in words]
        firm = any(w.lower().strip(".") in word_list("org_words") | word_list("roles") for w in heard)
        capitals = all(
            w[:1].isupper() or w.lower() in PARTICLES or words[i].spelled for i, w in enumerate(heard)
        )
        following = match["name"][words[-1].end :] if words else ""
        if not strong and any(no_name(w) for w in heard[not known_first(heard[0]) :]):
            return None
        if match["cue"].lower() in ("it's", "it’s") and re.match(r"\s+\w", following):
            return None  # "it's Big Sur again"
        if (
            firm
            or not capitals
            or (len(words) < 2 and not strong and not _first_alone(words[0].text, following, ctx))
            or re.match(r"\s+(?:realty|homes|group|team|prop)", following, re.I)
        ):
            return None
        reading = self._split(words, rest, ctx, {})
        before = text[: match.start("cue")]
        if reading and reading.value:
            return replace(
                reading, confidence=min(reading.confidence, 0.8), rest=leftover(f"{before} {rest}")
            )
        return reading if reading and reading.ask else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """One part again, spelled or said, or one letter: "no, Lopes with an S", "it's N as in Nancy"."""
        text = letters_put_right(clip(text))
        if not isinstance(ctx.current, dict) or keyed(text) is not None:
            return None
        partial: Mapping[str, Any] = ctx.partial if isinstance(ctx.partial, dict) else {}
        pending = self._pending_fix(text, partial)
        reading = pending or self._labelled(text, ctx) or self._mend(ctx.current, text)
        if reading is not None and reading.value == ctx.current and (said := without_letters(text)) != text:
            # these letters were denied as they were heard ("Brooks, D-R-O-O-K-S"): the word beside them is left
            by_ear = self._labelled(said, ctx) or self._mend(ctx.current, said)
            if (
                by_ear is not None
                and by_ear.value
                and self.show(by_ear.value, ctx) != self.show(ctx.current, ctx)
            ):
                return by_ear
        return reading

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """First and last name in letters; no placeholders."""
        if not isinstance(value, dict) or not isinstance(value.get("first"), str):
            return "I need a first and a last name."
        first, last = value["first"].strip(), str(value.get("last") or "").strip()
        if not first or (not last and ctx.slot.options.get("parts", "full") == "full"):
            return "I need a first and a last name."
        for part in filter(None, (first, last)):
            if not _WRITTEN.match(part):
                return "A name is made of letters only. Please give it once more."
        if is_placeholder(first) or (last and is_placeholder(last)):
            return "I need a real name here."
        return None

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "Maria Lopez, L-O-P, E-Z": the surname is spelled where it has to be confirmed."""
        shown = self.show(value, ctx)
        last = str(value.get("last", "")) if isinstance(value, dict) else ""
        if not last or ctx.slot.confirm in (Confirm.NONE, Confirm.IMPLICIT):
            return shown
        surname = re.sub(r"\s*(?:Jr\.|Sr\.|II|III|IV|Esq\.|PhD|MD)$", "", last)
        return f"{shown}, last name {read_back(surname.replace(' ', ''), as_in=ctx.fails > 0)}"

    def show(self, value: Any, ctx: SlotContext) -> str:
        """The display name."""
        if not isinstance(value, dict):
            return str(value)
        return str(value.get("display") or f"{value.get('first', '')} {value.get('last', '')}").strip()

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Nothing but the carrier: biasing towards names would be correcting from a list."""
        return ["my name is", "spelled", "as in"]

    # -- building ----------------------------------------------------------------------------------

    def _value(
        self,
        first: str,
        last: str,
        spelled: bool,
        rest: str = "",
        display: str = "",
        confidence: float = 0.85,
    ) -> Reading:
        if is_placeholder(first) or (last and is_placeholder(last)):
            return Reading(problem="I need a real name here. What is your first and last name?")
        if not all(_WRITTEN.match(part) for part in (first, last or first)):
            return Reading(problem="A name is made of letters only. What is your first and last name?")
        shown = display or f"{first} {last}".strip()
        value = {"first": first, "last": last, "display": shown, "spelled": spelled}
        return Reading(value=value, confidence=confidence, rest=rest)

    def _labelled(self, text: str, ctx: SlotContext) -> Reading | None:
        """ "First name Nora, N as in Nancy ..., last name Finn": both parts by what they are called."""
        for pattern in (_BOTH, _LAST_FIRST):
            if (both := pattern.search(text)) is not None:
                first, last = name_words(both["first"])[0], name_words(LATER.sub("", both["last"]))[0]
                if first and last:
                    return self._made(first, last, ctx)
        return None

    def _made(self, first: list[Item], last: list[Item], ctx: SlotContext, rest: str = "") -> Reading:
        if any(w.bad for w in last):
            return Reading(
                ask="I didn't catch your last name. How is it spelled?",
                partial={"first": join_name(first)[0]},
            )
        surname, spelled = join_name(last)
        given = join_name(first)[0]
        short = join_name([w for w in first if not is_initial(w)])[0] or given
        return self._value(
            short, surname, spelled, rest, f"{given} {surname}".strip(), 0.95 if spelled else 0.8
        )

    def _split(
        self, words: list[Item], rest: str, ctx: SlotContext, partial: Mapping[str, Any], text: str = ""
    ) -> Reading | None:
        """First and last name out of the words of a name, together with what is known already."""
        known_first, known_last = str(partial.get("first", "")), str(partial.get("last", ""))
        good = [w for w in words if not w.bad]
        if not good:
            return (
                Reading(ask="I didn't catch that. How is your last name spelled?", partial=dict(partial))
                if known_first
                else None
            )
        if known_last and not known_first:
            return self._value(join_name(good)[0], known_last, bool(partial.get("spelled")), rest)
        if known_first:
            again = (
                len(words) > 1
                and not words[0].spelled
                and cased(words[0].text).lower() == known_first.split()[0].lower()
            )
            if any(w.bad for w in words):
                return Reading(
                    ask="I didn't catch that. How is your last name spelled?", partial=dict(partial)
                )
            last, spelled = join_name(words[1:] if again else words)
            return self._value(known_first, last, spelled, rest, confidence=0.95 if spelled else 0.8)
        if len(good) > 6:
            return None
        if words[-1].bad and len(words) > 1:
            return Reading(
                ask="I didn't catch your last name. How is it spelled?", partial={"first": join_name(good)[0]}
            )
        at = next(
            (i for i, w in enumerate(good) if i and w.text.lower() in PARTICLES and i < len(good) - 1),
            len(good) - 1,
        )
        tail = 1 if good[-1].text.lower().strip(".") in SUFFIXES and len(good) > 2 else 0
        at = min(at, len(good) - 1 - tail)
        if len(good) == 1 and re.match(
            r"\W*(?:mr|mrs|ms|miss|mister|missus|dr|doctor)\b", strip_opening(text), re.I
        ):
            return Reading(
                ask="And your first name?", partial={"last": join_name(good)[0], "spelled": good[0].spelled}
            )
        if len(good) == 1:
            first, spelled = join_name(good)
            if is_placeholder(first):
                return Reading(problem="I need a real name here. What is your first and last name?")
            if ctx.slot.options.get("parts", "full") in ("any", "first"):
                made = self._value(first, "", spelled, rest, confidence=0.8)
                question = str(ctx.slot.options.get("last") or "")
                if question and made.value:
                    half = {"first": first, "spelled": spelled, "will_do": True}
                    return replace(made, ask=question, partial=half)
                return made
            return Reading(
                ask="And your last name? Please spell it for me.", partial={"first": first}, rest=rest
            )
        return self._made(good[:at], good[at:], ctx, rest)

    # -- corrections -------------------------------------------------------------------------------

    def _pending_fix(self, text: str, partial: Mapping[str, Any]) -> Reading | None:
        of = partial.get("of")
        if "fix" not in partial or not isinstance(of, dict):
            return None
        fixed = resolve_fix(
            str(of.get("last", "")), str(partial["fix"]), tuple(partial.get("places", ())), text
        )
        return self._value(str(of.get("first", "")), fixed, True) if fixed else None

    def _mend(self, current: Mapping[str, Any], text: str) -> Reading | None:
        first, last = str(current.get("first", "")), str(current.get("last", ""))
        said = strip_no(text)
        if not said:
            return None
        one = _ONE.match(said)
        if one:
            is_last = one["which"].lower() in ("last", "family", "sur")
            fixed = fix_characters(last if is_last else first, one["value"])
            words = [w for w in name_words(one["value"])[0] if not w.bad]
            new = fixed.value if fixed and fixed.value else join_name(words)[0] if words else ""
            if not new:
                ask = "How is the last name spelled?" if is_last else "What is the first name?"
                return Reading(ask=ask, partial={"first": first} if is_last else {"last": last})
            spelled = (
                bool(fixed and fixed.value)
                or any(w.spelled for w in words)
                or bool(current.get("spelled") and not is_last)
            )
            return self._value(first, new, spelled) if is_last else self._value(new, last, spelled)
        named = re.match(r"^(?P<name>[^\W\d_][\w'’-]+)[\s,]+(?P<how>(?:but\s+)?with\s.+)$", said)
        if named and namelike(named["name"]) and not fix_characters(last, said):
            base = cased(named["name"])
            fixed = fix_characters(base, named["how"])
            new = fixed.value if fixed and fixed.value else base
            return self._nearer(new, first, last, True, current)
        fixed = fix_characters(last, text) if last else None
        if fixed and fixed.value and fixed.value != last:
            return self._value(first, fixed.value, True)
        other = fix_characters(first, text)
        if other and other.value and other.value != first and not (fixed and fixed.places):
            return self._value(other.value, last, bool(current.get("spelled")))
        if fixed and fixed.char:
            partial = {"fix": fixed.char, "places": list(fixed.places), "of": dict(current)}
            return Reading(ask=fixed.question(last), partial=partial)
        words, rest = name_words(said)
        if not words or any(w.bad for w in words):
            return None
        if len(words) == 1:
            new = join_name(words)[0]
            if words[0].spelled:  # what is corrected must change, misheard letters need not
                mended = mend_letters(last.lower(), new.lower(), words[0].firm)
                new = cased(mended, spelled=True) if mended not in (last.lower(), new.lower()) else new
            return self._nearer(new, first, last, words[0].spelled, current)
        joined = join_name(words)[0]
        if fuzz.ratio(joined.lower(), last.lower()) >= 70 and " " in last:
            return self._value(first, joined, any(w.spelled for w in words))
        at = next((i for i, w in enumerate(words) if i and w.text.lower() in PARTICLES), len(words) - 1)
        given, (surname, spelled) = join_name(words[:at])[0], join_name(words[at:])
        return self._value(given, surname, spelled, rest)

    def _nearer(self, new: str, first: str, last: str, spelled: bool, current: Mapping[str, Any]) -> Reading:
        """One new word stands for the part of the name it resembles more; when in doubt the surname."""
        near_first, near_last = (fuzz.ratio(new.lower(), part.lower()) for part in (first, last))
        if near_first > near_last:
            return self._value(new, last, bool(current.get("spelled")), confidence=0.75)
        return self._value(first, new, spelled, confidence=0.75)


def _first_alone(word: str, following: str, ctx: SlotContext) -> bool:
    """Whether a first name alone introduces somebody ("this is Maria, I ...", "I'm Tom and ...")."""
    low = word.lower()
    return (
        low not in word_list("everyday") | _STATES
        and len(low) > 2
        and _GOES_ON.match(following) is not None
        and not re.search(r"(ing|ed)$", low)
    )


TYPE = PersonName()
