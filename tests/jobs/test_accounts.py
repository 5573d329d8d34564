"""Clients' own accounts with the carrier: one stays, however many ask (A019)."""

from __future__ import annotations

import asyncio

import pytest

from core.errors import InvalidInput
from integrations.twilio import FictionalAccounts, Twilio
from tests.jobs.carrier import PARENT, Carrier


def client(exchange: Carrier) -> Twilio:
    return Twilio(PARENT, "parent", api_url=exchange.url)


async def test_many_who_ask_at_once_get_the_same_and_the_others_are_closed(exchange: Carrier) -> None:
    exchange.slow = 0.05
    clients = [client(exchange) for _ in range(4)]
    found = await asyncio.gather(*(one.ensure("seiketsu:a") for one in clients))
    assert len(exchange.accounts) > 1, "they did not meet"
    assert {one.sid for one in found} == {min(exchange.accounts)}
    assert [a["sid"] for a in exchange.open_accounts()] == [min(exchange.accounts)]
    again = await clients[0].ensure("seiketsu:a")
    other = await clients[0].ensure("seiketsu:b")
    assert again.sid == found[0].sid != other.sid and again.token is not None
    assert again.token not in repr(again)
    for one in clients:
        await one.close()


async def test_suspended_resumed_and_shut(exchange: Carrier) -> None:
    carrier = client(exchange)
    account = await carrier.ensure("seiketsu:a")
    await carrier.suspend(account.sid, suspended=True)
    assert exchange.accounts[account.sid]["status"] == "suspended"
    await carrier.suspend(account.sid, suspended=False)
    await carrier.suspend("AC" + "9" * 32, suspended=True)  # gone is no error
    await carrier.ensure("seiketsu:b")
    for _ in range(2):
        await carrier.shut("seiketsu:a")
    assert [a["friendly_name"] for a in exchange.open_accounts()] == ["seiketsu:b"]
    exchange.refuse.add("POST .json")
    with pytest.raises(InvalidInput):
        await carrier.ensure("seiketsu:c")
    await carrier.close()


async def test_without_a_carrier_the_account_follows_from_the_name() -> None:
    accounts = FictionalAccounts()
    one, two, other = [await accounts.ensure(name) for name in ("a", "a", "b")]
    assert one == two != other and one.sid.startswith("AC") and one.token is None
