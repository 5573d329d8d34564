"""An utterance taken apart into clauses, with or without marks between them.

People who type leave marks and capitals out: "around 450k and im Tom btw whats the hoa". A clause ends at a mark,
before a word that joins ("but", "also", "btw"), before somebody says who they are, and before the opening of a
question. Each clause is then one thing: a question, a wish that is put to us, or something told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from agent.understanding.sentences import asks, subordinate

EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w$.,])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?!\w)")
_THEIRS = re.compile(
    r"(?:\b(?:my|mi|the|our|el|at)\s+)?\b(?:e-?mail(?: address)?|mail|correo(?: electr[oó]nico)?|phone(?: number)?|cell"
    r"|number|mobile|tel[eé]fono|celular|n[uú]mero)\b(?:\s+(?:is|it's|es|at|:))?[\s:,]*(?=\x00)",
    re.IGNORECASE,
)
_ABBREVIATED = r"(?<!\bst)(?<!\bmt)(?<!\bft)(?<!\bdr)(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bave)(?<![\s.][a-z])"
_MARK = re.compile(
    rf"[;!?\n…]+|,(?!\d)|{_ABBREVIATED}\.(?=\s|$)|\.{{2,}}|(?<=\d)\.(?=\s|$)|\s+[-–—]+\s+", re.IGNORECASE
)
_OPENS = (
    r"(?:(?:what|how|who|where|when|which|why)(?:'?s|'?re| is| are| was| do| does| did| can| could| will| would| should)\b(?! (?:up|my|our)\b)"
    r"|how (?:much|many|long|soon|old|big|about|far)\b|what (?:about|time|kind|else)\b"
    r"|(?:is|are) (?:it|they|there(?= \w)|you|u|(?:that|this)(?: one)? (?:still|one|available|house|home|place|unit|apartment|condo))\b|(?:do|does|did) (?:you|u|they|it|he|she|the|i)\b"
    r"|(?:can|could|would|will|may) (?:you|u|i|we|he|she|they|it|someone|somebody|an agent|my)\b|should (?:i|we)\b"
    r"|(?:puede|pueden|podr[ií]an?|me puede|tienen|hay|cu[aá]nto|cu[aá]ndo|qu[eé]|d[oó]nde|c[oó]mo) (?=\w))"
)
_LEADS_ON = re.compile(
    r"(?:\b(?:what|that|this|which|who|where|when|if|how|as|all|so|than|because|whether|whatever|know|sure|see|tell|told"
    r"|said|say|think|guess|like|wonder(?:ing)?|most|best|least|only|they|you|we|i|to|que|si|lo|no|me|sin|con|de)|\W)$",
    re.IGNORECASE,
)
"""After these an auxiliary asks nothing: "what it is", "that will you"."""
_QUESTION = re.compile(rf"(?<=\s){_OPENS}", re.IGNORECASE)
_JOINS = re.compile(
    r"\s+(?:(?:and |but |oh )?(?:also|plus|btw|by the way|además|por cierto)\b|but\b|pero\b|so (?=(?:i|we|what|can|is|do|how)\b))\s*",
    re.IGNORECASE,
)
WHO = (
    r"(?:my (?:full |first )?name(?:'s| is|(?-i:(?= [A-Z]\w+ [A-Z])))|the name(?:'s| is)|name(?:'s| is|:)|call me (?=[A-Z])|me llamo|mi nombre es|soy"
    r"|i'?m|i am|this is|it'?s|you can call me|under the name(?: of)?)"
)
_WHO = re.compile(
    rf"(?<!\bthe)(?<!\bmy)(?<!\bmi)(?<!\bfull)(?<!\bfirst)\s+(?:and |y )?(?={WHO}\s+(?P<name>[^\W\d_][\w'’-]+))",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:(?:can|could|will|would|have|get|need|want|let|please|i'd like|just) (?:you |i |we |a |an |the |some\w* |any\w* |him |her |them |your )*"
    r"(?:just )?(?:listing )?(?:agent |person |manager |human )?(?:please )?(?:to )?(?:call|ring|phone|text|e-?mail|talk|speak)\b"
    r"|^\W*(?:just )?(?:call|text|e-?mail|ring|send) (?:me|it|us)\b|stop (?:asking|calling)|quit asking|are you (?:even )?listening"
    r"|answer (?:me|my)|(?:speak|talk) (?:to|with)|just (?:want|need) (?:a|the|to (?:know|get)) (?:number|price|value|estimate|answer)"
    r"|(?:ll[aá]m[ea]me|puede(?:n)? (?:alguien )?llamar(?:me)?|que me llamen|quiero hablar con))",
    re.IGNORECASE,
)
"""Words to us, and no part of a reason or a condition."""
MOST = 24


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, where it stands in the utterance, and what it is.

    ``asks``: a question; ``wish``: something put to us; else it is told. ``fresh``: it begins a sentence.
    """

    text: str
    start: int
    end: int
    asks: bool = False
    wish: bool = False
    fresh: bool = False

    @property
    def told(self) -> bool:
        """Whether it tells something."""
        return not self.asks and not self.wish


def without_contacts(text: str) -> str:
    """The text with a semicolon for each letter of an address of the net, a telephone number and what
    announces it; all else stays in its place."""

    def hidden(found: re.Match[str]) -> str:
        return "\x00" * len(found.group())

    text = PHONE.sub(hidden, EMAIL.sub(hidden, text))
    return _THEIRS.sub(hidden, text).replace("\x00", ";")


def asked_inside(text: str) -> int | None:
    """Where a question opens within words that tell something; None where none does."""
    for found in _QUESTION.finditer(text):
        before = text[: found.start()].rstrip(" ")
        if before and not _LEADS_ON.search(before):
            return found.start()
    return None


def clauses(text: str, names: frozenset[str] = frozenset()) -> list[Clause]:
    """The clauses of an utterance in their order.

    ``names``: first names in small letters; "im"/"this is" begins a clause in the middle of one only before such
    a name or a capital.
    """
    found: list[Clause] = []
    bare = without_contacts(text)
    at = 0
    for mark in [*_MARK.finditer(bare), None]:
        stop = mark.start() if mark else len(bare)
        parts = _parts(bare, at, stop, names, questioned=mark is not None and "?" in mark.group())
        if parts and re.search(r"[.!?\n]", text[max(0, at - 2) : at]):
            parts[0] = replace(parts[0], fresh=True)
        found += parts
        at = mark.end() if mark else len(bare)
    return found[:MOST]


def _parts(text: str, begin: int, end: int, names: frozenset[str], *, questioned: bool) -> list[Clause]:
    """One piece between marks taken apart where a word joins, somebody is introduced or a question opens."""
    cuts = {begin}
    skip: dict[int, int] = {}
    for joins in _JOINS.finditer(text, begin, end):
        cuts.add(joins.end())
        skip[joins.end()] = joins.start()
    for who in _WHO.finditer(text, begin, end):
        strong = re.match(r"(?:my|the|name|call|me|mi)\b", text[who.end() :], re.IGNORECASE)
        if strong or who["name"].lower() in names or who["name"][:1].isupper():
            cuts.add(who.end())
            skip[who.end()] = who.start()
    for start in sorted(cuts):
        if (opened := asked_inside(text[start:end])) is not None and not any(
            c > start and c <= start + opened for c in cuts
        ):
            cuts.add(start + opened)
    made: list[Clause] = []
    edges = [*sorted(c for c in cuts if c < end), end]
    for start, after in pairwise(edges):
        stop = skip.get(after, after)
        words = text[start:stop]
        inner = words.strip(" \t-:\"'()")
        if not inner:
            continue
        first = start + words.index(inner)
        asked = _QUESTION.match(f" {inner}", 1) is not None and not subordinate(inner)
        made.append(_made(inner, first, asked))
    if made and questioned:
        last = made[-1]
        made[-1] = replace(last, asks=not last.wish)
    return made


def _made(words: str, start: int, asked: bool) -> Clause:
    wish = _WISH.search(words) is not None
    question = not wish and (asked or asks(words))
    return Clause(words, start, start + len(words), asks=question, wish=wish)
