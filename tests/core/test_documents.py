"""What the documents point at is there: tests by name, files, commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md"])
_TEST = re.compile(r"\b(tests/[\w/]+\.py)(?:::(\w+))?")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_test_that_is_named_exists(document: Path) -> None:
    missing = []
    for file, name in _TEST.findall(document.read_text()):
        path = ROOT / file
        if not path.exists() or (name and not re.search(rf"def {name}\b", path.read_text())):
            missing.append(f"{file}::{name}" if name else file)
    assert missing == []


def test_the_matrix_of_faults_names_tests() -> None:
    rows = [line for line in (ROOT / "docs/faults.md").read_text().splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 18 and all("tests/" in row for row in rows)
