"""What the client's people write down for the agent to answer with: answers, areas, listings (A047)."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from core.errors import Conflict
from policies import knowledge as policy
from stores import knowledge, listing_imports
from stores.db import Session
from tools import listings, meaning
from tools.base import Args, ToolContext, ToolResult, refused, tool, unchanged

Kind = Literal["faq", "office", "area"]
FIELDS = ("kind", "title", "answer", "also", "language", "source", "active")


class NewAnswer(Args):
    """An entry."""

    kind: Kind = "faq"
    title: str = Field(min_length=2, max_length=300)
    answer: str = Field(min_length=2, max_length=600)
    also: list[str] = Field(default_factory=list, max_length=20)
    language: Literal["en", "es"] = "en"
    source: str | None = Field(None, max_length=120)
    active: bool = True


class AnswerChange(Args):
    """Fields to change."""

    answer_id: UUID
    changes: dict[str, Any]


class OneAnswer(Args):
    """Which."""

    answer_id: UUID


class ImportArgs(Args):
    """``complete``: what the file does not name is off the market. The file itself is ``ctx.slots["rows"]``,
    checked rows, or ``ctx.slots["content"]``, its text; it stays out of receipts.
    """

    source: str = Field("file", pattern=r"^[a-z0-9_.-]{1,40}$")
    format: Literal["csv", "reso"] = "csv"
    complete: bool = False
    dry_run: bool = False
    skip_bad: bool = False


class OneImport(Args):
    """Which."""

    import_id: UUID


def _plain(row: knowledge.Entry) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def _problem(answer: str) -> ToolResult | None:
    """An answer is spoken to callers, so it keeps to what may be said of people and places."""
    why = policy.fact_problem(answer)
    return refused("The agent may not say that.", answer=policy.knowledge().fact_why[why]) if why else None


async def forget_answer(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """It was never written."""
    await knowledge.delete_entry(session, UUID(undo["id"]))
    return ToolResult(status="undone", before=undo)


@tool("add_answer", NewAnswer, undo=forget_answer, statuses=("added",), facts=("answer_id",))
async def add_answer(ctx: ToolContext, session: Session, args: NewAnswer) -> ToolResult:
    """Write down an answer, a fact about the office, or an area it serves."""
    wrong = _problem(args.answer)
    if wrong is not None:
        return wrong
    row = await knowledge.add_entry(session, **args.model_dump())
    await meaning.keep(ctx.ports, session, row)
    return ToolResult(
        status="added", facts={"answer_id": str(row.id)}, undo={"id": str(row.id)}, after=_plain(row)
    )


async def restore_answer(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """As it was."""
    before = {k: undo[k] for k in FIELDS}
    if undo.get("removed"):
        row = await knowledge.add_entry(session, id=UUID(undo["id"]), **before)
    else:
        row = await knowledge.change_entry(session, UUID(undo["id"]), **before)
    await meaning.keep(ctx.ports, session, row)
    return ToolResult(status="undone", after=before)


@tool("change_answer", AnswerChange, undo=restore_answer, statuses=("changed",))
async def change_answer(ctx: ToolContext, session: Session, args: AnswerChange) -> ToolResult:
    """Put an answer right."""
    row = await knowledge.get_entry(session, args.answer_id)
    before = _plain(row)
    wanted = NewAnswer.model_validate(before | args.changes)
    wrong = _problem(wanted.answer)
    if wrong is not None:
        return wrong
    row = await knowledge.change_entry(session, row.id, **wanted.model_dump())
    await meaning.keep(ctx.ports, session, row)
    return ToolResult(status="changed", undo={**before, "id": str(row.id)}, before=before, after=_plain(row))


@tool("remove_answer", OneAnswer, undo=restore_answer, statuses=("removed",))
async def remove_answer(ctx: ToolContext, session: Session, args: OneAnswer) -> ToolResult:
    """Forget an answer."""
    row = await knowledge.get_entry(session, args.answer_id)
    before = _plain(row)
    await knowledge.delete_entry(session, row.id)
    return ToolResult(status="removed", undo={**before, "id": str(row.id), "removed": True}, before=before)


# --- listings ---------------------------------------------------------------------------------------------

COUNTS = ("added", "changed", "removed", "unchanged")


async def take_import_back(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Every listing as it was before the import."""
    count = await _take_back(ctx, session, UUID(undo["import_id"]))
    return ToolResult(status="undone", after={"listings": count})


@tool(
    "import_listings",
    ImportArgs,
    undo=take_import_back,
    statuses=("imported", "unchanged", "checked"),
    facts=("import_id", *COUNTS, "bad", "ignored"),
)
async def import_listings(ctx: ToolContext, session: Session, args: ImportArgs) -> ToolResult:
    """Take listings over by MLS number; every fault at once, and nothing of a file with one."""
    rows = ctx.slots.get("rows")
    parsed = (
        listings.from_rows(rows)
        if rows is not None
        else listings.read(str(ctx.slots.get("content") or ""), args.format)
    )
    good = parsed.rows if args.skip_bad else parsed.or_raise()
    bad = [str(p) for p in parsed.problems[: listings.MOST_PROBLEMS]]
    if args.complete and not good:
        return refused("There is no listing in it, and it would take every listing off the market.")
    if args.dry_run:
        seen = await listing_imports.compare_listings(
            session, good, source=args.source, complete=args.complete
        )
        return unchanged("checked", **seen, import_id="", bad=bad, ignored=parsed.ignored)
    run = await listing_imports.import_listings(
        session, good, source=args.source, actor=ctx.actor, complete=args.complete
    )
    counts = {name: getattr(run, name) for name in COUNTS}
    facts = {**counts, "import_id": str(run.id), "bad": bad, "ignored": parsed.ignored}
    if not any(counts[name] for name in ("added", "changed", "removed")):
        await listing_imports.forget_import(session, run)
        return unchanged("unchanged", **{**facts, "import_id": ""})
    return ToolResult(
        status="imported",
        facts=facts,
        undo={"import_id": str(run.id)},
        after={**counts, "import": str(run.id)},
    )


@tool("undo_import", OneImport, statuses=("undone",), facts=("listings",))
async def undo_import(ctx: ToolContext, session: Session, args: OneImport) -> ToolResult:
    """Take the newest import of listings back."""
    count = await _take_back(ctx, session, args.import_id)
    return ToolResult(status="undone", facts={"listings": count}, after={"import": str(args.import_id)})


async def _take_back(ctx: ToolContext, session: Session, import_id: UUID) -> int:
    run = await listing_imports.get_import(session, import_id)
    if run.undone_at is not None:
        raise Conflict("this import was taken back already", code="already_undone")
    if await listing_imports.later_import(session, run):
        raise Conflict("a later import stands on this one: take that back first", code="overtaken")
    return await listing_imports.undo_import(session, run, at=ctx.clock.now())
