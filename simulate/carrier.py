"""Twilio's REST API as far as the service uses it, over a real socket: calls, messages, numbers.

Point ``TWILIO_API_URL`` at it. Updates of a call reach the simulated line they are about.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from simulate.called import Street
from simulate.line import PhoneLine

_ACCOUNT = r"/2010-04-01/Accounts/(?P<account>AC\w+)"
LARGEST = 1 << 20


@dataclass(frozen=True)
class Request:
    """One request as it came: ``form`` holds the first value of every field, ``query`` likewise; ``fields``
    holds every value.
    """

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    authorized: bool
    fields: dict[str, list[str]] = field(default_factory=dict)


NEEDED = ("To", "From", "Url")
"""What the carrier will not place a call without (errors 21201, 21213, 21205)."""


@dataclass
class Carrier:
    """Answers as Twilio would. ``free`` are numbers that can be bought; ``broken`` makes every answer that
    status code; ``slow`` seconds pass before each answer. Calls are placed to people of ``street``:
    ``refusals`` (status, code, headers) are given instead, one each; ``mute`` calls are placed and never
    answered for, as when the connection breaks at the wrong moment.
    """

    account_sid: str
    auth_token: str
    free: list[str] = field(default_factory=lambda: [f"+1720555{n:04d}" for n in range(110, 120)])
    broken: int | None = None
    slow: float = 0.0
    requests: list[Request] = field(default_factory=list)
    messages: list[dict[str, str]] = field(default_factory=list)
    bought: list[dict[str, Any]] = field(default_factory=list)
    street: Street | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    refusals: list[tuple[int, int, dict[str, str]]] = field(default_factory=list)
    mute: int = 0
    placed: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    _lines: dict[str, PhoneLine] = field(default_factory=dict)

    def carries(self, line: PhoneLine) -> PhoneLine:
        """Let REST updates reach this call."""
        self._lines[line.sid] = line
        return line

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """On a free port; the base URL."""
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, limit=LARGEST)
        port = server.sockets[0].getsockname()[1]
        async with server:
            yield f"http://127.0.0.1:{port}"

    # -- what it answers -------------------------------------------------------------------------------

    async def answer(self, request: Request) -> tuple[int, dict[str, Any]]:
        """Status and JSON body of one request."""
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.broken is not None:
            return self.broken, {"code": 20500, "message": "Internal Server Error", "status": self.broken}
        if not request.authorized:
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        if re.fullmatch(_ACCOUNT + r"/Calls\.json", request.path):
            return self._place(request) if request.method == "POST" else self._made(request)
        if found := re.fullmatch(_ACCOUNT + r"/Calls/(?P<sid>CA\w+)\.json", request.path):
            return await self._call(found["sid"], request)
        if re.fullmatch(_ACCOUNT + r"/Messages\.json", request.path) and request.method == "POST":
            self.messages.append(request.form)
            return 201, {"sid": f"SM{uuid4().hex}", "status": "queued", **_snake(request.form)}
        if re.fullmatch(_ACCOUNT + r"/AvailablePhoneNumbers/US/Local\.json", request.path):
            return 200, {"available_phone_numbers": [{"phone_number": n} for n in self._available(request)]}
        if re.fullmatch(_ACCOUNT + r"/IncomingPhoneNumbers\.json", request.path):
            return self._numbers(request)
        return 404, {"code": 20404, "message": "The requested resource was not found", "status": 404}

    def _place(self, request: Request) -> tuple[int, dict[str, Any]]:
        if self.refusals:
            status, code, _ = self.refusals[0]
            return status, {"code": code, "message": "refused", "status": status}
        missing = [name for name in NEEDED if not request.form.get(name)]
        events = request.fields.get("StatusCallbackEvent", [])
        strange = set(events) - {"initiated", "ringing", "answered", "completed"}
        if missing or strange or self.street is None:
            return 400, {"code": 21201, "message": f"{missing} {strange}", "status": 400}
        if request.form.get("AsyncAmd") == "true" and not request.form.get("AsyncAmdStatusCallback"):
            return 400, {"code": 21262, "message": "no callback for machine detection", "status": 400}
        order: dict[str, Any] = {**request.form, "StatusCallbackEvent": events}
        self.orders.append(order)
        line = self.carries(self.street.ring(order))
        told = {
            "sid": line.sid,
            "status": "queued",
            "to": order["To"],
            "from": order["From"],
            "account_sid": self.account_sid,
            "answered_by": None,
            "date_created": format_datetime(self.now()),
        }
        self.placed.append(told)
        return 201, told

    def _made(self, request: Request) -> tuple[int, dict[str, Any]]:
        asked = request.query
        found = [one for one in self.placed if one["to"] == asked.get("To", one["to"])]
        found = [one for one in found if one["from"] == asked.get("From", one["from"])]
        return 200, {"calls": [one | {"status": self._status_of(one["sid"])} for one in found]}

    def _status_of(self, sid: str) -> str:
        line = self._lines[sid]
        return str(getattr(line, "outcome", "") or "in-progress") if line.over.is_set() else "in-progress"

    async def _call(self, sid: str, request: Request) -> tuple[int, dict[str, Any]]:
        line = self._lines.get(sid)
        if line is not None and request.method == "GET":
            made = next((one for one in self.placed if one["sid"] == sid), {"sid": sid})
            return 200, made | {"status": self._status_of(sid)}
        if line is None or line.over.is_set():
            return 404, {"code": 20404, "message": "The requested resource was not found", "status": 404}
        if request.method == "POST":
            asyncio.get_running_loop().create_task(
                line.update(twiml=request.form.get("Twiml"), status=request.form.get("Status"))
            )
        return 200, {"sid": sid, "status": request.form.get("Status", "in-progress")}

    def _available(self, request: Request) -> list[str]:
        area, most = request.query.get("AreaCode", ""), int(request.query.get("PageSize", "20"))
        return [number for number in self.free if number[2:].startswith(area)][:most]

    def _numbers(self, request: Request) -> tuple[int, dict[str, Any]]:
        if request.method == "GET":
            name = request.query.get("FriendlyName")
            held = [n for n in self.bought if name is None or n.get("friendly_name") == name]
            return 200, {"incoming_phone_numbers": held}
        number = request.form.get("PhoneNumber", "")
        if number not in self.free:
            return 400, {"code": 21422, "message": f"{number} is not available", "status": 400}
        self.free.remove(number)
        bought = {"sid": f"PN{uuid4().hex}", **_snake(request.form)}
        self.bought.append(bought)
        return 201, bought

    # -- HTTP ------------------------------------------------------------------------------------------

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await self._read(reader)
            self.requests.append(request)
            status, body = await self.answer(request)
            more = ""
            if re.search(r"/Calls\.json$", request.path) and request.method == "POST":
                if self.refusals and status >= 400:
                    more = "".join(f"{k}: {v}\r\n" for k, v in self.refusals.pop(0)[2].items())
                elif self.mute:
                    self.mute -= 1
                    return
            payload = json.dumps(body).encode()
            head = (
                f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n"
                f"{more}Content-Length: {len(payload)}\r\n\r\n"
            )
            writer.write(head.encode() + payload)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Request:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        url = urlsplit(target)
        pair = f"{self.account_sid}:{self.auth_token}".encode()
        return Request(
            method,
            url.path,
            _firsts(url.query),
            _firsts(body.decode()),
            headers.get("authorization") == "Basic " + base64.b64encode(pair).decode(),
            parse_qs(body.decode(), keep_blank_values=True),
        )


def _firsts(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


def _snake(form: dict[str, str]) -> dict[str, str]:
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): value for name, value in form.items()}
