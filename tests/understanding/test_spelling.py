"""Spelled input is read the same however it is said, and a correction changes one character."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.understanding.corrections import Fix, fix_characters, last_version, resolve_fix
from agent.understanding.fillers import leftover, strip_fillers, strip_opening
from agent.understanding.letters import AS_IN, RADIO, SYMBOLS, confusable, read_back
from agent.understanding.placeholders import is_placeholder
from agent.understanding.spelling import decode, join, respell, spelled_out

WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=9)
RADIO_OF = {letter: word for word, letter in reversed(RADIO.items())}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("M B A R T, underscore, two", "mbart_2"),
        ("M-B-A-R-T underscore 2", "mbart_2"),
        ("M. B. A. R. T. underscore to", "mbart_2"),
        ("MBART_2", "mbart_2"),
        ("M-BA-R-T", "mbart"),
        ("RGR-EEN90", "rgreen90"),
        ("m be a are tea under score 2", "mbart_2"),
        ("em as in Mike bee as in boy", "mb"),
        ("an as in Nancy", "n"),
        ("M is in Mike, B as an boy", "mb"),
        ("B for boy, A for apple", "ba"),
        ("K. S. N. King. I. M.", "kim"),  # "as in" in the middle of letters
        ("ms and mic, ds and boy", "mb"),
        ("Whitfield, W, H-I-T-F-I-D-L-D", "whitfield"),  # E was heard as D
        ("Dell, B E L L", "bell"),  # two consonants: the word proves nothing
        ("Brian, B R Y A N", "bryan"),  # but spelling says what the word cannot
        ("E. V. Vickter, A. N. S.", "evans"),
        ("Sierra alpha mic dash to", "sam-2"),
        ("Loaps, L-O-P-E-S", "lopes"),
        ("Bennett, D as in dog, E N N E T T", "dennett"),
        ("M like Mike", "m"),
        ("M as in Mike, A as in alpha, X as in x-ray", "max"),
        ("mike bravo alpha romeo tango", "mbart"),
        ("M Mike B Bravo A Alpha", "mba"),
        ("x-ray yankee zulu", "xyz"),
        ("mike dot victor", "mike.victor"),  # two names, not two letters
        ("maria l-o-p-e-z", "marialopez"),
        ("Lopez, L O P E S", "lopes"),
        ("oak hill O A K H I L L", "oakhill"),
        ("capital M a r i a", "maria"),
        ("double l o y d", "lloyd"),
        ("two L's o y d", "lloyd"),
        ("l double o double u", "loow"),
        ("w w w", "www"),
        ("J smith forty two", "jsmith42"),
        ("maria underscore lopez nineteen eighty five", "maria_lopez1985"),
        ("c for charlie 4 5", "c45"),
        ("F as in Frank, four, two", "f42"),
        ("o three o", "030"),
        ("s o three", "so3"),
        ("d o u g triple seven", "doug777"),
        ("mark for homes", "markforhomes"),  # a word between words stays a word
        ("R E slash M A X", "re/max"),
        ("O'Brien", "o'brien"),
        ("o apostrophe b r i e n", "o'brien"),
        ("jean-luc.picard", "jean-luc.picard"),
        ("m.lopez", "m.lopez"),
        ("harbor dash realty", "harbor-realty"),
        ("all lowercase, m, a, x, all one word", "max"),
        ("A, B, see", "abc"),
        ("bee ee ay", "bea"),
    ],
)
def test_what_is_spelled_is_read(said: str, meant: str) -> None:
    assert join(respell(decode(said, spelled=True))) == meant


STYLES = {
    "spaces": lambda w: " ".join(w),
    "capitals": lambda w: " ".join(w.upper()),
    "commas": lambda w: ", ".join(w.upper()),
    "hyphens": lambda w: "-".join(w.upper()),
    "full stops": lambda w: ". ".join(w.upper()) + ".",
    "as in": lambda w: ", ".join(f"{c} as in {AS_IN[c]}" for c in w),
    "radio": lambda w: " ".join(RADIO_OF[c] for c in w),
    "merged": lambda w: w.upper(),
    "our own read-back": read_back,
    "our plain read-back": lambda w: read_back(w, as_in=False),
}


@pytest.mark.parametrize("style", STYLES)
@given(word=WORDS)
def test_every_style_gives_the_same_letters(style: str, word: str) -> None:
    assume(style != "merged" or word not in {*SYMBOLS, "double", "triple", "capital", "small", "little"})
    assert join(decode(STYLES[style](word), spelled=True)) == word


@given(word=WORDS)
def test_read_back_keeps_chunks_short_and_names_only_what_is_confusable(word: str) -> None:
    for part in read_back(word).split(", "):
        if " as in " in part:
            assert any(confusable(part[0], other) for other in "abcdefghijklmnopqrstuvwxyz0123456789")
        else:
            assert len(part.split("-")) <= 4


def test_the_read_back_of_the_script() -> None:
    assert read_back("mbart_2") == "M as in Mike, B as in boy, A-R-T, underscore, 2"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("N-G-U-Y-E-N", "nguyen"),
        ("it's spelled L O P E Z", "lopez"),
        ("Lopez", None),
        ("L O P E Z", "lopez"),
        ("L 7", None),
    ],
)
def test_spelled_out_wants_nothing_but_letters(said: str, word: str | None) -> None:
    assert spelled_out(said) == word


@pytest.mark.parametrize(
    ("value", "said", "fixed"),
    [
        ("mbart_2", "No, it's N as in Nancy.", "nbart_2"),
        ("mbart_2", "no, N", "nbart_2"),
        ("mbart", "No. An as in Nancy.", "nbart"),
        ("mbart", "it is an N", "nbart"),
        ("mbart", "It's N not M", "nbart"),
        ("mbart", "not M, N", "nbart"),
        ("mbart", "the M should be an N", "nbart"),
        ("mbart", "change the M to an N", "nbart"),
        ("mbart", "it's dart not bart", "mdart"),
        ("mbart", "the third letter is e", "mbert"),
        ("mbart_2", "the last letter is D", "mbard_2"),
        ("mbart", "no the last one is D as in dog", "mbard"),
        ("maria", "the second a is an o", "mario"),
        ("mbart_2", "the 2 is a 3", "mbart_3"),
        ("maria.lopez", "underscore not dot", "maria_lopez"),
        ("maria.lopez", "no dot", "marialopez"),
        ("maria_lopez", "it's a dash, not an underscore", "maria-lopez"),
        ("lopeez", "there's an extra e", "lopez"),
        ("hannah", "drop the last h", "hanna"),
        ("mbart", "remove the t", "mbar"),
        ("loyd", "double l", "lloyd"),
        ("loyd", "it's with two l's", "lloyd"),
        ("lloyd", "only one l", "loyd"),
        ("smith", "there's an e at the end", "smithe"),
        ("jon", "there's an h between the o and the n", "john"),
        ("jon", "add an h after the o", "john"),
        ("lopez", "no, it ends with an s", "lopes"),
        ("Lopez", "with an S at the end", "Lopes"),
        ("Katherine", "with a C", "Catherine"),
        ("Maria", "no, N as in Nancy", "Naria"),
    ],
)
def test_a_correction_is_applied(value: str, said: str, fixed: str) -> None:
    result = fix_characters(value, said)
    assert result is not None
    assert result.value == fixed


@pytest.mark.parametrize(
    "said", ["no", "that's wrong", "yes", "", "I don't know", "can you repeat that please"]
)
def test_what_names_no_character_changes_nothing(said: str) -> None:
    assert fix_characters("mbart_2", said) is None


@given(word=WORDS, char=st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
def test_a_misheard_letter_replaces_exactly_one_that_sounds_like_it(word: str, char: str) -> None:
    result = fix_characters(word, f"no, it's {char.upper()} as in {AS_IN[char]}")
    assert result is not None
    places = [i for i, c in enumerate(word) if confusable(c, char)]
    if len(places) == 1:
        assert result.value == word[: places[0]] + char + word[places[0] + 1 :]
    else:
        assert result == Fix(None, char, tuple(places))
        assert result.question(word).endswith(("?", "."))


@given(word=WORDS, place=st.integers(0, 8), char=st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789"))
def test_a_place_changes_that_place_only(word: str, place: int, char: str) -> None:
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
    result = fix_characters(word, f"the {names[place]} letter is {char.upper()}")
    if place < len(word):
        assert result is not None
        assert result.value == word[:place] + char + word[place + 1 :]


def test_the_answer_to_which_one() -> None:
    asked = fix_characters("pedt", "B as in boy")
    assert asked is not None
    assert asked.places == (0, 1, 2, 3)
    assert "P as in Peter" in asked.question("pedt")
    assert resolve_fix("pedt", "b", (0, 2), "the first one") == "bedt"
    assert resolve_fix("pedt", "b", (0, 2), "the second one") == "pebt"
    assert resolve_fix("pedt", "b", (0, 2), "the third letter") == "pebt"
    assert resolve_fix("pedt", "b", (0, 2), "the D") == "pebt"
    assert resolve_fix("pedt", "b", (0, 2), "hm") is None


@given(st.text(max_size=80), st.text(max_size=20))
def test_no_text_is_too_strange(text: str, value: str) -> None:
    for unit in decode(text, spelled=True):
        assert 0 <= unit.start < unit.end <= len(text)
    fix_characters(value, text)
    resolve_fix(value or "x", "b", (0,), text)
    last_version(text)
    assert strip_fillers(strip_fillers(text)) == strip_fillers(text)
    leftover(text)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("um, it's, my email is maria at x dot com please", "maria at x dot com"),
        ("Well, the brokerage is called Harbor Realty.", "Harbor Realty."),
        ("my first name is Maria", "Maria"),
        ("the last number is 5", "the last number is 5"),
        ("The best number for me is 303", "303"),
        ("yeah, it's five", "yeah, it's five"),
        ("um", ""),
        ("now", "now"),
        ("The One Group", "The One Group"),
    ],
)
def test_carriers_are_stripped_and_answers_kept(said: str, answer: str) -> None:
    assert strip_fillers(said) == answer


def test_an_opening_yes_is_no_answer_to_an_open_question() -> None:
    assert strip_opening("yeah, it's Maria") == "Maria"
    assert strip_opening("yes") == "yes"


@pytest.mark.parametrize(
    "value",
    [
        "unknown",
        "N/A",
        "n.a.",
        "none",
        "Test",
        "test test",
        "xxx",
        "---",
        "",
        None,
        "<name>",
        "not provided",
        "TBD",
        {"first": "unknown", "last": "n/a"},
        [],
        "Jane Doe Test" and "first last",
    ],
)
def test_placeholders_are_no_values(value: object) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value", ["Maria", "Ng", "Bo", "Nan Lopez", "A1", "info", "Testa", "Null & Sons", 0, False]
)
def test_real_values_are_no_placeholders(value: object) -> None:
    assert not is_placeholder(value)
