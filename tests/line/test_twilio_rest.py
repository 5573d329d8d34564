"""Twilio's REST API and everything it may answer."""

from __future__ import annotations

from urllib.parse import parse_qs

import httpx
import pytest
import respx

from core.errors import InvalidInput, NotSignedIn, Refused, SeiketsuError, Unavailable
from integrations.outbox import Undeliverable
from integrations.twilio import Twilio

ACCOUNT, CALL = "AC" + "1" * 32, "CA" + "2" * 32
CALL_URL = f"https://twilio.test/2010-04-01/Accounts/{ACCOUNT}/Calls/{CALL}.json"
SMS_URL = f"https://twilio.test/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


@pytest.fixture
def twilio() -> Twilio:
    return Twilio(ACCOUNT, "secret", api_url="https://twilio.test/", sms_from="+13035550100", timeout=0.2)


def form(route: respx.Route, index: int = -1) -> dict[str, list[str]]:
    return parse_qs(route.calls[index].request.content.decode())


@respx.mock
async def test_a_call_is_hung_up(twilio: Twilio) -> None:
    route = respx.post(CALL_URL).respond(200, json={"sid": CALL, "status": "completed"})
    await twilio.hang_up(ACCOUNT, CALL)
    assert form(route) == {"Status": ["completed"]}
    assert route.calls[0].request.headers["authorization"].startswith("Basic ")


@respx.mock
async def test_a_call_that_is_over_need_not_be_hung_up(twilio: Twilio) -> None:
    respx.post(CALL_URL).respond(404, json={"code": 20404, "message": "not found"})
    await twilio.hang_up(ACCOUNT, CALL)


@respx.mock
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(401, json={"code": 20003}), NotSignedIn),
        (httpx.Response(429, json={"code": 20429}, headers={"Retry-After": "0.01"}), Refused),
        (httpx.Response(500, text="<html>"), Unavailable),
        (httpx.Response(503), Unavailable),
        (httpx.Response(400, json={"code": 21220}), InvalidInput),
        (httpx.Response(400, json=[1]), InvalidInput),
    ],
)
async def test_refusals_have_names(
    twilio: Twilio, answer: httpx.Response, error: type[SeiketsuError]
) -> None:
    respx.post(CALL_URL).mock(return_value=answer)
    with pytest.raises(error) as refused:
        await twilio.hang_up(ACCOUNT, CALL)
    if isinstance(refused.value, Refused):
        assert refused.value.retry_after == 0.01


@respx.mock
@pytest.mark.parametrize("fault", [httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError])
async def test_no_answer_is_unavailable_after_a_second_try(
    twilio: Twilio, fault: type[httpx.HTTPError]
) -> None:
    route = respx.post(CALL_URL).mock(side_effect=fault)
    with pytest.raises(Unavailable):
        await twilio.hang_up(ACCOUNT, CALL)
    assert route.call_count == 2


@respx.mock
async def test_a_hiccup_is_tried_again(twilio: Twilio) -> None:
    route = respx.post(CALL_URL).mock(side_effect=[httpx.Response(502), httpx.Response(200, json={})])
    await twilio.redirect(ACCOUNT, CALL, twiml="<Response/>")
    assert form(route) == {"Twiml": ["<Response/>"]}


@respx.mock
async def test_a_text_is_sent_once_whatever_happens(twilio: Twilio) -> None:
    route = respx.post(SMS_URL).mock(side_effect=httpx.ReadTimeout)
    with pytest.raises(Unavailable):
        await twilio.send_sms("+13035550142", "your link")
    assert route.call_count == 1
    route.mock(side_effect=None, return_value=httpx.Response(201, json={"sid": "SM1"}))
    assert await twilio.send_sms("+13035550142", "your link") == "SM1"
    assert form(route) == {"To": ["+13035550142"], "From": ["+13035550100"], "Body": ["your link"]}


@respx.mock
@pytest.mark.parametrize("code", [21610, 21614, 30034, 21211])
async def test_a_text_that_will_never_arrive_says_so_without_the_number(twilio: Twilio, code: int) -> None:
    respx.post(SMS_URL).respond(400, json={"code": code, "message": "+13035550142 said STOP"})
    with pytest.raises(Undeliverable) as refused:
        await twilio.send_sms("+13035550142", "your link")
    assert "0142" not in str(refused.value)


@respx.mock
@pytest.mark.parametrize("sid", ["", "../../Messages", "CA1/../x", "CA1?x=1"])
async def test_only_ids_become_part_of_an_address(twilio: Twilio, sid: str) -> None:
    with pytest.raises(InvalidInput):
        await twilio.hang_up(ACCOUNT, sid)
