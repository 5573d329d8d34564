"""A home of the office's by the short name callers give it (A047): its street without the number ("ivy
court", "the maple st apartment"), its kind ("the triplex"), what it has ("the house with the pool").

Only what is spoken of as one certain home is looked for; a street near theirs, or a home of their own,
is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from policies import knowledge as policy
from policies import remarks
from stores import listings
from stores.db import Session

_SUFFIXES = {
    "lane": "ln", "drive": "dr", "street": "st|str", "road": "rd", "court": "ct|crt", "avenue": "ave?",
    "way": "wy", "place": "pl", "boulevard": "blvd", "circle": "cir", "terrace": "terr?", "trail": "trl",
    "parkway": "pkwy", "square": "sq", "loop": "lp", "highway": "hwy",
}  # fmt: skip
_SUFFIX = "|".join(f"{long}|{short}" for long, short in _SUFFIXES.items())
_PLEX = r"duplex|tri-?plex|four-?plex|quad-?plex|multi[- ]?family"
_KIND = (
    r"house|home|place|property|listing|one|apartments?|apt|flat|condo|unit|rental|town ?(?:house|home)"
    rf"|{_PLEX}|building"
)
_ANY_KIND = frozenset({"home", "place", "property", "listing", "one", "unit", "rental", "building"})
_PARTS = re.compile(
    rf"^\d+\w?\s+(?:(?:[nsew]|north|south|east|west)\.?\s+)?(?P<name>[^,#]+?)(?:\s+(?P<suffix>{_SUFFIX})\.?)?"
    r"(?:\s*(?:,|#|\b(?:apt|unit|ste|suite)\b).*)?$",
    re.IGNORECASE,
)
_DEFINITE = r"\b(?:the|that|this|your|ur)\s+(?:\w+\s+)?"
_WITH = re.compile(
    rf"{_DEFINITE}(?P<kind>{_KIND})\s+(?:with|w/|that has|having)\s*(?:the |a |an )?(?P<has>\w+(?: \w+)?)",
    re.IGNORECASE,
)
_PLEX_ONLY = re.compile(rf"{_DEFINITE}(?P<kind>{_PLEX})\b", re.IGNORECASE)
_NOT_IT = re.compile(
    r"(?:\b(?:my|our|his|her|their|near|nearby|close to|next to|off|by|from|across|around|past"
    r"|live[sd]? (?:on|at|in)"
    r"|living (?:on|at|in)|own|owns|work (?:on|at))\s+(?:\w+\s+){0,1}|\b(?:my"
    r"|our) (?:\w+ ){1,4}(?:on|at|is|in)\s+"
    r"|\d\s+(?:[nsew]\.?\s+|(?:north|south|east|west)\s+)?)$",
    re.IGNORECASE,
)
"""What stands before the name of a street when no home of ours is meant; a number: another house."""
_NOT_WANTED = re.compile(
    r"\b(?:not|n't|instead of|rather than|other than|forget|except|never ?mind|skip),? (?:\w+ ){0,3}$",
    re.IGNORECASE,
)
"""What stands before a home that is named to be left out ("not interested in", "forget")."""
_OWN = re.compile(
    r"\b(?:sell|selling|list|listing) (?:my|our|the|a)\b|\b(?:my|our) (?:house|home|condo|place)\b", re.I
)
_ASKED_OF = (
    r"(?=\s*(?:[?,.!]|$)|\s+(?:still|available|open|pending|sold|gone|taken|listed|under|off|on|have|has"
    r"|come|allow|take|include|get|got)\b)"
)
"""What follows the name of a street alone when its home is asked about ("is larkspur still available")."""
_COMMON = frozenset(
    [
        "main",
        "park",
        "river",
        "lake",
        "high",
        "view",
        "hill",
        "church",
        "school",
        "market",
        "spring",
        "union",
        "center",
        "first",
        "second",
        "third",
        "home",
        "king",
        "queen",
        "garden",
        "forest",
        "valley",
        "ridge",
        "summit",
        "meadow",
        "grand",
    ]
)
"""Names of streets that are words of all days: nobody means the street who says no more."""
_NO_NAMES = frozenset(
    [
        "the",
        "and",
        "you",
        "have",
        "can",
        "see",
        "house",
        "home",
        "what",
        "for",
        "with",
        "that",
        "this",
        "one",
        "are",
        "any",
        "there",
        "about",
        "does",
        "like",
        "want",
        "would",
    ]
)
MOST = 60
"""Rows that are looked at of one utterance."""


def other_kind_of_street(address: str, street: Sequence[str]) -> bool:
    """Whether an address and a street that was named ("elm", "street") are of two kinds (street, court)."""
    parts = _PARTS.match(address.strip())
    own = _spellings(parts["suffix"] or "") if parts is not None else ""
    named = {kind for word in street if (kind := _spellings(word))}
    return bool(own and named) and own not in named


def _spellings(word: str) -> str:
    """A pattern of how that kind of street is written ("lane|ln"); "" for a word that is none."""
    kinds = (f"{long}|{short}" for long, short in _SUFFIXES.items())
    return next((kind for kind in kinds if re.fullmatch(kind, word.lower())), "")


async def meant(session: Session, question: str) -> Sequence[listings.Listing]:
    """The listings on offer that one short name may mean: one, several (to be asked which), or none."""
    if _OWN.search(question):
        return []
    words = [w for w in re.findall(r"[^\W\d_]{3,}", question.lower()) if w not in _NO_NAMES]
    if not words:
        return []
    rows = await listings.listings_by_street(session, words[:40], limit=MOST)
    named = [row for row in rows if _named(row, question)]
    if named:
        return _of_kind(named, question)
    return await _with_feature(session, question) or await _only_one(session, question)


def _named(row: listings.Listing, question: str) -> bool:
    """Whether the street of a listing is said so that the listing is meant."""
    parts = _PARTS.match(row.address.strip())
    if parts is None:
        return False
    name = r"\s+".join(re.escape(w) for w in parts["name"].split())
    suffixes = _spellings(parts["suffix"] or "")
    said = [rf"\b{name}\s+(?:{suffixes})\b"] if suffixes else []
    said.append(rf"{_DEFINITE}?(?<!\w){name}\s+(?:{_KIND})\b(?<!\bplace)")
    common = parts["name"].lower() in _COMMON | {(row.city or "").lower()}
    if not common:
        alone = rf"(?!\s+(?:{_SUFFIX}|county|park|school|area|neighborhood)\b)"
        said.append(rf"\b(?:on|at|of|about|see|tour|visit|for|meant?)\s+(?:the\s+)?{name}\b{alone}")
        said.append(rf"\b(?:is|was|did|does|has|how'?s|much is)\s+(?:the\s+)?{name}\b{_ASKED_OF}")
    for pattern in said:
        for found in re.finditer(pattern, question, re.IGNORECASE):
            before = question[: found.start()]
            if not _NOT_IT.search(before) and not left_out(before):
                return True
    return False


def left_out(before: str) -> bool:
    """Whether a home is named, behind these words, as one that is not meant ("not interested in ...")."""
    return _NOT_WANTED.search(before) is not None


_HOUSE = re.compile(
    rf"(?<![\w$.,-])(\d{{1,6}}\s+(?:[nsew]\.?\s+)?(?:[a-z][a-z'.-]*\s+){{1,3}}?(?:{_SUFFIX}))\b\.?(?!\s+(?:bed|bath))",
    re.IGNORECASE,
)


def house_named(words: str) -> str:
    """The first house that is named by number and street ("640 Poplar Street"); "" for none."""
    found = _HOUSE.search(words)
    return " ".join(w if w.isupper() else w.capitalize() for w in found[1].split()) if found else ""


def _of_kind(rows: Sequence[listings.Listing], question: str) -> Sequence[listings.Listing]:
    """Of several, those of the kind that is said, where one is."""
    kinds = {
        policy.property_type(k)
        for k in re.findall(rf"\b(?:{_KIND})\b", question, re.I)
        if k.lower() not in _ANY_KIND
    }
    return [row for row in rows if row.type in kinds] or rows if len(rows) > 1 else rows


async def _with_feature(session: Session, question: str) -> Sequence[listings.Listing]:
    """ "The house with the pool"."""
    found = _WITH.search(question)
    if found is None:
        return []
    kind = None if found["kind"].lower() in _ANY_KIND | {"house"} else policy.property_type(found["kind"])
    has, _ = policy.neutral_features([found["has"]])
    rows, _count = await listings.search_listings(session, listings.Search(type=kind), limit=MOST)
    for words in ([*has], [w for h in has for w in h.split()[:1]]):
        named = [row for row in rows if words and all(has_feature(row, w) for w in words)]
        if named:
            return named[:4]
    return []


def has_feature(row: listings.Listing, word: str) -> bool:
    """Whether a listing names something it has among its features or in its text."""
    return any(word in feature.lower() for feature in row.features) or remarks.has(row.remarks, word)


async def _only_one(session: Session, question: str) -> Sequence[listings.Listing]:
    """ "The triplex", where there is one such home only."""
    found = _PLEX_ONLY.search(question)
    if found is None:
        return []
    rows, count = await listings.search_listings(session, listings.Search(type="multi_family"), limit=2)
    return rows if count == 1 else []
