"""States and their time zones: what a brokerage's states suggest about its clock."""

from __future__ import annotations

from collections.abc import Sequence

from policies.load import Policy, load


class State(Policy):
    """One state; the zone most of its people live in comes first."""

    name: str
    zones: tuple[str, ...]


class Regions(Policy):
    """The whole file."""

    states: dict[str, State]
    spoken_zones: dict[str, str]


def states() -> dict[str, State]:
    """USPS code -> state."""
    return load("regions", Regions).states


def timezone_of(codes: Sequence[str]) -> str | None:
    """The zone to suggest for these states: the first state's main zone; None for unknown codes."""
    for code in codes:
        state = states().get(code.upper())
        if state is not None:
            return state.zones[0]
    return None


def spoken_timezone(zone: str) -> str:
    """ "Mountain time" for America/Denver; other zones by their city."""
    word = load("regions", Regions).spoken_zones.get(zone)
    return f"{word} time" if word else f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time"


def spoken_states(codes: Sequence[str]) -> str:
    """ "Colorado and Utah"."""
    names = [states()[c].name if c in states() else c for c in codes]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
