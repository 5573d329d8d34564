"""The composition root: the one place that knows all the parts, and the command line."""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from loguru import logger
from rich.console import Console

from agent.acts import COMMANDS
from agent.brains.guided import GuidedBrain
from agent.brains.model import Endpoint, ModelLimits
from agent.brains.openai import OpenAIBrain, OpenAIText
from agent.brains.text import GuidedText, TextBrain
from agent.callbook import StoredCalls
from agent.guardrails import guard
from agent.lines import Lines
from agent.parts import Parts
from agent.ports import LiveCall
from agent.registry import Registry
from agent.rehearsal import Rehearsal
from agent.session import BrainFactory
from agent.speech.engine import SpeechEngine
from core.clock import SystemClock
from core.errors import Problem, SeiketsuError, StartupError
from core.logs import setup_logs
from core.settings import Settings, load_settings
from flows.linter import check_folder
from flows.loader import load_all
from integrations.calendars import Calendars
from integrations.crm import Connectors
from integrations.http import Outside
from integrations.numbers import FictionalNumbers, Numbers, TwilioNumbers
from integrations.outbox import Messenger
from integrations.payments import Payments, SandboxPayments, Stripe
from integrations.twilio import FictionalAccounts, Twilio
from integrations.webhooks import Webhooks
from jobs.catalogue import CATALOGUE
from jobs.engine import Engine
from jobs.requests import Requests
from jobs.sweeps import keep_sweeping
from jobs.webhooks import keep_nudged
from policies.sign_in import sign_in as sign_in_policy
from policies.webhooks import webhooks as webhook_policy
from stores.cluster import Cluster
from stores.db import Database, open_database
from stores.vault import open_vault
from tools import delivery, outcomes, registry
from tools.admission import Admission, Rationed
from tools.base import CheckSecurity, Ports, Work
from web import (
    account,
    assistance,
    billing,
    call_report,
    chat,
    conversations,
    health,
    identity,
    keys,
    links,
    metrics,
    outbox,
    pages,
    passwords,
    people,
    problems,
    provisioning,
    sign_in,
    sign_in_pages,
    talk,
    two_factor,
    usage,
)
from web.access import find_tenant
from web.api import document, routes
from web.data import router as data_router
from web.guesses import Guesses
from web.office.routes import OFFICE
from web.outbound_calls import OutboundParts, outbound_router
from web.quota import Gate, QuotaHeaders, admission_of
from web.rate import Rate
from web.self_check import as_text, check_security
from web.texts import texts_router
from web.traces import Traces
from web.twilio import PhoneParts, twilio_router
from web.webhooks import router as webhooks_router

T = TypeVar("T")

ROOT = Path(__file__).parent
FLOWS = ROOT / "flows"
DRAIN_SECONDS = 20.0
"""How long a stopping process waits for its calls to end by themselves before others take them over."""


def flow_problems() -> list[Problem]:
    """Everything the linter finds in the shipped flows, with file, line and key."""
    from agent.understanding.types import slot_types

    return check_folder(FLOWS, types=tuple(slot_types()), tools=registry.specs(), commands=COMMANDS)


def make_carrier(settings: Settings) -> Twilio | None:
    """Twilio, where there are credentials for it."""
    if not settings.twilio_ready or settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        return None
    token = settings.twilio_auth_token.get_secret_value()
    return Twilio(settings.twilio_account_sid, token, api_url=settings.twilio_api_url)


def make_payments(settings: Settings) -> Payments | None:
    """Stripe where it is set up; in development a sandbox; in production without it nothing."""
    if settings.stripe_ready and settings.stripe_secret_key and settings.stripe_webhook_secret:
        return Stripe(
            settings.stripe_secret_key.get_secret_value(),
            settings.stripe_webhook_secret.get_secret_value(),
            settings.prices,
            clock=SystemClock(),
            public_url=settings.origin,
            api_url=settings.stripe_api_url,
        )
    if settings.production:
        return None
    # every process of one installation has the same key, and it opens nothing else
    key = hmac.digest(settings.operator_key().encode(), b"seiketsu sandbox payments", "sha256")
    return SandboxPayments(key, clock=SystemClock(), public_url=settings.origin)


def make_ports(settings: Settings, carrier: Twilio | None) -> Ports:
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
        sms=carrier,
    )
    return Ports(
        numbers=numbers,
        mail=mail,
        crm=Connectors(),
        calls=carrier,
        accounts=carrier or FictionalAccounts(),
        vault=open_vault(settings),
        calendars=Calendars(Outside(local=settings.webhooks_local)),
        payments=make_payments(settings),
        public_url=settings.origin,
        webhooks=Webhooks(Outside(local=settings.webhooks_local), timeout=webhook_policy().timeout_seconds),
        webhooks_local=settings.webhooks_local,
        data_dir=settings.data_dir,
        onboarding_number=settings.onboarding_number,
    )


def make_parts(
    settings: Settings,
    db: Database,
    carrier: Twilio | None = None,
    on_job: Callable[[], None] | None = None,
) -> Parts:
    """What every conversation of this process shares. ``on_job``: wakes the worker, where one runs here."""
    parts = Parts(
        db=db,
        flows=load_all(FLOWS),
        ports=replace(make_ports(settings, carrier), jobs=Requests(db, on_job)),
        public_url=settings.origin,
        onboarding_number=settings.onboarding_number,
    )
    admission = Admission(db, parts.clock, capacity=settings.lines)
    rehearse = Rationed(Rehearsal(parts), admission)
    parts = replace(parts, ports=replace(parts.ports, rehearse=rehearse, admission=admission))
    return replace(parts, ports=replace(parts.ports, check_security=make_check(settings, parts)))


def make_check(settings: Settings, parts: Parts) -> CheckSecurity:
    """The quick self-check of one client, against an application over these very parts (their loop's)."""
    made: list[FastAPI] = []

    async def check(tenant_id: UUID) -> Mapping[str, Any]:
        if not made:
            made.append(create_app(settings))
            made[0].state.parts = parts
        return (await check_security(made[0], tenant_id=tenant_id, quick=True)).as_dict()

    return check


def make_worker(settings: Settings, cluster: Cluster) -> Engine:
    """Durable work, with parts of its own: they belong to the worker's loop."""

    def make_work(db: Database) -> Work:
        parts = make_parts(settings, db, make_carrier(settings), lambda: engine.nudge())
        return Work(db, parts.ports, parts.clock, open_vault(settings), settings.origin)

    engine = Engine(cluster, make_work, CATALOGUE)
    return engine


@dataclass
class Telephone:
    """The speaking half of the process: models, lines, live calls."""

    engine: SpeechEngine
    registry: Registry
    lines: Lines
    carrier: Twilio | None
    state: str = "loading the speech models"
    traces: Traces | None = None

    async def get_ready(self, cache_dir: Path) -> None:
        """Load and warm everything a call needs; until then ``/readyz`` says what is being waited for."""
        try:
            await self.engine.load(cache_dir)
            self.state = "warming the speech models"
            await self.engine.warm()
            self.state = "preparing recurring phrases"
            await self.lines.warm()
            self.state = "ok"
            metrics.READY.set(1)
        except SeiketsuError as error:
            self.state = str(error)
            logger.error("speech is not available: {}", error)
        except Exception as error:
            self.state = f"speech failed to load: {type(error).__name__}"
            logger.opt(exception=error).error("speech failed to load")

    async def close(self) -> None:
        """Let the calls finish (others take them over), then let go of the models."""
        await self.registry.drain(DRAIN_SECONDS)
        self.engine.close()
        if self.traces is not None:
            await asyncio.to_thread(self.traces.close)
        if self.carrier is not None:
            await self.carrier.close()


def make_telephone(
    settings: Settings,
    parts: Parts,
    carrier: Twilio | None,
    brain: BrainFactory,
    admission: Admission | None = None,
) -> tuple[Telephone, PhoneParts]:
    """Models, lines and the telephone routes' needs."""
    options = {
        "openai_api_key": settings.openai_api_key.get_secret_value() if settings.openai_api_key else "",
        "openai_base_url": settings.openai_base_url or "",
        "openai_stt_model": settings.openai_stt_model,
        "openai_tts_model": settings.openai_tts_model,
        "stub_texts": str(settings.stub_texts or ""),
        "stub_pace": str(settings.stub_pace),
    }
    engine = SpeechEngine(
        model=settings.whisper,
        options=options,
        production=settings.production,
        embedded="embedded" in (settings.stt, settings.tts),
    )
    traces = Traces.to(settings.otlp_url) if settings.otlp_url else None
    book = StoredCalls(
        parts.db,
        parts.clock,
        onboarding_number=settings.onboarding_number,
        process=f"{settings.port}-{os.getpid()}",
        admission=admission,
    )
    lines = Lines(
        parts,
        engine,
        book,
        data_dir=settings.data_dir,
        stt=settings.stt,
        tts=settings.tts,
        max_call_minutes=settings.max_call_minutes,
        brain=brain,
        on_turn=_each(metrics.note_turn, traces.note_turn if traces else None),
        on_fault=_each(metrics.note_fault, traces.note_fault if traces else None),
        on_end=metrics.note_end,
    )

    async def tokens(sid: str | None) -> Sequence[str]:
        secret = settings.twilio_auth_token
        known = secret is not None and sid in (None, settings.twilio_account_sid)
        return [secret.get_secret_value()] if secret is not None and known else []

    telephone = Telephone(engine, Registry(settings.max_calls), lines, carrier, traces=traces)

    async def hang_up(call: LiveCall) -> None:
        if carrier is not None:
            await carrier.hang_up(call.account_sid, call.call_sid)

    phone = PhoneParts(
        book=book,
        registry=telephone.registry,
        sessions=lines.phone,
        public_url=settings.public_url,
        tokens=tokens if carrier is not None else None,
        hang_up=hang_up,
        ended=lines.close_left_open,
        ready=lambda: telephone.state == "ok",
        caller_id=settings.onboarding_number,
    )
    return telephone, phone


def _each(*told: Callable[[LiveCall, Any], None] | None) -> Callable[[LiveCall, Any], None]:
    """Tell all of them."""

    def tell(call: LiveCall, what: Any) -> None:
        for one in told:
            if one is not None:
                one(call, what)

    return tell


@dataclass
class Brains:
    """Who answers: on a live line, and to a typed message. ``endpoint``: the model's, where there is one."""

    live: BrainFactory
    typed: TextBrain
    endpoint: Endpoint | None = None


def make_brains(settings: Settings) -> Brains:
    """The guided brain, or a language model that it answers for."""
    if settings.brain_in_use == "guided" or settings.openai_api_key is None:
        return Brains(GuidedBrain, GuidedText())
    endpoint = Endpoint(
        api_key=settings.openai_api_key.get_secret_value(),
        base_url=settings.openai_base_url,
        model=settings.openai_model,
        limits=ModelLimits(first_token=settings.first_token_seconds),
    )
    live = partial(OpenAIBrain, endpoint=endpoint, on_model=metrics.note_model)
    return Brains(live, OpenAIText(endpoint, on_model=metrics.note_model), endpoint)


def create_app(settings: Settings) -> FastAPI:
    """The whole service as one ASGI application."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        found = flow_problems()
        if found:
            raise StartupError("The flows have problems:", problems=found)
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = await open_database(settings.data_dir, settings.database_url)
        telephone: Telephone | None = None
        worker: Engine | None = None
        background: list[asyncio.Task[None]] = []
        getting_ready: asyncio.Task[None] | None = None

        def on_air() -> list[str]:
            return [session.call.call_sid for session in telephone.registry] if telephone else []

        sweeping: asyncio.Task[None] | None = None
        nudged: asyncio.Task[None] | None = None
        try:
            carrier = make_carrier(settings)
            if settings.jobs == "inside":
                worker = make_worker(settings, db.cluster)
                await worker.open()
            parts = make_parts(settings, db, carrier, worker.nudge if worker else None)
            app.state.parts = parts
            background = [
                asyncio.create_task(asyncio.to_thread(guard.warm), name="the guard learns"),
                asyncio.create_task(admission_of(app.state).keep_beating(on_air), name="lines in use"),
                asyncio.create_task(app.state.gate.allowance(parts).keep_writing(), name="requests counted"),
            ]
            if settings.speech:
                telephone, phone = make_telephone(
                    settings, parts, carrier, brains.live, admission_of(app.state)
                )
                app.include_router(twilio_router(phone))
                app.include_router(outbound_router(OutboundParts(db, parts.clock, phone, carrier)))
                app.include_router(
                    texts_router(db, parts.clock, public_url=phone.public_url, tokens=phone.tokens)
                )
                app.state.telephone = telephone
                metrics.watch_calls(telephone.registry.__len__)
                getting_ready = asyncio.create_task(telephone.get_ready(settings.data_dir / "models"))
            app.state.readiness = lambda: _readiness(telephone)
            metrics.watch_tasks()
            sweeping = asyncio.create_task(keep_sweeping(db, parts.ports, parts.clock), name="sweeps")
            nudged = asyncio.create_task(keep_nudged(db, parts.ports, parts.clock), name="webhooks")
            yield
        finally:
            if sweeping is not None:
                sweeping.cancel()
            if nudged is not None:
                nudged.cancel()
            if getting_ready is not None:
                getting_ready.cancel()
            if telephone is not None:
                await telephone.close()
            if brains.endpoint is not None:
                await brains.endpoint.close()
            if worker is not None:
                await worker.close()
            await delivery.settle()
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            await db.close()

    app = FastAPI(
        title="Seiketsu",
        version="0.1.0",
        summary="The voice agent that sets itself up",
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.operator_key = settings.operator_key()
    brains = make_brains(settings)
    app.state.text_brain = brains.typed
    app.state.readiness = dict
    app.state.admit = Rate(per_minute=240).admit
    app.state.gate = Gate()
    app.state.proxies = settings.proxies
    app.state.guesses = Guesses(sign_in_policy().attempts.keys_per_minute)
    app.state.identify = identity.identify
    app.add_middleware(QuotaHeaders)
    problems.install(app)
    app.include_router(health.router)
    app.include_router(conversations.router)
    for part in (sign_in, passwords, two_factor, people, keys, account, sign_in_pages):
        app.include_router(part.router)
    app.include_router(provisioning.router)
    app.include_router(assistance.router)
    app.include_router(routes.router)
    for router in OFFICE:
        app.include_router(router)
    app.include_router(usage.router)
    app.include_router(billing.router)
    app.include_router(billing.pages)
    app.include_router(pages.router)
    app.include_router(chat.router)
    app.include_router(talk.router)
    app.include_router(links.router)
    app.include_router(outbox.router)
    app.include_router(webhooks_router)
    app.include_router(data_router)
    document.describe(app)
    app.mount("/static", StaticFiles(directory=ROOT / "web" / "static"), name="static")
    return app


def _readiness(telephone: Telephone | None) -> dict[str, str]:
    if telephone is None:
        return {}
    line = "draining" if telephone.registry.draining else "ok"
    return {"speech": telephone.state, "lines": line}


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


@cli.command()
def worker() -> None:
    """Run durable and recurring work and nothing else, beside any number of ``serve``."""
    settings = _settings()
    setup_logs(settings.log_level, settings.log_format)

    async def run() -> None:
        stop = asyncio.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
        db = await open_database(settings.data_dir, settings.database_url)
        engine = make_worker(settings, db.cluster)
        sweeping: asyncio.Task[None] | None = None
        try:
            await engine.open()
            parts = make_parts(settings, db, make_carrier(settings), engine.nudge)
            sweeping = asyncio.create_task(keep_sweeping(db, parts.ports, parts.clock), name="sweeps")
            logger.info("worker {} is at work", engine.executor)
            await stop.wait()
        finally:
            if sweeping is not None:
                sweeping.cancel()
            await engine.close()
            await db.close()

    try:
        asyncio.run(run())
    except SeiketsuError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


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


@cli.command("self-check")
def self_check(
    tenant: Annotated[
        str | None, typer.Option(help="Slug or id of a client that must be out of reach.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="What provisioning runs: a second, not many.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Attack the application with every role, at every route; exit code 1 when something gives way.

    Clients' data stays as it is: two tenants of the check's own hold the attackers.
    """
    settings = _settings()
    setup_logs("WARNING", "text")

    async def run() -> Mapping[str, Any]:
        db = await open_database(settings.data_dir, settings.database_url)
        try:
            app = create_app(settings)
            app.state.parts = make_parts(settings, db)
            tenant_id = await find_tenant(db, tenant) if tenant else None
            return (await check_security(app, tenant_id=tenant_id, quick=quick)).as_dict()
        finally:
            await db.close()

    try:
        report = asyncio.run(run())
    except SeiketsuError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    print(json.dumps(report, indent=2) if as_json else as_text(report))
    raise typer.Exit(0 if report["passed"] else 1)


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


calls_cli = typer.Typer(help="Calls as they were.", no_args_is_help=True)
cli.add_typer(calls_cli, name="calls")


@calls_cli.command("show")
def calls_show(
    call: Annotated[str, typer.Argument(help="The call's id, or the carrier's CallSid.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Replay a call: who said what and when, how long each answer took and why, what came of it."""
    found = _with_database(lambda db: call_report.whole(db, call))
    if as_json:
        print(json.dumps(found, default=str, indent=2))
    else:
        call_report.show(Console(emoji=False, highlight=False, soft_wrap=True), found)


@calls_cli.command("list")
def calls_list(
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=500)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The newest calls of all tenants."""
    found = _with_database(lambda db: call_report.newest(db, limit=limit))
    if as_json:
        print(json.dumps(found, indent=2))
        return
    for row in found:
        why = row["end_reason"] or ""
        print(f"{row['id']}  {row['started_at']}  {row['status']:<12} {why:<12} {row['seconds'] or ''}")


@cli.command("outcomes")
def show_outcomes() -> None:
    """How onboarding goes over all clients: time to value, completion, satisfaction, hands-on help (JSON)."""
    found = _with_database(lambda db: outcomes.all_outcomes(db, SystemClock()))
    print(json.dumps(found, indent=2))


def _with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Run work on the configured database; a trouble is a message and exit code 1."""
    settings = _settings()
    setup_logs("WARNING", "text")

    async def run() -> T:
        db = await open_database(settings.data_dir, settings.database_url)
        try:
            return await work(db)
        finally:
            await db.close()

    try:
        return asyncio.run(run())
    except SeiketsuError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


def main() -> None:
    """Entry point of ``seiketsu``."""
    from jobs.commands import mount
    from jobs.guard import guard as guard_commands
    from jobs.listings import listings
    from simulate.cli import commands

    mount(cli, lambda settings: make_ports(settings, make_carrier(settings)))
    cli.add_typer(listings, name="listings")
    cli.add_typer(guard_commands, name="guard")

    for command in commands.registered_commands:
        cli.registered_commands.append(command)
    cli()


if __name__ == "__main__":
    main()
