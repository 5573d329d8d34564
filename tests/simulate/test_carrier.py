import asyncio

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from simulate.carrier import Carrier
from simulate.line import PhoneLine
from tests.simulate.service import CONNECT, FakeService, Stream, response, serving

ACCOUNT, TOKEN = "AC" + "1" * 32, "secret"


class Elsewhere(TwilioHttpClient):
    """Twilio's own client, sent to another host."""

    def __init__(self, base: str):
        super().__init__()
        self.base = base

    def request(self, method: str, url: str, *args, **kwargs):
        return super().request(method, url.replace("https://api.twilio.com", self.base), *args, **kwargs)


@pytest.fixture
async def carrier():
    carrier = Carrier(ACCOUNT, TOKEN)
    async with carrier.serving() as url:
        carrier.client = Client(ACCOUNT, TOKEN, http_client=Elsewhere(url))  # type: ignore[attr-defined]
        yield carrier


async def test_twilios_own_client_hangs_a_simulated_call_up(carrier) -> None:
    async def agent(stream: Stream) -> None:
        await stream.next("stop")

    fake = FakeService()
    fake.twiml["twilio/voice"] = [response(CONNECT)]
    fake.handlers = [agent]
    async with serving(fake.app) as url:
        line = carrier.carries(PhoneLine(url, to="+1", account_sid=ACCOUNT))
        await line.dial()
        await asyncio.wait_for(line.connected.wait(), 5)
        call = carrier.client.calls(line.sid)
        assert (await asyncio.to_thread(call.update, status="completed")).status == "completed"
        await asyncio.wait_for(line.closed.wait(), 5)
        assert line.reason == "hung up by REST"
        with pytest.raises(TwilioRestException) as gone:
            await asyncio.to_thread(call.update, status="completed")
    assert (gone.value.status, gone.value.code) == (404, 20404)


async def test_numbers_are_found_bought_once_and_listed(carrier) -> None:
    def buy() -> list[str]:
        found = carrier.client.available_phone_numbers("US").local.list(area_code=720, limit=2)
        numbers = carrier.client.incoming_phone_numbers
        numbers.create(phone_number=found[0].phone_number, friendly_name="tenant:1")
        with pytest.raises(TwilioRestException, match="not available"):
            numbers.create(phone_number=found[0].phone_number)
        assert carrier.client.available_phone_numbers("US").local.list(area_code=303, limit=2) == []
        return [n.phone_number for n in numbers.list(friendly_name="tenant:1")]

    assert await asyncio.to_thread(buy) == ["+17205550110"]


async def test_wrong_credentials_and_broken_days(carrier) -> None:
    stranger = Client(ACCOUNT, "wrong", http_client=carrier.client.http_client)
    with pytest.raises(TwilioRestException, match="Authenticate"):
        await asyncio.to_thread(lambda: stranger.messages.create(to="+1", from_="+1", body="x"))
    carrier.broken = 503
    with pytest.raises(TwilioRestException) as broken:
        await asyncio.to_thread(lambda: stranger.messages.create(to="+1", from_="+1", body="x"))
    assert broken.value.status == 503 and carrier.messages == []
