"""What is said of a meeting, by its meaning and not by its neighbours' (A047)."""

from __future__ import annotations

import pytest

from agent.understanding.of_meeting import asks_how_met, asks_if_set, only_to_know, to_know_of_it


@pytest.mark.parametrize(
    "words",
    [
        "am I booked?",
        "so wed at 10 is set right?",
        "is the 130 viewing still good?",
        "so we're on for tuesday?",
        "so Sarah is coming wednesday at 10?",
        "so am i good for 130?",
        "we're all set then?",
        "is that confirmed?",
        "did my booking go through?",
        "do you have me down for noon?",
        "so its locked in?",
        "see you wednesday then?",
    ],
)
def test_whether_it_is_set(words: str) -> None:
    assert asks_if_set(words) and not asks_how_met(words)


@pytest.mark.parametrize(
    "words",
    [
        "phone or in person?",
        "is that a video call?",
        "who's coming?",
        "where do I meet Sarah?",
        "is it by phone",
        "am i talking to sarah tmrw on the phone or in person?",
        "do i come to your office?",
        "who will be there",
        "Is the consultation the video call then?",
        "how long does it take?",
        "will she come to me?",
    ],
)
def test_how_one_meets(words: str) -> None:
    assert asks_how_met(words) and not asks_if_set(words)


@pytest.mark.parametrize(
    "words",
    [
        "my daughter comes too",
        "can my brother join by phone?",
        "Can she call me the day before to confirm?",
        "Jess will be there too",
        "text me when you're on the way",
        "the gate code is 4411",
        "I'm bringing my dad",
    ],
)
def test_what_is_to_be_known(words: str) -> None:
    assert only_to_know(words)


def test_what_is_to_be_known_beside_a_time() -> None:
    for words, kept in (
        ("Tuesday at noon is fine dear, my daughter comes too", "My daughter comes too"),
        ("the second one, can my brother join by phone?", "Can my brother join by phone"),
    ):
        assert to_know_of_it(words) == kept and not only_to_know(words)


@pytest.mark.parametrize(
    "words",
    [
        "is the house still available?",
        "is the house set back from the road?",
        "do you have a 2 bedroom?",
        "are pets good for this place?",
        "where is the house",
        "where is it listed",
        "how long has it been listed?",
        "my husband wants a garage",
        "my wife and I want to move",
        "my mom lives with me",
        "call me tomorrow",
    ],
)
def test_what_is_about_something_else(words: str) -> None:
    assert not asks_if_set(words) and not asks_how_met(words) and not to_know_of_it(words)
