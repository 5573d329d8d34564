"""Answers to a broker's questions: from the policies, from what was chosen here, from this talk's tickets."""

from __future__ import annotations

from loguru import logger

from agent.phrasing import Utterance, value_words
from agent.plan_talk import plan_asked
from agent.setting_up import LANGUAGES, PLAN, VOICE, SettingUp
from agent.system_answers import system_asked
from agent.understanding.of_us import asked_of_us
from core.errors import SeiketsuError
from policies import business_hours
from policies.plans import Plan, plan
from policies.product_questions import answer_of, asked_about_product, with_address
from stores import support

ABOUT_TICKETS = frozenset({"ticket", "human_later"})
NO_ZONE = "America/New_York"
"""Where the office's time zone isn't known yet."""


class SetupAnswers(SettingUp):
    """Knows the answers."""

    async def _answer(self, question: str) -> Utterance | None:
        """What is so, to two questions at most; None where none of them is known."""
        if of_plans := self._plan_asked(question):
            return Utterance(of_plans, of_plans, True, "answered")
        if system := system_asked(question, self.view()):
            return Utterance(system.answer, system.answer, True, "answered")
        said = [await self._known_of(name, question) for name in asked_about_product(question, asked_of_us)]
        if not said:
            return None
        words = with_address(" ".join(said), self.parts.public_url, voice=self.channel == "voice")
        return Utterance(words, words, True, "answered")

    async def _known_of(self, name: str, question: str) -> str:
        if name in ABOUT_TICKETS and (tickets := await self._tickets()):
            return tickets
        if name == "most_take" and self.state.awaiting.slots == [VOICE]:
            name = "warm_voice"
        if name == "languages" and (spoken := value_words(self.view(), LANGUAGES)):
            yours = self._phraser().line("told_before", {"label": "yours", "value": spoken})
            return f"{answer_of(name)} {yours.text}"
        return answer_of(name, question, self._plan_spoken_of())

    def _plan_asked(self, question: str) -> str:
        """What is said of the plans that a question names; "" when it names none."""
        at_plan = self.state.awaiting.slots == [PLAN]
        return plan_asked(question, self._plan_spoken_of(), at_plan=at_plan)

    def _plan_spoken_of(self) -> Plan | None:
        """The plan on offer, else the one that was chosen."""
        slot = self.state.peek(PLAN)
        known = slot.offer or slot.proposal or slot.value
        return plan(known) if isinstance(known, str) else None

    async def _tickets(self) -> str:
        """What our team was asked for in this conversation, and by when it answers; "" for nothing."""
        places = {self.tenant_id, self._subject or self.tenant_id}
        found: list[support.Ticket] = []
        for tenant in places:
            try:
                async with self.parts.db.tenant(tenant) as session:
                    found += await support.tickets_of(session, self.id)
            except SeiketsuError as error:
                logger.warning("tickets could not be looked up: {}", error.code)
        zone = str(self.state.best().get("timezone") or NO_ZONE)
        now = self.parts.clock.now()
        said = [
            self._phraser().line(
                "ticket_about" if ticket.body else "ticket_for_call",
                {
                    "ticket": ticket.number,
                    "words": ticket.body[:160].rstrip(". "),
                    "when": business_hours.spoken_moment(ticket.due_at, zone, now) if ticket.due_at else "",
                },
            )
            for ticket in found
        ]
        return " ".join(one.text for one in said)
