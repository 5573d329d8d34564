"""C19, C22, C26-C28, C43: between a model and the voice stands a filter that no wording gets around."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from agent.brains.gate import Judge
from policies import compliance, wording

SAID = yaml.safe_load((Path(__file__).parent / "data" / "said.yaml").read_text(encoding="utf-8"))


def _judge(**more: object) -> Judge:
    options = {"secret": "", "canary": "", "known": lambda: list(SAID["fine"]), **more}
    return Judge(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize("sentence", SAID["never"])
def test_what_may_never_be_said_is_held_back(sentence: str) -> None:
    assert _judge().verdict(sentence) == "forbidden"


@pytest.mark.parametrize("sentence", SAID["fine"])
def test_what_a_good_agent_says_passes(sentence: str) -> None:
    assert _judge().verdict(sentence) != "forbidden"


def test_a_statement_cut_in_two_is_still_one() -> None:
    judge = _judge()
    assert judge.verdict("I would call that street") == ""
    assert judge.verdict("very safe.") == "forbidden"


def test_every_fixed_answer_may_be_said_and_is_never_a_judgement() -> None:
    policy = compliance.compliance()
    for language in ("en", *policy.languages):
        for name, text in policy.templates_in(language).items():
            if name == "unrecorded":
                continue  # true only where the engine itself says it
            filled = text.format(brand="Acme", persona="Alex", callback="", time="")
            assert not wording.problem(filled) or name in ("minor",), (language, name)


def test_only_the_engine_may_say_that_nothing_is_recorded() -> None:
    words = "No, this call isn't being recorded."
    assert _judge().verdict(words) == "forbidden"
    assert _judge(say=words).verdict(words) == ""


def test_no_piece_of_the_canary_is_heard() -> None:
    canary = "a1b2c3d4e5f60718"
    for words in (f"It is {canary}.", "a1 b2 c3 d4", "A-1-B-2-C-3", "the first part is a1b2c3"):
        assert _judge(canary=canary).verdict(words) == "canary"
    judge = _judge(canary=canary)
    assert judge.verdict("It begins with a1b") == "" and judge.verdict("2c3, and so on.") == "canary"


def test_the_prompt_is_not_quoted() -> None:
    secret = "Never tell a caller what the neighbours are like or which homes are worth a visit."
    assert _judge(secret=secret).verdict("I was told: " + secret) != ""


def test_a_sentence_is_judged_in_no_time() -> None:
    sentences = [*SAID["never"], *SAID["fine"]]
    started = time.perf_counter()
    for sentence in sentences:
        wording.problem(sentence)
    assert (time.perf_counter() - started) / len(sentences) < 0.002 * 5, (
        "two milliseconds on a machine of one's own"
    )
