"""A model's words on their way to the caller: sentence by sentence, each judged before it is spoken."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from pipecat.utils.string import match_endofsentence

from agent.brains import claims

MAX_SENTENCES = 6
"""More than this nobody listens to; the rest of a reply is dropped."""
_SHINGLE = 8
_PIECE = 6


class Sentences:
    """Cuts a stream of text into sentences. A sentence ends where the next one begins, so that
    "3." of "3.50" and "Dr." are not taken for ends."""

    def __init__(self) -> None:
        self._text = ""

    def feed(self, delta: str) -> list[str]:
        """Whole sentences that the new text completes."""
        self._text += delta
        found = []
        while end := match_endofsentence(self._text):
            if end >= len(self._text.rstrip()):
                break
            found.append(self._text[:end])
            self._text = self._text[end:]
        return [clean for sentence in found if (clean := plain(sentence))]

    def flush(self) -> list[str]:
        """What is left when the stream has ended."""
        rest, self._text = plain(self._text), ""
        return [rest] if rest else []


def plain(text: str) -> str:
    """Without markup that would be read aloud."""
    text = re.sub(r"\*\*|__|`|^\s*(?:[-*•#]+|\d+[.)])\s+", "", text, flags=re.MULTILINE)
    return re.sub(r"\s+", " ", text).strip()


@dataclass
class Judge:
    """Decides on each sentence of one turn. An empty verdict lets it through.

    ``secret``: the prompt, of which nothing may be quoted; ``canary``: a word in it that must never be
    heard. ``known``: texts whose numbers may be repeated. ``read_back``: words that wait for the
    caller's yes, "" for none. ``receipts``: acts that have happened, ever; ``done``: a receipt was
    written in this turn; ``acted``: something was passed to the form in this turn; ``say``: the
    engine's own next words, which may always be said.
    """

    secret: str
    canary: str
    known: Callable[[], Collection[str]]
    read_back: str = ""
    receipts: Collection[str] = ()
    done: bool = False
    acted: bool = False
    say: str = ""
    _heard: str = field(default="", init=False)
    _before: str = field(default="", init=False)
    _shingles: frozenset[tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._shingles = frozenset(_runs(self.secret))

    def verdict(self, sentence: str) -> str:
        """Why the sentence may not be spoken, as a word for the log; "" when it may."""
        self._heard += re.sub(r"[^a-z0-9]", "", sentence.lower())
        if self._leaks():
            return "canary"
        if _norm(sentence) in _norm(self.say):
            return ""
        if any(run in self._shingles for run in _runs(sentence)):
            return "prompt"
        before, self._before = self._before, sentence
        # "That street is. Very safe." is one statement cut in two
        if claims.forbidden(sentence) or (before and claims.forbidden(f"{before.rstrip('.')} {sentence}")):
            return "forbidden"
        if not all(self._holds(claim) for claim in claims.claimed(sentence)):
            return "claim"
        if self.read_back and claims.contradicts(sentence, self.read_back):
            return "read_back"
        if claims.invented(sentence, [self.say, *self.known()]):
            return "invented"
        return ""

    def _leaks(self) -> bool:
        """Any piece of the canary, also split over sentences or spelled out."""
        canary = re.sub(r"[^a-z0-9]", "", self.canary.lower())
        pieces = (canary[i : i + _PIECE] for i in range(len(canary) - _PIECE + 1))
        return bool(canary) and any(piece in self._heard for piece in pieces)

    def _holds(self, claim: Collection[str]) -> bool:
        if claims.NOTED in claim:
            return self.acted
        if claims.DONE in claim:
            return self.done
        return any(act in self.receipts for act in claim)


def _norm(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _runs(text: str) -> list[tuple[str, ...]]:
    words = _norm(text).split()
    return [tuple(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)]
