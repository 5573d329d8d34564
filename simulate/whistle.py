"""A caller whose every text is understood exactly: one spoken sentence with a whistle that names the text.

For measurements in which recognition is not what is measured. The service hears it with stub speech and
``SEIKETSU_STUB_TEXTS`` naming the same list.
"""

from __future__ import annotations

from pathlib import Path

from agent.speech.whistle import TextList, put
from simulate.sound import RATE, Clip, Samples
from simulate.voice import PiperVoice

CARRIER = "That is right."
"""What the voice says under the whistle: the voice detector and turn taking hear a person."""


class WhistleVoice:
    """Any text in about a second. ``voice`` says the one sentence it rides on."""

    def __init__(self, voice: PiperVoice, texts: Path):
        self._voice = voice
        self._texts = TextList(texts)
        self._carrier: Samples | None = None

    async def clip(
        self, text: str, *, speed: float = 1.0, snr_db: float | None = None, take: int = 1
    ) -> Clip:
        """The text as telephone sound."""
        if self._carrier is None:
            self._carrier = await self._voice.samples(CARRIER, 1.1)
        return Clip.of(put(self._carrier, self._texts.number(text), RATE), text, snr_db=snr_db)

    async def close(self) -> None:
        """Let go of the voice underneath."""
        await self._voice.close()
