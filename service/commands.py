"""The service's own commands: run it, prepare it, check it, look at its calls."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer
import uvicorn
from loguru import logger
from rich.console import Console

from agent.speech import spanish_voice
from core import embedding
from core.clock import SystemClock
from core.errors import NotFound, SeiketsuError, StartupError
from core.logs import setup_logs
from core.settings import Settings, load_settings
from jobs import terminal
from jobs.bench import bench
from jobs.sweeps import keep_sweeping
from service.app import Chores, create_app
from service.outside import make_carrier
from service.parts import flow_problems, make_parts, make_worker
from stores import tenancy
from stores.db import Database
from tools import outcomes
from web import call_report
from web.access import find_tenant
from web.recordings import unseal_recording
from web.self_check import as_text, check_security

T = TypeVar("T")

commands = typer.Typer(help="The service itself.", no_args_is_help=True)
calls = typer.Typer(help="Calls as they were.", no_args_is_help=True)
commands.add_typer(calls, name="calls")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (SEIKETSU_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (SEIKETSU_PORT).")] = None,
) -> None:
    """Run the service: telephone, chat, pages, API, with an embedded Postgres unless DATABASE_URL is set."""
    configured = terminal.settings(host=host, port=port)
    setup_logs(configured.log_level, configured.log_format)
    config = uvicorn.Config(
        create_app(configured),
        host=configured.host,
        port=configured.port,
        log_config=None,
        ws_max_size=64 * 1024,
        # sound is small and already dense: deflating it costs a twentieth of the processor
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=30,
        proxy_headers=False,
        server_header=False,
    )
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        raise typer.Exit(1)


@commands.command()
def worker() -> None:
    """Run durable and recurring work and nothing else, beside any number of ``serve``."""
    configured = terminal.settings()

    async def work() -> None:
        stop = asyncio.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
        async with AsyncExitStack() as ends:
            db = await ends.enter_async_context(terminal.database(configured))
            setup_logs(configured.log_level, configured.log_format)
            engine = make_worker(configured, db.cluster)
            ends.push_async_callback(engine.close)
            await engine.open()
            parts = make_parts(configured, db, make_carrier(configured), engine.nudge)
            chores = Chores()
            ends.push_async_callback(chores.stop)
            chores.start("sweeps", keep_sweeping(db, parts.ports, parts.clock))
            logger.info("worker {} is at work", engine.executor)
            await stop.wait()

    terminal.run(work())


@commands.command()
def migrate() -> None:
    """Bring the database schema up to date and stop."""
    configured = terminal.settings()

    async def work() -> None:
        async with terminal.database(configured):
            pass

    terminal.run(work())
    terminal.say("The schema is up to date.")


@commands.command("self-check")
def self_check(
    tenant: Annotated[
        str | None, typer.Option(help="Slug or id of a client that must be out of reach.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="What provisioning runs: a second, not many.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Attack the application with every role, at every route; exit code 1 when something gives way,
    2 when there is no such client.

    Clients' data stays as it is: two tenants of the check's own hold the attackers.
    """
    configured = terminal.settings()

    async def work() -> Mapping[str, Any]:
        async with terminal.database(configured) as db:
            tenant_id = await client_named(db, tenant) if tenant else None
            app = create_app(configured)
            app.state.parts = make_parts(configured, db)
            return (await check_security(app, tenant_id=tenant_id, quick=quick)).as_dict()

    report = terminal.run(work(), trouble=2)
    terminal.say(json.dumps(report, indent=2) if as_json else as_text(report))
    raise typer.Exit(0 if report["passed"] else 1)


async def client_named(db: Database, name: str) -> UUID:
    """The client of that slug or id; NotFound rather than a check of something else."""
    tenant_id = await find_tenant(db, name)
    if tenant_id is None:
        raise NotFound(f"there is no client {name!r}")
    async with db.tenant(tenant_id) as session:
        await tenancy.get_tenant(session)
    return tenant_id


@commands.command()
def doctor(
    static: Annotated[
        bool, typer.Option("--static", help="Only what needs no database and no models.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check settings, flows, database and speech models; exit code 1 when something needs attention."""
    checks: dict[str, list[str]] = {"settings": [], "flows": [str(p) for p in flow_problems()]}
    notes: list[str] = []
    try:
        configured = load_settings()
    except StartupError as error:
        checks["settings"] = [str(p) for p in error.problems]
    else:
        if not static:
            checks["database"] = asyncio.run(_database_problems(configured))
            reason = embedding.why_not()
            checks["guard"] = [f"it judges by frames alone, which is worse: {reason}"] if reason else []
            notes = voice_notes(configured)
    bad = any(checks.values())
    if as_json:
        terminal.say(json.dumps({"ok": not bad, "checks": checks, "notes": notes}, indent=2))
    elif not static or bad:
        for name, found in checks.items():
            terminal.say("✗" if found else "✓", name)
            for line in found:
                terminal.say("   ", line)
        for line in notes:
            terminal.say("·", line)
    raise typer.Exit(1 if bad else 0)


def voice_notes(configured: Settings) -> list[str]:
    """What is not spoken on the telephone, and how to get it: no fault, for many need it not."""
    absent = spanish_voice.missing()
    if configured.tts != "embedded" or not absent:
        return []
    return [
        "Spanish is not spoken on the telephone; whoever asks for it is called back."
        f" To speak it: {spanish_voice.INSTALL} (missing: {', '.join(absent)})"
    ]


async def _database_problems(configured: Settings) -> list[str]:
    try:
        async with terminal.database(configured) as db:
            return [] if await db.ping() else ["does not answer"]
    except SeiketsuError as error:
        return [str(error)]


@calls.command("show")
def calls_show(
    call: Annotated[str, typer.Argument(help="The call's id, or the carrier's CallSid.")],
    as_json: AsJson = False,
) -> None:
    """Replay a call: who said what and when, how long each answer took and why, what came of it."""
    found = _with_database(lambda db: call_report.whole(db, call))
    if as_json:
        terminal.say(json.dumps(found, default=str, indent=2))
    else:
        call_report.show(Console(emoji=False, highlight=False, soft_wrap=True), found)


@calls.command("recording")
def calls_recording(
    call: Annotated[str, typer.Argument(help="The call's id, or the carrier's CallSid.")],
    out: Annotated[Path | None, typer.Option(help="The file to write (default: CALL.wav).")] = None,
) -> None:
    """Unseal a call's recording: a WAV, the caller left, the agent right, readable by you only."""
    path = out or Path(f"{call}.wav")

    async def work() -> int:
        async with bench() as on:
            return await unseal_recording(on.db, on.vault, on.settings.data_dir, call, path)

    terminal.say(f"{path}: {terminal.run(work()):,} bytes, not sealed any more")


@calls.command("list")
def calls_list(
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=500)] = 20,
    as_json: AsJson = False,
) -> None:
    """The newest calls of all tenants."""
    found = _with_database(lambda db: call_report.newest(db, limit=limit))
    if as_json:
        terminal.say(json.dumps(found, indent=2))
        return
    for row in found:
        why = row["end_reason"] or ""
        terminal.say(
            f"{row['id']}  {row['started_at']}  {row['status']:<12} {why:<12} {row['seconds'] or ''}"
        )


@commands.command("outcomes")
def show_outcomes() -> None:
    """How onboarding goes over all clients: time to value, completion, satisfaction, hands-on help (JSON)."""
    found = _with_database(lambda db: outcomes.all_outcomes(db, SystemClock()))
    terminal.say(json.dumps(found, indent=2))


def _with_database(look: Callable[[Database], Awaitable[T]]) -> T:
    configured = terminal.settings()

    async def work() -> T:
        async with terminal.database(configured) as db:
            return await look(db)

    return terminal.run(work())
