"""What can go wrong on a call and is dealt with there: the names by which it is counted (docs/faults.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from agent.ports import LiveCall

Fault = Literal[
    "ears",  # the recogniser is beyond use
    "voice",  # the voice is beyond use
    "silent_voice",  # words made no sound
    "wire",  # the media socket is dead or half closed
    "flood",  # garbage on the socket
    "conversation",  # a turn failed or hung
    "stalled",  # nothing happened for too long
    "part",  # another part of the pipeline failed
    "recording",  # sound could not be kept
    "time",  # the call reached its cap
    "left_behind",  # a pipeline did not let go
]

OnFault = Callable[[LiveCall, Fault], None]
OnEnd = Callable[[LiveCall, str], None]
