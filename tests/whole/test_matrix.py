"""Faults of the line and the machine: what the caller hears, what is stored, how it is counted."""

from __future__ import annotations

import asyncio
import errno
import random
from typing import Any

import pytest
from prometheus_client import REGISTRY

from agent import wav
from simulate.line import PhoneLine
from tests.whole.house import House

pytestmark = pytest.mark.slow


def faults(kind: str) -> float:
    return REGISTRY.get_sample_value("seiketsu_call_faults_total", {"kind": kind}) or 0.0


async def test_a_full_disk_costs_the_recording_and_nothing_else(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(wav, "append", full)
    before = faults("recording")
    line = await home.ring()
    await home.say(line, "Summit Realty")
    await home.say(line, "yes")
    await asyncio.sleep(2.5)  # sound is flushed every two seconds
    await home.say(line, "Colorado")
    await line.hang_up()
    await line.closed.wait()
    await home.empty()
    left = await home.left(line)
    assert left.said("caller") == ["Summit Realty", "yes", "Colorado"] and left.call.status == "completed"
    assert faults("recording") > before


def rough(line: PhoneLine, *, loss: float, jitter: float) -> None:
    """A bad network: packets of the caller's sound are lost, the others come in bursts."""
    assert line.stream is not None
    send, rng, held = line.stream.media, random.Random(4), []

    def media(packet: bytes) -> None:
        if rng.random() >= loss:
            held.append(packet)
        if len(held) > rng.randrange(0, max(1, round(jitter / 0.02))):
            for one in held:
                send(one)
            held.clear()

    line.stream.media = media  # type: ignore[method-assign]


async def test_loss_and_jitter_are_no_reason_to_misunderstand(home: House) -> None:
    line = await home.ring()
    rough(line, loss=0.03, jitter=0.16)
    for words in ("Summit Realty", "yes", "Colorado", "yes"):
        await home.say(line, words)
    left = await home.left(line)
    assert left.said("caller") == ["Summit Realty", "yes", "Colorado", "yes"]
    assert left.slots["states_served"] == ["CO"] and line.faults == []


async def test_a_half_closed_socket_is_noticed_and_the_call_comes_back(home: House) -> None:
    """The peer is gone without a word and without a reset: no sound comes in, writing still works."""
    line = await home.ring()
    await home.say(line, "Summit Realty")
    assert line.stream is not None
    before, stream = faults("wire"), line.stream
    stream.media = lambda packet: None  # type: ignore[method-assign]
    await home.until(lambda: faults("wire") > before, 30)
    await home.until(lambda: line.stream is not None and line.stream is not stream, 15)
    assert await line.listen(quiet=0.4, timeout=15)
    await home.say(line, "yes")
    left = await home.left(line)
    assert left.slots == {"organization_name": "Summit Realty"}
    assert any("cut off" in said for said in left.said())


async def test_a_flood_of_keys_is_one_answer_at_a_time(home: House) -> None:
    line = await home.ring()
    await home.say(line, "Summit Realty")
    assert line.stream is not None
    for key in "1234567890*#" * 40:
        line.stream.dtmf(key)
    assert await line.listen(quiet=1.0, timeout=25)
    left = await home.left(line)
    assert line.stream is not None, "the call stands"
    assert len(left.said("caller")) < 140, "keys are collected, not answered one by one"
    await home.say(line, "help")
    assert line.stream is not None and not line.faults


async def test_two_people_on_one_call_are_both_heard_once(home: House) -> None:
    """Somebody else speaks while the agent answers the first: nothing is lost, nothing is said twice."""
    line = await home.ring()
    await home.say(line, "Summit Realty", listen=False)
    assert await line.heard_something(10)
    await home.say(line, "yes")
    await home.say(line, "Colorado")
    left = await home.left(line)
    assert left.said("caller") == ["Summit Realty", "yes", "Colorado"]
    assert left.slots["organization_name"] == "Summit Realty"
