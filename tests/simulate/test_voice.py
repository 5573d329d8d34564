import asyncio
import os
import re
import signal
from pathlib import Path

import numpy as np
import pytest

from simulate import voice as module
from simulate.sound import rms
from simulate.voice import PiperVoice, VoiceError

pytestmark = pytest.mark.speech


@pytest.fixture
async def voice(tmp_path: Path):
    voice = PiperVoice(tmp_path / "voices")
    yield voice
    await voice.close()


async def test_it_speaks_and_remembers_what_it_said(voice: PiperVoice, tmp_path: Path) -> None:
    first = await voice.clip("Good morning.")
    assert 0.4 < first.seconds < 3 and any(first.loud)
    assert 2500 < rms(await voice.samples("Good morning.")) < 5000
    process = voice._process
    await voice.close()
    assert process is not None and process.returncode == 0 and voice.pid is None

    again = PiperVoice(tmp_path / "voices")
    assert await again.clip("Good morning.") == first
    assert again.starts == 0, "the cache must answer without a process"
    noisy = await again.clip("Good morning.", snr_db=10)
    assert noisy.packets != first.packets and noisy.loud == first.loud
    assert noisy == await again.clip("Good morning.", snr_db=10)


async def test_killed_while_speaking_it_starts_again_and_says_the_same(
    voice: PiperVoice,
) -> None:
    voice.cache = None
    text = "A long sentence, " * 12
    before = await voice.samples(text)
    asking = asyncio.create_task(voice.samples(text))
    await asyncio.sleep(0.05)
    assert voice.pid is not None
    os.kill(voice.pid, signal.SIGKILL)
    assert np.array_equal(await asking, before)
    assert voice.starts == 2


async def test_a_voice_that_cannot_start_says_what_to_do(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module.sys, "executable", "/bin/false")
    with pytest.raises(VoiceError, match="uv sync"):
        await PiperVoice(None).clip("x")


def test_piper_is_imported_in_one_file_only() -> None:
    root = Path(module.__file__).parent.parent
    places = ["core", "policies", "stores", "integrations", "tools", "flows", "prompts", "agent", "web"]
    files = [path for place in (*places, "simulate") for path in (root / place).rglob("*.py")]
    imported = re.compile(r"\b(import|from) piper\b")
    guilty = [path.name for path in files if imported.search(path.read_text())]
    assert guilty == ["piper_process.py"]
