"""From words to events, given what the caller was just asked. Deterministic.

This is what the guided brain hears with, what corrects a language model's slips, and what tests
and simulations rely on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz

from agent import acts
from agent.acts import Event, brings_value
from agent.form import order
from agent.form.state import FormState
from agent.understanding.base import ASKS_BACK, Reading, SlotContext, SlotType
from agent.understanding.clauses import clauses as spoken_clauses
from agent.understanding.commands import ALWAYS, find_command, resume_code, wants_to_resume
from agent.understanding.cues import cue_span
from agent.understanding.digits import without_numbers
from agent.understanding.firm_spans import firms_in
from agent.understanding.fragments import answer_only, gathered
from agent.understanding.moments import without_moments
from agent.understanding.no_answer import only_filler
from agent.understanding.of_the_broker import with_broker
from agent.understanding.polarity import polarity, split_polarity
from agent.understanding.postal import without_streets
from agent.understanding.put_right import put_right
from agent.understanding.remains import ABOUT_CONTACT, TIMED, holds_time, without_person
from agent.understanding.sentences import asks, farewell, opens_a_question, parted, sentences
from agent.understanding.spanish import gloss
from agent.understanding.spanish_setup import in_english
from agent.understanding.turning import named_outright
from agent.understanding.types import slot_types
from agent.understanding.types.errand import denies, other_business, said_besides
from agent.understanding.types.text import mentions
from agent.understanding.wishes import (
    by_mail_only,
    limits_contact,
    no_phone,
    no_robots,
    one_way_alone,
    says_when,
    ways_to_reach,
    welcomes_contact,
    welcomes_one_way,
    welcomes_people,
    without_robots,
)
from agent.understanding.wordlists import word_list
from flows.schema import Channel, Choice, Flow, Slot

LABEL_MATCH = 86
SHORT = 5
"""Words that may be nothing but a value; a longer sentence has to show that it holds one."""
_WONDERS = re.compile(
    r"^\W*(?:\w+ )?(what|which|how|why|who|when|where|do you|does|did|will|should|are there|is there)\b", re.I
)
"""Questions that nobody asks to suggest an answer."""
MESSAGE = "message"
SET_UP = "terms_accepted"
"""Only who sets a brokerage up is asked this."""
CONSENT, LIMITS, ALSO = "consent_contact", "contact_limits", "also_wants"
MAIL, UPDATES = "email", "updates"
AI_VOICE = "ai_voice"
SPECIAL = "special_request"
LATER = frozenset({"person_name"})
"""Types of which half a value, spoken of in passing, is kept until their turn comes."""
_INSTEAD = re.compile(r"\b(instead|rather|changed (my|our) mind|on second thought|forget)\b", re.I)
_TURNED = re.compile(r"\b(actually|no|wait|instead|rather|changed (my|our) mind|on second thought)\b", re.I)
_FIRST = re.compile(r"\bfirst\b(?! (time|home|one|floor))|\bbefore (we|i) (buy|rent)\b", re.I)
KEYS = {"9": "repeat", "0": "human", "*": "go_back", "7": "dont_record"}
_AGREEABLE = frozenset({"skip", "repeat", "goodbye", "help"})
_AGREEING_NEXT = re.compile(r"^\W*(ok(ay)?|good|fine|great|right|sure)\W+next\W*$", re.I)
"""After a read-back "uh huh", "that's it" and "okay, next" agree; elsewhere they are commands."""
CLOSED = frozenset({"choice", "multi_choice", "errand", "representation"})
"""Types whose answers are a closed set."""
OVERLAPPING = CLOSED | {"yes_no"}
"""The words that chose an option may hold other facts too ("looking for a *three-bedroom house*")."""
KEYED_TYPES = CLOSED | {
    *("phone", "code", "integer", "money", "money_range", "date", "time", "percent", "timezone", "areas")
}

_CORRECTING = re.compile(
    r"^(no|nope|actually|sorry|wait|oh|i meant?|i said|that'?s not|not)\b"
    r"|[.?!;]\s*(no|nope|actually|wait|sorry|i said|i meant)\b|\bno,? (no|wait)\b"
    r"|\b(i meant|i said|make (that|it)|instead|correction)\b",
    re.I,
)
_REWORDED = re.compile(r"\b(i meant?|i said|make (that|it)|instead|correction)\b", re.I)
_CHANGE = re.compile(
    r"\b(change|correct|fix|edit|update|redo|modify|adjust)\b(?P<what>.*)"
    r"|(?P<wrong>.*)\b(is|are|was) (wrong|incorrect|not (right|correct))\b"
    r"|\bwrong (?P<name>[\w\s-]+)",
    re.I,
)

_CHANGE_ALONE = re.compile(
    r"(wait|no|oh|actually|sorry|please|and|but|so|um|uh|can|could|may|i|we|you|want|need|have|would|like|'?d|to|let'?s|let|me|just"
    r"|[\s,.!?])*\b(change|correct|fix|edit|update|redo|modify|adjust)"
    r"( (it|that|this|something|one|an|the|my|last|thing|answer|part|step|please|again|else|back))*[\s.!?]*",
    re.I,
)
"""A wish to change something that does not say what; "job change" and "change my flight" are none."""

_WRITTEN = re.compile(r"@|\bdot\b|\.(com|net|org|example)\b", re.I)
_LABELLED = re.compile(
    r"\b(?:the|our|my) (?P<label>[a-z][a-z -]{2,24}?) (?:is|are|should be|was|were|has to be) (?P<value>.+)$",
    re.I,
)
_EXCEPT = re.compile(r"^\W*(but|except|only|just|although|though|however|apart from)\b", re.I)
_CHANGED_TO = re.compile(r"\b(?:to|into|it'?s|should be|is)\s+(?P<value>.+)$", re.I)
_SMALL_TALK = re.compile(
    r"\b(was|were|been|went|lived|grew up|born|vacation(ed)?|holiday|honeymoon|travel(l?ed)?|trip|weather|visited)\b",
    re.I,
)
"""Where somebody was is not where they want to be."""
_PLACE_WANTED = re.compile(
    r"\b(look\w*|buy\w*|rent\w*|liv(e|ing)|mov(e|ing)|house|home|place|apartment|condo|town ?house|property|bed(room)?s?"
    r"|area|have|available|something|anything|find|search\w*|lot|land|duplex|units?|invest\w*|sell\w*|want|need|interested|prefer|we|market)\b",
    re.I,
)
_SENTENCE = re.compile(
    r"^\W*(um+ |uh+ |well |so |oh |and |sorry |hi |hello |yeah |ok(ay)? )*"
    r"((i|we|they|you|he|she|it|my \w+|there|that|this)(('ve|'d|'ll)| (have|has|had|was|were|want|need|love|like|don'?t|do"
    r"|can|can'?t|could|will|would|use|am|think|thought|know|just|got|get|went|work|cover|serve|is so|is very|is really)\b)"
    r"|(this|that|it)('s| is) (so|very|really|too|not|great|nice|cool|fun|new|like)\b"
    r"|(we|i)('re|'m| are| am) (open|not|so|very|really|just|in|at|on|here|there|ready|busy|driving|looking|trying|going|glad|happy)\b)",
    re.I,
)
"""Words that tell something, where a name would only be named."""
_GREETING_ONLY = re.compile(
    r"((hi|hello|hey|good (morning|afternoon|evening)|yes|yeah|so|well|um+|uh+|ok(ay)?|sure|there|and|thanks?)[\s,.!]*)+",
    re.I,
)
_QUESTION = re.compile(
    r"^\W*(so |um+ |uh+ |and |but |wait |sorry |well |ok(ay)? )*(what|which|how|why|who|where|when|does|do you|is it|is there|can you|could you|can i"
    r"|will you|are you)\b|\?\s*$",
    re.I,
)
COUNTING = frozenset(
    (
        "money",
        "money_range",
        "integer",
        "percent",
        "weekly_hours",
        "timeline",
        "date",
        "time",
        "areas",
        "code",
    )
)
"""Types that read numbers which are not telephone numbers."""
SUMS = frozenset({"money", "money_range", "integer", "percent", "phone"})
"""Types to which "Tuesday at two" tells no number."""
UNPROMPTED = frozenset(
    {"organization", "person_name", "email", "text", "role_title", "address", "yes_no", "url"}
)
"""Types that almost any words could be: from a summary they change only by name, by cue or with a "no"."""
_FIRM = re.compile(
    r"\b(brokerage|compan(y|ies)|firm|business|office|agency|team|group|broker|realt(y|ors?)|homes|properties|estates?"
    r"|we|we're|our|us|at|for|from|with)\b",
    re.I,
)
"""A firm is spoken of; a dog may be called Max."""
_AT_WORK = re.compile(
    r"\b(charge|run|own|owns|manage\w*|broker\w*|owner|agent|assistant|lead\w*|handle|boss)\b", re.I
)

_HELLO = re.compile(
    r"^\W*(?:hi|hello|helo|hallo|hey|good (?:morning|afternoon|evening))(?: there| kei)?\b[\s,.!]+(?:this is (?=[A-Z]\w+(?: \w+){0,3} (?:Realty|Homes|Real Estate|Properties|Group|Realtors)))?",
    re.I,
)
"""A greeting is no part of a firm's name, whatever its spelling."""
_NOTHING_ELSE = re.compile(r"^\W*(no,? )?(nothing|none|not|that'?s (it|all)|nope)\b(?!.*\bbye\b)", re.I)
"""An answer to "anything else it must have?", and no farewell."""
_FIRM_NAMED = re.compile(
    r"\b(?:company|business|brokerage|firm)s?(?: name)?(?: is| isnt| should be|s name)\b"
)
_AS_GIVEN = re.compile(
    r"\b(?:the (?:one|way)|what|as|like|how) i(?:'ve| have)? (?:just )?(?:gave|given|typed|wrote|written|said|put|spelled|had|sent|entered)\b"
    r"|\b(?:mine|my (?:own|first|version|spelling)) (?:is|was) (?:right|correct|fine|good)\b",
    re.I,
)
"""What was given stands, whatever was asked about it."""
_BARE_NO = re.compile(
    r"\W*(?:no|nope|not|haven'?t|none|neither)(?: (?:yet|now|really|at all|sorry|thanks?))*\W*", re.I
)
"""An answer to what was asked, whatever that was, and to nothing else."""
_CLAUSE = re.compile(
    r"(?:[,;.]\s+(?:and\s+|but\s+)?|\s+and\s+)(?=(?:my|our|the|your)\s[\w' ]{3,30}?\b(?:is|are|should be)\s"
    r"|(?:my|the|our)\s(?:first |last |full )?name\b|(?:company|business|brokerage|firm|name) (?:is\s|(?-i:[A-Z]))|i'?m\s(?:the|an?)\s|i am\s(?:the|an?)\s)",
    re.I,
)
"""Where one correction ends and the next begins."""
_NOTHING = re.compile(
    r"\b(nothing|none|neither|all (good|right|fine|correct)|they'?re (all )?(fine|right|correct)"
    r"|never ?mind|it'?s (fine|ok(ay)?|all right))\b",
    re.I,
)


@dataclass(frozen=True)
class View:
    """What understanding may look at: the form, the channel, and what is known around it."""

    flow: Flow
    state: FormState
    channel: Channel = "voice"
    facts: Mapping[str, Any] = field(default_factory=dict)
    now: datetime | None = None
    choices: Callable[[Slot], Sequence[Choice]] = lambda slot: slot.choices

    @property
    def language(self) -> str:
        """What is spoken now."""
        return self.state.language

    def type_of(self, name: str) -> SlotType:
        """The slot's type."""
        return slot_types()[self.flow.slots[name].type]

    def context(self, name: str) -> SlotContext:
        """Everything the slot's type may look at."""
        spec, slot = self.flow.slots[name], self.state.peek(name)
        return SlotContext(
            name=name,
            slot=spec,
            channel=self.channel,
            facts={**self.state.best(), **self.facts},
            choices=self.choices(spec),
            now=self.now,
            current=slot.proposal if slot.pending else slot.value,
            partial=slot.partial,
            fails=slot.fails,
        )


def understand(text: str, view: View, confidence: float = 1.0) -> list[Event]:
    """Everything that was said, as events in the order the engine should take them in.

    ``text`` is a transcript, typed text, or ``DTMF: 123#``. Never empty: words that mean nothing
    here are ``Unclear``.
    """
    keyed = re.fullmatch(r"\s*DTMF:\s*([\d*#]+)\s*", text)
    if keyed:
        events = _keyed(keyed.group(1), view)
    else:
        if SET_UP in view.flow.slots and view.language != "es" and not _wants_own_words(view):
            text = in_english(text)
        events = (_in_spanish if view.language == "es" else _spoken)(text.strip(), view)
        events = gathered(text.strip(), view, events)
    if confidence < 1.0:
        events = [_doubt(e, confidence) for e in events]
    return events or [acts.Unclear(text)]


def _wants_own_words(view: View) -> bool:
    waiting = view.state.awaiting
    return waiting.kind == "ask" and view.flow.slots[waiting.slots[0]].type == "text"


def _in_spanish(text: str, view: View) -> list[Event]:
    """Read through an English gloss; what is kept in the caller's own words stays in their language."""
    waiting = view.state.awaiting
    asked = waiting.slots[0] if waiting.kind in ("ask", "confirm") and waiting.slots else ""
    kind = view.flow.slots[asked].type if asked else ""
    events = _spoken(gloss(text, name_wanted=kind == "person_name", address_wanted=kind == "address"), view)
    own_words = isinstance(events[0], acts.Answer) and events[0].slot == asked if events else False
    first = events[0] if own_words and kind == "text" else None
    if isinstance(first, acts.Answer) and first.reading.value not in (None, "", "none"):
        own = answer_only(text, view, asked).strip(" ¿¡.")
        events[0] = replace(first, reading=Reading(value=own)) if own else acts.Command("repeat")
    return events


def _doubt(event: Event, confidence: float) -> Event:
    if brings_value(event):
        lower = min(event.reading.confidence, confidence)
        return replace(event, reading=replace(event.reading, confidence=lower))
    return event


def _keyed(keys: str, view: View) -> list[Event]:
    waiting = view.state.awaiting
    digits = keys.rstrip("#")
    if waiting.kind in ("confirm", "summary", "offer") and digits in ("1", "2"):
        return [acts.Yes() if digits == "1" else acts.No()]
    if waiting.kind == "ask":
        name = waiting.slots[0]
        kind = view.flow.slots[name].type
        if kind == "yes_no" and digits in ("1", "2"):
            return [acts.Answer(name, Reading(value=digits == "1"))]
        if (
            kind in KEYED_TYPES
            and len(digits) >= 1
            and not (digits in KEYS and len(digits) == 1 and keys == digits and kind in ("phone", "code"))
        ):
            reading = view.type_of(name).parse(f"DTMF: {keys}", view.context(name))
            if reading is not None:
                return [acts.Answer(name, reading)]
    if digits in KEYS:
        return [acts.Command(KEYS[digits])]  # type: ignore[arg-type]
    return []


def _spoken(text: str, view: View) -> list[Event]:
    if not any(c.isalnum() for c in text):
        return [acts.Aside("unheard")]  # a sound that was no words: asked again at once, and no failed answer
    waiting = view.state.awaiting
    free_text = waiting.kind == "ask" and view.flow.slots[waiting.slots[0]].type == "text"
    command = _allowed(find_command(text, strict=free_text), view)
    reached = _being_reached(text, view, command)
    if reached:
        return reached
    if command is not None and not _is_an_answer(command, text, view):
        return [*_told_besides(text, view), command]
    if command is None and farewell(text) and _allowed(acts.Command("goodbye"), view):
        return [*_told_besides(text, view), acts.Command("goodbye")]
    if "resume" in view.flow.anywhere and (resume := _resume(text, view)) is not None:
        return [resume]
    if command is not None and command.name in _AGREEABLE:
        text = _AGREEING_NEXT.sub("yes", text)
    if SET_UP not in view.flow.slots:
        return _in_turn(text, view)
    return with_broker(text, view, put_right(text, view, _in_turn))


def _in_turn(text: str, view: View) -> list[Event]:
    """What the words mean where the conversation stands."""
    match view.state.awaiting.kind:
        case "confirm" | "summary" | "offer":
            return _agreeing(text, view)
        case "which":
            return _pointing(text, view)
        case "ask":
            return _answering(text, view)
    return _volunteered(text, view, ())


def _told_besides(text: str, view: View) -> list[Event]:
    """Facts in the sentences that are neither the wish nor the goodbye that came with them."""
    parts = sentences(text)
    if len(parts) == 1 and not farewell(text) and find_command(text) == acts.Command("human"):
        return [e for e in _volunteered(text, view, ()) if isinstance(e, acts.Answer) and e.reading.value]
    others = [p for p in parts if find_command(p) is None and not farewell(p) and not asks(p)]
    if len(parts) == 1 and farewell(text):
        others = [parts[0].rpartition(",")[0]]
    rest = " ".join(others).strip()
    if not rest or rest == text:
        return []
    found = [e for e in _spoken(rest, view) if isinstance(e, acts.Answer | acts.Fix | acts.Yes)]
    return [e for e in found if isinstance(e, acts.Yes) or e.reading.value is not None]


def _allowed(command: acts.Command | None, view: View) -> acts.Command | None:
    """Only what the flow lets a caller say anywhere, and what the law does; a line is always open to a person."""
    if command is None or command.name in view.flow.anywhere or command.name in ALWAYS:
        return command
    return command if command.name in ("human", "goodbye", "repeat") or not view.flow.anywhere else None


def _being_reached(text: str, view: View, command: acts.Command | None) -> list[Event]:
    """Only calls, only texts, or welcome again: less than an opt-out, and more than a yes or no."""
    if not {LIMITS, CONSENT} <= set(view.flow.slots):
        return []
    asked = view.state.awaiting.kind == "ask" and view.state.awaiting.slots == [CONSENT]
    refused = AI_VOICE in view.flow.slots and no_robots(text)
    mail = asked and by_mail_only(text)
    if mail or (asked and no_phone(text)):
        # neither a call nor a text: no consent, and where they would have it instead
        found = [e for e in _volunteered(text, view, ()) if isinstance(e, acts.Answer) and e.slot == MAIL]
        told: list[Event] = [acts.Answer(CONSENT, Reading(value=False)), *found]
        if mail:
            told.append(acts.Answer(UPDATES, Reading(value="email"), volunteered=True))
            known = view.state.peek(MAIL)
            if not found and not (known.counts or known.pending):
                told.append(acts.Aside("", ask=MAIL))
        return told
    way = ways_to_reach(text, asked=asked and (command is None or command.name != "opt_out"))
    events: list[Event] = []
    if refused:
        events.append(acts.Answer(AI_VOICE, Reading(value="refused"), volunteered=True))
        rest = without_robots(text)
        if not asked and way is None and any(c.isalnum() for c in rest):
            # "three bedrooms, and no robot calls please"
            besides = [e for e in _spoken(rest, view) if isinstance(e, acts.Answer | acts.Fix | acts.Yes)]
            events += [e for e in besides if isinstance(e, acts.Yes) or e.reading.value is not None]
    if way is not None:
        events.append(acts.Answer(LIMITS, Reading(value=way), volunteered=True))
    plainly = way is not None and (ways_to_reach(text, asked=False) is not None or one_way_alone(text))
    people = refused and (welcomes_people(text) or polarity(without_robots(text)) == "yes")
    agreed = way is not None and (polarity(text) == "yes" or welcomes_one_way(text))
    if asked and (plainly or people or agreed):
        events.append(acts.Answer(CONSENT, Reading(value=True)))
        if SPECIAL in view.flow.slots and not view.state.peek(SPECIAL).counts and says_when(text):
            events.append(acts.Answer(SPECIAL, Reading(value=text.strip()[:200]), volunteered=True))
    if events:
        return events
    if SPECIAL in view.flow.slots and limits_contact(text):
        noted: list[Event] = [acts.Answer(SPECIAL, Reading(value=text.strip()[:200]), volunteered=True)]
        if asked:
            noted.append(acts.Answer(CONSENT, Reading(value=polarity(text) != "no")))
        return noted
    consent = view.state.peek(CONSENT)
    if consent.counts and consent.value is False and welcomes_contact(text):
        # what was refused is agreed to in the words of the question, not in passing
        return [acts.Command("change", CONSENT)]
    return []


def _is_an_answer(command: acts.Command, text: str, view: View) -> bool:
    """Some words are a command in one place and an answer in another ("no preference", "later")."""
    waiting = view.state.awaiting
    if waiting.kind in ("confirm", "summary", "offer"):
        if command.name in _AGREEABLE and (polarity(text) in ("yes", "no") or _AGREEING_NEXT.search(text)):
            return True
        # "scratch that" or "cancel that" after a read-back is a no
        return command.name == "undo" and "undo" not in text.lower()
    if command.name == "dont_record" and waiting.slots:
        asked = waiting.slots[0]
        return view.flow.slots[asked].choices_from == "recording_modes" and _fits(text, view, asked)
    if waiting.kind == "ask" and command.name in ("skip", "goodbye", "help", "status"):
        name = waiting.slots[0]
        if command.name == "goodbye" and view.flow.slots[name].type == "text" and _NOTHING_ELSE.match(text):
            return True
        if view.flow.slots[name].type in ("yes_no", "timeline"):
            reading = view.type_of(name).parse(text, view.context(name))
            return reading is not None and reading.value is not None
        return _fits(text, view, name)
    return False


def _resume(text: str, view: View) -> Event | None:
    if not wants_to_resume(text):
        return None
    code = resume_code(text)
    waiting = view.state.awaiting
    if code is None and waiting.kind == "ask" and view.flow.slots[waiting.slots[0]].type == "code":
        return None
    if code is None and view.state.done and "code" not in text.lower():
        # "let's finish the set-up" in the middle of it
        return None
    return acts.Command("resume", code)


def _agreeing(text: str, view: View) -> list[Event]:
    """After a read-back: yes, no, no with the right value, or the right value alone."""
    waiting = view.state.awaiting
    names = list(waiting.slots)
    if waiting.kind == "summary":
        step = view.flow.step(waiting.step)
        names = order.members(view.flow, step, view.state)
    person_asked = bool(ABOUT_CONTACT & {view.flow.slots[n].type for n in names})
    if view.flow.on_end is not None and not person_asked and not (text := without_person(text, view)):
        return []  # "Nina Brooks": who they are is no yes, and no other wording
    sign, rest = split_polarity(text)
    if waiting.kind == "offer" and view.state.peek(names[0]).pending and _AS_GIVEN.search(text):
        return [acts.No()]  # "no, the one I gave is right", of what is doubted
    if sign == "yes" and waiting.kind == "offer" and (changed := _offered_but(rest, view, names[0])):
        return [changed]
    if sign == "yes" and _EXCEPT.match(rest):
        # "yes, but my last name is Reid": the exception is what counts
        exception = _EXCEPT.sub("", rest).strip(" ,")
        put_right: list[Event] = [e for e in _fixes(exception, view, names, said_no=True) if _is_fix(e)]
        wish = _change(exception, view)
        if put_right or wish is not None:
            return put_right or [wish or acts.No()]
    if sign == "yes":
        more = _volunteered(rest, view, names) if len(rest.split()) > 2 else []
        return [acts.Yes(), *more]
    words = rest if sign == "no" else text
    if waiting.kind == "offer" and not view.state.peek(names[0]).pending:
        # offered instead of asked: anything but yes or no is the answer to the question itself
        more_than_no = any(c.isalnum() for c in words)
        answers: list[Event] = [
            e
            for e in (_answering(words, view) if more_than_no else [])
            if not isinstance(e, acts.No | acts.Unclear)
        ]
        if not answers and sign == "no":
            answers.append(acts.No())
        return answers
    fixes = _fixes(words, view, names, said_no=sign == "no")
    if fixes:
        return fixes
    pointed = _named(words, view, names)
    if pointed is not None and (sign == "no" or waiting.kind == "summary" or _CHANGE.search(text)):
        return [acts.Command("change", pointed)]
    others = _volunteered(words, view, names)
    if sign == "no":
        return [acts.No(), *others]
    change = _change(text, view)
    if change is not None:
        return [_changed(change, text, view) or change]
    return others


def _offered_but(rest: str, view: View, name: str) -> Event | None:
    """ "Yes, but closed on Fridays", to hours that were offered: the offer with its exception."""
    offered = view.state.peek(name).offer
    if view.flow.slots[name].type != "weekly_hours" or offered is None or len(rest.split()) < 2:
        return None
    words = _EXCEPT.sub("", rest).strip(" ,")
    reading = view.type_of(name).repair(words, replace(view.context(name), current=offered))
    if reading is None or reading.value is None or reading.value == offered:
        return None
    return acts.Fix(name, reading)


def _is_fix(event: Event) -> bool:
    return isinstance(event, acts.Fix)


def _fixes(text: str, view: View, names: Sequence[str], *, said_no: bool) -> list[Event]:
    """Corrections of the values just read back, each clause its own ("the firm is ..., and my name is ...")."""
    if not text.strip():
        return []
    clauses = _CLAUSE.split(text) if len(names) > 1 else [text]
    if len(clauses) > 1:
        each = {e.slot: e for c in clauses for e in _fixes(c, view, names, said_no=said_no) if _is_fix(e)}  # type: ignore[union-attr]
        return list(each.values())
    fixes: list[Event] = []
    pending = [n for n in names if view.state.peek(n).pending or view.state.peek(n).counts]
    alone = len(pending) == 1
    own_words = alone and not said_no and view.flow.slots[pending[0]].type == "text"
    if own_words and not _CORRECTING.search(text) and _volunteered(text, view, names):
        return []  # another fact, and no other wording
    named = _named(text, view, pending)
    for name in pending:
        context, kind, spec = view.context(name), view.type_of(name), view.flow.slots[name]
        if name in TIMED and not holds_time(text):
            continue  # "yes but my wife is Dana Cole" names no other time
        if spec.type in SUMS and without_moments(text) != text and not re.search(r"\d{3}", text):
            continue  # a day and an hour correct no number
        if (
            spec.type in ("email", "url")
            and not re.search(r"[a-z]", without_numbers(text), re.I)
            and "@" not in text
        ):
            continue  # a telephone number corrects no address
        if not alone and named != name and spec.type in UNPROMPTED:
            meant = said_no or _CORRECTING.search(text) or cue_span(text, spec.cues) is not None
            if spec.type == "yes_no" or not meant:
                continue
            if (
                spec.type == "text"
                and cue_span(text, spec.cues) is None
                and not _holds_its_part(text, view, name)
            ):
                continue  # almost any words could be one
            if not _resembles(text, view, name):
                continue
        few = len(re.sub(r"\D", "", text)) < 7 and not _PIECE_OF_NUMBER.search(text)
        if not alone and spec.type == "phone" and few:
            continue  # three digits are an area code or a house, no piece of another number
        counts = spec.type == "integer" and named != name and len(text.split()) > SHORT
        wanted = (alone or named in (None, name)) and (alone or not counts)
        # a telephone number is no opening hour
        timed = spec.type == "weekly_hours" and without_numbers(text) != text
        said = _behind_label(text) if spec.type == "text" and named == name else text
        reading = kind.repair(_for(spec, said) if counts or timed else said, context) if wanted else None
        if reading is None and (alone or named == name):
            reading = kind.parse(said, context)
        if reading is None and not alone:
            reading = kind.spot(text, context)
        if reading is None or (
            reading.value is None and not reading.ask and not (reading.problem and (alone or said_no))
        ):
            continue
        if reading.value is not None and reading.value == context.current:
            # the same value said again: agreement, unless it came with a no
            if alone and not said_no:
                return [acts.Yes()]
            continue
        fixes.append(acts.Fix(name, reading))
        if not alone and named == name:
            break
    return fixes


def _behind_label(text: str) -> str:
    """ "The name on the phone is wrong, it's Tidewater Oak": what it should be."""
    found = re.search(
        r"\b(?:it'?s|it is|should (?:be|say)|make it|must be|change (?:it|that) to)\s+(?P<value>\S.*)$",
        text,
        re.I,
    )
    return found["value"] if found else text


def _holds_its_part(text: str, view: View, name: str) -> bool:
    """Whether free words that must hold another value do ("Oak Realty, how can we help?", for a greeting)."""
    part = view.state.best().get(str(view.flow.slots[name].options.get("contains") or ""))
    return isinstance(part, str) and len(text.split()) > len(part.split()) + 1 and mentions(text, part)


def _resembles(text: str, view: View, name: str) -> bool:
    """Whether words that name no field can be this one again: "no, remove Nevada" is no firm and no person."""
    spec, current = view.flow.slots[name], view.context(name).current
    if cue_span(text, spec.cues) is not None or _ACTS_ON.match(text):
        return not _ACTS_ON.match(text)
    if spec.type == "role_title":
        reading = view.type_of(name).parse(text, view.context(name))
        return reading is not None and reading.confidence >= 0.9
    if spec.type != "organization" or firms_in(text):
        return True
    words = [w for w in re.findall(r"\w+", text.lower()) if len(w) > 2]
    known = re.findall(r"\w+", str(current).lower())
    return any(fuzz.ratio(w, k) >= 70 for w in words for k in known)


_ACTS_ON = re.compile(r"\W*(?:please )?(?:remove|drop|delete|take|add|move|cancel|put)\b", re.I)
"""A wish that something be done, which no name begins with."""
_PIECE_OF_NUMBER = re.compile(r"\b(?:last|first|ends?|ending|digits?|area code|prefix|instead)\b", re.I)


def _pointing(text: str, view: View) -> list[Event]:
    """After "which one is wrong?": a name, a correction, or "nothing, it's fine"."""
    names = list(view.state.awaiting.slots)
    if _NOTHING.search(text):
        return [acts.Command("repeat")] if not names else [acts.Yes()]
    fixes = _fixes(text, view, names, said_no=True)
    named = _named(text, view, names) or _named(text, view, list(view.flow.slots))
    if named is not None:
        exact = [e for e in fixes if isinstance(e, acts.Fix) and e.slot == named]
        behind = re.split(r"[.:,;]\s+", text, maxsplit=1)[1:]  # "company name. North Loop Homes"
        reading = view.type_of(named).parse(behind[0], view.context(named)) if behind else None
        if reading is not None and reading.value is not None and not any(e.reading.value for e in exact):
            return [acts.Fix(named, reading)]
        return list(exact) or [acts.Command("change", named)]
    return fixes


def _answering(text: str, view: View) -> list[Event]:
    name = view.state.awaiting.slots[0]
    context, kind = view.context(name), view.type_of(name)
    if view.flow.slots[name].type == "organization":
        text = _HELLO.sub("", text) or text
    words, question = parted(text)
    timed = name in TIMED and holds_time(question)
    if question and name != MESSAGE and not timed and not guessed(text, view, name):
        # what is asked is no answer; what was told besides may be one
        firm = None if firms_in(words) else _firm(text, view, name)
        if firm is not None and firm.value:
            return [acts.Answer(name, firm)]
        if not words:
            return [acts.Command("help")]
        text = words
    own = (
        text
        if _NOTHING_ELSE.match(text) and len(spoken_clauses(text)) == 1
        else answer_only(text, view, name)
    )
    whole, text = text, _for(view.flow.slots[name], own)
    if not text.strip(" ,."):
        # nothing of it is an answer: it told who they are, or was put to us
        return _volunteered(whole, view, [name]) or [acts.Command("repeat")]
    if DECLINES.search(text) and not must_say(view, name):
        return [*_volunteered(whole, view, [name]), acts.Command("skip")]
    change = _change(text, view)
    if change is not None and change.target != name and not _fits(text, view, name):
        return [_changed(change, text, view) or change]
    labelled = _by_label(text, view)
    if labelled is not None and labelled.slot != name:
        besides = _volunteered(whole, view, [labelled.slot])
        return [labelled, *besides]
    elsewhere = _answers_another(text, view, name)
    if elsewhere:
        return elsewhere
    correction = _correcting_earlier(text, view, name)
    if correction:
        return correction
    head, tail = _before_another_fact(text, view, name)
    if tail and (not head or _GREETING_ONLY.fullmatch(head) or only_filler(head)):
        # it begins with what another slot is announced by: only what stands out is this answer
        reading = kind.spot(text, context) or _firm(text, view, name)
        told: list[Event] = [acts.Answer(name, reading)] if reading is not None and reading.value else []
        told += _volunteered(whole, view, [name])
        if told:
            return told
    if tail and view.flow.slots[name].type == "organization" and _SENTENCE.match(head):
        head = ""
    reading = kind.parse(head, context) if tail and head else None
    if reading is None or reading.value is None:
        head, tail = text, ""
        reading = _firm(text, view, name) if _only_talk(text, view, name) else kind.parse(text, context)
    events: list[Event] = []
    rest = text
    if reading is not None and reading.value is not None:
        events.append(acts.Answer(name, reading))
        rest = f"{reading.rest} {tail}".strip() or (text if len(text.split()) > 5 else "")
        if view.flow.slots[name].type == "organization":
            rest = _without_firm(whole, str(reading.value)) or rest
        if view.flow.slots[name].type in OVERLAPPING or whole != text:
            # "not yet" is one answer, to what was asked
            rest = "" if len(whole.split()) < 3 and not reading.rest.strip(" .,!") else whole
    elif whole != text:
        rest = whole
    given = {name: reading.value} if reading is not None and reading.value is not None else {}
    events += _volunteered(rest, view, [name, *_ALIKE.get(name, ())], given)
    if reading is not None and reading.value is None and not events:
        # half an answer or an impossible one counts only if the words were not about something else
        events.append(acts.Answer(name, reading))
    if not events and _cannot_say(whole, view, name):
        return [acts.Command("skip")]
    if not events:
        sign = polarity(text)
        if sign == "no":
            return [acts.No()]
        if sign == "yes":
            return [acts.Unclear(text)]
        if sign is None and _QUESTION.search(text):
            # asking is no failure to answer
            return [acts.Command("help")]
    return events


def is_question(text: str) -> bool:
    """Whether somebody asks something, in English or Spanish."""
    return _QUESTION.search(text) is not None or text.lstrip().startswith("¿")


def _answers_another(text: str, view: View, asked: str) -> list[Event]:
    """ "In the summer", when the reason was asked: words that are wholly another question's answer."""
    spec = view.flow.slots[asked]
    if (
        spec.type != "text"
        or asked in (MESSAGE, "appointment", "visit", "showing_time", "lease_length")
        or len(text.split()) > 5
        or len(spoken_clauses(text)) > 1
    ):
        return []
    play = order.in_play(view.flow, view.state, {})
    for name in (n for n in ("timeline", "listed", "represented") if n in play and n != asked):
        reading = view.type_of(name).spot(text, view.context(name)) if name != "timeline" else None
        if name == "timeline" and _WHEN_ALONE.fullmatch(text.strip()):
            reading = view.type_of(name).parse(text, view.context(name))
        if reading is not None and reading.value is not None and not view.state.peek(name).counts:
            return [acts.Answer(name, reading, volunteered=True), acts.Command("repeat")]
    return []


_ALIKE = {"lease_length": ("timeline",)}
"""An answer of the first is none of the others: a lease for six months starts whenever it starts."""
_MAYBE = re.compile(
    r"\W*(?:i said |i guess |well |um+ |honestly )*(?:maybe|perhaps|possibly|depends|we'll see)\b", re.I
)
_WHEN_ALONE = re.compile(
    r"(?:by|in|within|before|after|around|maybe|probably|early|late|next|this|the|sometime|end|of|about|a|an|couple|few|one|two|three"
    r"|four|five|six|nine|twelve|\d+|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|spring|summer|fall|autumn|winter|days?|weeks?|months?|years?|asap|soon|[\s,.-])+",
    re.I,
)
DECLINES = re.compile(
    r"\b(i|we)(?:'d| would)? (?:rather not|prefer not)\b(?: to)? (?:say|tell|name|give|share)\b"
    r"|\b(i|we) (?:don'?t|do not|won'?t|will not|am not going to) (?:want to |wanna |like to |care to )?(?:say|tell|name|give|share|disclose)\b",
    re.I,
)
"""A refusal to answer, whatever numbers or names are in it."""
_NO_IDEA = re.compile(
    r"\b(you tell me|whatever|no (price|preference|idea|clue)|(doesn'?t|does not) matter|don'?t (care|mind|know)|do not know|nothing specific"
    r"|not sure|no specific|any(thing|where)? (is fine|works|will do)|up to you|dunno|idk|can'?t say|hard to say|haven'?t (decided|thought)"
    r"|no s[eé]|me da igual|lo que sea|cualquiera)\b",
    re.I,
)


def must_say(view: View, name: str) -> bool:
    """Whether the form cannot go on without this value."""
    return order.must_know(view.flow, name)


def _cannot_say(text: str, view: View, name: str) -> bool:
    """Who does not know is not asked again, where the form can do without."""
    if name not in view.flow.slots or must_say(view, name) or name in (CONSENT, "intent", "phone", "name"):
        return False
    if view.flow.slots[name].type in ("yes_no", "representation"):
        # "I don't know yet" to "will you buy again?"; an agreement is asked for until it is a yes or a no
        plain = view.flow.slots[name].type == "yes_no" and view.flow.on_end is not None
        return plain and name != "talk_now" and (polarity(text) == "unsure" or _MAYBE.match(text) is not None)
    return polarity(text) == "unsure" or _NO_IDEA.search(text) is not None


def guessed(text: str, view: View, name: str) -> bool:
    """Whether a question is a tentative answer ("Denver?", "maybe three?", "is two thousand okay?")."""
    spec = view.flow.slots[name]
    if spec.type == "text" or _WONDERS.match(text):
        return False
    if spec.type in UNPROMPTED and opens_a_question(text):
        return False  # "is it TCPA compliant?" names no firm
    if len(text.split()) > 7 and spec.type not in CLOSED:
        return False
    reading = view.type_of(name).parse(_for(spec, text), view.context(name))
    return reading is not None and reading.value is not None


def _only_talk(text: str, view: View, name: str) -> bool:
    """Whether somebody who was asked for a name is telling something instead ("we have a lot of listings")."""
    spec = view.flow.slots[name]
    return (
        (spec.type == "organization" or (spec.type == "role_title" and not _AT_WORK.search(text)))
        and _SENTENCE.match(text) is not None
        and cue_span(text, [cue for cue in spec.cues if " " in cue]) is None
    )


def _firm(text: str, view: View, name: str) -> Reading | None:
    """The firm that is named in what somebody tells who was asked for one."""
    if view.flow.slots[name].type != "organization" or not firms_in(text):
        return None
    return view.type_of(name).parse(text, view.context(name))


def _without_firm(text: str, firm: str) -> str:
    """What was said around a firm's name, which is no place and no number ("Texas Homes in Boise, Idaho")."""
    rest, cut = re.subn(re.escape(firm), "our firm", text, count=1, flags=re.I)
    return rest if cut and rest.strip(" .,!") != "our firm" else ""


def _fits(text: str, view: View, name: str) -> bool:
    """Whether the words are an answer from a closed set ("I have the wrong number" is one, not a change)."""
    if view.flow.slots[name].type not in CLOSED:
        return False
    reading = view.type_of(name).parse(text, view.context(name))
    return reading is not None and reading.value is not None


def _before_another_fact(text: str, view: View, asked: str) -> tuple[str, str]:
    """The words up to where another slot's cue begins ("..., we work in Colorado"), and those after."""
    earliest = len(text)
    own = cue_span(text, view.flow.slots[asked].cues)
    for name, spec in view.flow.slots.items():
        if name == asked or not view.flow.steps_of(name):
            continue
        span = cue_span(text, [cue for cue in spec.cues if " " in cue])
        if span is not None and own is not None and own[0] <= span[0] < own[1]:
            continue  # "this is for ..." announces the firm, not "this is ..." a person
        if span is not None and span[0] < earliest:
            earliest = span[0]
    return text[:earliest].strip(" ,;"), text[earliest:]


def _said_again(words: str, view: View, name: str) -> bool:
    """Whether a yes or no that is known already is only said once more ("no, I said not listed!")."""
    if view.flow.slots[name].type != "yes_no" or not view.flow.slots[name].options.get("states"):
        return False
    reading = view.type_of(name).spot(words, view.context(name))
    return reading is not None and reading.value is not None and reading.value == view.state.peek(name).value


def _correcting_earlier(text: str, view: View, asked: str) -> list[Event]:
    """ "No, it's Mountain time" to the question after: the landmark just said was wrong."""
    if not _CORRECTING.search(text):
        return []
    sign, rest = split_polarity(text)
    if sign == "no" and not rest.strip(" ,.!"):
        return []  # a bare no answers the question that was asked
    words = rest if sign == "no" else text
    if any(_said_again(words, view, n) for n in view.state.history[-3:] if n != asked):
        return [acts.Command("repeat")]
    if view.type_of(asked).parse(words, view.context(asked)) is not None:
        return []
    for name in reversed(view.state.history[-2:]):
        if name == asked:
            continue
        spec = view.flow.slots[name]
        if spec.type == "text" and cue_span(words, spec.cues) is None and not _REWORDED.search(text):
            continue  # almost any words could be one
        if spec.type == "organization" and (_WRITTEN.search(words) or not _resembles(words, view, name)):
            continue  # an address of the net is no name of a firm, and no talk is one
        context, kind = view.context(name), view.type_of(name)
        reading = kind.repair(words, context) or kind.spot(words, context)
        if reading is None and len(words.split()) <= SHORT:
            reading = kind.parse(words, context)
        if reading is not None and reading.value is not None and reading.value != context.current:
            return [acts.Fix(name, reading)]
    return []


def _by_label(text: str, view: View) -> acts.Fix | None:
    """ "The states are Colorado and Wyoming": a slot's own name and its value."""
    firm = next((n for n, s in view.flow.slots.items() if s.type == "organization"), None)
    if firm is not None and _FIRM_NAMED.match(re.sub(r"^\W*(?:no,? )?(?:the |our |my )?", "", text.lower())):
        reading = view.type_of(firm).parse(text, view.context(firm))
        if reading is not None and reading.value is not None:
            return acts.Fix(firm, reading)
    found = _LABELLED.search(text)
    if found is None:
        return None
    label = _bare(found.group("label"))
    for name, spec in view.flow.slots.items():
        if view.flow.steps_of(name) and label in (_bare(spec.label), _bare(name)):
            reading = view.type_of(name).parse(found.group("value"), view.context(name))
            if reading is not None and reading.value is not None:
                return acts.Fix(name, reading)
    return None


def _bare(label: str) -> str:
    return re.sub(r"[^a-z0-9]", "", label.lower()).removeprefix("your").rstrip("s")


def _change(text: str, view: View) -> acts.Command | None:
    """ "Change the plan", "the e-mail is wrong", "fix the hours"."""
    found = _CHANGE.search(text)
    if found is None:
        return None
    what = (found.group("what") or found.group("wrong") or found.group("name") or "").strip()
    target = _named(what, view, list(view.flow.slots)) or next(
        (
            s.step
            for s in view.flow.steps
            if fuzz.partial_ratio(s.title.lower(), what.lower()) >= LABEL_MATCH and what
        ),
        None,
    )
    if target is None and not (_CHANGE_ALONE.fullmatch(text) or found.group("wrong") or found.group("name")):
        return None
    if target is None and len(what.split()) > 3:
        return None
    return acts.Command("change", target)


def _changed(change: acts.Command, text: str, view: View) -> Event | None:
    """ "Change the plan to Business": the value is there already."""
    found = _CHANGED_TO.search(text)
    if found is None or change.target not in view.flow.slots:
        return None
    name = str(change.target)
    reading = view.type_of(name).parse(found.group("value"), view.context(name))
    return acts.Fix(name, reading) if reading is not None and reading.value is not None else None


def named(text: str, view: View, names: Sequence[str]) -> str | None:
    """Which of these slots the words name, by label."""
    return _named(text, view, names)


def _named(text: str, view: View, names: Sequence[str]) -> str | None:
    """Which of these slots the words name, by label."""
    plain = re.sub(r"[^a-z0-9 ]", "", text.lower().replace("e-mail", "email").replace("-", " "))
    plain = re.sub(r"\bmy (?:full |own )?name\b", "your name", plain)  # as the label calls it
    if plain.startswith("name is ") and not any(w in word_list("org_words") for w in plain.split()):
        plain = f"your {plain}"
    best, score = None, 0.0
    for name in names:
        spec = view.flow.slots[name]
        if spec.type == "organization" and _FIRM_NAMED.search(plain):
            best, score = name, 99.0
        for label in (spec.label, name.replace("_", " ")):
            words = re.sub(r"[^a-z0-9 ]", "", label.lower().replace("e-mail", "email").replace("-", " "))
            head = words.split()[-1] if words else ""
            match = 100.0 if re.search(rf"\b{re.escape(words)}\b", plain) else 0.0
            if not match and len(head) > 3 and re.search(rf"\b{re.escape(head)}s?\b", plain):
                match = 88.0
            if not match and len(plain) >= 4:
                match = fuzz.ratio(words, plain)
            if match > score:
                best, score = name, match
    return best if score >= LABEL_MATCH else None


def _volunteered(
    text: str, view: View, besides: Sequence[str], given: Mapping[str, Any] | None = None
) -> list[Event]:
    """Facts for other slots in the same breath; confirmed ones only if the caller is correcting.

    ``given``: what the same words have answered already; it decides which branch's facts these can be.
    """
    if len(text.split()) < 2 or _BARE_NO.fullmatch(text):
        return []
    correcting = bool(_CORRECTING.search(text))
    events: list[Event] = []
    given = given or {}
    play = order.in_play(view.flow, view.state, given)
    waiting = view.state.awaiting
    free = waiting.kind == "ask" and view.flow.slots[waiting.slots[0]].type == "text"
    for name, spec in view.flow.slots.items():
        if name not in play:
            continue
        if name in besides or not order.applies(spec.when, view.state) or not view.flow.steps_of(name):
            continue
        if not spec.heard or spec.options.get("plainly"):
            continue  # what is agreed to must have been asked
        if spec.options.get("cued") and cue_span(text, spec.cues) is None:
            continue  # "I only have five minutes"
        announced = [cue for cue in spec.cues if len(cue.split()) > 2]
        known = view.state.peek(name).counts
        if known and spec.type == "errand":
            if not named_outright(text, str(view.state.peek(name).value)) and not said_besides(text):
                continue
            turned = correcting or _INSTEAD.search(text) or said_besides(text) or denies(text)
            if not turned and (free or not other_business(text)):
                continue
        elif known and not correcting and cue_span(text, announced) is None:
            continue
        if spec.type == "organization" and not _FIRM.search(text):
            continue
        if spec.type == "areas" and (_SMALL_TALK.search(text) or not _PLACE_WANTED.search(text)):
            continue
        reading = view.type_of(name).spot(_for(spec, text), view.context(name))
        if reading is not None and (
            reading.value is not None or (reading.ask and spec.type in ASKS_BACK | LATER)
        ):
            more = _besides(name, reading, text, view)
            if spec.type == "errand" and not more:
                play = order.in_play(view.flow, view.state, {**given, name: reading.value})
            events += more or [acts.Answer(name, reading, volunteered=True)]
    return events


def _for(spec: Slot, text: str) -> str:
    """The words as a slot of this type may read them: a telephone number is no price and no opening hour."""
    if spec.type in SUMS:
        text = without_moments(text)
    if spec.type in COUNTING and spec.type != "areas":
        return without_streets(without_numbers(text))
    return without_numbers(text) if spec.type in ("areas", "person_name") else text


def _besides(name: str, reading: Reading, text: str, view: View) -> list[Event]:
    """ "We also need to sell": a second errand is noted, it does not take the place of the first."""
    slot = view.state.peek(name)
    if view.flow.slots[name].type != "errand" or not slot.counts or reading.value == slot.value:
        return []
    if ALSO not in view.flow.slots or denies(text):
        return []
    if _FIRST.search(text) and _TURNED.search(text):
        # "actually we want to sell first": another errand now, and the one before it after that
        return [
            acts.Answer(name, reading, volunteered=True),
            acts.Answer(ALSO, Reading(value=slot.value), volunteered=True),
        ]
    if not said_besides(text) or _INSTEAD.search(text):
        return []
    return [acts.Answer(ALSO, reading, volunteered=True)]
