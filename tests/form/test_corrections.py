"""A correction that the ear is not sure of is read back like any other value (A033)."""

from agent import acts
from agent.form.engine import advance
from agent.form.state import fresh
from agent.form.turn import Env
from agent.form.values import FIXES_READ_BACK
from agent.understanding.base import Reading
from flows.schema import Flow


def test_a_correction_heard_unsure_is_read_back_but_not_for_ever(flow: Flow) -> None:
    state, _ = advance(
        flow, fresh(flow), [acts.Answer("zone", Reading(value="America/Boise", confidence=0.4))], Env()
    )
    for n in range(FIXES_READ_BACK):
        fix = acts.Fix("zone", Reading(value=f"America/Heard_{n}", confidence=0.4))
        state, out = advance(flow, state, [fix], Env())
        assert out[-1] == acts.ReadBack(("zone",)) and not state.peek("zone").counts
    state, out = advance(
        flow, state, [acts.Fix("zone", Reading(value="America/Denver", confidence=0.4))], Env()
    )
    assert state.peek("zone").value == "America/Denver" and state.peek("zone").counts
