"""Names of people as they are said and spelled: casing, particles, titles, spelled parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz import fuzz

from agent.understanding.spelling import Unit, decode, mend_letters, sounds_like
from agent.understanding.wordlists import word_list, word_set

TITLES = word_set("mr mrs ms miss mx dr doctor prof professor sir madam mister missus")
SUFFIXES = {
    "jr": "Jr.",
    "junior": "Jr.",
    "sr": "Sr.",
    "senior": "Sr.",
    "ii": "II",
    "iii": "III",
    "iv": "IV",
    "esq": "Esq.",
    "esquire": "Esq.",
    "phd": "PhD",
    "md": "MD",
}
PARTICLES = word_set(
    "de da do dos das del della di du des la las le los van von der den ten ter te zu zur bin bint "
    "ibn al el ap st saint mac san santa af av"
)
_HUMS = word_set("um uh uhm er erm hmm ah eh")


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of a name: a word as heard, or letters that were spelled; ``bad`` if it is neither."""

    text: str
    spelled: bool
    start: int
    end: int
    bad: bool = False
    firm: tuple[int, ...] = ()


def cased(word: str, *, spelled: bool = False) -> str:
    """A name's usual capitals: "o'brien" -> "O'Brien", "MCDONALD" -> "McDonald", "DeShawn" as it is.

    Inner capitals that were heard or typed are kept; particles stay as they were given.
    """
    if not word:
        return word
    mixed = any(c.isupper() for c in word[1:]) and any(c.islower() for c in word)
    if mixed and not spelled:
        return word
    if word.lower() in PARTICLES and word.islower() and not spelled:
        return word
    parts = re.split(r"([-'’. ])", word.lower())
    done = []
    for i, part in enumerate(parts):
        short_s = i and parts[i - 1] in ("'", "’") and len(part) == 1
        capital = part if short_s else part[:1].upper() + part[1:]
        if re.match(r"^Mc[a-z]{3,}", capital):
            capital = "Mc" + capital[2].upper() + capital[3:]
        done.append(capital)
    return "".join(done).replace("’", "'")


def namelike(word: str) -> bool:
    """Whether a word can be part of a name: letters (any script), apostrophes, hyphens, not everyday talk."""
    plain = word.lower().replace("’", "'").strip(".")
    return bool(re.fullmatch(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*", plain)) and plain not in word_list("everyday")


def items_of(text: str) -> list[Item]:
    """The words and spelled runs of a text in order; hyphens and apostrophes joined, hesitations gone.

    Signs and digits in between become ``bad`` items: something was said that is no name.
    """
    units = [u for u in decode(text, spelled=False) if not (u.kind == "word" and u.text.lower() in _HUMS)]
    pieces: list[Item] = []
    i = 0
    while i < len(units):
        unit = units[i]
        if unit.kind == "letter":
            j = i
            while j < len(units) and units[j].kind == "letter":
                j += 1
            pieces += _spelled(units[i:j], text)
            i = j
            continue
        if unit.kind == "symbol" and unit.text in "-' " and pieces and i + 1 < len(units):
            glue = unit.text
            follow = items_of(text[units[i + 1].start :])
            both_spelled = follow and follow[0].spelled and (pieces[-1].spelled or len(pieces[-1].text) == 1)
            if follow and not follow[0].bad and not pieces[-1].bad and (glue != " " or both_spelled):
                shift = units[i + 1].start
                joined = Item(
                    pieces[-1].text + glue + follow[0].text,
                    pieces[-1].spelled or follow[0].spelled,
                    pieces[-1].start,
                    follow[0].end + shift,
                )
                rest = [Item(f.text, f.spelled, f.start + shift, f.end + shift, f.bad) for f in follow[1:]]
                return [*pieces[:-1], joined, *rest]
        if unit.kind == "word":
            pieces.append(Item(unit.text, False, unit.start, unit.end))
        elif unit.kind == "digit" and pieces and len(pieces[-1].text) == 1 and pieces[-1].end == unit.start:
            pieces[-1] = Item(pieces[-1].text + unit.text, False, pieces[-1].start, unit.end, bad=True)
        elif not (unit.kind == "symbol" and unit.text in ". "):
            pieces.append(Item(unit.text, False, unit.start, unit.end, bad=True))
        i += 1
    return pieces


def _spelled(run: Sequence[Unit], text: str) -> list[Item]:
    """Spelled letters as one item, or two where the pause between them differs ("M-A-R-I-A L-O-P-E-Z").

    A lone letter is an initial; a lone letter *name* ("Jay", "Kay", "Dee") is a name.
    """
    if len(run) == 1:
        source = text[run[0].start : run[0].end]
        if len(run[0].text) > 1 and source.isupper() and not run[0].sure:  # a merged run: "MBART"
            return [Item(run[0].text, True, run[0].start, run[0].end)]
        if len(source) > 1 and not run[0].sure and source.isalpha():
            return [Item(source, False, run[0].start, run[0].end)]
        return [Item(run[0].text, run[0].sure, run[0].start, run[0].end)]
    gaps = [re.sub(r"\s+", " ", text[a.end : b.start]) for a, b in pairwise(run)]
    usual = max(set(gaps), key=gaps.count)
    cuts = [
        i + 1
        for i, gap in enumerate(gaps)
        if gap != usual and (gap == " " or "," in gap or ";" in gap or ". " in gap)
    ]
    bounds = [0, *cuts, len(run)]
    parts = [run[a:b] for a, b in pairwise(bounds)]
    if len(cuts) > 2 or any(sum(len(u.text) for u in part) < 2 for part in parts):
        parts = [run]
    return [_item(part) for part in parts]


def _item(run: Sequence[Unit]) -> Item:
    firm = tuple(i for i, u in enumerate(run) if u.sure) if all(len(u.text) == 1 for u in run) else ()
    return Item("".join(u.text for u in run), True, run[0].start, run[-1].end, firm=firm)


def merge_spellings(items: Sequence[Item]) -> list[Item]:
    """Put spelled runs in the place of the words they spell: "Maria Lopez, L O P E S" -> Maria, Lopes."""
    words: list[Item] = []
    for i, item in enumerate(items):
        if not item.spelled or len(item.text) < 2:
            words.append(item)
            continue
        while words and not words[-1].spelled and words[-1].text.lower().replace("’", "'") in _LINKS:
            words.pop()
        letters = item.text.replace(" ", "")
        if len(words) > 2 and words[-1].text.lower() == words[-2].text.lower():
            words.pop()  # "Dana Brooks, Brooks, B R O O K S"
        if words and re.search(r"(.)\1\1", letters):
            continue  # no name has a letter three times in a row: the letters were not heard
        tails = [words[-count:] for count in (1, 2, 3) if count <= len(words)]
        fits = [t for t in tails if not any(w.spelled or w.bad for w in t) and _fits(t, letters)]
        earlier = next(
            (k for k, w in enumerate(words) if not w.spelled and sounds_like(w.text.lower(), letters)), None
        )
        if fits:
            best = max(fits, key=lambda t: fuzz.ratio("".join(w.text for w in t).lower(), letters))
            words[-len(best) :] = divide(best, item)
        elif earlier is not None:
            words[earlier] = divide([words[earlier]], item)[0]
        elif words and len(letters) == 2 and not re.search("[aeiouy]", letters, re.I):
            continue  # the end of a spelling ("N N"); nobody is called so
        elif len(letters) == 2 and not words and i + 1 < len(items) and not items[i + 1].spelled:
            words.append(Item(".".join(letters.upper()) + ".", False, item.start, item.end))
        elif len(words) >= 2 and not words[-1].spelled:
            words[-1] = Item(cased(item.text, spelled=True), True, words[-1].start, item.end)
        else:
            words.append(Item(cased(item.text, spelled=True), True, item.start, item.end))
    return words


_LINKS = word_set("that's thats it's its is spelled spelt as which so that it and")


def _fits(words: Sequence[Item], letters: str) -> bool:
    return sounds_like("".join(w.text for w in words).lower(), letters)


def divide(words: Sequence[Item], spelled: Item) -> list[Item]:
    """Spread one spelled run over the words it spells, where they fit best; capitals as they were heard."""
    if len(words) == 1 and " " not in spelled.text:
        spelled = replace(spelled, text=mend_letters(words[0].text.lower(), spelled.text, spelled.firm))
    given = spelled.text.split(" ")
    if len(given) > 1 and len(given) != len(words):
        return [Item(cased(part, spelled=True), True, spelled.start, spelled.end) for part in given]
    best: tuple[float, list[str]] = (1000.0, given) if len(given) > 1 else (-1.0, given)
    letters = spelled.text[:40]

    def cut(rest: str, left: Sequence[Item], done: list[str], score: float) -> None:
        nonlocal best
        if len(left) == 1:
            total = score + fuzz.ratio(left[0].text.lower(), rest)
            if rest and total > best[0]:
                best = (total, [*done, rest])
            return
        for k in range(1, len(rest)):
            cut(
                rest[k:].lstrip(),
                left[1:],
                [*done, rest[:k].rstrip()],
                score + fuzz.ratio(left[0].text.lower(), rest[:k]),
            )

    cut(letters, words, [], 0.0)
    return [
        Item(
            word.text if word.text.lower() == part else cased(part, spelled=True),
            True,
            words[0].start,
            spelled.end,
        )
        for word, part in zip(words, best[1], strict=False)
    ]
