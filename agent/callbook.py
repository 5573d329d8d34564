"""The book of calls: who is called, whether there is room, and where a call stands.

Everything the telephone routes need from the stores, in the words of the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from agent.ports import LiveCall, Outcome

MOST_SOCKETS = 12
"""Media sockets a call may use up, reconnections included."""

RING_SECONDS = 25

Away = Literal["unknown", "closed", "busy", "quota"]


@dataclass(frozen=True)
class Admitted:
    """The call is taken; ``token`` opens its media socket once."""

    call: LiveCall
    token: str


@dataclass(frozen=True)
class TurnedAway:
    """The call is not taken; ``fallback_number`` is the tenant's own, if it has one."""

    why: Away
    fallback_number: str | None = None
    words: str | None = None
    """What the caller hears, where it is not the line's usual sentence."""


@dataclass(frozen=True)
class Over:
    """Nothing is left to do on this call."""


@dataclass(frozen=True)
class Again:
    """The conversation goes on over a new media socket."""

    call: LiveCall
    token: str


@dataclass(frozen=True)
class Transferred:
    """The caller goes to a person."""

    number: str
    whisper: str
    ring_seconds: int = RING_SECONDS


@dataclass(frozen=True)
class Lost:
    """The conversation cannot go on: apologise, then the tenant's own number."""

    fallback_number: str | None = None


Next = Over | Again | Transferred | Lost


class CallBook(Protocol):
    """What the telephone routes ask. Implemented by ``StoredCalls``; tests keep one in memory."""

    async def answer(self, *, sid: str, account_sid: str, caller: str, dialled: str) -> Admitted | TurnedAway:
        """A call rings. Repeating the question for the same ``sid`` gives a fresh token for the same call."""

    async def claim(self, token: str, sid: str) -> LiveCall | None:
        """Burn a token. None when it is wrong, late, used, or another call's."""

    async def joined(self, call: LiveCall, conversation_id: UUID) -> None:
        """The conversation this call carries; what a reconnection goes on with."""

    async def noticed(self, call: LiveCall) -> None:
        """The notice that this call is recorded was played, and recording begins."""

    async def what_next(self, sid: str, *, dial: str | None = None, bridged: bool | None = None) -> Next:
        """The socket is gone and the carrier asks. ``dial``: outcome of a transfer that was tried;
        ``bridged``: whether the two spoke, where the carrier says so.
        """

    async def whisper(self, sid: str) -> str | None:
        """What a person who picks up a transfer of this call hears; None when there is no transfer."""

    async def accepted(self, sid: str) -> bool:
        """That person takes the call. False when there is nothing to take any more."""

    async def leave(
        self,
        call: LiveCall,
        outcome: Outcome,
        *,
        transfer_to: str | None = None,
        files: Mapping[str, str] = ...,
    ) -> None:
        """How the call left this process; ``files`` are paths of the recording and the transcript."""

    async def report(self, *, sid: str, status: str, event: str, data: Mapping[str, str]) -> LiveCall | None:
        """A status call-back. The call when this report ended it just now, else None."""
