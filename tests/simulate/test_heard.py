"""A caller's sentence through a voice, a telephone, noise and the recogniser; callers x voices x noise."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from agent.phrasing import Utterance
from agent.reply import Reply
from agent.speech.heard import Heard
from agent.speech.recognizer import Recognizer
from core.errors import InvalidInput
from policies.towns import towns
from simulate.contact import Contact, Outcome, Person, Played, again, load_contacts, wrong
from simulate.hearing import Hearing, Spoken, Written, noise_name
from simulate.matrix import Cell, Matrix, Run, as_text, load_cases, spanish, unlike
from simulate.script import Script
from simulate.sound import RATE, Samples, rms, tone
from simulate.spelling import spelled
from simulate.voice import LINE_AFTER, LINE_BEFORE, CachedVoice
from simulate.voices import Engines, EngineVoice, voice_named
from tests.speech.conftest import model_cache, recognizer

__all__ = ["recognizer"]

ROOT = Path(__file__).parents[2]


class Tones(CachedVoice):
    """A voice without an engine."""

    style = "tones"

    async def made(self, text: str, speed: float) -> tuple[int, bytes]:
        return RATE, tone(0.05 * len(text) / speed).tobytes()


class Ears:
    """A recogniser that notes what it was given."""

    model_name = "double"

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    async def hear(self, pcm: bytes, rate: int, **how: Any) -> Heard:
        self.asked.append({"seconds": len(pcm) / 2 / rate, "pcm": pcm, **how})
        return Heard("Oak Bark.", 0.5, language="en")


@pytest.fixture
def ears() -> Any:
    return Ears()


async def test_what_was_recognised_once_is_kept(ears: Any, tmp_path: Path) -> None:
    hearing = Hearing(ears, Tones(), 15.0, tmp_path)
    first = await hearing.say("Oak Park", vocabulary=("Oak",))
    assert first == Spoken("Oak Park", "Oak Bark.", 0.5, 1, "en") and hearing.decoded == 1
    assert await Hearing(ears, Tones(), 15.0, tmp_path).say("Oak Park", vocabulary=("Oak",)) == first
    assert len(ears.asked) == 1, "the same words, voice, noise and expectation"


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Elm Park"},
        {"vocabulary": ("Elm",)},
        {"take": 2},
        {"patience": "spelled"},
        {"language": "es"},
        {"careful": True},
        {"snr_db": None},
        {"style": "other"},
        {"model": "tiny.en"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_everything_a_result_depends_on_is_in_its_key(
    ears: Any, tmp_path: Path, change: dict[str, Any]
) -> None:
    await Hearing(ears, Tones(), 15.0, tmp_path).say("Oak Park", vocabulary=("Oak",))
    other, voice = dict(change), Tones()
    voice.style = other.pop("style", "tones")
    ears.model_name = other.pop("model", "double")
    hearing = Hearing(ears, voice, other.pop("snr_db", 15.0), tmp_path)
    await hearing.say(**{"text": "Oak Park", "vocabulary": ("Oak",), **other})
    assert hearing.decoded == 1


async def test_a_sentence_stands_in_the_noise_of_an_open_line(ears: Any) -> None:
    clean, noisy = Hearing(ears, Tones()), Hearing(ears, Tones(), 15.0)
    for hearing in (clean, noisy):
        await hearing.say("A sentence of some length.", patience="spelled", vocabulary=("Oak",))
    quiet, loud = (_samples(asked["pcm"]) for asked in ears.asked)
    before = int(LINE_BEFORE * RATE)
    assert rms(quiet[: before - 480]) < 1 < 100 < rms(loud[: before - 480]), "noise before the first word"
    assert ears.asked[0]["seconds"] == pytest.approx(1.3 + LINE_BEFORE + LINE_AFTER, abs=0.2)
    assert "P as in Papa" in ears.asked[0]["words"] and "Oak" in ears.asked[0]["words"]
    again_ = Hearing(ears, Tones(), 15.0)
    await again_.say("A sentence of some length.", take=2)
    assert ears.asked[2]["seconds"] > ears.asked[0]["seconds"], "said again, it is said slower"


def _samples(pcm: bytes) -> Samples:
    import numpy as np

    return np.frombuffer(pcm, "<i2")


def run(case: str, cell: Cell, *problems: str) -> Run:
    return Run(case, cell, list(problems), [Spoken("Oak Park", "Oak Bark", 0.5), Spoken("Yes.", "yes", 0.9)])


def test_a_matrix_counts_cell_by_cell_and_shows_what_was_misheard() -> None:
    clean, noisy = Cell("joe"), Cell("joe", 15.0)
    matrix = Matrix([run("a", clean), run("b", clean), run("a", noisy, "lead.beds: None"), run("b", noisy)])
    assert matrix.cells() == {clean: (2, 2), noisy: (1, 2)} and not matrix.met
    assert [str(r.cell) for r in matrix.failures] == ["joe, 15 dB"]
    shown = as_text(matrix)
    assert "joe, clean" in shown and "2 of   2  100.0%" in shown and "1 of   2   50.0%  (not enough)" in shown
    assert "said  Oak Park" in shown and "heard Oak Bark  (0.50)" in shown and "said  Yes." not in shown
    kept = matrix.as_dict()
    assert kept["cells"][1] == {"voice": "joe", "noise": "15 dB", "passed": 1, "total": 2}
    assert kept["failures"][0]["heard"][0]["heard"] == "Oak Bark"
    assert Matrix(matrix.runs[:2]).met and not Matrix().met, "nothing played is nothing shown"
    nineteen = [run(str(n), clean) for n in range(19)]
    assert Matrix([*nineteen, run("x", clean, "no")]).met, "95 of a hundred are enough"


def test_names_of_noise_and_what_counts_as_misheard() -> None:
    assert [noise_name(level) for level in (None, 15.0)] == ["clean", "15 dB"]
    assert not unlike(Spoken("up to 600 thousand.", "Up to 600 thousand")) and unlike(Spoken("two", ""))


def test_both_kinds_of_callers_are_found_and_the_spanish_ones_known() -> None:
    cases = load_cases([ROOT / "tests/evals/callers", ROOT / "simulate/scripts"])
    kinds = {type(case) for case in cases}
    assert kinds == {Contact, Script} and len(cases) > 60
    names = {c.caller if isinstance(c, Script) else c.name for c in cases if spanish(c)}
    assert {"lead_spanish", "vender", "un comprador por escrito"} <= names and "a renter" not in names
    with pytest.raises(InvalidInput):
        load_cases([ROOT / "docs"])


def test_a_file_that_holds_no_callers_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("- name: a\n  opens: [hi]\n  expect: {nonsense: 1}\n")
    with pytest.raises(InvalidInput, match="holds no callers"):
        load_contacts(tmp_path)


def test_yaml_s_no_is_a_word() -> None:
    contact = Contact.model_validate(
        {"name": "a", "opens": ["hi"], "answers": {"listed": False, "alerts": [True, 2]}, "expect": {}}
    )
    assert contact.answers == {"listed": ("no",), "alerts": ("yes", "2")}


def test_a_name_that_was_not_understood_is_spelled_the_third_time() -> None:
    assert again("name", "Lu Chen", 2) == "Lu Chen"
    both = "First name Lu, L as in Lima, U as in Uniform. Last name Chen, C as in Charlie"
    assert again("name", "Lu Chen", 3).startswith(both)
    right = {"first": "Lu", "last": "Chen", "display": "Lu Chen"}
    assert spelled(right, {"first": "Lu", "last": "Chan"}).startswith("Last name Chen, C as in Charlie")
    assert spelled(right, right) == spelled(right)
    assert again("name", "María López", 3) == "María López", "nobody spells that so"
    assert again("areas", "Oak Park", 3) == "Oak Park"


def test_being_asked_again_fails_in_writing_only() -> None:
    played = Played(said=["Hi"], asked=["intent", "beds", "beds"], ended=True)
    expect = Outcome(ended=True, not_asked=("beds",), asked_once=True)
    assert wrong(expect, played) == ["asked for beds", "asked twice for beds"]
    assert wrong(expect, played, spoken=True) == []
    assert wrong(Outcome(ended=False), played, spoken=True) != []


@pytest.mark.speech
@pytest.mark.parametrize(
    ("voice", "said", "heard", "language"),
    [
        (
            "wren",
            "I'm looking for a two bedroom apartment in Lakewood.",
            "lakewood",
            "en",
        ),
        ("dora", "Hola, quiero comprar una casa en Denver.", "quiero comprar una casa en denver", "es"),
    ],
)
async def test_the_real_recogniser_hears_both_languages(
    recognizer: Recognizer,
    voice: str,
    said: str,
    heard: str,
    language: str,
) -> None:
    folder = Path(tempfile.gettempdir()) / "seiketsu-test-voice"
    speaker = voice_named(voice, Engines(model_cache()), folder)
    assert isinstance(speaker, EngineVoice)
    spoken = await Hearing(recognizer, speaker, 15.0).say(said)
    assert heard in spoken.heard.casefold() and spoken.language == language


async def test_in_writing_everything_arrives() -> None:
    assert (await Written().say("two")).heard == "two"


def test_a_voice_nobody_has_is_told_with_those_there_are() -> None:
    with pytest.raises(InvalidInput) as refused:
        voice_named("nobody", Engines(model_cache()))
    assert "bella" in str(refused.value.problems[0].next_step)


class Double:
    """As much of a conversation as a caller looks at."""

    class state:
        language = "en"

    class flow:
        slots: ClassVar[dict[str, None]] = {"areas": None, "name": None}

    def view(self) -> Any:
        say = SimpleNamespace(say=lambda value, context: str(value), show=lambda value, context: str(value))
        return SimpleNamespace(type_of=lambda name: say, context=lambda name: None)


TALK: Any = Double()


def reply(kind: str, slot: str, says: str = "", keys: tuple[str, ...] = (), **values: Any) -> Any:
    told = tuple(Utterance(says, says, True, key) for key in keys or ("ask:x",))
    slots = {name: {"status": "proposed", "value": value} for name, value in values.items()}
    return Reply(told, awaiting={"kind": kind, "slots": [slot] if slot else []}, slots=slots)


def person(**meant: Any) -> Person:
    contact = Contact(name="a", opens=("Do you charge?",), answers={"name": ("Al Gray",)}, expect=Outcome())
    reactions = {"Do you charge?": {"answered"}}
    return Person(contact, Played(values={k: [v] for k, v in meant.items()}, reactions=reactions))


def test_a_caller_says_no_to_what_is_read_back_wrong() -> None:
    caller = person(name="Al Gray")
    caller._opens.clear()
    assert caller.next(TALK, reply("confirm", "name", name="Al Gray")) == ("yes", 1)
    wrong_ = caller.next(TALK, reply("confirm", "name", name="Hal Gray"))
    assert wrong_ == ("No. It's Al Gray", 1)
    told = reply("ask", "areas", "Okay, Hal Gray. Which areas?", name="Hal Gray")
    assert caller.next(TALK, told) == ("No. My name is Al Gray", 2)


def test_a_question_that_got_no_answer_is_asked_again_and_what_was_lost_is_said_when_asked_for() -> None:
    caller = person(areas=["Erie"])
    assert caller.next(TALK, reply("ask", "areas")) == ("Do you charge?", 1)
    assert caller.next(TALK, reply("ask", "areas")) == ("Do you charge?", 2)
    answered = reply("ask", "areas", keys=("answered", "ask:areas"))
    assert caller.next(TALK, answered) == ("['Erie']", 1)


def test_the_places_of_a_state_are_expected_in_turn() -> None:
    assert towns(["CO"], 2) == ("Denver", "Colorado Springs")
    assert towns(["CO", "WY"], 3) == ("Denver", "Cheyenne", "Colorado Springs") and towns(["XX"]) == ()
    assert len(towns(["TX"])) == 10 and "Wichita" in towns(["KS"])
