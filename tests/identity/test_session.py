"""Signing in: one answer for everything that is wrong, a new id each time, and a session of one client."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.ids import HOUSE_TENANT, fingerprint
from stores import identity, receipts, tenancy
from stores.db import Database
from tests.identity.conftest import PASSWORD, House
from tools import passwords


async def test_who_signs_in_is_known_and_who_signs_out_is_not(house: House, tenant_id: UUID) -> None:
    member, browser = await house.person(tenant_id, "admin"), house.open_browser()
    assert (await browser.ask("GET", "/session")).status_code == 401
    answer = await browser.sign_in(" ADMIN@acme.example ")
    assert answer.status_code == 201, answer.text
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    seen = (await browser.ask("GET", "/session")).json()
    assert (seen["role"], seen["tenant_id"], seen["organization_slug"]) == (
        "admin",
        str(tenant_id),
        "acme-real-estate",
    )
    assert "users:write" in seen["rights"] and "data:write" not in seen["rights"]
    async with house.db.tenant(tenant_id) as session:
        trail = await receipts.audit_trail(session)
    assert (trail[-1].actor, trail[-1].action) == (f"member:{member.id}", "sign_in")
    token = browser.http.cookies["seiketsu"]
    assert (await browser.ask("DELETE", "/session")).status_code == 204
    assert "seiketsu" not in browser.http.cookies
    stolen = house.open_browser()
    stolen.http.cookies.set("seiketsu", token)
    assert (await stolen.ask("GET", "/session")).status_code == 401, (
        "the session is over, not only the cookie"
    )


async def test_a_sign_in_gets_a_new_id_and_ends_what_the_browser_had(house: House, tenant_id: UUID) -> None:
    await house.person(tenant_id)
    browser = house.open_browser()
    planted = f"{tenant_id.hex}.planted-by-somebody-else-0123456789"
    browser.http.cookies.set("seiketsu", planted)
    await browser.sign_in("owner@acme.example")
    first = browser.http.cookies.get("seiketsu", domain="127.0.0.1")
    assert first != planted
    async with house.db.tenant(tenant_id) as session:
        assert not await identity.close_session(session, fingerprint(planted)), "a planted id is no session"
    browser.http.cookies.clear()
    browser.http.cookies.set("seiketsu", first)
    await browser.sign_in("owner@acme.example")
    old = house.open_browser()
    old.http.cookies.set("seiketsu", first)
    assert (await old.ask("GET", "/session")).status_code == 401


async def test_everything_that_is_wrong_gets_one_answer(house: House, tenant_id: UUID) -> None:
    member = await house.person(tenant_id)
    await house.person(tenant_id, "agent", password_hash=None)
    await house.person(tenant_id, "viewer", temporary_until=house.clock.now())
    gone = await house.person(tenant_id, "admin")
    async with house.db.tenant(tenant_id) as session:
        (await tenancy.get_member(session, gone.id)).status = "removed"  # type: ignore[union-attr]
    answers = []
    for username, password in (
        ("nobody@acme.example", PASSWORD),
        (member.email, "another password entirely"),
        ("agent@acme.example", PASSWORD),
        ("viewer@acme.example", PASSWORD),
        ("admin@acme.example", PASSWORD),
        ("' or 1=1 --", PASSWORD),
        (member.email, PASSWORD + " "),
    ):
        answer = await house.open_browser().sign_in(username, password)
        told = {k: v for k, v in answer.json().items() if k != "request_id"}
        answers.append((answer.status_code, str(told), "set-cookie" in answer.headers))
    assert set(answers) == {(401, answers[0][1], False)}


async def test_nobody_costs_as_much_as_somebody(
    house: House, tenant_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hash is nearly all the time a sign-in takes: one each, with the same parameters (no clock is read:
    the machine may be busy)."""
    await house.person(tenant_id)
    await house.person(tenant_id, "agent", password_hash=None)
    compared: list[str] = []
    really = passwords._verify

    def counted(password: str, known: str) -> tuple[bool, str | None]:
        compared.append(known.rsplit("$", 2)[0])
        return really(password, known)

    monkeypatch.setattr(passwords, "_verify", counted)
    for username in ("owner@acme.example", "nobody@acme.example", "agent@acme.example", "no address"):
        assert (await house.open_browser().sign_in(username, "wrong password, surely")).status_code == 401
    assert len(compared) == 4 and len(set(compared)) == 1, compared


async def test_a_session_ends_unused_and_at_last_anyway(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    for _ in range(16):
        house.clock.advance(hours=10)
        assert (await browser.ask("GET", "/session")).status_code == 200
    house.clock.advance(hours=8)
    assert (await browser.ask("GET", "/session")).status_code == 401, "seven days are over"
    other = house.open_browser()
    await other.sign_in("owner@acme.example")
    house.clock.advance(hours=12, seconds=1)
    assert (await other.ask("GET", "/session")).status_code == 401, "twelve hours unused"


async def test_a_session_is_good_for_one_client_only(
    house: House, tenant_id: UUID, other_id: UUID, db: Database
) -> None:
    browser = await house.signed_in(tenant_id)
    assert (await browser.ask("GET", f"/tenants/{tenant_id}/users")).status_code == 200
    for name in (str(other_id), "bolder-homes", str(HOUSE_TENANT), "seiketsu"):
        assert (await browser.ask("GET", f"/tenants/{name}/users")).status_code == 404
    token = browser.http.cookies["seiketsu"]
    moved = house.open_browser()
    moved.http.cookies.set("seiketsu", f"{other_id.hex}.{token.split('.')[1]}")
    assert (await moved.ask("GET", "/session")).status_code == 401


async def test_sessions_end_with_the_person_and_with_the_client(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    async with house.db.tenant(tenant_id) as session:
        await tenancy.set_status(session, "closed", at=house.clock.now())
    assert (await browser.ask("GET", "/session")).status_code == 401
    assert (await house.open_browser().sign_in("owner@acme.example")).status_code == 401


async def test_signing_out_everywhere_means_every_browser(house: House, tenant_id: UUID) -> None:
    one = await house.signed_in(tenant_id)
    two = house.open_browser()
    await two.sign_in("owner@acme.example")
    assert (await one.ask("DELETE", "/session?everywhere=true")).status_code == 204
    assert (await two.ask("GET", "/session")).status_code == 401


async def test_one_address_in_two_organizations_names_one(
    house: House, tenant_id: UUID, other_id: UUID
) -> None:
    await house.person(tenant_id, email="dana@both.example")
    await house.person(other_id, "viewer", email="Dana@both.example")
    browser = house.open_browser()
    asked = await browser.sign_in("dana@both.example")
    assert asked.status_code == 409 and asked.json()["code"] == "choose_organization"
    assert {p["next_step"] for p in asked.json()["problems"]} == {"acme-real-estate", "bolder-homes"}
    wrong = await house.open_browser().sign_in("dana@both.example", "not the right one")
    assert wrong.status_code == 401 and "bolder" not in wrong.text
    answer = await browser.sign_in("dana@both.example", organization="bolder-homes")
    assert (answer.status_code, answer.json()["role"]) == (201, "viewer")


async def test_another_site_can_do_nothing_with_somebodys_cookie(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    body = {"name": "Mallory", "email": "m@evil.example", "role": "admin"}
    attacks: list[dict[str, str]] = [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:8000"},
        {"origin": "http://127.0.0.1:8000.evil.example"},
        {},
    ]
    for headers in attacks:
        browser.headers = headers
        answer = await browser.ask("POST", f"/tenants/{tenant_id}/users", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), headers
        assert (await browser.ask("GET", f"/tenants/{tenant_id}/users")).status_code == 200
    browser.headers = {"origin": "https://evil.example"}
    forced = await browser.sign_in("owner@acme.example")
    assert forced.status_code == 403, "nobody is signed in as somebody else by a foreign page"
    for headers in ({"origin": "http://127.0.0.1:8000"}, {"sec-fetch-site": "same-origin"}):
        browser.headers = headers
        answer = await browser.ask("DELETE", "/session")
        assert answer.status_code == 204, answer.text
        browser.headers = {"x-seiketsu-csrf": "1"}
        await browser.sign_in("owner@acme.example")


async def test_a_wrong_key_is_nobody_whatever_cookie_comes_with_it(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    for value in ("Bearer sk_wrong", "Basic b3duZXI6eA==", "Bearer "):
        answer = await browser.ask("GET", "/session", headers={"Authorization": value})
        assert answer.status_code == 401, value


async def test_many_at_once_each_get_a_session_of_their_own(house: House, tenant_id: UUID) -> None:
    await house.person(tenant_id)
    browsers = [house.open_browser() for _ in range(5)]
    answers = await asyncio.gather(*(b.sign_in("owner@acme.example") for b in browsers))
    assert [a.status_code for a in answers] == [201] * 5
    assert len({b.http.cookies["seiketsu"] for b in browsers}) == 5


async def test_a_closed_browser_is_cleared_away_in_time(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    house.clock.advance(days=8)
    await browser.sign_in("owner@acme.example")
    async with house.db.tenant(tenant_id) as session:
        assert await session.scalar(select(func.count(identity.SignIn.id))) == 1
