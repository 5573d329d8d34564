"""E-mails and text messages by key (prompts/messages.yaml), to leads in their own language.

Other languages are files of the same keys (``messages.es.yaml``) for the letters that go to leads; what a
language lacks is written in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, RootModel

ENGLISH = "en"
LANGUAGE = "language"
"""The fact that names the receiver's language; without it a letter is in English."""
TO_LEADS = (
    "appointment_sms",
    "appointment_email",
    "appointment_reminder_",
    "booking_code_",
    "follow_up_",
    "privacy_request",
)
"""How the keys of letters to leads begin; the rest goes to the office and its people."""
HERE = Path(__file__).parent


class Message(BaseModel):
    """A message with placeholders; texts have no subject."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str | None = None
    body: str


class _Messages(RootModel[dict[str, Message]]):
    """The whole file."""


@cache
def messages(language: str = ENGLISH) -> dict[str, Message]:
    """Every message by key that is written in this language; none for a language nobody wrote."""
    path = HERE / ("messages.yaml" if language == ENGLISH else f"messages.{language}.yaml")
    if not path.exists():
        return {}
    return _Messages.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).root


def message(key: str, facts: Mapping[str, object]) -> Message:
    """The message filled in, in the language of ``facts["language"]`` where there is one.

    KeyError for an unknown key or a placeholder without a fact.
    """
    language = facts.get(LANGUAGE, ENGLISH)
    raw = messages(str(language)).get(key) or messages()[key]
    subject = raw.subject.format_map(facts) if raw.subject else None
    return Message(subject=subject, body=raw.body.format_map(facts).strip())
