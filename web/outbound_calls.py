"""The carrier's requests about calls that we placed: picked up, a machine, its states. All of them signed.

Each address names the client, the wish and the try; the signature covers the address, so it can be believed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from loguru import logger

from agent.callbook import Admitted
from agent.registry import Registry
from agent.stored_calls import StoredCalls
from agent.turns import described
from core.clock import Clock
from core.errors import NotFound, SeiketsuError
from core.ids import as_uuid
from integrations.twilio import Calls
from policies import dialing
from stores.db import Database
from tools import dial_reports
from tools.dial_reports import Machine, Report
from web import twiml
from web.trust import Trust
from web.twilio import ANSWER_SECONDS, FINAL, Form, PhoneParts


@dataclass(frozen=True)
class OutboundParts:
    """What the routes need besides the telephone's own."""

    db: Database
    clock: Clock
    phone: PhoneParts
    carrier: Calls | None = None


def outbound_router(parts: OutboundParts) -> APIRouter:
    """``POST /twilio/outbound/answer|machine|status``."""
    router = APIRouter(prefix="/twilio/outbound")
    placed = Placed(parts)

    @router.post("/answer")
    async def answer(request: Request) -> Response:
        return await placed.answer(request)

    @router.post("/machine")
    async def machine(request: Request) -> Response:
        return await placed.machine(request)

    @router.post("/status")
    async def status(request: Request) -> Response:
        return await placed.status(request)

    return router


class Placed:
    """The behaviour behind the routes."""

    def __init__(self, parts: OutboundParts):
        assert isinstance(parts.phone.book, StoredCalls)
        self.parts, self.book = parts, parts.phone.book
        self.registry: Registry = parts.phone.registry
        self.trust = Trust(parts.phone.public_url, parts.phone.tokens)

    async def answer(self, request: Request) -> Response:
        """It was picked up: the agent speaks at once; machine detection runs beside it."""
        form = await _form(request)
        if not await self.trust.admits(request, form):
            return Response(status_code=403)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                body = await self._document(request, form)
        except Exception as error:
            logger.error("no document for a call we placed: {}", described(error))
            body = twiml.hang_up()
        return Response(body, media_type=twiml.MEDIA_TYPE)

    async def _document(self, request: Request, form: Form) -> str:
        report = _report(request, form)
        if report is None or form.get("CallStatus") in FINAL:
            return twiml.hang_up()
        picked = await dial_reports.picked_up(self.parts.db, self.parts.clock, report)
        if picked is None:
            return twiml.hang_up()
        sorry = twiml.apology(dialing.abandoned(picked.brand, dialing.spoken_number(picked.line)))
        if not self.parts.phone.ready() or not self.registry.take_seat(report.sid):
            logger.warning("a call we placed was picked up and cannot be talked on")
            return sorry
        try:
            admitted = await self.book.answer_placed(picked, sid=report.sid, account_sid=report.account_sid)
        except BaseException:
            self.registry.give_back(report.sid)
            raise
        if not isinstance(admitted, Admitted):
            self.registry.give_back(report.sid)
            return sorry
        await dial_reports.connected(self.parts.db, report.tenant_id, picked.dial_id, admitted.call.id)
        origin = self.trust.origin(request)
        socket = "ws" + origin.removeprefix("http") + "/twilio/media"
        return twiml.stream(socket, token=admitted.token, after=f"{origin}/twilio/resume")

    async def machine(self, request: Request) -> Response:
        """What the carrier takes the other side for, some seconds after it was picked up, or later."""
        form = await _form(request)
        if not await self.trust.admits(request, form):
            return Response(status_code=403)
        report, answered_by = _report(request, form), form.get("AnsweredBy", "")
        if report is not None and answered_by:
            try:
                what = await dial_reports.machine(self.parts.db, self.parts.clock, report, answered_by)
                if what is not None:
                    await self._see_to(what, report)
            except SeiketsuError as error:
                logger.error("a machine was not seen to: {}", error.code)
                return Response(status_code=503)
        return Response(status_code=204)

    async def _see_to(self, what: Machine, report: Report) -> None:
        """The approved words at the beep, or nothing; the agent is not heard any more (C14)."""
        session = self.registry.get(what.call_id) if what.call_id else None
        if session is not None:
            session.conversation.machine = True  # type: ignore[attr-defined]
        carrier = self.parts.carrier
        try:
            if carrier is None:
                raise NotFound("no carrier")
            if what.act == "leave":
                await carrier.redirect(report.account_sid, report.sid, twiml=twiml.leave(what.words))
            else:
                await carrier.hang_up(report.account_sid, report.sid)
        except NotFound:
            pass  # it is over already
        except SeiketsuError as error:
            logger.warning("the carrier did not take a machine's call off the line: {}", error.code)
            if session is not None:
                await session.stop("hung_up", "a machine")

    async def status(self, request: Request) -> Response:
        """A state of the call. Late, repeated and unordered ones are normal."""
        form = await _form(request)
        if not await self.trust.admits(request, form):
            return Response(status_code=403)
        report, status = _report(request, form), form.get("CallStatus", "")
        if report is None or not status:
            return Response(status_code=204)
        try:
            await self._ended_in_the_book(report, status, form)
            await dial_reports.heard(
                self.parts.db,
                self.parts.clock,
                report,
                status=status,
                answered_by=form.get("AnsweredBy") or None,
            )
        except SeiketsuError as error:
            logger.error("a state of a call we placed was not taken in: {}", error.code)
            return Response(status_code=503)
        return Response(status_code=204)

    async def _ended_in_the_book(self, report: Report, status: str, form: Form) -> None:
        kept = ("CallDuration", "SequenceNumber", "SipResponseCode")
        facts = {name: form[name] for name in kept if name in form}
        event = f"{form.get('StatusCallbackEvent', status)}:{form.get('SequenceNumber', status)}"
        call = await self.book.report(sid=report.sid, status=status, event=event, data=facts)
        if status in FINAL:
            self.registry.give_back(report.sid)
        if call is None:
            return
        session = self.registry.get(call.id)
        if session is not None:
            session.abandon("hung_up")
        elif self.parts.phone.ended is not None:
            await self.parts.phone.ended(call)


def _report(request: Request, form: Form) -> Report | None:
    query = request.query_params
    tenant, dial = _id(query.get("tenant")), _id(query.get("dial"))
    if tenant is None or dial is None or not query.get("try") or not form.get("CallSid"):
        return None
    return Report(tenant, dial, query["try"], form["CallSid"], form.get("AccountSid", ""))


def _id(text: Any) -> UUID | None:
    return as_uuid(str(text)) if text else None


async def _form(request: Request) -> Form:
    """The POSTed parameters; unknown ones are kept, they are part of what is signed."""
    try:
        return {key: str(value) for key, value in (await request.form()).multi_items()}
    except Exception:
        return {}
