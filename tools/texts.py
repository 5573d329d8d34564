"""Texts on their way out and in: the gate before each one, and what people answer (C06, C15, C16)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from core.clock import Clock
from core.errors import NotFound
from policies import compliance, dialing
from policies.dialing import ALLOWED
from stores import conversations, outbox, tenancy
from stores.base import tenant_of
from stores.db import Session
from tools import consent, dial_gate, follow_up

Meaning = Literal["stop", "start", "help", "other"]
KINDS: tuple[Meaning, ...] = ("stop", "start", "help")


async def body_if_allowed(session: Session, row: outbox.Message, mail: Any, clock: Clock) -> str | None:
    """The words to send, or None when the text may not leave; then it is cancelled with an audit row.

    The first text a client sends to a number names the client and how to make it stop.
    """
    tenant = await tenancy.get_tenant(session)
    talk = await _talk(session, row)
    # the house's own texts, and those a set-up call promised: links that its caller asked for
    house = dial_gate.is_house(tenant_of(session)) or (row.conversation_id is not None and talk is None)
    asked = house or (talk is not None and (talk.caller == row.to_ or row.to_ in str(talk.state)))
    registered = (
        house or not getattr(mail, "texts_leave", False) or bool(tenant.settings.get("sms_registered"))
    )
    reason = await dial_gate.may_text(session, row.to_, asked_here=asked, registered=registered)
    if reason != ALLOWED:
        row.status, row.error = "cancelled", f"not sent: {reason}"
        await session.flush()
        await dial_gate.refused(session, row.to_, "text.refused", reason, clock.now())
        return None
    if house or await outbox.sent_before(session, row.to_):
        return row.body
    return dialing.first_text(tenant.brand_name or tenant.name, row.body)


async def _talk(session: Session, row: outbox.Message) -> conversations.Conversation | None:
    """The client's conversation the text was promised in; None when it was one of the house's, or none."""
    if row.conversation_id is None:
        return None
    try:
        return await conversations.load(session, row.conversation_id)
    except NotFound:
        return None


# --- coming in ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answered:
    """What a text meant and what is answered; at most one text, never marketing. "" answers nothing."""

    meaning: Meaning
    reply: str = ""


def meaning(body: str, understood: str = "ok") -> Meaning:
    """What a text means: the carriers' words, else what the guard understood (``opt_out``, ``opt_in``)."""
    plain = re.sub(r"[^a-z ]", "", body.lower().replace("\u00ed", "i")).replace("opt out", "optout")
    words = [word for word in plain.split() if word != "please"]
    if len(words) == 1:
        for kind in KINDS:
            if words[0] in dialing.dialing().text_words[kind]:
                return kind
    if understood == "opt_out":
        return "stop"
    return "start" if understood == "opt_in" else "other"


async def received(
    session: Session, *, phone: str, body: str, understood: str, clock: Clock, language: str = "en"
) -> Answered:
    """A text came in: an opt-out takes effect in this transaction, on every channel (C06, C16)."""
    tenant = await tenancy.get_tenant(session)
    brand = tenant.brand_name or tenant.name
    meant = meaning(body, understood)
    if meant == "stop":
        await consent.stop_contact(session, [phone], source="sms", evidence="text", now=clock.now())
        return Answered("stop", f"{brand}: {compliance.wording('opt_out_chat', language)}")
    if meant == "start":
        cleared = await consent.welcome_again(
            session, [phone], source="sms", evidence="text", now=clock.now()
        )
        return Answered("start", f"{brand}: {compliance.wording('opt_in', language)}" if cleared else "")
    if meant == "help":
        return Answered("help", f"{brand}: call this number for help. Reply STOP to opt out.")
    await follow_up.replied(session, phone, now=clock.now())  # whoever answers is followed up by a person
    return Answered("other")
