"""The caller's name where it is said beside something else ("yes. ellen marsh", "3 beds, im Kurt btw").

A name is known by what announces it, by capitals, or by a first name that many people have
(``data/first_names.txt``, evidence only: what was said is kept, nothing is corrected from the list).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from agent.understanding.base import Reading
from agent.understanding.clauses import WHO, Clause
from agent.understanding.names import PARTICLES, namelike
from agent.understanding.place_names import area_words
from agent.understanding.wordlists import word_list, word_set

if TYPE_CHECKING:
    from agent.understanding.view import View

_LEAD = re.compile(
    r"^\W*(?:(?:yes|yeah|yep|yup|ya|no|nope|ok(?:ay)?|k|sure|hi|hello|hey|yo|oh|well|so|and|again|please|thanks|thank you|right"
    r"|fine|good|great|perfect|correct|exactly|sorry|ugh|omg|lol|that works|works(?: for me)?|sounds good|that'?s (?:right|fine|it)"
    r"|(?:as )?(?:i|like i)(?:'ve| have)? (?:already |just )?(?:told (?:you|u)|said|gave (?:it|you|u)(?: (?:it|that))?|sent it)|told (?:you|u)|again it'?s"
    r"|for|sí|si|hola|claro|bueno|ya (?:le|se lo) dije|gracias)\b[\s,.!:-]*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:[\s,.!-]+(?:by the way|btw|here|speaking|yes|yeah|yep|no|ugh|thanks|thank you|thx|please|ok(?:ay)?|lol|again|calling"
    r"|too|then|omg|duh|sir|ma'?am|gracias|por favor|sí|i said|i told you|like i said|is (?:my|the) name|es mi nombre))+\W*$",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(rf"(?:^|\s)(?P<who>{WHO})\s+(?P<name>[^\W\d_].*)$", re.IGNORECASE)
_STRONG = re.compile(r"(?:my|the|name|call|me|mi|you|under)\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:$|[\s,.]*(?:from|with|at|of|over at|here|calling|speaking|again|btw|and|y|i|i'm|im|we|we're|my|from|looking|moving|wanting"
    r"|needing|interested|trying|hoping|thinking|buying|selling|renting|who|the|in|on|by|by the way|de|del)\b)",
    re.IGNORECASE,
)
"""What follows a first name that stands alone."""
_WITH_FIRM = re.compile(r"^(?:[^\W\d_][\w'’-]*\s+){2}(?:with|from|at|over at|of|here (?:with|from))\s", re.I)
"""Two words that are from somewhere ("greg tanner with mile high realty")."""
_HERE = re.compile(
    r"(?:^|\s)(?P<name>[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,2}) (?:here|speaking|is me)\b", re.IGNORECASE
)
_NO_NAME = word_set(
    "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday morning afternoon evening noon night tonight weekend "
    "weekday christmas street st avenue ave road rd lane ln court ct drive dr boulevard blvd way place "
    "circle creek park ranch heights springs hills ridge valley grove lake city county north south east "
    "west downtown new single family open house real estate good great thank thanks spanish english "
    "american mls hoa fha va usda llc inc two three four five six seven eight nine ten one first second "
    "next this that buyer seller renter landlord tenant investor agent realtor divorce divorced divorcing "
    "retired relocating downsizing moving cash preapproved approved none nothing nobody anytime whenever "
    "flexible alliance max bank water electric energy power plumbing roofing cleaning staging photography "
    "insurance title mortgage media studio studios marketing photos productions lender school church university hospital clinic dental pizza store shop "
    "services supply delivery garage yard basement kitchen pool fireplace bedroom bedrooms bed beds bath "
    "baths bathroom bathrooms condo townhouse townhome apartment duplex loft studio unit rental dog dogs "
    "cat cats pitbull puppy husband wife mom dad mother father brother sister son daughter kids parents "
    "client clients lol omg ugh yes no dear honey sir madam please ready still based interested married "
    "pregnant broke tired sick hot cold warm big small large huge nice cute quiet modern updated "
    "remodeled renovated roof fence deck porch view views tax taxes fee fees price rent budget lease "
    "month months year years week weeks day days hoping wanting asap soon later renta casa apartamento "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes "
    "martes miércoles jueves viernes sábado domingo mañana tarde noche"
)
"""Words that are no part of anybody's name, or so seldom that they are taken for something else."""
_LAST_TOO = word_set(
    "park lake hill banks church new single way lane street dear north west east good price school power waters "
    "fields rivers woods may march august winter summer cash young long short small large"
)
"""Words that are last names behind a first name, in capitals ("Lisa Park")."""
_NO_BARE = frozenset({"address", "organization", "email", "url"})
"""Types of which any two words could be an answer."""
_LISTS = frozenset({"features", "animals", "condition", "special_request", "message"})
"""Answers that list things, of which two words with capitals may be one ("Big Yard")."""
_FIRM_AHEAD = re.compile(
    r"\s+(?:&\s|[A-Z]\w+|realty|homes|group|team|prop\w*|water|electric|plumbing|roofing)"
)


@cache
def first_names() -> frozenset[str]:
    """First names that many people have, without accents too."""
    known = word_list("first_names")
    return known | {plain(name) for name in known}


def plain(word: str) -> str:
    """Lower case, without accents, one kind of apostrophe."""
    decomposed = unicodedata.normalize("NFD", word.lower().replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).strip(".,")


def known_first(word: str) -> bool:
    """Whether a word is a first name that many people have."""
    return plain(word) in first_names()


def first_of(words: Sequence[str]) -> bool:
    """Whether words begin with a first name: one many people have, or one that is a word, too ("Bill Novak")."""
    if known_first(words[0]):
        return True
    return len(words) > 1 and all(map(_capital, words)) and plain(words[0]) in word_list("first_names_too")


def no_name(word: str) -> bool:
    """Whether a word is no part of anybody's name, or so seldom that it is taken for something else."""
    return word.lower().strip(".,") in _NO_NAME


@dataclass(frozen=True, slots=True)
class Named:
    """The caller's name and the words of the utterance that gave it."""

    reading: Reading
    start: int
    end: int


def name_in(parts: Sequence[Clause], view: View, asked: str = "", slot: str = "name") -> Named | None:
    """The speaker's name in one of these clauses; None when none of them holds it for certain.

    ``slot``: where it is kept.
    """
    kind = view.flow.slots[asked].type if asked in view.flow.slots else ""
    told = [n for n, part in enumerate(parts) if not part.asks]
    for n in told:
        if (found := _announced(parts[n].text, view, asked == slot)) is not None:
            words, start, end = found
            at = parts[n].start
            return _named(
                words, at + start, at + end if end < len(parts[n].text) else parts[n].end, view, slot
            )
    order = told
    if asked == slot:
        # "SkyView Media, Ty Cole": the clause with a first name people have
        order = sorted(told, key=lambda n: not known_first(_LEAD.sub("", parts[n].text).split(" ")[0]))
    for n in order:
        body = _TAIL.sub("", _LEAD.sub("", parts[n].text)).strip(" .,")
        here = _HERE.search(parts[n].text)
        words = _bare(here["name"] if here else body, view)
        if not words and (asked == slot or (n == told[0] and _WITH_FIRM.search(body))):
            words = _before_a_firm(body, view)
        full = bool(words) and len(words) > 1 and first_of(words)
        alone = parts[n].fresh or (kind == "address" and all(map(_capital, words)))  # "unit 3B, Marcus Webb"
        sure = full and ((alone and n != told[0]) or (kind == "address" and len(parts) == 1))
        if (
            not words
            or (kind in _NO_BARE and not sure)
            or (asked in ("agent_named", "firm") and n == told[0])
        ):
            continue
        if (
            (held := view.state.peek(slot).value)
            and len(words) > 1
            and plain(words[0]) == plain(str(held["first"]))
        ):
            sure = True  # "tom burke", who is known as Tom
        if asked == slot and n != told[0] and len(words) == 1 and known_first(words[0]):
            sure = True  # "Skyline Drone, Jonas"
        last = n == told[-1] or (told[-2:-1] == [n] and len(parts[told[-1]].text.split()) < 4)
        if sure or _sure(
            words,
            "name" if asked == slot else asked,
            kind,
            last=last,
            first=n == told[0],
            fresh=parts[n].fresh,
        ):
            start = parts[n].start + parts[n].text.index(words[0])
            return _named(
                words, start, parts[n].start + parts[n].text.rindex(words[-1]) + len(words[-1]), view, slot
            )
    return None


def _announced(text: str, view: View, asked: bool) -> tuple[list[str], int, int] | None:
    """The words of a name behind "my name is", "im" or "this is", and where they stand with it."""
    found = _ANNOUNCED.search(text)
    if found is None:
        return None
    said, at = found["name"], found.start("name")
    words = said.split()
    kept = _name_words(words, view)
    if not kept:
        return None
    if known_first(kept[0]) and len(kept) > 1 and not all(map(_capital, kept)) and not known_last(kept[1:]):
        kept = kept[:1]
    end = 0
    for word in kept:
        end = said.index(word, end) + len(word)
    after = said[end:]
    capital = all(_capital(w) for w in kept)
    where = (kept, found.start("who"), at + end)
    if _STRONG.match(found["who"]):
        whole = len(kept) == len(_TAIL.sub("", said).split())
        return where if whole or capital or known_first(kept[0]) or _GOES_ON.match(after) else None
    if capital and _FIRM_AHEAD.match(after):
        return None  # "this is Denver Water", "this is Acme Plumbing"
    if known_first(kept[0]):
        return where if len(kept) > 1 or _GOES_ON.match(after) else None
    if not _GOES_ON.match(after):
        return None
    if capital and (len(kept) > 1 or not re.match(r"it'?s", found["who"], re.IGNORECASE)):
        return where if not kept[0].lower().endswith(("ing", "ed")) else None
    whole = not after.strip(" .,!")
    return where if asked and len(kept) > 1 and whole else None


def known_last(words: Sequence[str]) -> bool:
    """Whether words in small letters behind a first name can be the last one, and no verb."""
    return all(not w.lower().endswith(("ing", "ed", "ly")) and len(w) > 2 for w in words)


def _sure(words: Sequence[str], asked: str, kind: str, *, last: bool, first: bool, fresh: bool) -> bool:
    """Whether a clause that is nothing but these words is a name, where ``asked`` is asked."""
    known = known_first(words[0]) or (asked != "animals" and first_of(words))  # a Jack Russell is a dog
    capital = all(_capital(w) for w in words)
    if asked == "name":
        return len(words) > 1 and (known or capital or len(words) == 2)
    if len(words) > 3:
        return False
    free = kind == "text" or asked in ("areas", "message")
    if len(words) > 1 and asked in _LISTS:
        return known and capital
    if len(words) > 1:
        return (known and (capital or known_last(words[1:]))) or (capital and (not free or (last and fresh)))
    return known and capital and last and not first and asked not in ("areas", "agent_named", "message")


def _capital(word: str) -> bool:
    return word[:1].isupper() or word.lower() in PARTICLES


def _bare(body: str, view: View) -> list[str]:
    """The words of a clause that is nothing but a name; none otherwise. Of a couple, the one named first."""
    words = [w.strip(".,") for w in body.split()]
    if len(words) == 4 and words[1].lower() in ("and", "&", "y") and first_of([words[0], words[3]]):
        words = [words[0], words[3]] if first_of(words[2:]) else words  # "Teresa and Bill Novak"
    kept = _name_words(words, view)
    return kept if len(kept) == len(words) and 0 < len(kept) <= 4 else []


def _before_a_firm(body: str, view: View) -> list[str]:
    """The name in "jen albright re/max alliance": two words before something that is no name."""
    words = body.split()
    kept = _name_words(words, view)
    more = words[len(kept) :]
    return (
        kept
        if len(kept) == 2 and first_of(kept) and more and not re.match(r"\W*[a-z]\W*$", more[0], re.I)
        else []
    )


def _name_words(words: Sequence[str], view: View) -> list[str]:
    """The words at the beginning that can be a person's name."""
    places = {w.lower() for place in view.facts.get("markets") or () for w in str(place).split()}
    shut = (
        _NO_NAME | word_list("org_words") | word_list("roles") | word_list("brands") | area_words("generic")
    )
    kept: list[str] = []
    for raw in words:
        word = raw.strip('.,!()"')
        low = word.lower().replace("’", "'")
        particle = low in PARTICLES and kept
        town = low in places and not (kept and known_first(kept[0]))
        named = len(kept) == 1 and known_first(kept[0]) and low in _LAST_TOO and word[:1].isupper()
        if len(kept) == 4 or not (namelike(word) or particle) or (low in shut and not named) or town:
            break
        if kept and word.islower() and not particle and low in area_words("never"):
            break
        kept.append(word)
        if raw.endswith((",", "!", ";")) or (raw.endswith(".") and len(word) > 2):
            break
    while kept and kept[-1].lower() in PARTICLES:
        kept.pop()
    return kept


def _named(words: Sequence[str], start: int, end: int, view: View, slot: str) -> Named | None:
    cased = [w if w[:1].isupper() or w.lower() in PARTICLES else w[:1].upper() + w[1:] for w in words]
    context = view.context(slot)
    context = replace(context, partial=None) if len(words) > 1 else context
    reading = view.type_of(slot).parse(" ".join(cased), context)
    if reading is None or not (isinstance(reading.value, dict) or (reading.ask and reading.partial)):
        return None
    return Named(replace(reading, confidence=0.8, rest=""), start, end)
