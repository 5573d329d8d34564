"""What must be said first, and the fixed answers nobody may improvise (C07-C12, C17, C18, C26, C31)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from policies import wording as said
from policies.greetings import says_name
from policies.load import Policy, load

GREETING_MAX = 300

_DISCLOSURE = re.compile(
    r"\b(?:is|isn'?t) (?:being )?recorded\b|\bI'?m \w+, an AI assistant\b|^thanks for calling [^,;]*\.$",
    re.IGNORECASE,
)

_DENIAL = re.compile(
    r"\b(?:not|isn'?t|never|no) (?:\w+ ){0,2}record"
    r"|\b(?:real|actual|live|living) (?:person|human)\b"
    r"|\bnot (?:a |an )?(?:robot|bot|machine|computer|AI)\b"
    r"|\b(?:I'?m|I am|this is) (?:a |an )?(?:person|human)\b",
    re.IGNORECASE,
)


class Redisclose(Policy):
    """How often the AI says again what it is (C11)."""

    minutes: int
    text: str


class RecordingMode(Policy):
    """One way of handling recording."""

    value: str
    label: str
    also: tuple[str, ...] = ()


class Terms(Policy):
    """Versioned texts a client or a lead agrees to."""

    version: str
    consent_text: str
    consent_text_people: str


class QuietHours(Policy):
    """The widest window in which anything may be sent unasked, in the person's local time (C03)."""

    open: str
    close: str
    days: tuple[str, ...]


class Language(Policy):
    """What must be said, in another language: the same keys as in English (C47)."""

    prefix: dict[str, str]
    house_prefix: dict[str, str]
    redisclose: str
    consent_text: str
    consent_text_people: str
    templates: dict[str, str]


class Compliance(Policy):
    """The whole file."""

    prefix: dict[str, str]
    house_prefix: dict[str, str]
    redisclose: Redisclose
    all_party: tuple[str, ...]
    recording_modes: tuple[RecordingMode, ...]
    terms: Terms
    retention_days: dict[str, int]
    outbound: bool
    quiet_hours: QuietHours
    templates: dict[str, str]
    languages: dict[str, Language]

    def templates_in(self, language: str) -> dict[str, str]:
        """The fixed answers by key; of a language nobody wrote, none (the caller falls back to English)."""
        if language == "en":
            return self.templates
        known = self.languages.get(language)
        return known.templates if known else {}


def compliance() -> Compliance:
    """The policy as data."""
    return load("compliance", Compliance)


def prefix(
    brand: str,
    persona: str,
    *,
    recorded: bool,
    channel: str = "voice",
    house: bool = False,
    language: str = "en",
) -> str:
    """The legal opening in its fixed order: business name, AI, recording (C07)."""
    source = compliance().languages.get(language) or compliance()
    texts = source.house_prefix if house else source.prefix
    key = "recorded" if recorded else "unrecorded"
    return texts[key if channel == "voice" else "chat"].format(brand=brand, persona=persona)


def opening(brand: str, persona: str, greeting: str, *, recorded: bool, channel: str = "voice") -> str:
    """The prefix followed by the client's own greeting: the prefix cannot be removed (C09)."""
    return f"{prefix(brand, persona, recorded=recorded, channel=channel)} {without_prefix(greeting)}".strip()


def without_prefix(greeting: str) -> str:
    """A greeting without disclosures that code will say anyway, so that nothing is said twice."""
    sentences = re.split(r"(?<=[.!?])\s+", greeting.strip())
    kept = [sentence for sentence in sentences if not _DISCLOSURE.search(sentence)]
    return " ".join(kept)


def greeting_problem(greeting: str, brand: str) -> str | None:
    """Why a client's greeting is not acceptable, as a sentence; None when it is (C09, C19, A045)."""
    text = " ".join(greeting.split())
    if len(text) > GREETING_MAX:
        return f"The greeting is too long to listen to. Keep it under {GREETING_MAX} characters."
    if not _mentions(text, brand):
        return f"The greeting must say your business name, {brand}."
    if _DENIAL.search(text):
        return "The greeting can't deny the recording or that the assistant is an AI."
    if said.problem(re.sub(re.escape(brand), "", text, flags=re.IGNORECASE)):
        return (
            "The greeting can't rate places or people, or promise rates or values: fair-housing law and"
            " licences. Say what the office does."
        )
    return None


def is_all_party(state: str) -> bool:
    """Whether everybody on the line must agree to recording there."""
    return state.upper() in compliance().all_party


def profile_for(states: Sequence[str]) -> dict[str, Any]:
    """The compliance profile a client starts with: the strictest of its states."""
    policy = compliance()
    return {
        "recording": "announce",
        "all_party_states": sorted(s for s in states if is_all_party(s)),
        "notice": "always",
        "ai_disclosure": policy.prefix["recorded"],
        "outbound": policy.outbound,
        "quiet_hours": policy.quiet_hours.model_dump(mode="json"),
        "consent_text_version": policy.terms.version,
        "retention_days": dict(policy.retention_days),
    }


def template(name: str, language: str = "en", **facts: str) -> str:
    """A fixed answer; KeyError for an unknown name or a missing fact (C18)."""
    return wording(name, language).format(**facts)


def wording(name: str, language: str = "en") -> str:
    """A fixed answer with its placeholders, in English where the language has none. KeyError."""
    return compliance().templates_in(language).get(name) or compliance().templates[name]


def redisclosure(brand: str, language: str = "en") -> str:
    """What is said again every ten minutes and after a transfer that came back (C11)."""
    known = compliance().languages.get(language)
    return (known.redisclose if known else compliance().redisclose.text).format(brand=brand)


def consent_text(brand: str, language: str = "en", *, people_only: bool = False) -> str:
    """What a lead agrees to when it says yes to being contacted; stored with the version (C01).

    ``people_only``: an artificial voice was refused.
    """
    source = compliance().languages.get(language) or compliance().terms
    return (source.consent_text_people if people_only else source.consent_text).format(brand=brand)


PEOPLE_ONLY = "(a person, no AI voice)"
"""At the end of a task for people about somebody who refused an artificial voice."""


def _mentions(text: str, brand: str) -> bool:
    # the full name is said before it anyway, so the name for short will do
    def bare(words: str) -> str:
        return re.sub(r"[^a-z0-9]+", "", words.lower().replace("&", "and"))

    return bool(bare(brand)) and (bare(brand) in bare(text) or says_name(text, brand))
