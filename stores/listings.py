"""The homes a client has on the market: each by its MLS number, found by place, price, size and features."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, or_, select
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from stores.base import Base, Session, TenantRow, belongs_to, of_tenant

STATUSES = ("active", "coming_soon", "pending", "closed", "withdrawn")


class Listing(TenantRow, Base):
    """A property on the market, by its MLS number. ``remarks`` is somebody else's text: never trusted (C22).

    Prices in whole dollars, ``size`` in square feet.
    """

    __tablename__ = "listings"
    __table_args__ = (
        of_tenant(),
        belongs_to("listing_imports", "import_id"),
        UniqueConstraint("tenant_id", "mls_id"),
        CheckConstraint(f"status in {STATUSES}", name="status"),
        Index("ix_listings_tenant_id_status_price", "tenant_id", "status", "price"),
    )

    mls_id: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="active")
    address: Mapped[str]
    city: Mapped[str | None]
    state: Mapped[str | None]
    zip: Mapped[str | None]
    neighborhood: Mapped[str | None]
    price: Mapped[int | None]
    beds: Mapped[int | None]
    baths: Mapped[float | None]
    size: Mapped[int | None]
    type: Mapped[str | None]
    features: Mapped[list[str]] = mapped_column(server_default="{}")
    remarks: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """Facts that not every listing has, by the names of policies.listing_facts (hoa_fee, year ...)."""
    source: Mapped[str | None]
    modified_at: Mapped[datetime | None]
    import_id: Mapped[UUID | None]
    words: Mapped[Any] = mapped_column(TSVECTOR, deferred=True)


@dataclass(frozen=True, slots=True)
class Search:
    """The only questions listings may be asked (C20): nothing here is about people."""

    areas: tuple[str, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    beds: int | None = None
    baths: float | None = None
    type: str | None = None
    features: tuple[str, ...] = ()
    mls_id: str | None = None


def search_words(values: Mapping[str, Any]) -> Any:
    """What a listing is found by in text: its number, where it lies, its type and its features."""
    names = ("mls_id", "address", "city", "state", "zip", "neighborhood", "type")
    said = " ".join([*(str(values.get(n) or "") for n in names), *values.get("features", ())])
    return func.to_tsvector("simple", said)


def _shortened(area: str) -> str:
    """A pattern of the names that an area's words begin ("cap hill": Capitol Hill)."""
    return r"\m" + r"\w*\W+".join(re.escape(word) for word in area.split()) + r"\w*"


def _condition(search: Search) -> list[Any]:
    wanted: list[Any] = []
    if search.mls_id:
        wanted.append(func.lower(Listing.mls_id) == search.mls_id.lower())
    if search.areas:
        places = (Listing.city, Listing.neighborhood, Listing.zip, Listing.address)
        named = [place.icontains(a, autoescape=True) for a in search.areas for place in places]
        short = [_shortened(a) for a in search.areas if len(a.split()) > 1]
        named += [place.op("~*")(s) for s in short for place in (Listing.city, Listing.neighborhood)]
        wanted.append(or_(*named))
    if search.price_min is not None:
        wanted.append(Listing.price >= search.price_min)
    if search.price_max is not None:
        wanted.append(Listing.price <= search.price_max)
    if search.beds is not None:
        wanted.append(Listing.beds >= search.beds)
    if search.baths is not None:
        wanted.append(Listing.baths >= search.baths)
    if search.type:
        wanted.append(Listing.type == search.type)
    for feature in search.features:
        wanted.append(Listing.words.op("@@")(func.plainto_tsquery("simple", feature)))
    return wanted


async def search_listings(
    session: Session, search: Search, *, limit: int = 10, statuses: Sequence[str] = ("active",)
) -> tuple[Sequence[Listing], int]:
    """Listings that fit, the newest first, and how many there are."""
    conditions = [Listing.status.in_(statuses), *_condition(search)]
    count = await session.scalar(select(func.count(Listing.id)).where(*conditions))
    query = select(Listing).where(*conditions).order_by(Listing.modified_at.desc().nulls_last(), Listing.id)
    return (await session.scalars(query.limit(limit))).all(), int(count or 0)


async def listings_at(session: Session, number: str, street: Sequence[str]) -> Sequence[Listing]:
    """Listings at a house number on a street that has one of these words in its name; of several, those with
    the most of them ("9 Osprey Court" is not 9 Pine Court)."""
    wanted = {w.lower() for w in street}
    at = Listing.address.startswith(f"{number} ", autoescape=True)
    named = or_(*(Listing.address.op("~*")(rf"\m{re.escape(w)}\M") for w in sorted(wanted)))
    rows = (await session.scalars(select(Listing).where(at, named).order_by(Listing.id).limit(50))).all()
    shared = {row.id: len(wanted & set(re.findall(r"[a-z0-9]+", row.address.lower())[1:])) for row in rows}
    most = max(shared.values(), default=0)
    return [row for row in rows if most and shared[row.id] == most]


async def listings_on(session: Session, street: str) -> Sequence[Listing]:
    """Listings on a street named without a number; at most three."""
    on = Listing.address.icontains(f" {street}", autoescape=True)
    return (await session.scalars(select(Listing).where(on).order_by(Listing.id).limit(3))).all()


async def listings_by_street(session: Session, words: Sequence[str], *, limit: int) -> Sequence[Listing]:
    """Listings that are not withdrawn and have one of these words at the head of a word of their address."""
    named = or_(*(Listing.address.icontains(f" {w}", autoescape=True) for w in words))
    query = select(Listing).where(Listing.status != "withdrawn", named).order_by(Listing.id).limit(limit)
    return (await session.scalars(query)).all()


async def cities(session: Session, limit: int = 8) -> list[str]:
    """The towns of the listings that are not withdrawn, those with the most first."""
    count = func.count(Listing.id)
    query = (
        select(Listing.city)
        .where(Listing.status != "withdrawn", Listing.city.is_not(None))
        .group_by(Listing.city)
        .order_by(count.desc(), Listing.city)
        .limit(limit)
    )
    return [str(city) for city in await session.scalars(query)]


async def get_listing(session: Session, mls_id: str) -> Listing | None:
    """A listing by its MLS number, whatever its state."""
    return await session.scalar(select(Listing).where(func.lower(Listing.mls_id) == mls_id.lower()))


async def list_listings(
    session: Session, *, after: UUID | None = None, limit: int = 100
) -> Sequence[Listing]:
    """All listings in the order they came."""
    query = select(Listing).order_by(Listing.id).limit(limit)
    if after is not None:
        query = query.where(Listing.id > after)
    return (await session.scalars(query)).all()
