"""TwiML, the documents that tell Twilio what to do with a call."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE = "text/xml"


def stream(url: str, *, token: str, after: str, facts: Mapping[str, str] | None = None) -> str:
    """Connect the call's sound to ``url`` (wss). When that socket closes, Twilio asks ``after`` what next.

    Data travels in parameters: Twilio drops the query string of a stream's address.
    """
    parameters = "".join(
        f"<Parameter name={quoteattr(name)} value={quoteattr(value)}/>"
        for name, value in {"token": token, **(facts or {})}.items()
    )
    return _response(
        f"<Connect><Stream url={quoteattr(url)}>{parameters}</Stream></Connect>"
        f'<Redirect method="POST">{escape(after)}</Redirect>'
    )


def apology(words: str, number: str | None = None, *, caller_id: str | None = None) -> str:
    """Say ``words``; then the tenant's own number takes the call, or it ends."""
    said = f"<Say>{escape(words)}</Say>"
    return _response(said + (_dial(number, caller_id=caller_id) if number else "") + "<Hangup/>")


def hang_up() -> str:
    """End the call."""
    return _response("<Hangup/>")


def transfer(
    number: str, *, after: str, ring_seconds: int, whisper: str | None = None, caller_id: str | None = None
) -> str:
    """Ring ``number``; Twilio then asks ``after`` with the outcome. Who answers hears ``whisper`` first."""
    return _response(
        _dial(number, after=after, ring_seconds=ring_seconds, whisper=whisper, caller_id=caller_id)
    )


def say(words: str) -> str:
    """Speak, nothing else (a whisper)."""
    return _response(f"<Say>{escape(words)}</Say>")


def leave(words: str) -> str:
    """The only words for an answering machine, then the end (C14)."""
    return _response(f"<Say>{escape(words)}</Say><Hangup/>")


def screen(words: str, *, answer: str, seconds: int = 8) -> str:
    """Tell whoever picked up what it is about; only the key 1, sent to ``answer``, connects them.

    Said twice, as one is not always at the ear at once. Without the key the leg ends: no machine takes it.
    """
    said = f"<Say>{escape(words)}</Say>"
    gather = (
        f'<Gather input="dtmf" numDigits="1" timeout="{seconds}" action={quoteattr(answer)} method="POST">'
        f"{said}</Gather>"
    )
    return _response(gather + gather + "<Hangup/>")


def connect() -> str:
    """Nothing more to say: the two are connected."""
    return _response("")


def _dial(
    number: str,
    *,
    after: str | None = None,
    ring_seconds: int = 30,
    whisper: str | None = None,
    caller_id: str | None = None,
) -> str:
    attributes = f' timeout="{ring_seconds}" answerOnBridge="true"'
    if after:
        attributes += f' action={quoteattr(after)} method="POST"'
    if caller_id:
        attributes += f" callerId={quoteattr(caller_id)}"
    url = f" url={quoteattr(whisper)}" if whisper else ""
    return f"<Dial{attributes}><Number{url}>{escape(number)}</Number></Dial>"


def _response(inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inner}</Response>'
