"""Our bare top-level names must be ours: nothing installed may shadow them."""

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = [
    "core",
    "policies",
    "stores",
    "integrations",
    "tools",
    "flows",
    "prompts",
    "agent",
    "jobs",
    "web",
    "simulate",
    "server",
]


@pytest.mark.parametrize("name", NAMES)
def test_name_resolves_inside_the_repository(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__file__ is not None and Path(module.__file__).is_relative_to(ROOT)


def test_only_settings_reads_the_environment() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for name in NAMES[:-1]
        for path in (ROOT / name).rglob("*.py")
        if "os.environ" in path.read_text() or "os.getenv" in path.read_text()
    ]
    assert [r for r in readers if not r.startswith("simulate/")] == []
