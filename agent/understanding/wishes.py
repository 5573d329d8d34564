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
from agent.understanding.types.timezone import zone_named
from policies.written_times import as_read

Ways = Literal["calls_only", "texts_only"]

_CALL_BACK = re.compile(
    r"\b(call|ring|phone)(ing)? (me|us) (back|again|later|tomorrow|tonight|this|next|on|at|in|around|after|before"
    r"|(mon|tues|wednes|thurs|fri|satur|sun)day)\b|\bgive (me|us) a (call|ring)( back)?\b"
    r"|\b(someone|somebody|anyone|anybody|a (real )?(person|human|manager)|an agent|the (listing )?agent|the manager) (to |just |please )*(call|ring|phone) (me|us)( back)?\b"
    r"|\bcan i get a call ?back\b|\bjust (call|ring|phone) me\b(?! (at|on) \+?\(?\d)|\bcan (someone|somebody|an agent|you) just (call|ring|phone)( me)?\b"
)
_TALK = re.compile(
    r"\b(?:talk|speak|chat) (?:to|with) (?:someone|somebody|anyone|an? (?:\w+ )?(?:agent|person|realtor|human)|you)\b"
    r"|\bjust (?:a|the) call\b|\ba call (?:is|would be|works)\b|\b(?:phone|telephone)[- ](?:consult\w*|call|meeting|appointment|chat)\b",
    re.I,
)
"""A talk, which is a call where a day or an hour is named; without one a person is wanted now."""
_ISO = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_DAY = r"(?:today|tonight|tomorrow|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)"
_HOUR_AFTER = re.compile(
    rf"\b(?:at|around|about|by|after|before|until|till|from|between|call me|call us|back|{_DAY},?) $"
)
_HOUR_BEFORE = re.compile(rf" ?(?:o'?clock|ish|sharp|-|or \d|to \d)|,? (?:on )?{_DAY}\b")
"""What stands before or behind a bare number that is an hour."""
_THEIR_TIME = re.compile(r"\b(?:my|our) time\b|\b(?:eastern|central|mountain|pacific|[ecmp][sd]?t)\b")
_PARTS = {"afternoon": 14 * 60, "evening": 18 * 60, "tonight": 19 * 60, "morning": 9 * 60}
_NOT_THEM = re.compile(
    r"\b(?:has|is|have|are|does|was)n'?t (?:\w+ )?(?:call|ring|phon)|\b(?:nobody|no one) (?:\w+ )?(?:call|rang|phon)|"
    r"\b(tell|ask|let|have|get) (?!me\b|you\b|someone|somebody|an agent)\w+( \w+)? (that|to|know|call)\b|\b(he|she|they|him|her|them) (should|can|could|to) (call|ring)"
    r"|\b(don'?t|do not|never|stop|won'?t|didn'?t|no need to|why (do|did)|who)\b.{0,20}\b(call|ring|phone)"
)
_TEXTS = r"(?:text(?:s|ing)?(?: messages?| me)?|sms|messages?)"
_ROBOTS = (
    r"(?:(?:an? |any |the |your |some )*(?:(?:ai|a\.i\.|artificial(?: intelligence)?|robot(?:ic)?|robo|automated|automatic|machine|computer(?:i[sz]ed)?"
    r"|synthetic|(?:pre-?)?recorded|fake|virtual)[- ]?(?:voices?|calls?|calling|callers?|agents?|assistants?|dial(?:ers?|ing)|messages?)\b"
    r"|robots?\b|robo-?calls?\b|bots?\b|machines?\b|ai\b(?! \w)))"
)
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
    r"(?:(?:yes|yeah|yep|yea|ya|yup|sure|ok|okay|fine|please|just|only|by|you can|you may|i prefer|i'd prefer|prefer|but)[\s,]+)*"
    r"(?:(?P<texts>texts?|text me|texting|text messages?|sms)|(?P<calls>calls?|call me|phone|phone calls?))"
    r"(?:[\s,]+(?:only|please|is|are|would be|fine|ok|okay|good|best|better|me|then|is better))*"
)
"""One of the two ways named alone, when both were asked about ("yeah text me")."""
_MAIL = r"(?:e-?mails?(?: me| it)?)"
_MAIL_ONLY = re.compile(
    rf"\b{_MAIL},? only\b|\b(?:only|just|rather|prefer|by|please|stick to|keep it to) (?:by |use )?{_MAIL}\b"
    rf"|\b{_MAIL} (?:is|would be|'s|works)? ?(?:the )?(?:best|better|fine|good|easier|easiest|preferred|ok|okay|great)\b"
    rf"|^\W*(?:no|nope|nah)?\W*{_MAIL}(?: please| me)?\W*$|\bi'?d (?:rather|prefer) (?:an? )?{_MAIL}\b"
)
"""E-mail, where calls and texts were asked about."""
_NO_PHONE = re.compile(
    rf"\bno (?:phone )?contact(?: at all| by phone)?\b|\bno phone contact\b|\b(?:not|nothing|never) (?:by|on|over) (?:the |my )?phone\b"
    rf"|\b{_NO} {_CALLS}[\s,]*(?:,|and|or|nor|&)?\s*(?:{_NO} )?{_TEXTS}\b|\b{_NO} {_TEXTS}[\s,]*(?:,|and|or|nor|&)?\s*(?:{_NO} )?{_CALLS}\b"
    r"|\bneither\b"
)
"""Neither of the two."""
_ANY_TEXT, _ANY_CALL = re.compile(rf"\b{_TEXTS}\b"), re.compile(rf"\b{_CALLS}\b")
_GOOD = re.compile(
    r"\b(?:fine|best|better|good|great|ok|okay|works?|easier|easiest|preferred|prefer|perfect|cool|alright"
    r"|(?:you|u|they|someone|somebody|an agent) (?:can|may|could))\b"
)
_WHEN = re.compile(
    r"\b(?:mornings?|evenings?|afternoons?|nights?|weekends?|weekdays?|lunch(?:time)?|(?:after|before|past|until) "
    r"(?:\d{1,2}(?::\d\d)?(?: ?[ap]\.?m)?|noon|work|dinner|lunch|school|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))\b"
)
_JUST = re.compile(
    rf"\bjust (?:by )?(?:(?P<texts>{_TEXTS})|(?P<calls>{_CALLS}))(?!\w|[- ](?:back|you|in|about|from|to|regarding|because|again|around))"
)
"""Where both ways were just asked about; elsewhere "just call me" wishes for a call."""
_CALLS_ONLY, _TEXTS_ONLY = _ways(_TEXTS, _CALLS), _ways(_CALLS, _TEXTS)
_DECLINED = {
    "calls_only": re.compile(rf"\b{_NO} {_TEXTS}\b"),
    "texts_only": re.compile(rf"\b{_NO} {_CALLS}\b"),
}
_NO_TEXTS = re.compile(r"\bno (?:texts|texting|text messages?|sms)\b")
_NOT_BY = (
    r"(?: (?:to|be|being|get|getting|receive|have|having|use|using|let|be called|called|call|calls|calling|phoned|ring|phone|contacted|from|by"
    r"|with|me|us|through|ever))*"
)
_NOT_SAID_OF = (
    r"(?<!i'm )(?<!i am )(?<!you're )(?<!are you )(?<!you are )(?<!it's )(?<!this is )(?<!is this )"
)
"""Nobody is refused by "I'm not a robot"."""
_EITHER = re.compile(rf"(?!.*\b(?:only|just)\b){_TEXTS} {_FINE}$")
_FILLERS = re.compile(
    r"^(?:(?:i|i'd|we|me|us|and|but|so|ok(?:ay)?|also|by the way|please|thanks|thank you|por favor|pero|y)\b[\s,.!]*)+"
    r"|(?:[\s,.!]*\b(?:and|but|please|though|me|i|thanks|thank you|por favor|pero|y))+$"
)
_NO_ROBOTS = re.compile(
    rf",?\s*(?:\b(?:but|and|just|please|also|only|i|i'd|i would|we) )*{_NOT_SAID_OF}\b{_NO}{_NOT_BY} {_ROBOTS}(?: me| us)?(?: (?:to )?(?:call|calls|calling|ring|phone|contact)(?:ing)?(?: me| us)?)?(?: please| though)?"
    r"|,?\s*\b(?:but )?(?:as long as|provided|only if|so long as) (?:it'?s |that'?s |it is )?(?:an? |the )?(?:real |actual |live |human )*(?:person|human(?: being)?|people)"
    r"(?: (?:calls|who calls|calling|on the (?:line|phone)))?"
    r"|,?\s*\b(?:pero |y |solo )*(?:sin|no|ni|nunca|nada de)(?: (?:quiero|que|me|llame[ns]?|llamadas?|con|por|de|una?|el|las?|los))*"
    r" (?:robots?|voz artificial|voces artificiales|voz de (?:ia|robot|inteligencia artificial)|inteligencia artificial|máquinas?|(?:llamadas )?automáticas|ia\b)"
)
_PEOPLE_FINE = re.compile(
    rf"\b(?:persons?|humans?|people|someone|somebody|agents?)(?: \w+)? (?:may|can|could|is|are) (?:call|ring|phone|contact|fine|okay|ok|welcome)\w*"
    rf"|\b(?:{_TEXTS}|{_CALLS})(?: from (?:a |an )?(?:real )?(?:person|people|human|agent)s?)? (?:is|are|would be) (?:all )?(?:fine|okay|ok|good|great)"
    r"|\b(?:you|they) (?:can|may) (?:call|text|ring|phone|message|contact)\b|\b(?:as long as|only if|so long as|provided) (?:it'?s |that'?s |it is )?(?:an? )?(?:real )?(?:person|human)"
    r"|\b(?:una persona|alguien|un agente) (?:me )?(?:sí )?(?:puede|puedan|me llame)|\b(?:mensajes|llamadas)(?: de personas?)? (?:está|están) bien|\bque (?:me )?llame una persona"
)
"""Somebody may call or write, if no machine."""
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
    then = _TALK.search(plain) is not None and not _CALL_BACK.search(plain)
    if not (then or _CALL_BACK.search(plain)) or _NOT_THEM.search(plain) or len(digits_of(plain)) > 6:
        return None
    zone = ZoneInfo(str(facts.get("timezone") or "UTC"))
    local = now.astimezone(zone)
    if _THEIR_TIME.search(plain) and (named := zone_named(text)):
        local = now.astimezone(ZoneInfo(named))  # "3 pm my time, I'm in Chicago"
    text = plain = as_read(plain, local.date())
    day = next((d.day for d in dates.find_dates(dates.normal(text), local.date()) if d.days == 1), None)
    said = times.normal(_ISO.sub(" ", text))
    clock = next((c for c in times.find_times(said) if _is_hour(c, said)), None)
    part = next((minutes for word, minutes in _PARTS.items() if word in plain), None)
    if then and day in (None, local.date()) and clock is None:
        return None  # a person is asked for now
    if day is None and clock is None and part is None:
        return CallBack()
    return CallBack(_moment(local, day, clock, part or 9 * 60))


def _is_hour(clock: times.Clock, said: str) -> bool:
    """Whether a number is an hour: "a video call first" and "I have two kids" name none."""
    return (
        not clock.plain
        or _HOUR_AFTER.search(said[: clock.start]) is not None
        or _HOUR_BEFORE.match(said[clock.end :]) is not None
    )


def without_talk(text: str) -> str:
    """The words without the talk that is wished for, which is what a call is about."""
    return _TALK.sub("a call", text)


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
    whole, plain = _plain(text), without_robots(text)  # who wants no robots has not refused people
    robots = no_robots(whole)
    if robots and _EITHER.search(plain):
        return None  # "text is fine but no AI voice" refuses no person's call
    if asked and (alone := _ALONE.fullmatch(plain.strip(" .!,?"))) and (alone["texts"] or not robots):
        return "calls_only" if alone["calls"] else "texts_only"
    if asked and _GOOD.search(plain) and not _MAIL_ONLY.search(plain) and not _REFUSES.search(plain):
        texts, calls = _ANY_TEXT.search(plain) is not None, _ANY_CALL.search(plain) is not None
        if texts != calls and not robots:
            return "texts_only" if texts else "calls_only"  # "call is fine, evenings"
    if asked and (just := _JUST.search(plain)):
        return "calls_only" if just["calls"] else "texts_only"
    for way, pattern in (("calls_only", _CALLS_ONLY), ("texts_only", _TEXTS_ONLY)):
        if pattern.search(plain) or (asked and _DECLINED[way].search(plain)):
            return "calls_only" if way == "calls_only" else "texts_only"
    return None


def by_mail_only(text: str) -> bool:
    """Whether calls and texts, which were just asked about, are refused for e-mail ("email is best")."""
    plain = without_robots(text)
    if not _MAIL_ONLY.search(plain):
        return False
    # "email is best but you can text" leaves a way open
    open_ = re.search(
        rf"\b(?:{_TEXTS}|{_CALLS}) {_FINE}|\b(?:you )?(?:can|may) (?:{_TEXTS}|{_CALLS})|\bor (?:{_TEXTS}|{_CALLS})\b",
        plain,
    )
    return open_ is None


def refuses_texts_only(text: str) -> bool:
    """Whether texts are refused and nothing else is: less than an opt-out ("evenings only and no texts")."""
    plain = without_robots(text)
    rest = _NO_TEXTS.sub(" ", plain)
    less = rest == plain or _FOR_GOOD.search(plain) or _NO_PHONE.search(plain)
    return not less and _REFUSES.search(rest) is None


def no_phone(text: str) -> bool:
    """Whether neither calls nor texts are wanted, which were just asked about."""
    plain = without_robots(text)
    return _NO_PHONE.search(plain) is not None and not _GOOD.search(_NO_PHONE.sub(" ", plain))


def welcomes_one_way(text: str) -> bool:
    """Whether calls are called fine, or texts, and nothing is refused ("call is fine, evenings")."""
    plain = without_robots(text)
    return _GOOD.search(plain) is not None and _REFUSES.search(plain) is None


def says_when(text: str) -> bool:
    """Whether hours or days to be reached at are named beside ("call is fine, evenings")."""
    return _WHEN.search(_plain(text)) is not None


def one_way_alone(text: str) -> bool:
    """Whether one of the ways asked about is named and nothing else ("yeah text me"): agreed to, that way."""
    return _ALONE.fullmatch(_plain(text).strip(" .!,?")) is not None


def no_robots(text: str) -> bool:
    """Whether an artificial voice is refused ("no robot calls please")."""
    return _NO_ROBOTS.search(_plain(text)) is not None


def without_robots(text: str) -> str:
    """What else was said ("text is fine but no AI voice": "text is fine")."""
    rest = _NO_ROBOTS.sub(" ", _plain(text)).strip(" ,.;!")
    return _FILLERS.sub("", _FILLERS.sub("", rest)).strip(" ,.;!") if no_robots(text) else rest


def welcomes_people(text: str) -> bool:
    """Whether a person's call or a text is agreed to in so many words ("a person may call")."""
    return any(_PEOPLE_FINE.search(words) is not None for words in (without_robots(text), _plain(text)))


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
    if found is None or _FOR_GOOD.search(plain) or (_CALL_BACK.search(plain) and not _NOT_THEM.search(plain)):
        return False  # "no tour, just have someone call me tomorrow" wishes for a call
    rest = f"{plain[: found.start()]} . {plain[found.end() :]}"
    return _WITHIN.search(plain[found.start() :]) is not None or _INSTEAD.search(rest) is not None


def ends_contact(text: str) -> bool:
    """Whether contact is to end for good, whatever else is asked for ("stop calling me", "take me off the list")."""
    return _FOR_GOOD.search(_plain(text)) is not None


_UNINTERESTED = re.compile(
    r"\b(?:not|never|no longer|(?:do|am|is|are|was)n'?t)\b(?: [\w']+){0,3} interested\b|\bno (?:me|nos) interesa\w*"
    r"|\bno estamos interesad[oa]s\b|\bnever ?mind\b"
)
_OF_BEING_REACHED = (
    "call phon ring rang dial text messag contact communicat reach writ email e-mail mail letter flyer market bother"
    " pester harass spam hear list record database number info remov delet cross scratch tak lose unsub opt stop quit"
    " cease end alone ever never forever again more enough follow sign people times told peace next"
    " llam escrib marc marq molest mand número numero nunca jamás deje basta vuelv paz"
)
"""Beginnings of words of being called, written to or kept, and of how long: a refusal with one may mean that."""
_REACHED = re.compile(rf"\b(?:leave (?:me|us)\b|{'|'.join(_OF_BEING_REACHED.split())})")


def only_uninterested(text: str) -> bool:
    """Whether somebody wants nothing, and says nothing of being called or written to ("I'm not interested")."""
    plain = _plain(text)
    rest = _UNINTERESTED.sub(" ", plain)
    return rest != plain and _REACHED.search(rest) is None


def welcomes_contact(text: str) -> bool:
    """Whether the caller says that they may be called or texted (again)."""
    return _AGAIN.search(_plain(text)) is not None


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'"))
