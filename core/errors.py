"""One exception tree, and the shape in which every surface reports a problem.

A problem always names what is wrong, where, and what to do next. The API renders it as
problem+json (RFC 9457), the phone as a spoken repair, a linter as file, line and key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    ``where`` is a field path, slot name, setting or ``file:line``; ``next_step`` is an
    instruction a person can follow.
    """

    message: str
    where: str = ""
    next_step: str = ""
    code: str = "invalid"

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return asdict(self)

    def __str__(self) -> str:
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head} ({self.next_step})" if self.next_step else head


class SeiketsuError(Exception):
    """Root of our exceptions. Carries problems; never personal data in its text.

    ``retry_after``: after how many seconds the same may succeed, where that is known.
    """

    code = "error"
    status = 500

    def __init__(
        self,
        message: str,
        *,
        problems: Sequence[Problem] = (),
        code: str | None = None,
        retry_after: float | None = None,
    ):
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)
        self.retry_after = retry_after
        if code is not None:
            self.code = code


class InvalidInput(SeiketsuError):
    """The caller sent something that cannot be accepted; ``problems`` says what, all at once."""

    code = "invalid"
    status = 422


class NotFound(SeiketsuError):
    """No such thing *for this tenant* (another tenant's row is not found either)."""

    code = "not_found"
    status = 404


class NotAllowed(SeiketsuError):
    """Known caller, missing right."""

    code = "forbidden"
    status = 403


class NotSignedIn(SeiketsuError):
    """No or wrong credentials."""

    code = "unauthorized"
    status = 401


class Conflict(SeiketsuError):
    """The stored state has moved on, or the name is taken."""

    code = "conflict"
    status = 409


class Refused(SeiketsuError):
    """Admission said no (quota, concurrency, rate)."""

    code = "refused"
    status = 429


class Unavailable(SeiketsuError):
    """Something outside did not answer; trying again later may work."""

    code = "unavailable"
    status = 503


class StartupError(SeiketsuError):
    """The service cannot start. Lists every problem, not only the first."""

    code = "startup"

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  - {p}" for p in self.problems)])
