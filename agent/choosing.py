"""One of the times on offer is chosen, refused, or read back and put right: never against a no (A047)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from agent import acts
from agent.acts import Event
from agent.form.engine import advance
from agent.form.state import Awaiting
from agent.lead_slots import HOME, INTENT
from agent.meeting_wishes import BOOKING_NEEDS, SLOTS
from agent.offering_times import BY_PHONE, OfferingTimes
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.meeting import (
    asks_for_times,
    no_meeting,
    refuses_meeting,
)
from agent.understanding.of_meeting import asks_if_set
from agent.understanding.polarity import polarity, split_polarity
from agent.understanding.sentences import asks, farewell, parted
from agent.understanding.spanish import gloss
from agent.understanding.understand import understand
from agent.understanding.wishes import CallBack, call_back
from policies import wished_times as policy
from policies.business_hours import DAYS
from policies.listing_facts import of_the_home
from policies.objections import find_objection
from stores import appointments as store
from tools.agenda import local_date

_WRONG_TIME = re.compile(r"\b(no|nope|not|wrong|i said|i meant|rather|instead|actually|can'?t)\b", re.I)
_OF_ONESELF = re.compile(r"\b(?:i|we|my|our)\b", re.IGNORECASE)
_SOMETHING_ELSE = re.compile(
    r"\W*(?:wait |first )?(?:tell|answer|show|send|explain|i (?:want|need|would like) to know)\b", re.I
)
_REACHED = re.compile(r"\b(?:call|text|phone|ring|reach|contact|e-?mail)\w*\b", re.I)
_NOT_SUITING = re.compile(
    r"\b(?:can'?t|cannot|won'?t|don'?t|doesn'?t|isn'?t|aren'?t|not) (?:really |quite |so )?"
    r"(?:make|do|work|suit|good|great|free)\b",
    re.I,
)
"""Of times on offer: others are wanted."""
_NOT_GOOD = re.compile(r"\b(?:not|no|never|nope|\w+n'?t)\b", re.I)
_ONCE_SOMETHING = re.compile(
    r"\b(?:if|when|once|as soon as) (?:something|anything|somethin|one|there'?s)\b", re.I
)
""" "Call me if something comes up" is no call to be made now."""
_JUST_CALL = re.compile(r"\bjust (?:want |do |have |need )?(?:the|a|my) (?:phone )?call\b", re.I)


def _suit(held: Sequence[store.Appointment], wish: policy.Wish, zone: str) -> bool:
    """Whether a wish names nothing but what all the times on offer have ("so tuesday??")."""
    if wish.at is not None or not (wish.timed or wish.dated):
        return False
    return all(policy.suits(row.starts_at, wish, zone) for row in held)


def _names(wish: policy.Wish, row: store.Appointment) -> bool:
    """Whether a wish names that time or its day, and nothing else ("tues"); what it rules out names none."""
    local = row.starts_at.astimezone(ZoneInfo(row.timezone))
    same = wish.at is None or (local.hour, local.minute) == (wish.at.hour, wish.at.minute)
    return (wish.dated or wish.timed) and same and policy.suits(row.starts_at, wish, row.timezone)


class Choosing(OfferingTimes):
    """Hears which time is meant."""

    async def _book_call(self, wish: CallBack, text: str) -> Reply:
        """Ask a person to call back."""
        raise NotImplementedError

    async def _chosen(self, text: str, offer: dict[str, Any]) -> Reply | None:
        slot, now = str(offer["slot"]), self.parts.clock.now()
        held = await self._held()
        if not held or (not offer["move"] and self._asked_appointment() != slot):
            self._forget_offer()
            return None
        zone = held[0].timezone
        first, question = parted(text)
        if self._speaks_of_time(question):
            question = ""
        if question and first:
            text = first  # a time may be taken beside what is asked, which is met where the turn ends
        said_as = gloss(text) if self.state.language == "es" else text
        today = local_date(now, zone)
        said_as = policy.with_pause(said_as, [h.starts_at for h in held], zone, today=today)
        sign, rest = split_polarity(said_as)
        if beyond := self._beyond(text, held, zone):
            return await self._other_times(slot, offer, beyond, text)
        if sign != "yes" and self._wants_to_hear(rest):
            return None  # first; the times still stand
        refused = await self._no_meeting(text, said_as, offer)
        if refused is not None or not self.state.offer:
            return refused
        wish = self._wish_for(said_as, zone)
        number = self._number(said_as, held, wish, sign)
        if number is not None and number >= 0:
            alone = len(held) == 1
            return await self._take_time(slot, held[number], number + 1, offer, text, alone=alone)
        again = "yes" if self._plain_yes(sign, rest, wish) else "same" if _suit(held, wish, zone) else ""
        if number is None and (
            (len(held) > 1 and again) or (asks_for_times(said_as) and wish == policy.Wish())
        ):
            return await self._either(slot, held, offer, text, again)
        if BY_PHONE.search(text) and offer.get("kind") != "call":
            number = -1
        if number == -1 or wish != policy.Wish():
            said_as = self._of_the_days(said_as, wish, held)
            others = await self._other_times(slot, self.state.offer, said_as, text)
            if others is not None:
                return others
        if question and number is None and wish == policy.Wish():
            return None  # something they want to hear first; the times still stand
        return await self._undecided(slot, number, said_as, wish, text)

    def _wish_for(self, said_as: str, zone: str) -> policy.Wish:
        return policy.understood(said_as, today=local_date(self.parts.clock.now(), zone))

    def _wants_to_hear(self, rest: str) -> bool:
        """Whether something is asked or demanded that is about no time."""
        other = asks(rest) or _SOMETHING_ELSE.match(rest) is not None
        return other and not asks_for_times(rest) and self._wish(rest) == policy.Wish()

    def _number(
        self, said_as: str, held: Sequence[store.Appointment], wish: policy.Wish, sign: str | None
    ) -> int | None:
        """Which of the times on offer is meant; -1 for none of them, None where it cannot be told."""
        zone = held[0].timezone
        today = local_date(self.parts.clock.now(), zone)
        number = policy.chosen(said_as, [h.starts_at for h in held], zone, today=today)
        if number is None and wish == policy.Wish() and _NOT_SUITING.search(said_as):
            return -1
        agreed = (
            (sign == "yes" or policy.agrees(said_as))
            and polarity(said_as) != "no"
            and not _NOT_GOOD.search(said_as)
        )
        alone = len(held) == 1 and (agreed or _suit(held, wish, zone))
        return 0 if number is None and alone else number

    def _of_the_days(self, said_as: str, wish: policy.Wish, held: Sequence[store.Appointment]) -> str:
        """A wish beside times on offer: "Monday" is the one on offer, and an hour alone is of their day."""
        days = {local_date(row.starts_at, row.timezone) for row in held}
        named = {day for day in days if DAYS[day.weekday()] in wish.days}
        if wish.timed and not wish.dated and len(days) == 1:
            self.state.offer = {**self.state.offer, "wish": next(iter(days)).isoformat()}
        elsewhere = wish.on or wish.not_before or wish.unless
        if len(wish.days) == 1 and len(named) == 1 and not elsewhere:
            return f"{said_as} {next(iter(named)).isoformat()}"
        return said_as

    async def _undecided(
        self, slot: str, number: int | None, said_as: str, wish: policy.Wish, text: str
    ) -> Reply | None:
        """No time is meant and there are no others: what else was said, or the wish for an agent."""
        offer = self.state.offer
        if number is None and (told := self._beside(text)) and not asks(text):
            return await self._turn([*told, acts.Command("repeat")])  # and the times still stand
        if number is None and not offer.get("unclear") and self._says_nothing(text, slot):
            self.state.offer = {**offer, "unclear": True}
            words = str(offer["words"])
            return await self._only([Utterance(words, words, True, "again")], [], [])
        self._forget_offer()
        if wish == policy.Wish() and polarity(said_as) == "no" and not asks(text):
            return await self._turn([*self._beside(text), acts.Command("skip")])
        if find_command(text) is not None or wish == policy.Wish():
            return None  # a question, a command: understood as anywhere
        asked, lines = self._for_an_agent(text)
        return await self._turn([acts.Answer(slot, asked)], before=lines)

    def _says_nothing(self, text: str, slot: str) -> bool:
        """Whether words beside an offer are neither about times nor anything else we understand."""
        if polarity(text) is not None or find_command(text) is not None or asks(text):
            return False
        if of_the_home(text) and not _OF_ONESELF.search(text):  # "pets allowed"
            return False
        if find_objection(text, asked=slot, intent=str(self.state.peek(INTENT).value or "")) is not None:
            return False
        return all(isinstance(e, acts.Unclear) for e in understand(text, self.view()))

    def _plain_yes(self, sign: str | None, rest: str, wish: policy.Wish) -> bool:
        """Whether two times are agreed to with nothing that says which ("yes works for me")."""
        return sign == "yes" and wish == policy.Wish() and not asks(rest) and not self._beside(rest)

    async def _either(
        self, slot: str, held: Sequence[store.Appointment], offer: dict[str, Any], text: str, sign: str
    ) -> Reply:
        """Both times on offer are meant as much as each other: said again, then the first is read back.

        A no still changes it there. ``sign``: "yes", "same" for a day said again, "" for a question.
        """
        if sign and offer.get(sign):
            return await self._take_time(slot, held[0], 1, offer, text)
        self.state.offer = {**offer, sign: True} if sign else offer
        words = str(offer["words"])
        return await self._only([Utterance(words, words, True, "again")], [], self._beside(text))

    async def _take_time(
        self,
        slot: str,
        row: store.Appointment,
        choice: int,
        offer: dict[str, Any],
        text: str,
        *,
        alone: bool = False,
    ) -> Reply:
        """One of the times: read back before it is booked, unless it was ``alone`` on offer.

        A move is done at once, and can be undone.
        """
        self._forget_offer()
        if offer["move"]:
            result, run = await self._run_tool(
                "reschedule_appointment", {"choice": choice}, f"move{self._turns}"
            )
            key = "booked_moved" if result.status == "moved" else "booking_missed"
            said = self._result({**result.facts, "when": self._when(row)}, key)
            return await self._turn([acts.Command("repeat")], before=[said], already=[run])
        when = self._when(row)
        self.state.booking = {
            "choice": choice, "agent": offer["agent"], "when": when, "slot": slot, "offer": offer,
        }  # fmt: skip
        # the one time on offer was said with its day, hour and zone: a yes to it is no question's beginning
        sure = 1.0 if alone else 0.3
        events: list[Event] = [*self._beside(text), acts.Answer(slot, Reading(value=when, confidence=sure))]
        if self.state.peek(HOME).counts:
            # who will see the one home they came for is not asked about others
            keeps = tuple(n for n in (*BOOKING_NEEDS, slot) if n in self.flow.slots)
            events.insert(0, acts.Aside("", enough=True, keeps=keeps, stays=False))
        return await self._turn(events)

    def _result(self, facts: Any, key: str) -> Utterance:
        """What the tool says of it; in Spanish a phrase with its facts."""
        text = str(facts.get("booking_result") or "")
        if key == "booking_missed" or not text:
            return self._phraser().line("booking_missed")
        if self.state.language == "es":
            return self._phraser().line(key, {"when": facts.get("when", ""), "agent": facts.get("agent", "")})
        return Utterance(text, text, True, key)

    async def _picks(self, text: str) -> bool:
        """Whether words take one of the times on offer, or speak of others."""
        held = await self._held()
        if not held:
            return False
        plain = gloss(text) if self.state.language == "es" else text
        today = local_date(self.parts.clock.now(), held[0].timezone)
        number = policy.chosen(plain, [h.starts_at for h in held], held[0].timezone, today=today)
        alone = len(held) == 1 and policy.agrees(plain) and polarity(plain) != "no"
        return number is not None or alone or self._speaks_of_time(text)

    def _call_instead(self, plain: str, offer: dict[str, Any]) -> CallBack | None:
        """The wish to be called, where times to meet were offered; None where a call is what they are for."""
        if offer.get("kind") == "call" or offer["move"] or _ONCE_SOMETHING.search(plain):
            return None
        words = _JUST_CALL.sub("just call me", plain)
        return call_back(words, self.facts.values, self.parts.clock.now())

    async def _no_meeting(self, text: str, plain: str, offer: dict[str, Any]) -> Reply | None:
        """Times on offer that nobody wants: nothing is noted of them; a call instead is asked for.

        None where the words are about the times.
        """
        call = self._call_instead(plain, offer)
        refused = no_meeting(plain)
        if call is None and (not refused or BY_PHONE.search(text)):
            return None
        if offer["move"]:
            return None
        self._forget_offer()
        slot = str(offer["slot"])
        if call is None:
            ends = find_objection(text, asked=slot, intent=str(self.state.peek(INTENT).value or ""))
            if ends is not None:
                return None
            return await self._turn([*self._beside(text), acts.Command("skip")])
        self.state, _ = advance(self.flow, self.state, [acts.Command("skip")], self._env())
        self._words = ""
        return await self._book_call(call, text)

    def _skip_visits(self) -> None:
        """No time to meet is asked for any more."""
        self.state = self.state.model_copy(deep=True)
        self.state.wish, self._wished, self._words = "", False, ""
        self._forget_offer()
        for name in SLOTS & self.flow.slots.keys():
            if not self.state.peek(name).counts and not self.state.booking:
                self.state.slot(name).status = "skipped"
                if self.state.focus == name:
                    self.state.focus = None

    async def _meets_nobody(self, text: str) -> Reply | None:
        """A tour that is refused before one is offered is not offered; a call instead is booked."""
        plain = gloss(text) if self.state.language == "es" else text
        slot = self._visit_slot()
        if (
            not slot
            or self.state.peek(slot).counts
            or not refuses_meeting(plain)
            or self._asked_appointment()
        ):
            return None
        self._skip_visits()
        call = call_back(_JUST_CALL.sub("just call me", plain), self.facts.values, self.parts.clock.now())
        if call is not None:
            return await self._book_call(call, text)
        if asks(text):
            return None
        said = self._phraser().line("not_booked")
        return await self._turn([*self._beside(text), acts.Command("repeat")], before=[said])

    def _names_another_time(self, plain: str) -> bool:
        """ "No, I said Wednesday", of a time agreed to; hours to be called at are none."""
        reached = {"consent_contact", "message"} & set(self.state.awaiting.slots) or _REACHED.search(plain)
        return not reached and _WRONG_TIME.search(plain) is not None and self._wish(plain) != policy.Wish()

    async def _another_time(self, text: str) -> Reply | None:
        """The time read back was not agreed to: what was booked against a no would be worse than nothing.

        None for a plain yes, and for what is not about the time.
        """
        slot = str(self.state.booking.get("slot") or "")
        plain = gloss(text) if self.state.language == "es" else text
        held = await self._held()
        read = held[int(self.state.booking["choice"]) - 1 :][:1]  # that was read back
        if read:
            zone = read[0].timezone
            today = local_date(self.parts.clock.now(), zone)
            plain = policy.with_pause(plain, [read[0].starts_at], zone, today=today)
        sign, wish = polarity(plain), self._wish(plain)
        beyond = self._beyond(text, read, read[0].timezone) if read and sign != "yes" else ""
        wish = self._wish(beyond) if beyond else wish
        named = sign is None and not beyond and not _NOT_GOOD.match(plain.strip())
        if named and read and _names(wish, read[0]):
            sure = not asks(text) or asks_if_set(plain)
            return await self._turn([acts.Yes()] if sure else [acts.Command("repeat")])
        if not slot or sign == "yes" or find_command(plain) or farewell(plain):
            return None
        if sign is None and wish == policy.Wish():
            # whatever it is, it is no other time
            if asks(text):
                return await self._turn([acts.Yes()]) if asks_if_set(plain) else None
            # who goes on to the next thing after a time was read back has nothing against it
            told = [e for e in self._understood(text, 1.0) if not acts.is_about(e, (slot,))]
            agreed = [acts.Yes(), *told] if self._beside(text) else told
            return await self._turn(agreed or [acts.Unclear(text)])
        before, self.state.booking = self.state.booking.get("offer", {}), {}
        self.state = self.state.model_copy(deep=True)
        self.state.offer = {key: before[key] for key in ("wish", "kind") if key in before}
        told_slot = self.state.slot(slot)
        told_slot.proposal, told_slot.status = None, "empty"
        other = split_polarity(plain)[1] if sign == "no" else ""
        if wish == policy.Wish() and (asks(other) or _SOMETHING_ELSE.match(other)):
            # a no, and something else that they want to hear first: answered, and nothing is booked
            self.state.awaiting = Awaiting(kind="ask", slots=[slot])
            self._forget_offer()
            return None
        runs: list[ToolRun] = []
        said = await self._offer_times(slot, runs, beyond or plain, more=True)
        if said is None:
            self._forget_offer()
            asked, lines = self._for_an_agent(split_polarity(text)[1] or text)
            return await self._turn([acts.Answer(slot, asked)], before=lines, already=runs)
        self.state.awaiting = Awaiting(kind="ask", slots=[slot])
        return await self._only([said], runs, self._beside(text))
