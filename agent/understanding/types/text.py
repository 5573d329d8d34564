"""Free text: a message, a greeting, a reason. Canonical value: the words, tidied.

Options: ``max`` or ``max_length`` (characters, default 500); ``min`` (characters); ``none`` (false:
"nothing" is kept as text); ``contains`` (facts of which one must stand in it, the business name in a
greeting, A045); ``heard`` (phrases of what such words look like in the middle of a sentence,
in the notation of ``policies.phrases``); ``span`` (true: how long something lasts, so words
that name no length, like "I sleep during the day", are no answer); ``told`` (true: a bare "yes" tells
nothing and is no answer).
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
from agent.understanding.polarity import polarity, split_polarity
from agent.understanding.simple import SimpleType, correction, label_of
from policies.greetings import says_name
from policies.phrases import find

_MAX = 500
_CARRIER = re.compile(
    r"^(?:(?:please |just |no,? )*(?:(?:the|my|our|your) (?:\w+ ){0,2}?(?:message|greeting|name|text|note) (?:should (?:be|say|read)|is to be|has to (?:be|say))|tell (?:them|him|her)|say|pass on|let (?:them|him|her) know|make it(?: say)?|"
    r"it should say|have it say|call (?:it|her|him)|name (?:it|her|him)|the (?:message|greeting|name) is)"
    r"[\s,:]+(?:that |simply )?)",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(?:no|nope|none|nothing|not really|nah|no thanks?|no thank you|nothing (?:else|special|really|"
    r"comes to mind)|"
    r"that'?s (?:it|all)|no pets|no animals|no visit|no (?:visit|tour|appointment|price|reason|pets|animals|return),? (?:thanks?|thank you|please|for now|yet)|nothing else(?: really)?|no,? nothing(?: else)?|that(?:'s| is) all(?: i need)?|not that i know(?: of)?"
    r"|(?:no|nope|nah|none|nothing)(?:[ ,.]+(?:nothing|else|that'?s (?:it|all|everything)|thank(?:s| you)|really|more|i'?m good|all good))+)[.! ]*",
    re.IGNORECASE,
)


_NO_BUT = re.compile(r"^(?:no|nope|nah)[\s,]+(?:but )?(?:just|only)\s+(?=\w+ \w)", re.IGNORECASE)
""" "No, just a yard": a yard is the answer."""
_OTHER_FACTS = re.compile(
    r"\b(?:bed ?rooms?|beds?|bath ?rooms?|baths?|house|home|apartment|condo|place|townhouse|agent|"
    r"person|human|minute|"
    r"moment|second|question|quote|loan|call|month|weeks?|dollars|thousand|million)\b"
)
_LEGAL = frozenset(["llc", "inc", "ltd", "llp", "pllc", "corp", "corporation", "incorporated", "co"])
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


_FAULT = re.compile(
    r"(?:no,? )?(?:(?:the|that|this|it|my|our|your)(?:'s| (?:\w+ ){0,3}(?:is|was|isn'?t|was not|is not))|it|that) ?(?:all |still |completely |totally )?"
    r"(?:wrong|not right|incorrect|right|bad|a mistake|not what i said|no good)[.! ]*|wrong[.! ]*",
    re.IGNORECASE,
)
"""Words about a text, never its wording."""
_UNKNOWN = re.compile(
    r"\W*(?:(?:um+|uh+|well|oh|honestly|i guess|so)[\s,.]+)*(?:you tell me|whatever|no idea|i (?:don'?t|do not) (?:really )?know(?: yet| that)?|dunno|idk"
    r"|not sure(?: yet)?|up to you|doesn'?t matter|who knows|hard to say|can'?t say|just because)\W*",
    re.IGNORECASE,
)
"""Words that say that there is nothing to say."""
_SPAN = re.compile(
    r"\b(?:months?|mos?|years?|yrs?|weeks?|semesters?|terms?|seasons?|summer|winter|spring|fall|long|longer|longest"
    r"|short|shorter|shortest|flexib\w+|permanent\w*|indefinite\w*|until|till|through|standard|usual|normal|typical"
    r"|whatever|either|any|depends|max\w*|min\w*|mes(?:es)?|años?|largo|corto)\b|\d"
    r"|\b(?:one|two|three|four|six|nine|twelve|eighteen)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[.;!?](?:\s|$)|,?\s+and (?:my|i'm|we're|the|i|we|it'?s|i've|we've|our|also|yes|no)\b"
    r"|,\s*(?:and |but |so |then )*(?:i|we|it|they|he|she|you|i'm|we're|it's|i've|we've|i'd|we'd|my|our|but|so|not|no|yes"
    r"|ask(?:ing)?|hop(?:e|ing)|looking|budget|price|under|up to|max\w*|around|about|by|within|in|near|for|cash|pre-?approved"
    r"|needs? to|call|ideally|preferably|asap|from)\b",
    re.IGNORECASE,
)
"""Where the words that follow a cue go over to something else; a list ("a garage, a yard") goes on."""


def _bare_yes(text: str) -> bool:
    sign, rest = split_polarity(text)
    return sign == "yes" and not re.search(r"\w", rest)


class Text(SimpleType):
    """Anything that can be said."""

    name = "text"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The words as they came, without fillers in front."""
        if keyed(text) is not None:
            return None
        if polarity(text) == "unsure" or (ctx.slot.options.get("told") and _bare_yes(text)):
            return None
        said = text.strip()
        if _NOTHING.fullmatch(strip_fillers(said)) and ctx.slot.options.get("none") is not False:
            # "no" to "anything else?" is an answer: there is nothing
            return Reading(value="none") if self.check("none", ctx) is None else None
        if _UNKNOWN.fullmatch(said) and ctx.name != "message":
            return None
        body = _CARRIER.sub("", strip_fillers(_announced(said))).strip(" ,\"'“”")
        body = _NO_BUT.sub("", body)
        if not re.search(r"\w", body) or _FAULT.fullmatch(body):
            return None
        if ctx.slot.options.get("span") and not _SPAN.search(body):
            return None
        problem = self.check(body, ctx)
        return Reading(problem=problem) if problem else Reading(value=_tidy(body), confidence=0.9)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """What looks like it (``options.heard``), else what follows a cue, up to the end of that clause."""
        if (match := find(ctx.slot.options.get("heard", ()), text)) is not None:
            said = (match.group(1) if match.re.groups else match.group()).strip(" ,.;")
            return Reading(value=_tidy(said), confidence=0.75) if self.check(said, ctx) is None else None
        found = cue_span(text, ctx.slot.cues)
        if found is None:
            return None
        start, end = found
        keep_cue = not re.search(
            r"\b(?:is|be|say|it|her|him|with|because|has|have|a|an)$", text[:end].lower()
        )
        tail = _CLAUSE_END.split(text[start if keep_cue else end :])[0]
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
        wanted = [str(name) for name in map(ctx.facts.get, ctx.slot.options.get("contains", ())) if name]
        if wanted and not any(mentions(value, name) or says_name(value, name) for name in wanted):
            return f"The {label_of(ctx)} must have the name {wanted[0]} in it. Please say it with the name."
        return None

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Nothing can be expected."""
        return ()


def _announced(text: str) -> str:
    """What follows a colon, where the words before it only announce it ("I'd like it to say: ...")."""
    head, colon, tail = text.partition(":")
    talks = re.search(
        r"\b(?:say|says|be|read|greeting|message|shorter|longer|simpler|instead|like this|change|make|use|put)\b",
        head,
        re.I,
    )
    return tail.strip() if colon and tail.strip() and talks and len(head.split()) <= 10 else text


def mentions(text: str, name: str) -> bool:
    """Whether a name stands in a text, its legal form ("LLC") and its spacing aside."""
    words = [w for w in plain(name).split() if w not in _LEGAL] or plain(name).split()
    return "".join(words) in plain(text).replace(" ", "")


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
