"""A slot context for the tests of slot types."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from agent.understanding.base import SlotContext
from flows.schema import Asks, Channel, Choice, Slot

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
"""A Monday, nine in the morning in Denver."""


def context(
    type_: str = "text",
    *,
    label: str = "Thing",
    choices: Sequence[Choice] = (),
    cues: Sequence[str] = (),
    options: dict[str, Any] | None = None,
    current: Any = None,
    partial: Any = None,
    facts: dict[str, Any] | None = None,
    now: datetime | None = NOW,
    channel: Channel = "voice",
) -> SlotContext:
    """A context for one slot, with nothing but what the test is about."""
    slot = Slot(
        type=type_,
        label=label,
        ask=Asks(voice="?"),
        choices=tuple(choices),
        cues=tuple(cues),
        options=options or {},
    )
    return SlotContext(
        name="thing", slot=slot, channel=channel, facts=facts or {}, now=now, current=current, partial=partial
    )


def one(value: str, label: str, *also: str) -> Choice:
    """A choice."""
    return Choice(value=value, label=label, also=also)
