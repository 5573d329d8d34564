"""The speaking half of the process: models, lines, live calls."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from loguru import logger

from agent.lines import Lines
from agent.parts import Parts
from agent.ports import LiveCall
from agent.registry import Registry
from agent.session import BrainFactory
from agent.speech.engine import SpeechEngine
from agent.stored_calls import StoredCalls
from core.errors import SeiketsuError
from core.settings import Settings
from integrations.twilio import Twilio
from tools.admission import Admission
from web import (
    metrics,
)
from web.traces import Traces
from web.twilio import PhoneParts

DRAIN_SECONDS = 20.0
"""How long a stopping process waits for its calls to end by themselves before others take them over."""


@dataclass
class Telephone:
    """The speaking half of the process: models, lines, live calls."""

    engine: SpeechEngine
    registry: Registry
    lines: Lines
    carrier: Twilio | None
    state: str = "loading the speech models"
    traces: Traces | None = None

    async def get_ready(self, cache_dir: Path) -> None:
        """Load and warm everything a call needs; until then ``/readyz`` says what is being waited for."""
        try:
            await self.engine.load(cache_dir)
            self.state = "warming the speech models"
            await self.engine.warm()
            self.state = "preparing recurring phrases"
            await self.lines.warm()
            self.state = "ok"
            metrics.READY.set(1)
        except SeiketsuError as error:
            self.state = str(error)
            logger.error("speech is not available: {}", error)
        except Exception as error:
            self.state = f"speech failed to load: {type(error).__name__}"
            logger.opt(exception=error).error("speech failed to load")

    def on_air(self) -> list[str]:
        """The carrier's ids of the calls under way."""
        return [session.call.call_sid for session in self.registry]

    async def close(self) -> None:
        """Let the calls finish (others take them over), then let go of the models."""
        await self.registry.drain(DRAIN_SECONDS)
        self.engine.close()
        if self.traces is not None:
            await asyncio.to_thread(self.traces.close)
        if self.carrier is not None:
            await self.carrier.close()


def make_telephone(
    settings: Settings,
    parts: Parts,
    carrier: Twilio | None,
    brain: BrainFactory,
    admission: Admission | None = None,
) -> tuple[Telephone, PhoneParts]:
    """Models, lines and the telephone routes' needs."""
    engine = SpeechEngine(
        model=settings.whisper,
        options=_provider_options(settings),
        production=settings.production,
        embedded="embedded" in (settings.stt, settings.tts),
    )
    traces = Traces.to(settings.otlp_url) if settings.otlp_url else None
    book = _book(settings, parts, admission)
    lines = Lines(
        parts,
        engine,
        book,
        data_dir=settings.data_dir,
        stt=settings.stt,
        tts=settings.tts,
        max_call_minutes=settings.max_call_minutes,
        brain=brain,
        on_turn=_each(metrics.note_turn, traces.note_turn if traces else None),
        on_fault=_each(metrics.note_fault, traces.note_fault if traces else None),
        on_end=metrics.note_end,
    )
    telephone = Telephone(engine, Registry(settings.max_calls), lines, carrier, traces=traces)

    async def hang_up(call: LiveCall) -> None:
        if carrier is not None:
            await carrier.hang_up(call.account_sid, call.call_sid)

    phone = PhoneParts(
        book=book,
        registry=telephone.registry,
        sessions=lines.phone,
        public_url=settings.public_url,
        tokens=partial(_tokens, settings) if carrier is not None else None,
        hang_up=hang_up,
        ended=lines.close_left_open,
        ready=lambda: telephone.state == "ok",
        caller_id=settings.onboarding_number,
    )
    return telephone, phone


def _book(settings: Settings, parts: Parts, admission: Admission | None) -> StoredCalls:
    """Where this process writes its calls down."""
    return StoredCalls(
        parts.db,
        parts.clock,
        onboarding_number=settings.onboarding_number,
        process=f"{settings.port}-{os.getpid()}",
        admission=admission,
    )


async def _tokens(settings: Settings, sid: str | None) -> Sequence[str]:
    """The tokens with which the account of that id (None: ours) may sign its requests; none for others."""
    secret = settings.twilio_auth_token
    if secret is None or sid not in (None, settings.twilio_account_sid):
        return []
    return [secret.get_secret_value()]


def _provider_options(settings: Settings) -> dict[str, str]:
    """What the speech providers take from the settings, each by its own name."""
    return {
        "openai_api_key": settings.openai_api_key.get_secret_value() if settings.openai_api_key else "",
        "openai_base_url": settings.openai_base_url or "",
        "openai_stt_model": settings.openai_stt_model,
        "openai_tts_model": settings.openai_tts_model,
        "stub_texts": str(settings.stub_texts or ""),
        "stub_pace": str(settings.stub_pace),
    }


def _each(*told: Callable[[LiveCall, Any], None] | None) -> Callable[[LiveCall, Any], None]:
    """Tell all of them."""

    def tell(call: LiveCall, what: Any) -> None:
        for one in told:
            if one is not None:
                one(call, what)

    return tell
