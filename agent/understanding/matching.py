"""Finding known names in what was heard, although the recogniser wrote them its own way.

"sales force", "hub spot", "follow a boss" and "the multilingual one" name a choice as surely as its
label does. Words are compared with and without their spaces, then by closeness (rapidfuzz), then by
the words that only one choice has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from agent.understanding.numbers import find_numbers, fold
from flows.schema import Choice

CERTAIN = 100.0
CLOSE = 80.0
"""From this closeness (0..100) on, a misspelt name counts as said."""

_MOST_WORDS = 250
"""What is said beyond this many words is not searched for names (a turn has far fewer)."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_STOP = {
    *("the", "a", "an", "and", "or", "of", "for", "to", "in", "on", "with", "our", "my", "your", "we", "i"),
    *(
        "it",
        "is",
        "one",
        "that",
        "this",
        "please",
        "use",
        "using",
        "have",
        "by",
        "me",
        "us",
        "at",
        "be",
        "do",
    ),
    *("option", "choice", "number", "plan", "just", "only", "thing", "type", "kind", "mode", "system"),
    *(
        "don't",
        "didn't",
        "haven't",
        "aren't",
        "isn't",
        "know",
        "think",
        "want",
        "need",
        "like",
        "yes",
        "no",
        "not",
    ),
    *(
        "any",
        "all",
        "some",
        "can",
        "could",
        "would",
        "should",
        "what",
        "which",
        "are",
        "was",
        "but",
        "so",
        "if",
    ),
    *(
        "there",
        "their",
        "they",
        "them",
        "its",
        "it's",
        "i'm",
        "we're",
        "we've",
        "you",
        "really",
        "got",
        "say",
    ),
}
_SLIGHT = {
    *(
        "yet",
        "none",
        "nope",
        "yeah",
        "yep",
        "maybe",
        "sure",
        "never",
        "mind",
        "nothing",
        "other",
        "else",
        "am",
        "does",
    )
}
_NOT = re.compile(
    r"(?:\bnot|\bno|\bwithout|\bexcept(?: for)?|\bbut not|\binstead of|\brather than|\bother than|"
    r"(?:n't|\b(?:do|does|did|is|was|have|would|should)nt)"
    r"(?: use| have| want| need| been| got| be| really| currently| say| mean| ask for| choose| pick)*|"
    r"\bnot (?:been|using|yet|really|working|talking|currently|say|saying|mean|ask for)|"
    r"\bnever|\bminus|\bdrop|\bremove|\bskip|\bless)(?: the| our| any| an| a)?\s*$"
)
_POSITION = re.compile(
    r"(?:i(?:'ll| will)? (?:take|want|like|choose|pick|go (?:with|for))|i'd like|let's (?:go with|"
    r"do|take)|give me|make it|"
    r"probably|maybe)?\s*(?:the |that )?(?:very )?(?:option |choice |number |letter )?"
    r"(?P<which>first|last|former|latter|[a-h](?![a-z])|\d+(?:st|nd|rd|th)?)(?: (?:one|option|"
    r"choice|of those|of them))*"
)
_NONE = re.compile(
    r"(?:none|nothing|neither|no ?one|nobody|zero|nada|ninguno|not any|no)(?: (?:of (?:them|those|"
    r"these|the above|that)|at all|"
    r"for now|right now|yet|really|else|please|thanks|thank you|currently|at the moment|either|just yet))*"
    r"|(?:(?:we|i|they) )?(?:currently )?(?:don't|do not|dont) (?:really |currently )?(?:use|have|"
    r"need|want) (?:any(?:thing)?|one|it|"
    r"them|those|that|any of (?:them|those|these))(?: (?:at all|for now|right now|yet|currently|at "
    r"the moment|of (?:them|those|these)))*"
    r"|(?:we're |i'm )?not using (?:any(?:thing)?|one|it)(?: (?:right now|yet|currently))?"
)


@dataclass(frozen=True, slots=True)
class Match:
    """A choice found in a text: its value, how sure (0..100), and where it stands."""

    value: str
    score: float
    start: int
    end: int


def plain(text: str) -> str:
    """Words only, lower case, single spaces: "Realtor.com" and "realtor dot com" both "realtor com"."""
    words = _WORD.findall(fold(text).replace("&", " and "))
    return " ".join(w for w in words if w != "dot")


def phrases(choice: Choice) -> tuple[str, ...]:
    """Everything a choice is called, without doubles: value, label and the other words for it."""
    return _names(choice.label, choice.value, choice.also)


@lru_cache(maxsize=4096)  # every turn asks for every choice's names again: a third of its processor time
def _names(label: str, value: str, also: tuple[str, ...]) -> tuple[str, ...]:
    names = [plain(name) for name in (label, value.replace("_", " ").replace("-", " "), *also)]
    return tuple(dict.fromkeys(name for name in names if name))


def telling(text: str) -> int:
    """How many words of a text are more than small words."""
    return sum(word not in _STOP for word in plain(text).split())


def says_none(text: str) -> bool:
    """Whether the whole answer is "none of them", "we don't use any" and the like."""
    said = plain(re.sub(r"\b(?:um+|uh+|oh|well|so)\b", " ", fold(text)))
    return bool(_NONE.fullmatch(said))


def _spans(text: str) -> list[tuple[str, int, int]]:
    words = [(m.group().replace("'s", ""), m.start(), m.end()) for m in _WORD.finditer(fold(text))]
    return [w for w in words if w[0] not in {"dot", "um", "uh", "er"}][:_MOST_WORDS]


def _denied(text: str, start: int) -> bool:
    return bool(_NOT.search(fold(text)[max(0, start - 40) : start]))


def _windows(
    words: Sequence[tuple[str, int, int]], size: int, like: str | None = None
) -> Iterable[tuple[str, int, int]]:
    """Runs of ``size`` words; with ``like``, none that begins or ends with a small word ``like`` does not."""
    ends = None if like is None else (like.split()[0], like.split()[-1])
    for i in range(len(words) - size + 1):
        part = words[i : i + size]
        if ends and any(part[k][0] in _STOP and part[k][0] != ends[k] for k in (0, -1)):
            continue
        yield "".join(w[0] for w in part), part[0][1], part[-1][2]


def _apart(found: Iterable[Match]) -> list[Match]:
    """The best matches that do not overlap: surer first, then longer; back in text order."""
    kept: list[Match] = []
    for match in sorted(found, key=lambda m: (-m.score, m.start - m.end, m.start)):
        if all(match.end <= k.start or match.start >= k.end for k in kept):
            kept.append(match)
    return sorted(kept, key=lambda m: m.start)


@lru_cache(maxsize=4096)
def _slight(phrase: str) -> bool:
    """Whether a name is of small words only ("no", "not yet", "I do"): inside a sentence it says nothing."""
    return all(word in _STOP or word in _SLIGHT for word in phrase.split())


def exact_matches(text: str, choices: Sequence[Choice], *, denied: bool = False) -> list[Match]:
    """Choices whose name stands in the text word for word (spaces aside), in text order; not denied ones.

    A name of small words only ("no", "not yet") must be the whole text. With ``denied``, only those
    that are named to be excluded ("not Salesforce").
    """
    words = _spans(text)
    whole = "".join(w[0] for w in words)
    names: dict[str, list[str]] = {}
    longest = 0
    found = []
    for choice in choices:
        for phrase in phrases(choice):
            squashed = phrase.replace(" ", "")
            if not _slight(phrase):
                names.setdefault(squashed, []).append(choice.value)
                longest = max(longest, phrase.count(" ") + 4)
            elif squashed == whole:
                found.append(Match(choice.value, CERTAIN, words[0][1], words[-1][2]))
    for size in range(1, min(len(words), longest) + 1):
        for joined, start, end in _windows(words, size):
            found += [Match(value, CERTAIN, start, end) for value in names.get(joined, ())]
    return [m for m in _apart(found) if _denied(text, m.start) == denied]


def _closeness(a: str, b: str) -> float:
    """0..100; a long name whose beginning is right may end wrong ("pipe dry" for Pipedrive)."""
    ratio = fuzz.ratio(a, b)
    begins = len(b) >= 8 and a[:4] == b[:4] and JaroWinkler.similarity(a, b) >= 0.9
    return max(ratio, CLOSE) if begins else ratio


def close_matches(text: str, choices: Sequence[Choice], floor: float = CLOSE) -> list[Match]:
    """Choices whose name is nearly in the text, at least ``floor`` close; names under 4 letters never."""
    words = _spans(text)
    found = []
    for choice in choices:
        for phrase in phrases(choice):
            squashed = phrase.replace(" ", "")
            if len(squashed) < 4:
                continue
            count = phrase.count(" ") + 1
            for size in range(max(1, count - 1), min(len(words), count + 2) + 1):
                for joined, start, end in _windows(words, size, phrase):
                    if abs(len(joined) - len(squashed)) > max(2, len(squashed) // 5) or joined in _STOP:
                        continue
                    score = _closeness(joined, squashed)
                    # short names are near to many ordinary words ("lead" and "load")
                    needed = floor if len(squashed) >= 7 else max(floor, 88.0)
                    if score >= needed and not _denied(text, start):
                        found.append(Match(choice.value, min(score, 99.0), start, end))
    return _apart(found)


def _same_word(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) >= 5 and fuzz.ratio(a, b) >= 85)


def word_matches(text: str, choices: Sequence[Choice]) -> list[Match]:
    """Choices that share the most telling words with the text; several when the words do not decide."""
    said = [w for w in _spans(text) if w[0] not in _STOP and len(w[0]) > 2 and not _denied(text, w[1])]
    scored = []
    for choice in choices:
        names = {w for phrase in phrases(choice) for w in phrase.split() if w not in _STOP and len(w) > 2}
        hits = [s for s in said if any(_same_word(s[0], name) for name in names)]
        if hits:
            scored.append((len({h[0] for h in hits}), choice.value, hits[0][1], hits[-1][2]))
    best = max((s[0] for s in scored), default=0)
    return [Match(value, 85.0, start, end) for count, value, start, end in scored if count == best]


def find_choices(text: str, choices: Sequence[Choice]) -> list[Match]:
    """The choices a text names, surest reading first: word for word, else nearly, else by telling words.

    Several matches mean several were named, or (from telling words, all with the same place) that the
    words fit each of them.
    """
    return exact_matches(text, choices) or close_matches(text, choices) or word_matches(text, choices)


def position(text: str, count: int) -> int | None:
    """The index meant by "the second one", "option three", "B", "the last": 0-based; None if no such words.

    Only when the whole text says no more than that.
    """
    said = fold(text).strip(" .,!?")
    for number in reversed(find_numbers(said)):
        if number.start == 0 or said[number.start - 1] in " .,-":
            suffix = "th" if number.ordinal else ""
            said = f"{said[: number.start]}{int(number.value)}{suffix}{said[number.end :]}"
    said = re.sub(r"\b(first|last|former|latter|\d+th) 1\b", r"\1 one", said)
    match = _POSITION.fullmatch(
        re.sub(r"\s+(?:please|thanks|thank you|i think|i guess)$", "", said).strip(" .,")
    )
    if match is None or count < 1:
        return None
    which = match.group("which")
    if which in {"last", "latter"}:
        return count - 1
    if which in {"first", "former"}:
        return 0
    index = ord(which) - ord("a") if which.isalpha() else int(re.sub(r"\D", "", which)[:6]) - 1
    return index if 0 <= index < count else None
