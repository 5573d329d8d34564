"""Wishes about an appointment where nobody's number is proved: a code, or somebody of the office (A047, C41).

Whoever names a number and a name in a chat is sent a code, to the telephone or the address the appointment
was booked with and nowhere else, where it may be written to (C01, C15); with it the appointment is theirs.
Whether there is one is told to nobody before. The wish itself is an urgent task for the office at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from pydantic import Field

from core.ids import fingerprint
from policies import appointments as policy
from policies.moment_words import when_words
from policies.scrub import scrub
from stores import appointments, consents, leads, outbox, support, tenancy
from stores.appointments import Appointment
from stores.db import Session
from stores.receipts import Receipt, receipts
from tools import agenda, letters
from tools.appointment_letters import first_name
from tools.base import Args, NoArgs, ToolContext, ToolResult, tool, unchanged
from tools.messages import promise
from tools.values import Phone, Text

CODE_LASTS = timedelta(minutes=10)
PROVED = "prove_booking"
WANTS = {"cancel": "cancel", "move": "move", "recall": "know about"}


class WishArgs(Args):
    """``words``: all that was said about it. Name and number as they were given, proved or not."""

    want: Literal["cancel", "move", "recall"]
    words: str = Field(max_length=1000)
    name: Text | None = None
    phone: Phone | None = None


class WhoseArgs(Args):
    """Whose appointment it is said to be."""

    name: Text
    phone: Phone


class CodeArgs(Args):
    """The code as it was typed."""

    code: str = Field(pattern=r"^\d{6}$")
    phone: Phone


@tool("pass_on_booking_wish", WishArgs, at_home=True, statuses=("passed_on",), facts=("when", "task"))
async def pass_on_booking_wish(ctx: ToolContext, session: Session, args: WishArgs) -> ToolResult:
    """Somebody of the office does it: an urgent task that says what is wanted, of which appointment.

    Asked again in the same conversation it is the same task, with what was said since.
    """
    now = ctx.clock.now()
    tenant = await tenancy.get_tenant(session)
    due, when = await promise(session, tenant, now, urgent=True)
    words = scrub(args.words) or "See the transcript."
    who = f"{args.name or 'Somebody'}, {args.phone or 'no number'}"
    found = await _named(session, args.name, args.phone, now, test=ctx.rehearsal)
    office = await agenda.open_office(session)
    which = (
        "; ".join(_said(office, row, now) for row in found) or "no booking found under that name and number"
    )
    title = (
        f"Urgent: {who} wants to {WANTS[args.want]} an appointment ({which}). Not proved: ring first. {words}"
    )
    lead_id = found[0].lead_id if found else None
    if lead_id is None:
        lead = await leads.lead_of_conversation(session, ctx.conversation_id)
        lead_id = lead.id if lead else None
    await _set_tasks(ctx, session, "cancelled")
    task = await leads.add_task(session, kind="appointment", title=title[:500], due_at=due, lead_id=lead_id)
    waiting = [back.phone for back in await support.list_callbacks(session)]
    if args.phone and args.phone not in waiting:
        await support.book_callback(session, phone=args.phone, window_end=due, reason="An appointment")
    return ToolResult(
        status="passed_on",
        facts={"when": when, "task": str(task.id)},
        after={"task": str(task.id), "want": args.want, "found": len(found)},
    )


@tool("send_booking_code", WhoseArgs, at_home=True, statuses=("asked", "unavailable"), facts=())
async def send_booking_code(ctx: ToolContext, session: Session, args: WhoseArgs) -> ToolResult:
    """Send a code to whoever holds an appointment of that name and number.

    The answer is the same whether there is one or not: it would be told to anybody.
    """
    tenant = await tenancy.get_tenant(session)
    texts = bool(getattr(ctx.ports.mail, "texts_leave", False)) and bool(
        tenant.settings.get("sms_registered")
    )
    mails = bool(getattr(ctx.ports.mail, "mails_leave", False))
    if not (texts or mails):
        return unchanged("unavailable")
    now = ctx.clock.now()
    found = await _named(session, args.name, args.phone, now, test=ctx.rehearsal)
    agreed = (await consents.consents(session, args.phone)).get("sms")
    if found:
        code = f"{secrets.randbelow(1_000_000):06d}"
        language = str(ctx.slots.get("language") or "en")
        facts = {"brand": tenant.brand_name or tenant.name, "code": code, "language": language}
        sent = False
        if texts and agreed is not None and agreed.granted:
            sent = await letters.sms(ctx, session, args.phone, "booking_code_sms", facts)
        address = next((row.email for row in found if row.email), None)
        if mails and not sent and address:
            await letters.email(ctx, session, address, "booking_code_email", facts)
        await outbox.create_link(
            session,
            token_hash=_hash(ctx, args.phone, code),
            purpose="booking_code",
            expires_at=now + CODE_LASTS,
            conversation_id=ctx.talk,
        )
    return ToolResult(status="asked", after={"number": f"ending {args.phone[-4:]}"})


@tool(PROVED, CodeArgs, at_home=True, statuses=("proved", "wrong"), facts=())
async def prove_booking(ctx: ToolContext, session: Session, args: CodeArgs) -> ToolResult:
    """The code that was sent: this conversation may do what the number's own caller may."""
    found = await outbox.use_link(session, _hash(ctx, args.phone, args.code), now=ctx.clock.now())
    if found is None:
        return unchanged("wrong")
    return ToolResult(status="proved", after={"number": f"ending {args.phone[-4:]}"})


@tool("booking_wish_met", NoArgs, at_home=True, statuses=("met",))
async def booking_wish_met(ctx: ToolContext, session: Session, args: NoArgs) -> ToolResult:
    """The caller has proved the number and does it here: nobody of the office has to."""
    await _set_tasks(ctx, session, "done")
    return ToolResult(status="met")


async def _set_tasks(ctx: ToolContext, session: Session, status: Literal["done", "cancelled"]) -> None:
    for earlier in await _of(session, ctx.conversation_id, "pass_on_booking_wish"):
        await leads.set_task_status(session, UUID(str(earlier.result["facts"]["task"])), status)


async def proved_numbers(session: Session, conversation_id: UUID) -> list[str]:
    """The numbers proved in a conversation, by a code that reached them."""
    return [str(r.arguments["phone"]) for r in await _of(session, conversation_id, PROVED)]


async def _of(session: Session, conversation_id: UUID, name: str) -> list[Receipt]:
    return [r for r in await receipts(session, conversation_id) if r.tool == name]


async def _named(
    session: Session, name: str | None, phone: str | None, now: datetime, *, test: bool
) -> Sequence[Appointment]:
    """Booked appointments of that number whose name shares a word with the one given."""
    if not (name and phone):
        return []
    words = set(name.lower().split())
    found = await appointments.booked_for(session, [phone], after=now, test=test)
    return [row for row in found if words & set((row.name or "").lower().split())]


def _said(office: agenda.Office, row: Appointment, now: datetime) -> str:
    label = policy.appointments().kinds[row.kind].label
    return f"{label} with {first_name(office, row)} {when_words(row.starts_at, row.timezone, now)}"


def _hash(ctx: ToolContext, phone: str, code: str) -> str:
    """A code opens one number's appointments in the conversation it was asked for in, and nothing else."""
    return fingerprint(f"{ctx.conversation_id}:{phone}:{code}")
