"""Clauses that stand in an answer of one's own words and are no part of it.

A word about the talk itself ("you didn't answer about the cats"), a wish to see or to know something, a bare "no"
before more words, and, where a length of time is asked for, whatever speaks of none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.understanding.clauses import Clause

_OF_THE_TALK = re.compile(
    r"^\W*(?:(?:but|and|so|huh|what|wait|um+|look|sorry|seriously|again|hello)\W+)*"
    r"(?:(?:you|u|nobody|no one) (?:guys )?(?:still |just |already |never |keep |kept |really )*(?:did ?n[o']?t|have ?n[o']?t|are ?n[o']?t|do ?n[o']?t|never|keep|kept|asked|said|answered|ignor\w+|told|skipped|missed)\b"
    r"|i (?:just |already |did |still )*(?:asked|answered|told|gave)\b(?! (?:him|my|our|the))|(?:i )?(?:already|just) (?:told|said|answered|gave)\b|that'?s not what i\b|(?:huh|seriously|never ?mind|hello)\W*$|stop (?:asking|calling)\b"
    r"|(?:like|as) i said\W*$|(?:did you|do you even|are you even)\b)",
    re.IGNORECASE,
)
_WISHES = re.compile(
    r"^\W*(?:(?:but|and|so|no|yes|ok(?:ay)?|well|really|just|only|mostly|mainly|honestly|actually|i|i'?d|we|we'?d|would|i'?m|we'?re)\W+)*"
    r"(?:want(?:ed)?|wanna|need(?:ed)?|like|love|trying|hoping|asking|curious|here|interested)(?: (?:just|only|mostly|really))* ?(?:to (?:just )?)?"
    r"(?:see (?!if)|tour|view|visit|look at|check out|know (?:about|if|what|when|how|the|whether|more)|find out|ask (?:about|if)|hear about|talk|speak|book|schedule|reschedule|cancel|about (?:the|that|your))",
    re.IGNORECASE,
)
_NO_ALONE = re.compile(
    r"\W*(?:(?:no|nope|nah|none|nothing|not really|not that i know(?: of)?|no thanks?|nothing (?:else|really|special))\W*)+",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\W*(?:(?:oh|ok(?:ay)?|k|well|so|and|but|um+|uh+|yeah|yes|yep|hm+|hi|hello|hey|great|good|cool|nice|awesome|perfect|right|sure|alright|thanks?"
    r"|thank you|honestly|actually|like|just|we|i|we're|i'm|im|it|my|our|the|a)\b\W*)*",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"\b(?:months?|mos?|years?|yrs?|weeks?|days?|long|short|longer|shorter|term|flexible|open|whatever|whichever|any(?:thing)?|either|idk|unsure|not sure"
    r"|depends|standard|normal|usual|permanent\w*|temporar\w*|forever|as (?:long|short)|until|till|through|semester|school|summer|spring|fall|winter|annual|yearly"
    r"|month-to-month|asap|no|none|nope|don'?t|\d+|one|two|three|six|twelve|eighteen|meses|mes|a[nñ]os?|semanas?|largo|corto|flexible)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"\b(?:start\w*|begin\w*|from|as of|mov(?:e|ing)[ -]?in)\b", re.IGNORECASE)
"""A lease that begins on a day is not said to be so long."""
_TIME_LONG = re.compile(
    r"\b(?:months?|mos?|years?|yrs?|weeks?|month-to-month|(?:short|long)(?:er)?[ -]?term|semester|a[nñ]os?|mes(?:es)?)\b",
    re.IGNORECASE,
)


_ROOMS = re.compile(
    r"\b(?:need|want|looking|search\w*|after)\b.*\b(?:\d|one|two|three|four|five)(?: or (?:\d|\w+))?[ -]?(?:bed(?:room)?s?|br|bath(?:room)?s?)\b",
    re.IGNORECASE,
)


def only_filler(words: str) -> bool:
    """Whether words hold nothing but what leads up to something ("Oh ok. well we")."""
    return _FILLER.fullmatch(words) is not None


def answering(parts: Sequence[Clause], name: str) -> list[Clause]:
    """Those of the clauses told that can answer ``name``, a slot for the caller's own words."""
    kept = [p for p in parts if not _OF_THE_TALK.search(p.text) and not _WISHES.search(p.text)]
    if name == "lease_length":
        timed = [p for p in kept if _TIME_LONG.search(p.text)]
        return timed or [p for p in kept if _LENGTH.search(p.text) and not _BEGINS.search(p.text)]
    more = [p for p in kept if not _NO_ALONE.fullmatch(p.text)]
    if name == "animals" and more and len(more) != len(kept):
        return kept  # "no, a cat" may be either
    if name == "motivation":
        more = [p for p in more if not _ROOMS.search(p.text)] or more
    return more or kept[:1]
