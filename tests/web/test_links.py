"""One-time links: looking costs nothing, sending works once, and what is typed reaches the form."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from uuid import UUID

import pytest

from core.clock import SystemClock
from core.ids import HOUSE_TENANT, fingerprint, new_token
from stores import integrations, outbox, receipts, tenancy
from stores.db import Database
from tests.web.conftest import Desk
from web.link_pages import masked
from web.link_secrets import read_billing, read_tax_id
from web.links import _vault


async def link(
    db: Database,
    purpose: str,
    conversation: str,
    *,
    tenant: UUID = HOUSE_TENANT,
    lasts: float = 30,
    **payload: str,
) -> str:
    """A link as the tools make it; its path."""
    token = new_token()
    async with db.tenant(tenant) as session:
        await outbox.create_link(
            session,
            token_hash=fingerprint(token),
            purpose=purpose,
            payload=payload,
            expires_at=SystemClock().now() + timedelta(minutes=lasts),
            conversation_id=UUID(conversation),
        )
    return f"/l/{token}"


async def client_of(desk: Desk, conversation: str) -> UUID:
    return UUID((await desk.look(conversation))["tenant_id"])


async def test_the_admin_proves_the_address_once(desk: Desk, db: Database) -> None:
    conversation = await desk.register()
    verify, terms, billing = await desk.letters()
    for _ in range(3):  # scanners look, too
        page = await desk.http.get(verify)
        assert page.status_code == 200
    assert (await desk.http.head(verify)).status_code == 200
    assert "m…a@acmerealty.com" in page.text and "maria@" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]

    sent = await desk.http.post(verify)
    assert sent.status_code == 200 and "confirmed" in sent.text
    again = await desk.http.post(verify)
    assert again.status_code == 410 and "no longer works" in again.text
    assert (await desk.http.get(verify)).status_code == 410

    form = await desk.look(conversation)
    assert form["slots"]["admin_email"] == {"status": "verified", "value": "maria@acmerealty.com"}
    assert [r["tool"] for r in form["receipts"]] == ["register_organization", "verify_email"]
    (member,) = (await desk.read(f"/tenants/{form['tenant_id']}"))["members"]
    assert member["email_verified_at"] is not None and member["status"] == "active"
    async with db.tenant(UUID(form["tenant_id"])) as session:
        assert await receipts.verify_chain(session) is None
        assert "verify_email" in [entry.action for entry in await receipts.audit_trail(session)]
    # the conversation goes on as if nothing had happened
    assert form["awaiting"]["slots"] == ["voice_profile"]

    assert "2026-11" in (await desk.http.get(terms)).text
    assert (await desk.http.post(terms)).status_code == 200
    async with db.tenant(UUID(form["tenant_id"])) as session:
        kept = (await tenancy.get_tenant(session)).settings["terms"]
    assert kept["channel"] == "page" and kept["version"] == "2026-11"
    assert (await desk.http.get(billing)).status_code == 200


async def test_of_many_clicks_at_once_one_counts(desk: Desk) -> None:
    conversation = await desk.register()
    verify = (await desk.letters())[0]
    answers = await asyncio.gather(*(desk.http.post(verify) for _ in range(4)))
    assert sorted(a.status_code for a in answers) == [200, 410, 410, 410]
    tools = [r["tool"] for r in (await desk.look(conversation))["receipts"]]
    assert tools.count("verify_email") == 1


async def test_of_many_forms_at_once_one_is_taken(desk: Desk, db: Database) -> None:
    conversation = (await desk.begin())["id"]
    path = await link(db, "form", conversation, slot="organization_name")
    names = ("Acme Realty", "Summit Homes", "Lakeside Living")
    answers = await asyncio.gather(*(desk.http.post(path, data={"organization_name": n}) for n in names))
    assert sorted(a.status_code for a in answers) == [200, 410, 410]


async def test_an_address_that_was_changed_since_is_not_marked(desk: Desk) -> None:
    conversation = await desk.register()
    verify = (await desk.letters())[0]
    await desk.say(conversation, "change my e-mail")
    await desk.say(conversation, "maria.reed@acmerealty.com")
    assert (await desk.http.post(verify)).status_code == 200
    changing = (await desk.look(conversation))["slots"]["admin_email"]
    assert changing == {"status": "verified", "value": "maria@acmerealty.com"}, (
        "the new one is not agreed to yet"
    )
    await desk.say(conversation, "yes")
    slot = (await desk.look(conversation))["slots"]["admin_email"]
    assert slot == {"status": "confirmed", "value": "maria.reed@acmerealty.com"}


async def test_a_value_typed_on_the_page_is_agreed_to_and_the_agent_goes_on(desk: Desk, db: Database) -> None:
    conversation = (await desk.begin())["id"]
    await desk.say(conversation, "Acme Realty")
    path = await link(db, "form", conversation, slot="admin_email")
    assert "Your e-mail" in (await desk.http.get(path)).text

    wrong = await desk.http.post(path, data={"admin_email": "maria at"})
    assert wrong.status_code == 422 and 'aria-invalid="true"' in wrong.text and "maria at" in wrong.text
    typo = await desk.http.post(path, data={"admin_email": "maria@gmial.com"})
    assert typo.status_code == 422 and "maria@gmail.com" in typo.text
    sent = await desk.http.post(path, data={"admin_email": "maria@acmerealty.com"})
    assert sent.status_code == 200 and "Which states do you work in?" in sent.text
    assert (await desk.http.post(path, data={"admin_email": "eve@example.com"})).status_code == 410

    form = await desk.look(conversation)
    assert form["slots"]["admin_email"] == {"status": "confirmed", "value": "maria@acmerealty.com"}
    assert form["awaiting"]["slots"] == ["states_served"]
    answer = await desk.say(conversation, "Colorado")
    assert "Mountain" in " ".join(answer["replies"])


async def test_a_suspected_typo_is_taken_when_it_is_sent_again(desk: Desk, db: Database) -> None:
    conversation = (await desk.begin())["id"]
    path = await link(db, "form", conversation, slot="admin_email")
    given = {"admin_email": "maria@gmial.com"}
    page = await desk.http.post(path, data=given)
    kept = re.search(r'name="sure_admin_email" value="([^"]+)"', page.text)
    assert kept is not None
    assert (await desk.http.post(path, data={**given, "sure_admin_email": kept.group(1)})).status_code == 200
    assert (await desk.look(conversation))["slots"]["admin_email"]["value"] == "maria@gmial.com"


async def test_a_link_without_a_slot_asks_for_the_rest_of_the_step(desk: Desk, db: Database) -> None:
    conversation = (await desk.begin())["id"]
    await desk.say(conversation, "Acme Realty")
    await desk.say(conversation, "Colorado and Utah")
    path = await link(db, "form", conversation)
    page = (await desk.http.get(path)).text
    assert 'name="team_size"' in page and 'name="plan"' in page
    assert 'name="states_served"' not in page, "is known"
    assert 'name="billing_details"' not in page, "has a page of its own"
    nothing = await desk.http.post(path, data={})
    assert nothing.status_code == 422
    some = {
        "timezone": "Denver",
        "team_size": "5",
        "admin_name": "Maria Reed",
        "authority": "yes",
        "plan": "professional",
    }
    mixed = await desk.http.post(path, data={**some, "plan": "gold"})
    assert mixed.status_code == 422 and "Maria Reed" in mixed.text and "Please choose one" in mixed.text
    assert (await desk.http.post(path, data=some)).status_code == 200
    slots = (await desk.look(conversation))["slots"]
    assert {n: slots[n]["status"] for n in some} == dict.fromkeys(some, "confirmed")
    assert slots["timezone"]["value"] == "America/Denver" and slots["authority"]["value"] is True


async def test_a_tax_id_waits_for_the_client_and_is_sealed(desk: Desk, db: Database) -> None:
    early = (await desk.begin())["id"]
    path = await link(db, "tax_id", early, slot="tax_id")
    too_soon = await desk.http.get(path)
    assert too_soon.status_code == 409 and "not registered yet" in too_soon.text

    conversation = await desk.register()
    path = await link(db, "tax_id", conversation, slot="tax_id")
    wrong = await desk.http.post(path, data={"tax_id": "98-76543"})
    assert wrong.status_code == 422 and "98-76543" not in wrong.text, "a secret is not shown again"
    assert (await desk.http.post(path, data={"tax_id": "12 3456789"})).status_code == 200
    client = await client_of(desk, conversation)
    async with db.tenant(client) as session:
        opened = await _vault(_Request(desk)).open(session, "tax_id")
        stored = [
            str(r.arguments) + str(r.result) for r in await receipts.receipts(session, UUID(conversation))
        ]
        trail = [str(e.after) for e in await receipts.audit_trail(session)]
    assert opened == '{"tax_id": "12-3456789"}'
    assert "3456789" not in "".join(stored + trail)
    view = (await desk.http.get(f"/api/v1/conversations/{conversation}")).text
    assert "3456789" not in view and "seal_tax_id" in view


async def test_payment_details_are_sealed_and_cards_are_not_taken(desk: Desk, db: Database) -> None:
    conversation = await desk.register()
    billing = (await desk.letters())[2]
    card = {"method": "bank", "name": "Acme", "email": "pay@acme.com", "routing": "4111 1111 1111 1111"}
    refused = await desk.http.post(billing, data=card)
    assert refused.status_code == 422 and "card numbers" in refused.text and "4111" not in refused.text
    good = {**card, "routing": "021000021", "account": "123456789"}
    assert (await desk.http.post(billing, data=good)).status_code == 200
    async with db.tenant(await client_of(desk, conversation)) as session:
        assert '"account": "123456789"' in await _vault(_Request(desk)).open(session, "billing_details")


async def test_a_crms_key_is_sealed_and_the_connection_says_what_it_waits_for(
    desk: Desk, db: Database
) -> None:
    conversation = await desk.register()
    client = await client_of(desk, conversation)
    path = await link(db, "connect_crm", conversation, slot="crm_key")
    assert (await desk.http.get(path)).status_code == 410, "no CRM is chosen yet"
    async with db.tenant(client) as session:
        await integrations.upsert_integration(session, "crm", "followupboss", state="pending_link")
    assert "Follow Up Boss" in (await desk.http.get(path)).text
    assert (await desk.http.post(path, data={"key": "short"})).status_code == 422
    done = await desk.http.post(path, data={"key": "fka_0123456789abcdef"})
    assert done.status_code == 200 and "Follow Up Boss" in done.text
    (row,) = [
        r
        for r in (await desk.read(f"/tenants/{client}/integrations"))["items"]
        if r["vendor"] == "followupboss"
    ]
    assert row["state"] == "pending_link" and row["last_test"]["ok"] is False
    assert "fka_" not in str(row)
    async with db.tenant(client) as session:
        assert await _vault(_Request(desk)).open(session, "crm:followupboss") == "fka_0123456789abcdef"


async def test_a_late_a_wrong_and_a_foreign_link_all_say_the_same(desk: Desk, db: Database) -> None:
    conversation = (await desk.begin())["id"]
    late = await link(db, "form", conversation, lasts=-1)
    odd = await link(db, "no_such_purpose", conversation)
    pages = [await desk.http.get(p) for p in (late, odd, "/l/wrong", f"/l/{'x' * 500}", "/link/%00")]
    assert {p.status_code for p in pages} == {410}
    assert len({p.text for p in pages}) == 1 and "+13035550100" in pages[0].text
    assert (await desk.http.post(late, data={"x": "y"})).status_code == 410


async def test_a_form_sent_by_another_site_is_refused(desk: Desk, db: Database) -> None:
    path = await link(db, "form", (await desk.begin())["id"], slot="organization_name")
    sent = await desk.http.post(
        path, data={"organization_name": "Evil"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert sent.status_code == 403
    assert (await desk.http.post(path, data={"organization_name": "Acme Realty"})).status_code == 200


async def test_a_line_that_is_busy_elsewhere_leaves_the_link_good(desk: Desk, db: Database) -> None:
    from stores import conversations

    conversation = UUID((await desk.begin())["id"])
    path = await link(db, "form", str(conversation), slot="organization_name")
    async with db.tenant(HOUSE_TENANT) as session:
        now = SystemClock().now()
        assert await conversations.take_lease(session, conversation, "call:elsewhere", now=now, seconds=60)
    given = {"organization_name": "Acme Realty"}
    busy = await desk.http.post(path, data=given)
    assert busy.status_code == 409 and "still talking" in busy.text
    async with db.tenant(HOUSE_TENANT) as session:
        await conversations.release_lease(session, conversation, "call:elsewhere")
    assert (await desk.http.post(path, data=given)).status_code == 200


@pytest.mark.parametrize("text", ["12345678", "00-1234567", "111111111", "123-45-678x", ""])
def test_what_is_no_tax_id(text: str) -> None:
    assert read_tax_id({"tax_id": text})[1]


def test_bills_go_somewhere() -> None:
    bank = {
        "method": "bank",
        "name": "Acme",
        "email": "pay@acme.com",
        "routing": "021000021",
        "account": "12345678",
    }
    assert read_billing(bank)[1] == {}
    for name, value in (
        ("method", "card"),
        ("name", ""),
        ("email", "pay@"),
        ("routing", "021000022"),
        ("account", "12"),
        ("account", "4111111111111111"),
        ("name", "Acme 4111-1111-1111-1111"),
    ):
        assert list(read_billing({**bank, name: value})[1]) == [name], (name, value)
    kept, problems = read_billing({**bank, "method": "invoice", "routing": "", "account": ""})
    assert problems == {} and set(kept) == {"method", "name", "email"}


def test_an_address_is_shown_only_to_who_knows_it() -> None:
    assert [masked(m) for m in ("maria@x.com", "jo@x.com", "j@x.com")] == [
        "m…a@x.com",
        "j…@x.com",
        "j…@x.com",
    ]


class _Request:
    """As much of a request as the vault needs."""

    def __init__(self, desk: Desk):
        self.app = desk.app
