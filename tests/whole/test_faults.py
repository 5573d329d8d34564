"""What may happen to a call on the real service, and what is lost then: nothing."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from agent.conversation import Conversation
from core.ids import HOUSE_TENANT
from simulate.line import PhoneLine
from simulate.openai_server import Line, OpenAIServer
from stores import db as database
from stores.cluster import Cluster
from tests.postgres import quick_folder
from tests.whole.house import House, Whistles, house
from tools import registry

pytestmark = pytest.mark.slow


async def test_postgres_dies_in_the_middle_of_a_call(
    whistles: Whistles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_PATIENCE", 1.0)  # how long a turn waits for it; ten seconds otherwise
    folder = Path(tempfile.mkdtemp(prefix="sk", dir=quick_folder()))
    try:
        async with house(None, folder, whistles) as home:
            line = await home.ring()
            await home.say(line, "Summit Realty")
            await home.say(line, "yes")
            embedded = home.db._embedded
            assert embedded is not None and embedded._watch is not None and embedded.pid is not None
            embedded._watch.cancel()  # nobody brings it back for a while
            os.kill(embedded.pid, signal.SIGKILL)
            await home.say(line, "Colorado")
            assert embedded.pid is None, "a whole turn without a database"
            embedded._watch = asyncio.create_task(embedded._keep_running())
            await home.until(lambda: embedded.pid is not None and embedded._postmaster.ready(), 20)
            await home.say(line, "yes")
            left = await home.left(line)
            assert left.slots == {
                "organization_name": "Summit Realty",
                "states_served": ["CO"],
                "timezone": "America/Denver",
            }
            assert left.said("caller") == ["Summit Realty", "yes", "Colorado", "yes"]
            assert len(left.said()) == 5 and "many agents" in left.said()[-1]
            assert line.stream is not None, "the line never broke"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def test_a_call_goes_on_in_another_process_in_the_middle_of_a_word(
    fresh: Cluster, whistles: Whistles, tmp_path: Path
) -> None:
    async with house(fresh, tmp_path / "a", whistles) as one, house(fresh, tmp_path / "b", whistles) as other:
        line = await one.ring()
        await one.say(line, "Summit Realty")
        await one.say(line, "yes")
        before = await one.left(line)
        clip = whistles.clip("Colorado")
        speaking = asyncio.create_task(line.say(clip))
        await asyncio.sleep(clip.seconds / 2)
        line._hooks.url = other.url  # the carrier's next request reaches the other process
        line.cut()
        line.shut_up()
        await speaking
        assert await line.listen(quiet=0.4, timeout=15), line.faults
        await one.empty()
        assert len(other.registry) == 1
        after = await other.left(line)
        assert after.row.id == before.row.id and after.slots == before.slots
        assert after.said()[: len(before.said())] == before.said()
        assert "cut off" in after.said()[-1] and "states" in after.said()[-1]
        assert "recorded" not in after.said()[-1], "the notice was heard before"
        await other.say(line, "Colorado")
        last = await other.left(line)
        assert "Mountain" in last.said()[-1]
        assert sum("name of your brokerage" in words for words in last.said()) == 1
        assert last.said("caller") == ["Summit Realty", "yes", "Colorado"]
        await line.hang_up()
        await line.closed.wait()
        await other.empty()
        ended = await other.left(line)
        assert (ended.call.status, ended.row.lease_owner) == ("completed", None)


async def test_two_calls_cannot_go_on_with_one_set_up(home: House) -> None:
    begun = await Conversation.start(home.app.state.parts, tenant_id=HOUSE_TENANT, channel="voice")
    await begun.open()
    for words in ("Summit Realty", "yes"):
        await begun.hear(words)
    goodbye = (await begun.hear("let's finish this later")).text
    await begun.close("for later")
    code = re.search(r"(?:\d\D{0,2}){6}", goodbye)
    assert code is not None, goodbye
    digits = re.sub(r"\D", "", code[0])
    setup = await home.left_of(HOUSE_TENANT, begun.id)

    words = f"continue my setup, the code is {digits}"
    second, third = await asyncio.gather(home.ring(from_="+13035550143"), home.ring(from_="+13035550144"))
    await home.say(second, words)
    await home.say(third, words)
    refused = await home.left(third)
    assert refused.row.id != setup.row.id and refused.slots == {}
    held = await home.left_of(setup.row.tenant_id, setup.row.id)
    assert held.slots == setup.slots == {"organization_name": "Summit Realty"}
    await home.say(second, "Colorado")
    await second.hang_up()
    await second.closed.wait()
    await home.say(third, words)  # now it is free
    await home.say(third, "yes")
    last = await home.left_of(setup.row.tenant_id, setup.row.id)
    assert last.slots == {
        "organization_name": "Summit Realty",
        "states_served": ["CO"],
        "timezone": "America/Denver",
    }
    assert sum("name of your brokerage" in said for said in last.said()) == 1


JUNK = (
    "not json",
    "[]",
    "{}",
    '{"event": "media", "media": {"payload": "%%%"}}',
    '{"event": "media", "media": "x"}',
    '{"event": "dtmf", "dtmf": {"digit": "Z"}}',
    '{"event": "start"}',
    '{"event": "mark", "mark": {"name": ["x"]}}',
    "[" * 5000,
)


async def test_strangers_and_garbage_change_nothing_in_a_call(home: House) -> None:
    line, other = await asyncio.gather(home.ring(), home.ring(from_="+13035550143"))
    await home.say(line, "Summit Realty")
    assert line.stream is not None and other.stream is not None
    before = await home.left(line)
    token = line.stream.parameters["token"]
    address = home.url.replace("http", "ws", 1) + "/twilio/media"
    for stolen, sid in ((token, line.sid), (token, other.sid), ("A" * len(token), line.sid), ("", line.sid)):
        assert await _turned_away(address, stolen, sid) == 4403
    for junk in JUNK:
        line.stream.raw(junk)
    await home.say(line, "yes")
    after = await home.left(line)
    assert after.slots == {"organization_name": "Summit Realty"}
    assert after.said()[: len(before.said())] == before.said()
    assert after.said("caller") == ["Summit Realty", "yes"]
    assert after.call.sequence == before.call.sequence, "no socket but its own was ever let in"
    assert len(home.registry) == 2 and line.stream is not None and other.stream is not None


async def _turned_away(address: str, token: str, sid: str) -> int | None:
    start = {
        "event": "start",
        "streamSid": "MZ1",
        "start": {"streamSid": "MZ1", "callSid": sid, "customParameters": {"token": token}},
    }
    async with connect(address) as socket:
        await socket.send(json.dumps({"event": "connected"}))
        await socket.send(json.dumps(start))
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 5)
    return closed.value.rcvd.code if closed.value.rcvd else None


async def test_a_model_that_fails_is_answered_for_in_the_same_turn(
    fresh: Cluster, whistles: Whistles, tmp_path: Path
) -> None:
    late = Line(text="never heard", delay=5)
    script = [late, *(Line(text="never heard", fault=fault) for fault in ("empty", "malformed"))]
    async with OpenAIServer(script) as server:
        model: dict[str, Any] = {
            "brain": "openai",
            "openai_api_key": server.key,
            "openai_base_url": server.base_url,
            "openai_model": server.model,
            "first_token_seconds": 0.6,
        }
        async with house(fresh, tmp_path, whistles, **model) as home:
            line = await home.ring()
            for words in ("Summit Realty", "yes", "Colorado", "yes", "five"):
                await home.say(line, words)
            assert server.script == [], "every fault was met"
            server._server.close()  # and now there is nobody at all
            await home.say(line, "Dana Reed")
            left = await home.left(line)
    assert server.problems == []
    assert left.slots == {
        "organization_name": "Summit Realty",
        "states_served": ["CO"],
        "timezone": "America/Denver",
        "team_size": 5,
    }
    assert left.said("caller") == ["Summit Realty", "yes", "Colorado", "yes", "five", "Dana Reed"]
    assert "Dana Reed" in left.said()[-1]
    assert not [said for said in left.said() if "never heard" in said]


async def test_an_interruption_does_not_touch_a_write(
    home: House, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, writing = registry.run, asyncio.Event()

    async def slowly(context: Any, name: str, *rest: Any, **more: Any) -> Any:
        if name == "hand_over":
            writing.set()
            await asyncio.sleep(1.5)
        return await run(context, name, *rest, **more)

    monkeypatch.setattr(registry, "run", slowly)
    line: PhoneLine = await home.ring()
    await home.say(line, "a person, please", listen=False)
    await asyncio.wait_for(writing.wait(), 5)
    await home.say(line, "Summit Realty")  # over the write and the words that come of it
    await home.until(lambda: any("Summit Realty" in said for said in heard), 8)
    left = await home.left(line)
    assert len(left.tickets) == 1
    assert [receipt.tool for receipt in left.receipts] == ["hand_over"]
    told = [said for said in heard if "ticket number" in said]
    assert len(told) == 1, heard
    assert heard.index(told[0]) < next(n for n, said in enumerate(heard) if "Summit Realty" in said)
    assert left.said("caller") == ["a person, please", "Summit Realty"]
