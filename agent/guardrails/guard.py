"""The guard on what was heard: runs on every caller turn before any form or model sees it.

Classes are recognised by what a sentence is about (a protected group, a place, a wish, an order), not
by a list of sentences; the lexicon and the patterns are data (``heard.yaml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from agent.acts import CommandName
from agent.guardrails.sensitive import card_numbers, remove_numbers

_LEAD_ONLY = frozenset(
    {"area", "schools", "people", "preference", "instruction", "value", "negotiation", "contract"}
)
_LEAD_ONLY |= {"commission", "rates", "vendor", "access", "minor", "accommodation"}
"""Topics of a brokerage's callers; a broker setting up an account talks about plans and prices freely."""


_ANNOUNCED = re.compile(
    r"\b(password|pin|passcode|card|account|routing|social|ssn|ein|tax id|key|secret|token|sk)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard made of an utterance.

    ``label`` ``ok`` lets it through. Otherwise ``template`` (a key of policies/compliance.yaml) is the
    answer and ``rule`` the compliance rule it follows from; with ``through`` the form hears it as well.
    ``command`` must also happen; ``follow_up`` names a ticket or task to open. ``redacted`` is what may
    be stored.
    """

    label: str = "ok"
    template: str = ""
    rule: str = ""
    redacted: str = ""
    command: CommandName | None = None
    through: bool = False
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class _Class:
    label: str
    spec: dict[str, Any]
    any_of: tuple[re.Pattern[str], ...]
    all_of: tuple[re.Pattern[str], ...]

    def fits(self, text: str) -> bool:
        if self.all_of:
            return all(p.search(text) for p in self.all_of)
        return any(p.search(text) for p in self.any_of)


@cache
def _classes() -> tuple[tuple[_Class, ...], tuple[re.Pattern[str], ...]]:
    data = yaml.safe_load(files("agent.guardrails").joinpath("heard.yaml").read_text())
    words = {name: f"(?:{alternatives})" for name, alternatives in data["words"].items()}

    def build(pattern: str) -> re.Pattern[str]:
        for name, alternatives in words.items():
            pattern = pattern.replace("{" + name + "}", alternatives)
        return re.compile(pattern)

    classes = tuple(
        _Class(
            label,
            spec,
            tuple(build(p) for p in spec.get("any", ())),
            tuple(build(p) for p in spec.get("all", ())),
        )
        for label, spec in data["classes"].items()
    )
    return classes, tuple(build(p) for p in data["harmless"])


def check_heard(text: str, *, flow: str, channel: str) -> Verdict:
    """Judge one utterance of the caller in a flow (``onboarding``, ``lead``)."""
    if text.startswith("DTMF:"):
        digits = re.sub(r"\D", "", text)
        if len(digits) >= 13 and card_numbers(digits):
            return Verdict("sensitive", "card", "C31", "DTMF: [removed]")
        return Verdict(redacted=text)
    if card_numbers(text):
        return Verdict("sensitive", "card", "C31", remove_numbers(text))
    plain = text.lower().replace("’", "'")
    classes, harmless = _classes()
    for pattern in harmless:
        plain = pattern.sub(" ", plain)
    for found in classes:
        if flow != "lead" and found.label in _LEAD_ONLY:
            continue
        if found.spec.get("flow", flow) != flow:
            continue
        if found.fits(plain):
            spec = found.spec
            redacted = _redact(text) if found.label == "sensitive" else text
            return Verdict(
                found.label,
                spec["template"],
                spec["rule"],
                redacted,
                spec.get("command"),
                bool(spec.get("through")),
                str(spec.get("ticket") or spec.get("task") or ""),
            )
    return Verdict(redacted=text)


def _redact(text: str) -> str:
    """Keep only up to the words that announce the secret: what follows is the secret."""
    announced = _ANNOUNCED.search(text)
    return remove_numbers(text[: announced.end()] + " [removed]" if announced else text)
