"""The whole of it, on one machine, without keys: a broker phones in, a minute later its lead does.

``python -m simulate.demo`` in sound, ``--fast`` in text. The exit code is 0 only when the new tenant is
live and the lead is stored.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from core.errors import SeiketsuError
from core.settings import load_settings
from simulate import show
from simulate.client import ServiceClient
from simulate.facts import same
from simulate.script import DoorName, Script, load_script
from simulate.service import LocalService, free_port
from simulate.suite import Stage, play
from simulate.verdict import Result, all_tenants, tenant_of
from simulate.voice import PiperVoice

SCRIPTS = Path(__file__).parent / "scripts"
NAMES = (
    "Summit Real Estate",
    "Maple Street Homes",
    "Evergreen Homes",
    "Riverside Homes",
    "Stonebridge Homes",
)
NUMERALS = ("Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


@dataclass
class Outcome:
    """What the demo leaves behind."""

    tenant: Mapping[str, Any] | None = None
    lead: Mapping[str, Any] | None = None
    integrations: list[Mapping[str, Any]] = field(default_factory=list)
    tickets: list[Mapping[str, Any]] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def achieved(self) -> bool:
        """The tenant answers calls and its first lead is kept."""
        return self.tenant is not None and self.tenant.get("status") == "live" and self.lead is not None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "achieved": self.achieved,
            "seconds": round(self.seconds, 1),
            "tenant": self.tenant,
            "integrations": self.integrations,
            "tickets": self.tickets,
            "lead": self.lead,
            "kept": self.kept,
            "calls": [result.as_dict() for result in self.results],
        }


class Demo:
    """One showing. ``out`` is where a person watches."""

    def __init__(self, out: Console, *, fast: bool, data_dir: Path):
        self.out, self.fast, self.data_dir = out, fast, data_dir
        self.door: DoorName = "chat" if fast else "phone"
        self.outcome = Outcome()
        self._began = time.monotonic()

    async def run(self, url: str | None) -> Outcome:
        """With the service at ``url``, or with one of its own that it stops again."""
        service = None if url else self._service()
        voice = None if self.fast else PiperVoice(self.data_dir / "voices")
        try:
            if service is not None:
                await self._start(service)
            client = ServiceClient(url or service.url, self._key(service))  # type: ignore[union-attr]
            try:
                await self._show(client, voice)
            finally:
                await client.close()
        finally:
            if voice is not None:
                await voice.close()
            if service is not None:
                self._say("Stopping the service.")
                await service.stop()
        self.outcome.seconds = time.monotonic() - self._began
        self._summary()
        return self.outcome

    # -- the service ---------------------------------------------------------------------------------

    def _service(self) -> LocalService:
        return LocalService(
            self.data_dir, port=free_port(), settings={"SEIKETSU_SPEECH": "false"} if self.fast else {}
        )

    def _key(self, service: LocalService | None) -> str | None:
        settings = load_settings()
        given = settings.admin_key.get_secret_value() if settings.admin_key else None
        return given or (service.key if service else settings.operator_key())

    async def _start(self, service: LocalService) -> None:
        self._say(f"Starting the service (log: {service.log}).")
        await service.start()
        last = ""

        def progress(seen: dict[str, Any] | None) -> None:
            nonlocal last
            checks = (seen or {}).get("checks") or {}
            words = ", ".join(f"{name}: {state}" for name, state in checks.items()) or "starting"
            if words != last:
                last = words
                self._say(f"  {words}")

        await service.ready(on_progress=progress)
        self._say(f"Ready at {service.url}.")

    # -- the calls -----------------------------------------------------------------------------------

    async def _show(self, client: ServiceClient, voice: PiperVoice | None) -> None:
        stage = Stage(
            client,
            load_settings().onboarding_number,
            voice,
            None if self.fast else self.data_dir / "demo",
            quiet=0.6,
        )
        broker = await fresh_broker(client, load_script(SCRIPTS / "broker.yaml"))
        name = broker.facts["organization_name"]
        self._title(f"A broker {'writes' if self.fast else 'phones in'}: {name}")
        await self._play(broker, stage)
        tenant = await tenant_of(client, name=name)
        self.outcome.tenant = tenant
        if tenant is None:
            return
        path = f"/tenants/{tenant['id']}"
        self.outcome.integrations = (await client.get(f"{path}/integrations"))["items"]
        if tenant.get("status") != "live" or not tenant.get("numbers"):
            self._say("The new agent is not live, so no lead calls it.")
        else:
            self._title(f"A lead {'writes to' if self.fast else 'calls'} {tenant['numbers'][0]}")
            lead = load_script(SCRIPTS / "lead_buyer.yaml")
            await self._play(lead, stage, to=tenant["numbers"][0])
            leads = (await client.get(f"{path}/leads"))["items"]
            self.outcome.lead = leads[0] if leads else None
        self.outcome.tickets = (await client.get(f"{path}/tickets"))["items"]

    async def _play(self, script: Script, stage: Stage, to: str | None = None) -> None:
        result = await play(
            script, stage, self.door, to=to, on_exchange=lambda who, seen: show.exchange(self.out, who, seen)
        )
        self.outcome.results.append(result)
        for sid in result.calls:
            try:
                call = await stage.client.get(f"/calls/{sid}")
            except SeiketsuError:
                continue
            if call.get("recording_path"):
                self.outcome.kept.append(f"recording, sealed: seiketsu calls recording {call['id']}")

    # -- what is shown -------------------------------------------------------------------------------

    def _say(self, text: str) -> None:
        self.out.print(
            f"[dim]{time.monotonic() - self._began:6.1f} s[/]  {escape(text)}",
        )

    def _title(self, text: str) -> None:
        self.out.rule(escape(text))

    def _summary(self) -> None:
        done = self.outcome
        self._title("What is stored")
        self._rows("tenant", done.tenant, "name", "slug", "status", "plan", "numbers", "states", "timezone")
        for integration in done.integrations:
            self._rows("integration", integration, "kind", "vendor", "state")
        for ticket in done.tickets:
            self._rows("ticket", ticket, "number", "category", "subject", "status")
        self._rows("lead", done.lead, "name", "intent", "areas", "beds", "phones", "score", "appointment")
        show.results(self.out, done.results)
        for kept in done.kept:
            self._say(f"the service's {kept}")
        for recording in (path for result in done.results for path in result.recordings):
            self._say(f"the caller's recording (caller left, agent right): {recording}")
        self._say(f"e-mails and texts that would have been sent: {self.data_dir / 'outbox'}")
        self._title("Talk to it yourself")
        number = (done.tenant or {}).get("numbers") or ["(none)"]
        origin = f"http://127.0.0.1:{load_settings().port}"
        self.out.print(f"  make serve                       then open {origin}/talk")
        self.out.print(
            "  seiketsu chat                    the onboarding number, in text",
        )
        self.out.print(f"  seiketsu chat --to {number[0]}   the new agent")
        self.out.print(
            "  a telephone: point a Twilio number's voice webhook at SEIKETSU_PUBLIC_URL/twilio/voice",
        )
        verdict = "[green]The tenant is live and the lead is stored.[/]"
        if not done.achieved:
            verdict = "[red]Not achieved: the tenant is not live or the lead is not stored.[/]"
        self.out.print(f"{verdict} {done.seconds:.0f} s.")

    def _rows(self, what: str, row: Mapping[str, Any] | None, *names: str) -> None:
        held = {name: (row or {}).get(name) for name in names}
        words = ", ".join(f"{name} {value}" for name, value in held.items() if value not in (None, [], ""))
        self.out.print(f"  [bold]{what:12}[/] {escape(words or 'nothing')}")


async def fresh_broker(client: ServiceClient, broker: Script) -> Script:
    """The broker under a business name nobody has taken yet: a demo can be shown again and again."""
    taken = [tenant.get("name") for tenant in await all_tenants(client)]
    later = (f"{name} {numeral}" for numeral in NUMERALS for name in NAMES)
    name = next(name for name in (*NAMES, *later) if not any(same(name, other) for other in taken))
    return broker.knowing(organization_name=name)


def demo(
    fast: Annotated[bool, typer.Option("--fast", help="In text: seconds, not minutes.")] = False,
    data_dir: Annotated[Path | None, typer.Option(help="Where everything is kept.")] = None,
    url: Annotated[str | None, typer.Option(help="Use a service that already runs here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Set a brokerage up by telephone and let its first lead call; exit code 0 when both worked."""
    where = (data_dir or load_settings().data_dir).resolve()
    out = show.terminal(errors=as_json)
    try:
        outcome = asyncio.run(Demo(out, fast=fast, data_dir=where).run(url))
    except (SeiketsuError, RuntimeError) as wrong:
        out.print(f"[red]{escape(str(wrong))}[/]")
        raise typer.Exit(2) from wrong
    if as_json:
        print(json.dumps(outcome.as_dict(), indent=2, default=str))
    raise typer.Exit(0 if outcome.achieved else 1)


if __name__ == "__main__":
    typer.run(demo)
