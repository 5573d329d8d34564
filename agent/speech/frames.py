"""Frames between turn taking and recognition, within one call's pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from pipecat.frames.frames import SystemFrame


@dataclass
class PauseFrame(SystemFrame):
    """Travels upstream: a pause has begun that may be the end of the speech.

    Sent 0.1 s before the detector is sure, so that whoever takes time may begin. If the voice goes on,
    nothing follows; the next pause sends another.
    """


@dataclass
class FinishTurnFrame(SystemFrame):
    """Travels upstream: the caller's turn is over, send its final transcript.

    ``keep`` false: what was said is not an answer (a backchannel, or the turn ended some other way),
    forget it. Recognisers that send finals on their own do not know this frame and pass it on.
    """

    keep: bool = True
