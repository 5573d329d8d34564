"""What a piece of durable work is: an async function of steps, each done once and remembered.

The function is run again from its beginning when a worker dies; a step that has ended gives back what it
gave before and does nothing. So everything with an effect is a step, every step bears being done twice
(it may have been in the middle), and what lies between the steps depends on their results only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from uuid import UUID

from loguru import logger

from core.errors import SeiketsuError, Unavailable
from tools.base import Work

Result = dict[str, Any]
"""JSON, without secrets and anything personal: the engine keeps it in the clear."""
Step = Callable[[], Awaitable[Result]]


class Steps(Protocol):
    """Runs the steps of one piece of work."""

    async def do(self, name: str, step: Step, *, tries: int = 6) -> Result:
        """The step's result, now or from before. Tried again while what is outside does not answer.

        A step that fails for good gives ``{"failed": code, "why": message}`` and raises nothing.
        """


Job = Callable[[Work, Steps, UUID, Mapping[str, Any]], Awaitable[Result]]
"""(work, steps, tenant id, args) -> result. A result with ``failed`` in it is a failure."""


class StepFailed(Exception):
    """A step came to no result. Its text is a code and a sentence of ours."""

    def __init__(self, code: str, why: str, *, again: bool = False):
        super().__init__(f"{code}: {why}")
        self.code, self.why, self.again = code, why, again


async def attempt(name: str, step: Step) -> Result:
    """One try. StepFailed, whatever happened: the text of an unforeseen error may quote a person."""
    try:
        return await step()
    except SeiketsuError as error:
        raise StepFailed(error.code, error.message, again=isinstance(error, Unavailable)) from None
    except OSError as error:
        raise StepFailed("unavailable", type(error).__name__, again=True) from None
    except Exception as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "?"
        logger.error("step {} broke: {} in {}", name, type(error).__name__, place)
        raise StepFailed("broken", f"{type(error).__name__} in {place}") from None


class Inline:
    """Steps without memory, for tests and for tools that wait for the end."""

    async def do(self, name: str, step: Step, *, tries: int = 6) -> Result:
        """See ``Steps``; tried again at once."""
        for turn in range(1, tries + 1):
            try:
                return await attempt(name, step)
            except StepFailed as failed:
                if not failed.again or turn == tries:
                    return {"failed": failed.code, "why": failed.why}
        raise AssertionError("no try at all")
