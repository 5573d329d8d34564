"""Chat without a socket, for pages, SMS bridges and scripts: the same session and form as a call.

Stateless: every message reads the conversation from the store and leaves it there, so any process can
answer the next one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, StringConstraints

from agent.conversation import Conversation
from agent.flow_choice import pinned
from agent.form.state import FormState, slot_view
from agent.parts import Parts
from agent.reply import Reply
from core.errors import Conflict, InvalidInput, NotFound, Problem
from core.ids import HOUSE_TENANT
from flows.schema import Flow
from stores import conversations as store
from stores import receipts, tenancy
from stores.conversations import Conversation as Row
from web.metrics import Counted
from web.parts import PartsDep
from web.quota import let_in

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"])

NUMBER = re.compile(r"\+[1-9]\d{6,14}")
"""E.164."""
Number = Annotated[str, StringConstraints(strip_whitespace=True, pattern=f"^{NUMBER.pattern}$")]
Text = Annotated[str, StringConstraints(max_length=2000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Begin(BaseModel):
    """Whom to talk to. ``to``: the onboarding number or a tenant's; ``from`` only suggests who is calling."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"to": "+13035550100", "channel": "chat"}]},
        alias_generator=lambda name: "from" if name == "from_" else name,
        populate_by_name=True,
    )

    to: Number
    from_: Number | None = None
    channel: Literal["chat"] = "chat"


class Message(_Strict):
    """What the caller says; keys as ``DTMF: 1#``."""

    text: Text


class ToolView(BaseModel):
    """One thing that was done."""

    name: str
    arguments: dict[str, Any]
    status: str
    receipt_id: str | None = None
    ms: float = 0.0


class Answer(BaseModel):
    """The agent's words, and where the form stands."""

    id: UUID
    replies: list[str]
    ended: bool
    tools: list[ToolView] = []
    step: str = ""
    slots: dict[str, dict[str, Any]] = {}
    awaiting: dict[str, Any] = {}


class TurnView(BaseModel):
    """One turn of the transcript."""

    role: str
    text: str
    channel: str
    at: datetime
    latency: dict[str, Any] = {}
    tools: list[dict[str, Any]] = []


class ReceiptView(BaseModel):
    """Proof of a write."""

    id: UUID
    tool: str
    status: str
    undone: bool
    at: datetime


class ConversationView(BaseModel):
    """A conversation as stored: form, receipts, transcript."""

    id: UUID
    status: str
    channel: str
    flow: str
    version: int
    step: str
    awaiting: dict[str, Any]
    slots: dict[str, dict[str, Any]]
    tenant_id: UUID | None
    receipts: list[ReceiptView]
    transcript: list[TurnView]


async def route(parts: Parts, number: str) -> UUID:
    """The tenant whose agent answers this number. NotFound; Conflict while the line is closed."""
    if number == parts.onboarding_number:
        return HOUSE_TENANT
    async with parts.db.platform("route a conversation") as session:
        found = await tenancy.route_number(session, number)
    if found is None:
        raise NotFound(
            "no agent answers this number",
            problems=[Problem("is not one of ours", "to", "use the onboarding number or a tenant's number")],
        )
    if (found.tenant_status, found.number_status) != ("live", "active"):
        raise Conflict("this line is not open at the moment", code="not_live")
    return found.tenant_id


async def find(parts: Parts, conversation_id: UUID) -> Row:
    """The stored conversation, whoever's it is: the id is the capability."""
    async with parts.db.platform("find a conversation by its id") as session:
        row = await store.load(session, conversation_id)
        if (row.end_reason or "").startswith("merged:"):
            # the caller gave a resume code: this line now goes on with the earlier conversation
            row = await store.load(session, UUID(str(row.end_reason).removeprefix("merged:")))
        return row


def visible(flow: Flow, slots: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The slots that may be shown: what is private, or unknown to the flow, stays in the form."""
    return {
        name: dict(slot)
        for name, slot in slots.items()
        if name in flow.slots and not flow.slots[name].private
    }


def answer(conversation: Conversation, reply: Reply) -> Answer:
    """A reply in the shape of the API."""
    return Answer(
        id=conversation.id,
        replies=[u.text for u in reply.says],
        ended=reply.ended,
        tools=[ToolView.model_validate(t.as_dict()) for t in reply.tools],
        step=reply.step,
        slots=visible(conversation.flow, reply.slots),
        awaiting=dict(reply.awaiting),
    )


@router.post("", status_code=201)
async def begin(body: Begin, parts: PartsDep, request: Request) -> Answer:
    """Begin a conversation with the agent that answers ``to``."""
    request.app.state.admit(request)
    tenant_id = await route(parts, body.to)
    await let_in(request.app.state, tenant_id)
    conversation = await Conversation.start(parts, tenant_id=tenant_id, channel="chat", caller=body.from_)
    reply = await conversation.open()
    await conversation.let_go()
    return answer(conversation, reply)


@router.post("/{conversation_id}/messages")
async def say(conversation_id: UUID, body: Message, parts: PartsDep, request: Request) -> Answer:
    """Say something and get the agent's answer. 409 when the conversation goes on elsewhere or has ended."""
    request.app.state.admit(request)
    if not body.text.strip():
        raise InvalidInput(
            "nothing was said", problems=[Problem("is empty", "text", "send the caller's words")]
        )
    row = await find(parts, conversation_id)
    request.app.state.gate.chat(row.tenant_id)
    conversation = await Conversation.take_up(parts, row, channel="chat")
    reply = await Counted(request.app.state.text_brain).answer(conversation, body.text)
    if reply.ended:
        await conversation.close("finished")
    else:
        await conversation.let_go()
    return answer(conversation, reply)


@router.get("/{conversation_id}")
async def view(conversation_id: UUID, parts: PartsDep) -> ConversationView:
    """The conversation as it is stored now."""
    row = await find(parts, conversation_id)
    async with parts.db.tenant(row.tenant_id) as session:
        turns = await store.turns(session, row.id)
        written = list(await receipts.receipts(session, row.id))
        flow = (await pinned(parts, session, row)).flows[row.flow]
    if row.subject_tenant_id is not None and row.subject_tenant_id != row.tenant_id:
        async with parts.db.tenant(row.subject_tenant_id) as session:
            written += await receipts.receipts(session, row.id)
    state = FormState.model_validate(row.state or {"flow": row.flow, "version": row.flow_version})
    waiting = state.awaiting
    return ConversationView(
        id=row.id,
        status=row.status,
        channel=row.channel,
        flow=row.flow,
        version=row.flow_version,
        step=row.step or "",
        awaiting={"kind": waiting.kind, "slots": waiting.slots, "step": waiting.step},
        slots={n: slot_view(s) for n, s in state.slots.items() if not flow.slots[n].private},
        tenant_id=row.subject_tenant_id if row.tenant_id == HOUSE_TENANT else row.tenant_id,
        receipts=[
            ReceiptView(
                id=r.id, tool=r.tool, status=r.status, undone=r.undone_at is not None, at=r.created_at
            )
            for r in sorted(written, key=lambda r: r.created_at)
        ],
        transcript=[
            TurnView(
                role=t.role, text=t.text, channel=t.channel, at=t.started_at, latency=t.latency, tools=t.tools
            )
            for t in turns
        ],
    )
