"""The guide's examples, executed in order as they stand there (B014)."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clients.generate import CLIENT, ROOT
from tests.api.conftest import OWNER, Service

GUIDE = ROOT / "docs" / "api.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def within(wanted: Any, found: Any) -> bool:
    """Whether what the guide shows is part of what came; lists are of the same length, in that order."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(k in found and within(v, found[k]) for k, v in wanted.items())
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(wanted) == len(found)
            and all(within(a, b) for a, b in zip(wanted, found, strict=True))
        )
    return bool(wanted == found)


def play(service: Service) -> tuple[int, int]:
    """How many examples were sent with curl, and how many in Python."""
    url, answer = f"{service.url}/api/v1", ""
    environment = {**os.environ, "URL": url, "KEY": OWNER}
    curls = pythons = 0
    for language, text in BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        if language == "sh" and "curl" in text:
            done = subprocess.run(
                ["bash", "-c", text], env=environment, capture_output=True, text=True, check=True, timeout=60
            )
            answer, curls = done.stdout, curls + 1
        elif language == "json":
            found = json.loads(answer)
            assert within(json.loads(text), found), f"the guide shows {text}\nthe service says {answer}"
        elif language == "python":
            sys.path.insert(0, str(CLIENT))
            try:
                exec(compile(text, str(GUIDE), "exec"), {"URL": url, "KEY": OWNER})
            finally:
                sys.path.remove(str(CLIENT))
            pythons += 1
    return curls, pythons


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples are sent with curl")
async def test_what_the_guide_shows_happens(service: Service) -> None:
    curls, pythons = await asyncio.to_thread(play, service)
    assert curls >= 8 and pythons >= 3


def test_the_guide_can_be_wrong() -> None:
    assert within({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}], "d": 3})
    assert not within({"a": [{"b": 1}]}, {"a": [{"b": 1}, {}]})
    assert not within({"a": 1}, {"b": 1})


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", GUIDE.read_text(encoding="utf-8")):
        assert (GUIDE.parent / Path(target)).exists(), target
