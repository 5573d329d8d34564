"""After a question: its answer, and what came with it or instead of it."""

from __future__ import annotations

import re

from agent import acts
from agent.acts import Event
from agent.form import order
from agent.understanding.base import Reading
from agent.understanding.changes import by_label, change_wanted, changed_to
from agent.understanding.clauses import clauses as spoken_clauses
from agent.understanding.cues import cue_span
from agent.understanding.firm_spans import firms_in
from agent.understanding.fixes import correcting_earlier
from agent.understanding.fragments import answer_only
from agent.understanding.kinds import CLOSED, OVERLAPPING, UNPROMPTED
from agent.understanding.no_answer import only_filler
from agent.understanding.polarity import polarity
from agent.understanding.reached import CONSENT
from agent.understanding.remains import TIMED, holds_time
from agent.understanding.sentences import opens_a_question, parted
from agent.understanding.view import View
from agent.understanding.volunteered import volunteered, words_for

_OF_WHAT = re.compile(
    r"\b(?:of|for|from|by|about|with|out of) what\W*$|\bwhat (?:does|do|is|are)\b|\b(?:mean|means)\W*$", re.I
)
""" "80 points of what?" asks, whatever numbers are in it."""
_WONDERS = re.compile(
    r"^\W*(?:\w+ )?(what|which|how|why|who|when|where|do you|does|did|will|should|are there|is there)\b", re.I
)
"""Questions that nobody asks to suggest an answer."""
_COMPARES = re.compile(r"\b(?:better|best|worse|cheaper|easier|faster|safer|different|the same)\b", re.I)
"""What is asked about a choice, and not whether it is theirs."""
RESEMBLES = 0.85
"""How sure a choice must be that is named beside a question about it."""
MESSAGE = "message"
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
_AT_WORK = re.compile(
    r"\b(charge|run|own|owns|manage\w*|broker\w*|owner|agent|assistant|lead\w*|handle|boss)\b", re.I
)
_HELLO = re.compile(
    r"^\W*(?:hi|hello|helo|hallo|hey|good (?:morning|afternoon|evening))(?: there| kei)?\b[\s,.!]+(?:this is (?=[A-Z]\w+(?: \w+){0,3} (?:Realty|Homes|Real Estate|Properties|Group|Realtors)))?",
    re.I,
)
"""A greeting is no part of a firm's name, whatever its spelling."""
NOTHING_ELSE = re.compile(r"^\W*(no,? )?(nothing|none|not|that'?s (it|all)|nope)\b(?!.*\bbye\b)", re.I)
"""An answer to "anything else it must have?", and no farewell."""


def answering(text: str, view: View) -> list[Event]:
    """What the words say to the question that stands, and what was told besides."""
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
        text if NOTHING_ELSE.match(text) and len(spoken_clauses(text)) == 1 else answer_only(text, view, name)
    )
    whole, text = text, words_for(view.flow.slots[name], own)
    if not text.strip(" ,."):
        # nothing of it is an answer: it told who they are, or was put to us
        return volunteered(whole, view, [name]) or [acts.Command("repeat")]
    if DECLINES.search(text) and not must_say(view, name):
        return [*volunteered(whole, view, [name]), acts.Command("skip")]
    change = change_wanted(text, view)
    if change is not None and change.target != name and not fits(text, view, name):
        return [changed_to(change, text, view) or change]
    labelled = by_label(text, view)
    if labelled is not None and labelled.slot != name:
        besides = volunteered(whole, view, [labelled.slot])
        return [labelled, *besides]
    elsewhere = _answers_another(text, view, name)
    if elsewhere:
        return elsewhere
    correction = correcting_earlier(text, view, name)
    if correction:
        return correction
    head, tail = _before_another_fact(text, view, name)
    if tail and (not head or _GREETING_ONLY.fullmatch(head) or only_filler(head)):
        # it begins with what another slot is announced by: only what stands out is this answer
        reading = kind.spot(text, context) or _firm(text, view, name)
        told: list[Event] = [acts.Answer(name, reading)] if reading is not None and reading.value else []
        told += volunteered(whole, view, [name])
        if told:
            return told
    if tail and view.flow.slots[name].type == "organization" and _SENTENCE.match(head):
        head = ""
    # what somebody wants is said by the whole of a sentence, whatever it begins with
    cut = tail and head and view.flow.slots[name].type != "errand"
    reading = kind.parse(head, context) if cut else None
    if reading is None or reading.value is None:
        head, tail = text, ""
        reading = _firm(text, view, name) if _only_talk(text, view, name) else kind.parse(text, context)
    if question and reading is not None and _only_resembles(reading, view, name):
        return [acts.Command("help")]  # "what's the difference? people know my number"
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
    events += volunteered(rest, view, [name, *_ALIKE.get(name, ())], given)
    if reading is not None and reading.value is None and (not events or reading.partial is not None):
        # an impossible answer counts only if the words were not about something else
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
    if spec.type == "text" or _WONDERS.match(text) or _OF_WHAT.search(text):
        return False
    if (spec.type in UNPROMPTED and opens_a_question(text)) or _COMPARES.search(text):
        return False  # "is it TCPA compliant?" names no firm, "is a new one better?" chooses none
    if len(text.split()) > 7 and (
        spec.type not in CLOSED or any(_WONDERS.match(clause.text) for clause in spoken_clauses(text))
    ):
        return False
    reading = view.type_of(name).parse(words_for(spec, text), view.context(name))
    return reading is not None and reading.value is not None


def _only_resembles(reading: Reading, view: View, name: str) -> bool:
    """Whether words only come near a choice, which is no answer beside a question."""
    return view.flow.slots[name].type == "choice" and reading.confidence < RESEMBLES


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


def fits(text: str, view: View, name: str) -> bool:
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
