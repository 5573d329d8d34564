"""Playing scripts: one, or a folder of them, in text or in sound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import NotFound, SeiketsuError
from simulate.caller import Caller
from simulate.client import ServiceClient
from simulate.doors import ChatDoor, Door, PhoneDoor, Style
from simulate.line import PhoneLine
from simulate.script import DoorName, Leg, Script
from simulate.socket_door import SocketDoor
from simulate.talk import Exchange, Record, talk
from simulate.verdict import Result, judge
from simulate.voice import Voice

OnExchange = Callable[[Script, Exchange], None]


@dataclass(frozen=True)
class Stage:
    """Where scripts are played: the service, its onboarding number, the callers' voice, where calls are
    recorded (None: nowhere), and the credentials a signed line needs.
    """

    client: ServiceClient
    onboarding: str
    voice: Voice | None = None
    recordings: Path | None = None
    auth_token: str | None = None
    account_sid: str = "AC" + "0" * 32
    public_url: str | None = None
    quiet: float = 0.8


async def play(
    script: Script,
    stage: Stage,
    door: DoorName,
    *,
    to: str | None = None,
    on_exchange: OnExchange = lambda script, exchange: None,
) -> Result:
    """Play every leg of a script and judge what came of it. ``to`` overrides whom the script calls.

    ``door`` chat or socket puts every leg in text. Troubles of the service become failures of the result.
    """
    number = to or await number_of(script.to, stage)
    result = Result(script.caller, script.title, door)
    records: list[Record] = []
    caller = Caller(script, door)
    for leg in script.legs:
        by: DoorName = leg.door or door if door == "phone" else door
        caller = next_leg(caller, script, by, leg)
        way, recording = _door(script, leg, stage, by, number, len(records))
        try:
            record = await talk(caller, way, on_exchange=lambda exchange: on_exchange(script, exchange))
        except (SeiketsuError, RuntimeError) as wrong:
            result.failures.append(f"the {by} broke: {wrong}")
            return result
        records.append(record)
        if recording is not None:
            result.recordings.append(str(recording))
        if isinstance(way, PhoneDoor):
            result.calls.append(way.line.sid)
    result.turns = sum(record.turns for record in records)
    result.seconds = sum(record.seconds for record in records)
    result.latencies = sorted(value for record in records for value in record.latencies)
    result.tools = [f"{tool.name}: {tool.status}" for record in records for tool in record.tools]
    result.troubles = caller.troubles
    result.failures = await judge(script, records, caller, stage.client, number)
    return result


async def play_all(
    scripts: Sequence[Script],
    stage: Stage,
    door: DoorName | None,
    *,
    on_exchange: OnExchange = lambda script, exchange: None,
    on_result: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """Play scripts one after another; ``door`` None: each by the first door it names."""
    results = []
    for script in scripts:
        by = door or script.doors[0]
        try:
            result = await play(script, stage, by, on_exchange=on_exchange)
        except SeiketsuError as wrong:
            result = Result(script.caller, script.title, by, [str(wrong)])
        results.append(result)
        on_result(result)
    return results


async def number_of(to: str, stage: Stage) -> str:
    """The number a script's ``to`` stands for: ``onboarding``, ``tenant:SLUG`` or itself."""
    if to == "onboarding":
        return stage.onboarding
    if not to.startswith("tenant:"):
        return to
    tenant = await stage.client.get(f"/tenants/{to.removeprefix('tenant:')}")
    if not tenant.get("numbers"):
        raise NotFound(f"{to} has no number yet")
    return str(tenant["numbers"][0])


def next_leg(caller: Caller, script: Script, door: DoorName, leg: Leg) -> Caller:
    """The same person in the next contact: what was learned and how often it was asked stay known."""
    return Caller(
        script, door, leg, learned=caller.learned, troubles=caller.troubles, answered=caller.answered
    )


def _door(
    script: Script, leg: Leg, stage: Stage, by: DoorName, number: str, leg_number: int
) -> tuple[Door, Path | None]:
    from_ = leg.from_ or script.from_
    if by == "chat":
        return ChatDoor(stage.client, number, from_), None
    if by == "socket":
        return SocketDoor(stage.client.url, number), None
    if stage.voice is None:
        raise SeiketsuError("a call needs a voice")
    path = stage.recordings / f"{script.caller}-{leg_number + 1}.wav" if stage.recordings else None
    line = PhoneLine(
        stage.client.url,
        to=number,
        from_=from_,
        record=path,
        auth_token=stage.auth_token,
        public_url=stage.public_url,
        account_sid=stage.account_sid,
    )
    style = Style(speed=script.speed, snr_db=script.snr_db, quiet=stage.quiet)
    return PhoneDoor(stage.client, line, stage.voice, style), path
