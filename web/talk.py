"""``WS /talk/audio``: a browser's microphone and loudspeaker on the same line as a telephone.

Binary messages are 16-bit mono PCM at 16 kHz both ways, text messages are RTVI in JSON. ``?to=NUMBER``
calls; with ``?conversation=ID`` what was typed goes on by voice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from fastapi import APIRouter, WebSocket
from loguru import logger
from starlette.types import Message

from agent.conversation import Conversation
from agent.parts import Parts
from agent.ports import LiveCall, Outcome
from agent.session import Session
from agent.transports import TALK_RATE, TalkSerializer, read_json, server_message
from core.errors import Refused, SeiketsuError, Unavailable
from core.ids import new_id
from stores import calls, tenancy
from tools import metering
from tools.admission import Admission
from web.quota import admission_of
from web.sockets import hang_up, open_socket, paced, refuse, tell, whose

router = APIRouter()

CHANNEL = "browser"
BYTES_PER_SECOND = TALK_RATE * 2.0
BURST_SECONDS = 5.0
"""Sound that may come at once: a page in a tab that slept sends what it has."""


@router.websocket("/talk/audio")
async def talk(websocket: WebSocket) -> None:
    """A call from a page, from the upgrade to the goodbye."""
    state = websocket.app.state
    if not await open_socket(websocket):
        return
    try:
        state.admit(websocket)
        telephone = _ready(state)
        tenant_id, row = await whose(state.parts, websocket)
        gate = admission_of(state)
        async with _admitted(state.parts, telephone, gate, websocket, tenant_id) as call:
            session = await _session(telephone, websocket, call, row.id if row else None)
            await _run(telephone, websocket, state.parts, session)
    except SeiketsuError as error:
        await refuse(websocket, error)
        return
    except Exception as error:
        logger.opt(exception=error).error("a call from a page broke: {}", type(error).__name__)
        await refuse(websocket, Unavailable("Something went wrong here. Please try again, or type."))
        return
    await hang_up(websocket)


def _ready(state: Any) -> Any:
    """The telephone, warm. Unavailable says what it waits for."""
    telephone = getattr(state, "telephone", None)
    if telephone is None:
        raise Unavailable("Voice is switched off here. You can type instead.")
    if telephone.state != "ok":
        raise Unavailable("The voice is still getting ready. Please try again in a moment, or type.")
    return telephone


@asynccontextmanager
async def _admitted(
    parts: Parts, telephone: Any, gate: Admission, websocket: WebSocket, tenant_id: UUID
) -> AsyncIterator[LiveCall]:
    """A seat, a line and a Call row for as long as the block runs. Refused when all lines are busy."""
    ident = new_id()
    seat = f"{CHANNEL}-{ident}"
    if not telephone.registry.take_seat(seat):
        raise Refused("all lines are busy", code="lines_busy", retry_after=60)
    reason = "failed"
    try:
        denied = await gate.admit("inbound", tenant_id, key=seat)
        if denied is not None:
            raise denied.error()
    except BaseException:
        telephone.registry.give_back(seat)
        raise
    try:
        now = parts.clock.now()
        async with parts.db.tenant(tenant_id) as session:
            profile = await tenancy.get_profile(session)
            await calls.start_call(
                session,
                now=now,
                id=ident,
                to=websocket.query_params.get("to"),
                channel=CHANNEL,
                status="in-progress",
                answered_at=now,
            )
        yield LiveCall(
            id=ident,
            tenant_id=tenant_id,
            call_sid=seat,
            channel=CHANNEL,
            facts={"record": profile.recording_notice if profile else True},
        )
        reason = "completed"
    finally:
        telephone.registry.give_back(seat)
        async with parts.db.tenant(tenant_id) as session:
            await calls.end_call(session, ident, at=parts.clock.now(), reason=reason)
            await metering.notify(session, now=parts.clock.now())
        await gate.release(tenant_id, seat)


async def _session(
    telephone: Any, websocket: WebSocket, call: LiveCall, conversation_id: UUID | None
) -> Session:
    async def farewell(outcome: Outcome, transfer_to: str | None) -> None:
        if outcome == "transferred" and transfer_to:
            await tell(websocket, server_message("transfer", number=transfer_to))

    session: Session = await telephone.lines.phone(replace(call, conversation_id=conversation_id), farewell)
    if session._recording is not None:
        session._recording.rate = TALK_RATE  # lines record telephones unless they are told
    return session


async def _run(telephone: Any, websocket: WebSocket, parts: Parts, session: Session) -> None:
    call, conversation = session.call, cast(Conversation, session.conversation)
    if call.conversation_id is not None:
        async with parts.db.tenant(call.tenant_id) as db:
            await calls.update_call(db, call.id, conversation_id=call.conversation_id)
    await tell(websocket, server_message("began", conversation=str(conversation.id), call=str(call.id)))
    paced(websocket, bytes_per_second=BYTES_PER_SECOND, burst=BURST_SECONDS)
    _mind_leaving(websocket, session)
    with (
        telephone.registry.on_air(session),
        logger.contextualize(call=str(call.id), tenant=str(call.tenant_id)),
    ):
        outcome = await session.run(websocket, TalkSerializer())
        logger.info("a call from a page left: {}", outcome)
    if outcome in ("dropped", "drained"):
        await conversation.let_go()  # it goes on by typing, or in another process
    async with parts.db.tenant(call.tenant_id) as db:
        files = {f"{kind}_path": path for kind, path in session.files.items()}
        if files:
            await calls.update_call(db, call.id, **files)
            await metering.files_stored(db, session.files.values(), at=parts.clock.now())
        await calls.end_call(db, call.id, at=parts.clock.now(), reason=outcome)


def _mind_leaving(websocket: WebSocket, session: Session) -> None:
    """A page that says ``disconnect-bot`` stops talking, but not the conversation; one that just goes has
    hung up.
    """
    receive = websocket.receive

    async def watched() -> Message:
        message = await receive()
        if (text := message.get("text")) and (read_json(text) or {}).get("type") == "disconnect-bot":
            session.abandon()
        return message

    websocket.receive = watched  # type: ignore[method-assign]
