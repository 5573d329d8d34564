"""One short call with nothing left out: a caller's voice, real ears, the agent's voice, and a listener."""

from __future__ import annotations

import asyncio
import json
import tempfile
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.lines import Lines
from core.ids import HOUSE_TENANT
from simulate.ears import listen, sides, understood
from simulate.line import PhoneLine
from simulate.voice import PiperVoice
from stores import file_keys
from stores.cluster import Cluster
from tests.speech.conftest import model_cache
from tests.whole.house import House, Whistles, house


@pytest.fixture
async def speaking(fresh: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """The service as a newcomer starts it, but for sentences that are made ready before they are needed."""

    async def nothing(self: Lines, *_: object) -> int:
        return 0

    monkeypatch.setattr(Lines, "prime", nothing)
    (tmp_path / "models").symlink_to(model_cache())
    model_cache().mkdir(exist_ok=True)
    async with house(fresh, tmp_path, Whistles(), stt="embedded", tts="embedded", whisper="base") as home:
        yield home


@pytest.mark.speech
@pytest.mark.slow
async def test_a_call_is_heard_answered_and_kept(speaking: House, tmp_path: Path) -> None:
    voice = PiperVoice(Path(tempfile.gettempdir()) / "seiketsu-test-voice")
    heard = tmp_path / "line.wav"
    line = PhoneLine(speaking.url, to="+13035550100", record=heard)
    speaking.lines.append(line)
    await line.dial()
    assert await line.listen(quiet=1.2, timeout=40), line.faults
    opened = line.now
    for words in ("We're called Summit Realty.", "Yes."):
        await line.say(await voice.clip(words))
        assert await line.listen(quiet=1.0, timeout=20), (words, line.faults)
    lasted = line.now
    await line.hang_up()
    await asyncio.wait_for(line.closed.wait(), 10)
    await speaking.empty()
    await voice.close()

    left = await speaking.left(line)
    assert left.slots == {"organization_name": "Summit Realty"}
    assert left.call.status == "completed" and left.call.end_reason in ("hung_up", "completed")
    assert left.row.status == "open" and left.row.lease_owner is None, "it can be gone on with at once"
    captions = left.said()
    assert "recorded" in captions[0] and "Summit Realty" in captions[1] and "states" in captions[2]
    assert line.faults == []

    # what was played to the caller can be understood, and is what the captions say
    engine = speaking.app.state.telephone.engine
    _, agent = sides(heard)
    played = " ".join(text for _, text in await listen(agent, engine.recognizer))
    assert _errors(" ".join(captions), played) <= 0.2, played
    assert all(understood(caption, played) > 0.6 for caption in captions), played

    # the recording began after the notice: it holds less than the call, and no word of the notice
    kept_call = tmp_path / "kept.wav"
    async with speaking.db.tenant(HOUSE_TENANT) as session:
        keys = await file_keys.to_read(session, speaking.app.state.parts.ports.vault)
    with keys.reading(Path(left.call.recording_path)) as sealed:
        kept_call.write_bytes(sealed.read())
    with keys.reading(Path(left.call.transcript_path)) as sealed:
        told = json.loads(sealed.read())
    assert [turn["text"] for turn in told] == [turn.text for turn in left.turns]
    with wave.open(str(kept_call)) as file:
        kept = file.getnframes() / file.getframerate()
    assert 5 < kept < lasted - 6, (kept, lasted, opened)
    caller, agent = sides(kept_call)
    first = " ".join(text for _, text in await listen(agent, engine.recognizer))
    assert "recorded" not in first.lower() and understood(captions[1], first) > 0.6, first
    said = " ".join(text for _, text in await listen(caller, engine.recognizer))
    assert "summit" in said.lower(), said


def _errors(meant: str, heard: str) -> float:
    """Word error rate: edits that make one out of the other, by the words that were meant."""
    a, b = _words(meant), _words(heard)
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1] / len(a)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "'" else " " for c in text.lower()).split()
