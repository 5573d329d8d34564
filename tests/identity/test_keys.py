"""API keys: shown once, no wider than their maker, rotated without a gap, revoked at once."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from core.ids import fingerprint
from policies.sign_in import sign_in as sign_in_rules
from stores import receipts, tenancy
from stores.api_keys import ApiKey
from tests.identity.conftest import Browser, House
from tests.web.conftest import KEY
from web.guesses import Guesses


async def made(browser: Browser, *scopes: str, **more: Any) -> dict[str, Any]:
    body = {"name": "Website", "scopes": list(scopes), **more}
    answer = await browser.ask("POST", "/tenants/me/keys", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def using(house: House, key: str) -> Browser:
    browser = house.open_browser()
    browser.headers = {"Authorization": f"Bearer {key}"}
    return browser


async def test_a_key_is_shown_once_and_kept_as_a_fingerprint(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    new = await made(owner, "leads:read")
    assert new["key"].startswith(new["prefix"] + "_") and len(new["key"]) == 87
    for answer in (
        await owner.ask("GET", "/tenants/me/keys"),
        await owner.ask("GET", f"/tenants/me/keys/{new['id']}"),
    ):
        assert answer.status_code == 200 and new["prefix"] in answer.text
        assert new["key"] not in answer.text and "hash" not in answer.text
    from sqlalchemy import select

    async with house.db.tenant(tenant_id) as session:
        row = (await session.scalars(select(ApiKey))).one()
        trail = await receipts.audit_trail(session)
    assert row.key_hash == fingerprint(new["key"]) and new["key"] not in str(vars(row))
    entry = next(e for e in trail if e.action == "create_key")
    assert entry.actor.startswith("member:") and entry.after and new["key"] not in str(entry.after)
    assert entry.after["scopes"] == ["leads:read"]


async def test_scopes_narrow_and_every_right_is_its_own(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    key = using(house, (await made(owner, "leads:*"))["key"])
    assert (await key.ask("GET", "/session")).json()["rights"] == ["leads:read", "leads:write"]
    assert (await key.ask("GET", f"/tenants/{tenant_id}/leads")).status_code == 200
    assert (await key.ask("GET", "/tenants/me/leads")).status_code == 200
    for method, path in (("GET", "users"), ("GET", "keys"), ("POST", "keys"), ("GET", "calls")):
        assert (await key.ask(method, f"/tenants/me/{path}", json={})).status_code == 403, path
    for method, path in (("POST", "/password"), ("POST", "/two-factor"), ("DELETE", "/session")):
        body = {"password": "x", "current_password": "y"}
        assert (await key.ask(method, path, json=body)).status_code == 403, "an account is a person's own"


async def test_nobody_makes_a_key_that_may_more_than_they(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    admin = await house.signed_in(tenant_id, "admin")
    everything = await made(admin, "*")
    assert "data:read" in everything["scopes"] and "data:write" not in everything["scopes"]
    too_much = {"name": "k", "scopes": ["data:write", "leads:fly", "provisioning:read"]}
    answer = await admin.ask("POST", "/tenants/me/keys", json=too_much)
    assert answer.status_code == 422
    assert [p["where"] for p in answer.json()["problems"]] == ["scopes.0", "scopes.1", "scopes.2"]
    child = using(house, (await made(owner, "keys:*", "leads:read"))["key"])
    wider = await child.ask("POST", "/tenants/me/keys", json={"name": "k", "scopes": ["leads:write"]})
    assert wider.status_code == 422, "a key cannot make itself wider"
    assert (await made(child, "*"))["scopes"] == ["keys:read", "keys:write", "leads:read"]
    big = await made(owner, "*")
    answer = await child.ask("POST", f"/tenants/me/keys/{big['id']}/rotate")
    assert answer.status_code == 422, "nor take over a wider one by rotating it"
    viewer = await house.signed_in(tenant_id, "viewer")
    assert (await viewer.ask("GET", "/tenants/me/keys")).status_code == 403


async def test_a_rotated_key_works_on_for_a_while_and_its_successor_at_once(
    house: House, tenant_id: UUID
) -> None:
    owner = await house.signed_in(tenant_id)
    old = await made(owner, "leads:read")
    answer = await owner.ask("POST", f"/tenants/me/keys/{old['id']}/rotate", json={"overlap_hours": 2})
    assert answer.status_code == 201
    new = answer.json()
    assert new["scopes"] == old["scopes"] and new["name"] == old["name"] and new["key"] != old["key"]
    shown = (await owner.ask("GET", f"/tenants/me/keys/{old['id']}")).json()
    assert shown["replaced_by"] == new["id"]
    leads = "/tenants/me/leads"
    assert [(await using(house, k["key"]).ask("GET", leads)).status_code for k in (old, new)] == [200, 200]
    house.clock.advance(hours=2)
    assert [(await using(house, k["key"]).ask("GET", leads)).status_code for k in (old, new)] == [401, 200]
    again = await owner.ask("POST", f"/tenants/me/keys/{old['id']}/rotate")
    assert (again.status_code, again.json()["code"]) == (409, "key_ended")
    too_long = await owner.ask("POST", f"/tenants/me/keys/{new['id']}/rotate", json={"overlap_hours": 169})
    assert too_long.status_code == 422


async def test_a_key_rotated_twice_at_once_has_one_successor(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    old = await made(owner, "leads:read")
    answers = await asyncio.gather(
        *(owner.ask("POST", f"/tenants/me/keys/{old['id']}/rotate") for _ in range(3))
    )
    assert sorted(a.status_code for a in answers) == [201, 409, 409]


async def test_revoked_expired_and_foreign_keys_are_nobody(
    house: House, tenant_id: UUID, other_id: UUID
) -> None:
    owner = await house.signed_in(tenant_id)
    one = await made(owner, "leads:read")
    two = await made(owner, "leads:read", expires_at="2026-11-23T17:00:00Z")
    past = {"name": "k", "scopes": ["leads:read"], "expires_at": "2026-11-23T15:00:00Z"}
    assert (await owner.ask("POST", "/tenants/me/keys", json=past)).status_code == 422
    assert (await using(house, one["key"]).ask("GET", f"/tenants/{other_id}/leads")).status_code == 404
    for _ in range(2):
        assert (await owner.ask("DELETE", f"/tenants/me/keys/{one['id']}")).status_code == 204
    house.clock.advance(hours=1)
    for key in (
        one["key"],
        two["key"],
        one["key"].replace(tenant_id.hex, other_id.hex),
        two["key"][:-1],
        two["key"].upper(),
    ):
        assert (await using(house, key).ask("GET", "/session")).status_code == 401
    async with house.db.tenant(tenant_id) as session:
        trail = await receipts.audit_trail(session)
    assert [e.action for e in trail].count("revoke_key") == 1


async def test_a_key_ends_with_its_client_and_says_when_it_was_used(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    new = await made(owner, "leads:read")
    assert new["last_used_at"] is None
    key = using(house, new["key"])
    await key.ask("GET", "/session")
    seen = (await owner.ask("GET", f"/tenants/me/keys/{new['id']}")).json()["last_used_at"]
    assert seen == "2026-11-23T16:00:00Z"
    async with house.db.tenant(tenant_id) as session:
        await tenancy.set_status(session, "closed", at=house.clock.now())
    assert (await key.ask("GET", "/session")).status_code == 401


async def test_making_a_key_twice_with_one_idempotency_key_makes_one(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    headers = {"Idempotency-Key": "make-it-once"}
    body = {"name": "Website", "scopes": ["leads:read"]}
    one, two = [await owner.ask("POST", "/tenants/me/keys", json=body, headers=headers) for _ in range(2)]
    assert one.status_code == two.status_code == 201 and one.json() == two.json()
    assert len((await owner.ask("GET", "/tenants/me/keys")).json()["items"]) == 1


async def test_there_are_at_most_fifty_live_keys(house: House, tenant_id: UUID) -> None:
    from policies.rights import all_rights
    from tools import keys

    owner = await house.signed_in(tenant_id)
    async with house.db.tenant(tenant_id) as session:
        for n in range(48):
            await keys.make(
                session, house.clock, name=f"k{n}", scopes=all_rights()[:1], role="owner", actor="test"
            )
    body = {"name": "one more", "scopes": ["leads:read"]}
    answers = await asyncio.gather(*(owner.ask("POST", "/tenants/me/keys", json=body) for _ in range(4)))
    assert sorted(a.status_code for a in answers) == [201, 201, 409, 409]
    page = (await owner.ask("GET", "/tenants/me/keys?limit=20")).json()
    more = (await owner.ask("GET", f"/tenants/me/keys?limit=200&after={page['next']}")).json()
    assert len(page["items"]) == 20 and len(more["items"]) == 30


async def test_guesses_are_slowed_and_a_key_that_was_right_goes_on(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    right = using(house, (await made(owner, "leads:read"))["key"])
    assert (await right.ask("GET", "/session")).status_code == 200
    house.app.state.guesses = Guesses(5, now=lambda: house.clock.now().timestamp())
    assert (await right.ask("GET", "/session")).status_code == 200, "costs nothing, and is remembered"
    tries = [await using(house, f"sk_{n}").ask("GET", "/session") for n in range(7)]
    assert [t.status_code for t in tries] == [401] * 5 + [429] * 2
    assert tries[-1].json()["code"] == "too_many_tries" and int(tries[-1].headers["retry-after"]) == 12
    assert (await right.ask("GET", "/session")).status_code == 200
    assert (await using(house, KEY).ask("GET", "/session")).status_code == 429, "also the operator's"
    house.clock.advance(seconds=12)
    assert (await using(house, KEY).ask("GET", "/session")).status_code == 200
    (kept,) = (await owner.ask("GET", "/tenants/me/keys")).json()["items"]
    await owner.ask("DELETE", f"/tenants/me/keys/{kept['id']}")
    house.clock.advance(seconds=12)
    tries = [await right.ask("GET", "/session") for _ in range(4)]
    assert [t.status_code for t in tries] == [401] * 3 + [429], "what is right no longer is a guess again"


@pytest.mark.parametrize("end", [True, False])
async def test_a_removed_persons_keys_end_with_them_or_are_shown_as_nobodys(
    house: House, tenant_id: UUID, end: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = sign_in_rules()
    kept = rules.model_copy(update={"keys": rules.keys.model_copy(update={"end_with_maker": end})})
    monkeypatch.setattr("tools.keys.sign_in", lambda: kept)
    owner = await house.signed_in(tenant_id)
    admin = await house.signed_in(tenant_id, "admin")
    theirs, ours = await made(admin, "leads:read"), await made(owner, "leads:read")
    who = (await admin.ask("GET", "/session")).json()["id"].removeprefix("member:")
    assert (await owner.ask("DELETE", f"/tenants/me/users/{who}")).status_code == 204
    assert (await using(house, theirs["key"]).ask("GET", "/session")).status_code == (401 if end else 200)
    assert (await using(house, ours["key"]).ask("GET", "/session")).status_code == 200
    page = (await owner.http.get("/account")).text
    assert page.count("no longer here") == (0 if end else 1)
    async with house.db.tenant(tenant_id) as session:
        (entry,) = [e for e in await receipts.audit_trail(session) if e.action == "remove_person"]
    assert entry.after
    assert entry.after["keys"] == [{"id": theirs["id"], "prefix": theirs["prefix"], "revoked": end}]
