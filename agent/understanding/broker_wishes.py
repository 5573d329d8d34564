"""Rules a broker gives in passing, told apart from the answers beside them (A047).

"No, hot means above two million or paying cash, and my wife gets a copy. Yes to recording": every clause that
gives a rule is a wish of its own; clauses without a topic go on with the one before them in their sentence.
Nothing is decided here: what a wish sets, or whether it is kept word for word, is for the conversation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from agent.understanding.polarity import polarity
from agent.understanding.sentences import asks, sentences

Topic = Literal["hot", "earliest", "ask", "sharing", "follow_up", "handling"]

_ATOM = re.compile(r",\s+|\s+(?=(?:and|but|plus|pero|y)\b)", re.I)
_LINK = re.compile(r"^\W*(?:(?:and|but|also|plus|so|then|please|ok(?:ay)?|actually)\b[\s,]*)+", re.I)
_OTHERS = re.compile(r"\b(?:(?:everything|everyone|everybody|all) else|the rest|others)\b.*\d{3}", re.I)
"""A number for all other calls leaves the rule before it: it may be the one that is asked for."""
_PLAINLY = re.compile(
    r"^\W*(?:transfer|forward|put|send|ring)\b.{0,10}\b(?:calls?|callers?|people)\b.{0,12}\b(?:to|through)\b",
    re.I,
)
"""The transfer number, and no rule about some of the calls."""
_OWN_HOT = re.compile(r"^\W*for (?:us|me)\b,? (?:it'?s|that'?s|that is|it is|they'?re)\b", re.I)

_BOOK = (
    r"\b(?:never|nothing|no|not|don'?t|do not)(?: (?:book|schedule|make|take|set|anything|any|appointments?"
    r"|calls?|tours?|showings?|visits?|up))*"
)
EARLIEST = re.compile(
    rf"{_BOOK} (?:before|earlier than) (?:\d|ten|nine|eight|noon|six|five|eleven|seven)[\d:]*(?: ?[ap]\.?m\b\.?)?",
    re.I,
)
"""The earliest appointment: "never book before 10:30"."""

_WHOM = (
    r"(?:calls?|leads?|emergenc\w+|maintenance|repairs?|messages?|voicemails?|tenants?|callers?|buyers?|sellers?|renters?"
    r"|investors?|landlords?|owners?|clients?|inquir\w+|requests?|showings?|listings?|appointments?|vendors?"
    r"|leaks?|fires?|floods?|lockouts?|weekends?|evenings?|nights?|rentals?)"
)
_TOPICS: tuple[tuple[Topic, tuple[str, ...]], ...] = (
    ("earliest", (EARLIEST.pattern,)),
    (
        "hot",
        (
            r"\bhot\b(?: (?:leads?|ones?|buyers?|prospects?))?(?:,? (?:for|to|with) (?:us|me))?,? ?"
            r"(?:means?|is|are|=|:|when|if|should be|would be)(?=\W)(?! my| our)",
            r"\b(?:any\w+|some\w+|who\w*|leads?|buyers?|sellers?|people)\b.{0,50}\b(?:is|are|counts? as) (?:only )?hot\b",
            r"\bfor (?:us|me)\b,? (?:it|that)'?s (?:some|any)(?:one|body)\b",
            r"\b(?:call|count|flag|treat|mark|consider)\b.{0,30}\bhot\b|\bleads? called hot\b",
            r"\bhot (?:at|from|over|above|from about) \d|\d+ (?:points? )?(?:for|is|as|means) hot\b",
        ),
    ),
    (
        "ask",
        (r"\bask(?:s|ing)?\b.{0,30}\b(?:if|whether|about|for|how|what|when)\b|\bqualify on\b",),
    ),
    (
        "follow_up",
        (
            r"\b(?:follow[- ]?ups?|e-?mails|drip)\b.{0,30}\b(?:too (?:many|much)|enough|fine|fewer|less|max\w*|only|instead)\b",
            r"\b(?:no|one|two|three|four|five|six|\d|just|only|fewer|less|many|without|never|stop|skip|except|single)\b.{0,16}"
            r"\b(?:follow[- ]?ups?|(?:e-?)?mails?(?! address| is my| was)|drip)\b",
            r"\b(?:follow[- ]?ups?|e-?mails|cadence)\b\W.{0,20}\b(?:one|two|three|four|none|once|twice|\d)\b",
        ),
    ),
    (
        "sharing",
        (
            r"\b(?:each|every|per)\b.{0,16}\b(?:area|office|zip|neighbou?rhood|territor\w+|price)\b.{0,24}\b(?:own|its|their|leads?)\b",
            r"\bleads?\b.{0,30}\bby (?:area|price|location|zip|neighbou?rhood|territory)\b",
            r"\b(?:to|for) me\b.{0,12}\bfirst\b|\b(?:try|ring|call) me first\b",
        ),
    ),
    (
        "handling",
        (
            rf"\b{_WHOM}\b.{{0,60}}\b(?:go|goes|going|sent|send|rout\w+|forward\w*|transfer\w*|pass\w*|comes?|rings?|belongs?)\b"
            r".{0,24}\bto\b",
            rf"\b(?:send|route|give|pass|forward|transfer|put|hand|steer)\b.{{0,40}}\b{_WHOM}\b.{{0,40}}\bto\b|\bleads? from\b.{{0,30}}\bto\b",
            r"\b(?:special|own|extra) rules?\b",
            r"\b(?:gets?|receives?|needs?|wants?|should have) (?:a |an )?(?:copy|copies|cc'?d?|notified|alert\w*|copied)\b",
            r"\b(?:cc|copy|loop in|notify|alert|text|page|ring|call) (?:me|us|my|him|her|the|our|both)\b.{0,60}"
            r"\b(?:if|when|whenever|about|right away|immediately|same[- ]day|too)\b",
            rf"\b{_WHOM}\b.{{0,30}}\b(?:rings?|calls?|reach\w*|try|text)\s+(?-i:[A-Z])\w+|\bgo(?:es)? to\b.{{0,20}}\d{{3}}\W?\d{{4}}",
            r"\b(?:after|before|until|on) (?:\d+|\w+days?|weekends?)\b.{0,16}\b(?:try|ring|call|text)\s+(?-i:[A-Z])\w+",
            r"\bif\b.{0,60}\b(?:text|call|page|ring|alert|notify) (?:me|us|my|him|her)\b",
            r"\bemergenc\w+\b.{0,50}(?:24/7|24 hours|always|right away|at once|immediately|around the clock|\d{3}\W?\d{4})",
            r"\b(?:never|don'?t|do not|always|make sure)\b.{0,20}\b(?:call me|ring me|text me|quote|mention|discuss|give out|promise|book)\b",
        ),
    ),
)
_COMPILED = tuple((topic, tuple(re.compile(p, re.I) for p in patterns)) for topic, patterns in _TOPICS)


@dataclass(frozen=True, slots=True)
class Wish:
    """One rule in the broker's words, and what it is about."""

    topic: Topic
    words: str


def topic_of(words: str) -> Topic | None:
    """What rule a clause gives; None when it gives none."""
    if _PLAINLY.match(words):
        return None
    return next((topic for topic, patterns in _COMPILED if any(p.search(words) for p in patterns)), None)


def broker_wishes(text: str) -> tuple[list[Wish], str]:
    """(the rules that are given, the words that give none), in their order; a question gives no rule."""
    found: list[Wish] = []
    rest: list[str] = []
    of_hot = re.search(r"\bhot\b", text, re.I) is not None
    for sentence in sentences(text):
        if asks(sentence) and not sentence.lower().startswith(("can you", "could you")):
            rest.append(sentence)
            continue
        ours, others = _of_sentence(sentence, of_hot)
        found += ours
        rest += [others] if others else []
    return found, " ".join(rest)


def _of_sentence(sentence: str, of_hot: bool) -> tuple[list[Wish], str]:
    found: list[Wish] = []
    rest: list[str] = []
    open_ = False
    for atom in _atoms(sentence):
        topic = topic_of(atom) or ("hot" if of_hot and _OWN_HOT.match(atom) else None)
        goes_on = found and open_ and not _OTHERS.match(atom) and polarity(_LINK.sub("", atom)) is None
        if goes_on and (topic is None or topic == found[-1].topic or found[-1].topic == "sharing"):
            found[-1] = Wish(found[-1].topic, f"{found[-1].words} {atom}")
        elif topic is not None:
            found.append(Wish(topic, _LINK.sub("", atom) or atom))
            open_ = topic != "earliest"
        else:
            rest.append(atom)
            open_ = False
    return [Wish(w.topic, w.words.strip(" ,.;")) for w in found], " ".join(rest)


def _atoms(sentence: str) -> list[str]:
    """A sentence at its commas and before "and" and "but", each piece with its comma."""
    found: list[str] = []
    at = 0
    for link in _ATOM.finditer(sentence):
        found.append(sentence[at : link.start()] + ("," if link.group().startswith(",") else ""))
        at = link.end()
    return [part.strip() for part in (*found, sentence[at:]) if part.strip()]
