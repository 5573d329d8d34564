"""A browser that talks, through the real route, conversation and store; only ears and mouth are stubs."""

from __future__ import annotations

import asyncio
import json
import wave
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from agent.lines import Lines
from agent.registry import Registry
from agent.stored_calls import StoredCalls
from agent.transports import TALK_RATE
from core.ids import HOUSE_TENANT
from stores import file_keys, tenancy
from stores.db import Database
from tests.line.doubles import StubSpeech, stub_speech, tone
from tests.web.conftest import HOUSE, Desk, served
from tests.web.test_chat import chatting
from tests.web.test_links import link


class StubEngine:
    """Gives every call stub ears and a stub mouth."""

    def __init__(self) -> None:
        self.options: dict[str, str] = {}
        self.calls: deque[StubSpeech] = deque()

    def for_call(self, profile: Any = None, **_: Any) -> StubSpeech:
        self.calls.append(stub_speech())
        return self.calls[-1]


class Page:
    """The browser's end: a microphone that never stops, a loudspeaker, and what is shown."""

    def __init__(self, socket: ClientConnection, engine: StubEngine):
        self.socket, self.engine = socket, engine
        self.sound = bytearray()
        self.events: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        self.code: int | None = None
        self.speech = bytearray()
        self.tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._talk())]

    async def _listen(self) -> None:
        try:
            while True:
                message = await self.socket.recv()
                if isinstance(message, bytes):
                    self.sound += message
                    continue
                told = json.loads(message)
                (self.events if told["type"] == "server-message" else self.errors).append(told["data"])
        except ConnectionClosed as closed:
            self.code = closed.rcvd.code if closed.rcvd else 1006

    async def _talk(self) -> None:
        size = TALK_RATE // 50 * 2
        try:
            while True:
                piece = bytes(self.speech[:size]).ljust(size, b"\0")
                del self.speech[:size]
                await self.socket.send(piece)
                await asyncio.sleep(0.02)
        except ConnectionClosed:
            pass

    def said(self, role: str) -> list[str]:
        return [e["text"] for e in self.events if e["event"] == "caption" and e["role"] == role]

    def last(self, event: str) -> dict[str, Any]:
        return [e for e in self.events if e["event"] == event][-1]

    async def until(self, holds: Any, timeout: float = 10.0) -> None:
        async with asyncio.timeout(timeout):
            while not holds():
                await asyncio.sleep(0.01)

    async def hears(self, words: str, count: int = 1) -> None:
        """Wait until the agent has said something with these words ``count`` times."""
        await self.until(lambda: sum(words in text for text in self.said("agent")) >= count)

    async def hears_out(self) -> None:
        """Wait until the agent is silent: the legal opening does not listen."""
        heard = -1
        while heard < len(self.sound) or not heard:
            heard = len(self.sound)
            await asyncio.sleep(0.3)

    async def say(self, words: str) -> None:
        """Let the agent finish, then speak."""
        await self.hears_out()
        self.engine.calls[-1].stt.will_hear.append(words)
        self.speech += tone(0.4, TALK_RATE)
        await self.until(lambda: words in self.said("caller"))

    async def send(self, kind: str, **data: Any) -> None:
        await self.socket.send(json.dumps({"label": "rtvi-ai", "type": kind, "id": "1", "data": data}))


@pytest.fixture
async def phone(desk: Desk, db: Database, tmp_path: Path) -> SimpleNamespace:
    """A telephone with stub speech and two lines."""
    parts, engine = desk.app.state.parts, StubEngine()
    book = StoredCalls(db, parts.clock, onboarding_number=HOUSE, process="test")
    lines: Any = engine
    phone = SimpleNamespace(
        state="ok",
        registry=Registry(2),
        engine=engine,
        lines=Lines(parts, lines, book, data_dir=tmp_path),
    )
    desk.app.state.telephone = phone
    return phone


@pytest.fixture
async def host(desk: Desk, phone: SimpleNamespace) -> AsyncIterator[str]:
    async with served(desk.app) as host:
        yield host
        async with asyncio.timeout(10):
            while len(phone.registry):
                await asyncio.sleep(0.02)


@asynccontextmanager
async def calling(
    host: str, desk: Desk, *, headers: dict[str, str] | None = None, **query: str
) -> AsyncIterator[Page]:
    asked = "&".join(f"{k}={v.replace('+', '%2B')}" for k, v in query.items())
    async with connect(
        f"ws://{host}/talk/audio?{asked}", additional_headers=headers, open_timeout=60
    ) as socket:
        page = Page(socket, desk.app.state.telephone.engine)
        try:
            yield page
        finally:
            for task in page.tasks:
                task.cancel()


async def over(desk: Desk, call: str) -> dict[str, Any]:
    """The call's row once it has ended and everything of it is stored."""
    async with asyncio.timeout(10):
        while True:
            row = await desk.read(f"/calls/{call}")
            if row["ended_at"] and row["transcript_path"]:
                return row
            await asyncio.sleep(0.05)


async def test_a_call_from_a_page_is_a_call(host: str, desk: Desk) -> None:
    async with calling(host, desk, to=HOUSE) as page:
        await page.hears("What's the name of your brokerage?")
        began = page.last("began")
        await page.say("Acme Realty")
        await page.hears("Acme Realty")
        assert page.last("state")["slots"]["organization_name"]["status"] == "proposed"
        notes = [e["note"] for e in page.events if e["event"] == "caption" and e["role"] == "agent"]
        assert notes[0] is None and notes[-1].endswith(" ms"), "the answer's latency, not the greeting's"
        await page.send("send-text", content="yes")
        await page.hears("Which states")
        assert page.said("caller")[-1] == "yes"
        await page.until(lambda: len(page.sound) > TALK_RATE)
        live = await desk.read(f"/calls/{began['call']}")
        assert (live["channel"], live["status"], live["to"]) == ("browser", "in-progress", HOUSE)
        assert live["conversation_id"] == began["conversation"]
    row = await over(desk, began["call"])
    assert (row["status"], row["end_reason"]) == ("completed", "hung_up")
    async with desk.app.state.parts.db.tenant(HOUSE_TENANT) as session:
        keys = await file_keys.to_read(session, desk.app.state.parts.ports.vault)
    with keys.reading(Path(row["recording_path"])) as file, wave.open(file) as recording:
        assert (recording.getframerate(), recording.getnchannels()) == (TALK_RATE, 2)
        assert recording.getnframes() > TALK_RATE // 2
    assert [t["text"] for t in row["turns"] if t["role"] == "caller"] == ["Acme Realty", "yes"]
    assert row["turns"][2]["latency"]["total_ms"] > 0
    assert (await desk.look(began["conversation"]))["status"] == "open", "a set-up can be gone on with"


async def test_voice_takes_over_what_was_typed_and_gives_it_back(host: str, desk: Desk) -> None:
    conversation = (await desk.begin())["id"]
    await desk.say(conversation, "Acme Realty")
    async with calling(host, desk, conversation=conversation) as page:
        await page.hears("Which states")
        assert "brokerage?" not in " ".join(page.said("agent")), "nothing is asked twice"
        assert page.last("began")["conversation"] == conversation
        await page.say("we work in Colorado")
        await page.until(lambda: "states_served" in page.last("state")["slots"])
        await page.send("disconnect-bot")
        await page.until(lambda: page.code is not None)
    async with chatting(host, conversation=conversation) as chat:
        said, state = await chat.turn()
        assert said and state["slots"]["states_served"]["value"] == ["CO"]
        assert (await chat.turn("yes"))[0]
    channels = {t["channel"] for t in (await desk.look(conversation))["transcript"]}
    assert channels == {"chat", "voice"}


async def test_only_one_line_at_a_time(host: str, desk: Desk) -> None:
    conversation = (await desk.begin())["id"]
    async with chatting(host, conversation=conversation) as chat:
        await chat.turn()
        async with calling(host, desk, conversation=conversation) as page:
            await page.until(lambda: page.code is not None)
            assert page.code == 4409 and page.errors[0]["code"] == "in_use"
        assert (await chat.turn("Acme Realty"))[0]
    async with calling(host, desk, conversation=conversation) as page:
        await page.hears("Which states")
        async with chatting(host, conversation=conversation) as chat:
            assert (await chat.next())["data"]["code"] == "in_use"


async def test_full_lines_are_said_and_seats_come_back(host: str, desk: Desk, phone: SimpleNamespace) -> None:
    phone.registry.limit = 1
    async with calling(host, desk, to=HOUSE) as first:
        await first.hears("brokerage?")
        async with calling(host, desk, to=HOUSE) as second:
            await second.until(lambda: second.code is not None)
            assert second.code == 4429 and "busy" in second.errors[0]["message"]
    await over(desk, first.last("began")["call"])
    conversation = (await desk.begin())["id"]
    async with chatting(host, conversation=conversation) as chat:
        await chat.turn()
        for _ in range(3):  # a call that does not come about takes no seat with it
            async with calling(host, desk, conversation=conversation) as lost:
                await lost.until(lambda: lost.code is not None)
                assert lost.code == 4409
    async with calling(host, desk, to=HOUSE) as again:
        await again.hears("brokerage?")


@pytest.mark.parametrize("state", ["warming the speech models", None])
async def test_a_voice_that_is_not_there_yet_says_so(
    host: str, desk: Desk, phone: SimpleNamespace, state: str | None
) -> None:
    phone.state = state
    if state is None:
        desk.app.state.telephone = None
    async with connect(f"ws://{host}/talk/audio?to=%2B13035550100", open_timeout=60) as socket:
        told = json.loads(await socket.recv())
        assert told["type"] == "error" and "type" in told["data"]["message"]
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4503
    desk.app.state.telephone = phone


async def test_only_our_own_pages_use_the_line(host: str, desk: Desk) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with calling(host, desk, to=HOUSE, headers={"Origin": "https://evil.example"}):
            pass
    assert refused.value.response.status_code == 403


async def test_more_sound_than_anyone_can_speak_ends_the_call(host: str, desk: Desk) -> None:
    async with calling(host, desk, to=HOUSE) as page:
        await page.until(lambda: page.events)
        for _ in range(40):
            try:
                await page.socket.send(bytes(32_000))
            except ConnectionClosed:
                break
        await page.until(lambda: page.code is not None)
    await over(desk, page.last("began")["call"])


async def test_what_is_typed_on_a_page_is_said_on_the_line(host: str, desk: Desk, db: Database) -> None:
    async with calling(host, desk, to=HOUSE) as page:
        await page.hears("brokerage?")
        path = await link(db, "form", page.last("began")["conversation"], slot="organization_name")
        sent = await desk.http.post(path, data={"organization_name": "Acme Realty"})
        assert sent.status_code == 200 and "the agent says" not in sent.text
        await page.hears("Which states")
        assert page.last("state")["slots"]["organization_name"]["status"] == "confirmed"


async def test_a_person_cannot_be_put_through_to_a_page(
    host: str, desk: Desk, db: Database, tenant_id: Any
) -> None:
    target = {"e164": "+13035550188", "name": "Maria", "ring_seconds": 20, "verified": True}
    async with db.tenant(tenant_id) as session:
        await tenancy.claim_number(session, ["+13035550177"], provider="fictional")
        await tenancy.upsert_profile(session, transfer_targets=[target])
    async with calling(host, desk, to="+13035550177") as page:
        await page.hears("Acme Real Estate")
        await page.send("send-text", content="I want to talk to a person")
        await page.until(lambda: any(e["event"] == "transfer" for e in page.events), 20)
        assert page.last("transfer")["number"] == "+13035550188"
        await page.until(lambda: page.code is not None)
