"""What is said of being met: openings asked for, nobody to be met, hours that suit, another hour than those."""

from __future__ import annotations

import re
from typing import Literal

_MEETING = r"(?:tours?|viewings?|visits?|showings?|appointments?|meetings?|consult\w*)"
_NO_MEETING = re.compile(
    rf"\b(?:no|not|without|skip|(?:don'?t|do not) (?:need|want)) (?:a |an |any |the )?(?:home |house )?{_MEETING}\b"
    r"(?! (?:today|tomorrow|tonight|on|before|after|until|this|next|at|in the|mon|tue|wed|thu|fri|sat|sun))"
    r"|\bforget (?:it|about it|that|this|the (?:slots?|times?|tour|viewing|visit"
    r"|showing|appointment|meeting))\b"
    r"|\bnever ?mind\b(?! (?:the|that|about))|\b(?:look|try|search) (?:somewhere else|elsewhere)\b",
    re.I,
)
_REFUSES_ONE = re.compile(
    rf"\b(?:no|without|skip|(?:don'?t|do not) (?:need|want)) (?:a |an |any |the )?(?:home |house )?{_MEETING}\b"
    r"(?! (?:today|tomorrow|tonight|on|before|after|until|this|next|at|in the|mon|tue|wed|thu|fri|sat|sun))"
    r"|\bforget (?:about )?the (?:slots?|times?|tour|viewing|visit|showing|appointment|meeting)\b",
    re.I,
)
_DAY = (
    r"(?:nights?\b|today|tonight|tomorrow|tmrw|(?:this|next|the) (?:week(?:end)?|morning|afternoon|evening)|(?:this |next )?"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?\b|mornings?|afternoons?|evenings?|weekends?"
    r"|(?:after|before|at) \d)"
)
_TIMES = re.compile(
    rf"\b(?:openings?|availabilit\w+|appointments|an appointment|slots|times|anything) (?:are |is |still )?"
    rf"(?:open |free |available |left )?(?:on |for |in )?{_DAY}"
    r"|\b(?:any|what|which|got|your) (?:\w+ )?(?:openings?|availabilit\w+|slots?|(?:times|appointments) (?:\w+ ){0,2}"
    r"(?:open|free|available|have|left))\b"
    rf"|\bdo (?:you|u|they)(?: guys)? (?:do|work|offer|have|show)(?: homes?| houses?| tours?)? (?:on |in |at )?(?:the )?{_DAY}"
    r"|\bwhen (?:can|could|may|would) (?:i|we|u|you|somebody|someone|an agent) (?:\w+ )?"
    r"(?:see|view|visit|tour|come|meet|look|show|talk)\b"
    r"|\bwhen (?:are|is) (?!it\b|that\b|this\b|the (?:unit|place|apartment|house|home|condo)\b)(?:you|they|somebody|someone|anyone|an agent|(?:the )?\w+) (?:\w+ )?(?:free|available)\b",
    re.I,
)
_OWN = re.compile(rf"\b(?:my|our|i have an?|we have an?|i had an?) (?:\w+ )?{_MEETING}\b", re.I)
"""What somebody has already is asked about otherwise."""
_PART = (
    r"(?:mornings?|afternoons?|evenings?|nights?|weekends?|weekdays?|lunch ?(?:time|break)?|noon"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:after|before|past) (?:\d{1,2}(?::\d\d)?(?: ?[ap]m)?|work|lunch|school|noon))"
)
_PREFERS = re.compile(
    rf"\b{_PART} (?:\w+ ){{0,2}}?(?:is|are|r|'s|would be|work|works|suits?) ?(?:the |my |our |always |usually )?"
    r"(?:best|better|only (?:time|day)s?|easier|easiest|good|great|preferred|ideal|when i'?m (?:free|off)|for me)?\b"
    rf"|\b(?:best|better|free|available|only|rather|prefer(?:red)?|home|off) (?:is |are |in |on |at |by |the |during )*{_PART}\b",
    re.I,
)
_ANOTHER = re.compile(
    r"\b(?:any|some|anything|something|sometime|have|got|a (?:bit|little)|much|even|possibl[ey]|can|could|how about"
    r"|what about|maybe|slightly|rather)\b.{0,40}?\b(?P<way>later|earlier|sooner)\b(?! (?:one|time|slot|option|works?|is|please works))"
    r"|^\W*(?:(?:and|or|so|but|no|nothing)\W+)*(?P<alone>later|earlier|sooner)(?: (?:in the (?:day|week)|than that|that day))?\W*\?",
    re.I,
)
_IN_DAYS = re.compile(r"\b(?:later|earlier) (?:in|this|next|that) (?:the )?(?:week|month)\b", re.I)


def no_meeting(text: str) -> bool:
    """Whether nobody is to be met, where times were offered ("forget it", "no tour")."""
    return _NO_MEETING.search(text) is not None


def refuses_meeting(text: str) -> bool:
    """Whether a tour, a visit or times are refused by their name, at any moment."""
    return _REFUSES_ONE.search(text) is not None


def asks_for_times(text: str) -> bool:
    """Whether free times are asked for ("do you have any openings tuesday?", "when can I see something?")."""
    return _TIMES.search(text) is not None and _OWN.search(text) is None


def prefers_times(text: str) -> bool:
    """Whether the words only say what hours suit ("afternoons are best", "the weekend is the only time")."""
    return _PREFERS.search(text) is not None and len(text.split()) <= 10


def another_hour(text: str) -> Literal["later", "earlier", "sooner", "later_day", ""]:
    """Whether times behind or before those on offer are asked for ("anything later?"); "later one" is none."""
    found = _ANOTHER.search(text)
    if found is None:
        return ""
    way = (found["way"] or found["alone"]).lower()
    if way == "later" and _IN_DAYS.search(text):
        return "later_day"
    return "later" if way == "later" else "earlier" if way == "earlier" else "sooner"
