"""Colours of the pages can be told apart: WCAG 2.2, 1.4.3 for text and 1.4.11 for edges and the focus."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "web" / "static" / "page.css").read_text()
LIGHT, DARK = (
    {name: "#" + "".join(c * 2 for c in hue) if len(hue) == 3 else f"#{hue}" for name, hue in found}
    for found in (re.findall(r"--([a-z-]+): #([0-9a-f]+);", block) for block in CSS.split("@media")[:2])
)


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("what", "on", "least"),
    [
        *((text, ground, 4.5) for text in ("ink", "quiet", "warn", "brand") for ground in ("ground", "card")),
        ("brand-ink", "brand", 4.5),
        ("ink", "caller", 4.5),
        *((edge, ground, 3.0) for edge in ("edge", "focus") for ground in ("ground", "card")),
    ],
)
def test_colours_can_be_told_apart(scheme: dict[str, str], what: str, on: str, least: float) -> None:
    one, other = sorted((luminance(scheme[what]), luminance(scheme[on])), reverse=True)
    assert (one + 0.05) / (other + 0.05) >= least
