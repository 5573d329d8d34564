"""What a compiled flow needs of a conversation, as shapes: flows know nothing of the agent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Said(Protocol):
    """One utterance of a reply."""

    @property
    def text(self) -> str:
        """As written."""


class ReplyPort(Protocol):
    """What the functions need of a conversation's reply."""

    @property
    def says(self) -> Sequence[Said]:
        """The next words, in order."""

    @property
    def ended(self) -> bool:
        """The goodbye is among them."""

    @property
    def step(self) -> str:
        """The step the form is in now."""


class Stand(Protocol):
    """Where a form stands."""

    def text(self) -> str:
        """As a model is told."""


class ConversationPort(Protocol):
    """What the functions need of a conversation (agent.conversation.Conversation).

    One that looks after its own cancellation says so with a true ``finishes``.
    """

    async def propose(self, answers: list[dict[str, Any]]) -> ReplyPort:
        """Take ``[{"slot", "value"}]`` as heard."""

    async def confirm(self, yes: bool, correction: str | None = None) -> ReplyPort:
        """Take the answer to what was read back."""

    async def command(self, name: str, target: str | None = None) -> ReplyPort:
        """Do what can be asked for anywhere."""

    def prompt(self) -> Stand:
        """Where the form stands."""
