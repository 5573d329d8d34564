"""A web address: "www dot harbor realty dot com slash denver" -> https://harborrealty.com/denver."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.corrections import fix_characters, last_version, strip_no
from agent.understanding.cues import cue_span, drop_span
from agent.understanding.dialect import american
from agent.understanding.digits import keyed
from agent.understanding.fillers import clip, leftover, strip_opening
from agent.understanding.hosts import (
    PROVIDERS,
    TLDS,
    bare_host,
    expand,
    label_of,
    likely_host,
    own_hosts,
    say_host,
    take_host,
    valid_host,
)
from agent.understanding.letters import read_back
from agent.understanding.placeholders import is_placeholder
from agent.understanding.spelling import decode, respell, sounds_like
from agent.understanding.wordlists import word_list

_TYPED = re.compile(
    r"(?<![\w@.-])(?:(?P<scheme>https?)://)?(?P<host>(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+["
    r"A-Za-z]{2,24})(?P<port>:\d{2,5})?(?P<path>[/?][^\s,;\"'<>]*)?(?![\w@])"
)
_SCHEME = re.compile(
    r"^(?:h\s*t\s*t\s*p\s*(?:s\s*)?(?:colon|:)?\s*(?:(?:forward\s+)?slash|"
    r"/)?\s*(?:(?:forward\s+)?slash|/)?\s*|https?\s+(?:colon\s+)?(?:(?:forward\s+)?slash\s+)*)",
    re.I,
)
_WWW = re.compile(
    r"^(?:w[\s.,-]*w[\s.,-]*w|www|triple w|three w'?s|dub dub dub|(?:double[\s-]*(?:u|"
    r"you)[\s,.-]*){3})(?!\W*(?:dash|hyphen|minus|-))\s*(?:dot|\.|point)?\s*",
    re.I,
)
_ENDING = re.compile(
    r"^(?:it's\s+)?(?:dot|\.)\s*(?P<new>[a-z ]{2,14}?)(?:[\s,]+(?:not|instead of)\s+(?:dot|"
    r"\.)?\s*[a-z]+)?[.!]?$",
    re.I,
)
_SAME = re.compile(r"\bsame (?:as|domain|one)\b.*\b(?:e-?mail|domain)\b|\b(?:e-?mail|same) domain\b", re.I)
_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|correct|right|it does|sure|dtmf: ?1#?)(?!\w)[\s.,!]*(?:it does|it is|"
    r"dot com)?[\s.!]*$",
    re.I,
)
_PRIVATE = ("local", "internal", "localhost", "lan", "home", "invalid", "onion", "arpa")


class Url:
    """Canonical value: ``https://host/path``. ``options.https`` refuses plain http."""

    name = "url"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """A typed or spoken address; ``ask`` for the ending when only a name was said."""
        text = clip(text)
        if keyed(text) is not None and not _YES.match(text.strip()):
            return None
        if ctx.channel == "voice":
            name = ctx.facts.get("organization_name", "")
            text = american(text, known=f"{name} {' '.join(own_hosts(ctx.facts))}")
        partial: Mapping[str, Any] = ctx.partial if isinstance(ctx.partial, dict) else {}
        label = str(partial.get("label", ""))
        said = last_version(text)
        if said:
            again = self.parse(said[1], ctx)
            if again and again.value:
                return again
        typed = _typed(text)
        if typed:
            url, start, end = typed
            return self._made(url, ctx, leftover(drop_span(text, start, end)), 1.0)
        if label:
            ending = _ENDING.match(strip_no(text))
            if _YES.match(text.strip()):
                return self._made(f"https://{label}.com", ctx)
            if ending and ending["new"].replace(" ", "").lower() in TLDS:
                return self._made(f"https://{label}.{ending['new'].replace(' ', '').lower()}", ctx)
        body = strip_opening(text)
        spoken = _spoken(body)
        if spoken:
            return self._made(spoken[0], ctx, leftover(spoken[1]), 0.85)
        if _SAME.search(text):
            own = own_hosts(ctx.facts) or _mail_hosts(ctx.facts)
            return self._made(f"https://{own[0]}", ctx, "", 0.8) if own else None
        words = re.findall(r"[\w'’-]+", body.lower())
        everyday = sum(w in word_list("everyday") for w in words)
        name = label_of(_WWW.sub("", _SCHEME.sub("", body)))
        if 3 <= len(name) <= 40 and len(words) <= 5 and not everyday and not is_placeholder(body):
            return Reading(ask="Does that end in dot com?", partial={"label": name})
        return None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """An address after one of the slot's cues; a written one anywhere if the slot is for a website."""
        text = clip(text)
        span = cue_span(text, ctx.slot.cues)
        if span:
            reading = self.parse(text[span[1] :], ctx)
            if reading and reading.value:
                return Reading(
                    value=reading.value,
                    suggestion=reading.suggestion,
                    confidence=0.85,
                    rest=leftover(f"{drop_span(text, span[0], len(text))} {reading.rest}"),
                )
            return None
        typed = _typed(text)
        website = not ctx.slot.cues or "website" in " ".join(ctx.slot.cues)
        if (
            typed
            and website
            and re.search(r"https?://|\bwww\.", text, re.I)
            and not self.check(typed[0], ctx)
        ):
            return Reading(value=typed[0], confidence=0.9, rest=leftover(drop_span(text, typed[1], typed[2])))
        return None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """The address again, its ending, its name or one letter of it."""
        text = clip(text)
        current = ctx.current
        if not isinstance(current, str) or "://" not in current:
            return None
        said = strip_no(text)
        scheme, _, tail = current.partition("://")
        host, slash, path = tail.partition("/")
        ending = _ENDING.match(said)
        if ending and ending["new"].replace(" ", "").lower() in TLDS:
            return self._made(
                f"{scheme}://{host.rpartition('.')[0]}.{ending['new'].replace(' ', '').lower()}{slash}{path}",
                ctx,
            )
        whole = self.parse(said, ctx) if said else None
        if whole and whole.value:
            return whole
        label, dot, rest = host.partition(".")
        fixed = fix_characters(label, text)
        if fixed and fixed.value and fixed.value != label:
            return self._made(f"{scheme}://{fixed.value}{dot}{rest}{slash}{path}", ctx)
        new = label_of(said)
        if new and sounds_like(label, new):
            return self._made(f"{scheme}://{new}{dot}{rest}{slash}{path}", ctx)
        return None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """A public http(s) address; nothing on this machine or a private network."""
        if not isinstance(value, str) or len(value) > 2000 or re.search(r"\s", value):
            return "That doesn't work as a web address. What is it, for example harborrealty.com?"
        try:
            parts = urlsplit(value)
            host = parts.hostname or ""
            port = parts.port
        except ValueError:
            return "That doesn't work as a web address. What is it, for example harborrealty.com?"
        if parts.scheme not in ("http", "https") or parts.username or parts.password or port == 0:
            return "A web address has to start with https."
        if ctx.slot.options.get("https") and parts.scheme != "https":
            return "For safety this address has to start with https. Is there an https one?"
        try:
            ipaddress.ip_address(host)
        except ValueError:
            pass
        else:
            return "I need a name there, not a number. What is the web address?"
        if not valid_host(host.removesuffix(".")) or host.rsplit(".", 1)[-1] in _PRIVATE:
            return "That address can't be reached from outside. What is the public web address?"
        if is_placeholder(host.split(".")[0]) and host.split(".")[0] not in (
            "example",
            "default",
            "sample",
            "text",
            "value",
            "name",
            "test",
        ):
            return "I need the real web address."
        return None

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "harbor realty dot com slash denver"."""
        text = str(value)
        host = bare_host(text) or ""
        spoken = say_host(host, ctx.facts)
        back = _spoken(spoken)
        if not back or back[0] != f"https://{host}":
            spoken = read_back(host)
        path = re.sub(r"^[a-z]+://[^/?]*", "", text)
        pieces = [p for p in path.split("/") if p]
        return " slash ".join(
            [spoken, *[p.replace("-", " dash ").replace("_", " underscore ") for p in pieces[:4]]]
        )

    def show(self, value: Any, ctx: SlotContext) -> str:
        """Without the scheme, as people write it; webhooks keep theirs."""
        text = str(value)
        return text if ctx.slot.options.get("https") else re.sub(r"^https://", "", text).rstrip("/")

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Bias towards "dot com" and the firm's own domain."""
        return [
            "www",
            "dot com",
            "dot net",
            "slash",
            "dash",
            *[say_host(host, ctx.facts) for host in own_hosts(ctx.facts)],
        ]

    def _made(self, url: str, ctx: SlotContext, rest: str = "", confidence: float = 0.85) -> Reading:
        problem = self.check(url, ctx)
        if problem:
            return Reading(problem=problem)
        host = bare_host(url) or ""
        likely = likely_host(host, {"organization_name": ctx.facts.get("organization_name")})
        suggestion = url.replace(host, likely, 1) if likely and likely not in ("gmail.com",) else None
        return Reading(value=url, suggestion=suggestion, confidence=confidence, rest=rest)


def _typed(text: str) -> tuple[str, int, int] | None:
    """A written address in a text: (canonical, start, end), or None."""
    for match in _TYPED.finditer(text):
        host = match["host"].lower()
        ending = host.rsplit(".", 1)[-1]
        if not match["scheme"] and not host.startswith("www.") and ending not in TLDS:
            continue
        host = re.sub(r"^www\.", "", host)
        if not valid_host(host):
            continue
        path = (match["path"] or "").rstrip(".!)")
        path = "" if path == "/" else path
        before = text[: match.start()]
        if re.search(r"[A-Za-z0-9][\s-]+$", before) and re.search(
            r"(?:^|\s)(?:[A-Za-z][\s.-]+){2,}$", before
        ):
            return None  # letters were spelled in front of what was written
        if (
            not match["scheme"]
            and not match["path"]
            and re.search(r"\b(?!is|at|to|it's|site|website|address)[a-z]+\s+$", before, re.I)
            and not re.search(
                r"(?:is|are|at|to|site|address|'s|be|[:,.])\s*(?:w+\.)?$", before.strip() + " ", re.I
            )
        ):
            return None  # "harbor realty.com" is one name
        return (
            f"{(match['scheme'] or 'https').lower()}://{host}{match['port'] or ''}{path}",
            match.start(),
            match.end(),
        )
    return None


def _spoken(text: str) -> tuple[str, str] | None:
    """A spoken address at the beginning of a text: (canonical, what follows), or None."""
    shorter = _WWW.sub("", _SCHEME.sub("", strip_opening(text), count=1), count=1)
    units = expand(respell(decode(shorter, spelled=True)))
    if units and units[0].text == "@":
        units = units[1:]
    for begin in range(min(len(units), 6)):
        if begin and not (
            units[begin - 1].kind == "word"
            and units[begin - 1].text.lower() in word_list("everyday") | {"website", "site", "at", "is"}
        ):
            continue
        taken = take_host(units, begin)
        if not taken or any(u.text == "@" for u in units[: taken[1]]):
            continue
        host, at = taken
        host = re.sub(r"^www\.?", "", host) if host.startswith("www") and host.count(".") > 1 else host
        path = ""
        while at < len(units) and units[at].text == "/" and at + 1 < len(units):
            at += 1
            part = ""
            while (
                at < len(units)
                and (units[at].kind != "symbol" or units[at].text in "-_.")
                and not (units[at].kind == "word" and units[at].text.lower() in ("and", "is", "or"))
            ):
                part += units[at].text.lower()
                at += 1
            path += f"/{part}"
        return (f"https://{host}{path}", shorter[units[at - 1].end :]) if valid_host(host) else None
    return None


def _mail_hosts(facts: Mapping[str, Any]) -> list[str]:
    """Domains of e-mail addresses the session knows, but not those of mail providers."""
    found = [
        v.rpartition("@")[2]
        for v in facts.values()
        if isinstance(v, str) and re.fullmatch(r"\S+@\S+\.\S+", v)
    ]
    return [host for host in found if host not in PROVIDERS and valid_host(host)]


TYPE = Url()
