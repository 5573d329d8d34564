"""Questions amid the form: answered by what the client has told us, or left to an agent (A047)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent import acts
from agent.acts import Event, brings_value
from agent.hearing import STARTLED, Hearing, is_for_somebody
from agent.lead_slots import ELSE, INTENT, VISITS
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.answering import guessed
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.polarity import polarity
from agent.understanding.reached import way_preferred
from agent.understanding.sentences import asks, parted, requests, sentences
from agent.understanding.turning import named_outright
from agent.understanding.types.errand import named_in
from agent.understanding.understand import understand
from agent.understanding.view import View
from agent.understanding.wants import wanted
from agent.understanding.ways import stances
from policies.knowledge import is_let
from policies.listing_facts import of_the_home
from stores import listings

_ANY_HOMES = re.compile(
    r"\b(do|have) you (guys )?(have|got)\b|\bwhat (do|have) you (have|got)\b|\bwhat('s| is) (for sale"
    r"|on the market)\b"
    r"|\b(what|which|how many) (homes?|houses?|condos?|apartments?|places?|listings?)\b.{0,20}\b(have"
    r"|got|available)\b|\bany(thing)? (homes?|houses?"
    r"|apartments?|condos?|places?|rentals?|listings?|available)\b"
    r"|\b(show|find|send) me (some|any|what|a|the)\b|\bwhat'?s available\b",
    re.I,
)
_WHY = re.compile(
    r"\b(why|what|how come)\b.{0,15}\b(do|would|are|does) (you|that|it) (guys )?(need|want|ask\w*"
    r"|have to|matter)\b"
    r"|\b(may|can|could) (who|he|she|they|what) do what\b|\bdo i (have|need) to (say|agree|answer|give)\b"
    r"|\bwhat(?:'s| is) (that|this|it) for\b|\bwhy\?\s*$",
    re.I,
)
"""A question about our question."""
_COMPLAINS = re.compile(
    r"\bare you (even |actually )?listening\b|\byou (did ?n'?t|did not|have ?n'?t"
    r"|never) (even )?answer(ed)?\b"
    r"|\banswer (me|my question)\b|\bdid you (even )?(read|hear|get) (that|me|what i)\b"
    r"|\bthat'?s not what i asked\b",
    re.I,
)
_WHEN_CALLED = re.compile(
    r"\bwhen (will|would|is|are|can|should|do|does|'s)"
    r" (he|she|they|you|somebody|someone|an? (agent|person)|i|we|the)\b"
    r".{0,40}\b(call|calling|phone|ring|reach|contact|hear|get back)\w*"
    r"|\bwhen('s| is) (the|my|that) call\b|\bhow (soon|long)\b.{0,30}\b(call|hear|get back|reach)\w*",
    re.I,
)
_MONTHLY = re.compile(r"\brent|\b(a|per) month|/ ?mo|\bmonthly", re.I)
_TELL_ME = re.compile(r"\b(tell me|info(rmation)? (on|about)|details (on|about|of)|price of|show me)\b", re.I)
_ASKS_OF_IT = re.compile(
    r"^\W*(?:(?:and|so|ok(?:ay)?|oh|also|y) )*(?:any|what about|how about|hay|tiene)\b"
    r"|\b(?:allowed|okay|ok|included)\W*$",
    re.I,
)
"""A question in words that show none, once a home was spoken of."""


def _holds(event: Event) -> bool:
    """Whether an event brings something: a value, a yes or a no."""
    return brings_value(event) or isinstance(event, acts.Yes | acts.No)


def _holds_answer(text: str, view: View) -> bool:
    """Whether what was asked is answered beside the complaint ("jan 1!!! are you even listening")."""
    asked = view.state.awaiting.slots if view.state.awaiting.kind == "ask" else []
    return any(
        isinstance(e, acts.Answer) and e.slot in asked and e.reading.value for e in understand(text, view)
    )


@dataclass(frozen=True)
class Inquiry:
    """Words that ask something: all of them, and what of them tells and what asks."""

    text: str
    told: str
    asked: str

    @property
    def words(self) -> str:
        """The question, or what it is made of."""
        return self.asked or self.text

    @property
    def wished(self) -> bool:
        """Whether no question is put, but homes or something of us are wished for."""
        if self.asked:
            return False
        return bool(_ANY_HOMES.search(self.text)) or any(
            asks(s) and requests(s) for s in sentences(self.text)
        )


class Inquiring(Hearing):
    """Takes a question for what it is, answers it, and puts the open one again."""

    _asked = ""
    """The last question that was put to us."""

    _quiet = False

    async def _asked_something(self, text: str) -> Reply | None:
        """A question in the middle: answered from what the client has told us, or left to an agent.

        None when it is no question, or one that the form itself answers by going on.
        """
        if self.state.closed:
            return None
        if STARTLED.match(text) and self._another_errand(text):
            return None  # "huh? I'm selling my house"
        told, asked = parted(text)
        if len(asked.split()) == 1 and named_outright(asked, ""):
            return None  # "rent? no no, we want to buy"
        if not asked and self._asks_without_a_mark(text):
            told, asked = "", text
        of_asking = await self._asked_of_asking(text, told, asked)
        if of_asking is not None:
            return of_asking
        if asked and _ANY_HOMES.search(text):
            told, asked = text, ""
        elif not asked and _TELL_ME.search(text) and await self._of_home(text) is not None:
            asked = text
        inquiry = Inquiry(text, told, asked)
        if not (asked or inquiry.wished) or self._answered_by_going_on(inquiry):
            return None
        home = await self._of_home(inquiry.words) or (await self._of_home(text) if asked else None)
        events = self._told_beside_asking(inquiry, about_home=home is not None)
        return None if events is None else await self._reply_to(inquiry, home, events)

    def _asks_without_a_mark(self, text: str) -> bool:
        """Whether words without a mark ask: "hours on saturday"; "any hoa", of a home spoken of."""
        if not self._tells_errand(text) and wanted(text) in ("home", "question"):
            return True
        return bool(self._spoken_of and _ASKS_OF_IT.search(text) and of_the_home(text))

    async def _asked_of_asking(self, text: str, told: str, asked: str) -> Reply | None:
        """What is said of our asking and answering: that we gave no answer, when we call, why we ask."""
        if _COMPLAINS.search(text) and not _holds_answer(text, self.view()):
            return await self._made_good()
        if _WHEN_CALLED.search(text):
            return await self._turn([acts.Command("repeat")], before=await self._when_called())
        if not asked or self.state.awaiting.kind != "ask" or not _WHY.search(asked):
            return None
        # a question about the question: answered from what the form says of it
        spec = self.flow.slots[self.state.awaiting.slots[0]]
        words = self._phraser().words(spec.why or spec.help, "help") if spec.why or spec.help else None
        besides = [e for e in understand(told, self.view()) if told and _holds(e)]
        says = [words or self._phraser().line("help_why")]
        return await self._turn([*besides] or [acts.Command("repeat")], before=says)

    def _answered_by_going_on(self, inquiry: Inquiry) -> bool:
        """Whether other words of ours meet this: a command's, an objection's, those after a yes."""
        text = inquiry.text
        if stances(inquiry.asked).get("mail") == "welcome" or way_preferred(text):
            return True  # how they would be reached is no question for an agent
        if find_command(text) is not None or self._against(text, self._asked_now()) is not None:
            return True
        if self._asked_now() == INTENT and is_for_somebody(text):
            return True
        agreeing = self.state.awaiting.kind in ("confirm", "summary", "offer")
        return agreeing and polarity(inquiry.told or text) is not None  # "yes, is that all?"

    def _told_beside_asking(self, inquiry: Inquiry, *, about_home: bool) -> list[Event] | None:
        """What is told beside the question; None when the words are no question after all."""
        text, told, asked = inquiry.text, inquiry.told, inquiry.asked
        name = self._asked_now()
        if not about_home and asked and not told and name and guessed(text, self.view(), name):
            return None  # "maybe three?"
        heard = understand(told if asked else text, self.view()) if told or not asked else []
        if about_home and asked and name == INTENT:
            heard = understand(text, self.view())  # who asks for a home wants one
        if any(isinstance(e, acts.Command) and e.name != "help" for e in heard):
            return None
        events: list[Event] = [
            e for e in heard if isinstance(e, acts.Answer | acts.Fix) and e.reading.problem == ""
        ]
        if not asked and name and self.flow.slots[name].type == "text":
            events = [e for e in events if not isinstance(e, acts.Answer | acts.Fix) or e.slot != name]
        if asked and told and not events and polarity(told) in ("yes", "no"):
            events = [e for e in heard if isinstance(e, acts.Yes | acts.No)]
        return self._one_sum(text, events)

    async def _reply_to(self, inquiry: Inquiry, home: str | None, told: list[Event]) -> Reply | None:
        """The answer, or word that an agent has the question, and then the form's own question again."""
        self._asked = inquiry.text
        found = home or await self._looked_up(inquiry.words)
        if found is None and inquiry.wished and _ANY_HOMES.search(inquiry.text):
            found = await self._homes(told) or (self._phraser().line("homes_none").text if told else None)
        if found is None and told and inquiry.wished:
            return None  # "can you find me two bedrooms in Boulder?" is answered by going on
        name = self._asked_now()
        if found is None and name == "message":
            return None  # the question is the message
        runs: list[ToolRun] = []
        says = [Utterance(found, found, True, "answered")] if found is not None else []
        if found is None or (home and self._unknown):
            # what the listing does not say is no secret: somebody looks it up
            says.append(await self._put_to_agent(inquiry.words, runs))
        if home is not None and not self.state.peek(INTENT).counts:
            told = await self._with_errand(inquiry.text, told)
        if not told and name == INTENT:
            # the question may have been all they wanted
            self.state = self.state.with_raised(ELSE)
            return await self._only([*says, self._phraser().line("anything_else")], runs)
        events: list[Event] = [*told] or [acts.Command("repeat")]
        row = await self._row(inquiry.text) if home is not None else None
        if row is not None and self._sold_to_who_rents(row, told):
            return await self._turn(events, before=says, already=runs)
        if home is not None and (visit := self._to_offer_visit(told)):
            says.append(self._phraser().line("see_it"))
            events = [*told, acts.Aside("", ask=visit)]
        return await self._turn(events, before=says, already=runs)

    def _asked_now(self) -> str:
        """The slot of the question that stands; "" where none does."""
        waiting = self.state.awaiting
        return waiting.slots[0] if waiting.kind == "ask" else ""

    def _tells_errand(self, text: str) -> bool:
        """Whether it is known what somebody wants, or the words say it."""
        return self.state.peek(INTENT).counts or any(n.sure for n in named_in(text))

    def _to_offer_visit(self, told: Sequence[Event]) -> str:
        """The slot of a visit, for who asks about one home and was offered none; "" where it is to wait."""
        known = {e.slot: e.reading.value for e in told if isinstance(e, acts.Answer)}
        slot = VISITS.get(str(known.get(INTENT) or self.state.peek(INTENT).value), "")
        if not slot or slot in self.state.raised or slot not in self.flow.slots:
            return ""
        away = self.state.peek("represented").value == "exclusive" or known.get("represented") == "exclusive"
        held = self.state.peek(slot)
        if away or held.counts or held.status == "skipped" or self.state.awaiting.slots == [slot]:
            return ""
        self.state = self.state.with_raised(slot)
        return slot

    async def _made_good(self) -> Reply:
        """Who was not answered hears so, and the open question is answered or taken down."""
        question, self._asked = self._asked, ""
        says = [self._phraser().line("not_answered")]
        runs: list[ToolRun] = []
        if question:
            found = await self._of_home(question) or await self._looked_up(question)
            if found is None:
                says.append(await self._put_to_agent(question, runs))
            else:
                says.append(Utterance(found, found, True, "answered"))
        return await self._turn([acts.Command("repeat")], before=says, already=runs)

    async def _with_errand(self, text: str, told: list[Event]) -> list[Event]:
        """Who asks for one of our homes seeks it: to rent where it is let by the month, else to buy."""
        if any(isinstance(e, acts.Answer) and e.slot == INTENT for e in told):
            return told
        row = await self._row(text)
        if row is None or not row.price:
            return told
        kind = "renter" if is_let(row.price) else "buyer"
        return [acts.Answer(INTENT, Reading(value=kind)), *told]

    def _sold_to_who_rents(self, row: listings.Listing, told: Sequence[Event]) -> bool:
        """Whether a home is for sale, and who speaks of it would rent."""
        said = [e.reading.value for e in told if isinstance(e, acts.Answer) and e.slot == INTENT]
        rents = (said[-1] if said else self.state.peek(INTENT).value) == "renter"
        return rents and bool(row.price) and not is_let(row.price or 0)

    def _one_sum(self, text: str, told: Sequence[Event]) -> list[Event]:
        """ "Under 500" of homes for sale is a price and no rent as well, and who asks for them buys."""
        sums = {e.slot for e in told if isinstance(e, acts.Answer) and e.slot in ("rent", "price")}
        if sums != {"rent", "price"} or _MONTHLY.search(text) or self.state.peek(INTENT).counts:
            return list(told)
        kept = [e for e in told if not (isinstance(e, acts.Answer) and e.slot == "rent")]
        if not any(isinstance(e, acts.Answer) and e.slot == INTENT for e in kept):
            kept.insert(0, acts.Answer(INTENT, Reading(value="buyer")))
        return kept

    async def _only(
        self, says: Sequence[Utterance], runs: list[ToolRun], told: Sequence[Event] = ()
    ) -> Reply:
        """This and nothing else: the caller is asked by it. ``told``: what they said besides."""
        self._quiet = True
        try:
            return await self._turn([*told, acts.Command("repeat")], before=says, already=runs)
        finally:
            self._quiet = False
