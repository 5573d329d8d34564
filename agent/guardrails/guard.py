"""The guard on what was heard: runs on every caller turn before any form or model sees it (C17).

A sentence is compared, as a whole and in its clauses, with examples of what callers say, harmful and harmless
(``likeness``): the class that leads the harmless by enough is heard. How much is enough depends on what
follows. Only what may not even be stored is looked for by its form, too (``sensitive``).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from agent.acts import CommandName
from agent.guardrails import likeness
from agent.guardrails.likeness import HARMLESS
from agent.guardrails.normal import normal
from agent.guardrails.sensitive import MASK, card_numbers, is_card, redact, remove_numbers, tells_a_secret
from agent.understanding.commands import find_command, resume_code, wants_to_resume
from agent.understanding.wishes import limits_contact, ways_to_reach

SENSITIVE = "sensitive"
_SETUP_ANSWERS = {
    **dict.fromkeys(("area", "schools", "people", "preference"), "areas_setup"),
    **dict.fromkeys(("value", "negotiation", "contract", "commission", "rates", "vendor"), "advice_setup"),
    "access": "others_setup",
}
"""What a broker who sets an account up is told instead."""

_ALREADY_KNOWN = ("dont_record", "opt_out")
"""Where these words answer the question that was just asked, they are that answer."""

SURE = 0.0
"""By how much a class must lead the harmless (an example itself leads by about 1) ..."""
SURE_OF_A_BROKER = 0.05
"""... in a set-up, where harmless talk is about harm more often ..."""
SURER_OF_A_BROKER = 0.2
"""... and more so for what ends the talk: a team of eleven is no child of eleven ..."""
SURER = {
    **dict.fromkeys(("abuse", "minor", "opt_out", "dont_record", "crisis"), 0.05),
    "self_harm": 0.1,
}
"""... where its answer ends the call, alarms somebody or is kept on a list ..."""
SUREST = 0.3
"""... where the words are a command already ("hold on", "a person, please"), or too few to be like anything
but their own."""
BEYOND_DOUBT = 0.6
"""A class that leads by less is only resembled."""
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
    """Only resembles what the class's examples say."""


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
    if tells_a_secret(plain):
        return _verdict(SENSITIVE, text, language, flow)
    keyword = _keyword(plain)
    if keyword and not _is_the_answer(keyword, text, asked):
        return _verdict(keyword, text, language, flow)
    label, lead = _likely(plain, text[:LONGEST], flow, asked)
    if label == HARMLESS:
        return Verdict(redacted=text, language=language)
    return _verdict(label, text, language, flow, alike=lead < BEYOND_DOUBT)


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


_POLITE = re.compile(r"\b(?:just|please|it|por favor|ya)\b|\|")


def _keyword(plain: str) -> str:
    """The class whose keyword is all that was said; "" if none."""
    bare = " ".join(_POLITE.sub(" ", plain).split())
    return next((label for label, answer in answers().items() if bare in answer.get("words", ())), "")


def _likely(plain: str, text: str, flow: str, asked: str) -> tuple[str, float]:
    """What an utterance says, and by how much that leads the harmless."""
    label, lead = _leading(text, flow)
    known = find_command(text) is not None or (wants_to_resume(text) and resume_code(text) is not None)
    sure = SURER.get(label, SURE)
    if flow == likeness.ONBOARDING:
        sure = SURER_OF_A_BROKER if label in SURER else SURE_OF_A_BROKER
    if known or plain.count(" ") < likeness.FEWEST - 1:
        sure = SUREST
    if lead >= sure and not _is_the_answer(label, text, asked):
        return label, lead
    # brokers speak of what callers may say: only all of it counts
    return (HARMLESS, 0.0) if known or flow == likeness.ONBOARDING else _in_a_clause(text, flow, asked)


def _leading(text: str, flow: str) -> tuple[str, float]:
    """The class a text is most like, and by how much more than the harmless."""
    scores = dict(likeness.scores(text, flow))
    harmless = scores.pop(HARMLESS)
    best = max(scores, key=scores.__getitem__)
    return best, scores[best] - harmless


def _in_a_clause(text: str, flow: str, asked: str) -> tuple[str, float]:
    """What one clause of an utterance says whose sum is harmless, and by how much it leads there."""
    whole = likeness.scores(text, flow)
    for clause in likeness.clauses(text):
        label, lead = _leading(clause, flow)
        enough = AND_ALL_IN_ALL + SURER.get(label, SURE)
        all_in_all = lead + whole[label] - whole[HARMLESS]
        if lead >= IN_A_CLAUSE and all_in_all >= enough and not _is_the_answer(label, text, asked):
            return label, lead
    return HARMLESS, 0.0


def warm() -> None:
    """Compile and load what the first utterance would otherwise wait for: a second or two. Blocking."""
    check_heard("is there anybody who can hear this", flow="lead", channel="voice")


def _is_the_answer(label: str, text: str, asked: str) -> bool:
    """Whether the words answer the question that was just asked, or say only how and when to call."""
    if label not in _ALREADY_KNOWN:
        return False
    if label == "dont_record":
        return asked == "recording_mode"
    return ways_to_reach(text, asked=asked == "consent_contact") is not None or limits_contact(text)


@cache
def answers() -> Mapping[str, Mapping[str, Any]]:
    """What follows from each class (``answers.yaml``)."""
    found = files("agent.guardrails").joinpath("answers.yaml").read_text(encoding="utf-8")
    read: Mapping[str, Mapping[str, Any]] = yaml.safe_load(found)
    return read


def _verdict(label: str, text: str, language: str, flow: str, *, alike: bool = False) -> Verdict:
    answer = answers()[label]
    template = answer["template"]
    if flow == likeness.ONBOARDING:
        template = _SETUP_ANSWERS.get(label, template)
    return Verdict(
        label,
        template,
        answer["rule"],
        redact(text) if label == SENSITIVE else MASK if label == "minor" else text,
        answer.get("command"),
        bool(answer.get("through")),
        str(answer.get("ticket") or answer.get("task") or ""),
        str(answer.get("tool") or ""),
        language,
        alike,
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
