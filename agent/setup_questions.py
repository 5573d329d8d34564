"""What a broker asks while setting up: answered beside whatever else was said, or put to our team (A042)."""

from __future__ import annotations

import re
from dataclasses import replace

from agent import acts
from agent.acts import Event, brings_value, is_about, tells
from agent.deciding import TurnInput
from agent.greeting_talk import words_for_callers
from agent.guardrails.guard import Verdict
from agent.phrasing import Utterance, value_words
from agent.reply import Reply
from agent.setting_up import FIRM, GREETING, PLAN, VOICE
from agent.setup_answers import ABOUT_TICKETS, SetupAnswers
from agent.system_answers import is_theirs, system_asked
from agent.system_talk import CRM, CRM_NAME, OTHER
from agent.understanding.answering import guessed, is_question
from agent.understanding.base import Reading
from agent.understanding.changes import slot_named
from agent.understanding.commands import find_command
from agent.understanding.firm_spans import firms_in
from agent.understanding.of_us import OF_THIS, asked_of_us
from agent.understanding.polarity import split_polarity
from agent.understanding.recording_wish import calls_not_recorded
from agent.understanding.sentences import asks, opens_a_question, parted, questions, sentences
from agent.understanding.signs import unheard_wish, wants_sign
from agent.understanding.understand import understand
from policies.product_questions import asked_about_product

REMARK = "remark_noted"
BRIEFLY = acts.Command("repeat", acts.BRIEFLY)
"""After an answer the question that stands is put again in few words."""
TALK = frozenset({"who_are_you", "status", "wait", "help", "repeat"})
"""Commands that questions about the service sound like ("what is this exactly, and what does it cost?")."""
_IT = re.compile(r"\b(?:that|this|it)\b", re.I)
_WHETHER = re.compile(r"\b(?:have to|need|must|required|why|what for|optional|differen\w*|mean)\b", re.I)
"""Asks whether, why or what for an answer is wanted."""
_BUT_ASKS = re.compile(
    r"(?:, ?| but | [-–—]+ )(?=(?:how|what|does|can|will|who|when|are|is|do)"
    r" (?:if|do|does|is|will|can|you|i|it|we|they|about|happens)\b"
    r"|(?:i'?m |i am )?not sure how\b)",
    re.I,
)
"""Where an answer ends and a question begins without a mark."""
SURE = 0.85
"""How sure an answer beside such a question must be ("what's the difference? People know my number")."""
_ABOUT_THIS = re.compile(
    r"\b(?:what|which|how) (?:do|should|would|can|could|did) (?:you|i|we)"
    r" (?:mean|say|put|write|answer|type|enter|choose|need)\b"
    r"|\bwhy (?:do|are|did|is)\b|\b(?:for|use it for) what\b"
    r"|\bwhat(?:'s| is| are)? (?:that|this|it|those|these)\b"
    r"|\bwhat(?:'s| are)? the (?:options|choices|difference)\b|\bdo i (?:have|need) to\b|\bare you\b"
    r"|\bcan i (?:change|skip|do|edit|fix|go)\b|\bdid you (?:get|hear|see)\b|\bwhat (?:else|now)\b",
    re.I,
)
"""A question about the question that stands: its help answers."""
_TO_KNOW = re.compile(
    r"\b(?:i (?:just )?asked|(?:want|need|like) to (?:know|hear|read|see|understand)|let me (?:read|see|hear)"
    r"|tell me|explain|compare|remind me|what happens|wonder(?:ing)?|what about|how about|curious)\b",
    re.I,
)
"""A question that is put as a wish to know."""
_THAT_ONE = re.compile(
    r"(?:\W*\b(?:ok(?:ay)?|so|then|and|i'?ll|take|we'?ll|let'?s|do|go|with|give|me|want|please|that|this|it|one)\b)+\W*",
    re.I,
)
"""What was just spoken of is chosen."""
_WISHED = re.compile(
    r"\W*(?:(?:and|also|so|oh|but|ok(?:ay)?|then)\W+)*"
    r"(?:(?:can|could) (?:it|she|he|you|we|the agent)|(?:would|will) you)"
    r"(?: (?:please|also|maybe|just))*(?: (?:have|make|get|let|set) (?:it|her|him|us|the agent)(?: to)?)?"
    r" (?P<what>(?:ask|be open|open|be closed|close)\b[^?]*)\?*",
    re.I,
)
"""A wish for a setting, put as a question."""
WISHED = ("own_question", "own_rules", "business_hours")
_RECALLS = re.compile(
    r"\bwhat\b.{0,40}\b(?:did i (?:give|say|tell|put|choose|pick)|do you have"
    r"|have you (?:got|noted|put)|did you (?:put|write|note|take|get))\b",
    re.I,
)
"""What was taken down, asked back."""
_LIVE = re.compile(
    r"\b(?:change|update|edit|switch|adjust|modify|correct|fix|move|set)\b.{0,25}\b(?:my|our|the)\b.{0,25}"
    r"\b(?:hours|greeting|transfer|voice|rules?|plan|recording|number|agent|questions?|billing|e-?mail"
    r"|password|team|account)\b"
    r"|\b(?:transfer number|opening hours|office hours|hours|greeting)\b.{0,15}"
    r"\b(?:is|are|should be) (?:now|different)\b"
    r"|\b(?:pause|turn off|switch off|deactivate|stop|cancel|delete) (?:my|our|the) (?:live )?"
    r"(?:agent|account|plan|subscription)\b"
    r"|\b(?:i|we)(?:'m| am|'re| are)? (?:already|have already|already have)\b.{0,30}"
    r"\b(?:account|agent|customers?|clients?|live|set up)\b",
    re.I,
)
"""What only the owner of a live account may wish for."""
_PAGES = (
    (re.compile(r"\bquestions?\b", re.I), "/account/questions"),
    (re.compile(r"\b(?:password|e-?mail|sign[- ]?in|two[- ]factor|keys?)\b", re.I), "/account"),
)


class SetupQuestions(SetupAnswers):
    """Answers a broker's questions, and passes on what is wished for beside a yes or a no."""

    def _understood(self, text: str, confidence: float) -> list[Event]:
        """As anywhere; a remark of which nothing else is made goes to our team."""
        view = self.view()
        events = super()._understood(text, confidence)
        if PLAN not in self.flow.slots or self.state.closed or not wants_sign(view):
            return events
        if any(isinstance(e, acts.Aside) and e.key == REMARK for e in events):
            return events  # noted with the clause it stands in
        asked = self.state.awaiting.slots
        more = any(isinstance(e, acts.Aside) or (brings_value(e) and not is_about(e, asked)) for e in events)
        agreed = any(
            isinstance(e, acts.Yes) or (is_about(e, asked) and e.reading.value is True) for e in events
        )
        self._remark = unheard_wish(text, view) if agreed and not more else ""
        return (
            [acts.Aside(REMARK, {"words": self._remark[:120]}, stays=False), *events]
            if self._remark
            else events
        )

    _remark = ""
    """What was wished for beside an answer, and is to be passed on."""

    async def _take_turn(self, turn: TurnInput) -> Reply:
        """As anywhere; a remark that is passed on has a ticket, and that is said."""
        noted = next((e for e in turn.events if isinstance(e, acts.Aside) and e.key == REMARK), None)
        remark, self._remark = self._remark, ""
        if noted is not None and remark:
            subject = "Wished for beside an answer"
            result, run = await self._ask_our_team(subject, remark, f"remark{self._turns}")
            said = replace(
                noted, key=REMARK if result.ok else "remark_lost", facts={**noted.facts, **result.facts}
            )
            events = [said if e is noted else e for e in turn.events]
            turn = replace(turn, events=events, already=[*turn.already, run])
        return await super()._take_turn(turn)

    async def _guarded(self, verdict: Verdict, text: str) -> Reply:
        """As anywhere; a yes beside what a fixed answer meets is heard ("yes. Is that legal?")."""
        only_words = verdict.template and not (verdict.command or verdict.tool or verdict.follow_up)
        if (
            PLAN not in self.flow.slots
            or verdict.through
            or not only_words
            or not self._keeps_beside(verdict)
        ):
            return await super()._guarded(verdict, text)
        told = self._told_beside(" ".join(part for part in sentences(text) if not asks(part)))
        if not any(isinstance(e, acts.Yes) or is_about(e, self.state.awaiting.slots) for e in told):
            return await super()._guarded(verdict, text)
        self.record.noted("guard", {"label": verdict.label, "rule": verdict.rule})
        return await self._turn(told, before=[self._fixed(verdict)])

    def _asks_when_called(self, text: str) -> bool:
        """Whether a broker asks for a ticket, or when somebody calls: no wish for another call."""
        return PLAN in self.flow.slots and any(asked_of_us(q) in ABOUT_TICKETS for q in questions(text))

    async def _asked_something(self, text: str) -> Reply | None:
        """As anywhere; a change of a live agent, wished for by who is not known here, goes to our team."""
        if PLAN not in self.flow.slots:
            return await super()._asked_something(text)
        if self.state.closed:
            return None
        return await (
            self._live_change(text) if self._wants_live_change(text) else self._asked_about_us(text)
        )

    def _wants_live_change(self, text: str) -> bool:
        """Whether an account is spoken of before this conversation has one."""
        known = self._subject is not None or self.state.peek(FIRM).counts or self.state.peek(FIRM).pending
        return not known and not firms_in(text) and _LIVE.search(text) is not None

    async def _live_change(self, text: str) -> Reply:
        subject = "A change to a live account is wished for"
        result, run = await self._ask_our_team(subject, text, f"change{self._turns}")
        where = next((path for pattern, path in _PAGES if pattern.search(text)), "")
        page = f" You can do it at {self.parts.public_url}{where}, signed in." if where else ""
        facts = {**result.facts, "page": "" if self.channel == "voice" else page}
        said = self._phraser().line("change_live" if result.ok else "change_live_failed", facts)
        return await self._turn([BRIEFLY], before=[said], already=[run])

    async def _asked_about_us(self, text: str) -> Reply | None:
        """A broker's question beside whatever else was said: answered, or noted for our team (A042)."""
        if (wished := self._wished_in_question(text)) is not None:
            return await self._turn(wished)
        told_words, asked = self._parted(text)
        question = asked or (text if is_question(text) else "")
        if not question or self._commands(text, question):
            return None
        sign, behind = split_polarity(question)
        if not told_words and sign is not None and behind:
            told_words, question = sign, behind  # "yes, and also what will it say first?"
        if _RECALLS.search(question) and (recalled := self._recalled(question)) is not None:
            return await self._turn([BRIEFLY], before=[recalled])
        if self.state.awaiting.slots == [GREETING] and words_for_callers(text, self.view()):
            return None  # "Summit Realty, how may I direct your call?"
        told = [e for e in self._told_beside(told_words) if asked or tells(e)]
        if asked_of_us(question) == OF_THIS:
            return await self._explained(question, told)
        answer = await self._answer(question)
        if answer is not None:
            if _THAT_ONE.fullmatch(told_words or "-") and _IT.search(told_words):
                told = self._meant_by_it(answer.text)
            told = self._with_system(told, told_words, question)
            return await self._turn(told or [BRIEFLY], before=[answer])
        told = told or self._left_to_us(text)
        plainly = "?" in question or any(opens_a_question(part) for part in sentences(text))
        if not self._is_news(question) or (told and not plainly):
            return None
        return await self._noted(question, told or [BRIEFLY])

    def _wished_in_question(self, text: str) -> list[Event] | None:
        """What "could it ask them if they're pre-approved?" means as the wish it is; else None."""
        parts = [(part, _WISHED.match(part)) for part in sentences(text)]
        if not any(wish for _, wish in parts):
            return None
        plain = " ".join(f"{wish['what']}." if wish else part for part, wish in parts)
        events = self._understood(plain, 1.0)
        return events if any(brings_value(e) and is_about(e, WISHED) for e in events) else None

    def _with_system(self, told: list[Event], words: str, question: str) -> list[Event]:
        """ "Does it work with HubSpot? That's what we've got": the system asked about is noted, too."""
        system = system_asked(question, self.view()) if is_theirs(f"{words} {question}") else None
        if system is None or any(is_about(e, (CRM,)) for e in told):
            return told
        asked = self.state.awaiting.slots == [CRM]
        noted: list[Event] = [acts.Answer(CRM, Reading(value=system.value), volunteered=not asked)]
        if system.value == OTHER:
            noted.append(acts.Answer(CRM_NAME, Reading(value=system.name), volunteered=True))
        return [*told, *noted]

    def _commands(self, text: str, question: str) -> bool:
        """Whether the words are a wish that may be said anywhere, and no question about the service."""
        command = find_command(text)
        if command is None or calls_not_recorded(text, self.view()) is not None:
            return False
        return command.name not in TALK or not asked_about_product(question, asked_of_us)

    async def _explained(self, question: str, told: list[Event]) -> Reply | None:
        """ "Do we have to? I'd rather not": what is said to the question, and the answer beside it."""
        asked = self.state.awaiting.slots
        words = self.flow.slots[asked[0]].help if asked else ""
        if not told or not words or not _WHETHER.search(question):
            return None
        sure = [e for e in told if not isinstance(e, acts.Answer) or e.reading.confidence >= SURE]
        return await self._turn(sure or [BRIEFLY], before=[self._phraser().words(words, "help")])

    def _parted(self, text: str) -> tuple[str, str]:
        """(what is told, what is asked), with what somebody says they want to know among the latter."""
        told, asked = parted(_BUT_ASKS.sub(". ", text.replace(", ¿", ". ¿")))
        if told and asked and len(asked.split()) <= 3:
            # "I may change the plan later, can I?": the sentence is the question
            *before, last = sentences(text)
            told, asked = " ".join(before), last
        wondered = [p for p in sentences(told) if asks(p) and asked_about_product(p, asked_of_us)]
        if wondered:  # "do you sell it?" wishes for nothing
            asked = " ".join([asked, *wondered]).strip()
            told = " ".join(p for p in sentences(told) if p not in wondered)
        if asked or self._wants_words():
            return told, asked
        parts = sentences(text)
        wishes = [p for p in parts if _TO_KNOW.search(p) and self._of_the_product(p)]
        return " ".join(p for p in parts if p not in wishes), " ".join(wishes)

    def _of_the_product(self, part: str) -> bool:
        """Whether a wish to know is about the service or its plans."""
        plans = self._plan_asked(part)
        return bool(plans) or asked_of_us(part) not in ("", OF_THIS)

    def _wants_words(self) -> bool:
        """Whether words of their own are wanted, which may be any."""
        waiting = self.state.awaiting
        return waiting.kind == "ask" and self.flow.slots[waiting.slots[0]].type == "text"

    def _told_beside(self, words: str) -> list[Event]:
        """What is told beside a question: values, a yes or a no, and what an answer must be asked back."""
        asked = self.state.awaiting.slots
        return [
            e
            for e in (self._understood(words, 1.0) if words else [])
            if tells(e) or (is_about(e, asked) and e.reading.ask)
        ]

    def _meant_by_it(self, says: str) -> list[Event]:
        """ "Which one sounds warmest? That one, then": what is on offer, or what the answer names first."""
        waiting = self.state.awaiting
        if waiting.kind == "offer":
            return [acts.Yes()]
        if waiting.kind != "ask":
            return []
        name = waiting.slots[0]
        named = [(says.find(c.label), c.value) for c in self.view().choices(self.flow.slots[name])]
        first = min(((at, value) for at, value in named if at >= 0), default=None)
        return [acts.Answer(name, Reading(value=first[1]))] if first and name == VOICE else []

    def _is_news(self, question: str) -> bool:
        """Whether a question is about something that neither the form nor its help answers."""
        waiting = self.state.awaiting
        if len(question.split()) < 4 or _ABOUT_THIS.search(question):
            return False
        name = waiting.slots[0] if waiting.kind in ("ask", "offer", "confirm") and waiting.slots else ""
        if name and guessed(question, self.view(), name):
            return False
        return not any(tells(e) for e in understand(question, self.view()))

    async def _noted(self, question: str, events: list[Event]) -> Reply:
        values = {"question": question[:500]}
        result, run = await self._run_tool("answer_question", values, f"q{self._turns}")
        answered = str(result.facts.get("answer") or "")
        said = (
            Utterance(answered, answered, True, "answered")
            if answered
            else self._phraser().line("question_noted" if result.ok else "answer_not_noted")
        )
        return await self._turn(events, before=[said], already=[run])

    def _recalled(self, question: str) -> Utterance | None:
        """What was taken down of the value a question names."""
        view = self.view()
        best = self.state.best()
        name = slot_named(question, view, list(best))
        if name is None or view.flow.slots[name].private:
            return None
        facts = {"label": view.flow.slots[name].label, "value": value_words(view, name)}
        return self._phraser().line("told_before", facts)
