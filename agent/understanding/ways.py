"""What somebody says of each way to reach them: calls, texts, e-mail (C01, C06).

Read clause by clause, so that "no calls please, e-mail me" refuses one way and welcomes another, and "text me, I
never pick up" refuses nothing: that a call would not be answered is no request to be left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

Way = Literal["calls", "texts", "mail"]
Stance = Literal["welcome", "refused"]

_WAYS: Mapping[Way, str] = {
    "calls": r"(?:phone )?call(?:s|ing|ed)?|phon(?:e|ing)(?! number)|ring(?:ing)?|llamadas?|llamen?|llamar(?:me)?",
    "texts": r"text(?:s|ing|ed)?|sms|message(?: me)?|mensajes?",
    "mail": r"(?<!my )(?<!your )(?<!the )e-?mail(?:s|ing)?(?! (?:address )?is)|mail (?:it|me|them)|correo",
}
_WAY = re.compile("|".join(rf"(?P<{way}>\b(?:{words})\b)" for way, words in _WAYS.items()), re.I)
_NO = re.compile(
    r"\b(?:no|not|never|stop|quit|without|hate|instead of|rather than|nor|neither|ni|sin|nunca"
    r"|(?:do|does|is|are|would|will|ca|wo)n'?t|dont|cant|cannot|wont|isnt|rather you not)\b",
    re.I,
)
_OUT_OF_REACH = re.compile(
    r"\b(?:never|(?:do|ca|wo)n'?t|dont|cant|cannot|wont|not) (?:\w+ ){0,3}?(?:pick|answer|take|talk|be on|get to)\b"
    r"|\bbad (?:at|with)\b",
    re.I,
)
"""A call would not be answered."""
_GOOD = re.compile(
    r"\b(?:fine|best|better|good|great|ok|okay|works?|easier|easiest|prefer\w*|perfect|cool|alright|please|just|only"
    r"|yes|yea|yeah|yep|sure|rather|instead|use|by|via|bien|mejor|puede|solo)\b",
    re.I,
)
_TO_ME = re.compile(r"\W*(?:me|us|it|that|them|or|and|instead)\b|\W*$", re.I)
_SENT = re.compile(r"\b(?:send|shoot|drop|write|get)\b", re.I)
_CLAUSE = re.compile(
    r"[,.;!?]+\s*|\s+(?:but|tho|though|so|because|cuz|since|lol|pero)\s+"
    r"|\s+and (?=(?:no|not|don'?t|please|just|you)\b)|\s+(?=just (?:text|call|e-?mail)\b)",
    re.I,
)
_ONLY = re.compile(r"\b(?:only|just|solo|s[oó]lo)\b", re.I)
_REACH = 6
"""Words within which a no belongs to the way that follows it ..."""
_BEHIND = 4
"""... and to the one before it ("calls are no good")."""


def stances(text: str) -> dict[Way, Stance]:
    """What is said of each way; a way of which nothing is said, or both, is missing."""
    found: dict[Way, set[Stance]] = {}
    for clause, asked in _clauses(text.replace("\u2019", "'")):
        for way, stance in _of_clause(clause, asked=asked):
            found.setdefault(way, set()).add(stance)
    return {way: held.pop() for way, held in found.items() if len(held) == 1}


def limit(text: str) -> str:
    """How somebody would be reached who is asked about calls and texts: ``both``, ``calls_only`` or ``texts_only``
    where the other is refused, ``calls_first`` or ``texts_first`` where it is not, ``mail_only``; "" for none."""
    said = stances(text)
    calls, texts, mail = said.get("calls"), said.get("texts"), said.get("mail")
    if calls == texts == "welcome":
        return "both"
    if "welcome" in (calls, texts):
        one, other = ("calls", texts) if calls == "welcome" else ("texts", calls)
        return f"{one}_{'only' if other == 'refused' or _ONLY.search(text) else 'first'}"
    return "mail_only" if mail == "welcome" and "refused" in (calls, texts) else ""


def _clauses(text: str) -> Iterator[tuple[str, bool]]:
    """Each clause, and whether it ends as a question."""
    at = 0
    for mark in [*_CLAUSE.finditer(text), None]:
        stop = mark.start() if mark else len(text)
        if text[at:stop].strip():
            yield text[at:stop], mark is not None and "?" in mark.group()
        at = mark.end() if mark else stop


def _of_clause(clause: str, *, asked: bool) -> Iterator[tuple[Way, Stance]]:
    named = list(_WAY.finditer(clause))
    if not named or _OUT_OF_REACH.search(clause):
        return
    against = _refused(clause, named)
    for n, found in enumerate(named):
        way: Way = next(w for w in _WAYS if found[w])
        if n in against and not (asked and way == "mail"):
            yield way, "refused"
        elif asked or _is_welcome(clause, found):
            yield way, "welcome"  # "so no email?" asks for one


def _refused(clause: str, named: list[re.Match[str]]) -> set[int]:
    """Which of the ways a no in the clause is about: those that follow it closely, else the one before."""
    against: set[int] = set()
    for no in _NO.finditer(clause):
        behind = [n for n, way in enumerate(named) if way.start() >= no.end()]
        near = [n for n in behind if len(clause[no.end() : named[n].start()].split()) < _REACH]
        before = [n for n, way in enumerate(named) if way.end() <= no.start()]
        if near:
            against |= set(near)
        elif before and len(clause[named[before[-1]].end() : no.start()].split()) < _BEHIND:
            against.add(before[-1])
    return against


def _is_welcome(clause: str, way: re.Match[str]) -> bool:
    """Whether a way that no one refuses is asked for, or called fine."""
    return bool(
        _GOOD.search(clause) or _SENT.search(clause[: way.start()]) or _TO_ME.match(clause[way.end() :])
    )
