"""What a broker says beside the answers of a set-up: own rules, Spanish, a plan too small (A042).

Nothing is dropped in silence: it is taken, or said where it is set.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent import acts
from agent.acts import Event, brings_value, is_about, tells
from agent.calendar_talk import calendar_told
from agent.greeting_talk import greeting_told
from agent.guardrails.guard import Verdict
from agent.name_talk import names_in
from agent.number_choice import no_loop, number_told
from agent.persona_talk import persona_greets, persona_told
from agent.phrasing import worded
from agent.rules_by_talk import RulesByTalk, own_question
from agent.setting_choices import all_to_one, only_one, voice_truth
from agent.source_talk import sources_in
from agent.system_talk import system_told
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.of_us import OF_THIS, asked_of_us
from agent.understanding.recording_wish import calls_not_recorded
from agent.understanding.sentences import asks, questions, sentences
from agent.understanding.signs import without_vain_no
from agent.understanding.topics import topic
from agent.understanding.understand import understand
from agent.voice_choice import voice_told
from policies import plans
from policies.lead_rules import forbidden_words
from policies.lifecycle import wish_of
from policies.product_questions import answer_about_product, asked_about_product
from policies.provisioning import review_items

PLAN, TEAM, VOICE, LANGUAGES, RULES = "plan", "team_size", "voice_profile", "languages", "keep_rules"
POINTS, AFTER_HOURS = "criteria", "after_hours_mode"
AREA, ROUTING = "area_code", "routing_mode"
REVIEW = "plan_reviewed"
NEEDS = {"by_area": "areas", "by_price": "prices", "by_language": "languages"}
"""Ways to share leads that go by something each person has."""
_NAMED = ("crm_vendor", "crm_name", "lead_sources", "other_sources")
LEAVING = frozenset({"pause", "goodbye"})
FIRM, GREETING, MODE, EXISTING, TRANSFER = (
    "organization_name",
    "greeting",
    "number_mode",
    "existing_number",
    "transfer_number",
)
_BOOK = (
    r"\b(?:never|nothing|no|not|don'?t|do not)(?: (?:book|schedule|make|take|set|anything|any"
    r"|appointments?|calls?|tours?|showings?|visits?|up))*"
)
_CLOCK = r"(?:\d|ten|nine|eight|noon|six|five|eleven|seven)"
_HOURS = re.compile(rf"{_BOOK} (?:before|after|earlier than|later than) {_CLOCK}", re.I)
"""When to book, and nobody named in it."""
_ROUTES = re.compile(
    r"\b(?:send|route|give|pass|show|steer|only|avoid|refuse|reject|families|people from)\b", re.I
)
"""Who gets whom is looked at by the guard alone."""
_HARMLESS = frozenset({"voice", "languages", "hours", "after_hours", "greeting", "number", "firm", "plan"})
_PEOPLE = re.compile(
    r"\b(?:callers?|clients?|buyers?|sellers?|renters?|tenants?|leads?|people|persons?|famil\w+|customers?"
    r"|speakers?|speaking|anyone|anybody|who|those|them|they|kids|children|wom[ae]n|m[ae]n)\b",
    re.I,
)
"""A setting of the agent itself names nobody: "the language should be English only"."""
_CHOOSE = re.compile(
    r"\b(?:(?:you|just|please) (?:pick|choose|decide)|pick (?:one|something)"
    r"|wh(?:at|ich)(?:ever)?(?: one)? (?:do |does )?most (?:people|offices|agents|brokers)"
    r"|the most (?:popular|common)"
    r"|whatever you (?:recommend|suggest|think)|up to you|your (?:choice|pick|recommendation)"
    r"|the (?:usual|default|standard)(?: one)?|surprise me|dealer'?s choice)\b",
    re.I,
)
"""Who leaves a choice to us gets what most offices start with."""
_NOBODY = re.compile(
    r"^\W*(?:none|no(?:ne|body| one)?|no thanks?|never|skip)\W*$"
    r"|\b(?:no|don'?t want(?: any)?|without|any) transfers?\b|\bdon'?t transfer\b",
    re.I,
)
_NO_NAME = re.compile(
    r"\b(?:don'?t|do not|haven'?t|have not) (?:have |got |picked |chosen |decided )*(?:on )?"
    r"(?:an?y? |my |our |the )?(?:(?:brokerage|company|business|firm) ?)?name\b"
    r"|\bno (?:brokerage |company |firm |business )?name(?: yet)?\b",
    re.I,
)
_START = re.compile(
    r"\W*(?:please |ok(?:ay)?,? |yes,? )?start(?: (?:it|them|now|please|the tests?(?: calls?)?))*\W*", re.I
)
_OWN_DATA = re.compile(r"\b(?:delete|erase|remove|copy of|send me|export|opt out|my own|about me)\b", re.I)
_THEIR_CALLS = re.compile(
    r"\bcalls\b|\b(?:the|my|our|their|all|your|these) (?:\w+ )?"
    r"(?:calls?|callers?'?|conversations|clients?'?|customers?'?|leads?'?)(?!\w)",
    re.I,
)
_SEATS = re.compile(
    r"\b(?:only|just)\b[^.,;]{1,40}\b(?:log ?ins?|log(?:ging)? in|sign in|users?|accounts?|access|seats?)\b",
    re.I,
)
""" "Only five people need logins", of a team of twenty-two."""
_VOICE_WORD = re.compile(r"\b(?:male|female|man|woman|warm|friendl)", re.I)


def _said_besides(event: Event) -> bool:
    """Whether an event is more than a yes or a no to the rules."""
    return isinstance(event, acts.Aside) or (brings_value(event) and not is_about(event, (RULES, ROUTING)))


class SettingUp(RulesByTalk):
    """Hears what a broker adds to an answer."""

    def _judged(self, text: str) -> Verdict:
        """A rule on hours, questions or what is hot only resembles an unlawful one, when it names nobody."""
        verdict = super()._judged(text)
        if PLAN not in self.flow.slots:
            return verdict
        if self._of_the_service(verdict, text):
            return Verdict(redacted=text, language=verdict.language)
        if not verdict.alike or verdict.label not in ("instruction", "internal"):
            return verdict
        setting = topic(text) in _HARMLESS and not _PEOPLE.search(text)
        rule = (_HOURS.search(text) or own_question(text)) and not _ROUTES.search(text)
        if (setting or rule) and forbidden_words(text) is None:
            return Verdict(redacted=text, language=verdict.language)
        return verdict

    def _of_the_service(self, verdict: Verdict, text: str) -> bool:
        """A buyer's question about the service, and no request about their own data, call or number."""
        match verdict.label:
            case "privacy" | "access" | "source":
                return wish_of(text) is None and not _OWN_DATA.search(text)
            case "robot":
                return asked_of_us(text) != OF_THIS and bool(asked_about_product(text, asked_of_us))
            case "recorded":
                return answer_about_product(text) is not None and _THEIR_CALLS.search(text) is not None
            case "cost":
                return answer_about_product(text) is not None
            case "language":
                return any(asked_of_us(s) == "languages" for s in sentences(text))
            case "dont_record":
                return calls_not_recorded(text, self.view()) is not None
            case "contract" | "value" | "commission":
                return any(asked_of_us(s) not in ("", OF_THIS) for s in questions(text))
            case "opt_in":
                return _START.fullmatch(text.strip()) is not None  # "start" the test calls, asked for here
        return False

    def _understood(self, text: str, confidence: float) -> list[Event]:
        """As anywhere; in a set-up also what was said besides."""
        if PLAN in self.flow.slots and not self.state.closed:
            text = without_vain_no(text, self.view())
            standard = str(self._known().get("standard_greeting") or "")
            for heard in (names_in, greeting_told):
                told, rest = heard(text, self.view(), standard)
                if told:
                    by_it = persona_greets(told, str(self.state.best().get(FIRM) or ""), self.view())
                    return [*told, *by_it, *self._beside_greeting(rest, told, confidence)]
            if (called := self._called_told(text, confidence)) is not None:
                return called
            if (wished := self._wishes_told(text, confidence)) is not None:
                return wished
            if (named := self._named_told(text, confidence)) is not None:
                return named
        if PLAN in self.flow.slots and (shared := all_to_one(text, self.view())) is not None:
            told, rest = shared
            more = self._understood(rest, confidence) if any(c.isalnum() for c in rest) else []
            said = {e.slot for e in more if isinstance(e, acts.Answer | acts.Fix)} - {RULES, ROUTING}
            kept = [e for e in told if not is_about(e, tuple(said))]
            return [*kept, *(e for e in more if _said_besides(e))]
        events = self._left_to_us(text) or super()._understood(text, confidence)
        if PLAN not in self.flow.slots or self.state.closed:
            return events
        events = no_loop(number_told(text, events, self.view()), self.view())
        events = only_one(self._sharing_too(text, events), self.view())
        events = voice_told(text, events, self.view())
        events = self._reviewed(self._shared_how(self._plan_fits(text, events)))
        return [*voice_truth(events, self.parts.ports.engines), *self._points_told(text, events)]

    def _called_told(self, text: str, confidence: float) -> list[Event] | None:
        """What the agent is to be called, with what else is said; None where nothing is said of it."""
        told, rest = persona_told(text, self.view())
        if not told:
            return None
        more = self._understood(rest, confidence) if any(c.isalnum() for c in rest) else []
        seen_first = self.state.awaiting.kind == "summary"
        kept = [e for e in more if tells(e) and not (seen_first and isinstance(e, acts.Yes | acts.No))]
        return [*kept, *told]

    def _named_told(self, text: str, confidence: float) -> list[Event] | None:
        """A system or sources of leads kept by name, with what else is said; None where none is named."""
        if self.state.awaiting.kind == "ask" and self.flow.slots[self.state.awaiting.slots[0]].type == "text":
            return None
        command = find_command(text)
        if command is not None and command.name in LEAVING:
            return None  # "enough for now, I'll call back" names no source
        dated, left = calendar_told(text, self.view())
        systems, left = system_told(left, self.view())
        sourced, rest = sources_in(left, self.view())
        if not dated and not systems and not sourced:
            return None
        more = self._understood(rest, confidence) if any(c.isalnum() for c in rest) else []
        answered = self.state.awaiting.kind == "summary" or self.state.awaiting.slots[:1] in (
            ["crm_vendor"],
            ["lead_sources"],
        )
        kept = [
            e
            for e in more
            if tells(e)
            and not ((systems or sourced) and is_about(e, _NAMED))
            and not isinstance(e, acts.No)
            and not (answered and (systems or sourced) and isinstance(e, acts.Yes))
        ]
        return [*dated, *systems, *sourced, *kept]

    def _beside_greeting(self, rest: str, told: Sequence[Event], confidence: float) -> list[Event]:
        """What else was said with the greeting or the name callers hear."""
        if not any(c.isalnum() for c in rest):
            return []
        waiting = self.state.awaiting
        seen = waiting.slots == [GREETING] or waiting.kind == "summary"
        named = {GREETING, *(e.slot for e in told if isinstance(e, acts.Answer | acts.Fix))}
        more = [e for e in self._understood(rest, confidence) if tells(e) and not is_about(e, tuple(named))]
        return [e for e in more if not (seen and isinstance(e, acts.Yes | acts.No))]

    def _left_to_us(self, text: str) -> list[Event]:
        """Answers by leaving the choice to us, by keeping what was offered, or by wanting nobody rung."""
        waiting = self.state.awaiting
        if PLAN not in self.flow.slots or waiting.kind not in ("ask", "offer"):
            return []
        name = waiting.slots[0]
        spec = self.flow.slots[name]
        if name == "run_tests" and _START.fullmatch(text.strip()):
            return [acts.Answer(name, Reading(value=True))]
        if name == FIRM and _NO_NAME.search(text):
            return [acts.Aside("no_name")]
        if name == TRANSFER and _NOBODY.search(text) and not re.search(r"\d{3}", text):
            return [acts.Aside("transfer_needed")]
        if waiting.kind == "offer":
            return []
        offered = self._known().get(spec.suggest) if spec.suggest else None
        ours = offered if offered is not None else spec.default
        if (
            ours is None
            or len(text.split()) > 12
            or (spec.choices_from == "voices" and _VOICE_WORD.search(text))
        ):
            return []
        if not _CHOOSE.search(text):
            return []
        rest = [e for e in understand(text, self.view()) if isinstance(e, acts.Fix)]
        return [acts.Answer(name, Reading(value=ours)), *rest]

    def _sharing_too(self, text: str, events: list[Event]) -> list[Event]:
        """ "Not really, I'd like the leads by area": the other rules were named with the no."""
        if not any(
            isinstance(e, acts.Answer) and e.slot == RULES and e.reading.value is False for e in events
        ):
            return events
        view = self.view()
        named = {e.slot for e in events if isinstance(e, acts.Answer | acts.Fix)}
        for name in ("routing_mode", "follow_up"):
            reading = view.type_of(name).spot(text, view.context(name)) if name not in named else None
            if reading is not None and reading.value is not None:
                events = [*events, acts.Answer(name, reading)]
        return events

    def _value(self, name: str, events: list[Event]) -> object:
        said = [e.reading.value for e in events if isinstance(e, acts.Answer | acts.Fix) and e.slot == name]
        return next((v for v in said if v is not None), self.state.best().get(name))

    def _reviewed(self, events: list[Event]) -> list[Event]:
        """A plan that waits for our review says so when it is chosen, once."""
        chosen = self._value(PLAN, [e for e in events if is_about(e, (PLAN,))]) if events else None
        named = any(is_about(e, (PLAN,)) for e in events)
        if (
            not named
            or not isinstance(chosen, str)
            or not review_items(chosen)
            or REVIEW in self.state.raised
        ):
            return events
        self.state = self.state.with_raised(REVIEW)
        return [acts.Aside(REVIEW, {"plan": plans.plan(chosen).label}, stays=False), *events]

    def _plan_fits(self, text: str, events: list[Event]) -> list[Event]:
        """A plan too small for the team is said where it is chosen; the one that fits is offered.

        Once: who insists on it, or says that not everybody signs in, has it.
        """
        if not any(isinstance(e, acts.Answer | acts.Fix) and e.slot in (PLAN, TEAM) for e in events):
            return events
        chosen, team = self._value(PLAN, events), self._value(TEAM, events)
        if not isinstance(chosen, str) or not isinstance(team, int) or plans.allows(chosen, "users", team):
            return events
        have, fits = plans.plan(chosen), plans.smallest_for("users", team)
        users = "one user" if have.users == 1 else f"{have.users:,} users"
        doubted = self.state.awaiting.kind == "offer" and self.state.peek(PLAN).pending
        insists = any(is_about(e, (PLAN,)) for e in events) and (doubted or _SEATS.search(text))
        if insists:
            taken = acts.Aside("plan_kept", {"have": have.label, "users": users}, stays=False)
            chose = acts.Fix(PLAN, Reading(value=chosen))
            return [
                taken,
                *(e for e in events if not is_about(e, (PLAN, TEAM)) and not isinstance(e, acts.No)),
                chose,
            ]
        said = {"have": have.label, "fits": fits.label, "team": str(team), "users": users}
        kept = [e for e in events if not (isinstance(e, acts.Answer | acts.Fix) and e.slot == PLAN)]
        # read back, so that nobody is moved to another plan unasked
        offered = fits.value if self.channel != "voice" else None
        fitting = acts.Answer(PLAN, Reading(value=fits.value, suggestion=offered))
        return [*kept, acts.Aside("plan_too_small", said, stays=False), fitting]

    def _shared_how(self, events: list[Event]) -> list[Event]:
        """Leads by area or price need to know whose: said where that is set, and who has them until then."""
        said = next((e for e in events if is_about(e, (ROUTING,))), None)
        needs = NEEDS.get(str(said.reading.value)) if isinstance(said, acts.Answer | acts.Fix) else None
        return [acts.Aside("routing_needs", {"what": needs}, stays=False), *events] if needs else events

    def _points_told(self, text: str, events: list[Event]) -> list[Event]:
        """The points of each criterion, taken wherever they are said (A047)."""
        if asks(text) or self.state.awaiting.slots == [POINTS]:
            return events
        view = self.view()
        reading = view.type_of(POINTS).spot(text, view.context(POINTS))
        if reading is None:
            return events
        kept: list[Event] = [
            e
            for e in events
            if not is_about(e, (POINTS, "hot_score", AFTER_HOURS, "business_hours"))
            and not isinstance(e, acts.Unclear | acts.Command | acts.No)
        ]
        kept.append(acts.Answer(POINTS, reading))
        if reading.value is None or self.channel == "voice":
            return kept
        value = worded(view, POINTS, reading.value)
        return [acts.Aside("criteria_taken", {"value": value}, stays=False), *kept]
