"""The agent's profile: how it sounds and works, and what it says after the disclosure (C09)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, field_validator

from core.errors import NotFound
from policies import compliance, greetings, voices
from stores import tenancy
from stores.db import Session
from web.access import Access, May
from web.api.replies import IfMatch, IfNoneMatch, answer, do, unless_changed
from web.api.shape import Change, Int, Line, Phone, Shape, WeeklyHours, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}/agent", tags=["agent"])

Language = Literal["en-US", "es-US"]
VoiceProfile = Annotated[
    str,
    Field(
        min_length=1,
        max_length=60,
        examples=["professional_female"],
        description="One of " + ", ".join(f"`{v.value}`" for v in voices.voices().profiles) + ".",
    ),
]
AfterHours = Annotated[str, Field(min_length=1, max_length=60, examples=["full_agent"])]


class TransferTarget(Shape):
    """Somebody a caller may be put through to. A new number waits until a test call has proved it."""

    e164: Phone
    name: str = Field("", max_length=80)
    ring_seconds: Int = Field(20, ge=5, le=60)


class Agent(Shape):
    """How the agent sounds and behaves."""

    disclosure: str = Field(
        description="Said first on every call: who answers, that it is an AI, whether the call is "
        "recorded. It cannot be changed or left out."
    )
    persona_name: str
    voice_profile: str
    languages: list[str]
    hours: dict[str, Any]
    holidays: list[str]
    after_hours_mode: str
    greeting: str | None
    fallback_line: str | None
    closing: str | None
    transfer_targets: list[dict[str, Any]]
    lexicon: dict[str, Any] = Field(description="How names are pronounced: written -> spoken.")
    max_call_minutes: int
    recording_notice: bool = Field(
        description="Whether calls are recorded (and announced); set in the rules."
    )
    updated_at: datetime


class AgentChange(Change):
    """What is to change."""

    persona_name: Line = Field("Alex", max_length=20)
    voice_profile: VoiceProfile = "professional_female"
    languages: list[Language] = Field(["en-US"], min_length=1, max_length=2)
    hours: WeeklyHours = {}
    holidays: list[date] = Field([], max_length=100)
    after_hours_mode: AfterHours = "full_agent"
    greeting: Line | None = Field(
        None, max_length=300, description="Must say the brand's name; never denies recording or the AI."
    )
    fallback_line: Line | None = Field(None, max_length=300)
    closing: Line | None = Field(None, max_length=300)
    transfer_targets: list[TransferTarget] = Field([], max_length=20)
    lexicon: dict[str, str] = Field({}, max_length=200, examples=[{"Nguyen": "win"}])
    max_call_minutes: Int = Field(10, ge=2, le=60)

    @field_validator("lexicon")
    @classmethod
    def _short(cls, value: dict[str, str]) -> dict[str, str]:
        if any(not (0 < len(k) <= 80 and 0 < len(v) <= 120) for k, v in value.items()):
            raise ValueError("words are 1 to 80 characters, how they sound 1 to 120")
        return value


class Opening(Shape):
    """What a caller hears first."""

    channel: Literal["voice", "chat"]
    disclosure: str
    greeting: str
    text: str = Field(description="All of it, as it is said.")
    problems: list[str] = Field(description="Why this greeting could not be saved; empty when it can.")


class OpeningQuery(Shape):
    """A greeting or name to try out; what is not given is as it is stored."""

    channel: Literal["voice", "chat"] = "voice"
    greeting: str | None = Field(None, max_length=1000)
    persona_name: str | None = Field(None, min_length=1, max_length=20)


async def look(session: Session, *, lock: bool = False) -> Agent | None:
    """What a reader sees; None while there is no profile."""
    tenant = await tenancy.get_tenant(session)
    profile = await tenancy.get_profile(session, lock=lock)
    if profile is None:
        return None
    said = compliance.prefix(tenant.brand_name, profile.persona_name, recorded=profile.recording_notice)
    return view(Agent, profile, disclosure=said)


async def _found(session: Session) -> Agent:
    found = await look(session)
    if found is None:
        raise NotFound("the agent is not set up yet; PUT its profile")
    return found


@router.get("", response_model=Agent)
async def get_agent(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("agent:read"))],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The agent's profile. 404 until it is set up."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await _found(session))


@router.put("", response_model=Agent)
async def put_agent(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("agent:write"))],
    body: AgentChange,
    if_match: IfMatch = None,
) -> Response:
    """Set the whole profile; what is not named takes its standard. If-Match once there is one."""
    return await _write(request, parts, act, body.model_dump(mode="json"), if_match)


@router.patch("", response_model=Agent)
async def change_agent(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("agent:write"))],
    body: AgentChange,
    if_match: IfMatch = None,
) -> Response:
    """Change some of the profile."""
    async with parts.db.tenant(act.tenant_id) as session:
        await _found(session)
    return await _write(request, parts, act, body.changes(), if_match)


async def _write(
    request: Request, parts: PartsDep, act: Act, changes: dict[str, Any], if_match: str | None
) -> Response:
    guard = unless_changed(if_match, lambda session: look(session, lock=True))
    await do(request, act, "change_profile", {"changes": changes}, guard=guard)
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await _found(session))


@router.get("/opening", response_model=Opening)
async def preview_opening(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("agent:read"))],
    query: Annotated[OpeningQuery, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """What a caller would hear first, with a greeting that is stored or only tried out."""
    async with parts.db.tenant(access.tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        profile = await tenancy.get_profile(session)
    stored = profile.greeting if profile else None
    greeting = query.greeting if query.greeting is not None else stored
    greeting = greeting or greetings.standard_greeting(tenant.brand_name)
    persona = query.persona_name or (profile.persona_name if profile else voices.voices().default_persona)
    recorded = profile.recording_notice if profile else True
    problem = compliance.greeting_problem(greeting, tenant.brand_name)
    said = compliance.prefix(tenant.brand_name, persona, recorded=recorded, channel=query.channel)
    kept = compliance.without_prefix(greeting)
    return answer(
        request,
        Opening(
            channel=query.channel,
            disclosure=said,
            greeting=kept,
            text=f"{said} {kept}".strip(),
            problems=[problem] if problem else [],
        ),
    )
