"""Voice profiles: what a client can pick, and which real voice an engine speaks it with (A088)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policies.load import Policy, load


class Voice(Policy):
    """One profile. ``speed`` is relative to the engine's natural pace; ``note`` is honest about limits."""

    value: str
    label: str
    also: tuple[str, ...] = ()
    style: str
    speed: float
    languages: tuple[str, ...]
    engines: dict[str, str]
    note: str


class Language(Policy):
    """One language the product knows by name."""

    value: str
    label: str
    also: tuple[str, ...] = ()


class Voices(Policy):
    """The whole file."""

    default: str
    default_persona: str
    profiles: tuple[Voice, ...]
    languages: tuple[Language, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What will really be heard. ``exact`` is false when the engine lacks the profile's own voice."""

    engine: str
    voice: str
    speed: float
    exact: bool


def voices() -> Voices:
    """The policy as data."""
    return load("voices", Voices)


def voice(value: str) -> Voice:
    """The profile of that value; KeyError when there is none."""
    for one in voices().profiles:
        if one.value == value:
            return one
    raise KeyError(value)


def spoken_by(value: str, engines: Sequence[str]) -> Spoken:
    """The voice heard for a profile, given the installed engines in order of preference.

    A profile names its engines in its own order of preference; the first installed one wins. Where none
    is installed the default profile's voice is used at this profile's speed.
    """
    profile = voice(value)
    for position, (engine, name) in enumerate(profile.engines.items()):
        if engine in engines:
            return Spoken(engine, name, profile.speed, exact=position == 0 or engine == "openai")
    default = voice(voices().default)
    for engine in engines:
        if engine in default.engines:
            return Spoken(engine, default.engines[engine], profile.speed, exact=False)
    raise LookupError("no installed speech engine has a voice")


def languages_missing(value: str, languages: Sequence[str]) -> list[str]:
    """Languages asked for that the profile cannot speak."""
    return [code for code in languages if code not in voice(value).languages]


def spoken_languages(value: str, engines: Sequence[str]) -> tuple[str, ...]:
    """What the profile can really be heard in: more than English only where a hosted engine speaks it."""
    try:
        spoken = spoken_by(value, engines)
    except (KeyError, LookupError):
        return ("en",)
    return voice(value).languages if spoken.engine == "openai" else ("en",)
