"""The name callers hear, beside the name on the license: "we're HLR Holdings LLC, but we go by Harbor Light" (A044).

A clause names one or the other by how it announces it; what is left of the words is about something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.understanding.wordlists import word_list

_THEY = r"(?:callers?|clients?|customers?|people|folks|everybody|everyone|they)"
_BRAND = re.compile(
    r"(?:\b(?:as long as|so(?: that)?|and|but|though|right,?|yes,?|otherwise|it'?s|we'?re) )*(?:"
    rf"\b{_THEY} (?:all |only |just |should |will |must |actually )?(?:knows? us|calls? us|hears?)(?: (?:as|by|only|say|the name))*"
    r"|\bwe (?:all |actually |just |only )?(?:go by|do business as|operate as|trade as|answer (?:the phone |calls )?as|are known as)"
    r"|\b(?:doing business as|d/?b/?a|d\.b\.a\.|(?:better |generally )?known as|branded as)(?: is)?"
    r"|\b(?:our |the |use (?:our |the )?)?(?:trade|brand|marketing)(?:ed)? ?name(?: is|:|,)?"
    r")[ ,:]+",
    re.I,
)
"""What announces the name callers hear ..."""
_LEGAL = re.compile(
    r"(?:\b(?:the|our|its?|it'?s|legally|yes|no|almost),? )*\b(?:legal|registered|licensed?|corporate|official)"
    r" (?:business |company |entity )?(?:name|entity)(?: (?:is|on (?:the|our|my) licen[sc]e(?: is)?|:))*[ ,:]+"
    r"|\b(?:legally|officially|on paper|on (?:the|our) licen[sc]e)(?:,? (?:it'?s|we'?re|we are|it is))?[ ,:]+",
    re.I,
)
"""... and the one on the license."""
_IS_BRAND = re.compile(
    r",? (?:that'?s|is|which is) (?:our (?:brand|trade name)|(?:what|how) (?:we go by|callers (?:know|call|hear)(?: us)?))\b",
    re.I,
)
_ENDS = re.compile(
    r"[,;!?]|\.(?:\s|$)| (?:but|so|though|because|if|when|to (?:everyone|everybody|callers|people|clients)|instead|rather than|not)\b",
    re.I,
)
_JOINS = frozenset({"&", "and", "of", "the", "at", "on", "by", "y", "de", "del", "la", "in"})
_SPOKEN = re.compile(
    r"\b(?:how|what|thanks?|thank you|welcome|hello|hi|hey|helps?|calling|reached|this is|may|can|you|your|that|it|this)\b",
    re.I,
)
"""Words of a sentence, which no name of a firm holds."""
_INSTEAD = re.compile(
    r"^\W*(?:(?:yes|yeah|no|can|could|sure|fine|good|ok(?:ay)?|but|it|that|the name|please|just|actually)\b[\s,.]*)*"
    r"(?:should (?:be|say)|(?:replace|change|swap) .{2,60}? (?:with|to|for|into)|make (?:it|that)|use|it'?s|say) ",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Names:
    """The names an utterance gives, "" for none, and the words that are about something else."""

    brand: str = ""
    legal: str = ""
    rest: str = ""


def names_told(text: str) -> Names:
    """What callers hear and what the license says, as far as the words announce them."""
    brand, rest = _announced(text, _BRAND)
    legal, rest = _announced(rest, _LEGAL)
    if not brand and (found := _IS_BRAND.search(rest)):
        brand = name_of(rest[: found.start()])
        rest = rest[found.end() :] if brand else rest
    return Names(brand, legal, rest.strip(" ,;.") if brand or legal else text)


def named_instead(text: str, current: str) -> str:
    """A name alone that is wanted in place of the one in a sentence: "it should be HL Rentals"; "" for none."""
    if not current:
        return ""
    bare = _INSTEAD.sub("", text)
    if _SPOKEN.search(bare):
        return ""
    ended = _ENDS.split(bare.strip(" .!\"'"))[0]
    name = name_of(ended)
    whole = name and len(name) >= len(ended.strip(" .!\"'")) - 1
    return name if whole and (bare != text or " " in name) and name.lower() not in current.lower() else ""


def _announced(text: str, by: re.Pattern[str]) -> tuple[str, str]:
    found = by.search(text)
    if found is None:
        return "", text
    said = _ENDS.split(text[found.end() :])[0]
    name = name_of(said)
    if not name:
        return "", text
    after = text[found.end() + len(said) :]
    return name, f"{text[: found.start()].rstrip(' ,;')}{after if after[:1] in ',;.!?' else f' {after}'}"


def name_of(words: str) -> str:
    """A firm's name at the beginning of some words, as it is written; "" where none begins."""
    tokens = words.strip(" .,!\"'“”").split()
    if not tokens or _SPOKEN.search(words):
        return ""
    written = any(t[:1].isupper() for t in tokens)
    kept: list[str] = []
    for token in tokens:
        if written and not (token[:1].isupper() or token[:1].isdigit() or token.lower() in _JOINS):
            break
        kept.append(token)
    while kept and kept[-1].lower() in _JOINS:
        kept.pop()
    trade = any(t.lower().strip(".,") in word_list("org_words") for t in kept)
    if not kept or len(kept) > 8 or not (written or trade):
        return ""
    name = " ".join(kept) if written else " ".join(t if t in _JOINS else t.capitalize() for t in kept)
    return name if any(c.isalpha() for c in name) and len(name) > 2 else ""
