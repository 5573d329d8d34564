"""Listings that come by themselves: an MLS read again and again, only what has changed, all of it once a day.

A reading asks for what was modified since the newest change that is known. Listings that simply vanish there
are seen by the daily reading of everything, and are off the market from then on. Errors make the next try
later; after some in a row a ticket is opened, and solved by the first reading that works.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from loguru import logger
from pydantic import Field

from core.clock import Clock
from core.errors import Conflict, InvalidInput, SeiketsuError, Unavailable
from core.ids import new_id
from integrations import reso
from integrations.http import Outside
from stores import listing_feeds as store
from stores import support, tenancy
from stores.db import Database, Session
from stores.listing_feeds import ListingFeed
from stores.vault import Vault
from tools import acts
from tools.base import Args, Ports, ToolContext, ToolResult, refused, tool

WHOLE_EVERY = timedelta(days=1)
TICKET_AFTER = 3
LEASE = timedelta(minutes=30)
FIRST_RETRY = timedelta(minutes=5)
MOST_FEEDS = 10


class NewFeed(Args):
    """``token`` comes apart (``ctx.slots["token"]``): it is a secret."""

    name: str = Field(pattern=r"^[a-z0-9_.-]{1,40}$")
    root: str = Field(max_length=500)
    cities: list[str] = Field(default_factory=list, max_length=50)
    every_minutes: int = Field(60, ge=15, le=10_080)


class FeedChange(Args):
    """Only what is named is changed."""

    feed_id: UUID
    cities: list[str] | None = Field(None, max_length=50)
    every_minutes: int | None = Field(None, ge=15, le=10_080)
    enabled: bool | None = None


class OneFeed(Args):
    """Which."""

    feed_id: UUID


def secret_of(feed_id: UUID) -> str:
    """The vault's name of a feed's token."""
    return f"mls.{feed_id}"


async def unfeed(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """It is read no more."""
    await store.remove(session, UUID(undo["feed"]))
    return ToolResult(status="undone", after={"feed": undo["feed"]})


@tool("add_listing_feed", NewFeed, undo=unfeed, statuses=("added",), facts=("feed_id",))
async def add_listing_feed(ctx: ToolContext, session: Session, args: NewFeed) -> ToolResult:
    """Read an MLS from now on, at once and then every so many minutes."""
    token = str(ctx.slots.get("token") or "")
    if not token:
        return refused("The token of the MLS is missing.", **{"token": "Which token does the MLS give you?"})
    address = urlsplit(args.root)
    plain = ctx.ports.webhooks_local and address.scheme == "http"
    if not address.hostname or not (address.scheme == "https" or plain) or address.query:
        return refused("That is no service root.", root="Like https://host/reso/odata")
    if not isinstance(ctx.ports.vault, Vault):
        raise Unavailable("there is no vault here")
    await tenancy.get_tenant(session, lock=True)
    have = await store.feeds(session)
    if any(one.name == args.name for one in have):
        raise Conflict("There is a feed of that name.", code="name_taken")
    if len(have) >= MOST_FEEDS:
        raise Conflict(f"There are {MOST_FEEDS} feeds already.", code="too_many")
    row = await store.add(session, **args.model_dump(), next_at=ctx.clock.now())
    await ctx.ports.vault.seal(session, secret_of(row.id), token)
    return ToolResult(
        status="added",
        facts={"feed_id": str(row.id)},
        undo={"feed": str(row.id)},
        after={"feed": str(row.id), "name": row.name, "every_minutes": row.every_minutes},
    )


@tool("change_listing_feed", FeedChange, statuses=("changed",))
async def change_listing_feed(ctx: ToolContext, session: Session, args: FeedChange) -> ToolResult:
    """Other cities, another rhythm, a rest; ``token`` in ``ctx.slots`` replaces the old one."""
    row = await store.get(session, args.feed_id, lock=True)
    fields = args.model_dump(exclude_none=True, exclude={"feed_id"})
    before = {name: getattr(row, name) for name in fields}
    if args.cities is not None:
        fields["whole_at"] = None  # other cities: all of it is read again
    if token := ctx.slots.get("token"):
        if not isinstance(ctx.ports.vault, Vault):
            raise Unavailable("there is no vault here")
        await ctx.ports.vault.seal(session, secret_of(row.id), str(token))
    await store.move(session, row, fields | {"next_at": ctx.clock.now()})
    after = {name: getattr(row, name) for name in before} | {"token_changed": bool(token)}
    return ToolResult(status="changed", before=before, after=after)


@tool("remove_listing_feed", OneFeed, statuses=("removed",))
async def remove_listing_feed(ctx: ToolContext, session: Session, args: OneFeed) -> ToolResult:
    """Read it no more, and forget its token; the listings it brought stay."""
    row = await store.get(session, args.feed_id, lock=True)
    if isinstance(ctx.ports.vault, Vault):
        await ctx.ports.vault.forget(session, secret_of(row.id))
    before = {"feed": str(row.id), "name": row.name}
    await store.remove(session, row.id)
    return ToolResult(status="removed", before=before)


@tool("run_listing_feed", OneFeed, statuses=("due",))
async def run_listing_feed(ctx: ToolContext, session: Session, args: OneFeed) -> ToolResult:
    """Read it now: it is due, and the next sweep takes it."""
    row = await store.get(session, args.feed_id, lock=True)
    if not row.enabled:
        raise Conflict("This feed rests; switch it on first.", code="resting")
    if row.lease_until is not None and row.lease_until > ctx.clock.now():
        raise Conflict("It is being read right now.", code="being_read")
    await store.move(session, row, {"next_at": ctx.clock.now()})
    return ToolResult(status="due", after={"feed": str(row.id)})


# -- reading ------------------------------------------------------------------------------------------------


async def sweep(
    db: Database, ports: Ports, clock: Clock, *, reader: reso.Reader | None = None, pause: float = 1.0
) -> None:
    """Read what is due, for every client."""
    now = clock.now()
    async with db.platform("whose listings are to be read again") as session:
        waiting = await store.tenants_with_due(session, now=now)
    if not waiting:
        return
    outside = Outside(local=ports.webhooks_local) if reader is None else None
    try:
        for tenant_id in waiting:
            await read_due(db, ports, clock, tenant_id, reader or outside, pause=pause)
    finally:
        if outside is not None:
            await outside.close()


async def read_due(
    db: Database, ports: Ports, clock: Clock, tenant_id: UUID, reader: Any, *, pause: float = 1.0
) -> int:
    """Read a client's feeds that are due; how many were. A process that dies leaves one to the next."""
    count = 0
    while count < MOST_FEEDS:
        now = clock.now()
        async with db.tenant(tenant_id) as session:
            row = await store.take_due(session, now=now, until=now + LEASE)
            closed = (await tenancy.get_tenant(session)).status in ("suspended", "closed")
            if row is not None and closed:
                await store.move(session, row, {"next_at": now + WHOLE_EVERY, "lease_until": None})
                continue
        if row is None:
            break
        count += 1
        try:
            outcome = await _read(db, ports, clock, tenant_id, row, reader, pause)
        except SeiketsuError as error:
            await _failed(db, clock, tenant_id, row, error)
        except Exception as error:
            logger.error("reading listings broke: {}", type(error).__name__)
            await _failed(db, clock, tenant_id, row, SeiketsuError("something unforeseen"))
        else:
            await _worked(db, clock, tenant_id, row, outcome)
    return count


async def _read(
    db: Database,
    ports: Ports,
    clock: Clock,
    tenant_id: UUID,
    row: ListingFeed,
    reader: reso.Reader,
    pause: float,
) -> dict[str, Any]:
    now = clock.now()
    whole = row.watermark is None or row.whole_at is None or now - row.whole_at >= WHOLE_EVERY
    if not isinstance(ports.vault, Vault):
        raise Unavailable("there is no vault here")
    async with db.tenant(tenant_id) as session:
        token = await ports.vault.open(session, secret_of(row.id))
    # what has changed may be that it was sold: then every status is asked for
    condition = reso.filter_of(cities=row.cities) if whole else _changed(row)
    feed = reso.Feed(row.root, token)
    rows = [one async for one in reso.listings(reader, feed, condition, pause=pause)]
    newest = max(filter(None, (_modified(one) for one in rows)), default=row.watermark)
    counts: Mapping[str, Any] = {"added": 0, "changed": 0, "removed": 0, "unchanged": 0, "bad": []}
    if rows or whole:
        if whole and not rows and row.watermark is not None:
            # an empty answer is more often a fault there than a market without a home
            raise reso.ResoRefused("the MLS sent no listing at all", code="mls_empty")
        done = await acts.run(
            db,
            clock,
            ports,
            "import_listings",
            {"source": row.name, "complete": whole, "skip_bad": True},
            tenant_id=tenant_id,
            actor=f"feed:{row.name}",
            key=f"feed|{row.id}|{new_id()}",
            channel="job",
            secrets={"rows": rows},
        )
        counts = done.facts
    kept = {n: counts[n] for n in ("added", "changed", "removed", "unchanged")}
    found: dict[str, Any] = {"last": kept | {"bad": len(counts["bad"]), "whole": whole}, "watermark": newest}
    return found | ({"whole_at": now} if whole else {})


def _changed(row: ListingFeed) -> str:
    return reso.filter_of(statuses=(), cities=row.cities, since=row.watermark)


def _modified(listing: Mapping[str, Any]) -> datetime | None:
    said = str(listing.get("ModificationTimestamp") or "")
    if not re.match(r"\d{4}-\d\d-\d\dT", said):
        return None
    try:
        at = datetime.fromisoformat(said.replace("Z", "+00:00"))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


async def _worked(
    db: Database, clock: Clock, tenant_id: UUID, row: ListingFeed, found: Mapping[str, Any]
) -> None:
    now = clock.now()
    async with db.tenant(tenant_id) as session:
        current = await _still(session, row.id)
        if current is None:
            return
        if current.ticket_id is not None:
            ticket = await support.get_ticket(session, current.ticket_id)
            if ticket.status == "open":
                await support.set_ticket_status(session, ticket.id, "solved")
        await store.move(
            session,
            current,
            {
                **found, "last_at": now, "last_ok_at": now, "failures": 0, "error": None, "ticket_id": None,
                "lease_until": None, "next_at": now + timedelta(minutes=current.every_minutes),
            },
        )  # fmt: skip


async def _failed(
    db: Database, clock: Clock, tenant_id: UUID, row: ListingFeed, error: SeiketsuError
) -> None:
    now = clock.now()
    async with db.tenant(tenant_id) as session:
        current = await _still(session, row.id)
        if current is None:
            return
        failures = current.failures + 1
        usual = timedelta(minutes=current.every_minutes)
        fields: dict[str, Any] = {
            "last_at": now, "failures": failures, "error": _words(error), "lease_until": None,
            "next_at": now + min(usual, FIRST_RETRY * 2 ** min(failures - 1, 10)),
        }  # fmt: skip
        if failures >= TICKET_AFTER and current.ticket_id is None:
            ticket = await support.open_ticket(
                session,
                category="integration",
                priority="high",
                subject=f"Listings of {current.name} cannot be read",
                body=f"{failures} times in a row: {_words(error)}.",
                channel="job",
                due_at=now + timedelta(days=1),
            )
            fields["ticket_id"] = ticket.id
        await store.move(session, current, fields)
    logger.warning("listings could not be read: {}", error.code)


async def _still(session: Session, feed_id: UUID) -> ListingFeed | None:
    """The feed, unless it was removed while it was being read."""
    found: Sequence[ListingFeed] = [one for one in await store.feeds(session) if one.id == feed_id]
    return found[0] if found else None


def _words(error: SeiketsuError) -> str:
    """Why, without anything an MLS may have written into its answer."""
    if isinstance(error, InvalidInput):
        return f"{len(error.problems)} of its listings cannot be read"
    return error.message[:200]
