"""Keys pressed on the telephone become the caller's words: ``DTMF: 12#``. So does what is typed.

1 yes, 2 no, 9 repeat, 0 a person, * back, # end of digits, 7 stop recording: what a key means is the
conversation's to know; here only their timing is decided.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    Frame,
    InputDTMFFrame,
    LLMMessagesAppendFrame,
    UserIdleTimeoutUpdateFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from agent.frames import TypedFrame
from agent.understanding.base import Patience

WAIT: dict[Patience, float] = {"short": 0.0, "open": 1.2, "spelled": 2.0}
"""Seconds without a further key after which the digits are complete."""


class Keypad(FrameProcessor):
    """Collects keys and hands them on as one user message.

    A yes/no question takes a single key at once; digits wait for ``#`` or a pause; ``*`` never waits.
    The first key stops the agent, unless ``may_interrupt`` says that the legal opening is playing. Keys
    go past the turn strategies: a keyed answer needs no guess whether the caller is finished.
    """

    def __init__(
        self,
        *,
        patience: Callable[[], Patience],
        idle_seconds: Callable[[], float],
        may_interrupt: Callable[[], bool] = lambda: True,
        wait: dict[Patience, float] = WAIT,
    ):
        super().__init__(enable_direct_mode=True)
        self._patience, self._idle_seconds = patience, idle_seconds
        self._may_interrupt, self._wait = may_interrupt, wait
        self._keys = ""
        self._timer: asyncio.TimerHandle | None = None
        self._flushes: set[asyncio.Task[None]] = set()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Keys are taken out of the stream, everything else passes."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InputDTMFFrame):
            await self._pressed(frame)
            return
        if isinstance(frame, TypedFrame):
            await self._interrupt()
            await self._turn(frame.text)
            return
        if isinstance(frame, EndFrame | CancelFrame):
            self._stop_timer()
        await self.push_frame(frame, direction)

    async def cleanup(self) -> None:
        """Forget keys that were not complete."""
        await super().cleanup()
        self._stop_timer()

    async def _pressed(self, frame: InputDTMFFrame) -> None:
        key = frame.button.value
        if not self._keys:
            await self._interrupt()
        self._keys += key
        self._stop_timer()
        wait = 0.0 if key in "*#" else self._wait[self._patience()]
        if wait == 0.0:
            await self._flush()
            return
        await self.push_frame(UserIdleTimeoutUpdateFrame(timeout=self._idle_seconds()))
        self._timer = asyncio.get_running_loop().call_later(wait, self._later)

    def _later(self) -> None:
        task = asyncio.create_task(self._flush(), name="keypad.flush")
        self._flushes.add(task)
        task.add_done_callback(self._flushes.discard)

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    async def _flush(self) -> None:
        keys, self._keys = self._keys, ""
        if not keys:
            return
        await self._turn(f"DTMF: {keys}")

    async def _interrupt(self) -> None:
        if self._may_interrupt():
            await self.broadcast_interruption()

    async def _turn(self, words: str) -> None:
        turn = LLMMessagesAppendFrame(messages=[{"role": "user", "content": words}], run_llm=True)
        turn.interruptible = False
        await self.push_frame(turn)
