"""C47: what goes to leads is written in Spanish too, key by key and placeholder by placeholder."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from policies.appointments import appointments
from policies.moment_words import when_words_es
from prompts.messages import TO_LEADS, message, messages
from prompts.phrases import placeholders

SPANISH = messages("es")
LEADS = [key for key in messages() if key.startswith(TO_LEADS) and "agent_email" not in key]


@pytest.mark.parametrize("key", LEADS)
def test_every_letter_to_a_lead_is_in_spanish(key: str) -> None:
    assert key in SPANISH
    english, spanish = messages()[key], SPANISH[key]
    assert placeholders(spanish.body) == placeholders(english.body)
    assert placeholders(spanish.subject or "") == placeholders(english.subject or "")
    assert spanish.body != english.body


def test_no_letter_is_only_in_spanish() -> None:
    assert set(SPANISH) <= set(messages())


def test_the_receivers_language_chooses() -> None:
    facts = {"brand": "Acme", "number": "303 555 0100"}
    assert "gracias" in message("follow_up_thanks_sms", facts | {"language": "es"}).body
    assert "thank you" in message("follow_up_thanks_sms", facts | {"language": "en"}).body
    assert "thank you" in message("follow_up_thanks_sms", facts).body
    assert "thank you" in message("follow_up_thanks_sms", facts | {"language": "fr"}).body


def test_kinds_and_times_have_spanish_words() -> None:
    assert all(kind.label_es for kind in appointments().kinds.values())
    said = when_words_es(datetime(2026, 11, 24, 17, 30, tzinfo=UTC), "America/Denver")
    assert said == "el martes 24 de noviembre a las 10:30 de la mañana"
