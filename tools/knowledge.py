"""What the agent may answer: listings, service areas, the office's facts and its questions and answers.

Every answer names where it comes from. What is not known is not answered: an agent will (A047, C20, C22).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from loguru import logger
from pydantic import Field, field_validator
from text_to_num import alpha2digit

from policies import business_hours, listing_facts, remarks
from policies import knowledge as policy
from policies.nearness import Vectors, kind_fits
from stores import knowledge, listings, tenancy
from stores.db import Session
from tools import home_names, meaning, open_questions
from tools.base import Args, ToolContext, ToolResult, tool, unchanged
from tools.values import Money, MoneyRange, Names

MOST_SPOKEN = 2
MOST_NAMED = 3
"""Homes told of in one breath, when a caller names several."""


@dataclass(frozen=True)
class Answer:
    """One or two sentences to say, where they come from, and what they are about."""

    text: str
    source: str
    kind: Literal["listing", "area", "office", "faq"]
    unknown: tuple[str, ...] = ()
    """Of a listing: what was asked about it that it does not say (topics of policies.listing_facts)."""
    mls_id: str = ""
    """Of a listing: which, when it is one."""
    which: tuple[str, ...] = ()
    """Addresses of the listings that a short name may mean, when it may mean several."""


async def answer(ctx: ToolContext, question: str) -> Answer | None:
    """What the speaking tenant knows about a question; None: an agent must answer it."""
    asked = await meaning.of_question(ctx.ports, _words(question))
    async with ctx.db.tenant(ctx.home) as session:
        return await _answer(ctx, session, question, asked)


async def office_answer(ctx: ToolContext, question: str) -> Answer | None:
    """What the speaking tenant's own entries say about a question, whatever home is named in it."""
    words = _words(question)
    asked = await meaning.of_question(ctx.ports, words)
    async with ctx.db.tenant(ctx.home) as session:
        return await _of_entries(ctx, session, words, asked) if words else None


def _words(question: str) -> str:
    return " ".join(question.split())[:500]


async def _answer(ctx: ToolContext, session: Session, question: str, asked: Vectors | None) -> Answer | None:
    words = _words(question)
    if not words:
        return None
    return (
        await _of_listing(ctx, session, words)
        or await _of_hours(session, words)
        or await _of_entries(ctx, session, words, asked)
    )


# --- listings -------------------------------------------------------------------------------------------

_MLS = re.compile(
    r"\bm\.?\s?l\.?\s?s\.?\s*(?:number|no\.?|id|#)?\s*#?\s*([a-z]{0,3}[-\s]?\d[\w-]*)", re.IGNORECASE
)
_ON_STREET = re.compile(
    r"(?<!my )(?<!our )\b(?:one|house|home|place|condo|property|listing|apartment|that) on ((?:[a-z]+ ){1,3}"
    r"(?:lane|drive|street|road|court|avenue|way|place|boulevard|circle|terrace))\b",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"\b(\d{1,6})\s+((?:[a-z][\w'.-]*\s*){1,4})", re.IGNORECASE)


async def _of_listing(
    ctx: ToolContext, session: Session, question: str, *, spoken_of: str = ""
) -> Answer | None:
    """The listings that are named; else the one spoken of before, when something is asked that listings
    have."""
    rows = await _on_offer(session, question)
    if rows:
        return _told(ctx, rows, question)
    short = await home_names.meant(session, question)
    if len(short) == 1:
        return _told(ctx, short, question)
    if short:
        source = "; ".join(source_of(row) for row in short[:MOST_NAMED])
        homes = [f"{row.address} in {row.city}" if row.city else row.address for row in short[:MOST_NAMED]]
        which = tuple(row.address for row in short[:MOST_NAMED])
        return Answer(f"We have {_joined(homes)}.", source, "listing", which=which)
    of_it = bool(spoken_of and listing_facts.of_the_home(question))
    row = await listings.get_listing(session, spoken_of) if of_it else None
    return _told(ctx, [row], question, again=True) if row is not None and row.status != "withdrawn" else None


def _told(
    ctx: ToolContext, rows: Sequence[listings.Listing], question: str, *, again: bool = False
) -> Answer:
    source = "; ".join(source_of(row) for row in rows[:MOST_NAMED])
    if len(rows) > 1:
        return Answer(" ".join(describe(row) for row in rows[:MOST_NAMED]), source, "listing")
    row = rows[0]
    asked = listing_facts.asked_about(question)
    facts = listing_facts.current(_details(row), ctx.clock.now().date())
    found = {
        topic: listing_facts.said_of(topic, facts, _speakable(row.features))
        or remarks.said_in_text(topic, row.remarks)
        for topic in asked
    }
    more = list(
        dict.fromkeys(said for topic, said in found.items() if said and (again or topic not in FIRST))
    )
    unknown = tuple(topic for topic, said in found.items() if not said)
    if not asked and _ASKS_MORE.search(question) and (words := _asks_besides(row, question)):
        said = remarks.said_of_words(words, row.remarks, row.address)
        more, unknown = ([said], ()) if said else ([], (words,))
    if again and not more and unknown:
        return Answer("", source, "listing", unknown, row.mls_id)
    said = describe(row, "" if more or unknown else question) if not again else ""
    return Answer(" ".join([said, *more]).strip(), source, "listing", unknown, row.mls_id)


_ASKS_MORE = re.compile(
    r"\b(?:what|how|which|who|is|are|does|do|has|can|could|will|was)\b.*\?"
    r"|^\W*(?:what|how|does|is there|are there|has)\b",
    re.IGNORECASE,
)
_OF_ANY_HOME = policy.content_words(
    "tell more about know price cost asking available still sale rent see tour view visit show showing time "
    "home house place apartment condo unit listing property one this that look interested please hi hello "
    "open sold pending taken schedule book appointment when today tomorrow like info information details "
    "market active gone good"
)
"""Words of a question that the first sentence about a listing answers, or that wish to see it."""


def _asks_besides(row: listings.Listing, question: str) -> str:
    """The words of a question about a listing that its first sentence does not answer; "" for none."""
    if _TELL_MORE.search(question):
        return ""
    home = " ".join(filter(None, (row.address, row.city, row.state, row.zip, row.neighborhood, row.mls_id)))
    return " ".join(sorted(policy.content_words(question) - policy.content_words(home) - _OF_ANY_HOME))


def with_asked(row: listings.Listing, question: str) -> str:
    """A listing in a sentence, and what it has of what a search asked for ("anything with a pool")."""
    more = [
        said
        for topic in listing_facts.asked_about(question)
        if topic not in FIRST and (said := remarks.said_in_text(topic, row.remarks))
    ]
    first = describe(row, question)
    return " ".join([first, *(m for m in more if m not in first)])


def without_hoa(row: listings.Listing) -> bool:
    """Whether a listing says that no homeowners association is to be paid."""
    listed = row.details.get("hoa_fee") == 0 or any("no hoa" in f.lower() for f in row.features)
    return listed or remarks.lacks_hoa(row.remarks)


FIRST = frozenset({"status", "price", "size", "beds", "baths"})
"""Topics that the first sentence about a listing answers already."""


def _details(row: listings.Listing) -> dict[str, Any]:
    """All that may be asked of a listing, by the fields of policies.listing_facts."""
    priced = row.price and row.status in ("active", "coming_soon")
    return {
        **row.details,
        "size": row.size,
        "beds": row.beds,
        "baths": f"{row.baths:g}" if row.baths else None,
        "asking": _at_price(row).removeprefix(" at ") if priced else None,
        "standing": _standing(row),
    }


def _speakable(features: Sequence[str]) -> list[str]:
    return [f for f in features if policy.speakable(f)]


async def _on_offer(session: Session, question: str) -> list[listings.Listing]:
    return [row for row in await _listings_meant(session, question) if row.status != "withdrawn"]


async def about_listing(ctx: ToolContext, question: str, *, spoken_of: str = "") -> Answer | None:
    """What is known of the listings a question names, or of the one spoken of before (``spoken_of``: its MLS
    number) when something is asked that listings have. An empty ``text``: nothing of what was asked."""
    async with ctx.db.tenant(ctx.home) as session:
        return await _of_listing(ctx, session, question, spoken_of=spoken_of)


async def listing_named(ctx: ToolContext, words: str) -> listings.Listing | None:
    """The one listing of the speaking tenant that the words name; None for none, or several."""
    async with ctx.db.tenant(ctx.home) as session:
        rows = await _on_offer(session, words) or await home_names.meant(session, words)
    return rows[0] if len(rows) == 1 else None


async def _listings_meant(session: Session, question: str) -> list[listings.Listing]:
    """The listings a question names by MLS number or address, each once."""
    found = _MLS.search(question)
    if found:
        row = await listings.get_listing(session, re.sub(r"\s+", "", found[1]))
        if row is not None:
            return [row]
    named: dict[str, listings.Listing] = {}
    digits = _digits(question)
    for house in _HOUSE.finditer(digits):
        number, street = house.groups()
        if home_names.left_out(digits[: house.start()]):
            continue
        words = [w.strip(".,?!'").lower() for w in street.split()]
        if words and words[0] not in policy.knowledge().units:
            at = await listings.listings_at(session, number, words)
            rows = [row for row in at if not home_names.other_kind_of_street(row.address, words)]
            if len(rows) == 1:
                named[rows[0].mls_id] = rows[0]
    if not named and (street := _ON_STREET.search(question)):
        on = await listings.listings_on(session, street[1])
        named = {row.mls_id: row for row in on if len(on) == 1}
    return list(named.values())


def _digits(text: str) -> str:
    try:
        return str(alpha2digit(text, "en"))
    except (ValueError, IndexError):
        return text


def source_of(row: listings.Listing) -> str:
    """Where a listing's facts come from, with the day they were last right."""
    when = row.modified_at or row.updated_at
    return f"MLS listing {row.mls_id}, updated {when:%B} {when.day}"


STANDING = {
    "active": "is on the market",
    "coming_soon": "is coming soon",
    "pending": "is under contract",
    "closed": "has been sold",
}


_TO_RENT, _TO_BUY = re.compile(r"\b(?:rent|lease)\b", re.I), re.compile(r"\b(?:sale|buy)\b", re.I)


def _standing(row: listings.Listing, question: str = "") -> str:
    """Whether it is for sale or let, or no longer; said outright to who took it for the other."""
    if row.status != "active" or not row.price:
        return STANDING[row.status]
    (words, same), (others, other) = ("rent", _TO_RENT), ("sale", _TO_BUY)
    if not policy.is_let(row.price):
        (words, same), (others, other) = (others, other), (words, same)
    mistaken = other.search(question) and not same.search(question)
    return f"is for {words}, not for {others}," if mistaken else f"is for {words}"


def _at_price(row: listings.Listing) -> str:
    if not row.price or row.status not in ("active", "coming_soon"):
        return ""
    return f" at ${row.price:,}{' a month' if policy.is_let(row.price) else ''}"


def describe(row: listings.Listing, question: str = "") -> str:
    """A listing's facts in a sentence; its own remarks only when more is asked for, and only what is safe."""
    status = _standing(row, question)
    price = _at_price(row)
    facts = [
        f"{row.beds} bedroom{'s' if row.beds != 1 else ''}" if row.beds else "",
        f"{row.baths:g} bath{'s' if row.baths != 1 else ''}" if row.baths else "",
        f"{row.size:,} square feet" if row.size else "",
    ]
    said = _joined([f for f in facts if f])
    where = f"{row.address} in {row.city}" if row.city else row.address
    first = f"{where} {status}{price}{f', with {said}' if said else ''}."
    more = _asked_feature(row, question)
    if not more and _TELL_MORE.search(question):
        more = policy.spoken_remarks(row.remarks, most=1)
    return f"{first} {more}".strip()


_TELL_MORE = re.compile(
    r"\b(?:tell me|more (?:about|on|info)|describe|about|details?|what(?:'s| is) .{0,20}like)\b",
    re.IGNORECASE,
)


def _asked_feature(row: listings.Listing, question: str) -> str:
    """ "It has a garage", when that was asked and is listed. A feature that is not listed is not denied."""
    asked = policy.content_words(question)
    named = [f for f in row.features if policy.content_words(f) & asked and policy.speakable(f)]
    return f"Its listed features include {_joined(named)}." if named else ""


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


# --- hours, areas, facts --------------------------------------------------------------------------------

_HOURS = re.compile(
    r"\b(?:what|when|which).{0,20}\b(?:hours?|open|close|closing)\b|\b(?:are|is) .{0,20}\bopen\b"
    r"|\bopening hours\b|\boffice hours\b|\bhorario\b",
    re.IGNORECASE,
)


async def _of_hours(session: Session, question: str) -> Answer | None:
    if (
        not _HOURS.search(question)
        or home_names.house_named(question)
        or re.search(r"\bopen house\b", question, re.IGNORECASE)
    ):
        return None
    profile = await tenancy.get_profile(session)
    tenant = await tenancy.get_tenant(session)
    if profile is None or not profile.hours:
        return None
    said = business_hours.spoken(profile.hours)
    return Answer(f"The office is open {said}.", f"{tenant.brand_name}'s office hours", "office")


async def _of_entries(
    ctx: ToolContext, session: Session, question: str, asked: Vectors | None
) -> Answer | None:
    language = "es" if str(ctx.slots.get("language") or "").startswith("es") else "en"
    best = await _best(session, question, asked, language)
    if best is None:
        return None
    tenant = await tenancy.get_tenant(session)
    kind: Literal["area", "office", "faq"] = "faq"
    if best.kind in ("area", "office"):
        kind = "area" if best.kind == "area" else "office"
    return Answer(best.answer, best.source or f"{tenant.brand_name}'s own answers", kind)


async def _best(
    session: Session, question: str, asked: Vectors | None, language: str
) -> knowledge.Entry | None:
    """The entry that answers, in the caller's language where two do; None when none surely does.

    A place that is named decides, and a question that is a stored one; else what is meant. Words alone
    decide only about an entry whose meaning is not known.
    """
    by_meaning = await meaning.nearest(session, question, asked)
    found = [
        (score, hit.entry)
        for hit in await knowledge.find_entries(session, question, language=language)
        if (score := _score(hit, question)) > 0
        and (hit.entry.id not in by_meaning or _identical(hit, question))
    ]
    if not found:
        least = policy.knowledge().meaning.least
        found = [(score, entry) for score, entry in by_meaning.values() if score >= least]
    spoken = [f for f in found if f[1].language == language] or found
    return max(spoken, key=lambda f: f[0])[1] if spoken else None


def _identical(hit: knowledge.Hit, question: str) -> bool:
    """Whether a question is a stored one, but for a word or two."""
    least = policy.knowledge().identical
    alike = max(_alike(question, other) for other in (hit.entry.title, *hit.entry.also))
    return (hit.likeness or 0.0) >= least or alike >= least


def _score(hit: knowledge.Hit, question: str) -> float:
    """How well an entry answers a question; 0 when not well enough to be said."""
    limits = policy.knowledge()
    entry = hit.entry
    if entry.kind == "area":
        # a place is meant only when it is named
        named = any(_names(question, place) for place in (entry.title, *entry.also))
        serving = re.search(
            r"\b(serve|cover|work|area|help|homes? in|houses? in|sell in|buy in|sirven|zona)\b",
            question,
            re.IGNORECASE,
        )
        return 1.0 if named and serving else 0.0
    likeness = max(hit.likeness or 0.0, *(_alike(question, other) for other in (entry.title, *entry.also)))
    if kind_fits(question, entry.answer) < 0:
        return 0.0  # "how much is a dock permit?" is not answered by who issues them
    covered = policy.coverage(question, (entry.title, *entry.also, entry.answer))
    in_title = policy.coverage(question, (entry.title, *entry.also))
    if likeness >= limits.likeness:
        return 1.0 + likeness
    if covered >= limits.coverage and in_title > 0:
        return covered + in_title / 2
    return 0.0


def _alike(question: str, title: str) -> float:
    """Dice's measure of the content words of two questions, 0..1."""
    one, other = policy.content_words(question), policy.content_words(title)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _names(question: str, place: str) -> bool:
    return re.search(rf"\b{re.escape(place.lower())}\b", question.lower()) is not None


# --- tools ------------------------------------------------------------------------------------------------


class QuestionArgs(Args):
    """The caller's question in their words."""

    question: str = Field(max_length=500)
    about: str = Field("", max_length=200)
    """The address of the home it is asked of, where it is asked of one."""
    looked_up: bool = False
    """It was looked up already, and what is known does not say it."""


async def _meaning_of_question(ctx: ToolContext, args: QuestionArgs) -> dict[str, Any]:
    """What takes milliseconds, ahead of the transaction."""
    return {"meaning": await meaning.of_question(ctx.ports, _words(args.question))}


@tool(
    "answer_question",
    QuestionArgs,
    at_home=True,
    statuses=("answered", "unknown"),
    facts=("answer", "source", "answer_kind", "task_id"),
    before=_meaning_of_question,
)
async def answer_question(ctx: ToolContext, session: Session, args: QuestionArgs) -> ToolResult:
    """Answer from what the brokerage knows; what it does not know becomes a task for an agent."""
    asked = ctx.outside.get("meaning")
    found = None if args.looked_up else await _answer(ctx, session, args.question, asked)
    if found is not None and not found.unknown:
        return unchanged("answered", answer=found.text, source=found.source, answer_kind=found.kind)
    task_id = "" if ctx.rehearsal else await open_questions.note(ctx, session, args.question, args.about)
    return ToolResult(
        status="unknown",
        facts={"answer": "", "source": "", "answer_kind": "", "task_id": task_id},
        after={"task": "question"},
        wrote=not ctx.rehearsal,
    )


class SearchArgs(Args):
    """All that listings may be searched by (C20). Anything else is refused before it gets here."""

    areas: Names | None = None
    price: Money | None = None
    price_min: int | None = Field(None, ge=0)
    price_max: int | None = Field(None, ge=0)
    beds: int | None = Field(None, ge=0, le=50)
    baths: float | None = Field(None, ge=0, le=50)
    type: str | None = Field(None, max_length=60)
    features: Names | None = None
    mls_id: str | None = Field(None, max_length=40)

    @field_validator("features", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        return re.split(r",| and ", value) if isinstance(value, str) else value


@tool(
    "search_listings",
    SearchArgs,
    writes=False,
    at_home=True,
    statuses=("found", "none"),
    facts=("listings", "count", "source", "mls_ids"),
)
async def search_listings(ctx: ToolContext, session: Session, args: SearchArgs) -> ToolResult:
    """Search the brokerage's listings by area, price, size, type and features, and nothing about people."""
    money = args.price or MoneyRange()
    features, left_out = policy.neutral_features(args.features or [])
    if left_out:
        logger.info("a search was narrowed to neutral features")
    search = listings.Search(
        areas=tuple(args.areas or ()),
        price_min=args.price_min if args.price_min is not None else money.min,
        price_max=args.price_max if args.price_max is not None else money.max,
        beds=args.beds,
        baths=args.baths,
        type=policy.property_type(args.type),
        features=tuple(features),
        mls_id=args.mls_id,
    )
    rows, count = await listings.search_listings(session, search, limit=MOST_SPOKEN)
    if not rows:
        return ToolResult(
            status="none", facts={"listings": "", "count": 0, "source": "", "mls_ids": []}, wrote=False
        )
    more = f" There are {count - len(rows)} more like that." if count > len(rows) else ""
    return ToolResult(
        status="found",
        facts={
            "listings": " ".join(describe(row) for row in rows) + more,
            "count": count,
            "source": "; ".join(source_of(row) for row in rows),
            "mls_ids": [row.mls_id for row in rows],
        },
        wrote=False,
    )
