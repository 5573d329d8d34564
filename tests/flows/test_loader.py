import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.loader import FlowProblems, load, load_all, load_flow
from flows.source import MAX_DEPTH

from .samples import GOOD, expected


def faults(text: str) -> list:
    with pytest.raises(FlowProblems) as caught:
        load_flow(text, "bad.yaml")
    return list(caught.value.problems)


def located(problems) -> set[tuple[int, str]]:
    return {(int(p.where.split(":")[1]), p.code) for p in problems}


def test_a_good_flow_is_loaded_with_the_place_of_every_key():
    loaded = load(GOOD, "good.yaml")
    assert loaded.flow.slots["website"].when.is_ == ("pro",)
    lines = GOOD.splitlines()
    where = loaded.source.where("slots", "org", "confirm")
    assert where == f"good.yaml:{lines.index('    confirm: explicit') + 1}:slots.org.confirm"
    assert loaded.source.where("steps", 1, "step").split(":")[1:] == [
        str(lines.index("  - step: agent") + 1),
        "steps[1].step",
    ]


def test_every_fault_of_shape_is_reported_at_once_with_file_line_and_key():
    text = """\
flow: bad
version: one                                        #! shape
title: Bad
flavour: vanilla                                    #! unknown_key
slots:
  org:
    type: text
    lable: organisation                             #! unknown_key
    ask: {again: []}                                #! missing_key
    confirm: perhaps                                #! shape
    choices:
      - {value: no, label: No}                      #! quotes
      - {value: a, label: A, alos: [b]}             #! unknown_key
  email: {type: email, label: e-mail, ask: {voice: "E-mail?"}}
  email: {type: email, label: twice, ask: {voice: "E-mail?"}}  #! duplicate_key
steps:
  - step: account
    title: Account
    next: {when: status, case: {a: account}}        #! unknown_key
  - titel: Nameless                                 #! unknown_key
    step: last
    next: [end]                                     #! shape
"""
    problems = faults(text)
    # A slot without a label and a step without a title are said at the line where the part begins.
    extra = {(6, "missing_key"), (20, "missing_key")}
    assert located(problems) == expected(text) | extra
    by_where = {p.where: p for p in problems}
    assert by_where["bad.yaml:8:slots.org.lable"].next_step == "did you mean 'label'?"
    assert by_where["bad.yaml:19:steps[0].next.case"].next_step == "did you mean 'cases'?"
    assert by_where["bad.yaml:13:slots.org.choices[1].alos"].next_step == "did you mean 'also'?"
    assert "quotes" in by_where["bad.yaml:12:slots.org.choices[0].value"].next_step


def test_text_that_is_no_yaml_names_the_line():
    (problem,) = faults("flow: x\nversion: 1\n  title: [unclosed\n")
    assert problem.code == "yaml" and problem.where.startswith("bad.yaml:3:")


@pytest.mark.parametrize("text", ["", "# nothing", "- a\n- b", "just words", "\x00"])
def test_what_is_no_mapping_is_refused(text):
    assert faults(text)


def test_aliases_cannot_blow_up():
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
    )
    (problem,) = faults(laughs)
    assert problem.code == "too_large"
    (loop,) = faults("a: &a [*a]\n")
    assert loop.code == "alias_loop"


def test_depth_and_size_are_capped_before_anything_is_built():
    (deep,) = faults("a: " + "[" * 5_000)
    assert deep.code == "too_deep" and str(MAX_DEPTH) in deep.message
    (large,) = faults("a: '" + "x" * 300_000 + "'")
    assert large.code == "too_large"


def test_python_objects_cannot_be_built():
    problems = faults("flow: !!python/object/apply:os.system ['true']\n")
    assert any("not allowed" in p.message for p in problems)


def test_times_and_dates_stay_text():
    text = GOOD.replace("label: website", "label: website, options: {open: 9:30, day: 2026-11-01}")
    assert load_flow(text).slots["website"].options == {"open": "9:30", "day": "2026-11-01"}


def test_a_folder_reports_all_its_files(tmp_path: Path):
    (tmp_path / "a.yaml").write_text(GOOD)
    assert list(load_all(tmp_path)) == ["signup"]
    (tmp_path / "b.yaml").write_text(GOOD)
    (tmp_path / "c.yaml").write_text("flow: c\n")
    with pytest.raises(FlowProblems) as caught:
        load_all(tmp_path)
    assert {p.where.split(":")[0] for p in caught.value.problems} == {"b.yaml", "c.yaml"}
    assert "c.yaml:1:slots" in str(caught.value)


@given(st.text(max_size=300))
def test_no_text_does_anything_but_load_or_report(text):
    with contextlib.suppress(FlowProblems):
        load_flow(text)
