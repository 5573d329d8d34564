"""How the client's leads are scored, shared and followed up, and what the law adds to it (A047)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from policies import compliance, rules, scoring
from stores import tenancy
from stores.db import Session
from tools import journey, lead_rules
from tools.base import Args, ToolContext, ToolResult, refused, tool
from tools.values import Text

KEPT = ("book_from", "own_rules")
"""What the office's settings hold of them."""
FIELDS = ("criteria", "hot_rule", "routing", "follow_up", "compliance")


class RulesArgs(Args):
    """The rules step; what is not named stays as it is, or takes the standard."""

    keep_rules: bool | None = None
    routing_mode: str | None = None
    hot_score: int | None = Field(None, ge=1, le=100)
    follow_up: str | None = None
    recording_policy: str | None = None
    fair_housing_ack: bool | None = None
    criteria: dict[str, int] | None = None
    hot_rule: dict[str, Any] | None = None
    """As policies.scoring.Hot. One condition named is the whole rule; a score that is not stays."""
    book_from: str | None = Field(None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """No appointment in the office's hours begins before that time of day."""
    own_question: str | None = Field(None, max_length=200)
    """Something else that callers are to be asked, in the client's words."""

    own_rules: Text | None = None
    """Rules in the client's words that none of the settings holds: kept, for people to set."""


async def restore_rules(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The rules as they were before, as a new version."""
    current = await tenancy.get_rules(session)
    before = _known(current) if current else None
    if undo["rules"] is None:
        after = rules.standard_rules() | {"compliance": {}}
    else:
        after = undo["rules"]
    await tenancy.upsert_rules(session, **after)
    if undo["notice"] is not None:
        await tenancy.upsert_profile(session, recording_notice=undo["notice"])
    tenant = await tenancy.get_tenant(session)
    earlier = {name: undo.get(name) for name in KEPT}
    if {name: tenant.settings.get(name) for name in KEPT} != earlier:
        await tenancy.update_tenant(session, settings={**tenant.settings, **earlier})
    return ToolResult(status="undone", before=before, after=after)


@tool("set_rules", RulesArgs, undo=restore_rules, statuses=("saved",), facts=("rules_version",))
async def set_rules(ctx: ToolContext, session: Session, args: RulesArgs) -> ToolResult:
    """Set the client's rules; the fair-housing rule is accepted, never chosen."""
    refusal = _refusal(args)
    if refusal is not None:
        return refusal
    current = await tenancy.get_rules(session)
    if current is None and args.fair_housing_ack is None:
        return refused(
            fair_housing_ack="I need your yes before it can take calls. Do you agree to fair housing?"
        )
    tenant = await tenancy.get_tenant(session)
    profile = await tenancy.get_profile(session)
    before = _known(current) if current else None
    wanted = _wanted(ctx, args, tenant, before)
    if args.own_question:
        found = await lead_rules.add_question(session, args.own_question)
        if found is not None:
            return refused(own_question=found)
    saved = await tenancy.upsert_rules(session, **wanted)
    if args.recording_policy is not None:
        await tenancy.upsert_profile(session, recording_notice=args.recording_policy == "announce")
    settings = journey.ended(tenant, "set_rules", ctx.clock.now())
    earlier = {name: settings.get(name) for name in KEPT}
    settings |= {name: said for name in KEPT if (said := getattr(args, name))}
    await tenancy.update_tenant(session, settings=settings)
    notice = profile.recording_notice if profile else None
    return ToolResult(
        status="saved",
        facts={"rules_version": saved.version},
        undo={"rules": before, "notice": notice, **earlier},
        before=before,
        after=wanted,
    )


def _refusal(args: RulesArgs) -> ToolResult | None:
    policy = rules.rules()
    if args.fair_housing_ack is False:
        return refused(
            fair_housing_ack="It's the law for every brokerage, so I can't go on without it. Do you agree?"
        )
    if args.routing_mode and args.routing_mode not in {m.value for m in policy.routing_modes}:
        return refused(routing_mode="How should leads be shared, in turn, by area, by price, or all to you?")
    if args.follow_up and args.follow_up not in {c.value for c in policy.cadences}:
        return refused(follow_up="How much follow-up? Standard, gentle or none?")
    modes = {m.value for m in compliance.compliance().recording_modes}
    if args.recording_policy and args.recording_policy not in modes:
        return refused(recording_policy="Should calls be recorded and announced, or never recorded?")
    if args.criteria:
        problem = scoring.weights_problem(args.criteria)
        if problem:
            return refused(problem, criteria=problem)
    if args.hot_rule:
        problem = scoring.hot_problem(args.hot_rule)
        if problem:
            return refused(problem, hot_rule=problem)
    return None


def _wanted(
    ctx: ToolContext, args: RulesArgs, tenant: tenancy.Tenant, before: dict[str, Any] | None
) -> dict[str, Any]:
    """The whole set of rules: what was there (or the standard), with what was named changed."""
    base = rules.standard_rules() if before is None or args.keep_rules else before
    wanted = {name: base[name] for name in ("criteria", "hot_rule", "routing", "follow_up")}
    wanted = {k: v or rules.standard_rules()[k] for k, v in wanted.items() if k != "follow_up"} | {
        "follow_up": wanted["follow_up"]
    }
    if args.criteria:
        wanted["criteria"] = args.criteria
    if args.hot_rule:
        anew = set(args.hot_rule) & set(scoring.NO_CONDITIONS)
        wanted["hot_rule"] |= {**(scoring.NO_CONDITIONS if anew else {}), **args.hot_rule}
    if args.hot_score:
        wanted["hot_rule"] = wanted["hot_rule"] | {"score": args.hot_score}
    if args.routing_mode:
        wanted["routing"] = wanted["routing"] | {"mode": args.routing_mode}
    if args.follow_up:
        wanted["follow_up"] = rules.cadence(args.follow_up)
    law = compliance.profile_for(tenant.states) | dict((before or {}).get("compliance") or {})
    law["all_party_states"] = compliance.profile_for(tenant.states)["all_party_states"]
    if args.recording_policy:
        law["recording"] = args.recording_policy
    if args.fair_housing_ack:
        law["fair_housing_ack"] = {
            "at": ctx.clock.now().isoformat(),
            "channel": ctx.channel,
            "conversation_id": str(ctx.conversation_id),
        }
    return wanted | {"compliance": law}


def _known(row: tenancy.Rules) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}
