"""What may not be talked over, and the recording that may only begin after it (C07, C12, C13)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pipecat.frames.frames import Frame
from pipecat.serializers.base_serializer import FrameSerializer

from agent.ports import Conversation, TurnControl
from agent.recording import Recording
from agent.transports import TwilioSerializer

NOTICE, END = "notice", "end"
"""Names of the marks sent to Twilio."""


class Notice:
    """``playing`` while something that may not be talked over is on the line; the caller is not heard then.

    On a telephone the recording begins with Twilio's word that the notice was played, elsewhere when its
    sound was sent.
    """

    def __init__(
        self,
        serializer: FrameSerializer,
        control: TurnControl,
        recording: Recording | None,
        conversation: Conversation,
    ):
        self.playing = False
        self._secrets = 0
        self._twilio = serializer if isinstance(serializer, TwilioSerializer) else None
        self._control, self._recording, self._conversation = control, recording, conversation
        self._marks = {name: asyncio.Event() for name in (NOTICE, END)}
        if self._twilio:
            self._twilio.on_mark = self._echoed
            self._twilio.may_clear = lambda: not self.playing

    def put_on(self) -> list[Frame]:
        """Something is put on the line that may not be talked over; the frames that follow it."""
        self.playing = True
        self._control.mute(True)
        return [self._twilio.mark(NOTICE)] if self._twilio else []

    def sent(self) -> None:
        """Its sound went out."""
        self.playing = False
        self._control.mute(False)
        if self._twilio is None or self._marks[NOTICE].is_set():
            self.given()

    def given(self) -> None:
        """The caller knows that the call is recorded: keep it from here on, unless it was refused."""
        if self._recording and self._conversation.recording:
            self._recording.start()

    def mind_refusal(self) -> None:
        """Stop the recording when the caller has said "don't record"; silence what may not be kept (C31)."""
        if not self._recording:
            return
        secrets = getattr(self._conversation, "secret_turns", 0)
        if secrets > self._secrets:
            self._secrets = secrets
            self._recording.silence(everything=getattr(self._conversation, "forgotten", False))
        if not self._conversation.recording:
            self._recording.stop()

    async def played_out(self, push: Callable[[Frame], Awaitable[None]], timeout: float) -> None:
        """Twilio plays a moment behind what was sent: wait for its word that the last syllable is out."""
        if self._twilio is None:
            return
        await push(self._twilio.mark(END))
        try:
            async with asyncio.timeout(timeout):
                await self._marks[END].wait()
        except TimeoutError:
            pass

    def _echoed(self, name: str) -> None:
        if name in self._marks:
            self._marks[name].set()
        if name == NOTICE and not self.playing:
            self.given()
