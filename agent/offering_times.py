"""Times on offer: two that suit, held while we talk, and others where those do not (A047)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agent import acts
from agent.lead_slots import HOME, INTENT, VISITS
from agent.meeting_wishes import TO_MEET, MeetingWishes
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.base import Reading
from agent.understanding.meeting import (
    another_hour,
)
from agent.understanding.spanish import gloss
from agent.understanding.spanish_words import moment, when_said
from policies import wished_times as policy
from policies.moment_words import when_words
from stores import appointments as store
from tools.agenda import local_date

BY_PHONE = re.compile(
    r"\bby (phone|telephone)\b|\b(phone|telephone) call\b|\b(just|only) a call\b|\b(not?|without) (a "
    r"|any )?(home )?visit\b"
    r"|\bcall me (instead|next|on)\b|\bpor tel[eé]fono\b",
    re.I,
)
_ANY_HOUR = re.compile(
    r"\b(?:any ?time|any other|another time|other times|all day|whenever|flexible|no matter when)\b", re.I
)
OFFERS = 5
"""Times are offered so often at most; then the wish is noted."""


class OfferingTimes(MeetingWishes):
    """Offers times to meet."""

    _too_far = False
    """The day wished for last lies behind those that can be booked."""

    async def _held(self) -> list[store.Appointment]:
        async with self.parts.db.tenant(self.tenant_id) as session:
            return list(await store.holds(session, self.id))

    def _when(self, row: store.Appointment) -> str:
        if self.state.language == "es":
            return moment(row.starts_at, row.timezone)
        return when_words(row.starts_at, row.timezone, self.parts.clock.now(), zone=True)

    def _forget_offer(self) -> None:
        self.state.offer = {}

    def _offered_before(self, slot: str) -> Utterance | None:
        """The times on offer said again."""
        words = str(self.state.offer.get("words", "")) if self.state.offer.get("slot") == slot else ""
        return Utterance(words, words, True, f"ask:{slot}:times") if words else None

    async def _offer_times(
        self,
        slot: str,
        runs: list[ToolRun],
        wish: str = "",
        *,
        more: bool = False,
        move: bool = False,
        kind: str = "",
    ) -> Utterance | None:
        """Two times, held; None when there are none to offer."""
        before = str(self.state.offer.get("wish", ""))
        meant = self._wish(wish)
        if before and not meant.dated and not meant.not_on:
            wish = f"{wish} {policy.day_words(self._wish(before))}".strip()
        if before and not meant.timed and not _ANY_HOUR.search(wish):
            wish = f"{wish} {policy.hour_words(self._wish(before))}".strip()
        # an hour that is asked for by its name is offered again, though it was before
        values: dict[str, Any] = {"wish": wish[:300] or None, "more": more and meant.at is None}
        if kind or BY_PHONE.search(wish) or self.state.offer.get("kind") == "call":
            values["kind"] = kind or "call"
        elif not move and self._no_home_to_show() and not TO_MEET.search(wish):
            values["kind"] = "consult"
        result, run = await self._run_tool("offer_slots", values, f"offer{self._turns}")
        self._too_far = result.status == "too_far"
        if result.status not in ("offered", "one"):
            return None
        runs.append(run)
        rounds = int(self.state.offer.get("rounds", 0)) + 1 if self.state.offer else 1
        missed, agent = str(result.facts["missed"]), str(result.facts["agent"])
        words = str(result.facts["offer"]).removeprefix(missed).strip()
        if self.state.language == "es":
            times = [moment(row.starts_at, row.timezone) for row in await self._held()]
            key = "offer_times" if len(times) > 1 else "offer_time"
            words = self._phraser().line(key, {"agent": agent, "first": times[0], "second": times[-1]}).text
            missed = str(result.facts["missed_es"])
        self.state.offer = {
            "slot": slot, "rounds": rounds, "agent": agent, "move": move, "words": words, "wish": wish[:200],
            "kind": values.get("kind", ""),
        }  # fmt: skip
        words = f"{missed} {words}".strip()
        return Utterance(words, words, True, f"ask:{slot}:times")

    def _no_home_to_show(self) -> bool:
        """Whether somebody who seeks a home has named none: a talk is offered, and no tour of nothing."""
        return self.state.peek(INTENT).value in VISITS and not self.state.peek(HOME).counts

    def _for_an_agent(self, wish: str) -> tuple[Reading, list[Utterance]]:
        """A wish that is noted for an agent, as it was said; a day far ahead by its date, which is said."""
        if not self._too_far:
            return Reading(value=wish.strip()), []
        self._too_far = False
        zone = str(self.facts.values.get("timezone") or "UTC")
        when = policy.wish_said(self._wish(wish), local_date(self.parts.clock.now(), zone))
        when = when_said(when) if self.state.language == "es" else when
        return Reading(value=when), [self._phraser().line("too_far", {"when": when})]

    async def _other_times(self, slot: str, offer: dict[str, Any], wish: str, text: str) -> Reply | None:
        """Other times than those on offer; None when there are none, or there was enough of them."""
        if offer["rounds"] >= OFFERS:
            return None
        runs: list[ToolRun] = []
        said = await self._offer_times(slot, runs, wish, more=True, move=bool(offer["move"]))
        return await self._only([said], runs, self._beside(text)) if said is not None else None

    def _beyond(self, text: str, held: Sequence[store.Appointment], zone: str) -> str:
        """ "Anything later?", as a wish for times behind those on offer; "" where none is asked for."""
        way = another_hour(gloss(text) if self.state.language == "es" else text)
        if not way or self._wish(text).dated:
            return ""
        first, last = (at.astimezone(ZoneInfo(zone)) for at in (held[0].starts_at, held[-1].starts_at))
        today = local_date(self.parts.clock.now(), zone)
        if way == "sooner" and first.date() > today:
            return f"from {today.isoformat()}"
        if way == "later_day" or (way == "later" and first.date() != last.date()):
            return f"from {(last.date() + timedelta(days=way == 'later_day')).isoformat()}"
        day = last if way == "later" else first
        bound = "after" if way == "later" else "before"
        return f"{day.date().isoformat()} {bound} {day:%H:%M}"

    async def _offered_openings(self, text: str) -> Reply:
        """ "Any openings Tuesday?": offered at once, if it is known what for; else that is asked."""
        if self._visit_slot() or self.state.peek(HOME).counts or await self._our_home(text) is not None:
            return await self._turn(self._beside(text))
        self._wished = self._openings = False
        sure = self._phraser().line("going_on")
        return await self._turn([*self._beside(text), acts.Command("repeat")], before=[sure])
