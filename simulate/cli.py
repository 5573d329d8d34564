"""The commands of the caller's side: ``call``, ``chat``, ``simulate``, ``demo``, ``bench``.

server.py mounts ``commands`` beside its own; ``python -m simulate.cli`` runs them alone.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from loguru import logger

from core.errors import SeiketsuError, Unavailable
from core.settings import Settings, load_settings
from simulate import bench_report, bench_tenants, show
from simulate.client import ServiceClient, operator_key
from simulate.demo import demo
from simulate.script import DoorName, Script, load_folder, load_script
from simulate.suite import Stage, play, play_all
from simulate.talk import Exchange
from simulate.verdict import Result
from simulate.voice import PiperVoice

T = TypeVar("T")

SCRIPTS = Path(__file__).parent / "scripts"
REPORT = Path("docs/performance.md")

commands = typer.Typer(help="Simulated callers.", no_args_is_help=True)

commands.command()(demo)

Url = Annotated[str | None, typer.Option(help="Where the service listens (default: as configured).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Key = Annotated[str | None, typer.Option(help="The operator's key (default: as configured).")]


@commands.command()
def call(
    to: Annotated[str, typer.Option(help="Number to call, 'onboarding', or 'tenant:SLUG'.")] = "onboarding",
    script: Annotated[Path, typer.Option(help="The caller (YAML).")] = SCRIPTS / "broker.yaml",
    record: Annotated[Path | None, typer.Option(help="Folder for a stereo WAV of the call.")] = None,
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Place one call with real sound and print what was said; exit code 1 when it fails its script."""

    async def run() -> list[Result]:
        async with _stage(url, key, sound=True, recordings=record) as stage:
            who = load_script(script)
            number = stage.onboarding if to == "onboarding" else None if to.startswith("tenant:") else to
            if to.startswith("tenant:"):
                who = who.model_copy(update={"to": to})
            return [await play(who, stage, "phone", to=number, on_exchange=_printer(as_json))]

    _finish(_await(run()), as_json)


@commands.command()
def simulate(
    suite: Annotated[Path, typer.Argument(help="A folder of callers, or one of them.")] = SCRIPTS,
    door: Annotated[str, typer.Option(help="text, socket, audio, or auto (each script's own).")] = "auto",
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Play every caller of a folder; exit code 1 when one of them fails."""
    ways: dict[str, DoorName | None] = {"text": "chat", "socket": "socket", "audio": "phone", "auto": None}
    if door not in ways:
        raise typer.BadParameter("is one of text, socket, audio, auto", param_hint="--door")

    async def run() -> list[Result]:
        scripts = load_folder(suite)
        async with _stage(url, key, sound=ways[door] in ("phone", None), recordings=None) as stage:
            return await play_all(scripts, stage, ways[door], on_exchange=_printer(as_json))

    _finish(_await(run()), as_json)


@commands.command()
def chat(
    to: Annotated[str, typer.Option(help="Number, 'onboarding', or 'tenant:SLUG'.")] = "onboarding",
    from_: Annotated[str | None, typer.Option("--from", help="Your number, if you want to give one.")] = None,
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Talk to an agent in text. One line is one message; an empty line or Ctrl-D ends it."""
    _await(_chat(to, from_, url, key, as_json))


@commands.command()
def bench(
    calls: Annotated[int, typer.Option(help="Calls at once in the load measurement.")] = 10,
    seconds: Annotated[float, typer.Option(help="How long the load is measured.")] = 60.0,
    what: Annotated[str, typer.Option(help="all, latency, or load.")] = "all",
    tenants: Annotated[
        bool, typer.Option("--tenants", help="Only this: 40 clients with 10,000 leads each.")
    ] = False,
    out: Annotated[Path, typer.Option(help="The report; numbers go beside it as JSON.")] = REPORT,
    as_json: AsJson = False,
) -> None:
    """Measure latency, processor time and memory beside stock pipecat; exit code 1 if a target is missed."""
    from simulate import bench as benches  # needs psutil, which only the development group brings

    if what not in ("all", "latency", "load"):
        raise typer.BadParameter("is one of all, latency, load", param_hint="--what")
    console = show.terminal(errors=True)
    if tenants:
        logger.remove()  # a line a session would be measured too
        measured = _await(bench_tenants.measure(tell=console.print, command="seiketsu bench --tenants"))
        bench_tenants.write(measured, out)
        print(json.dumps(vars(measured), indent=2) if as_json else bench_tenants.section(measured))
        raise typer.Exit(0 if measured.met else 1)
    asked = f"seiketsu bench --calls {calls} --seconds {seconds:g} --what {what}"
    work = benches.measure(calls=calls, seconds=seconds, what=what, tell=console.print, command=asked)
    found = _await(work)
    bench_report.write(found, out)
    print(json.dumps(found.as_dict(), indent=2) if as_json else bench_report.report(found))
    if not found.met:
        raise typer.Exit(1)


@commands.command("kill-test")
def kill_test(
    kills: Annotated[int, typer.Option(help="How often a process is killed.")] = 50,
    calls: Annotated[int, typer.Option(help="Calls on the line each time.")] = 4,
    seed: Annotated[int, typer.Option(help="Which random moments.")] = 1,
    folder: Annotated[Path | None, typer.Option(help="Where the two processes keep their data.")] = None,
    as_json: AsJson = False,
) -> None:
    """Kill a process in the middle of its calls, again and again; exit code 1 when anything was lost."""
    from simulate.killing import kill_often

    console = show.terminal(errors=as_json)
    with tempfile.TemporaryDirectory(prefix="seiketsu-kill-") as made:
        found = _await(
            kill_often(folder or Path(made), kills=kills, calls=calls, seed=seed, tell=console.print)
        )
    numbers = found.as_dict()
    if as_json:
        print(json.dumps(numbers, indent=2))
    else:
        show.killing(show.terminal(), numbers)
    if found.problems:
        raise typer.Exit(1)


@commands.command("soak")
def soak_calls(
    calls: Annotated[int, typer.Option(help="How many calls in all.")] = 200,
    wave: Annotated[int, typer.Option(help="Calls at once.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Place hundreds of calls in waves; exit code 1 when memory, tasks or sockets are left of them."""
    from simulate.soak import soak

    console = show.terminal(errors=as_json)
    with tempfile.TemporaryDirectory(prefix="seiketsu-soak-") as folder:
        found = _await(soak(Path(folder), calls=calls, wave=wave, tell=console.print))
    if as_json:
        print(json.dumps(found.as_dict(), indent=2))
    for problem in found.problems:
        console.print(f"[red]{problem}[/]")
    if found.problems:
        raise typer.Exit(1)


@commands.command("audit-pairs")
def audit_pairs(
    tenant: Annotated[str, typer.Option(help="A client's slug (default: a made-up brokerage).")] = "",
    as_json: AsJson = False,
) -> None:
    """Send paired testers (names, families, accents) to an agent; exit code 1 when one is served unlike."""
    from simulate.paired import as_text, audit_command

    console = show.terminal(errors=True)
    report = _await(audit_command(load_settings(), tenant, console.print))
    print(json.dumps(report.as_dict(), indent=2, default=str) if as_json else as_text(report))
    if report.differences:
        raise typer.Exit(1)


async def _chat(to: str, from_: str | None, url: str | None, key: str | None, as_json: bool) -> None:
    from simulate.suite import number_of

    async with _stage(url, key, sound=False, recordings=None) as stage:
        answer = await stage.client.start_chat(await number_of(to, stage), from_)
        while True:
            _answer(answer, as_json)
            if answer.get("ended"):
                return
            line = await asyncio.to_thread(_ask_for_line)
            if not line:
                return
            answer = await stage.client.message(str(answer["id"]), line)


def _ask_for_line() -> str:
    if sys.stdin.isatty():
        print("> ", end="", flush=True)
    return sys.stdin.readline().strip()


def _answer(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer), flush=True)
        return
    for tool in answer.get("tools") or ():
        print(f"  [{tool.get('name')}: {tool.get('status')}]")
    for reply in answer.get("replies") or ():
        print(reply, flush=True)


@asynccontextmanager
async def _stage(
    url: str | None, key: str | None, *, sound: bool, recordings: Path | None
) -> AsyncIterator[Stage]:
    """The running service as the settings describe it; Unavailable with advice when it is not there."""
    settings = load_settings()
    where = url or f"http://127.0.0.1:{settings.port}"
    client = ServiceClient(where, operator_key(settings.data_dir, key or _secret(settings)))
    voice = PiperVoice(settings.data_dir / "voices") if sound else None
    try:
        if await client.ready() is None:
            raise Unavailable(f"nothing answers at {where}; start it with: seiketsu serve")
        token = settings.twilio_auth_token
        yield Stage(
            client,
            settings.onboarding_number,
            voice,
            recordings,
            auth_token=token.get_secret_value() if token else None,
            account_sid=settings.twilio_account_sid or Stage.account_sid,
            public_url=settings.public_url,
        )
    finally:
        await client.close()
        if voice is not None:
            await voice.close()


def _secret(settings: Settings) -> str | None:
    return settings.admin_key.get_secret_value() if settings.admin_key else None


def _printer(as_json: bool) -> Any:
    console = show.terminal(errors=as_json)

    def on_exchange(script: Script, seen: Exchange) -> None:
        show.exchange(console, script, seen)

    return on_exchange


def _finish(played: list[Result], as_json: bool) -> None:
    if as_json:
        print(json.dumps([result.as_dict() for result in played], indent=2))
    else:
        show.results(show.terminal(), played)
    if not all(result.passed for result in played):
        raise typer.Exit(1)


def _await(work: Coroutine[Any, Any, T]) -> T:
    """Run it; a trouble of the service is a message and exit code 2, not a traceback."""
    try:
        return asyncio.run(work)
    except (SeiketsuError, RuntimeError) as wrong:
        print(str(wrong), file=sys.stderr)
        raise typer.Exit(2) from wrong
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


if __name__ == "__main__":
    commands()
