"""The wires a conversation can hang on: Twilio's media stream, a browser's sound, JSON chat.

Every object here belongs to one call. The serializers never raise on anything a peer can send: a
raised error would end pipecat's receive loop and with it the call.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
import warnings
from collections.abc import Callable
from typing import Any, Protocol

from loguru import logger
from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import (
    AudioRawFrame,
    Frame,
    InputAudioRawFrame,
    InputDTMFFrame,
    InputTransportMessageFrame,
    InterruptionFrame,
    OutputAudioRawFrame,
    OutputTransportMessageFrame,
    OutputTransportMessageUrgentFrame,
    TTSAudioRawFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.serializers.base_serializer import FrameSerializer
from pipecat.transports.websocket.fastapi import (
    FastAPIWebsocketInputTransport,
    FastAPIWebsocketOutputTransport,
    FastAPIWebsocketParams,
    FastAPIWebsocketTransport,
)

from agent.frames import TypedFrame

FRAME_CAP = 64 * 1024
"""Bytes of the largest message taken from a socket; Twilio's own are under 1 KiB."""
BATCH_MS = 40
"""Inbound sound is handed on in pieces of this length: half the pipeline hops of Twilio's 20 ms."""
GARBAGE_LIMIT = 100
"""So many unreadable messages and the peer is not Twilio."""
TWILIO_RATE = 8000
TALK_RATE = 16000
TYPED_CAP = 2000
"""Characters of one typed message."""
KEYS = frozenset("0123456789*#")

with warnings.catch_warnings():
    # it left the standard library with 3.13, where pipecat's audioop-lts takes its place
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop


class Tap(Protocol):
    """Somebody who listens in on both directions (the recording)."""

    def caller(self, pcm: bytes) -> None:
        """Sound that came in."""

    def agent(self, pcm: bytes) -> None:
        """Sound that went out."""


class TwilioSerializer(FrameSerializer):
    """Twilio's media stream messages, 8 kHz mu-law, to frames and back.

    ``stopped`` tells a caller who hung up (Twilio said ``stop``) from a socket that died. Marks are
    echoed to ``on_mark`` when everything queued before them was heard. ``on_flood`` is told once when
    a peer has sent ``GARBAGE_LIMIT`` unreadable messages.
    """

    def __init__(self, stream_sid: str, *, on_mark: Callable[[str], None] | None = None):
        super().__init__()
        self.stream_sid = stream_sid
        self.on_mark = on_mark
        self.stopped = False
        self.may_clear: Callable[[], bool] = lambda: True
        self.on_flood: Callable[[], None] | None = None
        self.garbage = 0
        self._batch = bytearray()
        self._batch_bytes = TWILIO_RATE * BATCH_MS // 1000

    async def serialize(self, frame: Frame) -> str | None:
        """A frame as Twilio's JSON, or None for what Twilio has no word for."""
        if isinstance(frame, AudioRawFrame):
            payload = base64.b64encode(audioop.lin2ulaw(frame.audio, 2)).decode("ascii")
            return f'{{"event":"media","streamSid":"{self.stream_sid}","media":{{"payload":"{payload}"}}}}'
        if isinstance(frame, InterruptionFrame):
            if not self.may_clear():
                return None
            return json.dumps({"event": "clear", "streamSid": self.stream_sid})
        if isinstance(frame, OutputTransportMessageFrame | OutputTransportMessageUrgentFrame):
            return None if self.should_ignore_frame(frame) else json.dumps(frame.message)
        return None

    def mark(self, name: str) -> OutputTransportMessageFrame:
        """A frame that asks Twilio to say when everything before it was played."""
        frame = OutputTransportMessageFrame(
            message={"event": "mark", "streamSid": self.stream_sid, "mark": {"name": name}}
        )
        frame.interruptible = False
        return frame

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """Twilio's JSON as a frame; None for what needs no frame, and for garbage."""
        message = read_json(data)
        if message is None:
            self._count_garbage()
            return None
        event = message.get("event")
        if event == "media":
            return self._media(message.get("media"))
        if event == "dtmf":
            return self._key(message.get("dtmf"))
        if event == "mark":
            self._echo(message.get("mark"))
        elif event == "stop":
            self.stopped = True
        return None

    def _media(self, media: Any) -> Frame | None:
        payload = media.get("payload") if isinstance(media, dict) else None
        if not isinstance(payload, str) or media.get("track", "inbound") != "inbound":
            self._count_garbage()
            return None
        try:
            self._batch += base64.b64decode(payload, validate=True)
        except (binascii.Error, ValueError):
            self._count_garbage()
            return None
        if len(self._batch) < self._batch_bytes:
            return None
        pcm = audioop.ulaw2lin(bytes(self._batch), 2)
        self._batch.clear()
        return InputAudioRawFrame(audio=pcm, sample_rate=TWILIO_RATE, num_channels=1)

    def _key(self, dtmf: Any) -> Frame | None:
        try:
            return InputDTMFFrame(button=KeypadEntry(dtmf["digit"]))
        except (KeyError, TypeError, ValueError):
            self._count_garbage()
            return None

    def _echo(self, mark: Any) -> None:
        name = mark.get("name") if isinstance(mark, dict) else None
        if isinstance(name, str) and self.on_mark:
            self.on_mark(name)

    def _count_garbage(self) -> None:
        self.garbage += 1
        if self.garbage == 1:
            logger.warning("unreadable message on a media socket")
        if self.garbage == GARBAGE_LIMIT and self.on_flood:
            self.on_flood()


class RTVIJsonSerializer(FrameSerializer):
    """Chat over a WebSocket into a pipeline: RTVI messages as JSON text, nothing else.

    Without a pipeline (the guided brain needs none) agent.chat speaks the same messages.
    """

    def __init__(self) -> None:
        super().__init__(FrameSerializer.InputParams(ignore_rtvi_messages=False))

    async def serialize(self, frame: Frame) -> str | bytes | None:
        """RTVI messages out."""
        if isinstance(frame, OutputTransportMessageFrame | OutputTransportMessageUrgentFrame):
            return json.dumps(frame.message, default=str)
        return None

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """RTVI messages in; anything else is ignored."""
        message = read_json(data)
        return None if message is None else InputTransportMessageFrame(message=message)


class TalkSerializer(RTVIJsonSerializer):
    """A browser that talks: binary messages are 16-bit mono PCM at ``rate``, text messages are RTVI.

    In: ``send-text`` (typed words) and ``dtmf``. Out: ``server-message`` with ``data.event`` ``clear``
    (stop playing), ``caption``, ``state``, ``ended``.
    """

    def __init__(self, rate: int = TALK_RATE):
        super().__init__()
        self.rate = rate

    async def serialize(self, frame: Frame) -> str | bytes | None:
        """Sound as bytes, messages as JSON."""
        if isinstance(frame, AudioRawFrame):
            return frame.audio
        if isinstance(frame, InterruptionFrame):
            return json.dumps(server_message("clear"))
        return await super().serialize(frame)

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """Bytes as sound, text as what was typed or pressed; anything else is ignored."""
        if isinstance(data, bytes):
            whole = data[: len(data) & ~1]
            if not whole or len(data) > FRAME_CAP:
                return None
            return InputAudioRawFrame(audio=whole, sample_rate=self.rate, num_channels=1)
        match read_json(data):
            case {"type": "send-text", "data": {"content": str(text)}} if text.strip():
                return TypedFrame(text=text.strip()[:TYPED_CAP])
            case {"type": "dtmf", "data": {"button": str(key)}} if key in KEYS:
                return InputDTMFFrame(button=KeypadEntry(key))
        return None


def server_message(event: str, **body: Any) -> dict[str, Any]:
    """An RTVI message of our own: something that happened, for whoever shows the conversation."""
    return {"label": "rtvi-ai", "type": "server-message", "data": {"event": event, **body}}


def read_json(data: str | bytes) -> dict[str, Any] | None:
    """A JSON object of acceptable size, or None."""
    if len(data) > FRAME_CAP:
        return None
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


class _Input(FastAPIWebsocketInputTransport):
    """Hands sound straight on: the queue and the timer task a frame of the base class are not needed."""

    tap: Tap | None = None
    heard_at: float = 0.0

    async def push_audio_frame(self, frame: InputAudioRawFrame) -> None:
        self.heard_at = time.monotonic()
        if not self._params.audio_in_enabled or self._paused:
            return
        if self.tap:
            self.tap.caller(frame.audio)
        await self.push_frame(frame)

    def _create_audio_task(self) -> None:
        return


class _Output(FastAPIWebsocketOutputTransport):
    """Lets the recording hear what really went out, and keeps sound from travelling on to nobody."""

    tap: Tap | None = None
    on_sound: Callable[[], None] = staticmethod(lambda: None)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        if isinstance(frame, TTSAudioRawFrame):
            self.on_sound()
        await super().process_frame(frame, direction)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        written = await super().write_audio_frame(frame)
        if written and self.tap:
            self.tap.agent(frame.audio)
        return written

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        if isinstance(frame, OutputAudioRawFrame):
            return
        await super().push_frame(frame, direction)


class WireTransport(FastAPIWebsocketTransport):
    """pipecat's WebSocket transport with a tap for the recording and fewer hops per packet."""

    def __init__(self, websocket: Any, params: FastAPIWebsocketParams):
        super().__init__(websocket, params)
        self._ear = _Input(self, self._client, self._params, name=self._input_name)
        self._mouth = _Output(self, self._client, self._params, name=self._output_name)
        self._input, self._output = self._ear, self._mouth

    def listen_in(self, tap: Tap | None) -> None:
        """Let ``tap`` hear both directions (None: nobody)."""
        self._ear.tap = tap
        self._mouth.tap = tap

    def on_sound(self, told: Callable[[], None]) -> None:
        """Call ``told`` with every piece of the voice's sound that is handed to the wire."""
        self._mouth.on_sound = told

    @property
    def heard_at(self) -> float:
        """When sound last came in (monotonic seconds), 0 before the first."""
        return self._ear.heard_at


def wire(websocket: Any, serializer: FrameSerializer, *, audio: bool) -> WireTransport:
    """The transport of one call over an accepted WebSocket; ``audio`` False for chat."""
    return WireTransport(
        websocket,
        FastAPIWebsocketParams(
            audio_in_enabled=audio,
            audio_out_enabled=audio,
            add_wav_header=False,
            serializer=serializer,
            audio_out_end_silence_secs=0,
            allowed_origins=[],  # a phone has no Origin; the browser routes check theirs before accepting
        ),
    )
