"""Who gets a lead, and why, in words (A047, A091, C21).

Pure. A lead is seen only through ``LeadFacts``: what is not in it cannot decide. A rule that matches names a
pool of people; within a pool it goes in turn. When nothing matches, the fallback gets the lead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from policies.load import Policy, load

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
ADMINS = ("owner", "admin")


class Routing(Policy):
    """The whole file."""

    facts: tuple[str, ...]
    modes: dict[str, str]
    claim_minutes: dict[str, int]
    hot_claim_minutes: int


def policy() -> Routing:
    """The policy as data."""
    return load("routing", Routing)


@dataclass(frozen=True)
class LeadFacts:
    """All that routing may know. ``language``: the one the caller asked for, if any ("es")."""

    areas: tuple[str, ...] = ()
    price: int | None = None
    language: str | None = None
    source: str | None = None
    intent: str | None = None


@dataclass(frozen=True)
class Person:
    """Somebody who may take leads, and how many they have had."""

    id: str
    name: str
    email: str = ""
    role: str = "agent"
    areas: tuple[str, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    languages: tuple[str, ...] = ("en",)
    weight: int = 1
    takes_leads: bool = True
    given: int = 0
    last: datetime | None = None


@dataclass(frozen=True)
class Choice:
    """Who gets it. ``final``: nobody comes after them, so nothing runs out."""

    person: Person
    mode: str
    why: str
    final: bool = False


def pick(
    routing: Mapping[str, Any],
    lead: LeadFacts,
    people: Sequence[Person],
    *,
    skip: Collection[str] = (),
) -> Choice | None:
    """The person for a lead, leaving out who had it already; None only when there is nobody at all."""
    last = fallback(routing, people)
    if last is None:
        return None
    willing = [p for p in people if p.takes_leads and p.weight > 0 and p.id not in skip]
    for pool, mode, why in _pools(routing, lead, willing):
        pool, extra = _speaking(pool, lead.language)
        if pool:
            chosen = _in_turn(pool, weighted=mode == "weighted")
            return Choice(chosen, mode, f"{chosen.name}: {why}{extra}")
    why = "nobody else could take it" if skip else "no rule matched, so the fallback gets it"
    if str(routing.get("mode")) == "admin_only" and not skip:
        why = "all leads go to one person"
    return Choice(last, "fallback", f"{last.name}: {why}", final=True)


def _pools(
    routing: Mapping[str, Any], lead: LeadFacts, people: Sequence[Person]
) -> Sequence[tuple[list[Person], str, str]]:
    """(who, mode, why) in the order they are tried."""
    found: list[tuple[list[Person], str, str]] = []
    for rule in routing.get("rules") or ():
        if matches(rule.get("when") or {}, lead):
            named = {str(r).lower() for r in rule.get("to") or ()}
            who = [p for p in people if _is_named(p, named)]
            found.append((who, "rule", f"the rule for {_when_words(rule.get('when') or {})}"))
    mode = str(routing.get("mode") or "round_robin")
    if mode == "round_robin":
        found.append((list(people), mode, "next in turn"))
    elif mode == "weighted":
        found.append((list(people), mode, "next by weight"))
    elif mode == "by_area":
        who = [p for p in people if any(_same_area(a, b) for a in p.areas for b in lead.areas)]
        found.append((who, mode, f"serves {', '.join(lead.areas)}"))
    elif mode == "by_price":
        who = [p for p in people if _in_range(lead.price, p)]
        found.append((who, mode, f"works at ${lead.price:,}" if lead.price else ""))
    elif mode == "by_language" and lead.language:
        who = [p for p in people if lead.language in p.languages]
        found.append((who, mode, "speaks the language that was asked for"))
    if mode in ("by_area", "by_price", "by_language", "by_source") and routing.get("else") == "round_robin":
        found.append((list(people), "round_robin", "nothing matched, so the next in turn"))
    return found


def matches(when: Mapping[str, Any], lead: LeadFacts) -> bool:
    """Whether every condition of a rule holds. A condition nobody knows matches nothing."""
    for name, wanted in when.items():
        if name == "areas":
            held = any(_same_area(a, b) for a in wanted for b in lead.areas)
        elif name == "price_min":
            held = lead.price is not None and lead.price >= int(wanted)
        elif name == "price_max":
            held = lead.price is not None and lead.price <= int(wanted)
        elif name in ("language", "source", "intent"):
            given = getattr(lead, name)
            held = given is not None and given in (wanted if isinstance(wanted, list) else [wanted])
        else:
            held = False
        if not held:
            return False
    return bool(when)


def _speaking(people: list[Person], language: str | None) -> tuple[list[Person], str]:
    """Of these, who speaks the language that was asked for; all of them when nobody does."""
    if not language or language == "en":
        return people, ""
    able = [p for p in people if language in p.languages]
    return (able, ", and speaks the language that was asked for") if able else (people, "")


def _in_turn(people: Sequence[Person], *, weighted: bool) -> Person:
    if weighted:
        return min(people, key=lambda p: ((p.given + 1) / p.weight, p.last or _NEVER, p.id))
    return min(people, key=lambda p: (p.last or _NEVER, p.given, p.id))


def _in_range(price: int | None, person: Person) -> bool:
    if price is None or (person.price_min is None and person.price_max is None):
        return False
    return (person.price_min or 0) <= price <= (person.price_max or price)


def _same_area(a: str, b: str) -> bool:
    one, other = " ".join(a.lower().split()), " ".join(b.lower().split())
    return (
        bool(one)
        and bool(other)
        and (one == other or f" {one} " in f" {other} " or f" {other} " in f" {one} ")
    )


def _is_named(person: Person, named: Collection[str]) -> bool:
    return bool(
        {person.id.lower(), person.email.lower(), person.name.lower()} & set(named)
        or ("admin" in named and person.role in ADMINS)
    )


def fallback(routing: Mapping[str, Any], people: Sequence[Person]) -> Person | None:
    """Who gets what nobody else does: the one named, else the owner, else anybody."""
    named = str(routing.get("fallback") or "admin").lower()
    order = {"owner": 0, "admin": 1, "agent": 2}
    ranked = sorted(people, key=lambda p: (order.get(p.role, 3), p.id))
    return next((p for p in ranked if _is_named(p, {named})), ranked[0] if ranked else None)


def claim_minutes(routing: Mapping[str, Any], *, hot: bool) -> int:
    """Minutes a person has to take a lead."""
    limits = policy().claim_minutes
    set_to = int(routing.get("claim_minutes") or limits["standard"])
    minutes = max(limits["least"], min(set_to, limits["most"]))
    return min(minutes, policy().hot_claim_minutes) if hot else minutes


# --- rules as data: what is wrong with them, and what they say ------------------------------------------


def problems(routing: Mapping[str, Any], people: Sequence[Person]) -> list[str]:
    """What is wrong with a client's routing, as sentences; empty when it is fine."""
    found = []
    known = policy()
    unknown = set(routing) - {"mode", "fallback", "claim_minutes", "rules", "else"}
    found += [f"Routing has no setting called {name}." for name in sorted(unknown)]
    if routing.get("mode", "round_robin") not in known.modes:
        found.append(f"There is no way of routing called {routing.get('mode')}.")
    if routing.get("else", "fallback") not in ("fallback", "round_robin"):
        found.append("What happens when nothing matches is either fallback or round_robin.")
    minutes = routing.get("claim_minutes", known.claim_minutes["standard"])
    if (
        not isinstance(minutes, int)
        or not known.claim_minutes["least"] <= minutes <= known.claim_minutes["most"]
    ):
        found.append("The time to claim a lead is between one minute and a day.")
    named = str(routing.get("fallback") or "admin").lower()
    if people and not any(_is_named(p, {named}) for p in people):
        found.append(f"The fallback, {named}, is nobody on the team.")
    for number, rule in enumerate(routing.get("rules") or (), start=1):
        found += [f"Rule {number}: {text}" for text in _rule_problems(rule, people)]
    return found


def _rule_problems(rule: Mapping[str, Any], people: Sequence[Person]) -> list[str]:
    when, to = rule.get("when") or {}, rule.get("to") or ()
    found = [f"a lead may not be routed by {name}." for name in sorted(set(when) - set(policy().facts))]
    if not when:
        found.append("it has no condition, so it would hide the rules after it.")
    if not to:
        found.append("it names nobody.")
    found += [
        f"{who} is nobody on the team."
        for who in to
        if people and not any(_is_named(p, {str(who).lower()}) for p in people)
    ]
    language = when.get("language")
    if language:
        able = [p for p in people if language in p.languages and _is_named(p, {str(t).lower() for t in to})]
        if people and not able:
            found.append("nobody it names speaks that language, and language only routes to match one.")
    return found


def explain(routing: Mapping[str, Any], people: Sequence[Person] = ()) -> list[str]:
    """The rules in words, in the order they are tried."""
    names = {alias: p.name for p in people for alias in (p.id.lower(), p.email.lower())}

    def called(who: Any) -> str:
        return names.get(str(who).lower(), "the admin" if who == "admin" else str(who))

    said = []
    for rule in routing.get("rules") or ():
        to = " or ".join(called(w) for w in rule.get("to") or ())
        said.append(f"Leads with {_when_words(rule.get('when') or {})} go to {to}.")
    mode = str(routing.get("mode") or "round_robin")
    rest = "Other leads" if said else "Leads"
    said.append(f"{rest} go {policy().modes.get(mode, mode)}.")
    said.append("When somebody asks for another language, those who speak it come first.")
    minutes = claim_minutes(routing, hot=False)
    last = called(str(routing.get("fallback") or "admin"))
    said.append(
        f"Whoever gets a lead has {minutes} minutes to take it, then it goes to the next."
        f" What nobody takes goes to {last}."
    )
    return said


def _when_words(when: Mapping[str, Any]) -> str:
    parts = []
    if when.get("areas"):
        parts.append(f"an area of {', '.join(when['areas'])}")
    if when.get("price_min") is not None:
        parts.append(f"a price from ${int(when['price_min']):,}")
    if when.get("price_max") is not None:
        parts.append(f"a price up to ${int(when['price_max']):,}")
    if when.get("language"):
        parts.append(f"a wish for the language {when['language']}")
    if when.get("source"):
        parts.append(f"the source {when['source']}")
    if when.get("intent"):
        parts.append(f"the intent {when['intent']}")
    return " and ".join(parts) or "no condition"
