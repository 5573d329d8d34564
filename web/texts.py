"""Texts that come in: stop, start and help take effect at once, whatever the wording or language (C16)."""

from __future__ import annotations

from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response
from loguru import logger

from agent.guardrails.guard import check_heard, consider
from core.clock import Clock
from stores import tenancy
from stores.db import Database
from tools import texts
from web.trust import Tokens, Trust

MOST = 1600
"""Characters of a text that are looked at: more than a carrier joins into one."""
HEAD = "<?xml version='1.0' encoding='UTF-8'?>"
EMPTY = f"{HEAD}<Response/>"


def texts_router(
    db: Database, clock: Clock, *, public_url: str | None = None, tokens: Tokens | None = None
) -> APIRouter:
    """``POST /twilio/sms`` as Twilio documents it: ``From``, ``To``, ``Body``; at most one answer."""
    router = APIRouter(prefix="/twilio")
    trust = Trust(public_url, tokens)

    @router.post("/sms")
    async def sms(request: Request) -> Response:
        form = {key: str(value) for key, value in (await request.form()).multi_items()}
        if not await trust.admits(request, form):
            return Response(status_code=403)
        reply = await _answer(
            db, clock, form.get("From", ""), form.get("To", ""), form.get("Body", "")[:MOST]
        )
        return Response(reply, media_type="text/xml")

    return router


async def _answer(db: Database, clock: Clock, phone: str, dialled: str, body: str) -> str:
    if not phone:
        return EMPTY
    async with db.platform("a text names only a telephone number") as session:
        route = await tenancy.route_number(session, dialled)
    if route is None:
        logger.warning("a text came for a number that is nobody's")
        return EMPTY
    await consider(body)
    verdict = check_heard(body, flow="lead", channel="chat")
    async with db.tenant(route.tenant_id) as session:
        answered = await texts.received(
            session,
            phone=phone,
            body=body,
            understood=verdict.label,
            clock=clock,
            language=verdict.language,
        )
    if not answered.reply:
        return EMPTY
    return f"{HEAD}<Response><Message>{escape(answered.reply)}</Message></Response>"
