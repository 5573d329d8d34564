"""Paying for the plan: begun here, done on the provider's page, told to us by signed events (A028).

No page here has a box for a card, and the body of an event is neither kept nor logged: what is read of it is
``integrations.payments.PaymentEvent``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.templating import Jinja2Templates
from loguru import logger
from pydantic import BaseModel, Field

from core.errors import NotAllowed, NotFound
from integrations.payments import Order, PaymentEvent, Payments, SandboxPayments, Stripe
from stores import tenancy
from tools import acts
from tools.billing import args_of, obstacle, state_of
from web.access import Access, May
from web.api.replies import do
from web.idempotency import Act, Once
from web.links import PRIVATE
from web.parts import PartsDep, parts_of

router = APIRouter(prefix="/api/v1/tenants/{tenant}/billing", tags=["billing"])
pages = APIRouter(include_in_schema=False)
templates = Jinja2Templates(Path(__file__).parent / "templates")

LONGEST_TOKEN = 600


class BillingView(BaseModel):
    """How the plan is paid for. Ids are the provider's; nothing of a card is known here."""

    status: Literal["none", "pending", "active", "past_due", "cancelled"]
    plan: str | None = Field(description="The plan that is paid for")
    provider: str | None = Field(examples=["stripe"])
    customer: str | None
    subscription: str | None
    at: datetime | None = Field(description="Since when the status holds")
    can_check_out: bool
    why_not: str | None = Field(None, description="Why no checkout can begin now")


class CheckoutView(BaseModel):
    """A page of the payment provider's: open ``url`` in a browser before ``expires_at``."""

    status: Literal["pending"] = "pending"
    url: str
    plan: str
    expires_at: datetime


@router.get("")
async def get_billing(access: Annotated[Access, Depends(May("tenant:read"))], parts: PartsDep) -> BillingView:
    """How the organisation pays for its plan, and how that stands."""
    async with parts.db.tenant(access.tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
    found = state_of(tenant)
    why = obstacle(tenant, parts.ports.payments)
    names = ("status", "plan", "provider", "customer", "subscription", "at")
    facts: dict[str, Any] = {name: found.get(name) for name in names}
    return BillingView(**facts, can_check_out=why is None, why_not=why[1] if why else None)


@router.post(
    "/checkout",
    status_code=201,
    responses={409: {"description": "Paying online is not set up, or the plan is paid for already"}},
)
async def begin_checkout(
    request: Request, act: Annotated[Act, Depends(Once("tenant:write"))]
) -> CheckoutView:
    """Begin paying for the organisation's plan, on the payment provider's own page.

    Beginning again closes the page that was opened before. The status becomes `active` when the provider
    tells us, which may be a moment after the payment.
    """
    done = await do(request, act, "begin_checkout", {})
    return CheckoutView(
        url=done.facts["url"],
        plan=done.facts["plan"],
        expires_at=datetime.fromtimestamp(done.facts["expires"], UTC),
    )


# -- what the provider says ----------------------------------------------------------------------------


@pages.post("/payments/stripe")
async def stripe_event(request: Request, parts: PartsDep) -> Response:
    """An event of Stripe's. 400 unless it is signed; 200 for all that is none of ours, or was known."""
    payments = parts.ports.payments
    if not isinstance(payments, Stripe):
        raise NotFound("payments are not set up here")
    body = await request.body()
    event = payments.read_event(body, request.headers.get("stripe-signature", ""))
    what = await _note(request, payments, event) if event is not None else "of no interest"
    logger.info("a payment event: {}", what)
    return Response(status_code=200)


async def _note(request: Request, payments: Payments, event: PaymentEvent) -> str:
    parts = parts_of(request)
    try:
        done = await acts.run(
            parts.db,
            parts.clock,
            parts.ports,
            "note_payment",
            args_of(payments.name, event),
            tenant_id=event.tenant_id,
            actor=f"provider:{payments.name}",
            key=f"payment:{payments.name}:{event.id}",
            channel="webhook",
        )
    except NotFound:
        return "of nobody here"  # deleted since, or another installation's: nothing to send again
    return str(done.facts.get("why") or done.facts.get("billing") or done.status)


@pages.get("/billing/paid")
async def paid(request: Request) -> Response:
    """Back from the provider. Says nothing about what came of it: anybody can open this address."""
    return _page(request, "said", title="Thank you.", words="We'll confirm your payment in a moment.")


@pages.get("/billing/cancelled")
async def cancelled(request: Request) -> Response:
    """Back from the provider without having paid."""
    return _page(
        request, "said", title="Nothing was paid.", words="You can come back to it whenever you like."
    )


# -- development's provider ----------------------------------------------------------------------------


@pages.api_route("/billing/sandbox/{token}", methods=["GET", "HEAD"])
async def sandbox(token: str, request: Request) -> Response:
    """The page that plays the provider. Looking changes nothing."""
    request.app.state.admit(request)
    order = await _order(token, request)
    if order is None:
        return _over(request)
    async with parts_of(request).db.tenant(order.tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
    return _page(request, "sandbox", organization=tenant.brand_name, plan=order.plan)


@pages.post("/billing/sandbox/{token}")
async def press(token: str, request: Request) -> Response:
    """One of its two buttons; the first press counts."""
    request.app.state.admit(request)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("this form can only be sent from its own page")
    async with request.form(max_fields=4, max_files=0) as form:
        pressed = form.get("press")
    order = await _order(token, request)
    if order is None or pressed not in ("pay", "cancel"):
        return _over(request)
    payments = _sandbox(request)
    event = payments.read_event(*payments.pressed(order, paid=pressed == "pay"))
    if event is not None:
        await _note(request, payments, event)
    return Response(
        status_code=303,
        headers={**PRIVATE, "Location": "/billing/paid" if pressed == "pay" else "/billing/cancelled"},
    )


def _sandbox(request: Request) -> SandboxPayments:
    payments = parts_of(request).ports.payments
    if request.app.state.settings.production or not isinstance(payments, SandboxPayments):
        raise NotFound("there is no such page")
    return payments


async def _order(token: str, request: Request) -> Order | None:
    """What the page is for, while it is its client's open checkout."""
    payments = _sandbox(request)
    order = payments.opened(token) if len(token) <= LONGEST_TOKEN else None
    if order is None:
        return None
    async with parts_of(request).db.tenant(order.tenant_id) as session:
        try:
            found = state_of(await tenancy.get_tenant(session))
        except NotFound:
            return None
    still = found.get("reference") == order.reference and found.get("checkout")
    return order if still and found.get("provider") == payments.name else None


def _over(request: Request) -> Response:
    words = "It was used, replaced by another one, or is too old. Begin again from your link or account."
    return _page(request, "said", 410, title="This payment page is over.", words=words)


def _page(request: Request, name: str, status: int = 200, **facts: Any) -> Response:
    return templates.TemplateResponse(
        request, f"billing/{name}.html", facts, status_code=status, headers=PRIVATE
    )
