"""Time as a parameter: production reads the system clock, tests hold one in their hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that can say what time it is, in UTC."""

    def now(self) -> datetime:
        """Current moment, timezone-aware UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Current moment, timezone-aware UTC."""
        return datetime.now(UTC)


class FakeClock:
    """A clock that moves only when told to."""

    def __init__(self, at: datetime | None = None):
        self._now = at or datetime(2026, 11, 23, 16, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The moment it was last set to."""
        return self._now

    def advance(self, **delta: float) -> None:
        """Move forward; keywords as for ``timedelta`` (``minutes=5``)."""
        self._now += timedelta(**delta)
