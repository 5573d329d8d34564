import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from typer.testing import CliRunner

from core.errors import Unavailable
from simulate import service as module
from simulate.cli import commands
from simulate.client import ServiceClient
from simulate.demo import NAMES, fresh_broker
from simulate.script import Script, load_folder
from simulate.service import LocalService
from simulate.suite import Stage, play
from simulate.verdict import differences
from tests.simulate.form import TinyForm, api_of
from tests.simulate.service import serving

FACTS = {"organization_name": "Summit", "plan": "starter", "phone": "+13035550142"}
ANSWERS = {"organization_name": "Summit.", "plan": "Starter."}


def script(**more: Any) -> Script:
    base = {"caller": "x", "title": "x", "facts": FACTS, "answers": ANSWERS}
    return Script.model_validate({**base, **more})


def tenants(app: FastAPI, *rows: dict[str, Any], **below: list[dict[str, Any]]) -> None:
    @app.get("/api/v1/tenants")
    async def some(limit: int, after: str | None = None) -> dict[str, Any]:
        at = 0 if after is None else int(after)  # one to a page, so that turning pages is needed
        return {"items": rows[at : at + 1], "next": str(at + 1) if at + 1 < len(rows) else None}

    @app.get("/api/v1/tenants/{tenant}/{what}")
    async def lists(tenant: str, what: str) -> dict[str, Any]:
        return {"items": below.get(what, [])}


@pytest.mark.parametrize(
    ("expect", "failures"),
    [
        ({"ended": True, "tools": ["register_organization"], "slots": {"plan": "Starter"}}, []),
        ({"tools": ["activate_agent"]}, ["tool activate_agent was not run"]),
        ({"not_tools": ["register_organization"]}, ["tool register_organization was run"]),
        ({"ended": False}, ["the conversation was ended by: agent"]),
        ({"slots": {"plan": "enterprise"}}, ["plan is 'Starter', not 'enterprise'"]),
        ({"statuses": {"plan": "verified"}}, ["plan is confirmed, not verified"]),
        ({"says": ["What is your plan?"], "never": ["robot"]}, []),
        ({"says": ["lovely weather"]}, ["never said: lovely weather"]),
        ({"never": ["goodbye"]}, ["said: goodbye"]),
        ({"most_turns": 3}, ["it took 6 turns, more than 3"]),
        ({"answered_once": ["plan"]}, []),
        ({"tenant": {"status": "live"}, "lead": {"beds": 3}}, []),
        ({"tenant": {"status": "paused"}}, ["tenant status is 'live', not 'paused'"]),
        ({"lead": {"beds": 4, "name": "Lee"}}, ["lead beds is 3, not 4"]),
        ({"ticket": {"status": "open"}}, ["no ticket is stored"]),
    ],
)
async def test_every_expectation_can_fail(expect: dict[str, Any], failures: list[str]) -> None:
    app = FastAPI()
    api_of(app, TinyForm())
    rows = ({"id": "1", "name": "Other"}, {"id": "2", "name": "Summit", "status": "live"})
    tenants(app, *rows, leads=[{"name": "Kim", "beds": 1}, {"name": "Lee", "beds": 3}])
    async with serving(app) as url:
        client = ServiceClient(url)
        result = await play(script(expect=expect), Stage(client, "+1"), "chat")
        await client.close()
    assert result.failures == failures


async def test_having_to_say_it_twice_is_noticed() -> None:
    app = FastAPI()
    api_of(app, TinyForm(mishears={"Starter.": "Start her."}))
    answers = {**ANSWERS, "plan": ["Starter.", "The starter plan.", "starter"]}
    async with serving(app) as url:
        client = ServiceClient(url)
        expect = {"answered_once": ["plan", "organization_name"]}
        result = await play(script(answers=answers, expect=expect), Stage(client, "+1"), "chat")
        await client.close()
    assert result.failures == ["plan had to be answered 3 times"]


async def test_a_service_that_breaks_fails_the_script_and_nothing_else() -> None:
    async with serving(FastAPI()) as url:
        client = ServiceClient(url)
        result = await play(script(), Stage(client, "+1"), "chat")
        await client.close()
    assert result.failures == ["the chat broke: POST /conversations answered 404: Not Found"]
    assert not result.as_dict()["passed"]


async def test_a_second_contact_knows_what_the_first_learned() -> None:
    app, form = FastAPI(), TinyForm()
    api_of(app, form)
    legs = [{"door": "phone"}, {"opens": ["{resume_code}"]}]
    async with serving(app) as url:
        client = ServiceClient(url)
        await play(script(legs=legs), Stage(client, "+1"), "chat")
        await client.close()
    said = [turn["text"] for turn in form.transcript if turn["role"] == "caller"]
    assert said[-1] == "123456", "the code of the goodbye opens the second contact"


async def test_a_demo_takes_a_name_that_is_free() -> None:
    app = FastAPI()
    tenants(app, {"name": NAMES[0].upper()}, {"name": "x"})
    async with serving(app) as url:
        client = ServiceClient(url)
        assert (await fresh_broker(client, script())).facts["organization_name"] == NAMES[1]
        await client.close()


def test_differences_are_about_what_was_expected_only() -> None:
    assert differences({"a": 1}, {"a": 1, "b": 2}, "") == []
    assert differences({"a": 1}, None, "lead ") == ["no lead is stored"]
    assert differences({}, None, "lead ") == []


def test_the_shipped_callers_are_sound() -> None:
    """Every slot they speak of exists in the flow they talk to, and every required one has an answer."""
    root = Path(__file__).parents[2]
    names = ("onboarding", "lead")
    flows = {name: yaml.safe_load((root / f"flows/{name}.yaml").read_text()) for name in names}
    scripts = [*load_folder(root / "simulate/scripts"), *load_folder(root / "tests/scenarios")]
    for one in scripts:
        slots = flows["onboarding" if one.to == "onboarding" else "lead"]["slots"]
        spoken_of = {*one.facts, *one.answers, *one.offers, *one.corrections, *one.expect.slots}
        assert spoken_of <= set(slots), one.caller


@pytest.mark.parametrize("arguments", [["call"], ["simulate"], ["chat"], ["demo"]])
def test_commands_explain_themselves_and_speak_json(arguments: list[str]) -> None:
    shown = CliRunner().invoke(commands, [*arguments, "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0 and "--json" in shown.output


def test_without_a_service_a_command_says_how_to_start_one() -> None:
    shown = CliRunner().invoke(commands, ["chat", "--url", "http://127.0.0.1:9"])
    assert shown.exit_code == 2 and "seiketsu serve" in shown.output


async def test_chat_in_the_terminal_as_json(capsys) -> None:
    app = FastAPI()
    api_of(app, TinyForm())
    async with serving(app) as url:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "simulate.cli", "chat", "--to", "+1", "--url", url, "--json"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate(b"Summit.\n\n")
    lines = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == 0
    last = [line["replies"][-1] for line in lines]
    assert last == ["What is your organization name?", "Summit. Is that right?"]


async def test_a_service_that_dies_at_the_start_shows_the_end_of_its_log(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(module, "ROOT", tmp_path)
    (tmp_path / "server.py").write_text("print('no database'); raise SystemExit(3)")
    service = LocalService(tmp_path / "data")
    await service.start()
    with pytest.raises(Unavailable, match=r"code 3:\nno database"):
        await service.ready(timeout=10)
    await service.stop()
