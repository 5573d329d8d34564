"""How long everything on a line may take."""

from __future__ import annotations

from dataclasses import dataclass

from agent.brains.guided import LOST_SECONDS, MOMENT_SECONDS, STUCK_SECONDS


@dataclass(frozen=True)
class Limits:
    """Seconds.

    ``call``: the longest call; ``warn``: how long before that the caller is told; ``remind``: how often
    the caller hears again whom it talks to (C11). ``moment``, ``stuck``, ``lost``: the brain's.
    ``silent_voice``: words without sound before they are said again. ``stalled``: beyond the idle timeout,
    before a line on which nothing happens is woken; ``monologue``: the same while the caller talks.
    ``dead_line``: without sound from the carrier. ``playout``: waiting for the carrier's word that the
    last syllable was heard; ``last_message``: for a browser to take in that it is over. ``settle``: for
    what the conversation is doing when the call leaves; ``teardown``: for the pipeline to let go.
    ``goodbye_*``: for the last words, a pipeline that moves nothing, a caller who speaks up.
    """

    call: float = 1200.0
    warn: float = 60.0
    remind: float = 600.0
    moment: float = MOMENT_SECONDS
    stuck: float = STUCK_SECONDS
    lost: float = LOST_SECONDS
    silent_voice: float = 4.0
    stalled: float = 12.0
    monologue: float = 90.0
    dead_line: float = 5.0
    playout: float = 1.0
    last_message: float = 0.1
    settle: float = 10.0
    teardown: float = 10.0
    goodbye_words: float = 30.0
    goodbye_quiet: float = 5.0
    goodbye_talk: float = 8.0
