"""What else a caller of a brokerage may say than answers: objections, questions, another language (A092).

Each is acknowledged in a fixed phrase and leads back to the form; nothing said in the same breath is lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from loguru import logger

from agent import acts
from agent.acts import Event, brings_value
from agent.form import order
from agent.form.engine import advance
from agent.form.state import Awaiting
from agent.languages import Languages
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.answering import guessed
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.polarity import polarity, split_polarity
from agent.understanding.sentences import asks, parted, requests, sentences
from agent.understanding.turning import named_outright
from agent.understanding.types.errand import named_in
from agent.understanding.understand import understand
from agent.understanding.view import View
from agent.understanding.wants import wanted
from agent.understanding.ways import stances
from core.errors import SeiketsuError
from core.ids import fingerprint
from flows.languages import ENGLISH
from policies.listing_facts import of_the_home
from policies.objections import Objection, find_objection
from stores import knowledge as listings
from tools import knowledge
from tools.knowledge import describe

OUTCOME = "outcome"
ASKED = "asked:"
"""With the fingerprint of a question that an agent was asked to answer: noted among what came up."""
MOSTLY = 0.55
"""Share of the words that must be the objection where words of their own are wanted, or a yes or no."""
NOT_BY_TAIL = frozenset({"yes_no", "representation", "text", "organization", "role_title", "person_name"})
"""Types of which almost any words are a value, and those that take a yes."""
SURE = 0.7
VISITS = {"buyer": "appointment", "investor": "appointment", "renter": "visit"}
"""The slot that holds when a caller of that intent would like to see a home."""
AGENT = "represented"
"""Whose client somebody is."""
INTENT, ELSE = "intent", "else"
"""What the caller wants; noted among what came up: they were asked whether there was anything else."""
DATED = frozenset({"showing_time", "message", "appointment", "visit"})
"""Slots that are read later, by somebody for whom "tomorrow" is another day."""
BRIEF = ("name", "phone")
"""What is still asked of somebody who has no time: enough to call back."""


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
MONTHLY_BELOW = 30_000
"""Dollars below which a listing's price is a month's rent."""
OUR_HOURS = "what are your opening hours"
_WHEN_CALLED = re.compile(
    r"\bwhen (will|would|is|are|can|should|do|does|'s)"
    r" (he|she|they|you|somebody|someone|an? (agent|person)|i|we|the)\b"
    r".{0,40}\b(call|calling|phone|ring|reach|contact|hear|get back)\w*"
    r"|\bwhen('s| is) (the|my|that) call\b|\bhow (soon|long)\b.{0,30}\b(call|hear|get back|reach)\w*",
    re.I,
)
_DONE = re.compile(
    r"\b(that'?s|that is) (all|it|everything)\b|\bnothing( else)?\b|\bno,? thank(s| you)\b|\ball (set|good)\b"
    r"|\bi'?m (good|fine|done)\b|\beso es todo\b",
    re.I,
)
_I_AM = re.compile(
    r"\b(i'?m|i am|we'?re|we are)( just| still| actually| only)? (the |a |an )?(buyer|seller|owner"
    r"|selling|buying|renting|buy|sell|rent)\b",
    re.I,
)
"""Who is taken for another kind of caller, and says so."""
_STARTLED = re.compile(r"\W*(?:huh|what|wait,? what|wait|excuse me|pardon|sorry)\b[\s,]*[?!.]+\s*", re.I)
""" "Huh?", before somebody puts it right."""
WHOSE, CLIENT = "agent_named", "existing_client"
"""Which of our agents they work with, asked of our clients."""
NEXT = "buying_next"
"""Whether a seller buys again: an answer to it speaks of buying and renting, and changes no errand."""
_MONTHLY = re.compile(r"\brent|\b(a|per) month|/ ?mo|\bmonthly", re.I)
_FILLS = re.compile(
    r"\b(like|as) i( already)? (said|told you)\b,?|,?\s*\bi( already| just)? (said|told you)( dear| so"
    r"| already| that)?\b,?\s*",
    re.I,
)
_RELATIVE = re.compile(r"\b(today|tonight|tomorrow)\b(?! \()", re.I)
_TELL_ME = re.compile(r"\b(tell me|info(rmation)? (on|about)|details (on|about|of)|price of|show me)\b", re.I)
_FOLLOWS_UP = re.compile(
    r"\b(it|that one|this one|that (house|home|place|listing|unit|apartment)"
    r"|the (house|home|place|unit|apartment|price|rent|hoa|taxes|address|yard|garage|basement|kitchen"
    r"|deposit|pet fee)"
    r"|how much|price\?|rent\?)",
    re.I,
)
_ASKS_OF = re.compile(r"\b(?:tell|about|info\w*|details?|more|describe|like)\b", re.I)
"""Of a home that was told of already, more is wanted than what was said."""
_ASKS_OF_IT = re.compile(
    r"^\W*(?:(?:and|so|ok(?:ay)?|oh|also|y) )*(?:any|what about|how about|hay|tiene)\b"
    r"|\b(?:allowed|okay|ok|included)\W*$",
    re.I,
)
"""A question in words that show none, once a home was spoken of."""
_TOLD_BEFORE = re.compile(
    r"\b(i|we)('ve| have)? (already|just) (said|told|mentioned|gave|answered)\b|\b(like|as) i (said|told"
    r"|mentioned)\b"
    r"|\bi told you\b|\byou('re| are) not listening\b|\bi (said|asked) (that )?(already|before)\b"
    r"|\bya (le|se lo) dije\b"
)
_AGREES_MORE = re.compile(
    r"(?:\W*\b(?:keep|leave|take|use|put|do|go|ahead|with|it|that|this|one|as|is|so|please|thanks?|you|great|perfect|good|fine|sounds"
    r"|looks|works|for|me|us|all|right)\b)+\W*",
    re.I,
)
""" "Yes, keep it": the yes again, and no answer to the next question."""
_LOSS = re.compile(
    r"\b(my|our) (late )?(\w+ )?(mom|mother|dad|father|parents?|wife|husband|grand\w+|aunt|uncle|brother"
    r"|sister|son|daughter|partner)"
    r"( just| recently)? (passed( away)?|died)\b|\b(passed away|in probate after)\b|\b(falleció|murió)\b",
    re.I,
)


def _holds(event: Event) -> bool:
    """Whether an event brings something: a value, a yes or a no."""
    return brings_value(event) or isinstance(event, acts.Yes | acts.No)


def _holds_answer(text: str, view: View) -> bool:
    """Whether what was asked is answered beside the complaint ("jan 1!!! are you even listening")."""
    asked = view.state.awaiting.slots if view.state.awaiting.kind == "ask" else []
    return any(
        isinstance(e, acts.Answer) and e.slot in asked and e.reading.value for e in understand(text, view)
    )


def _told(event: Event, besides: str) -> bool:
    """Whether an event is a value of another slot."""
    return isinstance(event, acts.Answer) and event.slot != besides and event.reading.value is not None


class Hearing(Languages):
    """Understands an utterance, asides first."""

    def _understood(self, text: str, confidence: float) -> list[Event]:
        """Everything that was said, as events; objections with what follows from them."""
        aside = self._objection(text)
        if aside is not None:
            return aside
        waiting = self.state.awaiting
        if OUTCOME in self.flow.slots and waiting.slots == [INTENT] and len(text.split()) < 7:
            no = polarity(text) == "no"
            if (no and ELSE in self.state.raised) or ((no or not asks(text)) and _DONE.search(text)):
                return [acts.Command("goodbye")]
        turned = self._another_errand(text)
        if turned:
            return turned
        events = self._with_tail(text, understand(text, self.view(), confidence))
        if OUTCOME in self.flow.slots and waiting.slots == [INTENT] and waiting.kind == "ask":
            # what somebody calls about cannot be skipped
            vain = [isinstance(e, acts.No) or e == acts.Command("skip") for e in events]
            events = [acts.Unclear(text)] if all(vain) else events
        events = [self._kept_clean(e) for e in events]
        if OUTCOME in self.flow.slots and not self.state.closed and (key := self._felt(text, events)):
            return [acts.Aside(key, stays=False), *events]
        return events

    def _another_errand(self, text: str) -> list[Event]:
        """ "I AM THE BUYER": who was taken for another kind of caller is heard at any question."""
        slot = self.state.peek(INTENT)
        asked = self.state.awaiting.slots
        if INTENT not in self.flow.slots or not slot.counts or self.state.closed:
            return []
        if NEXT in asked:
            # asked what follows the sale: who says what they are doing has not answered yet
            plain = _STARTLED.sub("", text)
            insists = _I_AM.match(plain) and slot.value == self._said_to_be(plain)
            return [acts.Command("repeat")] if insists else []
        if polarity(text) == "yes":
            return []
        if _I_AM.search(text) and slot.value == self._said_to_be(text):
            free = bool(asked) and self.flow.slots[asked[0]].type == "text"
            vain = (free and len(text.split()) < 6) or self._says_no_more(text)
            return [acts.Command("repeat")] if vain else []
        kind = named_outright(text, str(slot.value))
        if not kind and named_outright(text, "") == slot.value and self._says_no_more(text):
            return [acts.Command("repeat")]  # "we want to buy", which is known: no answer, and no vain one
        if asked == [WHOSE] and slot.value == CLIENT and not kind:
            # asked whose client they are: who wants to sell, buy or rent is a client to be
            kind = next((n.value for n in named_in(text) if n.sure and n.value != CLIENT), "")
        if kind not in ("buyer", "seller", "renter"):
            return []
        state = self.state.model_copy(deep=True)
        state.slot(INTENT).value, state.awaiting = kind, Awaiting()
        rest = [e for e in understand(text, replace(self.view(), state=state)) if _told(e, INTENT)]
        return [acts.Answer(INTENT, Reading(value=kind)), *rest]

    def _says_no_more(self, text: str) -> bool:
        """Whether nothing else is in the words than what the caller is taken for."""
        told = understand(text, self.view())
        return not any(brings_value(e) or isinstance(e, acts.Command | acts.Fix) for e in told)

    def _facts_in(self, text: str) -> list[Event]:
        """Every value the words hold, whatever was asked, and whether they ask something themselves."""
        state = self.state.model_copy(deep=True)
        state.awaiting, state.offer = Awaiting(), {}
        heard = understand(text, replace(self.view(), state=state))
        return [e for e in heard if isinstance(e, acts.Answer) and e.reading.problem == ""]

    def _said_to_be(self, text: str) -> object:
        """The kind of caller somebody says they are."""
        view = self.view()
        reading = view.type_of(INTENT).parse(text, view.context(INTENT))
        return reading.value if reading is not None else None

    def _kept_clean(self, event: Event) -> Event:
        """Words that are kept as said: without "I told you", and with the date of "tomorrow"."""
        if not isinstance(event, acts.Answer | acts.Fix) or not isinstance(event.reading.value, str):
            return event
        if OUTCOME not in self.flow.slots or self.flow.slots[event.slot].type != "text":
            return event
        words = _FILLS.sub(" ", event.reading.value).strip(" ,.") or event.reading.value
        if event.slot in DATED:
            zone = ZoneInfo(str(self.facts.values.get("timezone") or "UTC"))
            today = self.parts.clock.now().astimezone(zone).date()

            def dated(match: re.Match[str]) -> str:
                day = today + timedelta(days=match[1].lower() == "tomorrow")
                return f"{match[1]} ({day:%B} {day.day})"

            words = _RELATIVE.sub(dated, words)
        if words == event.reading.value:
            return event
        return replace(event, reading=replace(event.reading, value=words[:1].upper() + words[1:]))

    def _with_tail(self, text: str, events: list[Event]) -> list[Event]:
        """ "Yes. Two thousand a month": what follows a yes and answers the next question is used for it.

        Once, and only where nothing else was made of those words; never for a question of yes or no, which
        somebody has to hear first.
        """
        if not events or not isinstance(events[0], acts.Yes) or len(events) > 1:
            return events
        _, tail = split_polarity(text)
        if len(tail.split()) < 2 or asks(tail) or _AGREES_MORE.fullmatch(tail):
            return events
        after, _ = advance(self.flow, self.state, events, self._env())
        waiting = after.awaiting
        name = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
        if not name or self.flow.slots[name].type in NOT_BY_TAIL or after.peek(name).fails:
            return events
        view = replace(self.view(), state=after)
        reading = view.type_of(name).parse(tail, view.context(name))
        if reading is None or reading.value is None or not reading.confidence >= SURE:
            return events
        return [*events, acts.Answer(name, reading)]

    def _felt(self, text: str, events: Sequence[Event]) -> str:
        """What a person would say before going on: sorry to ask twice, sorry for a loss, sure."""
        if _TOLD_BEFORE.search(text):
            return "said_before"
        if _LOSS.search(text) and "loss" not in self.state.raised:
            self.state = self.state.with_raised("loss")
            return "sorry_for_loss"
        answered = any(isinstance(e, acts.Answer) and e.reading.value is not None for e in events)
        if answered and any(asks(s) and requests(s) for s in sentences(text)):
            return "going_on"
        return ""

    def _objection(self, text: str) -> list[Event] | None:
        if OUTCOME not in self.flow.slots or self.state.closed:
            return None
        waiting = self.state.awaiting
        asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
        found = find_objection(text, asked=asked, intent=str(self.state.peek(INTENT).value or ""))
        if found is None:
            return None
        name, objection, share = found
        if objection.ends and asked and polarity(text) == "yes":
            return None  # a yes to what was asked ends nothing
        if objection.brief and stances(text).get("mail") == "welcome":
            return None  # who has no time to talk, and would have an e-mail, is not called back
        free = bool(asked) and self.flow.slots[asked].type == "text"
        if free and share < MOSTLY and (beside := self._beside_objection(text, asked, name)) is not None:
            return [*beside, *self._outcomes(objection.outcome), *self._answered(name, objection)]
        if share < MOSTLY and (free or waiting.kind in ("confirm", "offer", "summary")):
            # an answer that happens to hold such words; how it may end is noted all the same
            return [*understand(text, self.view()), *self._outcomes(objection.outcome)]
        told: list[Event] = []
        if share < MOSTLY:
            told = [e for e in understand(text, self.view()) if isinstance(e, acts.Answer)]
        return [*told, *self._outcomes(objection.outcome), *self._answered(name, objection)]

    def _beside_objection(self, text: str, asked: str, name: str) -> list[Event] | None:
        """What is told beside a clause that is the objection ("just send me that, gail@..."); else None."""
        parts = [p for p in re.split(r"(?<=[.!?])\s+|,\s+", text) if p.strip()]
        if len(parts) < 2:
            return None
        against = [f for p in parts if (f := find_objection(p, asked=asked)) and f[0] == name]
        if not any(share >= MOSTLY for _, _, share in against):
            return None
        told: list[Event] = [e for e in understand(text, self.view()) if _told(e, asked)]
        if any(isinstance(e, acts.Answer) and e.slot == "email" for e in told):
            told.append(acts.Answer("updates", Reading(value="email"), volunteered=True))
        return told

    def _answered(self, name: str, objection: Objection) -> list[Event]:
        """Acknowledge, then one question or offer; the second time the no is taken."""
        before = self.state.raised.get(name, 0)
        self.state = self.state.with_raised(name, before + 1)
        if objection.person:
            return [acts.Command("human")]
        if objection.ends or (before and not objection.again):
            key = objection.say if objection.ends and not before else "objection_accepted"
            return [acts.Aside(key, enough=True)]
        if objection.brief:
            keeps = tuple(n for n in BRIEF if n in self.flow.slots)
            return [acts.Aside(objection.say, enough=True, keeps=keeps)]
        if objection.skips:
            return [acts.Aside(objection.say, stays=False), *self._let_it_go()]
        return [acts.Aside(objection.say, ask=self._first_open(objection.ask))]

    def _let_it_go(self) -> list[Event]:
        asked = self.state.awaiting.slots
        return [acts.Command("skip")] if self.state.awaiting.kind == "ask" and asked else []

    def _first_open(self, names: Sequence[str]) -> str:
        """The first of these slots that this caller would still be asked."""
        to_come = set(order.still_to_come(self.flow, self.state))
        step = order.current(self.flow, self.state)
        extra = {n for s in self.flow.steps if s.step == "contact" for n in s.optional}
        for name in names:
            slot = self.state.peek(name)
            open_ = not slot.counts and slot.status != "skipped"
            if open_ and (name in to_come or (name in extra and step is not None)):
                return name
        return ""

    def _outcomes(self, *values: str) -> list[Event]:
        """How the conversation may end, added to what is known of it."""
        had: list[Any] = list(self.state.peek(OUTCOME).value or [])
        more = [v for v in values if v and v not in had]
        return [acts.Answer(OUTCOME, Reading(value=[*had, *more]), volunteered=True)] if more else []

    # -- questions --------------------------------------------------------------------------------

    async def _asked_something(self, text: str) -> Reply | None:
        """A question in the middle: answered from what the client has told us, or left to an agent.

        None when it is no question, or one that the form itself answers by going on.
        """
        if self.state.closed:
            return None
        if _STARTLED.match(text) and self._another_errand(text):
            return None  # "huh? I'm selling my house"
        told_words, asked = parted(text)
        if len(asked.split()) == 1 and named_outright(asked, ""):
            return None  # "rent? no no, we want to buy"
        if not asked and not self._tells_errand(text) and wanted(text) in ("home", "question"):
            told_words, asked = "", text  # a question in words that show none ("hours on saturday")
        if not asked and self._spoken_of and _ASKS_OF_IT.search(text) and of_the_home(text):
            told_words, asked = "", text  # "any hoa", of the home spoken of
        if _COMPLAINS.search(text) and not _holds_answer(text, self.view()):
            return await self._made_good()
        if _WHEN_CALLED.search(text):
            return await self._turn([acts.Command("repeat")], before=await self._when_called())
        if asked and self.state.awaiting.kind == "ask" and _WHY.search(asked):
            # a question about the question: answered from what the form says of it
            spec = self.flow.slots[self.state.awaiting.slots[0]]
            words = self._phraser().words(spec.why or spec.help, "help") if spec.why or spec.help else None
            besides = [e for e in understand(told_words, self.view()) if told_words and _holds(e)]
            says = [words or self._phraser().line("help_why")]
            return await self._turn([*besides] or [acts.Command("repeat")], before=says)
        if asked and _ANY_HOMES.search(text):
            told_words, asked = text, ""
        elif not asked and _TELL_ME.search(text) and await self._of_home(text) is not None:
            asked = text
        wished = (not asked and _ANY_HOMES.search(text) is not None) or (
            not asked and any(asks(s) and requests(s) for s in sentences(text))
        )
        if not asked and not wished:
            return None
        by_mail = (
            stances(asked).get("mail") == "welcome"
        )  # how they would be reached is no question for an agent
        if by_mail or find_command(text) is not None or find_objection(text) is not None:
            return None
        waiting = self.state.awaiting
        if waiting.kind in ("confirm", "summary", "offer") and polarity(told_words or text) is not None:
            return None  # "yes, is that all?" goes on
        name = waiting.slots[0] if waiting.kind == "ask" else ""
        home = await self._of_home(asked or text) or (await self._of_home(text) if asked else None)
        if home is None and asked and not told_words and name and guessed(text, self.view(), name):
            return None  # "maybe three?"
        heard = understand(told_words if asked else text, self.view()) if told_words or not asked else []
        if home is not None and asked and name == INTENT:
            heard = understand(text, self.view())  # who asks for a home wants one
        if any(isinstance(e, acts.Command) and e.name != "help" for e in heard):
            return None
        told: list[Event] = [
            e for e in heard if isinstance(e, acts.Answer | acts.Fix) and e.reading.problem == ""
        ]
        free = bool(name) and self.flow.slots[name].type == "text"
        if free and not asked:
            told = [e for e in told if not isinstance(e, acts.Answer | acts.Fix) or e.slot != name]
        if asked and told_words and not told and polarity(told_words) in ("yes", "no"):
            told = [e for e in heard if isinstance(e, acts.Yes | acts.No)]
        told = self._one_sum(text, told)
        self._asked = text
        found = home or await self._looked_up(asked or text)
        if found is None and wished and _ANY_HOMES.search(text):
            found = await self._homes(told)
            if found is None and told:
                found = self._phraser().line("homes_none").text
        if found is None and told and wished:
            return None  # "can you find me two bedrooms in Boulder?" is answered by going on
        if found is None and waiting.kind == "ask" and waiting.slots == ["message"]:
            return None  # the question is the message
        runs: list[ToolRun] = []
        if found is None:
            says = [await self._put_to_agent(asked or text, runs)]
        else:
            says = [Utterance(found, found, True, "answered")]
            if home and self._unknown:
                # what the listing does not say is no secret: somebody looks it up
                says.append(await self._put_to_agent(asked or text, runs))
        if home is not None and not self.state.peek(INTENT).counts:
            told = await self._with_errand(text, told)
        if not told and name == INTENT:
            # the question may have been all they wanted
            self.state = self.state.with_raised(ELSE)
            return await self._only([*says, self._phraser().line("anything_else")], runs)
        events: list[Event] = [*told] or [acts.Command("repeat")]
        if home is not None and (visit := self._to_offer_visit(told)):
            says.append(self._phraser().line("see_it"))
            events = [*told, acts.Aside("", ask=visit)]
        return await self._turn(events, before=says, already=runs)

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

    async def _when_called(self) -> list[Utterance]:
        """When somebody will call who was asked to: what was promised, else the office's hours."""
        phraser = self._phraser()
        if self.state.promised:
            return [phraser.line("call_when", {"when": f" {self.state.promised.strip()}"})]
        says = [phraser.line("call_when_free")]
        hours = await self._looked_up(OUR_HOURS) if self.state.language == ENGLISH else None
        return [*says, Utterance(hours, hours, True, "answered")] if hours else says

    _asked = ""
    """The last question that was put to us."""

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
            return await knowledge.listing_named(self._context(), words)
        except SeiketsuError as error:
            logger.warning("a listing could not be looked up: {}", error.code)
            return None

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

    _spoken_of = ""
    """The MLS number of the home that was asked about last."""
    _unknown: tuple[str, ...] = ()
    """What was just asked about a home that its listing does not say."""

    async def _with_errand(self, text: str, told: list[Event]) -> list[Event]:
        """Who asks for one of our homes seeks it: to rent where it is let by the month, else to buy."""
        if any(isinstance(e, acts.Answer) and e.slot == INTENT for e in told):
            return told
        row = await self._row(text)
        if row is None or not row.price:
            return told
        kind = "renter" if row.price < MONTHLY_BELOW else "buyer"
        return [acts.Answer(INTENT, Reading(value=kind)), *told]

    def _one_sum(self, text: str, told: Sequence[Event]) -> list[Event]:
        """ "Under 500" of homes for sale is a price and no rent as well, and who asks for them buys."""
        sums = {e.slot for e in told if isinstance(e, acts.Answer) and e.slot in ("rent", "price")}
        if sums != {"rent", "price"} or _MONTHLY.search(text) or self.state.peek(INTENT).counts:
            return list(told)
        kept = [e for e in told if not (isinstance(e, acts.Answer) and e.slot == "rent")]
        if not any(isinstance(e, acts.Answer) and e.slot == INTENT for e in kept):
            kept.insert(0, acts.Answer(INTENT, Reading(value="buyer")))
        return kept

    _quiet = False

    async def _only(
        self, says: Sequence[Utterance], runs: list[ToolRun], told: Sequence[Event] = ()
    ) -> Reply:
        """This and nothing else: the caller is asked by it. ``told``: what they said besides."""
        self._quiet = True
        try:
            return await self._turn([*told, acts.Command("repeat")], before=says, already=runs)
        finally:
            self._quiet = False

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
