"""Free text: a message, a greeting, a reason. Canonical value: the words, tidied.

Options: ``max`` or ``max_length`` (characters, default 500); ``min`` (characters); ``none`` (false:
"nothing" is kept as text); ``contains`` (a fact whose text must stand in it, the business name in a
greeting, A045).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.cues import cue_span
from agent.understanding.digits import keyed
from agent.understanding.fillers import strip_fillers
from agent.understanding.matching import plain
from agent.understanding.numbers import fold
from agent.understanding.placeholders import is_placeholder
from agent.understanding.polarity import polarity
from agent.understanding.simple import SimpleType, correction, label_of

_MAX = 500
_CARRIER = re.compile(
    r"^(?:(?:please |just )?(?:tell (?:them|him|her)|say|pass on|let (?:them|him|her) know|make it(?: say)?|"
    r"it should say|have it say|call (?:it|her|him)|name (?:it|her|him)|the (?:message|greeting|name) is)"
    r"[\s,:]+(?:that |simply )?)",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(?:no|nope|none|nothing|not really|nah|no thanks?|no thank you|nothing (?:else|special|really|"
    r"comes to mind)|"
    r"that'?s (?:it|all)|no pets|no animals|not that i know(?: of)?)[.! ]*",
    re.IGNORECASE,
)


_OTHER_FACTS = re.compile(
    r"\b(?:bed ?rooms?|beds?|bath ?rooms?|baths?|house|home|apartment|condo|place|townhouse|agent|"
    r"person|human|minute|"
    r"moment|second|question|quote|loan|call|month|weeks?|dollars|thousand|million)\b"
)
_REPLACE = (
    re.compile(
        r"\b(?:replace|swap|change)\s+(?P<old>.+?)\s+(?:with|to|for|by)\s+(?P<new>.+)$", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:say|use|put|write|make it)\s+(?P<new>.+?)\s+(?:instead of|rather than|"
        r"not)\s+(?P<old>.+)$",
        re.IGNORECASE,
    ),
    re.compile(r"\binstead of\s+(?P<old>.+?),?\s+(?:say|use|put|write)\s+(?P<new>.+)$", re.IGNORECASE),
)


class Text(SimpleType):
    """Anything that can be said."""

    name = "text"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The words as they came, without fillers in front."""
        if keyed(text) is not None:
            return None
        if polarity(text) == "unsure":
            return None
        said = text.strip()
        if _NOTHING.fullmatch(strip_fillers(said)) and ctx.slot.options.get("none") is not False:
            # "no" to "anything else?" is an answer: there is nothing
            return Reading(value="none") if self.check("none", ctx) is None else None
        body = _CARRIER.sub("", strip_fillers(said)).strip(" ,\"'“”")
        if not re.search(r"\w", body):
            return None
        problem = self.check(body, ctx)
        return Reading(problem=problem) if problem else Reading(value=_tidy(body), confidence=0.9)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Only behind a cue of the slot, up to the end of that sentence."""
        found = cue_span(text, ctx.slot.cues)
        if found is None:
            return None
        start, end = found
        keep_cue = not re.search(
            r"\b(?:is|be|say|it|her|him|with|because|has|have|a|an)$", text[:end].lower()
        )
        tail = re.split(
            r"[.;!?](?:\s|$)|,?\s+and (?:my|i'm|we're|the)\b", text[start if keep_cue else end :]
        )[0]
        body = tail.strip(" ,:\"'")
        if len(body.split()) < (2 if keep_cue else 1) or is_placeholder(body):
            return None
        if keep_cue is False and _OTHER_FACTS.search(fold(body)):
            return None  # "I need a two bedroom house in Oak Park" is for other slots
        return Reading(value=_tidy(body), confidence=0.75) if self.check(body, ctx) is None else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Said again, as a whole, or one part put for another ("say homes instead of houses")."""
        if isinstance(ctx.current, str) and (changed := _replaced(ctx.current, text)):
            problem = self.check(changed, ctx)
            return Reading(problem=problem) if problem else Reading(value=changed, confidence=0.9)
        said = correction(text)
        if not said or polarity(said) is not None:
            return None
        return self.parse(said, ctx)

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Not empty, not a placeholder, not too long."""
        if not isinstance(value, str) or not value.strip():
            return f"I need the {label_of(ctx)} in a few words."
        limit = _limit(ctx)
        if len(value) > limit:
            return f"That's a bit long. Please keep the {label_of(ctx)} under {limit} characters."
        if value.strip().lower() not in ("none", "none.") and is_placeholder(value):
            return f"I need the real {label_of(ctx)}, in a few words."
        if len(value.strip()) < int(ctx.slot.options.get("min", 0)):
            return f"That's a bit short for the {label_of(ctx)}. Please say a little more."
        wanted = ctx.facts.get(str(ctx.slot.options.get("contains", "")))
        if isinstance(wanted, str) and wanted and plain(wanted) not in plain(value):
            return f"The {label_of(ctx)} must have the name {wanted} in it. Please say it with the name."
        return None

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Nothing can be expected."""
        return ()


def _limit(ctx: SlotContext) -> int:
    given = ctx.slot.options.get("max", ctx.slot.options.get("max_length", _MAX))
    return int(given)


def _replaced(current: str, text: str) -> str | None:
    """The current text with one part of it put for another; None when the words ask for no such change."""
    for pattern in _REPLACE:
        match = pattern.search(text)
        if match is None:
            continue
        old, new = (match[k].strip(" .,!?\"'“”") for k in ("old", "new"))
        found = re.search(rf"(?<!\w){re.escape(old)}(?!\w)", current, re.IGNORECASE) if old else None
        if found and new:
            return current[: found.start()] + new + current[found.end() :]
    return None


def _tidy(text: str) -> str:
    joined = re.sub(r"\s+", " ", text).strip(" ,")
    return joined[:1].upper() + joined[1:]


TYPE = Text()
