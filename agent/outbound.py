"""A conversation on a call that we placed: its own opening, nothing asked twice, no word to a machine.

The opening is the fixed one of outbound calls (C07, C08), what the lead said before is in the form already,
and a voice that is heard to be a machine's gets silence (C14). All else is as on any other call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from loguru import logger

from agent.conversation import Conversation
from agent.form.state import SlotState
from agent.parts import Parts
from agent.phrasing import Utterance
from agent.reply import Reply
from agent.session_facts import SessionFacts
from agent.understanding.view import View
from core.errors import NotFound, SeiketsuError
from flows.schema import Flow
from policies import dialing
from stores import conversations as store
from stores import leads
from tools import dial_reports

ASKED_ANEW = frozenset({"appointment", "visit", "talk_now", "outcome", "message", "contact_limits"})
"""What was answered for that day, or is what the call is about."""
OF_LEAD = ("areas", "beds", "baths", "represented", "financing", "property_address")
LISTENS_FOR = 3
"""So many turns it is listened for a machine; whoever has answered as often is a person."""


@dataclass
class PlacedFacts(SessionFacts):
    """What a call we placed knows: why, and the number to call back."""

    purpose: str = ""
    callback: str = ""

    def opening(self, channel: str, flow_opening: str) -> list[tuple[str, str]]:
        """The outbound opening, then what the law of the client's states adds; no greeting for callers."""
        brand, persona = str(self.values["brand"]), str(self.values["persona"])
        said = dialing.outbound_opening(brand, persona, self.callback, self.purpose, recorded=self.recorded)
        words = " ".join([said, *self.notices])
        return [("opening", words.replace("{", "{{").replace("}", "}}"))]


class OutboundConversation(Conversation):
    """Begin with ``begin``."""

    machine = False
    """It was heard that nobody is there; nothing that was said is anybody's answer."""
    _placed: Mapping[str, Any] = {}
    _heard = 0
    _screened = False

    @classmethod
    async def begin(cls, parts: Parts, placed: Mapping[str, Any], **given: Any) -> OutboundConversation:
        """As ``Conversation.start``. ``placed``: {"purpose", "callback", "lead"} of what it comes from."""
        conversation = await cls.start(parts, **given)
        assert isinstance(conversation, OutboundConversation)
        conversation._placed = placed
        conversation.facts = conversation._with_purpose(conversation.facts)
        known = await conversation._known_before()
        conversation._preset = frozenset(known) | {"intent"}
        if not conversation._opened:
            conversation._fill_in(known)
        return conversation

    def _prepare(self) -> None:
        """Office hours make no difference: it was us who called."""

    # -- what is known --------------------------------------------------------------------------------

    def _with_purpose(self, facts: SessionFacts) -> SessionFacts:
        held = {f.name: getattr(facts, f.name) for f in fields(SessionFacts)}
        callback = dialing.spoken_number(str(self._placed["callback"]))
        return PlacedFacts(**held, purpose=str(self._placed["purpose"]), callback=callback)

    async def _refresh_facts(self) -> None:
        await super()._refresh_facts()
        self.facts = self._with_purpose(self.facts)

    def _flow_in(self, language: str) -> Flow:
        flow = super()._flow_in(language)
        closing = dialing.dialing().outbound_closing
        words = closing.get(language, closing["en"])
        if flow.closing != words:
            flow = self._spoken[language] = flow.model_copy(update={"closing": words})
        return flow

    async def _known_before(self) -> dict[str, Any]:
        """Slot -> what the lead has said in the conversation it comes from, or what stands in its record."""
        lead_id = self._placed.get("lead")
        if lead_id is None:
            return {}
        async with self.parts.db.tenant(self.tenant_id) as session:
            try:
                lead = await leads.get_lead(session, UUID(str(lead_id)))
            except NotFound:
                return {}
            said: Mapping[str, Any] = {}
            if lead.conversation_id is not None and lead.conversation_id != self.id:
                row = await store.load(session, lead.conversation_id)
                said = (row.state or {}).get("slots", {})
        found = {n: s["value"] for n, s in said.items() if s.get("status") in ("confirmed", "verified")}
        found |= {name: getattr(lead, name) for name in OF_LEAD if name not in found and getattr(lead, name)}
        if lead.intent != "other":
            found["intent"] = lead.intent
        if lead.name and "name" not in found:
            first, _, last = lead.name.partition(" ")
            found["name"] = {"first": first, "last": last, "display": lead.name}
        found["phone"] = self._caller or next(iter(lead.phones), None)
        if found.get("intent") in (None, "message"):
            found.pop("intent", None)
        return {
            n: v for n, v in found.items() if n in self.flow.slots and n not in ASKED_ANEW and v is not None
        }

    def _fill_in(self, known: Mapping[str, Any]) -> None:
        """Nothing is asked twice: what is known counts, if the form still takes it."""
        view = View(self.flow, self.state, self.channel, self._known(), self.parts.clock.now(), self._choices)
        for name, value in known.items():
            try:
                wrong = view.type_of(name).check(value, view.context(name))
            except (TypeError, ValueError, KeyError, AttributeError):
                wrong = "not of this form any more"
            if not wrong:
                self.state.slots[name] = SlotState(status="confirmed", value=value)
        if self.state.peek("intent").counts:
            self.state.done[self.flow.steps[0].step] = "saved"

    def _has_something_to_keep(self) -> bool:
        return not self.machine and super()._has_something_to_keep()

    # -- who is there -----------------------------------------------------------------------------------

    async def hear(self, text: str, *, confidence: float = 1.0) -> Reply:
        """See ``Conversation.hear``. A machine gets no answer and the call ends; a screening service hears
        once more who is calling and why."""
        self._heard += 1
        like = dialing.answers_like(text) if self._heard <= LISTENS_FOR else ""
        if like == "machine":
            return await self._nobody()
        if like == "screening" and not self._screened:
            return await self._say_who(text)
        return await super().hear(text, confidence=confidence)

    async def _nobody(self) -> Reply:
        async with self._lock:
            self.machine = True
            self.record.said("caller", "(a machine's greeting)")
            self.record.noted("machine", {})
            self.state.closed = True
            if self.call_id is not None:
                try:
                    await dial_reports.heard_machine(
                        self.parts.db, self.parts.clock, self.tenant_id, self.call_id
                    )
                except SeiketsuError as error:
                    logger.warning("a machine was heard and not noted: {}", error.code)
            await self._save()
            return self._reply([], [], None)

    async def _say_who(self, text: str) -> Reply:
        async with self._lock:
            self._screened = True
            self.record.said("caller", "(a screening service)")
            said = " ".join(words for _, words in self.facts.opening(self.channel, ""))
            said = said.replace("{{", "{").replace("}}", "}")
            self.record.said("agent", said)
            await self._save()
            return self._reply([Utterance(said, said, False, "screened")], [], None)
