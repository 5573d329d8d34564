"""What is said of a meeting that is being arranged or stands: is it set, how is it held, what to know of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.understanding.sentences import asks, parted, sentences


def _any(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _one_of(patterns: Sequence[re.Pattern[str]], words: str) -> bool:
    return any(pattern.search(words) for pattern in patterns)


_MEETING = r"(?:appointments?|showings?|tours?|visits?|viewings?|meetings?|consult\w*|calls?|bookings?)"
_SET = (
    r"(?:booked|confirmed|set(?! (?:up|aside|back|an?|me))|scheduled|locked in|reserved|good (?:for|to go)"
    r"|on for|still (?:on|good|happening)|down for|in the system)"
)
_IS_SET = _any(
    rf"\b(?:am i|are we|is|was|it'?s|that'?s|i'?m|we'?re|so|did)\b.{{0,40}}\b{_SET}\b",
    rf"\b{_MEETING} (?:go|went) through\b|\b{_MEETING} (?:is )?(?:still )?good\b",
    rf"\b(?:do|did|have) (?:i|we|you) .{{0,20}}\b(?:{_MEETING}|booked|down for|me down)\b",
    r"\b(?:so|then)\b.{0,20}\b(?:is|will|'s)\b.{0,12}\b(?:coming|meeting|calling|come|call|meet)\b",
    r"^\W*(?:ok(?:ay)? |so )*see (?:you|u|ya|her|him|them)\b.{0,30}\?",
)
_WAY = (
    r"(?:by |on |over |via |a |the )*(?:phone|video|zoom|face ?time|call|in[- ]person|person|online|virtual)"
)
_IT = rf"(?:it|that|this|(?:the|my|our) (?:\w+ )?{_MEETING})"
_HOW_MET = _any(
    rf"\b(?:in person|face to face|{_WAY}),? or\b|\bor (?:is it )?(?:in person|face to face|{_WAY})\b",
    rf"\b(?:is|will|would|isn'?t) {_IT}(?: be)? (?:just |really |then )?{_WAY}\b",
    r"\bwho(?:'?s| is| will| am i| are we| do i) (?:be )?(?:coming|meet\w*|see\w*|calling|there|showing|it with)",
    rf"\bwhere (?:do|should|will|am|are|is) (?:i|we|{_IT}) (?:\w+ to )?(?:meet\w*|go|going|come|be|held|happen)",
    r"\b(?:do|should|will|must) (?:i|we) (?:have to |need to )?(?:come|go|drive) (?:in|to|over|there)\b",
    r"\b(?:will|does|is) (?:she|he|they|lee|somebody|someone) (?:\w+ )?(?:com(?:e|ing)|call(?:ing)?) (?:here|to|me)",
    rf"\bhow (?:do|does|will|would|are) (?:we|they|he|she|{_IT}) (?:\w+ )?(?:meet|talk|work|happen|contact|call)",
    rf"\bhow long (?:is|does|will|would) {_IT}\b(?! been)",
    rf"\bwhat'?s (?:a|{_IT}) (?:about|for|like)\b|\bwhat happens (?:at|in|on) {_IT}\b",
)
_PEOPLE = (
    r"(?:wife|husband|partner|spouse|fianc\w+|boyfriend|girlfriend|brother|sister|son|daughter|kids?|mom"
    r"|mother|dad|father|parents?|friend|roommate|aunt|uncle|cousin|contractor|inspector|attorney|family)s?"
)
_COMES_TOO = (
    r"(?:join|com(?:e|es|ing)|be (?:there|with)|there too|along|listen(?:ing)? in|dial(?:ing)? in|call in"
    r"|on the (?:line|phone|call)|attend\w*|tag)"
)
_CLAUSE = re.compile(r",\s+|\s+(?=(?:and|but) (?:my|our|i'm|i'll|we'll|can|could)\b)", re.IGNORECASE)
_TO_KNOW = (
    *_any(
        rf"\b(?:my|our|his|her|the|an?) (?:\w+ )?{_PEOPLE}\b.{{0,30}}\b{_COMES_TOO}\b",
        rf"\b(?:bring(?:ing)?|come with) (?:\w+ )?(?:my|our|an?) (?:\w+ )?{_PEOPLE}\b",
        r"\b(?:call|text|phone|ring|message|remind)(?:ing)? (?:me|us)\b.{0,40}\b(?:before(?:hand)?|on (?:the|\w+) way"
        r"|ahead|to confirm|remind\w*)\b",
        r"\b(?:confirm|text|call)\b.{0,20}\b(?:day|night|evening|hour|morning) (?:before|of)\b",
        r"\b(?:text|call) (?:me|us) when\b.{0,30}\b(?:way|here|there|outside|clos\w+|arriv\w+)\b",
        r"\b(?:gate|door|buzzer|entry) code\b|\b(?:i|we)(?:'ll| will| might| may) be .{0,20}\blate\b",
    ),
    re.compile(r"\b[A-Z][a-z]+(?:'ll| will| is| can)(?: also)? (?:be there|come|coming|join|joining)\b"),
)

_BOOKED = r"(?:(?:appointment|showing|tour|visit|viewing|meeting|consult(?:ation)?|cita)s?|visita)"
_DAY = r"(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_HOUR = r"(?:\d{1,2}(?::\d\d)? ?(?:o'? ?clock|[ap]\.?m\.?)|\d{1,2}:\d\d)"
_CANNOT = r"(?:can'?t|cannot|won'?t(?: be able to)?)"
_NO_OTHER = r"(?!.*\b(?:another|different|later|move|reschedul))"
_OFF = _any(
    rf"\b(?:cancel|call off|drop|cancelar|cancele)\b.{{0,30}}\b(?:{_BOOKED}|{_DAY}(?: thing)?|{_HOUR})",
    rf"\b{_BOOKED}\b.{{0,60}}\bcancel (?:it|that|this)\b",
    rf"\b{_CANNOT} make (?:it\b.{{0,20}}\b(?:{_BOOKED}|{_DAY})|(?:my|our|the) {_BOOKED})\b{_NO_OTHER}",
)
_CHANGE = r"(?:reschedul\w+|move|change|push(?: back)?|postpone|switch|bump|shift|cambiar|mover|reprogramar)"
_ANOTHER = r"(?:next week|later|another|other|different|next|a (?:day|week))"
_MOVED = _any(
    rf"\b{_CHANGE} (?:it|that|this|things?)\b.{{0,20}}\b(?:{_DAY}|{_ANOTHER})\b",
    rf"\b{_CANNOT} make (?:it )?{_DAY}\b.{{0,30}}\b{_ANOTHER}\b",
    rf"\b{_CANNOT} (?:make|do|come)\b.{{0,40}}\b{_DAY}\b.{{0,60}}\b{_DAY}\b",
    rf"\b(?:can|could) we (?:do|make it) {_DAY}\b.{{0,20}}\binstead\b|\b{_DAY} instead\b",
    rf"\b{_CHANGE} (?:my |the |our )?(?:{_DAY}'?s?|{_HOUR}|(?:existing )?(?:one|booking|time))(?!\w)",
    rf"\b{_CHANGE}\b.{{0,30}}\b{_BOOKED}\b|\b{_BOOKED}\b.{{0,60}}\b{_CHANGE} (?:it|that|this)\b",
    rf"\b(?:another|different|later) time for (?:my|our|the) {_BOOKED}\b|\breschedule\b",
)


def moves_it(text: str) -> bool:
    """Whether a booking is to be moved to another time."""
    return _one_of(_MOVED, text)


def calls_it_off(text: str) -> bool:
    """Whether a booking is to be cancelled."""
    return _one_of(_OFF, text)


def asks_how_met(text: str) -> bool:
    """Whether it is asked where, how, how long or with whom a meeting is ("phone or in person?")."""
    return any(asks(s) and _one_of(_HOW_MET, s) for s in sentences(text))


def asks_if_set(text: str) -> bool:
    """Whether it is asked if a meeting is booked ("am I good for noon?", "so Lee is coming then?")."""
    return any(asks(s) and _one_of(_IS_SET, s) and not _one_of(_HOW_MET, s) for s in sentences(text))


def to_know_of_it(text: str) -> str:
    """What whoever is met should know: who comes along, a word beforehand, a gate code; "" for nothing."""
    told = [part.strip(" .!?,") for part in _parts(text) if _one_of(_TO_KNOW, part)]
    return ". ".join(part[:1].upper() + part[1:] for part in told)


def only_to_know(text: str) -> bool:
    """Whether the words tell nothing else."""
    parts = [part for part in _parts(text) if part.strip(" .!?,")]
    return bool(parts) and all(_one_of(_TO_KNOW, part) for part in parts)


def _parts(text: str) -> list[str]:
    """What is told and what is asked, apart ("the second one, can my brother join?")."""
    return [part for s in sentences(text) for part in (*_CLAUSE.split(parted(s)[0]), parted(s)[1]) if part]
