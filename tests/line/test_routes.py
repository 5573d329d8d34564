"""Webhooks and the media socket's door: who gets in, and what Twilio is told when something is wrong."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from agent.callbook import TurnedAway
from agent.registry import Registry
from tests.line.conftest import Exchange, serve
from tests.line.doubles import MemoryBook
from tests.line.handset import ACCOUNT, Document, Handset, read
from web.twilio import PhoneParts


async def closes(handset: Handset, timeout: float = 3.0) -> int:
    """The code the media socket is closed with."""
    assert handset.socket is not None
    async with asyncio.timeout(timeout):
        await handset.socket.wait_closed()
    assert handset.socket.close_code is not None
    return handset.socket.close_code


async def test_a_call_is_answered_with_a_stream_and_a_way_back(exchange: Exchange) -> None:
    document = await exchange.handset().ring()
    assert document.verbs == ["Connect", "Redirect"]
    assert document.stream == exchange.url.replace("http", "ws") + "/twilio/media"
    assert document.token and "?" not in document.stream, "Twilio drops a stream's query"
    assert document.after == exchange.url + "/twilio/resume"


@pytest.mark.parametrize(
    ("numbers", "to", "words", "dialled"),
    [
        ({}, "+19995550000", "not in service", ""),
        ({"+13035550111": "suspended"}, "+13035550111", "not open", "+13035550199"),
    ],
)
async def test_who_is_not_answered_hears_why(
    exchange: Exchange, numbers: dict[str, str], to: str, words: str, dialled: str
) -> None:
    exchange.book.numbers |= numbers
    document = await exchange.handset().ring(To=to)
    assert words in document.said
    assert document.dialled == dialled
    assert document.verbs[-1] == "Hangup"


async def test_no_room_is_said(exchange: Exchange) -> None:
    exchange.registry.limit = 1
    assert (await exchange.handset().ring()).verbs == ["Connect", "Redirect"]
    assert "busy" in (await exchange.handset().ring()).said


async def test_a_call_that_never_opens_its_socket_gives_its_seat_back() -> None:
    now = [0.0]
    registry = Registry(1, now=lambda: now[0])
    assert registry.take_seat("CA1")
    assert not registry.take_seat("CA2")
    assert registry.take_seat("CA1"), "the carrier repeats its webhook"
    assert registry.take_seat("CA3", returning=True), "a call that comes back is not turned away"
    now[0] += 61
    assert registry.take_seat("CA2")


async def test_any_failure_is_a_spoken_apology(exchange: Exchange) -> None:
    exchange.book.broken = True
    answer = await exchange.handset().post("/twilio/voice")
    assert answer.status_code == 200
    assert "cannot take your call" in read(answer.text).said
    assert exchange.registry.take_seat("CAother")


async def test_a_slow_database_is_a_spoken_apology_in_time() -> None:
    class Slow(MemoryBook):
        async def answer(self, *, sid: str, account_sid: str, caller: str, dialled: str) -> TurnedAway:
            await asyncio.sleep(30)
            return TurnedAway("unknown")

    exchange = Exchange()
    parts = PhoneParts(Slow(), Registry(3), exchange.session, answer_seconds=0.2)
    async for url in serve(parts):
        began = time.monotonic()
        document = await Handset(url).ring()
        assert "cannot take your call" in document.said
        assert time.monotonic() - began < 2


async def test_before_the_models_are_warm_nobody_is_left_in_silence() -> None:
    exchange = Exchange()
    async for url in serve(PhoneParts(exchange.book, Registry(3), exchange.session, ready=lambda: False)):
        assert "busy" in (await Handset(url).ring()).said


async def test_a_token_opens_one_socket_once(exchange: Exchange) -> None:
    handset = exchange.handset()
    document = await handset.ring()
    await handset.pick_up(document)
    await handset.until_sound()
    thief = exchange.handset()
    await thief.pick_up(document, sid=handset.sid)
    assert await closes(thief) == 4403
    assert not handset.closed.is_set(), "the call itself is not disturbed"


@pytest.mark.parametrize("kind", ["forged", "expired", "other call", "missing", "not text"])
async def test_a_bad_token_is_shown_the_door(exchange: Exchange, kind: str) -> None:
    handset = exchange.handset()
    document = await handset.ring()
    sid, token = handset.sid, document.token
    if kind == "expired":
        exchange.book.rows[handset.sid].expired = True
    elif kind == "other call":
        sid = "CA" + "f" * 32
    elif kind != "not text":
        token = "forged" if kind == "forged" else ""
    if kind == "not text":
        await handset.pick_up(document, sid=sid, token={"a": 1})  # type: ignore[arg-type]
    else:
        await handset.pick_up(document, sid=sid, token=token)
    assert await closes(handset) == 4403
    assert exchange.sessions == []


@pytest.mark.parametrize(
    "first", ["garbage", b"\x00\xff", "[]", '"start"', '{"event":"media"}', "{" * 4000, "x" * 70_000]
)
async def test_garbage_before_the_start_closes_the_socket(exchange: Exchange, first: str | bytes) -> None:
    async with connect(exchange.url.replace("http", "ws") + "/twilio/media") as socket:
        await socket.send(first)
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(3):
                await socket.recv()
    assert exchange.sessions == []


async def test_a_silent_peer_is_dropped_after_the_handshake_time() -> None:
    exchange = Exchange()
    parts = PhoneParts(exchange.book, exchange.registry, exchange.session, handshake_seconds=0.3)
    async for url in serve(parts):
        async with connect(url.replace("http", "ws") + "/twilio/media") as socket:
            await socket.send(json.dumps({"event": "connected"}))
            with pytest.raises(ConnectionClosed):
                async with asyncio.timeout(2):
                    await socket.recv()


async def test_garbage_in_a_call_is_survived_and_a_flood_is_not(exchange: Exchange) -> None:
    handset, _ = await exchange.call()
    await handset.until_quiet()
    for junk in (
        "not json",
        b"\x80\x81",
        "[1]",
        '{"event":"media"}',
        '{"event":"media","media":{"payload":"***"}}',
        '{"event":"dtmf","dtmf":{"digit":"Q"}}',
        '{"event":"mark","mark":7}',
        '{"event":"new-thing"}',
        json.dumps({"event": "media", "media": {"payload": "A" * 70_000}}),
    ):
        await handset.send(junk)
    exchange.says(handset, "still there")
    await exchange.until(lambda: exchange.mouth(handset).spoke[-1] == "You said still there.")
    for _ in range(120):
        await handset.send("junk")
    await exchange.until(handset.closed.is_set, 12)
    assert exchange.book.rows[handset.sid].left == "failed"


async def test_a_session_that_cannot_begin_sends_the_caller_elsewhere(exchange: Exchange) -> None:
    exchange.broken = True
    handset = exchange.handset()
    await handset.pick_up(await handset.ring())
    await closes(handset)
    document = await handset.ask_next()
    assert document.verbs == ["Say", "Dial", "Hangup"]
    assert document.dialled == "+13035550199"


async def test_status_reports_may_repeat_and_come_in_any_order(exchange: Exchange) -> None:
    handset, script = await exchange.call()
    row = exchange.book.rows[handset.sid]
    for event, sequence in (("answered", "2"), ("ringing", "1"), ("answered", "2")):
        answer = await handset.post(
            "/twilio/status", CallStatus="in-progress", StatusCallbackEvent=event, SequenceNumber=sequence
        )
        assert answer.status_code == 204
    assert len(row.events) == 2
    began = time.monotonic()
    await handset.post(
        "/twilio/status", CallStatus="completed", StatusCallbackEvent="completed", SequenceNumber="3"
    )
    await exchange.until(lambda: script.closed == "caller hung up" and len(exchange.registry) == 0)
    assert time.monotonic() - began < 2, "nobody is there to hear the rest"
    assert (await Handset(exchange.url).post("/twilio/status", CallStatus="completed")).status_code == 204


async def test_a_report_that_follows_the_hang_up_finds_nothing_to_stop(exchange: Exchange) -> None:
    handset, script = await exchange.call()
    await handset.hang_up()
    began = time.monotonic()
    await handset.post("/twilio/status", CallStatus="completed")
    await exchange.until(lambda: script.closed is not None and len(exchange.registry) == 0)
    assert time.monotonic() - began < 2


async def test_nothing_is_left_to_do_on_a_call_that_is_over(exchange: Exchange) -> None:
    handset = exchange.handset()
    await handset.ring()
    assert (await handset.ask_next(CallStatus="completed")).verbs == ["Hangup"]
    stranger = exchange.handset()
    assert (await stranger.ask_next()).verbs == ["Hangup"]


async def test_a_call_is_not_reconnected_for_ever(exchange: Exchange) -> None:
    handset = exchange.handset()
    await handset.ring()
    documents: list[Document] = [await handset.ask_next() for _ in range(12)]
    assert documents[0].verbs == ["Connect", "Redirect"]
    assert documents[-1].verbs == ["Say", "Dial", "Hangup"]
    assert len({document.token for document in documents[:11]}) == 11


async def test_without_credentials_only_this_machine_may_call(exchange: Exchange) -> None:
    proxied = {"x-forwarded-for": "203.0.113.9"}
    assert (await exchange.handset().post("/twilio/voice", headers=proxied)).status_code == 403
    with pytest.raises(InvalidStatus) as refused:
        async with connect(exchange.url.replace("http", "ws") + "/twilio/media", additional_headers=proxied):
            pass
    assert refused.value.response.status_code == 403
    assert ACCOUNT.startswith("AC")
