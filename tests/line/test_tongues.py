"""A call that changes its language in the middle: every word in the voice of its language, and back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from agent import phrases
from agent.frames import TongueFrame, words
from agent.limits import Limits
from agent.speech.spanish_voice import SPANISH_VOICES
from agent.speech.tts import EmbeddedTTSService
from tests.line.conftest import Exchange
from tests.line.doubles import NOTICE, QUESTION, Answer, Say, Script, tone

NOW = Say("Claro, en español.", language="es")
DISCLOSED = Say("Soy Alex, un asistente, y esta llamada se graba.", interruptible=False, language="es")
ASKED = Say("¿Hasta $450,000 en la calle 2?", language="es")


class Tones:
    """agent.speech.voice.Voice without an engine: what was asked of it, as tones of 6 ms a character."""

    class spanish:
        trouble = ""

    def __init__(self) -> None:
        self.spoke: list[tuple[str, str]] = []

    async def speak(self, text: str, *, rate: int, speed: float, voice: str) -> AsyncIterator[bytes]:
        self.spoke.append((voice, text))
        yield tone(0.006 * len(text), rate)


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> Tones:
    """The next call's mouth is the embedded service over tones."""
    tones = Tones()

    def mouth() -> Any:
        return EmbeddedTTSService(tones, spanish="dora", sample_rate=8000)  # type: ignore[arg-type]

    monkeypatch.setattr("tests.line.doubles.ToneMouth", mouth)
    return tones


def speak(script: Script, language: str) -> None:
    script.language = language


async def test_the_voice_changes_with_the_language_and_back(exchange: Exchange, voice: Tones) -> None:
    script = Script(
        Answer((NOW, DISCLOSED, ASKED)), Answer((Say("Sure, in English."), Say("Up to $450,000?")))
    )
    handset, _ = await exchange.call(script)
    await handset.until_quiet()
    exchange.says(handset, "habla español")
    await exchange.until(lambda: len(voice.spoke) >= 5, 10)
    await handset.until_quiet()
    exchange.says(handset, "in English please")
    await exchange.until(lambda: len(voice.spoke) >= 7, 10)
    assert voice.spoke == [
        ("heart", NOTICE),
        ("heart", QUESTION),
        ("dora", NOW.text),
        ("dora", DISCLOSED.text),
        ("dora", "¿Hasta cuatrocientos cincuenta mil dólares en la calle dos?"),
        ("heart", "Sure, in English."),
        ("heart", "Up to 450,000 dollars?"),
    ]


async def test_a_barge_in_does_not_part_the_words_from_their_voice(exchange: Exchange, voice: Tones) -> None:
    long = Say("Esto es muy largo y sigue y sigue y sigue. " * 8, language="es")
    script = Script(Answer((Say("Sure."), long, ASKED)), Answer((ASKED,)), Answer((Say("And in English."),)))
    handset, _ = await exchange.call(script)
    await handset.until_quiet()
    exchange.says(handset, "one")
    await exchange.until(lambda: len(voice.spoke) >= 4, 10)
    await asyncio.sleep(0.3)
    exchange.says(handset, "stop")
    await exchange.until(lambda: "hear stop" in script.log, 10)
    await exchange.until(lambda: len(voice.spoke) >= 5, 10)
    await handset.until_quiet()
    exchange.says(handset, "three")
    await exchange.until(lambda: voice.spoke[-1][1] == "And in English.", 10)
    spanish = [who for who, text in voice.spoke if "¿" in text or text.startswith("Esto")]
    assert spanish and set(spanish) == {"dora"}
    assert {who for who, text in voice.spoke if text in ("Sure.", "And in English.")} == {"heart"}


async def test_the_line_s_own_sentences_are_in_the_language_of_the_call(
    exchange: Exchange, voice: Tones
) -> None:
    exchange.limits = Limits(moment=0.2)
    script = Script(Answer((ASKED,)), work=0.8)
    speak(script, "es")
    handset, _ = await exchange.call(script)
    await handset.until_quiet()
    exchange.says(handset, "una casa")
    await exchange.until(lambda: ("dora", "Un momento.") in voice.spoke, 10)


async def test_a_spanish_voice_that_cannot_be_loaded_is_not_waited_for(
    exchange: Exchange, voice: Tones
) -> None:
    voice.spanish = type("Broken", (), {"trouble": "the file is damaged"})  # type: ignore[assignment]
    await exchange.call(Script(opening=Answer((NOW,))))
    await exchange.until(lambda: bool(voice.spoke), 10)
    assert voice.spoke == [("heart", NOW.text)], "better heard with an accent than not at all"


def test_the_voice_is_told_of_every_change_and_of_nothing_else() -> None:
    english, spanish = Say("Hi."), Say("Hola.", language="es")
    told = [
        f.language for f in words([english, english, spanish, spanish, english]) if isinstance(f, TongueFrame)
    ]
    assert told == ["es", "en"]
    assert not any(isinstance(f, TongueFrame) for f in words([spanish], tongue="es"))


def test_every_sentence_of_the_line_is_there_in_spanish() -> None:
    spanish = phrases.spoken_in("es")
    assert [p.key for p in spanish] == [p.key for p in phrases.ALL]
    assert {p.language for p in spanish} == {"es"} and not {p.text for p in spanish} & {
        p.text for p in phrases.ALL
    }
    assert [p.interruptible for p in spanish] == [p.interruptible for p in phrases.ALL]
    assert phrases.spoken_in("fr") == phrases.ALL and "dora" in SPANISH_VOICES
