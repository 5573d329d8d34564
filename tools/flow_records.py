"""A client's own versions of a flow: drafted, put in force, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from stores import flow_versions
from stores.db import Session
from tools.base import Args, ToolContext, ToolResult, tool


class Draft(Args):
    """The YAML of a version; linted by whoever asks."""

    flow: str
    source: str
    note: str = ""
    based_on: int = 0


class Publication(Args):
    """Which version is to be in force; 0 is the shipped flow."""

    flow: str
    version: int


async def drop_draft(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The draft was never written."""
    await flow_versions.drop(session, UUID(undo["id"]))
    return ToolResult(status="undone", before=undo)


@tool("draft_flow", Draft, undo=drop_draft, statuses=("drafted",), facts=("version",))
async def draft_flow(ctx: ToolContext, session: Session, args: Draft) -> ToolResult:
    """Keep a new version of a flow, not yet in force."""
    row = await flow_versions.draft(
        session,
        flow=args.flow,
        source=args.source,
        author=ctx.actor,
        note=args.note,
        based_on=args.based_on,
    )
    after = {"flow": row.flow, "version": row.version, "based_on": row.based_on, "note": row.note}
    return ToolResult(status="drafted", facts={"version": row.version}, undo={"id": str(row.id)}, after=after)


async def back_to(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The version that was in force before."""
    await flow_versions.put_live(session, undo["flow"], undo["version"], at=ctx.clock.now())
    return ToolResult(status="undone", after=undo)


@tool("publish_flow", Publication, undo=back_to, statuses=("published",), facts=("version",))
async def publish_flow(ctx: ToolContext, session: Session, args: Publication) -> ToolResult:
    """Put a version in force; the one before is kept and can be put back."""
    live = await flow_versions.live_version(session, args.flow)
    before = {"flow": args.flow, "version": live.version if live else 0}
    await flow_versions.put_live(session, args.flow, args.version, at=ctx.clock.now())
    return ToolResult(
        status="published",
        facts={"version": args.version},
        undo=before,
        before=before,
        after={"flow": args.flow, "version": args.version},
    )
