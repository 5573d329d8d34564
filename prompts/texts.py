"""Longer texts for a language model: who it is in which flow (prompts/*.md)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def text(name: str) -> str:
    """The Markdown file of that name as it stands; FileNotFoundError when there is none."""
    return (HERE / f"{name}.md").read_text(encoding="utf-8").strip()


def persona(flow: str, facts: Mapping[str, str]) -> str:
    """Who the model is in a flow (``brand``, ``persona``). KeyError when a fact is missing."""
    return text(flow).format_map(facts)
