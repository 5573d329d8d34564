"""The composition root: the one place that knows all the parts, and the command line."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from loguru import logger

from agent.acts import COMMANDS
from agent.brains.text import GuidedText
from agent.parts import Parts
from agent.rehearsal import Rehearsal
from core.errors import Problem, SeiketsuError, StartupError
from core.logs import setup_logs
from core.settings import Settings, load_settings
from flows.linter import check_folder
from flows.loader import load_all
from integrations.crm import Connectors
from integrations.numbers import FictionalNumbers, Numbers, TwilioNumbers
from integrations.outbox import Messenger
from stores.db import Database, open_database
from tools import registry
from tools.base import Ports
from web import conversations, health, pages, problems, tenants
from web.rate import Rate

ROOT = Path(__file__).parent
FLOWS = ROOT / "flows"


def flow_problems() -> list[Problem]:
    """Everything the linter finds in the shipped flows, with file, line and key."""
    from agent.understanding.types import slot_types

    return check_folder(FLOWS, types=tuple(slot_types()), tools=registry.specs(), commands=COMMANDS)


def make_ports(settings: Settings) -> Ports:
    """The outside world, real where there are credentials, readable files and fictional numbers otherwise."""
    numbers: Numbers = FictionalNumbers(taken=[settings.onboarding_number])
    if settings.twilio_ready:
        assert settings.twilio_account_sid
        assert settings.twilio_auth_token
        numbers = TwilioNumbers(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            public_url=settings.origin,
            api_url=settings.twilio_api_url,
        )
    mail = Messenger(
        settings.data_dir / "outbox",
        smtp_url=settings.smtp_url.get_secret_value() if settings.smtp_url else None,
        mail_from=settings.mail_from,
    )
    return Ports(numbers=numbers, mail=mail, crm=Connectors(), onboarding_number=settings.onboarding_number)


def make_parts(settings: Settings, db: Database) -> Parts:
    """What every conversation of this process shares."""
    parts = Parts(
        db=db,
        flows=load_all(FLOWS),
        ports=make_ports(settings),
        public_url=settings.origin,
        onboarding_number=settings.onboarding_number,
    )
    return replace(parts, ports=replace(parts.ports, rehearse=Rehearsal(parts)))


def create_app(settings: Settings) -> FastAPI:
    """The whole service as one ASGI application."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        found = flow_problems()
        if found:
            raise StartupError("The flows have problems:", problems=found)
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = await open_database(settings.data_dir, settings.database_url)
        app.state.parts = make_parts(settings, db)
        try:
            yield
        finally:
            await db.close()

    app = FastAPI(
        title="Seiketsu",
        version="0.1.0",
        summary="The voice agent that sets itself up",
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.operator_key = settings.operator_key()
    app.state.text_brain = GuidedText()
    app.state.readiness = dict
    app.state.admit = Rate(per_minute=240).admit
    problems.install(app)
    app.include_router(health.router)
    app.include_router(conversations.router)
    app.include_router(tenants.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=ROOT / "web" / "static"), name="static")
    return app


# -- command line ------------------------------------------------------------------------------------

cli = typer.Typer(
    name="seiketsu", help="The voice agent that sets itself up.", no_args_is_help=True, add_completion=False
)


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (SEIKETSU_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (SEIKETSU_PORT).")] = None,
) -> None:
    """Run the service: telephone, chat, pages, API, with an embedded Postgres unless DATABASE_URL is set."""
    settings = _settings(host, port)
    setup_logs(settings.log_level, settings.log_format)
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        ws_max_size=64 * 1024,
        timeout_graceful_shutdown=30,
        proxy_headers=False,
        server_header=False,
    )
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        raise typer.Exit(1)


def _settings(host: str | None = None, port: int | None = None) -> Settings:
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    try:
        return load_settings(**given)
    except StartupError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None


@cli.command()
def migrate() -> None:
    """Bring the database schema up to date and stop."""
    settings = _settings()
    setup_logs(settings.log_level, "text")

    async def run() -> None:
        db = await open_database(settings.data_dir, settings.database_url)
        await db.close()

    try:
        asyncio.run(run())
    except SeiketsuError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None
    print("The schema is up to date.")


@cli.command()
def doctor(
    static: Annotated[
        bool, typer.Option("--static", help="Only what needs no database and no models.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check settings, flows, database and speech models; exit code 1 when something needs attention."""
    checks: dict[str, list[str]] = {"settings": [], "flows": [str(p) for p in flow_problems()]}
    try:
        settings = load_settings()
    except StartupError as error:
        checks["settings"] = [str(p) for p in error.problems]
    else:
        if not static:
            checks |= asyncio.run(_live_checks(settings))
    bad = any(checks.values())
    if as_json:
        print(json.dumps({"ok": not bad, "checks": checks}, indent=2))
    elif not static or bad:
        for name, found in checks.items():
            print(f"{'✗' if found else '✓'} {name}")
            for line in found:
                print(f"    {line}")
    raise typer.Exit(1 if bad else 0)


async def _live_checks(settings: Settings) -> dict[str, list[str]]:
    checks: dict[str, list[str]] = {"database": []}
    try:
        started = time.perf_counter()
        db = await open_database(settings.data_dir, settings.database_url)
        if not await db.ping():
            checks["database"].append("does not answer")
        await db.close()
        logger.debug("database checked in {:.1f} s", time.perf_counter() - started)
    except SeiketsuError as error:
        checks["database"].append(str(error))
    return checks


def main() -> None:
    """Entry point of ``seiketsu``."""
    from simulate.cli import commands

    for command in commands.registered_commands:
        cli.registered_commands.append(command)
    cli()


if __name__ == "__main__":
    main()
