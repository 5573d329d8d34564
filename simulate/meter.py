"""When who was heard: latency as the caller lives it, not as the server counts it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

GAP = 0.2
"""Seconds of silence after which the agent's next sound counts as a new start."""


@dataclass
class Turn:
    """One thing the caller said, and how the agent took it. Times are seconds since the call began.

    ``until`` is the moment the last audible packet of the caller left. ``reply_at`` is when the agent
    is heard next. ``barged``: the agent was talking when the caller began; ``hushed_at``: when it fell
    silent. ``overtaken``: the agent began before the caller had finished.
    """

    text: str
    since: float
    until: float | None = None
    reply_at: float | None = None
    barged: bool = False
    hushed_at: float | None = None
    overtaken: bool = False

    @property
    def latency(self) -> float | None:
        """Seconds from the end of the caller's speech to the agent's first sound; None if there was none."""
        if self.until is None or self.reply_at is None or self.overtaken:
            return None
        return self.reply_at - self.until

    @property
    def hush(self) -> float | None:
        """Seconds the agent went on talking after it was interrupted."""
        return None if self.hushed_at is None else self.hushed_at - self.since

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form, with the derived numbers."""
        return {**asdict(self), "latency": self.latency, "hush": self.hush}


@dataclass
class Opening:
    """How one media socket came up: accepted, first message with sound, first audible sound."""

    accepted_at: float
    first_media_at: float | None = None
    first_sound_at: float | None = None

    @property
    def to_first_media(self) -> float | None:
        """Seconds from accept to the first sound message received."""
        return None if self.first_media_at is None else self.first_media_at - self.accepted_at

    @property
    def to_first_sound(self) -> float | None:
        """Seconds from accept to the first sound a caller can hear."""
        return None if self.first_sound_at is None else self.first_sound_at - self.accepted_at


@dataclass
class Meter:
    """Fed by the line once a tick with what is audible; keeps turns and openings."""

    turns: list[Turn] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    agent_since: float | None = None
    agent_last: float | None = None
    _open: Turn | None = None

    def accepted(self, at: float) -> None:
        """A media socket was accepted."""
        self.openings.append(Opening(at))

    def media(self, at: float) -> None:
        """A message with sound arrived."""
        if self.openings and self.openings[-1].first_media_at is None:
            self.openings[-1].first_media_at = at

    def agent_talking(self, at: float) -> bool:
        """Whether the agent was heard within the last gap."""
        return self.agent_last is not None and at - self.agent_last < GAP

    def begin(self, text: str, at: float) -> Turn:
        """The caller starts to speak."""
        self._open = Turn(text, since=at, barged=self.agent_talking(at))
        self.turns.append(self._open)
        return self._open

    def caller(self, at: float) -> None:
        """An audible packet of the caller left."""
        if self._open is not None:
            self._open.until = at

    def agent(self, loud: bool, at: float) -> None:
        """One packet of the agent was played."""
        turn = self._open
        if not loud:
            if turn and turn.barged and turn.hushed_at is None and not self.agent_talking(at):
                turn.hushed_at = self.agent_last
            return
        fresh = not self.agent_talking(at)
        self.agent_last = at
        if not fresh:
            return
        self.agent_since = at
        if self.openings and self.openings[-1].first_sound_at is None:
            self.openings[-1].first_sound_at = at

    def settle(self, speaking: bool, at: float) -> None:
        """Called after both sides of a tick: books the agent's start on the caller's turn."""
        turn = self._open
        if turn is None or turn.reply_at is not None or self.agent_since is None:
            return
        if self.agent_since != at or self.agent_since <= turn.since:
            return
        if speaking:
            turn.overtaken = True
        elif turn.until is not None:
            turn.reply_at = at
