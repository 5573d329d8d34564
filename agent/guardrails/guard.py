"""The guard on what was heard: runs on every caller turn before any form or model sees it (C17).

A class is recognised by what a sentence is about (a protected group, a place, a wish, an order), not by a
list of sentences. Two judges look at it. Frames of meaning are looked for over word lists in the words'
one spelling (``normal``, ``frames``): they are exact and narrow. The sentence as a whole is compared with
examples by meaning (``likeness``): that is wide and knows what is harmless, too. A frame that fits counts
as much as a good likeness does; neither decides alone, except where one of them has nothing to say.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.acts import CommandName
from agent.guardrails import likeness
from agent.guardrails.frames import Frame, frames
from agent.guardrails.likeness import HARMLESS
from agent.guardrails.normal import normal
from agent.guardrails.sensitive import MASK, card_numbers, is_card, redact, remove_numbers
from agent.understanding.commands import find_command, resume_code, wants_to_resume
from agent.understanding.wishes import limits_contact, ways_to_reach

_LEADS_ONLY = frozenset(
    {"area", "schools", "people", "preference", "value", "negotiation", "contract", "commission"}
    | {"rates", "vendor", "access", "minor", "accommodation"}
)
"""Topics of a brokerage's callers, whose frames say nothing of a broker who sets an account up: likeness to
what brokers say decides (``setup.txt``)."""
_SETUP_ANSWERS = {
    **dict.fromkeys(("area", "schools", "people", "preference"), "areas_setup"),
    **dict.fromkeys(("value", "negotiation", "contract", "commission", "rates", "vendor"), "advice_setup"),
    "access": "others_setup",
}
"""What a broker is told instead."""

_ALREADY_KNOWN = ("dont_record", "opt_out")
"""Where these words answer the question that was just asked, they are that answer."""

CERTAIN = "sensitive"
"""A frame of this needs nobody's agreement: what it found may not be stored (C31)."""
STANDS = frozenset(
    {"crisis", "dont_record", "minor", "opt_in", "opt_out", "privacy", "recorded", "schools", "self_harm"}
)
"""Frames that fit no harmless sentence of some two thousand they were not written for: likeness may call
it another class, never harmless."""
FITTING = 0.3
"""What a frame that fits adds to its class's likeness (an example itself scores about 1.0)."""
SURE = 0.05
"""By how much a class must lead the harmless ..."""
SURE_OF_A_BROKER = 0.1
"""... in a set-up, where harmless talk is about harm more often ..."""
SURER = {"abuse": 0.1, "minor": 0.1, "opt_out": 0.1, "dont_record": 0.1, "crisis": 0.1, "self_harm": 0.15}
"""... and where no frame agrees, if its answer ends the call, alarms somebody or is kept on a list."""
HOW_IT_WORKS = 0.1
"""By how much the harmless must lead where a broker asks what happens to callers who say such things."""
SUREST = 0.4
"""... and where the words are a command already ("hold on", "a person, please")."""
NEVER = 10.0
IN_A_CLAUSE = 0.15
"""By how much a class must lead in a clause of a lead's harmless sentence ("..., but is it all retirees in
there, be straight with me") to be heard ..."""
AND_ALL_IN_ALL = 0.1
"""... and in that clause and the sentence together, beyond what its answer asks for in any case."""

LONGEST = 1500
"""Characters of one utterance that are looked at; nobody says more in a breath, and a paste is no speech."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard made of an utterance.

    ``label`` ``ok`` lets it through. Otherwise ``template`` (a key of policies/compliance.yaml; may be
    empty) is the answer and ``rule`` the compliance rule it follows from; with ``through`` the form hears
    it as well. ``command`` must also happen; ``follow_up`` names a ticket or task to open, ``tool`` a verb
    to run. ``language``: in which the answer is given. ``redacted`` is what may be stored.
    """

    label: str = "ok"
    template: str = ""
    rule: str = ""
    redacted: str = ""
    command: CommandName | None = None
    through: bool = False
    follow_up: str = ""
    tool: str = ""
    language: str = "en"
    alike: bool = False
    """Only resembles the class's examples; no frame of it holds."""


def check_heard(text: str, *, flow: str, channel: str, asked: str = "") -> Verdict:
    """Judge one utterance of the caller in a flow. ``asked``: the slot that was just asked for."""
    if text.startswith("DTMF:"):
        if is_card(re.sub(r"\D", "", text)):
            return Verdict("sensitive", "card", "C31", "DTMF: [removed]")
        return Verdict(redacted=text)
    plain = normal(text[:LONGEST])
    language = "es" if is_spanish(plain) else "en"
    if card_numbers(text):
        return Verdict("sensitive", "card", "C31", remove_numbers(text), language=language)
    fitting = _fitting(plain, text, flow, asked)
    likely = _likely(plain, text, flow, asked, fitting)
    if likely is None:
        return (
            _verdict(fitting, text, language)
            if fitting is not None
            else Verdict(redacted=text, language=language)
        )
    if likely == HARMLESS:
        return Verdict(redacted=text, language=language)
    frame = next(f for f in frames().classes if f.label == likely)
    alike = fitting is None or fitting.label != likely
    verdict = replace(_verdict(frame, text, language), alike=alike)
    if flow == likeness.ONBOARDING and likely in _SETUP_ANSWERS:
        return replace(verdict, template=_SETUP_ANSWERS[likely])
    return verdict


async def consider(text: str, flow: str = "lead") -> None:
    """Do what takes milliseconds of ``check_heard`` beforehand and beside the event loop (C17).

    What it finds is kept for the next few utterances; without it ``check_heard`` does it on the spot.
    """
    if not text.startswith("DTMF:"):
        await asyncio.to_thread(_embed, text[:LONGEST], flow)


def _embed(text: str, flow: str) -> None:
    likeness.scores(text, flow)
    if flow != likeness.ONBOARDING:
        for clause in likeness.clauses(text):
            likeness.scores(clause, flow)


def _fitting(plain: str, text: str, flow: str, asked: str) -> Frame | None:
    """The first frame that holds."""
    for frame in frames().classes:
        if _concerns(frame, flow) and frame.fits(frames().masked(plain, frame.masks)):
            if _is_the_answer(frame.label, text, asked):
                continue
            return frame
    return None


def _likely(plain: str, text: str, flow: str, asked: str, fitting: Frame | None) -> str | None:
    """The label that likeness and the frame together give; None where the frame alone decides."""
    if fitting is not None and fitting.label == CERTAIN:
        return None
    known = find_command(text) is not None or (wants_to_resume(text) and resume_code(text) is not None)
    if plain.count(" ") < likeness.FEWEST - 1:
        return None
    scores = dict(likeness.scores(text[:LONGEST], flow))
    if not scores or (fitting is not None and fitting.label not in scores):
        return None
    harmless = scores.pop(HARMLESS)
    if fitting is not None:
        scores[fitting.label] += FITTING
    best = max(scores, key=scores.__getitem__)
    sure = SURE if fitting is not None and fitting.label == best else SURER.get(best, SURE)
    if flow == likeness.ONBOARDING:
        sure = max(sure, SURE_OF_A_BROKER)
    frame = next(f for f in frames().classes if f.label == best)
    if not _concerns(frame, flow) and best not in _LEADS_ONLY:
        sure = NEVER
    if fitting is None and known:
        sure = max(sure, SUREST)
    if scores[best] - harmless < sure or _is_the_answer(best, text, asked):
        stands = fitting is not None and fitting.label in STANDS
        if flow == likeness.ONBOARDING and harmless - scores[best] > HOW_IT_WORKS:
            stands = False  # "what happens when a caller says take me off your list?"
        if stands:
            return None
        leads = {label: score - harmless for label, score in scores.items()}
        return HARMLESS if known else _in_a_clause(text[:LONGEST], flow, asked, leads)
    return best


def _in_a_clause(text: str, flow: str, asked: str, leads: Mapping[str, float]) -> str:
    """What one clause of an utterance says whose sum is harmless; ``leads``: of each class in all of it."""
    if flow == likeness.ONBOARDING:  # brokers speak of what callers may say
        return HARMLESS
    for clause in likeness.clauses(text):
        scores = dict(likeness.scores(clause, flow))
        harmless = scores.pop(HARMLESS)
        best = max(scores, key=scores.__getitem__)
        lead = scores[best] - harmless
        enough = AND_ALL_IN_ALL + SURER.get(best, SURE)
        if lead >= IN_A_CLAUSE and lead + leads[best] >= enough and not _is_the_answer(best, text, asked):
            return best
    return HARMLESS


def warm() -> None:
    """Compile and load what the first utterance would otherwise wait for: a second or two. Blocking."""
    check_heard("is there anybody who can hear this", flow="lead", channel="voice")


def _concerns(frame: Frame, flow: str) -> bool:
    if flow == "onboarding" and frame.label in _LEADS_ONLY:
        return False
    return bool(frame.spec.get("flow", flow) == flow)


def _is_the_answer(label: str, text: str, asked: str) -> bool:
    """Whether the words answer the question that was just asked, or say only how and when to call."""
    if label not in _ALREADY_KNOWN:
        return False
    if label == "dont_record":
        return asked == "recording_mode"
    return ways_to_reach(text, asked=asked == "consent_contact") is not None or limits_contact(text)


def _verdict(frame: Frame, text: str, language: str) -> Verdict:
    spec: Any = frame.spec
    return Verdict(
        frame.label,
        spec["template"],
        spec["rule"],
        redact(text) if frame.label == "sensitive" else MASK if frame.label == "minor" else text,
        spec.get("command"),
        bool(spec.get("through")),
        str(spec.get("ticket") or spec.get("task") or ""),
        str(spec.get("tool") or ""),
        language,
    )


_SPANISH = re.compile(
    r"\b(el|la|los|las|una?|que|como|cuanto|donde|cuando|quien|por|para|con|sin|mi|mis|su|sus|esta|estan|es|son|hay|"
    r"soy|estoy|tengo|quiero|busco|puedo|puede|pueden|usted|ustedes|yo|nosotros|casa|gracias|hola|si|del|al|muy|"
    r"voy|vamos|le|les|te|se|ya|un|eso|este|esta|ese|esa|todo|todos|nada|favor|buenos|buenas|dias|tardes|seguro|"
    r"mas|pero|porque|necesito|prefiero|vivo|vive|viven|barrio|zona|renta|rentar|vender|comprar|no me|de)\b"
)
_ENGLISH = re.compile(
    r"\b(the|is|are|do|does|you|your|i|we|my|what|how|where|and|to|of|in|for|with|it|that|this|there|can|have|"
    r"want|not|show|please|all|any)\b"
)


def is_spanish(plain: str) -> bool:
    """Whether an utterance (in normal spelling) is Spanish rather than English."""
    spanish = len(_SPANISH.findall(plain))
    return (
        spanish > 0
        and spanish > 1.5 * len(_ENGLISH.findall(plain))
        and (spanish >= 2 or len(plain.split()) <= 3)
    )
