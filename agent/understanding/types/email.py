"""An e-mail address: told whole or in two halves, spelled, typed, repaired by the part that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from email_validator import EmailNotValidError, validate_email

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.corrections import fix_characters, last_version, resolve_fix, strip_no
from agent.understanding.digits import keyed
from agent.understanding.fillers import leftover, strip_opening
from agent.understanding.hosts import (
    PROVIDERS,
    TLDS,
    expand,
    label_of,
    likely_host,
    own_hosts,
    say_host,
    slug,
    take_host,
)
from agent.understanding.letters import read_back, word_list
from agent.understanding.placeholders import is_placeholder
from agent.understanding.spelling import Unit, decode, join, respell, sounds_like

_TYPED = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+"
)
_CUE = re.compile(
    r"\b(?:e-?mail(?:\s+(?:address|is|me))*|reach me|write (?:to )?me|mail me|contact me|send (?:it|that|them|everything) to|"
    r"log ?in)\b[\s,:]*(?:there\s+)?(?:is|at|would be|will be|should be|'s)?(?:\s+at)?\b[\s,:]*",
    re.IGNORECASE,
)
_USER_PART = re.compile(
    r"^(?:the\s+)?(?:(?:part|bit|thing|piece|name)\s+)?(?:before (?:the )?(?:at|@)(?:[- ]sign)?|first (?:part|half)|user ?name|user|"
    r"user part|name part|left (?:part|side))\s*(?:is|should be|'s|:|,)?\s+(?P<value>.+)$",
    re.IGNORECASE,
)
_HOST_PART = re.compile(
    r"^(?:the\s+)?(?:(?:part|bit|thing|piece)\s+)?(?:after (?:the )?(?:at|@)(?:[- ]sign)?|second (?:part|half)|domain(?: name| part)?|"
    r"provider|company part|host|right (?:part|side))\s*(?:is|should be|'s|:|,)?\s+(?P<value>.+)$",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"^(?:it's\s+)?(?:dot|\.|point)\s*(?P<new>[a-z ]{2,14}?)(?:[\s,]+(?:not|instead of)\s+(?:dot|\.)?\s*[a-z]+)?[.!]?$",
    re.I,
)
_OWN = re.compile(
    r"\b(?:(?:our|the|my) (?:own |company |brokerage(?:'s)? |office |business |website(?:'s)? )?(?:domain|website|web site|site|company domain)|"
    r"same (?:as|domain|one|as our|as the)|company (?:domain|one|email))\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|correct|right|exactly|that's (?:it|right)|it is|sure|that one|uh huh|dtmf: ?1#?)(?!\w)[\s.,!]*(?:please|it is|that's (?:it|right|the one)|exactly)?[\s.!]*$",
    re.I,
)
_NO = re.compile(
    r"^(?:no|nope|another(?: one)?|a different one|no,? another(?: one)?|something else|dtmf: ?2#?)[\s.!]*$",
    re.I,
)
_STOPS = frozenset(
    ["is", "it's", "its", "im", "email", "e-mail", "mail", "address", "my", "our", "the", "that", "that's", "would", "be", "me", "reach", "to", "use", "with", "then", "sure", "yes", "well", "i'm", "you", "can", "at", "on", "by", "contact", "send", "so", "and", "um", "uh"]
)
_OTHERS = re.compile(
    r"\b(?:invite|add|his|her|hers|their|assistant|partner|colleague|agents?|team|wife|husband|customer|lead)\b",
    re.I,
)
_ABSENT = frozenset({"unknown", "null", "undefined", "notprovided", "notavailable", "noemail", "nomail", "tbd", "anonymous"})
_KEYS = "I can't read letters from the keypad. Please say the part before the at sign, letter by letter."


@dataclass(frozen=True, slots=True)
class _Found:
    user: str
    host: str
    start: int
    end: int
    typed: bool
    sure: bool


class Email:
    """Canonical value: the address in lower case, "mbart_2@bhhs.com". Syntax only; it counts as
    verified by its link (C31)."""

    name = "email"
    patience: Patience = "spelled"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """A whole address, or one half of it: then ``ask`` is for the other half."""
        if keyed(text) is not None and not (_YES.match(text.strip()) or _NO.match(text.strip())):
            return Reading(problem=_KEYS)
        partial: Mapping[str, Any] = ctx.partial if isinstance(ctx.partial, dict) else {}
        pending = self._pending_fix(text, ctx, partial)
        if pending:
            return pending
        said = last_version(text)
        if said:
            again = self.parse(said[1], ctx)
            if again and again.value:
                return again
        found = _find(text, ctx)
        if found and found.user and found.host:
            return self._whole(found, text, ctx)
        if found and found.user:
            return self._second_half(text[found.end :], found.user, ctx, {"user": found.user})
        if found and found.host:
            user = partial.get("user")
            if isinstance(user, str) and user:
                return self._made(user, found.host, ctx, text[found.end :])
            return Reading(
                ask="And the part before the at sign? Please spell it.", partial={"host": found.host}
            )
        if partial.get("user"):
            return self._second_half(text, str(partial["user"]), ctx, partial)
        half = _user_of(text)
        if half is None:
            return None
        user, confidence = half
        if partial.get("host"):
            return self._made(user, str(partial["host"]), ctx, "", confidence)
        if user in _ABSENT or _problem(user, "bhhs.com"):
            return Reading(problem=_problem(user, "bhhs.com") or "I need a real e-mail address.")
        return Reading(ask=self._ask_host(ctx), partial={"user": user}, confidence=confidence)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """An address with its "@", or a spoken one that was announced ("my e-mail is ...") or spelled."""
        found = _find(text, ctx)
        if (
            not found
            or not found.user
            or not found.host
            or not (found.typed or found.sure or _cue(text, ctx, found))
        ):
            return None
        if _OTHERS.search(text[: found.start]) and not any(_OTHERS.search(cue) for cue in ctx.slot.cues):
            return None  # somebody else's: an invitation
        reading = self._whole(found, text, ctx)
        return reading if reading.value else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Change only the part that is wrong: one letter, the user part, the domain, or its ending."""
        current = ctx.current
        if not isinstance(current, str) or "@" not in current:
            return None
        pending = self._pending_fix(text, ctx, ctx.partial if isinstance(ctx.partial, dict) else {})
        if pending:
            return pending
        user, _, host = current.rpartition("@")
        said = strip_no(text)
        if not said:
            return None
        ending = _ENDING.match(said)
        if ending and ending["new"].replace(" ", "").lower() in TLDS:
            return self._made(
                user, f"{host.rpartition('.')[0]}.{ending['new'].replace(' ', '').lower()}", ctx
            )
        for pattern, is_user in ((_USER_PART, True), (_HOST_PART, False)):
            part = pattern.match(said)
            if part:
                return self._fix_part(part["value"], user, host, is_user, ctx)
        found = _find(said, ctx)
        if found and found.host and not (found.user and _single_letter(found)):
            return self._made(found.user or user, found.host, ctx, "", 1.0 if found.typed else 0.9)
        fixed = self._fix_anywhere(text, user, host, ctx)
        if fixed:
            return fixed
        return self._replace_similar(said, user, host, ctx)

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Syntax by email-validator, without asking the network; placeholders are refused."""
        if not isinstance(value, str) or value.count("@") != 1:
            return "That is not a complete e-mail address. It needs a part before and after the at sign."
        user, _, host = value.partition("@")
        return _problem(user, host)

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "M as in Mike, B as in boy, A-R-T, underscore, 2, at b-h-h-s dot com"."""
        user, _, host = str(value).rpartition("@")
        spoken = f"{read_back(user)}, at {say_host(host, ctx.facts)}"
        found = _find(spoken, ctx)
        if found and (found.user, found.host) == (user, host):
            return spoken
        return f"{read_back(user)}, at {read_back(host)}"

    def show(self, value: Any, ctx: SlotContext) -> str:
        """As it is written."""
        return str(value)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Bias towards "at", "dot com", the providers and the caller's own domain."""
        own = [say_host(host, ctx.facts) for host in own_hosts(ctx.facts)]
        return ["at", "dot com", "underscore", "dash", "dot", "gmail dot com", "as in", *own]

    # -- halves ------------------------------------------------------------------------------------

    def _whole(self, found: _Found, text: str, ctx: SlotContext) -> Reading:
        before = _cut_cue(text[: found.start])
        rest = leftover(f"{before if strip_opening(before) else ''} {text[found.end :].lstrip(' ,.;:')}")
        return self._made(found.user, found.host, ctx, rest, 1.0 if found.typed else 0.85)

    def _made(
        self, user: str, host: str, ctx: SlotContext, rest: str = "", confidence: float = 0.85
    ) -> Reading:
        problem = _problem(user, host)
        if problem:
            return Reading(problem=problem)
        value = f"{user}@{host}".lower()
        likely = likely_host(host.lower(), ctx.facts)
        suggestion = f"{user}@{likely}".lower() if likely else None
        return Reading(value=value, suggestion=suggestion, confidence=confidence, rest=rest.strip(" ,.;:"))

    def _ask_host(self, ctx: SlotContext) -> str:
        own = own_hosts(ctx.facts)
        if own:
            return f"And after the at sign: is it {say_host(own[0], ctx.facts)}, or another one?"
        return "And what comes after the at sign?"

    def _second_half(
        self, text: str, user: str, ctx: SlotContext, partial: Mapping[str, Any]
    ) -> Reading | None:
        own = own_hosts(ctx.facts)
        label = str(partial.get("label", ""))
        said = strip_opening(text)
        if _YES.match(text.strip()) and (own or label):
            return self._made(user, f"{label}.com" if label else own[0], ctx)
        if _NO.match(text.strip()):
            ask = (
                "What does it end in? For example dot com or dot net."
                if label
                else "Then what comes after the at sign?"
            )
            return Reading(ask=ask, partial=dict(partial))
        ending = _ENDING.match(strip_no(text))
        if label and ending and ending["new"].replace(" ", "").lower() in TLDS:
            return self._made(user, f"{label}.{ending['new'].replace(' ', '').lower()}", ctx)
        host = _host_in(strip_no(said))
        if host:
            return self._made(user, host[0], ctx, host[1])
        if own and _OWN.search(text):
            return self._made(user, own[0], ctx)
        fixed = fix_characters(user, text)
        if fixed and fixed.value and re.search(r"\bas in\b|^\s*no\b", text, re.IGNORECASE):
            return Reading(ask=self._ask_host(ctx), partial={"user": fixed.value})
        label = label_of(strip_no(said)) if not _is_talk(said) else ""
        if len(label) < 2:
            return None
        name = slug(ctx.facts.get("organization_name"))
        if own and (sounds_like(label, own[0].split(".")[0]) or sounds_like(label, name)):
            return self._made(user, own[0], ctx, "", 0.7)
        return Reading(ask="Does that end in dot com?", partial={"user": user, "label": label})

    # -- corrections -------------------------------------------------------------------------------

    def _pending_fix(self, text: str, ctx: SlotContext, partial: Mapping[str, Any]) -> Reading | None:
        """The answer to "which letter should be B?"."""
        if "fix" not in partial or "@" not in str(partial.get("of", "")):
            return None
        user, _, host = str(partial["of"]).rpartition("@")
        fixed = resolve_fix(user, str(partial["fix"]), tuple(partial.get("places", ())), text)
        return self._made(fixed, host, ctx) if fixed else None

    def _fix_part(self, said: str, user: str, host: str, is_user: bool, ctx: SlotContext) -> Reading | None:
        said = strip_opening(said)
        if _is_talk(said) and not _host_in(said):
            if is_user:
                return Reading(
                    ask="What should come before the at sign? Please spell it.", partial={"host": host}
                )
            return Reading(ask="What should come after the at sign?", partial={"user": user})
        if is_user:
            fixed = fix_characters(user, said)
            if fixed and fixed.value:
                return self._made(fixed.value, host, ctx)
            half = _user_of(said)
            return self._made(half[0], host, ctx) if half else None
        taken = _host_in(said)
        if taken:
            return self._made(user, taken[0], ctx)
        label, _, tail = host.partition(".")
        fixed = fix_characters(label, said)
        if fixed and fixed.value:
            return self._made(user, f"{fixed.value}.{tail}", ctx)
        own = own_hosts(ctx.facts)
        if own and _OWN.search(said):
            return self._made(user, own[0], ctx)
        new = label_of(said)
        return self._made(user, f"{new}.{tail}", ctx) if len(new) >= 2 else None

    def _fix_anywhere(self, text: str, user: str, host: str, ctx: SlotContext) -> Reading | None:
        fixed = fix_characters(user, text)
        if fixed and fixed.value and fixed.value != user:
            return self._made(fixed.value, host, ctx)
        label, dot, tail = host.partition(".")
        other = fix_characters(label, text)
        if other and other.value and other.value != label and not (fixed and fixed.places):
            return self._made(user, f"{other.value}{dot}{tail}", ctx)
        if fixed and fixed.char:
            partial = {"fix": fixed.char, "places": list(fixed.places), "of": f"{user}@{host}"}
            return Reading(ask=fixed.question(user), partial=partial)
        return None

    def _replace_similar(self, said: str, user: str, host: str, ctx: SlotContext) -> Reading | None:
        """A bare new half: it replaces the half it resembles; spelled letters are the user part."""
        label, dot, tail = host.partition(".")
        if _is_talk(said):
            return None
        taken = _host_in(said)
        if taken and not taken[1]:
            return self._made(user, taken[0], ctx)
        units = respell(decode(said, spelled=True))
        new = join(units)
        spelled = any(u.kind != "word" for u in units)
        if len(new) < 2 or "@" in new:
            return None
        like_user, like_label = sounds_like(user, new), sounds_like(label, new)
        if like_label and not like_user and label_of(said):
            return self._made(user, f"{new}{dot}{tail}", ctx, "", 0.7)
        return self._made(new, host, ctx, "", 0.8) if like_user or spelled else None


def _problem(user: str, host: str) -> str | None:
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


def _find(text: str, ctx: SlotContext) -> _Found | None:
    """The address in a text, its user part empty when only "at <host>" is said; None without a host."""
    typed = list(_TYPED.finditer(text))
    if typed:
        match = typed[-1]
        user, _, host = match.group().rstrip(".").rpartition("@")
        spoken_before = _spoken_lead(text[: match.start()], user)
        if spoken_before is None:
            return _Found(user, host.lower().strip("."), match.start(), match.end(), True, True)
    units = expand(respell(decode(text, spelled=True)))
    ats = [i for i, unit in enumerate(units) if unit.text == "@"]
    for at in reversed(ats):
        taken = take_host(units, at + 1)
        if not taken:
            continue
        begin = _user_start(units, at, text)
        user = join(units[begin:at]).replace("'", "")
        sure = any(u.kind != "word" for u in units[begin:at]) or text[units[at].start] == "@"
        start = units[begin].start if begin < at else units[at].start
        return _Found(user, taken[0], start, units[taken[1] - 1].end, False, sure)
    if ats and ats[-1] and units[ats[-1]].text == "@" and ats[-1] + 1 < len(units):
        begin = _user_start(units, ats[-1], text)
        user = join(units[begin : ats[-1]]).replace("'", "")
        label = text[units[ats[-1]].end :]
        if user and not _is_talk(label) and not _is_talk(text[units[begin].start : units[ats[-1]].start]):
            return _Found(user, "", units[begin].start, units[ats[-1]].end, False, False)
    return None if ats else _find_without_at(text, units, ctx)


def _spoken_lead(before: str, user: str) -> str | None:
    """What was spelled directly before a written tail ("m b a r t underscore 2@bhhs.com"), or None."""
    return (
        before
        if re.search(r"(?:\b[A-Za-z0-9][\s,.-]+){2,}$|\b(?:underscore|dash|dot|hyphen)\s*$", before)
        else None
    )


def _find_without_at(text: str, units: Sequence[Unit], ctx: SlotContext) -> _Found | None:
    """The "at" was swallowed: "PRIYAT gmail.com", "maria gmail.com", "mariaatgmail.com"."""
    known = PROVIDERS | set(own_hosts(ctx.facts))
    for i in range(1, len(units)):
        taken = take_host(units, i)
        begin = _user_start(units, i, text)
        if not taken or taken[0] not in known or begin >= i:
            continue
        if units[i].kind != "word" and not any(u.text == "." for u in units[i : taken[1]]):
            continue  # "m, a, o, l" is not "m" at aol.com
        user = join(units[begin:i])
        if user.endswith("at") and units[i - 1].kind == "letter" and len(user) > 4:
            user = _stem(user, ctx)
        return _Found(user, taken[0], units[begin].start, units[taken[1] - 1].end, False, False)
    endings = "|".join(re.escape(host) for host in sorted(known))
    for i in range(len(units)):
        taken = take_host(units, i)
        glued = re.fullmatch(rf"(.{{2,}}?)at({endings})", taken[0]) if taken else None
        if taken and glued and _user_start(units, i, text) == i:
            return _Found(glued[1], glued[2], units[i].start, units[taken[1] - 1].end, False, False)
    return None


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
        if begin < at and unit.kind == "word" and units[begin].kind == "word":
            if re.search(r"[.!?;:]\s", text[unit.end : units[begin].start]):
                break
        begin -= 1
    while begin < at and (units[begin].text.lower() in _STOPS and units[begin].kind == "word"):
        begin += 1
    return begin


def _host_in(text: str) -> tuple[str, str] | None:
    """A host at the beginning of a text and what follows it."""
    units = expand(respell(decode(strip_opening(text), spelled=True)))
    stripped = strip_opening(text)
    first = 1 if units and units[0].text == "@" else 0
    taken = take_host(units, first)
    return (taken[0], stripped[units[taken[1] - 1].end :].strip(" ,.;")) if taken else None


def _is_talk(text: str) -> bool:
    """Whether a text is talk rather than part of an address: everyday words in it, nothing spelled."""
    words = [u.text.lower().replace("’", "'") for u in decode(text, spelled=True) if u.kind == "word"]
    return sum(w in word_list("everyday") for w in words) >= (
        1 if len(words) > 1 else len(words) or 1
    ) and bool(words)


def _user_of(text: str) -> tuple[str, float] | None:
    """The user part a text says when it says nothing else: (user, confidence), or None."""
    said = strip_opening(text)
    part = _USER_PART.match(said)
    said = strip_opening(part["value"]) if part else said
    units = respell(decode(said, spelled=True))
    if units and units[-1].text == "@":
        units = units[:-1]
    words = [u for u in units if u.kind == "word"]
    if not units or any(u.text in "@ " for u in units) or not any(u.kind != "symbol" for u in units):
        return None
    if _is_talk(said) or len(words) > 4 or (len(words) > 2 and not any(u.kind == "symbol" for u in units)):
        return None
    user = join(units).replace("'", "").replace("’", "").strip("/:")
    if not 1 <= len(user) <= 64 or not re.search(r"[a-z0-9]", user):
        return None
    return user, (0.85 if len(words) < len(units) or len(words) == 1 else 0.7)


def _single_letter(found: _Found) -> bool:
    return len(found.user) == 1 and not found.typed


def _cue(text: str, ctx: SlotContext, found: _Found) -> bool:
    before = text[: found.start].lower()
    return bool(_CUE.search(before)) or any(cue.lower() in before for cue in ctx.slot.cues)


def _cut_cue(before: str) -> str:
    """What came before an address, without the words that announced it."""
    before = re.sub(r"(?:[\s,.]*\b(?:u+[mh]+|e+r+m*))+[\s,.]*$", " ", before, flags=re.I)
    cut = re.sub(
        r"[\s,]*(?:(?:and|so|um|well|yes|sure)[\s,]+)*(?:it's|it is|that's|that would be|that is)[\s,]*$",
        "",
        before,
        flags=re.I,
    )
    cut = re.sub(
        r"[\s,.;]*(?:(?:and|so|um|well|yes|sure|yeah)[\s,]+)*(?:(?:my|our|the|her|his)\s+)?(?:\w+\s)?e-?mail(?:\s+address)?\s*(?:is|would be|'s|:)?[\s,]*$",
        "",
        cut,
        flags=re.I,
    )
    return re.sub(
        r"[\s,.;]*(?:(?:and|so)\s+)?(?:you can )?(?:reach|contact|write|email|e-mail) me[\s,]*(?:at|on|to)?[\s,]*$",
        "",
        cut,
        flags=re.I,
    )


TYPE = Email()
