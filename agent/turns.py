"""One conversation's turns on a live line: one at a time, never cancelled, nothing decided goes unsaid.

A barge-in cancels whatever pipecat is processing. What the conversation is doing at that moment may be
a write, so it runs in a task of its own and finishes; words that come of it and that nobody heard are
owed, and are said before the next ones.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from loguru import logger

from agent.ports import Conversation, Reply, Utterance

Work = Callable[[], Awaitable[Reply]]


class Turns:
    """Serial access to a conversation, and the book of what was said and what is owed.

    ``on_reply`` is called with every reply and the seconds it took, said or not yet; ``on_owed`` when
    a reply came in that nobody is waiting for any more.
    """

    def __init__(
        self,
        conversation: Conversation,
        *,
        on_reply: Callable[[Reply, float], None] = lambda reply, seconds: None,
        on_owed: Callable[[], None] = lambda: None,
    ):
        self.conversation = conversation
        self.on_reply = on_reply
        self.on_owed = on_owed
        self._owed: list[Utterance] = []
        self._saying: list[Utterance] = []
        self._cut: list[Utterance] = []
        self._audible = False
        self._confidence = 1.0
        self._heard_confidence: float | None = None
        self._interrupted = False
        self._lock = asyncio.Lock()
        self._running: set[asyncio.Task[Reply]] = set()

    @property
    def busy(self) -> bool:
        """Whether the conversation is working on something."""
        return bool(self._running)

    @property
    def speaking(self) -> bool:
        """Whether words are on their way to the caller."""
        return bool(self._saying)

    @property
    def audible_now(self) -> bool:
        """Whether the caller hears words right now."""
        return self._audible

    async def open(self) -> Reply:
        """The first words."""
        return await self.take(self.conversation.open)

    async def hear(self, text: str) -> Reply:
        """The caller's words, as sure as the recogniser was of them."""
        confidence, self._confidence = self._confidence, 1.0
        self._heard_confidence = confidence
        return await self.take(lambda: self.conversation.hear(text, confidence=confidence))

    def note_confidence(self, confidence: float) -> None:
        """How sure the recogniser is of words that ``hear`` will bring; the least sure counts."""
        self._confidence = min(self._confidence, confidence)

    def signals(self) -> tuple[float | None, bool]:
        """Of the words answered last: how sure the recogniser was, and whether they cut the agent off."""
        found = (self._heard_confidence, self._interrupted)
        self._heard_confidence, self._interrupted = None, False
        return found

    async def silence(self) -> Reply:
        """Nothing was said for a while."""
        return await self.take(self.conversation.silence)

    def before(self, says: Sequence[Utterance]) -> list[Utterance]:
        """``says``, led by what is still owed to the caller.

        A question that was never heard is not asked when these words ask the next one; the facts
        around it are still told.
        """
        owed, self._owed, self._cut = self._owed, [], []
        if says and owed and owed[-1].text.rstrip().endswith("?"):
            owed.pop()
        texts = {utterance.text for utterance in says}
        return [*(utterance for utterance in owed if utterance.text not in texts), *says]

    def owe(self, utterances: Sequence[Utterance]) -> None:
        """Say these before the next words."""
        self._owed.extend(utterances)

    def again(self) -> list[Utterance]:
        """What was owed or cut off in the middle: said again when a noise was all that interrupted."""
        again = [*self._cut, *self._owed]
        self._owed, self._cut = [], []
        return again

    def saying(self, utterances: Sequence[Utterance]) -> None:
        """These words are on their way to the caller."""
        self._saying.extend(utterances)

    def audible(self) -> None:
        """The caller hears them now."""
        self._audible = True

    def quiet(self) -> None:
        """The caller hears nothing now."""
        self._audible = False

    def said(self, text: str) -> None:
        """An utterance was played to its end. One that made no sound does not count as said."""
        if not self._audible:
            return
        for utterance in self._saying:
            if utterance.text == text:
                self._saying.remove(utterance)
                break

    def cut_off(self) -> None:
        """The line was interrupted. Words of which nothing was heard are owed; others may be said again."""
        # the line's own sentences ("One moment.") are not worth saying twice
        cut = [u for u in self._saying if u.interruptible and not u.key.startswith("line.")]
        self._saying = [utterance for utterance in self._saying if not utterance.interruptible]
        if self._audible:
            self._cut = cut
            self._interrupted = self._interrupted or bool(cut)
        else:
            self._owed = [*cut, *self._owed]
        self._audible = self._audible and bool(self._saying)

    async def settle(self, timeout: float) -> bool:
        """Wait for what is running; False when it takes longer than ``timeout`` seconds."""
        if not self._running:
            return True
        _, pending = await asyncio.wait(self._running, timeout=timeout)
        return not pending

    async def take(self, work: Work) -> Reply:
        """Run work on the conversation: after what is running, to its end, whatever happens to us."""
        task: asyncio.Task[Reply] = asyncio.create_task(self._one(work), name="turn")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.done():
                self._keep(task)
            else:
                task.add_done_callback(self._keep)
            raise

    async def _one(self, work: Work) -> Reply:
        async with self._lock:
            began = asyncio.get_running_loop().time()
            reply = await work()
            seconds = asyncio.get_running_loop().time() - began
        self.on_reply(reply, seconds)
        return reply

    def _keep(self, task: asyncio.Task[Reply]) -> None:
        if task.cancelled():
            return
        if error := task.exception():
            logger.error("a turn failed while the caller was talking: {}", type(error).__name__)
            return
        self._owed.extend(task.result().says)
        if not self._running:  # else the next reply leads with them
            self.on_owed()


def described(error: BaseException) -> str:
    """An error for the log: its kind and where it was raised. Its text may quote the caller."""
    trace = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(trace[-1].filename).name}:{trace[-1].lineno}" if trace else ""
    return f"{type(error).__name__}{place}"


def spawn(tasks: set[asyncio.Task[Any]], work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
    """Start a task, keep it alive in ``tasks``, and report its failure instead of losing it."""
    task = asyncio.create_task(work, name=name)
    tasks.add(task)

    def done(finished: asyncio.Task[Any]) -> None:
        tasks.discard(finished)
        if not finished.cancelled() and (error := finished.exception()):
            logger.error("{} failed: {}", name, described(error))

    task.add_done_callback(done)
    return task
