"""An e-mail address: told whole or in two halves, spelled, typed, repaired by the part that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.corrections import fix_characters, last_version, resolve_fix, strip_no
from agent.understanding.digits import keyed
from agent.understanding.fillers import clip, leftover, strip_opening
from agent.understanding.hosts import (
    TLDS,
    label_of,
    likely_host,
    own_hosts,
    say_host,
    slug,
)
from agent.understanding.letters import read_back
from agent.understanding.mailbox import (
    USER_PART,
    Found,
    find_mailbox,
    host_in,
    is_talk,
    likely_user,
    problem_of,
    user_of,
)
from agent.understanding.spelling import decode, join, respell, sounds_like

_CUE = re.compile(
    r"\b(?:e-?mail(?:\s+(?:address|is|me))*|reach me|write (?:to )?me|mail me|contact me|send (?:it|"
    r"that|them|everything) to|"
    r"log ?in)\b[\s,:]*(?:there\s+)?(?:is|at|would be|will be|should be|'s)?(?:\s+at)?\b[\s,:]*",
    re.IGNORECASE,
)
_HOST_PART = re.compile(
    r"^(?:the\s+)?(?:(?:part|bit|thing|piece)\s+)?(?:after (?:the )?(?:at|@)(?:[- ]sign)?|"
    r"second (?:part|half)|domain(?: name| part)?|"
    r"provider|company part|host|right (?:part|side))\s*(?:is|should be|'s|:|,)?\s+(?P<value>.+)$",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"^(?:it's\s+)?(?:dot|\.|point)\s*(?P<new>[a-z ]{2,14}?)(?:[\s,]+(?:not|instead of)\s+(?:dot|"
    r"\.)?\s*[a-z]+)?[.!]?$",
    re.I,
)
_OWN = re.compile(
    r"\b(?:(?:our|the|my) (?:own |company |brokerage(?:'s)? |office |business |"
    r"website(?:'s)? )?(?:domain|website|web site|site|company domain)|"
    r"same (?:as|domain|one|as our|as the)|company (?:domain|one|email))\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|correct|right|exactly|that's (?:it|right)|it is|sure|that one|uh huh|"
    r"dtmf: ?1#?)(?!\w)[\s.,!]*(?:please|it is|that's (?:it|right|the one)|exactly)?[\s.!]*$",
    re.I,
)
_NO = re.compile(
    r"^(?:no|nope|another(?: one)?|a different one|no,? another(?: one)?|something else|dtmf: ?2#?)[\s.!]*$",
    re.I,
)
_TYPED = re.compile(
    r",\s+(?:and )?(?:[^,@]{0,30}\s)?(?P<user>[\w+-]*[._][\w.+-]*) at (?=[\w-]+ dot )", re.IGNORECASE
)
"""A user part typed as one word after a comma: the words before it belong to something else."""
_OTHERS = re.compile(
    r"\b(?:invite|add|his|her|hers|their|assistant|partner|colleague|agents?|team|wife|husband|"
    r"customer|lead)\b",
    re.I,
)
_ABSENT = frozenset(
    {"unknown", "null", "undefined", "notprovided", "notavailable", "noemail", "nomail", "tbd", "anonymous"}
)
_KEYS = "I can't read letters from the keypad. Please say the part before the at sign, letter by letter."


class Email:
    """Canonical value: the address in lower case, "mbart_2@bhhs.com". Syntax only; it counts as
    verified only by its link."""

    name = "email"
    patience: Patience = "spelled"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """A whole address, or one half of it: then ``ask`` is for the other half."""
        text = clip(text)
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
        found = find_mailbox(text, ctx)
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
        half = user_of(text)
        if half is None:
            return None
        user, confidence = half
        if partial.get("host"):
            return self._made(user, str(partial["host"]), ctx, "", confidence)
        if user in _ABSENT or problem_of(user, "bhhs.com"):
            return Reading(problem=problem_of(user, "bhhs.com") or "I need a real e-mail address.")
        return Reading(ask=self._ask_host(ctx), partial={"user": user}, confidence=confidence)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """An address with its "@", or a spoken one that was announced ("my e-mail is ...") or spelled."""
        text = clip(text)
        if typed := _TYPED.search(text):
            text = text[typed.start("user") :]
        found = find_mailbox(text, ctx)
        if (
            not found
            or not found.user
            or not found.host
            or not (found.typed or found.sure or _cue(text, ctx, found))
        ):
            return None
        sentence = re.split(r"[.!?]\s+", text[: found.start])[-1]
        if _OTHERS.search(sentence) and not any(_OTHERS.search(cue) for cue in ctx.slot.cues):
            return None  # somebody else's: an invitation
        reading = self._whole(found, text, ctx)
        return reading if reading.value else None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Change only the part that is wrong: one letter, the user part, the domain, or its ending."""
        text = clip(text)
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
        for pattern, is_user in ((USER_PART, True), (_HOST_PART, False)):
            part = pattern.match(said)
            if part:
                return self._fix_part(part["value"], user, host, is_user, ctx)
        found = find_mailbox(said, ctx)
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
        return problem_of(user, host)

    def say(self, value: Any, ctx: SlotContext) -> str:
        """ "M as in Mike, B as in boy, A-R-T, underscore, 2, at b-h-h-s dot com"."""
        user, _, host = str(value).rpartition("@")
        spoken = f"{read_back(user)}, at {say_host(host, ctx.facts)}"
        found = find_mailbox(spoken, ctx)
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

    def _whole(self, found: Found, text: str, ctx: SlotContext) -> Reading:
        before = _cut_cue(text[: found.start])
        rest = leftover(f"{before if strip_opening(before) else ''} {text[found.end :].lstrip(' ,.;:')}")
        return self._made(found.user, found.host, ctx, rest, 1.0 if found.typed else 0.85)

    def _made(
        self, user: str, host: str, ctx: SlotContext, rest: str = "", confidence: float = 0.85
    ) -> Reading:
        problem = problem_of(user, host)
        if problem:
            return Reading(problem=problem)
        value = f"{user}@{host}".lower()
        # a firm is not called like its domain: what was typed is doubted only where it looks mistyped
        likely = likely_host(host.lower(), ctx.facts if confidence < 1.0 else {})
        name = likely_user(user.lower(), ctx.facts) if confidence < 1.0 else None
        suggestion = f"{name or user}@{likely or host}".lower() if likely or name else None
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
        host = host_in(strip_no(said), ctx)
        if host:
            return self._made(user, host[0], ctx, host[1])
        if own and _OWN.search(text):
            return self._made(user, own[0], ctx)
        fixed = fix_characters(user, text)
        if fixed and fixed.value and re.search(r"\bas in\b|^\s*no\b", text, re.IGNORECASE):
            return Reading(ask=self._ask_host(ctx), partial={"user": fixed.value})
        label = label_of(strip_no(said)) if not is_talk(said) else ""
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
        if is_talk(said) and not host_in(said, ctx):
            if is_user:
                return Reading(
                    ask="What should come before the at sign? Please spell it.", partial={"host": host}
                )
            return Reading(ask="What should come after the at sign?", partial={"user": user})
        if is_user:
            fixed = fix_characters(user, said)
            if fixed and fixed.value:
                return self._made(fixed.value, host, ctx)
            half = user_of(said)
            return self._made(half[0], host, ctx) if half else None
        taken = host_in(said, ctx)
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
        if is_talk(said):
            return None
        taken = host_in(said, ctx)
        if taken and not taken[1]:
            return self._made(user, taken[0], ctx)
        units = respell(decode(said, spelled=True))
        new = join(units)
        spelled = any(u.kind != "word" for u in units)
        if len(new) < 2 or "@" in new or not re.search(r"[a-z0-9]{2}", new):
            return None
        like_user, like_label = sounds_like(user, new), sounds_like(label, new)
        if like_label and not like_user and label_of(said):
            return self._made(user, f"{new}{dot}{tail}", ctx, "", 0.7)
        return self._made(new, host, ctx, "", 0.8) if like_user or spelled else None


def _single_letter(found: Found) -> bool:
    return len(found.user) == 1 and not found.typed


def _cue(text: str, ctx: SlotContext, found: Found) -> bool:
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
        r"[\s,.;]*(?:(?:and|so|um|well|yes|sure|yeah)[\s,]+)*(?:(?:my|our|the|her|"
        r"his)\s+)?(?:\w+\s)?e-?mail(?:\s+address)?\s*(?:is|would be|'s|:)?[\s,]*$",
        "",
        cut,
        flags=re.I,
    )
    return re.sub(
        r"[\s,.;]*(?:(?:and|so)\s+)?(?:you can )?(?:reach|contact|write|email|e-mail) me[\s,]*(?:at|"
        r"on|to)?[\s,]*$",
        "",
        cut,
        flags=re.I,
    )


TYPE = Email()
