"""The commands of the caller's side: ``call``, ``chat``, ``simulate``, ``demo``, ``bench``.

``server.py`` offers ``commands`` beside the others; ``python -m simulate.cli`` runs them alone.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine, Sequence
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
from simulate.voice import CachedVoice

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
    suite: Annotated[
        list[Path] | None, typer.Argument(help="Folders of callers, or single ones (default: the shipped).")
    ] = None,
    door: Annotated[
        str, typer.Option(help="heard, text, socket, audio, or auto (each script's own).")
    ] = "auto",
    voice: Annotated[
        list[str] | None, typer.Option(help="A caller's voice (heard, audio); repeat it for several.")
    ] = None,
    noise: Annotated[
        list[str] | None, typer.Option(help="'clean' or decibels of speech over noise; repeatable.")
    ] = None,
    jobs: Annotated[int, typer.Option(help="Callers at a time (heard).")] = 2,
    out: Annotated[
        Path | None, typer.Option(help="Write everything that was said and heard here (heard).")
    ] = None,
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Play every caller of a folder; exit code 1 when one of them fails.

    ``--door heard`` needs no service: each sentence is spoken, made telephone sound and recognised, and the
    callers come to the same end on any machine. ``--door audio`` places real calls, in real time.
    """
    ways: dict[str, DoorName | None] = {"text": "chat", "socket": "socket", "audio": "phone", "auto": None}
    if door not in (*ways, "heard"):
        raise typer.BadParameter("is one of heard, text, socket, audio, auto", param_hint="--door")
    try:
        levels = [None if level == "clean" else float(level) for level in noise or []]
    except ValueError:
        raise typer.BadParameter("is 'clean' or a number of decibels", param_hint="--noise") from None
    if door == "heard":
        _heard(suite or [SCRIPTS], voice or [], levels or [None, 15.0], jobs, out, as_json)
        return

    async def run() -> list[Result]:
        scripts = [script for folder in suite or [SCRIPTS] for script in load_folder(folder)]
        sound = ways[door] in ("phone", None)
        results = []
        speakers: list[str | None] = [*voice] if sound and voice else [None]
        for name in speakers:
            async with _stage(url, key, sound=sound, recordings=None, voice=name) as stage:
                for level in levels if sound and levels else [None]:
                    wanted = [s.model_copy(update={"snr_db": level}) if levels else s for s in scripts]
                    results += await play_all(wanted, stage, ways[door], on_exchange=_printer(as_json))
        return results

    _finish(_await(run()), as_json)


def _heard(
    suite: list[Path],
    names: list[str],
    levels: list[float | None],
    jobs: int,
    out: Path | None,
    as_json: bool,
) -> None:
    from simulate.matrix import Matrix, as_text, load_cases, run_matrix
    from simulate.voices import DEFAULT_VOICES

    logger.remove()  # a line a conversation
    logger.add(sys.stderr, level="ERROR")
    console = show.terminal(errors=True)

    async def run() -> Matrix:
        settings = load_settings()
        async with _listening(settings, names or DEFAULT_VOICES) as (recognizer, speakers):
            return await run_matrix(
                load_cases(suite),
                speakers,
                levels,
                recognizer,
                folder=settings.data_dir / "simulations",
                jobs=jobs,
                tell=console.print,
            )

    matrix = _await(run())
    if out is not None:
        out.write_text(json.dumps(matrix.as_dict(), indent=1, ensure_ascii=False, default=str), "utf-8")
    print(json.dumps(matrix.as_dict(), indent=2, default=str) if as_json else as_text(matrix))
    if not matrix.met:
        raise typer.Exit(1)


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
    calls: Annotated[int, typer.Option(help="Calls at once when what a call costs is measured.")] = 10,
    crowd: Annotated[int, typer.Option(help="As many as one core is to carry.")] = 30,
    seconds: Annotated[float, typer.Option(help="How long each load is measured.")] = 60.0,
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
    asked = f"seiketsu bench --calls {calls} --crowd {crowd} --seconds {seconds:g} --what {what}"
    work = benches.measure(
        calls=calls, crowd=crowd, seconds=seconds, what=what, tell=console.print, command=asked
    )
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
    voices: Annotated[
        str, typer.Option(help="Vary the voice instead, by ear: names with commas, the first is the control.")
    ] = "",
    noise: Annotated[float | None, typer.Option(help="With --voices: decibels of speech over noise.")] = None,
    as_json: AsJson = False,
) -> None:
    """Send paired testers (names, families, accents) to an agent; exit code 1 when one is served unlike."""
    from simulate.hearing import Hearing  # seconds of imports that no other command needs
    from simulate.paired import Report, as_text, audit_command

    console = show.terminal(errors=True)

    async def run() -> Report:
        settings = load_settings()
        names = [name.strip() for name in voices.split(",") if name.strip()]
        async with _listening(settings, names) as (recognizer, speakers):
            folder = settings.data_dir / "simulations"
            lines = [(name, Hearing(recognizer, one, noise, folder)) for name, one in speakers]
            return await audit_command(settings, tenant, console.print, lines)

    report = _await(run())
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
    url: str | None, key: str | None, *, sound: bool, recordings: Path | None, voice: str | None = None
) -> AsyncIterator[Stage]:
    """The running service as the settings describe it; Unavailable with advice when it is not there."""
    settings = load_settings()
    where = url or f"http://127.0.0.1:{settings.port}"
    client = ServiceClient(where, operator_key(settings.data_dir, key or _secret(settings)))
    speaker = _speaker(settings, voice) if sound else None
    try:
        if await client.ready() is None:
            raise Unavailable(f"nothing answers at {where}; start it with: seiketsu serve")
        token = settings.twilio_auth_token
        yield Stage(
            client,
            settings.onboarding_number,
            speaker,
            recordings,
            auth_token=token.get_secret_value() if token else None,
            account_sid=settings.twilio_account_sid or Stage.account_sid,
            public_url=settings.public_url,
        )
    finally:
        await client.close()
        if speaker is not None:
            await speaker.close()


@asynccontextmanager
async def _listening(settings: Settings, names: Sequence[str]) -> AsyncIterator[Any]:
    """The recogniser and these voices; the recogniser is None where there is no voice."""
    if not names:
        yield None, []
        return
    from agent.speech.recognizer import Recognizer
    from simulate.voices import Engines, voice_named

    engines, cache = Engines(settings.data_dir / "models"), settings.data_dir / "voices"
    speakers = [(name, voice_named(name, engines, cache)) for name in names]
    recognizer = Recognizer(settings.data_dir / "models", model="base", workers=2)
    try:
        await asyncio.to_thread(recognizer.load)
        yield recognizer, speakers
    finally:
        recognizer.close()
        for _, one in speakers:
            await one.close()


def _speaker(settings: Settings, name: str | None) -> CachedVoice:
    from simulate.voices import Engines, voice_named

    return voice_named(name or "joe", Engines(settings.data_dir / "models"), settings.data_dir / "voices")


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
