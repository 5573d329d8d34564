"""Which listings somebody names: by MLS number, by house and street, or by the short name of a home."""

from __future__ import annotations

import re

from text_to_num import alpha2digit

from policies import knowledge as policy
from stores import listings
from stores.db import Session
from tools import home_names
from tools.base import ToolContext

_MLS = re.compile(
    r"\bm\.?\s?l\.?\s?s\.?\s*(?:number|no\.?|id|#)?\s*#?\s*([a-z]{0,3}[-\s]?\d[\w-]*)", re.IGNORECASE
)
_ON_STREET = re.compile(
    r"(?<!my )(?<!our )\b(?:one|house|home|place|condo|property|listing|apartment|that) on ((?:[a-z]+ ){1,3}"
    r"(?:lane|drive|street|road|court|avenue|way|place|boulevard|circle|terrace))\b",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"\b(\d{1,6})\s+((?:[a-z][\w'.-]*\s*){1,4})", re.IGNORECASE)


async def listing_named(ctx: ToolContext, words: str) -> listings.Listing | None:
    """The one listing of the speaking tenant that the words name; None for none, or several."""
    async with ctx.db.tenant(ctx.home) as session:
        rows = await on_offer(session, words) or await home_names.meant(session, words)
    return rows[0] if len(rows) == 1 else None


async def on_offer(session: Session, question: str) -> list[listings.Listing]:
    """The listings that words name by number or address and that are not withdrawn, each once."""
    return [row for row in await _listings_meant(session, question) if row.status != "withdrawn"]


async def _listings_meant(session: Session, question: str) -> list[listings.Listing]:
    """The listings a question names by MLS number or address, each once."""
    found = _MLS.search(question)
    if found:
        row = await listings.get_listing(session, re.sub(r"\s+", "", found[1]))
        if row is not None:
            return [row]
    named: dict[str, listings.Listing] = {}
    digits = _digits(question)
    for house in _HOUSE.finditer(digits):
        number, street = house.groups()
        if home_names.left_out(digits[: house.start()]):
            continue
        words = [w.strip(".,?!'").lower() for w in street.split()]
        if words and words[0] not in policy.knowledge().units:
            at = await listings.listings_at(session, number, words)
            rows = [row for row in at if not home_names.other_kind_of_street(row.address, words)]
            if len(rows) == 1:
                named[rows[0].mls_id] = rows[0]
    if not named and (street := _ON_STREET.search(question)):
        on = await listings.listings_on(session, street[1])
        named = {row.mls_id: row for row in on if len(on) == 1}
    return list(named.values())


def _digits(text: str) -> str:
    try:
        return str(alpha2digit(text, "en"))
    except (ValueError, IndexError):
        return text
