"""Piper voices (GPL-3.0) from a process of their own that speaks Piper's HTTP protocol.

Nothing of Piper is imported here, and pipecat's own Piper service is not used because it is. Option
``piper_url``: where the server listens (``python -m piper.http_server`` or the project's own); it answers
``POST {"text", "length_scale"}`` with a WAV.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
from loguru import logger
from pipecat.frames.frames import ErrorFrame, Frame
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.services.settings import TTSSettings

from agent.speech.providers.base import Parts, Provider, SpeechProfile, need
from agent.speech.tongues import Tongues

_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=1)


class PiperHttpService(Tongues):
    """One request a sentence."""

    def __init__(self, url: str, *, voice: str, speed: float):
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model="piper", voice=voice, language="en"),
        )
        self._url = url
        self._body: dict[str, Any] = {"voice": voice, "length_scale": round(1 / speed, 2)}
        self._http: aiohttp.ClientSession | None = None

    def can_generate_metrics(self) -> bool:
        """Time to first audio is reported."""
        return True

    async def cleanup(self) -> None:
        """Close the connection."""
        await super().cleanup()
        http, self._http = self._http, None
        if http is not None:
            await http.close()

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Stream the server's WAV, resampled to the line."""
        self._http = self._http or aiohttp.ClientSession(timeout=_TIMEOUT)
        try:
            await self.start_tts_usage_metrics(text)
            async with self._http.post(self._url, json={"text": text, **self._body}) as response:
                response.raise_for_status()
                wav = await response.read()
            await self.stop_ttfb_metrics()
            yield self._frame(wav, context_id)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            logger.error("the voice server failed: {}", type(error).__name__)
            yield ErrorFrame(error="the voice server failed", exception=error)
        finally:
            await self.stop_ttfb_metrics()

    def _frame(self, wav: bytes, context_id: str) -> Frame:
        import io
        import wave

        import numpy as np
        import soxr
        from pipecat.frames.frames import TTSAudioRawFrame

        with wave.open(io.BytesIO(wav)) as file:
            rate, pcm = file.getframerate(), file.readframes(file.getnframes())
        if rate != self.sample_rate:
            pcm = soxr.resample(np.frombuffer(pcm, "<i2"), rate, self.sample_rate, quality="HQ").tobytes()
        return TTSAudioRawFrame(pcm, self.sample_rate, 1, context_id=context_id)


def mouth(profile: SpeechProfile, parts: Parts) -> FrameProcessor:
    """A voice of the Piper server."""
    return PiperHttpService(need(parts, "piper_url"), voice=profile.voice, speed=profile.speed)


PROVIDER = Provider("piper_http", tts=mouth, needs=("piper_url",))
