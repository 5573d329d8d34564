"""Wishes about being reached that a caller may voice at any moment: a call-back, only calls, only texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from agent.understanding import dates, times
from agent.understanding.digits import digits_of

Ways = Literal["calls_only", "texts_only"]

_CALL_BACK = re.compile(
    r"\b(call|ring|phone)(ing)? (me|us) (back|again|later|tomorrow|tonight|this|next|on|at|in|around|after|before"
    r"|(mon|tues|wednes|thurs|fri|satur|sun)day)\b|\bgive (me|us) a (call|ring)( back)?\b"
    r"|\b(someone|somebody|anyone|anybody|a (real )?(person|human|manager)|an agent|the (listing )?agent|the manager) (to |just |please )*(call|ring|phone) (me|us)( back)?\b"
    r"|\bcan i get a call ?back\b|\bjust (call|ring|phone) me\b(?! (at|on) \+?\(?\d)|\bcan (someone|somebody|an agent|you) just (call|ring|phone)( me)?\b"
)
_PARTS = {"afternoon": 14 * 60, "evening": 18 * 60, "tonight": 19 * 60, "morning": 9 * 60}
_NOT_THEM = re.compile(
    r"\b(tell|ask|let|have|get) (?!me\b|you\b|someone|somebody|an agent)\w+( \w+)? (that|to|know|call)\b|\b(he|she|they|him|her|them) (should|can|could|to) (call|ring)"
    r"|\b(don'?t|do not|never|stop|won'?t|didn'?t|no need to|why (do|did)|who)\b.{0,20}\b(call|ring|phone)"
)
_TEXTS = r"(?:text(?:s|ing)?(?: messages?| me)?|sms|messages?)"
_ROBOTS = r"(?:(?:an? )?(?:ai|a\.i\.|robot|robo|automated|machine|computer)[- ]?(?:voices?|calls?|calling)|robots?\b|robocalls?|bots?\b)"
_CALLS = (
    rf"(?:{_ROBOTS}|calls?(?: me)?|calling(?: me)?|phone calls?|phon(?:e|ing)(?: me)?|ring(?:ing)?(?: me)?)"
)
_NO = r"(?:no(?:t)?|don'?t|do not|never|stop|without|rather not|please not?)(?: (?:by|any|more|the|send|want|like))*"
_FINE = r"(?:is|are|'s|'re|would be)? ?(?:all )?(?:fine|okay|ok|good|better|right|great)"


def _ways(refused: str, wanted: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b{_NO} {refused}\b(?=.*\b(?:{wanted} {_FINE}|(?:you )?(?:can|may) {wanted}|(?:just|only|rather) {wanted}"
        rf"|{wanted} (?:me )?(?:instead|only)))"
        rf"|\b{wanted} {_FINE}\b.*\b{_NO} {refused}\b"
        rf"|\b(?:can|may|just) {wanted}\b.*\b{_NO} {refused}\b"
        rf"|\bonly (?:by )?{wanted}(?!\w|[- ](?:back|you|in|about|from|to|regarding|because|again|around))|\b{wanted},? only\b"
    )


_ALONE = re.compile(
    r"(?:(?:yes|yeah|yep|sure|ok|okay|please|just|only|by|you can|you may|i prefer|i'd prefer|prefer|but)[\s,]+)*"
    r"(?:(?P<texts>texts?|text me|texting|text messages?|sms)|(?P<calls>calls?|call me|phone|phone calls?))"
    r"(?:[\s,]+(?:only|please|is|are|would be|fine|ok|okay|good|best|better|me|then|is better))*"
)
"""One of the two ways named alone, when both were asked about ("yeah text me")."""
_JUST = re.compile(
    rf"\bjust (?:by )?(?:(?P<texts>{_TEXTS})|(?P<calls>{_CALLS}))(?!\w|[- ](?:back|you|in|about|from|to|regarding|because|again|around))"
)
"""Where both ways were just asked about; elsewhere "just call me" wishes for a call."""
_CALLS_ONLY, _TEXTS_ONLY = _ways(_TEXTS, _CALLS), _ways(_CALLS, _TEXTS)
_DECLINED = {
    "calls_only": re.compile(rf"\b{_NO} {_TEXTS}\b"),
    "texts_only": re.compile(rf"\b{_NO} {_CALLS}\b"),
}
_NO_ROBOTS = re.compile(rf"\b{_NO} (?:to )?(?:any )?{_ROBOTS}")
_AGAIN = re.compile(
    r"\b(?:you (?:can|may)|(?:it'?s|that'?s) (?:ok(?:ay)?|fine) (?:to|if you)|i don'?t mind if you|feel free to)"
    r" (?:call|text|ring|phone|contact|message)(?: or (?:call|text))? me\b"
)


@dataclass(frozen=True, slots=True)
class CallBack:
    """``at``: the moment asked for (aware); None when only the wish was voiced."""

    at: datetime | None = None


def call_back(text: str, facts: Mapping[str, Any], now: datetime) -> CallBack | None:
    """The wish to be called back, with the moment in the office's time zone when one was named."""
    plain = _plain(text)
    if not _CALL_BACK.search(plain) or _NOT_THEM.search(plain) or len(digits_of(plain)) > 6:
        return None
    zone = ZoneInfo(str(facts.get("timezone") or "UTC"))
    local = now.astimezone(zone)
    day = next((d.day for d in dates.find_dates(dates.normal(text), local.date()) if d.days == 1), None)
    clock = next(iter(times.find_times(times.normal(text))), None)
    part = next((minutes for word, minutes in _PARTS.items() if word in plain), None)
    if day is None and clock is None and part is None:
        return CallBack()
    return CallBack(_moment(local, day, clock, part or 9 * 60))


def _moment(local: datetime, day: date | None, clock: times.Clock | None, part: int) -> datetime:
    minutes = part
    if clock is not None:
        # "at six" without half a day is the six of office hours
        minutes = clock.minutes
        if not clock.sure and minutes < 8 * 60:
            minutes += 12 * 60
    at = datetime.combine(day or local.date(), time(minutes // 60 % 24, minutes % 60), tzinfo=local.tzinfo)
    return at if at > local or day is not None else at + timedelta(days=1)


def ways_to_reach(text: str, *, asked: bool) -> Ways | None:
    """One way refused and the other welcome ("don't text, but calls are fine").

    ``asked``: calls and texts were just asked about, so "no texts" alone says as much.
    """
    plain = _plain(text)
    if asked and (alone := _ALONE.fullmatch(plain.strip(" .!,?"))):
        return "calls_only" if alone["calls"] else "texts_only"
    if asked and (just := _JUST.search(plain)):
        return "calls_only" if just["calls"] else "texts_only"
    for way, pattern in (("calls_only", _CALLS_ONLY), ("texts_only", _TEXTS_ONLY)):
        if pattern.search(plain) or (asked and _DECLINED[way].search(plain)):
            return "calls_only" if way == "calls_only" else "texts_only"
    return None


def one_way_alone(text: str) -> bool:
    """Whether one of the ways asked about is named and nothing else ("yeah text me"): agreed to, that way."""
    return _ALONE.fullmatch(_plain(text).strip(" .!,?")) is not None


def no_robots(text: str) -> bool:
    """Whether an artificial voice is refused ("no robot calls please")."""
    return _NO_ROBOTS.search(_plain(text)) is not None


_CONTACT = r"(?:call\w*|ring\w*|phon(?:e|ing)\w*|text\w*|messag\w+|contact\w*|llam\w+|escrib\w+)"
_REFUSES = re.compile(
    rf"\b(?:no|not|don'?t|dont|do not|never|without|rather not|sin)\b[^.;!?]{{0,30}}\b{_CONTACT}\b"
)
_WITHIN = re.compile(
    r"\b(?:after|before|past|until|till|between|during|despu[eé]s|antes)\b"
    r"|\b(?:on|at|in|over) (?:the )?(?:weekends?|weekdays?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|holidays"
    r"|work|my (?:job|work|office|old)|the office|home|night|dinner|mornings?|evenings?|afternoons?)\b"
    r"|\b(?:while|when) (?:i'?m|i am|we'?re|my)\b|\b(?:so|too|very|this|that) (?:early|late|often|much)\b"
    r"|\bmore than (?:once|twice|\w+ times?)\b"
    r"|\b(?:my|his|her|our) (?:wife|husband|partner|mom|mother|dad|father|kids?|work|office|old|home|landline)\b"
    r"|\b(?:today|tonight|tomorrow|this week(?:end)?)\b"
)
"""When, where or whom a refusal is about: less than everything, for ever."""
_INSTEAD = re.compile(
    r"\b(?:e-?mail|write|text|mail|send)(?: it| them| that| the \w+)? (?:to )?(?:me|us)\b|\bby e-?mail\b"
)
_FOR_GOOD = re.compile(
    r"\b(?:ever|again|any ?more|unsubscribe|remove|delete|stop|quit|leave (?:me|us) alone|no more|take (?:me|us|my|this)"
    r"|opt(?:ed)? out|off (?:of )?(?:your|the|this|my)|(?:this|that) (?:number|phone|line)|after (?:today|this|that|now)|harass\w*|nunca|jam[aá]s|deje)\b"
)


def limits_contact(text: str) -> bool:
    """Whether contact is refused at some hours, places or in one way only ("no calls after five", "email me the
    list, don't call"): less than an opt-out, which ends it all (47 CFR 64.1200(a)(10) asks for any wording)."""
    plain = _plain(text)
    found = _REFUSES.search(plain)
    if found is None or _FOR_GOOD.search(plain):
        return False
    rest = f"{plain[: found.start()]} . {plain[found.end() :]}"
    return _WITHIN.search(plain[found.start() :]) is not None or _INSTEAD.search(rest) is not None


def welcomes_contact(text: str) -> bool:
    """Whether the caller says that they may be called or texted (again)."""
    return _AGAIN.search(_plain(text)) is not None


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'"))
