"""Chat over a socket: RTVI messages in, the agent's words and the form's state out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pipecat.processors.frameworks.rtvi import models as rtvi
from pydantic import BaseModel
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from core.ids import HOUSE_TENANT, new_id
from stores import conversations, tenancy
from stores.db import Database
from tests.web.conftest import ACCOUNT, HOUSE, Desk, served
from tests.web.test_links import link
from web import chat
from web.rate import Rate

models: dict[str, type[BaseModel]] = {
    "bot-ready": rtvi.BotReady,
    "bot-llm-started": rtvi.BotLLMStartedMessage,
    "bot-output": rtvi.BotOutputMessage,
    "bot-llm-stopped": rtvi.BotLLMStoppedMessage,
    "server-message": rtvi.ServerMessage,
}
"""The shapes that RTVI clients expect."""


class Chat:
    """The peer's end."""

    def __init__(self, socket: ClientConnection):
        self.socket = socket

    async def send(self, kind: str, **data: Any) -> None:
        await self.socket.send(json.dumps({"label": "rtvi-ai", "type": kind, "id": "1", "data": data}))

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(10):
            return json.loads(await self.socket.recv())

    async def until(self, kind: str) -> list[dict[str, Any]]:
        """Messages up to one of that kind (or event of ours)."""
        seen = []
        while not seen or kind not in (seen[-1]["type"], seen[-1]["data"].get("event")):
            seen.append(await self.next())
        return seen

    async def turn(self, text: str | None = None) -> tuple[list[str], dict[str, Any]]:
        """Say something (or nothing: hello); the agent's words and the state of the form."""
        await (self.send("send-text", content=text) if text is not None else self.send("client-ready"))
        seen = await self.until("state")
        return [m["data"]["text"] for m in seen if m["type"] == "bot-output"], seen[-1]["data"]

    async def closed(self) -> int:
        """The code it was closed with."""
        async with asyncio.timeout(10):
            try:
                while True:
                    await self.socket.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006


@pytest.fixture
async def host(desk: Desk) -> AsyncIterator[str]:
    async with served(desk.app) as host:
        yield host


@asynccontextmanager
async def chatting(host: str, *, headers: dict[str, str] | None = None, **query: str) -> AsyncIterator[Chat]:
    asked = "&".join(f"{k}={v.replace('+', '%2B')}" for k, v in query.items())
    async with connect(f"ws://{host}/chat?{asked}", additional_headers=headers, open_timeout=60) as socket:
        yield Chat(socket)


async def test_a_set_up_in_chat_shows_words_state_and_tools(host: str, desk: Desk) -> None:
    async with chatting(host, to=HOUSE) as one:
        await one.send("client-ready")
        hello = await one.until("state")
        assert [m["type"] for m in hello] == [
            "bot-ready",
            "bot-llm-started",
            *["bot-output"] * 3,
            "bot-llm-stopped",
            "server-message",
        ]
        assert hello[0]["data"]["version"].startswith("2.") and hello[0]["id"] == "1"
        assert "I'm an AI" in hello[2]["data"]["text"]
        for message in hello:
            models[message["type"]].model_validate(message)
        told = rtvi.BotOutputMessage.model_validate(hello[2]).data
        assert (told.output_type, told.will_be_spoken, told.spoken_status) == ("sentence", False, "new")
        assert hello[-1]["data"]["awaiting"]["slots"] == ["organization_name"]
        for words in ACCOUNT:
            said, state = await one.turn(words)
            assert said
        assert [(t["name"], t["status"]) for t in state["tools"]] == [("register_organization", "registered")]
        assert state["step"] == "voice_agent" and state["slots"]["plan"]["value"] == "professional"
    conversation = hello[0]["data"]["about"]["conversation"]
    assert (await desk.look(conversation))["slots"]["plan"]["status"] == "confirmed"
    # the same conversation goes on without a socket, and then over another one
    assert "sound" in " ".join((await desk.say(conversation, "repeat"))["replies"])
    async with chatting(host, conversation=conversation) as again:
        said, state = await again.turn()
        assert "sound" in " ".join(said) and "I'm an AI" not in " ".join(said)
        assert state["awaiting"]["slots"] == ["voice_profile"]


async def test_goodbye_is_the_last_word(host: str, desk: Desk) -> None:
    async with chatting(host, to=HOUSE) as one:
        await one.turn()
        await one.send("send-text", content="goodbye")
        seen = await one.until("ended")
        assert any(m["type"] == "bot-output" for m in seen)
        assert await one.closed() == 1000


async def test_leaving_and_saying_so_are_the_same(host: str, desk: Desk) -> None:
    async with chatting(host, to=HOUSE) as one:
        await one.send("client-ready")
        ident = (await one.until("state"))[0]["data"]["about"]["conversation"]
        await one.turn("Acme Realty")
        await one.send("disconnect-bot")
        assert await one.closed() == 1000
    assert (await desk.look(ident))["slots"]["organization_name"]["value"] == "Acme Realty"
    assert (await desk.say(ident, "Colorado"))["slots"]["states_served"]["status"] == "confirmed"


async def test_a_second_window_is_told_where_it_goes_on(host: str, desk: Desk) -> None:
    ident = (await desk.begin())["id"]
    async with chatting(host, conversation=ident) as first:
        await first.turn()
        async with chatting(host, conversation=ident) as second:
            told = await second.next()
            assert told["type"] == "error" and told["data"]["code"] == "in_use" and told["data"]["fatal"]
            assert "another window" in told["data"]["message"]
            assert await second.closed() == 4409
        answer = await desk.http.post(f"/api/v1/conversations/{ident}/messages", json={"text": "Acme"})
        assert answer.status_code == 409
        said, _ = await first.turn("Acme Realty")
        assert said, "the first one was not disturbed"
    async with chatting(host, conversation=ident) as third:
        assert (await third.turn())[0]


@pytest.mark.parametrize(
    ("query", "code", "word"),
    [
        ({"to": "+13035550199"}, 4404, "no agent"),
        ({"to": "me"}, 4422, "whom"),
        ({}, 4422, "whom"),
        ({"conversation": "7"}, 4404, "no such"),
        ({"conversation": "01a20197-e125-719e-ba85-960fa3091f72"}, 4404, "no such"),
    ],
)
async def test_who_cannot_be_reached_is_said(host: str, query: dict[str, str], code: int, word: str) -> None:
    async with chatting(host, **query) as one:
        told = await one.next()
        assert word in told["data"]["message"].lower()
        assert await one.closed() == code


async def test_a_line_that_is_not_live_is_said(host: str, desk: Desk, db: Database, tenant_id: UUID) -> None:
    async with db.tenant(tenant_id) as session:
        await tenancy.claim_number(session, ["+13035550177"], provider="fictional")
        await tenancy.set_status(session, "paused", at=desk.app.state.parts.clock.now())
    async with chatting(host, to="+13035550177") as chat:
        told = await chat.next()
        assert told["data"]["message"].startswith("This line is not open") and await chat.closed() == 4409


async def test_an_ended_conversation_is_not_opened(host: str, desk: Desk, db: Database) -> None:
    ident = (await desk.begin())["id"]
    async with db.tenant(HOUSE_TENANT) as session:
        await conversations.end(session, UUID(ident), at=desk.app.state.parts.clock.now(), reason="test")
    async with chatting(host, conversation=ident) as one:
        assert "ended" in (await one.next())["data"]["message"]
        assert await one.closed() == 4409


async def test_only_our_own_pages_open_a_chat(host: str, desk: Desk) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with chatting(host, to=HOUSE, headers={"Origin": "https://evil.example"}):
            pass
    assert refused.value.response.status_code == 403
    async with chatting(host, to=HOUSE, headers={"Origin": f"http://{host}"}) as own:
        assert (await own.turn())[0]
    desk.app.state.settings.public_url = "https://voice.example.com"
    async with chatting(host, to=HOUSE, headers={"Origin": "https://voice.example.com"}) as public:
        assert (await public.turn())[0]


async def test_garbage_is_answered_and_then_cut(host: str) -> None:
    async with chatting(host, to=HOUSE) as one:
        await one.turn()
        for rubbish in ("{", "[]", "null", '{"type": 7}', '"' * 2000, b"\x00\xff"):
            await one.socket.send(rubbish)
            assert (await one.next())["type"] == "error-response"
        await one.send("send-text", content="x" * 2001)
        told = await one.next()
        assert told["type"] == "error-response" and "2000" in told["data"]["error"] and told["id"] == "1"
        await one.send("llm-function-call-result", tool="register_organization", result={"ok": True})
        assert (await one.next())["type"] == "error-response"
        assert (await one.turn("Acme Realty"))[0], "it still listens"
        for _ in range(chat.MOST_REFUSALS):
            await one.socket.send("{")
        assert await one.closed() == 1008
    async with chatting(host, to=HOUSE) as one:
        await one.socket.send("x" * 70_000)
        assert await one.closed() == 1009


async def test_haste_is_slowed_and_nothing_of_it_is_said_for_the_caller(
    host: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "MESSAGES_PER_MINUTE", 3.0)
    monkeypatch.setattr(chat, "Rate", lambda per_minute: Rate(per_minute, now=lambda: 0.0))
    async with chatting(host, to=HOUSE) as one:
        await one.turn()
        await one.turn("Acme Realty")
        await one.turn("Colorado")
        await one.send("send-text", content="yes")
        assert "slower" in (await one.next())["data"]["error"]


async def test_doors_have_a_bell_limit(host: str, desk: Desk) -> None:
    desk.app.state.admit = Rate(1, now=lambda: 0.0).admit
    async with chatting(host, to=HOUSE) as one:
        assert (await one.turn())[0]
    async with chatting(host, to=HOUSE) as two:
        told = await two.next()
        assert told["data"]["retry_after"] == 60 and await two.closed() == 4429


async def test_a_thinking_peer_keeps_the_conversation_and_a_dead_one_does_not(
    host: str, desk: Desk, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "LEASE_SECONDS", 0.6)
    ident = (await desk.begin())["id"]

    async def held() -> timedelta:
        async with db.tenant(HOUSE_TENANT) as session:
            row = await conversations.load(session, UUID(ident))
        assert row.lease_until is not None
        return row.lease_until - desk.app.state.parts.clock.now()

    async with chatting(host, conversation=ident) as one:
        await one.turn()
        async with db.tenant(HOUSE_TENANT) as session:  # as if the time had run down
            row = await conversations.load(session, UUID(ident))
            row.lease_until = desk.app.state.parts.clock.now() + timedelta(seconds=0.4)
        await asyncio.sleep(0.5)
        assert await held() > timedelta(0)
        # another process has taken it over: this window says so and closes
        async with db.tenant(HOUSE_TENANT) as session:
            row = await conversations.load(session, UUID(ident))
            row.lease_owner = "call:elsewhere"
        told = (await one.until("error"))[-1]
        assert told["data"]["code"] == "in_use" and await one.closed() == 4409


async def test_what_is_typed_on_a_page_is_heard_in_the_open_chat(host: str, desk: Desk, db: Database) -> None:
    ident = (await desk.begin())["id"]
    path = await link(db, "form", ident, slot="organization_name")
    async with chatting(host, conversation=ident) as one:
        await one.turn()
        page = await desk.http.post(path, data={"organization_name": "Acme Realty"})
        assert page.status_code == 200 and "Which states" not in page.text, "it is said in the chat"
        seen = await one.until("state")
        assert seen[-1]["data"]["slots"]["organization_name"]["status"] == "confirmed"
        assert "Which states" in " ".join(m["data"].get("text", "") for m in seen)
        assert (await one.turn("Colorado"))[1]["slots"]["states_served"]["status"] == "confirmed"


async def test_a_socket_that_dies_in_a_write_loses_nothing(host: str, desk: Desk) -> None:
    ident = (await desk.begin())["id"]
    for words in ACCOUNT[:-1]:
        await desk.say(ident, words)
    async with chatting(host, conversation=ident) as one:
        await one.turn()
        await one.send("send-text", content="yes")
        one.socket.transport.abort()
    for _ in range(100):
        form = await desk.look(ident)
        if form["receipts"]:
            break
        await asyncio.sleep(0.05)
    assert [r["tool"] for r in form["receipts"]] == ["register_organization"]
    for _ in range(100):  # the dead socket is noticed, and lets go
        answer = await desk.http.post(f"/api/v1/conversations/{ident}/messages", json={"text": "repeat"})
        if answer.status_code == 200:
            break
        await asyncio.sleep(0.05)
    assert answer.status_code == 200 and answer.json()["step"] == "voice_agent"


async def test_nothing_is_left_when_everyone_has_gone(host: str, desk: Desk) -> None:
    async with chatting(host, to=HOUSE) as one, chatting(host, to=HOUSE) as two:
        await one.turn()
        await two.turn()
        assert len(desk.app.state.live) == 2
        assert desk.app.state.live.find(new_id()) is None
    for _ in range(100):
        if not len(desk.app.state.live):
            break
        await asyncio.sleep(0.02)
    assert len(desk.app.state.live) == 0
    assert not [t for t in asyncio.all_tasks() if t.get_name().startswith("chat.")]
