"""What a sentence claims to have done, and which values it names: a model may say neither on its own.

"I've created your account" with no receipt is the failure callers cannot see. Precision matters less
here than recall: a sentence that is held back wrongly is replaced by the engine's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from policies import compliance, wording

NOTED = "noted"
"""Claims that hold as soon as something was passed to the form in this turn."""
DONE = "done"
"""Claims of general completion: they hold only in the turn that wrote a receipt."""

_SOON = r"(?:just |already |now |also |all |successfully |went ahead and |gone ahead and |have |been )*"

_ASKS = re.compile(
    r"\s*(?:and |so |but )?(?:has|have|had|is|are|was|were|do|does|did|what|which|who|where|why)\b"
)


@dataclass(frozen=True)
class _Table:
    """``claims.yaml`` compiled."""

    verbs: tuple[tuple[re.Pattern[str], frozenset[str]], ...]
    phrases: tuple[tuple[re.Pattern[str], frozenset[str]], ...]
    nouns: tuple[tuple[re.Pattern[str], str], ...]
    not_yet: re.Pattern[str]
    receipts: tuple[tuple[re.Pattern[str], frozenset[str]], ...]
    forms: tuple[re.Pattern[str], ...]


@cache
def _table() -> _Table:
    data = yaml.safe_load(files("agent.brains").joinpath("claims.yaml").read_text(encoding="utf-8"))
    verbs = sorted((verb for group in data["verbs"] for verb in group["says"]), key=len, reverse=True)
    verb = rf"({'|'.join(verbs)})\b"
    polite = r"(?:great|ok|okay|perfect|alright|all right|thanks|thank you|sure|and)"
    return _Table(
        verbs=tuple(
            (re.compile(verb), frozenset(group["acts"])) for group in data["verbs"] for verb in group["says"]
        ),
        phrases=tuple(
            (re.compile(phrase), frozenset(group["acts"]))
            for group in data["phrases"]
            for phrase in group["says"]
        ),
        nouns=tuple((re.compile(rf"\b(?:{words})\b"), act) for act, words in data["nouns"].items()),
        not_yet=re.compile(data["not_yet"]),
        receipts=tuple((re.compile(words), frozenset(acts)) for words, acts in data["receipts"].items()),
        forms=(
            re.compile(rf"\b(?:i|we)(?:'ve| have|'m| am|'re| are)? {_SOON}{verb}"),
            re.compile(rf"(?:\b(?:is|are|was|were|been|got)|'s|'re) {_SOON}{verb}"),
            re.compile(rf"^(?:{polite}\W+)*{_SOON}{verb}"),
        ),
    )


def claimed(sentence: str) -> list[frozenset[str]]:
    """Each completion the sentence claims, as the acts of which one must have happened; [] for none.

    Promises, conditions, questions and denials claim nothing.
    """
    text = re.sub(r"\s+", " ", sentence.lower().replace("’", "'")).strip()
    found: list[frozenset[str]] = []
    table = _table()
    for form in table.forms:
        for match in form.finditer(text):
            if not _held_back(text, match.start(1)):
                found.append(_acts(match.group(1), text))
    for phrase, acts in table.phrases:
        for match in phrase.finditer(text):
            if not _held_back(text, match.start()):
                found.append(acts)
    return found


def forbidden(sentence: str) -> bool:
    """Whether no model may say it at all (policies/wording.yaml): who lives where, what a home is worth,
    who gets a loan, that it is a person. A fixed answer may always be said."""
    return bool(wording.problem(sentence)) and not _fixed(sentence)


@cache
def _fixed_answers() -> str:
    """Every fixed answer, in every language, as bare words."""
    policy = compliance.compliance()
    texts = [
        text
        for language in ("en", *policy.languages)
        for name, text in policy.templates_in(language).items()
        if name != "unrecorded"  # true only of a call that is not: the engine knows, a model does not
    ]
    return "|".join(wording.plain(text) for text in texts)


def _fixed(sentence: str) -> bool:
    plain = wording.plain(sentence).strip()
    return len(plain) > 12 and plain in _fixed_answers()


def acts_of(tool: str) -> frozenset[str]:
    """What a receipt of this tool lets the agent say."""
    gained = (acts for words, acts in _table().receipts if words.search(tool))
    return frozenset({"saved"}).union(*gained)


def _acts(verb: str, text: str) -> frozenset[str]:
    """The acts of a verb; "created" alone may be many things, "created your ticket" is one."""
    acts = next((acts for pattern, acts in _table().verbs if pattern.fullmatch(verb)), frozenset({DONE}))
    named = frozenset(act for words, act in _table().nouns if words.search(text))
    return (acts & named) or acts


def _held_back(text: str, at: int) -> bool:
    clause = re.split(r"[,;:.!?—–]", text[:at])[-1]
    asked = text.endswith("?") and _ASKS.match(clause) is not None
    return asked or _table().not_yet.search(clause) is not None


# -- values ---------------------------------------------------------------------------------------

_NUMBER = re.compile(r"\d(?:[\d,.()\- ]*\d)?")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MONEY = re.compile(r"[$€£%]|\b(?:dollars?|bucks|cents?|percent|per month|a month)\b")
_SPELLED = re.compile(r"\b(?:[A-Za-z](?:[-., ]+)){2,}[A-Za-z]\b")


def numbers(text: str) -> list[str]:
    """Every number as bare digits; "3 0 3, 5 5 5" and "(303) 555" read the same."""
    return [re.sub(r"\D", "", match) for match in _NUMBER.findall(text)]


def invented(sentence: str, known: Iterable[str]) -> bool:
    """Whether it names a number, price or address that stands nowhere in ``known``."""
    texts = list(known)
    heard = " ".join(texts).lower()
    digits = [n for text in texts for n in numbers(text)]
    for number in numbers(sentence):
        if len(number) >= 2 and not any(number in other for other in digits):
            return True
    if any(email not in heard for email in _EMAIL.findall(sentence.lower())):
        return True
    return any(word not in heard for word in _MONEY.findall(sentence.lower()))


def contradicts(sentence: str, read_back: str) -> bool:
    """Whether it names a number, address or spelling other than the one waiting for the caller's yes."""
    said = "".join(numbers(read_back))
    if any(len(number) >= 3 and number not in said for number in numbers(sentence)):
        return True
    plain = re.sub(r"\s+", "", read_back.lower().replace(" at ", "@").replace(" dot ", "."))
    if any(email not in plain for email in _EMAIL.findall(sentence.lower())):
        return True
    letters = re.sub(r"[^a-z]", "", read_back.lower())
    return any(re.sub(r"[^a-z]", "", run.lower()) not in letters for run in _SPELLED.findall(sentence))
