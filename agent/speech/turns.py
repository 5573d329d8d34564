"""One call's turn taking, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipecat.audio.vad.vad_analyzer import VADAnalyzer
from pipecat.processors.aggregators.llm_response_universal import LLMUserAggregatorParams
from pipecat.turns.empty_user_turn import EmptyUserTurnConfig
from pipecat.turns.user_mute import BaseUserMuteStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies

from agent.speech.barge_in import BARGE_IN_SECS, BargeIn, LineMute
from agent.speech.end_of_turn import EndOfTurn
from agent.speech.judge import TurnJudge
from agent.speech.patches import InlineSilero
from agent.speech.patience import PACES, Pace, TurnControl
from agent.understanding.base import Patience

__all__ = ["PACES", "Pace", "TurnControl", "Turns", "build_turns"]


@dataclass(frozen=True)
class Turns:
    """One call's turn taking, ready for an aggregator."""

    control: TurnControl
    vad: VADAnalyzer | None
    strategies: UserTurnStrategies
    mutes: list[BaseUserMuteStrategy]
    stop_timeout: float = 5.0

    def params(self, *, empty_turn_prompt: str | None = None) -> LLMUserAggregatorParams:
        """For ``LLMContextAggregatorPair(user_params=...)``.

        ``empty_turn_prompt``: developer message sent to the brain when noise cut the agent off; None
        leaves it to the idle clock to ask again.
        """
        empty = EmptyUserTurnConfig(interrupted_prompt=empty_turn_prompt) if empty_turn_prompt else None
        return LLMUserAggregatorParams(
            vad_analyzer=self.vad,
            user_turn_strategies=self.strategies,
            user_mute_strategies=self.mutes,
            user_turn_stop_timeout=self.stop_timeout,
            user_idle_timeout=self.control.pace.idle,
            empty_user_turn=empty,
        )


def build_turns(
    vad: VADAnalyzer | None,
    judge: TurnJudge | None,
    *,
    patience: Patience = "open",
    muted: bool = False,
    paces: dict[Patience, Pace] | None = None,
    barge_in_secs: float = BARGE_IN_SECS,
    voiced: Callable[[], bool] | None = None,
    keep_idle: bool = False,
) -> Turns:
    """New turn taking for one call.

    Without a ``judge`` silence and words decide alone. ``voiced`` tells whether this very moment is
    speech; by default the ``vad`` is asked. ``keep_idle``: the idle timeout follows patience by itself;
    otherwise the session sets it.
    """
    control = TurnControl(patience=patience, muted=muted, paces=paces or dict(PACES))
    if isinstance(vad, InlineSilero):
        control.stirring = lambda: vad.stirring
        control.pausing = lambda: vad.pausing
    control.idle_sent = control.pace.idle if keep_idle else None
    if voiced is None:
        voiced = (lambda: vad.voiced) if isinstance(vad, InlineSilero) else (lambda: True)
    return Turns(
        control=control,
        vad=vad,
        strategies=UserTurnStrategies(
            start=[BargeIn(control, hold=barge_in_secs, voiced=voiced)],
            stop=[EndOfTurn(control, judge)],
        ),
        mutes=[LineMute(control)],
    )
