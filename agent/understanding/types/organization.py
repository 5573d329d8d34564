"""The name of a firm, as it writes itself: "Harbor Realty", "RE/MAX Alliance", "Oak Hill Homes LLC"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.corrections import fix_characters, last_version, resolve_fix, strip_no
from agent.understanding.cues import cue_span, drop_span
from agent.understanding.dialect import american, likely_meant
from agent.understanding.digits import keyed
from agent.understanding.fillers import clip, leftover
from agent.understanding.firm_spans import Firm, firm_word, firms_in, mended
from agent.understanding.firms import LEGAL, SMALL, firm_name, replace_words, title_of
from agent.understanding.letters import read_back
from agent.understanding.placeholders import is_placeholder
from agent.understanding.places import find_states
from agent.understanding.wordlists import word_list

_FIRM = re.compile(
    r"(?P<name>(?:[A-Z0-9@][\w'’&./+-]*\s+(?:(?:and|&|of|the|by|at)\s+)?){1,5}?"
    r"(?:Realty|Realtors?|Homes|Properties|Property Group|Real Estate(?: (?:Group|Team|Company|"
    r"Services))?|Brokers?|Brokerage|Group|Team|Associates|Partners|"
    r"LLC|Inc\.?|Residential|Sotheby's International Realty|International|Agency|Estates|Living|"
    r"Land Company)(?:\s+(?:LLC|Inc\.?|Group|Team|Partners|Associates))*)\b"
)
_ANNOUNCED = re.compile(
    r"\b(?:(?:we're|we are|we’re|it's|is|company|brokerage|team|firm)\s+(?:called|named)|(?:our|my|"
    r"the) (?:company|brokerage|firm|business|organization|agency)(?:'s)?(?: name)? is|"
    r"(?:i'm|i am|we're|calling) (?:with|from)|(?:i|we) (?:work (?:for|at)|run|own)|from|with|"
    r"owner of|broker (?:at|of|for)|agent (?:at|with))\s+(?=[A-Z@])",
    re.IGNORECASE,
)


_LEGAL_FORM = re.compile(
    r"^(?:(?:it's|with|add|and|there's)\s+)*(?:an?\s+)?(?P<what>llc|l\.?l\.?c\.?|inc\.?|"
    r"incorporated|ltd|corp|corporation)(?:\s+at the end|\s+too)?\.?$",
    re.I,
)
_WITHOUT = re.compile(
    r"^(?:without|no|drop|remove|leave (?:off|out)|take (?:out|off))\s+(?:the\s+)?(?P<what>.+?)[.!]?$", re.I
)
_WORD_WITH = re.compile(
    r"^(?P<word>[^\W\d_][\w'’-]+)[\s,]+(?P<how>(?:but\s+)?with\s+(?:an?|two|one)\s+\S+(?:\s+at the \w+)?)[.!]?$",
    re.I,
)
_NEW_NOT_OLD = re.compile(r"^(?:it's\s+)?(?P<new>[\w'&/ -]+?)[\s,]+not\s+(?P<old>[\w'&/ -]+?)[.!]?$", re.I)


class Organization:
    """Canonical value: the name as text, 2-100 characters, in the firm's own capitals where they are known."""

    name = "organization"
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The firm's name without what was said around it."""
        text = clip(text)
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
        if _REQUEST.search(text):
            return None
        firm = _behind_a_person(text)
        if firm is not None:
            reading = self.parse(firm.text, ctx)
            left = leftover(f"{text[: firm.start]} {text[firm.end :]}")
            return None if reading is None else replace(reading, rest=left)
        name, rest, spelled = firm_name(text)
        if not spelled:
            name, rest = _without_talk(text, name, rest)
            name, rest = _without_more(text, name, rest)
        if not name:
            return None
        problem = _problem(name)
        if problem:
            return Reading(problem=problem)
        if ctx.channel == "voice" and not spelled:
            name = american(name)
        meant = None if spelled else likely_meant(name) or mended(name)
        return Reading(value=name, suggestion=meant, confidence=0.95 if spelled else 0.8, rest=rest)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A name that was announced by a cue, or a capitalised one with a firm's word ("from ... Realty").

        The second only for the slot of the firm itself: one without cues, or with a cue that says
        brokerage or company.
        """
        text = clip(text)
        span = cue_span(text, ctx.slot.cues)
        if span:
            name, rest, _ = firm_name(text[span[1] :])
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
            name, rest, _ = firm_name(text[start:])
            if name and name[0].isupper() and not _problem(name) and len(name.split()) <= 6:
                return Reading(
                    value=name, confidence=0.75, rest=leftover(f"{text[: announced.start()]} {rest}")
                )
        firm = _FIRM.match(text[start:])
        name = firm_name(firm["name"])[0] if firm else ""
        if not firm or not name or _problem(name):
            return None
        before = re.sub(r"\s*\b(?:from|with|at|of|for|run|own|calling)\s*$", "", text[:start], flags=re.I)
        return Reading(value=name, confidence=0.75, rest=leftover(f"{before} {text[start + firm.end() :]}"))

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """The name again, one word of it, or one letter."""
        text = clip(text)
        current = ctx.current
        if not isinstance(current, str) or keyed(text) is not None:
            return None
        if pending := _pending(text, ctx):
            return pending
        said = strip_no(text)
        if not said or re.fullmatch(r"(?:it )?(?:is|was) ?(?:wrong|not right|incorrect)", said, re.I):
            return None
        if legal := _LEGAL_FORM.match(said):
            form = LEGAL.get(legal["what"].lower(), legal["what"])
            return Reading(value=f"{current} {form}", confidence=0.9)
        without = _WITHOUT.match(text.strip())
        if without and re.search(rf"\b{re.escape(without['what'])}\b", current, re.I):
            return _left_without(current, without["what"])
        held = _WORD_WITH.match(said)
        if held and not is_placeholder(held["word"]):
            return _word_spelled(current, held["word"], held["how"])
        if len(said) <= 60 and (mended := self._letter(current, text)):
            return mended
        pair = _NEW_NOT_OLD.match(said)
        if pair and pair["old"].lower() in current.lower():
            return _exchanged(current, pair["old"], pair["new"])
        return _said_again(current, said)

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
            if w.lower() not in word_list("org_words") | SMALL
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


_REQUEST = re.compile(
    r"\b(?:set(?:ting)? up|get|create|make|build)\b.{0,30}\bfor (?:my|our|the|a) "
    r"(?:brokerage|office|company|firm|business|team|agency)\b",
    re.IGNORECASE,
)
"""What somebody came for: "set up an agent for my brokerage" names nobody."""
_PERSON_FIRST = re.compile(r"(?:[A-Z][\w'’.]+ ){1,2}[A-Z][\w'’]+,\s+")


def _behind_a_person(text: str) -> Firm | None:
    """The firm in "Lena Ortiz, Ortiz & Daughters Realty"; None where no person's name comes first."""
    person, firms = _PERSON_FIRST.match(text), firms_in(text)
    return firms[0] if person is not None and firms and firms[0].start >= person.end() else None


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


def _without_talk(text: str, name: str, rest: str) -> tuple[str, str]:
    """The firm that is named within a sentence, where what was taken for the name holds more than it."""
    found = firms_in(text)
    if not found:
        return name, rest
    firm = found[0]
    alone = firm_name(firm.text)[0] or title_of(firm.text)
    if name and _letters(name).removeprefix(_letters(alone)) in {
        "",
        *(_letters(form) for form in LEGAL.values()),
    }:
        return name, rest
    held = re.search(re.escape(firm.text), name, re.I)
    more = f"{name[: held.start()]} {name[held.end() :]}" if held else name
    words = re.findall(r"[^\W_][\w'’]*", more)
    former = re.search(r"\b(?:used to be|formerly|was|were)\b", name, re.I)
    if name and held is None and not former and len(name.split()) <= 6 and any(firm_word(w) for w in words):
        return name, rest  # another firm, and named first
    places = (re.search(rf"\b{re.escape(w)}\b", text, re.I) for w in words if w.lower() not in SMALL)
    written = [place.group() for place in places if place]
    placed = held and name[held.end() :].lstrip().startswith(",") and find_states(more, strict=True)
    if (held and not placed) and (
        not words or (written and all(w[:1].isupper() for w in written) and not firm.text.islower())
    ):
        return name, rest  # every word of it is written like a name
    return alone, leftover(f"{text[: firm.start]} {text[firm.end :]}")


def _without_more(text: str, name: str, rest: str) -> tuple[str, str]:
    """The name without whose it is, where it is and what it is not: "Ann Lee of ...", "..., Bozeman Montana"."""
    name = _JUST.sub("", name).strip(' "“”')
    who = _WHO_OF.search(text)
    if who and name.lower().startswith(f"{who['who'].lower()} of "):
        name = name[len(who["who"]) + len(" of ") :]
    name = _DROPPED.sub("", name)
    found = _PLACED.match(name)
    if found and find_states(found["place"], strict=True):
        return found["firm"], f"{rest} {found['place']}".strip()
    return name, rest


_JUST = re.compile(r"^(?:just|only|simply)\s+(?=[\"“])", re.IGNORECASE)
_WHO_OF = re.compile(r"\b(?i:this is|i'm|i am|my name is|it's)\s+(?P<who>[A-Z]\w+ [A-Z]\w+) of\b")
_DROPPED = re.compile(r",\s*(?:no|not|without|minus)\s.*$", re.IGNORECASE)
_PLACED = re.compile(
    r"^(?P<firm>\S+\s+\S.*?)\s*(?:,|\s(?:in|out of)\s)\s*(?P<place>(?:[\w.'-]+,?\s+){0,3}[\w.'-]+)$",
    re.IGNORECASE,
)


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


def _left_without(current: str, what: str) -> Reading | None:
    """ "Without the Group": what is left of the name, unless that is too little."""
    left = re.sub(rf"\s*\b{re.escape(what)}\b\.?", "", current, count=1, flags=re.I).strip(" ,")
    return Reading(value=left, confidence=0.9) if len(left) >= 2 else None


def _word_spelled(current: str, word: str, how: str) -> Reading | None:
    """ "Miller with an a": the word of the name that it is most like is spelled so."""
    fixed = fix_characters(title_of(word), how)
    new = fixed.value if fixed and fixed.value else title_of(word)
    replaced = replace_words(current.split(), [new])
    return Reading(value=replaced, confidence=0.85) if replaced else None


def _exchanged(current: str, old: str, new: str) -> Reading:
    """ "Homes, not House": one part of the name for another."""
    name = re.sub(re.escape(old), lambda _: title_of(new), current, count=1, flags=re.I)
    return Reading(value=name, confidence=0.85)


def _said_again(current: str, said: str) -> Reading | None:
    """The whole name, or some words of it, which take the place of those they are like."""
    name, rest, spelled = firm_name(said)
    if not name or _problem(name):
        return None
    words, old = name.split(), current.split()
    if len(words) < len(old) and (replaced := replace_words(old, words)):
        return Reading(value=replaced, confidence=0.8, rest=rest)
    if name == current:
        return None
    return Reading(value=name, confidence=0.95 if spelled else 0.8, rest=rest)


TYPE = Organization()
