"""Killing a process in the middle of its calls, again and again: what the caller hears, and what is lost.

Two processes of the service share a database. Calls are placed on one of them; at a random moment it is
killed (SIGKILL) and the carrier's next request reaches the other one, as behind any balancer. The calls go
on there to their end, and what is stored is compared with what was said.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.errors import SeiketsuError
from core.settings import ONBOARDING
from simulate.caller import Caller
from simulate.client import ServiceClient
from simulate.doors import PhoneDoor, Style
from simulate.facts import same
from simulate.line import PhoneLine
from simulate.load import spread
from simulate.script import Answer, Script, load_script
from simulate.service import LocalService, free_port, stub_speech
from simulate.suite import Stage, play
from simulate.talk import Record, talk
from simulate.voice import PiperVoice
from simulate.whistle import WhistleVoice

SCRIPTS = Path(__file__).parent / "scripts"
EARLIEST, LATEST = 2.0, 16.0
"""Seconds after the last call was placed between which the process is killed."""
BACK_SECONDS = 5.0
"""Within so many seconds of the line coming back the agent must be heard again."""
OUR_ADDRESS = "http://127.0.0.1:1"
"""The public address of both processes: the carrier maps it to the one that is alive."""


@dataclass
class Survivor:
    """One call that lived through its process's death. Seconds; ``problems`` are what was lost or doubled."""

    caller: str
    killed_at: float
    back: float | None = None
    lost: float | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def hit(self) -> bool:
        """Whether the call was on when the process died."""
        return self.back is not None or bool(self.problems)


@dataclass
class Killing:
    """All rounds. ``back`` counts from the new socket's accept to the agent's first sound, ``lost`` from the
    kill.
    """

    kills: int = 0
    survivors: list[Survivor] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def hit(self) -> list[Survivor]:
        """Calls that were on."""
        return [one for one in self.survivors if one.hit]

    @property
    def problems(self) -> list[str]:
        """Everything that was lost, doubled or late."""
        return [f"{one.caller}: {problem}" for one in self.survivors for problem in one.problems]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "kills": self.kills,
            "calls_hit": len(self.hit),
            "seconds": round(self.seconds),
            "back_ms": spread([one.back * 1000 for one in self.hit if one.back is not None]),
            "gap_ms": spread([one.lost * 1000 for one in self.hit if one.lost is not None]),
            "problems": self.problems,
            "calls": [asdict(one) for one in self.survivors],
        }


class Pair:
    """Two processes on one database; ``active`` is the one the next round kills."""

    def __init__(self, folder: Path, settings: dict[str, str] | None = None):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.texts = folder / "texts.json"
        shared = {
            **stub_speech(texts=self.texts, pace=0.15),
            "SEIKETSU_PUBLIC_URL": OUR_ADDRESS,
            **(settings or {}),
        }
        self.services = [LocalService(folder, port=free_port(), settings=shared) for _ in range(2)]
        for number, service in enumerate(self.services):
            service.log = folder / f"service-{number}.log"
        self.active = 0

    @property
    def victim(self) -> LocalService:
        """Where calls are placed."""
        return self.services[self.active]

    @property
    def other(self) -> LocalService:
        """Where they go on."""
        return self.services[1 - self.active]

    async def start(self) -> None:
        """Both, one after the other: the first one makes the database."""
        for service in self.services:
            await service.start()
            await service.ready(timeout=180)

    async def kill(self) -> None:
        """SIGKILL for the active one; from now on the other one is active."""
        process = self.victim.process
        assert process is not None
        process.kill()
        await process.wait()
        self.active = 1 - self.active

    async def revive(self) -> None:
        """Start the dead one again and wait until it is ready."""
        await self.other.start()
        await self.other.ready(timeout=180)

    async def stop(self) -> None:
        """Both, gracefully."""
        for service in self.services:
            await service.stop()


async def kill_often(
    folder: Path,
    *,
    kills: int = 50,
    calls: int = 4,
    seed: int = 1,
    tell: Callable[[str], None] = lambda line: None,
) -> Killing:
    """Kill a process ``kills`` times with ``calls`` calls on it each time. ``folder`` is made and kept."""
    rng = random.Random(seed)
    found, began = Killing(), time.monotonic()
    pair = Pair(folder)
    voice = WhistleVoice(PiperVoice(folder / "voices"), pair.texts)
    try:
        await pair.start()
        number = await _tenant(pair)
        for _ in range(kills):
            survivors = await _round(pair, voice, number, calls, rng)
            found.kills += 1
            found.survivors += survivors
            tell(
                f"kill {found.kills}: {sum(one.hit for one in survivors)} of {calls} calls were on, back in "
                + ", ".join(f"{one.back:.2f} s" for one in survivors if one.back is not None)
                + "".join(f"\n  PROBLEM {problem}" for one in survivors for problem in one.problems)
            )
            await pair.revive()
    finally:
        await voice.close()
        await pair.stop()
    found.seconds = time.monotonic() - began
    return found


async def _tenant(pair: Pair) -> str:
    """A live client whose leads will call; its number."""
    client = ServiceClient(pair.victim.url, pair.victim.key)
    try:
        stage = Stage(client, ONBOARDING)
        script = load_script(SCRIPTS / "broker_short.yaml")
        always = Answer(say=("It should answer fully.",))  # the leads call at any hour
        script = script.model_copy(update={"answers": {**script.answers, "after_hours_mode": always}})
        result = await play(script, stage, "chat")
        if not result.passed:
            raise SeiketsuError(f"the tenant could not be set up: {result.failures}")
        page = await client.get("/tenants", limit=1)
        return str(page["items"][0]["numbers"][0])
    finally:
        await client.close()


async def _round(
    pair: Pair, voice: WhistleVoice, number: str, calls: int, rng: random.Random
) -> list[Survivor]:
    client = ServiceClient(pair.other.url, pair.other.key)  # reads what is stored, and survives
    talking: list[asyncio.Task[Record]] = []
    doors: list[PhoneDoor] = []
    callers: list[Caller] = []
    try:
        for place in range(calls):
            to, script = _who(place, number, rng)
            line = PhoneLine(pair.victim.url, to=to, from_=script.from_, public_url=OUR_ADDRESS)
            door = PhoneDoor(client, line, voice, Style(quiet=0.3))
            caller = Caller(script, "phone")
            doors.append(door)
            callers.append(caller)
            talking.append(asyncio.create_task(talk(caller, door)))
            await asyncio.sleep(rng.uniform(0.2, 2.5))
        await asyncio.sleep(rng.uniform(EARLIEST, LATEST))
        on = [door.line.stream is not None and not door.line.over.is_set() for door in doors]
        at = [door.line.now for door in doors]
        for door in doors:
            door.line.move_to(pair.other.url)
        await pair.kill()
        records = await asyncio.gather(*talking, return_exceptions=True)
        return [
            await _judged(client, caller, door, record, killed, was_on)
            for caller, door, record, killed, was_on in zip(callers, doors, records, at, on, strict=True)
        ]
    finally:
        await client.close()


def _who(place: int, number: str, rng: random.Random) -> tuple[str, Script]:
    """Every fourth caller is a broker, the others are leads; each from a number of its own."""
    script = load_script(SCRIPTS / ("broker_short.yaml" if place % 4 == 3 else "lead_buyer.yaml"))
    phone = f"+1303555{rng.randrange(2000, 9999):04d}"
    script = script.model_copy(update={"from_": phone, "patience": 12, "most_turns": 160})
    return (ONBOARDING if place % 4 == 3 else number), script


async def _judged(
    client: ServiceClient,
    caller: Caller,
    door: PhoneDoor,
    record: Record | BaseException,
    killed_at: float,
    was_on: bool,
) -> Survivor:
    line, seen = door.line, Survivor(caller.script.caller, round(killed_at, 2))
    if isinstance(record, BaseException):
        seen.problems.append(f"the call broke: {record}")
        return seen
    if was_on:
        openings = [o for o in line.meter.openings if o.accepted_at > killed_at]
        if not openings or openings[0].to_first_sound is None or openings[0].first_sound_at is None:
            seen.problems.append("the agent was not heard again")
        else:
            seen.back = openings[0].to_first_sound
            seen.lost = openings[0].first_sound_at - killed_at
            if seen.back > BACK_SECONDS:
                seen.problems.append(f"heard again only {seen.back:.1f} s after the line came back")
    if record.ended_by != "agent":
        seen.problems.append(f"ended by {record.ended_by or line.reason}")
    view = await client.conversation(door.id)
    seen.problems += _slots_lost(caller.script, view)
    seen.problems += await _doubled(client, line, view)
    return seen


def _slots_lost(script: Script, view: dict[str, Any]) -> list[str]:
    held = {name: slot.get("value") for name, slot in (view.get("slots") or {}).items()}
    return [
        f"{name} is {held.get(name)!r}"
        for name, meant in script.facts.items()
        if name in held and name != "phone" and not same(meant, held[name])
    ]


async def _doubled(client: ServiceClient, line: PhoneLine, view: dict[str, Any]) -> list[str]:
    """Writes that happened twice, or never: one registration, one activation, one lead."""
    problems = []
    standing = [(r.get("tool"), r.get("status")) for r in view.get("receipts") or () if not r.get("undone")]
    for once in (("register_organization", "registered"), ("activate_agent", "live")):
        if standing.count(once) > 1:
            problems.append(f"{once[0]} was written {standing.count(once)} times")
    call = await client.get(f"/calls/{line.sid}")
    if call.get("status") != "completed":
        problems.append(f"the call is {call.get('status')}")
    if line.to == ONBOARDING:
        if ("register_organization", "registered") not in standing:
            problems.append("no tenant was registered")
        return problems
    leads = (await client.get(f"/tenants/{call['tenant_id']}/leads", limit=200))["items"]
    mine = [lead for lead in leads if lead.get("conversation_id") == view.get("id")]
    if len(mine) != 1:
        problems.append(f"{len(mine)} leads are stored")
    return problems
