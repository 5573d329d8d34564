"""A short answer around the end of the agent's speech is heard once, whichever of the signals comes first.

Times are in life's seconds and played ten times as fast (see ``line``).
"""

from __future__ import annotations

import asyncio

import pytest

from tests.speech.line import FAST, call

OFFSETS = (*(0.05 * n for n in range(-26, 13)), 1.0, 2.5)
"""Seconds from the end of the agent's speech to the beginning of the answer."""
AGENT = 1.6
"""Seconds the agent speaks before it stops."""


async def answered(word: str, offset: float, delay: float, patience: str) -> tuple[int, float, list[str]]:
    """Say ``word`` ``offset`` seconds after the agent stopped; what became user messages."""
    async with call(patience=patience) as line:
        line.ears.delay = delay / FAST
        await line.bot(True)

        async def agent() -> None:
            await asyncio.sleep(AGENT / FAST)
            await line.bot(False)

        stopping = asyncio.create_task(agent())
        await asyncio.sleep((AGENT + offset) / FAST)
        await line.say(word, 0.38 / FAST)
        await stopping
        for _ in range(300):
            await asyncio.sleep(0.01)
            if line.said and not line.turns.control.hearing:
                break
        await asyncio.sleep(0.05)
        return len(line.ended), offset, line.said


@pytest.mark.parametrize("delay", [0.1, 0.5, 3.0])
@pytest.mark.parametrize(("word", "patience"), [("Mhm.", "short"), ("Seven.", "open")])
async def test_an_answer_is_heard_once_whenever_it_is_given(word, patience, delay):
    results = await asyncio.gather(*(answered(word, offset, delay, patience) for offset in OFFSETS))
    assert [(turns, round(at, 2), said) for turns, at, said in results if said != [word] or turns != 1] == []


async def test_nobody_counts_as_silent_while_their_words_are_being_recognised():
    async with call(patience="short") as line:
        control = line.turns.control
        assert await control.silent(), "nothing is heard"
        line.ears.delay = 0.25
        await line.bot(True)
        await line.say("Yes.", 0.038)
        await line.bot(False)
        assert (line.began, control.hearing) == ([], True)
        assert await control.silent() is False
        assert line.said == ["Yes."] and not control.hearing


async def test_a_noise_nothing_comes_of_does_not_keep_the_agent_quiet_for_ever():
    async with call(patience="short", embedded=False) as line:
        await line.bot(True)
        await line.say("ignored", 0.038)
        await line.bot(False)
        assert line.turns.control.hearing
        assert await line.turns.control.silent(0.1)
        assert not line.turns.control.hearing
