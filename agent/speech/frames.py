"""Frames between turn taking and recognition, within one call's pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from pipecat.frames.frames import SystemFrame


@dataclass
class FinishTurnFrame(SystemFrame):
    """Travels upstream: the caller's turn is over, send its final transcript.

    ``keep`` false: what was said is not an answer (a backchannel, or the turn ended some other way),
    forget it. Recognisers that send finals on their own do not know this frame and pass it on.
    """

    keep: bool = True
