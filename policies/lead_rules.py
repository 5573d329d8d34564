"""A client's own rules for leads: questions, must-haves, and both said back in words (A047, A091).

Nothing here can ask about or weigh what fair-housing law protects (C21): questions are read against a list
of what may never be asked, and must-haves only look at the property and the plan.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal

from pydantic import Field

from policies.load import Policy, load

Intent = Literal["buyer", "seller", "renter", "investor"]
EVERYBODY: tuple[Intent, ...] = ("buyer", "seller", "renter", "investor")


class Question(Policy):
    """One question of the client's own. ``must``: answers without which the lead is no match (as written)."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,30}$")
    ask: str = Field(min_length=5, max_length=160)
    ask_es: str = Field("", max_length=200)
    type: Literal["yes_no", "choice", "number", "text"] = "text"
    choices: tuple[str, ...] = ()
    of: tuple[Intent, ...] = EVERYBODY
    must: tuple[str, ...] = ()


class MustHave(Policy):
    """What a lead must have to be worth an agent's hour. One of ``at_least``, ``at_most``, ``any_of``."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,30}$")
    field: Literal["price_max", "price_min", "beds", "timeline_days", "areas", "financing", "represented"]
    at_least: int | None = None
    at_most: int | None = None
    any_of: tuple[str, ...] = ()
    of: tuple[Intent, ...] = EVERYBODY


class _Type(Policy):
    value: str
    label: str


class _Words(Policy):
    never_asked: tuple[str, ...]
    types: tuple[_Type, ...]
    fields: dict[str, str]
    intents: dict[str, str]
    most_questions: int


def _policy() -> _Words:
    return load("lead_rules", _Words)


@cache
def _never() -> re.Pattern[str]:
    return re.compile("|".join(_policy().never_asked), re.IGNORECASE)


def forbidden_words(text: str) -> str | None:
    """The first words that no caller may be asked about; None when there are none."""
    found = _never().search(text.replace("’", "'"))
    return found.group() if found else None


def questions_problem(questions: Sequence[Question]) -> str | None:
    """Why these questions cannot be asked, as a sentence; None when they can."""
    most = _policy().most_questions
    if len(questions) > most:
        return f"{most} questions of your own are the most a caller sits through. Please choose."
    keys = [q.key for q in questions]
    if len(set(keys)) < len(keys):
        return "Two of the questions have the same name."
    for question in questions:
        words = forbidden_words(" ".join((question.ask, question.ask_es, *question.choices)))
        if words is not None:
            return f'I can\'t ask callers about "{words}". Fair-housing and privacy law forbid it.'
        if re.search(r"[{}]", question.ask + question.ask_es):
            return "A question can't hold braces."
        if question.type == "choice" and len(question.choices) < 2:
            return "A question with a list needs at least two answers to choose from."
        allowed = {"yes_no": ("yes", "no"), "choice": question.choices}.get(question.type)
        if question.must and allowed is not None and not set(question.must) <= set(allowed):
            return f"The needed answer must be one of: {', '.join(allowed)}."
        if question.must and question.type == "text":
            return "Words can't be checked. Make it a yes or no, a list or a number to need an answer."
    return None


def must_haves_problem(must_haves: Sequence[MustHave]) -> str | None:
    """Why these must-haves cannot be used, as a sentence; None when they can."""
    keys = [m.key for m in must_haves]
    if len(set(keys)) < len(keys):
        return "Two of the must-haves have the same name."
    for one in must_haves:
        bounds = [one.at_least is not None or one.at_most is not None, bool(one.any_of)]
        if sum(bounds) != 1:
            return "A must-have needs either a limit or a list."
        if one.field in ("areas", "financing", "represented") and not one.any_of:
            return f"For {_policy().fields[one.field]}, name the accepted answers."
        if one.field not in ("areas", "financing", "represented") and one.any_of:
            return f"For {_policy().fields[one.field]}, name a limit."
        if one.at_least is not None and one.at_most is not None and one.at_least > one.at_most:
            return "The lower limit is above the upper one."
    return None


def unmet(
    lead: Mapping[str, Any],
    must_haves: Sequence[MustHave],
    questions: Sequence[Question] = (),
    answers: Mapping[str, Any] | None = None,
) -> list[str]:
    """Keys of what the lead is known to lack; what is not known counts as met."""
    intent = lead.get("intent")
    found = [m.key for m in must_haves if intent in m.of and not _holds(m, lead.get(m.field))]
    for question in questions:
        answer = (answers or {}).get(question.key)
        if question.must and intent in question.of and answer is not None:
            said = (
                {True: "yes", False: "no"}.get(answer, str(answer))
                if isinstance(answer, bool)
                else str(answer)
            )
            if said.lower() not in {m.lower() for m in question.must}:
                found.append(question.key)
    return found


def _holds(one: MustHave, value: Any) -> bool:
    if value is None or value == []:
        return True
    if one.any_of:
        values = value if isinstance(value, list) else [value]
        wanted = {w.lower() for w in one.any_of}
        return any(str(v).lower() in wanted for v in values)
    if not isinstance(value, int | float):
        return True
    return not (one.at_least is not None and value < one.at_least) and not (
        one.at_most is not None and value > one.at_most
    )


def explained(questions: Sequence[Question] = (), must_haves: Sequence[MustHave] = ()) -> list[str]:
    """The client's own rules said back, a sentence each."""
    told = [f"I also ask {_of(q.of)}: {q.ask}{_needs(q)}" for q in questions]
    told += [
        f"{_of(m.of).capitalize()} must have {_policy().fields[m.field]} {_limit(m)}; others are never hot."
        for m in must_haves
    ]
    return told


_WHETHER = re.compile(
    r"(?:whether|if) (?:they|the caller|he or she)('re| are| have| need| want| own| would| can)\b(.*)", re.I
)


def question_from_words(words: str, taken: Sequence[str] = ()) -> Question:
    """A question given in words ("whether they have a car") as it will be asked. ValueError: it is none."""
    said = " ".join(words.split()).strip(" .?!")
    if len(said) < 5:
        raise ValueError("What should I ask them?")
    found = _WHETHER.match(said)
    if found:
        verb, rest = found.group(1).strip().replace("'re", "are"), found.group(2)
        asked = (
            f"{verb.capitalize()} you{rest}?" if verb in ("are", "would", "can") else f"Do you {verb}{rest}?"
        )
        kind: Literal["yes_no", "text"] = "yes_no"
    else:
        asked, kind = f"{said[0].upper()}{said[1:]}?", "text"
        if not re.match(r"(what|which|how|when|where|who|do|does|are|is|can|would|will)\b", said, re.I):
            asked = f"The office would like to know: {said}."
    key = re.sub(r"[^a-z0-9]+", "_", said.lower()).strip("_")[:24].strip("_")
    key = key if re.match(r"[a-z]", key) else f"q_{key}"
    while key in taken:
        key = f"{key}_2"
    return Question(key=key, ask=asked[:160], type=kind)


def _needs(question: Question) -> str:
    return f" The answer has to be {_and(list(question.must), 'or')}." if question.must else ""


def _limit(one: MustHave) -> str:
    if one.any_of:
        return f"among {_and(list(one.any_of), 'or')}"
    parts = [
        f"at least {one.at_least:,}" if one.at_least is not None else "",
        f"at most {one.at_most:,}" if one.at_most is not None else "",
    ]
    return " and ".join(p for p in parts if p)


def _of(intents: Sequence[str]) -> str:
    if set(intents) == set(EVERYBODY):
        return "everybody"
    return _and([_policy().intents[i] for i in intents])


def _and(items: Sequence[str], last: str = "and") -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""
