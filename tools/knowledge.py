"""What the agent may answer: listings, service areas, the office's facts and its questions and answers.

Every answer names where it comes from. What is not known is not answered: an agent will (A047, C22).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from policies import business_hours, listing_facts, remarks
from policies.nearness import Vectors
from stores import listings, tenancy
from stores.db import Session
from tools import entry_match, home_names, listings_named, meaning, open_questions
from tools.base import Args, ToolContext, ToolResult, tool, unchanged
from tools.listing_words import FIRST, asks_besides, describe, details_of, joined, source_of, speakable

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


async def _of_listing(
    ctx: ToolContext, session: Session, question: str, *, spoken_of: str = ""
) -> Answer | None:
    """The listings that are named; else the one spoken of before, when something is asked that listings
    have."""
    rows = await listings_named.on_offer(session, question)
    if rows:
        return _told(ctx, rows, question)
    short = await home_names.meant(session, question)
    if len(short) == 1:
        return _told(ctx, short, question)
    if short:
        source = "; ".join(source_of(row) for row in short[:MOST_NAMED])
        homes = [f"{row.address} in {row.city}" if row.city else row.address for row in short[:MOST_NAMED]]
        which = tuple(row.address for row in short[:MOST_NAMED])
        return Answer(f"We have {joined(homes)}.", source, "listing", which=which)
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
    facts = listing_facts.current(details_of(row), ctx.clock.now().date())
    found = {
        topic: listing_facts.said_of(topic, facts, speakable(row.features))
        or remarks.said_in_text(topic, row.remarks)
        for topic in asked
    }
    more = list(
        dict.fromkeys(said for topic, said in found.items() if said and (again or topic not in FIRST))
    )
    unknown = tuple(topic for topic, said in found.items() if not said)
    if not asked and (words := asks_besides(row, question)):
        said = remarks.said_of_words(words, row.remarks, row.address)
        more, unknown = ([said], ()) if said else ([], (words,))
    if again and not more and unknown:
        return Answer("", source, "listing", unknown, row.mls_id)
    said = describe(row, "" if more or unknown else question) if not again else ""
    return Answer(" ".join([said, *more]).strip(), source, "listing", unknown, row.mls_id)


async def about_listing(ctx: ToolContext, question: str, *, spoken_of: str = "") -> Answer | None:
    """What is known of the listings a question names, or of the one spoken of before (``spoken_of``: its MLS
    number) when something is asked that listings have. An empty ``text``: nothing of what was asked."""
    async with ctx.db.tenant(ctx.home) as session:
        return await _of_listing(ctx, session, question, spoken_of=spoken_of)


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
    best = await entry_match.best(session, question, asked, language)
    if best is None:
        return None
    tenant = await tenancy.get_tenant(session)
    kind: Literal["area", "office", "faq"] = "faq"
    if best.kind in ("area", "office"):
        kind = "area" if best.kind == "area" else "office"
    return Answer(best.answer, best.source or f"{tenant.brand_name}'s own answers", kind)


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
