"""The client's plan: chosen, changed, and what does not fit it (A023-A026)."""

from __future__ import annotations

from typing import Any

from policies import plans
from stores import integrations, tenancy
from stores.db import Session
from tools.base import Args, ToolContext, ToolResult, refused, tool

CONNECTIONS = ("crm", "calendar", "webhook")


class PlanArgs(Args):
    """The plan wanted."""

    plan: str


def size_problem(plan: str, team_size: int | None) -> str | None:
    """Why a team does not fit a plan: the conflict and the plan that fits. Never a silent upgrade."""
    if team_size is None or plans.allows(plan, "users", team_size):
        return None
    return f"{plans.upgrade_hint(plan, 'users', team_size)} Which plan would you like?"


async def connections_used(session: Session) -> int:
    """How many integrations of the plan's allowance are taken; the built-in ones are free."""
    rows = await integrations.list_integrations(session)
    return sum(1 for row in rows if row.kind in CONNECTIONS and row.vendor != "builtin")


async def restore_plan(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Back to the plan before."""
    tenant = await tenancy.get_tenant(session)
    before = {"plan": tenant.plan}
    await tenancy.update_tenant(session, plan=undo["plan"])
    return ToolResult(status="undone", before=before, after={"plan": undo["plan"]})


@tool("change_plan", PlanArgs, undo=restore_plan, statuses=("changed",), facts=("plan_label",))
async def change_plan(ctx: ToolContext, session: Session, args: PlanArgs) -> ToolResult:
    """Move the client to another plan."""
    if args.plan not in {p.value for p in plans.all_plans()}:
        return refused(plan="There's no such plan. Starter, Professional, Business or Enterprise?")
    tenant = await tenancy.get_tenant(session)
    problem = size_problem(args.plan, tenant.team_size)
    if problem is not None:
        return refused(problem, plan=problem)
    people = len(await tenancy.members(session))
    used = await connections_used(session)
    if not plans.allows(args.plan, "users", people):
        hint = plans.upgrade_hint(args.plan, "users", people)
        return refused(hint, plan=f"{hint} Which plan would you like?")
    if not plans.allows(args.plan, "integrations", used):
        hint = plans.upgrade_hint(args.plan, "integrations", used)
        return refused(hint, plan=f"{hint} Which plan would you like?")
    before = tenant.plan
    await tenancy.update_tenant(session, plan=args.plan)
    return ToolResult(
        status="changed",
        facts={"plan_label": plans.plan(args.plan).label},
        undo={"plan": before},
        before={"plan": before},
        after={"plan": args.plan},
    )
