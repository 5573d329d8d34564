"""A model's answer on its way out while it is still being written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from agent.brains.gate import MAX_SENTENCES, Judge, Sentences
from agent.brains.model import ModelFailure
from agent.ports import Utterance

_TREASON = ("canary", "prompt")
"""After these nothing of the answer is used, calls included."""


class Outlet(Protocol):
    """Where a turn's words go: a live line, or the answer to a typed message."""

    async def sentence(self, text: str) -> None:
        """A sentence of the model's."""

    async def engine(self, says: Sequence[Utterance]) -> None:
        """The engine's words, as they are."""

    async def hear(self, heard: str) -> None:
        """Let the engine hear the caller's words and answer them."""


class ModelVoice:
    """One turn's sentences. A question and what follows it are held until it is known that no call
    comes after them: the engine will ask its own."""

    def __init__(self, outlet: Outlet):
        self.spoken: list[str] = []
        self.refused = ""
        self._outlet = outlet
        self._held: list[str] = []
        self._sentences = Sentences()

    def begin(self) -> None:
        """A new request of the same turn."""
        self.refused, self._held, self._sentences = "", [], Sentences()

    async def write(self, delta: str, judge: Judge) -> None:
        """More text of the answer. Raises ModelFailure when it gives the prompt away."""
        for sentence in self._sentences.feed(delta):
            await self._offer(sentence, judge)

    async def end(self, judge: Judge) -> None:
        """The answer is complete."""
        for sentence in self._sentences.flush():
            await self._offer(sentence, judge)

    async def _offer(self, sentence: str, judge: Judge) -> None:
        if self.refused or len(self.spoken) + len(self._held) >= MAX_SENTENCES:
            return
        self.refused = judge.verdict(sentence)
        if self.refused in _TREASON:
            raise ModelFailure(f"held back: {self.refused}", counts=False)
        if self.refused:
            self._held.clear()
        elif self._held or sentence.endswith("?"):
            self._held.append(sentence)
        else:
            await self.say(sentence)

    async def release(self) -> None:
        """No call came: the question stands."""
        held, self._held = self._held, []
        for sentence in held:
            await self.say(sentence)

    def drop_held(self) -> None:
        """A call came: the engine asks what comes next."""
        self._held.clear()

    async def say(self, sentence: str) -> None:
        """Speak one sentence, behind those before it."""
        self.spoken.append(sentence)
        await self._outlet.sentence(sentence)

    def unsaid(self, says: Iterable[Utterance]) -> list[Utterance]:
        """Those that the model has not spoken word for word."""
        spoken = f" {_plain(' '.join(self.spoken))} "
        return [said for said in says if f" {_plain(said.text)} " not in spoken]


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()
