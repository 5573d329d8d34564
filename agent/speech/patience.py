"""How long silence may last: the waits of one call, and what they depend on. No audio, no pipeline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.speech.listening import hangs, plain_answer, spelling, whole
from agent.understanding.base import Patience


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of silence after the last word that end a turn, and the silence that counts as no answer.

    ``sure``: melody and words agree that it is over. ``likely``: the melody alone says so.
    ``unsure``: the caller seems to be in the middle of something. ``enough``: an answer that is known
    to be whole (ten digits of a telephone number). ``plain``: a yes or no, in words and in melody.
    """

    sure: float
    likely: float
    unsure: float
    idle: float
    enough: float = 0.6
    plain: float = 0.3


PACES: dict[Patience, Pace] = {
    "short": Pace(sure=0.5, likely=0.6, unsure=0.9, idle=4.0),
    "open": Pace(sure=0.4, likely=0.75, unsure=1.6, idle=7.0),
    "spelled": Pace(sure=1.5, likely=1.5, unsure=2.0, idle=8.0),
}
"""Letters and digits 1.5 to 2 s, first no-input after 4 s (yes/no) or 6 to 8 s. Recognition runs during
the first 0.4 s anyway, so a shorter ``sure`` would save nothing; after "yes" people often go on ("yes,
that's right"), so it is longer there, unless the voice fell as at an end. A name asked for with patience
``spelled`` is mostly just said; the long waits begin with the first letter."""

_SURE = 0.8
_LOOK = 0.02


@dataclass(slots=True)
class TurnTally:
    """One call's counters, for metrics and for the call's record."""

    turns: int = 0
    barge_ins: int = 0
    backchannels: int = 0
    empty: int = 0
    capped: int = 0
    """Turns ended because the final transcript did not come."""


@dataclass
class TurnControl:
    """One call's turn taking, as the session steers it. All methods may be called at any time."""

    patience: Patience = "open"
    paces: dict[Patience, Pace] = field(default_factory=lambda: dict(PACES))
    enough: Callable[[str], bool] | None = None
    muted: bool = False
    in_turn: bool = False
    bot_speaking: bool = False
    stirring: Callable[[], bool] = lambda: False
    """Whether the detector is making up its mind about a voice at this moment."""
    pausing: Callable[[], bool] = lambda: False
    """Whether the voice has just paused; the detector reports the end of speech a little later."""
    voice: bool = False
    undecided: bool = False
    """Somebody spoke outside a turn, and the words, which decide whether that was one, are not there yet."""
    tally: TurnTally = field(default_factory=TurnTally)
    idle_sent: float | None = None
    """The idle timeout last told to pipecat; None: the session keeps that clock itself."""

    def set_patience(self, patience: Patience, *, enough: Callable[[str], bool] | None = None) -> None:
        """How the next answer is waited for; ``enough`` says when its words are surely all there."""
        self.patience, self.enough = patience, enough

    def mute(self, on: bool) -> None:
        """Do not listen (the legal opening is being said). A turn in progress is heard to its end."""
        self.muted = on

    @property
    def hearing(self) -> bool:
        """Whether the caller is speaking, or what was said is being recognised or waited out."""
        return self.voice or self.in_turn or self.undecided or self.stirring()

    async def silent(self, at_most: float = 4.0) -> bool:
        """Whether the caller really has nothing to say: what is being heard now is heard out first.

        For whoever wants to speak because nobody did. False if a turn comes of it, which is answered as
        such. After ``at_most`` seconds it is True: a recogniser that has not made a word of a noise by
        then never will.
        """
        turns = self.tally.turns - self.in_turn
        for _ in range(int(at_most / _LOOK)):
            if not self.hearing:
                return self.tally.turns == turns
            await asyncio.sleep(_LOOK)
        self.undecided = False
        return True

    @property
    def pace(self) -> Pace:
        """The waits that hold now."""
        return self.paces[self.patience]

    def wait(self, probability: float | None, text: str | None) -> float:
        """Seconds of silence that end the turn, by what is known so far (None: not yet known)."""
        pace = self.pace
        if text and self.enough is not None and self.enough(text):
            return min(pace.sure, pace.enough)
        if text and self.patience == "spelled":
            if whole(text):
                return min(pace.sure, pace.enough)
            if not spelling(text):
                pace = self.paces["open"]
        if text is not None and hangs(text):
            return pace.unsure
        if text and self.patience == "short" and plain_answer(text):
            return pace.plain if probability is not None and probability >= 0.5 else pace.sure
        if probability is None or probability < 0.5:
            return pace.unsure
        return pace.sure if text is not None and probability >= _SURE else pace.likely
