"""Passwords: temporary ones, links that work once, forgotten ones, and how quickly anyone may guess."""

from __future__ import annotations

import asyncio
import re
from uuid import UUID

import pytest

from policies.sign_in import password_problem
from stores import identity, outbox, receipts, tenancy
from tests.identity.conftest import PASSWORD, House
from tools import delivery
from tools.accounts import Credentials, open_admin_account

OTHER = "seven grey herons at dawn"


async def opened(house: House, tenant_id: UUID) -> Credentials:
    async with house.db.tenant(tenant_id) as session:
        return await open_admin_account(
            session, email="dana@acme.example", name="Dana Reed", clock=house.clock
        )


async def letters(house: House, tenant_id: UUID) -> list[outbox.Message]:
    await delivery.settle()
    async with house.db.tenant(tenant_id) as session:
        return list(await outbox.list_messages(session))


def token_in(letter: outbox.Message) -> str:
    found = re.search(r"/l/(\S+)", letter.body)
    assert found
    return found[1]


async def test_a_temporary_password_opens_one_door_only(house: House, tenant_id: UUID) -> None:
    given, browser = await opened(house, tenant_id), house.open_browser()
    first = await browser.sign_in("dana@acme.example", given.temporary_password)
    assert first.status_code == 201 and first.json()["must_change"] is True
    before = browser.http.cookies["seiketsu"]
    for method, path in (
        ("GET", f"/tenants/{tenant_id}/users"),
        ("GET", "/tenants/me/leads"),
        ("POST", "/two-factor"),
        ("POST", "/tenants/me/keys"),
        ("GET", "/tenants"),
    ):
        answer = await browser.ask(method, path, json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "password_change_required"), path
    assert (await browser.ask("GET", "/session")).json()["must_change"] is True
    for current, new, code in (
        ("not the one I was given", OTHER, "wrong_password"),
        (given.temporary_password, "short", "password"),
        (given.temporary_password, given.temporary_password, "password"),
        (given.temporary_password, "dana reed at acme real estate", "password"),
    ):
        answer = await browser.ask("POST", "/password", json={"current_password": current, "password": new})
        assert (answer.status_code, answer.json()["code"]) == (422, code), new
    body = {"current_password": given.temporary_password, "password": OTHER}
    changed = await browser.ask("POST", "/password", json=body)
    assert changed.status_code == 200 and changed.json()["must_change"] is False
    assert browser.http.cookies["seiketsu"] != before, "a new id with more rights"
    assert (await browser.ask("GET", f"/tenants/{tenant_id}/users")).status_code == 200
    again = await house.open_browser().sign_in("dana@acme.example", given.temporary_password)
    assert again.status_code == 401
    body = {"token": given.setup_token, "password": PASSWORD}
    used = await house.open_browser().ask("POST", "/setup", json=body)
    assert used.status_code == 404, "the token ended with the temporary password"


async def test_a_temporary_password_and_its_token_end_after_a_day(house: House, tenant_id: UUID) -> None:
    given = await opened(house, tenant_id)
    house.clock.advance(hours=24)
    late = await house.open_browser().sign_in("dana@acme.example", given.temporary_password)
    assert late.status_code == 401
    body = {"token": given.setup_token, "password": OTHER}
    assert (await house.open_browser().ask("POST", "/setup", json=body)).status_code == 404


async def test_a_setup_token_used_twice_at_once_has_one_winner(house: House, tenant_id: UUID) -> None:
    given = await opened(house, tenant_id)
    words = [f"{OTHER} number {n}" for n in range(4)]
    answers = await asyncio.gather(
        *(
            house.open_browser().ask("POST", "/setup", json={"token": given.setup_token, "password": word})
            for word in words
        )
    )
    codes = [a.status_code for a in answers]
    assert codes.count(200) == 1 and set(codes) <= {200, 404, 409}, codes
    tried = [(await house.open_browser().sign_in("dana@acme.example", word)).status_code for word in words]
    assert tried == [201 if code == 200 else 401 for code in codes], "and the winner's password it is"


async def test_a_bad_password_does_not_use_the_token_up(house: House, tenant_id: UUID) -> None:
    given, browser = await opened(house, tenant_id), house.open_browser()
    for bad in ("short", "aaaaaaaaaaaaaaaaaaaa", "passwordpassword123", "x" * 129):
        answer = await browser.ask("POST", "/setup", json={"token": given.setup_token, "password": bad})
        assert answer.status_code == 422, bad
        assert bad not in answer.text
    answer = await browser.ask("POST", "/setup", json={"token": given.setup_token, "password": OTHER})
    assert answer.status_code == 200
    async with house.db.tenant(tenant_id) as session:
        (member,) = await tenancy.members(session)
        trail = await receipts.audit_trail(session)
    assert member.email_verified_at is None, "the token came with an API reply, not by letter"
    assert [e.action for e in trail] == ["open_account", "set_password"]
    assert OTHER not in str([(e.before, e.after) for e in trail])


async def test_a_forgotten_password_is_replaced_by_letter(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    asking = house.open_browser()
    told = []
    for email in ("OWNER@acme.example", "nobody@acme.example", "not an address"):
        answer = await asking.ask("POST", "/password/reset", json={"email": email})
        told.append((answer.status_code, answer.json()["message"]))
    assert set(told) == {(202, told[0][1])}
    (letter,) = await letters(house, tenant_id)
    assert letter.to_ == "owner@acme.example" and "new password" in (letter.subject or "")
    assert (await browser.ask("GET", "/session")).status_code == 200, "asking alone changes nothing"
    body = {"token": token_in(letter), "password": OTHER}
    assert (await asking.ask("POST", "/setup", json=body)).status_code == 404, "each link for its own purpose"
    assert (await asking.ask("POST", "/password/reset/confirm", json=body)).status_code == 200
    assert (await browser.ask("GET", "/session")).status_code == 401, "whoever was signed in is out"
    assert (await asking.ask("POST", "/password/reset/confirm", json=body)).status_code == 404
    assert (await asking.sign_in("owner@acme.example", OTHER)).status_code == 201


async def test_a_reset_link_ends_with_the_hour_and_with_the_next_one(house: House, tenant_id: UUID) -> None:
    await house.person(tenant_id)
    asking = house.open_browser()
    for _ in range(2):
        await asking.ask("POST", "/password/reset", json={"email": "owner@acme.example"})
    newest, older = (token_in(letter) for letter in await letters(house, tenant_id))
    body = {"token": older, "password": OTHER}
    assert (await asking.ask("POST", "/password/reset/confirm", json=body)).status_code == 404
    house.clock.advance(minutes=60)
    body = {"token": newest, "password": OTHER}
    assert (await asking.ask("POST", "/password/reset/confirm", json=body)).status_code == 404


async def test_nobody_is_flooded_with_letters(house: House, tenant_id: UUID) -> None:
    await house.person(tenant_id)
    for n in range(6):
        browser = house.open_browser(f"203.0.113.{n}")
        answer = await browser.ask("POST", "/password/reset", json={"email": "owner@acme.example"})
        assert answer.status_code == 202
    assert len(await letters(house, tenant_id)) == 3


# -- guessing ----------------------------------------------------------------------------------------


async def guess(house: House, peer: str, username: str = "owner@acme.example") -> int:
    return (await house.open_browser(peer).sign_in(username, "a guess that is wrong")).status_code


async def test_guesses_of_an_account_have_to_wait_and_are_never_locked_out(
    house: House, tenant_id: UUID
) -> None:
    await house.person(tenant_id)
    assert [await guess(house, f"198.51.100.{n}") for n in range(7)] == [401] * 5 + [429] * 2
    answer = await house.open_browser().sign_in("owner@acme.example")
    assert answer.status_code == 429 and 1 <= int(answer.headers["retry-after"]) <= 2
    for _ in range(12):  # an attacker that goes on and on
        house.clock.advance(minutes=15)
        await guess(house, "198.51.100.1")
    house.clock.advance(minutes=15, seconds=1)
    assert (await house.open_browser().sign_in("owner@acme.example")).status_code == 201, "15 minutes at most"
    assert await guess(house, "198.51.100.1") == 401, "and a right password forgets the guesses"


async def test_an_account_that_does_not_exist_waits_just_the_same(house: House, tenant_id: UUID) -> None:
    assert [await guess(house, f"198.51.100.{n}", "ghost@acme.example") for n in range(6)] == [401] * 5 + [
        429
    ]


async def test_guesses_at_once_are_counted_before_they_are_made(house: House, tenant_id: UUID) -> None:
    await house.person(tenant_id)
    codes = await asyncio.gather(*(guess(house, f"198.51.100.{n}") for n in range(12)))
    assert sorted(codes) == [401] * 5 + [429] * 7


async def test_one_address_cannot_try_many_accounts(house: House, tenant_id: UUID) -> None:
    await house.person(tenant_id)
    codes = [await guess(house, "2001:db8::1", f"someone{n}@acme.example") for n in range(15)]
    codes += [await guess(house, "2001:db8::2", f"other{n}@acme.example") for n in range(17)]
    assert codes == [401] * 30 + [429] * 2, "a subscriber's addresses count as one"
    assert (await house.open_browser("2001:db8:0:1::1").sign_in("owner@acme.example")).status_code == 201


async def test_who_is_signed_in_cannot_guess_the_password_either(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    body = {"current_password": "perhaps it is this one", "password": OTHER}
    codes = [(await browser.ask("POST", "/password", json=body)).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


async def test_no_guess_and_no_address_is_kept_in_clear(house: House, tenant_id: UUID) -> None:
    await guess(house, "198.51.100.77", "dana@acme.example")
    from sqlalchemy import select

    from core.ids import HOUSE_TENANT

    async with house.db.tenant(HOUSE_TENANT) as session:
        rows = (await session.scalars(select(identity.SignInAttempts))).all()
        assert len(rows) == 2
        assert all(re.fullmatch(r"[0-9a-f]{64}", row.key) for row in rows)
        await identity.forget_attempts(session, before=house.clock.now().replace(year=2030))
        assert (await session.scalars(select(identity.SignInAttempts))).all() == []


@pytest.mark.parametrize(
    ("password", "fine"),
    [
        (PASSWORD, True),
        ("lantern, quiet", False),
        ("PasswordPassword1!", False),
        ("Dana-Reed-Dana-Reed", False),
        ("acme real estate 2026", False),
        ("äöü ßñç éèê øåæ 漢字", True),
        ("1234567890 1234567890", False),
        ("x" * 200, False),
    ],
)
def test_a_password_is_long_and_has_nothing_to_do_with_its_owner(password: str, fine: bool) -> None:
    problem = password_problem(password, about=("Dana Reed", "dana@acme.example", "Acme Real Estate"))
    assert (problem is None) == fine, problem


async def test_old_hashes_are_renewed_at_sign_in(house: House, tenant_id: UUID) -> None:
    from pwdlib.hashers.argon2 import Argon2Hasher

    weak = Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    member = await house.person(tenant_id, password_hash=weak)
    assert (await house.open_browser().sign_in(member.email)).status_code == 201
    async with house.db.tenant(tenant_id) as session:
        held = await identity.credential(session, member.id)
    assert held is not None and "m=19456,t=2,p=1" in (held.password_hash or "")
    assert (await house.open_browser().sign_in(member.email)).status_code == 201
