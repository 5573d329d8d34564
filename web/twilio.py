"""The telephone: Twilio's webhooks and its media socket.

Whatever goes wrong, Twilio gets a document it can play; a caller never hears an application error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response, WebSocket, WebSocketDisconnect
from loguru import logger

from agent.callbook import Admitted, Again, CallBook, Lost, Transferred, TurnedAway
from agent.ports import LiveCall, Outcome
from agent.registry import Registry
from agent.session import Farewell, Session
from agent.transports import FRAME_CAP, TwilioSerializer, read_json
from agent.turns import described
from web import twiml
from web.trust import Tokens, Trust

HANDSHAKE_SECONDS = 10.0
ANSWER_SECONDS = 8.0
"""Twilio waits 15 s for a document; an apology in time is better than none."""
FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})

TROUBLE = "I'm sorry, we cannot take your call right now. Please try again in a few minutes."
AWAY = {
    "unknown": "I'm sorry, this number is not in service.",
    "closed": "I'm sorry, this line is not open at the moment.",
    "busy": "I'm sorry, all our lines are busy. Please try again in a few minutes.",
}
WHISPER = "{what} Press 1 to take the call."

Sessions = Callable[[LiveCall, Farewell], Awaitable[Session]]
"""Builds the session of a claimed call: its conversation, its speech, its recording."""


@dataclass(frozen=True)
class PhoneParts:
    """What the telephone routes need. ``tokens`` None: no credentials, so only this machine may call."""

    book: CallBook
    registry: Registry
    sessions: Sessions
    public_url: str | None = None
    tokens: Tokens | None = None
    hang_up: Callable[[LiveCall], Awaitable[None]] | None = None
    ended: Callable[[LiveCall], Awaitable[None]] | None = None
    """A call is over by the carrier's word: close what it left open."""
    caller_id: str | None = None
    ready: Callable[[], bool] = lambda: True
    """Whether the models are warm: a call that comes earlier is apologised to."""
    handshake_seconds: float = HANDSHAKE_SECONDS
    answer_seconds: float = ANSWER_SECONDS
    texts: dict[str, str] = field(default_factory=lambda: dict(AWAY))


def twilio_router(parts: PhoneParts) -> APIRouter:
    """``POST /twilio/voice|resume|status|whisper`` and ``WS /twilio/media``, as Twilio documents them."""
    router = APIRouter(prefix="/twilio")
    phone = Phone(parts)

    @router.post("/voice")
    async def voice(request: Request) -> Response:
        return await phone.document(request, phone.voice)

    @router.post("/resume")
    async def resume(request: Request) -> Response:
        return await phone.document(request, phone.resume)

    @router.post("/whisper")
    async def whisper(request: Request) -> Response:
        return await phone.document(request, phone.whisper)

    @router.post("/status")
    async def status(request: Request) -> Response:
        return await phone.status(request)

    @router.websocket("/media")
    async def media(websocket: WebSocket) -> None:
        await phone.media(websocket)

    return router


Form = dict[str, str]


class Phone:
    """The behaviour behind the routes."""

    def __init__(self, parts: PhoneParts):
        self.parts = parts
        self.trust = Trust(parts.public_url, parts.tokens)

    # -- documents ------------------------------------------------------------------------------

    async def document(self, request: Request, answer: Callable[[Request, Form], Awaitable[str]]) -> Response:
        """Check the signature, then answer with TwiML in any case."""
        form = await _form(request)
        if not await self.trust.admits(request, form):
            return Response(status_code=403)
        try:
            async with asyncio.timeout(self.parts.answer_seconds):
                body = await answer(request, form)
        except Exception as error:
            logger.error("no document for a call: {}", described(error))
            body = twiml.apology(TROUBLE)
        return Response(body, media_type=twiml.MEDIA_TYPE)

    async def voice(self, request: Request, form: Form) -> str:
        """A call rings."""
        sid, dialled = form.get("CallSid", ""), form.get("To", "")
        if not sid or not dialled:
            return twiml.apology(self.parts.texts["unknown"])
        if not self.parts.ready() or not self.parts.registry.take_seat(sid):
            logger.warning("a call was turned away: no room, or not ready yet")
            return twiml.apology(self.parts.texts["busy"])
        try:
            answer = await self.parts.book.answer(
                sid=sid,
                account_sid=form.get("AccountSid", ""),
                caller=form.get("From", ""),
                dialled=dialled,
            )
        except BaseException:
            self.parts.registry.give_back(sid)
            raise
        if isinstance(answer, TurnedAway):
            self.parts.registry.give_back(sid)
            words = answer.words or self.parts.texts[answer.why]
            return twiml.apology(words, answer.fallback_number, caller_id=self.parts.caller_id)
        return self._stream(request, answer)

    async def resume(self, request: Request, form: Form) -> str:
        """The media socket of a call has closed, or a transfer has been tried: what next?"""
        sid = form.get("CallSid", "")
        if form.get("CallStatus", "") in FINAL:
            return twiml.hang_up()
        dial = form.get("DialCallStatus") or None
        bridged = {"true": True, "false": False}.get(form.get("DialBridged", "").lower())
        step = await self.parts.book.what_next(sid, dial=dial, bridged=bridged)
        if isinstance(step, Transferred):
            origin = self.trust.origin(request)
            return twiml.transfer(
                step.number,
                after=f"{origin}/twilio/resume",
                ring_seconds=step.ring_seconds,
                whisper=f"{origin}/twilio/whisper?{urlencode({'call': sid})}",
                caller_id=self.parts.caller_id,
            )
        if isinstance(step, Lost):
            return twiml.apology(TROUBLE, step.fallback_number, caller_id=self.parts.caller_id)
        if isinstance(step, Again):
            if not self.parts.registry.take_seat(sid, returning=True):
                return twiml.apology(TROUBLE, step.call.fallback_number, caller_id=self.parts.caller_id)
            logger.bind(call=str(step.call.id)).info("a call comes back")
            return self._stream(request, Admitted(step.call, step.token))
        return twiml.hang_up()

    async def whisper(self, request: Request, form: Form) -> str:
        """What the person who picks up a transferred call hears first, and what they pressed.

        The request comes from their leg; the caller's call is named in the address, which Twilio signs.
        """
        sid = request.query_params.get("call", "") or form.get("ParentCallSid", "")
        pressed = form.get("Digits", "")
        if pressed:
            taken = pressed == "1" and await self.parts.book.accepted(sid)
            return twiml.connect() if taken else twiml.hang_up()
        what = await self.parts.book.whisper(sid)
        if what is None:
            return twiml.hang_up()
        answer = f"{self.trust.origin(request)}/twilio/whisper?{urlencode({'call': sid})}"
        return twiml.screen(WHISPER.format(what=what).strip(), answer=answer)

    async def status(self, request: Request) -> Response:
        """A status call-back. Late, repeated and unordered ones are normal."""
        form = await _form(request)
        if not await self.trust.admits(request, form):
            return Response(status_code=403)
        sid, status = form.get("CallSid", ""), form.get("CallStatus", "")
        if sid and status:
            event = "{}:{}".format(
                form.get("StatusCallbackEvent", status), form.get("SequenceNumber", status)
            )
            kept: tuple[str, ...] = ("CallDuration", "SequenceNumber", "SipResponseCode")
            facts = {name: form[name] for name in kept if name in form}
            try:
                call = await self.parts.book.report(sid=sid, status=status, event=event, data=facts)
                if status in FINAL:
                    self.parts.registry.give_back(sid)
                if call is not None:
                    await self._over(call)
            except Exception as error:
                logger.error("a status call-back was not taken in: {}", described(error))
                return Response(status_code=503)  # Twilio does not repeat it, but it shows in its debugger
        return Response(status_code=204)

    async def _over(self, call: LiveCall) -> None:
        session = self.parts.registry.get(call.id)
        if session is not None:
            session.abandon("hung_up")
        elif self.parts.ended is not None:
            await self.parts.ended(call)

    # -- the media socket -------------------------------------------------------------------------

    async def media(self, websocket: WebSocket) -> None:
        """Twilio's sound: handshake, claim, then the session has it."""
        if not await self.trust.admits(websocket, {}, socket=True):
            await websocket.close(4403)  # before accepting: the upgrade is answered with 403
            return
        await websocket.accept()
        try:
            async with asyncio.timeout(self.parts.handshake_seconds):
                start = await _start_message(websocket)
            call = await self._claim(start)
        except (TimeoutError, WebSocketDisconnect):
            call = None
        except Exception as error:
            logger.error("a media socket failed in its handshake: {}", described(error))
            call = None
        if call is None:
            await _close(websocket, 4403)
            return
        with logger.contextualize(call=str(call.id), tenant=str(call.tenant_id)):
            await self._talk(websocket, call, str(start["streamSid"]))

    async def _claim(self, start: dict[str, Any]) -> LiveCall | None:
        parameters = start.get("customParameters")
        token = parameters.get("token") if isinstance(parameters, dict) else None
        sid = start.get("callSid")
        if (
            not isinstance(token, str)
            or not isinstance(sid, str)
            or not isinstance(start.get("streamSid"), str)
        ):
            return None
        call = await self.parts.book.claim(token, sid)
        if call is None:
            logger.warning("a media socket without a valid token was closed")
        return call

    async def _talk(self, websocket: WebSocket, call: LiveCall, stream_sid: str) -> None:
        """Run the session. If it cannot even begin, the caller is sent elsewhere, not into silence."""
        book = self.parts.book

        async def farewell(outcome: Outcome, transfer_to: str | None) -> None:
            await book.leave(call, outcome, transfer_to=transfer_to)
            if outcome in ("done", "capped") and self.parts.hang_up is not None:
                await self.parts.hang_up(call)

        try:
            await self.parts.registry.supersede(call.id, timeout=5.0)
            session = await self.parts.sessions(call, farewell)
        except Exception as error:
            logger.error("a session could not begin: {}", described(error))
            await _quietly(book.leave(call, "failed"))
            await _close(websocket, 1011)
            return
        serializer = TwilioSerializer(stream_sid)
        with self.parts.registry.on_air(session):
            try:
                outcome = await session.run(websocket, serializer)
            except Exception as error:
                logger.error("a session broke: {}", described(error))
                outcome = "failed"
            await _quietly(book.leave(call, outcome, files=session.files))
            await _close(websocket, 1000)
        logger.info("a call left: {}", outcome)

    def _stream(self, request: Request, admitted: Admitted) -> str:
        origin = self.trust.origin(request)
        socket = "ws" + origin.removeprefix("http") + "/twilio/media"
        return twiml.stream(socket, token=admitted.token, after=f"{origin}/twilio/resume")


async def _form(request: Request) -> Form:
    """The POSTed parameters; unknown ones are kept, they are part of what is signed."""
    try:
        return {key: str(value) for key, value in (await request.form()).multi_items()}
    except Exception:
        return {}


async def _start_message(websocket: WebSocket) -> dict[str, Any]:
    """Read up to the ``start`` message; anything but ``connected`` before it is refused."""
    for _ in range(4):
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1006))
        data = message.get("text") or message.get("bytes") or ""
        parsed = read_json(data) if len(data) <= FRAME_CAP else None
        if parsed is None:
            raise WebSocketDisconnect(1003)
        if parsed.get("event") == "start" and isinstance(parsed.get("start"), dict):
            start: dict[str, Any] = parsed["start"]
            start.setdefault("streamSid", parsed.get("streamSid"))
            return start
        if parsed.get("event") != "connected":
            raise WebSocketDisconnect(1003)
    raise WebSocketDisconnect(1003)


async def _close(websocket: WebSocket, code: int) -> None:
    try:
        async with asyncio.timeout(1.0):
            await websocket.close(code)
    except Exception as error:
        logger.debug("closing a socket: {}", type(error).__name__)


async def _quietly(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as error:
        logger.error("the call book was not told: {}", described(error))
