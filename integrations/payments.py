"""Paying for a plan: the provider asks for the card on its own page, we only learn what came of it (A028).

Nothing here has a field for a card. Of an event, the fields of ``PaymentEvent`` are read and the rest is
dropped unseen: neither kept nor logged. Errors are ours: NotSignedIn (our key), Refused with
``retry_after`` (429), InvalidInput (any other refusal), Unavailable (5xx, no answer in time).
Sources: docs.stripe.com/api/checkout/sessions/create, /webhooks#verify-manually, /api/idempotent_requests.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

import httpx

from core.clock import Clock
from core.errors import InvalidInput, NotFound, NotSignedIn, Refused, SeiketsuError, Unavailable
from core.ids import as_uuid
from integrations.http import client, send

SECONDS = 8.0
"""Somebody waits at a page, not on the telephone."""
TRIES = 3
TOLERANCE = 300
"""Seconds between an event's signature and our clock, as the provider's own libraries allow."""
SANDBOX_LASTS = timedelta(hours=1)
_SESSION = re.compile(r"cs_[A-Za-z0-9_]{1,200}")

Kind = Literal["completed", "processing", "expired", "subscription"]
Standing = Literal["pending", "active", "past_due", "cancelled"]


@dataclass(frozen=True, slots=True)
class Checkout:
    """A page where one payment can be made. ``expires``: seconds since 1970."""

    url: str
    id: str
    expires: int


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid for. ``reference``: ours, one a checkout; comes back with every event of it."""

    tenant_id: UUID
    plan: str
    reference: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """What a provider tells. ``created``: seconds since 1970, when it happened there."""

    id: str
    kind: Kind
    tenant_id: UUID
    reference: str
    created: int
    standing: Standing | None = None
    plan: str | None = None
    customer: str | None = None
    subscription: str | None = None


class NotSigned(SeiketsuError):
    """An event without the provider's signature, or with one too old to believe."""

    code = "not_signed"
    status = 400


class Payments(Protocol):
    """A provider of payments."""

    name: str

    def sells(self, plan: str) -> bool:
        """Whether the plan has a price there."""

    async def checkout(self, order: Order) -> Checkout:
        """Open a page to pay an order on. The same order again is the same page."""

    async def expire(self, checkout_id: str) -> bool:
        """Close a page that is not paid yet; False when it is over already, paid or not."""

    def read_event(self, body: bytes, signature: str) -> PaymentEvent | None:
        """What an event says; None when it is none of ours to know. NotSigned."""


class Stripe:
    """Stripe Checkout, for subscriptions. ``prices``: plan -> id of its price there."""

    name = "stripe"

    def __init__(
        self,
        secret_key: str,
        webhook_secret: str,
        prices: Mapping[str, str],
        *,
        clock: Clock,
        public_url: str,
        api_url: str = "https://api.stripe.com",
        timeout: float = SECONDS,
        pause: float = 0.3,
        http: httpx.AsyncClient | None = None,
    ):
        self._key, self._secret, self._prices = secret_key, webhook_secret, dict(prices)
        self._clock, self._public_url, self._pause = clock, public_url, pause
        self._root = f"{api_url.rstrip('/')}/v1/checkout/sessions"
        self._http = http or client(timeout=timeout)

    def sells(self, plan: str) -> bool:
        """See ``Payments``."""
        return plan in self._prices

    async def checkout(self, order: Order) -> Checkout:
        """See ``Payments``."""
        if not self.sells(order.plan):
            raise InvalidInput("this plan cannot be paid for online", code="no_price")
        known = {"tenant": str(order.tenant_id), "reference": order.reference, "plan": order.plan}
        fields = {
            "mode": "subscription",
            "client_reference_id": str(order.tenant_id),
            "line_items[0][price]": self._prices[order.plan],
            "line_items[0][quantity]": "1",
            "success_url": f"{self._public_url}/billing/paid",
            "cancel_url": f"{self._public_url}/billing/cancelled",
        }
        for key, value in known.items():
            # the session's data do not reach its subscription by themselves, and later events are of that
            fields[f"metadata[{key}]"] = fields[f"subscription_data[metadata][{key}]"] = value
        if order.email:
            fields["customer_email"] = order.email
        told = await self._post("", fields, key=f"checkout-{order.reference}")
        url, found = str(told.get("url") or ""), str(told.get("id") or "")
        if not url.startswith("https://") or not _SESSION.fullmatch(found):
            raise Unavailable("the payment provider opened no page")
        return Checkout(url, found, int(told.get("expires_at") or 0))

    async def expire(self, checkout_id: str) -> bool:
        """See ``Payments``."""
        if not _SESSION.fullmatch(checkout_id):
            return False
        try:
            await self._post(f"/{checkout_id}/expire", {}, key=f"expire-{checkout_id}")
        except (InvalidInput, NotFound):
            return False
        return True

    async def _post(self, path: str, fields: Mapping[str, str], *, key: str) -> dict[str, Any]:
        """The key makes it safe to ask again: what was done is answered, not done twice."""
        headers = {"Authorization": f"Bearer {self._key}", "Idempotency-Key": key}
        try:
            answer = await send(
                self._http,
                "POST",
                f"{self._root}{path}",
                tries=TRIES,
                pause=self._pause,
                data=dict(fields),
                headers=headers,
            )
        except httpx.HTTPError:
            raise Unavailable("the payment provider does not answer") from None
        if not answer.is_success:
            raise refusal(answer.status_code, answer.headers.get("retry-after"))
        return _json(answer.content)

    def read_event(self, body: bytes, signature: str) -> PaymentEvent | None:
        """See ``Payments``."""
        check_signature(self._secret, body, signature, now=int(self._clock.now().timestamp()))
        return read_event(_json(body), {price: plan for plan, price in self._prices.items()})


class SandboxPayments:
    """A provider that takes no money: its page is ours (web/billing.py), its two buttons play what happens.

    The address carries the order, signed with a key used for nothing else. Its events are signed and read
    as Stripe's are. Never made in production (service/outside.py), and refuses to be.
    """

    name = "sandbox"

    def __init__(self, key: bytes, *, clock: Clock, public_url: str, production: bool = False):
        if production:
            raise ValueError("the sandbox takes no money, so production cannot use it")
        self._key, self._clock, self._public_url = key, clock, public_url

    def sells(self, plan: str) -> bool:
        """See ``Payments``."""
        return True

    async def checkout(self, order: Order) -> Checkout:
        """See ``Payments``."""
        expires = int((self._clock.now() + SANDBOX_LASTS).timestamp())
        facts = [str(order.tenant_id), order.plan, order.reference, expires]
        body = base64.urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")
        token = f"{body}.{self._mac('page', body.encode())}"
        return Checkout(
            f"{self._public_url}/billing/sandbox/{token}", f"cs_sandbox_{order.reference}", expires
        )

    async def expire(self, checkout_id: str) -> bool:
        """See ``Payments``. A page that another one replaced opens nothing: its reference is gone."""
        return True

    def opened(self, token: str) -> Order | None:
        """The order of a page's address; None when it is not from here, or over."""
        body, _, mac = token.partition(".")
        if not hmac.compare_digest(mac.encode(), self._mac("page", body.encode()).encode()):
            return None
        tenant, plan, reference, expires = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        if self._clock.now().timestamp() >= expires:
            return None
        return Order(UUID(tenant), plan, reference)

    def pressed(self, order: Order, *, paid: bool) -> tuple[bytes, str]:
        """The event of a button, and its signature, as a provider would send them."""
        now = int(self._clock.now().timestamp())
        known = {"tenant": str(order.tenant_id), "reference": order.reference, "plan": order.plan}
        told: dict[str, Any] = {"client_reference_id": known["tenant"], "metadata": known}
        if paid:
            short = order.reference[:16]
            told |= {
                "payment_status": "paid",
                "customer": f"cus_sandbox_{short}",
                "subscription": f"sub_sandbox_{short}",
            }
        kind = "completed" if paid else "expired"
        event = {
            "id": f"evt_sandbox_{kind}_{order.reference}",
            "type": f"checkout.session.{kind}",
            "created": now,
            "data": {"object": told},
        }
        body = json.dumps(event).encode()
        return body, f"t={now},v1={sign(self._event_secret, body, now)}"

    def read_event(self, body: bytes, signature: str) -> PaymentEvent | None:
        """See ``Payments``."""
        check_signature(self._event_secret, body, signature, now=int(self._clock.now().timestamp()))
        return read_event(_json(body), {})

    @property
    def _event_secret(self) -> str:
        return self._mac("secret", b"events")

    def _mac(self, use: str, body: bytes) -> str:
        return hmac.new(self._key, use.encode() + b"\n" + body, hashlib.sha256).hexdigest()


# -- what a provider says ------------------------------------------------------------------------------


def sign(secret: str, body: bytes, at: int) -> str:
    """HMAC-SHA256 over ``t.body``, hex."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def check_signature(secret: str, body: bytes, header: str, *, now: int) -> None:
    """``t=<seconds>,v1=<hex>[,v1=<hex>]``: one of the v1 must fit (two while a secret is being changed).

    NotSigned; also further than ``TOLERANCE`` from ``now``, so that what was overheard cannot be sent later.
    """
    pairs = [part.strip().partition("=")[::2] for part in header.split(",")]
    at = next((value for name, value in pairs if name == "t"), "")
    given = [value for name, value in pairs if name == "v1"]
    if not (at.isascii() and at.isdigit() and len(at) < 13):
        raise NotSigned("the event is not signed")
    right = sign(secret, body, int(at)).encode()
    if not any(hmac.compare_digest(right, one.encode()) for one in given):
        raise NotSigned("the event's signature does not fit")
    if abs(now - int(at)) > TOLERANCE:
        raise NotSigned("the event's signature is too old")


_KINDS: Mapping[str, Kind] = {
    "checkout.session.completed": "completed",
    "checkout.session.async_payment_succeeded": "completed",
    "checkout.session.async_payment_failed": "expired",
    "checkout.session.expired": "expired",
    "customer.subscription.updated": "subscription",
    "customer.subscription.deleted": "subscription",
}
_STANDING: Mapping[str, Standing] = {
    "active": "active",
    "trialing": "active",
    "incomplete": "pending",
    "past_due": "past_due",
    "unpaid": "past_due",
    "paused": "past_due",
    "canceled": "cancelled",
    "incomplete_expired": "cancelled",
}


def read_event(told: Mapping[str, Any], plans: Mapping[str, str]) -> PaymentEvent | None:
    """The few fields that are kept, of an event whose signature is right; None for any other event.

    ``plans``: id of a price -> plan.
    """
    kind = _KINDS.get(str(told.get("type")))
    thing = _dict(_dict(told.get("data")).get("object"))
    ours = _dict(thing.get("metadata"))
    tenant_id = as_uuid(ours.get("tenant"))
    id_, reference, created = _short(told.get("id")), _short(ours.get("reference")), told.get("created")
    if kind is None or tenant_id is None or not id_ or not reference or not isinstance(created, int):
        return None
    plan = _short(ours.get("plan"))
    standing: Standing | None = None
    subscription = _short(thing.get("subscription"))
    if kind == "completed":
        if thing.get("client_reference_id") != str(tenant_id):
            return None
        unpaid = told.get("type") == "checkout.session.completed" and thing.get("payment_status") == "unpaid"
        kind, standing = ("processing", "pending") if unpaid else ("completed", "active")
    elif kind == "subscription":
        subscription = _short(thing.get("id"))
        standing = _STANDING.get(str(thing.get("status")))
        if standing is None:
            return None
        if str(told.get("type")).endswith("deleted"):
            standing = "cancelled"
        items = _dict(thing.get("items")).get("data")
        price = _dict(_dict(items[0]).get("price")).get("id") if isinstance(items, list) and items else None
        plan = plans.get(str(price), plan)
    customer = _short(thing.get("customer"))
    return PaymentEvent(id_, kind, tenant_id, reference, created, standing, plan, customer, subscription)


def refusal(status: int, retry_after: str | None = None) -> SeiketsuError:
    """The error for an answer that is not 2xx. Nothing of its text: it may quote what we sent."""
    if status in (401, 403):
        return NotSignedIn("the payment provider refused our key")
    if status == 404:
        return NotFound("the payment provider knows no such page")
    if status == 429:
        seconds = float(retry_after) if retry_after and retry_after.replace(".", "", 1).isdigit() else None
        return Refused("the payment provider takes no more requests now", retry_after=seconds)
    if status >= 500 or status == 409:
        return Unavailable(f"the payment provider answered {status}")
    return InvalidInput(f"the payment provider refused the request ({status})", code="payment_declined")


def _json(body: bytes) -> dict[str, Any]:
    try:
        return _dict(json.loads(body))
    except ValueError:
        return {}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _short(value: Any) -> str | None:
    """An id; a thing that was expanded into an object has its id inside."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and 0 < len(value) <= 255 else None
