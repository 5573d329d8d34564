"""Nobody waits in silence, and no call lasts for ever."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from loguru import logger

from agent import phrases
from agent.limits import Limits
from agent.ports import Utterance
from agent.turns import Turns

LOOK = 0.5
"""Seconds between two looks."""


class Watched(Protocol):
    """What the watch does about what it sees."""

    async def say(self, says: Sequence[Utterance]) -> None:
        """Put words on the line."""

    async def say_owed(self) -> None:
        """Say what is owed."""

    def wake(self) -> None:
        """Nothing has happened for too long: treat it as the caller's silence."""

    def give_up(self) -> None:
        """The call cannot go on here."""

    async def lost(self) -> None:
        """The socket is dead."""

    def silent_voice(self) -> None:
        """Words made no sound."""

    def time_is_up(self) -> None:
        """End the call after what is being said."""


class Watch:
    """One call's watch. ``moved`` is told of everything that happens.

    ``heard_at`` (None on wires that may be silent) says when sound last came in; ``idle_seconds`` how long
    the caller may be silent before pipecat's idle timer asks.
    """

    def __init__(
        self,
        line: Watched,
        turns: Turns,
        limits: Limits,
        *,
        idle_seconds: Callable[[], float],
        heard_at: Callable[[], float] | None = None,
        reminder: Callable[[], Utterance] | None = None,
    ):
        self.caller_talking = False
        self._line, self._turns, self._limits = line, turns, limits
        self._idle_seconds, self._heard_at, self._reminder = idle_seconds, heard_at, reminder
        self._began = self._moved = time.monotonic()
        self._retried = False

    def moved(self) -> None:
        """Something happened."""
        self._moved = time.monotonic()

    def works(self) -> list[Awaitable[None]]:
        """What is to run beside the call."""
        return [self._look(), self._cap(), self._remind()]

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            if self._dead():
                logger.warning("a media socket went quiet: the line is dead")
                await self._line.lost()
                return
            quiet = time.monotonic() - self._moved
            if self._turns.audible_now:
                self.moved()
                self._retried = False
            elif self._turns.speaking and quiet > self._limits.silent_voice:
                self._line.silent_voice()
                if self._retried:
                    self._line.give_up()
                    return
                self._retried = True
                logger.warning("words made no sound; saying them again")
                self._turns.cut_off()
                await self._line.say_owed()
            elif quiet > self._patience() and not self._turns.busy:
                self.moved()
                self._line.wake()

    def _patience(self) -> float:
        if self.caller_talking:
            return self._limits.monologue
        return self._idle_seconds() + self._limits.stalled

    def _dead(self) -> bool:
        """Twilio sends sound without a pause; none for seconds means that nobody is there any more."""
        if self._heard_at is None:
            return False
        return max(self._heard_at(), self._began) < time.monotonic() - self._limits.dead_line

    async def _cap(self) -> None:
        await asyncio.sleep(max(self._limits.call - self._limits.warn, 0.0))
        await self._line.say([phrases.ONE_MINUTE])
        await asyncio.sleep(self._limits.warn)
        await self._line.say([phrases.TIME_IS_UP])
        self._line.time_is_up()

    async def _remind(self) -> None:
        """Every ten minutes the next words begin with who is speaking (C11)."""
        while self._reminder is not None:
            await asyncio.sleep(self._limits.remind)
            self._turns.owe([self._reminder()])
