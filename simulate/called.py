"""The other end of a call that the service places: it rings, somebody or something picks up, or nobody does.

``Street`` is who lives behind which number; ``Carrier`` rings there when ``POST Calls.json`` is sent. All
requests about the call go to the addresses that were named in it, as the carrier would send them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from simulate.line import PhoneLine

Answer = Literal["human", "machine", "no-answer", "busy", "failed"]
REPORTED = ("initiated", "ringing", "answered", "completed")


@dataclass
class Person:
    """Behind a number. ``detects``: after how many seconds the carrier takes them for what; a second entry
    corrects the first. ``rings``: seconds until they pick up.
    """

    answers: Answer = "human"
    rings: float = 0.05
    detects: tuple[tuple[float, str], ...] = ((0.3, "human"),)
    lines: list[CalledLine] = field(default_factory=list)

    @classmethod
    def machine(cls, verdict: str = "machine_start", after: float = 0.3) -> Person:
        """An answering machine."""
        return cls("machine", detects=((after, verdict),))


class CalledLine(PhoneLine):
    """A call to a person. ``order`` are the fields it was asked for with."""

    def __init__(self, url: str, order: dict[str, Any], person: Person, **more: Any):
        super().__init__(url, to=str(order["To"]), from_=str(order["From"]), **more)
        self.order, self.person = order, person
        self.outcome = ""
        self.told: list[str] = []
        self.answered = asyncio.Event()
        self._number = 0
        self._status = "queued"

    async def ring(self) -> None:
        """Ring, and whatever comes of it."""
        await self._tell("initiated", "ringing")
        await self._tell("ringing", "ringing")
        await asyncio.sleep(self.person.rings)
        if self.person.answers not in ("human", "machine"):
            self.outcome = self.person.answers
            await self._end("not answered")
            return
        self._status, self._answered_at = "in-progress", self.now
        await self._tell("answered", "in-progress")
        first = await self._hooks.fetch(str(self.order["Url"]))
        if first is None:
            await self._end("webhook failed")
            return
        self._tasks = [
            asyncio.create_task(self._clock()),
            asyncio.create_task(self._follow(first)),
            asyncio.create_task(self._detect()),
        ]
        self.answered.set()

    async def _detect(self) -> None:
        address = self.order.get("AsyncAmdStatusCallback")
        for after, verdict in self.person.detects if address else ():
            await asyncio.sleep(after)
            if not self.over.is_set():
                await self.detected(verdict)

    async def detected(self, verdict: str) -> None:
        """The carrier says what it takes the other side for; as late as one likes."""
        await self._hooks.tell(
            str(self.order["AsyncAmdStatusCallback"]),
            {"AnsweredBy": verdict, "MachineDetectionDuration": "2800"},
        )

    async def _tell(self, event: str, status: str, **more: str) -> None:
        self._status = status
        if event in self.order.get("StatusCallbackEvent", REPORTED):
            self.told.append(event)
            self._number += 1
            fields = {"StatusCallbackEvent": event, "SequenceNumber": str(self._number), **more}
            await self._hooks.tell(str(self.order["StatusCallback"]), fields)

    async def _end(self, reason: str) -> None:
        if self.over.is_set():
            return
        self.reason = reason
        self.over.set()
        self._note("over", reason=reason)
        if self.stream is not None:
            await self.stream.stop()
        began = self._answered_at
        self.outcome = self.outcome or ("completed" if began is not None else "canceled")
        seconds = str(int(self.now - began)) if began is not None else "0"
        await self._tell("completed", self.outcome, CallDuration=seconds)
        current = asyncio.current_task()
        others = [task for task in self._tasks if task is not current]
        if others:
            _, late = await asyncio.wait(others, timeout=5)
            for task in late:
                task.cancel()
        await self._hooks.close()
        self.closed.set()

    def _form(self) -> dict[str, str]:
        return super()._form() | {"Direction": "outbound-api"}


@dataclass
class Street:
    """Who lives where. A number nobody put here is answered by nobody."""

    url: str
    public_url: str | None = None
    auth_token: str | None = None
    account_sid: str = "AC" + "0" * 32
    people: dict[str, Person] = field(default_factory=dict)
    lines: list[CalledLine] = field(default_factory=list)
    on_ring: Callable[[CalledLine], None] = lambda line: None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def ring(self, order: dict[str, Any]) -> CalledLine:
        """Begin to ring where the order says."""
        person = self.people.get(str(order["To"]), Person("no-answer"))
        line = CalledLine(
            self.url,
            order,
            person,
            public_url=self.public_url,
            auth_token=self.auth_token,
            account_sid=self.account_sid,
        )
        person.lines.append(line)
        self.lines.append(line)
        self.on_ring(line)
        task = asyncio.get_running_loop().create_task(line.ring())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return line

    async def quiet(self, timeout: float = 10.0) -> None:
        """Until every call is over."""
        async with asyncio.timeout(timeout):
            for line in list(self.lines):
                await line.closed.wait()
