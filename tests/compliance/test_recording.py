"""C31, C36: sound of words that may not be kept is silent in the file, the agent's side stays."""

from __future__ import annotations

import wave
from pathlib import Path
from uuid import uuid4

import numpy as np

from agent.recording import Recording
from stores.file_keys import FileKeys

RATE = 8000
LOUD = np.full(RATE // 10, 9000, dtype=np.int16).tobytes()
"""A tenth of a second."""
KEYS = FileKeys(uuid4(), {1: b"k" * 32})


class Watch:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def _talk(recording: Recording, watch: Watch, seconds: float) -> None:
    for _ in range(round(seconds * 10)):
        watch.now += 0.1
        recording.caller(LOUD)
        recording.agent(LOUD)


def _loud(path: Path, channel: int, start: float, end: float) -> float:
    """Part of the span that has sound."""
    with KEYS.reading(path) as kept, wave.open(kept) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)[channel::2]
    return float(np.mean(np.abs(sound[int(start * RATE) : int(end * RATE)]) > 0))


async def test_the_turn_with_the_number_is_silent_and_nothing_else(tmp_path: Path) -> None:
    watch = Watch()
    recording = Recording(tmp_path / "call.wav", KEYS, rate=RATE, now=watch)
    recording.start()
    await _talk(recording, watch, 30)
    recording.turn_began()
    await _talk(recording, watch, 6)
    recording.silence()
    await _talk(recording, watch, 10)
    path = await recording.close()
    assert path is not None
    assert LOUD[:200] not in path.read_bytes(), "nothing on disk is as it sounds (A030)"
    assert _loud(path, 0, 30, 36) == 0, "the number"
    assert _loud(path, 0, 36.2, 38.8) == 0, "the rest of it"
    assert _loud(path, 0, 1, 28) > 0.95 and _loud(path, 0, 40, 45) > 0.95
    assert _loud(path, 1, 1, 45) > 0.95, "the agent's side is kept"


async def test_the_first_half_of_a_number_goes_with_the_second(tmp_path: Path) -> None:
    watch = Watch()
    recording = Recording(tmp_path / "call.wav", KEYS, rate=RATE, now=watch)
    recording.start()
    await _talk(recording, watch, 10)
    for _ in range(2):
        recording.turn_began()
        await _talk(recording, watch, 4)
    recording.silence()
    path = await recording.close()
    assert path is not None and _loud(path, 0, 10, 18) == 0 and _loud(path, 0, 1, 8) > 0.95


async def test_a_child_leaves_no_sound(tmp_path: Path) -> None:
    watch = Watch()
    recording = Recording(tmp_path / "call.wav", KEYS, rate=RATE, now=watch)
    recording.start()
    await _talk(recording, watch, 12)
    recording.silence(everything=True)
    recording.stop()
    path = await recording.close()
    assert path is not None and _loud(path, 0, 0, 12) == 0


async def test_a_call_that_came_back_is_silenced_at_the_right_place(tmp_path: Path) -> None:
    watch = Watch()
    first = Recording(tmp_path / "call.wav", KEYS, rate=RATE, now=watch)
    first.start()
    await _talk(first, watch, 10)
    await first.close()
    again = Recording(tmp_path / "call.wav", KEYS, rate=RATE, now=watch)
    again.start()
    await _talk(again, watch, 8)
    again.turn_began()
    await _talk(again, watch, 5)
    again.silence()
    path = await again.close()
    assert path is not None and _loud(path, 0, 18, 23) == 0 and _loud(path, 0, 1, 16) > 0.95


async def test_nothing_is_kept_before_the_notice(tmp_path: Path) -> None:
    """C13: the file begins with the moment the notice was played; who refuses at once leaves none."""
    watch = Watch()
    recording = Recording(tmp_path / "call.wav", KEYS, rate=RATE, now=watch)
    await _talk(recording, watch, 5)
    recording.start()
    await _talk(recording, watch, 4)
    path = await recording.close()
    assert path is not None
    with KEYS.reading(path) as kept, wave.open(kept) as file:
        assert abs(file.getnframes() / RATE - 4) < 0.3
    refused = Recording(tmp_path / "none.wav", KEYS, rate=RATE, now=watch)
    refused.stop()
    refused.start()
    await _talk(refused, watch, 3)
    assert await refused.close() is None and not (tmp_path / "none.wav").exists()
