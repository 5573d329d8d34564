"""The frames of ours that travel a call's pipeline.

All are system frames: they take effect at once, and a barge-in never drops them.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipecat.frames.frames import SystemFrame

from agent.understanding.base import Patience


@dataclass
class PatienceFrame(SystemFrame):
    """How long a pause may now be before the caller counts as finished. For the turn strategies."""

    patience: Patience = "open"


@dataclass
class VocabularyFrame(SystemFrame):
    """Words to expect in the next answer, most likely first. For the speech recogniser."""

    words: tuple[str, ...] = ()
