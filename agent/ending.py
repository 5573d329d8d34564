"""The one way a call ends from our side: bounded, whatever the pipeline is doing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from loguru import logger
from pipecat.pipeline.worker import PipelineWorker

QUIET_SECONDS = 5.0
"""A pipeline that moves nothing for this long is stuck."""
WORDS_SECONDS = 30.0
"""The longest goodbye."""
FAREWELL_SECONDS = 4.0
"""For telling the database and the carrier."""


async def end_call(
    worker: PipelineWorker,
    *,
    reason: str,
    farewell: Callable[[], Awaitable[None]] | None = None,
    quiet: float = QUIET_SECONDS,
    words: float = WORDS_SECONDS,
    goodbye: float = FAREWELL_SECONDS,
) -> bool:
    """Let what is being said finish, run ``farewell`` while the line still stands, then cut it.

    Never waits longer than ``words + goodbye`` seconds before it cuts; the cut itself is bounded by
    the worker's ``cancel_timeout_secs``. True when everything was said.
    """
    try:
        async with asyncio.timeout(words):
            drained = await worker.flush_pipeline(timeout=quiet)
    except TimeoutError:
        drained = False
    if farewell is not None:
        try:
            async with asyncio.timeout(goodbye):
                await farewell()
        except Exception as error:
            logger.warning("ending a call: the farewell failed: {}", type(error).__name__)
    await worker.cancel(reason=reason)
    return drained
