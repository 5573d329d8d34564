"""What is asked for and cannot simply be shown: a home that is gone, one that is not the office's, a look by
video, a voucher. Answered plainly, and noted for an agent (A047, C17, C28)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent import acts
from agent.acts import Event
from agent.lead_slots import AGENT, HOME, INTENT, OUTCOME, SEEKERS
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.unanswered import Unanswered
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.of_meeting import asks_how_met
from agent.understanding.sentences import asks
from core.errors import SeiketsuError
from tools import home_names, knowledge, listing_words

GONE = frozenset({"pending", "closed"})
NOTE = "message"
"""The slot that holds what an agent should know besides."""
_VOUCHER = re.compile(
    r"\b(?:sec(?:tion|\.)? ?(?:8|eight)|vouchers?|housing assistance|secci[oó]n (?:8|ocho)"
    r"|vales? de vivienda)\b",
    re.IGNORECASE,
)
_TO_INVEST = re.compile(
    r"\b(?:invest\w*|buy\w*|sell\w*|tenants?|landlord|my (?:rental|unit|property))\b", re.IGNORECASE
)
_VIDEO = r"(?:video|face ?time|zoom|skype|virtual|remote)"
_BY_VIDEO = re.compile(
    rf"\b(?:by|over|via|on|thru|through|with|per|por) (?:a |an )?(?:live )?{_VIDEO}\b"
    rf"|\b{_VIDEO} ?(?:tours?|showings?|viewings?|visits?|walk[- ]?throughs?|calls?)\b"
    r"|\b(?:tour|see|view|show|visit|walk)\b.{0,20}\b(?:virtually|remotely)\b",
    re.IGNORECASE,
)
_VIDEO_CALL = re.compile(rf"\b{_VIDEO} ?(?:calls?|chats?|meetings?|consult\w*)\b", re.IGNORECASE)
_THEIRS = re.compile(
    r"\b(?:my|our|mine|sell|selling|list|listing|i(?:'m| am)? at|live[sd]? (?:at|on)|living (?:at|on)|own)\b",
    re.IGNORECASE,
)
_SEEN = re.compile(
    r"\b(?:see|view|tour|visit|look(?:ing)? at|interested in|available|about)\b", re.IGNORECASE
)


class NotOffered(Unanswered):
    """Homes that are gone or somebody else's, video and vouchers."""

    async def _about_homes(self, text: str) -> Reply | None:
        """As for any home, once it is one that can be offered."""
        if (
            OUTCOME in self.flow.slots
            and not self.state.closed
            and find_command(text) is None
            and self._seeks()
        ):
            answered = (
                await self._of_voucher(text) or await self._of_gone(text) or await self._of_others(text)
            )
            if answered is not None:
                return answered
        return await super()._about_homes(text)

    def _seeks(self) -> bool:
        return self.state.peek(INTENT).value in (None, *SEEKERS) and HOME not in self.state.awaiting.slots

    # -- vouchers -----------------------------------------------------------------------------------

    async def _of_voucher(self, text: str) -> Reply | None:
        """Whether a voucher is taken: the office's own answer, else that the law says where."""
        if not _VOUCHER.search(text) or _TO_INVEST.search(text):
            return None
        try:
            found = await knowledge.office_answer(self._context(), text)
        except SeiketsuError:
            found = None
        told = [e for e in self._facts_of(text) if e.slot in (INTENT, "areas", "beds", "rent")]
        if found is not None:
            return await self._turn(told or [acts.Command("repeat")], before=[self._quoted(found.text)])
        run = await self._left_to_agent(text)
        return await self._turn(
            told or [acts.Command("repeat")], before=[self._phraser().line("voucher")], already=[run]
        )

    # -- homes that cannot be seen ------------------------------------------------------------------

    async def _of_gone(self, text: str) -> Reply | None:
        """A home of ours that is under contract or sold: said once, noted, and no visit is offered."""
        row = await self._row(text)
        if row is None or row.status not in GONE or not row.price:
            return None
        told = self._facts_of(text)
        answer = None if _is_no_seeker(told) else await self._told_of(text)
        if answer is None:
            return None
        self._spoken_of = row.mls_id
        says = [self._quoted(answer.text)]
        if row.mls_id not in self.state.raised:
            self.state = self.state.with_raised(row.mls_id, 1)
            says.append(self._phraser().line("home_gone"))
        told = [e for e in told if e.slot != HOME]
        note = self._note_of(f"Asked about {row.address}, which {listing_words.STANDING[row.status]}")
        return await self._without_home([*self._seeking(row, text, told), *note], says)

    async def _of_others(self, text: str) -> Reply | None:
        """A house that is named and not on our list: said so, and left to an agent."""
        named = home_names.house_named(text)
        if not named or _THEIRS.search(text) or not (asks(text) or _SEEN.search(text)):
            return None
        told = self._facts_of(text)
        if _is_no_seeker(told):
            return None
        if await self._told_of(text) is not None:
            return None
        run = await self._left_to_agent(text)
        says = [self._phraser().line("home_not_ours", {"home": named})]
        note = self._note_of(f"Asked about {named}, which is not on our list")
        return await self._without_home([*(e for e in told if e.slot != HOME), *note], says, [run])

    async def _without_home(
        self, events: Sequence[Event], says: Sequence[Utterance], already: Sequence[ToolRun] = ()
    ) -> Reply:
        """These events and words, and no home in them to be seen."""
        self._words, self._wished, self._home_told = "", False, True
        return await self._turn([*events] or [acts.Command("repeat")], before=says, already=already)

    _words = ""
    _wished = False

    # -- by video -----------------------------------------------------------------------------------

    async def _by_video(self, said: str) -> tuple[list[Utterance], list[Event], list[ToolRun]]:
        """What is said to who wants to see a home by video, and what is noted of it; once."""
        if (
            asks_how_met(said)
            or not _BY_VIDEO.search(said)
            or not self._seeks()
            or "by_video" in self.state.raised
        ):
            return [], [], []
        self.state = self.state.with_raised("by_video", 1)
        if _VIDEO_CALL.search(said):
            return [self._phraser().line("by_video_call")], self._note_of("Would like a video call"), []
        found = await self._looked_up(said) if asks(said) else None
        line = self._quoted(found) if found else self._phraser().line("by_video")
        return [line], self._note_of("Would like to see it by video"), []

    # -- helpers ------------------------------------------------------------------------------------

    def _facts_of(self, text: str) -> list[acts.Answer]:
        """What the words tell besides: values, and an agent of their own; no time and no place to meet."""
        return [
            e
            for e in self._facts_in(text)
            if isinstance(e, acts.Answer)
            and e.slot not in ("appointment", "visit")
            and (e.reading.value is not None or e.slot == AGENT)
        ]

    def _note_of(self, words: str) -> list[Event]:
        """These words, added to what an agent should know."""
        held = self.state.peek(NOTE).value
        if isinstance(held, str) and words in held:
            return []
        whole = f"{held.rstrip(' .')}. {words}" if isinstance(held, str) and held else words
        return [acts.Answer(NOTE, Reading(value=whole[:1000]), volunteered=True)]

    async def _left_to_agent(self, text: str) -> ToolRun:
        question = {"question": text[:500], "looked_up": True}
        _, run = await self._run_tool("answer_question", question, f"n{self._turns}")
        return run

    def _quoted(self, text: str) -> Utterance:
        return Utterance(text, text, True, "answered")


def _is_no_seeker(told: Sequence[acts.Answer]) -> bool:
    """Whether these facts are of somebody who seeks no home ("I want to sell my house at ...")."""
    return any(e.slot == INTENT and e.reading.value not in SEEKERS for e in told)
