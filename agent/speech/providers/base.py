"""What a speech provider is.

A provider turns a profile into pipecat services for one call. Adding one is adding a file here; with
pipecat's own services it is this much (``agent/speech/providers/deepgram.py``)::

    from agent.speech.providers.base import Parts, Provider, SpeechProfile, need

    def ears(profile: SpeechProfile, parts: Parts) -> FrameProcessor:
        from pipecat.services.deepgram.stt import DeepgramSTTService

        return DeepgramSTTService(
            api_key=need(parts, "deepgram_api_key"),
            settings=DeepgramSTTService.Settings(model="nova-3", language=profile.language),
        )

    PROVIDER = Provider("deepgram", stt=ears, needs=("deepgram_api_key",))

ElevenLabs and Cartesia are the same with ``tts=`` and ``class Mouth(Tongues, CartesiaTTSService)``, so that
numbers and addresses are said as everywhere else, in the language that is spoken. Vendor packages are
imported inside the functions: only who chooses a provider needs its package
(``uv add "pipecat-ai[deepgram]"``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipecat.processors.frame_processor import FrameProcessor

from agent.speech.recognizer import Recognizer
from agent.speech.voice import Voice
from core.errors import InvalidInput, Problem


@dataclass(frozen=True, slots=True)
class SpeechProfile:
    """How one call hears and speaks. ``language`` is ISO 639-1; ``speed`` 1.0 is the voice's own pace.

    ``voice`` is a name the tts provider knows. ``language`` "" is for a line on which several are spoken:
    the recogniser finds out which.
    """

    stt: str = "embedded"
    tts: str = "embedded"
    voice: str = "heart"
    language: str = "en"
    speed: float = 1.0
    spanish: str = ""
    """The embedded voice for words in Spanish; "" where none is spoken, or a vendor's voice speaks both."""


@dataclass(frozen=True)
class Parts:
    """What providers build from: the process's shared engines and the deployment's options."""

    recognizer: Recognizer | None = None
    voice: Voice | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    vocabulary: tuple[str, ...] = ()


Build = Callable[[SpeechProfile, Parts], FrameProcessor]


@dataclass(frozen=True, slots=True)
class Provider:
    """A name, and how to build a call's ears (``stt``) and mouth (``tts``); None where there is none.

    ``needs`` are the option names without which it cannot work. ``production`` false: for tests and load
    measurements, refused elsewhere.
    """

    name: str
    stt: Build | None = None
    tts: Build | None = None
    needs: tuple[str, ...] = ()
    production: bool = True


def need(parts: Parts, option: str) -> str:
    """An option's value; raises ``InvalidInput`` naming it."""
    value = parts.options.get(option, "")
    if not value:
        raise InvalidInput(
            "a speech provider is not configured",
            problems=[Problem("is not set", where=option, next_step=f"set {option.upper()}")],
        )
    return value
