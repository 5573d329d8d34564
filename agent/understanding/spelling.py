"""Spelled input: "M B A R T, underscore, two", "N as in Nancy", "alpha bravo", "double l", "MBART".

``decode`` turns words into units (letters, digits, symbols, whole words); people mix all four.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import fuzz

from agent.understanding.digits import number_at
from agent.understanding.fillers import strip_opening
from agent.understanding.letters import IGNORED, RADIO, RARE, STRONG, SYMBOLS, WEAK

Kind = Literal["letter", "digit", "symbol", "word"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of what was spelled; ``text`` is lower case for letters, as heard for words.

    ``start``/``end`` are positions in the decoded text; ``upper`` that a capital was asked for;
    ``sure`` that the letter was given with a word ("N as in Nancy") or by the radio alphabet.
    """

    text: str
    kind: Kind
    start: int
    end: int
    upper: bool = False
    sure: bool = False


@dataclass(slots=True)
class _Token:
    text: str
    start: int
    end: int
    kind: str = ""  # letter, weak, rare, radio, digit, maybe_digit, symbol, caps, word, skip
    char: str = ""
    upper: bool = False
    sure: bool = False
    spoken: bool = True  # a symbol said as a word, not written

    @property
    def low(self) -> str:
        return self.text.lower().replace("’", "'")


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\w\s]|_")
_CHAIN = re.compile(r"[^\W_]+(?:(?P<sep>[-.])[^\W_]+)(?:(?P=sep)[^\W_]+)*")
_SEPARATORS = frozenset(',;:!?"“”()[]…·')
_AS_IN = tuple(
    tuple(phrase.split())
    for phrase in (
        "as in the word", "as in the name", "like in the word", "like the word", "as in", "is in", "as an", "as and",
        "has in", "asin", "like in", "s in", "for the word", "as on", "isn't", "is and", "is an", "as", "like", "for",
        "4", "from",
    )
)  # fmt: skip
_NEEDS_INITIAL = frozenset({("as",), ("like",), ("for",), ("4",), ("from",), ("is", "an"), ("is", "and"), ("as", "and"), ("isn't",)})  # fmt: skip
_SYMBOL_NAMES = {
    tuple(re.split(r"[\s\-]+", name)): char for name, char in SYMBOLS.items() if name != "@ sign"
}
_IGNORED = tuple(tuple(phrase.split()) for phrase in IGNORED)
_CAPITAL = (("capital",), ("uppercase",), ("upper", "case"), ("cap",), ("big",), ("small",), ("little",))
_TIMES = {"double": 2, "dbl": 2, "triple": 3, "treble": 3}
_PLURAL_LETTER = re.compile(r"^([a-z])'?s$")


def decode(text: str, *, spelled: bool = False) -> list[Unit]:
    """Read a text as spelled letters, digits, symbols and words, in order.

    Homophones ("be", "are", "to") become letters or digits only beside others; with ``spelled``
    (the caller was asked to spell) a text of nothing but homophones counts as letters too.
    Spoken symbols become their character, "at" becomes "@". Never raises; unknown signs are dropped.
    """
    tokens = _fold(_tokens(text))
    _settle(tokens, spelled)
    units: list[Unit] = []
    for token in tokens:
        if token.kind in ("letter", "caps"):
            units.append(Unit(token.char, "letter", token.start, token.end, token.upper, token.sure))
        elif token.kind == "digit":
            units.append(Unit(token.char, "digit", token.start, token.end))
        elif token.kind == "symbol":
            units.append(Unit(token.char, "symbol", token.start, token.end))
        elif token.kind == "word":
            units.append(Unit(token.text, "word", token.start, token.end))
    return units


def join(units: Sequence[Unit]) -> str:
    """The units run together in lower case: what an e-mail user part or a web host is made of."""
    return "".join(unit.text for unit in units).lower()


def respell(units: Sequence[Unit]) -> list[Unit]:
    """Where a word is followed by its own spelling, keep the spelling: "Lopez, L O P E S" -> "lopes".

    The spelling wins because it is the more deliberate of the two. Two words spelled as one
    ("oak hill O A K H I L L") count too.
    """
    result: list[Unit] = []
    i = 0
    while i < len(units):
        j = i
        while j < len(units) and units[j].kind == "letter":
            j += 1
        run = list(units[i:j])
        spelled = "".join(u.text for u in run)
        if len(spelled) >= 3:
            best, size = 0.0, 0
            for count in (1, 2, 3):
                words = result[len(result) - count :] if len(result) >= count else []
                heard = "".join(u.text for u in words).lower()
                near = fuzz.ratio(heard, spelled) if words and all(u.kind == "word" for u in words) else 0.0
                if near > best and sounds_like(heard, spelled):
                    best, size = near, count
            if size:
                run = [replace(run[0], start=result[-size].start), *run[1:]]
                del result[-size:]
            result.extend(run)
            i = j
        else:
            result.append(units[i])
            i += 1
    return result


def sounds_like(heard: str, spelled: str) -> bool:
    """Whether ``spelled`` is plausibly the spelling of the word ``heard``."""
    if not heard or not spelled:
        return False
    near = fuzz.ratio(heard, spelled)
    return near >= 60 or (heard[0] == spelled[0] and near >= 50 and abs(len(heard) - len(spelled)) <= 2)


def spelled_out(text: str) -> str | None:
    """The one thing a text spells ("N-G-U-Y-E-N", "it's l o p e z"), lower case; None if it does not spell.

    At least two letters must be spelled and no other word be left beside them.
    """
    units = respell(decode(strip_opening(text), spelled=True))
    if any(u.kind in ("word", "digit") or u.text == "@" for u in units):
        return None
    letters = [u for u in units if u.kind == "letter"]
    return join(units) if sum(len(u.text) for u in letters) >= 2 else None


# -- tokens ---------------------------------------------------------------------------------------


def _tokens(text: str) -> list[_Token]:
    """Words, digits and signs; hyphens and dots that only separate letters are left out."""
    if text.isupper() and re.search(r"[^\W\d_]{2,}[\W\d_]+[^\W\d_]{2,}", text):
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
        dotted_end = text[chain.end() : chain.end() + 1] == "." and single == len(parts)
        special = chain.group().lower() in ("x-ray", "fox-trot", "at-sign", "double-u", "double-you")
        if spelling or dotted_end or special:
            separators.update(m.start() + chain.start() for m in re.finditer(r"[-.]", chain.group()))
            if spelling and not special:
                in_chain.update(range(chain.start(), chain.end()))
    tokens: list[_Token] = []
    for match in _WORD.finditer(text):
        sign, at = match.group(), match.start()
        if sign in _SEPARATORS or at in separators:
            continue
        if sign in ".-–—'’":
            before, after = text[at - 1 : at], text[match.end() : match.end() + 1]
            attached = after.isalnum() or after in "_-+."
            spaced = before.isspace() and after.isspace()
            if not (sign in "-–—" and (spaced or attached) or sign == "." and (attached or spaced) and after):
                if not (sign in "-" and not before.isspace() and after == "@"):
                    continue
            tokens.append(_Token("-" if sign in "–—" else sign, at, match.end(), "symbol", spoken=False))
            continue
        token = _Token(sign, at, match.end(), spoken=sign[0].isalnum())
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


def _classify(token: _Token) -> None:
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


def _match(tokens: Sequence[_Token], i: int, words: tuple[str, ...]) -> bool:
    return all(
        i + k < len(tokens) and tokens[i + k].spoken and tokens[i + k].low == w for k, w in enumerate(words)
    )


def _letter_of(token: _Token) -> str:
    """The letter a token can stand for as the head of "X as in ..."; "" if it cannot."""
    if token.kind in ("letter", "weak", "rare"):
        return token.char
    return "?" if token.kind in ("word", "digit", "caps") and len(token.low) <= 3 else ""


def _as_in(tokens: Sequence[_Token], i: int) -> tuple[str, int] | None:
    """ "M as in Mike" starting at the letter token ``i``: (letter, index after), or None."""
    head = _letter_of(tokens[i])
    if not head:
        return None
    for marker in _AS_IN:
        at = i + 1 + len(marker)
        if not _match(tokens, i + 1, marker) or at >= len(tokens):
            continue
        word = tokens[at].low
        if not word[0].isalpha() or len(word) < 2:
            continue
        if marker in _NEEDS_INITIAL and word in SYMBOLS:
            continue
        if marker in _NEEDS_INITIAL and (head != word[0] or len(word) < 3):
            continue
        if word == "x" or (word[0] == "x" and _match(tokens, at + 1, ("ray",))):
            at += 1
        return word[0], at + 1
    if tokens[i + 1 : i + 3] and _match(tokens, i + 1, ("as", "in", "x", "ray")):
        return "x", i + 5
    return None


def _fold(tokens: list[_Token]) -> list[_Token]:
    """Join what several tokens say together: "as in", "double l", "under score", "forty two"."""
    pairs = sum(
        a.kind in ("letter", "weak") and b.kind == "radio" and a.char == b.char
        for a, b in zip(tokens, tokens[1:], strict=False)
    )
    folded: list[_Token] = []
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


def _fold_one(tokens: list[_Token], i: int, paired: bool) -> tuple[_Token | None, int]:
    token = tokens[i]
    start, last = token.start, len(tokens)
    if not token.spoken:
        return token, i + 1
    for capital in _CAPITAL:
        at = i + len(capital)
        if _match(tokens, i, capital) and at < last and _letter_of(tokens[at]) not in ("", "?"):
            made, after = _fold_one(tokens, at, paired)
            return (
                (replace_token(made, start=start, upper=capital[0] not in ("small", "little")), after)
                if made
                else (made, after)
            )
    for phrase in _IGNORED if token.kind != "caps" else ():
        if _match(tokens, i, phrase):
            return None, i + len(phrase)
    if token.low == "double" and i + 1 < last and tokens[i + 1].low in ("u", "you"):
        made = _Token("w", start, tokens[i + 1].end, "letter", "w")
        explained = _as_in([made, *tokens[i + 2 :]], 0)
        return (made, i + 1 + explained[1]) if explained else (made, i + 2)
    if token.low in _TIMES and i + 1 < last:
        made, after = _fold_one(tokens, i + 1, paired)
        if made and len(made.char) == 1 and made.kind in ("letter", "weak", "digit", "rare"):
            return replace_token(
                made, start=start, kind="digit" if made.kind == "digit" else "letter", times=_TIMES[token.low]
            ), after
        number = number_at_token(tokens, i + 1)
        if number and len(number.char) == 1:
            return replace_token(number, start=start, times=_TIMES[token.low]), i + 2
    plural = _PLURAL_LETTER.match(tokens[i + 1].low) if i + 1 < last else None
    if (
        plural
        and token.low in ("two", "2", "three", "3")
        and (tokens[i + 1].text[0].isupper() or "'" in tokens[i + 1].low)
    ):
        times = 3 if token.low in ("three", "3") else 2
        return _Token(token.text, start, tokens[i + 1].end, "letter", plural.group(1) * times), i + 2
    explained = _as_in(tokens, i)
    if explained:
        letter, after = explained
        return _Token(
            token.text, start, tokens[after - 1].end, "letter", letter, token.text.isupper() and False, True
        ), after
    if (
        paired and token.kind in ("letter", "weak")
        and i + 1 < last
        and tokens[i + 1].kind == "radio"
        and tokens[i + 1].char == token.char
    ):
        return _Token(token.text, start, tokens[i + 1].end, "letter", token.char, sure=True), i + 2
    for words in ((token.low, "ray"), ("fox", "trot")):
        if words in (("x", "ray"), ("fox", "trot")) and _match(tokens, i, words):
            return _Token(words[0], start, tokens[i + 1].end, "radio", words[0][0]), i + 2
    for length in (3, 2, 1):
        name = tuple(t.low for t in tokens[i : i + length] if t.spoken)
        if len(name) == length and name in _SYMBOL_NAMES:
            return _Token(
                " ".join(name), start, tokens[i + length - 1].end, "symbol", _SYMBOL_NAMES[name]
            ), i + length
    return token, i + 1


def replace_token(
    token: _Token, *, start: int, kind: str | None = None, upper: bool = False, times: int = 1
) -> _Token:
    return _Token(
        token.text, start, token.end, kind or token.kind, token.char * times, token.upper or upper, token.sure
    )


def number_at_token(tokens: list[_Token], i: int) -> _Token | None:
    found = _number(tokens, i)
    return found[0] if found else None


def _number(tokens: list[_Token], i: int) -> tuple[_Token, int] | None:
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
    token = _Token(tokens[i].text, tokens[i].start, tokens[i + used - 1].end, kind, digits)
    return token, i + used


# -- context --------------------------------------------------------------------------------------


def _settle(tokens: list[_Token], spelled: bool) -> None:
    """Decide, run by run, which homophones are letters or digits and which are words."""
    begin = 0
    for i in range(len(tokens) + 1):
        if i == len(tokens) or tokens[i].kind in ("word", "caps") or tokens[i].char == "@":
            if i > begin:
                everything = spelled and all(t.kind != "word" for t in tokens)
                _settle_run(tokens[begin:i], everything, last=i == len(tokens) or tokens[i].char == "@")
            begin = i + 1


def _settle_run(run: list[_Token], everything: bool, last: bool) -> None:
    radio = sum(t.kind == "radio" for t in run)
    strong = sum(t.kind == "letter" for t in run)
    spoken = [t for t in run if t.kind != "symbol"]
    is_radio = radio >= 3 or (radio >= 2 and strong >= 1) or (radio >= 1 and strong >= 3)
    for token in run:
        if token.kind == "radio":
            token.kind = "letter" if is_radio else "word"
            token.sure = is_radio
    sure = {i for i, t in enumerate(spoken) if t.kind in ("letter", "digit")}
    letters = sum(t.kind == "letter" for t in spoken)
    singles = all(len(t.text) == 1 for t in spoken)
    everything = everything or (singles and len(spoken) >= 3)
    only_weak = everything and (singles or len(spoken) >= 3) and all(t.kind != "word" for t in spoken)
    changed = True
    while changed:  # certainty spreads from letter to neighbouring homophone
        changed = False
        for i, token in enumerate(spoken):
            beside = (i - 1 in sure) or (i + 1 in sure)
            if i in sure or not (beside or only_weak):
                continue
            if token.kind == "weak" and (letters or everything):
                token.kind = "letter"
            elif token.kind == "rare" and letters >= 3 and i - 1 in sure and i + 1 in sure:
                token.kind = "letter"
            elif token.kind == "maybe_digit" and (i - 1 in sure or i == 0) and (i + 1 < len(spoken) or last):
                token.kind = "digit"
            else:
                continue
            sure.add(i)
            changed = True
    for i, token in enumerate(run):
        if token.kind == "maybe_digit" and last and i == len(run) - 1 and i and run[i - 1].kind == "symbol":
            token.kind = "digit"
    for i, token in enumerate(spoken):
        if token.kind in ("weak", "rare", "maybe_digit"):
            token.kind = "word"
        before = spoken[i - 1].kind if i else ""
        after = spoken[i + 1].kind if i + 1 < len(spoken) else ""
        digits_around = {before, after} <= {"digit", ""} and "digit" in (before, after)
        if token.kind == "letter" and token.char == "o" and not token.sure and digits_around:
            token.kind, token.char = "digit", "0"
        elif token.kind == "digit" and token.low in ("oh", "o") and not digits_around:
            token.kind, token.char = "letter", "o"
