"""When to stop asking a model that does not answer."""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    """Counts failures in a row; past ``limit`` the model is left alone for ``cooldown`` seconds, then
    one turn at a time tries it again. A process has one for each endpoint, shared by its calls.
    """

    def __init__(
        self,
        limit: int = 3,
        cooldown: float = 30.0,
        longest: float = 300.0,
        now: Callable[[], float] = time.monotonic,
    ):
        self.limit, self.cooldown, self.longest = limit, cooldown, longest
        self._now = now
        self._failures = 0
        self._open_until = 0.0
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether the model is being left alone or only probed."""
        return self._failures >= self.limit or self._now() < self._open_until

    def admit(self) -> bool:
        """Whether this turn may ask the model. A True must be followed by ``succeeded`` or ``failed``
        or ``abandoned``."""
        if self._now() < self._open_until:
            return False
        if self._failures >= self.limit:
            if self._probing:
                return False
            self._probing = True
        return True

    def succeeded(self) -> None:
        """The model answered."""
        self._failures, self._open_until, self._probing = 0, 0.0, False

    def abandoned(self) -> None:
        """The turn was interrupted: nothing was learned."""
        self._probing = False

    def failed(self, *, rest: float | None = None) -> None:
        """The model did not answer. ``rest``: seconds it asked to be left alone, at once."""
        self._failures += 1
        self._probing = False
        if rest is not None:
            self._open_until = max(self._open_until, self._now() + min(rest, self.longest))
        elif self._failures >= self.limit:
            # each further probe that fails doubles the pause
            pause = self.cooldown * 2 ** min(self._failures - self.limit, 6)
            self._open_until = self._now() + min(pause, self.longest)
