"""A call to the real conversation on Postgres, with stub speech: what is kept of it, how fast it opens."""

from __future__ import annotations

import asyncio
import json
import time
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.latency import TurnRecord
from agent.lines import Lines
from agent.parts import Parts
from agent.ports import LiveCall
from agent.registry import Registry
from agent.speech.engine import SpeechEngine
from agent.stored_calls import StoredCalls
from core.clock import SystemClock
from core.ids import HOUSE_TENANT
from flows.loader import load_all
from stores import calls, conversations, file_keys
from stores.db import Database
from stores.vault import KeyRing, Vault
from tests.line.conftest import serve
from tests.line.handset import Handset
from tools.base import Ports
from web.twilio import PhoneParts

FLOWS = Path(__file__).parents[2] / "flows"
VAULT = Vault(KeyRing({"k1": b"1" * 32}, "k1"))


@dataclass
class Service:
    url: str
    db: Database
    data: Path
    turns: list[tuple[LiveCall, TurnRecord]]
    registry: Registry


@pytest.fixture
async def service(db: Database, tmp_path: Path) -> AsyncIterator[Service]:
    engine = SpeechEngine(embedded=False)
    await engine.load(tmp_path)
    await engine.warm()
    book = StoredCalls(db, SystemClock(), onboarding_number="+13035550100", process="test")
    turns: list[tuple[LiveCall, TurnRecord]] = []
    lines = Lines(
        Parts(db=db, flows=load_all(FLOWS), ports=Ports(vault=VAULT)),
        engine,
        book,
        data_dir=tmp_path,
        stt="stub",
        tts="stub",
        on_turn=lambda call, record: turns.append((call, record)),
    )
    await lines.warm()
    registry = Registry(10)
    async for url in serve(PhoneParts(book, registry, lines.phone, ended=lines.close_left_open)):
        yield Service(url, db, tmp_path, turns, registry)
        while len(registry):
            await registry.drain(0.1)
    engine.close()


async def test_a_call_is_kept(service: Service) -> None:
    handset = Handset(service.url)
    await handset.pick_up(await handset.ring())
    await handset.until_mark("notice", 30)
    await handset.press("9#")
    await handset._until(lambda: len(service.turns) == 2, 10)
    await asyncio.sleep(0.5)
    await handset.hang_up()
    await handset._until(lambda: len(service.registry) == 0, 10)
    await handset.finish()

    async with service.db.tenant(HOUSE_TENANT) as session:
        call = await calls.find_by_sid(session, handset.sid)
        assert call is not None and call.conversation_id is not None
        turns = await conversations.turns(session, call.conversation_id)
        keys = await file_keys.to_read(session, VAULT)
    assert (call.status, call.end_reason) == ("completed", "hung_up")
    assert call.answered_at and call.noticed_at and call.ended_at
    assert call.answered_at < call.noticed_at < call.ended_at, "recorded from the notice on (C13)"
    assert [turn.role for turn in turns][:3] == ["agent", "caller", "agent"]
    assert turns[2].latency["total_ms"] > 0
    assert call.recording_path and call.transcript_path
    with keys.reading(Path(call.recording_path)) as file, wave.open(file) as recording:
        assert recording.getnframes() > 3000
    with keys.reading(Path(call.transcript_path)) as file:
        told = json.loads(file.read())
    assert [line["role"] for line in told] == [turn.role for turn in turns]
    assert Path(call.recording_path).parent == service.data / "recordings" / str(HOUSE_TENANT)
    assert [record.kind for _, record in service.turns] == ["open", "hear"]


async def test_a_dropped_call_goes_on_where_it_was(service: Service) -> None:
    handset = Handset(service.url)
    await handset.pick_up(await handset.ring())
    await handset.until_sound(10)
    await handset.drop()
    await handset._until(lambda: len(service.registry) == 0, 10)
    await handset.pick_up(await handset.ask_next())
    await handset.until_sound(10)
    assert "cut off" in " ".join(service.turns[-1][1].said).lower()
    assert service.turns[0][0].conversation_id == service.turns[-1][0].conversation_id
    await handset.hang_up()
    await handset.finish()


async def test_a_call_the_carrier_ended_is_closed_though_nobody_holds_it(service: Service) -> None:
    handset = Handset(service.url)
    await handset.pick_up(await handset.ring())
    await handset.until_sound(10)
    await handset.drop()
    await handset._until(lambda: len(service.registry) == 0, 10)
    await handset.post("/twilio/status", CallStatus="completed", StatusCallbackEvent="completed")
    async with service.db.tenant(HOUSE_TENANT) as session:
        call = await calls.find_by_sid(session, handset.sid)
        assert call is not None and call.conversation_id is not None
        row = await conversations.load(session, call.conversation_id)
    assert row.lease_owner is None, "somebody else may go on with it at once"
    await handset.finish()


async def test_warming_up_leaves_nothing_behind(service: Service) -> None:
    async with service.db.platform("what is in the house") as session:
        assert await calls.live_calls(session, now=SystemClock().now()) == 0
    assert service.turns == []
    assert not (service.data / "recordings").exists()


async def test_the_first_sound_comes_quickly(service: Service) -> None:
    took = []
    for _ in range(6):
        handset = Handset(service.url)
        document = await handset.ring()
        await handset.pick_up(document)
        await handset.until_sound(10)
        assert handset.first_sound is not None
        took.append((handset.first_sound - handset.connected_at) * 1000)
        await handset.hang_up()
        await handset.finish()
    # the budget is 100 ms on a quiet machine; this only catches what is badly wrong
    assert sorted(took)[len(took) // 2] < 400, took
    print("accept to first sound, ms:", [round(ms) for ms in took], time.process_time())
