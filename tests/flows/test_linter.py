from pathlib import Path

import pytest

from flows.linter import check_folder, lint
from flows.loader import load

from .samples import GOOD, TOOLS, TYPES, expected


def problems(text: str, **kw) -> list:
    loaded = load(text, "form.yaml")
    return lint(loaded.flow, loaded.source, types=TYPES, tools=TOOLS, **kw)


def located(found) -> set[tuple[int, str]]:
    return {(int(p.where.split(":")[1]), p.code) for p in found}


def test_a_good_flow_has_no_problem():
    assert problems(GOOD, commands=("help", "repeat")) == []


BAD = """\
flow: bad
version: 0                                                        #! version
title: Bad
opening: "Hello {stranger}."                                      #! unknown_placeholder
facts: [brand, org]
anywhere: [help, repet]                                           #! unknown_command
on_end: save_rset                                                 #! unknown_tool
closing: "Bye {brand}, {brand."                                   #! brace
slots:
  org:                                                            #! duplicate_name
    type: txt                                                     #! unknown_type
    label: organisation
    confirm: explicit
    ask:
      voice: "Hello {email}, what is it called?"                  #! later_slot
      page: " "                                                   #! no_ask
      again: ["Once more?"]                                       #! no_again
  email:
    type: email
    label: e-mail
    when: {slot: orgg, given: true}                               #! unknown_slot
    suggest: caller                                               #! unknown_fact
    ask:
      voice: "E-mail?"
      again: ["e-mail!"]                                          #! same_wording
  plan:
    type: choice
    label: plan
    when: {slot: card, is: [x]}                                   #! later_slot
    ask: {voice: ""}                                              #! no_ask
    choices:
      - {value: starter, label: Starter, also: [small]}
      - {value: pro, label: Pro, also: [Small]}                   #! duplicate_choice
  empty: {type: choice, label: e, ask: {voice: "Which?"}}         #! no_choices
  card:
    type: text
    label: card
    confirm: never_by_voice                                       #! never_by_voice
    ask: {voice: "What is your religion?"}                        #! fair_housing
  website:
    type: text
    label: website
    when: {slot: plan, is: [por]}                                 #! unknown_value
    ask: {voice: "Web?"}
  unused: {type: text, label: u, ask: {voice: "Unused?"}}         #! never_asked
  pad: {type: text, label: p, when: {slot: org}, ask: {voice: "P?"}}   #! empty_when
  Loud: {type: text, label: l, ask: {voice: "L?"}}                #! name
steps:
  - step: account
    title: Account
    required: [org, emial, plan, org]                             #! unknown_slot duplicate_slot
    optional: [email, website, pad]                               #! not_accepted
    tool: register
    next: {cases: {registered: agnet, exist: account}}  #! unknown_step unknown_value no_way_on dead_end
  - step: agent                                                   #! unreachable
    title: Agent
    required: [card, Loud, empty]
    next: {cases: {ok: end}}                                      #! no_status
  - step: agent                                                   #! unreachable duplicate_step
    title: Again
    tool: regster                                                 #! unknown_tool
    next: nowhere                                                 #! unknown_step dead_end
  - step: loop                                                    #! unreachable
    title: Loop
    intro: "{greeting}"                                           #! unknown_placeholder
    tool: register                                                #! missing_argument
    next: loop                                                    #! dead_end
  - step: side                                                    #! unreachable
    title: Side
    next: {when: planet, cases: {x: end}}                         #! unknown_slot
  - step: end                                                     #! unreachable name
    title: End
    next: {when: plan, cases: {starter: end}}                     #! no_way_on
"""


def test_every_problem_is_reported_at_once_with_file_line_and_key():
    found = problems(BAD, commands=("help", "repeat"))
    assert located(found) == expected(BAD)
    assert all(p.where.startswith("form.yaml:") and p.next_step for p in found)
    assert found == sorted(found, key=lambda p: int(p.where.split(":")[1]))
    steps = {p.where.split(":", 2)[2]: p.next_step for p in found}
    assert steps["on_end"] == "did you mean 'save_rest'?"
    assert steps["slots.org.type"] == "did you mean 'text'?"
    assert steps["steps[0].next.cases.registered"] == "did you mean 'agent'?"
    assert steps["steps[0].required[1]"] == "did you mean 'email'?"
    assert steps["anywhere[1]"] == "did you mean 'repeat'?"


def test_a_question_too_long_to_listen_to():
    text = GOOD.replace("Which voice?", "Which voice " + "would you like " * 25 + "?")
    (problem,) = problems(text)
    assert problem.code == "too_long" and problem.where.endswith("slots.voice.ask.voice")


@pytest.mark.parametrize(
    ("step", "code"),
    [("intro: '{greeting}'", "later_slot"), ("done: '{voice}'", None), ("intro: '{number}'", None)],
)
def test_words_may_only_use_what_is_known_by_then(step, code):
    text = GOOD.replace('    intro: "{org} has the number {number}."', f"    {step}", 1)
    text = text.replace('    done: "Your agent will say {greeting}."\n', "") if "done" in step else text
    assert [p.code for p in problems(text)] == ([code] if code else [])


def test_a_required_slot_may_depend_on_what_was_volunteered_in_the_same_step():
    text = GOOD.replace(
        'ask: {voice: "Your e-mail at {org}?"}', 'ask: {voice: "E-mail?"}, when: {slot: website, given: true}'
    )
    assert problems(text) == []


def test_a_folder_is_checked_whole(tmp_path: Path):
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text(GOOD.replace("tool: save_voice", "tool: save_vioce"))
    (tmp_path / "c.yaml").write_text("flow: c\n")
    found = check_folder(tmp_path, types=TYPES, tools=TOOLS)
    codes = {(p.where.split(":")[0], p.code) for p in found}
    assert {("b.yaml", "unknown_tool"), ("b.yaml", "duplicate_flow"), ("c.yaml", "missing_key")} <= codes
    assert not any(file == "a.yaml" for file, _ in codes)


def test_a_phrase_that_cannot_be_read_is_named_with_its_line():
    slot = "    label: place\n    options:\n      heard:\n        - in <*>\n        - in (town\n"
    label = next(line for line in GOOD.splitlines() if line.startswith("    label:"))
    text = GOOD.replace(f"{label}\n", slot, 1)
    (found,) = [problem for problem in problems(text) if problem.code == "phrase"]
    assert "'(' is not closed" in found.message
    assert text.splitlines()[int(found.where.split(":")[1]) - 1].strip() == "- in (town"
