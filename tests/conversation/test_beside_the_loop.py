"""What a sentence means takes milliseconds: no other call waits for it, whatever is said and to whom."""

from __future__ import annotations

import asyncio
from functools import lru_cache

import pytest

from agent.brains.model import Endpoint
from agent.brains.openai import OpenAIText
from agent.conversation import Conversation
from agent.guardrails import likeness
from agent.understanding import wants
from core import embedding
from core.ids import HOUSE_TENANT
from simulate.openai_server import OpenAIServer

from .talk import Talk

pytestmark = pytest.mark.skipif(bool(embedding.why_not()), reason=embedding.why_not())


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Every text that is embedded, and whether that was done on an event loop."""
    seen: list[tuple[str, bool]] = []
    real = embedding._embed.__wrapped__

    def noted(text: str) -> embedding.Vector:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            seen.append((text, False))
        else:
            seen.append((text, True))
        return real(text)

    likeness.scores.cache_clear()
    wants.wanted.cache_clear()
    embedding._embed.cache_clear()
    monkeypatch.setattr(embedding, "_embed", lru_cache(maxsize=32)(noted))
    return seen


def on_the_loop(seen: list[tuple[str, bool]]) -> list[str]:
    """The texts that were; fails when there were none at all."""
    assert seen
    return [text for text, there in seen if there]


@pytest.mark.parametrize(
    "said",
    [
        "I live next to that house on Maple you have for sale and the yard is full of trash",
        "Could I get somebody at the front desk to explain a bill?",
        "Do you know if it has a basement? My sister saw the sign out front this morning",
        "gonna need somebody 2 look at the place b4 we move in",
        "Hi there, this is Dana, we spoke a while ago. The roof over the porch gave in. Who pays for it?",
        "¿Podemos seguir en español? Es por la cerca del vecino, se cayó anoche",
        "Es por la cerca del vecino, se cayó anoche y nadie contesta",
    ],
)
async def test_what_is_said_at_first_is_compared_beside_the_loop(parts, office, embedded, said):
    talk = await Talk.begin(parts, office, channel="chat", caller=None)
    await talk.say(said)
    await talk.say("Es por la cerca, se cayó otra vez encima de mi coche")
    assert on_the_loop(embedded) == []


async def test_what_a_broker_tells_a_model_is_judged_beside_the_loop(parts, embedded):
    async with OpenAIServer(smart=True) as server:
        endpoint = Endpoint(model=server.model, api_key=server.key, base_url=server.base_url)
        brain = OpenAIText(endpoint)
        conversation = await Conversation.start(parts, tenant_id=HOUSE_TENANT, channel="chat", caller=None)
        await conversation.open()
        await brain.answer(conversation, "Our brokerage is called Summit Realty")
        await brain.answer(conversation, "What happens when a caller wants off your list?")
        await endpoint.close()
    assert on_the_loop(embedded) == []
    assert likeness.scores.cache_info().misses == 2, "once each, with what a broker is judged by"
