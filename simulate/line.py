"""A telephone line as Twilio would bring it to the service: webhook, TwiML, media socket, call-backs.

Everything goes over real sockets. ``PhoneLine`` is the caller's handset on one end and Twilio on the
other; it never looks into the service.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit, urlunsplit
from uuid import uuid4

from websockets.exceptions import WebSocketException

from simulate.dialled import Callee, CarrierVoice, Leg
from simulate.media import Identity, MediaStream
from simulate.meter import Meter, Turn
from simulate.playout import Playout
from simulate.recording import StereoRecording
from simulate.signature import sign
from simulate.sound import PACKET_SECONDS, SILENCE, Clip, audible
from simulate.twiml import TO_THE_CALLED, TwimlError, Verb, parse
from simulate.webhooks import Webhooks

DialOutcome = Literal["completed", "busy", "no-answer", "failed"]
MOST_DOCUMENTS = 25
"""TwiML documents a call may fetch before it counts as running in circles."""


@dataclass(frozen=True)
class Note:
    """Something that happened on the line, ``at`` seconds after it rang."""

    at: float
    kind: str
    detail: dict[str, Any] = field(default_factory=dict)


class PhoneLine:
    """One call. ``dial()``, then ``listen``, ``say``, ``press``, ``hang_up``; ``over`` is set when it ends,
    ``closed`` once the call-backs are sent and the recording is complete.

    ``url`` is where the service really listens; ``public_url`` where it believes to be (signatures are
    made over that, and TwiML that names it is followed to ``url``). With ``auth_token`` every request
    and the socket upgrade are signed. ``record`` is a path for a stereo WAV. ``callees`` are the people a
    ``<Dial>`` rings, by number; without any it comes to ``dial_outcome`` at once. ``carrier_voice`` makes
    what the carrier itself says to them audible.
    """

    def __init__(
        self,
        url: str,
        *,
        to: str,
        from_: str = "+13035550142",
        account_sid: str = "AC" + "0" * 32,
        auth_token: str | None = None,
        public_url: str | None = None,
        record: Path | None = None,
        dial_outcome: DialOutcome = "no-answer",
        say_pace: float = 0.06,
        callees: Mapping[str, Callee] | None = None,
        carrier_voice: CarrierVoice | None = None,
        on_note: Callable[[Note], None] | None = None,
    ):
        self.url = url.rstrip("/")
        self.public_url = (public_url or url).rstrip("/")
        self.to, self.from_ = to, from_
        self.sid = f"CA{uuid4().hex}"
        self.account_sid, self.auth_token = account_sid, auth_token
        self.dial_outcome, self.say_pace = dial_outcome, say_pace
        self.meter = Meter()
        self.notes: list[Note] = []
        self.faults: list[str] = []
        self.over = asyncio.Event()
        self.closed = asyncio.Event()
        self.connected = asyncio.Event()
        self.reason = ""
        self.stream: MediaStream | None = None
        self.callees, self._carrier_voice = dict(callees or {}), carrier_voice
        self._bridge: Leg | None = None
        self._on_note = on_note
        self._status = "ringing"
        self._playout = Playout()
        self._speech: deque[tuple[bytes, bool]] = deque()
        self._silent = asyncio.Event()
        self._recording = StereoRecording(record) if record else None
        self._hooks = Webhooks(self.url, self.public_url, auth_token, self._form, self.faults)
        self._began = time.monotonic()
        self._tasks: list[asyncio.Task[None]] = []
        self._update: str | None = None
        self._answered_at: float | None = None

    # -- the caller's hands ------------------------------------------------------------------------

    async def dial(self) -> PhoneLine:
        """Ring the number. Returns when the service has answered with TwiML; RuntimeError if it did not."""
        self._began = time.monotonic()
        first = await self._hooks.fetch(f"{self.public_url}/twilio/voice")
        if first is None:
            await self._end("webhook failed")
            raise RuntimeError(self.faults[-1] if self.faults else "the call was not answered")
        self._status, self._answered_at = "in-progress", self.now
        self._tasks = [asyncio.create_task(self._clock()), asyncio.create_task(self._follow(first))]
        return self

    async def say(self, clip: Clip) -> Turn:
        """Speak; returns when the last packet has left (or the call has ended)."""
        turn = self.meter.begin(clip.text, self.now)
        self._note("caller", text=clip.text, seconds=round(clip.seconds, 2))
        self._speech.extend(zip(clip.packets, clip.loud, strict=True))
        self._silent.clear()
        await self._either(self._silent.wait())
        return turn

    def shut_up(self) -> None:
        """Stop speaking in the middle of a word."""
        self._speech.clear()
        self._silent.set()

    async def press(self, keys: str, gap: float = 0.2) -> None:
        """Press keys, one after another."""
        for key in keys:
            if self.stream is None:
                return
            self._note("key")
            self.stream.dtmf(key)
            await asyncio.sleep(gap)

    async def listen(self, *, quiet: float = 0.8, timeout: float = 30.0) -> bool:
        """Wait until the agent has spoken since the caller last did and then been quiet for ``quiet``
        seconds. False when it said nothing within ``timeout`` seconds or the call ended.
        """
        spoke = self.meter.turns[-1].until or self.meter.turns[-1].since if self.meter.turns else -1.0
        until = self.now + timeout
        while self.now < until and not self.over.is_set():
            last = self.meter.agent_last
            done = last is not None and last > spoke and self.now - last >= quiet
            if done and not self._playout.waiting:
                return True
            await asyncio.sleep(PACKET_SECONDS)
        return False

    async def heard_something(self, timeout: float = 30.0) -> bool:
        """Wait until the agent is talking (to interrupt it). False on timeout or end of call."""
        until = self.now + timeout
        while self.now < until and not self.over.is_set():
            if self.meter.agent_talking(self.now):
                return True
            await asyncio.sleep(PACKET_SECONDS)
        return False

    async def hang_up(self) -> None:
        """Put the handset down."""
        await self._end("caller hung up")

    # -- what else may happen to a call ------------------------------------------------------------

    def cut(self) -> None:
        """The media socket dies without a goodbye; the call itself goes on, as Twilio's would."""
        if self.stream is not None:
            self._note("cut")
            self.stream.cut()

    def move_to(self, url: str) -> None:
        """From now on the carrier's requests reach another process, as a balancer would have it."""
        self._hooks.url = url.rstrip("/")

    async def update(self, *, twiml: str | None = None, status: str | None = None) -> None:
        """What ``POST /Calls/{sid}.json`` does to a live call: end it, or give it another document."""
        if status == "completed":
            await self._end("hung up by REST")
        elif twiml is not None:
            self._update = twiml
            if self.stream is not None:
                await self.stream.stop()

    @property
    def now(self) -> float:
        """Seconds since the line began to ring."""
        return time.monotonic() - self._began

    # -- the clock: one packet each way, every 20 ms -------------------------------------------------

    async def _clock(self) -> None:
        began, tick = time.monotonic(), 0
        while not self.over.is_set():
            tick += 1
            await asyncio.sleep(max(0.0, began + tick * PACKET_SECONDS - time.monotonic()))
            packet, loud = self._speech.popleft() if self._speech else (SILENCE, False)
            if not self._speech:
                self._silent.set()
            sounding = self._playout.waiting > 0
            agent = self._playout.take() if sounding else SILENCE
            if self._bridge is not None:
                agent = self._bridge.exchange(packet)
                sounding = True
            at = self.now
            if loud:
                self.meter.caller(at)
            self.meter.agent(sounding and audible(agent), at)
            self.meter.settle(bool(self._speech) or loud, at)
            if self._recording is not None:
                self._recording.add(packet, agent)
            if self.stream is not None:
                self.stream.media(packet)
                self.stream.marks(self._playout.due())

    # -- TwiML -------------------------------------------------------------------------------------

    async def _follow(self, verbs: tuple[Verb, ...]) -> None:
        documents = 1
        base = f"{self.public_url}/twilio/voice"
        try:
            while not self.over.is_set():
                after = await self._document(verbs, base)
                if self._update is not None:
                    verbs, self._update = parse(self._update), None
                    continue
                if after is None or self.over.is_set():
                    return
                base, extra = after
                documents += 1
                fetched = await self._hooks.fetch(base, extra) if documents <= MOST_DOCUMENTS else None
                if fetched is None:
                    await self._end("running in circles" if documents > MOST_DOCUMENTS else "webhook failed")
                    return
                verbs = fetched
        except TwimlError as wrong:
            self.faults.append(str(wrong))
            await self._end("bad TwiML")
        finally:
            await self._end("end of document")

    async def _document(self, verbs: tuple[Verb, ...], base: str) -> tuple[str, dict[str, str]] | None:
        """Carry out verbs; where to go on (URL and extra fields), None when nothing is left to do."""
        for verb in verbs:
            self._note("verb", name=verb.name)
            if verb.name == "Connect":
                await self._connect(verb, base)
                if self.over.is_set() or self._update is not None:
                    return None
                if action := verb.attributes.get("action"):
                    return urljoin(base, action), {}
            elif verb.name == "Redirect":
                return urljoin(base, verb.text), {}
            elif verb.name == "Say":
                self._note("carrier", text=verb.text)
                await self._either(asyncio.sleep(len(verb.text) * self.say_pace))
            elif verb.name == "Pause":
                await self._either(asyncio.sleep(float(verb.attributes.get("length", "1"))))
            elif verb.name == "Dial":
                numbers = [noun.text for noun in verb.inner if noun.name == "Number"] or [verb.text]
                if self.callees:
                    told = await self._put_through(verb, numbers, base)
                    if self.over.is_set():
                        return None
                    if action := verb.attributes.get("action"):
                        return urljoin(base, action), told
                    continue
                self._note("dial", numbers=numbers, outcome=self.dial_outcome)
                if action := verb.attributes.get("action"):
                    return urljoin(base, action), {"DialCallStatus": self.dial_outcome}
                if self.dial_outcome == "completed":
                    await self._end("transferred")
                    return None
            else:
                await self._end("hung up by the service" if verb.name == "Hangup" else "rejected")
                return None
        return None

    async def _put_through(self, dial: Verb, numbers: list[str], base: str) -> dict[str, str]:
        """Ring the first number; what the carrier reports once that is over, one way or the other."""
        noun = dial.noun("Number")
        callee = self.callees.get(numbers[0]) or Callee("no-answer")
        shown = dial.attributes.get("callerId", self.from_)
        leg = Leg(
            callee,
            numbers[0],
            self._form() | {"From": shown, "Caller": shown},
            lambda form: Webhooks(
                self._hooks.url, self.public_url, self.auth_token, form, self.faults, TO_THE_CALLED
            ),
            voice=self._carrier_voice,
            pace=self.say_pace,
        )
        seconds = float(dial.attributes.get("timeout", "30"))
        ringing = asyncio.create_task(
            leg.ring(noun.attributes.get("url") if noun is not None else None, base, seconds)
        )
        try:
            await self._either(asyncio.wait({ringing}))
            if not ringing.done():  # the caller has gone meanwhile
                ringing.cancel()
                await asyncio.wait({ringing})
                self._note("dial", numbers=numbers, outcome="canceled", bridged=False)
                return {"DialCallStatus": "canceled"}
            outcome, bridged = ringing.result() or "completed", leg.bridged.is_set()
            if bridged:
                self._note("bridged", number=numbers[0])
                self._bridge = leg
                await self._either(leg.over.wait())
        finally:
            self._bridge = None
            await leg.hang_up()
        self._note("dial", numbers=numbers, outcome=outcome, bridged=bridged)
        told = {"DialCallStatus": outcome, "DialCallSid": leg.sid}
        return told | {"DialBridged": "true" if bridged else "false"}

    async def _connect(self, verb: Verb, base: str) -> None:
        noun = verb.noun("Stream")
        if noun is None:
            raise TwimlError("<Connect> without <Stream>")
        public = urljoin(base.replace("http", "ws", 1), noun.attributes.get("url", ""))
        if urlsplit(public).query:
            self.faults.append("a <Stream url> cannot carry a query string")
            public = urlunsplit(urlsplit(public)._replace(query=""))
        stream = MediaStream(Identity(self.account_sid, self.sid), noun.parameters(), self._playout)
        stream.on_media = lambda: self.meter.media(self.now)
        stream.on_clear = lambda: self._note("clear")
        stream.faults = self.faults
        headers = {"X-Twilio-Signature": sign(self.auth_token, public)} if self.auth_token else {}
        callback = noun.attributes.get("statusCallback")
        try:
            await stream.open(self._hooks.really(public), headers)
        except (OSError, TimeoutError, WebSocketException) as wrong:
            self._note("stream-error", error=type(wrong).__name__)
            await self._stream_event(callback, base, stream, "stream-error")
            return
        self.meter.accepted(self.now)
        self.stream = stream
        self.connected.set()
        self._note("stream", parameters=sorted(stream.parameters))
        await self._stream_event(callback, base, stream, "stream-started")
        await stream.run()
        self.stream = None
        self.connected.clear()
        self._playout.clear()
        self._note("stream-over")
        await self._stream_event(callback, base, stream, "stream-stopped")

    # -- the end -----------------------------------------------------------------------------------

    async def _end(self, reason: str) -> None:
        if self.over.is_set():
            return
        self.reason, self._status = reason, "failed" if self._answered_at is None else "completed"
        self.over.set()
        self._note("over", reason=reason)
        if self.stream is not None:
            await self.stream.stop()
        seconds = str(int(self.now - (self._answered_at or self.now)))
        await self._hooks.tell(
            f"{self.public_url}/twilio/status",
            {"CallDuration": seconds, "SequenceNumber": "0", "CallbackSource": "call-progress-events"},
        )
        current = asyncio.current_task()
        others = [task for task in self._tasks if task is not current]
        if others:
            _, late = await asyncio.wait(others, timeout=5)
            for task in late:
                task.cancel()
        if self._recording is not None:
            self._recording.close()
        await self._hooks.close()
        self.closed.set()

    def _form(self) -> dict[str, str]:
        """What every request about this call carries."""
        return {
            "CallSid": self.sid,
            "AccountSid": self.account_sid,
            "From": self.from_,
            "Caller": self.from_,
            "To": self.to,
            "Called": self.to,
            "CallStatus": self._status,
            "Direction": "inbound",
            "ApiVersion": "2010-04-01",
            "FromCountry": "US",
            "ToCountry": "US",
            "StirVerstat": "TN-Validation-Passed-A",
        }

    async def _stream_event(self, callback: str | None, base: str, stream: MediaStream, event: str) -> None:
        if callback:
            fields = {"StreamEvent": event, "StreamSid": stream.sid}
            await self._hooks.tell(urljoin(base, callback), fields)

    async def _either(self, what: Awaitable[Any]) -> None:
        """Until that happens or the call is over."""
        waits = [asyncio.ensure_future(what), asyncio.ensure_future(self.over.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    def _note(self, kind: str, **detail: Any) -> None:
        note = Note(round(self.now, 3), kind, detail)
        self.notes.append(note)
        if self._on_note is not None:
            self._on_note(note)
