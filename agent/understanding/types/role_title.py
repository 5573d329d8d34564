"""What somebody is in the firm: broker, owner, office manager ... an open set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import OSA

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.corrections import last_version, strip_no
from agent.understanding.digits import keyed
from agent.understanding.fillers import clip, leftover, strip_opening
from agent.understanding.placeholders import is_placeholder
from agent.understanding.wordlists import word_list

_CARRIER = re.compile(
    r"^(?:(?:yes|yeah|so|well|and|actually)[\s,.]+)*(?:(?:i'm|i’m|i am|im|i work|i serve|i act|he's|"
    r"she's|they're|we're)\s*(?:here\s+)?(?:as\s+)?|(?:my|the|his|her)\s+(?:job\s+|"
    r"official\s+)?(?:title|role|position|job|function)\s*(?:is|would be|:)?\s*|as\s+)"
    r"(?:basically\s+|actually\s+|currently\s+|just\s+|also\s+|both\s+|only\s+|really\s+)*(?:the\s+|"
    r"a\s+|an\s+|their\s+|our\s+|one of the\s+|head\s+(?=of\b))?",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"^(?:(?:just|only|basically|mainly|primarily|both|also)\s+)*(?:the|a|an|one of the|our|their)\s+",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"[\s,.;]+(?:of (?=the (?:company|brokerage|office|firm|team|business)|[A-Z])|at|for|from|with|"
    r"here|there|in (?=[A-Z]|the|our)|and (?:i|my|our|we|the|you)\b|but|so|which|who|since|because|"
    r"yes|yeah|my|our|i|we)(?=$|[\s,.;']).*$",
    re.IGNORECASE | re.DOTALL,
)
_AGAIN = re.compile(r"^\W*(?:(?:like|as) )?i (?:just |already )?(?:said|told you)[\s,.:]+", re.I)
_OPENS = re.compile(r"^\W*(?:(?:oh|ah|well|hm+)\b[\s,.]+)+", re.I)
_UNSURE = re.compile(r"[\s,]+i (?:suppose|reckon|guess|think)\W*$", re.I)
_BEHIND_NAME = re.compile(
    r"^(?P<who>[A-Z][\w'’-]+(?: [A-Z][\w'’.-]+){0,3}),\s+(?:the |an? )?(?P<role>\S.+)$", re.S
)
"""A name and what somebody is: "Rita Chow, broker in charge"."""
_INTRODUCED = re.compile(
    r"\b(?:[Ii]'m|[Ii] am|[Tt]his is|[Mm]y name is|[Mm]y name's)\s+[A-Z][\w'’-]+(?: [A-Z][\w'’.-]+){0,3},\s+(?:the |an? )?(?P<role>\S.+)",
    re.S,
)
_OWNS = re.compile(
    r"(?:\b(?:i|we) |^\W*)(?:own|founded|started|bought) (?:it|the|this|my|our|a)\b|\b(?:it's|it is|"
    r"that's) my (?:own )?(?:company|brokerage|business|firm|office|place)\b",
    re.I,
)
_RUNS = re.compile(r"\bi (?:run|manage|handle) the (?:office|front desk)\b", re.I)
HEAD = "Runs the Business"
"""What somebody is who names no title and says that it is theirs to run."""
_HEADS = re.compile(
    r"\bi run (?:it|th(?:e|is) (?:whole )?(?:place|thing|company|business|brokerage|firm|show|shop))\b", re.I
)
_SPOT = re.compile(
    r"\b(?:i['’]?m|i am|i work as|i serve as|my (?:title|role|position|job) is|as)\s+(?:also\s+|"
    r"both\s+|actually\s+|just\s+)*(?:(?:the|an?|their|our|his|her)\s+)?(?=(?P<role>.+))",
    re.I | re.S,
)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:invit\w*|add|adding|sign up|set up|put|make|hire\w*|have|with)\b(?:(?!\bi'?m\b|\bi am\b).)*$",
    re.I | re.S,
)
_UPPER = {
    "ceo": "CEO",
    "coo": "COO",
    "cfo": "CFO",
    "cto": "CTO",
    "isa": "ISA",
    "it": "IT",
    "c e o": "CEO",
    "vp": "VP",
}
_SMALL = frozenset(["of", "in", "the", "and", "for", "to"])
_SAME = {
    "broker/owner": "broker owner",
    "owner broker": "broker owner",
    "co owner": "co-owner",
    "co founder": "co-founder",
    "office admin": "office administrator",
    "buyers agent": "buyer's agent",
    "admin": "administrator",
    "c e o": "ceo",
    "vice president": "vice president",
}


def _respelled(text: str) -> str:
    """Words of a role with one slip of the keys put right: "borker owner"."""
    known = sorted({w for role in word_list("roles") for w in role.split() if len(w) > 4})
    words = text.split()
    for i, word in enumerate(words):
        low = word.lower().strip(".,")
        if len(low) > 4 and low not in known:
            words[i] = next((w for w in known if OSA.distance(low, w) == 1), word)
    return " ".join(words)


class RoleTitle:
    """Canonical value: the title as written, "Managing Broker". Any short title is accepted."""

    name = "role_title"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The title without "I'm the ..." and without the firm behind it."""
        text = clip(text)
        if keyed(text) is not None:
            return None
        said = last_version(text)
        if said:
            again = self.parse(said[1], ctx)
            if again and again.value:
                return again
        body = strip_opening(_UNSURE.sub("", _OPENS.sub("", _AGAIN.sub("", text))))
        if (
            is_placeholder(body)
            and re.search(r"\w", body)
            and body.lower() not in ("customer", "user", "later", "agent", "none")
        ):
            return Reading(problem="I need your role, for example broker or office manager.")
        known = _known(_ARTICLE.sub("", _CARRIER.sub("", body)))
        if known:
            return Reading(value=known[0], confidence=0.95, rest=known[1])
        among = next((k for part in body.split(",") if (k := _known(_ARTICLE.sub("", part.strip())))), None)
        if "," in body and among and not _BEHIND_NAME.match(body):
            return Reading(value=among[0], confidence=0.9)  # "soy la dueña, the owner"
        typed = _known(_respelled(_ARTICLE.sub("", _CARRIER.sub("", body))))
        if typed:
            return Reading(value=typed[0], confidence=0.9, rest=typed[1])
        behind = _BEHIND_NAME.match(body)
        if behind and (behind_name := _known(behind["role"]) or self._loose(behind["role"])):
            return Reading(
                value=behind_name[0], confidence=0.85, rest=leftover(f"{behind['who']} {behind_name[1]}")
            )
        if _OWNS.search(text):
            return Reading(value="Owner", confidence=0.85)
        if _RUNS.search(text):
            return Reading(value="Office Manager", confidence=0.75)
        if _HEADS.search(text):
            return Reading(value=HEAD, confidence=0.75)
        if (said_among := self.spot(text, ctx)) is not None:
            return said_among  # "the broker is my dad, I'm the marketing coordinator"
        loose = self._loose(body)
        return Reading(value=loose[0], confidence=0.65, rest=loose[1]) if loose else None

    def _loose(self, body: str) -> tuple[str, str] | None:
        """A title nobody listed ("VP of operations"), and what follows it."""
        title = _CUT.sub("", _ARTICLE.sub("", _CARRIER.sub("", body))).strip(" ,.;:!?\"'")
        rest = body[body.find(title) + len(title) :] if title else ""
        words = re.findall(r"[^\W\d_]+(?:['’/-][^\W\d_]+)*", title)
        everyday = sum(
            w.lower().replace("’", "'") in word_list("everyday") - {"of", "and", "the", "to", "for", "first"}
            for w in words
        )
        if (
            not words
            or len(title) < 2
            or len(words) > 6
            or len(title) > 60
            or everyday
            or re.search(r"\d{2,}|@", title)
        ):
            return None
        written = _written(title)
        sound = 2 <= len(written) <= 60 and not is_placeholder(written)
        return (written, leftover(rest)) if sound else None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A well-known role after "I'm the ..."."""
        text = clip(text)
        for match in _SPOT.finditer(text):
            if _SOMEBODY_ELSE.search(text[: match.start()]):
                continue  # "please invite Kim as an agent"
            known = _known(match["role"])
            if known:
                return Reading(
                    value=known[0], confidence=0.85, rest=leftover(f"{text[: match.start()]} {known[1]}")
                )
        behind = _INTRODUCED.search(text)
        if behind is not None and (known := _known(behind["role"])):
            return Reading(
                value=known[0], confidence=0.85, rest=leftover(f"{text[: behind.start('role')]} {known[1]}")
            )
        owner = re.search(
            r"\bi(?:'m|’m| am) (?:the |an? )?(?P<role>owner|broker|manager) (?:of|at)\b", text, re.I
        )
        return Reading(value=_written(owner["role"]), confidence=0.8) if owner else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """A correction states the title again."""
        text = clip(text)
        said = re.sub(r"[\s,]+(?:not|instead of)\s+.+$", "", strip_no(text), flags=re.IGNORECASE)
        reading = self.parse(said, ctx) if said else None
        return reading if reading and reading.value != ctx.current else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """2-60 characters with letters."""
        if (
            not isinstance(value, str)
            or not 2 <= len(value.strip()) <= 60
            or not re.search(r"[^\W\d_]", value)
        ):
            return "I need a role, for example broker or office manager."
        if is_placeholder(value) and value.lower() not in ("customer", "user"):
            return "I need your role, for example broker or office manager."
        return None

    def say(self, value: Any, ctx: SlotContext) -> str:
        """The title, in lower case as in a sentence; abbreviations stay."""
        return " ".join(w if w.isupper() else w.lower() for w in str(value).split())

    def show(self, value: Any, ctx: SlotContext) -> str:
        """The title."""
        return str(value)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """The roles people usually have."""
        return ["broker", "owner", "managing broker", "office manager", "team leader", "realtor"]


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    roles = sorted(word_list("roles"), key=len, reverse=True)
    one = "|".join(re.escape(role).replace(r"\ ", r"[\s-]+") for role in roles)
    return re.compile(
        rf"^(?P<one>{one})(?:s)?\b(?:[\s,]*(?:and|slash|/|-|&|,)\s*(?:also\s+)?(?:the\s+|"
        rf"a\s+)?(?P<two>{one})\b)?",
        re.IGNORECASE,
    )


def _known(text: str) -> tuple[str, str] | None:
    """A well-known role (or two: "broker and owner") at the beginning of a text, and the rest; None if none."""
    match = _pattern().match(text.strip())
    if not match:
        return None
    after = text.strip()[match.end() :]
    if re.match(r"['’]s?\s", after) or (
        re.match(
            r"\s+(?!of\b|at\b|for\b|here\b|there\b|and\b|with\b|in\b|from\b|yes\b|please\b|but\b|"
            r"so\b)[^\W\d_]+",
            after,
        )
        and not after.startswith((",", "."))
    ):
        return None
    roles = [
        _written(_SAME.get(re.sub(r"[\s-]+", " ", r.lower()), r)) for r in (match["one"], match["two"]) if r
    ]
    return " and ".join(dict.fromkeys(roles)), leftover(_firm(after))


def _firm(after: str) -> str:
    """The rest of a sentence after a role, without "of the company"."""
    return re.sub(
        r"^\s*(?:of|at|for|here|there|in)\s+(?:the\s+|our\s+|this\s+|my\s+)?(?:company|brokerage|"
        r"office|firm|team|business)?\b(?=[\s,.]|$)",
        "",
        after,
        flags=re.I,
    )


def _written(title: str) -> str:
    """Capitals as titles have them: "managing broker" -> "Managing Broker", "ceo" -> "CEO"."""
    low = re.sub(r"\s+", " ", title.strip()).lower()
    if low in _UPPER:
        return _UPPER[low]
    words = [
        _UPPER.get(w) or (w if w in _SMALL and i else "-".join(p[:1].upper() + p[1:] for p in w.split("-")))
        for i, w in enumerate(low.split())
    ]
    return " ".join(words)


TYPE = RoleTitle()
