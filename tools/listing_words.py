"""A listing in words: a sentence or two of what it is, what it costs, and what is asked about it (C22)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from policies import knowledge as policy
from policies import listing_facts, remarks
from stores.listings import Listing

STANDING = {
    "active": "is on the market",
    "coming_soon": "is coming soon",
    "pending": "is under contract",
    "closed": "has been sold",
}
FIRST = frozenset({"status", "price", "size", "beds", "baths"})
"""Topics that the first sentence about a listing answers already."""
_TELL_MORE = re.compile(
    r"\b(?:tell me|more (?:about|on|info)|describe|about|details?|what(?:'s| is) .{0,20}like)\b",
    re.IGNORECASE,
)
_ASKS_MORE = re.compile(
    r"\b(?:what|how|which|who|is|are|does|do|has|can|could|will|was)\b.*\?"
    r"|^\W*(?:what|how|does|is there|are there|has)\b",
    re.IGNORECASE,
)
_OF_ANY_HOME = policy.content_words(
    "tell more about know price cost asking available still sale rent see tour view visit show showing time "
    "home house place apartment condo unit listing property one this that look interested please hi hello "
    "open sold pending taken schedule book appointment when today tomorrow like info information details "
    "market active gone good"
)
"""Words of a question that the first sentence about a listing answers, or that wish to see it."""
_TO_RENT, _TO_BUY = re.compile(r"\b(?:rent|lease)\b", re.I), re.compile(r"\b(?:sale|buy)\b", re.I)


def source_of(row: Listing) -> str:
    """Where a listing's facts come from, with the day they were last right."""
    when = row.modified_at or row.updated_at
    return f"MLS listing {row.mls_id}, updated {when:%B} {when.day}"


def describe(row: Listing, question: str = "") -> str:
    """A listing's facts in a sentence; its own remarks only when more is asked for, and only what is safe."""
    status = _standing(row, question)
    price = _at_price(row)
    facts = [
        f"{row.beds} bedroom{'s' if row.beds != 1 else ''}" if row.beds else "",
        f"{row.baths:g} bath{'s' if row.baths != 1 else ''}" if row.baths else "",
        f"{row.size:,} square feet" if row.size else "",
    ]
    said = joined([f for f in facts if f])
    where = f"{row.address} in {row.city}" if row.city else row.address
    first = f"{where} {status}{price}{f', with {said}' if said else ''}."
    more = _asked_feature(row, question)
    if not more and _TELL_MORE.search(question):
        more = policy.spoken_remarks(row.remarks, most=1)
    return f"{first} {more}".strip()


def with_asked(row: Listing, question: str) -> str:
    """A listing in a sentence, and what it has of what a search asked for ("anything with a pool")."""
    more = [
        said
        for topic in listing_facts.asked_about(question)
        if topic not in FIRST and (said := remarks.said_in_text(topic, row.remarks))
    ]
    first = describe(row, question)
    return " ".join([first, *(m for m in more if m not in first)])


def without_hoa(row: Listing) -> bool:
    """Whether a listing says that no homeowners association is to be paid."""
    listed = row.details.get("hoa_fee") == 0 or any("no hoa" in f.lower() for f in row.features)
    return listed or remarks.lacks_hoa(row.remarks)


def _standing(row: Listing, question: str = "") -> str:
    """Whether it is for sale or let, or no longer; said outright to who took it for the other."""
    if row.status != "active" or not row.price:
        return STANDING[row.status]
    (words, same), (others, other) = ("rent", _TO_RENT), ("sale", _TO_BUY)
    if not policy.is_let(row.price):
        (words, same), (others, other) = (others, other), (words, same)
    mistaken = other.search(question) and not same.search(question)
    return f"is for {words}, not for {others}," if mistaken else f"is for {words}"


def _at_price(row: Listing) -> str:
    if not row.price or row.status not in ("active", "coming_soon"):
        return ""
    return f" at ${row.price:,}{' a month' if policy.is_let(row.price) else ''}"


def _asked_feature(row: Listing, question: str) -> str:
    """ "It has a garage", when that was asked and is listed. A feature that is not listed is not denied."""
    asked = policy.content_words(question)
    named = [f for f in row.features if policy.content_words(f) & asked and policy.speakable(f)]
    return f"Its listed features include {joined(named)}." if named else ""


def joined(parts: Sequence[str]) -> str:
    """ "a, b and c"; "" for nothing."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def asks_besides(row: Listing, question: str) -> str:
    """The words of a question about a listing that its first sentence does not answer; "" for none."""
    if _TELL_MORE.search(question) or not _ASKS_MORE.search(question):
        return ""
    home = " ".join(filter(None, (row.address, row.city, row.state, row.zip, row.neighborhood, row.mls_id)))
    return " ".join(sorted(policy.content_words(question) - policy.content_words(home) - _OF_ANY_HOME))


def details_of(row: Listing) -> dict[str, Any]:
    """All that may be asked of a listing, by the fields of policies.listing_facts."""
    priced = row.price and row.status in ("active", "coming_soon")
    return {
        **row.details,
        "size": row.size,
        "beds": row.beds,
        "baths": f"{row.baths:g}" if row.baths else None,
        "asking": _at_price(row).removeprefix(" at ") if priced else None,
        "standing": _standing(row),
    }


def speakable(features: Sequence[str]) -> list[str]:
    """The features that may be said."""
    return [f for f in features if policy.speakable(f)]
