"""A scripted OpenAI-compatible server: checks every request, streams answers, and fails in every way.

For tests and rehearsals without a provider. It speaks HTTP/1.1 with server-sent events over plain
asyncio. ``smart`` answers by rule, as a well-behaved model would, where the script has no line.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from simulate.openai_checks import Prefix, check_messages, check_tools

Fault = Literal[
    "",
    "401",
    "404",
    "429",
    "500",
    "503",
    "hang",
    "stall",
    "reset",
    "empty",
    "malformed",
    "truncated",
    "cut",
    "error_event",
    "filtered",
    "html",
]
"""``hang``: headers, then nothing. ``stall``: half the answer, then nothing. ``reset``: the connection is
torn. ``truncated``: the stream ends inside a chunk. ``cut``: it ends cleanly, but without an end mark."""


@dataclass(frozen=True)
class Call:
    """One call of a function; ``arguments`` may be any text, also none that parses."""

    name: str
    arguments: Mapping[str, Any] | str
    id: str = ""

    @property
    def text(self) -> str:
        """The arguments as they are streamed."""
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)


@dataclass(frozen=True)
class Line:
    """One answer of the script. ``delay``: seconds before the first token; ``pace``: between pieces;
    ``retry_after``: the header of a 429; ``same_index``: number every call 0, as some servers do."""

    text: str = ""
    calls: Sequence[Call] = ()
    fault: Fault = ""
    delay: float = 0.0
    pace: float = 0.0
    piece: int = 7
    retry_after: str = ""
    same_index: bool = False


Answerer = Callable[[Mapping[str, Any]], Line]


class OpenAIServer:
    """``async with OpenAIServer() as server`` listens on a free port of the loopback.

    ``script`` is used up one line a request; when it is empty, ``answer`` (or smart mode) takes over, and
    without either the request is refused. ``requests`` holds every body, ``problems`` everything that
    was wrong with them.
    """

    def __init__(
        self,
        script: Sequence[Line] = (),
        *,
        key: str = "test-key",
        model: str = "test-model",
        smart: bool = False,
        answer: Answerer | None = None,
    ):
        self.script = list(script)
        self.key, self.model = key, model
        self.answer = answer or (smart_answer if smart else None)
        self.requests: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self._prefix = Prefix()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._ids = 0

    @property
    def systems(self) -> list[str]:
        """The different system messages that were sent."""
        return self._prefix.systems

    @property
    def base_url(self) -> str:
        """For ``OPENAI_BASE_URL``."""
        assert self._server is not None, "not started"
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def __aenter__(self) -> OpenAIServer:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    # -- http -------------------------------------------------------------------------------------

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Serve one request; False when the connection is done with."""
        head = await reader.readuntil(b"\r\n\r\n")
        request, *lines = head.decode("latin-1").strip().split("\r\n")
        method, path, _ = request.split(" ", 2)
        headers = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if method == "GET" and path.endswith("/models"):
            await _respond(writer, 200, {"object": "list", "data": [{"id": self.model, "object": "model"}]})
            return True
        if method != "POST" or not path.endswith("/chat/completions"):
            await _respond(writer, 404, _error("no such path", "invalid_request_error"))
            return True
        asked = json.loads(body)
        self.requests.append(asked)
        found = self._check(headers, asked)
        self.problems += [f"request {len(self.requests)}: {problem}" for problem in found]
        if found:
            await _respond(writer, 400, _error("; ".join(found), "invalid_request_error"))
            return True
        if not self.script and self.answer is None:
            self.problems.append(f"request {len(self.requests)}: the script is used up")
            await _respond(writer, 500, _error("the script is used up", "server_error"))
            return True
        line = self.script.pop(0) if self.script else self.answer(asked)  # type: ignore[misc]
        return await self._perform(line, writer, reader)

    def _check(self, headers: Mapping[str, str], asked: Mapping[str, Any]) -> list[str]:
        problems = []
        if headers.get("authorization") != f"Bearer {self.key}":
            problems.append("the key is missing or wrong")
        if asked.get("model") != self.model:
            problems.append("another model is asked for")
        if asked.get("stream") is not True:
            problems.append("not streamed")
        messages = asked.get("messages") or []
        problems += check_messages(messages)
        problems += check_tools(asked.get("tools"))
        problems += self._prefix.check(messages, asked.get("tools"))
        return problems

    # -- answers ----------------------------------------------------------------------------------

    async def _perform(self, line: Line, writer: asyncio.StreamWriter, reader: asyncio.StreamReader) -> bool:
        if line.fault.isdigit():
            extra = {"retry-after": line.retry_after} if line.retry_after else {}
            await asyncio.sleep(line.delay)
            await _respond(writer, int(line.fault), _error("scripted", "scripted"), extra)
            return True
        if line.fault == "html":
            await _respond(writer, 200, "<html>a proxy's login page</html>")
            return True
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        await writer.drain()
        if line.fault == "hang":
            await reader.read()  # until the client gives up
            return False
        await asyncio.sleep(line.delay)
        events = list(self._events(line))
        for i, event in enumerate(events):
            if i and line.pace:
                await asyncio.sleep(line.pace)
            if line.fault and i >= len(events) // 2:
                return await self._break(line.fault, writer, reader)
            await _chunk(writer, event)
        await _chunk(writer, "data: [DONE]\n\n")
        await _chunk(writer, "")
        return True

    async def _break(self, fault: Fault, writer: asyncio.StreamWriter, reader: asyncio.StreamReader) -> bool:
        """Fail in the middle of an answer."""
        if fault == "stall":
            await reader.read()
        elif fault == "reset":
            writer.transport.abort()
        elif fault == "truncated":
            writer.write(b'40\r\ndata: {"id"')
            await writer.drain()
        elif fault == "malformed":
            await _chunk(writer, 'data: {"id": "x", "choices": [{"delta": {"cont\n\n')
            await _chunk(writer, "")
        elif fault == "error_event":
            await _chunk(writer, f"data: {json.dumps(_error('overloaded', 'server_error'))}\n\n")
            await _chunk(writer, "")
        elif fault == "filtered":
            await _chunk(writer, self._event({}, finish="content_filter"))
            await _chunk(writer, "")
        else:  # cut, empty
            await _chunk(writer, "")
            return True
        return False

    def _events(self, line: Line) -> Iterator[str]:
        yield self._event({"role": "assistant", "content": ""})
        if line.fault == "empty":
            yield self._event({}, finish="stop")
            yield self._event({}, finish="stop")
            return
        for piece in _pieces(line.text, line.piece):
            yield self._event({"content": piece})
        yield from self._same_index(line) if line.same_index else self._interleaved(line)
        yield self._event({}, finish="tool_calls" if line.calls else "stop")
        usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
        yield f"data: {json.dumps({**_SHELL, 'model': self.model, 'choices': [], 'usage': usage})}\n\n"

    def _start(self, call: Call, index: int) -> str:
        self._ids += 1
        start = {"index": index, "id": call.id or f"call_{self._ids}", "type": "function"}
        return self._event({"tool_calls": [{**start, "function": {"name": call.name, "arguments": ""}}]})

    def _interleaved(self, line: Line) -> Iterator[str]:
        """Parallel calls as some servers send them: fragment by fragment, in turn."""
        for i, call in enumerate(line.calls):
            yield self._start(call, i)
        queues = [list(_pieces(call.text, line.piece)) for call in line.calls]
        while any(queues):
            for i, queue in enumerate(queues):
                if queue:
                    part = {"index": i, "function": {"arguments": queue.pop(0)}}
                    yield self._event({"tool_calls": [part]})

    def _same_index(self, line: Line) -> Iterator[str]:
        """Parallel calls as others send them: one after the other, all numbered 0."""
        for call in line.calls:
            yield self._start(call, 0)
            for piece in _pieces(call.text, line.piece):
                yield self._event({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})

    def _event(self, delta: Mapping[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return f"data: {json.dumps({**_SHELL, 'model': self.model, 'choices': [choice]})}\n\n"


_SHELL = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1}


def _pieces(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


def _error(message: str, kind: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "code": None, "param": None}}


async def _chunk(writer: asyncio.StreamWriter, text: str) -> None:
    data = text.encode()
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
    await writer.drain()


async def _respond(
    writer: asyncio.StreamWriter, status: int, body: Any, headers: Mapping[str, str] | None = None
) -> None:
    data = (body if isinstance(body, str) else json.dumps(body)).encode()
    kind = "text/html" if isinstance(body, str) else "application/json"
    extra = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    head = f"HTTP/1.1 {status} Scripted\r\ncontent-type: {kind}\r\ncontent-length: {len(data)}\r\n{extra}\r\n"
    writer.write(head.encode() + data)
    await writer.drain()


# -- a well-behaved model -------------------------------------------------------------------------

_ASKED = re.compile(r"The caller was just asked: (\w+) ?([\w, ]*)\.")
_YES = re.compile(r"\b(?:yes|yeah|yep|correct|right|sure|ok|okay|perfect)\b", re.IGNORECASE)


def smart_answer(asked: Mapping[str, Any]) -> Line:
    """What a model that follows its instructions would do: pass on what was said, then speak ``say``."""
    messages = asked["messages"]
    results = []
    for message in reversed(messages):
        if message["role"] != "tool":
            break
        results.append(json.loads(message["content"]))
    if results:
        return Line(text=" ".join(r.get("say") or "Could you say that again?" for r in reversed(results)))
    heard = next((m["content"] for m in reversed(messages) if m["role"] == "user"), "")
    stand = next((m["content"] for m in reversed(messages) if m["role"] == "developer"), heard)
    heard = heard.split("\n\n[", 1)[0]
    found = _ASKED.search(stand)
    kind, slots = (found.group(1), found.group(2)) if found else ("", "")
    if kind in ("confirm", "summary", "offer", "which"):
        agreed = _YES.search(heard) is not None and not re.match(r"\s*no\b", heard, re.IGNORECASE)
        return Line(calls=[Call("confirm", {"yes": agreed, "correction": "" if agreed else heard})])
    names = [name for name in slots.split(", ") if name]
    if kind == "ask" and names:
        return Line(calls=[Call("note_answers", {"answers": [{"slot": names[0], "value": heard}]})])
    return Line(calls=[Call("command", {"name": "repeat"})])
