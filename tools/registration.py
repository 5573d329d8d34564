"""Registering a brokerage: tenant, admin, plan, evidence of consent, links and a line (A011, A015)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from core.errors import NotFound
from policies import plans
from policies.compliance import compliance
from policies.greetings import spoken_name
from stores import tenancy
from stores.conversations import load as load_conversation
from stores.db import Session
from tools import journey, letters, lines, runs
from tools.base import Args, ToolContext, ToolResult, refused, tool
from tools.plan import size_problem
from tools.team import add_invites, seats_problem
from tools.values import Email, Names, Person, Phone, States, Text, Timezone

OUR_FIELDS = ("timezone", "team_size", "plan", "website", "main_phone", "address")


class RegisterArgs(Args):
    """The account step. Everything but the name may come later: a second call changes what it names."""

    organization_name: Text = Field(min_length=2, max_length=100)
    brand_name: Text | None = Field(None, max_length=100)
    states_served: States | None = None
    markets: Names | None = None
    timezone: Timezone | None = None
    team_size: int | None = Field(None, ge=1, le=5000)
    admin_name: Text | None = None
    admin_role: Text | None = None
    authority: bool | None = None
    admin_email: Email | None = None
    admin_mobile: Phone | None = None
    plan: str | None = None
    terms_accepted: bool | None = None
    website: Text | None = None
    main_phone: Phone | None = None
    address: Text | None = None
    broker_license: Text | None = None
    team_invites: list[Person] | None = None
    billing_details: bool | None = None
    tax_id: bool | None = None


async def reserve_line(ctx: ToolContext, args: RegisterArgs) -> Mapping[str, Any]:
    """Find a number near the client before anything is written, unless it has one."""
    async with ctx.db.tenant(ctx.home) as home:
        try:
            found: dict[str, Any] = {"began": (await load_conversation(home, ctx.conversation_id)).created_at}
        except NotFound:
            found = {}
    async with ctx.db.tenant(ctx.tenant) as session:
        has_line = await lines.current(session) is not None
    if has_line or _refusal(args, new=True) is not None:
        return found
    codes = lines.area_codes(ctx, args.main_phone, args.admin_mobile, ctx.caller)
    return found | await lines.reserve(ctx, codes)


def _refusal(args: RegisterArgs, *, new: bool) -> ToolResult | None:
    if args.plan is not None and args.plan not in {p.value for p in plans.all_plans()}:
        return refused(plan="There's no such plan. Starter, Professional, Business or Enterprise?")
    if args.authority is False or (new and args.authority is None):
        return refused(
            authority="Only someone who may act for the business can open its account. Are you authorized?"
        )
    if args.terms_accepted is False or (new and args.terms_accepted is None):
        return refused(
            terms_accepted="I can't open the account without your yes to the terms. Do you accept them?"
        )
    problem = size_problem(args.plan, args.team_size) if args.plan else None
    return refused(problem, plan=problem) if problem else None


async def close_registration(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Close what was just opened and free its number; registering again in this conversation reopens it."""
    tenant = await tenancy.get_tenant(session)
    if tenant.status == "live":
        return ToolResult(
            status="live", ok=False, message="The agent is live, so I can't take that back here."
        )
    if undo.get("fields") is not None:
        before = _known(tenant)
        await tenancy.update_tenant(session, **undo["fields"])
        return ToolResult(status="undone", before=before, after=undo["fields"])
    line = await lines.current(session)
    before = {"status": tenant.status, "number": line.e164 if line else None}
    released = [await lines.let_go(session, line)] if line is not None else []
    await tenancy.set_status(session, "closed", at=ctx.clock.now())
    await runs.cancel(session, at=ctx.clock.now())
    return ToolResult(status="undone", before=before, after={"status": "closed"}, released=released)


@tool(
    "register_organization",
    RegisterArgs,
    before=reserve_line,
    give_back=lines.give_back,
    undo=close_registration,
    creates_tenant=True,
    statuses=("registered", "updated"),
    facts=("tenant_id", "slug", "number", "e164", "mail_note", "tier"),
)
async def register_organization(ctx: ToolContext, session: Session, args: RegisterArgs) -> ToolResult:
    """Open a brokerage's account, or change what is named of an open one."""
    now = ctx.clock.now()
    try:
        tenant = await tenancy.get_tenant(session)
        new = tenant.status == "closed"
    except NotFound:
        tenant, new = None, True
    refusal = _refusal(args, new=new)
    if refusal is None and tenant is not None:
        refusal = _does_not_fit(args, tenant)
    if refusal is not None:
        return refusal
    fields = _fields(args)
    before = _known(tenant) if tenant is not None and not new else None
    if tenant is None:
        fields.setdefault("brand_name", spoken_name(args.organization_name))
        tenant = await tenancy.create_tenant(session, args.organization_name, **fields)
    else:
        if args.organization_name and tenant.brand_name in (tenant.name, spoken_name(tenant.name)):
            fields.setdefault("brand_name", spoken_name(args.organization_name))
        status = {"status": "onboarding"} if new else {}
        tenant = await tenancy.update_tenant(session, name=args.organization_name, **fields, **status)
    await tenancy.update_tenant(session, settings=_settings(ctx, args, tenant, new=new))
    note = await _people(ctx, session, args, tenant)
    if isinstance(note, ToolResult):
        return note
    line = await lines.current(session) or await lines.claim(session, ctx.outside)
    if new and not ctx.rehearsal:
        # the other steps of provisioning are durable work, wanted by this very transaction
        await runs.record(session, ctx.clock)
    return ToolResult(
        status="registered" if new else "updated",
        facts={
            "tenant_id": str(tenant.id),
            "slug": tenant.slug,
            "tier": tenant.tier or 1,
            "number": lines.shown(line.e164) if line else "",
            "e164": line.e164 if line else "",
            "mail_note": note,
        },
        undo={"registered_at": now.isoformat(), "fields": before},
        before=before,
        after=_known(tenant) | {"number": line.e164 if line else None},
    )


def _does_not_fit(args: RegisterArgs, tenant: tenancy.Tenant) -> ToolResult | None:
    plan, size = args.plan or tenant.plan, args.team_size or tenant.team_size
    problem = size_problem(plan, size) if plan else None
    if problem is None:
        return None
    return refused(problem, plan=problem)


def _fields(args: RegisterArgs) -> dict[str, Any]:
    given = args.model_dump(exclude_none=True)
    fields = {name: given[name] for name in OUR_FIELDS if name in given}
    if args.states_served is not None:
        fields["states"] = args.states_served
    if args.markets is not None:
        fields["markets"] = args.markets
    if args.broker_license is not None:
        fields["license"] = args.broker_license
    if args.team_size is not None:
        fields["tier"] = plans.tier_for(args.team_size).tier
    if args.brand_name is not None:
        fields["brand_name"] = args.brand_name
    return fields


def _known(tenant: tenancy.Tenant) -> dict[str, Any]:
    names = ("name", "brand_name", "states", "markets", "license", "tier", *OUR_FIELDS)
    return {name: getattr(tenant, name) for name in names}


def _settings(ctx: ToolContext, args: RegisterArgs, tenant: tenancy.Tenant, *, new: bool) -> dict[str, Any]:
    """Evidence of what was agreed to and when; the journey's first phase; an admin without e-mail."""
    now = ctx.clock.now()
    proof = {
        "at": now.isoformat(),
        "channel": ctx.channel,
        "conversation_id": str(ctx.conversation_id),
        "call_id": str(ctx.call_id) if ctx.call_id else None,
    }
    settings = dict(tenant.settings)
    if args.terms_accepted:
        settings["terms"] = {"version": compliance().terms.version, **proof}
    if args.authority:
        settings["authority"] = {"role": args.admin_role, **proof}
    if args.admin_email is None and args.admin_name is not None:
        settings["admin_without_email"] = {"name": args.admin_name, "mobile": args.admin_mobile}
    if new:
        tenant.settings = settings
        began = min(ctx.outside.get("began", now), now)
        settings = journey.ended(tenant, "register_organization", now, began=began)
    return settings


async def _people(
    ctx: ToolContext, session: Session, args: RegisterArgs, tenant: tenancy.Tenant
) -> str | ToolResult:
    """The admin, the invitations and the letters; a sentence on what was sent, or why people do not fit."""
    note = "I still need your e-mail."
    if args.admin_email is not None:
        note = await _admin(ctx, session, args, tenant)
    if args.team_invites:
        problem = await seats_problem(session, args.team_invites)
        if problem is not None:
            return refused(problem, team_invites=f"{problem} Who should I invite?")
        await add_invites(ctx, session, args.team_invites)
    return note


async def _admin(ctx: ToolContext, session: Session, args: RegisterArgs, tenant: tenancy.Tenant) -> str:
    assert args.admin_email is not None
    owner = next((m for m in await tenancy.members(session) if m.role == "owner"), None)
    name = args.admin_name or (owner.name if owner else tenant.name)
    details = {"mobile": args.admin_mobile, "title": args.admin_role}
    details = {k: v for k, v in details.items() if v is not None}
    if owner is not None and owner.email.lower() == args.admin_email.lower():
        await tenancy.add_member(session, name=name, email=owner.email, role="owner", **details)
        return "Your details are up to date."
    if owner is not None:
        # another address: the old one proves nothing any more
        await tenancy.remove_member(session, owner.id)
    member = await tenancy.add_member(
        session, name=name, email=args.admin_email, role="owner", status="invited", **details
    )
    payload = {"member_id": str(member.id)}
    facts = {
        "name": name,
        "organization": tenant.brand_name,
        "terms_version": compliance().terms.version,
        "verify_url": await letters.link(
            ctx, session, "verify_email", lasts=letters.BY_MAIL, payload=payload
        ),
        "terms_url": await letters.link(ctx, session, "terms", lasts=letters.BY_MAIL, payload=payload),
        "billing_url": await letters.link(ctx, session, "billing", lasts=letters.BY_MAIL, payload=payload),
    }
    await letters.email(ctx, session, args.admin_email, "register", facts)
    return "I've sent a link to your e-mail to prove it's yours, and the terms and billing links with it."


async def owner_of(session: Session) -> tenancy.Member | None:
    """The client's admin."""
    return next((m for m in await tenancy.members(session) if m.role == "owner"), None)
