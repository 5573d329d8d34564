"""Homes of the office's in a conversation: which one is meant, what there is, what a visit is of, and an
answer about the home spoken of beside anything else that is said (A047, C19, C28)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from loguru import logger

from agent import acts
from agent.acts import Event
from agent.inquiring import Inquiring
from agent.lead_slots import ELSE, HOME, INTENT, OUTCOME, SEEKERS
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.lead_topics import topic
from agent.understanding.sentences import asks, parted, sentences
from agent.understanding.understand import understand
from core.errors import SeiketsuError
from policies import knowledge as policy
from policies.listing_facts import asked_about, of_the_home
from policies.objections import find_objection
from stores import listings
from tools import home_names, knowledge, listing_words

TO_BE_SENT = "send_information"
"""The wish to be sent something, of policies/objections.yaml."""
_HOMES = (
    r"(?:homes?|houses?|condos?|apartments?|apts?|flats?|townho(?:use|me)s?|places?|rentals?"
    r"|listings?|propert(?:y|ies)"
    r"|(?:du|tri|four)plex(?:es)?|multi[- ]?family|studios?|bed ?rooms?|\d ?(?:bed|br|bd)s?)"
)
STOCK = re.compile(
    rf"\b(?:do|did) (?:u|you|ya|y'all)(?: guys| all)? (?:currently )?(?:have|got"
    rf"|know of)\b.{{0,30}}\b{_HOMES}\b"
    rf"|\b(?:any|some|got any)\b.{{0,25}}\b{_HOMES}\b(?=.{{0,20}}(?:\bfor (?:rent|sale|lease)"
    rf"|\bavailable|\bto rent|\?|$))"
    r"|\b(?:any|some)thing\b(?:.{0,12}\b(?:like (?:that|this|it)|similar|available|w|with"
    r"|without|under|below|multi[- ]?family"
    r"|for (?:rent|sale|lease)|in (?!the (?:morning|afternoon|evening)|(?:an?|ten|five)\b)\w))"
    r"|\b(?:tienen|tiene|hay) (?:algo|alguna? (?:casa|apartamento|departamento))\b"
    r"|\bqu[eé] (?:casas )?(?:tienen|hay)\b",
    re.IGNORECASE,
)
"""A question about what is on the list."""
_ASKED_FOR = re.compile(
    r"\?|\b(?:do|did) (?:u|you|ya|y'all)\b|\b(?:u|you|ya|y'all)(?: guys)? (?:got|have)\b"
    r"|^\W*(?:(?:so|and|ok(?:ay)?|hi|hey|hello) )*any"
    r"|\basked if\b|\b(?:tienen?|hay)\b",
    re.I,
)
_ANY = re.compile(r"\b(?:is|are) there\b|\bany(?:thing|where|one)?\b", re.IGNORECASE)
WHAT_IS_THERE = re.compile(
    r"\bwhat (?:all )?(?:do|have) (?:you|u|y'all)(?: guys)? (?:have|got)\b(?! (?:in mind|against|to\b))"
    r"|\bwhat(?:'?s| is| are) (?:there|out there|available|for (?:sale|rent)|on (?:the market|your list))\b"
    r"|\b(?:show|tell) me what(?:'s (?:there|available)| you(?:'ve)? (?:have|got))\b",
    re.IGNORECASE,
)
"""The same, of nothing in particular."""
_NOT_STOCK = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:tomorrow|today|morning|afternoon"
    r"|evening|earlier|later|sooner"
    r"|times?|openings?|slots?|appointments?|mind|questions?|ma[nñ]ana|tarde)\b"
    r"|\banything (?:else )?(?:i|we) (?:need|should|have)\b"
    r"|\b(?:my|our) (?:house|home|place|condo|property)\b",
    re.IGNORECASE,
)
_NO_HOA = re.compile(
    r"\b(?:no|without(?: an?)?|w/o|zero|isn'?t in an?) (?:h\.?o\.?a|homeowners)", re.IGNORECASE
)
_HAS = re.compile(
    r"\b(pool|garage|yard|basement|parking|elevator|balcony|fireplace|deck|patio|laundry|carport)s?\b",
    re.IGNORECASE,
)
_NAMED_KIND = re.compile(
    r"\b(houses?|condos?|apartments?|apts?|flats?|townho(?:use|me)s?|(?:du|tri|four)plex(?:es)?"
    r"|multi[- ]?family)\b",
    re.IGNORECASE,
)
_TO_RENT = re.compile(
    r"\b(?:for|to) (?:rent|lease)\b|\brentals?\b|\brenting\b|\bapartments?\b", re.IGNORECASE
)
_TO_BUY = re.compile(r"\bfor sale\b|\b(?:to )?buy(?:ing)?\b|\bpurchas", re.IGNORECASE)
_NOT_TO_BUY = re.compile(
    r"\b(?:can'?t|cannot|couldn'?t|not|don'?t)(?: \w+){0,3} (?:buy|purchase)", re.IGNORECASE
)
_INVESTS = re.compile(
    r"\b(?:(?:du|tri|four)plex(?:es)?|multi[- ]?family|cap rate|rent roll|cash flow|investment"
    r"|invest(?:ing|or)?)\b",
    re.IGNORECASE,
)
_OF_WHAT = re.compile(
    r"\bwh?at(?:'?s| is| are| was| would| will)?\b.{0,20}\b(?:tour|viewing|visit|showing"
    r"|appointment)s? (?:be )?(?:for|of|about)\b"
    r"|\b(?:tour|viewing|showing|visit|appointment) (?:of|for|to see|to) (?:what|which)\b"
    r"|\b(?:what|which) (?:house|home|place|one|property|apartment|condo|unit"
    r"|address)s? (?:would|will|are|am|is|do|did|r)\b"
    r".{0,30}\b(?:tour|touring|see|seeing|view|viewing|visit|visiting|looking at|shown|showing|going to)\b"
    r"|\bwhat (?:would|will|are|am) (?:we|i) (?:be )?(?:touring|seeing|viewing|visiting|looking at)\b"
    r"|\b(?:ver|visitar) (?:qu[eé]|cu[aá]l)\b|\ba (?:qu[eé]|cu[aá]l) casa\b|\b(?:qu[eé]"
    r"|cu[aá]l) casa (?:voy|vamos|es)\b",
    re.IGNORECASE,
)
_ON_CONDITION = re.compile(
    r"\b(?:if|whether|as long as|assuming|provided|unless|tell me|know|answer|about) (?:about "
    r"|that |there(?:'?s| is) |if )*(.{2,90})",
    re.IGNORECASE,
)
"""What hangs on something that the listing may say ("works if dogs are ok there")."""
_OPENS = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|and|so|but|hi|hey|hello|also|well|yes|yeah|no|thanks|oh|lol)\b\W*)*"
    r"(?:is|are|does|do|did|has|can|could|would|any|what|how|when|was)\b",
    re.IGNORECASE,
)
"""What opens like a question, whatever follows ("are dogs welcome")."""
_IT = re.compile(
    r"\b(?:it|that one|this one|there|(?:that|the) (?:house|home|place|apartment|condo|unit|one))\b", re.I
)
_FIRST = re.compile(r"\b(?:first|1st|former|primer[ao])\b", re.I)
_SECOND = re.compile(r"\b(?:second|2nd|latter|other|segund[ao]|otr[ao])\b", re.I)
_THIRD = re.compile(r"\b(?:third|3rd|tercer[ao])\b", re.I)
MOST = 60
SAID = 2


@dataclass(frozen=True)
class Which:
    """A question that fits several homes: what was said, and their addresses."""

    words: str
    homes: tuple[str, ...]


def before_what_leads_on(says: Sequence[Utterance], told: Sequence[Utterance]) -> list[Utterance]:
    """What is told comes before the question, or the times on offer, that the caller answers next."""
    leads_on = [u for u in says if u.key.startswith("ask:") or u.key == "again"]
    return [*(u for u in says if u not in leads_on), *told, *leads_on]


def kind_of(row: listings.Listing, words: str) -> str:
    """What somebody seeks who asks for this home: to invest, to rent where it is let by the month, to buy."""
    if row.type == "multi_family" and _INVESTS.search(words):
        return "investor"
    return "renter" if row.price and policy.is_let(row.price) else "buyer"


def another_agents(text: str) -> bool:
    """Whether somebody who speaks of their agent wants to see a home here, and no word says that the agent is
    ours: whose client they are is asked (C29)."""
    return _TO_BE_SEEN.search(text) is not None and _OUR_AGENT.search(text) is None


def _takes_for_client(event: Event, text: str) -> bool:
    """Whether such a caller is taken for a client of ours."""
    taken = (
        isinstance(event, acts.Answer) and event.slot == INTENT and event.reading.value == "existing_client"
    )
    return taken and another_agents(text)


_OUR_AGENT = re.compile(
    r"\b(?:agent|realtor)(?: \w+)? (?:there|with you(?! guys)|(?:at|from|in) your)\b|\bone of your\b"
    r"|\b(?:is|are|was) (?:my|our) (?:agent|realtor)\b|\byour client\b|\bclosing\b",
    re.IGNORECASE,
)
_TO_BE_SEEN = re.compile(r"\b(?:see|view|tour|visit|show(?:ing|n)?|look at|get in(?:to)?)\b", re.IGNORECASE)


def _marked(text: str) -> str:
    """A question about a home, with its mark; one that is only a clause (", is parking included") apart."""
    if "?" in text:
        return text
    ends = [(0, 0), *((m.start(), m.end()) for m in re.finditer(r"[,.;]\s+", text))]
    for head, tail in ((text[:start], text[end:]) for start, end in ends):
        if _OPENS.match(tail) and of_the_home(tail) and not _TO_RENT.search(tail):
            return f"{head}{'. ' if head else ''}{tail.rstrip(' .!')}?"
    return text


class Homes(Inquiring):
    """Which home, what there is, a visit of what."""

    _which: Which | None = None
    _home_told = False
    """Whether something of a home was told in this turn."""

    async def _about_homes(self, text: str) -> Reply | None:
        """A question about homes that is answered before anything else is made of the words."""
        self._home_told, self._unknown = False, ()
        if OUTCOME not in self.flow.slots or self.state.closed:
            return None
        if _OF_WHAT.search(text):
            return await self._turn([acts.Command("repeat")], before=[self._what_is_seen()])
        stock = any(
            (STOCK.search(s) and _ASKED_FOR.search(s)) or WHAT_IS_THERE.search(s) or self._wants_stock(s)
            for s in sentences(text)
        )
        stock = stock and not _NOT_STOCK.search(text)
        if (objection := find_objection(text)) is not None and objection[0] == TO_BE_SENT:
            stock = False  # "can you just send me some listings?"
        if stock and find_command(text) is None and self.state.peek(INTENT).value != "seller":
            return await self._on_list(text)
        return await self._asked_which(text)

    def _wants_stock(self, sentence: str) -> bool:
        """Whether somebody who seeks a home asks what there is, in words of their own."""
        seeks = self.state.peek(INTENT).value in SEEKERS and not self.state.peek(HOME).counts
        any_of_them = not self._spoken_of and _ANY.search(sentence) and of_the_home(sentence)
        return seeks and asks(sentence) and (topic(sentence) == "stock" or bool(any_of_them))

    def _what_is_seen(self) -> Utterance:
        line = self.state.peek(HOME).value
        if isinstance(line, dict):
            line = line.get("display") or line.get("line")
        key = "tour_of" if line and self.state.peek(INTENT).value != "seller" else "tour_of_none"
        return self._phraser().line(key, {"home": str(line)} if key == "tour_of" else {})

    # -- which ------------------------------------------------------------------------------------

    async def _asked_which(self, text: str) -> Reply | None:
        """Where a short name fits several homes, which is asked."""
        if self.state.peek(HOME).counts or self.state.peek(INTENT).value == "seller":
            return None
        found = await self._told_of(text)
        if found is None or not found.which:
            return None
        self._which = Which(text, found.which)
        said = Utterance(found.text, found.text, True, "answered")
        return await self._only([said, self._phraser().line("which_home")], [])

    def _of_those(self, text: str) -> str:
        """What was said before, of the home that is chosen now; "" when none is."""
        which, self._which = self._which, None
        if which is None:
            return ""
        numbers = {home.split()[0]: home for home in which.homes}
        chosen = next((h for n, h in numbers.items() if re.search(rf"\b{re.escape(n)}\b", text)), "")
        for place, pattern in enumerate((_FIRST, _SECOND, _THIRD)):
            if not chosen and pattern.search(text) and place < len(which.homes):
                chosen = which.homes[place]
        return f"{which.words.rstrip(' .?!')}. About {chosen}." if chosen else ""

    async def _told_of(self, text: str) -> knowledge.Answer | None:
        try:
            return await knowledge.about_listing(self._context(), text, spoken_of=self._spoken_of)
        except SeiketsuError as error:
            logger.warning("a listing could not be looked up: {}", error.code)
            return None

    async def _home_meant(self, words: str, *, to_see: bool) -> listings.Listing | None:
        """The home the words name, or the one just spoken of, when it is to be seen."""
        row = await self._row(words)
        if row is None and to_see and self._spoken_of and _IT.search(words):
            row = await self._row(f"MLS number {self._spoken_of}")
        return row

    # -- of the home spoken of ----------------------------------------------------------------------

    async def _asked_something(self, text: str) -> Reply | None:
        return await super()._asked_something(_marked(text))

    async def _of_home(self, text: str) -> str | None:
        await self._remember_home()
        found = await super()._of_home(text)
        self._home_told = self._home_told or found is not None
        return found

    async def _remember_home(self) -> None:
        """The home a visit is of is the one spoken of, also in a conversation that was taken up again."""
        line = self.state.peek(HOME).value
        if self._spoken_of or not line or self.state.peek(INTENT).value == "seller":
            return
        words = (line.get("line") or line.get("display")) if isinstance(line, dict) else line
        row = await self._row(str(words or ""))
        self._spoken_of = row.mls_id if row is not None else ""

    async def _home_beside(
        self, said: str, before: Sequence[Utterance], already: Sequence[ToolRun]
    ) -> tuple[list[Utterance], list[ToolRun]]:
        """What was asked of the home beside an answer, a time or a yes is answered too."""
        says, runs, told = list(before), list(already), list[Utterance]()
        if self._home_told or not said or OUTCOME not in self.flow.slots or self.state.closed:
            return says, runs
        _, asked = parted(_marked(said))
        condition = _ON_CONDITION.search(said)
        asked = asked or (condition[1] if condition else "")
        if not asked or not of_the_home(asked):
            return says, runs
        await self._remember_home()
        if not self._spoken_of:
            return says, runs
        found = await self._of_home(asked)
        if found:
            told.append(Utterance(found, found, True, "answered"))
        if found is not None and self._unknown:
            told.append(await self._put_to_agent(asked, runs))
        return before_what_leads_on(says, told), runs

    def _with_animals(self, said: str, events: Sequence[Event]) -> Sequence[Event]:
        """A pet that is spoken of in a question is kept for the agent."""
        if "animals" not in self.flow.slots or self.state.closed or "pets" not in asked_about(said):
            return events
        if self.state.peek("animals").counts or self.state.peek(INTENT).value != "renter":
            return events
        if any(isinstance(e, acts.Answer | acts.Fix) and e.slot == "animals" for e in events):
            return events
        told = [e for e in self._facts_in(said) if isinstance(e, acts.Answer) and e.slot == "animals"]
        return [*(replace(e, volunteered=True) for e in told), *events]

    # -- what there is ------------------------------------------------------------------------------

    async def _with_errand(self, text: str, told: list[Event]) -> list[Event]:
        """Who asks for one of our homes seeks it."""
        row = await self._row(text)
        return self._seeking(row, text, told) if row is not None and row.price else told

    def _seeking(self, row: listings.Listing, text: str, told: Sequence[Event]) -> list[Event]:
        """These events, with what somebody wants who asks for that home, unless they say it themselves."""
        kind, known = kind_of(row, text), self.state.peek(INTENT)
        told = [e for e in told if not _takes_for_client(e, text)]
        named = any(isinstance(e, acts.Answer) and e.slot == INTENT for e in told)
        # a home that is let is not bought, whatever they were taken for
        turned = kind in ("renter", "investor") and known.counts and known.value == "buyer"
        if (
            (named and kind == "buyer")
            or (known.counts and not turned)
            or (_TO_BUY.search(text) and kind == "renter")
        ):
            return list(told)
        less = {"buyer", "renter"} - {kind}
        rest = [
            e
            for e in told
            if not (isinstance(e, acts.Answer) and e.slot == INTENT and e.reading.value in less)
        ]
        if len(rest) == len(told) and named:
            return rest
        return [acts.Answer(INTENT, Reading(value=kind)), *rest]

    async def _on_list(self, text: str) -> Reply | None:
        """What there is on the list that fits what is asked for and known; plainly that there is nothing."""
        told: list[Event] = [
            e
            for e in self._one_sum(text, self._all_told(text))
            if isinstance(e, acts.Answer) and e.slot not in ("appointment", "visit", HOME)
        ]
        if not self.state.peek(INTENT).counts and not any(
            e.slot == INTENT for e in told if isinstance(e, acts.Answer)
        ):
            kind = "investor" if _INVESTS.search(text) else "renter" if _TO_RENT.search(text) else ""
            told = [acts.Answer(INTENT, Reading(value=kind)), *told] if kind else told
        try:
            rows = await self._fitting(text, told)
        except SeiketsuError as error:
            logger.warning("listings could not be searched: {}", error.code)
            return None
        self._asked = text
        self._home_told = True
        if rows:
            self._spoken_of = rows[0].mls_id if len(rows) == 1 else self._spoken_of
            words = " ".join(
                [
                    self._phraser().line("homes_found").text,
                    *(listing_words.with_asked(r, text) for r in rows[:SAID]),
                ]
            )
            says = [Utterance(words, words, True, "answered")]
        else:
            says = [self._phraser().line("homes_none")]
        waiting = self.state.awaiting
        if not told and waiting.kind == "ask" and waiting.slots == [INTENT] and not rows:
            self.state = self.state.with_raised(ELSE)
        return await self._turn(told or [acts.Command("repeat")], before=says)

    async def _homes(self, told: Sequence[Event]) -> str | None:
        """As anywhere, of the kind that was asked for, and nothing let by the month to who buys."""
        said = await super()._homes(told)
        if said is None:
            return None
        rows = await self._fitting(self._asked, told)
        if not rows:
            return None
        found = [listing_words.with_asked(row, self._asked) for row in rows[:SAID]]
        return " ".join([self._phraser().line("homes_found").text, *found])

    def _all_told(self, text: str) -> list[Event]:
        """Every fact in the words, the answer to what was asked first."""
        answered = self._answer_beside(text)
        known = {e.slot for e in answered}
        return [
            *answered,
            *(e for e in self._facts_in(text) if not (isinstance(e, acts.Answer) and e.slot in known)),
        ]

    def _answer_beside(self, text: str) -> list[acts.Answer]:
        """What was asked, where it is answered beside the question ("12 months. do you have any")."""
        waiting, rest = self.state.awaiting, STOCK.sub(" ", text).strip(" ?.,")
        asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
        free = asked and self.flow.slots[asked].type == "text" and asked not in ("animals", "lease_length")
        if not asked or not rest or free:
            return []
        heard = understand(rest, self.view())
        return [
            e for e in heard if isinstance(e, acts.Answer) and e.slot == asked and e.reading.value is not None
        ]

    async def _fitting(self, text: str, told: Sequence[Event]) -> list[listings.Listing]:
        known: dict[str, Any] = self.state.confirmed() | {
            e.slot: e.reading.value for e in told if isinstance(e, acts.Answer)
        }
        kind = _NAMED_KIND.search(text)
        money = known.get("price") or known.get("rent") or {}
        intent = str(known.get(INTENT) or "")
        rent = bool(_TO_RENT.search(text)) or intent == "renter"
        buys = _TO_BUY.search(text) is not None or intent in ("buyer", "investor")
        sale = buys and _NOT_TO_BUY.search(text) is None
        search = listings.Search(
            areas=tuple(known.get("areas") or ()),
            price_min=money.get("min"),
            price_max=money.get("max"),
            beds=known.get("beds"),
            baths=known.get("baths"),
            type=policy.property_type(kind[0].rstrip("s") if kind else None),
        )
        async with self.parts.db.tenant(self.tenant_id) as session:
            rows, _ = await listings.search_listings(session, search, limit=MOST)
        found = [r for r in rows if not (r.price and rent != sale and policy.is_let(r.price) != rent)]
        wanted = dict.fromkeys(f.lower() for f in _HAS.findall(text))
        found = [r for r in found if all(home_names.has_feature(r, f) for f in wanted)]
        return [r for r in found if listing_words.without_hoa(r)] if _NO_HOA.search(text) else found
