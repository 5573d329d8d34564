"""What a call costs: an estimate from list prices, in micro-dollars by cause. For planning, not billing."""

from __future__ import annotations

from policies.load import Policy, load


class Carrier(Policy):
    """US dollars a minute."""

    inbound_per_minute: float
    media_stream_per_minute: float


class SpeechPrice(Policy):
    """US dollars a minute heard, and a thousand characters spoken."""

    stt_per_minute: float
    tts_per_1000_characters: float


class Costs(Policy):
    """The whole file."""

    as_of: str
    carrier: Carrier
    speech: dict[str, SpeechPrice]
    model_per_turn: float


def costs() -> Costs:
    """The prices in use."""
    return load("costs", Costs)


def call_cost(
    *, seconds: float, characters: int, turns: int, stt: str = "embedded", tts: str = "embedded"
) -> dict[str, int]:
    """Micro-dollars by cause. The carrier bills begun minutes; an unknown provider costs nothing here."""
    prices = costs()
    minutes = -(-int(seconds) // 60)
    free = SpeechPrice(stt_per_minute=0.0, tts_per_1000_characters=0.0)
    heard, spoken = prices.speech.get(stt, free), prices.speech.get(tts, free)
    parts = {
        "carrier": minutes * (prices.carrier.inbound_per_minute + prices.carrier.media_stream_per_minute),
        "stt": seconds / 60 * heard.stt_per_minute,
        "tts": characters / 1000 * spoken.tts_per_1000_characters,
        "model": turns * prices.model_per_turn,
    }
    return {name: round(dollars * 1_000_000) for name, dollars in parts.items() if dollars}
