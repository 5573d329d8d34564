from typing import Any

import pytest

from core.errors import InvalidInput
from simulate.caller import Caller
from simulate.facts import same
from simulate.script import Script, load_folder, load_script
from simulate.state import State, guess


def caller(door: str = "chat", **script: Any) -> Caller:
    base: dict[str, Any] = {
        "caller": "x",
        "title": "x",
        "facts": {"plan": "professional", "email": "bart@bhhs.com"},
        "answers": {"plan": ["Professional.", "The professional plan."], "email": "B, A, R, T."},
    }
    return Caller(Script.model_validate({**base, **script}), door)  # type: ignore[arg-type]


def at(kind: str, *slots: str, step: str = "account", offer: Any = None, **values: Any) -> State:
    return State(kind, slots, step, values, dict.fromkeys(values, "proposed"), offer=offer)


@pytest.mark.parametrize(
    ("fact", "held", "equal"),
    [
        ("Summit Real Estate", "summit real-estate", True),
        ("Summit Real Estate", "Some Real Estate", False),
        ("bart@bhhs.com", "Bart@BHHS.com", True),
        ("b.art@bhhs.com", "bart@bhhs.com", False),
        ("+13035550142", "(303) 555-0142", True),
        ("+13035550142", "+13035550143", False),
        (["zillow", "website"], ["website", "zillow"], True),
        (["zillow"], ["zillow", "website"], False),
        (["CO"], "CO", True),
        (5, "5", True),
        (5, 6, False),
        (True, 1.0, True),
        ("Sarah Miller", {"first": "Sarah", "last": "Miller"}, True),
        ("Sarah Miller", {"first": "Sarah", "display": "Sarah Miller", "spelled": True}, True),
        ("Sarah Muller", {"first": "Sarah", "display": "Sarah Miller", "spelled": True}, False),
        ({"last": "Miller"}, {"first": "Sarah", "last": "Miller"}, True),
        ({"last": "Muller"}, {"first": "Sarah", "last": "Miller"}, False),
        ("x", None, False),
    ],
)
def test_a_fact_is_compared_as_a_person_would(fact: Any, held: Any, equal: bool) -> None:
    assert same(fact, held) is equal


def test_each_attempt_says_it_another_way_and_the_last_is_repeated() -> None:
    c = caller(patience=3)
    said = [c.move(at("ask", "plan"), []).text for _ in range(4)]
    assert said == ["Professional.", "The professional plan.", "The professional plan.", "Let's skip that."]
    assert c.troubles == ["plan could not be got across in 3 attempts"]


def test_it_agrees_to_what_is_right_and_corrects_what_is_wrong() -> None:
    c = caller(corrections={"email": "No, it's B as in boy."})
    assert c.move(at("confirm", "email", email="bart@bhhs.com"), []).text == "Yes."
    assert c.move(at("confirm", "email", email="part@bhhs.com"), []).text == "No, it's B as in boy."
    assert c.move(at("confirm", "email", email="dart@bhhs.com"), []).text == "No. B, A, R, T."
    assert c.move(at("confirm", "unknown", unknown="whatever"), []).text == "Yes, that's right."


def test_a_summary_with_one_wrong_value_names_it() -> None:
    c = caller()
    right = {"plan": "professional", "email": "bart@bhhs.com"}
    assert c.move(at("summary", **{**right, "plan": "starter"}), []).text == "No. Change the plan."
    assert c.move(at("which", "email", "plan", **{**right, "plan": "starter"}), []).text == "plan"
    assert c.move(at("summary", **{**right, "plan": None}), []).text == "Yes."
    # what one summary has settled, the next is not about
    assert c.move(at("summary", **{**right, "email": "else@bhhs.com"}), []).text == "Yes, that's right."


@pytest.mark.parametrize(
    ("offers", "offer", "said"),
    [
        ({}, "professional", "Yes."),
        ({}, "starter", "No. Professional."),
        ({}, None, "No. Professional."),
        ({"plan": True}, "starter", "Yes."),
        ({"plan": False}, "professional", "No. Professional."),
    ],
)
def test_an_offer_is_taken_when_it_is_what_the_caller_wants(
    offers: dict, offer: str | None, said: str
) -> None:
    assert caller(offers=offers).move(at("offer", "plan", offer=offer), []).text == said


def test_keys_are_pressed_on_the_telephone_and_typed_words_in_chat() -> None:
    answers = {"phone": {"say": ["three"], "type": ["3"], "keys": "3#", "keys_from": 2}}
    phone, chat = caller("phone", answers=answers), caller("chat", answers=answers)
    assert [phone.move(at("ask", "phone"), []).do for _ in range(2)] == ["say", "keys"]
    assert [chat.move(at("ask", "phone"), []).text for _ in range(2)] == ["3", "3"]


def test_a_no_is_said_before_keys_are_pressed() -> None:
    """A keypad's digits would be taken for a yes, a no or a command."""
    known = {"answers": {"phone": {"keys": "3035550142#"}}, "facts": {"phone": "+13035550142"}}
    c = caller("phone", offers={"phone": False}, **known)
    assert c.move(at("offer", "phone"), []).text == "No."
    assert c.move(at("confirm", "phone", phone="+13035550143"), []).text == "No."
    assert c.move(at("ask", "phone"), []).do == "keys"


def test_what_it_came_to_say_is_said_first_and_blanks_are_filled() -> None:
    c = caller(opens=["We want {plan}.", "Code {resume_code}."])
    assert c.move(at("ask", "plan"), ["Your code to go on is 12, 34, 56."]).text == "We want professional."
    assert c.move(at("ask", "plan"), []).text == "Code 123456."
    assert c.move(at("ask", "plan"), []).text == "Professional."


def test_habits_happen_once_where_they_belong() -> None:
    habits = [
        {"when": "ask:plan", "nth": 2, "do": "silence", "seconds": 9},
        {"when": "confirm:*", "do": "say", "text": "Help."},
        {"when": "step:voice", "do": "hang_up"},
    ]
    c = caller(habits=habits)
    moves = [
        c.move(at("ask", "plan"), []),
        c.move(at("ask", "plan"), []),
        c.move(at("ask", "plan"), []),
        c.move(at("confirm", "plan", plan="professional"), []),
        c.move(at("confirm", "plan", plan="professional"), []),
        c.move(at("ask", "plan", step="voice"), []),
    ]
    assert [move.do for move in moves] == ["say", "silence", "say", "say", "say", "hang_up"]
    assert [move.text for move in moves[2:5]] == ["The professional plan.", "Help.", "Yes."]


def test_barging_in_is_talking_over_the_reply_and_in_chat_the_next_message() -> None:
    habits = [{"when": "ask:plan", "do": "barge_in", "text": "Wait.", "after": 0.4}]
    move = caller("phone", habits=habits).move(at("ask", "plan"), [])
    assert (move.text, move.then, move.after) == ("Professional.", "Wait.", 0.4)
    c = caller("chat", habits=habits)
    assert [c.move(at("ask", "plan"), []).text for _ in range(2)] == ["Professional.", "Wait."]


def test_without_the_services_help_it_goes_by_the_words() -> None:
    bare = State(step="account", statuses={"name": "confirmed", "email": "proposed", "plan": "empty"})
    read_back = guess(bare, ["B-A-R-T at bhhs.com.", "Is that right?"], {})
    assert (read_back.kind, read_back.slots) == ("confirm", ("email",))
    asked = guess(bare, ["Great.", "What's your e-mail?"], {"email": ["e-mail"], "plan": ["plan"]})
    assert (asked.kind, asked.slots) == ("ask", ("email",))
    assert guess(bare, ["And now?"], {}).slots == ("plan",)
    told = at("ask", "plan")
    assert guess(told, ["Is that right?"], {}) is told


def test_a_script_that_is_wrong_names_every_problem(tmp_path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("caller: x\ntitle: y\ncolour: red\nhabits: [{when: later, do: sing}]\n")
    with pytest.raises(InvalidInput) as wrong:
        load_script(path)
    places = {problem.where for problem in wrong.value.problems}
    assert places == {"bad.yaml: colour", "bad.yaml: habits.0.when", "bad.yaml: habits.0.do"}
    with pytest.raises(InvalidInput, match="no caller scripts"):
        load_folder(tmp_path / "nowhere")
