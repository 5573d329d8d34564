"""What a client uses of its plan, and its change to another (A023-A027)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from core.errors import Conflict, InvalidInput, Problem
from policies import business_hours, plans, sla
from policies.admission import METERED, UNITS, ceiling
from policies.plans import Channel, Limit, Plan
from policies.sla import Priority
from stores import receipts, slots, tenancy, usage
from tools.plan import Preview, connections_used, preview
from web.access import Access, May
from web.api.replies import do
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}", tags=["usage"])


class LimitView(BaseModel):
    """One limit of the plan. ``used`` and ``allowed`` in the limit's own units; no ``allowed``: no limit."""

    limit: Limit
    used: float
    allowed: int | None
    percent: float | None = None


class NoticeView(BaseModel):
    """The client was told: ``level`` is "80", "100", "fair_use", or "plan_blocked"."""

    limit: str
    level: str
    used: int
    allowed: int
    at: datetime


class WaitingView(BaseModel):
    """A change of plan that takes effect with the next billing month."""

    plan: str
    due_at: datetime


class MonthView(BaseModel):
    """What was used in one month, in the counter's units."""

    month: date
    kind: str
    amount: int


class WayView(BaseModel):
    """Whether the plan's support is reached this way; if not, ``message`` says which plan has it."""

    channel: Channel
    included: bool
    message: str | None


class SupportView(BaseModel):
    """The help that the plan includes (B018-B022). The chat's hours are in the client's time zone; where
    ``people`` has no chat, the assistant answers it.
    """

    people: list[WayView]
    chat_hours: str = Field(examples=["Monday to Friday, 9 AM to 5 PM"])
    chat_open: bool
    video: bool
    manager: bool
    custom_training: bool
    first_answer_hours: dict[Priority, int] = Field(description="By priority, around the clock")


class UsageView(BaseModel):
    """The billing month so far. Months are calendar months in UTC."""

    plan: str | None
    month: date
    resets_at: datetime
    limits: list[LimitView]
    lines_in_use: dict[str, int]
    notices: list[NoticeView]
    waiting_change: WaitingView | None
    support: SupportView | None = Field(description="null while there is no plan")
    history: list[MonthView]


@router.get("/usage")
async def get_usage(access: Annotated[Access, Depends(May("usage:read"))], parts: PartsDep) -> UsageView:
    """What was used of each limit of the plan this month, the help it includes, and earlier months."""
    now = parts.clock.now()
    async with parts.db.tenant(access.tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        used = await usage.used(session, at=now)
        users = len(await tenancy.members(session))
        connected = await connections_used(session)
        told = await usage.notices(session)
        waiting = await usage.waiting_change(session)
        held = await slots.held(session, now=now)
        history = await usage.months(session)
    plan = plans.plan(tenant.plan) if tenant.plan else None
    limits = []
    for name in METERED:
        counter, unit = UNITS[name]
        cap = ceiling(tenant.plan, name)
        limits.append(_limit(name, round(used[counter] / unit, 3), None if cap is None else cap // unit))
    limits.append(_limit("users", users, plan.users if plan else None))
    limits.append(_limit("integrations", connected, plan.integrations if plan else None))
    return UsageView(
        plan=tenant.plan,
        month=usage.month_of(now),
        resets_at=usage.month_end(now),
        limits=limits,
        lines_in_use=dict(held),
        notices=[
            NoticeView(limit=n.limit_name, level=n.level, used=n.used, allowed=n.allowed, at=n.at)
            for n in told
        ],
        waiting_change=WaitingView(plan=waiting.plan, due_at=waiting.due_at) if waiting else None,
        support=_support(plan, tenant.timezone or "America/New_York", now) if plan else None,
        history=[MonthView(month=h.month, kind=h.kind, amount=h.amount) for h in history],
    )


def _limit(name: Limit, used: float, allowed: int | None) -> LimitView:
    percent = None if not allowed else round(100 * used / allowed, 1)
    return LimitView(limit=name, used=used, allowed=allowed, percent=percent)


def _support(plan: Plan, timezone: str, now: datetime) -> SupportView:
    refusals = {way: plans.support_hint(plan.value, way) for way in get_args(Channel)}
    return SupportView(
        people=[
            WayView(channel=way, included=refusal is None, message=refusal)
            for way, refusal in refusals.items()
        ],
        chat_hours=business_hours.spoken(business_hours.hours().calendars[plan.chat_calendar]),
        chat_open=business_hours.calendar_open(plan.chat_calendar, timezone, now),
        video=plan.video,
        manager=plan.manager,
        custom_training=plan.custom_training,
        first_answer_hours=sla.sla().first_response_hours[plan.value],
    )


class PlanChangeBody(BaseModel):
    """The plan wanted. ``month_end``: a smaller one comes with the next month. ``preview``: only say."""

    model_config = ConfigDict(extra="forbid")

    plan: Literal["starter", "professional", "business", "enterprise"]
    when: Literal["now", "month_end"] = "now"
    preview: bool = False


class TooMuchView(BaseModel):
    """One thing that does not fit the plan."""

    limit: str
    used: int
    allowed: int
    message: str


class PlanView(BaseModel):
    """What was done (``changed``, ``scheduled``) or would be (``preview``)."""

    status: Literal["changed", "scheduled", "preview"]
    plan: str
    before: str | None
    direction: Literal["up", "down", "same"]
    takes_effect: datetime
    conflicts: list[TooMuchView] = Field(description="What keeps a smaller plan from taking effect")
    receipt_id: UUID | None = None


@router.post("/plan", responses={409: {"description": "Something does not fit the smaller plan"}})
async def change_plan(
    body: PlanChangeBody,
    request: Request,
    act: Annotated[Act, Depends(Once("tenant:write"))],
    parts: PartsDep,
) -> PlanView:
    """Move to another plan: a larger one at once, a smaller one once it fits, or with the next month.

    409 names each thing that does not fit. ``when: month_end`` schedules a smaller plan all the same; if it
    does not fit by then, it waits until it does.
    """
    now = parts.clock.now()
    async with parts.db.tenant(act.tenant_id) as session:
        found = await preview(session, body.plan, now=now)
    scheduled = body.when == "month_end" and found.direction == "down"
    conflicts = found.later if scheduled else found.conflicts
    if body.preview:
        return _plan_view("preview", found, scheduled, now)
    if conflicts and not scheduled:
        raise _does_not_fit(found)
    done = await do(request, act, "change_plan", {"plan": body.plan, "when": body.when})
    view = _plan_view("scheduled" if done.status == "scheduled" else "changed", found, scheduled, now)
    return view.model_copy(update={"receipt_id": done.receipt_id})


@router.delete("/plan", status_code=204)
async def cancel_change(access: Annotated[Access, Depends(May("tenant:write"))], parts: PartsDep) -> None:
    """Take back a change of plan that waits for the end of the month. 422 when none waits."""
    async with parts.db.tenant(access.tenant_id) as session:
        waiting = await usage.waiting_change(session)
        if waiting is None:
            raise InvalidInput("no change of plan is waiting", code="nothing_waits")
        await usage.settle_change(session, "cancelled")
        await receipts.audit(
            session,
            actor=f"{access.principal.id}/api",
            action="cancel_plan_change",
            subject=str(waiting.id),
            at=parts.clock.now(),
            before={"waiting": waiting.plan},
            after={"waiting": None},
        )


def _plan_view(status: Any, found: Preview, scheduled: bool, now: datetime) -> PlanView:
    conflicts = found.later if scheduled else found.conflicts
    return PlanView(
        status=status,
        plan=found.plan,
        before=found.before,
        direction=found.direction,
        takes_effect=found.month_ends if scheduled else now,
        conflicts=[
            TooMuchView(limit=c.limit, used=c.used, allowed=c.allowed, message=c.message) for c in conflicts
        ],
    )


def _does_not_fit(found: Preview) -> Conflict:
    return Conflict(
        "This does not fit the smaller plan yet.",
        code="does_not_fit",
        problems=[
            Problem(c.message, c.limit, "make it fit, or send when: month_end", "does_not_fit")
            for c in found.conflicts
        ],
    )
