"""Stripe in memory, as far as its documents say how it answers; and an application that pays there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import httpx
import pytest

from core.clock import SystemClock
from integrations.payments import Stripe, sign
from stores import tenancy
from stores.db import Database
from tests.api.conftest import Owner, people
from tests.web.conftest import Desk, desk, make_desk

__all__ = ["desk", "make_desk", "people"]

SECRET = "whsec_of_the_tests"
PRICES = {"starter": "price_1", "professional": "price_2", "business": "price_3", "enterprise": "price_4"}
ORIGIN = "https://voice.example"


@dataclass
class Provider:
    """Checks every request; ``faults`` are answered (or raised) first, one a request."""

    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, tuple[dict[str, str], httpx.Response]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    faults: list[int | Exception] = field(default_factory=list)
    lost_answers: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer sk_test_key"
        assert "urlencoded" in request.headers.get("content-type", "") or not request.content
        form = {k: v[0] for k, v in parse_qs(request.content.decode()).items()}
        key = request.headers["idempotency-key"]
        self.asked.append((request.url.path, form, key))
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, Exception):
                raise fault
            return httpx.Response(
                fault, json={"error": {"message": "4242 said no"}}, headers={"retry-after": "0"}
            )
        if key in self.keys:
            before, answer = self.keys[key]
            if before != form:
                return httpx.Response(400, json={"error": {"type": "idempotency_error"}})
        else:
            answer = self._do(request.url.path, form)
            self.keys[key] = (form, answer)
        if self.lost_answers:
            self.lost_answers -= 1
            raise httpx.ReadTimeout("lost")
        return answer

    def _do(self, path: str, form: dict[str, str]) -> httpx.Response:
        if path == "/v1/checkout/sessions":
            assert form["mode"] == "subscription" and form["line_items[0][price]"] in PRICES.values()
            assert not [name for name in form if "card" in name or "payment_method_data" in name]
            id_ = f"cs_test_{len(self.sessions)}"
            expires = int(SystemClock().now().timestamp()) + 86_400
            one = {"id": id_, "url": f"https://checkout.stripe.example/{id_}", "expires_at": expires}
            self.sessions[id_] = one | {"status": "open", "form": form}
            return httpx.Response(200, json=one)
        id_, verb = path.removeprefix("/v1/checkout/sessions/").split("/")
        assert verb == "expire"
        if self.sessions[id_]["status"] != "open":
            return httpx.Response(400, json={"error": {"message": "not open"}})
        self.sessions[id_]["status"] = "expired"
        return httpx.Response(200, json={"id": id_})


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def stripe(provider: Provider) -> Stripe:
    http = httpx.AsyncClient(transport=httpx.MockTransport(provider))
    return Stripe("sk_test_key", SECRET, PRICES, clock=SystemClock(), public_url=ORIGIN, pause=0.0, http=http)


@pytest.fixture
async def owner(desk: Desk, people: Any, db: Database, tenant_id: UUID) -> Owner:
    """Acme's owner, on the plan "starter", paying in the sandbox."""
    async with db.tenant(tenant_id) as session:
        await tenancy.update_tenant(session, plan="starter")
        await tenancy.add_member(session, name="Maria Reed", email="maria@acme.example", role="owner")
    return Owner(desk, people.add("the-owners-own-key", tenant_id))


Send = Callable[..., Any]


@dataclass
class Paying:
    """A client at a Stripe of ours."""

    owner: Owner
    provider: Provider
    tenant_id: UUID

    async def begin(self) -> dict[str, str]:
        """A checkout; the form the provider got."""
        begun = await self.owner.post("/billing/checkout")
        assert begun.status_code == 201, begun.text
        return list(self.provider.sessions.values())[-1]["form"]

    async def state(self) -> dict[str, Any]:
        """As the API tells it."""
        return (await self.owner.get("/billing")).json()

    def event(self, kind: str, form: dict[str, str], created: int, **thing: Any) -> dict[str, Any]:
        """An event about what a form began."""
        names = ("tenant", "reference", "plan")
        known = {name: form[f"metadata[{name}]"] for name in names}
        return {
            "id": f"evt_{kind}_{created}",
            "type": kind,
            "created": created,
            "data": {"object": {"metadata": known, "customer": "cus_1", **thing}},
        }

    def paid(self, form: dict[str, str], created: int, **more: Any) -> dict[str, Any]:
        """The checkout is paid."""
        who = form["client_reference_id"]
        card = {"payment_method_details": {"card": {"last4": "4242", "brand": "visa"}}}
        facts = {
            "client_reference_id": who,
            "payment_status": "paid",
            "subscription": "sub_1",
            **card,
            **more,
        }
        return self.event("checkout.session.completed", form, created, **facts)

    def now_is(self, status: str, form: dict[str, str], created: int, **more: Any) -> dict[str, Any]:
        """The subscription has changed."""
        gone = "deleted" if status == "canceled" else "updated"
        return self.event(f"customer.subscription.{gone}", form, created, id="sub_1", status=status, **more)

    async def send(
        self, event: Any, *, secret: str = SECRET, age: int = 0, header: str | None = None
    ) -> httpx.Response:
        """As Stripe sends it."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        at = int(SystemClock().now().timestamp()) - age
        signed = f"t={at},v1={sign(secret, body, at)}" if header is None else header
        return await self.owner.desk.http.post(
            "/payments/stripe", content=body, headers={"Stripe-Signature": signed}
        )


@pytest.fixture
async def paying(owner: Owner, provider: Provider, stripe: Stripe, tenant_id: UUID) -> Paying:
    state = owner.desk.app.state
    state.parts = replace(state.parts, ports=replace(state.parts.ports, payments=stripe))
    return Paying(owner, provider, tenant_id)
