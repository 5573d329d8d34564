"""What is too large is not even read."""

from __future__ import annotations

from typing import Any

from web.body import BodyCap


async def ask(announced: bytes | None, *pieces: bytes, most: int = 10) -> tuple[int | None, bytes]:
    """The status of the answer, and what the application got to read."""
    read, sent = bytearray(), []
    rest = list(pieces)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        more = True
        while more:
            message = await receive()
            read.extend(message["body"])
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> Any:
        return {"type": "http.request", "body": rest.pop(0), "more_body": bool(rest)}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-length", announced)] if announced is not None else []
    await BodyCap(app, most=most)({"type": "http", "headers": headers}, receive, send)
    assert len([m for m in sent if m["type"] == "http.response.start"]) == 1
    return sent[0]["status"], bytes(read)


async def test_what_fits_passes() -> None:
    assert await ask(b"10", b"12345", b"67890") == (200, b"1234567890")
    assert await ask(None, b"1234567890") == (200, b"1234567890")
    assert await ask(b"ten", b"1") == (200, b"1")


async def test_what_is_announced_as_too_large_is_not_read() -> None:
    assert await ask(b"11") == (413, b"")


async def test_what_grows_too_large_is_cut() -> None:
    assert await ask(None, b"123456", b"789012") == (413, b"123456")
    assert await ask(b"3", b"12345678901") == (413, b"")
