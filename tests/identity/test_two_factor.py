"""Two-factor: on with a code, asked for at sign-in, each code once, and a way back without the phone."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from uuid import UUID

import pyotp
from sqlalchemy import select

from core.ids import HOUSE_TENANT
from stores import identity, receipts
from stores.vault import Secret
from tests.identity.conftest import PASSWORD, Browser, House


def code(house: House, secret: str, *, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(house.clock.now() + timedelta(seconds=30 * steps))


async def enrolled(house: House, browser: Browser) -> tuple[str, list[str]]:
    begun = await browser.ask("POST", "/two-factor", json={"password": PASSWORD})
    assert begun.status_code == 200, begun.text
    secret = begun.json()["secret"]
    assert f"secret={secret}" in begun.json()["uri"] and begun.json()["qr_svg"].startswith("<svg")
    done = await browser.ask("POST", "/two-factor/confirm", json={"code": code(house, secret)})
    assert done.status_code == 200, done.text
    house.clock.advance(seconds=30)
    return secret, done.json()["recovery_codes"]


async def test_signing_in_then_needs_a_code_and_each_code_works_once(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    secret, _ = await enrolled(house, browser)
    assert (await browser.ask("GET", "/session")).json()["two_factor"] is True
    other = house.open_browser()
    asked = await other.sign_in("owner@acme.example")
    assert (asked.status_code, asked.json()["code"]) == (401, "two_factor_required")
    assert "set-cookie" not in asked.headers
    now = code(house, secret)
    wrong = await other.sign_in("owner@acme.example", code=f"{(int(now) + 1) % 1_000_000:06d}")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    no_password = await other.sign_in("owner@acme.example", "not the password", code=now)
    assert no_password.status_code == 401
    assert (await other.sign_in("owner@acme.example", code=f"{now[:3]} {now[3:]}")).status_code == 201
    replayed = await house.open_browser().sign_in("owner@acme.example", code=now)
    assert replayed.status_code == 401, "somebody looked over the shoulder"
    earlier = code(house, secret, steps=-1)
    assert (await house.open_browser().sign_in("owner@acme.example", code=earlier)).status_code == 401
    house.clock.advance(seconds=60)
    late = code(house, secret, steps=-1)
    assert (await house.open_browser().sign_in("owner@acme.example", code=late)).status_code == 201, (
        "30 s off"
    )
    house.clock.advance(seconds=90)
    stale = code(house, secret, steps=-2)
    assert (await house.open_browser().sign_in("owner@acme.example", code=stale)).status_code == 401


async def test_one_code_at_once_from_two_browsers_lets_one_in(house: House, tenant_id: UUID) -> None:
    secret, _ = await enrolled(house, await house.signed_in(tenant_id))
    now = code(house, secret)
    answers = await asyncio.gather(
        *(house.open_browser().sign_in("owner@acme.example", code=now) for _ in range(4))
    )
    assert sorted(a.status_code for a in answers) == [201, 401, 401, 401]


async def test_without_the_phone_a_recovery_code_works_once(house: House, tenant_id: UUID) -> None:
    _, codes = await enrolled(house, await house.signed_in(tenant_id))
    assert len(set(codes)) == 10
    plain = codes[3].lower().replace("-", "")
    assert (await house.open_browser().sign_in("owner@acme.example", code=plain)).status_code == 201
    assert (await house.open_browser().sign_in("owner@acme.example", code=codes[3])).status_code == 401
    assert (await house.open_browser().sign_in("owner@acme.example", code=codes[4])).status_code == 201


async def test_nothing_of_it_is_stored_in_clear(house: House, tenant_id: UUID) -> None:
    secret, codes = await enrolled(house, await house.signed_in(tenant_id))

    async with house.db.tenant(tenant_id) as session:
        held = (await session.scalars(select(identity.Credential))).one()
        sealed = (await session.scalars(select(Secret))).one()
        trail = await receipts.audit_trail(session)
        assert await receipts.verify_chain(session) is None
    assert sealed.name == f"totp:{held.member_id}" and secret.encode() not in sealed.sealed
    assert not set(codes) & set(held.recovery) and len(held.recovery) == 10
    assert "two_factor_on" in [e.action for e in trail]
    assert secret not in str([(e.before, e.after) for e in trail])


async def test_a_secret_counts_only_once_it_was_confirmed(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    wrong = await browser.ask("POST", "/two-factor", json={"password": "not my password at all"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_password")
    assert (await browser.ask("POST", "/two-factor/confirm", json={"code": "123456"})).status_code == 404
    begun = (await browser.ask("POST", "/two-factor", json={"password": PASSWORD})).json()
    bad = f"{(int(code(house, begun['secret'])) + 1) % 1_000_000:06d}"
    answer = await browser.ask("POST", "/two-factor/confirm", json={"code": bad})
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_code")
    assert (await house.open_browser().sign_in("owner@acme.example")).status_code == 201
    await enrolled(house, browser)
    assert (await browser.ask("POST", "/two-factor", json={"password": PASSWORD})).status_code == 409


async def test_it_goes_off_with_password_and_code(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    secret, codes = await enrolled(house, browser)
    for body in (
        {"password": PASSWORD, "code": "000000"},
        {"password": "not my password at all", "code": code(house, secret)},
    ):
        assert (await browser.ask("POST", "/two-factor/disable", json=body)).status_code == 422
    body = {"password": PASSWORD, "code": codes[0]}
    assert (await browser.ask("POST", "/two-factor/disable", json=body)).status_code == 204
    assert (await house.open_browser().sign_in("owner@acme.example")).status_code == 201
    async with house.db.tenant(tenant_id) as session:
        assert (await session.scalars(select(Secret))).all() == []


async def test_who_knows_the_password_cannot_guess_the_code(house: House, tenant_id: UUID) -> None:
    await enrolled(house, await house.signed_in(tenant_id))
    codes = []
    for n in range(8):
        browser = house.open_browser(f"198.51.100.{n}")
        codes.append((await browser.sign_in("owner@acme.example", code=f"00000{n}")).status_code)
        # asking without a code in between must not make the count forget
        await browser.sign_in("owner@acme.example")
    assert codes[:4] == [401] * 4 and codes[-1] == 429


async def test_the_platforms_own_people_are_members_of_its_own_tenant(house: House, tenant_id: UUID) -> None:
    staff = await house.signed_in(HOUSE_TENANT, "agent", "sam@seiketsu.example")
    chief = await house.signed_in(HOUSE_TENANT, "owner", "ada@seiketsu.example")
    idle = await house.signed_in(HOUSE_TENANT, "viewer", "ivy@seiketsu.example")
    who = [(await b.ask("GET", "/session")).json() for b in (staff, chief, idle)]
    assert [(w["kind"], w["role"]) for w in who] == [
        ("staff", "staff"),
        ("operator", "operator"),
        ("member", "viewer"),
    ]
    users, leads = f"/tenants/{tenant_id}/users", f"/tenants/{tenant_id}/leads"
    body = {"name": "Sam", "email": "s@acme.example"}
    for browser, reads, writes, house_reads in (
        (staff, 200, 403, 404),
        (chief, 200, 201, 200),
        (idle, 404, 404, 404),
    ):
        assert (await browser.ask("GET", leads)).status_code == reads
        assert (await browser.ask("POST", users, json=body)).status_code == writes
        assert (await browser.ask("GET", "/tenants/seiketsu/users")).status_code == house_reads
    again = await house.open_browser().sign_in("sam@seiketsu.example")
    assert again.json()["code"] == "two_factor_required"


async def test_who_is_reset_or_removed_leaves_no_secret(house: House, tenant_id: UUID) -> None:
    owner = await house.signed_in(tenant_id)
    for role, act in (("admin", ("POST", "/reset")), ("agent", ("DELETE", ""))):
        browser = await house.signed_in(tenant_id, role)
        await enrolled(house, browser)
        await owner.ask("GET", "/session")
        member = (await browser.ask("GET", "/session")).json()["id"].removeprefix("member:")
        answer = await owner.ask(act[0], f"/tenants/me/users/{member}{act[1]}")
        assert answer.status_code in (202, 204), answer.text
        async with house.db.tenant(tenant_id) as session:
            assert (await session.scalars(select(Secret))).all() == []


async def test_the_platforms_people_do_nothing_without_it_and_are_led_to_it(
    house: House, tenant_id: UUID
) -> None:
    await house.person(HOUSE_TENANT, "agent", "success@seiketsu.example")
    staff = house.open_browser()
    assert (await staff.sign_in("success@seiketsu.example")).status_code == 201
    path = f"/tenants/{tenant_id}/leads"
    refused = await staff.ask("GET", path)
    assert (refused.status_code, refused.json()["code"]) == (403, "two_factor_enrolment_required")
    page = await staff.http.get("/account")
    assert page.status_code == 200 and "Switch it on to go on" in page.text and "API keys" not in page.text
    sent = await staff.http.post("/account/two-factor", data={"password": PASSWORD}, headers=staff.headers)
    (secret,) = re.findall(r"type this secret: <code>(\w+)</code>", sent.text)
    given = {"code": code(house, secret)}
    done = await staff.http.post("/account/two-factor/confirm", data=given, headers=staff.headers)
    assert "Two-factor is on." in done.text and "Switch it on to go on" not in done.text
    assert (await staff.ask("GET", path)).status_code == 200
    client = await house.signed_in(tenant_id, "agent")
    assert (await client.ask("GET", path)).status_code == 200, "a client's people choose for themselves"
    operator = await house.open_browser().http.get(f"/api/v1{path}", headers=house.operator)
    assert operator.status_code == 200, "the operator's key is no person"
