"""The client's own record, its agent's profile and its rules, kept by its people (A045, A047)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from core.errors import Conflict
from policies import business_hours, compliance, rule_words, voices
from policies.rules import standard_rules
from stores import tenancy
from stores.db import Session
from tools.base import Args, ToolContext, ToolResult, refused, tool

CLIENT = (
    "name", "brand_name", "timezone", "states", "markets", "website", "main_phone", "address", "license",
    "team_size",
)  # fmt: skip
PROFILE = (
    "persona_name", "voice_profile", "languages", "hours", "holidays", "after_hours_mode", "greeting",
    "fallback_line", "closing", "transfer_targets", "lexicon", "max_call_minutes",
)  # fmt: skip
RULES = ("criteria", "hot_rule", "routing", "follow_up", "compliance")


class Changes(Args):
    """Columns to change."""

    changes: dict[str, Any]


class WholeRules(Args):
    """All rules. ``fair_housing_ack`` is needed once, before the first rules."""

    criteria: dict[str, int]
    hot_rule: dict[str, Any]
    routing: dict[str, Any]
    follow_up: list[dict[str, Any]]
    recording: str | None = None
    fair_housing_ack: bool | None = Field(None)


def _of(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


async def restore_client(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The record as it was."""
    await tenancy.update_tenant(session, **undo)
    return ToolResult(status="undone", after=undo)


@tool("change_client", Changes, undo=restore_client, statuses=("changed",))
async def change_client(ctx: ToolContext, session: Session, args: Changes) -> ToolResult:
    """Change the organisation's own record."""
    tenant = await tenancy.get_tenant(session)
    before = _of(tenant, CLIENT)
    changes = {k: v for k, v in args.changes.items() if k in CLIENT}
    for name in ("states", "markets"):
        if name in changes:
            changes[name] = changes[name] or []
    profile = await tenancy.get_profile(session)
    brand = changes.get("brand_name", tenant.brand_name)
    if brand != tenant.brand_name and profile is not None and profile.greeting:
        problem = compliance.greeting_problem(profile.greeting, brand)
        if problem:
            return refused("The greeting names the old brand. Change it first.", brand_name=problem)
    tenant = await tenancy.update_tenant(session, **changes)
    if "states" in changes:
        await _law_of_states(session, tenant)
    return ToolResult(status="changed", undo=before, before=before, after=_of(tenant, CLIENT))


async def _law_of_states(session: Session, tenant: tenancy.Tenant) -> None:
    """Whose consent a recording needs follows from the states (C12)."""
    rules = await tenancy.get_rules(session)
    if rules is not None:
        law = dict(rules.compliance)
        law["all_party_states"] = compliance.profile_for(tenant.states)["all_party_states"]
        await tenancy.upsert_rules(session, compliance=law)


async def restore_profile(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The profile as it was; one that was new takes the standard again."""
    await tenancy.upsert_profile(session, **undo["before"])
    return ToolResult(status="undone", after=undo["before"])


@tool("change_profile", Changes, undo=restore_profile, statuses=("changed",))
async def change_profile(ctx: ToolContext, session: Session, args: Changes) -> ToolResult:
    """Change how the agent sounds and behaves. What the law wants said first is no part of it (C09)."""
    tenant = await tenancy.get_tenant(session)
    current = await tenancy.get_profile(session)
    changes = {k: v for k, v in args.changes.items() if k in PROFILE}
    wrong = profile_problems(changes, tenant.brand_name)
    if wrong:
        return refused("The agent cannot be like that.", **wrong)
    if changes.get("greeting"):
        changes["greeting"] = compliance.without_prefix(changes["greeting"])
    if "transfer_targets" in changes:
        changes["transfer_targets"] = _targets(current, changes["transfer_targets"])
    before = _of(current, PROFILE) if current is not None else None
    profile = await tenancy.upsert_profile(session, **changes)
    return ToolResult(
        status="changed",
        undo={"before": before} if before is not None else None,
        before=before,
        after=_of(profile, PROFILE),
    )


def profile_problems(changes: Mapping[str, Any], brand: str) -> dict[str, str]:
    """Field -> why it cannot be so; all of them at once."""
    wrong: dict[str, str] = {}
    known = {v.value for v in voices.voices().profiles}
    if "voice_profile" in changes and changes["voice_profile"] not in known:
        wrong["voice_profile"] = f"is none of {', '.join(sorted(known))}"
    modes = {a.value for a in business_hours.hours().after_hours}
    if "after_hours_mode" in changes and changes["after_hours_mode"] not in modes:
        wrong["after_hours_mode"] = f"is none of {', '.join(sorted(modes))}"
    if "hours" in changes and (found := business_hours.problems(changes["hours"])):
        wrong["hours"] = " ".join(found)
    if changes.get("greeting") and (problem := compliance.greeting_problem(changes["greeting"], brand)):
        wrong["greeting"] = problem
    return wrong


def _targets(current: tenancy.AgentProfile | None, wanted: Any) -> list[dict[str, Any]]:
    """A number stays proved if it was; a new one waits for its test call (C41)."""
    proved = {t.get("e164") for t in (current.transfer_targets if current else ()) if t.get("verified")}
    return [{**one, "verified": one["e164"] in proved} for one in wanted or ()]


async def restore_rules(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The rules as they were, as a new version."""
    await tenancy.upsert_rules(session, **undo["before"])
    if undo["notice"] is not None:
        await tenancy.upsert_profile(session, recording_notice=undo["notice"])
    return ToolResult(status="undone", after=undo["before"])


@tool("put_rules", WholeRules, undo=restore_rules, statuses=("saved",), facts=("rules_version",))
async def put_rules(ctx: ToolContext, session: Session, args: WholeRules) -> ToolResult:
    """Replace the rules by others that hold together; the fair-housing rule is accepted, never chosen."""
    found = rule_words.problems(args.model_dump(exclude_none=True))
    if found:
        return refused("These rules do not hold together.", **found)
    tenant = await tenancy.get_tenant(session)
    current = await tenancy.get_rules(session)
    profile = await tenancy.get_profile(session)
    law = compliance.profile_for(tenant.states) | dict(current.compliance if current else {})
    if args.fair_housing_ack:
        law["fair_housing_ack"] = {
            "at": ctx.clock.now().isoformat(),
            "channel": ctx.channel,
            "by": ctx.actor,
        }
    if not law.get("fair_housing_ack"):
        raise Conflict("fair housing must be agreed to first: fair_housing_ack", code="fair_housing")
    if args.recording is not None:
        law["recording"] = args.recording
        await tenancy.upsert_profile(session, recording_notice=args.recording == "announce")
    wanted = {
        "criteria": args.criteria,
        "hot_rule": standard_rules()["hot_rule"] | args.hot_rule,
        "routing": args.routing,
        "follow_up": args.follow_up,
        "compliance": law,
    }
    before = _of(current, RULES) if current is not None else None
    saved = await tenancy.upsert_rules(session, **wanted)
    notice = profile.recording_notice if profile is not None and args.recording is not None else None
    return ToolResult(
        status="saved",
        facts={"rules_version": saved.version},
        undo={"before": before, "notice": notice} if before is not None else None,
        before=before,
        after=wanted,
    )
