"""Words, signs and letters of a text that may be spelled, and what several of them say together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz

from agent.understanding.digits import number_at
from agent.understanding.letters import AS_IN, IGNORED, RADIO, RARE, STRONG, SYMBOLS, WEAK, confusable


@dataclass(slots=True)
class Token:
    """A word, number or sign of a text and what it is taken for.

    ``kind``: letter, weak and rare (homophones of letters), radio (alphabet), digit, maybe_digit
    ("to"), symbol, caps (a merged run, "MBART"), word. ``char`` is what it stands for if it is no word;
    ``spoken`` is False for a written sign; ``low`` is the text in lower case with plain apostrophes.
    """

    text: str
    start: int
    end: int
    kind: str = ""
    char: str = ""
    upper: bool = False
    sure: bool = False
    spoken: bool = True
    low: str = field(init=False)

    def __post_init__(self) -> None:
        self.low = self.text.lower().replace("’", "'")


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\w\s]|_")


_CHAIN = re.compile(r"[^\W_]+(?:(?P<sep>[-.])[^\W_]+)(?:(?P=sep)[^\W_]+)*")


_SEPARATORS = frozenset(',;:!?"“”()[]…·')


def _by_first_word(phrases: Iterable[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    """Phrases under their first word, in the order given."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], []).append(phrase)
    return found


_AS_IN = _by_first_word(
    tuple(phrase.split())
    for phrase in (
        "as in the word",
        "as in the name",
        "like in the word",
        "like the word",
        "as in",
        "is in",
        "as an",
        "as and",
        "has in",
        "asin",
        "like in",
        "s in",
        "for the word",
        "as on",
        "as a",
        "as the",
        "in as",
        "s n",
        "s and",
        "isn't",
        "is and",
        "is an",
        "as",
        "like",
        "for",
        "4",
        "from",
    )
)


_NEEDS_INITIAL = frozenset(
    {
        ("as",),
        ("like",),
        ("for",),
        ("4",),
        ("from",),
        ("is", "an"),
        ("is", "and"),
        ("as", "and"),
        ("isn't",),
        ("as", "a"),
        ("as", "the"),
        ("s", "n"),
        ("s", "and"),
    }
)


_LOOSE = frozenset({("as",), ("like",), ("for",), ("4",), ("from",)})


_SYMBOL_NAMES = {
    tuple(re.split(r"[\s\-]+", name)): char for name, char in SYMBOLS.items() if name != "@ sign"
}


_IGNORED = _by_first_word(tuple(phrase.split()) for phrase in IGNORED)


_CAPITAL = _by_first_word(
    (("capital",), ("uppercase",), ("upper", "case"), ("cap",), ("big",), ("small",), ("little",))
)


_TIMES = {"double": 2, "dbl": 2, "triple": 3, "treble": 3}


_PLURAL_LETTER = re.compile(r"^([a-z])'?s$")


def tokenize(text: str) -> list[Token]:
    """Words, digits and signs; hyphens and dots that only separate letters are left out."""
    if text.isupper() and re.search(r"[^\W\d_]{2,}\W*\s\W*[^\W\d_]{2,}", text):
        text = text.lower() if len(text.lower()) == len(text) else text  # shouting, not spelling
    separators: set[int] = set()
    in_chain: set[int] = set()
    for chain in _CHAIN.finditer(text):
        parts = re.split(r"[-.]", chain.group())
        single = sum(len(p) == 1 for p in parts)
        short = all(len(p) <= 3 for p in parts)
        spelling = (
            short and single * 2 >= len(parts) if len(parts) >= 3 else single == 2 and chain["sep"] == "-"
        )
        head = len(parts) >= 3 and len(parts[0]) > 3 and single == len(parts) - 1 and chain["sep"] == "-"
        if head:  # "Finisaf-I-N-N": a word run together with its spelling
            letters = range(chain.start() + len(parts[0]), chain.end())
            separators.update(i for i in letters if text[i] == "-")
            in_chain.update(letters)
        merged = chain["sep"] == "-" and all(re.fullmatch(r"[A-Z]{1,4}\d{0,4}", p) for p in parts)
        spelling = spelling or (merged and "@" not in text)  # "RGR-EEN90"
        dotted_end = text[chain.end() : chain.end() + 1] == "." and single == len(parts)
        special = chain.group().lower() in ("x-ray", "fox-trot", "at-sign", "double-u", "double-you")
        if spelling or dotted_end or special:
            separators.update(m.start() + chain.start() for m in re.finditer(r"[-.]", chain.group()))
            if spelling and not special:
                in_chain.update(range(chain.start(), chain.end()))
    tokens: list[Token] = []
    for match in _WORD.finditer(text):
        sign, at = match.group(), match.start()
        if sign in _SEPARATORS or at in separators:
            continue
        if sign in ".-–—'’":
            before, after = text[at - 1 : at], text[match.end() : match.end() + 1]
            attached = after.isalnum() or after in "_-+."
            spaced = before.isspace() and after.isspace()
            meant = (attached or spaced) and (sign in "-–—" or (sign == "." and bool(after)))
            if not meant and not (sign == "-" and not before.isspace() and after == "@"):
                continue
            tokens.append(Token("-" if sign in "–—" else sign, at, match.end(), "symbol", spoken=False))
            continue
        token = Token(sign, at, match.end(), spoken=sign[0].isalnum())
        if at in in_chain and sign.isupper() and len(sign) > 1:
            token.kind = "caps"
        elif at in in_chain and len(sign) == 1 and sign.isalpha():
            token.kind, token.char = "letter", sign.lower()
        tokens.append(token)
    for token in tokens:
        if not token.kind:
            _classify(token)
        if token.kind in ("symbol", "caps"):
            token.char = token.text.lower()
    return tokens


def _classify(token: Token) -> None:
    low = token.low
    if not low[0].isalnum():
        token.kind = "symbol"
    elif low.isdigit():
        token.kind, token.char = "digit", low
    elif len(low) >= 3 and token.text.isupper() and token.text.isalpha() and low not in SYMBOLS:
        token.kind, token.char = "caps", low
    elif len(low) == 1 and low not in "ai":
        token.kind, token.char = "letter", low
    elif low in STRONG:
        token.kind, token.char = "letter", STRONG[low]
    elif low in WEAK:
        token.kind, token.char = "weak", WEAK[low]
    elif low in RARE:
        token.kind, token.char = "rare", RARE[low]
    elif low in RADIO:
        token.kind, token.char = "radio", RADIO[low]
    elif len(low) >= 2 and token.text.isupper() and token.text.isalpha():
        token.kind, token.char = "caps", low
    else:
        token.kind = "word"


def _match(tokens: Sequence[Token], i: int, words: tuple[str, ...]) -> bool:
    if i + len(words) > len(tokens):
        return False
    return all(tokens[i + k].low == w and tokens[i + k].spoken for k, w in enumerate(words))


def _stands_for(word: str, letter: str) -> bool:
    """Whether a word is one people explain a letter with, or nearly ("Vickter")."""
    known = (
        [said for said, char in RADIO.items() if char == letter] + [AS_IN[letter].lower()]
        if letter in AS_IN
        else []
    )
    return len(word) >= 4 and word[0] == letter and any(fuzz.ratio(word, said) >= 70 for said in known)


def _letter_of(token: Token) -> str:
    """The letter a token can stand for as the head of "X as in ..."; "" if it cannot."""
    if token.kind in ("letter", "weak", "rare"):
        return token.char
    return "?" if token.kind in ("word", "digit", "caps") and len(token.low) <= 3 else ""


def _as_in(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
    """ "M as in Mike" starting at the letter token ``i``: (letter, index after), or None."""
    head = _letter_of(tokens[i])
    if not head:
        return None
    following = tokens[i + 1].low if i + 1 < len(tokens) else ""
    for marker in _AS_IN.get(following, ()):
        at = i + 1 + len(marker)
        if not _match(tokens, i + 1, marker) or at >= len(tokens):
            continue
        word = tokens[at].low
        if not word[0].isalpha() or len(word) < 2:
            continue
        if marker in _NEEDS_INITIAL and word in SYMBOLS:
            continue
        if marker in _NEEDS_INITIAL and (len(word) < 3 or not (head == word[0] or confusable(head, word[0]))):
            continue
        if marker in _LOOSE and head != word[0]:
            continue
        if word == "x" or (word[0] == "x" and _match(tokens, at + 1, ("ray",))):
            at += 1
        return word[0], at + 1
    if tokens[i + 1 : i + 3] and _match(tokens, i + 1, ("as", "in", "x", "ray")):
        return "x", i + 5
    return None


def fold(tokens: list[Token]) -> list[Token]:
    """Join what several tokens say together: "as in", "double l", "under score", "forty two"."""
    pairs = sum(
        a.kind in ("letter", "weak") and b.kind == "radio" and a.char == b.char for a, b in pairwise(tokens)
    )
    folded: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        made, i_next = _fold_one(tokens, i, pairs >= 2)
        if made is None:
            i = i_next
            continue
        if made is token and token.kind in ("word", "weak") and token.spoken:
            number = _number(tokens, i)
            if number:
                made, i_next = number
        folded.append(made)
        i = max(i_next, i + 1)
    return folded


Folded = tuple[Token | None, int]
"""What several tokens make (None: nothing), and the index behind them."""


def _fold_one(tokens: list[Token], i: int, paired: bool) -> Folded:
    """The first thing that the tokens from ``i`` on say together; else the token itself."""
    if not tokens[i].spoken:
        return tokens[i], i + 1
    for step in _STEPS:
        made = step(tokens, i, paired)
        if made is not None:
            return made
    return tokens[i], i + 1


def _capital_said(tokens: list[Token], i: int, paired: bool) -> Folded | None:
    """ "Capital B", "small b"."""
    for capital in _CAPITAL.get(tokens[i].low, ()):
        at = i + len(capital)
        if _match(tokens, i, capital) and at < len(tokens) and _letter_of(tokens[at]) not in ("", "?"):
            made, after = _fold_one(tokens, at, paired)
            upper = capital[0] not in ("small", "little")
            return (_changed(made, start=tokens[i].start, upper=upper) if made else None), after
    return None


def _left_out(tokens: list[Token], i: int, paired: bool) -> Folded | None:
    """Words that say nothing between letters ("the letter", "then")."""
    for phrase in _IGNORED.get(tokens[i].low, ()) if tokens[i].kind != "caps" else ():
        if _match(tokens, i, phrase):
            return None, i + len(phrase)
    return None


def _double_u(tokens: list[Token], i: int, paired: bool) -> Folded | None:
    if tokens[i].low != "double" or i + 1 >= len(tokens) or tokens[i + 1].low not in ("u", "you"):
        return None
    made = Token("w", tokens[i].start, tokens[i + 1].end, "letter", "w")
    explained = _as_in([made, *tokens[i + 2 :]], 0)
    return (made, i + 1 + explained[1]) if explained else (made, i + 2)


def _several(tokens: list[Token], i: int, paired: bool) -> Folded | None:
    """ "Double l", "triple four"."""
    token = tokens[i]
    if token.low not in _TIMES or i + 1 >= len(tokens):
        return None
    made, after = _fold_one(tokens, i + 1, paired)
    if made and len(made.char) == 1 and made.kind in ("letter", "weak", "digit", "rare"):
        kind = "digit" if made.kind == "digit" else "letter"
        return _changed(made, start=token.start, kind=kind, times=_TIMES[token.low]), after
    number = _number_token(tokens, i + 1)
    if number and len(number.char) == 1:
        return _changed(number, start=token.start, times=_TIMES[token.low]), i + 2
    return None


def _glued(tokens: list[Token], i: int, paired: bool) -> Folded | None:
    """ "Ms and Mike": the end of "as" stuck to the letter."""
    token, found = tokens[i], _PLURAL_LETTER.match(tokens[i].low)
    if found is None or i + 2 >= len(tokens):
        return None
    link, word = tokens[i + 1].low, tokens[i + 2].low
    if link not in ("and", "in", "an") or len(word) < 3:
        return None
    if word[0] != found.group(1) and not confusable(word[0], found.group(1)):
        return None
    return Token(token.text, token.start, tokens[i + 2].end, "letter", word[0], sure=True), i + 3


def _plural(tokens: list[Token], i: int, paired: bool) -> Folded | None:
    """ "Two Ls"."""
    token = tokens[i]
    if token.low not in ("two", "2", "three", "3") or i + 1 >= len(tokens):
        return None
    following = tokens[i + 1]
    found = _PLURAL_LETTER.match(following.low)
    if found is None or not (following.text[0].isupper() or "'" in following.low):
        return None
    times = 3 if token.low in ("three", "3") else 2
    return Token(token.text, token.start, following.end, "letter", found.group(1) * times), i + 2


def _explained(tokens: list[Token], i: int, paired: bool) -> Folded | None:
    """ "M as in Mike", "V Victor" in the middle of letters, or a letter and its radio word again and again."""
    token, last = tokens[i], len(tokens)
    if explained := _as_in(tokens, i):
        letter, after = explained
        return Token(token.text, token.start, tokens[after - 1].end, "letter", letter, False, True), after
    if i + 1 >= last:
        return None
    word = tokens[i + 1]
    amid = token.kind == "letter" and i + 2 < last and tokens[i + 2].kind in ("letter", "weak")
    twice = paired and token.kind in ("letter", "weak") and word.kind == "radio" and word.char == token.char
    if (amid and _stands_for(word.low, token.char)) or twice:
        return Token(token.text, token.start, word.end, "letter", token.char, sure=True), i + 2
    return None


def _word_or_sign(tokens: list[Token], i: int, paired: bool) -> Folded | None:
    """ "X ray", "fox trot", "under score"."""
    start = tokens[i].start
    for words in (("x", "ray"), ("fox", "trot")):
        if _match(tokens, i, words):
            return Token(words[0], start, tokens[i + 1].end, "radio", words[0][0]), i + 2
    for length in (3, 2, 1):
        name = tuple(t.low for t in tokens[i : i + length] if t.spoken)
        if len(name) == length and name in _SYMBOL_NAMES:
            end = tokens[i + length - 1].end
            return Token(" ".join(name), start, end, "symbol", _SYMBOL_NAMES[name]), i + length
    return None


_STEPS = (_capital_said, _left_out, _double_u, _several, _glued, _plural, _explained, _word_or_sign)
"""In the order they are tried."""


def _changed(
    token: Token, *, start: int, kind: str | None = None, upper: bool = False, times: int = 1
) -> Token:
    return Token(
        token.text, start, token.end, kind or token.kind, token.char * times, token.upper or upper, token.sure
    )


def _number_token(tokens: list[Token], i: int) -> Token | None:
    found = _number(tokens, i)
    return found[0] if found else None


def _number(tokens: list[Token], i: int) -> tuple[Token, int] | None:
    """A spoken number at token ``i`` ("forty two"), as a digit token and the index after it."""
    window = tokens[i : i + 6]
    spoken = ""
    ends: list[int] = []
    for token in window:
        if not token.spoken:
            break
        spoken += token.low + " "
        ends.append(len(spoken) - 1)
    found = number_at(spoken, 0)
    if not found:
        return None
    digits, end, weak = found
    used = sum(e <= end for e in ends)
    if not used:
        return None
    kind = "maybe_digit" if weak else "digit"
    token = Token(tokens[i].text, tokens[i].start, tokens[i + used - 1].end, kind, digits)
    return token, i + used
