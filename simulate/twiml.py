"""TwiML as Twilio reads it: the verbs of one document, in order."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field


class TwimlError(Exception):
    """The document is not TwiML, or asks for something this line does not do (Twilio error 12100)."""


@dataclass(frozen=True)
class Verb:
    """One instruction. ``text`` is what stands inside it, ``inner`` the nouns nested in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    inner: tuple[Verb, ...] = ()

    def noun(self, name: str) -> Verb | None:
        """The first nested noun of that name."""
        return next((noun for noun in self.inner if noun.name == name), None)

    def parameters(self) -> dict[str, str]:
        """Nested ``<Parameter name value>`` as a mapping."""
        return {
            noun.attributes.get("name", ""): noun.attributes.get("value", "")
            for noun in self.inner
            if noun.name == "Parameter"
        }


VERBS = frozenset({"Connect", "Redirect", "Say", "Hangup", "Dial", "Pause", "Reject"})
TO_THE_CALLED = VERBS | {"Gather"}
"""What may be said to somebody who is being put through: they alone press keys for the carrier."""


def parse(document: str, known: frozenset[str] = VERBS) -> tuple[Verb, ...]:
    """The verbs of a ``<Response>``; TwimlError names what is wrong."""
    try:
        root = ET.fromstring(document)  # noqa: S314 - the document comes from the service under test
    except ET.ParseError as wrong:
        raise TwimlError(f"not XML: {wrong}") from wrong
    if root.tag != "Response":
        raise TwimlError(f"the root is <{root.tag}>, not <Response>")
    verbs = tuple(_verb(child) for child in root)
    unknown = sorted({verb.name for verb in verbs} - known)
    if unknown:
        raise TwimlError(f"verbs this line does not know: {', '.join(unknown)}")
    return verbs


def _verb(element: ET.Element) -> Verb:
    return Verb(
        element.tag,
        dict(element.attrib),
        (element.text or "").strip(),
        tuple(_verb(child) for child in element),
    )
