"""The client's plan: chosen, changed, and what does not fit it (A023-A026)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from loguru import logger

from core.clock import Clock
from core.errors import Refused, SeiketsuError
from policies import admission, plans
from policies.plans import Limit
from policies.provisioning import review_items
from stores import assistance, integrations, receipts, tenancy, usage
from stores.db import Database, Session
from tools import metering
from tools.base import Args, ToolContext, ToolResult, refused, tool

CONNECTIONS = ("crm", "calendar", "webhook")


class PlanArgs(Args):
    """The plan wanted, and when: now, or with the next billing month."""

    plan: str
    when: Literal["now", "month_end"] = "now"


@dataclass(frozen=True)
class TooMuch:
    """One thing that does not fit a plan: how much there is, how much fits, and what to do about it."""

    limit: Limit
    used: int
    allowed: int
    message: str


@dataclass(frozen=True)
class Preview:
    """What a change of plan would do. ``conflicts`` stand in its way now, ``later`` at the month's end."""

    plan: str
    before: str | None
    direction: Literal["up", "down", "same"]
    month_ends: datetime
    conflicts: tuple[TooMuch, ...]
    later: tuple[TooMuch, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return asdict(self)


def size_problem(plan: str, team_size: int | None) -> str | None:
    """Why a team does not fit a plan: the conflict and the plan that fits. Never a silent upgrade."""
    if team_size is None or plans.allows(plan, "users", team_size):
        return None
    return f"{plans.upgrade_hint(plan, 'users', team_size)} Which plan would you like?"


async def connections_used(session: Session) -> int:
    """How many integrations of the plan's allowance are taken; the built-in ones are free."""
    rows = await integrations.list_integrations(session)
    return sum(1 for row in rows if row.kind in CONNECTIONS and row.vendor != "builtin")


# -- doors: what one more of something needs (A023) -----------------------------------------------------


async def room_for_users(session: Session, emails: Sequence[str]) -> str | None:
    """Why the plan has no seats for these people as well, with the plan that has; None when there are.

    Locks the client's row, so that of two invitations for the last seat one is refused.
    """
    tenant = await tenancy.get_tenant(session, lock=True)
    if tenant.plan is None:
        return None
    known = {m.email.lower() for m in await tenancy.members(session)}
    wanted = len(known | {email.lower() for email in emails})
    return None if plans.allows(tenant.plan, "users", wanted) else _hint(tenant.plan, "users", wanted)


async def room_for_integration(session: Session, kind: str, vendor: str) -> str | None:
    """The same for one more CRM, calendar or webhook; built-in ones and lead sources are free."""
    tenant = await tenancy.get_tenant(session, lock=True)
    if tenant.plan is None or kind not in CONNECTIONS or vendor == "builtin":
        return None
    rows = await integrations.list_integrations(session)
    if any((row.kind, row.vendor) == (kind, vendor) for row in rows):
        return None
    wanted = await connections_used(session) + 1
    if plans.allows(tenant.plan, "integrations", wanted):
        return None
    return _hint(tenant.plan, "integrations", wanted)


def upgrade_needed(hint: str) -> Refused:
    """The refusal of a door as an exception for the API."""
    return PlanLimit(hint, code="plan_limit")


class PlanLimit(Refused):
    """The plan does not include this; it is no matter of waiting."""

    status = 403


def _hint(plan: str, limit: Limit, wanted: int) -> str:
    return plans.upgrade_hint(plan, limit, wanted)


# -- a change of plan ------------------------------------------------------------------------------------


async def preview(session: Session, plan: str, *, now: datetime) -> Preview:
    """What moving the session's tenant to a plan would do. KeyError for a plan that is none."""
    wanted = plans.plan(plan)
    tenant = await tenancy.get_tenant(session)
    order = [p.value for p in plans.all_plans()]
    before = order.index(tenant.plan) if tenant.plan in order else -1
    step = order.index(plan) - before
    used = await usage.used(session, at=now)
    held: dict[Limit, int] = {
        "users": len(await tenancy.members(session)),
        "integrations": await connections_used(session),
        "storage_gb": _ceil(used["storage_bytes"], admission.UNITS["storage_gb"][1]),
    }
    spent: dict[Limit, int] = {
        "api_calls": used["api_calls"],
        "voice_minutes": _ceil(used["voice_seconds"], admission.UNITS["voice_minutes"][1]),
    }
    later = tuple(_too_much(wanted, held))
    # what was used this month is gone with the month
    now_too = tuple(_too_much(wanted, spent)) if step < 0 else ()
    return Preview(
        plan=plan,
        before=tenant.plan,
        direction="up" if step > 0 else "down" if step < 0 else "same",
        month_ends=usage.month_end(now),
        conflicts=later + now_too,
        later=later,
    )


def _too_much(plan: plans.Plan, amounts: dict[Limit, int]) -> list[TooMuch]:
    found = []
    for limit, amount in amounts.items():
        cap: int | None = getattr(plan, limit)
        if cap is not None and amount > cap:
            noun = {
                "users": "users: remove {n} of them",
                "integrations": "integrations: disconnect {n} of them",
                "storage_gb": "GB stored: delete {n} GB",
                "api_calls": "API calls used this month: wait for the next one",
                "voice_minutes": "voice minutes used this month: wait for the next one",
            }[limit].format(n=f"{amount - cap:,}")
            found.append(
                TooMuch(limit, amount, cap, f"{plan.label} includes {cap:,}, you have {amount:,} {noun}.")
            )
    return found


def _ceil(amount: int, unit: int) -> int:
    return -(-amount // unit)


async def restore_plan(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Back to the plan before; a change that waits is taken back."""
    tenant = await tenancy.get_tenant(session)
    before = {"plan": tenant.plan}
    if undo.get("waiting"):
        await usage.settle_change(session, "cancelled")
        return ToolResult(status="undone", before={"waiting": undo["waiting"]}, after=before)
    await tenancy.update_tenant(session, plan=undo["plan"])
    return ToolResult(status="undone", before=before, after={"plan": undo["plan"]})


@tool(
    "change_plan",
    PlanArgs,
    undo=restore_plan,
    statuses=("changed", "scheduled"),
    facts=("plan_label",),
)
async def change_plan(ctx: ToolContext, session: Session, args: PlanArgs) -> ToolResult:
    """Move the client to another plan: up at once, down when everything fits, or with the next month."""
    if args.plan not in {p.value for p in plans.all_plans()}:
        return refused(plan="There's no such plan. Starter, Professional, Business or Enterprise?")
    tenant = await tenancy.get_tenant(session, lock=True)
    # while the client is being set up, the team it speaks of counts; afterwards the people who are there
    problem = size_problem(args.plan, tenant.team_size) if tenant.status == "onboarding" else None
    if problem is not None:
        return refused(problem, plan=problem)
    now = ctx.clock.now()
    found = await preview(session, args.plan, now=now)
    label = plans.plan(args.plan).label
    if args.when == "month_end" and found.direction == "down":
        await usage.schedule_change(session, plan=args.plan, due_at=found.month_ends, actor=ctx.actor)
        return ToolResult(
            status="scheduled",
            facts={"plan_label": label},
            undo={"plan": found.before, "waiting": args.plan},
            before={"plan": found.before},
            after={"plan": found.before, "waiting": args.plan, "due": found.month_ends},
        )
    if found.conflicts:
        hint = plans.upgrade_hint(args.plan, found.conflicts[0].limit, found.conflicts[0].used)
        told = " ".join(c.message for c in found.conflicts)
        return refused(told, plan=f"{hint} Which plan would you like?")
    await usage.settle_change(session, "cancelled")
    await tenancy.update_tenant(session, plan=args.plan)
    await assistance.open_review(session, [item.name for item in review_items(args.plan)])
    return ToolResult(
        status="changed",
        facts={"plan_label": label, "from": now.isoformat()},
        undo={"plan": found.before},
        before={"plan": found.before},
        after={"plan": args.plan},
    )


async def change_due(db: Database, clock: Clock) -> int:
    """Make the changes of plan that have come due; one that still does not fit waits, and the client is told
    once a month what stands in its way. Returns how many were made.
    """
    async with db.platform("whose change of plan has come due") as session:
        due = await usage.tenants_with_due_change(session, now=clock.now())
    made = 0
    for tenant_id in due:
        try:
            async with db.tenant(tenant_id) as session:
                made += await _make_due(session, now=clock.now())
        except SeiketsuError as error:
            logger.warning("a change of plan waits: {}", error.code)
    return made


async def _make_due(session: Session, *, now: datetime) -> bool:
    tenant = await tenancy.get_tenant(session, lock=True)
    waiting = await usage.waiting_change(session)
    if waiting is None or waiting.due_at > now:
        return False
    found = await preview(session, waiting.plan, now=now)
    if found.later:
        first = found.later[0]
        fresh = await usage.notice_once(
            session,
            limit_name=first.limit,
            level="plan_blocked",
            used=first.used,
            allowed=first.allowed,
            at=now,
        )
        if fresh is not None:
            facts = {
                "plan": plans.plan(waiting.plan).label,
                "conflicts": "\n".join(f"- {c.message}" for c in found.later),
            }
            await metering.write_to_admins(session, admission.admission().letters.blocked, facts)
        return False
    before = tenant.plan
    await tenancy.update_tenant(session, plan=waiting.plan)
    waiting.status = "done"
    await receipts.audit(
        session,
        actor=waiting.actor,
        action="change_plan",
        subject=str(waiting.id),
        at=now,
        before={"plan": before},
        after={"plan": waiting.plan},
    )
    return True
