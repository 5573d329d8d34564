"""Testing and launch: the test calls, the gates, and the switch (A048)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.errors import Unavailable
from core.ids import fingerprint
from policies import plans
from policies.launch import blockers, reminders
from policies.provisioning import review_items
from policies.rules import rules
from stores import assistance, integrations, tenancy
from stores.db import Session
from tools import events, journey, letters, lines, runs
from tools.base import Args, ToolContext, ToolResult, refused, tool
from tools.registration import owner_of
from tools.support import new_ticket


class TestArgs(Args):
    """Whether to place the test calls now."""

    run_tests: bool = True


class ActivateArgs(Args):
    """The admin's explicit yes."""

    activate: bool


async def place_test_calls(ctx: ToolContext, args: TestArgs) -> Mapping[str, Any]:
    """Let the scripted callers call the new agent, in text, before anything is written."""
    if not args.run_tests:
        return {}
    if ctx.ports.rehearse is None:
        raise Unavailable("test calls cannot be placed here")
    return {"results": [dict(r) for r in await ctx.ports.rehearse(ctx.tenant)]}


@tool(
    "run_test_conversations",
    TestArgs,
    before=place_test_calls,
    repeatable=True,
    statuses=("passed", "failed"),
    facts=("tests_result", "tests_passed", "tests_total", "failed_tests"),
)
async def run_test_conversations(ctx: ToolContext, session: Session, args: TestArgs) -> ToolResult:
    """Place the scripted test calls to the new agent and keep what came of them."""
    if not args.run_tests:
        return refused(
            run_tests="It goes live only after its test calls. Say yes to run them, or goodbye to stop here."
        )
    results = ctx.outside["results"]
    failed = [str(r["name"]).replace("_", " ") for r in results if not r["passed"]]
    passed = len(results) - len(failed)
    enough = len(results) >= rules().must_rehearse and not failed
    before, report = await keep_rehearsals(session, results, now=ctx.clock.now())
    await runs.note_rehearsals(session, results, clock=ctx.clock)
    words = f"All {passed} test calls passed."
    if not enough:
        words = await _not_yet(ctx, session, passed, len(results), failed)
    return ToolResult(
        status="passed" if enough else "failed",
        facts={
            "tests_result": words,
            "tests_passed": passed,
            "tests_total": len(results),
            "failed_tests": ", ".join(failed),
        },
        before={"rehearsals": before},
        after={"rehearsals": {**report, "results": [{k: r[k] for k in ("name", "passed")} for r in results]}},
    )


async def keep_rehearsals(
    session: Session, results: list[dict[str, Any]], *, now: datetime
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """The report of the test calls with the tenant: the one before, and this one."""
    tenant = await tenancy.get_tenant(session)
    enough = len(results) >= rules().must_rehearse and all(r["passed"] for r in results)
    report = {
        "at": now.isoformat(),
        "passed": enough,
        "results": results,
        "of": await _configuration(session),
    }
    settings = journey.ended(tenant, "run_test_conversations", now) if enough else dict(tenant.settings)
    before = settings.get("rehearsals")
    await tenancy.update_tenant(session, settings=settings | {"rehearsals": report})
    return before, report


async def _not_yet(ctx: ToolContext, session: Session, passed: int, total: int, failed: list[str]) -> str:
    """A person must look at it: a ticket that names the failed test calls, and words that say so."""
    body = f"Failed: {', '.join(failed) or 'too few test calls'}"
    ticket, _, promise = await new_ticket(ctx, session, "technical", "high", "Test calls failed", body)
    return (
        f"{passed} of {total} test calls passed, so your agent stays off for now. "
        f"I've opened ticket number {ticket.number}, and a person will look at it{promise}."
    )


async def switch_off(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """Back to how it was before it went live."""
    await tenancy.set_status(session, undo["status"], at=ctx.clock.now())
    return ToolResult(status="undone", before={"status": "live"}, after={"status": undo["status"]})


@tool(
    "activate_agent",
    ActivateArgs,
    undo=switch_off,
    statuses=("live",),
    facts=("launch_result", "number", "e164", "slug"),
)
async def activate_agent(ctx: ToolContext, session: Session, args: ActivateArgs) -> ToolResult:
    """Switch the client's agent on, once every gate is green and the admin has said yes."""
    tenant = await tenancy.get_tenant(session)
    line = await lines.current(session)
    facts = {
        "number": lines.shown(line.e164) if line else "",
        "e164": line.e164 if line else "",
        "slug": tenant.slug,
    }
    if not args.activate:
        return refused(
            activate="Okay, it stays off. To switch it on, say yes, now or when you call back. "
            "To stop here, say goodbye."
        )
    green = await gates(session)
    red = blockers(green)
    if red:
        return refused(" ".join(g.says for g in red), **{g.slot: g.says for g in reversed(red)})
    now = ctx.clock.now()
    before = tenant.status
    await tenancy.update_tenant(session, settings=journey.ended(tenant, "activate_agent", now))
    tenant = await tenancy.set_status(session, "live", at=now)
    if before != "live":
        await events.activated(session, tenant)
    owner = await owner_of(session)
    if owner is not None and before != "live":
        words_ = {
            "name": owner.name,
            "organization": tenant.brand_name,
            "number": facts["number"],
            "onboarding_number": lines.shown(ctx.ports.onboarding_number),
        }
        await letters.email(ctx, session, owner.email, "live", words_)
    notes = [f"Done. {tenant.brand_name}'s agent is live on {facts['number']}."]
    notes += [g.says for g in reminders(green)]
    return ToolResult(
        status="live",
        facts={"launch_result": " ".join(notes), **facts},
        undo={"status": before},
        before={"status": before},
        after={"status": "live", "gates": sorted(green)},
    )


async def gates(session: Session) -> set[str]:
    """The names of the gates that are green for the session's tenant."""
    tenant = await tenancy.get_tenant(session)
    profile = await tenancy.get_profile(session)
    law = await tenancy.get_rules(session)
    owner = await owner_of(session)
    settings = tenant.settings
    rehearsals = settings.get("rehearsals") or {}
    lists = await integrations.list_integrations(session, kind="crm")
    checks = {
        "organization": bool(tenant.name and tenant.brand_name),
        "states": bool(tenant.states),
        "timezone": bool(tenant.timezone),
        "admin": owner is not None,
        "plan": tenant.plan in {p.value for p in plans.all_plans()},
        "terms": "terms" in settings,
        "authority": "authority" in settings,
        "profile": profile is not None and bool(profile.greeting),
        "number": await lines.current(session) is not None,
        "fair_housing": law is not None and "fair_housing_ack" in law.compliance,
        "sync": any(row.vendor == "builtin" and (row.last_test or {}).get("ok") for row in lists),
        # passed, and nothing the tests depend on has changed since
        "rehearsals": bool(rehearsals.get("passed"))
        and rehearsals.get("of") == await _configuration(session),
        "review": await _reviewed(session, tenant.plan),
        "email_verified": owner is not None and owner.email_verified_at is not None,
    }
    return {name for name, green in checks.items() if green}


async def _reviewed(session: Session, plan: str | None) -> bool:
    """Whether every point of the plan's manual security review is signed or waived (A042).

    A point that nobody has opened yet is not signed.
    """
    over = {i.name for i in await assistance.review(session) if i.status in ("signed", "waived")}
    return all(item.name in over for item in review_items(plan))


async def _configuration(session: Session) -> str:
    """What the test calls were placed to: changes when the greeting, the hours or the rules change."""
    profile = await tenancy.get_profile(session)
    law = await tenancy.get_rules(session)
    parts: list[Any] = [law.version if law else 0]
    if profile is not None:
        parts += [profile.greeting, profile.persona_name, profile.after_hours_mode, sorted(profile.languages)]
    return fingerprint(repr(parts))
