"""Where an e-mail address stands in a text: its user part, its host, and what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from email_validator import EmailNotValidError, validate_email
from rapidfuzz.distance import OSA

from agent.understanding.base import SlotContext
from agent.understanding.dialect import american
from agent.understanding.fillers import strip_opening
from agent.understanding.hosts import PROVIDERS, expand, own_hosts, take_host
from agent.understanding.letters import confusable
from agent.understanding.placeholders import is_placeholder
from agent.understanding.spelling import Unit, decode, join, respell
from agent.understanding.wordlists import word_list, word_set

_TYPED = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+"
)


USER_PART = re.compile(
    r"^(?:the\s+)?(?:(?:part|bit|thing|piece|name)\s+)?(?:before (?:the )?(?:at|@)(?:[- ]sign)?|"
    r"first (?:part|half)|user ?name|user|"
    r"user part|name part|left (?:part|side))\s*(?:is|should be|'s|:|,)?\s+(?P<value>.+)$",
    re.IGNORECASE,
)


_STOPS = frozenset(
    [
        "is",
        "it's",
        "its",
        "im",
        "email",
        "e-mail",
        "mail",
        "address",
        "my",
        "our",
        "the",
        "that",
        "that's",
        "would",
        "be",
        "me",
        "reach",
        "to",
        "use",
        "with",
        "then",
        "sure",
        "yes",
        "well",
        "i'm",
        "you",
        "can",
        "at",
        "on",
        "by",
        "contact",
        "send",
        "so",
        "and",
        "um",
        "uh",
    ]
)


@dataclass(frozen=True, slots=True)
class Found:
    """An address in a text; ``user`` or ``host`` is "" when only the other half was said.

    ``typed``: written with its "@". ``sure``: more than plain words (spelled, dotted or with a real "@").
    """

    user: str
    host: str
    start: int
    end: int
    typed: bool
    sure: bool


def problem_of(user: str, host: str) -> str | None:
    """Why an address cannot be right, as a sentence; None when its syntax is fine."""
    label = host.split(".")[0]
    if is_placeholder(user) and user not in ("admin", "user") and (is_placeholder(label) or label == user):
        return "I need a real e-mail address, one that receives mail."
    if is_placeholder(f"{user}") and host in ("example.com", "domain.com", "email.com", "mail.com"):
        return "I need a real e-mail address, one that receives mail."
    try:
        validate_email(f"{user}@{host}", check_deliverability=False, allow_smtputf8=False)
    except (EmailNotValidError, ValueError):
        if ".." in user or user[:1] in ".-" or user[-1:] == ".":
            return "There is a dot too many in the part before the at sign. Please spell that part again."
        if not user.isascii():
            return "I can only take plain letters, digits, dots, dashes and underscores before the at sign. How is it spelled?"
        return "That doesn't work as an e-mail address. Please give me the part before the at sign first, letter by letter."
    return None


def find_mailbox(text: str, ctx: SlotContext) -> Found | None:
    """The address in a text, its user part empty when only "at <host>" is said; None without a host."""
    typed = list(_TYPED.finditer(text))
    if typed:
        match = typed[-1]
        user, _, host = match.group().rstrip(".").rpartition("@")
        spoken_before = _spoken_lead(text[: match.start()], user)
        if spoken_before is None:
            return Found(user, host.lower().strip("."), match.start(), match.end(), True, True)
    units = expand(_as_written(respell(decode(text, spelled=True)), ctx))
    ats = [i for i, unit in enumerate(units) if unit.text == "@"]
    for at in reversed(ats):
        taken = take_host(units, at + 1)
        if not taken:
            continue
        begin = _user_start(units, at, text)
        user = join(units[begin:at]).replace("'", "")
        sure = any(u.kind != "word" for u in units[begin:at]) or text[units[at].start] == "@"
        start = units[begin].start if begin < at else units[at].start
        return Found(user, taken[0], start, units[taken[1] - 1].end, False, sure)
    if ats and ats[-1] and units[ats[-1]].text == "@" and ats[-1] + 1 < len(units):
        begin = _user_start(units, ats[-1], text)
        user = join(units[begin : ats[-1]]).replace("'", "")
        label = text[units[ats[-1]].end :]
        if user and not is_talk(label) and not is_talk(text[units[begin].start : units[ats[-1]].start]):
            return Found(user, "", units[begin].start, units[ats[-1]].end, False, False)
    return None if ats else _find_without_at(text, units, ctx)


def _as_written(units: Sequence[Unit], ctx: SlotContext) -> list[Unit]:
    """Heard words in American spelling, but for the caller's own name for itself."""
    if ctx.channel != "voice":
        return list(units)
    known = f"{ctx.facts.get('organization_name', '')} {' '.join(own_hosts(ctx.facts))}"
    return [replace(u, text=american(u.text, known=known)) if u.kind == "word" else u for u in units]


def _spoken_lead(before: str, user: str) -> str | None:
    """What was spelled directly before a written tail ("m b a r t underscore 2@bhhs.com"), or None."""
    return (
        before
        if re.search(r"(?:\b[A-Za-z0-9][\s,.-]+){2,}$|\b(?:underscore|dash|dot|hyphen)\s*$", before)
        else None
    )


def _find_without_at(text: str, units: Sequence[Unit], ctx: SlotContext) -> Found | None:
    """The "at" was swallowed: "PRIYAT gmail.com", "maria gmail.com", "mariaatgmail.com"."""
    known = PROVIDERS | set(own_hosts(ctx.facts))
    letters = re.sub(r"dot|[^a-z0-9]", "", text.lower())
    if not any(re.sub(r"\W", "", host) in letters or host.split(".")[0] in letters for host in known):
        return None
    for i in range(1, len(units)):
        taken = take_host(units, i)
        if not taken or taken[0] not in known:
            continue
        end = i
        while end > 1 and units[end - 1].kind == "word" and units[end - 1].text.lower() in _LIKE_AT:
            end -= 1  # "lopez as a gmail dot com"
        begin = _user_start(units, end, text)
        if begin >= end:
            continue
        if units[i].kind != "word" and not any(u.text == "." for u in units[i : taken[1]]):
            continue  # "m, a, o, l" is not "m" at aol.com
        user = join(units[begin:end])
        if user.endswith("at") and units[end - 1].kind == "letter" and len(user) > 4:
            user = _stem(user, ctx)
        return Found(user, taken[0], units[begin].start, units[taken[1] - 1].end, False, False)
    endings = "|".join(re.escape(host) for host in sorted(known))
    for i in range(len(units)):
        taken = take_host(units, i)
        glued = re.fullmatch(rf"(.{{2,}}?)(?:at|add|ad|ed|et)({endings})", taken[0]) if taken else None
        if taken and glued:
            begin = _user_start(units, i, text)
            user = join(units[begin:i]) + glued[1]
            return Found(user, glued[2], units[begin].start, units[taken[1] - 1].end, False, False)
    return None


_LIKE_AT = word_set("the a that an as had it add ad hat and of in on add")
"""What "at" is heard as."""


def _stem(user: str, ctx: SlotContext) -> str:
    """A merged run that swallowed "at": "priyat" is "priya" if the caller's name says so, else "priy"."""
    names = {
        str(v.get(k, "")).lower()
        for v in ctx.facts.values()
        if isinstance(v, dict)
        for k in ("first", "last")
    }
    return user[:-1] if user[:-1] in names else user[:-2]


def _user_start(units: Sequence[Unit], at: int, text: str) -> int:
    """The first unit of the user part that ends before unit ``at``."""
    begin = at
    while begin > 0:
        unit = units[begin - 1]
        if unit.text == "@" or (
            unit.kind == "word" and unit.text.lower().replace("’", "'") in _STOPS - {"and"}
        ):
            break
        if unit.kind == "symbol" and unit.text in " :/":
            break
        words = begin < at and unit.kind == "word" and units[begin].kind == "word"
        if words and re.search(r"[.!?;:]\s", text[unit.end : units[begin].start]):
            break  # a sentence ended between them
        begin -= 1
    while begin < at and (units[begin].text.lower() in _STOPS and units[begin].kind == "word"):
        begin += 1
    return begin


def likely_user(user: str, facts: Mapping[str, Any]) -> str | None:
    """A user part with a name in it as the caller spelled that name before: "kim.ntuyen" -> "kim.nguyen".

    Only differences a recogniser makes: letters that sound alike, or a single one.
    """
    names = {
        str(v.get(k) or "").lower()
        for v in facts.values()
        if isinstance(v, Mapping)
        for k in ("first", "last")
    }
    pieces = re.split(r"([._+-])", user)
    for i, piece in enumerate(pieces):
        for name in sorted(names):
            if min(len(piece), len(name)) < 4 or piece in names:
                continue
            pairs = zip(piece, name, strict=False)
            alike = len(piece) == len(name) and all(a == b or confusable(a, b) for a, b in pairs)
            if alike or (len(name) >= 5 and OSA.distance(piece, name) == 1):
                return "".join([*pieces[:i], name, *pieces[i + 1 :]])
    return None


def host_in(text: str, ctx: SlotContext) -> tuple[str, str] | None:
    """A host at the beginning of a text and what follows it."""
    units = expand(_as_written(respell(decode(strip_opening(text), spelled=True)), ctx))
    stripped = strip_opening(text)
    first = 1 if units and units[0].text == "@" else 0
    taken = take_host(units, first)
    return (taken[0], stripped[units[taken[1] - 1].end :].strip(" ,.;")) if taken else None


def is_talk(text: str) -> bool:
    """Whether a text is talk rather than part of an address: everyday words in it, nothing spelled."""
    words = [u.text.lower().replace("’", "'") for u in decode(text, spelled=True) if u.kind == "word"]
    return sum(w in word_list("everyday") for w in words) >= (
        1 if len(words) > 1 else len(words) or 1
    ) and bool(words)


def user_of(text: str) -> tuple[str, float] | None:
    """The user part a text says when it says nothing else: (user, confidence), or None."""
    said = strip_opening(text)
    part = USER_PART.match(said)
    said = strip_opening(part["value"]) if part else said
    units = respell(decode(said, spelled=True))
    if units and units[-1].text == "@":
        units = units[:-1]
    words = [u for u in units if u.kind == "word"]
    if not units or any(u.text in "@ " for u in units) or not any(u.kind != "symbol" for u in units):
        return None
    if is_talk(said) or len(words) > 4 or (len(words) > 2 and not any(u.kind == "symbol" for u in units)):
        return None
    user = join(units).replace("'", "").replace("’", "").strip("/:")
    if not 1 <= len(user) <= 64 or not re.search(r"[a-z0-9]", user):
        return None
    return user, (0.85 if len(words) < len(units) or len(words) == 1 else 0.7)
