"""Small words a recogniser takes for others that sound the same, where only one of them makes sense.

For what was heard, never for what was typed. A sentence is changed only where the other reading is none
("I went to buy a house" of somebody who calls an office about one).
"""

from __future__ import annotations

import re

_ALWAYS = (
    (
        r"\b(I|we) went to (?=(?:buy|sell|rent|lease|look|find|move|see|talk|get|list|invest)\b)",
        r"\1 want to ",
    ),
    (
        r"\b(need|want|like|going|have|had|trying) to (?:sew|cell|sail) (?=(?:our|my|the|a|this)\b)",
        r"\1 to sell ",
    ),
    (r"\b(bath|bed)(?=house\b)", r"\1 "),
    (r"\b(what(?:'s| is)) (my|our|the) home ?work\b", r"\1 \2 home worth"),
)
_REFUSALS = re.compile(
    r"^\W*(?:now|know|nah|nor)\b[\s,.]*(?=(?:it'?s|it is(?:n'?t)?|that'?s|that is|they'?re|i'?m|i am|we'?re|we are|i have|i do"
    r"|we have|we do|my name|the (?:name|address))\b)",
    re.I,
)
"""How "No, it's ..." is heard after a question of yes or no."""


def as_meant(text: str, *, yes_or_no: bool = False) -> str:
    """The words as they must have been said; ``yes_or_no``: that is what was asked."""
    for pattern, meant in _ALWAYS:
        text = re.sub(pattern, meant, text, flags=re.I)
    return _REFUSALS.sub("No, ", text) if yes_or_no else text
