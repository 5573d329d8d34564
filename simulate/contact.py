"""A caller of a brokerage in a few lines of YAML: what is said, in answer to what, and what must come of it.

Played against the real conversation, form, tools and database, in this process. The words arrive through a
``Line``: as written, or as the recogniser heard them. A caller who is misheard does what people do: says it
again, slower, spells a name, and says no to a read-back that is wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from agent.conversation import Conversation
from agent.parts import Parts
from agent.reply import Reply
from core.errors import InvalidInput, Problem
from simulate.facts import same
from simulate.hearing import Line, Spoken, Written
from simulate.spelling import letters, spelled
from stores import appointments, knowledge, lead_rules, leads, tenancy

MOST_TURNS = 40
MOST_TURNS_SPOKEN = 70
TRIES, TRIES_SPOKEN = 3, 5
"""How often an answer is given before the caller leaves."""
AGREEING = ("confirm", "summary", "offer")
_CALLER = "+13035550177"
_UNCLEAR = ("unclear", "unheard", "silence")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OfficeNeeds(_Strict):
    """What the brokerage must have: a member of staff, a mode after hours, languages beside English, an
    answer, rules, a later hour.
    """

    agent: str | None = None
    mode: str | None = None
    languages: tuple[str, ...] = ()
    faq: dict[str, str] | None = None
    questions: list[dict[str, Any]] | None = None
    must_haves: list[dict[str, Any]] | None = None
    hours_later: float = 0


class Outcome(_Strict):
    """What must hold afterwards; what is not named is not checked. ``says`` and ``never`` are patterns."""

    lead: dict[str, Any] = {}
    no_lead: bool = False
    ended: bool | None = None
    transferred: bool | None = None
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    asked_once: bool = False
    tools: tuple[str, ...] = ()
    before_transfer: str | None = None
    tasks: tuple[str, ...] | None = None
    booked: int | None = None
    duplicate: bool = False
    language: str | None = None


class Contact(_Strict):
    """One caller. ``opens`` is said first, turn by turn; ``answers`` by the slot asked for, one a time.

    ``before`` names a caller who called an hour earlier from the same number.
    """

    name: str
    opens: tuple[str, ...]
    answers: dict[str, tuple[str, ...]] = {}
    expect: Outcome
    channel: str = "voice"
    office: OfficeNeeds = OfficeNeeds()
    before: str | None = None

    @field_validator("answers", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return {
            slot: tuple(map(_text, told if isinstance(told, list) else [told]))
            for slot, told in value.items()
        }


def _text(value: Any) -> str:
    """YAML takes an unquoted no for false."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def load_contacts(folder: Path) -> dict[str, Contact]:
    """Every caller of a folder (or of one file), by name; InvalidInput with what is wrong."""
    paths = [folder] if folder.is_file() else sorted(folder.glob("*.yaml"))
    found: dict[str, Contact] = {}
    for path in paths:
        try:
            rows = yaml.safe_load(path.read_text("utf-8"))
            for row in rows:
                found[row["name"]] = Contact.model_validate(row)
        except (OSError, yaml.YAMLError, ValidationError, TypeError, KeyError) as wrong:
            raise InvalidInput(
                f"{path} holds no callers",
                problems=[Problem(str(wrong), path.name, "see simulate/contact.py")],
            ) from wrong
    return found


@dataclass
class Played:
    """What one caller left behind. ``values`` is everything each slot ever held, ``reactions`` what the agent
    said to the words of the opening, but for the next question (keys of its phrases).
    """

    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    reactions: dict[str, set[str]] = field(default_factory=dict)
    ended: bool = False
    transferred: bool = False
    language: str = "en"
    lead: leads.Lead | None = None
    tasks: list[str] = field(default_factory=list)
    booked: int = 0

    def note(self, reply: Reply) -> None:
        """Take in an answer of the agent's."""
        self.said.append(reply.text)
        self.tools += [run.name for run in reply.tools]
        self.ended, self.transferred = reply.ended, self.transferred or bool(reply.transfer_to)
        waiting = reply.awaiting
        if waiting["kind"] == "ask" and waiting["slots"]:
            self.asked.append(waiting["slots"][0])
        for name, slot in reply.slots.items():
            held = self.values.setdefault(name, [])
            if slot["value"] is not None and slot["value"] not in held:
                held.append(slot["value"])


async def furnish(parts: Parts, tenant_id: UUID, wanted: OfficeNeeds) -> None:
    """The office as the caller needs it."""
    async with parts.db.tenant(tenant_id) as session:
        if wanted.agent:
            await tenancy.add_member(
                session, name=wanted.agent, email="dana@acme.example", role="agent", status="active"
            )
        if wanted.mode:
            await tenancy.upsert_profile(session, after_hours_mode=wanted.mode)
        if wanted.languages:
            await tenancy.upsert_profile(session, languages=["en-US", *wanted.languages])
        if wanted.faq:
            await knowledge.add_entry(
                session, kind="faq", title=wanted.faq["question"], answer=wanted.faq["answer"]
            )
        if wanted.questions:
            await lead_rules.replace_lead_rules(session, "question", wanted.questions)
        if wanted.must_haves:
            await lead_rules.replace_lead_rules(session, "must_have", wanted.must_haves)
    if wanted.hours_later:
        parts.clock.advance(hours=wanted.hours_later)  # type: ignore[attr-defined]  # a FakeClock


class Person:
    """What one caller says next. ``meant``: the same call in writing, against which what comes back is
    checked (None: nothing is).
    """

    def __init__(self, contact: Contact, meant: Played | None = None):
        self.contact, self.meant = contact, meant
        self.truth: Mapping[str, Sequence[Any]] | None = meant.values if meant else None
        self._opens = list(contact.opens)
        self._given: Counter[str] = Counter()
        self._again: Counter[str] = Counter()
        self._last_open = ""

    def next(self, talk: Conversation, reply: Reply) -> tuple[str, int] | None:
        """The words, and which time these are said; None when there is nothing left to say."""
        waiting = reply.awaiting
        slot = next(iter(waiting["slots"]), "")
        if self._last_open and self._misheard(reply) and self._again[self._last_open] < TRIES - 1:
            self._again[self._last_open] += 1
            return self._last_open, self._again[self._last_open] + 1
        self._last_open = ""
        if (correction := self._overheard(talk, reply)) is not None:
            return correction
        if self._opens:
            self._last_open = self._opens.pop(0)
            return self._last_open, 1
        if waiting["kind"] in AGREEING:
            return self._judge(talk, reply)
        told = self.contact.answers.get(slot) or self._known(talk, slot) or self._unforeseen(talk, slot)
        if not told:
            return None
        self._given[slot] += 1
        if self._given[slot] > (TRIES if self.truth is None else TRIES_SPOKEN):
            return None
        return self._answer(slot, told, self._given[slot])

    def _answer(self, slot: str, told: Sequence[str], time: int) -> tuple[str, int]:
        words = told[min(time, len(told)) - 1]
        if self.truth is None or time <= len(told):
            return words, 1
        take = time - len(told) + 1
        return again(slot, words, take), take

    def _misheard(self, reply: Reply) -> bool:
        """Not understood, or answered with nothing of what is due to it."""
        if self.meant is None:
            return False
        due = self.meant.reactions.get(self._last_open, set())
        return any(u.key.startswith(_UNCLEAR) for u in reply.says) or bool(due and not due & reacted(reply))

    def _overheard(self, talk: Conversation, reply: Reply) -> tuple[str, int] | None:
        """The correction of something wrong that the agent has just said ("Okay, Emily Store.")."""
        if self.meant is None or reply.awaiting["kind"] in AGREEING:
            return None
        text = reply.text.casefold()
        for slot in ("name", "property_address", "areas"):
            held = reply.slots.get(slot, {}).get("value")
            if not self._is_wrong(slot, held) or self._again[slot] >= TRIES_SPOKEN:
                continue
            view = talk.view()
            kind, context = view.type_of(slot), view.context(slot)
            if kind.show(held, context).casefold() not in text:
                continue
            self._again[slot] += 1
            right = kind.show((self.truth or {})[slot][-1], context)
            said = again(slot, right, self._again[slot])
            lead = {"name": "My name is", "areas": "It's"}.get(slot, "The address is")
            return f"No. {lead} {said}", self._again[slot]
        return None

    def _judge(self, talk: Conversation, reply: Reply) -> tuple[str, int]:
        spanish = talk.state.language == "es"
        self._given["yes"] += 1
        agreed = ("así es", "sí", "sí, correcto")[self._given["yes"] % 3] if spanish else "yes"
        yes = (agreed, self._given["yes"])
        if self.truth is None:
            return yes[0], 1
        names = reply.awaiting["slots"]
        wrong = next((n for n in names if self._is_wrong(n, reply.slots.get(n, {}).get("value"))), None)
        if wrong is None or self._again[wrong] >= TRIES_SPOKEN:
            return yes
        self._again[wrong] += 1
        right = self.truth[wrong][-1]
        view = talk.view()
        if self._again[wrong] > 1 and not spanish and isinstance(right, Mapping) and "first" in right:
            return f"No. {spelled(right, reply.slots[wrong].get('value'))}", self._again[wrong]
        said = view.type_of(wrong).say(right, view.context(wrong))
        if right == "none":
            return self.contact.answers.get(wrong, ("no",))[-1], self._again[wrong]
        so = "No. Es" if spanish else "No. It's"
        return f"{so} {again(wrong, said, self._again[wrong] + 1)}", self._again[wrong]

    def _known(self, talk: Conversation, slot: str) -> tuple[str, ...]:
        """What was said at the opening and did not arrive; nobody is left speechless by being asked again."""
        values = (self.truth or {}).get(slot)
        if not values or slot not in talk.flow.slots:
            return ()
        view = talk.view()
        return (view.type_of(slot).say(values[-1], view.context(slot)),)

    def _unforeseen(self, talk: Conversation, slot: str) -> tuple[str, ...]:
        """What is said to a question that would not have come if all had been understood."""
        if self.meant is None or slot not in talk.flow.slots or slot in self.meant.asked:
            return ()  # who had nothing to say to it anyway leaves there
        if talk.state.language == "es":
            return ("no, ahora no",) if talk.flow.slots[slot].type == "yes_no" else ("prefiero no decirlo",)
        return ("no, not now",) if talk.flow.slots[slot].type == "yes_no" else ("let's skip that",)

    def _is_wrong(self, name: str, held: Any) -> bool:
        may_be = (self.truth or {}).get(name, ())
        return held is not None and bool(may_be) and not any(same(_audible(value), held) for value in may_be)


def _audible(value: Any) -> Any:
    """Of a name what is heard of it: not whether it was spelled."""
    if isinstance(value, Mapping) and "first" in value:
        return {part: value[part] for part in ("first", "last") if value.get(part)}
    return value


def reacted(reply: Reply) -> set[str]:
    """What an answer says besides the next question, by the keys of its phrases."""
    return {u.key for u in reply.says if not u.key.startswith(("ask", "opening", "greeting", *_UNCLEAR))}


def again(slot: str, words: str, take: int) -> str:
    """The same once more, as people say it who were not understood: slower, then a name letter by letter."""
    if take <= 2 or slot != "name" or not re.fullmatch(r"[\w .'-]+", words):
        return words
    parts = [part for part in words.removeprefix("Me llamo ").split() if part.isalpha()]
    if not all(part.isascii() for part in parts):
        return words
    if len(parts) == 2:
        return spelled({"first": parts[0], "last": parts[1]})
    return f"{words}. {'. '.join(map(letters, parts))}."


async def play(
    parts: Parts,
    tenant_id: UUID,
    contact: Contact,
    line: Line | None = None,
    *,
    meant: Played | None = None,
    channel: str | None = None,
) -> Played:
    """One call from hello to the end; a caller with nothing left to say hangs up.

    ``meant``: the same call in writing, against which the caller checks what comes back.
    """
    line, channel = line or Written(), channel or contact.channel
    played, person = Played(), Person(contact, meant)
    talk = await Conversation.start(
        parts, tenant_id=tenant_id, channel=channel, caller=_CALLER if channel == "voice" else None
    )
    reply = await talk.open()
    played.note(reply)
    language = "en"
    for _ in range(MOST_TURNS if meant is None else MOST_TURNS_SPOKEN):
        if reply.ended or reply.transfer_to:
            break
        move = person.next(talk, reply)
        if move is None:
            break
        words, take = move
        spoken = await line.say(
            words,
            vocabulary=reply.vocabulary,
            patience=reply.patience,
            take=take,
            language=language,
            careful=reply.careful,
        )
        language = spoken.language
        played.spoken.append(spoken)
        if spoken.heard:
            reply = await talk.hear(spoken.heard, confidence=spoken.confidence)
        else:
            reply = await talk.silence()
        played.note(reply)
        if words in contact.opens:
            played.reactions.setdefault(words, set()).update(reacted(reply))
    played.language = talk.state.language
    await talk.close("transferred" if played.transferred else "finished" if played.ended else "hung up")
    async with parts.db.tenant(tenant_id) as session:
        played.lead = await leads.lead_of_conversation(session, talk.id)
        todo = await leads.open_tasks(session)
        mine = played.lead.id if played.lead is not None else None
        played.tasks = [t.kind for t in todo if t.lead_id in (mine, None)]
        played.booked = len(await appointments.list_appointments(session, statuses=("booked",)))
    return played


def wrong(expect: Outcome, played: Played, *, spoken: bool = False) -> list[str]:
    """What is not as it must be, one line each.

    ``spoken``: having been asked again is no failure, for something may have been misheard.
    """
    found = _lead_wrong(expect, played)
    heard = "\n".join(played.said)
    if expect.ended is not None and played.ended != expect.ended:
        found.append(f"not ended; last: {played.said[-1]!r}")
    if expect.transferred is not None and played.transferred != expect.transferred:
        found.append("not put through")
    found += [f"not said: {text}" for text in expect.says if not re.search(text, heard, re.I)]
    found += [f"said: {text}" for text in expect.never if re.search(text, heard, re.I)]
    if not spoken:
        found += [f"asked for {slot}" for slot in expect.not_asked if slot in played.asked[1:]]
        twice = {s for s in played.asked if played.asked.count(s) > 1} if expect.asked_once else set()
        found += [f"asked twice for {s}" for s in sorted(twice)]
    found += [f"not run: {tool}" for tool in expect.tools if tool not in played.tools]
    first = [*played.tools, "hand_over"].index("hand_over")
    if expect.before_transfer is not None and expect.before_transfer not in played.tools[:first]:
        found.append("put through before the lead was stored")
    if expect.tasks is not None:
        wanted = set(expect.tasks)
        if (wanted and not wanted <= set(played.tasks)) or (not wanted and played.tasks):
            found.append(f"tasks: {played.tasks}")
    if expect.booked is not None and played.booked != expect.booked:
        found.append(f"booked: {played.booked}")
    if expect.language is not None and played.language != expect.language:
        found.append(f"language: {played.language}")
    return found


def _lead_wrong(expect: Outcome, played: Played) -> list[str]:
    found = []
    for name, value in expect.lead.items():
        have = getattr(played.lead, name, None)
        if isinstance(value, dict) and isinstance(have, dict):
            found += [f"lead.{name}.{k}: {have.get(k)!r}" for k, v in value.items() if have.get(k) != v]
        elif have != value:
            found.append(f"lead.{name}: {have!r}, not {value!r}")
    if expect.no_lead and played.lead is not None:
        found.append("a lead was stored")
    if expect.duplicate and (played.lead is None or played.lead.duplicate_of is None):
        found.append("not known as a duplicate")
    return found
