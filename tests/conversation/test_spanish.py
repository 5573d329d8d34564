"""Spanish: the same keys as English, understood to a useful degree, on request and back (A045, C47)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.understanding.spanish import gloss, sounds_spanish, wants_english, wants_spanish
from flows.languages import localized, untranslated
from flows.loader import load_all
from prompts import phrases

FLOWS = load_all(Path(__file__).parents[2] / "flows")
ONBOARDING_ONLY = re.compile(
    r"closing_\w+_saved|cost|resum\w+|saved_setup|offer_(standard|own|fitting|office|state)_\w+"
)
"""What only a brokerage that sets itself up can hear; that conversation is in English."""


def test_every_sentence_a_lead_can_hear_is_there_in_spanish() -> None:
    missing = set(phrases.keys()) - set(phrases.keys("es"))
    assert not {key for key in missing if not ONBOARDING_ONLY.fullmatch(key)}
    assert not set(phrases.keys("es")) - set(phrases.keys())
    assert not list(untranslated(FLOWS["lead"], "es"))


@pytest.mark.parametrize("channel", phrases.CHANNELS)
def test_a_spanish_phrase_needs_nothing_more_and_loses_nothing(channel: str) -> None:
    for key in phrases.keys("es"):
        english = set().union(*map(phrases.placeholders, phrases.variants(key, channel)))
        spanish = set().union(*map(phrases.placeholders, phrases.variants(key, channel, "es")))
        assert english == spanish, key


def test_only_words_differ() -> None:
    english, spanish = FLOWS["lead"], localized(FLOWS["lead"], "es")
    assert [s.required for s in english.steps] == [s.required for s in spanish.steps]
    assert {n: (s.type, s.confirm, s.when) for n, s in english.slots.items()} == {
        n: (s.type, s.confirm, s.when) for n, s in spanish.slots.items()
    }


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("cuatrocientos cincuenta mil", "450 thousand"),
        ("entre trescientos y cuatrocientos mil", "between 300 and 400 thousand"),
        ("mil ochocientos al mes", "1800 a month"),
        ("un millón doscientos mil", "1200000"),
        ("treinta y cinco", "35"),
        ("dos y medio", "2.5"),
        ("tres cero tres cinco cinco cinco", "3 0 3 5 5 5"),
        ("el martes por la tarde", "on Tuesday in the afternoon"),
        ("dentro de seis meses", "within 6 months"),
        ("por ahora no", "no not now"),
        ("vivo en La Villita", "vivo in La Villita"),
    ],
)
def test_what_forms_need_is_read(said: str, meant: str) -> None:
    assert gloss(said) == meant


def test_names_stay_names() -> None:
    assert gloss("Soy Blanca Casas", name_wanted=True) == "I'm Blanca Casas"


@pytest.mark.parametrize(
    "said", ["¿Habla español?", "en español por favor", "do you speak Spanish", "español"]
)
def test_spanish_is_asked_for(said: str) -> None:
    assert wants_spanish(said) and not wants_english(said)


@pytest.mark.parametrize(
    ("said", "spanish"),
    [
        ("Hola, quiero comprar una casa en Denver", True),
        ("busco un departamento de dos recámaras", True),
        ("I want to buy a house in Las Vegas", False),
        ("La Jolla or El Cajon", False),
        ("no, please", False),
    ],
)
def test_what_is_spoken_is_heard(said: str, spanish: bool) -> None:
    assert sounds_spanish(said) is spanish
