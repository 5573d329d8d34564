import asyncio
import base64
from typing import Any

import pytest
from fastapi import FastAPI

from core.errors import SeiketsuError, Unavailable
from core.ranks import percentile
from simulate.caller import Caller
from simulate.client import ServiceClient
from simulate.doors import ChatDoor, PhoneDoor, Style
from simulate.line import PhoneLine
from simulate.script import Script
from simulate.sound import SILENCE, Clip
from simulate.talk import talk
from simulate.voice import ToneVoice
from tests.simulate.form import TinyForm, api_of
from tests.simulate.service import CONNECT, FakeService, Stream, response, serving

SCRIPT = Script.model_validate(
    {
        "caller": "x",
        "title": "x",
        "facts": {"organization_name": "Summit", "plan": "starter", "phone": "+13035550142"},
        "answers": {"organization_name": ["Summit.", "S, U, M, M, I, T."], "plan": "Starter."},
    }
)
MISHEARD = {"Summit.": "Some It.", "No. S, U, M, M, I, T.": "Summit."}


@pytest.mark.parametrize("shy", [False, True])
async def test_a_whole_chat_with_a_correction(shy: bool) -> None:
    app, form = FastAPI(), TinyForm(mishears=MISHEARD, shy=shy)
    api_of(app, form)
    if shy:  # without the service's help an offer looks like any other question
        form.values.pop("phone"), form.statuses.pop("phone")
    async with serving(app) as url:
        client = ServiceClient(url)
        caller = Caller(SCRIPT)
        record = await talk(caller, ChatDoor(client, "+1", None))
        await client.close()
    assert form.values["organization_name"] == "Summit" and form.values["plan"] == "Starter"
    assert record.ended_by == "agent"
    assert [tool.name for tool in record.tools] == ["register_organization"]
    assert caller.tried["organization_name"] == 2
    assert caller.learned == {"resume_code": "123456"}


async def test_the_client_says_what_the_service_said() -> None:
    app = FastAPI()
    api_of(app, TinyForm())
    async with serving(app) as url:
        client = ServiceClient(url)
        with pytest.raises(SeiketsuError, match="404: no such conversation"):
            await client.conversation("nope")
        assert await client.ready() == {"detail": "Not Found", "ready": False}
        await client.close()
    client = ServiceClient("http://127.0.0.1:9")
    assert await client.ready() is None
    with pytest.raises(Unavailable):
        await client.conversation("c1")
    await client.close()


class Dictation(ToneVoice):
    """Passes on in words what goes down the line as a tone: the fake agent's perfect ears."""

    def __init__(self) -> None:
        self.words: list[str] = []

    async def clip(
        self, text: str, *, speed: float = 1.0, snr_db: float | None = None, take: int = 1
    ) -> Clip:
        self.words.append(text)
        return await super().clip(text, speed=3.0)


@pytest.mark.slow
async def test_a_whole_call_over_the_line() -> None:
    fake, form, voice = FakeService(), TinyForm(mishears=MISHEARD), Dictation()
    api_of(fake.app, form)

    async def agent(stream: Stream) -> None:
        form.open()
        await stream.sound(0.3)
        silent, spoke = 0, False
        while not form.ended:
            packet = base64.b64decode((await stream.next("media"))["media"]["payload"])
            silent = silent + 1 if packet == SILENCE else 0
            spoke = spoke or packet != SILENCE
            if spoke and silent >= 10:
                form.hear(voice.words[-1])
                await stream.sound(0.3)
                spoke = False
        await asyncio.sleep(0.5)

    fake.twiml["twilio/voice"] = [response(CONNECT, "<Hangup/>")]
    fake.handlers = [agent]
    async with serving(fake.app) as url:
        client = ServiceClient(url)
        line = PhoneLine(url, to="+13035550100")
        door = PhoneDoor(client, line, voice, Style(quiet=0.3))
        record = await asyncio.wait_for(talk(Caller(SCRIPT, "phone"), door), 60)
        await client.close()
    assert form.values == {"organization_name": "Summit", "plan": "Starter", "phone": "+13035550142"}
    assert (record.ended_by, line.reason) == ("agent", "hung up by the service")
    assert [tool.name for tool in record.tools] == ["register_organization"]
    assert len(record.latencies) >= record.turns - 1
    assert all(0.1 < latency < 0.5 for latency in record.latencies)
    assert record.said == [turn["text"] for turn in form.transcript if turn["role"] == "agent"]


def test_percentiles_are_values_that_occurred() -> None:
    values = [0.1 * n for n in range(1, 11)]
    assert percentile(values, 0.5) == pytest.approx(0.5) and percentile(values, 0.95) == pytest.approx(1.0)
    assert percentile([], 0.5) is None


async def test_where_a_call_stands_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy service stores a turn after it is heard: the caller does not answer to nothing."""
    monkeypatch.setattr("simulate.doors.STORED_EVERY", 0.001)
    told = iter([{}, {"awaiting": {}}, {"awaiting": {"kind": "ask", "slots": ["beds"]}}])

    class Late(ServiceClient):
        async def conversation(self, id: str) -> dict[str, Any]:
            return next(told)

    client = Late("http://127.0.0.1:1")
    door = PhoneDoor(client, PhoneLine("http://127.0.0.1:1", to="+13035550100"), Dictation())
    door.id = "1"
    state = await door.state()
    await client.close()
    assert (state.kind, state.slots) == ("ask", ("beds",))
