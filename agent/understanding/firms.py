"""Where the name of a firm stands in an answer, and how the firm writes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from agent.understanding.fillers import leftover, strip_opening
from agent.understanding.names import Item, divide, items_of
from agent.understanding.places import find_states
from agent.understanding.spelling import decode
from agent.understanding.wordlists import DATA, word_list

_CARRIER = re.compile(
    r"^(?:(?:hi|hello|yes|sure|well|so|okay|and)[\s,.]+)*(?:"
    r"(?:we|we're|we are|we’re|it|it's|they|they're|the (?:name|company|brokerage|business|firm|"
    r"office|agency|team|organization))\s+"
    r"(?:is\s+|are\s+|was\s+)?(?:called|named|known as|operate as|go by|trade as|do business as|"
    r"doing business as)|called|named|"
    r"(?:i'm|i am|we're|we are|i’m|we’re) (?:with|at|from|calling from|calling for|part of|"
    r"calling on behalf of|here for)|"
    r"(?:i|we) (?:work (?:for|at|with)|run|own|operate|represent|manage|have)(?: a (?:brokerage|"
    r"company|firm|team) (?:called|named))?|"
    r"(?:(?:this|it|that)(?: is|'s) )?for (?=[A-Z])|(?:this is|you're speaking with|you've reached)|(?:our|the|my) (?:legal |full |official |"
    r"registered |brand |business |company |brokerage |trade )*name(?: is|'s|:)?|"
    r"(?:our|the|my) (?:legal |real estate )?(?:company|brokerage|business|firm|office|agency|team|"
    r"organization|organisation)(?:(?:'s name)? is|'s)?|"
    r"(?:just |please )?call (?:it|us)|we call (?:it|ourselves)|legally(?: (?:it's|we're|called))?|"
    r"(?:we're|we are|we’re|i own)(?! (?:a|an|the|in|not|based|located|small|big|just|five|"
    r"ten)\b))[\s,:]*(?<=[\s,:])",
    re.IGNORECASE,
)


_CUT = re.compile(
    r"(?:[\s]*[,.;]\s*|\s+)(?:and|but|so)\s+(?:i'm|i’m|i am|i'd|i|my|our|we|we're|it's|"
    r"the (?:website|number|phone|address|office))\b.*$|"
    r"[\s]*[,.;]\s*(?:i'm|i’m|i am|i'd|my (?!\w+$)|our (?!\w+$)|we're|we are|it's (?:in|at|on)|"
    r"we have|we do|in \w|based|located|you can|that's (?:it|us|all|the)|here in)\b.*$|"
    r"\s+(?:and\s+)?(?:we're|we are|we’re|which is|that is|is my company|is our (?:name|company)|"
    r"is the name|is what)\b.*$|"
    r"\s+(?:based|located)\s+(?:in|out of)\b.*$|[\s,]+(?:over )?here in\b.*$",
    re.IGNORECASE | re.DOTALL,
)


_HELLO = re.compile(
    r"^(?:(?:h[ae]l+o+w?|hiya|howdy|greetings|yo|hola|bu[eo]n[oa]s(?: d[ií]as| tardes| noches)?|(?:it'?s )?(?:just )?me,|fine|all right)(?!\w)[\s,.!;:-]*|no+,\s+|no+\s+(?=no\b))+",
    re.I,
)
"""How an answer begins that the usual openings do not know: greetings, misspelt ones too."""
_WISH = re.compile(
    r"^(?:please )?(?:change|correct|fix|update|set|make|put) (?:the |our |my |that |it )?"
    r"(?:\w+ )?(?:name |brokerage |company |firm |business )?(?:name )?(?:to|as)\s+(?=\S)",
    re.I,
)
"""A correction that names the name: "change the business name to Blue Door Homes"."""
_NOT_BUT = re.compile(
    r"^(?:is ?n[o']?t|is not|not)\s[^,;.!?]{2,60}[,;.!]\s*(?:it'?s|it is|but|we'?re|we are)\s+", re.I
)
"""What the name is not: "isn't Wes Okafor, it's Blue Spruce Realty"."""
_SENTENCE_END = re.compile(
    r"(?<!\bDr)(?<!\bSt)(?<!\bMt)(?<!\bFt)(?<!\bInc)(?<!\bLtd)(?<!\bCorp)(?<!\bCo)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bJr)"
    r"(?<!\bSr)(?<!\b\w)[.!?;]\s+(?!\w[.,]|\w \w(?:\s|$))(?=\S)"
)
_PART = re.compile(
    r"\s*,\s*(?!(?:l\.?\s?l\.?\s?c|inc|ltd|llp|pllc|corp\w*|incorporated|limited)\b)(?=\S)", re.I
)
"""A comma after which no legal form follows."""
_GOES_ON = re.compile(
    r"(?:and|&|\+)\s|\S+ (?:and|&|\+) \S+$|(?:\w[\s.,-]+){2,}\w?\.?$|\w(?:[\s.,-]+\w\b)+", re.I
)
"""What follows a comma inside a name: another partner, letters that spell it."""


_SPELLING = re.compile(
    r"[\s,.;:]*\b(?:(?:and\s+)?(?:that's|that is|it's|it is|which is|is)\s+)?(?:spelled|spelt|"
    r"spelling|spell it)(?:\s+(?:is|as|like|out))?\b[\s,:]*",
    re.IGNORECASE,
)


SMALL = frozenset(["and", "of", "the", "at", "by", "for", "in", "on", "to", "a", "an", "&"])


LEGAL = {
    "llc": "LLC",
    "l.l.c": "LLC",
    "l.l.c.": "LLC",
    "inc": "Inc.",
    "inc.": "Inc.",
    "incorporated": "Inc.",
    "llp": "LLP",
    "ltd": "Ltd.",
    "pllc": "PLLC",
    "corp": "Corp.",
    "corporation": "Corporation",
    "lp": "LP",
}


_LEAVE = re.compile(
    r"^(?:skip|none|nothing|same|no name|not yet|(?:we )?don't have one.*|you (?:choose|pick|decide)\b.*)$",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _brands() -> dict[str, str]:
    path = DATA / "brands.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    known = {_letters(line): line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return known | {"centurytwentyone": known["century21"]}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


def firm_name(text: str) -> tuple[str, str, bool]:
    """The firm's name in an answer, what was said besides, and whether part of it was spelled."""
    body = strip_opening(text)
    for _ in range(4):
        shorter = strip_opening(_CARRIER.sub("", _WISH.sub("", _HELLO.sub("", body, count=1)), count=1))
        if shorter == body or not shorter:
            break
        body = shorter
    body = _NOT_BUT.sub("", body, count=1)
    body = _SPELLING.sub(", ", body)
    body, besides = _first_sentence(body)
    cut = _CUT.search(body)
    head = (body[: cut.start()] if cut else body).strip()
    rest = f"{body[cut.start() :] if cut else ''} {besides}"
    head = (
        head.strip(' ,;:!?"“”').removesuffix(".")
        if not re.search(r"\b(?:Inc|Ltd|Corp|Co|L\.L\.C|St)\.$", head, re.I)
        else head.strip(' ,;:!?"“”')
    )
    place = re.match(
        rf"^(?P<name>.*\b(?:{'|'.join(sorted(word_list('org_words')))}))\s+(?:in|out of)\s+[A-Z].*$",
        head,
        re.IGNORECASE,
    )
    if place and re.search(r"\s(?:in|out of)\s+[A-Z]", head):
        head, rest = place["name"], head[place.end("name") :] + rest
    elif (where := re.search(r"\s+(?:in|out of)\s+(?P<where>[A-Z].*)$", head)) is not None:
        held = {w.lower() for w in re.findall(r"\w+", where["where"])}
        if find_states(where["where"], strict=True) and not held & word_list("org_words"):
            head, rest = head[: where.start()], f"{where['where']}. {rest}"
    if not head or _LEAVE.match(head) or _is_talk(head) or _HELLO.fullmatch(head):
        return "", "", False
    brand = _brands().get(_letters(head))
    if brand:
        return brand, leftover(rest), False
    name, spelled = _assemble(head)
    return name[:120], leftover(rest), spelled


def _first_sentence(text: str) -> tuple[str, str]:
    """The sentence the name stands in, and what was said behind it ("..., 340 agents", ". Boise, Idaho").

    A comma belongs to a name only where it cannot have ended ("Smith, Jones & Partners").
    """
    end = _SENTENCE_END.search(text)
    head, rest = (text[: end.start()], text[end.end() :]) if end else (text, "")
    behind = head.rpartition(":")[2]
    if behind != head and _names_a_firm(behind):
        head = behind.strip()
    for part in _PART.finditer(head):
        before, after = head[: part.start()], head[part.end() :]
        if _GOES_ON.match(after):
            continue
        if _names_a_firm(before) or re.match(r"(?:\d|an? |in |just |only |two |three )", after, re.I):
            return before, f"{after}. {rest}".strip(" .")
    return head, rest


def _names_a_firm(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text.lower())
    known = any(w in word_list("org_words") for w in words) and len(words) > 1
    return known or _letters(text) in _brands()


def _is_talk(text: str) -> bool:
    """Whether a text is ordinary talk: mostly everyday words and nothing that names a firm."""
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text.lower().replace("’", "'"))
    everyday = sum(w in word_list("everyday") for w in words)
    if not words:
        return False
    firm = any(w in word_list("org_words") for w in words) and words[0] not in (
        "i",
        "i'm",
        "can",
        "do",
        "what",
        "how",
        "why",
        "you",
    )
    if len(words) == 1:
        return everyday == 1 or words[0] in {"um", "uh", "erm"}
    return (not firm and everyday * 2 > len(words)) or words[0] in {
        "i",
        "i'd",
        "can",
        "could",
        "what",
        "what's",
        "why",
        "how",
        "who",
        "don't",
        "does",
        "we're",
        "i'm",
        "it's",
    }


def _assemble(head: str) -> tuple[str, bool]:
    """The name with its spelled parts put in place and its capitals set."""
    head = re.sub(r"[\s,]+l[\s.]+l[\s.]+c\.?$", " LLC", head, flags=re.IGNORECASE)
    units = decode(head)
    letters = [u for u in units if u.kind == "letter" and len(u.text) == 1]
    said_sign = any(u.kind == "symbol" and u.text in "/&+" and len(head[u.start : u.end]) > 1 for u in units)
    if len(letters) < 2 and not said_sign:
        return _finish(title_of(head)), False
    if said_sign:
        text, previous = "", None
        for unit in units:
            piece = unit.text.upper() if unit.kind == "letter" else unit.text
            tight = previous is None or unit.kind == "symbol" or previous.kind == "symbol"
            text += piece if tight or (previous and unit.kind == previous.kind == "letter") else f" {piece}"
            previous = unit
        return _finish(title_of(text)), True
    words: list[Item] = []
    for item in items_of(head):
        if not item.spelled or len(item.text) < 2:
            words.append(item)
            continue
        while len(words) > 1 and words[-1].text.lower() in ("that's", "it's", "is", "as"):
            words.pop()
        at, size = _window(words, item.text.replace(" ", ""))
        if size:
            parts = divide(words[at : at + size], item)
            words[at : at + size] = parts
        else:
            short = len(item.text) <= 4
            text = item.text.upper() if short else " ".join(w[:1].upper() + w[1:] for w in item.text.split())
            words.append(Item(text, True, item.start, item.end))
    return _finish(title_of(" ".join(w.text for w in words))), True


def _window(words: Sequence[Item], letters: str) -> tuple[int, int]:
    """Which of the words said before are the ones spelled now: (first, how many), (0, 0) if none."""
    best, at, size = 59.0, 0, 0
    for count in (1, 2, 3):
        for i in range(len(words) - count + 1):
            heard = "".join(w.text for w in words[i : i + count]).lower()
            near = fuzz.ratio(heard, letters) if not any(w.spelled for w in words[i : i + count]) else 0.0
            if near > best:
                best, at, size = near, i, count
    return at, size


def _brand_prefix(text: str) -> str | None:
    """A brand at the beginning written its own way, the rest kept: "RE/MAX Alliance"."""
    for letters, brand in sorted(_brands().items(), key=lambda pair: -len(pair[0])):
        pattern = r"[\W_]*".join(map(re.escape, letters)) + r"(?=$|\s)"
        match = re.match(pattern, text, re.IGNORECASE)
        if match and len(letters) >= 4:
            return f"{brand}{title_of('x' + text[match.end() :])[1:]}".strip()
    return None


def title_of(text: str) -> str:
    """Capitals for a name heard in lower case; capitals that were heard or typed are kept."""
    words = text.split()
    shout = text.isupper() and len(words) > 1 and any(len(w) > 4 for w in words)
    heard = any(c.isupper() for c in text) and not shout
    done: list[str] = []
    for i, word in enumerate(words):
        low = word.lower().strip(",")
        if low in LEGAL and i and (i == len(words) - 1 or words[i + 1].lower() in LEGAL):
            done.append(LEGAL[low])
        elif (heard and not word.islower()) or (low in SMALL and i):
            done.append(word.lower() if low in SMALL and not heard else word)
        else:
            done.append(low[:1].upper() + low[1:] if not word[:1].isdigit() else word)
    return " ".join(done)


def _finish(name: str) -> str:
    """Legal form and brand as they are written."""
    name = re.sub(r"\s+", " ", name).strip(" ,;:")
    name = re.sub(
        r"[\s,]+(?:L[\s.]*L[\s.]*C\.?|limited liability company)$", " LLC", name, flags=re.IGNORECASE
    )
    whole = _brands().get(_letters(name))
    return whole or _brand_prefix(name) or name


def replace_words(held: list[str], new: list[str]) -> str | None:
    """Put a shorter correction in the place of the words it sounds like: "Oak", for "Oh Hill Realty"."""
    size = len(new)
    wanted = " ".join(new).lower()
    scored = [
        (fuzz.ratio(" ".join(held[i : i + k]).lower(), wanted), i, k)
        for k in (size, size + 1)
        for i in range(len(held) - k + 1)
    ]
    best = max(scored, default=(0.0, 0, 0))
    if best[0] < 50 or best[0] == 100:
        return None
    return " ".join([*held[: best[1]], *new, *held[best[1] + best[2] :]])
