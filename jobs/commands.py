"""The operator's commands: ``keys``, ``tenants``, ``leads``, ``audit``, ``retention``.

They do what the API does, on the machine itself, and are written to the audit trail as the operator's acts.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from jobs.bench import ACTOR, Bench, bench
from jobs.guard import guard
from jobs.listings import listings
from jobs.terminal import run, say
from jobs.wants import wants
from stores import receipts, tenancy
from stores.archives import PrivacyRequest
from tools import archives, data_requests, keyring, restoring
from tools import retention as retention_rules

commands = typer.Typer(help="What the operator does on the machine itself.", no_args_is_help=True)
keys = typer.Typer(help="The keys that seal the clients' secrets.", no_args_is_help=True)
tenants = typer.Typer(help="One client's data as a whole.", no_args_is_help=True)
leads = typer.Typer(help="One person's data at a client.", no_args_is_help=True)
audit = typer.Typer(help="The audit trails.", no_args_is_help=True)
for _name, _group in (("keys", keys), ("tenants", tenants), ("leads", leads), ("audit", audit)):
    commands.add_typer(_group, name=_name)
commands.add_typer(listings, name="listings")
commands.add_typer(guard, name="guard")
commands.add_typer(wants, name="wants")

Slug = Annotated[str, typer.Argument(help="The client: slug or id.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


# -- keys --------------------------------------------------------------------------------------------


@keys.command("status")
def keys_status(as_json: AsJson = False) -> None:
    """Which keys there are, which one is current, and what each wraps; exit code 1 when one is missing."""

    async def work() -> list[keyring.KeyState]:
        async with bench() as on:
            return await keyring.status(on.db, on.vault)

    states = run(work())
    if as_json:
        say(json.dumps([vars(s) | {"droppable": s.droppable, "lost": s.lost} for s in states], indent=2))
    else:
        for s in states:
            note = "current" if s.current else "droppable" if s.droppable else "MISSING" if s.lost else ""
            say(f"{s.kid:16} wraps {s.wraps:6} data keys  {note}")
    raise typer.Exit(1 if any(s.lost for s in states) else 0)


@keys.command("rotate")
def keys_rotate(
    settle: Annotated[
        float, typer.Option(help="Seconds until every machine has the new ring (several machines).")
    ] = 0.0,
) -> None:
    """Put a new key on the ring, make it current, and wrap every data key with it. The service runs on."""

    async def work() -> tuple[str, int]:
        async with bench() as on:
            return await keyring.rotate(on.db, on.vault, settle=settle)

    kid, count = run(work())
    say(f"Current key: {kid}. {count} data keys wrapped anew. Now: seiketsu keys status")


@keys.command("drop")
def keys_drop(kid: Annotated[str, typer.Argument(help="The key's id.")]) -> None:
    """Take a key off the ring that wraps nothing any more."""

    async def work() -> None:
        async with bench() as on:
            await keyring.drop(on.db, on.vault, kid)

    run(work())
    say(f"{kid} is gone.")


@keys.command("renew")
def keys_renew(tenant: Slug) -> None:
    """Give one client a new data key and seal all its secrets with it."""

    async def work() -> int:
        async with bench() as on:
            return await keyring.renew(on.db, on.vault, on.clock, await on.tenant(tenant), actor=ACTOR)

    say(f"{run(work())} secrets sealed anew.")


# -- tenants -----------------------------------------------------------------------------------------


@tenants.command("export")
def tenants_export(
    tenant: Slug,
    out: Annotated[Path | None, typer.Option(help="The file to write (default: SLUG.zip).")] = None,
) -> None:
    """Write everything a client has as JSON, CSV and recordings, without secrets."""
    path = out or Path(f"{tenant}.zip")

    async def work() -> archives.Made:
        async with bench() as on:
            tenant_id = await on.tenant(tenant)
            made = await archives.export(
                on.db, tenant_id, path, vault=on.vault, data_dir=on.settings.data_dir, clock=on.clock
            )
            await _record(on, tenant_id, "export_tenant", made)
            return made

    _told(run(work()))


@tenants.command("backup")
def tenants_backup(
    tenant: Slug,
    out: Annotated[Path | None, typer.Option(help="The file to write (default: SLUG.backup).")] = None,
    key_file: Annotated[Path | None, typer.Option(help="Where its key goes (default: FILE.key).")] = None,
) -> None:
    """Write a backup of one client, and the key of its secrets in a file of its own. Keep them apart."""
    path = out or Path(f"{tenant}.backup")
    key_path = key_file or path.with_name(f"{path.name}.key")
    if key_path.exists():
        say(f"{key_path} is there already; name another one with --key-file")
        raise typer.Exit(1)

    async def work() -> archives.Made:
        async with bench() as on:
            tenant_id = await on.tenant(tenant)
            made = await archives.backup(
                on.db, tenant_id, path, vault=on.vault, data_dir=on.settings.data_dir, clock=on.clock
            )
            assert made.key is not None
            archives.keep_key(key_path, made.key, tenant_id, on.clock.now())
            await _record(on, tenant_id, "backup_tenant", made)
            return made

    _told(run(work()))
    say(f"Its key: {key_path}")


async def _record(on: Bench, tenant_id: UUID, action: str, made: archives.Made) -> None:
    async with on.db.tenant(tenant_id) as session:
        await receipts.audit(
            session,
            actor=ACTOR,
            action=action,
            subject="tenant",
            at=on.clock.now(),
            after={"sha256": made.sha256, "rows": sum(made.rows.values())},
        )


def _told(made: archives.Made) -> None:
    say(f"{made.path}: {made.size:,} bytes, {sum(made.rows.values()):,} rows of {len(made.rows)} tables")
    say(f"sha256 {made.sha256}")


@tenants.command("restore")
def tenants_restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    key_file: Annotated[Path | None, typer.Option(help="Its key (default: FILE.key).")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Bring one client back as it was; nobody else is touched. What it has now is replaced."""
    key_path = key_file or file.with_name(f"{file.name}.key")

    async def work() -> restoring.Restored:
        async with bench() as on:
            key = archives.read_key(key_path) if await asyncio.to_thread(key_path.exists) else None
            return await restoring.restore(
                on.db,
                file,
                key=key,
                vault=on.vault,
                data_dir=on.settings.data_dir,
                clock=on.clock,
                actor=ACTOR,
            )

    manifest = run(_look(file))
    if not yes:
        typer.confirm(
            f"Replace tenant {manifest['tenant']} by its state of {manifest['made_at']}?", abort=True
        )
    back = run(work())
    say(f"{sum(back.rows.values()):,} rows, {back.secrets} secrets, {back.files} files of {back.tenant_id}")


async def _look(file: Path) -> dict[str, Any]:
    return await asyncio.to_thread(archives.look_into, file)


@tenants.command("delete")
def tenants_delete(
    tenant: Slug,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    wait: Annotated[bool, typer.Option(help="Keep the days to think better of it.")] = False,
) -> None:
    """Delete everything a client has, destroy its key, and print the report of every store."""
    if not yes:
        typed = typer.prompt(f"This cannot be undone. Type {tenant} to go on")
        if typed != tenant:
            raise typer.Exit(1)

    async def work() -> PrivacyRequest:
        async with bench() as on:
            requests = data_requests.Requests(on.db, on.clock, on.ports, await on.tenant(tenant))
            row = await requests.receive_farewell(actor=ACTOR, channel="cli")
            await requests.vouch(row.id, actor=ACTOR)
            return row if wait else await requests.carry_out(row.id, actor=ACTOR, at_once=True)

    row = run(work())
    say(json.dumps(row.report, indent=2) if row.report else f"Deletion is due on {row.not_before}.")


# -- leads, audit, retention -------------------------------------------------------------------------


@leads.command("forget")
def leads_forget(
    tenant: Slug,
    phone: Annotated[str | None, typer.Option(help="E.164: +13035550142.")] = None,
    email: Annotated[str | None, typer.Option(help="An e-mail address.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="You have made sure who is asking.")] = False,
) -> None:
    """Remove one person from everything a client has, and print the report of every store."""
    if not yes:
        typer.confirm("Have you made sure that this person is asking?", abort=True)

    async def work() -> PrivacyRequest:
        async with bench() as on:
            who = data_requests.person(phone, email)
            requests = data_requests.Requests(on.db, on.clock, on.ports, await on.tenant(tenant))
            row = await requests.receive("deletion", who, actor=ACTOR, channel="cli")
            await requests.vouch(row.id, actor=ACTOR)
            return await requests.carry_out(row.id, actor=ACTOR)

    say(json.dumps(run(work()).report, indent=2))


@audit.command("verify")
def audit_verify(
    tenant: Annotated[str | None, typer.Argument(help="One client; without it all, and the house.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check that no entry of an audit trail was changed, removed or cut off; exit code 1 when one was."""

    async def work() -> dict[str, int | None]:
        async with bench() as on:
            if tenant is not None:
                wanted = {tenant: await on.tenant(tenant)}
            else:
                async with on.db.platform("the operator checks every audit trail") as session:
                    rows = await tenancy.list_tenants(session, limit=1_000_000)
                    house = await tenancy.tenant_by_slug(session, "seiketsu")
                wanted = {t.slug: t.id for t in [*([house] if house else []), *rows]}
            found = {}
            for slug, tenant_id in wanted.items():
                async with on.db.tenant(tenant_id) as session:
                    found[slug] = await receipts.verify_chain(session)
            return found

    found = run(work())
    broken = {slug: seq for slug, seq in found.items() if seq is not None}
    if as_json:
        say(json.dumps({"whole": len(found) - len(broken), "broken": broken}, indent=2))
    else:
        for slug, seq in broken.items():
            say(f"✗ {slug}: broken at entry {seq}")
        say(f"{len(found) - len(broken)} of {len(found)} trails are whole.")
    raise typer.Exit(1 if broken else 0)


@commands.command()
def retention(
    tenant: Annotated[str | None, typer.Argument(help="One client; without it all.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Remove what was kept long enough: recordings, transcripts, and in the end the proof."""

    async def work() -> dict[str, dict[str, int]]:
        async with bench() as on:
            if tenant is not None:
                wanted = {tenant: await on.tenant(tenant)}
            else:
                async with on.db.platform("the operator asks what has expired") as session:
                    rows = await tenancy.list_tenants(session, limit=1_000_000)
                wanted = {t.slug: t.id for t in rows}
            told = {}
            for slug, tenant_id in wanted.items():
                removed = await retention_rules.run(
                    on.db, on.clock, on.settings.data_dir, tenant_id, dry_run=dry_run
                )
                told[slug] = removed.counts | {"files": len(removed.files)}
            return told

    say(json.dumps(run(work()), indent=2))
