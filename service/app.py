"""The whole service as one ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

import web
from agent.guardrails import guard
from agent.parts import Parts
from core.errors import StartupError
from core.settings import Settings
from integrations.twilio import Twilio
from jobs.engine import Engine
from jobs.sweeps import keep_sweeping
from jobs.webhooks import keep_nudged
from policies.sign_in import sign_in as sign_in_policy
from service.brains import Brains, make_brains
from service.outside import make_carrier
from service.parts import flow_problems, make_parts, make_worker
from service.telephone import Telephone, make_telephone
from stores.db import opened
from tools import delivery
from web import (
    account,
    assistance,
    billing,
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
    questions,
    reference,
    sign_in,
    sign_in_pages,
    talk,
    two_factor,
    usage,
)
from web.api import document, routes
from web.data import router as data_router
from web.guesses import Guesses
from web.office.routes import OFFICE
from web.outbound_calls import OutboundParts, outbound_router
from web.quota import Gate, QuotaHeaders, admission_of
from web.rate import Rate
from web.texts import texts_router
from web.twilio import twilio_router
from web.webhooks import router as webhooks_router

DOORS: Sequence[APIRouter] = (
    health.router,
    conversations.router,
    sign_in.router,
    passwords.router,
    two_factor.router,
    people.router,
    keys.router,
    account.router,
    questions.router,
    sign_in_pages.router,
    provisioning.router,
    assistance.router,
    routes.router,
    *OFFICE,
    usage.router,
    billing.router,
    billing.pages,
    pages.router,
    reference.router,
    chat.router,
    talk.router,
    links.router,
    outbox.router,
    webhooks_router,
    data_router,
)
"""What can be asked from outside; the telephone's doors are added when its models are there."""


def create_app(settings: Settings) -> FastAPI:
    """The whole service as one ASGI application; it opens the database and the lines when it is served."""
    brains = make_brains(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with serving(app, settings, brains):
            yield

    app = FastAPI(
        title="Seiketsu",
        version="0.1.0",
        summary="The voice agent that sets itself up",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's own pages are drawn by scripts from elsewhere; see web/reference.py
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.operator_key = settings.operator_key()
    app.state.text_brain = brains.typed
    app.state.readiness = dict
    app.state.admit = Rate(per_minute=240).admit
    app.state.gate = Gate()
    app.state.proxies = settings.proxies
    app.state.guesses = Guesses(sign_in_policy().attempts.keys_per_minute)
    app.state.identify = identity.identify
    app.add_middleware(QuotaHeaders)
    problems.install(app)
    for router in DOORS:
        app.include_router(router)
    document.describe(app)
    app.mount("/static", StaticFiles(directory=Path(web.__file__).parent / "static"), name="static")
    return app


@asynccontextmanager
async def serving(app: FastAPI, settings: Settings, brains: Brains) -> AsyncIterator[None]:
    """Everything that lives as long as the service does; it ends in the opposite order."""
    found = flow_problems()
    if found:
        raise StartupError("The flows have problems:", problems=found)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    async with AsyncExitStack() as ends:
        db = await ends.enter_async_context(opened(settings.data_dir, settings.database_url))
        counting = Chores()  # until the last call is over
        ends.push_async_callback(counting.stop)
        ends.push_async_callback(delivery.settle)
        worker: Engine | None = None
        if settings.jobs == "inside":
            worker = make_worker(settings, db.cluster)
            ends.push_async_callback(worker.close)
            await worker.open()
        if brains.endpoint is not None:
            ends.push_async_callback(brains.endpoint.close)
        carrier = make_carrier(settings)
        parts = make_parts(settings, db, carrier, worker.nudge if worker else None)
        app.state.parts = parts
        telephone: Telephone | None = None
        if settings.speech:
            telephone = _add_telephone(app, settings, parts, carrier, brains)
            ends.push_async_callback(telephone.close)
        app.state.readiness = lambda: _readiness(telephone)

        counting.start("the guard learns", asyncio.to_thread(guard.warm))
        counting.start(
            "lines in use",
            admission_of(app.state).keep_beating(lambda: telephone.on_air() if telephone else []),
        )
        counting.start("requests counted", app.state.gate.allowance(parts).keep_writing())
        chores = Chores()
        ends.push_async_callback(chores.stop)
        if telephone is not None:
            chores.start("getting ready", telephone.get_ready(settings.data_dir / "models"))
        chores.start("sweeps", keep_sweeping(db, parts.ports, parts.clock))
        chores.start("webhooks", keep_nudged(db, parts.ports, parts.clock))
        metrics.watch_tasks()
        yield


def _add_telephone(
    app: FastAPI, settings: Settings, parts: Parts, carrier: Twilio | None, brains: Brains
) -> Telephone:
    telephone, phone = make_telephone(settings, parts, carrier, brains.live, admission_of(app.state))
    app.include_router(twilio_router(phone))
    app.include_router(outbound_router(OutboundParts(parts.db, parts.clock, phone, carrier)))
    app.include_router(texts_router(parts.db, parts.clock, public_url=phone.public_url, tokens=phone.tokens))
    app.state.telephone = telephone
    metrics.watch_calls(telephone.registry.__len__)
    return telephone


def _readiness(telephone: Telephone | None) -> dict[str, str]:
    if telephone is None:
        return {}
    line = "draining" if telephone.registry.draining else "ok"
    return {"speech": telephone.state, "lines": line}


class Chores:
    """Tasks beside the requests, which end together."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Begin one; ``name`` is what a debugger shows."""
        self._tasks.append(asyncio.create_task(work, name=name))

    async def stop(self) -> None:
        """Cancel them all and wait until they are gone."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
