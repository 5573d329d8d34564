"""What a caller has said that somebody has to be told: a message is all of it, wherever it was said (A092).

People do not wait to be asked what to pass on. They say it in the first sentence, beside their name, or after the
question that followed; and a question that only a person can answer is part of it. Left out is what has a place of
its own (who they are, how to reach them) and what only says that there is a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from agent.understanding import remains
from agent.understanding.clauses import clauses
from agent.understanding.commands import find_command
from agent.understanding.firm_spans import firms_in
from agent.understanding.names import namelike
from agent.understanding.passing import first_names, known_first
from agent.understanding.polarity import split_polarity
from agent.understanding.view import View
from agent.understanding.wishes import by_mail_only, no_phone, ways_to_reach
from agent.understanding.wordlists import word_set

_WORD = re.compile(r"[^\W_][\w'’-]*")
LONGEST = 1000
"""Characters of a message."""
ENOUGH = 3
"""Telling words from which it is a message by itself, and not only what it is about."""
_EMPTY = word_set(
    "a an the and or but so then than that this these those there here it its i im ive id ill me my mine we us our ours you "
    "your yours u ur he him his she her hers they them their to of in on at for from with by as is are was were be been am do "
    "does did dont have has had can could may might will would should shall want wanna need like just please also too oh well "
    "um uh hi hello hey yo good morning afternoon evening day thanks thank thx ok okay yes yeah yep no not nope sure right fine "
    "great cool alright sorry what whats who how when where why which about something someone somebody anyone anybody some any "
    "one thing things more else get got let know tell give say said ask asked pass take leave left message messages note word "
    "question questions call calls called calling phone number cell mobile speak talk speaking talking back person human help "
    "agent agents agent's realtor broker office guys client clients existing company firm vendor business landlord tenant owner name "
    "mr mrs ms same again now already think guess actually really out up if here's i'm i've i'd i'll it's that's what's don't "
    "can't won't we're you're he's she's they're there's let's "
    "do for el la los las un una unos de del que y o en con por para mi me se lo le su es soy hola buenos buenas gracias quiero"
)
"""Words that tell nobody anything: function words, courtesies, and what names the errand itself."""
_FIRST_WORDS = re.compile(
    r"^\W*(?:(?:oh|and|also|plus|but|so|well|um+|uh+|ok(?:ay)?|y|también|hi|hello|hey|please)\b\W*)+", re.I
)
_NAMELESS = re.compile(r"^\W*(?:with|from|at|of|over|y|and)\b", re.IGNORECASE)
"""What a name was cut from and cannot stand without it."""
_STREET = re.compile(r"^\W*(?:it'?s |at |the address is )?\d+ \w+", re.IGNORECASE)
_OF_AGENT = re.compile(
    r"\b(?:with|for|to|by|from|through|tell|have|ask|let|agent|realtor|he'?s|she'?s)"
    r" (?P<name>[^\W\d_][\w'’-]+)(?P<last> [A-Z][\w'’-]+)?"
    r"|(?:^|[,.;!?]\s*)(?P<maybe>[^\W\d_][\w'’-]+)(?:,? (?:i think|i believe|maybe|was it|or something)\b)",
    re.IGNORECASE,
)
"""Where the agent they deal with is named."""


def telling(text: str) -> int:
    """How many words of a text tell something."""
    return sum(_tells(w) for w in _WORD.findall(text.lower()))


def telling_words(text: str) -> set[str]:
    """The words of a text that tell something, each once, in small letters."""
    return {w for w in _WORD.findall(text.lower()) if _tells(w)}


def _tells(word: str) -> bool:
    return len(word) > 1 and word not in _EMPTY


def substance(text: str, view: View, *, asked: str = "", answers: Sequence[object] = ()) -> str:
    """The part of an utterance that somebody has to be told; "" where there is none.

    ``asked``: the slot that was asked for; ``answers``: what the same words have told the form. A clause that is
    one of them is left out, and so are who the caller is and how to reach them.
    """
    command = find_command(text)
    if command is not None and command.name != "human":
        return ""
    _, bare = split_polarity(text)
    left = remains.without_person(bare or text, view)
    if _NAMELESS.match(left):
        left = bare or text
    taken = [str(a).lower() for a in answers if isinstance(a, str) and a]
    asked_how = asked in ("consent_contact", "phone")
    kept = [
        c.text
        for c in clauses(left, first_names())
        if not (_is_one_of(c.text, taken) or (asked_how and _says_how(c.text)))
    ]
    if asked == "property_address":
        kept = [c for c in kept if not _STREET.match(c) and len(c.split()) > 2]
    if not any(telling(c) for c in kept) or sum(len(c.split()) for c in kept) < ENOUGH:
        return ""
    whole = left if len(kept) == len(clauses(left, first_names())) else ", ".join(kept)
    return _FIRST_WORDS.sub("", re.sub(r"([.!?;]),", r"\1", whole)).strip(" ,;")


def _says_how(clause: str) -> bool:
    """Whether a clause only says how they may be reached ("text is best")."""
    return ways_to_reach(clause, asked=True) is not None or by_mail_only(clause) or no_phone(clause)


_IT_IS = re.compile(
    r"\b(?:it'?s|name is|name's|it is|called) (?P<name>[^\W\d_][\w'’-]+)(?P<last> [A-Z][\w'’-]+)?", re.I
)


def colleague(text: str, own: str = "", *, asked: bool = False) -> str:
    """The agent a caller speaks of, by name ("just have sarah call me"); "" where none is named.

    ``own``: the caller's own first name; ``asked``: they were asked about the agent, so "it's Tom" is no introduction.
    """
    for found in [*(_IT_IS.finditer(text) if asked else ()), *_OF_AGENT.finditer(text)]:
        first = found["name"] or found.groupdict().get("maybe") or ""
        if known_first(first) and namelike(first) and first.lower() != own.lower():
            last = found["last"] or ""
            return f"{first[:1].upper()}{first[1:]}{last if namelike(last.strip()) else ''}"
    return ""


_COMPANY = re.compile(
    r"\b(?:this is|we are|we're|calling from|(?:i'm|i am|im) (?:with|from)) (?:the )?"
    r"(?P<firm>[^\W\d_][\w'’&-]*(?: (?!(?:we|i|and|calling|about)\b)[\w'’&-]+){1,3})(?=\s*(?:[,.;!?]|$|\s(?:we|i|and|calling|about)\b))",
    re.IGNORECASE,
)


def company(text: str) -> str:
    """The firm or office somebody says they are ("this is Summit County Water, we ..."); "" for none."""
    if firms := firms_in(text):
        return firms[0].text
    found = _COMPANY.search(text)
    words = found["firm"].split() if found else []
    if not words or known_first(words[0]) or words[0].lower() in _EMPTY:
        return ""
    return " ".join(w if w[:1].isupper() else w.capitalize() for w in words)


def is_person(value: str) -> bool:
    """Whether an answer to "which of our agents" is a name, and no sentence."""
    words = re.split(r"\s+(?:at|with|from|in|over at)\s", value)[0].split()
    return 0 < len(words) <= 4 and (len(words) < 3 or any(known_first(w.strip(".,")) for w in words))


def _is_one_of(clause: str, taken: Iterable[str]) -> bool:
    """Whether a clause is an answer that has a place of its own, and little else."""
    said = clause.lower()
    return any(said in value or (value in said and telling(said) <= telling(value) + 1) for value in taken)


def joined(parts: Iterable[str]) -> str:
    """One message of several remarks, none twice."""
    whole = ""
    for part in (p.strip() for p in parts):
        if not part or part.rstrip(" .!").lower() in whole.lower():
            continue
        if whole and whole.rstrip(" .!").lower() in part.lower():
            whole = ""
        end = "" if whole.endswith(("?", "!")) else "."
        whole = f"{whole.rstrip(' .,')}{end} {part[:1].upper()}{part[1:]}" if whole else part
    return (whole[:1].upper() + whole[1:])[:LONGEST]
