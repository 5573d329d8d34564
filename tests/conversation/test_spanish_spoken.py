"""Spanish on the telephone: with a voice for it and a client who wants it; as before elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.voices import beside, spoken_languages
from stores import tenancy

from .talk import Talk


@pytest.fixture
def speaking(parts):
    """The process has the Spanish voice beside the embedded English one."""
    return replace(parts, ports=replace(parts.ports, engines=("hibari", "kokoro")))


@pytest.fixture
async def bilingual(parts, office):
    async with parts.db.tenant(office) as session:
        await tenancy.upsert_profile(session, languages=["en-US", "es-US"])
    return office


async def test_the_call_goes_on_in_spanish_with_the_disclosure_and_back(speaking, bilingual):
    talk = await Talk.begin(speaking, bilingual)
    assert {said.language for said in talk.reply.says} == {"en"}
    reply = await talk.say("¿Habla español? Quiero comprar una casa en Denver")
    assert {said.language for said in reply.says} == {"es"}, "every word is for the Spanish voice"
    disclosed = [said for said in reply.says if said.key == "opening"]
    assert len(disclosed) == 1 and "se graba" in disclosed[0].text and not disclosed[0].interruptible
    assert talk.value("intent") == "buyer"
    assert ("book_callback", "booked") not in talk.ran, "nobody has to call back"
    reply = await talk.say("in English please")
    assert {said.language for said in reply.says} == {"en"}
    assert talk.conversation.language == "en"


async def test_a_call_that_comes_back_is_still_in_spanish(speaking, bilingual):
    talk = await Talk.begin(speaking, bilingual)
    await talk.say("¿Habla español?")
    await talk.conversation.let_go()
    again = await Talk.begin(speaking, bilingual, conversation_id=talk.conversation.id)
    assert {said.language for said in again.reply.says} == {"es"}


@pytest.mark.parametrize("missing", ["voice", "wish"])
async def test_without_the_voice_or_the_wish_somebody_calls_back(parts, speaking, office, bilingual, missing):
    if missing == "wish":
        async with parts.db.tenant(office) as session:
            await tenancy.upsert_profile(session, languages=["en-US"])
    talk = await Talk.begin(parts if missing == "voice" else speaking, office)
    reply = await talk.say("¿Habla español?")
    assert ("book_callback", "booked") in talk.ran and talk.conversation.language == "en"
    assert {said.language for said in reply.says} == {"en"} and "can't speak Spanish" in reply.text


@pytest.mark.parametrize(
    ("profile", "engines", "wanted", "spoken"),
    [
        ("professional_female", ("hibari",), ("en-US", "es-US"), ("en",)),
        ("professional_female", ("hibari", "kokoro"), ("en-US",), ("en",)),
        ("professional_female", ("hibari", "kokoro"), ("en-US", "es-US"), ("en", "es")),
        ("professional_male", ("hibari", "kokoro"), ("es",), ("en", "es")),
        ("multilingual_specialist", ("hibari", "kokoro"), (), ("en", "es")),
        ("multilingual_specialist", ("hibari",), (), ("en",)),
        ("multilingual_specialist", ("openai",), (), ("en", "es")),
        ("professional_female", ("openai",), ("es-US",), ("en", "es")),
        ("professional_female", ("openai",), ("fr",), ("en",)),
        ("nobody", ("hibari", "kokoro"), ("es",), ("en",)),
    ],
)
def test_what_is_spoken_follows_the_wish_and_what_is_installed(profile, engines, wanted, spoken):
    assert spoken_languages(profile, engines, wanted) == spoken


def test_a_woman_goes_on_as_a_woman():
    engines = ("hibari", "kokoro")
    assert [beside("es", heard, engines) for heard in ("heart", "oak")] == ["dora", "alex"]
    assert beside("es", "heart", ("hibari",)) == beside("fr", "heart", engines) == ""
    assert beside("es", "somebody", engines) == "", "a voice with no twin is not swapped for any"
