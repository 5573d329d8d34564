"""One media socket, from Twilio's side: what Twilio sends on it and how it takes what comes back.

Message shapes as in Twilio's "Media Streams - WebSocket messages": JSON text, counters as strings.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from simulate.playout import Playout
from simulate.sound import PACKET

LARGEST = 1 << 20
"""Bytes of the largest message taken from a service."""


@dataclass(frozen=True)
class Identity:
    """Which call a stream belongs to."""

    account_sid: str
    call_sid: str


class MediaStream:
    """A bidirectional ``<Connect><Stream>``. ``faults`` collects what a service did against the protocol."""

    def __init__(self, identity: Identity, parameters: Mapping[str, str], playout: Playout):
        self.sid = f"MZ{uuid4().hex}"
        self.identity = identity
        self.parameters = dict(parameters)
        self.playout = playout
        self.faults: list[str] = []
        self.on_media: Callable[[], None] = lambda: None
        self.on_clear: Callable[[], None] = lambda: None
        self._socket: ClientConnection | None = None
        self._outbox: asyncio.Queue[str | None] = asyncio.Queue()
        self._sequence = 0
        self._chunk = 0

    async def open(self, url: str, headers: Mapping[str, str]) -> None:
        """Connect and introduce the call. Raises OSError, TimeoutError or websockets' exceptions."""
        self._socket = await connect(
            url,
            additional_headers=dict(headers),
            max_size=LARGEST,
            open_timeout=10,
            close_timeout=2,
            ping_interval=None,
            compression=None,  # Twilio offers no extensions
        )
        self._put({"event": "connected", "protocol": "Call", "version": "1.0.0"}, counted=False)
        self._put(
            {
                "event": "start",
                "start": {
                    "accountSid": self.identity.account_sid,
                    "streamSid": self.sid,
                    "callSid": self.identity.call_sid,
                    "tracks": ["inbound"],
                    "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
                    "customParameters": self.parameters,
                },
            }
        )

    async def run(self) -> None:
        """Until the socket is closed by either side, whatever the way it dies."""
        socket = self._socket
        if socket is None:
            raise RuntimeError("open() comes first")
        sender = asyncio.create_task(self._send(socket))
        try:
            async for message in socket:
                self._take(message)
        except ConnectionClosed:
            pass
        finally:
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    def media(self, packet: bytes) -> None:
        """Send 20 ms of the caller's sound."""
        self._chunk += 1
        self._put(
            {
                "event": "media",
                "media": {
                    "track": "inbound",
                    "chunk": str(self._chunk),
                    "timestamp": str((self._chunk - 1) * PACKET // 8),
                    "payload": base64.b64encode(packet).decode(),
                },
            }
        )

    def dtmf(self, digit: str) -> None:
        """Tell of a pressed key."""
        self._put({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": digit}})

    def marks(self, names: list[str]) -> None:
        """Echo marks whose sound has been played (or dropped)."""
        for name in names:
            self._put({"event": "mark", "mark": {"name": name}})

    async def stop(self) -> None:
        """The call is over or moves on: say ``stop``, then close in good order."""
        self._put(
            {
                "event": "stop",
                "stop": {"accountSid": self.identity.account_sid, "callSid": self.identity.call_sid},
            }
        )
        self._outbox.put_nowait(None)

    def cut(self) -> None:
        """The network fails: the connection is gone without a word."""
        if self._socket is not None:
            self._socket.transport.abort()

    def raw(self, text: str) -> None:
        """Put anything on the wire, for tests of what a service bears."""
        self._outbox.put_nowait(text)

    def _put(self, message: dict[str, Any], *, counted: bool = True) -> None:
        if counted:
            self._sequence += 1
            message = {**message, "sequenceNumber": str(self._sequence), "streamSid": self.sid}
        self._outbox.put_nowait(json.dumps(message))

    async def _send(self, socket: ClientConnection) -> None:
        """One writer: a service that reads slowly must not hold up the caller's clock."""
        while True:
            message = await self._outbox.get()
            try:
                if message is None:
                    await socket.close()
                    return
                await socket.send(message)
            except ConnectionClosed:
                return

    def _take(self, message: str | bytes) -> None:
        try:
            data = json.loads(message)
            event = data["event"]
            if data.get("streamSid") != self.sid:
                self.faults.append(f"{event}: wrong or missing streamSid")
                return
            if event == "media":
                sound = base64.b64decode(data["media"]["payload"], validate=True)
                if sound[:4] == b"RIFF":
                    self.faults.append("media: payload has a WAV header")
                self.playout.add(sound)
                self.on_media()
            elif event == "mark":
                self.playout.mark(str(data["mark"]["name"]))
                self.marks(self.playout.due())
            elif event == "clear":
                self.marks(self.playout.clear())
                self.on_clear()
            else:
                self.faults.append(f"unknown event {event!r}")
        except (ValueError, KeyError, TypeError, binascii.Error) as wrong:
            self.faults.append(f"malformed message: {type(wrong).__name__}")
