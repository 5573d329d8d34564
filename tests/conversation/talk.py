"""A caller's side of a conversation in text, on the real form, tools and database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from agent.conversation import Conversation
from agent.parts import Parts
from agent.reply import Reply
from core.ids import HOUSE_TENANT
from stores import leads

CALLER = "+13035550142"
BROKER = {
    "organization_name": "Our brokerage is called Summit Realty.",
    "states_served": "We work in Colorado.",
    "timezone": "Mountain time",
    "team_size": "five of us",
    "admin_name": "Dana Reed",
    "admin_role": "I'm the managing broker",
    "authority": "yes I am",
    "admin_email": "dana at summit dot example",
    "admin_mobile": "303 555 0142",
    "plan": "professional",
    "terms_accepted": "yes",
    "voice_profile": "friendly",
    "business_hours": "monday to friday nine to six",
    "after_hours_mode": "answer fully",
    "greeting": "Summit Realty helps people buy and sell homes.",
    "number_mode": "a new number",
    "area_code": "720",
    "transfer_number": "303 555 0142",
    "crm_vendor": "hubspot",
    "lead_sources": "zillow and our website",
    "keep_rules": "yes",
    "recording_policy": "record and announce",
    "fair_housing_ack": "yes I agree",
    "run_tests": "yes",
    "activate": "yes",
    "ease": "Seven, it was very easy.",
}
AGREEING = frozenset({"confirm", "summary", "offer"})


@dataclass
class Talk:
    """One caller. ``asked`` counts how often each slot was asked for, ``ran`` the tools in their order."""

    conversation: Conversation
    reply: Reply
    answers: dict[str, str]
    asked: dict[str, int] = field(default_factory=dict)
    ran: list[tuple[str, str]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    @classmethod
    async def begin(
        cls,
        parts: Parts,
        tenant_id: UUID = HOUSE_TENANT,
        *,
        channel: str = "voice",
        caller: str | None = CALLER,
        answers: dict[str, str] | None = None,
        **options: Any,
    ) -> Talk:
        conversation = await Conversation.start(
            parts, tenant_id=tenant_id, channel=channel, caller=caller, **options
        )
        reply = await conversation.open()
        talk = cls(conversation, reply, dict(BROKER, **(answers or {})))
        talk._note(reply)
        return talk

    def _note(self, reply: Reply) -> None:
        self.reply = reply
        self.heard.append(reply.text)
        self.ran += [(run.name, run.status) for run in reply.tools]
        if reply.awaiting["kind"] == "ask":
            slot = reply.awaiting["slots"][0]
            self.asked[slot] = self.asked.get(slot, 0) + 1

    async def say(self, text: str) -> Reply:
        """One turn; the reply is also kept."""
        self._note(await self.conversation.hear(text))
        return self.reply

    @property
    def waits_for(self) -> str:
        """The slot that is asked, offered or read back now ("" for a summary or the end)."""
        return next(iter(self.reply.awaiting["slots"]), "")

    async def until(self, slot: str = "", *, step: str = "", turns: int = 60) -> Reply:
        """Answer and agree until that slot or step comes up, or the conversation ends."""
        for _ in range(turns):
            if self.reply.ended or (slot and self.waits_for == slot) or (step and self.reply.step == step):
                return self.reply
            agreeing = self.reply.awaiting["kind"] in AGREEING
            await self.say("yes" if agreeing else self.answers[self.waits_for])
        raise AssertionError(f"never came to {slot or step or 'the end'}: {self.heard[-3:]}")

    def value(self, slot: str) -> Any:
        """A slot's confirmed value."""
        return self.conversation.state.confirmed().get(slot)


async def lead_of(parts: Parts, tenant_id: UUID, conversation_id: UUID) -> leads.Lead | None:
    """What was stored of the call."""
    async with parts.db.tenant(tenant_id) as session:
        return await leads.lead_of_conversation(session, conversation_id)
