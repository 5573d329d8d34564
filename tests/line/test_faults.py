"""What can break under a call, and that nothing is lost and nobody is left in silence."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import wave
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from pipecat.frames.frames import Frame
from pipecat.processors.frame_processor import FrameDirection

from agent.limits import Limits
from agent.recording import Recording
from stores.file_keys import FileKeys
from tests.line.conftest import Exchange
from tests.line.doubles import NOTICE, QUESTION, EnergyEars, Script, says

KEYS = FileKeys(uuid4(), {1: b"k" * 32})


async def test_a_socket_that_dies_mid_word_comes_back_in_the_middle(exchange: Exchange) -> None:
    handset, script = await exchange.call(Script(says("Got it. Next?"), work=0.4))
    await handset.until_quiet()
    exchange.says(handset, "my answer")
    await exchange.until(lambda: "hear my answer" in script.log)
    await handset.drop()
    await exchange.until(lambda: exchange.book.rows[handset.sid].left == "dropped")
    assert script.finished_hearing == 1, "what was being done was finished"
    assert script.closed is None, "the conversation stays open"

    back = await handset.ask_next()
    assert back.verbs == ["Connect", "Redirect"]
    await handset.pick_up(back)
    await handset.until_quiet()
    assert exchange.mouth(handset).spoke == ["We were cut off.", QUESTION]
    exchange.says(handset, "second answer")
    await exchange.until(lambda: "hear second answer" in script.log)


async def test_a_line_that_goes_quiet_without_closing_is_let_go(exchange: Exchange) -> None:
    exchange.limits = Limits(dead_line=0.6)
    handset, script = await exchange.call()
    handset._stop()  # the peer is gone; its TCP connection does not say so
    await exchange.until(lambda: exchange.book.rows[handset.sid].left == "dropped")
    assert script.closed is None


async def test_a_call_that_comes_back_early_replaces_its_dead_socket(exchange: Exchange) -> None:
    handset, script = await exchange.call()
    await handset.until_quiet()
    first, handset.socket = handset.socket, None
    handset._stop()
    await handset.pick_up(await handset.ask_next())
    await handset.until_sound()
    assert script.opens == 2
    assert len(exchange.registry) == 1
    assert first is not None
    async with asyncio.timeout(2):
        await first.wait_closed()


async def test_a_dead_voice_hands_the_caller_on(exchange: Exchange) -> None:
    handset, script = await exchange.call()
    await handset.until_quiet()
    await exchange.mouth(handset).push_error("the key was refused", force_treat_as_permanent=True)
    await exchange.until(handset.closed.is_set, 8)
    document = await handset.ask_next()
    assert (document.verbs, document.dialled) == (["Say", "Dial", "Hangup"], "+13035550199")
    await exchange.until(lambda: script.closed == "failed")


async def test_words_that_make_no_sound_are_said_again_then_the_caller_is_handed_on(
    exchange: Exchange,
) -> None:
    exchange.limits = Limits(silent_voice=0.5)
    handset, _ = await exchange.call()
    await handset.until_quiet()
    mouth = exchange.mouth(handset)
    mouth.silent = True
    exchange.says(handset, "hello")
    await exchange.until(lambda: mouth.spoke.count("You said hello.") == 2)
    await exchange.until(handset.closed.is_set, 10)
    assert exchange.book.rows[handset.sid].left == "failed"


async def test_dead_ears_are_admitted(exchange: Exchange) -> None:
    handset, _ = await exchange.call()
    await handset.until_quiet()
    await exchange.ears(handset).push_error("the model is gone", force_treat_as_permanent=True)
    await exchange.until(handset.closed.is_set, 12)
    assert "can't hear you" in exchange.mouth(handset).spoke[-1]
    assert exchange.book.rows[handset.sid].left == "failed"


async def test_a_conversation_that_never_answers_is_given_up(exchange: Exchange) -> None:
    exchange.limits = Limits(settle=0.2, lost=1.5)
    handset, _ = await exchange.call(Script(work=60))
    await handset.until_quiet()
    exchange.says(handset, "hello")
    await exchange.until(handset.closed.is_set, 12)
    assert "can't go on" in exchange.mouth(handset).spoke[-1]


async def test_a_blocked_processor_cannot_hold_a_call(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange.limits = Limits(goodbye_quiet=0.3, goodbye_words=1.0, playout=0.2, teardown=4.0)
    handset, script = await exchange.call()
    await handset.until_quiet()
    real, released = EnergyEars.process_frame, False

    async def stuck(self: EnergyEars, frame: Frame, direction: FrameDirection) -> None:
        await real(self, frame, direction)
        while not released:  # swallows even its cancellation
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.05)

    monkeypatch.setattr(EnergyEars, "process_frame", stuck)
    began = asyncio.get_running_loop().time()
    await exchange.sessions[0].stop("done", "test")
    await exchange.until(lambda: len(exchange.registry) == 0, 25)
    assert asyncio.get_running_loop().time() - began < 15
    assert script.closed == "done"
    assert exchange.book.rows[handset.sid].ended == "done"
    released = True


async def test_a_draining_process_finishes_its_sentence_and_the_call_moves_on(exchange: Exchange) -> None:
    handset, script = await exchange.call()
    let_go = await exchange.registry.drain(timeout=0.2)
    assert let_go == 1
    assert handset.closed.is_set()
    assert script.closed is None
    assert "busy" in (await exchange.handset().ring()).said
    exchange.registry.draining = False  # another process answers
    assert (await handset.ask_next()).verbs == ["Connect", "Redirect"]


async def test_a_drain_waits_for_calls_that_end_by_themselves(exchange: Exchange) -> None:
    handset, _ = await exchange.call()
    drain = asyncio.create_task(exchange.registry.drain(timeout=10))
    await asyncio.sleep(0.1)
    await handset.hang_up()
    assert await drain == 0


async def test_recording_starts_after_the_notice_and_stops_when_refused(
    exchange: Exchange, tmp_path: Path
) -> None:
    exchange.make_extra["recording"] = lambda call: Recording(tmp_path / f"{call.id}.wav", KEYS)
    handset, script = await exchange.call(Script(says("Understood."), says("Fine.")))
    recording = exchange.sessions[0]._recording
    assert recording is not None
    assert recording.started_at is None, "nothing is kept before the notice was played"
    await handset.until_mark("notice")
    await exchange.until(lambda: recording.on)
    await handset.until_quiet()
    exchange.says(handset, "hello there")
    await exchange.until(lambda: "hear hello there" in script.log)
    await handset.until_quiet()
    script.recording = False
    exchange.says(handset, "don't record")
    await exchange.until(lambda: recording.stopped_at is not None)
    exchange.says(handset, "secret", seconds=0.8)
    await handset.hang_up()
    await exchange.until(lambda: script.closed is not None)
    await exchange.until(lambda: len(exchange.registry) == 0)
    row = exchange.sessions[0]
    path = Path(row.files["recording"])
    with KEYS.reading(path) as kept, wave.open(kept) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 8000, 2)
        sound = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16).reshape(-1, 2)
    assert recording.started_at is not None and recording.stopped_at is not None
    assert abs(len(sound) / 8000 - (recording.stopped_at - recording.started_at)) < 0.3
    assert np.abs(sound[:, 0]).max() > 3000 and np.abs(sound[:, 1]).max() > 3000
    assert path.stat().st_mode & 0o077 == 0, "nobody else may read it"


async def test_nothing_is_left_running_after_twenty_calls(exchange: Exchange) -> None:
    exchange.book.lines = 100
    await _short_call(exchange)  # what is made once per process
    gc.collect()
    before = _tasks()
    for _ in range(4):
        await asyncio.gather(*(_short_call(exchange) for _ in range(5)))
    await exchange.until(lambda: len(exchange.registry) == 0)
    exchange.sessions.clear()
    await asyncio.sleep(0.3)
    assert _tasks() - before == set()
    assert len(exchange.scripts) == 21
    assert all(script.closed for script in exchange.scripts.values())


async def _short_call(exchange: Exchange) -> None:
    handset, script = await exchange.call(Script())
    await handset.hang_up()
    await exchange.until(lambda: script.closed is not None)
    assert NOTICE in exchange.mouth(handset).spoke


def _tasks() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}
