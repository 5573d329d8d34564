"""The client of Stripe: what it sends, and what it makes of every way to fail (A028)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from core.clock import FakeClock
from core.errors import InvalidInput, NotSignedIn, Refused, SeiketsuError, Unavailable
from integrations.payments import (
    TOLERANCE,
    NotSigned,
    Order,
    SandboxPayments,
    Stripe,
    check_signature,
    read_event,
    sign,
)
from tests.billing.conftest import ORIGIN, Provider

ORDER = Order(UUID(int=7), "business", "ref1", "maria@acme.example")


async def test_a_checkout_is_a_subscription_to_the_plans_price(stripe: Stripe, provider: Provider) -> None:
    page = await stripe.checkout(ORDER)
    assert page.url == "https://checkout.stripe.example/cs_test_0" and page.id == "cs_test_0"
    ((path, form, key),) = provider.asked
    assert (path, key) == ("/v1/checkout/sessions", "checkout-ref1")
    known = {"tenant": str(ORDER.tenant_id), "reference": "ref1", "plan": "business"}
    assert form == {
        "mode": "subscription",
        "client_reference_id": str(ORDER.tenant_id),
        "customer_email": "maria@acme.example",
        "line_items[0][price]": "price_3",
        "line_items[0][quantity]": "1",
        "success_url": f"{ORIGIN}/billing/paid",
        "cancel_url": f"{ORIGIN}/billing/cancelled",
        **{f"metadata[{k}]": v for k, v in known.items()},
        **{f"subscription_data[metadata][{k}]": v for k, v in known.items()},
    }


@pytest.mark.parametrize("fault", [429, 500, 503, httpx.ReadTimeout("slow"), httpx.ConnectError("gone")])
async def test_what_may_pass_is_tried_again_under_the_same_key(
    stripe: Stripe, provider: Provider, fault: int | Exception
) -> None:
    provider.faults = [fault, fault]
    await stripe.checkout(ORDER)
    assert [key for _, _, key in provider.asked] == ["checkout-ref1"] * 3 and len(provider.sessions) == 1


async def test_an_answer_that_is_lost_opens_no_second_page(stripe: Stripe, provider: Provider) -> None:
    provider.lost_answers = 1
    first = await stripe.checkout(ORDER)
    assert await stripe.checkout(ORDER) == first and len(provider.sessions) == 1


@pytest.mark.parametrize(
    ("fault", "error", "times"),
    [
        (401, NotSignedIn, 1),
        (403, NotSignedIn, 1),
        (402, InvalidInput, 1),
        (400, InvalidInput, 1),
        (429, Refused, 3),
        (500, Unavailable, 3),
        (httpx.ReadTimeout("slow"), Unavailable, 3),
    ],
)
async def test_every_refusal_is_an_error_of_ours_that_quotes_nobody(
    stripe: Stripe, provider: Provider, fault: int | Exception, error: type[SeiketsuError], times: int
) -> None:
    provider.faults = [fault] * times
    with pytest.raises(error) as caught:
        await stripe.checkout(ORDER)
    assert len(provider.asked) == times and "4242" not in str(caught.value)


async def test_a_page_is_closed_once(stripe: Stripe, provider: Provider) -> None:
    page = await stripe.checkout(ORDER)
    provider.sessions[page.id]["status"] = "complete"
    assert not await stripe.expire(page.id), "it is paid"
    other = await stripe.checkout(replace(ORDER, reference="ref2"))
    assert await stripe.expire(other.id)
    assert not await stripe.expire("cs_/../../customers")
    assert len(provider.asked) == 4, "what is no id is not sent"


def test_a_signature_fits_its_body_its_secret_and_its_time() -> None:
    body, now = b'{"id": "evt_1"}', 1_800_000_000
    right = sign("s", body, now)
    check_signature("s", body, f"t={now},v1={right}", now=now + TOLERANCE)
    check_signature("s", body, f"t={now},v1={'0' * 64},v1={right},v0=x", now=now)
    for wrong in (
        "",
        f"v1={right}",
        f"t={now}",
        f"t={now + 1},v1={right}",
        f"t={now},v0={right}",
        f"t={now},v1={right[:-1]}",
        f"t={now},v1=é",
        f"t=１８,v1={right}",
    ):
        with pytest.raises(NotSigned):
            check_signature("s", body, wrong, now=now)
    for at in (now + TOLERANCE + 1, now - TOLERANCE - 1):
        with pytest.raises(NotSigned):
            check_signature("s", body, f"t={now},v1={right}", now=at)
    with pytest.raises(NotSigned):
        check_signature("s", body + b" ", f"t={now},v1={right}", now=now)


def test_a_price_names_the_plan_a_client_has_moved_to() -> None:
    known = {"tenant": str(UUID(int=7)), "reference": "r", "plan": "starter"}
    thing = {
        "id": "sub_1",
        "status": "trialing",
        "metadata": known,
        "items": {"data": [{"price": {"id": "p"}}]},
    }
    told = {"id": "e", "type": "customer.subscription.updated", "created": 5, "data": {"object": thing}}
    found = read_event(told, {"p": "business"})
    assert found is not None and (found.plan, found.standing) == ("business", "active")
    for broken in ({}, told | {"data": None}, told | {"created": "5"}, told | {"type": "charge.refunded"}):
        assert read_event(broken, {}) is None


async def test_the_sandbox_signs_its_pages_and_they_end() -> None:
    clock = FakeClock()
    sandbox = SandboxPayments(b"k" * 32, clock=clock, public_url=ORIGIN)
    page = await sandbox.checkout(ORDER)
    token = page.url.rpartition("/")[2]
    assert sandbox.opened(token) == replace(ORDER, email=None)
    for forged in ("", ".", "é.é", token[:-1], "x" + token, token.split(".")[0] + "."):
        assert sandbox.opened(forged) is None
    assert SandboxPayments(b"l" * 32, clock=clock, public_url=ORIGIN).opened(token) is None
    clock.advance(hours=1)
    assert sandbox.opened(token) is None
    with pytest.raises(ValueError, match="production"):
        SandboxPayments(b"k", clock=clock, public_url=ORIGIN, production=True)
