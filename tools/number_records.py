"""Telephone lines beyond the first: allocated and given back by people of the client (A006)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.errors import Conflict
from integrations.numbers import is_area_code
from stores import tenancy
from stores.db import Session
from tools import lines
from tools.base import Args, ToolContext, ToolResult, refused, tool


class Wish(Args):
    """A line in an area code; without one, near the lines the client has."""

    area_code: str | None = None


class OneNumber(Args):
    """Which."""

    number_id: UUID


async def reserve_another(ctx: ToolContext, args: Wish) -> Mapping[str, Any]:
    """Find a number for this act; the same act finds the same one again."""
    if args.area_code is not None and not is_area_code(args.area_code):
        return {}
    async with ctx.db.tenant(ctx.tenant) as session:
        held = [line.e164 for line in await tenancy.numbers(session)]
    codes = [args.area_code] if args.area_code else lines.area_codes(ctx, *held)
    if ctx.ports.numbers is None:
        return {}
    for code in codes:
        found = await ctx.ports.numbers.find(code, key=f"{ctx.conversation_id}:{code}")
        if found.candidates:
            return {"candidates": list(found.candidates), "provider": found.provider, "sid": found.sid}
    return {}


async def return_number(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Give the new line back."""
    line = await tenancy.get_number(session, UUID(undo["number_id"]))
    freed = await lines.let_go(session, line)
    return ToolResult(status="undone", before={"number": line.e164}, released=[freed])


@tool(
    "allocate_number",
    Wish,
    before=reserve_another,
    give_back=lines.give_back,
    undo=return_number,
    statuses=("allocated",),
    facts=("number_id", "e164"),
)
async def allocate_number(ctx: ToolContext, session: Session, args: Wish) -> ToolResult:
    """Take another telephone line."""
    line = await lines.claim(session, ctx.outside)
    if line is None:
        where = f"in area code {args.area_code}" if args.area_code else "to be had"
        return refused(f"No number is free {where}.", area_code="has no free number; try another")
    return ToolResult(
        status="allocated",
        facts={"number_id": str(line.id), "e164": line.e164},
        undo={"number_id": str(line.id)},
        after={"number": line.e164, "provider": line.provider},
    )


@tool("release_number", OneNumber, statuses=("released",))
async def release_number(ctx: ToolContext, session: Session, args: OneNumber) -> ToolResult:
    """Give a line back. A live agent keeps its last one: its callers would reach nobody."""
    tenant = await tenancy.get_tenant(session, lock=True)
    line = await tenancy.get_number(session, args.number_id, lock=True)
    active = [one for one in await tenancy.numbers(session) if one.status == "active"]
    if tenant.status == "live" and [one.id for one in active] == [line.id]:
        raise Conflict("a live agent keeps its last line; allocate another one first", code="last_line")
    freed = await lines.let_go(session, line)
    return ToolResult(status="released", before={"number": line.e164}, released=[freed])
