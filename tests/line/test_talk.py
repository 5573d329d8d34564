"""A browser that talks, and a chat over a socket: the same conversation on other wires."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
import uvicorn
from fastapi import FastAPI, WebSocket
from websockets.asyncio.client import ClientConnection, connect

from agent.chat import RTVIChat, TextSession
from agent.conversation import Conversation
from agent.ports import LiveCall
from agent.session import Session
from agent.transports import TALK_RATE, RTVIJsonSerializer, TalkSerializer
from core.ids import new_id
from tests.line.conftest import free_port
from tests.line.doubles import NOTICE, QUESTION, Answer, Say, Script, says, stub_speech, tone


class Page:
    """The browser's end: sends microphone sound, collects sound and messages."""

    def __init__(self, socket: ClientConnection):
        self.socket = socket
        self.sound = bytearray()
        self.events: list[dict[str, Any]] = []
        self.over = asyncio.Event()
        self.speech = bytearray()
        self.tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._talk())]

    async def _listen(self) -> None:
        async for message in self.socket:
            if isinstance(message, bytes):
                self.sound += message
            else:
                told = json.loads(message)
                assert (told["label"], told["type"]) == ("rtvi-ai", "server-message")
                self.events.append(told["data"])
        self.over.set()

    async def _talk(self) -> None:
        size = TALK_RATE // 50 * 2
        while True:
            piece = bytes(self.speech[:size]).ljust(size, b"\0")
            del self.speech[:size]
            await self.socket.send(piece)
            await asyncio.sleep(0.02)

    def captions(self) -> list[tuple[str, str]]:
        return [(e["role"], e["text"]) for e in self.events if e["event"] == "caption"]

    async def until(self, holds: Any, timeout: float = 5.0) -> None:
        async with asyncio.timeout(timeout):
            while not holds():
                await asyncio.sleep(0.01)


class Talk:
    """A server with one line on it."""

    def __init__(self, script: Script):
        self.script, self.speech = script, stub_speech()
        self.session: Session | None = None
        self.outcomes: deque[str] = deque()

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[Page]:
        app = FastAPI()

        @app.websocket("/talk/audio")
        async def audio(websocket: WebSocket) -> None:
            await websocket.accept()
            self.session = Session(LiveCall(new_id(), self.script.tenant_id), self.script, self.speech)
            self.outcomes.append(await self.session.run(websocket, TalkSerializer()))

        port = free_port()
        server = uvicorn.Server(
            uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
        )
        running = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        async with connect(f"ws://127.0.0.1:{port}/talk/audio") as socket:
            page = Page(socket)
            yield page
            for task in page.tasks:
                task.cancel()
        async with asyncio.timeout(8):
            while not self.outcomes:
                await asyncio.sleep(0.01)
        server.should_exit = True
        await running


async def test_a_browser_speaks_types_and_sees_what_was_said() -> None:
    script = Script(says("Noted.", slots={"name": {"status": "confirmed", "value": "Dana"}}))
    talk = Talk(script)
    async with talk.serve() as page:
        await page.until(lambda: ("agent", QUESTION) in page.captions())
        await page.until(lambda: len(page.sound) > TALK_RATE // 2)
        talk.speech.stt.will_hear.append("my name is dana")
        page.speech += tone(0.5, TALK_RATE)
        await page.until(lambda: "hear my name is dana" in script.log)
        await page.until(lambda: page.captions()[-2:] == [("caller", "my name is dana"), ("agent", "Noted.")])
        await page.until(lambda: page.events[-1]["event"] == "state")
        assert page.events[-1]["slots"]["name"]["value"] == "Dana"
        await page.socket.send(
            json.dumps({"label": "rtvi-ai", "type": "send-text", "data": {"content": "and typed"}})
        )
        await page.until(lambda: "hear and typed" in script.log)
        await page.socket.send(json.dumps({"type": "dtmf", "data": {"button": "*"}}))
        await page.until(lambda: "hear DTMF: *" in script.log)
        await page.until(lambda: any(event["event"] == "clear" for event in page.events))
    assert talk.outcomes == deque(["hung_up"])
    assert script.closed == "caller hung up"


async def test_a_browser_is_told_that_it_is_over() -> None:
    talk = Talk(Script(opening=Answer((Say("Goodbye."),), ended=True)))
    async with talk.serve() as page:
        await page.until(page.over.is_set)
        assert page.events[-1]["event"] == "ended"
    assert talk.outcomes == deque(["done"])


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"type":"send-text"}',
        '{"type":"send-text","data":{"content":5}}',
        '{"type":"dtmf","data":{"button":"12"}}',
        "x" * 70_000,
        b"",
        b"\0",
        b"\0" * 70_000,
    ],
)
async def test_nothing_a_browser_sends_breaks_the_wire(junk: str | bytes) -> None:
    assert await TalkSerializer().deserialize(junk) is None


async def test_rtvi_in_a_pipeline_is_passed_as_it_is() -> None:
    frame = await RTVIJsonSerializer().deserialize('{"label":"rtvi-ai","type":"client-ready"}')
    assert cast(Any, frame).message["type"] == "client-ready"
    assert await RTVIJsonSerializer().deserialize("[") is None


class Echo:
    async def answer(self, conversation: Conversation, text: str) -> Any:
        return await conversation.hear(text)


def chat(script: Script) -> RTVIChat:
    return RTVIChat(TextSession(cast(Conversation, script), Echo()))


async def tell(chat: RTVIChat, **message: Any) -> list[dict[str, Any]]:
    return [part async for part in chat.answer({"label": "rtvi-ai", "id": "1", **message})]


async def test_a_chat_opens_answers_and_ends() -> None:
    script = Script(says("Hello Dana.", slots={"name": {"status": "proposed", "value": "Dana"}}))
    script.answers.append(says("Goodbye.", ended=True))
    line = chat(script)
    opened = await tell(line, type="client-ready")
    assert [part["type"] for part in opened] == [
        "bot-ready",
        "bot-llm-started",
        "bot-output",
        "bot-output",
        "bot-llm-stopped",
        "server-message",
    ]
    assert [p["data"]["text"] for p in opened if p["type"] == "bot-output"] == [NOTICE, QUESTION]
    answered = await tell(line, type="send-text", data={"content": " I am Dana "})
    assert script.log[-1] == "hear I am Dana"
    assert answered[-1]["data"]["slots"] == {"name": {"status": "proposed", "value": "Dana"}}
    await tell(line, type="dtmf", data={"button": "1"})
    assert script.log[-1] == "hear DTMF: 1"
    assert line.closing
    await line.session.close("finished")
    assert script.closed == "finished"


async def test_a_chat_survives_nonsense_and_failures() -> None:
    line = chat(Script(RuntimeError("words of the caller"), says("Here again.")))
    for message in ({}, {"type": "send-text"}, {"type": "client-message", "data": 1}):
        (answer,) = await tell(line, **message)
        assert answer["type"] == "error-response"
    (failed,) = await tell(line, type="send-text", data={"content": "hello"})
    assert failed["type"] == "error" and "words of the caller" not in json.dumps(failed)
    assert any(p["type"] == "bot-output" for p in await tell(line, type="send-text", data={"content": "x"}))


async def test_a_chat_socket_that_dies_does_not_cut_a_write_in_half() -> None:
    script = Script(work=0.2)
    line = chat(script)
    asking = asyncio.create_task(line.session.say("register me"))
    await asyncio.sleep(0.05)
    asking.cancel()
    await asyncio.sleep(0.3)
    assert script.finished_hearing == 1
