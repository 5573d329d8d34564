"""Frames of meaning: what a sentence has to hold (``heard.yaml``), over word lists (``lexicon.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

NEAR = " ~ "
"""In a pattern: up to eight words of the same sentence between two parts; `` ~~ `` of the next ones too."""

Entry = tuple[tuple[re.Pattern[str], bool], ...]
"""Patterns that must all hold; with False, must not."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One class of ``heard.yaml``: ``spec`` is what follows from it, the rest is how it is recognised."""

    label: str
    spec: Mapping[str, Any]
    entries: tuple[Entry, ...]
    unless: re.Pattern[str] | None
    masks: tuple[str, ...]

    def fits(self, text: str) -> bool:
        """Whether the text (normal spelling, masks taken out) holds the frame."""
        if not any(all((p.search(text) is not None) is must for p, must in one) for one in self.entries):
            return False
        return self.unless is None or self.unless.search(text) is None


@dataclass(frozen=True)
class Frames:
    """All classes in their order, and what is taken out of the text before some of them are looked for."""

    classes: tuple[Frame, ...]
    masks: Mapping[str, re.Pattern[str]]

    def masked(self, text: str, names: tuple[str, ...]) -> str:
        """The text without names, things, or what a caller says of themselves."""
        for name in names:
            text = self.masks[name].sub(" & ", text)
        return re.sub(r"\s+", " ", text).strip() if names else text


def _read(name: str) -> Any:
    return yaml.safe_load(files("agent.guardrails").joinpath(name).read_text(encoding="utf-8"))


@cache
def lists() -> Mapping[str, str]:
    """Every word list as one pattern without boundaries, the lists inside it filled in."""
    raw: dict[str, list[str]] = _read("lexicon.yaml")
    done: dict[str, str] = {}

    def fill(name: str) -> str:
        if name not in done:
            parts = [
                re.sub(r"\{([a-z_]+)\}", lambda m: f"(?:{fill(m.group(1))})", item) for item in raw[name]
            ]
            done[name] = "|".join(parts)
        return done[name]

    for name in raw:
        fill(name)
    return done


def pattern(written: str) -> re.Pattern[str]:
    """A pattern of ``heard.yaml`` compiled."""
    words = lists()
    text = written.replace(" ~~ ", r".{0,110}?").replace(" ~ ", r"[^|]{0,60}?")
    text = re.sub(r"\{([a-z_]+)\}", lambda m: rf"\b(?:{words[m.group(1)]})\b", text)
    return re.compile(text)


def _entry(written: str | list[str]) -> Entry:
    parts = [written] if isinstance(written, str) else written
    return tuple((pattern(p.removeprefix("!")), not p.startswith("!")) for p in parts)


@cache
def frames() -> Frames:
    """The file, compiled once."""
    data = _read("heard.yaml")
    return Frames(
        tuple(
            Frame(
                label,
                {k: v for k, v in spec.items() if k not in ("any", "unless", "masks")},
                tuple(_entry(one) for one in spec["any"]),
                pattern(spec["unless"]) if "unless" in spec else None,
                tuple(spec.get("masks", ())),
            )
            for label, spec in data["classes"].items()
        ),
        {name: pattern("|".join(f"(?:{p})" for p in parts)) for name, parts in data["masks"].items()},
    )
