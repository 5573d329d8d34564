"""A service as small as can be, for the caller's side to talk to: what it was sent, what it answers."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect

from simulate.sound import to_mulaw, tone


class Quiet(uvicorn.Server):
    """Leaves the test runner's signal handlers alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """The app on a free port of the running loop; its base URL."""
    server = Quiet(uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="websockets-sansio"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        await task


class Stream:
    """One accepted media socket, from the service's side."""

    def __init__(self, socket: WebSocket):
        self.socket = socket
        self.sid = ""
        self.messages: list[dict[str, Any]] = []
        self.arrived: list[float] = []

    async def next(self, event: str) -> dict[str, Any]:
        """Read on to the next message of that kind."""
        while True:
            message = json.loads(await self.socket.receive_text())
            self.messages.append(message)
            self.arrived.append(asyncio.get_running_loop().time())
            self.sid = message.get("streamSid", self.sid)
            if message["event"] == event:
                return message

    async def send(self, event: str, **body: Any) -> None:
        await self.socket.send_json({"event": event, "streamSid": self.sid, **body})

    async def sound(self, seconds: float) -> None:
        payload = base64.b64encode(to_mulaw(tone(seconds))).decode()
        await self.send("media", media={"payload": payload})

    async def mark(self, name: str) -> None:
        await self.send("mark", mark={"name": name})


Handler = Callable[[Stream], Awaitable[None]]


class FakeService:
    """``/twilio/*`` with a script: TwiML by path, a handler for each media socket in turn."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.forms: list[tuple[str, dict[str, str], str]] = []
        self.upgrades: list[str] = []
        self.streams: list[Stream] = []
        self.twiml: dict[str, list[str]] = {}
        self.handlers: list[Handler] = []

        @self.app.post("/twilio/{name}")
        async def hook(name: str, request: Request) -> Response:
            path = f"twilio/{name}"
            form = {key: str(value) for key, value in (await request.form()).items()}
            self.forms.append((path, form, request.headers.get("x-twilio-signature", "")))
            answers = self.twiml.get(path)
            if path != "twilio/status" and answers is None:
                return Response(status_code=500)
            body = (answers.pop(0) if len(answers) > 1 else answers[0]) if answers else ""
            return Response(body, media_type="text/xml")

        @self.app.websocket("/twilio/media")
        async def media(socket: WebSocket) -> None:
            self.upgrades.append(socket.headers.get("x-twilio-signature", ""))
            await socket.accept()
            stream = Stream(socket)
            self.streams.append(stream)
            try:
                await stream.next("start")
                await self.handlers[min(len(self.streams), len(self.handlers)) - 1](stream)
            except (WebSocketDisconnect, RuntimeError):
                return
            with contextlib.suppress(RuntimeError):
                await socket.close()

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.forms]


CONNECT = '<Connect><Stream url="/twilio/media"><Parameter name="token" value="t0"/></Stream></Connect>'


def response(*verbs: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{"".join(verbs)}</Response>'
