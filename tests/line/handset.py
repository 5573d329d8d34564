"""The carrier's end of a call: webhooks over HTTP, Twilio's media messages over a WebSocket.

Message shapes as published (twilio.com/docs/voice/media-streams/websocket-messages): numbers are strings.
"""

from __future__ import annotations

import asyncio
import audioop
import base64
import json
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.line.doubles import tone

ACCOUNT = "AC" + "1" * 32
PACKET = 160


@dataclass
class Document:
    """A TwiML answer, taken apart."""

    verbs: list[str]
    stream: str = ""
    token: str = ""
    after: str = ""
    said: str = ""
    dialled: str = ""
    action: str = ""
    whisper: str = ""


def read(document: str) -> Document:
    root = ET.fromstring(document)
    assert root.tag == "Response"
    found = Document([verb.tag for verb in root])
    for element in root.iter():
        if element.tag == "Stream":
            found.stream = element.attrib["url"]
        elif element.tag == "Parameter" and element.attrib["name"] == "token":
            found.token = element.attrib["value"]
        elif element.tag == "Redirect":
            found.after = element.text or ""
        elif element.tag == "Say":
            found.said = element.text or ""
        elif element.tag == "Number":
            found.dialled = element.text or ""
            found.whisper = element.attrib.get("url", "")
        elif element.tag == "Dial":
            found.action = element.attrib.get("action", "")
    return found


@dataclass
class Handset:
    """One call. ``heard`` is the agent's sound as it came, with the time of its first audible packet."""

    url: str
    sid: str = field(default_factory=lambda: "CA" + uuid4().hex)
    stream_sid: str = field(default_factory=lambda: "MZ" + uuid4().hex)
    marks: list[str] = field(default_factory=list)
    clears: int = 0
    heard: bytearray = field(default_factory=bytearray)
    first_sound: float | None = None
    last_sound: float = 0.0
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    echo_marks: bool = True
    socket: ClientConnection | None = None
    _sequence: int = 0
    _tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    _speech: bytearray = field(default_factory=bytearray)
    _client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=10))

    async def post(self, path: str, /, *, headers: Any = None, **fields: str) -> httpx.Response:
        form = {
            "CallSid": self.sid,
            "AccountSid": ACCOUNT,
            "From": "+13035550142",
            "To": "+13035550100",
            "CallStatus": "ringing",
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
        } | fields
        return await self._client.post(self.url + path, data=form, headers=headers or {})

    async def ring(self, **fields: str) -> Document:
        answer = await self.post("/twilio/voice", **fields)
        assert answer.status_code == 200, answer.status_code
        return read(answer.text)

    async def ask_next(self, **fields: str) -> Document:
        fields.setdefault("CallStatus", "in-progress")
        answer = await self.post("/twilio/resume", **fields)
        assert answer.status_code == 200, answer.status_code
        return read(answer.text)

    async def pick_up(self, document: Document, *, sid: str | None = None, token: str | None = None) -> None:
        """Open the media socket and start the sound."""
        self.closed = asyncio.Event()
        self.first_sound = None
        self.socket = await connect(document.stream)
        self.connected_at = time.monotonic()
        await self.send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        await self.send(
            {
                "event": "start",
                "sequenceNumber": "1",
                "start": {
                    "accountSid": ACCOUNT,
                    "streamSid": self.stream_sid,
                    "callSid": sid or self.sid,
                    "tracks": ["inbound"],
                    "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
                    "customParameters": {"token": document.token if token is None else token},
                },
                "streamSid": self.stream_sid,
            }
        )
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._talk())]

    async def send(self, message: dict[str, Any] | str | bytes) -> None:
        assert self.socket is not None
        await self.socket.send(json.dumps(message) if isinstance(message, dict) else message)

    def say(self, seconds: float = 0.4) -> None:
        """Make sound; silence goes on by itself."""
        self._speech += audioop.lin2ulaw(tone(seconds, hertz=300), 2)

    async def press(self, keys: str) -> None:
        for key in keys:
            await self.send(
                {
                    "event": "dtmf",
                    "streamSid": self.stream_sid,
                    "sequenceNumber": "5",
                    "dtmf": {"track": "inbound_track", "digit": key},
                }
            )

    async def hang_up(self) -> None:
        """The caller puts the phone down: Twilio says stop and closes."""
        await self.send(
            {
                "event": "stop",
                "sequenceNumber": "9",
                "stop": {"accountSid": ACCOUNT, "callSid": self.sid},
                "streamSid": self.stream_sid,
            }
        )
        await self._shut()

    async def drop(self) -> None:
        """The network dies: no stop, no close handshake."""
        assert self.socket is not None
        self._stop()
        self.socket.transport.abort()

    async def _shut(self) -> None:
        assert self.socket is not None
        self._stop()
        await self.socket.close()

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def finish(self) -> None:
        """Tidy up."""
        self._stop()
        if self.socket:
            await self.socket.close()
        await self._client.aclose()

    @property
    def seconds_heard(self) -> float:
        return len(self.heard) / 8000

    async def until_sound(self, timeout: float = 10.0) -> None:
        await self._until(lambda: self.first_sound is not None, timeout)

    async def until_quiet(self, quiet: float = 0.25, timeout: float = 6.0) -> None:
        """The agent has spoken and then been quiet."""
        await self.until_sound(timeout)
        await self._until(lambda: time.monotonic() - self.last_sound > quiet, timeout)

    async def until_mark(self, name: str, timeout: float = 4.0) -> None:
        await self._until(lambda: name in self.marks, timeout)

    async def _until(self, holds: Any, timeout: float) -> None:
        async with asyncio.timeout(timeout):
            while not holds():
                await asyncio.sleep(0.01)

    async def _listen(self) -> None:
        assert self.socket is not None
        try:
            async for raw in self.socket:
                message = json.loads(raw)
                assert message["streamSid"] == self.stream_sid
                match message["event"]:
                    case "media":
                        sound = base64.b64decode(message["media"]["payload"], validate=True)
                        self.heard += sound
                        if audioop.rms(audioop.ulaw2lin(sound, 2), 2) > 500:
                            self.last_sound = time.monotonic()
                            self.first_sound = self.first_sound or self.last_sound
                    case "mark":
                        self.marks.append(message["mark"]["name"])
                        if self.echo_marks:
                            await self.send(message | {"sequenceNumber": "4"})
                    case "clear":
                        self.clears += 1
        except ConnectionClosed:
            pass
        self.closed.set()

    async def _talk(self) -> None:
        chunk = 0
        began = time.monotonic()
        try:
            while True:
                sound = bytes(self._speech[:PACKET]) or b"\xff" * PACKET
                del self._speech[:PACKET]
                chunk += 1
                await self.send(
                    {
                        "event": "media",
                        "sequenceNumber": str(chunk + 1),
                        "media": {
                            "track": "inbound",
                            "chunk": str(chunk),
                            "timestamp": str(chunk * 20),
                            "payload": base64.b64encode(sound).decode(),
                        },
                        "streamSid": self.stream_sid,
                    }
                )
                await asyncio.sleep(max(0.0, began + chunk * 0.02 - time.monotonic()))
        except ConnectionClosed:
            pass
