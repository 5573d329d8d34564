"""A telephone call in Spanish with nothing left out: real voices at both ends, real ears (C47)."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.lines import Lines
from agent.speech.recognizer import Recognizer
from agent.speech.spanish_voice import missing
from core.ids import HOUSE_TENANT, new_id
from simulate.ears import sides, stretches, understood
from simulate.line import PhoneLine
from simulate.sound import RATE, Samples
from simulate.voices import Engines, EngineVoice
from stores import leads, tenancy
from stores.cluster import Cluster
from tests.speech.conftest import model_cache
from tests.whole.house import House, Whistles, house

pytestmark = [
    pytest.mark.speech,
    pytest.mark.slow,
    pytest.mark.timeout(420),
    pytest.mark.skipif(bool(missing()), reason="the extra kokoro is not installed"),
]
LINE = "+13035550150"
ASKED = (
    "¿Podemos hablar en español, por favor?",
    "Quiero comprar una casa en Denver de tres recámaras, hasta cuatrocientos cincuenta mil dólares.",
    "Eso es todo, muchas gracias, adiós.",
)


@pytest.fixture
async def speaking(fresh: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """The service as it is installed with the extra; the house's own sentences are not made ready."""
    prime = Lines.prime

    async def others(self: Lines, tenant_id: object = HOUSE_TENANT) -> int:
        return 0 if tenant_id == HOUSE_TENANT else await prime(self, tenant_id)  # type: ignore[arg-type]

    monkeypatch.setattr(Lines, "prime", others)
    model_cache().mkdir(exist_ok=True)
    (tmp_path / "models").symlink_to(model_cache())
    async with house(fresh, tmp_path, Whistles(), stt="embedded", tts="embedded", whisper="base") as home:
        async with home.db.tenant(new_id()) as session:
            await tenancy.create_tenant(
                session, "Acme Real Estate", status="live", timezone="America/Denver", states=["CO"]
            )
            await tenancy.claim_number(session, [LINE], provider="fictional")
            await tenancy.upsert_profile(session, languages=["en-US", "es-US"])
        yield home


async def heard_out(home: House, line: PhoneLine, turns: int) -> None:
    """Until the agent has answered so many times and said it all; a busy machine takes its time."""
    async with asyncio.timeout(150):
        while not line.over.is_set():
            await asyncio.sleep(0.25)
            session = next(iter(home.registry), None)
            if session is None or session._turns.busy or session._turns.speaking:
                continue
            if len([t for t in (await home.left(line)).turns if t.role == "agent"]) >= turns:
                break
    await asyncio.sleep(0.3)


async def hears(samples: Samples, ears: Recognizer, language: str) -> str:
    """What somebody who speaks that language understands of it."""
    found = [
        (await ears.hear(part.samples.astype("<i2").tobytes(), RATE, language=language)).text
        for part in stretches(samples)
    ]
    return " ".join(text for text in found if text)


async def test_a_lead_is_served_in_spanish(speaking: House, tmp_path: Path) -> None:
    voice = EngineVoice("alex", Engines(model_cache()), Path(tempfile.gettempdir()) / "seiketsu-test-voice")
    clips = [await voice.clip(text) for text in ASKED]
    sound = tmp_path / "line.wav"
    line = PhoneLine(speaking.url, to=LINE, record=sound)
    speaking.lines.append(line)
    await line.dial()
    await heard_out(speaking, line, 1)
    changed = line.now
    for number, clip in enumerate(clips, 2):
        await line.say(clip)
        await heard_out(speaking, line, number)
    await asyncio.wait_for(line.closed.wait(), 60)
    await speaking.empty()

    left = await speaking.left(line)
    said = left.said()
    assert left.row.state["language"] == "es" and left.call.end_reason == "done", said
    assert "se graba" in said[1], "told again, in the language that is understood"
    held = left.slots
    assert (held["intent"], held["beds"], held["areas"]) == ("buyer", 3, ["Denver"])
    assert held["price"]["max"] == 450_000
    async with speaking.db.tenant(left.call.tenant_id) as session:
        lead = await leads.lead_of_conversation(session, left.row.id)
    assert lead is not None and lead.price_max == 450_000
    assert line.faults == []

    _, agent = sides(sound)
    ears = speaking.app.state.telephone.engine.recognizer
    spanish = await hears(agent[int(changed * RATE) :], ears, "es")
    assert understood(" ".join(said[1:]), spanish) > 0.6, spanish
    assert "graba" in spanish.lower() and "gracias" in spanish.lower(), spanish
