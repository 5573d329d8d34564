import asyncio
import base64
import time
import wave

import pytest
from twilio.request_validator import RequestValidator

from simulate.line import PhoneLine
from simulate.sound import Clip, tone
from tests.simulate.service import CONNECT, FakeService, Stream, response, serving

TO = "+13035550100"


@pytest.fixture
async def fake():
    """A service and a way to ring it; calls left open are hung up at the end."""
    service = FakeService()
    lines: list[PhoneLine] = []
    async with serving(service.app) as url:

        async def ring(**options) -> PhoneLine:
            line = PhoneLine(url, to=TO, say_pace=0, **options)
            lines.append(line)
            return await line.dial()

        service.ring, service.url = ring, url  # type: ignore[attr-defined]
        yield service
        for line in lines:
            await line.hang_up()
            await asyncio.wait_for(line.closed.wait(), 10)


async def until_stop(stream: Stream) -> None:
    await stream.next("stop")


async def test_messages_come_in_twilios_order_with_strings_for_numbers(fake) -> None:
    fake.twiml["twilio/voice"] = [response(CONNECT)]
    fake.handlers = [until_stop]
    line = await fake.ring()
    await asyncio.wait_for(line.connected.wait(), 5)
    await line.say(Clip.of(tone(0.1), "hello"))
    await line.press("4")
    await line.hang_up()
    await asyncio.wait_for(line.closed.wait(), 5)

    messages = fake.streams[0].messages
    assert messages[0] == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    start = messages[1]
    assert start["event"] == "start" and start["sequenceNumber"] == "1"
    assert start["start"] == {
        "accountSid": line.account_sid,
        "streamSid": start["streamSid"],
        "callSid": line.sid,
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"token": "t0"},
    }
    counted = messages[1:]
    assert [m["sequenceNumber"] for m in counted] == [str(n) for n in range(1, len(counted) + 1)]
    media = [m["media"] for m in counted if m["event"] == "media"]
    assert [m["chunk"] for m in media] == [str(n) for n in range(1, len(media) + 1)]
    assert [m["timestamp"] for m in media[:3]] == ["0", "20", "40"]
    assert {len(base64.b64decode(m["payload"])) for m in media} == {160}
    assert [m["dtmf"] for m in counted if m["event"] == "dtmf"] == [{"track": "inbound_track", "digit": "4"}]
    assert counted[-1]["event"] == "stop"
    assert counted[-1]["stop"] == {"accountSid": line.account_sid, "callSid": line.sid}
    assert line.faults == []


async def test_sound_is_paced_by_the_clock(fake) -> None:
    fake.twiml["twilio/voice"] = [response(CONNECT)]
    fake.handlers = [until_stop]
    line = await fake.ring()
    await asyncio.wait_for(line.connected.wait(), 5)
    began = time.monotonic()
    await line.say(Clip.of(tone(1.0)))
    assert time.monotonic() - began == pytest.approx(1.0, abs=0.15)
    stream = fake.streams[0]
    media = [at for m, at in zip(stream.messages, stream.arrived, strict=True) if m["event"] == "media"]
    assert len(media) == pytest.approx((media[-1] - media[0]) / 0.02, rel=0.1)


async def test_a_mark_returns_after_its_sound_was_played_and_at_once_when_nothing_waits(fake) -> None:
    times: dict[str, float] = {}

    async def agent(stream: Stream) -> None:
        sent = time.monotonic()
        await stream.mark("idle")
        name = (await stream.next("mark"))["mark"]["name"]
        times[name] = time.monotonic() - sent
        sent = time.monotonic()
        await stream.sound(0.5)
        await stream.mark("after")
        name = (await stream.next("mark"))["mark"]["name"]
        times[name] = time.monotonic() - sent

    fake.twiml["twilio/voice"] = [response(CONNECT, "<Hangup/>")]
    fake.handlers = [agent]
    line = await fake.ring()
    await asyncio.wait_for(line.closed.wait(), 10)
    assert times["idle"] < 0.1
    assert times["after"] == pytest.approx(0.5, abs=0.15)


async def test_clear_drops_the_sound_and_returns_the_waiting_marks(fake) -> None:
    got: list[str] = []

    async def agent(stream: Stream) -> None:
        for name in ("one", "two"):
            await stream.sound(5.0)
            await stream.mark(name)
        await asyncio.sleep(0.3)
        await stream.send("clear")
        got.append((await stream.next("mark"))["mark"]["name"])
        got.append((await stream.next("mark"))["mark"]["name"])

    fake.twiml["twilio/voice"] = [response(CONNECT, "<Hangup/>")]
    fake.handlers = [agent]
    line = await fake.ring()
    await asyncio.wait_for(line.closed.wait(), 3)
    assert got == ["one", "two"]
    assert "clear" in [note.kind for note in line.notes]


async def test_a_dead_socket_leads_to_the_redirect_and_the_call_goes_on(fake) -> None:
    async def second(stream: Stream) -> None:
        await stream.sound(0.3)
        await asyncio.sleep(0.4)

    fake.twiml["twilio/voice"] = [response(CONNECT, "<Redirect>/twilio/resume</Redirect>")]
    fake.twiml["twilio/resume"] = [
        response(CONNECT, "<Redirect>/twilio/resume</Redirect>"),
        response("<Hangup/>"),
    ]
    fake.handlers = [until_stop, second]
    line = await fake.ring()
    await asyncio.wait_for(line.connected.wait(), 5)
    line.cut()
    await asyncio.wait_for(line.closed.wait(), 10)
    assert fake.paths() == ["twilio/voice", "twilio/resume", "twilio/resume", "twilio/status"]
    assert {form["CallSid"] for _, form, _ in fake.forms} == {line.sid}
    assert fake.forms[1][1]["CallStatus"] == "in-progress"
    assert line.reason == "hung up by the service"
    assert len(line.meter.openings) == 2 and line.meter.openings[1].first_sound_at is not None


async def test_latency_counts_from_the_last_audible_packet(fake) -> None:
    async def agent(stream: Stream) -> None:
        await stream.sound(0.3)
        silent = 0
        while silent < 10:
            payload = base64.b64decode((await stream.next("media"))["media"]["payload"])
            spoke = payload != b"\xff" * 160
            silent = 0 if spoke else silent + (len(stream.messages) > 60)
        await stream.sound(0.2)
        await until_stop(stream)

    fake.twiml["twilio/voice"] = [response(CONNECT)]
    fake.handlers = [agent]
    line = await fake.ring()
    assert await line.listen(quiet=0.2)
    await asyncio.sleep(0.7)
    padded = Clip.of(tone(0.4))
    clip = Clip(padded.packets + (b"\xff" * 160,) * 5, padded.loud + (False,) * 5, "hi")
    turn = await line.say(clip)
    assert await line.listen(quiet=0.1, timeout=3)
    # ten silent packets after the last audible one: five belong to the clip and must be counted in
    assert turn.latency == pytest.approx(0.2, abs=0.1)
    assert not turn.barged and not turn.overtaken
    opening = line.meter.openings[0]
    assert opening.to_first_media is not None and 0 <= opening.to_first_media < 0.3


async def test_interrupting_measures_how_long_the_agent_talks_on(fake) -> None:
    async def agent(stream: Stream) -> None:
        await stream.sound(10.0)
        while base64.b64decode((await stream.next("media"))["media"]["payload"]) == b"\xff" * 160:
            pass
        await asyncio.sleep(0.3)
        await stream.send("clear")
        await until_stop(stream)

    fake.twiml["twilio/voice"] = [response(CONNECT)]
    fake.handlers = [agent]
    line = await fake.ring()
    assert await line.heard_something(3)
    turn = await line.say(Clip.of(tone(1.0), "wait"))
    assert turn.barged and turn.hush == pytest.approx(0.3, abs=0.12)


async def test_signatures_hold_for_the_public_address(fake) -> None:
    fake.twiml["twilio/voice"] = [
        response(CONNECT.replace("/twilio/media", "wss://kei.example/twilio/media"))
    ]
    fake.handlers = [until_stop]
    line = await fake.ring(auth_token="secret", public_url="https://kei.example")
    await asyncio.wait_for(line.connected.wait(), 5)
    validator = RequestValidator("secret")
    path, form, signature = fake.forms[0]
    assert validator.validate(f"https://kei.example/{path}", form, signature)
    assert not validator.validate(f"https://kei.example/{path}", {**form, "From": "+1"}, signature)
    assert validator.validate("wss://kei.example/twilio/media", {}, fake.upgrades[0])


async def test_dial_reports_its_outcome_to_the_action(fake) -> None:
    fake.twiml["twilio/voice"] = [
        response('<Say>One moment.</Say><Dial action="/twilio/after"><Number>+13035550111</Number></Dial>')
    ]
    fake.twiml["twilio/after"] = [response("<Hangup/>")]
    line = await fake.ring(dial_outcome="busy")
    await asyncio.wait_for(line.closed.wait(), 5)
    assert [f["DialCallStatus"] for p, f, _ in fake.forms if p == "twilio/after"] == ["busy"]
    dialled = next(note for note in line.notes if note.kind == "dial")
    assert dialled.detail["numbers"] == ["+13035550111"]


async def test_rest_update_takes_a_live_call_elsewhere(fake) -> None:
    fake.twiml["twilio/voice"] = [response(CONNECT, "<Redirect>/twilio/resume</Redirect>")]
    fake.handlers = [until_stop]
    line = await fake.ring(dial_outcome="completed")
    await asyncio.wait_for(line.connected.wait(), 5)
    await line.update(twiml=response("<Dial>+13035550111</Dial>"))
    await asyncio.wait_for(line.closed.wait(), 5)
    assert line.reason == "transferred"
    assert "twilio/resume" not in fake.paths()


@pytest.mark.parametrize(
    ("voice", "reason"),
    [
        (response("<Reject/>"), "rejected"),
        (response("<Pause length='0'/>"), "end of document"),
        (response("<Redirect>/twilio/voice</Redirect>"), "running in circles"),
    ],
)
async def test_a_call_ends_as_its_document_says(fake, voice: str, reason: str) -> None:
    fake.twiml["twilio/voice"] = [voice]
    line = await fake.ring()
    await asyncio.wait_for(line.closed.wait(), 5)
    assert line.reason == reason
    path, form, _ = fake.forms[-1]
    assert (path, form["CallStatus"]) == ("twilio/status", "completed")


@pytest.mark.parametrize("voice", [None, "<Nope/>", "not xml", response("<Gather/>")])
async def test_an_unusable_answer_fails_the_call_and_says_why(fake, voice: str | None) -> None:
    if voice is not None:
        fake.twiml["twilio/voice"] = [voice]
    with pytest.raises(RuntimeError, match="twilio/voice"):
        await fake.ring()
    assert fake.forms[-1][1]["CallStatus"] == "failed"


async def test_what_a_service_does_against_the_protocol_is_noted(fake) -> None:
    async def agent(stream: Stream) -> None:
        await stream.send("media", media={"payload": "!!"})
        await stream.send("media", media={"payload": base64.b64encode(b"RIFF" + b"\0" * 40).decode()})
        await stream.socket.send_json({"event": "clear", "streamSid": "MZother"})
        await stream.send("shout")
        await asyncio.sleep(0.1)

    fake.twiml["twilio/voice"] = [response(CONNECT)]
    fake.handlers = [agent]
    line = await fake.ring()
    await asyncio.wait_for(line.closed.wait(), 5)
    assert len(line.faults) == 4


async def test_the_recording_is_as_long_as_the_call_even_across_sockets(fake, tmp_path) -> None:
    async def agent(stream: Stream) -> None:
        await stream.sound(0.3)
        await asyncio.sleep(0.5)

    fake.twiml["twilio/voice"] = [response(CONNECT, CONNECT, "<Hangup/>")]
    fake.handlers = [agent]
    line = await fake.ring(record=tmp_path / "call.wav")
    await asyncio.wait_for(line.closed.wait(), 10)
    with wave.open(str(tmp_path / "call.wav")) as file:
        seconds = file.getnframes() / file.getframerate()
    assert seconds == pytest.approx(line.notes[-1].at, abs=0.25)
