"""Spanish answers in a set-up that goes on in English (A042, A045)."""

from __future__ import annotations

from typing import Any

import pytest

from agent.understanding.spanish_setup import in_english
from tests.conversation.test_brokers import asked
from tests.conversation.test_of_the_broker import shown

NINE_TO_SIX = [["09:00", "18:00"]]


@pytest.mark.parametrize(
    ("slot", "said", "value"),
    [
        ("states_served", "trabajamos en Texas y Nuevo México", ["TX", "NM"]),
        ("timezone", "hora central", "America/Chicago"),
        ("team_size", "somos cuatro", 4),
        ("admin_name", "me llamo Ximena Duarte", "Ximena Duarte"),
        ("admin_role", "soy la dueña", "Owner"),
        ("terms_accepted", "sí, acepto", True),
        ("voice_profile", "Multilingüe", "multilingual_specialist"),
        ("languages", "los dos", ["en", "es"]),
        ("after_hours_mode", "que tome mensaje", "message_only"),
        ("number_mode", "número nuevo por favor", "new"),
        ("crm_vendor", "no tenemos", "builtin"),
        ("recording_policy", "no grabar", "off"),
    ],
)
def test_an_answer_in_spanish_is_one(slot: str, said: str, value: Any) -> None:
    assert shown(asked(slot, said)) == {slot: value}


def test_who_introduces_themselves_in_spanish_is_asked_nothing_twice() -> None:
    said = (
        "hola buenas. me llamo Ximena Duarte, soy la dueña de Duarte Bienes Raíces en El Paso Texas, "
        "somos tres agentes"
    )
    assert shown(asked("organization_name", said)) == {
        "organization_name": "Duarte Bienes Raíces",
        "states_served": ["TX"],
        "team_size": 3,
        "admin_name": "Ximena Duarte",
        "admin_role": "Owner",
    }


def test_a_week_in_spanish() -> None:
    week = asked("business_hours", "Lunes a Viernes de 9 a 6, cerrado domingos")["business_hours"]
    assert week["wed"] == NINE_TO_SIX and week["sat"] == [] and week["sun"] == []


@pytest.mark.parametrize(
    "name",
    ["Casa y Campo Realty", "Los Dos Amigos Realty", "Domingo Realty", "no", "Si Properties", "only once"],
)
def test_a_name_stays_as_it_is(name: str) -> None:
    assert in_english(name) == name
