"""A word of a sentence put right: '"probably" not "probly"', "oh typo, find A home" (A045)."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

_MARK = "[\"“”'‘’]?"
_SAID = r"(?P<{name}>[\w’-]+(?: [\w’-]+){{0,4}}?)"
_NEW, _OLD = _SAID.format(name="new"), _SAID.format(name="old")
_SWAPS = tuple(
    re.compile(pattern.format(m=_MARK, new=_NEW, old=_OLD), re.I)
    for pattern in (
        r"^{m}{new}{m},? (?:and )?(?:not|instead of|rather than) {m}{old}{m}\W*$",
        r"\b(?:fix|change|correct|replace|turn|swap)\b (?:the )?(?:word )?{m}{old}{m} (?:to|with|into|for) {m}{new}{m}"
        r"(?:,? (?:but|and|please|then)\b.*)?\W*$",
        r"(?:^|[\s,:]){m}{old}{m} (?:should be|must be|needs to be|is spelled) {m}{new}{m}\W*$",
    )
)
_MISSPELT = re.compile(
    r"\b(?:typo|oops|spelling|misspel\w*|should read|correction|i meant?)\b[\s,:]*(?:it'?s )?(?P<new>.+)$",
    re.I,
)
_LEAD = re.compile(
    r"^\W*(?:(?:no|yes|yeah|yep|oh|ok(?:ay)?|wait|lol|haha|can you|could you|please|just|but|make it|say|put|use|it should (?:be|say)"
    r"|should be|it'?s|i(?:'d| would) (?:like|say)|fine|good)\b[\s,:.!]*)*",
    re.I,
)
"""Said to us before the words themselves."""
_QUOTED = re.compile(r"[\"“”]")
LIKE = 70
"""How like a word must be to be meant, of 100."""


def with_word_fixed(text: str, sentence: str) -> str | None:
    """The sentence with the word or words put right that the text names; None where it names none of it."""
    bare = _LEAD.sub("", text)
    for swap in _SWAPS:
        found = swap.search(bare)
        if found and " " in f"{found['new']}{found['old']}".strip() and not _QUOTED.search(text):
            continue  # "we do commercial, not homes" puts no word right
        at = re.search(rf"(?<!\w){re.escape(found['old'])}(?!\w)", sentence, re.I) if found else None
        if found and at:
            return sentence[: at.start()] + _as(found["new"], at.group()) + sentence[at.end() :]
    found = _MISSPELT.search(text)
    return _in_place(found["new"].strip(' .!"“”'), sentence) if found else None


def _in_place(words: str, sentence: str) -> str | None:
    """These words where the sentence has nearly the same."""
    wanted = words.split()
    spoken = list(re.finditer(r"[\w’'-]+", sentence))
    best: tuple[float, int, int] | None = None
    for size in range(max(1, len(wanted) - 1), len(wanted) + 2):
        for at in range(len(spoken) - size + 1):
            begin, end = spoken[at].start(), spoken[at + size - 1].end()
            like = fuzz.ratio(sentence[begin:end].lower(), words.lower())
            if best is None or like > best[0]:
                best = (like, begin, end)
    if best is None or not LIKE <= best[0] < 100 or not wanted:
        return None
    had = {m.group().lower(): m.group() for m in spoken}
    fixed = " ".join(had.get(word.lower(), word.lower() if word.isupper() else word) for word in wanted)
    return sentence[: best[1]] + _as(fixed, sentence[best[1] : best[2]]) + sentence[best[2] :]


def _as(new: str, old: str) -> str:
    """With a capital where there was one."""
    return new[:1].upper() + new[1:] if old[:1].isupper() else new
