"""The ways in: how a caller's moves reach the service and what comes back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.errors import SeiketsuError
from simulate.caller import Move
from simulate.client import ServiceClient
from simulate.line import PhoneLine
from simulate.meter import Turn
from simulate.sound import Clip
from simulate.state import State
from simulate.voice import Voice

GOODBYE_SECONDS = 15.0
"""How long a caller waits for the agent to hang up after the last words."""
STORED_TRIES, STORED_EVERY = 15, 0.2
"""How often, and seconds apart, the API is asked where a call stands before the caller goes by the words."""


@dataclass(frozen=True)
class ToolSeen:
    """A tool the agent ran."""

    name: str
    status: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> ToolSeen:
        """From the API's JSON."""
        return cls(str(data.get("name")), str(data.get("status")), data.get("arguments") or {})


@dataclass(frozen=True)
class Heard:
    """What the agent did in its turn. ``latency`` in seconds, as the caller lived it."""

    texts: Sequence[str] = ()
    tools: Sequence[ToolSeen] = ()
    ended: bool = False
    latency: float | None = None


class Door(Protocol):
    """One contact with the service."""

    async def open(self) -> Heard:
        """Get through; the agent's first words."""

    async def act(self, move: Move) -> Heard:
        """Make a move and take in what comes of it."""

    async def state(self) -> State:
        """Where the conversation stands."""

    async def close(self) -> None:
        """Leave, whatever the state."""


class ChatDoor:
    """HTTP chat. There are no keys and no silence in text: keys are typed, silence is an empty turn."""

    def __init__(self, client: ServiceClient, to: str, from_: str | None):
        self.client, self.to, self.from_ = client, to, from_
        self.id = ""
        self._last = Heard()

    async def open(self) -> Heard:
        """Begin the conversation."""
        began = asyncio.get_running_loop().time()
        answer = await self.client.start_chat(self.to, self.from_)
        return self._heard(answer, began)

    async def act(self, move: Move) -> Heard:
        """Type it."""
        if move.do == "hang_up":
            return Heard(ended=True)
        if move.do == "silence":
            return Heard(self._last.texts)
        began = asyncio.get_running_loop().time()
        return self._heard(await self.client.message(self.id, move.text), began)

    async def state(self) -> State:
        """As the API tells it."""
        return State.of(await self.client.conversation(self.id))

    async def close(self) -> None:
        """A chat is left by not writing any more."""

    def _heard(self, answer: Mapping[str, Any], began: float) -> Heard:
        self.id = str(answer.get("id") or self.id)  # taking up an earlier set-up moves to its conversation
        tools = [ToolSeen.of(tool) for tool in answer.get("tools") or ()]
        took = asyncio.get_running_loop().time() - began
        self._last = Heard(list(answer.get("replies") or ()), tools, bool(answer.get("ended")), took)
        return self._last


@dataclass(frozen=True)
class Style:
    """How a caller sounds: speed of speech (1.0 is normal), noise behind it, and for how long the agent
    must be quiet (seconds) before the caller takes its turn.
    """

    speed: float = 1.0
    snr_db: float | None = None
    quiet: float = 0.8


class PhoneDoor:
    """A telephone call with real sound. What the agent says is read from the service's captions;
    when it speaks, and for how long, is heard on the line.
    """

    def __init__(self, client: ServiceClient, line: PhoneLine, voice: Voice, style: Style | None = None):
        self.client, self.line, self.voice = client, line, voice
        self.style = style or Style()
        self.id = ""
        self._told = 0

    async def open(self) -> Heard:
        """Dial and hear the opening out."""
        await self.line.dial()
        await self.line.listen(quiet=self.style.quiet)
        await self._find()
        return await self._heard(None)

    async def act(self, move: Move) -> Heard:
        """Speak, press, wait or hang up; then listen until the agent is done."""
        turn: Turn | None = None
        if move.do == "hang_up":
            await self.line.hang_up()
            return Heard(ended=True)
        if move.do == "keys":
            await self.line.press(move.text)
        elif move.do == "silence":
            await asyncio.sleep(move.seconds)
        else:
            clip = await self._clip(move.text)
            if move.do == "cut":
                asyncio.get_running_loop().call_later(clip.seconds / 2, self.line.cut)
            turn = await self.line.say(clip)
        if move.then:
            over = await self._clip(move.then)
            if await self.line.heard_something():
                await asyncio.sleep(move.after)
                await self.line.say(over)
        await self.line.listen(quiet=self.style.quiet)
        return await self._heard(turn)

    async def state(self) -> State:
        """As the API tells it; a busy machine stores a turn some time after it was heard."""
        state = State()
        for _ in range(STORED_TRIES):
            if not self.id:
                await self._find()
            state = State.of(await self.client.conversation(self.id)) if self.id else state
            if state.kind or state.ended or self.line.over.is_set():
                break
            await asyncio.sleep(STORED_EVERY)
        return state

    async def close(self) -> None:
        """Hang up and let the line finish its call-backs."""
        await self.line.hang_up()
        await self.line.closed.wait()

    async def _find(self) -> None:
        """Which conversation this call is; the service books it under Twilio's CallSid."""
        for _ in range(20):
            try:
                call = await self.client.get(f"/calls/{self.line.sid}")
            except SeiketsuError:
                call = {}
            if found := call.get("conversation_id"):
                self.id = str(found)
                return
            await asyncio.sleep(0.1)

    async def _clip(self, text: str) -> Clip:
        return await self.voice.clip(text, speed=self.style.speed, snr_db=self.style.snr_db)

    async def _heard(self, turn: Turn | None) -> Heard:
        if not self.id:
            return Heard(ended=self.line.over.is_set())
        data = await self.client.conversation(self.id)
        if data.get("id", self.id) != self.id:  # a resume code led to the earlier conversation
            self.id, self._told = str(data["id"]), 0
        if State.of(data).ended:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.line.over.wait(), GOODBYE_SECONDS)
        said = [entry for entry in data.get("transcript") or () if entry.get("role") == "agent"]
        fresh, self._told = said[self._told :], len(said)
        return Heard(
            [str(entry.get("text", "")) for entry in fresh],
            [ToolSeen.of(tool) for entry in fresh for tool in entry.get("tools") or ()],
            self.line.over.is_set(),
            turn.latency if turn else None,
        )
