"""Listings from an MLS by the RESO Web API (OData 4.01, Data Dictionary 2.0 field names).

Each MLS licence names its own host and token; there is no public endpoint. The filter is built from a fixed
list of fields, so nothing about people can be asked (C20). See ODATA "System Query Options" for the quoting
and the server-driven paging by ``@odata.nextLink``.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from core.errors import SeiketsuError, Unavailable
from integrations.http import Reply

SELECT = (
    "ListingKey", "ListingId", "StandardStatus", "ListPrice", "UnparsedAddress", "StreetNumber", "StreetName",
    "StreetSuffix", "UnitNumber", "City", "StateOrProvince", "PostalCode", "SubdivisionName", "BedroomsTotal",
    "BathroomsTotalInteger", "LivingArea", "PropertyType", "PropertySubType", "ParkingFeatures",
    "InteriorFeatures", "ExteriorFeatures", "PoolFeatures", "AccessibilityFeatures", "PublicRemarks",
    "ModificationTimestamp",
)  # fmt: skip
STATUSES = ("Active", "ActiveUnderContract", "ComingSoon", "Pending")
PAGE_BYTES = 20_000_000
MOST_PAGES = 500
TRIES = 4
_AGAIN = frozenset({429, 500, 502, 503, 504})


class ResoRefused(SeiketsuError):
    """The MLS said no: the token, the licence, or the question."""

    code = "mls_refused"
    status = 502


class Reader(Protocol):
    """integrations.http.Outside."""

    async def get(self, url: str, headers: Mapping[str, str], *, timeout: float, most: int) -> Reply:
        """Read an address."""


@dataclass(frozen=True)
class Feed:
    """One MLS: ``root`` is the service root ("https://host/reso/odata"), ``token`` a bearer token."""

    root: str
    token: str


def literal(value: str | int | float | datetime) -> str:
    """A value as OData writes it: text quoted, a quote in it doubled."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return f"'{value.replace(chr(39), chr(39) * 2)}'" if isinstance(value, str) else str(value)


def filter_of(
    *,
    statuses: Sequence[str] = STATUSES,
    cities: Sequence[str] = (),
    since: datetime | None = None,
) -> str:
    """``$filter`` for listings of these statuses in these cities, changed since a moment."""
    parts = []
    if statuses:
        parts.append(" or ".join(f"StandardStatus eq {literal(s)}" for s in statuses))
    if cities:
        parts.append(" or ".join(f"City eq {literal(c)}" for c in cities))
    if since is not None:
        parts.append(f"ModificationTimestamp gt {literal(since)}")
    return " and ".join(f"({p})" if " or " in p and len(parts) > 1 else p for p in parts)


def first_page(feed: Feed, condition: str, *, size: int = 200) -> str:
    """The address of the first page, oldest change first, so that a broken run can go on where it stopped."""
    query = {
        "$filter": condition,
        "$select": ",".join(SELECT),
        "$orderby": "ModificationTimestamp asc",
        "$top": str(size),
    }
    said = "&".join(f"{quote(k, safe='$')}={quote(v, safe='')}" for k, v in query.items() if v)
    return f"{feed.root.rstrip('/')}/Property?{said}"


async def listings(
    reader: Reader, feed: Feed, condition: str, *, size: int = 200, timeout: float = 30.0, pause: float = 1.0
) -> AsyncIterator[Mapping[str, Any]]:
    """Every listing that fits, page after page. Raises ResoRefused, Unavailable, Blocked (an inside host)."""
    url: str | None = first_page(feed, condition, size=size)
    home = urlsplit(feed.root).netloc
    seen: set[str] = set()
    while url is not None:
        if url in seen or len(seen) >= MOST_PAGES:
            raise ResoRefused("the MLS sends the same pages again and again")
        seen.add(url)
        page = await _page(reader, feed, url, timeout=timeout, pause=pause)
        for row in page["value"]:
            if isinstance(row, dict):
                yield row
        following = page.get("@odata.nextLink")
        url = str(following) if following else None
        if url is not None and urlsplit(url).netloc != home:
            # the bearer token goes to the MLS and to nobody it names
            raise ResoRefused("the MLS refers to another host")


async def _page(reader: Reader, feed: Feed, url: str, *, timeout: float, pause: float) -> Mapping[str, Any]:
    headers = {
        "Authorization": f"Bearer {feed.token}",
        "Accept": "application/json",
        "OData-MaxVersion": "4.01",
    }
    for attempt in range(1, TRIES + 1):
        last = attempt == TRIES
        wait = pause * 2 ** (attempt - 1) * (0.5 + random.random())
        try:
            reply = await reader.get(url, headers, timeout=timeout, most=PAGE_BYTES)
        except Unavailable:
            if last:
                raise
            await asyncio.sleep(wait)
            continue
        if reply.status in _AGAIN and not last:
            await asyncio.sleep(_retry_after(reply, wait))
            continue
        return _read(reply)
    raise AssertionError("at least one try")


def _retry_after(reply: Reply, otherwise: float) -> float:
    try:
        return min(float(reply.headers["retry-after"]), 30.0)
    except (KeyError, ValueError):
        return otherwise


def _read(reply: Reply) -> Mapping[str, Any]:
    if reply.status in (401, 403):
        raise ResoRefused("the MLS refused the token", code="mls_token")
    if reply.status in _AGAIN:
        raise Unavailable(f"the MLS answers {reply.status}")
    if reply.status != 200:
        raise ResoRefused(f"the MLS answered {reply.status}{_why(reply.body)}")
    try:
        page = json.loads(reply.body)
    except ValueError:
        raise ResoRefused("the MLS sent something that is no JSON, or too much at once") from None
    if not isinstance(page, dict) or not isinstance(page.get("value"), list):
        raise ResoRefused("the MLS sent no list of listings")
    return page


def _why(body: bytes) -> str:
    """The code of an OData error; its text may quote anything and is left out."""
    try:
        code = json.loads(body)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f" ({str(code)[:40]})"
