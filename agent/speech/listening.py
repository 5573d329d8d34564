"""What a few words tell about the turn they belong to. Pure text, no audio."""

from __future__ import annotations

import re
from typing import Final

from agent.understanding.base import Patience

_LISTENING: Final = frozenset({
    "mm", "mmm", "mhm", "mmhmm", "mm-hmm", "hmm", "hm", "uh-huh", "uhhuh", "uh", "huh", "um",
    "ah", "aha", "oh", "ok", "okay", "right", "sure", "yeah", "yep", "yup", "yes", "alright",
    "fine", "good", "great", "cool", "gotcha", "understood",
})  # fmt: skip
_LISTENING_PHRASES: Final = ("got it", "i see", "all right", "of course", "makes sense", "that's fine")
_ANSWERS: Final = frozenset({
    "yes", "yeah", "yep", "yup", "no", "nope", "nah", "correct", "right", "sure", "exactly",
    "absolutely", "mhm", "mm-hmm", "uh-huh", "wrong", "incorrect",
})  # fmt: skip
_HANGING: Final = frozenset({
    "and", "or", "but", "so", "because", "the", "a", "an", "my", "our", "your", "his", "her",
    "their", "is", "are", "was", "it's", "that's", "i'm", "we're", "at", "in", "of", "to", "for",
    "with", "from", "on", "by", "as", "than", "dot", "dash", "underscore", "um", "uh", "er",
    "like", "about", "between", "plus", "then", "number", "called", "named",
})  # fmt: skip
_BE: Final = frozenset({"is", "are", "was"})
_WHO: Final = frozenset({"it", "that", "this", "he", "she", "they", "we", "you", "there", "i"})
_NO: Final = frozenset({"no", "nope", "nah", "wrong", "incorrect"})
_AFTER_YES: Final = frozenset({
    "that's", "that", "is", "it", "it's", "i", "do", "am", "we", "are", "agree", "accept", "please",
    "thanks", "thank", "you",
})  # fmt: skip
_AFTER_NO: Final = frozenset({"thanks", "thank", "you"})
_PLAIN = 5
"""Words in the longest plain answer ("yes, that's right, thank you")."""
_DIGITS: Final = frozenset({
    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
})  # fmt: skip
_SPELLED = re.compile(
    r"\d|@|\b[a-z](?:[-., ]+[a-z]\b)+|\bas in\b|\b(?:dot|dash|underscore|at|double)\b|^\W*[a-z]\W*$"
)
_MAILBOX = re.compile(
    r"(?:@|\bat\b).*(?:\.|\bdot\b) ?(?:com|net|org|edu|gov|io|biz|realty|homes|example)\W*$"
)
_MOST = 3
"""Words in the longest backchannel."""


def _words(text: str) -> list[str]:
    kept = "".join(c if c.isalnum() or c in "'-’" else " " for c in text.lower().replace("’", "'"))
    return [word.strip("-'") for word in kept.split() if word.strip("-'")]


def is_key_press(text: str) -> bool:
    """Whether a transcript is keys (``DTMF: 12#``) and not speech."""
    return text.startswith("DTMF:")


def backchannel(text: str, patience: Patience, confidence: float = 1.0) -> bool:
    """Whether words said while the agent speaks only mean "go on".

    While a yes or no is expected (patience ``short``) a plain yes or no is an answer, however early.
    One or two words the recogniser itself does not believe are taken for a cough or a hum; an expected
    answer is believed earlier.
    """
    words = _words(text)
    if not words:
        return True
    expected = patience == "short" and plain_answer(text)
    if len(words) <= 2 and confidence < (0.3 if expected else 0.45):
        return True
    if len(words) > _MOST:
        return False
    if patience == "short" and any(word in _ANSWERS for word in words):
        return False
    joined = " ".join(words)
    for phrase in _LISTENING_PHRASES:
        joined = joined.replace(phrase, "okay")
    return all(word in _LISTENING for word in joined.split())


def plain_answer(text: str) -> bool:
    """A yes or no and nothing but courtesy ("yes, that's right"): complete, whatever the intonation.

    A no goes on more often than a yes ("no, it is ..."), so less may follow it.
    """
    words = _words(text)
    if not words or len(words) > _PLAIN or hangs(text):
        return False
    if len(words) <= _MOST and all(word in _ANSWERS or word in _LISTENING for word in words):
        return True
    after = _AFTER_NO if any(word in _NO for word in words) else _AFTER_YES
    return words[0] in _ANSWERS and all(word in _ANSWERS or word in after for word in words)


def spelling(text: str) -> bool:
    """Whether letters, digits or an address are being read out, and not just a name said."""
    text = text.lower()
    return bool(_SPELLED.search(text)) or any(word in _DIGITS for word in _words(text))


def whole(text: str) -> bool:
    """Whether an answer to a question for letters or digits is surely all there.

    Ten digits (eleven after a leading 1), an address up to a known ending, a plain yes or no.
    """
    digits = "".join(
        "1" if word == "one" else "0" if word in _DIGITS else "".join(c for c in word if c.isdigit())
        for word in _words(text)
    )
    if digits:
        return len(digits) == (11 if digits.startswith("1") else 10)
    return plain_answer(text) or bool(_MAILBOX.search(text.lower().rstrip()))


def hangs(text: str) -> bool:
    """Whether a sentence stops where no sentence stops ("my e-mail is", "it's P as in")."""
    text = text.rstrip()
    if text.endswith(("...", "…", ",", "-", "–", "—")):
        return True
    words = _words(text)
    if not words or words[-1] not in _HANGING:
        return False
    before = words[-2] if len(words) > 1 else ""
    if words[-1] in _BE:
        return before not in _WHO  # "my number is" goes on, "yes it is" does not
    return not (words[-1] == "a" and len(before) == 1)  # the last letter of "P R I Y A"
