"""docs/compliance.md says what is so: every rule is there, every file and test it names exists (C01-C47)."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from agent.guardrails.guard import answers
from policies.compliance import compliance
from prompts.messages import message

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "compliance.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: cells
    for line in PAGE.splitlines()
    if re.match(r"\| C\d\d ", line)
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}


@cache
def _names(path: Path) -> frozenset[str]:
    """Everything a Python file defines at its top or in a class."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    )


def test_every_rule_is_on_the_page() -> None:
    assert list(ROWS) == [f"C{n:02}" for n in range(1, 48)]
    for rule, cells in ROWS.items():
        assert len(cells) == 5 and cells[4].startswith(("met", "part", "people")), rule


@pytest.mark.parametrize("rule", sorted(ROWS))
def test_what_a_row_names_exists(rule: str) -> None:
    named = re.findall(r"`([^`]+)`", " ".join(ROWS[rule][2:4]))
    assert any(n.startswith("tests/") for n in named) and any(not n.startswith("tests/") for n in named)
    for one in named:
        file, _, name = one.partition(":")
        path = ROOT / file
        assert path.exists(), one
        assert not name or name in _names(path), one


def test_every_class_says_what_follows_and_can_say_it_in_every_language() -> None:
    policy = compliance()
    for label, answer in answers().items():
        template = answer["template"]
        assert re.fullmatch(r"[AC]\d+", answer["rule"]), label
        if template == "language":
            continue  # answered by phrases of the flows
        assert not template or template in policy.templates, label
        assert template or "command" in answer, label


def test_every_language_has_every_fixed_text() -> None:
    english = compliance()
    for name, language in english.languages.items():
        assert language.templates.keys() == english.templates.keys(), name
        assert language.prefix.keys() == english.prefix.keys()
        assert language.house_prefix.keys() == english.house_prefix.keys()
        for key, text in language.templates.items():
            assert _blanks(text) == _blanks(english.templates[key]), (name, key)
        assert _blanks(language.redisclose) == {"brand"} == _blanks(language.consent_text)


def test_letters_to_leads_carry_the_equal_housing_line() -> None:
    text = (ROOT / "prompts" / "messages.yaml").read_text(encoding="utf-8")
    letters = re.split(r"\n(?=[a-z_]+:\n)", text)
    follow_up = [
        letter for letter in letters if re.search(r"\blisting|home search|appointment", letter, re.I)
    ]
    mails = [letter for letter in follow_up if "subject:" in letter and "Equal Housing" in letter]
    assert mails, "no letter to a lead carries the line"
    assert message is not None


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
