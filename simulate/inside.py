"""A caller of ``simulate/scripts`` against the conversation in this process, words through a ``Line``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from agent.conversation import Conversation
from agent.parts import Parts
from agent.reply import Reply
from core.errors import NotFound
from core.ids import HOUSE_TENANT
from simulate.caller import Caller, Move
from simulate.doors import Heard, ToolSeen
from simulate.hearing import Line, Spoken, Written
from simulate.script import Script
from simulate.state import State
from simulate.suite import next_leg
from simulate.talk import talk
from simulate.verdict import Result, judge
from stores import leads, support, tenancy


@dataclass
class InsideDoor:
    """One conversation, without a service. Keys and silence are what they are on the telephone."""

    parts: Parts
    tenant_id: UUID
    from_: str | None
    line: Line
    channel: str = "voice"
    spoken: list[Spoken] = field(default_factory=list)
    _talk: Conversation | None = None
    _reply: Reply | None = None
    _language: str = "en"
    _takes: Counter[str] = field(default_factory=Counter)

    async def open(self) -> Heard:
        """Begin the conversation."""
        self._talk = await Conversation.start(
            self.parts, tenant_id=self.tenant_id, channel=self.channel, caller=self.from_
        )
        return self._heard(await self._talk.open())

    async def act(self, move: Move) -> Heard:
        """Say it, press it, keep quiet or leave. What is said over the agent comes after it."""
        if move.do == "hang_up":
            return Heard(ended=True)
        if move.do == "silence":
            return self._heard(await self._conversation.silence())
        if move.do == "keys":
            return self._heard(await self._conversation.hear(f"DTMF: {move.text}"))
        heard = await self._said(move.text)
        if move.then and not heard.ended:
            more = await self._said(move.then)
            heard = Heard([*heard.texts, *more.texts], [*heard.tools, *more.tools], more.ended)
        return heard

    async def state(self) -> State:
        """Where the conversation stands."""
        assert self._reply is not None
        reply = self._reply
        return State.of(
            {"step": reply.step, "slots": reply.slots, "awaiting": reply.awaiting, "ended": reply.ended}
        )

    async def close(self) -> None:
        """Hang up."""
        if self._talk is not None:
            await self._talk.close("caller hung up")

    @property
    def _conversation(self) -> Conversation:
        assert self._talk is not None
        return self._talk

    async def _said(self, text: str) -> Heard:
        assert self._reply is not None
        self._takes[text] += 1
        spoken = await self.line.say(
            text,
            vocabulary=self._reply.vocabulary,
            patience=self._reply.patience,
            take=self._takes[text],
            language=self._language,
            careful=self._reply.careful,
        )
        self._language = spoken.language
        self.spoken.append(spoken)
        if not spoken.heard:
            return self._heard(await self._conversation.silence())
        return self._heard(await self._conversation.hear(spoken.heard, confidence=spoken.confidence))

    def _heard(self, reply: Reply) -> Heard:
        self._reply = reply
        tools = [ToolSeen(run.name, run.status, run.arguments) for run in reply.tools]
        return Heard([reply.text], tools, reply.ended or bool(reply.transfer_to))


class Books:
    """What a verdict reads, straight from the stores: ``/tenants``, and a tenant's leads and tickets."""

    def __init__(self, parts: Parts):
        self.parts = parts

    async def get(self, path: str, **query: Any) -> Any:
        """As ``ServiceClient.get``; NotFound for any other path."""
        match path.strip("/").split("/"):
            case ["tenants"]:
                return {"items": await self._tenants()}
            case ["tenants", tenant, ("leads" | "tickets") as what]:
                return {"items": await self._rows(UUID(tenant), what)}
        raise NotFound(f"a simulation keeps no {path}")

    async def _tenants(self) -> list[dict[str, Any]]:
        found = []
        async with self.parts.db.platform("a simulation reads what it made") as session:
            tenants = await tenancy.list_tenants(session, limit=1000)
        for tenant in tenants:
            async with self.parts.db.tenant(tenant.id) as session:
                numbers = [row.e164 for row in await tenancy.numbers(session)]
            shown = {name: getattr(tenant, name) for name in ("id", "name", "slug", "status", "plan")}
            found.append({**shown, "numbers": numbers})
        return found

    async def _rows(self, tenant_id: UUID, what: str) -> list[dict[str, Any]]:
        async with self.parts.db.tenant(tenant_id) as session:
            rows: Sequence[Any]
            if what == "leads":
                rows, _ = await leads.list_leads(session, limit=200)
            else:
                rows = await support.list_tickets(session, limit=200)
            return [{k: v for k, v in vars(row).items() if not k.startswith("_")} for row in rows]


async def play_inside(
    script: Script, parts: Parts, tenant_id: UUID, line: Line, number: str
) -> tuple[Result, list[Spoken]]:
    """Every leg of a script and what came of it; legs that are chats are written."""
    result, spoken, records = Result(script.caller, script.title, "heard"), [], []
    caller = Caller(script, "phone")
    for leg in script.legs:
        written = leg.door == "chat" or "phone" not in script.doors
        caller = next_leg(caller, script, "chat" if written else "phone", leg)
        door = InsideDoor(
            parts,
            HOUSE_TENANT if script.to == "onboarding" else tenant_id,
            leg.from_ or script.from_,
            Written() if written else line,
            "chat" if written else "voice",
        )
        records.append(await talk(caller, door))
        spoken += door.spoken
    result.turns = sum(record.turns for record in records)
    result.troubles = caller.troubles
    misheard = not isinstance(line, Written)
    result.failures = await judge(script, records, caller, Books(parts), number, misheard=misheard)
    return result, spoken
