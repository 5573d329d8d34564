"""People of a client: invited within the seats, ranked, never without an owner, and all of it audited."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from uuid import UUID

from stores import identity, receipts, tenancy
from tests.identity.conftest import PASSWORD, Browser, House
from tests.identity.test_passwords import OTHER, letters, token_in

SAM = {"name": "Sam Ortiz", "email": "Sam@acme.example", "role": "agent"}


async def entries(house: House, tenant_id: UUID, action: str) -> list[receipts.AuditEntry]:
    async with house.db.tenant(tenant_id) as session:
        assert await receipts.verify_chain(session) is None
        return [e for e in await receipts.audit_trail(session) if e.action == action]


async def invited(browser: Browser, **changed: Any) -> dict[str, Any]:
    answer = await browser.ask("POST", "/tenants/me/users", json={**SAM, **changed})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_somebody_is_invited_chooses_a_password_and_is_in(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    answer = await owner.ask("POST", "/tenants/me/users", json=SAM)
    sam = answer.json()
    assert (answer.status_code, sam["status"], sam["role"]) == (201, "invited", "agent")
    assert answer.headers["location"].endswith(f"/users/{sam['id']}")
    (letter,) = await letters(house, tenant_id)
    assert letter.to_ == "Sam@acme.example" and "7 days" in letter.body
    assert (await house.open_browser().sign_in("sam@acme.example")).status_code == 401
    house.clock.advance(days=6)
    body = {"token": token_in(letter), "password": PASSWORD}
    assert (await house.open_browser().ask("POST", "/setup", json=body)).status_code == 200
    browser = house.open_browser()
    assert (await browser.sign_in("sam@acme.example")).json()["role"] == "agent"
    seen = (await browser.ask("GET", f"/tenants/me/users/{sam['id']}")).json()
    assert seen["status"] == "active" and seen["email_verified_at"] and seen["signed_in_at"]
    (entry,) = await entries(house, tenant_id, "invite_people")
    assert entry.actor.startswith("member:") and entry.actor.endswith("/api")


async def test_an_invitation_ends_after_a_week_and_can_be_sent_again(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    sam = await invited(owner)
    again = await owner.ask("POST", "/tenants/me/users", json=SAM)
    assert (again.status_code, again.json()["code"]) == (409, "on_the_team")
    (first,) = await letters(house, tenant_id)
    answer = await owner.ask("POST", f"/tenants/me/users/{sam['id']}/reset")
    assert answer.status_code == 202
    second, _ = await letters(house, tenant_id)
    old = {"token": token_in(first), "password": OTHER}
    assert (await house.open_browser().ask("POST", "/setup", json=old)).status_code == 404
    house.clock.advance(days=7)
    late = {"token": token_in(second), "password": OTHER}
    assert (await house.open_browser().ask("POST", "/setup", json=late)).status_code == 404


async def test_one_invitation_for_one_idempotency_key(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    headers = {"Idempotency-Key": "invite-sam"}
    answers = [await owner.ask("POST", "/tenants/me/users", json=SAM, headers=headers) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201] and answers[0].json() == answers[1].json()
    assert len(await letters(house, tenant_id)) == 1


async def test_the_plans_seats_are_the_limit(house: House, tenant_id: UUID) -> None:
    async with house.db.tenant(tenant_id) as session:
        await tenancy.update_tenant(session, plan="starter")
    owner = await house.signed_in(tenant_id)
    answer = await owner.ask("POST", "/tenants/me/users", json=SAM)
    assert answer.status_code == 422 and "Starter includes 1 user" in answer.text


async def test_nobody_reaches_above_their_own_rank(house: House, tenant_id: UUID) -> None:
    owner_row = await house.person(tenant_id)
    admin = await house.signed_in(tenant_id, "admin")
    agent = await house.signed_in(tenant_id, "agent")
    path = f"/tenants/me/users/{owner_row.id}"
    for method, more, body in (
        ("PATCH", "", {"role": "viewer"}),
        ("DELETE", "", None),
        ("POST", "/reset", None),
    ):
        answer = await admin.ask(method, path + more, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "rank"), method
        assert (await agent.ask(method, path + more, json=body)).status_code == 403
    for role, status in (("owner", 403), ("admin", 201)):
        body = {**SAM, "email": f"{role}2@acme.example", "role": role}
        assert (await admin.ask("POST", "/tenants/me/users", json=body)).status_code == status
    sam = await invited(admin)
    up = await admin.ask("PATCH", f"/tenants/me/users/{sam['id']}", json={"role": "owner"})
    assert up.status_code == 403, "an admin makes no owners"
    assert (
        await admin.ask("PATCH", f"/tenants/me/users/{sam['id']}", json={"role": "king"})
    ).status_code == 422
    assert await entries(house, tenant_id, "change_role") == []


async def test_a_role_changes_at_once_and_says_what_it_was(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    viewer_row = await house.person(tenant_id, "viewer")
    viewer = house.open_browser()
    await viewer.sign_in(viewer_row.email)
    assert (await viewer.ask("GET", "/tenants/me/keys")).status_code == 403
    path = f"/tenants/me/users/{viewer_row.id}"
    read = await owner.ask("GET", path)
    tag = read.headers["etag"]
    changed = await owner.ask("PATCH", path, json={"role": "admin"}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["role"]) == (200, "admin")
    assert (await viewer.ask("GET", "/tenants/me/keys")).status_code == 200, "in a session that was open"
    stale = await owner.ask("PATCH", path, json={"role": "viewer"}, headers={"If-Match": tag})
    assert stale.status_code == 412
    (entry,) = await entries(house, tenant_id, "change_role")
    assert entry.before == {"member_id": str(viewer_row.id), "role": "viewer"}
    assert entry.after == {"member_id": str(viewer_row.id), "role": "admin"}


async def test_there_is_always_an_owner_even_when_two_leave_at_once(house: House, tenant_id: UUID) -> None:
    one = await house.signed_in(tenant_id)
    two = await house.signed_in(tenant_id, "owner", "second@acme.example")
    ids = {u["email"]: u["id"] for u in (await one.ask("GET", "/tenants/me/users")).json()["items"]}
    first, second = (f"/tenants/me/users/{ids[e]}" for e in ("owner@acme.example", "second@acme.example"))
    answers = await asyncio.gather(
        one.ask("PATCH", second, json={"role": "viewer"}), two.ask("DELETE", first)
    )
    # whoever was quicker has put the other below themselves, or out
    assert sorted(a.status_code for a in answers) in (
        [200, 403],
        [204, 401],
        [204, 404],
        [200, 422],
        [204, 422],
    )
    async with house.db.tenant(tenant_id) as session:
        (left,) = await tenancy.owners(session)
    last = one if left.email.startswith("owner") else two
    for method, body in (("PATCH", {"role": "admin"}), ("DELETE", None)):
        answer = await last.ask(method, f"/tenants/me/users/{left.id}", json=body)
        assert answer.status_code == 422 and "only owner" in answer.text


async def test_two_owners_who_step_down_at_once_leave_one(house: House, tenant_id: UUID) -> None:
    for n in range(3):
        await house.person(tenant_id, email=f"owner{n}@acme.example")
    browser = house.open_browser()
    browser.headers = house.operator
    async with house.db.tenant(tenant_id) as session:
        paths = [f"/tenants/{tenant_id}/users/{m.id}" for m in await tenancy.owners(session)]
    answers = await asyncio.gather(*(browser.ask("PATCH", p, json={"role": "admin"}) for p in paths))
    assert sorted(a.status_code for a in answers) == [200, 200, 422]


async def test_who_is_removed_is_out_at_once_and_everywhere(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    agent_row = await house.person(tenant_id, "agent")
    agent = house.open_browser()
    await agent.sign_in(agent_row.email)
    await house.open_browser().ask("POST", "/password/reset", json={"email": agent_row.email})
    (letter,) = await letters(house, tenant_id)
    path = f"/tenants/me/users/{agent_row.id}"
    assert (await owner.ask("DELETE", path)).status_code == 204
    assert (await agent.ask("GET", "/session")).status_code == 401
    assert (await house.open_browser().sign_in(agent_row.email)).status_code == 401
    body = {"token": token_in(letter), "password": OTHER}
    answer = await house.open_browser().ask("POST", "/password/reset/confirm", json=body)
    assert answer.status_code == 404, "a link that was on its way opens nothing"
    listed = (await owner.ask("GET", "/tenants/me/users")).json()["items"]
    assert [u["email"] for u in listed] == ["owner@acme.example"]
    assert (await owner.ask("GET", path)).json()["status"] == "removed"
    for method, more, given in (
        ("DELETE", "", None),
        ("PATCH", "", {"role": "admin"}),
        ("POST", "/reset", None),
    ):
        assert (await owner.ask(method, path + more, json=given)).status_code == 404
    (entry,) = await entries(house, tenant_id, "remove_person")
    assert (
        entry.before
        and entry.after
        and (entry.before["status"], entry.after["status"]) == ("active", "removed")
    )
    back = await owner.ask("POST", "/tenants/me/users", json={**SAM, "email": agent_row.email})
    assert back.status_code == 201 and back.json()["id"] == str(agent_row.id)
    assert (await house.open_browser().sign_in(agent_row.email)).status_code == 401, (
        "the old password is gone"
    )


async def test_somebody_without_phone_and_password_is_helped_back_in(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    now = house.clock.now()
    lost = await house.person(tenant_id, "admin", totp_since=now, recovery=["x"])
    answer = await owner.ask("POST", f"/tenants/me/users/{lost.id}/reset")
    assert answer.status_code == 202 and "l/" not in answer.text
    (letter,) = await letters(house, tenant_id)
    assert letter.to_ == lost.email
    async with house.db.tenant(tenant_id) as session:
        held = await identity.credential(session, lost.id)
        stored = [vars(r) for r in await receipts.receipts(session, lost.id)]
    assert held is not None and held.totp_since is None and held.recovery == []
    assert token_in(letter) not in str(stored)
    (entry,) = await entries(house, tenant_id, "reset_access")
    assert entry.before == {"member_id": str(lost.id), "two_factor": True}
    body = {"token": token_in(letter), "password": OTHER}
    assert (await house.open_browser().ask("POST", "/password/reset/confirm", json=body)).status_code == 200
    assert (await house.open_browser().sign_in(lost.email, OTHER)).status_code == 201


async def test_an_address_is_proved_by_letter_once(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    assert (await browser.ask("GET", "/session")).json()["email_verified"] is False
    answer = await browser.ask("POST", "/email/verification")
    assert answer.status_code == 202
    (letter,) = await letters(house, tenant_id)
    page = await browser.http.post(f"/l/{token_in(letter)}")
    assert page.status_code == 200 and "confirmed" in page.text
    assert (await browser.ask("GET", "/session")).json()["email_verified"] is True
    assert (await browser.ask("POST", "/email/verification")).status_code == 409


# -- the pages ---------------------------------------------------------------------------------------


async def test_everything_works_on_pages_without_a_script(house: House, tenant_id: UUID) -> None:
    await house.person(tenant_id)
    http, ours = house.open_browser().http, {"origin": "http://127.0.0.1:8000"}

    async def send(path: str, **form: str) -> Any:
        return await http.post(path, data=form, headers=ours)

    outside = await http.get("/account")
    assert outside.status_code == 401 and 'action="/sign-in"' in outside.text
    wrong = await send("/sign-in", username="owner@acme.example", password="not this one, no")
    assert wrong.status_code == 401 and "does not fit" in wrong.text and "not this one" not in wrong.text
    foreign = await http.post(
        "/sign-in",
        data={"username": "owner@acme.example", "password": PASSWORD},
        headers={"origin": "https://evil.example"},
    )
    assert foreign.status_code == 403
    inside = await send("/sign-in", username="owner@acme.example", password=PASSWORD)
    assert (inside.status_code, inside.headers["location"]) == (303, "/account")
    page = await http.get("/account")
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    assert "'self'" in page.headers["content-security-policy"]
    assert (await http.post("/account/keys", data={"name": "x", "scope": "all"})).status_code == 403, "csrf"
    made = await send("/account/keys", name="Website <b>", scope="leads")
    key = re.search(r"sk_\w{8}_[\w-]{75}", made.text)
    assert key and "Website &lt;b&gt;" in made.text and "leads:read, leads:write" in made.text
    assert key[0] not in (await http.get("/account")).text
    key_id = re.search(r"/account/keys/([0-9a-f-]{36})/rotate", made.text)
    assert key_id
    rotated = await send(f"/account/keys/{key_id[1]}/rotate")
    assert rotated.status_code == 200 and "24 hours" in rotated.text
    assert "works no longer" in (await send(f"/account/keys/{key_id[1]}/revoke")).text
    shown = await send("/account/two-factor", password=PASSWORD)
    assert "<svg" in shown.text and "style=" not in shown.text
    assert "not your password" in (await send("/account/two-factor", password="x")).text
    differ = await send("/account/password", current_password=PASSWORD, password=OTHER, again="other")
    assert differ.status_code == 422 and "not the same" in differ.text
    done = await send("/account/password", current_password=PASSWORD, password=OTHER, again=OTHER)
    assert done.status_code == 303 and (await http.get("/account")).status_code == 200
    out = await send("/sign-out")
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
    assert (await http.get("/account")).status_code == 401


async def test_forgotten_and_chosen_on_pages(house: House, tenant_id: UUID) -> None:
    await house.person(tenant_id, must_change=True)
    http, ours = house.open_browser().http, {"origin": "http://127.0.0.1:8000"}
    for email in ("owner@acme.example", "nobody@acme.example"):
        sent = await http.post("/forgotten", data={"email": email}, headers=ours)
        assert sent.status_code == 202 and "If there is an account" in sent.text
    (letter,) = await letters(house, tenant_id)
    path = f"/l/{token_in(letter)}"
    assert "Acme Real Estate" in (await http.get(path)).text
    differ = await http.post(path, data={"password": OTHER, "again": "another"})
    assert differ.status_code == 422 and OTHER not in differ.text
    short = await http.post(path, data={"password": "short", "again": "short"})
    assert short.status_code == 422 and "15 characters" in short.text
    done = await http.post(path, data={"password": OTHER, "again": OTHER})
    assert done.status_code == 200 and 'href="/sign-in"' in done.text
    assert (await http.post(path, data={"password": OTHER, "again": OTHER})).status_code == 410
    assert (await house.open_browser().sign_in("owner@acme.example", OTHER)).status_code == 201


async def test_before_a_password_of_ones_own_the_account_is_that_form_alone(
    house: House, tenant_id: UUID
) -> None:
    await house.person(tenant_id, must_change=True)
    http, ours = house.open_browser().http, {"origin": "http://127.0.0.1:8000"}
    form = {"username": "owner@acme.example", "password": PASSWORD}
    assert (await http.post("/sign-in", data=form, headers=ours)).status_code == 303
    page = (await http.get("/account")).text
    assert "made by somebody else" in page and "API keys" not in page and "Two-factor" not in page
    sent = await http.post("/account/two-factor", data={"password": PASSWORD}, headers=ours)
    assert (sent.status_code, sent.headers["location"]) == (303, "/account")
