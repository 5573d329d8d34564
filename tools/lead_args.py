"""What may be known of a lead when it is saved, as the flow's slots hand it over."""

from __future__ import annotations

from datetime import date
from typing import Any

from tools.base import Args
from tools.values import Email, Money, Names, Phone, Text

INTENTS = {"buyer", "seller", "renter", "investor"}


class LeadArgs(Args):
    """Anything the lead flow may know; a call with one of them is as welcome as one with all."""

    intent: str | None = None
    areas: Names | None = None
    beds: int | None = None
    baths: float | None = None
    features: Any = None
    price: Money | None = None
    rent: Money | None = None
    price_idea: Money | None = None
    motivation: str | None = None
    timeline: Any = None
    represented: str | None = None
    financing: str | None = None
    property_address: Text | None = None
    condition: str | None = None
    listed: bool | None = None
    listed_until: date | None = None
    """The last day of another firm's listing: nobody calls before (C29)."""
    lease_length: str | None = None
    animals: str | None = None
    strategy: str | None = None
    units: int | None = None
    appointment: str | None = None
    visit: str | None = None
    message: str | None = None
    name: Text | None = None
    phone: Phone | None = None
    email: Email | None = None
    consent_contact: bool | None = None
    contact_limits: str | None = None
    ai_voice: str | None = None
    """``refused``: people may call, an artificial voice may not (C01)."""
    special_request: str | None = None
    buying_next: bool | None = None
    target_return: str | None = None
    alerts: bool | None = None
    updates: str | None = None
    agent_named: str | None = None
    firm: str | None = None
    showing_time: str | None = None
    also_wants: str | None = None
    talk_now: bool | None = None
    language: str | None = None
    outcome: list[str] | None = None
    answers: dict[str, Any] | None = None
    """The client's own questions, key -> what was said."""
    ended_early: bool | None = None
    """The caller hung up before the end."""
