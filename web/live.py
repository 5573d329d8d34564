"""The conversations that are on a line of this process, by id: whoever has news for one finds it here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, cast
from uuid import UUID

from starlette.datastructures import State

from agent.conversation import Conversation
from agent.reply import Reply


class Line(Protocol):
    """A telephone call, a browser that talks, or a chat."""

    @property
    def conversation(self) -> Any:
        """What it carries (an agent.conversation.Conversation)."""

    async def in_turn(self, work: Callable[[], Awaitable[Any]]) -> Any:
        """Run work between its turns, and say what comes of it."""


class Live:
    """``calls``: lines with sound, which the registry of calls lists already."""

    def __init__(self, calls: Callable[[], Iterable[Line]] = tuple):
        self._calls = calls
        self._chats: set[Line] = set()

    def __len__(self) -> int:
        """Open chats."""
        return len(self._chats)

    def __iter__(self) -> Iterator[Line]:
        return iter([*self._chats, *self._calls()])

    @contextmanager
    def on(self, line: Line) -> Iterator[None]:
        """While a chat is open it is listed."""
        self._chats.add(line)
        try:
            yield
        finally:
            self._chats.discard(line)

    def find(self, conversation_id: UUID) -> Line | None:
        """The line that carries the conversation now, if it is one of this process."""
        # a conversation changes its id when a resume code joins it to an earlier one
        return next((line for line in self if line.conversation.id == conversation_id), None)

    async def in_turn(self, line: Line, work: Callable[[Conversation], Awaitable[Reply]]) -> None:
        """Run work on a live conversation; what the agent answers is said on its line."""
        conversation = cast(Conversation, line.conversation)
        await line.in_turn(lambda: work(conversation))


def live_of(state: State) -> Live:
    """The application's list, made at first use; its calls are on it as soon as there can be any."""
    if not hasattr(state, "live"):

        def calls() -> Iterable[Line]:
            telephone = getattr(state, "telephone", None)
            return cast(Iterable[Line], telephone.registry) if telephone is not None else ()

        state.live = Live(calls)
    return cast(Live, state.live)
