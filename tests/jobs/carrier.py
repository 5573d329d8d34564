"""A double of the carrier's REST API: accounts and numbers, kept over the deaths of those who ask."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from tests.web.conftest import served

PARENT = "AC" + "0" * 32


@dataclass
class Carrier:
    """What was bought and opened. ``kill``: requests that are carried out and whose sender then dies."""

    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    kill: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    slow: float = 0.0
    url: str = ""

    def open_accounts(self) -> list[dict[str, Any]]:
        return [a for a in self.accounts.values() if a["status"] != "closed"]

    async def carry_out(self, request: Request) -> JSONResponse:
        body = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        path = request.url.path.removeprefix("/2010-04-01/Accounts")
        thing = path.rsplit("/", 1)[-1].split(".")[0][:2] or "accounts"
        what = f"{request.method} {path.replace(PARENT, 'ME')}"
        self.asked.append(what)
        await asyncio.sleep(self.slow)
        if any(word in what for word in self.refuse):
            return JSONResponse({"code": 20001}, 400)
        told = self._do(request, path, body, thing)
        for deadly in [d for d in self.kill if what.startswith(d)]:
            self.kill.discard(deadly)
            os.kill(int(request.headers["user-agent"].rsplit("/", 1)[-1]), signal.SIGKILL)
        return told

    def _do(self, request: Request, path: str, body: dict[str, str], thing: str) -> JSONResponse:
        query = request.query_params
        if path == ".json" and request.method == "GET":
            rows = [
                a
                for a in self.accounts.values()
                if a["friendly_name"] == query.get("FriendlyName", a["friendly_name"])
                and a["status"] == query.get("Status", a["status"])
            ]
            return JSONResponse({"accounts": rows})
        if path == ".json":
            sid = f"AC{len(self.accounts) + 1:032d}"
            self.accounts[sid] = {
                "sid": sid,
                "auth_token": f"secret{sid[-4:]}",
                "friendly_name": body["FriendlyName"],
                "status": "active",
                "date_created": formatdate(len(self.accounts)),
            }
            return JSONResponse(self.accounts[sid], 201)
        if "/IncomingPhoneNumbers" in path and request.method == "GET":
            rows = [n for n in self.numbers.values() if n["friendly_name"] == query["FriendlyName"]]
            return JSONResponse({"incoming_phone_numbers": rows})
        if "/IncomingPhoneNumbers" in path and request.method == "DELETE":
            gone = self.numbers.pop(path.rsplit("/", 1)[-1].removesuffix(".json"), None)
            return JSONResponse({}, 204 if gone else 404)
        if "/IncomingPhoneNumbers" in path:
            sid = f"PN{body['PhoneNumber'][1:]}"
            if sid in self.numbers:
                return JSONResponse({"code": 21422}, 400)
            self.numbers[sid] = {
                "sid": sid,
                "phone_number": body["PhoneNumber"],
                "friendly_name": body["FriendlyName"],
            }
            return JSONResponse(self.numbers[sid], 201)
        if "/AvailablePhoneNumbers" in path:
            area = query["AreaCode"]
            free = [f"+1{area}5550{n}" for n in range(100, 200)]
            rows = [{"phone_number": n} for n in free if f"PN{n[1:]}" not in self.numbers]
            return JSONResponse({"available_phone_numbers": rows[:5]})
        sid = path.strip("/").removesuffix(".json")
        if sid not in self.accounts:
            return JSONResponse({"code": 20404}, 404)
        self.accounts[sid]["status"] = body["Status"]
        return JSONResponse(self.accounts[sid])


@asynccontextmanager
async def carrier() -> AsyncIterator[Carrier]:
    """The double, served."""
    double = Carrier()
    app = FastAPI()
    app.add_api_route(
        "/{path:path}", double.carry_out, methods=["GET", "POST", "DELETE"], include_in_schema=False
    )
    async with served(app) as host:
        double.url = f"http://{host}"
        yield double
