from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.types.areas import TYPE
from tests.understanding.support import context

LEAD = context("areas", cues=["in", "near", "around", "close to", "the area of", "looking in"])
MARKETS = context("areas", cues=["our markets are", "we focus on"])


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Capitol Hill or the Highlands", ["Capitol Hill", "Highlands"]),
        ("somewhere near downtown Denver", ["downtown Denver"]),
        ("Fremont.", ["Fremont"]),
        ("Hope Park", ["Hope Park"]),
        ("Hope Park or Cool Springs", ["Hope Park", "Cool Springs"]),
        ("Maybe Park", ["Park"]),
        ("in Mountain View", ["Mountain View"]),
        ("capitol hill or wash park", ["Capitol Hill", "Wash Park"]),
        ("Denver, Colorado", ["Denver"]),
        ("Denver and Boulder", ["Denver", "Boulder"]),
        ("Lakewood, Golden, Arvada, and Wheat Ridge", ["Lakewood", "Golden", "Arvada", "Wheat Ridge"]),
        ("I'm looking in the Wash Park area", ["Wash Park"]),
        ("I think Lakewood would work well", ["Lakewood"]),
        ("Lakewood's a good area, and I'd want it furnished", ["Lakewood"]),
        ("I live alone. I want something in Oak Park with two bedrooms.", ["Oak Park"]),
        ("80205", ["80205"]),
        ("eight oh two oh five", ["80205"]),
        ("DTMF: 80202#", ["80202"]),
        ("not sure yet, maybe Lakewood", ["Lakewood"]),
        ("anywhere near Boulder", ["Boulder"]),
        ("New Haven or White Plains", ["New Haven", "White Plains"]),
        ("St. Louis Park", ["St. Louis Park"]),
        ("Coeur d'Alene", ["Coeur d'Alene"]),
        ("Five Points", ["Five Points"]),
        ("close to downtown", ["Downtown"]),
        ("the north side", ["North Side"]),
        ("within 20 minutes of Denver", ["Denver"]),
        ("DENVER", ["Denver"]),
        ("um, either Stapleton or the Lowry area please", ["Stapleton", "Lowry"]),
        ("Park City", ["Park City"]),
    ],
)
def test_answers(said: str, names: list[str]) -> None:
    reading = TYPE.parse(said, LEAD)
    assert reading is not None and reading.value == names


@pytest.mark.parametrize(
    "said",
    [
        *(
            "",
            "no preference",
            "anywhere",
            "I don't care",
            "doesn't matter",
            "not sure",
            "yes",
            "three bedrooms",
        ),
        *(
            "what areas do you have?",
            "can you repeat that",
            "close to my work",
            "somewhere quiet",
            "DTMF: 12#",
        ),
        *("I don't know, you choose", "help", "a big house with a yard", "half a million"),
    ],
)
def test_what_names_no_place(said: str) -> None:
    assert TYPE.parse(said, LEAD) is None


@pytest.mark.parametrize(
    "said",
    ["a white neighborhood", "the Hispanic area", "somewhere safe", "a good area", "not a poor part of town"],
)
def test_words_about_people_and_praise_are_no_places(said: str) -> None:
    assert TYPE.parse(said, LEAD) is None and TYPE.spot(said, LEAD) is None


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("I want three bedrooms under 450 in Oak Park.", ["Oak Park"]),
        ("two beds near Capitol Hill or Cherry Creek, please", ["Capitol Hill", "Cherry Creek"]),
        ("We're moving to Fort Collins in the spring", ["Fort Collins"]),
        ("I need a place in Lakewood. It must have two baths.", ["Lakewood"]),
        ("something in san mateo preferably", ["San Mateo"]),
        ("I'm looking for a Boulder apartment", ["Boulder"]),
        ("my zip code is 80205", ["80205"]),
    ],
)
def test_spotted(said: str, names: list[str]) -> None:
    reading = TYPE.spot(said, LEAD)
    assert reading is not None and reading.value == names


@pytest.mark.parametrize(
    "said",
    [
        *(
            "in January",
            "my lease is up in feb and we are looking",
            "we close in sept or oct",
            "call me in the morning",
            "in about three months",
            "in general",
            "I'm in a hurry",
            "in Spanish please",
        ),
        *(
            "our leads are in HubSpot",
            "around Christmas",
            "near my office",
            "in two weeks",
            "in cash",
            "I'm Dana Reed",
            "I'm looking for an apartment to rent.",
            "a house to buy, please.",
        ),
    ],
)
def test_not_spotted(said: str) -> None:
    assert TYPE.spot(said, LEAD) is None


def test_without_loose_cues_only_the_announcement_counts() -> None:
    assert TYPE.spot("our office is in Denver", MARKETS) is None
    reading = TYPE.spot("we focus on Boulder and Longmont", MARKETS)
    assert reading is not None and reading.value == ["Boulder", "Longmont"]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("no, Boulder", ["Boulder"]),
        ("and Lakewood", ["Denver", "Golden", "Lakewood"]),
        ("Lakewood too", ["Denver", "Golden", "Lakewood"]),
        ("not Golden", ["Denver"]),
        ("Boulder, not Denver", ["Boulder"]),
    ],
)
def test_corrections(said: str, names: list[str]) -> None:
    reading = TYPE.repair(said, context("areas", cues=["in"], current=["Denver", "Golden"]))
    assert reading is not None and reading.value == names


@pytest.mark.parametrize(
    "value", [[], ["a"], "Denver", None, ["x" * 80], [5], [f"Town {i}" for i in range(12)]]
)
def test_check_refuses(value: object) -> None:
    assert TYPE.check(value, LEAD)


@pytest.mark.parametrize(
    "value", [["Denver"], ["Capitol Hill", "Highlands"], ["80205", "Boulder", "Fort Collins"]]
)
def test_what_is_said_and_shown_is_understood(value: list[str]) -> None:
    assert TYPE.check(value, LEAD) is None
    for text in (TYPE.say(value, LEAD), TYPE.show(value, LEAD)):
        reading = TYPE.parse(text, LEAD)
        assert reading is not None and reading.value == value


@given(
    st.one_of(
        st.text(max_size=150),
        st.lists(
            st.sampled_from(
                ["in", "San", "Jose", ",", "or", "the", "d'Alene", "St.", "80205", "New", "I", "."]
            ),
            max_size=15,
        ).map(" ".join),
    )
)
def test_any_text_is_survived(text: str) -> None:
    for ctx in (LEAD, context("areas", current=["Denver"])):
        for call in (TYPE.parse, TYPE.spot, TYPE.repair):
            reading = call(text, ctx)
            assert reading is None or reading.value is None or len(reading.value) <= 10


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("golden asap", ["Golden"]),
        ("edgewater or berkley now please", ["Edgewater", "Berkley"]),
        ("we're moving to parker, thanks", ["Parker"]),
        ("want to cancel", None),
        ("i wouldn't know where to begin", None),
        ("we only have 700k to spend", None),
        ("hoping to reschedule", None),
        ("i'd like to negotiate", None),
        ("le dieron 350 thousand", None),
    ],
)
def test_a_verb_a_hurry_or_a_sum_is_no_place(said: str, names: list[str] | None) -> None:
    reading = TYPE.parse(said, LEAD)
    assert (reading.value if reading else None) == names
