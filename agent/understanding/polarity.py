"""Yes, no or not sure: the one reading of agreement that every other part shares.

Only words that stand for the whole answer count. "No preference", "no CRM", "I know" and "right now"
are not answers to a yes/no question, although a word list would find one in them. The phrases are
in ``data/polarity.yaml``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

Polarity = Literal["yes", "no", "unsure"]

_DATA = Path(__file__).parent / "data" / "polarity.yaml"
_KINDS = ("unsure", "no", "yes", "tail", "weak", "filler")
_END = r"(?=\s*(?:$|[.,;:!?…–—-]))"
_GAP = re.compile(r"[\s,.;:!?…–—\"“”-]*")
_KEYED = re.compile(r"\s*dtmf\s*:\s*([0-9*#]*)\s*$", re.IGNORECASE)
_SOFT_YES = re.compile(
    r"that's (?:(?:all )?(?:okay|ok|fine|good|all right|alright|great)|it)(?![\w'])"
    r"|(?:i'm|we're) (?:good|fine|okay|ok)"
)
_AROUND = re.compile(
    r"(?:[\s,]*\b(?:please|pls|plz|now|then|already|thanks|thank you|for (?:me|us)|(?:ha|he){2,}h?|lol+))*\W*$",
    re.I,
)
"""Said behind an answer, and no part of it."""
_REASSURED = re.compile(r"(?:no+[\s,.]+){2,}")


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """The named parts, and one compiled pattern for each kind in the order they are tried."""
    raw = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    parts: dict[str, str] = {}

    def fill(pattern: str) -> str:
        return re.sub(r"%(\w+)%", lambda m: parts[m.group(1)], pattern)

    for name, pattern in raw["parts"].items():
        parts[name] = fill(pattern)
    rules = []
    for kind in _KINDS:
        lines = (line.strip() for line in raw[kind].splitlines() if line.strip())
        whole = (
            f"(?:{line[:-2]}){_END}" if line.endswith(" $") else rf"(?:{line})(?![\w'])" for line in lines
        )
        rules.append((kind, re.compile("|".join(fill(pattern) for pattern in whole))))
    return parts, tuple(rules)


@lru_cache(maxsize=1)
def _faulted() -> re.Pattern[str]:
    """ "The domain is wrong": a no that names what it is about, so the words stay in the rest."""
    parts, _ = _table()
    isnt = rf"(?:isn't|isnt|wasn't|(?:is|was|are|looks|sounds) not) {parts['good']}"
    wrong = rf"(?:(?:is|are|was|were|looks|sounds|is spelled) {parts['bad']}|{isnt})"
    return re.compile(rf"(?:the|my|our) (?:[\w']+ ){{1,4}}{wrong}(?![\w'])")


def _fold(text: str) -> str:
    """Lower case with plain apostrophes, character for character, so positions stay valid."""
    out = []
    for char in text:
        low = char.lower()
        out.append("'" if char in "’‘`´" else low if len(low) == 1 else char)
    return "".join(out)


def _skip(folded: str, at: int) -> int:
    gap = _GAP.match(folded, at)
    return gap.end() if gap else at


def keys(text: str) -> str | None:
    """The keys of "DTMF: 12#" without the closing ``#`` ("12"); None when nothing was keyed."""
    match = _KEYED.match(text)
    return match.group(1).rstrip("#") if match else None


def split_polarity(text: str) -> tuple[Polarity | None, str]:
    """Take a leading yes, no or "not sure" off an utterance: (polarity, what else was said).

    Without polarity the text comes back whole. When several are said, the last one that is more than
    politeness wins ("no no, that's right" is yes, "yeah no" is no); a single "no, that's fine" declines.
    A leading "okay" or "great" agrees only when nothing else follows. On the keypad 1 is yes, 2 is no. "But ..." stays at the head of the rest, for the caller's exception to be heard.
    """
    pressed = keys(text)
    if pressed is not None:
        return ("yes", "") if pressed == "1" else ("no", "") if pressed == "2" else (None, text.strip())
    folded = _fold(text)
    at = rest_at = _skip(folded, 0)
    if _faulted().match(folded, at):
        return "no", text[at:].strip()
    found: Polarity | None = None
    weak = declined = False
    _, rules = _table()
    while at < len(folded):
        for kind, rule in rules:
            match = rule.match(folded, at)
            if match is None or match.end() == at:
                continue
            word = match.group()
            if kind == "unsure":
                found = "unsure"
            elif kind == "no":
                found, declined = "no", True
            elif kind == "yes":
                polite = word == "please" and found is not None
                soft = declined and _SOFT_YES.match(word) and not _REASSURED.match(folded[:at])
                found = found if polite or soft else "yes"
            elif kind == "weak":
                weak = True
            at = _skip(folded, match.end())
            break
        else:
            break
        if found is not None:
            rest_at = at
    if found is None:
        return ("yes", "") if weak and at >= len(folded) else (None, text.strip())
    return found, text[rest_at:].strip()


def bare(text: str) -> str:
    """The words without the politeness and the hesitation around them ("ok please switch it on now")."""
    folded = _fold(text)
    at = _skip(folded, 0)
    rules = [rule for kind, rule in _table()[1] if kind in ("filler", "weak", "tail")]
    while found := next((m for rule in rules if (m := rule.match(folded, at)) and m.end() > at), None):
        at = _skip(folded, found.end())
    return _AROUND.sub("", text[at:]).strip()


def polarity(text: str) -> Polarity | None:
    """Whether an utterance agrees, disagrees or cannot say; None when it is no such answer."""
    return split_polarity(text)[0]
