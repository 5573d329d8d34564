"""What a listing's own text says of a matter: the clause that speaks of it, as it stands (A047, C22).

The text is somebody else's: a sentence of which any part may not be spoken is not quoted at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from policies.knowledge import content_words, speakable
from policies.listing_facts import listing_facts
from policies.scrub import scrub

LONGEST = 120
"""Characters of a clause that is quoted."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|[\n;]+")
_CLAUSE = re.compile(r",\s+(?:and\s+)?|\s+[-–—]\s+")
_DENIED = re.compile(r"\b(?:no|not|without|never|isn'?t|aren'?t)\b", re.IGNORECASE)
_NO_PETS = re.compile(r"\b(?:no|sorry,? no) (?:pets|dogs|cats|animals)\b", re.IGNORECASE)
"""Said to nobody unasked; who asks about pets is told, as where it stands in a field."""
_BY_NAME = frozenset({"breed"})
"""Topics of which a clause must speak itself: "small dogs welcome" says nothing of a pit bull."""
_IN_FIELDS = frozenset({"status", "price", "size", "beds", "baths", "open_house"})
"""Topics that only fields answer: a text may be older than they are."""


def _clauses(remarks: str | None) -> Iterator[str]:
    for sentence in _SENTENCE.split(" ".join((remarks or "").split())):
        words = _NO_PETS.sub(" ", sentence)
        if words and scrub(words) == words.strip() and speakable(words):
            yield from (c for part in _CLAUSE.split(sentence) if 0 < len(c := part.strip(" .!")) <= LONGEST)


@cache
def _of_topic(topic: str) -> re.Pattern[str]:
    known = listing_facts().topics[topic]
    named = (rf"\b(?:{w})" for w in known.features)
    return re.compile("|".join(named if topic in _BY_NAME else (*known.asked, *named)), re.IGNORECASE)


def said_in_text(topic: str, remarks: str | None) -> str:
    """A sentence with what the text says of a topic of ``policies.listing_facts``; else ""."""
    if topic in _IN_FIELDS:
        return ""
    found = [c for c in _clauses(remarks) if _of_topic(topic).search(c)]
    return f"The listing says: {', '.join(found[:2])}." if found else ""


def said_of_words(question: str, remarks: str | None, besides: str) -> str:
    """A sentence with what the text says in the words of a question that is of no topic; else "".

    ``besides``: words that name the home itself."""
    asked = content_words(question) - content_words(besides)
    found = [c for c in _clauses(remarks) if content_words(c) & asked]
    return f"The listing says: {', '.join(found[:2])}." if found else ""


def has(remarks: str | None, word: str) -> bool:
    """Whether the text names a feature ("pool") and does not deny it."""
    named = re.compile(rf"\b{re.escape(word)}s?\b", re.IGNORECASE)
    return any(named.search(c) and not _DENIED.search(c) for c in _clauses(remarks))


def lacks_hoa(remarks: str | None) -> bool:
    """Whether the text says that there is no homeowners association."""
    return any(_of_topic("hoa").search(c) and _DENIED.search(c) for c in _clauses(remarks))
