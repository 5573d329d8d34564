"""Numbers: fictional ones without an account, Twilio's with one (A019: nothing is bought twice)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from core.errors import Unavailable
from integrations.numbers import FictionalNumbers, TwilioNumbers, is_area_code

BASE = "/2010-04-01/Accounts/AC1"


class Account:
    """What Twilio documents of its number resources, in memory."""

    def __init__(self) -> None:
        self.owned: dict[str, dict[str, str]] = {}
        self.free = ["+13035550111", "+13035550112"]
        self.asked: list[str] = []
        self.fail: int | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path.removeprefix(BASE)}")
        if self.fail is not None:
            return httpx.Response(self.fail, json={"code": 20003, "message": "no"})
        assert request.headers["authorization"].startswith("Basic ")
        query = dict(request.url.params)
        if request.method == "DELETE":
            gone = self.owned.pop(request.url.path.rsplit("/", 1)[1].removesuffix(".json"), None)
            return httpx.Response(204 if gone else 404)
        if "AvailablePhoneNumbers" in request.url.path:
            code = query["AreaCode"]
            found = [{"phone_number": n} for n in self.free if n[2:5] == code]
            return httpx.Response(200, json={"available_phone_numbers": found})
        if request.method == "GET":
            found_: list[dict[str, Any]] = [
                {"phone_number": f["PhoneNumber"], "sid": sid}
                for sid, f in self.owned.items()
                if f["FriendlyName"] == query["FriendlyName"]
            ]
            return httpx.Response(200, json={"incoming_phone_numbers": found_})
        form = {k: v[0] for k, v in parse_qs(request.content.decode()).items()}
        if form["PhoneNumber"] not in self.free:
            return httpx.Response(400, json={"code": 21422})
        self.free.remove(form["PhoneNumber"])
        sid = f"PN{len(self.owned)}"
        self.owned[sid] = form
        return httpx.Response(201, json={"phone_number": form["PhoneNumber"], "sid": sid})


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def twilio(account: Account) -> TwilioNumbers:
    client = httpx.AsyncClient(transport=httpx.MockTransport(account))
    return TwilioNumbers("AC1", "secret", public_url="https://voice.example", client=client)


async def test_a_bought_number_rings_here_and_the_same_wish_buys_no_second(
    twilio: TwilioNumbers, account: Account
) -> None:
    first = await twilio.find("303", key="t1")
    again = await twilio.find("303", key="t1")
    assert first == again and first.candidates == ("+13035550111",) and first.sid == "PN0"
    (bought,) = account.owned.values()
    assert bought["VoiceUrl"] == "https://voice.example/twilio/voice"
    assert bought["StatusCallback"] == "https://voice.example/twilio/status"


async def test_a_number_somebody_else_just_took_is_passed_over(
    twilio: TwilioNumbers, account: Account
) -> None:
    offered = list(account.free)

    class Stale(list):  # type: ignore[type-arg]
        def __iter__(self) -> Any:
            return iter(offered)

    account.free = Stale(["+13035550112"])
    assert (await twilio.find("303", key="t1")).candidates == ("+13035550112",)


async def test_sold_out_is_an_empty_answer_and_a_carrier_that_is_down_is_unavailable(
    twilio: TwilioNumbers, account: Account
) -> None:
    assert (await twilio.find("212", key="t1")).candidates == ()
    for status in (500, 503, 429):
        account.fail = status
        with pytest.raises(Unavailable):
            await twilio.find("303", key="t1")


async def test_giving_back_twice_is_fine(twilio: TwilioNumbers, account: Account) -> None:
    found = await twilio.find("303", key="t1")
    await twilio.release(found.candidates[0], found.sid)
    await twilio.release(found.candidates[0], found.sid)
    assert account.owned == {}


async def test_fictional_numbers_are_reserved_ones_and_leave_out_the_onboarding_number() -> None:
    found = await FictionalNumbers(["+13035550100"]).find("303", key="k")
    assert len(found.candidates) == 99 and found.candidates[0] == "+13035550101"
    assert all(n.startswith("+130355501") and len(n) == 12 for n in found.candidates)
    assert (await FictionalNumbers().find("911", key="k")).candidates == ()


@pytest.mark.parametrize(
    ("code", "real"),
    [("303", True), ("911", False), ("555", False), ("103", False), ("30", False), ("abc", False)],
)
def test_area_codes(code: str, real: bool) -> None:
    assert is_area_code(code) is real
