"""What a caller wants, as the canonical lead record: scored, summarised, with what must be done (A047)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from policies import compliance, dispositions, scoring
from policies import lead_rules as own_rules
from policies.scrub import scrub
from stores import leads, tenancy
from stores.db import Session
from tools import consent, events, lead_rules, lead_tasks, open_questions
from tools.appointments import attach_lead
from tools.base import ToolContext, ToolResult, tool, unchanged
from tools.lead_args import INTENTS, LeadArgs
from tools.lead_words import closing_words, listed, money_of, summary, wants
from tools.values import MoneyRange, timeline_words

OWN = "own_"
"""Slots of the client's own questions begin with this (agent.own_questions)."""

KEPT = (
    "intent", "name", "phones", "emails", "areas", "price_min", "price_max", "beds", "baths", "features",
    "timeline", "financing", "represented", "property_address", "appointment", "score", "score_reasons",
    "summary", "consent", "disposition", "language", "extra", "duplicate_of",
)  # fmt: skip


async def forget_lead(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The lead as it was before this write; a lead that it created is removed with its tasks."""
    lead_id = UUID(undo["lead_id"])
    if undo["before"] is None:
        await leads.delete_lead(session, lead_id)
    else:
        await leads.update_lead(session, lead_id, **undo["before"])
    return ToolResult(status="undone", after=undo["before"])


@tool(
    "save_lead",
    LeadArgs,
    undo=forget_lead,
    statuses=("saved", "hot", "represented", "message", "wrong_number", "nothing"),
    facts=("lead_result", "lead_id", "score"),
)
async def save_lead(ctx: ToolContext, session: Session, args: LeadArgs) -> ToolResult:
    """Keep what the caller wants, as far as it is known."""
    args = _everything(ctx, args)
    if args.intent == "wrong_number":
        return unchanged("wrong_number", lead_result="", lead_id="", score=0)
    existing = await leads.lead_of_conversation(session, ctx.conversation_id)
    tenant = await tenancy.get_tenant(session)
    phone = args.phone or ctx.caller
    if existing is None and not (phone or args.email):
        # nobody could be reached: kept with the conversation until there is a way back to the caller
        left = _represented(args) == "exclusive" and not args.listed_until
        status = "represented" if left else "nothing"
        words = closing_words(args, tenant.brand_name or tenant.name, status, ctx.channel)
        return unchanged(status, lead_result=words, lead_id="", score=0)
    before = _plain(existing) if existing is not None else None
    fields = await _fields(ctx, session, args, tenant.brand_name)
    if existing is not None:
        fields |= _standing(existing, str(fields["disposition"]))
    lead = await leads.upsert_lead(session, ctx.conversation_id, **fields)
    known = (lead.appointment or {}).get("id")
    await attach_lead(session, ctx.conversation_id, lead)
    booked = (lead.appointment or {}).get("status") == "booked"
    if booked and not known and not lead.dnc:
        fields["disposition"] = dispositions.strongest({str(lead.disposition), "appointment_set"})
        lead = await leads.update_lead(session, lead.id, disposition=fields["disposition"])
    if existing is None or not existing.dnc:  # an opt-out stands when the hang-up saves the form once more
        await consent.note_consent(ctx, session, phone, fields["consent"])
    await open_questions.attach(session, ctx.conversation_id, lead)
    if not ctx.rehearsal:
        await lead_tasks.add_tasks(ctx, session, args, lead)
        await events.lead_saved(session, lead, new=existing is None)
    disposition = str(fields["disposition"])
    status = {"represented": "represented", "hot": "hot", "message": "message"}.get(disposition, "saved")
    if args.listed_until and args.listed:
        status = "saved"  # who they are is asked: somebody calls once it has ended
    return ToolResult(
        status=status,
        facts={
            "lead_result": closing_words(args, tenant.brand_name or tenant.name, disposition, ctx.channel),
            "lead_id": str(lead.id),
            "score": lead.score or 0,
        },
        undo={"lead_id": str(lead.id), "before": before},
        before=before,
        after=_plain(lead),
    )


def _standing(lead: leads.Lead, disposition: str) -> dict[str, Any]:
    """What of a lead stands whatever its caller says now: an appointment, a call somebody took, a refusal."""
    stands: dict[str, Any] = {}
    holds = {disposition}
    if lead.appointment and lead.appointment.get("id"):
        # booked or called off in the office's agenda: that says more than the caller's words
        stands["appointment"] = lead.appointment
        if lead.appointment.get("status") == "booked":
            holds.add("appointment_set")
    if lead.disposition == "transferred":
        # somebody took the call (tools/transfers.py); that a telephone rang would be no outcome
        holds.add("transferred")
    stands["disposition"] = dispositions.strongest(holds)
    return stands | ({"consent": lead.consent, "disposition": lead.disposition} if lead.dnc else {})


def _everything(ctx: ToolContext, args: LeadArgs) -> LeadArgs:
    """All that is known of the caller, this step's values first; the client's own questions gathered."""
    known = {k: v for k, v in ctx.slots.items() if k in LeadArgs.model_fields and v is not None}
    own = {k.removeprefix(OWN): v for k, v in ctx.slots.items() if k.startswith(OWN) and v is not None}
    given = args.model_dump(exclude_none=True)
    return LeadArgs.model_validate(known | ({"answers": own} if own else {}) | given)


def _represented(args: LeadArgs) -> str | None:
    """A house that is listed is somebody else's client, like a buyer with an exclusive agreement (C29)."""
    return "exclusive" if args.listed and args.intent == "seller" else args.represented


def _plain(lead: leads.Lead) -> dict[str, Any]:
    return {name: getattr(lead, name) for name in KEPT}


async def _fields(ctx: ToolContext, session: Session, args: LeadArgs, brand: str) -> dict[str, Any]:
    money = money_of(args) or MoneyRange()
    timeline, days = timeline_words(args.timeline)
    when = args.appointment or args.visit
    phone = args.phone or ctx.caller
    rules = await tenancy.get_rules(session)
    questions, must_haves = await lead_rules.current(session)
    facts = _scored_by(args, money, days, when)
    scored = scoring.score(
        facts, weights=(rules.criteria or None) if rules else None, hot=rules.hot_rule if rules else None
    )
    lacks = own_rules.unmet(facts, must_haves, questions, args.answers)
    hot = scored.hot and not lacks
    asked = {q.key: q.ask for q in questions}
    answers = [(asked[key], said) for key, said in (args.answers or {}).items() if key in asked]
    phones, emails = [phone] if phone else [], [args.email] if args.email else []
    questions_open = await open_questions.asked_in(session, ctx.conversation_id)
    first = await leads.first_lead_of(
        session, phones=phones, emails=emails, besides=ctx.conversation_id, test=ctx.rehearsal
    )
    return {
        "intent": facts["intent"],
        "name": args.name,
        "phones": phones,
        "emails": emails,
        "areas": args.areas or [],
        "price_min": money.min,
        "price_max": money.max,
        "beds": args.beds,
        "baths": args.baths,
        "features": [clean for f in listed(args.features) if (clean := scrub(f))],
        "timeline": timeline,
        "financing": args.financing,
        "represented": facts["represented"],
        "property_address": args.property_address,
        "appointment": _appointment(args, when),
        "score": scored.value,
        "score_reasons": list(scored.reasons),
        "summary": summary(args, timeline, answers, questions_open),
        "consent": _consent(ctx, args, brand),
        "language": args.language,
        "source": "direct_call" if ctx.channel == "voice" else ctx.channel,
        "channel": ctx.channel,
        "disposition": _disposition(args, hot=hot, lacks=bool(lacks)),
        "call_id": ctx.call_id,
        "extra": _extra(args, hot, lacks) | ({"questions": questions_open} if questions_open else {}),
        "test": ctx.rehearsal,
        "duplicate_of": first.id if first else None,
    }


def _scored_by(args: LeadArgs, money: MoneyRange, days: int | None, when: str | None) -> dict[str, Any]:
    """What a score may look at (policies/scoring.py): nothing else of a person counts."""
    return {
        "intent": args.intent if args.intent in INTENTS else "other",
        "areas": args.areas,
        "property_address": args.property_address,
        "price_min": money.min,
        "price_max": money.max,
        "beds": args.beds,
        "motivation": args.motivation,
        "timeline_days": days,
        "represented": _represented(args),
        "financing": args.financing,
        "appointment": when if wants(when) else None,
    }


_KINDS = {
    "agent": "agent_to_agent",
    "vendor": "vendor",
    "existing_client": "existing_client",
    "message": "message",
}


def _disposition(args: LeadArgs, *, hot: bool, lacks: bool) -> str:
    """How it stands, by what was said: the closed list of policies/dispositions.yaml decides."""
    holds = {word for word in args.outcome or () if word}
    if _represented(args) == "exclusive":
        holds.add("represented")
    if args.intent in _KINDS:
        holds.add(_KINDS[args.intent])
    if args.intent in INTENTS:
        holds |= {"hot"} if hot else {"no_match"} if lacks else set()
        if wants(args.appointment or args.visit):
            holds.add("appointment_wanted")
        if args.timeline == "browsing" and not hot:
            holds.add("nurture")
        if args.consent_contact is not None:
            holds.add("qualified")
    if args.ended_early:
        holds.add("abandoned")
    return dispositions.strongest(holds)


def _appointment(args: LeadArgs, when: str | None) -> dict[str, Any] | None:
    """What the caller asked for; an agent fixes the time. Tours need the buyer's written agreement (C30)."""
    if not wants(when):
        return None
    buying = args.intent in ("buyer", "investor")
    return {"requested": when, "status": "requested", "buyer_agreement_required": buying}


def _consent(ctx: ToolContext, args: LeadArgs, brand: str) -> dict[str, Any]:
    """Who agreed to what, in which words, when and where that is proven (C01)."""
    people_only = args.ai_voice == "refused"
    proof = {
        "granted": args.consent_contact,
        "text_version": compliance.compliance().terms.version,
        "text": compliance.consent_text(brand, args.language or "en", people_only=people_only),
        "at": ctx.clock.now().isoformat(),
        "evidence": f"conversation:{ctx.conversation_id}",
    }
    refused = proof | {"granted": False}
    # an artificial voice that is refused is refused, whatever else was not yet agreed to
    known = {"voice_ai": refused} if people_only else {}
    if args.consent_contact is None:
        return known
    way, _, firmly = (args.contact_limits or "").partition("_")
    given = {"voice": proof, "voice_ai": refused if people_only else proof, "sms": proof}
    for kind, agreed in (("voice", "calls"), ("voice_ai", "calls"), ("sms", "texts")):
        if way and way != agreed:
            # the other way is refused, or nothing was said of it
            given |= {kind: refused} if firmly == "only" else {}
            if firmly == "first":
                given.pop(kind)
    return known | given


def _extra(args: LeadArgs, hot: bool, lacks: list[str]) -> dict[str, Any]:
    raw = {
        "motivation": args.motivation,
        "condition": args.condition,
        "lease_length": args.lease_length,
        "animals": args.animals,
        "message": args.message,
        "target_return": args.target_return,
        "agent": args.agent_named,
        "firm": args.firm,
        "showing": args.showing_time,
    }
    kept: dict[str, Any] = {k: scrub(v) for k, v in raw.items() if v and wants(v) and scrub(v)}
    more = {
        "reason": _KINDS.get(args.intent or ""),
        "listed": args.listed,
        "listed_until": args.listed_until.isoformat() if args.listed_until else None,
        "strategy": args.strategy,
        "units": args.units,
        "buying_next": args.buying_next,
        "alerts": args.alerts,
        "updates": args.updates if args.updates != "no" else None,
        "reach": args.contact_limits,
        "also_wants": args.also_wants,
        "unmet": lacks or None,
    }
    kept |= {k: v for k, v in more.items() if v is not None}
    answers = {k: scrub(v) if isinstance(v, str) else v for k, v in (args.answers or {}).items()}
    if answers:
        kept["answers"] = answers
    if args.special_request:
        # an accommodation the caller asked for: for the agent who helps, never for score or CRM (C23, C24)
        kept["special_request"] = args.special_request
    return kept | {"hot": hot}
