"""Spanish: the same keys as English, understood to a useful degree, on request and back (A045, C47)."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.understanding.spanish import gloss, sounds_spanish, wants_english, wants_spanish
from agent.understanding.spanish_words import when_said
from flows.languages import localized, untranslated
from flows.loader import load_all
from policies.wished_times import chosen
from prompts import phrases

from .talk import Talk

FLOWS = load_all(Path(__file__).parents[2] / "flows")
ONBOARDING_ONLY = re.compile(
    r"closing_\w+_saved|cost|plan_too_small|spanish_(voice|elsewhere)|own_(question_taken|rules(_known|_lost)?)"
    r"|rules_rest|(crm|sources)_by_name|resum\w+|saved_setup"
    r"|offer_(standard|own|fitting|office|state)_\w+|(hot_rule|criteria|book_from)_taken|question_noted|no_name"
    r"|change_live(_failed)?|transfer_needed|told_before|english_for_now|remark_(noted|lost)|plan_kept|routing_needs"
    r"|voice_not_here|summary_again|plan_reviewed|ticket_(about|for_call)"
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
        ("dos baños y medio", "2.5 bathrooms"),
        ("vale como medio millón", "asking about 500 thousand"),
        ("el lunes a las nueve", "on Monday at 9"),
        ("a las nueve y media", "at 9:30"),
        ("a las tres de la tarde", "at 3 in the afternoon"),
        ("todavía no sé", "I don't know"),
        ("Calle Roble 512", "512 Calle Roble"),
        ("la calle Olmo número 25, Denver", "the 25 Calle Olmo, Denver"),
        ("por ahora no", "no not now"),
        ("vivo en La Villita", "vivo in La Villita"),
    ],
)
def test_what_forms_need_is_read(said: str, meant: str) -> None:
    assert gloss(said) == meant


def test_names_stay_names() -> None:
    assert gloss("Soy Blanca Casas", name_wanted=True) == "I'm Blanca Casas"


@pytest.mark.parametrize(
    "said",
    [
        *("¿Habla español?", "en español por favor", "do you speak Spanish", "español"),
        *("Hello, two baths please. Prefiero español", "¿Puede hablar español?"),
    ],
)
def test_spanish_is_asked_for(said: str) -> None:
    assert wants_spanish(said) and not wants_english(said)


@pytest.mark.parametrize(
    ("said", "spanish"),
    [
        ("Hola, quiero comprar una casa en Denver", True),
        ("busco un departamento de dos recámaras", True),
        ("Quiero rentar", True),
        ("Quisiera vender mi casa, Avenida Juárez 14, Aurora, pido cuatrocientos veinte mil", True),
        ("I want to buy a house in Las Vegas", False),
        ("La Jolla or El Cajon", False),
        ("no, please", False),
        ("no, no, no,", False),
    ],
)
def test_what_is_spoken_is_heard(said: str, spanish: bool) -> None:
    assert sounds_spanish(said) is spanish


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("Hi! I want to buy. Three bedrooms in Aurora. ¿Me puede atender en español mejor?", {"beds": 3}),
        ("Quisiera comprar una casa de tres recámaras y dos baños y medio en Aurora", {"beds": 3}),
        ("Quiero comprar. ¿Puede hablar en español? tres recámaras", {"beds": 3}),
    ],
)
async def test_what_was_said_beside_the_wish_for_spanish_is_kept(parts, office, said, known):
    talk = await Talk.begin(parts, office, channel="chat")
    await talk.say(said)
    assert talk.conversation.state.language == "es" and talk.value("intent") == "buyer"
    assert {name: talk.value(name) for name in known} == known


@pytest.mark.parametrize("said", ["Calle Roble 512, Denver", "88 Calle Cedro, Denver", "Cedro 88, Denver"])
async def test_an_address_in_spanish_order(parts, office, said):
    talk = await Talk.begin(parts, office, channel="chat")
    await talk.say("Quisiera vender mi casa")
    assert talk.waits_for == "property_address"
    await talk.say(said)
    assert "Calle" in talk.value("property_address")["line"] and talk.waits_for != "property_address"


async def test_not_knowing_yet_and_nothing_else_are_answers(parts, office):
    talk = await Talk.begin(parts, office, channel="chat")
    await talk.say("Quiero vender mi casa en Calle Pine 340, Lakewood, pido medio millón")
    assert "Pine" in talk.value("property_address")["line"] and talk.value("price_idea")
    for _ in range(8):
        if talk.waits_for == "buying_next":
            break
        await talk.say(
            {"listed": "no", "motivation": "trabajo nuevo", "timeline": "en seis meses"}.get(
                talk.waits_for, "no, nada más"
            )
        )
    assert talk.value("condition") == "none"
    await talk.say("Todavía no sé")
    assert talk.waits_for != "buying_next"


@pytest.mark.parametrize(
    ("said", "number"),
    [("el lunes a las nueve", 0), ("a las once", 1), ("a las nueve y media", -1), ("la segunda", 1)],
)
def test_an_offered_time_is_chosen_in_words(said: str, number: int) -> None:
    zone = ZoneInfo("America/Denver")
    offered = [datetime(2026, 11, 23, 9, tzinfo=zone), datetime(2026, 11, 23, 11, tzinfo=zone)]
    found = chosen(gloss(said), offered, "America/Denver", today=date(2026, 11, 20))
    assert found == number or (number == -1 and found is None)


@pytest.mark.parametrize(
    ("said", "spanish"),
    [
        (" after the office opens", " cuando abra la oficina"),
        (" tomorrow at 9 AM", " mañana a las 9 de la mañana"),
        (
            "Tuesday, November 24 at 2:30 PM Mountain time",
            "el martes 24 de noviembre a las 2:30 de la tarde hora de la montaña",
        ),
    ],
)
def test_no_english_piece_is_left_in_a_spanish_sentence(said: str, spanish: str) -> None:
    assert when_said(said) == spanish


async def test_a_person_is_asked_for_in_spanish(parts, office, clock):
    clock.advance(hours=12)
    talk = await Talk.begin(parts, office, channel="chat")
    await talk.say("Quiero rentar")
    said = await talk.say("quiero hablar con una persona")
    assert "cuando abra la oficina" in said.text and "opens" not in said.text


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("Hasta mil, 800 al mes.", "up to 1800 a month"),
        ("hasta 1.800 al mes", "up to 1800 a month"),
        ("450 mil 500", "450500"),
        ("hasta 450 mil", "up to 450 thousand"),
    ],
)
def test_thousands_are_one_number(heard: str, meant: str) -> None:
    assert gloss(heard).strip(" .") == meant
