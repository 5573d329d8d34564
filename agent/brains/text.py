"""A brain for conversations in text without a socket: one message, one answer."""

from __future__ import annotations

from typing import Protocol

from agent.conversation import Conversation
from agent.reply import Reply


class TextBrain(Protocol):
    """Answers one typed message."""

    async def answer(self, conversation: Conversation, text: str) -> Reply:
        """The conversation's reply to the caller's words."""


class GuidedText:
    """The deterministic brain: the conversation understands, decides and phrases by itself."""

    async def answer(self, conversation: Conversation, text: str) -> Reply:
        """The conversation's reply to the caller's words."""
        return await conversation.hear(text)
