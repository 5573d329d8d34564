"""Bursts are slowed, steady use is not, and peers are told apart."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from core.errors import Refused
from web.rate import Rate


def request(client: str, **headers: str) -> Request:
    raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    return Request({"type": "http", "client": (client, 1), "headers": raw, "path": "/", "scheme": "http"})


def test_what_was_taken_comes_back_evenly() -> None:
    now = 0.0
    rate = Rate(60, now=lambda: now)
    assert [rate.wait("a") for _ in range(60)] == [0.0] * 60
    assert rate.wait("a") == pytest.approx(1.0)
    assert rate.wait("b") == 0.0
    now = 2.0
    assert [rate.wait("a") > 0 for _ in range(3)] == [False, False, True]
    now = 1000.0
    assert sum(rate.wait("a") == 0 for _ in range(100)) == 60, "rest is not saved up without end"


def test_refusals_name_the_wait() -> None:
    rate = Rate(1, now=lambda: 0.0)
    rate.admit(request("203.0.113.9"))
    with pytest.raises(Refused) as refused:
        rate.admit(request("203.0.113.9"))
    assert refused.value.retry_after == pytest.approx(60)


def test_addresses_are_forgotten_oldest_first() -> None:
    rate = Rate(1, now=lambda: 0.0)
    for n in range(10_050):
        rate.wait(str(n))
    assert rate.wait("10049") > 0 and rate.wait("0") == 0


def test_what_is_given_back_can_be_taken_again() -> None:
    rate = Rate(1, now=lambda: 0.0)
    assert rate.wait("a") == 0 and rate.wait("a") > 0
    rate.give_back("a")
    rate.give_back("a")
    assert rate.wait("a") == 0 and rate.wait("a") > 0, "never more than there were"
