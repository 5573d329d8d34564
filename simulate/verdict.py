"""What a script expects against what a conversation left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.errors import SeiketsuError
from core.ranks import percentile
from simulate.caller import Caller
from simulate.facts import same
from simulate.script import Script
from simulate.talk import Record


class Reads(Protocol):
    """Where a verdict looks things up: the service's API, or the stores themselves."""

    async def get(self, path: str, **query: Any) -> Any:
        """JSON below ``/api/v1``."""


@dataclass
class Result:
    """One played script. ``failures`` are sentences; ``troubles`` are complaints that fail nothing.

    ``calls`` are Twilio's ids of the telephone calls placed, ``latencies`` seconds.
    """

    script: str
    title: str
    door: str
    failures: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    turns: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    recordings: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything expected holds."""
        return not self.failures

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form; latencies in milliseconds."""
        p50, p95 = percentile(self.latencies, 0.5), percentile(self.latencies, 0.95)
        return {
            "script": self.script,
            "title": self.title,
            "door": self.door,
            "passed": self.passed,
            "failures": self.failures,
            "troubles": self.troubles,
            "turns": self.turns,
            "seconds": round(self.seconds, 1),
            "latency_ms": {
                "n": len(self.latencies),
                "p50": None if p50 is None else round(p50 * 1000),
                "p95": None if p95 is None else round(p95 * 1000),
            },
            "tools": self.tools,
            "recordings": self.recordings,
            "calls": self.calls,
        }


async def judge(
    script: Script,
    records: Sequence[Record],
    caller: Caller,
    client: Reads,
    number: str,
    *,
    misheard: bool = False,
) -> list[str]:
    """Everything that is not as the script expects, one sentence each. ``number``: who was called.

    ``misheard``: words may have arrived otherwise; having been asked again is no failure then.
    """
    expect, last = script.expect, records[-1]
    failures = [f"tool {tool.name} ended in {tool.status}" for tool in _broken(records)]
    ran = [tool.name for record in records for tool in record.tools]
    failures += [f"tool {name} was not run" for name in expect.tools if name not in ran]
    failures += [f"tool {name} was run" for name in expect.not_tools if name in ran]
    if expect.ended is not None and (last.ended_by == "agent") is not expect.ended:
        failures.append(f"the conversation was ended by: {last.ended_by}")
    if expect.step is not None and last.state.step != expect.step:
        failures.append(f"it stopped in step {last.state.step or '(none)'}, not {expect.step}")
    if expect.most_turns is not None and (turns := sum(r.turns for r in records)) > expect.most_turns:
        failures.append(f"it took {turns} turns, more than {expect.most_turns}")
    for slot, status in expect.statuses.items():
        if last.state.statuses.get(slot) != status:
            failures.append(f"{slot} is {last.state.statuses.get(slot, 'unknown')}, not {status}")
    failures += differences(expect.slots, last.state.values, "")
    said = " ".join(text for record in records for text in record.said).casefold()
    failures += [f"never said: {text}" for text in expect.says if script.filled(text).casefold() not in said]
    failures += [f"said: {text}" for text in expect.never if script.filled(text).casefold() in said]
    failures += [
        f"{slot} had to be answered {caller.answered[slot]} times"
        for slot in expect.answered_once
        if caller.answered[slot] > 1 and not misheard
    ]
    try:
        failures += await _stored(script, client, number)
    except SeiketsuError as wrong:
        failures.append(f"what is stored cannot be read: {wrong}")
    return failures


def differences(expected: Mapping[str, Any], held: Mapping[str, Any] | None, of: str) -> list[str]:
    """Where the stored differs from the expected (a subset of it), one sentence each."""
    if held is None:
        return [f"no {of.strip()} is stored"] if expected else []
    return [
        f"{of}{name} is {held.get(name)!r}, not {value!r}"
        for name, value in expected.items()
        if not same(value, held.get(name))
    ]


async def tenant_of(client: Reads, *, name: str | None = None, number: str | None = None) -> Any:
    """The newest tenant of that name, or the one with that number; None when there is none."""
    tenants = await all_tenants(client)
    fits = [
        tenant
        for tenant in tenants
        if (name is not None and same(name, tenant.get("name"))) or number in (tenant.get("numbers") or ())
    ]
    return fits[-1] if fits else None


async def all_tenants(client: Reads) -> list[dict[str, Any]]:
    """Every tenant, oldest first."""
    tenants: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = await client.get("/tenants", limit=200, **after)
        tenants += page["items"]
        if not page.get("next"):
            return tenants
        after = {"after": page["next"]}


def _broken(records: Sequence[Record]) -> list[Any]:
    bad = ("failed", "error", "crashed")
    return [tool for record in records for tool in record.tools if tool.status in bad]


async def _stored(script: Script, client: Reads, number: str) -> list[str]:
    expect = script.expect
    if not (expect.tenant or expect.lead or expect.ticket):
        return []
    name = script.facts.get("organization_name") if script.to == "onboarding" else None
    tenant = await tenant_of(client, name=name, number=None if name else number)
    if tenant is None:
        return ["no tenant is stored"]
    failures = differences(expect.tenant, tenant, "tenant ")
    for expected, path in ((expect.lead, "leads"), (expect.ticket, "tickets")):
        if expected:
            rows = (await client.get(f"/tenants/{tenant['id']}/{path}"))["items"]
            tries = [differences(expected, row, f"{path[:-1]} ") for row in rows]
            tries.sort(key=lambda found: len(found))
            failures += tries[0] if tries else [f"no {path[:-1]} is stored"]
    return failures
