"""A client's own server on a real socket: it checks signatures with the specification's library."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

Script = Callable[[asyncio.StreamWriter], Awaitable[None]]


def answer(status: int, body: str = "", **headers: str) -> Script:
    """Answers at once."""

    async def script(writer: asyncio.StreamWriter) -> None:
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        raw = body.encode()
        head = f"HTTP/1.1 {status} x\r\ncontent-length: {len(raw)}\r\n{more}connection: close\r\n\r\n"
        writer.write(head.encode() + raw)
        await writer.drain()

    return script


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Takes the message and says nothing."""
    writer.transport.abort()


async def half_a_head(writer: asyncio.StreamWriter) -> None:
    """Dies in the middle of its answer."""
    writer.write(b"HTTP/1.1 20")
    await writer.drain()
    writer.transport.abort()


async def nonsense(writer: asyncio.StreamWriter) -> None:
    """Is no web server."""
    writer.write(b"220 smtp.example.com ESMTP\r\n")
    await writer.drain()


async def silent(writer: asyncio.StreamWriter) -> None:
    """Thinks for ever."""
    await asyncio.sleep(600)


async def dripping(writer: asyncio.StreamWriter) -> None:
    """Accepts, and then sends its body a byte at a time, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.02)


async def flood(writer: asyncio.StreamWriter) -> None:
    """Accepts, and sends more than anybody wants."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 500000000\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


@dataclass
class Receiver:
    """``script``: what it answers next; the last one is kept. ``heard``: what came, in order."""

    url: str = ""
    secret: str = "whsec_bm90aGluZyB3YXMgc2VudA=="
    scripts: list[Script] = field(default_factory=lambda: [answer(200, "ok")])
    heard: list[dict[str, Any]] = field(default_factory=list)
    forged: int = 0
    came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ids(self) -> list[str]:
        return [message["id"] for message in self.heard]

    def will(self, *scripts: Script) -> None:
        self.scripts = list(scripts)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = {
                k.lower(): v for k, _, v in (line.partition(": ") for line in head.split("\r\n")[1:] if line)
            }
            body = await reader.readexactly(int(headers["content-length"]))
            try:
                told = Webhook(self.secret).verify(body, headers)
                self.heard.append(
                    {
                        "id": headers["webhook-id"],
                        "signature": headers["webhook-signature"],
                        "host": headers["host"],
                        **told,
                    }
                )
            except WebhookVerificationError:
                self.forged += 1
            self.came.set()
            script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
            await script(writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver()
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(receiver.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield receiver
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
