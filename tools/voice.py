"""The client's agent: voice, hours, greeting, line, and who takes a caller who wants a person (A045)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from integrations.numbers import is_area_code
from policies import business_hours, compliance, greetings, standards, voices
from stores import tenancy
from stores.db import Session
from tools import lines
from tools.base import Args, ToolContext, ToolResult, refused, tool
from tools.values import Phone, Text, WeeklyHours

LOCALES = {"en": "en-US", "es": "es-US"}
PROFILE = (
    "persona_name",
    "voice_profile",
    "languages",
    "hours",
    "after_hours_mode",
    "greeting",
    "transfer_targets",
    "max_call_minutes",
)


class VoiceArgs(Args):
    """The voice step; what is not named stays as it is, or takes the standard."""

    voice_profile: str | None = None
    languages: list[str] | None = None
    business_hours: WeeklyHours | None = None
    after_hours_mode: str | None = None
    greeting: Text | None = Field(None, max_length=1000)
    number_mode: str | None = None
    area_code: str | None = None
    existing_number: Phone | None = None
    transfer_number: Phone | None = None
    persona_name: Text | None = Field(None, max_length=20)
    max_call_minutes: int | None = Field(None, ge=2, le=60)


async def reserve_line(ctx: ToolContext, args: VoiceArgs) -> Mapping[str, Any]:
    """Find a number when the client has none, or wants another area code."""
    async with ctx.db.tenant(ctx.tenant) as session:
        line = await lines.current(session)
    wish = args.area_code or standards.area_code(args.existing_number)
    if line is not None and _stays(line, args):
        return {}
    codes = [wish] if args.area_code else lines.area_codes(ctx, wish, ctx.caller)
    return await lines.reserve(ctx, [c for c in codes if c])


async def restore_voice(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The profile as it was before; the number stays unless it was new and the old one is still free."""
    if undo["profile"] is not None:
        await tenancy.upsert_profile(session, **undo["profile"])
    line = await lines.current(session)
    if undo.get("forwarded_from", "") != "" and line is not None:
        line.forwarded_from = undo["forwarded_from"]
        await session.flush()
    return ToolResult(status="undone", after=undo["profile"])


@tool(
    "configure_voice_agent",
    VoiceArgs,
    before=reserve_line,
    give_back=lines.give_back,
    undo=restore_voice,
    statuses=("configured",),
    facts=("number", "e164", "voice_result", "hours_spoken"),
)
async def configure_voice_agent(ctx: ToolContext, session: Session, args: VoiceArgs) -> ToolResult:
    """Set how the client's agent sounds, when it works and on which number."""
    tenant = await tenancy.get_tenant(session)
    refusal = _refusal(args, tenant)
    if refusal is not None:
        return refusal
    profile = await tenancy.get_profile(session)
    before = {name: getattr(profile, name) for name in PROFILE} if profile else None
    old = await lines.current(session)
    line = await _line(session, args, old, ctx.outside)
    released = [await lines.let_go(session, old)] if old is not None and line not in (None, old) else []
    if line is None:
        asked = f" with area code {args.area_code}" if args.area_code else ""
        return refused(
            area_code=f"I have no free number{asked} right now. Which other area code would you like?"
        )
    forwarded = line.forwarded_from
    if args.number_mode == "forward" and args.existing_number:
        line.forwarded_from = args.existing_number
    elif args.number_mode == "new":
        line.forwarded_from = None
    fields = _profile(ctx, args, tenant, new=profile is None)
    await tenancy.upsert_profile(session, **fields)
    now = await tenancy.get_profile(session)
    assert now is not None
    return ToolResult(
        status="configured",
        facts={
            "number": lines.shown(line.e164),
            "e164": line.e164,
            "voice_result": _result(ctx, now, args, lines.shown(line.e164)),
            "hours_spoken": business_hours.spoken(now.hours),
        },
        undo={"profile": before, "forwarded_from": forwarded},
        before=before,
        after={name: getattr(now, name) for name in PROFILE} | {"number": line.e164},
        released=released,
    )


def _refusal(args: VoiceArgs, tenant: tenancy.Tenant) -> ToolResult | None:
    if args.voice_profile and args.voice_profile not in {v.value for v in voices.voices().profiles}:
        return refused(
            voice_profile="I don't have that voice. Female, male, friendly, authoritative or multilingual?"
        )
    if args.after_hours_mode and args.after_hours_mode not in {
        a.value for a in business_hours.hours().after_hours
    }:
        return refused(after_hours_mode="When you're closed, should it answer fully or take a message?")
    if args.greeting:
        problem = compliance.greeting_problem(args.greeting, tenant.brand_name)
        if problem:
            return refused(greeting=f"{problem} What should it say?")
    if args.area_code and not is_area_code(args.area_code):
        return refused(area_code="That's no area code. Which three digits, like three oh three?")
    if args.number_mode == "forward" and not args.existing_number:
        return refused(existing_number="Which number will you forward, with area code?")
    if args.number_mode == "forward" and args.existing_number == args.transfer_number:
        return refused(
            transfer_number="Calls to that number are forwarded to the agent, so a transfer would come"
            " straight back. Which other number should ring?"
        )
    return None


async def _line(
    session: Session, args: VoiceArgs, old: tenancy.PhoneNumber | None, outside: Mapping[str, Any]
) -> tenancy.PhoneNumber | None:
    """The client's line: the one it has, or a new one, and then the old one is given back."""
    if old is not None and _stays(old, args):
        return old
    new = await lines.claim(session, outside)
    if new is None:
        # an area code that is only near the client's own number is no reason to fail
        return None if args.area_code else old
    return new


def _stays(line: tenancy.PhoneNumber, args: VoiceArgs) -> bool:
    """Whether the line there is will do: in the area wished for, and no number of the client's own."""
    wish = args.area_code or standards.area_code(args.existing_number)
    own = line.e164 in (args.existing_number, args.transfer_number)
    return not own and (wish is None or standards.area_code(line.e164) == wish)


def _profile(ctx: ToolContext, args: VoiceArgs, tenant: tenancy.Tenant, *, new: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if args.voice_profile or new:
        fields["voice_profile"] = args.voice_profile or voices.voices().default
    if args.languages or new:
        fields["languages"] = [LOCALES.get(code, code) for code in args.languages or ["en"]]
    if args.business_hours is not None or new:
        weekly = args.business_hours if args.business_hours is not None else business_hours.standard()
        fields["hours"] = {day: spans for day, spans in weekly.items() if spans}
    if args.after_hours_mode or new:
        fields["after_hours_mode"] = args.after_hours_mode or "full_agent"
    if args.greeting or new:
        greeting = args.greeting or greetings.standard_greeting(tenant.brand_name)
        fields["greeting"] = compliance.without_prefix(greeting)
    if args.persona_name or new:
        fields["persona_name"] = args.persona_name or voices.voices().default_persona
    if args.max_call_minutes:
        fields["max_call_minutes"] = args.max_call_minutes
    if args.transfer_number:
        # verified: the client is calling from it now; any other number waits for a test call (C41)
        verified = args.transfer_number == ctx.caller
        fields["transfer_targets"] = [
            {"e164": args.transfer_number, "name": "", "ring_seconds": 20, "verified": verified}
        ]
    return fields


def _result(ctx: ToolContext, profile: tenancy.AgentProfile, args: VoiceArgs, number: str) -> str:
    """The number, what is worth knowing about voice and line, and nothing that is not so."""
    notes = [f"Your agent's number is {number}."]
    spoken = voices.spoken_by(profile.voice_profile, ctx.ports.engines)
    if not spoken.exact:
        notes.append("That voice isn't installed here yet, so callers hear the standard voice for now.")
    wanted = [code.split("-")[0] for code in profile.languages]
    heard = voices.spoken_languages(profile.voice_profile, ctx.ports.engines, profile.languages)
    if "es" in wanted and "es" not in heard:
        notes.append("It speaks English for now, and notes when a caller prefers Spanish.")
    if args.number_mode == "forward":
        notes.append("Forward your own number to it with your phone company.")
    return " ".join(notes)
