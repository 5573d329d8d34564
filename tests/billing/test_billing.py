"""Paying from end to end: begun over the API or a link, told by events in any order, never twice."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from loguru import logger

from core.ids import new_id
from integrations.payments import Stripe, read_event
from policies import plans
from policies.plans import all_plans
from stores import outbox, receipts, tenancy
from stores.db import Database
from tests.api.conftest import Owner
from tests.billing.conftest import PRICES, Paying
from tests.web.conftest import Desk, MakeDesk
from tools import acts, billing
from tools.billing import REMEMBERED, args_of

CARD_WORDS = ('name="card', 'name="number"', "cvc", "cvv", "expiry", "cc-number", 'type="password"')


# -- begun -------------------------------------------------------------------------------------------------


async def test_a_checkout_is_begun_once_a_key_and_leaves_its_proof(paying: Paying, db: Database) -> None:
    key = {"Idempotency_Key": "k1"}
    first, again = [await paying.owner.post("/billing/checkout", **key) for _ in range(2)]
    assert first.status_code == 201 and first.json() == again.json()
    assert first.json()["url"] == "https://checkout.stripe.example/cs_test_0"
    assert len(paying.provider.sessions) == 1
    form = paying.provider.sessions["cs_test_0"]["form"]
    assert form["line_items[0][price]"] == "price_1" and form["customer_email"] == "maria@acme.example"
    state = await paying.state()
    assert (state["status"], state["plan"], state["can_check_out"]) == ("pending", "starter", True)
    async with db.tenant(paying.tenant_id) as session:
        (entry,) = [e for e in await receipts.audit_trail(session) if e.action == "begin_checkout"]
    assert entry.actor.endswith("/api") and entry.after and entry.after["status"] == "pending"


async def test_beginning_again_closes_the_page_before(paying: Paying) -> None:
    await paying.begin()
    await paying.begin()
    assert [s["status"] for s in paying.provider.sessions.values()] == ["expired", "open"]
    paying.provider.sessions["cs_test_1"]["status"] = "complete"  # paid, and its event is on its way
    refused = await paying.owner.post("/billing/checkout")
    assert refused.status_code == 409 and refused.json()["code"] == "being_paid"


async def test_of_two_who_begin_at_once_one_page_is_told(paying: Paying) -> None:
    answers = await asyncio.gather(*(paying.owner.post("/billing/checkout") for _ in range(3)))
    told = [a.json()["url"].rpartition("/")[2] for a in answers if a.status_code == 201]
    assert {a.status_code for a in answers} <= {201, 409}
    still = [id_ for id_ in told if paying.provider.sessions[id_]["status"] == "open"]
    assert len(still) == 1, "everybody else's page was closed, or never told"


async def test_a_provider_that_fails_leaves_nothing_behind(paying: Paying) -> None:
    paying.provider.faults = [500, 500, 500]
    key = {"Idempotency_Key": "k2"}
    failed = await paying.owner.post("/billing/checkout", **key)
    assert failed.status_code == 503 and (await paying.state())["status"] == "none"
    assert (await paying.owner.post("/billing/checkout", **key)).status_code == 201


async def test_without_a_provider_billing_is_not_set_up_and_nothing_else_breaks(
    owner: Owner, make_desk: MakeDesk
) -> None:
    state = owner.desk.app.state
    state.parts = replace(state.parts, ports=replace(state.parts.ports, payments=None))
    refused = await owner.post("/billing/checkout")
    assert refused.status_code == 409 and refused.json()["code"] == "not_set_up"
    told = (await owner.get("/billing")).json()
    assert (told["status"], told["can_check_out"]) == ("none", False) and "not set up" in told["why_not"]
    for path in ("/payments/stripe", "/billing/sandbox/x"):
        assert (await owner.desk.http.post(path)).status_code == 404
    production = make_desk(env="production")
    assert production.app.state.parts.ports.payments is None
    stripe = {"stripe_secret_key": "sk", "stripe_webhook_secret": "wh", "stripe_prices": "starter=price_1"}
    assert isinstance(make_desk(env="production", **stripe).app.state.parts.ports.payments, Stripe)


# -- told --------------------------------------------------------------------------------------------------


async def test_an_event_makes_the_plan_paid_and_of_it_only_ids_are_kept(paying: Paying, db: Database) -> None:
    form = await paying.begin()
    lines: list[str] = []
    sink = logger.add(lambda message: lines.append(str(message)), level="TRACE")
    answer = await paying.send(paying.paid(form, 1000))
    logger.remove(sink)
    assert answer.status_code == 200
    state = await paying.state()
    assert (state["status"], state["customer"], state["subscription"]) == ("active", "cus_1", "sub_1")
    assert state["at"] == "1970-01-01T00:16:40Z"
    async with db.tenant(paying.tenant_id) as session:
        stored = str((await tenancy.get_tenant(session)).settings)
        trail = [e for e in await receipts.audit_trail(session) if e.action == "note_payment"]
        kept = [str(r.arguments) + str(r.result) for r in [await _receipt(session, trail[0].subject)]]
    assert trail[0].actor == "provider:stripe/webhook"
    for where in (stored, *kept, *lines):
        assert "4242" not in where and "last4" not in where
    refused = await paying.owner.post("/billing/checkout")
    assert refused.status_code == 409 and refused.json()["code"] == "has_subscription"


async def _receipt(session: Any, id_: str) -> receipts.Receipt:
    from sqlalchemy import select

    found = await session.scalar(select(receipts.Receipt).where(receipts.Receipt.id == UUID(id_)))
    assert found is not None
    return found


async def test_what_is_not_signed_now_by_the_provider_changes_nothing(paying: Paying) -> None:
    event = paying.paid(await paying.begin(), 1000)
    for sent in (
        await paying.send(event, secret="another"),
        await paying.send(event, age=301),
        await paying.send(event, age=-301),
        await paying.send(event, header=""),
        await paying.send(event, header="t=1,v1=zz"),
    ):
        assert sent.status_code == 400 and sent.json()["code"] == "not_signed"
    assert (await paying.state())["status"] == "pending"


async def test_what_is_none_of_ours_is_taken_and_forgotten(paying: Paying, db: Database) -> None:
    form = await paying.begin()
    async with db.tenant(new_id()) as session:
        other = (await tenancy.create_tenant(session, "Other Homes", status="live")).id
    strangers = [
        paying.event("invoice.paid", form, 1),
        paying.paid({**form, "metadata[tenant]": str(other), "client_reference_id": str(other)}, 2),
        paying.paid({**form, "client_reference_id": str(other)}, 3),
        paying.paid({**form, "metadata[tenant]": str(new_id()), "client_reference_id": str(other)}, 4),
        paying.paid({**form, "metadata[reference]": "another"}, 5),
        {"id": "evt_6", "type": "customer.subscription.updated", "created": 6, "data": {"object": []}},
        [],
    ]
    for event in strangers:
        assert (await paying.send(event)).status_code == 200, event
    assert (await paying.send(b"not json")).status_code == 200
    assert (await paying.state())["status"] == "pending"
    async with db.tenant(other) as session:
        assert "billing" not in (await tenancy.get_tenant(session)).settings


async def test_an_event_sent_again_is_done_once(paying: Paying, db: Database) -> None:
    form = await paying.begin()
    event = paying.paid(form, 1000)
    answers = await asyncio.gather(*(paying.send(event) for _ in range(3)))
    assert {a.status_code for a in answers} <= {200, 409}, "whoever met the other is told to come again"
    assert (await paying.send(event)).status_code == 200
    assert (await paying.send(paying.now_is("past_due", form, 2000))).status_code == 200
    await paying.send(event)
    assert (await paying.state())["status"] == "past_due"
    async with db.tenant(paying.tenant_id) as session:
        noted = [e for e in await receipts.audit_trail(session) if e.action == "note_payment"]
        seen = (await tenancy.get_tenant(session)).settings["billing"]["seen"]
    assert len(noted) == 2 and len(seen) == 2


async def test_a_failed_payment_is_told_and_after_the_grace_only_outbound_waits(
    paying: Paying, db: Database
) -> None:
    form = await paying.begin()
    await paying.send(paying.paid(form, 1000))
    for n in (2000, 3000):
        await paying.send({**paying.now_is("past_due", form, n), "id": f"evt_late_{n}"})
    async with db.tenant(paying.tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        told = [m for m in await outbox.list_messages(session) if "did not go through" in (m.subject or "")]
    since = datetime.fromtimestamp(2000, UTC)
    day = since + timedelta(days=plans.grace_days())
    assert len(told) == 1 and day.date().isoformat() in told[0].body
    assert not billing.outbound_suspended(tenant, day - timedelta(seconds=1))
    assert billing.outbound_suspended(tenant, day) and tenant.status == "live"
    await paying.send({**paying.now_is("active", form, 4000), "id": "evt_ok"})
    async with db.tenant(paying.tenant_id) as session:
        assert not billing.outbound_suspended(await tenancy.get_tenant(session), day)


async def test_an_event_is_known_when_its_receipt_is_gone(paying: Paying, db: Database) -> None:
    form = await paying.begin()
    active, past_due = paying.now_is("active", form, 1000), paying.now_is("past_due", form, 1000)
    for event in (active, {**past_due, "id": "evt_2"}):
        await paying.send(event)
    parts = paying.owner.desk.app.state.parts
    told = read_event(active, {})
    assert told is not None
    done = await acts.run(
        db,
        parts.clock,
        parts.ports,
        "note_payment",
        args_of("stripe", told),
        tenant_id=paying.tenant_id,
        actor="provider:stripe",
        key="a key no receipt has",
    )
    assert done.facts == {"why": "seen"} and (await paying.state())["status"] == "past_due"


async def test_events_out_of_order_end_as_those_in_order(paying: Paying) -> None:
    form = await paying.begin()
    story = [
        paying.paid(form, 1000),
        paying.now_is("past_due", form, 2000),
        paying.now_is("active", form, 3000),
    ]
    for event in (story[2], story[0], story[1]):
        assert (await paying.send(event)).status_code == 200
    state = await paying.state()
    assert (state["status"], state["subscription"], state["customer"]) == ("active", "sub_1", "cus_1")
    assert state["at"] == "1970-01-01T00:50:00Z"
    await paying.send(paying.now_is("incomplete", form, 3000))
    assert (await paying.state())["status"] == "active", "in the same second, what was paid stays paid"
    await paying.send(paying.now_is("canceled", form, 4000))
    await paying.send(paying.now_is("active", form, 5000))
    assert (await paying.state())["status"] == "cancelled", "an end is not taken back"
    await paying.begin()
    await paying.send(paying.now_is("active", form, 6000))
    assert (await paying.state())["status"] == "pending", "the earlier subscription says nothing of this one"


async def test_a_bank_debit_takes_days_and_may_fail(paying: Paying) -> None:
    form = await paying.begin()
    await paying.send(paying.paid(form, 1000, payment_status="unpaid"))
    assert (await paying.state())["status"] == "pending"
    failed = paying.event("checkout.session.async_payment_failed", form, 2000)
    await paying.send(failed)
    assert (await paying.state())["status"] == "none"
    form = await paying.begin()
    await paying.send(paying.paid(form, 3000))
    late = paying.event("checkout.session.expired", form, 4000)
    await paying.send(late)
    assert (await paying.state())["status"] == "active", "what is paid does not run out"


async def test_only_the_last_events_are_remembered(paying: Paying, db: Database) -> None:
    form = await paying.begin()
    for n in range(REMEMBERED + 2):
        await paying.send(paying.now_is("active", form, 1000 + n))
    async with db.tenant(paying.tenant_id) as session:
        seen = (await tenancy.get_tenant(session)).settings["billing"]["seen"]
    assert len(seen) == REMEMBERED and seen[-1].endswith(f"_{1000 + REMEMBERED + 1}")


# -- the sandbox and the pages -----------------------------------------------------------------------------


async def sandbox(owner: Owner) -> str:
    begun = await owner.post("/billing/checkout")
    assert begun.status_code == 201, begun.text
    return str(begun.json()["url"]).removeprefix("http://127.0.0.1:8000")


async def test_the_sandbox_page_pays_once(owner: Owner) -> None:
    path = await sandbox(owner)
    http = owner.desk.http
    for _ in range(2):
        page = await http.get(path)
        assert page.status_code == 200 and "no money moves here" in page.text and "Acme" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert not [word for word in CARD_WORDS if word in page.text.lower()] and "<input" not in page.text
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert (await http.post(path, data={"press": "pay"}, headers=elsewhere)).status_code == 403
    assert (await http.post(path, data={"press": "steal"})).status_code == 410
    paid = await http.post(path, data={"press": "pay"})
    assert (paid.status_code, paid.headers["location"]) == (303, "/billing/paid")
    assert "Thank you" in (await http.get("/billing/paid")).text
    state = (await owner.get("/billing")).json()
    assert (state["status"], state["provider"], state["plan"]) == ("active", "sandbox", "starter")
    for again in (await http.get(path), await http.post(path, data={"press": "cancel"})):
        assert again.status_code == 410
    assert (await owner.get("/billing")).json()["status"] == "active"


async def test_the_sandbox_page_can_be_left_and_replaced(owner: Owner, make_desk: MakeDesk) -> None:
    http, first = owner.desk.http, await sandbox(owner)
    second = await sandbox(owner)
    assert (await http.get(first)).status_code == 410, "replaced"
    left = await http.post(second, data={"press": "cancel"})
    assert left.headers["location"] == "/billing/cancelled"
    assert (await owner.get("/billing")).json()["status"] == "none"
    third = await sandbox(owner)
    assert (await http.post(third[:-1], data={"press": "pay"})).status_code == 410
    production = make_desk(env="production")
    production.app.state.parts = owner.desk.app.state.parts
    assert (await production.http.post(third, data={"press": "pay"})).status_code == 404


async def test_the_link_of_the_call_leads_to_payment_and_asks_for_no_card(desk: Desk) -> None:
    conversation = await desk.register()
    tenant = (await desk.look(conversation))["tenant_id"]
    billing = (await desk.letters())[2]
    page = await desk.http.get(billing)
    assert 'value="online"' in page.text and "Continue" in page.text
    assert not [word for word in CARD_WORDS[:-1] if word in page.text.lower()]
    done = await desk.http.post(billing, data={"method": "online", "routing": "4111 1111 1111 1111"})
    assert done.status_code == 200 and "Continue to payment" in done.text and "4111" not in done.text
    assert (await desk.http.post(billing, data={"method": "online"})).status_code == 410, "it works once"
    path = done.text.split('href="http://127.0.0.1:8000')[1].split('"')[0]
    assert (await desk.http.post(path, data={"press": "pay"})).status_code == 303
    state = await desk.read(f"/tenants/{tenant}/billing")
    assert (state["status"], state["plan"]) == ("active", "professional")
    assert "4111" not in json.dumps(await desk.look(conversation))


async def test_the_link_stays_good_while_the_provider_is_down(
    desk: Desk, provider: Any, stripe: Stripe
) -> None:
    await desk.register()
    state = desk.app.state
    state.parts = replace(state.parts, ports=replace(state.parts.ports, payments=stripe))
    billing = (await desk.letters())[2]
    provider.faults = [500, 500, 500]
    down = await desk.http.post(billing, data={"method": "online"})
    assert down.status_code == 422 and "try again soon" in down.text
    done = await desk.http.post(billing, data={"method": "online"})
    assert 'href="https://checkout.stripe.example/cs_test_0"' in done.text


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"stripe_secret_key": "sk"}, {"STRIPE_WEBHOOK_SECRET", "STRIPE_PRICES"}),
        (
            {"stripe_prices": ",".join(f"{k}={v}" for k, v in PRICES.items())},
            {"STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"},
        ),
        (
            {"stripe_secret_key": "s", "stripe_webhook_secret": "w", "stripe_prices": "starter=p,gold=q"},
            {"STRIPE_PRICES"},
        ),
    ],
)
def test_half_of_a_provider_does_not_start(given: dict[str, Any], named: set[str]) -> None:
    from core.settings import PLANS, Settings

    assert tuple(p.value for p in all_plans()) == PLANS
    problems = Settings(_env_file=None, **given).problems()
    assert {p.where for p in problems} == named
    whole: dict[str, Any] = {"stripe_secret_key": "s", "stripe_webhook_secret": "w"}
    prices = ",".join(f" {k} = {v}" for k, v in PRICES.items())
    settings = Settings(_env_file=None, **whole, stripe_prices=prices)
    assert settings.problems() == [] and settings.prices == PRICES
