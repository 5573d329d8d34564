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
    """One language the product knows by name.

    ``spoken``: the engine that speaks it beside an embedded English voice, and with which of its voices.
    """

    value: str
    label: str
    also: tuple[str, ...] = ()
    spoken: Beside | None = None


class Beside(Policy):
    """``voices``: the English voice a caller hears -> who goes on in the other language, of the same sex."""

    engine: str
    voices: dict[str, str]


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


def spoken_languages(value: str, engines: Sequence[str], wanted: Sequence[str] = ()) -> tuple[str, ...]:
    """What the profile can really be heard in, of its own languages and those the client ``wanted`` (as
    "es" or "es-US"): a hosted engine's voices speak them all, beside an embedded one another may be there.
    """
    try:
        spoken = spoken_by(value, engines)
    except (KeyError, LookupError):
        return ("en",)
    asked = {"en", *voice(value).languages, *(code.split("-")[0].lower() for code in wanted)}
    if spoken.engine == "openai":
        return tuple(one.value for one in voices().languages if one.value in asked)
    return tuple(
        one.value
        for one in voices().languages
        if one.value in asked and (one.value == "en" or beside(one.value, spoken.voice, engines))
    )


def beside(language: str, heard: str, engines: Sequence[str]) -> str:
    """The voice that goes on in ``language`` where an embedded one is ``heard`` in English; "" for none."""
    known = next((one.spoken for one in voices().languages if one.value == language), None)
    return known.voices.get(heard, "") if known is not None and known.engine in engines else ""
