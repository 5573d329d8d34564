"""The form engine by example: each test is a piece of a conversation."""

from agent import acts
from agent.form.engine import advance
from agent.form.state import FormState, fresh
from agent.form.turn import Env
from agent.understanding.base import Reading
from flows.schema import Flow

VOICE = Env(channel="voice")
CHAT = Env(channel="chat")


def said(slot: str, value: object, **kw: object) -> acts.Answer:
    return acts.Answer(slot, Reading(value=value, **kw))  # type: ignore[arg-type]


def play(flow: Flow, *turns: list[acts.Event], env: Env = VOICE) -> tuple[FormState, tuple[acts.Act, ...]]:
    state, out = advance(flow, fresh(flow), [], env)
    for events in turns:
        state, out = advance(flow, state, events, env)
    return state, out


def test_starts_with_the_first_question(flow: Flow) -> None:
    _, out = play(flow)
    assert out == (acts.Ask("company"),)


def test_explicit_slot_is_read_back_before_it_counts(flow: Flow) -> None:
    state, out = play(flow, [said("company", "Harbor Realty")])
    assert out == (acts.ReadBack(("company",)),)
    assert state.peek("company").status == "proposed"
    state, out = advance(flow, state, [acts.Yes()], VOICE)
    assert state.peek("company").status == "confirmed"
    assert out == (acts.Ask("zone"),)


def test_several_facts_in_one_sentence_are_all_taken(flow: Flow) -> None:
    state, out = play(
        flow,
        [said("company", "Harbor Realty"), said("zone", "America/Denver"), said("email", "m@h.co")],
    )
    assert state.peek("zone").counts
    assert out == (acts.Say("landmark", {"slots": ["zone"]}), acts.ReadBack(("email",)))
    state, out = advance(flow, state, [acts.Yes()], VOICE)
    assert out == (acts.ReadBack(("company",)),)


def test_correction_replaces_only_what_was_wrong(flow: Flow) -> None:
    state, out = play(
        flow,
        [said("company", "Harbor Realty"), said("mobile", "+13035550142")],
        [acts.Fix("company", Reading(value="Harbour Realty"))],
    )
    assert out == (acts.ReadBack(("company", "mobile")),)
    assert state.peek("company").proposal == "Harbour Realty"
    assert state.peek("mobile").proposal == "+13035550142"


def test_no_to_several_values_asks_which_one(flow: Flow) -> None:
    _, out = play(flow, [said("company", "A B"), said("mobile", "+13035550142")], [acts.No()])
    assert out == (acts.Which(("company", "mobile")),)


def test_caller_id_is_offered_and_a_yes_takes_it(flow: Flow) -> None:
    env = Env(facts={"caller_id": "+13035550142"})
    state, out = play(
        flow,
        [said("company", "A B")],
        [acts.Yes(), said("zone", "America/Denver")],
        [said("email", "m@h.co")],
        [acts.Yes()],
        env=env,
    )
    assert out[-1] == acts.Ask("mobile", 0, "", "+13035550142")
    state, out = advance(flow, state, [acts.Yes()], env)
    assert state.peek("mobile").value == "+13035550142"
    assert out[-1] == acts.Summary("account")


def test_the_ladder_ends_in_a_link_for_what_must_be_known(flow: Flow) -> None:
    state, out = play(flow, [acts.Unclear()], [acts.Unclear()])
    assert out == (acts.Say("unclear_2"), acts.Ask("company", 2))
    state, out = advance(flow, state, [acts.Unclear()], VOICE)
    assert out == (
        acts.Say("unclear_2"),
        acts.Run("send_link", {"slot": "company"}),
        acts.Say("put_off", {"label": "company"}),
        acts.Ask("zone"),
    )
    assert state.peek("company").status == "skipped"


def test_the_ladder_ends_in_the_default_where_there_is_one(flow: Flow) -> None:
    state = fresh(flow).model_copy(update={"done": {"account": "ok"}})
    for _ in range(3):
        state, out = advance(flow, state, [acts.Unclear()], VOICE)
        if state.awaiting.slots != ["crm"]:
            state, out = advance(flow, state, [], VOICE)
    for _ in range(3):
        if not state.peek("crm").counts:
            state, out = advance(flow, state, [acts.Unclear()], VOICE)
    assert state.peek("crm").value == "none"
    assert out[-1] == acts.Summary("tools")


def test_never_by_voice_is_refused_on_the_phone_and_taken_in_chat(flow: Flow) -> None:
    state, out = play(flow, [said("card", "4242")])
    assert state.peek("card").value is None and state.peek("card").proposal is None
    assert acts.Say("never_by_voice", {"label": "card number"}) in out
    assert "4242" not in state.model_dump_json()
    state, _ = play(flow, [said("card", "tok_1")], env=CHAT)
    assert state.peek("card").value == "tok_1"


def test_summary_then_commit_then_next_step(flow: Flow) -> None:
    given = [
        said("company", "A B"),
        said("zone", "America/Denver"),
        said("email", "m@h.co"),
        said("mobile", "+1303"),
    ]
    state, out = play(flow, given, env=CHAT)
    assert out[-1] == acts.Summary("account")
    state, out = advance(flow, state, [acts.Yes()], CHAT)
    assert out[-1] == acts.Commit(
        "account",
        "register",
        {"company": "A B", "zone": "America/Denver", "email": "m@h.co", "mobile": "+1303"},
    )
    state, out = advance(flow, state, [acts.Committed("account", "registered")], CHAT)
    assert out == (acts.Say("step:account:done"), acts.Ask("crm"))


def test_condition_hides_and_shows_a_slot(flow: Flow) -> None:
    state = fresh(flow).model_copy(update={"done": {"account": "ok"}})
    state, out = advance(flow, state, [said("crm", "hubspot")], VOICE)
    assert out[-1] == acts.Ask("crm_name")
    state, out = advance(flow, state, [acts.Command("change", "crm")], VOICE)
    state, out = advance(flow, state, [said("crm", "none")], VOICE)
    assert out[-1] == acts.Summary("tools")


def test_a_changed_slot_of_a_committed_step_is_committed_again(flow: Flow) -> None:
    given = [
        said("company", "A B"),
        said("zone", "America/Denver"),
        said("email", "m@h.co"),
        said("mobile", "+1303"),
    ]
    state, _ = play(flow, given, [acts.Yes()], [acts.Committed("account", "ok")], env=CHAT)
    state, out = advance(flow, state, [acts.Command("change", "company")], VOICE)
    assert out == (acts.Ask("company"),)
    assert state.peek("company").value == "A B"
    state, out = advance(flow, state, [said("company", "C D")], VOICE)
    assert out == (acts.ReadBack(("company",)),) and state.peek("company").value == "A B"
    state, out = advance(flow, state, [acts.Yes()], VOICE)
    assert isinstance(out[-1], acts.Commit) and out[-1].values["company"] == "C D"


def test_refused_commit_asks_for_the_slot_in_the_tools_words(flow: Flow) -> None:
    given = [
        said("company", "A B"),
        said("zone", "America/Denver"),
        said("email", "m@h.co"),
        said("mobile", "+1303"),
    ]
    state, _ = play(flow, given, [acts.Yes()], env=CHAT)
    state, out = advance(
        flow, state, [acts.CommitFailed("account", "", {"email": "That address bounced."})], CHAT
    )
    assert out == (acts.Ask("email", 0, "That address bounced."),)
    assert state.peek("email").status == "rejected"
    state, out = advance(flow, state, [said("email", "n@h.co")], CHAT)
    assert out[-1] == acts.Summary("account")


def test_what_was_put_off_is_asked_again_before_the_gate(flow: Flow) -> None:
    state = fresh(flow).model_copy(
        update={"done": {"account": "ok", "tools": "ok"}, "approved": ["account", "tools"]}
    )
    for name in ("company", "zone", "mobile"):
        state.slot(name).status, state.slot(name).value = "confirmed", "x"
    state.slot("email").status = "skipped"
    state.slot("email").skips = 1
    state, out = advance(flow, state, [said("go", True)], VOICE)
    state, out = advance(flow, state, [acts.Yes()], VOICE)
    assert out == (acts.Say("back_to", {"label": "e-mail"}), acts.Ask("email", 1))
    state, out = advance(flow, state, [said("email", "m@h.co")], VOICE)
    state, out = advance(flow, state, [acts.Yes()], VOICE)
    assert out[-1].tool == "register"  # type: ignore[union-attr]


def test_a_suggested_correction_is_a_question(flow: Flow) -> None:
    state, out = play(flow, [said("email", "m@gmial.com", suggestion="m@gmail.com")])
    assert out == (acts.Ask("email", 0, "", "m@gmail.com"),)
    taken, out = advance(flow, state, [acts.Yes()], VOICE)
    assert out == (acts.ReadBack(("email",)),) and taken.peek("email").proposal == "m@gmail.com"
    kept, out = advance(flow, state, [acts.No()], VOICE)
    assert out == (acts.ReadBack(("email",)),) and kept.peek("email").proposal == "m@gmial.com"


def test_silence_is_a_ladder_that_ends(flow: Flow) -> None:
    state, _ = play(flow)
    keys = []
    for _ in range(4):
        state, out = advance(flow, state, [acts.Silence()], VOICE)
        keys.append(out[0])
    assert keys[:3] == [acts.Say("silence_1"), acts.Say("silence_2"), acts.Say("silence_3")]
    assert out == (acts.Close("silence"),)


def test_a_person_can_be_asked_for_anywhere_and_the_form_goes_on(flow: Flow) -> None:
    state, out = play(flow, [acts.Command("human")])
    assert out == (acts.HandOver("asked"), acts.Ask("company"))
    _, out = advance(flow, state, [acts.Command("human")], VOICE)
    assert out == (acts.Say("human_already"), acts.Ask("company"))


def test_half_an_answer_is_kept_and_the_rest_asked_for(flow: Flow) -> None:
    state, out = play(flow, [acts.Answer("email", Reading(ask="And after the at?", partial={"user": "m"}))])
    assert out == (acts.Ask("email", 0, "And after the at?"),)
    assert state.peek("email").partial == {"user": "m"}


def test_low_confidence_is_read_back_even_without_a_rule(flow: Flow) -> None:
    _, out = play(flow, [said("zone", "America/Denver", confidence=0.4)])
    assert out == (acts.ReadBack(("zone",)),)


def test_a_change_asked_for_in_chat_is_read_back_by_itself(flow: Flow) -> None:
    state, _ = play(flow, [said("company", "A B"), said("zone", "America/Denver")], env=CHAT)
    state, out = advance(flow, state, [acts.Command("change", "company")], CHAT)
    assert out == (acts.Ask("company"),)
    state, out = advance(flow, state, [said("company", "C D")], CHAT)
    assert out == (acts.ReadBack(("company",)),)
    state, out = advance(flow, state, [acts.Yes()], CHAT)
    assert state.peek("company").value == "C D" and out == (acts.Ask("email"),)
