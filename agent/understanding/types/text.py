"""Free text: a message, a greeting, a reason. Canonical value: the words, tidied.

Options: ``max`` (characters, default 500); ``none`` (false: "nothing" is kept as text).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.cues import cue_span
from agent.understanding.digits import keyed
from agent.understanding.fillers import strip_fillers
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
    r"(?:no|nope|none|nothing|not really|nah|no thanks?|no thank you|nothing (?:else|special|really|comes to mind)|"
    r"that'?s (?:it|all)|no pets|no animals|not that i know(?: of)?)[.! ]*",
    re.IGNORECASE,
)


class Text(SimpleType):
    """Anything that can be said."""

    name = "text"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The words as they came, without fillers in front."""
        if keyed(text) is not None:
            return None
        said = text.strip()
        if _NOTHING.fullmatch(strip_fillers(said)) and ctx.slot.options.get("none") is not False:
            # "no" to "anything else?" is an answer: there is nothing
            return Reading(value="none")
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
        keep_cue = not re.search(r"\b(?:is|be|say|it|with|because|has|have)$", text[:end].lower())
        tail = re.split(
            r"[.;!?](?:\s|$)|,?\s+and (?:my|i'm|we're|the)\b", text[start if keep_cue else end :]
        )[0]
        body = tail.strip(" ,:\"'")
        if len(body.split()) < (2 if keep_cue else 1) or is_placeholder(body):
            return None
        limit = int(ctx.slot.options.get("max", _MAX))
        return Reading(value=_tidy(body), confidence=0.75) if len(body) <= limit else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Said again, as a whole."""
        said = correction(text)
        if not said or polarity(said) is not None:
            return None
        return self.parse(said, ctx)

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Not empty, not a placeholder, not too long."""
        if not isinstance(value, str) or not value.strip():
            return f"I need the {label_of(ctx)} in a few words."
        limit = int(ctx.slot.options.get("max", _MAX))
        if len(value) > limit:
            return f"That's a bit long. Please keep the {label_of(ctx)} under {limit} characters."
        if value.strip().lower() not in ("none", "none.") and is_placeholder(value):
            return f"I need the real {label_of(ctx)}, in a few words."
        return None

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Nothing can be expected."""
        return ()


def _tidy(text: str) -> str:
    joined = re.sub(r"\s+", " ", text).strip(" ,")
    return joined[:1].upper() + joined[1:]


TYPE = Text()
