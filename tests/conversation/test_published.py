"""A client's published flow is what its agent says; a conversation keeps the version it began with (A092)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import flows
from agent.conversation import Conversation
from agent.parts import Parts
from stores import flow_versions

SHIPPED = (Path(flows.__file__).parent / "lead.yaml").read_text()
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
QUESTION = "Which areas should I look in?"
OWN = "Which part of town do you dream of?"


async def publish(parts: Parts, tenant_id: UUID, source: str) -> int:
    async with parts.db.tenant(tenant_id) as session:
        row = await flow_versions.draft(session, flow="lead", source=source, author="test")
        await flow_versions.put_live(session, "lead", row.version, at=NOW)
    return row.version


async def said(conversation: Conversation, text: str) -> str:
    return " ".join(one.text for one in (await conversation.hear(text)).says)


async def test_what_is_published_is_said_and_what_has_begun_is_kept(parts: Parts, tenant_id: UUID) -> None:
    assert QUESTION in SHIPPED
    before = await Conversation.start(parts, tenant_id=tenant_id, channel="chat")
    await before.open()
    await publish(parts, tenant_id, SHIPPED.replace(QUESTION, OWN))
    after = await Conversation.start(parts, tenant_id=tenant_id, channel="chat")
    await after.open()
    assert QUESTION in await said(before, "I'd like to buy a home")
    assert OWN in await said(after, "I'd like to buy a home")
    await publish(parts, tenant_id, SHIPPED.replace(QUESTION, "And where?"))
    await after.let_go()
    again = await Conversation.start(parts, tenant_id=tenant_id, channel="chat", conversation_id=after.id)
    words = " ".join(one.text for one in (await again.open()).says)
    assert OWN in words, "the version it began with"


async def test_a_version_nobody_can_read_any_more_does_not_keep_a_call_from_being_answered(
    parts: Parts, tenant_id: UUID
) -> None:
    await publish(parts, tenant_id, "flow: lead\nsteps: {}\n")
    talk = await Conversation.start(parts, tenant_id=tenant_id, channel="chat")
    await talk.open()
    assert QUESTION in await said(talk, "I'd like to buy a home")
