"""One look at a one-time link, and the shape of what a link is for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

from loguru import logger

from agent import entered
from agent.conversation import Conversation
from agent.entered import Field
from agent.parts import Parts
from core.errors import NotFound, SeiketsuError
from core.ids import HOUSE_TENANT
from stores import outbox, receipts
from stores.conversations import Conversation as Row
from stores.db import Session
from stores.vault import Vault
from web.conversations import find
from web.live import Live

T = TypeVar("T")


class Closed(Exception):
    """The link opens nothing (any more). ``why`` names the words of ``closed.html``."""

    def __init__(self, why: str = "gone"):
        super().__init__(why)
        self.why = why


class Wrong(Exception):
    """What was typed cannot be taken: field -> sentence. The link stays good."""

    def __init__(self, problems: Mapping[str, str]):
        super().__init__("wrong")
        self.problems = dict(problems)


@dataclass(frozen=True)
class Sheet:
    """A page: its template, what the template tells, and what is asked. Without ``button`` it only tells."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    fields: Sequence[Field] = ()
    button: str = ""


@dataclass(frozen=True)
class Done:
    """What came of it. ``says``: the agent's next words, unless they are heard elsewhere.

    ``signs_in``: one goes on by signing in. ``pays``: one goes on to the payment provider's page, there.
    """

    title: str
    says: Sequence[str] = ()
    signs_in: bool = False
    pays: str = ""


Given = Mapping[str, Sequence[str]]
"""The fields as they were sent."""


@dataclass(frozen=True)
class Visit:
    """One look at a link, by somebody."""

    parts: Parts
    vault: Vault
    live: Live
    link: outbox.Link
    ip: str | None = None

    async def burn(self, session: Session) -> None:
        """Use the link up, within the transaction of what it does. Closed when somebody was faster."""
        used = await outbox.use_link(session, self.link.token_hash, now=self.parts.clock.now(), ip=self.ip)
        if used is None:
            raise Closed

    async def conversation(self) -> Row | None:
        """The conversation the link was sent in; where it goes on, if it was merged into another."""
        named = self.link.conversation_id or self.link.payload.get("conversation_id")
        try:
            return await find(self.parts, UUID(str(named))) if named else None
        except NotFound:
            return None

    async def client(self) -> UUID:
        """The client the link acts for. Closed while it is not registered yet."""
        if self.link.tenant_id != HOUSE_TENANT:
            return self.link.tenant_id
        row = await self.conversation()
        if row is None or row.subject_tenant_id is None:
            raise Closed("not_yet")
        return row.subject_tenant_id

    async def proof(self, session: Session, action: str, subject: str, result: Mapping[str, Any]) -> None:
        """The receipt and the audit row of what a page did; never what was typed (C44)."""
        await receipts.write_receipt(
            session,
            tool=action,
            key=f"link:{self.link.id}",
            arguments={"link": str(self.link.id)},
            result=result,
            status="done",
            conversation_id=self.link.conversation_id,
        )
        await receipts.audit(
            session,
            actor="page",
            action=action,
            subject=subject,
            at=self.parts.clock.now(),
            after=dict(result),
        )

    async def enter(self, row: Row, values: Mapping[str, Any]) -> Sequence[str]:
        """Values land in the form as agreed, and the agent goes on: aloud where the conversation is on a
        line of this process; else its words are returned. Conflict while another process drives it.
        """
        line = self.live.find(row.id)
        if line is not None:
            await self.live.in_turn(line, lambda c: entered.enter(c, values))
            return ()
        reply = await self._alone(row, lambda c: entered.enter(c, values))
        return [said.text for said in reply.says]

    async def verified(self, slot: str, value: Any) -> None:
        """Mark a slot as proved. The proof itself is stored already, so a busy line costs nothing."""
        row = await self.conversation()
        if row is None or slot not in self.parts.flows[row.flow].slots:
            return
        line = self.live.find(row.id)
        try:
            if line is not None:
                await entered.verify(line.conversation, slot, value)
            elif row.status != "ended":
                await self._alone(row, lambda c: entered.verify(c, slot, value))
        except SeiketsuError as error:
            logger.info("a proof did not reach the form: {}", error.code)

    async def _alone(self, row: Row, work: Callable[[Conversation], Awaitable[T]]) -> T:
        """Work on a conversation that no line drives now."""
        conversation = await Conversation.start(
            self.parts,
            tenant_id=row.tenant_id,
            channel="chat",
            conversation_id=row.id,
            owner=f"page:{self.link.id}",
        )
        try:
            return await work(conversation)
        finally:
            await conversation.let_go()


class Purpose(Protocol):
    """What a kind of link is for."""

    async def sheet(self, visit: Visit) -> Sheet:
        """What it shows. Looking changes nothing. Raises Closed."""

    async def take(self, visit: Visit, given: Given) -> Done:
        """Do it, once. Raises Wrong (the link stays good) and Closed."""
