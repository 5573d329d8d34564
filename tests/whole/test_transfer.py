"""A caller is put through, with sound on all three telephones (C41, C42)."""

from __future__ import annotations

import asyncio
import time
import wave
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from agent.speech.recognizer import Recognizer
from core.clock import SystemClock
from core.ids import new_id
from simulate.dialled import Callee
from simulate.ears import listen, understood
from simulate.line import PhoneLine
from simulate.sound import RATE, Clip, from_mulaw, to_mulaw, tone
from simulate.voices import Engines, EngineVoice
from stores import calls, leads, support, tenancy
from stores.cluster import Cluster
from tests.speech.conftest import model_cache
from tests.whole.house import House, Whistles, house
from tools import transfers

pytestmark = pytest.mark.slow

ACCOUNT, TOKEN = "AC" + "1" * 32, "secret"
PUBLIC = "https://voice.example"
LINE, CALLER = "+13035550150", "+13035550142"
LEE, SAM = "+13035550177", "+13035550178"
MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
NINE_TO_FIVE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@dataclass
class Office:
    """A brokerage with two people who take calls, on a carrier that signs everything."""

    home: House
    tenant_id: UUID

    async def ring(self, **more: Any) -> PhoneLine:
        return await self.home.ring(
            to=LINE, from_=CALLER, account_sid=ACCOUNT, auth_token=TOKEN, public_url=PUBLIC, **more
        )

    async def tasks(self) -> list[leads.Task]:
        async with self.home.db.tenant(self.tenant_id) as session:
            return list(await leads.open_tasks(session))

    async def call(self, line: PhoneLine) -> calls.Call:
        async with self.home.db.platform("a test looks") as session:
            found = await calls.find_by_sid(session, line.sid)
        assert found is not None
        return found

    async def lead(self, line: PhoneLine) -> leads.Lead:
        call = await self.call(line)
        assert call.conversation_id is not None
        async with self.home.db.tenant(self.tenant_id) as session:
            lead = await leads.lead_of_conversation(session, call.conversation_id)
        assert lead is not None
        return lead


@pytest.fixture
async def office(
    fresh: Cluster, whistles: Whistles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    began = time.monotonic()
    monkeypatch.setattr(SystemClock, "now", lambda self: MONDAY + timedelta(seconds=time.monotonic() - began))
    async with house(
        fresh, tmp_path, whistles, twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, public_url=PUBLIC
    ) as home:
        async with home.db.tenant(new_id()) as session:
            tenant = await tenancy.create_tenant(
                session, "Acme Real Estate", status="live", timezone="America/Denver", states=["CO"]
            )
            await tenancy.claim_number(session, [LINE], provider="twilio")
            await tenancy.upsert_profile(
                session,
                hours=NINE_TO_FIVE,
                transfer_targets=[
                    {"e164": number, "name": "", "ring_seconds": 20, "verified": True}
                    for number in (LEE, SAM)
                ],
            )
        yield Office(home, tenant.id)


@pytest.fixture
def ears() -> Iterator[Recognizer]:
    """Somebody who listens to what the people on the line hear."""
    ears = Recognizer(model_cache(), model="base", workers=1)
    ears.load()
    yield ears
    ears.close()


def holds(sound: bytes, clip: Clip) -> bool:
    """Whether that very sound arrived, packet by packet."""
    return b"".join(clip.packets) in sound


def recorded(path: Path) -> bytes:
    """What the caller heard."""
    with wave.open(str(path)) as file:
        both = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    return to_mulaw(both[:, 1])


async def asks_for_a_person(office: Office, line: PhoneLine) -> None:
    await office.home.say(line, "I want to buy a house in Oak Park up to 450 thousand")
    await office.home.say(line, "Can I speak to a person please", listen=False)


@pytest.mark.speech
async def test_who_is_rung_hears_what_it_is_about_and_takes_the_call(
    office: Office, heard: list[str], tmp_path: Path, ears: Recognizer
) -> None:
    voice = EngineVoice("wren", Engines(model_cache()))
    lee = Callee(presses="1", after=60.0)  # once they have listened to the whisper
    line = await office.ring(callees={LEE: lee}, record=tmp_path / "line.wav", carrier_voice=voice.clip)
    await asks_for_a_person(office, line)
    await office.home.until(lambda: lee.legs and lee.legs[0].bridged.is_set(), 60)
    leg = lee.legs[0]
    assert leg.pressed == ["1"] and leg.told[0].endswith("Press 1 to take the call.")
    whispered = np.concatenate([np.zeros(RATE // 2, np.int16), from_mulaw(bytes(leg.ear))])
    told = " ".join(text for _, text in await listen(whispered, ears))
    assert understood("Acme Real Estate lead: buyer, in Oak Park", told) > 0.6, told
    assert "press" in told.lower() and "0142" not in told, "what they want, not who they are"

    before = len(heard)
    clip, answer = office.home.whistles.clip("hello this is Ann"), Clip.of(tone(0.5, 700.0))
    await line.say(clip)
    await leg.say(answer)
    await asyncio.sleep(0.1)
    assert holds(bytes(leg.ear), clip), "they hear the caller"
    await leg.hang_up()
    await asyncio.wait_for(line.closed.wait(), 15)
    assert holds(recorded(tmp_path / "line.wav"), answer), "the caller hears them"
    assert heard[before:] == [], "the agent is off the line"
    assert heard[-1] == "I'll put you through now. One moment, please.", "nothing is asked of who leaves"
    assert (line.reason, line.faults) == ("hung up by the service", [])
    await office.home.empty()
    lead = await office.lead(line)
    assert (lead.disposition, lead.phones, await office.tasks()) == ("transferred", [CALLER], [])
    assert (await office.call(line)).end_reason == "transferred"


async def test_nobody_takes_it_and_the_agent_has_the_caller_again(office: Office, heard: list[str]) -> None:
    lee, sam = Callee("no-answer", rings=0.5), Callee(presses="2")
    line = await office.ring(callees={LEE: lee, SAM: sam}, say_pace=0.006)
    await asks_for_a_person(office, line)
    await office.home.until(lambda: heard[-1].startswith("Is there anything"), 60)
    assert [(n.detail["numbers"], n.detail["outcome"]) for n in line.notes if n.kind == "dial"] == [
        ([LEE], "no-answer"),
        ([SAM], "completed"),
    ]
    assert sam.legs[0].pressed == ["2"] and not sam.legs[0].bridged.is_set()
    assert heard[-3:] == [
        "Just a reminder, I'm an AI assistant for Acme Real Estate.",
        "I'm sorry, nobody could take the call just now. They will call you back.",
        "Is there anything I should pass on to them? Otherwise we just go on.",
    ]
    (task,) = [task for task in await office.tasks() if task.kind == "call_back"]
    assert task.title == transfers.MISSED
    assert task.due_at is not None and task.due_at - MONDAY < transfers.TASK_DUE + timedelta(minutes=2)

    assert await line.listen(quiet=0.3, timeout=20)
    await office.home.say(line, "Please tell them the garage matters most to me")
    await office.home.until(lambda: heard[-1] == "How many bedrooms?", 20)
    assert "I've passed your message on to Acme Real Estate." in heard
    titles = {task.title for task in await office.tasks()}
    assert titles == {transfers.MISSED, "Urgent: answer the message"}
    lead = await office.lead(line)
    assert "garage matters most" in lead.extra["message"] and lead.disposition != "transferred"
    async with office.home.db.tenant(office.tenant_id) as session:
        assert [back.phone for back in await support.list_callbacks(session)] == [CALLER], "one call back"
    await line.hang_up()
    await asyncio.wait_for(line.closed.wait(), 15)
    await office.home.empty()
    assert line.faults == [] and titles <= {task.title for task in await office.tasks()}, "it stays urgent"
    assert (await office.lead(line)).disposition != "transferred", "nobody took it"


async def test_a_caller_who_hangs_up_while_it_rings_is_called_back(office: Office, heard: list[str]) -> None:
    lee = Callee(rings=15.0)
    line = await office.ring(callees={LEE: lee}, say_pace=0.006)
    await asks_for_a_person(office, line)
    await office.home.until(lambda: bool(lee.legs), 30)
    await line.hang_up()
    await asyncio.wait_for(line.closed.wait(), 15)
    assert lee.legs[0].over.is_set() and not lee.legs[0].picked_up, "the telephone stops ringing"
    await office.home.empty()
    assert transfers.MISSED in {task.title for task in await office.tasks()}, "closing the call keeps it"
    assert (await office.lead(line)).disposition != "transferred"
