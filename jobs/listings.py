"""Commands for listings: ``seiketsu listings import FILE``, ``fetch`` from an MLS, ``imports``, ``undo``.

They run the same tools as the API, so receipts, audit and undo are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from core.errors import InvalidInput
from core.ids import new_id
from integrations import reso
from integrations.http import Outside
from jobs.bench import ACTOR, Bench, bench
from jobs.terminal import run, say
from stores import listing_imports
from tools import acts
from tools.base import ToolResult

listings = typer.Typer(help="A client's listings.", no_args_is_help=True)

VARIABLE = "RESO_TOKEN"
Tenant = Annotated[str, typer.Option(help="The client: slug or id.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Take the good rows although others are bad.")]
Complete = Annotated[
    bool, typer.Option("--complete", help="What of this source is not in it is off the market.")
]


async def _import(
    on: Bench, tenant_id: UUID, args: Mapping[str, Any], given: Mapping[str, Any]
) -> ToolResult:
    return await acts.run(
        on.db,
        on.clock,
        on.ports,
        "import_listings",
        args,
        tenant_id=tenant_id,
        actor=ACTOR,
        key=f"listings|{new_id()}",
        channel="cli",
        secrets=given,
    )


def _tell(result: ToolResult, tenant: str) -> None:
    facts = result.facts
    counts = ", ".join(f"{facts[name]} {name}" for name in ("added", "changed", "removed", "unchanged"))
    head = {"checked": "It would do this", "unchanged": "Nothing to do", "imported": "Imported"}[
        result.status
    ]
    say(f"{head}: {counts}.")
    if facts["ignored"]:
        say(f"Columns nobody reads: {', '.join(facts['ignored'])}.")
    for line in facts["bad"]:
        say(f"left out: {line}")
    if facts["import_id"]:
        say(f"To take it back: seiketsu listings undo {facts['import_id']} --tenant {tenant}")


def _refused(error: InvalidInput) -> None:
    say(f"{error.message}:")
    for problem in error.problems:
        say(f"  {problem}")
    raise typer.Exit(1)


@listings.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV, or JSON of a RESO server.", exists=True, dir_okay=False)],
    tenant: Tenant,
    source: Annotated[str, typer.Option(help="A name for where it comes from.")] = "file",
    complete: Complete = False,
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
) -> None:
    """Take listings over from a file. A file with a fault is refused whole, and every fault is named."""
    kind = "reso" if file.suffix.lower() == ".json" else "csv"
    args = {
        "source": source,
        "format": kind,
        "complete": complete,
        "dry_run": dry_run,
        "skip_bad": skip_bad,
    }
    content = file.read_text(encoding="utf-8-sig", errors="replace")

    async def work() -> ToolResult | InvalidInput:
        async with bench() as on:
            try:
                return await _import(on, await on.tenant(tenant), args, {"content": content})
            except InvalidInput as refused:
                return refused

    done = run(work())
    _refused(done) if isinstance(done, InvalidInput) else _tell(done, tenant)


@listings.command("fetch")
def fetch(
    tenant: Tenant,
    root: Annotated[str, typer.Option(help="The service root of the MLS: https://host/reso/odata")],
    token: Annotated[
        str, typer.Option(help="The MLS token; better in the environment.", envvar=VARIABLE, show_envvar=True)
    ] = "",
    city: Annotated[list[str] | None, typer.Option(help="Only these cities.")] = None,
    complete: Complete = False,
    dry_run: DryRun = False,
) -> None:
    """Take listings over from an MLS by its RESO Web API."""
    if not token:
        say(f"Put the token of the MLS into the environment variable {VARIABLE}.")
        raise typer.Exit(2)
    args = {"source": "mls", "complete": complete, "dry_run": dry_run, "skip_bad": True}

    async def work() -> ToolResult | InvalidInput:
        async with bench() as on:
            tenant_id = await on.tenant(tenant)
            outside = Outside(local=on.ports.webhooks_local)
            try:
                feed = reso.Feed(root, token)
                rows = [r async for r in reso.listings(outside, feed, reso.filter_of(cities=city or ()))]
                return await _import(on, tenant_id, args, {"rows": rows})
            except InvalidInput as refused:
                return refused
            finally:
                await outside.close()

    done = run(work())
    _refused(done) if isinstance(done, InvalidInput) else _tell(done, tenant)


@listings.command("imports")
def imports(tenant: Tenant) -> None:
    """The last imports, newest first."""

    async def work() -> Sequence[listing_imports.ListingImport]:
        async with bench() as on, on.db.tenant(await on.tenant(tenant)) as session:
            return await listing_imports.list_imports(session)

    for row in run(work()):
        taken_back = ", taken back" if row.undone_at else ""
        say(
            f"{row.id}  {row.created_at:%Y-%m-%d %H:%M}  {row.source}: {row.added} added,"
            f" {row.changed} changed, {row.removed} removed{taken_back}"
        )


@listings.command("undo")
def undo(
    import_id: Annotated[str, typer.Argument(help="The import, as `imports` names it.")], tenant: Tenant
) -> None:
    """Put every listing back as it was before the newest import."""

    async def work() -> ToolResult:
        async with bench() as on:
            return await acts.run(
                on.db,
                on.clock,
                on.ports,
                "undo_import",
                {"import_id": import_id},
                tenant_id=await on.tenant(tenant),
                actor=ACTOR,
                key=f"listings|{new_id()}",
                channel="cli",
            )

    say(f"{run(work()).facts['listings']} listings are as they were.")
