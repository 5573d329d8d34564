"""Spelling with words, however the letters before them were heard: "I was in Apple, and as in Nancy".

A recogniser that knows no letters writes words in their place, but the words people spell with ("Apple",
"Nancy", "Lima") arrive; each stands for its first letter.
"""

from __future__ import annotations

import re

from agent.understanding.letters import CODE_WORDS

_PART = re.compile(r"[^,.;!?]+")
_NAME_AS_LETTER = re.compile(
    r"(?P<before>^\W*(?:no\W+)?(?:(?:it's|my name is)\W+)?|\bname\W+(?:is\W+)?)[A-Z][,.]\s+"
    r"(?=[A-Z] as in \w+[,.]\s+[A-Z] as in \w)",
    re.I,
)
"""A name that was heard as a letter ("N" for Ann), before it is spelled."""
_PAUSED = re.compile(r"\b(\w{1,2}),\s+(?=as in \w)", re.I)
"""A pause behind the letter ("oh, as in Oscar") parts it from nothing."""
_LINKS = frozenset(["in", "an", "and", "is", "as", "like", "for", "was", "has", "on", "us"])
_LONGEST = 5
"""Words of one letter's part: "he is an Edward" has four."""
_ENOUGH = 2
"""Parts beside each other that end in such a word; one may be a name ("Jack and Henry")."""


def letters_put_right(text: str) -> str:
    """The text with every misheard letter of such a spelling written as it was meant ("N as in Nancy")."""
    text = _PAUSED.sub(r"\1 ", text)
    parts = [(match, _code_word(match.group())) for match in _PART.finditer(text)]
    runs: list[list[tuple[re.Match[str], str]]] = [[]]
    for match, word in parts:
        if word:
            runs[-1].append((match, word))
        elif runs[-1]:
            runs.append([])
    for run in reversed(runs):
        if len(run) < _ENOUGH:
            continue
        for match, word in reversed(run):
            lead = " " if match.group().startswith(" ") else ""
            text = f"{text[: match.start()]}{lead}{word[0].upper()} as in {word}{text[match.end() :]}"
    return _NAME_AS_LETTER.sub(r"\g<before>", text)


def _code_word(part: str) -> str:
    """The word at the end of "<letter> as in <word>", as said; "" where it is none."""
    words = part.split()
    if not 2 <= len(words) <= _LONGEST or words[-1].lower() not in CODE_WORDS:
        return ""
    return words[-1] if any(word.lower() in _LINKS for word in words[:-1]) else ""
