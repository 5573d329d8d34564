"""Consent and its end: one ledger, one do-not-call list, and everything that follows (C01, C06)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from policies import compliance
from stores import consents, dials, follow_up, leads, outbox, support
from stores.db import Session
from tools.base import NoArgs, ToolContext, ToolResult, tool, unchanged


@dataclass(frozen=True)
class Stopped:
    """What an opt-out ended."""

    leads: int = 0
    messages: int = 0
    callbacks: int = 0
    steps: int = 0


async def stop_contact(
    session: Session,
    phones: Collection[str],
    *,
    source: str,
    evidence: str,
    now: datetime,
    reason: str = "asked",
    tests: bool = False,
) -> Stopped:
    """End all contact with these numbers on every channel, in the session's transaction (C06).

    The numbers are listed, every consent is taken back, every lead of theirs is marked, and what waits for
    them (texts, call-backs, follow-up, tasks) is cancelled. ``tests``: a rehearsal, which lists nobody.
    """
    leads_marked = steps = 0
    for phone in sorted(phones):
        if not tests:
            await consents.list_number(
                session, phone, reason=reason, source=source, evidence=evidence, at=now
            )
            await consents.record_consent(
                session,
                address=phone,
                kinds=consents.KINDS,
                granted=False,
                evidence=evidence,
                source=source,
                at=now,
            )
        known, _ = await leads.list_leads(session, phone=phone, limit=200, include_tests=tests)
        for lead in known:
            taken_back = {
                kind: {**proof, "revoked_at": now.isoformat()} for kind, proof in lead.consent.items()
            }
            await leads.update_lead(session, lead.id, dnc=True, disposition="opted_out", consent=taken_back)
            for task in await leads.open_tasks(session, lead_id=lead.id):
                await leads.set_task_status(session, task.id, "cancelled")
            steps += await follow_up.stop(session, lead.id, "opted_out")
            leads_marked += 1
    messages = await outbox.cancel_to(session, phones)
    await dials.stop(session, "opt_out", at=now, phones=list(phones))
    callbacks = 0
    for promised in await support.list_callbacks(session):
        if promised.phone in phones:
            await support.set_callback_status(session, promised.id, "cancelled")
            callbacks += 1
    return Stopped(leads_marked, messages, callbacks, steps)


async def welcome_again(
    session: Session, phones: Collection[str], *, source: str, evidence: str, now: datetime
) -> int:
    """The person takes an opt-out back: their numbers leave the list; how many were on it.

    It gives no consent by itself: that takes the words of the consent text, said or read.
    """
    cleared = 0
    for phone in sorted(phones):
        if await consents.clear_number(session, phone, by=f"{source}:{evidence}", at=now) is None:
            continue
        cleared += 1
        known, _ = await leads.list_leads(session, phone=phone, limit=200)
        for lead in known:
            if lead.dnc:
                await leads.update_lead(session, lead.id, dnc=False, disposition="new")
    return cleared


async def note_consent(
    ctx: ToolContext, session: Session, phone: str | None, agreed: Mapping[str, Mapping[str, Any]]
) -> None:
    """Carry what a lead agreed to (kind -> proof with ``granted``) into the ledger (C01).

    ``voice`` is a person's call, ``voice_ai`` one by an artificial voice: who refuses the one may welcome the
    other. Agreeing in the words of the consent text takes an earlier opt-out back.
    """
    if ctx.rehearsal or not phone:
        return
    stopped = await consents.listed(session, phone)
    if stopped is not None and stopped.evidence == _evidence(ctx):
        return  # opted out in this very conversation: what the form held before does not undo it
    for kind, proof in agreed.items():
        kinds = ("voice", "voice_ai") if kind == "voice" and "voice_ai" not in agreed else (kind,)
        granted = bool(proof.get("granted"))
        if granted:
            await welcome_again(
                session, [phone], source=ctx.channel, evidence=_evidence(ctx), now=ctx.clock.now()
            )
        await consents.record_consent(
            session,
            address=phone,
            kinds=kinds,
            granted=granted,
            evidence=str(proof.get("evidence") or _evidence(ctx)),
            source=ctx.channel,
            at=ctx.clock.now(),
            text_version=str(proof.get("text_version") or compliance.compliance().terms.version),
            text=str(proof.get("text") or ""),
            conversation_id=ctx.conversation_id,
        )


def ai_voice_welcome(lead: leads.Lead) -> bool:
    """False when this person refused calls by an artificial voice and no more than that: people may call."""
    held = lead.consent or {}
    refused = (held.get("voice_ai") or {}).get("granted") is False
    return not refused or (held.get("voice") or {}).get("granted") is False


def numbers_of(ctx: ToolContext) -> set[str]:
    """The caller's own numbers: the one they call from and the ones they gave."""
    return {str(n) for n in (ctx.caller, ctx.slots.get("phone"), ctx.slots.get("admin_mobile")) if n}


@tool("opt_in", NoArgs, at_home=True, statuses=("restored", "not_listed"))
async def opt_in(ctx: ToolContext, session: Session, args: NoArgs) -> ToolResult:
    """The caller may be contacted again: their number leaves the do-not-call list."""
    if ctx.rehearsal:
        return unchanged("not_listed")
    cleared = await welcome_again(
        session, numbers_of(ctx), source=ctx.channel, evidence=_evidence(ctx), now=ctx.clock.now()
    )
    if not cleared:
        return unchanged("not_listed")
    return ToolResult(status="restored", after={"cleared": cleared})


@tool("forget_caller", NoArgs, at_home=True, statuses=("forgotten",))
async def forget_caller(ctx: ToolContext, session: Session, args: NoArgs) -> ToolResult:
    """Nothing of what this caller said is kept: a minor was on the line (C36)."""
    lead = await leads.lead_of_conversation(session, ctx.conversation_id)
    if lead is not None:
        await leads.delete_lead(session, lead.id)
    blanked = await consents.blank_turns(session, ctx.conversation_id)
    return ToolResult(status="forgotten", after={"lead": lead is not None, "turns": blanked})


def _evidence(ctx: ToolContext) -> str:
    talk: UUID | None = ctx.conversation_id
    return f"conversation:{talk}"
