"""A yes or no; canonical value: a JSON boolean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.matching import exact_matches
from agent.understanding.numbers import cut, fold
from agent.understanding.polarity import bare, polarity, split_polarity
from agent.understanding.sentences import sentences
from agent.understanding.simple import SimpleType
from policies.phrases import find

_TRUE = {"yes", "true", "on", "1"}
_FALSE = {"no", "false", "off", "0"}
_SUBJECT = r"(?:i|we|they|he|she|it|there|that|my \w+|our \w+)"
_VERB = (
    r"(?:am|are|is|was|were|have|has|had|do|does|did|can|could|will|would|got|allow|want|need|use|"
    r"offer|accept|think we|'m|'re|'s|'ve|'d|'ll)"
)
_STATEMENT = re.compile(
    rf"(?:(?:um|uh|well|so|oh|and|but|actually|currently|right now),? )*{_SUBJECT}(?: (?:already|"
    rf"also|still|do|really|just))*\s?{_VERB}(?:n't|\b)"
)
_DENIAL = re.compile(
    r"n't\b|\b(?:not|no|never|none|nobody|nothing|without|neither|don t|haven t|isn t|cannot|won t)\b"
)
_ASKING = re.compile(
    r"\?\s*$|^(?:um,? |so,? |and |but )*(?:what|when|where|who|how|why|which|is|are|do|does|did|can|"
    r"could|would|will|should|have|has)\b"
)
_REQUEST = re.compile(
    r"^(?:um,? |so,? |and )*(?:can|could|would|will) (?:you|i|we) (?:please )?(?:find|get|show|look|"
    r"search|have|give|see|book)"
)
_OTHER_BUSINESS = re.compile(
    r"\b(?:question|speak|talk|person|human|help|repeat|back|hold on|email|number)\b"
)
_NEGATED_BEFORE = re.compile(
    r"(?:\b(?:not?|never|without|hate|neither|nor|avoid)|n't|\bdon t)(?: (?:a|an|any|the|have|has|"
    r"own|want|need|use|using|got|be|care about|"
    r"interested in|looking for|really|currently|yet|my|our|to|with|working|under|allow|accept))*\s*$"
)
_NEGATED_AFTER = re.compile(r"^\s*(?:(?:is|are|was|were|do|does)(?:n't| not)|not|no|won't|aren't|isn't)\b")


def _clauses(text: str) -> list[tuple[int, int]]:
    """Spans between sentence marks and contrasting words."""
    spans, at = [], 0
    for mark in re.finditer(r"(?<!\d)[.;!?](?!\d)|,|\bbut\b|\band\b", fold(text)):
        spans.append((at, mark.end()))
        at = mark.end()
    return [*spans, (at, len(text))]


_LEADING = re.compile(
    r"\W*(?:(?:oh|well|um+|uh+|so|goodness|heavens|god|lord|gosh|honestly|hell|what|gee|i told you|like i said|as i said)[\s,.!?]+)*"
    r"(?P<word>yes|yeah|yep|yup|sure|no|nope|nah|never)\b(?! idea| preference| clue|(?P<fine> problem| worries| objections?))"
)
"""The answer before other words ("No dear", "Goodness no, nobody has it")."""
_TRAILING = re.compile(r"(?<=\w)[ ,]+(yeah|yes|yep|yup|sure|no|nope|nah)[\s.!]*$")
"""The answer at the end of a sentence ("probably a small condo yeah")."""


_RESERVED = re.compile(
    r"\b(?:first|before|lawyers?|attorneys?|counsel|legal team|(?:need|have|want|like|got) to (?:read|see|check|look|review|think|ask)|haven'?t (?:read|seen)"
    r"|not (?:yet|read)|if |unless|provided|depends?|under protest)\b",
    re.IGNORECASE,
)


_POSTPONED = re.compile(
    r"\b(?:once|until|till|tomorrow|tonight|later|next (?:week|month|year)|soon|when (?:we|i|my|our|the))\b",
    re.IGNORECASE,
)
"""A yes for another day, in the same sentence."""


class YesNo(SimpleType):
    """True or false.

    Choices with the values "yes" and "no" may add words of their own ("under contract", "listed").
    ``options.plainly``: a yes with a reservation ("our lawyers have to read it first, but go on") is none, and
    this is asked. ``options.agrees``: what agrees in words of the question (``agent.understanding.signs``).
    ``options.unsure`` (true or false) is what "not sure" means here; without it the caller is asked to
    lean one way once. ``options.states`` and ``options.denies``: phrases (``policies.phrases``) of what
    says so, or the contrary, in a sentence; with them the cues are not looked for.
    """

    name = "yes_no"
    patience: Patience = "short"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """Agreement words first, then the slot's own words, then a plain statement ("we have one")."""
        said, rest = split_polarity(text)
        plainly = bool(ctx.slot.options.get("plainly"))
        if plainly and (_RESERVED.search(text) or (said != "no" and _POSTPONED.search(sentences(text)[-1]))):
            return (
                Reading(ask=f"Take your time. I need a plain yes for that. {ctx.slot.options['plainly']}")
                if said != "no"
                else Reading(value=False)
            )
        if any(re.fullmatch(str(p), bare(text), re.IGNORECASE) for p in ctx.slot.options.get("agrees", ())):
            return Reading(value=True)  # "no changes", to "keep those?"
        if ctx.slot.options.get("states") and (stated := self._stated(text, fold(text), ctx)) is not None:
            return stated  # "no, it expired", "yes, but we took it off": what is so counts
        if said in {"yes", "no"}:
            return Reading(value=said == "yes", rest=rest)
        own = self._own_words(text, ctx)
        if own is not None:
            return own
        if said == "unsure":
            if isinstance(unsure := ctx.slot.options.get("unsure"), bool):
                return Reading(value=unsure, confidence=0.7, rest=rest)
            return (
                None
                if ctx.partial == "unsure"
                else Reading(ask="That's fine. Which way do you lean, yes or no?", partial="unsure")
            )
        for start, end in reversed(_clauses(text)):
            last = polarity(text[start:end])
            if last in {"yes", "no"} and not _ASKING.search(fold(text[:start]).strip()):
                return Reading(value=last == "yes", confidence=0.8, rest=text[:start].strip(" ,.;"))
        if (head := _LEADING.match(fold(text))) is not None and not _ASKING.search(fold(text)):
            agreed = head["word"] not in ("no", "nope", "nah", "not", "never") or head["fine"] is not None
            return Reading(value=agreed, confidence=0.75, rest=text[head.end() :])
        if (tail := _TRAILING.search(fold(text))) is not None and not _ASKING.search(fold(text)):
            return Reading(
                value=tail.group(1) not in ("no", "nope", "nah"), confidence=0.75, rest=text[: tail.start()]
            )
        folded = fold(text).strip()
        typed = folded.strip(" .!")
        if typed in _TRUE | _FALSE:
            return Reading(value=typed in _TRUE)
        found = self.spot(text, ctx)
        if found is not None:
            return found
        if (
            not plainly
            and _STATEMENT.match(folded)
            and not _ASKING.search(folded)
            and not _OTHER_BUSINESS.search(folded)
            and len(folded) <= 90
        ):
            return Reading(value=not _DENIAL.search(folded), confidence=0.65)
        return None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A cue of the slot in a statement; a negation before or after it makes it false.

        Questions ("are pets allowed?") state nothing, unless they ask us to find something.
        """
        own = self._own_words(text, ctx) if ctx.slot.choices else None
        if own is not None:
            return own
        folded = fold(text)
        if ctx.slot.options.get("states"):
            return self._stated(text, folded, ctx)
        for cue in sorted(ctx.slot.cues, key=len, reverse=True):
            for match in re.finditer(rf"(?<!\w){re.escape(fold(cue))}(?!\w)", folded):
                sentence = max(folded.rfind(mark, 0, match.start()) for mark in ".?!;") + 1
                stop = min(
                    (p for p in (folded.find(m, match.end()) for m in ".?!;") if p >= 0),
                    default=len(folded) - 1,
                )
                whole = folded[sentence : stop + 1].strip()
                if _ASKING.search(whole) and not _REQUEST.match(whole):
                    continue
                denied = _NEGATED_BEFORE.search(folded[sentence : match.start()]) or _NEGATED_AFTER.match(
                    folded[match.end() :]
                )
                return Reading(value=not denied, confidence=0.85, rest=cut(text, [match.span()]))
        return None

    def _stated(self, text: str, folded: str, ctx: SlotContext) -> Reading | None:
        """What the slot's own patterns say; the contrary goes first ("our listing has expired")."""
        for option, value in (("denies", False), ("states", True)):
            if (found := find(ctx.slot.options.get(option, ()), folded)) is not None:
                return Reading(value=value, confidence=0.85, rest=cut(text, [found.span()]))
        return None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Only a stated value corrects: a bare "no" says that it is wrong, so the other one holds."""
        said, rest = split_polarity(text)
        if said == "no" and not rest and isinstance(ctx.current, bool):
            return Reading(value=not ctx.current, confidence=0.8)
        found = self.parse(rest or text, ctx)
        return found if found is not None and found.value is not None else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Only true and false."""
        return None if isinstance(value, bool) else "Please answer yes or no."

    def show(self, value: Any, ctx: SlotContext) -> str:
        """The label of the matching choice, else yes or no."""
        wanted = "yes" if value else "no"
        return next((c.label for c in ctx.slot.choices if c.value == wanted), wanted)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Yes, no, and the slot's own words."""
        return ("yes", "no", *(word for choice in ctx.slot.choices for word in choice.also))

    def _own_words(self, text: str, ctx: SlotContext) -> Reading | None:
        choices = [c for c in ctx.slot.choices if c.value in {"yes", "no"}]
        found = [m for m in exact_matches(text, choices) if m.end - m.start > 3]
        if len({m.value for m in found}) != 1:
            return None
        return Reading(
            value=found[0].value == "yes", confidence=0.9, rest=cut(text, [(m.start, m.end) for m in found])
        )


TYPE = YesNo()
