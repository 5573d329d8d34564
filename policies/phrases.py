r"""The notation in which an admin writes what people say, in flows/*.yaml and policies/*.yaml.

========================  ==============================================================================
``lease is up``           these words, in either case, spaces or hyphens between them
``pit-bull``              a space, a hyphen or nothing between the two
``(house|our home)``      one of these
``[already]``             may be missing
``remodel(ed|ing)``       an ending; ``replac*``: any ending
``{animal}``              a word of the list ``animal`` in policies/words.yaml
``(just|now)+``           once or more
``*``  ``...``            any one word; up to five words of one sentence, or none
``#``                     a number in digits
``{Name}``                one or two words with a capital
``{Company}``             any number of them, "of" and "and" between; the words beside it have no capitals
``,``                     a comma, or none
``!(you|your)``           not before these words; at the beginning of a phrase: not after this word
``.``  ``?``              the sentence ends here; it ends here with a question mark
``<...>``                 what is taken as the value; without a mark it is all of the phrase
========================  ==============================================================================

A phrase stands between word boundaries and compiles to one regular expression, once a process.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator

_TOKEN = re.compile(
    r"\s+|\.\.\.|\{(?P<list>\w+)\}|(?P<word>(?:[^\s()|\[\]<>!+*#.,?{}]|\.(?=\w))+)|[()|\[\]<>!+*#.,?]"
)
_WORDS = Path(__file__).with_name("words.yaml")
_GAP = r"[\s-]+"
_ANY = r"[\w&/'’-]+"
_NAME = rf"(?-i:[A-Z]{_ANY}(?:\s[A-Z]{_ANY})?)"
_BIG = r"[A-Z][\w&/'’-]*"
_COMPANY = rf"(?-i:(?:{_BIG}|the|of)(?:\s(?:{_BIG}|of|and))*)"
_CLOSING = {"(": ")", "[": "]", "<": ">"}
_PROPER = {"Name": _NAME, "Company": _COMPANY}
_SIGNS = {"*": _ANY, "#": r"\d+(?:[.,:]\d+)?"}


class PhraseError(ValueError):
    """What is wrong with a phrase, in one sentence."""


@cache
def pattern(phrase: str) -> re.Pattern[str]:
    """The regular expression of a phrase. Raises PhraseError."""
    flags = re.NOFLAG if "{Company}" in phrase else re.IGNORECASE  # "Arbors At Mountain View" is one name
    try:
        return re.compile(rf"(?<!\w){_Reader(phrase).all()}(?!\w)", flags)
    except re.error as error:
        raise PhraseError(f"it makes no pattern ({error})") from error


def find(phrases: Iterable[str], text: str) -> re.Match[str] | None:
    """Where the first of some phrases that is said stands in a text; the telling ones are written first."""
    return next((match for phrase in phrases if (match := pattern(phrase).search(text)) is not None), None)


def plainly(text: str) -> str:
    """A text in lower case, with straight quotes and single spaces and without accents."""
    folded = unicodedata.normalize("NFKD", " ".join(text.lower().replace("’", "'").split()))
    return "".join(c for c in folded if not unicodedata.combining(c))


def _read(phrase: str) -> str:
    pattern(phrase)
    return phrase


Phrase = Annotated[str, AfterValidator(_read)]
"""A phrase of a policy file; what cannot be read is named when the file is loaded."""


@cache
def _lists() -> dict[str, str]:
    return dict(yaml.safe_load(_WORDS.read_text(encoding="utf-8")))


@cache
def _listed(name: str) -> str:
    if name in _PROPER:
        return _PROPER[name]
    if name not in _lists():
        raise PhraseError(f"no list {{{name}}} in {_WORDS.name}")
    bodies = [_Reader(entry).all() for entry in _lists()[name].split(",")]
    return f"(?:{'|'.join(bodies)})"


class _Reader:
    """One phrase, read from left to right. Every method returns a part of the regular expression."""

    def __init__(self, phrase: str):
        self.tokens: list[re.Match[str]] = []
        self.at, end = 0, 0
        for token in _TOKEN.finditer(phrase := phrase.strip()):
            if token.start() != end:
                break
            self.tokens.append(token)
            end = token.end()
        if end != len(phrase):
            raise PhraseError(f"{phrase[end]!r} belongs to nothing")
        if sum(token.group() == "<" for token in self.tokens) > 1:
            raise PhraseError("only one part of it can be taken")

    def all(self) -> str:
        """The whole phrase."""
        found = self.alternatives()
        if self.at < len(self.tokens):
            raise PhraseError(f"{self.tokens[self.at].group()!r} closes nothing")
        return found

    def peek(self) -> str:
        """The next sign; empty at the end."""
        return self.tokens[self.at].group() if self.at < len(self.tokens) else ""

    def alternatives(self) -> str:
        """One or more sequences with bars between them."""
        found = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            found.append(self.sequence())
        return f"(?:{'|'.join(found)})" if len(found) > 1 else found[0]

    def sequence(self) -> str:
        """Words after one another. A gap belongs to the part beside it that may be missing."""
        body, optional = "", True
        while (sign := self.peek()) and sign not in "|)]>":
            if sign.isspace():
                self.at += 1
            elif sign == "...":
                self.at += 1
                body += rf"(?:{_ANY},?{_GAP}){{0,5}}?" if optional else rf"(?:,?{_GAP}{_ANY}){{0,5}}?,?"
            elif sign in "!.,?":
                body += self.mark(sign, first=not body)
            else:
                part, missing = self.item()
                if optional:
                    body += f"(?:{part}{_GAP})?" if missing else part
                else:
                    body += f"(?:{_GAP}{part})?" if missing else _GAP + part
                optional = optional and missing
        if optional:
            raise PhraseError("every word of it may be missing" if body else "a word is missing")
        return body

    def mark(self, sign: str, *, first: bool) -> str:
        """What takes no place of its own: a comma, the end of the sentence, words that may not stand here."""
        self.at += 1
        if sign == ",":
            return ",?" + (_GAP if first else "")
        if sign == ".":
            return r"(?=\s*(?:[.,;!?]|$))"
        if sign == "?":
            return r"(?=\s*\?)"
        part, _ = self.item()
        if not first:
            return rf"(?!{_GAP}{part}(?!\w))"
        options = part.replace("(?:", "").replace(")", "").split("|")  # a look back is of one length
        return "".join(rf"(?<!\b{word}\s)" for word in options)

    def item(self) -> tuple[str, bool]:
        """A word with what is written to it without a space; whether it may be missing."""
        if not self.peek() or self.peek().isspace():
            raise PhraseError("a word is missing")
        body, optional = "", True
        while (sign := self.peek()) and not sign.isspace() and sign not in "|)]>.,!?":
            self.at += 1
            if sign in _CLOSING:
                optional = optional and sign == "["
                body += self.group(sign)
            elif sign == "+":
                if optional:
                    raise PhraseError("'+' belongs to a word, a list or (...)")
                body = f"(?:{body}(?:{_GAP}{body})*)"
            else:
                body += r"\w*" if sign == "*" and body else self.plain(sign)
                optional = False
        if optional and body.endswith("?"):
            body = body[:-1]  # the gap beside it goes with it
        return body, optional

    def plain(self, sign: str) -> str:
        """A word, a list or a sign that stands for a word."""
        if name := self.tokens[self.at - 1]["list"]:
            return _listed(name)
        return _SIGNS.get(sign) or re.escape(sign).replace("'", "['’]").replace(r"\-", r"[\s-]?")

    def group(self, opening: str) -> str:
        """What stands in brackets of one of the three kinds."""
        body = self.alternatives()
        if self.peek() != _CLOSING[opening]:
            raise PhraseError(f"{opening!r} is not closed")
        self.at += 1
        return {"(": f"(?:{body})", "[": f"(?:{body})?", "<": f"({body})"}[opening]
