"""A conversation under pipecat's evaluation harness: the pipeline of a call, an RTVI client on the wire.

Never reachable in the service: only what mounts web.evals has a door to this. The harness types or
speaks; what the agent says is reported as it is heard, sentence by sentence, when it was played to its
end, so that a scenario cannot pass on words nobody heard.
"""

from __future__ import annotations

import asyncio
import math
from array import array
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from pipecat.evals.serializer import EvalConnectionFlags, EvalSerializer
from pipecat.frames.frames import Frame, LLMConfigureOutputFrame, TTSAudioRawFrame
from pipecat.processors.frame_processor import FrameDirection
from pipecat.processors.frameworks.rtvi import RTVIObserverParams
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService

from agent.brains.guided import GuidedBrain
from agent.conversation import Conversation
from agent.parts import Parts
from agent.ports import LiveCall, Outcome, Reply, Utterance
from agent.session import Session
from agent.speech.engine import SpeechEngine
from agent.speech.providers.base import SpeechProfile
from agent.turns import Turns, spawn
from core.ids import new_id

SECONDS_PER_CHARACTER = 0.004
"""Of the tone that stands for speech in text scenarios: long enough to be interrupted."""
LABEL = "rtvi-ai"


class QuickVoice(TTSService):
    """Speaks in tones, fifteen times as fast as a person."""

    def __init__(self) -> None:
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model="quick", voice="tone", language="en"),
        )

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """One tone a sentence."""
        sound = _tone(max(20, len(text)), self.sample_rate)
        yield TTSAudioRawFrame(sound, self.sample_rate, 1, context_id=context_id)


@lru_cache(maxsize=64)
def _tone(characters: int, rate: int) -> bytes:
    count = int(characters * SECONDS_PER_CHARACTER * rate)
    return array("h", (int(8000 * math.sin(2 * math.pi * 300 * n / rate)) for n in range(count))).tobytes()


class EvalBrain(GuidedBrain):
    """Always speaks: in text scenarios the harness would have it fall silent, and nothing would be heard."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """As a guided brain, but for the harness's wish."""
        if not isinstance(frame, LLMConfigureOutputFrame):
            await super().process_frame(frame, direction)


class EvalTurns(Turns):
    """Turns that report: a response begins when words are on their way and ends when the last was heard.

    What may not be talked over is a response of its own.
    """

    def __init__(self, conversation: Any, report: Any, **hooks: Any):
        super().__init__(conversation, **hooks)
        self._report = report
        self._responding = False

    def saying(self, utterances: Sequence[Utterance]) -> None:
        """Words are on their way."""
        super().saying(utterances)
        self._begin()

    def said(self, text: str) -> None:
        """One was played to its end."""
        before = list(self._saying)
        super().said(text)
        if len(before) == len(self._saying):
            return
        self._report("bot-llm-text", {"text": f"{text} "})
        heard = next(utterance for utterance in before if utterance.text == text)
        if not self._saying or not heard.interruptible:
            self._finish()
        if self._saying:
            self._begin()

    def cut_off(self) -> None:
        """The line was interrupted."""
        super().cut_off()
        if not self._saying:
            self._finish()

    def _begin(self) -> None:
        if not self._responding:
            self._responding = True
            self._report("bot-llm-started", {})

    def _finish(self) -> None:
        if self._responding:
            self._responding = False
            self._report("bot-llm-stopped", {})


class EvalSession(Session):
    """A session whose wire is the harness. Tools that the engine ran are reported as function calls."""

    rtvi = RTVIObserverParams(bot_llm_enabled=False)

    def __init__(self, call: LiveCall, conversation: Any, speech: Any, **more: Any):
        super().__init__(call, conversation, speech, **more)
        self._turns = EvalTurns(conversation, self._report, on_reply=self._on_reply, on_owed=self._on_owed)
        self._order = asyncio.Lock()

    def _on_reply(self, reply: Reply, seconds: float) -> None:
        super()._on_reply(reply, seconds)
        for run in reply.tools:
            call = {"tool_call_id": uuid4().hex, "function_name": run.name}
            self._report("llm-function-call-in-progress", {**call, "arguments": dict(run.arguments)})
            self._report(
                "llm-function-call-stopped", {**call, "cancelled": False, "result": {"status": run.status}}
            )

    async def _leave(self) -> None:
        # the harness takes the pipeline down before it closes the socket: that is its way of hanging up
        self.outcome = self.outcome or "hung_up"
        await super()._leave()

    def _report(self, kind: str, data: dict[str, Any]) -> None:
        spawn(self._tasks, self._send(kind, data), "report")

    async def _send(self, kind: str, data: dict[str, Any]) -> None:
        async with self._order:  # tasks queue up in the order they were made
            if self._call is not None:
                await self._tell({"label": LABEL, "type": kind, "id": uuid4().hex[:8], "data": data})


async def evaluate(
    websocket: Any,
    flags: EvalConnectionFlags,
    *,
    parts: Parts,
    engine: SpeechEngine,
    tenant_id: UUID,
    caller: str | None = None,
) -> Outcome:
    """One scenario's conversation with a tenant's agent, over an accepted socket past ``eval-connect``.

    The ears are the embedded ones where the engine has them; the voice is the agent's when the scenario
    listens to it, else a quick tone.
    """
    conversation = await Conversation.start(parts, tenant_id=tenant_id, channel="voice", caller=caller)
    ears = "embedded" if engine.recognizer is not None else "stub"
    mouth = "embedded" if engine.voice is not None and not flags.skip_tts else "stub"
    speech = engine.for_call(SpeechProfile(stt=ears, tts=mouth), vocabulary=conversation.facts.names())
    if flags.skip_tts:
        speech = replace(speech, tts=QuickVoice())
    serializer = EvalSerializer()
    serializer.set_capture_audio(flags.capture_bot_audio)
    call = LiveCall(new_id(), tenant_id, conversation_id=conversation.id, channel="eval")
    session = EvalSession(call, conversation, speech, brain=EvalBrain)
    return await session.run(websocket, serializer)
