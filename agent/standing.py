"""What a conversation knows of itself: the form, the facts, what to say of them, and how they are stored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from loguru import logger

from agent.form import order
from agent.form.state import Awaiting, FormState, slot_view
from agent.form.turn import Env
from agent.own_questions import with_questions
from agent.parts import Parts
from agent.phrasing import Phraser, Utterance
from agent.record import Record, restored
from agent.reply import Reply, ToolRun
from agent.session_facts import SessionFacts, load_facts
from agent.understanding.base import Patience
from agent.understanding.expected import AGREEING, LETTING_GO, in_spanish
from agent.understanding.view import View
from core.errors import Conflict, SeiketsuError
from flows.languages import ENGLISH, localized
from flows.schema import Channel, Choice, Flow, Slot
from policies import choices
from policies.standards import suggestions
from stores import conversations as store

SPELLED_ANEW = ("N-G-U-Y-E-N", "P as in Papa")
"""How a name or an address may be put right that was read back wrong."""
NAMES = frozenset({"person_name", "areas", "address"})
"""Types of which any word may be the name, and one that is misheard makes it another one."""
FIRST = 24
"""Words of the question that come before the names; the recogniser has room for some forty in all."""


class Standing:
    """Where one conversation stands; what acts on it is built on top (resuming, acting, deciding)."""

    def __init__(self, parts: Parts, facts: SessionFacts, row: store.Conversation, owner: str):
        self.parts = parts
        self.tenant_id = facts.tenant_id
        self.channel: Channel = "voice" if row.channel == "voice" else "chat"
        self._base = parts.flows[row.flow]
        self.facts = facts
        self.recording = True
        self.may_claim_done = False
        self.call_id: UUID | None = None
        self.rehearsal = bool(row.test)
        self.record = Record(parts, self.tenant_id, row, owner)
        self._subject = row.subject_tenant_id
        self._caller = row.caller
        self._tries = row.resume_failures
        self._spoken: dict[str, Flow] = {}
        reopen = "resume" in self._base.anywhere
        self.state = restored(self._flow_in(ENGLISH), row.state, reopen=reopen)
        self._opened = bool(row.state)
        self._turns = row.version
        self._person_told = self.state.handed_over
        self._last: tuple[Utterance, ...] = ()
        self._lock = asyncio.Lock()
        self._closed = False

    @property
    def language(self) -> str:
        """What is spoken now, ISO 639-1."""
        return self.state.language

    @property
    def flow(self) -> Flow:
        """The form in the language that is spoken, with the client's own questions."""
        return self._flow_in(self.state.language)

    def _flow_in(self, language: str) -> Flow:
        if language not in self._spoken:
            words = localized(self._base, language)
            own = self.facts.questions if words.flow == "lead" else ()
            self._spoken[language] = with_questions(words, own, language)
        return self._spoken[language]

    @property
    def id(self) -> UUID:
        """The stored conversation; another one after a resume code."""
        return self.record.id

    @property
    def _resumable(self) -> bool:
        return "resume" in self.flow.anywhere

    def view(self) -> View:
        """What understanding and phrasing may look at."""
        return View(self.flow, self.state, self.channel, self._known(), self.parts.clock.now(), self._choices)

    def _known(self) -> dict[str, Any]:
        """Session facts, and what the answers so far let a question offer."""
        offers = suggestions(self.state.confirmed(), caller_id=self._caller)
        limits = str(self.state.peek("contact_limits").value).partition("_")[0]
        people = self.state.best().get("ai_voice") == "refused"
        if self.state.language == "es":
            ways = {"calls": "llamarle", "texts": "escribirle"}.get(limits, "llamarle o escribirle")
            by_whom = "a veces con una voz de inteligencia artificial"
            if people:
                by_whom = "nunca con una voz artificial"
        else:
            ways = {"calls": "call", "texts": "text"}.get(limits, "call or text")
            by_whom = "never with an AI voice" if people else "sometimes with an AI voice"
        return {**self.facts.values, **offers, "contact_ways": ways, "by_whom": by_whom}

    def _choices(self, spec: Slot) -> Sequence[Choice]:
        if spec.choices or not spec.choices_from:
            return spec.choices
        return [
            Choice(value=o.value, label=o.label, also=o.also) for o in choices.choices_for(spec.choices_from)
        ]

    def _phraser(self) -> Phraser:
        return Phraser(self.view(), self._turns)

    def _env(self) -> Env:
        reachable = bool(
            self._caller or self.state.peek("admin_mobile").counts or self.state.peek("admin_email").counts
        )
        offers = partial(suggestions, caller_id=self._caller)
        return Env(self.channel, self.facts.values, reachable, offers)

    def _step_name(self) -> str:
        step = order.current(self.flow, self.state)
        return step.step if step else ""

    def _progress(self) -> dict[str, Any]:
        done = [s.title for s in self.flow.steps if s.step in self.state.done]
        step = order.current(self.flow, self.state)
        return {"done": ", ".join(done), "current": step.title if step else "", "count": len(done)}

    async def _refresh_facts(self) -> None:
        """Read the facts again; the old ones stay when they cannot be read (what is done is done)."""
        code = self.facts.values.get("resume_code")
        try:
            self.facts = await load_facts(
                self.parts, self.tenant_id, caller=self._caller, subject=self._subject
            )
        except SeiketsuError as error:
            logger.warning("facts could not be read again: {}", error.code)
        if code:
            self._tell_code(str(code))

    _newest = ""
    """Said with a code that takes the place of one told before."""

    def _tell_code(self, code: str) -> None:
        self.facts.values["resume_code"] = code
        note = self._phraser().line("resume_note", {"resume_code": code, "newest": self._newest})
        self.facts.values["resume_note"] = note.text

    def _note_changes(self, new: FormState) -> None:
        for name, slot in new.slots.items():
            old = self.state.peek(name)
            before = (old.status, old.value, old.proposal, old.fails)
            if before != (slot.status, slot.value, slot.proposal, slot.fails):
                self.record.noted("slot", {"slot": name, **slot_view(slot), "fails": slot.fails})
        for step, status in new.done.items():
            if self.state.done.get(step) != status:
                self.record.noted("step", {"step": step, "status": status})

    async def _catch_up(self) -> None:
        """Take over what somebody else has stored."""
        row = await self.record.load()
        self.record.follow(row)
        self._subject = row.subject_tenant_id
        self.state = restored(self.flow, row.state, reopen=False)
        if row.status == "ended":
            self.state.closed = True
            self.state.awaiting = Awaiting(kind="closed")

    async def save(self) -> bool:
        """Store what was noted (``overhear``, ``spoke``) outside a turn; False when it has to wait.

        Somebody else's newer state is kept, not overwritten. Raises Conflict when another line drives.
        """
        async with self._lock:
            try:
                return await self._save()
            except Conflict as conflict:
                if conflict.code == "in_use":
                    raise
                await self._catch_up()
                return await self._save()

    async def _save(self) -> bool:
        return await self.record.save(
            self.state, step=self._step_name(), subject=self._subject, channel=self.channel
        )

    def standing(self) -> Reply:
        """Where the conversation stands, without a word: what a reply says about the form."""
        return self._reply([], [], None)

    def _reply(self, says: Sequence[Utterance], runs: Sequence[ToolRun], transfer: str | None) -> Reply:
        view, waiting = self.view(), self.state.awaiting
        names = waiting.slots or (
            order.members(self.flow, self.flow.step(waiting.step), self.state)
            if waiting.kind == "summary"
            else []
        )
        patience: Patience = "open"
        if waiting.kind in ("confirm", "summary", "offer"):
            patience = "short"
        elif waiting.kind == "ask":
            patience = view.type_of(waiting.slots[0]).patience
        vocabulary = list(dict.fromkeys(w for n in names for w in self._hints(view, n)))
        if waiting.kind in ("confirm", "summary", "offer"):
            letters = self.language == ENGLISH and any(view.type_of(n).patience == "spelled" for n in names)
            vocabulary = [*AGREEING[self.language], *(SPELLED_ANEW if letters else ()), *vocabulary]
        return Reply(
            says=tuple(said if said.language else replace(said, language=self.language) for said in says),
            tools=tuple(runs),
            ended=self.state.closed,
            transfer_to=transfer,
            patience=patience,
            vocabulary=tuple([*vocabulary[:FIRST], *self._names(), *vocabulary[FIRST:]][:60]),
            careful=any(self.flow.slots[n].type in NAMES for n in waiting.slots),
            step=self._step_name(),
            slots={n: slot_view(s) for n, s in self.state.slots.items()},
            awaiting=self.awaiting(),
            recording=self.recording,
        )

    def _hints(self, view: View, name: str) -> Sequence[str]:
        """What may be heard in answer to one slot, in the language that is spoken."""
        spec, words = view.flow.slots[name], view.type_of(name).words(view.context(name))
        if self.language != ENGLISH:
            return in_spanish(spec.type, words, str(spec.options.get("unit") or ""))
        free = spec.type == "text" and not order.must_know(view.flow, name)
        return (*words, *LETTING_GO) if free else words

    def _names(self) -> list[str]:
        """Names that may fall at any moment; those of places while no place is known."""
        places = self.facts.places()[:8] if "areas" in self.flow.slots else []
        known = self.state.peek("areas").counts if places else True
        return [*self.facts.names(), *(() if known else places)]

    def awaiting(self) -> dict[str, Any]:
        """What the caller was last asked: ``{"kind", "slots", "step"}``."""
        waiting = self.state.awaiting
        return {"kind": waiting.kind, "slots": list(waiting.slots), "step": waiting.step}
