"""E-mails and text messages by key (prompts/messages.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, RootModel


class Message(BaseModel):
    """A message with placeholders; texts have no subject."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str | None = None
    body: str


class _Messages(RootModel[dict[str, Message]]):
    """The whole file."""


@cache
def messages() -> dict[str, Message]:
    """Every message by key."""
    raw = yaml.safe_load((Path(__file__).parent / "messages.yaml").read_text(encoding="utf-8"))
    return _Messages.model_validate(raw).root


def message(key: str, facts: Mapping[str, object]) -> Message:
    """The message filled in; KeyError for an unknown key or a placeholder without a fact."""
    raw = messages()[key]
    subject = raw.subject.format_map(facts) if raw.subject else None
    return Message(subject=subject, body=raw.body.format_map(facts).strip())
