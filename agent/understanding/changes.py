"""Slots called by their names, and the wish to change one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from agent import acts
from agent.acts import Event
from agent.understanding.clauses import clauses
from agent.understanding.view import View
from agent.understanding.wordlists import word_list

LABEL_MATCH = 86
CHANGE = re.compile(
    r"\b(change|correct|fix|edit|update|redo|modify|adjust)\b(?P<what>.*)"
    r"|(?P<wrong>.*)\b(is|are|was) (wrong|incorrect|not (right|correct))\b"
    r"|\bwrong (?P<name>[\w\s-]+)",
    re.I,
)
_CHANGE_ALONE = re.compile(
    r"(wait|no|oh|actually|sorry|please|and|but|so|um|uh|can|could|may|i|we|you|want|need|have|would|like|'?d|to|let'?s|let|me|just"
    r"|[\s,.!?])*\b(change|correct|fix|edit|update|redo|modify|adjust)"
    r"( (it|that|this|something|one|an|the|my|last|thing|answer|part|step|please|again|else|back))*[\s.!?]*",
    re.I,
)
"""A wish to change something that does not say what; "job change" and "change my flight" are none."""
_LABELLED = re.compile(
    r"\b(?:the|our|my) (?P<label>[a-z][a-z -]{2,24}?) (?:is|are|should be|was|were|has to be) (?P<value>.+)$",
    re.I,
)
_CHANGED_TO = re.compile(r"\b(?:to|into|it'?s|should be|is)\s+(?P<value>.+)$", re.I)
_FIRM_NAMED = re.compile(
    r"\b(?:company|business|brokerage|firm)s?(?: name)?(?: is| isnt| should be|s name)\b"
)


def by_label(text: str, view: View) -> acts.Fix | None:
    """ "The states are Colorado and Wyoming": a slot's own name and its value."""
    firm = next((n for n, s in view.flow.slots.items() if s.type == "organization"), None)
    if firm is not None and _FIRM_NAMED.match(re.sub(r"^\W*(?:no,? )?(?:the |our |my )?", "", text.lower())):
        reading = view.type_of(firm).parse(text, view.context(firm))
        if reading is not None and reading.value is not None:
            return acts.Fix(firm, reading)
    found = _LABELLED.search(text)
    if found is None:
        return None
    label = _bare(found.group("label"))
    for name, spec in view.flow.slots.items():
        if view.flow.steps_of(name) and label in (_bare(spec.label), _bare(name)):
            value = found.group("value")
            if spec.type == "text" and name != "message" and view.flow.on_end is not None:
                value = next((c.text for c in clauses(value)), value)  # what else was said is none of it
            reading = view.type_of(name).parse(value, view.context(name))
            if reading is not None and reading.value is not None:
                return acts.Fix(name, reading)
    return None


def _bare(label: str) -> str:
    return re.sub(r"[^a-z0-9]", "", label.lower()).removeprefix("your").rstrip("s")


def change_wanted(text: str, view: View) -> acts.Command | None:
    """ "Change the plan", "the e-mail is wrong", "fix the hours"."""
    found = CHANGE.search(text)
    if found is None:
        return None
    what = (found.group("what") or found.group("wrong") or found.group("name") or "").strip()
    target = slot_named(what, view, list(view.flow.slots)) or next(
        (
            s.step
            for s in view.flow.steps
            if fuzz.partial_ratio(s.title.lower(), what.lower()) >= LABEL_MATCH and what
        ),
        None,
    )
    if target is None and not (_CHANGE_ALONE.fullmatch(text) or found.group("wrong") or found.group("name")):
        return None
    if target is None and len(what.split()) > 3:
        return None
    return acts.Command("change", target)


def changed_to(change: acts.Command, text: str, view: View) -> Event | None:
    """ "Change the plan to Business": the value is there already."""
    found = _CHANGED_TO.search(text)
    if found is None or change.target not in view.flow.slots:
        return None
    name = str(change.target)
    reading = view.type_of(name).parse(found.group("value"), view.context(name))
    return acts.Fix(name, reading) if reading is not None and reading.value is not None else None


def slot_named(text: str, view: View, names: Sequence[str]) -> str | None:
    """Which of these slots the words name, by label."""
    plain = re.sub(r"[^a-z0-9 ]", "", text.lower().replace("e-mail", "email").replace("-", " "))
    plain = re.sub(r"\bmy (?:full |own )?name\b", "your name", plain)  # as the label calls it
    if plain.startswith("name is ") and not any(w in word_list("org_words") for w in plain.split()):
        plain = f"your {plain}"
    best, score = None, 0.0
    for name in names:
        spec = view.flow.slots[name]
        if spec.type == "organization" and _FIRM_NAMED.search(plain):
            best, score = name, 99.0
        for label in (spec.label, name.replace("_", " ")):
            words = re.sub(r"[^a-z0-9 ]", "", label.lower().replace("e-mail", "email").replace("-", " "))
            head = words.split()[-1] if words else ""
            match = 100.0 if re.search(rf"\b{re.escape(words)}\b", plain) else 0.0
            if not match and len(head) > 3 and re.search(rf"\b{re.escape(head)}s?\b", plain):
                match = 88.0
            if not match and len(plain) >= 4:
                match = fuzz.ratio(words, plain)
            if match > score:
                best, score = name, match
    return best if score >= LABEL_MATCH else None
