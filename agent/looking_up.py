"""Answers from what the client has told us, its homes and its facts; the rest goes to an agent (A047)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loguru import logger

from agent import acts
from agent.acts import Event
from agent.objecting import Objecting
from agent.phrasing import Utterance
from agent.reply import ToolRun
from core.errors import SeiketsuError
from core.ids import fingerprint
from flows.languages import ENGLISH
from policies.listing_facts import of_the_home
from stores import listings
from tools import knowledge, listings_named
from tools.listing_words import describe

ASKED = "asked:"
"""With the fingerprint of a question that an agent was asked to answer: noted among what came up."""
OUR_HOURS = "what are your opening hours"
_FOLLOWS_UP = re.compile(
    r"\b(it|that one|this one|that (house|home|place|listing|unit|apartment)"
    r"|the (house|home|place|unit|apartment|price|rent|hoa|taxes|address|yard|garage|basement|kitchen"
    r"|deposit|pet fee)"
    r"|how much|price\?|rent\?)",
    re.I,
)
_ASKS_OF = re.compile(r"\b(?:tell|about|info\w*|details?|more|describe|like)\b", re.I)
"""Of a home that was told of already, more is wanted than what was said."""


class LookingUp(Objecting):
    """Looks up what is asked, and puts to an agent what cannot be."""

    _spoken_of = ""
    """The MLS number of the home that was asked about last."""

    _unknown: tuple[str, ...] = ()
    """What was just asked about a home that its listing does not say."""

    async def _of_home(self, text: str) -> str | None:
        """What our listing says of the home a question names, or of the one that was named before."""
        line = self.state.peek("property_address").value
        if isinstance(line, dict):
            line = line.get("line") or line.get("display")
        self._unknown = ()
        further = line and _FOLLOWS_UP.search(text) and not (self._spoken_of and not _ASKS_OF.search(text))
        for words in (text, f"{text} {line}" if further else ""):
            try:
                ctx, before = self._context(), self._spoken_of
                found = await knowledge.about_listing(ctx, words, spoken_of=before) if words else None
            except SeiketsuError as error:
                logger.warning("a listing could not be looked up: {}", error.code)
                found = None
            if found is not None:
                self._unknown, self._spoken_of = found.unknown, found.mls_id or before
                return found.text
        return None

    async def _row(self, words: str) -> listings.Listing | None:
        """The one listing these words name."""
        try:
            return await listings_named.listing_named(self._context(), words)
        except SeiketsuError as error:
            logger.warning("a listing could not be looked up: {}", error.code)
            return None

    async def _homes(self, told: Sequence[Event]) -> str | None:
        """What the office has on offer that fits what is known so far; None when nothing does (C19)."""
        known = self.state.confirmed() | {
            e.slot: e.reading.value for e in told if isinstance(e, acts.Answer | acts.Fix)
        }
        money = known.get("price") or known.get("rent") or {}
        search = listings.Search(
            areas=tuple(known.get("areas") or ()),
            price_min=money.get("min"),
            price_max=money.get("max"),
            beds=known.get("beds"),
            baths=known.get("baths"),
        )
        if search == listings.Search():
            return None
        try:
            async with self.parts.db.tenant(self.tenant_id) as session:
                homes, _ = await listings.search_listings(session, search, limit=2)
        except SeiketsuError as error:
            logger.warning("listings could not be searched: {}", error.code)
            return None
        if not homes:
            return None
        return " ".join([self._phraser().line("homes_found").text, *(describe(home) for home in homes)])

    async def _looked_up(self, text: str) -> str | None:
        """What the client's own facts say, with where it comes from."""
        try:
            found = await knowledge.answer(self._context(), text)
        except SeiketsuError as error:
            logger.warning("a question could not be looked up: {}", error.code)
            return None
        return found.text if found is not None else None

    async def _when_called(self) -> list[Utterance]:
        """When somebody will call who was asked to: what was promised, else the office's hours."""
        phraser = self._phraser()
        if self.state.promised:
            return [phraser.line("call_when", {"when": f" {self.state.promised.strip()}"})]
        says = [phraser.line("call_when_free")]
        hours = await self._looked_up(OUR_HOURS) if self.state.language == ENGLISH else None
        return [*says, Utterance(hours, hours, True, "answered")] if hours else says

    async def _put_to_agent(self, question: str, runs: list[ToolRun]) -> Utterance:
        """A question becomes a task for an agent, with the home it may be about; asked again, it is one."""
        words = " ".join(question.split())
        mark = f"{ASKED}{fingerprint(words.lower().strip(' ?.!'))[:16]}"
        if mark in self.state.raised:
            return self._phraser().line("answer_noted")
        values = {"question": words[:500], "looked_up": True}
        if self._spoken_of and (self._unknown or of_the_home(words)):
            row = await self._row(f"MLS number {self._spoken_of}")
            values |= {"about": row.address} if row is not None else {}
        result, run = await self._run_tool("answer_question", values, f"q{self._turns}.{len(runs)}")
        runs.append(run)
        if result.ok:
            self.state = self.state.with_raised(mark)
        return self._phraser().line("answer_later" if result.ok else "answer_not_noted")
