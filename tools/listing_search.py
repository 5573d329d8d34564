"""The search of listings: by place, price, size and features, and by nothing about people (C20)."""

from __future__ import annotations

import re
from typing import Any

from loguru import logger
from pydantic import Field, field_validator

from policies import knowledge as policy
from stores import listings
from stores.db import Session
from tools.base import Args, ToolContext, ToolResult, tool
from tools.listing_words import describe, source_of
from tools.values import Money, MoneyRange, Names

MOST_SPOKEN = 2


class SearchArgs(Args):
    """All that listings may be searched by (C20). Anything else is refused before it gets here."""

    areas: Names | None = None
    price: Money | None = None
    price_min: int | None = Field(None, ge=0)
    price_max: int | None = Field(None, ge=0)
    beds: int | None = Field(None, ge=0, le=50)
    baths: float | None = Field(None, ge=0, le=50)
    type: str | None = Field(None, max_length=60)
    features: Names | None = None
    mls_id: str | None = Field(None, max_length=40)

    @field_validator("features", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        return re.split(r",| and ", value) if isinstance(value, str) else value


@tool(
    "search_listings",
    SearchArgs,
    writes=False,
    at_home=True,
    statuses=("found", "none"),
    facts=("listings", "count", "source", "mls_ids"),
)
async def search_listings(ctx: ToolContext, session: Session, args: SearchArgs) -> ToolResult:
    """Search the brokerage's listings by area, price, size, type and features, and nothing about people."""
    money = args.price or MoneyRange()
    features, left_out = policy.neutral_features(args.features or [])
    if left_out:
        logger.info("a search was narrowed to neutral features")
    search = listings.Search(
        areas=tuple(args.areas or ()),
        price_min=args.price_min if args.price_min is not None else money.min,
        price_max=args.price_max if args.price_max is not None else money.max,
        beds=args.beds,
        baths=args.baths,
        type=policy.property_type(args.type),
        features=tuple(features),
        mls_id=args.mls_id,
    )
    rows, count = await listings.search_listings(session, search, limit=MOST_SPOKEN)
    if not rows:
        return ToolResult(
            status="none", facts={"listings": "", "count": 0, "source": "", "mls_ids": []}, wrote=False
        )
    more = f" There are {count - len(rows)} more like that." if count > len(rows) else ""
    return ToolResult(
        status="found",
        facts={
            "listings": " ".join(describe(row) for row in rows) + more,
            "count": count,
            "source": "; ".join(source_of(row) for row in rows),
            "mls_ids": [row.mls_id for row in rows],
        },
        wrote=False,
    )
