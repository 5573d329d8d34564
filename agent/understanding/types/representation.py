"""Whether another agent represents the caller; canonical value: no, yes, exclusive or unsure (C29).

"Yes" alone does not say whether the agreement is an exclusive one, and that decides whether we go on
at all, so it is asked once more (``options.exclusive``: the question).
"""

from __future__ import annotations

import re

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.numbers import fold
from agent.understanding.polarity import polarity
from agent.understanding.types.choice import ChoiceType

_EXCLUSIVE = re.compile(
    r"\bexclusiv\w*|\bsigned\b|\bunder (a |an )?(written |signed )?(contract|agreement)\b"
    r"|\b(buyer|listing|agency|agent|representation)('?s)? (agency |representation )?agreement\b|\bcommitted to\b"
)
_DENIED = re.compile(r"\b(no|not|haven'?t|never|nothing|isn'?t|without|didn'?t|wasn'?t|hasn'?t|don'?t)\b")
_HAS = re.compile(
    r"\b(i|we)(?: already| still| do| actually| kind of)?('ve| have|'ve got| got|'re working with| are working with|'m working with| am working with| work with)"
    r" (already )?(an?|our|my|our own|my own) (\w+ )?(agent|realtor|broker)\b|\b(my|our) (agent|realtor|broker)\b(?! (is|was) (no|gone))"
    r"|\bexclusive (buyer'?s? )?(\w+ )?(agreement|contract)\b|\brepresented by (?!you|your)|\bsigned .{0,30}\bwith (an|another|some|our|my|a) (\w+ ){0,3}(agent|realtor|broker)\b"
    r"|\b(working|work|signed( up)?|under contract) with (an|another|some|our|my) (\w+ ){0,3}(agent|realtor|broker)\b"
)
_DIALECT = re.compile(
    r"\b(?:ain['’]?t|no|don['’]?t) (?:got|have) (?:no|any|an)?(?= ?agent)|\bno have(?= agent)", re.I
)
_LOOSE = re.compile(
    r"\b(loosely|not (really )?(signed|committed|exclusive)|nothing (signed|in writing)|sort of|kind of|no contract)\b"
)
_NOBODY = re.compile(
    r"\b(not|n't|haven't been) (really |currently |yet )?(working|work|signed|represented)( up)? (with|by) (any(body|one)|an? (agent|realtor|broker))\b"
    r"|\brepresent(ing)? (myself|ourselves)\b|\b(unrepresented|(working|looking|searching|doing (this|it)) on (my|our) own)\b"
)
_NONE = re.compile(
    r"\b(don'?t|do not|haven'?t|have no|without|no) (yet )?(have |got |an |a |any )*(agent|realtor|broker)\b"
)
_ALONE = re.compile(
    r"(?:(?:no|nope|nah|it'?s|i'?m|we'?re|flying|just|only|going)[ ,]*)*(?:us|me|solo|alone)\b(?: so far)?"
)
"""What answers the question and says nothing of it elsewhere ("just us")."""
_OUT = re.compile(
    r"\b(expired|ran out|fired|ended|(?:is|was|it'?s|that'?s|all) over|used to|no longer|not anymore|let (him|her|them) go)\b"
)


class RepresentationType(ChoiceType):
    """No agent, an agent, or an exclusive agreement with one."""

    name = "representation"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The state of things; a question when an agent was named but no word said on how firm it is."""
        # a dialect's no is a no: everybody is asked the same questions (C25)
        text = _DIALECT.sub("don't have an", text)
        plain = fold(text).replace("’", "'")
        if _OUT.search(plain):
            return Reading(value="no", confidence=0.8)
        if ctx.partial == "agent":
            return self._second(text, plain, ctx)
        told = self._told(plain)
        if told is not None:
            return told
        reading = super().parse(text, ctx)
        if reading is not None and reading.value == "yes" and not _LOOSE.search(plain):
            return self._ask(ctx)
        if reading is not None and reading.value == "exclusive" and _DENIED.search(plain):
            return Reading(value="yes" if _HAS.search(plain) else "no", confidence=0.8)
        return reading

    def _second(self, text: str, plain: str, ctx: SlotContext) -> Reading | None:
        sign = polarity(text)
        if sign == "no" or _LOOSE.search(plain) or (_EXCLUSIVE.search(plain) and _DENIED.search(plain)):
            return Reading(value="yes")
        if sign == "yes" or _EXCLUSIVE.search(plain):
            return Reading(value="exclusive")
        return Reading(value="yes", confidence=0.7) if sign == "unsure" else super().parse(text, ctx)

    def _told(self, plain: str) -> Reading | None:
        """What a sentence says outright."""
        if _NONE.search(plain) or _ALONE.fullmatch(plain.strip(" .,!")):
            return Reading(value="no", confidence=0.9)
        if _EXCLUSIVE.search(plain):
            if not _DENIED.search(plain):
                return Reading(value="exclusive")
            return Reading(
                value="yes" if _HAS.search(plain) or _LOOSE.search(plain) else "no", confidence=0.8
            )
        return None

    def _ask(self, ctx: SlotContext) -> Reading:
        question = str(ctx.slot.options.get("exclusive") or "")
        return Reading(ask=question, partial="agent") if question else Reading(value="yes")

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """An agent of their own, spoken of in passing."""
        plain = fold(text).replace("’", "'")
        if _OUT.search(plain):
            return None
        if _NONE.search(plain) or _NOBODY.search(plain):
            return Reading(value="no", confidence=0.9)
        if not _HAS.search(plain):
            return None
        told = self._told(plain)
        if told is not None:
            return told
        return Reading(value="yes", confidence=0.8) if _LOOSE.search(plain) else self._ask(ctx)


TYPE = RepresentationType()
