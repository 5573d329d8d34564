"""Where a person's name stands in what somebody says of himself, and how its words are written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.understanding.corrections import fix_characters
from agent.understanding.fillers import leftover, strip_opening
from agent.understanding.names import (
    PARTICLES,
    SUFFIXES,
    TITLES,
    Item,
    cased,
    items_of,
    merge_spellings,
    namelike,
)
from agent.understanding.wordlists import word_list

_CARRIER = re.compile(
    r"^(?:(?:hi|hello|hey|yes|yeah|sure|well|so|okay|ok)[\s,.]+)*(?:i'm|i’m|i am|im|me llamo|call me|"
    r"you can call me|they call me|people call me|everyone calls me|"
    r"i go by|you're (?:speaking|talking) (?:with|to)|you are (?:speaking|talking) (?:with|to)|"
    r"speaking (?:with|to|is)|the name's|my name's|"
    r"name's|name is|the caller is|put (?:me )?down|make (?:it|that)|under|mine is|mine's|"
    r"(?:my |the )?(?:first and last name|full name|name)(?:\s+(?:is|would be)|:))[\s,]+",
    re.IGNORECASE,
)


LATER = re.compile(
    r"[\s,.;]+(?:and\s+|but\s+|so\s+)?(?:i'm|i’m|i am|i told|i already|i said|i just|as i|like i|just|i work|i run|i own|i'd|i would|i want|i need|"
    r"i'll|i have|my|our|we|we're|the(?! (?:end|beginning|start|front|word|letter)\b)|from|"
    r"with (?!an?\s+\S{1,3}\b|two\b|one\b)|at(?! the (?:end|start|beginning|front)\b)|of|calling|"
    r"here|speaking|is my name|is the name|is my|it's nice|nice to|how are|thanks|thank you|please|"
    r"by the way|and my|and the|and i|and we|you can|who|"
    r"(?:(?:managing|designated|qualifying|principal|associate|lead|broker|office|team|general|sales|"
    r"operations|marketing|transaction) )+(?:broker|owner|manager|leader|lead|director|coordinator|in charge|agent|"
    r"administrator)|v\.?p\.?|vice president|president|c[eof]o|founder|director|principal|realtor|manager|"
    r"broker|owner|e-?mail|phone|right now|today|again|as in (?:the|a)\b)(?=$|[\s,.;!?]).*$",
    re.IGNORECASE | re.DOTALL,
)


_SPELLING = re.compile(
    r"[\s,.;:]*\b(?:(?:and\s+)?(?:that's|that is|it's|it is|which is|is|i|and)\s+)?(?:spelled|spelt|"
    r"spell that|spelling|spell it|spelled out)(?:\s+(?:is|as|like|out))?\b[\s,:]*",
    re.IGNORECASE,
)


_CLOSERS = frozenset(["okay", "ok", "right", "please", "thanks", "yes", "yeah", "and", "so"])


def is_initial(item: Item) -> bool:
    """Whether a word of a name is one letter only."""
    return len(item.text.strip(".")) == 1


def join_name(words: Sequence[Item]) -> tuple[str, bool]:
    """Words of a name as written, and whether they were spelled."""
    out: list[str] = []
    for word in words:
        low = word.text.lower().strip(".")
        if low in SUFFIXES and out:
            out.append(SUFFIXES[low])
        elif is_initial(word) and len(words) > 1:
            out.append(f"{low.upper()}.")
        else:
            text = word.text if not word.text.isupper() or len(word.text) > 2 else word.text.lower()
            out.append(cased(text))
    return " ".join(out), any(word.spelled for word in words)


_LETTERS = re.compile(r"(?<=[\w])[\s,.;:-]+((?:\b[^\W\d_]\b[\s,.-]*){2,})$")


def without_own_spelling(text: str) -> str:
    """ "Priya Raman, P R I Y A, R A M A N": letters that spell the very words before them add nothing."""
    found = _LETTERS.search(text)
    if found is None:
        return text
    letters = "".join(re.findall(r"[^\W\d_]", found[1])).lower()
    before = "".join(re.findall(r"[^\W\d_]", text[: found.start()])).lower()
    return text[: found.start()] if len(letters) > 2 and before == letters else text


_SPELLED = re.compile(r"(?:[\s,.]+|-)(?:\b[^\W\d_]\b[\s,.-]*){2,}")


def without_letters(text: str) -> str:
    """The words of a spelled name without their letters: "last name Brooks, D-R-O-O-K-S" is "last name Brooks"."""
    return _SPELLED.sub(", ", text).rstrip(" ,.")


def name_words(text: str) -> tuple[list[Item], str]:
    """The name at the beginning of an answer, and what follows it. Empty when it is no name."""
    body = strip_opening(text.replace("&", "and"))
    if body.isupper() and re.search(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}", body):
        body = body.title()
    for _ in range(3):
        shorter = strip_opening(_CARRIER.sub("", body, count=1))
        if shorter == body:
            break
        body = shorter
    spelling = _SPELLING.sub(", ", body)
    cut = LATER.search(spelling)
    head = spelling[: cut.start()] if cut else spelling
    rest = spelling[cut.start() :] if cut else ""
    with_letter = re.search(r"[\s,]+(?P<how>with (?:an?|two|one)\s+.+)$", head, re.IGNORECASE)
    if with_letter:
        head = head[: with_letter.start()]
    items = merge_spellings(items_of(head))
    while items and items[0].text.lower().strip(".") in TITLES and len(items) > 1:
        items = items[1:]
    kept: list[Item] = []
    for item in items:
        if item.bad and item.text == "@":
            break
        plain = item.text.lower().strip(".")
        if (
            not item.spelled
            and not item.bad
            and not (namelike(item.text) or (plain in PARTICLES and kept) or is_initial(item))
        ):
            if not kept or (len(kept) < 2 and plain not in _CLOSERS):
                return [], ""
            rest = head[item.start :] + rest
            break
        if not item.spelled and plain in word_list("org_words"):
            return [], ""
        kept.append(item)
    if not kept or kept[0].bad or (len(kept) == 1 and is_initial(kept[0])):
        return [], ""
    if (
        len(kept) > 2
        and kept[0].text.lower() == kept[1].text.lower()
        and "," in head[kept[0].end : kept[1].start]
    ):
        kept = kept[1:]  # "I'm Loretta, Loretta Meadows"
    if with_letter and kept:
        fixed = fix_characters(kept[-1].text, with_letter["how"])
        if fixed and fixed.value:
            kept[-1] = Item(fixed.value, True, kept[-1].start, kept[-1].end)
    return kept, leftover(rest)
