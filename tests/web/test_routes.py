"""Every route is either open for a written reason or asks for the key; the documents match the routes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from loguru import logger
from openapi_core import OpenAPI
from prometheus_client import REGISTRY
from starlette.routing import WebSocketRoute

from agent.registry import Registry
from agent.stored_calls import StoredCalls
from stores.db import Database
from tests.web.conftest import Desk, MakeDesk, make_app, settings_for
from web.access import PUBLIC_OPERATIONS, PUBLIC_PATHS, is_public
from web.outbound_calls import OutboundParts, outbound_router
from web.texts import texts_router
from web.twilio import PhoneParts, twilio_router

ANYWHERE = "203.0.113.9"
"""A peer that is not this machine."""


def whole(desk: Desk) -> FastAPI:
    """With the telephone's routes, which are added when the models load."""
    nothing: Any = None
    book = StoredCalls(nothing, nothing, onboarding_number="+13035550100", process="test")
    phone = PhoneParts(book, Registry(1), nothing)
    desk.app.include_router(twilio_router(phone))
    desk.app.include_router(outbound_router(OutboundParts(nothing, nothing, phone)))
    desk.app.include_router(texts_router(nothing, nothing))
    return desk.app


def doors(app: FastAPI) -> Iterator[RouteContext]:
    return iter_route_contexts(app.routes)


def is_socket(door: RouteContext) -> bool:
    return isinstance(door.original_route, WebSocketRoute)


async def test_every_route_asks_for_the_key_or_is_public_for_a_reason(make_desk: MakeDesk) -> None:
    desk = make_desk(ANYWHERE)
    asked = []
    for door in doors(whole(desk)):
        if door.path in PUBLIC_PATHS:
            continue
        assert not is_socket(door), f"{door.path}: a socket cannot carry the key"
        path = re.sub(r"{[^}]+}", "01a20197-e125-719e-ba85-960fa3091f72", door.path)
        for method in door.methods or ():
            if is_public(method, door.path):
                continue
            answer = await desk.http.request(method, path)
            assert answer.status_code == 401, f"{method} {door.path} answers {answer.status_code}"
            asked.append(door.path)
    assert len(asked) >= 7


async def test_no_reason_is_kept_for_a_route_that_is_gone(desk: Desk) -> None:
    app = whole(desk)
    assert {door.path for door in doors(app)} >= PUBLIC_PATHS
    served = {
        (method, door.path) for door in doors(app) if not is_socket(door) for method in door.methods or ()
    }
    assert served >= PUBLIC_OPERATIONS


async def test_the_documents_list_the_routes_and_nothing_else(desk: Desk) -> None:
    document = (await desk.http.get("/openapi.json")).json()
    OpenAPI.from_dict(document)
    written = {(path, verb.upper()) for path, verbs in document["paths"].items() for verb in verbs}
    served = {
        (door.path, method)
        for door in doors(desk.app)
        if getattr(door, "include_in_schema", False) and not is_socket(door)
        for method in door.methods or ()
    }
    assert written == served
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            assert operation.get("description") or operation.get("summary"), f"{verb} {path} says nothing"
            guarded = bool(operation.get("security"))
            assert guarded != is_public(verb, path), f"{verb} {path}: the document hides who may"
    assert len(written) >= 12


async def test_what_is_not_there_and_not_allowed_speaks_the_same_language(desk: Desk) -> None:
    for method, path, status in (
        ("GET", "/nothing", 404),
        ("DELETE", "/healthz", 405),
        ("PUT", "/talk", 405),
    ):
        answer = await desk.http.request(method, path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


async def test_an_accident_says_nothing_about_the_caller(desk: Desk) -> None:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("Maria Reed +13035550142")

    desk.app.state.parts = Broken()
    lines: list[str] = []
    sink = logger.add(lambda message: lines.append(message.record["message"]))
    answer = await desk.http.get("/l/a-secret-token-nobody-may-log")
    logger.remove(sink)
    assert answer.status_code == 500 and answer.json()["code"] == "unexpected"
    assert "Maria" not in answer.text
    assert lines == ["unexpected RuntimeError at /l/{token}"]


async def test_a_crowd_is_told_when_to_come_back(
    desk: Desk, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = asyncio.Event()

    async def hold() -> None:
        async with db.platform("a test holds a connection"):
            await over.wait()

    async with asyncio.TaskGroup() as group:
        for _ in range(4):  # the pool, and what it may grow by
            group.create_task(hold())
        await asyncio.sleep(0.2)
        monkeypatch.setattr(db._platform.pool, "_timeout", 0.2)
        answer = await desk.http.get("/l/a-link-that-somebody-opens")
        over.set()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


async def test_health_readiness_and_metrics(desk: Desk) -> None:
    assert (await desk.http.get("/healthz")).json() == {"status": "ok"}
    ready = await desk.http.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "checks": {"database": "ok"}})
    desk.app.state.readiness = lambda: {"speech": "loading the speech models"}
    waiting = await desk.http.get("/readyz")
    assert waiting.status_code == 503 and waiting.json()["checks"]["speech"].startswith("loading")
    metrics = await desk.http.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain") and "seiketsu_turns" in metrics.text


async def test_what_is_typed_is_counted(desk: Desk) -> None:
    def count() -> float:
        return REGISTRY.get_sample_value("seiketsu_turns_total", {"channel": "chat", "kind": "hear"}) or 0

    before = count()
    begun = await desk.begin()
    await desk.say(begun["id"], "Acme Realty")
    assert count() == before + 1
    assert 'seiketsu_reply_seconds_count{channel="chat"}' in (await desk.http.get("/metrics")).text


async def test_a_database_that_is_gone_is_not_ready(desk: Desk, db: Database) -> None:
    async def silent() -> bool:
        return False

    db.ping = silent  # type: ignore[method-assign]
    answer = await desk.http.get("/readyz")
    assert answer.status_code == 503 and answer.json()["checks"]["database"] == "does not answer"


async def test_pages_carry_a_strict_policy(desk: Desk) -> None:
    for path in ("/talk", "/l/none", "/outbox"):
        policy = (await desk.http.get(path)).headers["content-security-policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy, path
    terms = await desk.http.get("/terms")
    assert terms.status_code == 200 and "Fair housing" in terms.text and "<form" not in terms.text
    page = (await desk.http.get("/talk")).text
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", page), "the policy would stop it"
    templates = Path(__file__).parents[2] / "web" / "templates"
    for template in templates.rglob("*.html"):
        text = template.read_text()
        assert not re.search(r"<script|<style|\son\w+=|\sstyle=|\|\s*safe", text), template.name


async def test_lines_are_offered_in_development_only(
    make_desk: MakeDesk, db: Database, tenant_id: Any
) -> None:
    from stores import tenancy

    async with db.tenant(tenant_id) as session:
        await tenancy.claim_number(session, ["+13035550177"], provider="fictional")
    lines = (await make_desk().http.get("/talk/lines")).json()["lines"]
    assert [line["number"] for line in lines] == ["+13035550100", "+13035550177"]
    lines = (await make_desk(env="production").http.get("/talk/lines")).json()["lines"]
    assert [line["number"] for line in lines] == ["+13035550100"]


async def test_an_application_is_made_of_settings_alone(tmp_path: Path, db: Database) -> None:
    one, two = (make_app(settings_for(tmp_path / name), db) for name in "ab")
    assert one.state.admit != two.state.admit and one.state.parts is not two.state.parts
