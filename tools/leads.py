"""What a caller wants, as the canonical lead record: scored, summarised, with what must be done (A047)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from policies import compliance, scoring
from policies.scrub import scrub
from stores import leads, tenancy
from stores.db import Session
from tools import events
from tools.base import Args, ToolContext, ToolResult, tool, unchanged
from tools.values import TIMELINES, Email, Money, MoneyRange, Names, Phone, Text, timeline_words

INTENTS = {"buyer", "seller", "renter", "investor"}
KEPT = (
    "intent", "name", "phones", "emails", "areas", "price_min", "price_max", "beds", "baths", "features",
    "timeline", "financing", "represented", "property_address", "appointment", "score", "score_reasons",
    "summary", "consent", "disposition", "extra",
)  # fmt: skip


_NO = {
    "yes",
    "yeah",
    "okay",
    "no",
    "nope",
    "none",
    "nothing",
    "no thanks",
    "no thank you",
    "not now",
    "not yet",
    "skip",
    "no for now",
}


class LeadArgs(Args):
    """Anything the lead flow may know; a call with one of them is as welcome as one with all."""

    intent: str | None = None
    areas: Names | None = None
    beds: int | None = None
    baths: float | None = None
    features: Any = None
    price: Money | None = None
    rent: Money | None = None
    price_idea: Money | None = None
    motivation: str | None = None
    timeline: Any = None
    represented: str | None = None
    financing: str | None = None
    property_address: Text | None = None
    condition: str | None = None
    listed: bool | None = None
    lease_length: str | None = None
    animals: str | None = None
    strategy: str | None = None
    units: int | None = None
    appointment: str | None = None
    visit: str | None = None
    message: str | None = None
    name: Text | None = None
    phone: Phone | None = None
    email: Email | None = None
    consent_contact: bool | None = None
    contact_limits: str | None = None
    special_request: str | None = None


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
    statuses=("saved", "message", "wrong_number", "nothing"),
    facts=("lead_result", "lead_id", "score"),
)
async def save_lead(ctx: ToolContext, session: Session, args: LeadArgs) -> ToolResult:
    """Keep what the caller wants, as far as it is known."""
    known = {k: v for k, v in ctx.slots.items() if k in LeadArgs.model_fields and v is not None}
    args = LeadArgs.model_validate(known | args.model_dump(exclude_none=True))
    if args.intent == "wrong_number":
        return unchanged("wrong_number", lead_result="", lead_id="", score=0)
    existing = await leads.lead_of_conversation(session, ctx.conversation_id)
    phone = args.phone or ctx.caller
    if existing is None and not (phone or args.email):
        # nobody could be reached: kept with the conversation until there is a way back to the caller
        return unchanged("nothing", lead_result="", lead_id="", score=0)
    before = _plain(existing) if existing is not None else None
    tenant = await tenancy.get_tenant(session)
    fields = await _fields(ctx, session, args, tenant.brand_name)
    if existing is not None and existing.dnc:
        fields |= {"consent": existing.consent, "disposition": existing.disposition}
    lead = await leads.upsert_lead(session, ctx.conversation_id, **fields)
    if not ctx.rehearsal:
        await _tasks(ctx, session, args, lead)
        await events.lead_saved(session, lead, new=existing is None)
    return ToolResult(
        status="message" if args.intent == "message" else "saved",
        facts={
            "lead_result": _closing_words(args, tenant.brand_name),
            "lead_id": str(lead.id),
            "score": lead.score or 0,
        },
        undo={"lead_id": str(lead.id), "before": before},
        before=before,
        after=_plain(lead),
    )


def _plain(lead: leads.Lead) -> dict[str, Any]:
    return {name: getattr(lead, name) for name in KEPT}


async def _fields(ctx: ToolContext, session: Session, args: LeadArgs, brand: str) -> dict[str, Any]:
    money = args.price or args.rent or args.price_idea or MoneyRange()
    timeline, days = timeline_words(args.timeline)
    when = args.appointment or args.visit
    phone = args.phone or ctx.caller
    rules = await tenancy.get_rules(session)
    represented = "yes" if args.listed else args.represented
    facts = {
        "intent": args.intent if args.intent in INTENTS else "other",
        "areas": args.areas,
        "property_address": args.property_address,
        "price_min": money.min,
        "price_max": money.max,
        "motivation": args.motivation,
        "timeline_days": days,
        "represented": represented,
        "financing": args.financing,
        "appointment": when if _wants(when) else None,
    }
    scored = scoring.score(
        facts, weights=(rules.criteria or None) if rules else None, hot=rules.hot_rule if rules else None
    )
    features = _listed(args.features)
    return {
        "intent": facts["intent"],
        "name": args.name,
        "phones": [phone] if phone else [],
        "emails": [args.email] if args.email else [],
        "areas": args.areas or [],
        "price_min": money.min,
        "price_max": money.max,
        "beds": args.beds,
        "baths": args.baths,
        "features": [clean for f in features if (clean := scrub(f))],
        "timeline": timeline,
        "financing": args.financing,
        "represented": represented,
        "property_address": args.property_address,
        "appointment": _appointment(args, when),
        "score": scored.value,
        "score_reasons": list(scored.reasons),
        "summary": summary(args, timeline),
        "consent": _consent(ctx, args, brand),
        "source": "direct_call" if ctx.channel == "voice" else ctx.channel,
        "channel": ctx.channel,
        "disposition": "represented" if represented == "exclusive" else "hot" if scored.hot else "new",
        "call_id": ctx.call_id,
        "extra": _extra(args, scored.hot),
        "test": ctx.rehearsal,
    }


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    items = value if isinstance(value, list) else str(value).replace(" and ", ", ").split(",")
    return [text for i in items if (text := str(i).strip(" .")) and _wants(text)]


def _wants(answer: str | None) -> bool:
    """Whether a free answer says anything: "no", "not now" and a bare "yes" do not."""
    words = (answer or "").strip(" .,!").lower()
    return bool(words) and words not in _NO


def _appointment(args: LeadArgs, when: str | None) -> dict[str, Any] | None:
    """What the caller asked for; an agent fixes the time. Tours need the buyer's written agreement (C30)."""
    if not _wants(when):
        return None
    buying = args.intent in ("buyer", "investor")
    return {"requested": when, "status": "requested", "buyer_agreement_required": buying}


def _consent(ctx: ToolContext, args: LeadArgs, brand: str) -> dict[str, Any]:
    """Who agreed to what, in which words, when and where that is proven (C01)."""
    if args.consent_contact is None:
        return {}
    proof = {
        "granted": args.consent_contact,
        "text_version": compliance.compliance().terms.version,
        "text": compliance.consent_text(brand),
        "at": ctx.clock.now().isoformat(),
        "evidence": f"conversation:{ctx.conversation_id}",
    }
    refused = proof | {"granted": False}
    return {
        "voice": refused if args.contact_limits == "texts_only" else proof,
        "sms": refused if args.contact_limits == "calls_only" else proof,
    }


def _extra(args: LeadArgs, hot: bool) -> dict[str, Any]:
    raw = {
        "motivation": args.motivation,
        "condition": args.condition,
        "lease_length": args.lease_length,
        "animals": args.animals,
        "message": args.message,
    }
    kept: dict[str, Any] = {k: scrub(v) for k, v in raw.items() if v and _wants(v) and scrub(v)}
    kept |= {
        k: v
        for k, v in {"listed": args.listed, "strategy": args.strategy, "units": args.units}.items()
        if v is not None
    }
    if args.special_request:
        # an accommodation the caller asked for: for the agent who helps, never for score or CRM (C23, C24)
        kept["special_request"] = args.special_request
    return kept | {"hot": hot}


def summary(args: LeadArgs, timeline: str | None) -> str:
    """At most 1,000 characters in one paragraph, without anything about a protected class (C24)."""
    money = args.price or args.rent or args.price_idea
    parts = [
        {"buyer": "Buyer", "seller": "Seller", "renter": "Renter", "investor": "Investor"}.get(
            args.intent or "", "Caller"
        ),
        f"at {args.property_address}" if args.property_address else "",
        f"looking in {', '.join(args.areas)}" if args.areas else "",
        f"{args.beds} bedrooms" if args.beds is not None else "",
        f"{args.baths:g} bathrooms" if args.baths is not None else "",
        f"price {_range(money)}" if money and _range(money) else "",
        TIMELINES.get(timeline, (0, timeline))[1] if timeline else "",
        f"financing {args.financing.replace('_', ' ')}" if args.financing else "",
        {"no": "no agent", "yes": "has an agent", "exclusive": "exclusive agreement with an agent"}.get(
            args.represented or "", ""
        ),
        f"wants a meeting: {args.appointment or args.visit}"
        if _wants(args.appointment or args.visit)
        else "",
    ]
    head = ", ".join(p for p in parts if p)
    notes = [args.motivation, args.condition, args.message, *_listed(args.features)]
    said = "; ".join(clean for n in notes if n and _wants(n) and (clean := scrub(n)))
    return (f"{head}. {said}." if said else f"{head}.")[:1000]


def _range(money: MoneyRange) -> str:
    if money.min is not None and money.max is not None:
        return f"${money.min:,} to ${money.max:,}"
    if money.max is not None:
        return f"up to ${money.max:,}"
    return f"from ${money.min:,}" if money.min is not None else ""


async def _tasks(ctx: ToolContext, session: Session, args: LeadArgs, lead: leads.Lead) -> None:
    """What a person must do now. Nothing is chased when another agent represents the caller (C29)."""
    have = {t.kind for t in await leads.open_tasks(session, lead_id=lead.id)}
    now = ctx.clock.now()
    wanted: list[tuple[str, str, timedelta]] = []
    if args.special_request:
        wanted.append(("accommodation", "Accommodation request: see the lead", timedelta(hours=4)))
    if args.intent == "message":
        wanted.append(("message", "Answer the message", timedelta(hours=4)))
    if lead.represented == "exclusive" or lead.dnc:
        for task in await leads.open_tasks(session, lead_id=lead.id):
            if task.kind in ("call_back", "appointment"):
                await leads.set_task_status(session, task.id, "cancelled")
    else:
        if lead.extra.get("hot"):
            wanted.append(("call_back", "Hot lead: call back now", timedelta(minutes=15)))
        if lead.appointment:
            wanted.append(("appointment", "Agree on the time of the meeting", timedelta(hours=2)))
    for kind, title, delay in wanted:
        if kind not in have:
            await leads.add_task(session, kind=kind, title=title, due_at=now + delay, lead_id=lead.id)


def _closing_words(args: LeadArgs, brand: str) -> str:
    """What happens next, and nothing that is not so."""
    first = (args.name or "").split(" ")[0]
    thanks = f"Thanks, {first}." if first else "Thanks."
    if args.represented == "exclusive":
        return f"{thanks} {compliance.template('represented')}"
    if args.intent == "message":
        return f"{thanks} I've passed your message on to {brand}."
    if args.consent_contact is False:
        return f"{thanks} I've noted it for the agents at {brand}. Nobody will call or text you about it."
    words = f"{thanks} I've noted it, and an agent from {brand} will get back to you."
    if _wants(args.appointment) and args.intent in ("buyer", "investor"):
        words = f"{words} {compliance.template('touring')}"
    return words
