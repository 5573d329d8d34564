"""The three promises of the engine, for any sequence of events."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import acts
from agent.form.engine import advance
from agent.form.state import FormState, fresh
from agent.form.turn import Env
from agent.understanding.base import Reading
from flows.schema import Confirm, Flow

NAMES = ["company", "zone", "email", "mobile", "website", "crm", "crm_name", "card", "go", "unknown"]
VALUES = st.sampled_from(["a", "b", "c", "none", True])

readings = st.one_of(
    st.builds(
        lambda v, c, s: Reading(value=v, confidence=c, suggestion=s),
        VALUES,
        st.sampled_from([1.0, 0.3]),
        st.sampled_from([None, None, "z"]),
    ),
    st.just(Reading(problem="That cannot be.")),
    st.just(Reading(ask="And the rest?", partial={"user": "m"})),
)
commands = st.sampled_from(
    [
        "help",
        "human",
        "repeat",
        "go_back",
        "change",
        "status",
        "undo",
        "skip",
        "who_are_you",
        "dont_record",
        "wait",
        "send_link",
    ]
)
events = st.one_of(
    st.builds(acts.Answer, st.sampled_from(NAMES), readings, st.booleans()),
    st.builds(acts.Fix, st.sampled_from(NAMES), readings),
    st.just(acts.Yes()),
    st.just(acts.No()),
    st.just(acts.Silence()),
    st.just(acts.Unclear()),
    st.builds(
        acts.Aside,
        st.just("unclear_1"),
        ask=st.sampled_from(["", *NAMES]),
        enough=st.booleans(),
        keeps=st.sampled_from([(), ("email",)]),
        stays=st.booleans(),
    ),
    st.builds(acts.Command, commands, st.sampled_from([None, *NAMES, "account"])),
)
turns = st.lists(
    st.tuples(st.lists(events, max_size=3), st.sampled_from(["voice", "chat"]), st.booleans()), max_size=40
)

LEADING = (acts.Ask, acts.ReadBack, acts.Summary, acts.Which, acts.Commit, acts.Close)


def outcome(act: acts.Commit, ok: bool) -> list[acts.Event]:
    if ok:
        return [acts.Committed(act.step, "ok")]
    first = next(iter(act.values), None)
    return [acts.CommitFailed(act.step, "no", {first: "Not that one."} if first else {})]


def allowed_change(flow: Flow, name: str, before: FormState, happened: list[acts.Event]) -> bool:
    """An explicit value changes only by a yes or by the tool's refusal; others by being said anew."""
    spec = flow.slots[name]
    if any(isinstance(e, acts.CommitFailed) and name in e.slots for e in happened):
        return True
    if any(isinstance(e, acts.Yes) for e in happened):
        return True
    said_anew = any(isinstance(e, acts.Answer | acts.Fix) and e.slot == name for e in happened)
    return said_anew and spec.confirm in (Confirm.NONE, Confirm.IMPLICIT, Confirm.NEVER_BY_VOICE)


@settings(max_examples=400, deadline=None)
@given(turns)
def test_promises(flow: Flow, story: list[tuple[list[acts.Event], str, bool]]) -> None:
    state, out = advance(flow, fresh(flow), [], Env())
    for heard, channel, ok in story:
        env = Env(channel=channel, facts={"caller_id": "+13035550142"})
        queue: list[list[acts.Event]] = [list(heard)]
        for _ in range(30):
            if not queue:
                break
            happened = queue.pop(0)
            before, frozen = state, state.model_dump_json()
            state, out = advance(flow, state, happened, env)
            assert before.model_dump_json() == frozen, "the given state was touched"

            for name, slot in before.slots.items():
                after = state.peek(name)
                if slot.counts and (not after.counts or after.value != slot.value):
                    assert allowed_change(flow, name, before, happened), f"lost {name}"

            assert out, "no act"
            assert isinstance(out[-1], LEADING) or out[-1] == acts.Say("wait"), out
            for act in out:
                if isinstance(act, acts.Commit):
                    for name, value in act.values.items():
                        assert state.peek(name).counts and state.peek(name).value == value, (
                            f"unconfirmed {name}"
                        )
                        if flow.slots[name].confirm in (Confirm.EXPLICIT, Confirm.OUT_OF_BAND):
                            assert_was_agreed(name, value, before, state, happened)
                    queue.append(outcome(act, ok))
        else:
            pytest.fail("commits never settle")
        if state.closed:
            return


def assert_was_agreed(
    name: str, value: Any, before: FormState, state: FormState, happened: list[acts.Event]
) -> None:
    already = before.peek(name).counts and before.peek(name).value == value
    agreed = any(isinstance(e, acts.Yes) for e in happened)
    assert already or agreed, f"{name} was committed without a yes"


@settings(max_examples=100, deadline=None)
@given(st.lists(events, max_size=30))
def test_state_survives_storage(flow: Flow, heard: list[acts.Event]) -> None:
    state, _ = advance(flow, fresh(flow), [], Env())
    stored = state
    for event in heard:
        state, out = advance(flow, state, [event], Env())
        stored, out2 = advance(flow, FormState.model_validate_json(stored.model_dump_json()), [event], Env())
        assert out == out2 and state == stored


@settings(max_examples=200, deadline=None)
@given(turns)
def test_a_patient_caller_always_reaches_the_end(
    flow: Flow, story: list[tuple[list[acts.Event], str, bool]]
) -> None:
    """Whatever happened before, someone who then answers every question gets to the goodbye."""
    env = Env(channel="voice")
    state, out = advance(flow, fresh(flow), [], env)
    for heard, channel, _ in story:
        state, out = advance(flow, state, heard, Env(channel=channel))
    for _ in range(60):
        if state.closed:
            return
        match out[-1]:
            case acts.Ask(offer=offer) if offer is not None:
                reply: list[acts.Event] = [acts.Yes()]
            case acts.Ask(slot=name) if name == "card":
                reply = [acts.Command("skip")]
            case acts.Ask(slot=name):
                value: Any = {"crm": "none", "go": True}.get(name, f"value of {name}")
                reply = [acts.Answer(name, Reading(value=value))]
            case acts.Which(slots=names):
                reply = [acts.Answer(names[0], Reading(value="none"))]
            case acts.Commit(step=step):
                reply = [acts.Committed(step, "ok")]
            case acts.Say():
                reply = []
            case _:
                reply = [acts.Yes()]
        state, out = advance(flow, state, reply, env)
    pytest.fail(f"never ended; stuck at {out}")
