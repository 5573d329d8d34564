"""What a broker says beside the answers of a set-up: own rules, Spanish, a plan too small (A042).

Nothing is dropped in silence: it is taken, or said where it is set.
"""

from __future__ import annotations

import re

from agent import acts
from agent.acts import Event
from agent.guarding import Guarding
from agent.guardrails.guard import Verdict
from agent.understanding.base import Reading
from agent.understanding.sentences import asks
from policies import plans
from policies.lead_rules import forbidden_words

PLAN, TEAM, VOICE, LANGUAGES, RULES = "plan", "team_size", "voice_profile", "languages", "keep_rules"
OWN_QUESTION = "own_question"
_SPANISH = re.compile(r"\b(spanish|español|bilingual|both languages|two languages)\b", re.I)
_NO_SPANISH = re.compile(r"\b(no|not|without|don'?t|english only|only english|just english)\b", re.I)
_RULE = re.compile(
    r"\b(?:never|nothing|no|not|don'?t|do not)(?: \w+){0,3} (?:before|after|earlier than|later than)"
    r" (?:\d|ten|nine|eight|noon|six|five)"
    r"|\bhot (?:when|if|means|is|should|leads? (?:are|is))\b|\b(?:call|count|flag|treat)\b.{0,20}\bas? ?hot\b"
    r"|\bleads? called hot\b"
    r"|\b(?:send|route|give|pass)\b.{0,30}\bleads?\b.{0,40}\bto\b|\bleads? from\b.{0,30}\bto\b"
    r"|\b(?:special|own|extra) rules?\b|\bask(?:s|ing)?\b.{0,30}\b(?:if|whether|about|for|how|what|when)\b"
    r"|\bqualify on\b"
    r"|\bkeep (?:the |them|it|those)?.{0,20}\b(?:but|except|plus)\b",
    re.I,
)
"""A rule of their own: when to book, whom to ask what, what is hot, who gets which lead."""
_HOURS = re.compile(
    r"\b(?:never|nothing|no|not|don'?t|do not)(?: (?:book|schedule|make|take|set|anything|any"
    r"|appointments?|calls?|tours?|showings?|visits?|up))* (?:before|after|earlier than|later than)"
    r" (?:\d|ten|nine|eight|noon|six|five)",
    re.I,
)
"""When to book, and nobody named in it."""
_ROUTES = re.compile(
    r"\b(?:send|route|give|pass|show|steer|only|avoid|refuse|reject|families|people from)\b", re.I
)
"""Who gets whom is looked at by the guard alone."""
_ASK = re.compile(
    r"\bask(?:s|ing)?(?: (?:every|each|all|any|the|our|all the)?(?: ?(?:callers?|sellers?|buyers?|renters?"
    r"|leads?|people|everyone|everybody|them|body|one)))? (?:also )?(?:if|whether) they"
    r"(?P<verb> have|'ve got| want| need| own| like| are| can|'re)?(?P<what>[^.,;!?]{2,80}?)"
    r"(?= and (?:call|hot|never|send|flag)\b|[.,;!?]|$)",
    re.I,
)
_KEEPS = re.compile(r"\bkeep (?:the |them|it|those|your )?(?:standard|rules|all)?\b", re.I)
_ASKED = {
    "have": "Do you have",
    "'ve got": "Do you have",
    "are": "Are you",
    "'re": "Are you",
    "can": "Can you",
}


def own_question(text: str) -> str:
    """ "Ask every seller if they have a pool": the question as the agent asks it; "" where there is none."""
    found = _ASK.search(text)
    if found is None or not found["verb"]:
        return ""
    verb = found["verb"].strip().lower()
    return f"{_ASKED.get(verb, f'Do you {verb}')} {found['what'].strip()}?"


class SettingUp(Guarding):
    """Hears what a broker adds to an answer."""

    def _judged(self, text: str) -> Verdict:
        """A rule on hours, questions or what is hot only resembles an unlawful one, when it names nobody."""
        verdict = super()._judged(text)
        if (
            PLAN not in self.flow.slots
            or not verdict.alike
            or verdict.label not in ("instruction", "internal")
        ):
            return verdict
        if (
            (_HOURS.search(text) or own_question(text))
            and not _ROUTES.search(text)
            and forbidden_words(text) is None
        ):
            return Verdict(redacted=text, language=verdict.language)
        return verdict

    def _understood(self, text: str, confidence: float) -> list[Event]:
        """As anywhere; in a set-up also what was said besides."""
        events = super()._understood(text, confidence)
        if PLAN not in self.flow.slots or self.state.closed:
            return events
        events = self._in_spanish_too(text, events)
        events = self._plan_fits(events)
        return self._own_rules(text, events)

    def _value(self, name: str, events: list[Event]) -> object:
        said = [e.reading.value for e in events if isinstance(e, acts.Answer | acts.Fix) and e.slot == name]
        return next((v for v in said if v is not None), self.state.best().get(name))

    def _plan_fits(self, events: list[Event]) -> list[Event]:
        """A plan too small for the team is said where it is chosen; the one that fits is offered."""
        if not any(isinstance(e, acts.Answer | acts.Fix) and e.slot in (PLAN, TEAM) for e in events):
            return events
        chosen, team = self._value(PLAN, events), self._value(TEAM, events)
        if not isinstance(chosen, str) or not isinstance(team, int) or plans.allows(chosen, "users", team):
            return events
        have, fits = plans.plan(chosen), plans.smallest_for("users", team)
        users = "one user" if have.users == 1 else f"{have.users:,} users"
        said = {"have": have.label, "fits": fits.label, "team": str(team), "users": users}
        kept = [e for e in events if not (isinstance(e, acts.Answer | acts.Fix) and e.slot == PLAN)]
        # read back, so that nobody is moved to another plan unasked
        fitting = acts.Answer(PLAN, Reading(value=fits.value))
        return [*kept, acts.Aside("plan_too_small", said, stays=False), fitting]

    def _in_spanish_too(self, text: str, events: list[Event]) -> list[Event]:
        """Spanish wished for needs the voice that speaks it; it is taken with it, and that is said."""
        if not _SPANISH.search(text) or _NO_SPANISH.search(text) or asks(text):
            return events
        if self.state.peek(VOICE).value == "multilingual_specialist":
            return events
        kept = [
            e
            for e in events
            if isinstance(e, acts.Answer | acts.Fix | acts.Yes)
            and not (isinstance(e, acts.Answer | acts.Fix) and e.slot in (VOICE, LANGUAGES))
        ]
        voice, both = Reading(value="multilingual_specialist"), Reading(value=["en", "es"])
        return [
            *kept,
            acts.Aside("spanish_voice", stays=not kept and self.state.awaiting.slots != [VOICE]),
            acts.Fix(VOICE, voice),
            acts.Answer(LANGUAGES, both, volunteered=True),
        ]

    def _own_rules(self, text: str, events: list[Event]) -> list[Event]:
        """A question of their own is taken; for other rules it is said where they are set."""
        if not _RULE.search(text) or asks(text):
            return events
        asked = own_question(text)
        if asked:
            events = [e for e in events if not (isinstance(e, acts.Answer) and e.slot == OWN_QUESTION)]
            events.append(acts.Answer(OWN_QUESTION, Reading(value=asked), volunteered=True))
        rest = _ASK.sub(" ", text)
        if not _RULE.search(rest):
            return (
                [acts.Aside("own_question_taken", {"question": asked}, stays=False), *events]
                if asked
                else events
            )
        if self.state.awaiting.slots == [RULES] and _KEEPS.search(text):
            events = [e for e in events if not isinstance(e, acts.Unclear | acts.Command | acts.No)]
            if not any(isinstance(e, acts.Answer) and e.slot == RULES for e in events):
                events.append(acts.Answer(RULES, Reading(value=True)))
        key = "own_rules_asked" if asked else "own_rules"
        only = all(isinstance(e, acts.Unclear | acts.Command) for e in events)
        said = acts.Aside(key, {"question": asked}, stays=only)
        return [said] if only else [said, *events]
