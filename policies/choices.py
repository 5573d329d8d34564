"""The options behind a slot's ``choices_from``: one name, one policy, so a list is written once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from policies import business_hours, compliance, crms, dispositions, lead_sources, plans, rules, voices


class _Named(Protocol):
    @property
    def value(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def also(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Option:
    """One option: canonical value, how it is said, other words for it."""

    value: str
    label: str
    also: tuple[str, ...] = ()


_SOURCES: dict[str, Callable[[], Iterable[_Named]]] = {
    "plans": plans.all_plans,
    "voices": lambda: voices.voices().profiles,
    "languages": lambda: voices.voices().languages,
    "after_hours": lambda: business_hours.hours().after_hours,
    "crms": crms.vendors,
    "lead_sources": lead_sources.sources,
    "recording_modes": lambda: compliance.compliance().recording_modes,
    "routing_modes": lambda: rules.rules().routing_modes,
    "cadences": lambda: rules.rules().cadences,
    "dispositions": dispositions.dispositions,
}


def names() -> tuple[str, ...]:
    """Every name that ``choices_from`` may hold."""
    return tuple(_SOURCES)


def choices_for(name: str) -> tuple[Option, ...]:
    """The options of that name; KeyError when there is none."""
    return tuple(Option(one.value, one.label, one.also) for one in _SOURCES[name]())


def label(name: str, value: str) -> str:
    """How a value is said; the value itself when the policy no longer knows it."""
    return next((o.label for o in choices_for(name) if o.value == value), value)
