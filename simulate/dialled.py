"""Who is put through to: the third telephone of a call, rung by ``<Dial>`` (Twilio, "TwiML: Number").

It rings, somebody picks up (or nobody does), the document of ``<Number url>`` is carried out to them alone,
keys they press are sent to ``<Gather action>``, and only when that document ends without ``<Hangup>`` are
the two connected and hear each other.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin
from uuid import uuid4

from simulate.sound import PACKET_SECONDS, SILENCE, Clip
from simulate.twiml import TwimlError, Verb
from simulate.webhooks import Webhooks

PickUp = Literal["answers", "no-answer", "busy", "failed"]
CarrierVoice = Callable[[str], Awaitable[Clip]]
"""Makes the sound of ``<Say>``."""


@dataclass
class Callee:
    """Behind a number. ``rings``: seconds until they pick up or the carrier gives up. ``presses``: their key,
    "" for none, ``after`` so many seconds of listening; ``legs`` are the calls they got.
    """

    does: PickUp = "answers"
    rings: float = 0.1
    presses: str = "1"
    after: float = 0.4
    legs: list[Leg] = field(default_factory=list)


class Leg:
    """One ringing of a callee. ``ear`` is every packet they heard (mu-law), ``told`` the carrier's words.

    ``bridged`` is set once they hear the caller, ``over`` once this leg has ended.
    """

    def __init__(
        self,
        callee: Callee,
        number: str,
        caller: dict[str, str],
        hooks: Callable[[Callable[[], dict[str, str]]], Webhooks],
        *,
        voice: CarrierVoice | None = None,
        pace: float = 0.06,
    ):
        self.callee, self.number = callee, number
        self.sid = f"CA{uuid4().hex}"
        self.ear = bytearray()
        self.told: list[str] = []
        self.pressed: list[str] = []
        self.bridged, self.over = asyncio.Event(), asyncio.Event()
        self.picked_up = False
        self._caller = caller
        self._hooks = hooks(self._form)
        self._voice, self._pace = voice, pace
        self._keys: deque[str] = deque(callee.presses)
        self._speech: deque[bytes] = deque()
        callee.legs.append(self)

    async def ring(self, url: str | None, base: str, timeout: float) -> str:
        """Ring, and tell them what ``url`` says. The carrier's outcome when nobody is connected, "" when
        somebody is (then ``over`` ends it).
        """
        try:
            await asyncio.sleep(min(self.callee.rings, timeout))
            if self.callee.does != "answers" or self.callee.rings > timeout:
                return await self._end("no-answer" if self.callee.does == "answers" else self.callee.does)
            self.picked_up = True
            if url is not None and not await self._screened(urljoin(base, url)):
                return await self._end("completed")  # picked up, says the carrier, whoever it was
            if self.over.is_set():
                return "completed"
            self.bridged.set()
            return ""
        except asyncio.CancelledError:
            await self._end("canceled")
            raise

    def exchange(self, packet: bytes) -> bytes:
        """One packet from the caller for one to the caller."""
        self.ear += packet
        return self._speech.popleft() if self._speech else SILENCE

    async def say(self, clip: Clip) -> None:
        """Speak to the caller; returns when the last packet has left, or the call is over."""
        self._speech.extend(clip.packets)
        while self._speech and not self.over.is_set():  # noqa: ASYNC110 - it waits for the clock
            await asyncio.sleep(PACKET_SECONDS)

    async def hang_up(self) -> None:
        """Put the handset down."""
        await self._end("completed")

    async def _screened(self, url: str) -> bool:
        """Carry out the documents they alone hear; whether they may be connected."""
        verbs = await self._hooks.fetch(url)
        while verbs is not None:
            for verb in verbs:
                if verb.name == "Say":
                    await self._hear(verb.text)
                elif verb.name == "Hangup":
                    return False
                elif verb.name == "Gather":
                    if (key := await self._key(verb)) is not None:
                        verbs = await self._hooks.fetch(
                            urljoin(url, verb.attributes.get("action", url)), {"Digits": key}
                        )
                        break
                else:
                    raise TwimlError(f"<{verb.name}> is not for who is being put through")
            else:
                return True
        return False

    async def _key(self, gather: Verb) -> str | None:
        """What they press while they are told something, or in the seconds after; None for nothing."""
        listening = asyncio.create_task(self._listen([n.text for n in gather.inner if n.name == "Say"]))
        try:
            if not self._keys:
                await listening
                await asyncio.sleep(float(gather.attributes.get("timeout", "5")) * (self._pace / 0.06))
                return None
            await asyncio.wait({listening}, timeout=self.callee.after)
            key = self._keys.popleft()
            self.pressed.append(key)
            return key
        finally:
            listening.cancel()
            await asyncio.wait({listening})

    async def _listen(self, said: list[str]) -> None:
        for words in said:
            await self._hear(words)

    async def _hear(self, words: str) -> None:
        self.told.append(words)
        if self._voice is None:
            await asyncio.sleep(len(words) * self._pace)
            return
        clip = await self._voice(words)
        for packet in clip.packets:
            self.ear += packet
            await asyncio.sleep(PACKET_SECONDS)

    async def _end(self, outcome: str) -> str:
        if not self.over.is_set():
            self.over.set()
            await self._hooks.close()
        return outcome

    def _form(self) -> dict[str, str]:
        """What every request about this leg carries."""
        return {
            **self._caller,
            "CallSid": self.sid,
            "ParentCallSid": self._caller["CallSid"],
            "To": self.number,
            "Called": self.number,
            "Direction": "outbound-dial",
            "CallStatus": "in-progress",
        }
