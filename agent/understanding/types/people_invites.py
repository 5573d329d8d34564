"""People to invite; canonical value: [{"email", "name", "role"}], one spoken at a time or many typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.cues import cue_span
from agent.understanding.digits import keyed
from agent.understanding.simple import SimpleType, correction

ROLES = ("owner", "admin", "agent", "viewer")
_MOST = 50
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_SPOKEN = re.compile(
    r"\b([a-z0-9][a-z0-9 ._+-]{0,40}?)\s+at\s+([a-z0-9-]+(?:\s+dot\s+[a-z0-9-]+)+)\b", re.IGNORECASE
)
_NAME = re.compile(r"([A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,3})\s*(?:[<(,:–-]|is|at)?\s*$")
_NOBODY = re.compile(
    r"^(?:no(?:body|t now| one| thanks?| thank you)?|none|skip|just me|later|nope|not (?:right now|yet|today)|i'?ll do (?:it|that) later)[.! ]*$",
    re.IGNORECASE,
)


class PeopleInvites(SimpleType):
    """A list of people with an e-mail each."""

    name = "people_invites"
    patience: Patience = "spelled"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """Every address in the answer, with the name before it and the role beside it."""
        if keyed(text) is not None:
            return None
        if _NOBODY.match(text.strip()):
            return Reading(value=[])
        found = _people(text)
        if not found:
            return None
        held = [p for p in (ctx.current or []) if isinstance(p, dict)]
        known = {p["email"].lower() for p in found}
        return Reading(
            value=[*(p for p in held if p["email"].lower() not in known), *found][:_MOST], confidence=0.85
        )

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Only behind a cue ("please invite ...")."""
        span = cue_span(text, ctx.slot.cues)
        if span is None:
            return None
        found = _people(text[span[1] :])
        return Reading(value=found, confidence=0.8) if found else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """A person less, or an address anew."""
        said = correction(text)
        current = [p for p in (ctx.current or []) if isinstance(p, dict)]
        gone = re.match(r"^(?:remove|drop|not|without|take out)\s+(.+)$", said, re.IGNORECASE)
        if gone:
            words = gone[1].lower()
            kept = [p for p in current if str(p.get("name", "")).lower().split(" ")[0] not in words.split()]
            return Reading(value=kept) if len(kept) < len(current) else None
        found = _people(said)
        return Reading(value=found) if found else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """A list of people, each with an address that could exist and a role we know."""
        if not isinstance(value, list) or len(value) > _MOST:
            return "I need a list of people with their e-mail addresses."
        for person in value:
            address = person.get("email") if isinstance(person, dict) else None
            if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
                return "Each person needs an e-mail address, like dana@example.com."
            if person.get("role", "agent") not in ROLES:
                return "The role is owner, admin, agent or viewer."
        return None

    def show(self, value: Any, ctx: SlotContext) -> str:
        """Names with their addresses; "nobody" for none."""
        people = [p for p in value or [] if isinstance(p, dict)]
        return (
            ", ".join(f"{p['name']} ({p['email']})" if p.get("name") else p["email"] for p in people)
            or "nobody"
        )

    def say(self, value: Any, ctx: SlotContext) -> str:
        """Names where there are any, else the addresses."""
        people = [p for p in value or [] if isinstance(p, dict)]
        return " and ".join(p.get("name") or p["email"] for p in people) or "nobody"

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Roles."""
        return ROLES


def _people(text: str) -> list[dict[str, str]]:
    typed = [(m.start(), m.end(), m.group()) for m in _ADDRESS.finditer(text)]
    if not typed:
        typed = [(m.start(), m.end(), f"{_joined(m[1])}@{_host(m[2])}") for m in _SPOKEN.finditer(text)]
    found: list[dict[str, str]] = []
    last = 0
    for start, end, address in typed:
        before, after = text[last:start], text[end : end + 40]
        name = _NAME.search(before.rstrip(" ,:<("))
        role = re.search(r"\b(owner|admin|agent|viewer)\b", f"{after.split(',')[0]} {before}", re.IGNORECASE)
        found.append(
            {
                "email": address.lower(),
                "name": name[1] if name else "",
                "role": role[1].lower() if role else "agent",
            }
        )
        last = end
    return found


def _host(words: str) -> str:
    """ "harbor dot com" -> "harbor.com"."""
    return re.sub(r"\s+dot\s+", ".", words, flags=re.IGNORECASE).replace(" ", "")


def _joined(words: str) -> str:
    """ "dana dot reed" -> "dana.reed", spelled letters together; words before the address are dropped."""
    plain = re.sub(r"\s+dot\s+", ".", words.strip(), flags=re.IGNORECASE)
    plain = re.sub(r"\s+underscore\s+", "_", plain, flags=re.IGNORECASE)
    pieces = plain.split()
    letters: list[str] = []
    while pieces and len(pieces[-1]) == 1:
        letters.insert(0, pieces.pop())
    return "".join(letters) if len(letters) > 1 else (pieces or letters)[-1]


TYPE = PeopleInvites()
