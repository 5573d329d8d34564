"""People to invite; canonical value: [{"email", "name", "role"}], one spoken at a time or many typed.

An empty list is an answer ("no one", "later"). A name without an address is asked for the address.
``options.max`` is how many can be invited.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.cues import cue_span
from agent.understanding.digits import keyed
from agent.understanding.numbers import fold
from agent.understanding.polarity import polarity
from agent.understanding.simple import SimpleType, correction
from agent.understanding.types import email

ROLES = ("owner", "admin", "agent", "viewer")
_MOST = 50
_ROLE_WORDS = {
    "owner": r"owners?|co-?owner|partner as owner",
    "admin": r"admin(?:istrator)?s?|office manager|manager|assistant|coordinator|full access",
    "viewer": r"viewers?|read[- ]only|view[- ]only|just (?:to )?(?:look|view|watch)",
    "agent": r"agents?|realtors?|associates?|salesperson|buyer'?s agent|broker associate",
}
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_HOST = re.compile(
    r"\bat\s+(?:(?!at\b|and\b|is\b|my\b)[\w-]+\s+){1,5}?dot\s+(?:com|net|org|co|us|io|biz|info|edu|"
    r"realty|realtor|homes|email|me)\b"
    r"(?:\s+dot\s+[a-z]{2})?|\bat\s+[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE,
)
_SIGNS = {"dot", "underscore", "dash", "hyphen", "plus", "minus", "point", "period"}
_NAME = re.compile(r"([A-Z][\w'’-]+(?: (?:[A-Z]\.|[A-Z][\w'’-]+)){0,3})")
_NO_NAME = frozenset(
    [
        "Please",
        "Invite",
        "Add",
        "And",
        "Also",
        "My",
        "Her",
        "His",
        "Their",
        "The",
        "With",
        "As",
        "An",
        "Email",
        "E-mail",
        "Mail",
        "Address",
        "Is",
        "At",
        "It",
        "Its",
        "It's",
        "Just",
        "Yes",
        "Okay",
        "Ok",
        "Sure",
        "So",
        "Um",
        "Uh",
        "Agent",
        "Admin",
        "Owner",
        "Viewer",
        "Then",
        "First",
        "Next",
        "Send",
        "We",
        "I",
        "I'd",
        "We'd",
        "Let",
        "Let's",
        "Can",
        "Could",
        "You",
        "Role",
        "Assistant",
        "Partner",
    ]
)
_NOBODY = re.compile(
    r"(?:no(?:body|t now| one)?|none|nobody else|skip(?: (?:it|that|this))?|just (?:me|us)|only me|"
    r"later|maybe later|not (?:right now|yet|today|now)|"
    r"(?:i'll|we'll|i will|i can) (?:do|add|invite) (?:it|that|them|people) later|(?:no|there's no) "
    r"(?:invites?|team)|nobody (?:yet|right now|for now)|"
    r"i'm (?:the only one|alone|good)|don't (?:invite|add) anyone)(?:,? (?:for now|right now|thanks|"
    r"thank you|please|yet|else))*"
)


class PeopleInvites(SimpleType):
    """A list of people with an e-mail each."""

    name = "people_invites"
    patience: Patience = "spelled"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """Every address in the answer with its name and role; what is held already is kept."""
        if keyed(text) is not None:
            return None
        if _NOBODY.fullmatch(fold(text).strip(" .!")) or polarity(text) == "no":
            return Reading(value=[p for p in ctx.current or [] if isinstance(p, dict)])
        found = _people(text, ctx)
        partial = ctx.partial if isinstance(ctx.partial, dict) else {}
        if len(found) == 1 and partial.get("name") and not found[0]["name"]:
            found[0] = {
                **found[0],
                "name": str(partial["name"]),
                "role": str(partial.get("role", found[0]["role"])),
            }
        if found:
            return self._with(found, ctx)
        name = _name_in(text)
        if name and not partial:
            role = _role(text)
            return Reading(
                ask=(f"What's {name.split()[0]}'s e-mail address?"), partial={"name": name, "role": role}
            )
        return None

    def _with(self, found: Sequence[dict[str, str]], ctx: SlotContext) -> Reading:
        known = {p["email"] for p in found}
        held = [p for p in ctx.current or [] if isinstance(p, dict) and p.get("email") not in known]
        people = [*held, *{p["email"]: p for p in found}.values()]
        problem = self.check(people, ctx)
        return Reading(problem=problem) if problem else Reading(value=people, confidence=0.85)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Addresses behind a cue ("please invite ...")."""
        span = cue_span(text, ctx.slot.cues)
        found = _people(text[span[1] :], ctx) if span else []
        return Reading(value=found, confidence=0.8) if found and self.check(found, ctx) is None else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """A person less, another role ("make Dana an admin"), or a person more."""
        said = correction(text)
        current = [p for p in ctx.current or [] if isinstance(p, dict)]
        words = set(re.findall(r"[\w.@+-]+", fold(said)))

        def meant(person: dict[str, str]) -> bool:
            first = fold(person.get("name", "")).split(" ")[0]
            return (bool(first) and first in words) or person.get("email", "") in words

        chosen = [p for p in current if meant(p)]
        if chosen and re.match(r"(?:remove|drop|not|without|take (?:out|off)|delete|don't)\b", fold(said)):
            return Reading(value=[p for p in current if p not in chosen])
        role = _role(said, default="")
        if chosen and role and not _ADDRESS.search(said) and not _HOST.search(said):
            return Reading(value=[{**p, "role": role} if p in chosen else p for p in current])
        found = _people(said, ctx)
        if not found:
            return None
        if chosen or len(current) == 1 == len(found):
            # the same person, the address anew
            old = (chosen or current)[0]
            merged = {
                **found[0],
                "name": found[0]["name"] or old.get("name", ""),
                "role": old.get("role", "agent"),
            }
            return Reading(value=[merged if p is old else p for p in current])
        return self._with(found, ctx)

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """A list of people, each with an address that could exist and a role we know; none twice."""
        most = int(ctx.slot.options.get("max", _MOST))
        if not isinstance(value, list):
            return "I need a list of people with their e-mail addresses."
        if len(value) > most:
            return f"At most {most} people can be invited. Please leave some out."
        for person in value:
            address = person.get("email") if isinstance(person, dict) else None
            if not isinstance(address, str) or not _ADDRESS.fullmatch(address) or len(address) > 254:
                return "Each person needs an e-mail address, like dana@example.com."
            if person.get("role", "agent") not in ROLES:
                return "The role is owner, admin, agent or viewer."
        if len({p["email"].lower() for p in value}) != len(value):
            return "One e-mail address is there twice."
        return None

    def show(self, value: Any, ctx: SlotContext) -> str:
        """Names with addresses and roles; "nobody" for none."""
        people = [p for p in value or [] if isinstance(p, dict)]
        return "; ".join(
            f"{p['name']} <{p['email']}>, {p.get('role', 'agent')}" if p.get("name") else f"{p['email']}, {p.get('role', 'agent')}"
            for p in people
        ) or "nobody"  # fmt: skip

    def say(self, value: Any, ctx: SlotContext) -> str:
        """Name, address and role of each."""
        people = [p for p in value or [] if isinstance(p, dict)]
        said = [
            f"{p['name'] + ' at ' if p.get('name') else ''}{email.TYPE.say(p['email'], ctx)}, as "
            f"{'an' if p.get('role', 'agent')[0] in 'ao' else 'a'} {p.get('role', 'agent')}"
            for p in people
        ]
        return "; ".join(said) or "nobody"

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Roles."""
        return ROLES


def _role(text: str, default: str = "agent") -> str:
    folded = fold(text)
    return next((r for r, words in _ROLE_WORDS.items() if re.search(rf"\b(?:{words})\b", folded)), default)


def _name_in(text: str) -> str:
    """The last run of capitalised words that is a name."""
    for match in reversed(list(_NAME.finditer(text))):
        words = [w for w in match.group().split() if w not in _NO_NAME and not re.search(r"\d|@", w)]
        if words:
            return " ".join(words)
    return ""


def _spoken(text: str, ctx: SlotContext) -> list[tuple[int, int, str]]:
    """Addresses said aloud: the letters, signs or the one word before each "at ... dot com"."""
    found = []
    for host in _HOST.finditer(text):
        words = list(re.finditer(r"[\w'-]+", text[: host.start()]))
        start = host.start()
        word_taken = False
        while words:
            word = words[-1].group().lower()
            gap = text[words[-1].end() : start]
            letter = len(word) == 1 or word.isdigit()
            if gap.strip(" ,-") or not (letter or word in _SIGNS or not word_taken):
                break
            if not letter and word not in _SIGNS:
                if start != host.start() and text[start : start + 12].split()[0].lower() not in _SIGNS:
                    break
                word_taken = True
            elif word in _SIGNS:
                word_taken = False
            start = words.pop().start()
        reading = email.TYPE.parse(text[start : host.end()], ctx)
        if reading is not None and isinstance(reading.value, str):
            found.append((start, host.end(), reading.value))
    return found


def _people(text: str, ctx: SlotContext) -> list[dict[str, str]]:
    plain = SlotContext(name=ctx.name, slot=ctx.slot, channel=ctx.channel, facts=ctx.facts, now=ctx.now)
    places = [(m.start(), m.end(), m.group()) for m in _ADDRESS.finditer(text)] or _spoken(text, plain)
    found: list[dict[str, str]] = []
    for i, (start, end, address) in enumerate(places):
        before = text[places[i - 1][1] if i else 0 : start]
        stop = places[i + 1][0] if i + 1 < len(places) else len(text)
        after = re.split(r"[;\n]|,? and (?=[A-Z])|,\s*(?=[A-Z])", text[end:stop])[0]
        if i:
            # what stands before the first separator belonged to the person before
            before = re.split(r"^[^;\n,]*?(?:;|\n|,? and |, )", before, maxsplit=1)[-1]
        role = _role(after, default="") or _role(before)
        found.append({"email": address.lower(), "name": _name_in(before), "role": role})
    return list({p["email"]: p for p in found}.values())


TYPE = PeopleInvites()
