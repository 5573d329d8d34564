"""X-Twilio-Signature: which addresses count, and that nothing else gets in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from integrations.twilio_signature import candidates, is_signed
from tests.line.conftest import Exchange, serve
from tests.line.handset import ACCOUNT, Handset
from web.twilio import PhoneParts

TOKEN = "auth-token-of-the-account"
PUBLIC = "https://voice.example.com"
FORM = {
    "CallSid": "CA1",
    "AccountSid": ACCOUNT,
    "From": "+13035550142",
    "To": "+13035550100",
    "CallStatus": "ringing",
    "ApiVersion": "2010-04-01",
    "Direction": "inbound",
}


def sign(url: str, fields: dict[str, str], token: str = TOKEN, algorithm: str | None = None) -> str:
    return str(RequestValidator(token).compute_signature(url, fields, algorithm))


@pytest.fixture
async def signed() -> AsyncIterator[Exchange]:
    """A service that knows its public address and its account's token."""
    exchange = Exchange()

    async def tokens(account_sid: str | None) -> Sequence[str]:
        return [TOKEN] if account_sid in (None, ACCOUNT) else []

    parts = PhoneParts(exchange.book, exchange.registry, exchange.session, public_url=PUBLIC, tokens=tokens)
    async for url in serve(parts):
        exchange.url = url
        yield exchange


async def ring(exchange: Exchange, **headers: str) -> int:
    handset = Handset(exchange.url, sid="CA1")
    answer = await handset.post("/twilio/voice", headers={k.replace("_", "-"): v for k, v in headers.items()})
    await handset.finish()
    return answer.status_code


async def test_the_public_address_is_what_counts(signed: Exchange) -> None:
    good = sign(f"{PUBLIC}/twilio/voice", FORM)
    assert await ring(signed, X_Twilio_Signature=good) == 200
    assert await ring(signed) == 403
    assert await ring(signed, X_Twilio_Signature=good[:-2] + "A=") == 403
    assert await ring(signed, X_Twilio_Signature=sign(f"{PUBLIC}/twilio/voice", FORM, "other")) == 403
    assert await ring(signed, X_Twilio_Signature=sign(f"{PUBLIC}/twilio/status", FORM)) == 403
    tampered = sign(f"{PUBLIC}/twilio/voice", FORM | {"From": "+13035550199"})
    assert await ring(signed, X_Twilio_Signature=tampered) == 403


async def test_every_webhook_is_checked(signed: Exchange) -> None:
    handset = Handset(signed.url)
    for path in ("/twilio/voice", "/twilio/resume", "/twilio/status", "/twilio/whisper"):
        assert (await handset.post(path)).status_code == 403, path
    await handset.finish()


async def test_another_accounts_token_does_not_fit(signed: Exchange) -> None:
    handset = Handset(signed.url, sid="CA1")
    stranger = "AC" + "9" * 32
    good = sign(f"{PUBLIC}/twilio/voice", FORM | {"AccountSid": stranger})
    answer = await handset.post("/twilio/voice", headers={"X-Twilio-Signature": good}, AccountSid=stranger)
    assert answer.status_code == 403
    await handset.finish()


async def test_a_proxy_on_this_machine_may_say_what_was_called(signed: Exchange) -> None:
    good = sign("https://other.example.com/twilio/voice", FORM)
    proxy = {"X_Forwarded_Host": "other.example.com", "X_Forwarded_Proto": "https"}
    assert await ring(signed, X_Twilio_Signature=good, **proxy) == 200
    assert await ring(signed, X_Twilio_Signature=good) == 403
    host = sign("https://attacker.example/twilio/voice", FORM)
    assert await ring(signed, X_Twilio_Signature=host, Host="attacker.example") == 403


async def test_shared_keys_use_sha256(signed: Exchange) -> None:
    good = sign(f"{PUBLIC}/twilio/voice", FORM, algorithm="HMAC_SHA256")
    settings = {"X_Twilio_Webhooks_Signature_Settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
    assert await ring(signed, X_Twilio_Signature=good, **settings) == 200
    assert await ring(signed, X_Twilio_Signature=good) == 403


@pytest.mark.parametrize(
    ("form", "allowed"),
    [
        ("wss://voice.example.com/twilio/media", True),
        ("wss://voice.example.com:443/twilio/media", True),
        ("wss://voice.example.com/twilio/media/", True),
        ("wss://voice.example.com:443/twilio/media/", True),
        ("https://voice.example.com/twilio/media", False),
        ("wss://elsewhere.example.com/twilio/media", False),
        ("wss://voice.example.com/twilio/other", False),
    ],
)
async def test_the_media_sockets_upgrade_is_signed_as_wss(signed: Exchange, form: str, allowed: bool) -> None:
    headers = {"X-Twilio-Signature": sign(form, {})}
    address = signed.url.replace("http", "ws") + "/twilio/media"
    if allowed:
        async with connect(address, additional_headers=headers):
            return
    with pytest.raises(InvalidStatus) as refused:
        async with connect(address, additional_headers=headers):
            pass
    assert refused.value.response.status_code == 403


def test_candidates_keep_ports_queries_and_prefixes() -> None:
    assert candidates(["https://a.example:8443"], "/twilio/voice", "x=1") == [
        "https://a.example:8443/twilio/voice?x=1"
    ]
    assert candidates(["https://a.example/base/"], "/twilio/voice") == ["https://a.example/base/twilio/voice"]
    assert "ws://127.0.0.1:8000/twilio/media" in candidates(
        ["http://127.0.0.1:8000"], "/twilio/media", socket=True
    )


def test_no_token_and_no_signature_never_fit() -> None:
    url = f"{PUBLIC}/twilio/voice"
    assert not is_signed([url], FORM, {"x-twilio-signature": sign(url, FORM, "")}, "")
    assert not is_signed([url], FORM, {}, TOKEN)
