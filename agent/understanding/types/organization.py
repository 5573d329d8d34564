"""The name of a firm, as it writes itself: "Harbor Realty", "RE/MAX Alliance", "Oak Hill Homes LLC"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.corrections import fix_characters, last_version, resolve_fix, strip_no
from agent.understanding.cues import cue_span, drop_span
from agent.understanding.digits import keyed
from agent.understanding.fillers import leftover, strip_opening
from agent.understanding.letters import read_back, word_list
from agent.understanding.names import Item, divide, items_of
from agent.understanding.placeholders import is_placeholder
from agent.understanding.spelling import decode

_CARRIER = re.compile(
    r"^(?:(?:hi|hello|yes|sure|well|so|okay|and)[\s,.]+)*(?:"
    r"(?:we|we're|we are|we’re|it|it's|they|they're|the (?:name|company|brokerage|business|firm|office|agency|team|organization))\s+"
    r"(?:is\s+|are\s+|was\s+)?(?:called|named|known as|operate as|go by|trade as|do business as|doing business as)|called|named|"
    r"(?:i'm|i am|we're|we are|i’m|we’re) (?:with|at|from|calling from|calling for|part of|calling on behalf of|here for)|"
    r"(?:i|we) (?:work (?:for|at|with)|run|own|operate|represent|manage|have)(?: a (?:brokerage|company|firm|team) (?:called|named))?|"
    r"(?:this is|you're speaking with|you've reached)|(?:our|the|my) (?:legal |full |official |registered |brand |business |company |brokerage |trade )*name(?: is|'s|:)?|"
    r"(?:our|the|my) (?:legal |real estate )?(?:company|brokerage|business|firm|office|agency|team|organization|organisation)(?:(?:'s name)? is|'s)?|"
    r"(?:just |please )?call (?:it|us)|we call (?:it|ourselves)|legally(?: (?:it's|we're|called))?|(?:we're|we are|we’re|i own)(?! (?:a|an|the|in|not|based|located|small|big|just|five|ten)\b))[\s,:]+",
    re.IGNORECASE,
)  # fmt: skip
_CUT = re.compile(
    r"(?:[\s]*[,.;]\s*|\s+)(?:and|but|so)\s+(?:i'm|i’m|i am|i'd|i|my|our|we|we're|it's|the (?:website|number|phone|address|office))\b.*$|"
    r"[\s]*[,.;]\s*(?:i'm|i’m|i am|i'd|my (?!\w+$)|our (?!\w+$)|we're|we are|it's (?:in|at|on)|we have|we do|in \w|based|located|you can|that's (?:it|us|all|the)|here in)\b.*$|"
    r"\s+(?:and\s+)?(?:we're|we are|we’re|which is|that is|is my company|is our (?:name|company)|is the name|is what)\b.*$|"
    r"\s+(?:based|located)\s+(?:in|out of)\b.*$|[\s,]+(?:over )?here in\b.*$",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_SPELLING = re.compile(
    r"[\s,.;:]*\b(?:(?:and\s+)?(?:that's|that is|it's|it is|which is|is)\s+)?(?:spelled|spelt|spelling|spell it)(?:\s+(?:is|as|like|out))?\b[\s,:]*",
    re.IGNORECASE,
)
_FIRM = re.compile(
    r"(?P<name>(?:[A-Z0-9@][\w'’&./+-]*\s+(?:(?:and|&|of|the|by|at)\s+)?){1,5}?"
    r"(?:Realty|Realtors?|Homes|Properties|Property Group|Real Estate(?: (?:Group|Team|Company|Services))?|Brokers?|Brokerage|Group|Team|Associates|Partners|"
    r"LLC|Inc\.?|Residential|Sotheby's International Realty|International|Agency|Estates|Living|Land Company)(?:\s+(?:LLC|Inc\.?|Group|Team|Partners|Associates))*)\b"
)
_ANNOUNCED = re.compile(
    r"\b(?:(?:we're|we are|we’re|it's|is|company|brokerage|team|firm)\s+(?:called|named)|(?:our|my|the) (?:company|brokerage|firm|business|organization|agency)(?:'s)?(?: name)? is|"
    r"(?:i'm|i am|we're|calling) (?:with|from)|(?:i|we) (?:work (?:for|at)|run|own)|from|with|owner of|broker (?:at|of|for)|agent (?:at|with))\s+(?=[A-Z@])",
    re.IGNORECASE,
)  # fmt: skip
_SMALL = frozenset(["and", "of", "the", "at", "by", "for", "in", "on", "to", "a", "an", "&"])
_LEGAL = {"llc": "LLC", "l.l.c": "LLC", "l.l.c.": "LLC", "inc": "Inc.", "inc.": "Inc.", "incorporated": "Inc.", "llp": "LLP", "ltd": "Ltd.", "pllc": "PLLC", "corp": "Corp.", "corporation": "Corporation", "lp": "LP"}  # fmt: skip
_LEAVE = re.compile(r"^(?:skip|none|nothing|same|no name|not yet|(?:we )?don't have one.*)$", re.IGNORECASE)


@lru_cache(maxsize=1)
def _brands() -> dict[str, str]:
    path = Path(__file__).parent.parent / "data" / "brands.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    known = {_letters(line): line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return known | {"centurytwentyone": known["century21"]}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


class Organization:
    """Canonical value: the name as text, 2-100 characters, in the firm's own capitals where they are known."""

    name = "organization"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The firm's name without what was said around it."""
        if keyed(text) is not None:
            return None
        pending = _pending(text, ctx)
        if pending:
            return pending
        said = last_version(text)
        if said:
            again = self.parse(said[1], ctx)
            if again and again.value and len(str(again.value)) >= 4:
                return again
        name, rest, spelled = _name(text)
        if not name:
            return None
        problem = _problem(name)
        if problem:
            return Reading(problem=problem)
        return Reading(value=name, confidence=0.95 if spelled else 0.8, rest=rest)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A name that was announced by a cue, or a capitalised one with a firm's word ("from ... Realty").

        The second only for the slot of the firm itself: one without cues, or with a cue that says
        brokerage or company.
        """
        span = cue_span(text, ctx.slot.cues)
        if span:
            name, rest, _ = _name(text[span[1] :])
            if name and name[0] == name[0].upper() and not _problem(name) and len(name.split()) <= 6:
                return Reading(
                    value=name,
                    confidence=0.75,
                    rest=leftover(f"{drop_span(text, span[0], len(text))} {rest}"),
                )
        if ctx.slot.cues and not re.search(r"brokerage|company|business|firm", " ".join(ctx.slot.cues), re.I):
            return None
        announced = _ANNOUNCED.search(text)
        if not announced:
            return None
        start = announced.end()
        if re.search(r"called|named|name is|brokerage is|company is|firm is", announced.group(), re.I):
            name, rest, _ = _name(text[start:])
            if name and name[0].isupper() and not _problem(name) and len(name.split()) <= 6:
                return Reading(
                    value=name, confidence=0.75, rest=leftover(f"{text[: announced.start()]} {rest}")
                )
        firm = _FIRM.match(text[start:])
        name = _name(firm["name"])[0] if firm else ""
        if not firm or not name or _problem(name):
            return None
        before = re.sub(r"\s*\b(?:from|with|at|of|for|run|own|calling)\s*$", "", text[:start], flags=re.I)
        return Reading(value=name, confidence=0.75, rest=leftover(f"{before} {text[start + firm.end() :]}"))

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """The name again, one word of it, or one letter."""
        current = ctx.current
        if not isinstance(current, str) or keyed(text) is not None:
            return None
        pending = _pending(text, ctx)
        if pending:
            return pending
        said = strip_no(text)
        if not said or re.fullmatch(r"(?:it )?(?:is|was) ?(?:wrong|not right|incorrect)", said, re.I):
            return None
        legal = re.match(
            r"^(?:(?:it's|with|add|and|there's)\s+)*(?:an?\s+)?(?P<what>llc|l\.?l\.?c\.?|inc\.?|incorporated|ltd|corp|corporation)(?:\s+at the end|\s+too)?\.?$",
            said,
            re.I,
        )
        if legal:
            return Reading(
                value=f"{current} {_LEGAL.get(legal['what'].lower(), legal['what'])}", confidence=0.9
            )
        without = re.match(
            r"^(?:without|no|drop|remove|leave (?:off|out)|take (?:out|off))\s+(?:the\s+)?(?P<what>.+?)[.!]?$",
            text.strip(),
            re.I,
        )
        if without and re.search(rf"\b{re.escape(without['what'])}\b", current, re.I):
            left = re.sub(rf"\s*\b{re.escape(without['what'])}\b\.?", "", current, count=1, flags=re.I).strip(
                " ,"
            )
            return Reading(value=left, confidence=0.9) if len(left) >= 2 else None
        held = re.match(
            r"^(?P<word>[^\W\d_][\w'’-]+)[\s,]+(?P<how>(?:but\s+)?with\s+(?:an?|two|one)\s+\S+(?:\s+at the \w+)?)[.!]?$",
            said,
            re.I,
        )
        if held and not is_placeholder(held["word"]):
            fixed = fix_characters(_title(held["word"]), held["how"])
            new = fixed.value if fixed and fixed.value else _title(held["word"])
            replaced = _replace_words(current.split(), [new])
            return Reading(value=replaced, confidence=0.85) if replaced else None
        if len(said) <= 60:
            mended = self._letter(current, text)
            if mended:
                return mended
        pair = re.match(
            r"^(?:it's\s+)?(?P<new>[\w'&/ -]+?)[\s,]+not\s+(?P<old>[\w'&/ -]+?)[.!]?$", said, re.I
        )
        if pair and pair["old"].lower() in current.lower():
            new = re.sub(re.escape(pair["old"]), lambda _: _title(pair["new"]), current, count=1, flags=re.I)
            return Reading(value=new, confidence=0.85)
        name, rest, spelled = _name(said)
        if not name or _problem(name):
            return None
        words, old = name.split(), current.split()
        if len(words) < len(old):
            replaced = _replace_words(old, words)
            if replaced:
                return Reading(value=replaced, confidence=0.8, rest=rest)
        return (
            Reading(value=name, confidence=0.95 if spelled else 0.8, rest=rest) if name != current else None
        )

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """2-100 characters, at least one letter or digit, no placeholder."""
        if not isinstance(value, str):
            return "I need the name of the company."
        return _problem(value.strip())

    def say(self, value: Any, ctx: SlotContext) -> str:
        """The name; after a failed try its distinctive words are spelled too."""
        text = str(value)
        if not ctx.fails:
            return text
        own = [
            w
            for w in re.findall(r"[^\W_]+(?:['’&][^\W_]+)*", text)
            if w.lower() not in word_list("org_words") | _SMALL
        ]
        return f"{text}: {'; '.join(read_back(w, as_in=False) for w in own[:3])}" if own else text

    def show(self, value: Any, ctx: SlotContext) -> str:
        """As the firm writes it."""
        return str(value)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """Words firms in this trade are made of."""
        return [
            "Realty",
            "Realtors",
            "Homes",
            "Properties",
            "Real Estate",
            "Group",
            "brokerage",
            "LLC",
            "RE/MAX",
            "Keller Williams",
        ]

    def _letter(self, current: str, text: str) -> Reading | None:
        fixed = fix_characters(current, text)
        if not fixed or " " in fixed.char:
            return None
        plain = re.search(
            r"\bas in\b|\bletter\b|^\W*(?:no[\s,.]+)?(?:it's|with|add|drop|remove|double|two|there)\b",
            text,
            re.I,
        )
        single = len(text.split()) <= 3 and len(fixed.char) == 1
        if fixed.value and fixed.value != current and (plain or single):
            return Reading(value=fixed.value, confidence=0.85)
        if not fixed.value and re.search(r"\bas in\b", text, re.I):
            partial = {"fix": fixed.char, "places": list(fixed.places), "of": current}
            return Reading(ask=fixed.question(current), partial=partial)
        return None


def _pending(text: str, ctx: SlotContext) -> Reading | None:
    """The answer to "which letter should be B?"."""
    partial = ctx.partial if isinstance(ctx.partial, dict) else {}
    if "fix" not in partial or not isinstance(partial.get("of"), str):
        return None
    fixed = resolve_fix(partial["of"], str(partial["fix"]), tuple(partial.get("places", ())), text)
    return Reading(value=fixed, confidence=0.85) if fixed else None


def _problem(name: str) -> str | None:
    if is_placeholder(name):
        return "I need the real name of the company. What is it called?"
    if not 2 <= len(name) <= 100 or not re.search(r"[^\W_]", name):
        return "A company name has between 2 and 100 characters. What is it called?"
    return None


def _name(text: str) -> tuple[str, str, bool]:
    """The firm's name in an answer, what was said besides, and whether part of it was spelled."""
    body = strip_opening(text)
    for _ in range(4):
        shorter = strip_opening(_CARRIER.sub("", body, count=1))
        if shorter == body or not shorter:
            break
        body = shorter
    body = _SPELLING.sub(", ", body)
    cut = _CUT.search(body)
    head = (body[: cut.start()] if cut else body).strip()
    rest = body[cut.start() :] if cut else ""
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
    if not head or _LEAVE.match(head) or _is_talk(head):
        return "", "", False
    brand = _brands().get(_letters(head))
    if brand:
        return brand, leftover(rest), False
    name, spelled = _assemble(head)
    return name[:120], leftover(rest), spelled


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
    return (
        (not firm
        and everyday * 2 > len(words))
        or words[0]
        in {
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
    )


def _assemble(head: str) -> tuple[str, bool]:
    """The name with its spelled parts put in place and its capitals set."""
    head = re.sub(r"[\s,]+l[\s.]+l[\s.]+c\.?$", " LLC", head, flags=re.IGNORECASE)
    units = decode(head)
    letters = [u for u in units if u.kind == "letter" and len(u.text) == 1]
    said_sign = any(u.kind == "symbol" and u.text in "/&+" and len(head[u.start : u.end]) > 1 for u in units)
    if len(letters) < 2 and not said_sign:
        return _finish(_title(head)), False
    if said_sign:
        text, previous = "", None
        for unit in units:
            piece = unit.text.upper() if unit.kind == "letter" else unit.text
            tight = previous is None or unit.kind == "symbol" or previous.kind == "symbol"
            text += piece if tight or (previous and unit.kind == previous.kind == "letter") else f" {piece}"
            previous = unit
        return _finish(_title(text)), True
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
    return _finish(_title(" ".join(w.text for w in words))), True


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
            return f"{brand}{_title('x' + text[match.end() :])[1:]}".strip()
    return None


def _title(text: str) -> str:
    """Capitals for a name heard in lower case; capitals that were heard or typed are kept."""
    words = text.split()
    shout = text.isupper() and len(words) > 1 and any(len(w) > 4 for w in words)
    heard = any(c.isupper() for c in text) and not shout
    done: list[str] = []
    for i, word in enumerate(words):
        low = word.lower().strip(",")
        if low in _LEGAL and i and (i == len(words) - 1 or words[i + 1].lower() in _LEGAL):
            done.append(_LEGAL[low])
        elif (heard and not word.islower()) or (low in _SMALL and i):
            done.append(word.lower() if low in _SMALL and not heard else word)
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


def _replace_words(held: list[str], new: list[str]) -> str | None:
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


TYPE = Organization()
