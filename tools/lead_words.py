"""A lead in words: the summary an agent reads, and what the caller is told at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from policies.scrub import scrub
from prompts.phrases import phrase
from tools.values import TIMELINES, MoneyRange

_NO = frozenset(
    {"yes", "yeah", "okay", "no", "nope", "none", "nothing", "no thanks", "no thank you", "not now"}
    | {"not yet", "skip", "no for now"}
    | {"sí", "si", "no gracias", "ninguno", "ninguna", "nada", "por ahora no", "todavía no"}
)
_REFUSED = re.compile(
    r"(?:no|nope|nah|not)?"
    r"(?:[ ,.]*(?:no|not now|not yet|not today|not really|thanks|thank you|for now|right now))+"
)
WHO = {
    "buyer": "Buyer",
    "seller": "Seller",
    "renter": "Renter",
    "investor": "Investor",
    "existing_client": "Existing client",
    "agent": "Another agent",
    "vendor": "A company",
}


REACHED = {
    "calls_only": "calls, no texts",
    "texts_only": "texts, no calls",
    "calls_first": "prefers calls",
    "texts_first": "prefers texts",
    "mail_only": "e-mail only, no calls or texts",
}


def wants(answer: str | None) -> bool:
    """Whether a free answer says anything: "no", "not now" and a bare "yes" do not."""
    words = (answer or "").strip(" .,!¡").lower()
    return bool(words) and words not in _NO and not _REFUSED.fullmatch(words)


def listed(value: Any) -> list[str]:
    """The items of a free answer ("a garage and a yard")."""
    if value is None:
        return []
    items = value if isinstance(value, list) else re.split(r",| and | y ", str(value))
    return [text for i in items if (text := str(i).strip(" .")) and wants(text)]


def money_of(args: Any) -> Any:
    """The sum that goes with what the caller wants now: a renter who turns buyer keeps no rent as a price."""
    order = {
        "renter": (args.rent, args.price),
        "seller": (args.price_idea,),
        "buyer": (args.price,),
        "investor": (args.price,),
    }.get(args.intent or "", (args.price, args.rent, args.price_idea))
    return next((sum_ for sum_ in order if sum_), None)


def summary(
    args: Any, timeline: str | None, answers: Sequence[tuple[str, Any]] = (), asked: Sequence[str] = ()
) -> str:
    """At most 1,000 characters in one paragraph, without anything about a protected class (C24).

    ``args``: tools.lead_args.LeadArgs. ``answers``: the client's own questions with what was said; ``asked``:
    what an agent has to answer, as tools.open_questions writes it down.
    """
    money = money_of(args)
    when = args.appointment or args.visit or args.showing_time
    parts = [
        WHO.get(args.intent or "", "Caller"),
        f"from {args.firm}" if wants(args.firm) else "",
        f"working with {args.agent_named}" if wants(args.agent_named) else "",
        f"at {args.property_address}" if args.property_address else "",
        f"looking in {', '.join(args.areas)}" if args.areas else "",
        args.strategy.replace("_", " ") if args.strategy else "",
        f"{args.units} units" if args.units is not None else "",
        f"{args.beds} bedrooms" if args.beds is not None else "",
        f"{args.baths:g} bathrooms" if args.baths is not None else "",
        f"price {price_words(money)}" if money and price_words(money) else "",
        TIMELINES.get(timeline, (0, timeline))[1] if timeline else "",
        f"lease {args.lease_length}" if wants(args.lease_length) else "",
        f"financing {args.financing.replace('_', ' ')}" if args.financing else "",
        {"no": "no agent", "yes": "has an agent", "exclusive": "exclusive agreement with an agent"}.get(
            args.represented or "", ""
        ),
        "listed with an agent" if args.listed else "",
        f"until {args.listed_until:%B} {args.listed_until.day}" if args.listed and args.listed_until else "",
        "buying next" if args.buying_next else "",
        "send matches" if args.alerts else "",
        REACHED.get(args.contact_limits or "", ""),
        f"wants a meeting: {when}" if wants(when) else "",
        f"also wants: {args.also_wants}" if args.also_wants else "",
    ]
    head = ", ".join(clean for p in parts if p and (clean := scrub(p)))
    within = args.motivation and args.message and args.motivation.lower() in args.message.lower()
    notes = [
        None if within else args.motivation,
        args.condition,
        args.target_return,
        args.message,
        *listed(args.features),
    ]
    notes += [f"{ask} {_plain(said)}" for ask, said in answers]
    said = "; ".join(clean for n in notes if n and wants(n) and (clean := scrub(n)))
    parts = [head, said, f"Asked: {' / '.join(asked)}" if asked else ""]
    return " ".join(p if p.endswith(("?", "!")) else f"{p}." for p in parts if p)[:1000]


def _plain(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def price_words(money: MoneyRange) -> str:
    """ "$400,000 to $450,000", "up to $450,000"."""
    if money.min is not None and money.max is not None:
        return f"${money.min:,} to ${money.max:,}"
    if money.max is not None:
        return f"up to ${money.max:,}"
    return f"from ${money.min:,}" if money.min is not None else ""


def closing_words(args: Any, brand: str, disposition: str, channel: str) -> str:
    """What happens next, and nothing that is not so."""
    language = args.language or "en"

    def say(key: str, **facts: str) -> str:
        return phrase(key, channel, {"brand": brand, **facts}, 0, language)

    first = (args.name or "").split(" ")[0]
    thanks = say("lead_thanks_name", first=first) if first else say("lead_thanks")
    if disposition == "represented" and args.listed_until:
        return f"{thanks} {say('lead_after_listing', when=f'{args.listed_until:%B} {args.listed_until.day}')}"
    if disposition == "represented":
        return f"{thanks} {say('represented')}"
    if disposition == "not_interested":
        return thanks
    if args.intent in ("message", "existing_client", "agent"):
        return f"{thanks} {say(f'lead_{args.intent}')}"
    if args.intent == "vendor":
        return f"{thanks} {say('lead_vendor')}"
    if args.consent_contact is False:
        by_mail = args.contact_limits == "mail_only" and args.email
        return f"{thanks} {say('lead_by_mail' if by_mail else 'lead_not_contacted')}"
    if disposition == "appointment_set":
        return f"{thanks} {say('lead_booked')}"
    words = f"{thanks} {say('lead_noted')}"
    if args.ai_voice == "refused" and args.consent_contact is not None:
        words = f"{words} {say('lead_people_only')}"
    touring = args.appointment if args.intent in ("buyer", "investor") else None
    if wants(touring):
        words = f"{words} {say('touring')}"
    return words
