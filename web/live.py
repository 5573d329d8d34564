"""The conversations that are on a line of this process, by id: whoever has news for one finds it here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import cast
from uuid import UUID

from agent.conversation import Conversation
from agent.reply import Reply
from agent.session import Session


class Live:
    """``phones``: the telephone calls of this process, which are listed elsewhere."""

    def __init__(self, phones: Callable[[], Iterable[Session]] = tuple):
        self._phones = phones
        self._open: set[Session] = set()

    def __len__(self) -> int:
        """Open sockets of browsers and chats."""
        return len(self._open)

    def __iter__(self) -> Iterator[Session]:
        return iter([*self._open, *self._phones()])

    @contextmanager
    def on(self, session: Session) -> Iterator[None]:
        """While a session runs it is listed."""
        self._open.add(session)
        try:
            yield
        finally:
            self._open.discard(session)

    def conversation(self, session: Session) -> Conversation:
        """What the session carries."""
        return cast(Conversation, session._turns.conversation)

    def find(self, conversation_id: UUID) -> Session | None:
        """The session that carries the conversation now, if it is on in this process."""
        # a conversation changes its id when a resume code joins it to an earlier one
        return next((s for s in self if self.conversation(s).id == conversation_id), None)

    async def in_turn(self, session: Session, work: Callable[[Conversation], Awaitable[Reply]]) -> None:
        """Run work between the turns of a live session; what the agent answers is said on its line."""
        session._clock.turn_ended("", "hear")
        reply = await session._turns.take(lambda: work(self.conversation(session)))
        await session._deliver(reply)
