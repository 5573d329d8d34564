"""A telephone bot of stock pipecat parts, for comparison: ``python -m simulate.stock_bot --port 9000``.

Put together as pipecat's own Twilio example does: its serializer, transport, context aggregators, a
Silero detector and smart-turn for every call. Speech and language models are stubs that cost nothing:
they answer every turn with the same words and a tone of the length those words would take.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn
from loguru import logger
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import (
    Frame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMRunFrame,
    LLMTextFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.runner.utils import parse_telephony_websocket
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.services.settings import STTSettings, TTSSettings
from pipecat.services.stt_service import SegmentedSTTService
from pipecat.services.tts_service import TTSService
from pipecat.transports.websocket import fastapi as sockets
from pipecat.turns.user_stop import TurnAnalyzerUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.utils.time import time_now_iso8601
from pipecat.workers.runner import WorkerRunner

from simulate.sound import tone

HEARD = "Can you repeat that?"
ANSWER = "Which states do you work in? You can name more than one."
CHARACTER_SECONDS = 0.06
"""How long a spoken character lasts, in stub voices here and elsewhere."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]


class StubEars(SegmentedSTTService):
    """Hears the same words in every stretch of speech, at once."""

    def __init__(self) -> None:
        super().__init__(ttfs_p99_latency=0.05, settings=STTSettings(model="stub", language="en"))

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """The same transcript for any audio."""
        yield TranscriptionFrame(HEARD, "", time_now_iso8601())


class StubBrain(FrameProcessor):
    """Answers every turn with the same words, at once."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """A context becomes an answer; everything else passes."""
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMContextFrame):
            await self.push_frame(LLMFullResponseStartFrame())
            await self.push_frame(LLMTextFrame(ANSWER))
            await self.push_frame(LLMFullResponseEndFrame())
        else:
            await self.push_frame(frame, direction)


class StubMouth(TTSService):
    """A tone as long as the words would take."""

    def __init__(self) -> None:
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model="stub", voice="stub", language="en"),
        )

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """One frame of sound for all of the text."""
        sound = tone(CHARACTER_SECONDS * len(text)).tobytes()
        yield TTSAudioRawFrame(sound, 8000, 1, context_id=context_id)


async def talk(websocket: Any) -> None:
    """One call, as in pipecat's documentation of its Twilio transport."""
    await websocket.accept()
    _, call = await asyncio.wait_for(parse_telephony_websocket(websocket), 10)
    serializer = TwilioFrameSerializer(
        stream_sid=call.stream_id or "",
        call_sid=call.call_id,
        params=TwilioFrameSerializer.InputParams(auto_hang_up=False),
    )
    transport = sockets.FastAPIWebsocketTransport(
        websocket,
        sockets.FastAPIWebsocketParams(
            audio_in_enabled=True,
            audio_out_enabled=True,
            add_wav_header=False,
            serializer=serializer,
            allowed_origins=[],
        ),
    )
    pair = LLMContextAggregatorPair(
        LLMContext(),
        user_params=LLMUserAggregatorParams(
            vad_analyzer=SileroVADAnalyzer(),
            user_turn_strategies=UserTurnStrategies(
                stop=[TurnAnalyzerUserTurnStopStrategy(turn_analyzer=LocalSmartTurnAnalyzerV3())]
            ),
        ),
    )
    worker = PipelineWorker(
        Pipeline(
            [
                transport.input(),
                StubEars(),
                pair.user(),
                StubBrain(),
                StubMouth(),
                transport.output(),
                pair.assistant(),
            ]
        ),
        params=PipelineParams(audio_in_sample_rate=8000, audio_out_sample_rate=8000),
        idle_timeout_secs=None,
    )

    @transport.event_handler("on_client_connected")
    async def hello(transport: Any, client: Any) -> None:
        await worker.queue_frame(LLMRunFrame())

    @transport.event_handler("on_client_disconnected")
    async def gone(transport: Any, client: Any) -> None:
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


class App:
    """The two doors a telephone needs, and ``/readyz``; ASGI without a framework."""

    def __init__(self, port: int):
        self.twiml = (
            f'<Response><Connect><Stream url="ws://127.0.0.1:{port}/twilio/media"/></Connect></Response>'
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "websocket":
            await talk(sockets.WebSocket(scope, receive, send))  # type: ignore[attr-defined]
        elif scope["type"] == "http":
            body = self.twiml.encode() if scope["path"] == "/twilio/voice" else b'{"checks": {}}'
            headers = [(b"content-type", b"text/xml")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    logger.remove()
    uvicorn.run(App(port), host="127.0.0.1", port=port, log_level="error", lifespan="off")


if __name__ == "__main__":
    main()
