"""Facts told in fragments ("2 bed, 1500 max, feb, no pets, Joe Lund"), each read by itself (A092).

People who type, and people in a hurry, string facts together. What the question asked for is heard by its own
type; here every other clause is held against the slots still open, strictly: it counts when it is nothing but
such a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from agent import acts
from agent.acts import Event
from agent.form import order
from agent.understanding import remains
from agent.understanding.base import Reading
from agent.understanding.clauses import EMAIL, PHONE, Clause, clauses
from agent.understanding.names import PARTICLES
from agent.understanding.passing import first_names, name_in, plain
from agent.understanding.place_names import small_names
from agent.understanding.polarity import polarity
from policies.wished_times import Wish, understood

if TYPE_CHECKING:
    from agent.understanding.view import View

_LEAD = re.compile(
    r"^\W*(?:(?:yes|yeah|yep|no|nope|ok(?:ay)?|sure|hi|hello|hey|yo|oh|well|so|and|again|please|thanks|thank you"
    r"|right|fine|good|sorry|i (?:already )?(?:told you|said|gave it|gave you)|sí|hola)\b[\s,.!:-]*)+",
    re.IGNORECASE,
)
_TIMED = frozenset({"appointment", "visit", "showing_time"})
"""Answers in words of their own that have to hold a time."""
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_TIME_NOUN = re.compile(
    rf"\b(?:{_MONTHS}|spring|summer|fall|autumn|winter|asap|a\.s\.a\.p|soon|right away|christmas|new year'?s?"
    r"|thanksgiving|(?:\d+|an?|one|two|three|four|five|six|nine|ten|twelve|few|couple(?: of)?|next|this|coming)"
    r" (?:days?|weeks?|months?|years?)|no rush|no hurry)\b",
    re.IGNORECASE,
)
_TIME_WORDS = re.compile(
    rf"(?:{_MONTHS}|spring|summer|fall|autumn|winter|asap|soon|christmas|new|year'?s?|thanksgiving|days?|weeks?|months?"
    r"|years?|need(?:s|ed)?|want(?:s|ed)?|have|has|got|had|hop(?:e|ing)|plan(?:ning)?|looking|like|would|we(?:'re|'d)?"
    r"|i(?:'m|'d)?|am|it|to|must|gotta|moving?|moved|move|in|into|out|be|settled|clos(?:e|ing)|sell(?:ing)?|buy(?:ing)?"
    r"|start(?:ing)?|available|from|lease|contract|ends?|ending|expires?|up|is|are|when|my|our|the|ideally|preferably"
    r"|hopefully|maybe|probably|perhaps|or|so|some ?time|around|about|roughly|by|before|after|on|at|until|early|mid"
    r"|late|beginning|end|of|next|this|that|coming|first|a|an|one|two|three|four|five|six|nine|ten|twelve|couple|few"
    r"|within|said|guess|right|away|no|rush|hurry|as|possible|there|here|then|like|for|and|\d{1,2}(?:st|nd|rd|th)?"
    r"|20\d\d|already|just|really|yeah|yes|ok(?:ay)?|already|omg|please|kids|school|i said)",
    re.IGNORECASE,
)
_MONTH_AMID = re.compile(
    rf"\b(?:by|in|before|for|from|starting|until|around|end of|early|mid|late|next|sometime in|beginning) (?:the )?(?:next )?"
    rf"(?:{_MONTHS}|spring|summer|fall|autumn|winter)\b(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?"
    rf"|\b(?<!may )(?:{_MONTHS}) (?:\d|[12]\d|3[01])(?:st|nd|rd|th)?\b(?![\d,.]*\d|\s*(?:k\b|bed|bath|br\b))",
    re.IGNORECASE,
)
"""A month that a preposition or a day makes one ("by march", "march 1"), and no verb."""
_PAST_OR_VISIT = re.compile(
    r"\b(?:was|were|been|passed|died|bought|built|since|last|ago|remodel\w*|replaced|renovated|updated|lost|started|born|graduated"
    r"|closed|moved|sold|signed|listed|see|tour|show(?:ing)?|visit|view(?:ing)?|call|meet|book|appointment|come by|stop by|look at|old|new roof|vacation|trip"
    r"|mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thu(?:rs?)?(?:day)?|fri(?:day)?|sat(?:urday)?|sunday|noon|o'clock|at \d{1,2}|\d ?[ap]\.?m)\b",
    re.IGNORECASE,
)
_MONTHLY_SUM = re.compile(r"\$?\d[\d,.]*k? (?:a|per|each|every) month\b", re.IGNORECASE)
_SUM = re.compile(
    r"(?:(?:my|our|the|a|budget|budget's|price|rent|range|is|are|of|like|up to|under|below|max(?:imum)?|around|about"
    r"|roughly|between|from|at most|no more than|say|maybe|i said|said|for|it's|less than|not over|upto|can pay"
    r"|can do|i can|we can|looking at|want)\s+)*\$?\d[\d,.]*\s?[kKmM]?(?:\s?(?:-|to|or|and)\s?\$?\d[\d,.]*\s?[kKmM]?)?"
    r"(?:\s+(?:max(?:imum)?|tops?|dollars|bucks|thousand|million|a month|per month|monthly|/ ?mo(?:nth)?|or so|ish"
    r"|i said|or less|rent|budget|is the max|please|at most|would be"
    r"|is fine|is (?:ok(?:ay)?|good|doable)|works|a mo))*\W*(?:/mo)?",
    re.IGNORECASE,
)
_FIGURE = r"\$?\d[\d,.]*\d?\s?(?:k|mm?|mil(?:lion)?|thousand|grand)?\b"
_SUM_AMID = re.compile(
    rf"\b(?:(?:pre-? ?)?(?:approved|qualified|aprobad[oa]s?|aprobaron|calificad[oa]s?) (?:for|up to|at|to|por|hasta|de|con)?|budget(?:'s)?(?: is| of)?|max(?:imum)?(?: is| of)?"
    rf"|up to|at most|no more than|under|below|spend(?:ing)?|afford|presupuesto(?: es| de)?|hasta)\s*(?:is|around|about|like|maybe|unos|~)?\s*{_FIGURE}(?!\s*(?:%|bed|bath|br\b|sq|min|mile|acre|year|month|week|day|hour|people|kids|am\b|pm\b))"
    rf"|{_FIGURE} (?:max|tops|to spend|budget)\b",
    re.IGNORECASE,
)
"""A sum that what stands beside it makes one, in the middle of other words ("approved for 560", "max 1700")."""
_BUYING = re.compile(
    r"\b(?:buy\w*|purchas\w*|own(?:ing)?|mortgage|down payment|\w*approved|invest\w*|comprar|sale)\b", re.I
)
_LEAST = {"rent": 300, "price": 40_000, "price_idea": 40_000}
_FEE = re.compile(
    r"\b(?:hoa|fees?|dues|tax(?:es)?|deposit|utilit\w+|commission|closing costs?|sq\w*|payment)\b",
    re.IGNORECASE,
)
"""What else has a sum."""
_APPROVED = re.compile(
    r"(?<!\bnot )(?<!n't )(?<!\bget )(?<!\bbe )(?:\bpre-? ?(?:approved|qualified)\b|\bapproved (?:for|up to|at) \$?\d)(?! yet)",
    re.IGNORECASE,
)
_A_RENT = 20_000
"""Dollars that nobody asks for a home, nor pays a month for one."""
_ZIP = re.compile(r"(?<!\$)\b\d{5}\b")
_COUNT = re.compile(r"\W*\d{1,2}(?:\.\d)?\W*")
"""An answer to "how many", and no sum ("1.5")."""
_FROM = re.compile(r"\b(?:from|live in|living in|i'm in|not|leaving|sold in|out of)\s+$", re.IGNORECASE)


def gathered(text: str, view: View, events: list[Event]) -> list[Event]:
    """These events, and what fragments of the words tell of slots still open in a lead's form."""
    if view.flow.on_end is None or text.lstrip().startswith("DTMF:") or _closes(events):
        return events
    told = {
        e.slot: e.reading.value
        for e in events
        if isinstance(e, acts.Answer | acts.Fix) and e.reading.value is not None
    }
    events = _of_another(_timed_only(events, view), view)
    if _rents(text, view, told):
        events = [e for e in events if not (isinstance(e, acts.Answer) and e.slot == "intent")]
        told["intent"] = "renter"
        events.append(acts.Answer("intent", Reading(value="renter", confidence=0.8), volunteered=True))
    if (kind := _sought(text, view, told)) is not None:
        told["intent"] = kind
        events = [*events, acts.Answer("intent", Reading(value=kind, confidence=0.8), volunteered=True)]
    more = list(_found(text, view, told))
    if not more:
        return events
    halves = {e.slot for e in more}
    kept = [
        e
        for e in events
        if not isinstance(e, acts.Unclear)
        and not (isinstance(e, acts.Answer | acts.Fix) and e.slot in halves)
    ]
    return [*kept, *more]


_OWN_WORDS = frozenset({"motivation", "condition", "features", "lease_length", "animals", "target_return"})
"""Questions answered in words of one's own, of which each knows its own in the middle of others."""


def _of_another(events: list[Event], view: View) -> list[Event]:
    """Words that are wholly what another question asks for ("new roof", no reason) answer that one alone."""
    waiting = view.state.awaiting
    asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
    own = next((e for e in events if isinstance(e, acts.Answer) and e.slot == asked), None)
    if asked not in _OWN_WORDS or own is None or not isinstance(own.reading.value, str):
        return events
    words = own.reading.value
    told = {e.slot for e in events if isinstance(e, acts.Answer)}
    for name in sorted((_OWN_WORDS & order.in_play(view.flow, view.state, {})) - {asked}):
        reading = view.type_of(name).spot(words, view.context(name))
        if reading is None or str(reading.value).strip(" .!").lower() != words.strip(" .!").lower():
            continue
        rest: list[Event] = [e for e in events if e is not own]
        known = name in told or view.state.peek(name).counts
        return [*rest, acts.Command("repeat") if known else acts.Answer(name, reading, volunteered=True)]
    return events


def _timed_only(events: list[Event], view: View) -> list[Event]:
    """Without an answer to "when would suit you" that speaks of no time."""
    if view.language != "en":
        return events
    kept: list[Event] = [
        e
        for e in events
        if not isinstance(e, acts.Answer)
        or e.slot not in ("appointment", "visit")
        or not isinstance(e.reading.value, str)
        or e.reading.value == "none"
        or polarity(e.reading.value) is not None
        or _WHENEVER.search(e.reading.value) is not None
        or understood(e.reading.value, today=(view.now or datetime.now(UTC)).date()) != Wish()
    ]
    return kept or [acts.Unclear()]


_WHENEVER = re.compile(
    r"\b(?:any ?(?:time|day)|when(?:ever)?|soon(?:er|est)?|asap|right away|now|today|week(?:s|end|ends|days?)?|mornings?"
    r"|afternoons?|evenings?|nights?|later|months?|days?|flexible|your call|up to you|you (?:pick|choose|tell me|decide)"
    r"|earliest|next|first thing|noon|hours?|o'clock|time|call|phone|video|virtual|zoom|no|not|don't|never)\b",
    re.IGNORECASE,
)


def _sought(text: str, view: View, told: dict[str, Any]) -> str | None:
    """Who names rooms or places with a sum looks for a home, whatever else they leave unsaid."""
    state = view.state
    if "intent" in told or state.peek("intent").counts or state.awaiting.slots != ["intent"]:
        return None
    sums = [told[n] for n in ("price", "rent") if isinstance(told.get(n), dict)]
    if not sums or not any(n in told for n in ("areas", "beds", "baths")):
        return None
    most = max(b for b in sums[0].values() if b is not None)
    return "renter" if "price" not in told or most < _LEAST["price"] or _MONTHLY.search(text) else "buyer"


_MONTHLY = re.compile(r"\brent|\b(?:a|per) month|/ ?mo|\bmonthly|\blease\b", re.IGNORECASE)


def _rents(text: str, view: View, told: dict[str, Any]) -> bool:
    """Whether who was taken for a buyer names a sum that is a month's rent and no word of buying."""
    if told.get("intent") != "buyer" or view.state.peek("intent").counts or _BUYING.search(text):
        return False
    amid = _SUM_AMID.search(text)
    found = sum_in(amid.group(), view, "rent") if amid is not None else None
    return found is not None and 1000 <= max(b for b in found.value.values() if b is not None) < _A_RENT


def _closes(events: Sequence[Event]) -> bool:
    """Whether the words end the conversation, or are a command that leaves nothing to gather."""
    ending = ("opt_out", "dont_record", "resume", "send_link", "undo")
    return any(isinstance(e, acts.Command) and e.name in ending for e in events)


def introduced(text: str, view: View, events: Sequence[Event]) -> list[Event]:
    """These events, with who the caller is and how to reach them where the words told it beside."""
    state, waiting = view.state, view.state.awaiting
    if view.flow.on_end is None or state.closed or text.lstrip().startswith("DTMF:") or _closes(events):
        return list(events)
    told = {e.slot: e.reading.value for e in events if isinstance(e, acts.Answer | acts.Fix)}
    asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
    play = order.in_play(view.flow, state, told)
    contact = {n for s in view.flow.steps if s.step == "contact" for n in (*s.required, *s.optional)}

    def wanted(name: str) -> bool:
        slot = state.peek(name)
        return (name in play or name in contact) and not (name in told or slot.counts or slot.pending)

    if asked in ABOUT_THEM:
        return list(events)  # it was asked, and has been heard or not
    more = list(_who(text, view, told, asked, wanted))
    return [*(e for e in events if not (more and isinstance(e, acts.Unclear))), *more]


ABOUT_THEM = frozenset({"name", "phone", "email"})


def _who(
    text: str, view: View, told: dict[str, Any], asked: str, wanted: Callable[[str], bool]
) -> Iterator[acts.Answer]:
    """Name, e-mail and telephone number that are told beside an answer."""
    parts = clauses(text, first_names())
    held = view.state.peek("name").value
    half = isinstance(held, dict) and held.get("first") and not held.get("last")
    named = name_in(parts, view, asked) if wanted("name") or half else None
    if named is not None and _only_particle(named.reading):
        named = None
    if named is not None and "name" not in told and (wanted("name") or _completes(named.reading.value, held)):
        yield acts.Answer("name", named.reading, volunteered=asked != "name")
    for name, pattern in (("email", EMAIL), ("phone", PHONE)):
        if asked != name and wanted(name) and (found := pattern.search(text)) is not None:
            reading = view.type_of(name).parse(found.group(), view.context(name))
            if reading is not None and reading.value is not None:
                yield acts.Answer(name, reading, volunteered=True)


def _found(text: str, view: View, told: dict[str, Any]) -> Iterator[acts.Answer]:
    state, waiting = view.state, view.state.awaiting
    asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
    kind = view.flow.slots[asked].type if asked in view.flow.slots else ""
    play = order.in_play(view.flow, state, told)
    parts = clauses(text, first_names())

    def wanted(name: str) -> bool:
        slot = state.peek(name)
        known = name in told or slot.counts or slot.pending
        return name in play and not known and order.takes(view.flow.slots[name].when, state)

    intent = told.get("intent") or state.peek("intent").value
    yield from _who(text, view, told, asked, wanted)
    if asked == "message":
        return
    spoken_of_time = asked in _TIMED or asked == "lease_length"
    for part in (p.text for p in parts if p.told):
        if wanted("timeline") and not spoken_of_time and (reading := time_in(part, view)) is not None:
            told["timeline"] = reading.value
            yield acts.Answer("timeline", reading, volunteered=asked != "timeline")
        slot = {"renter": "rent", "buyer": "price", "investor": "price", "seller": "price_idea"}.get(
            str(intent), ""
        )
        if (
            slot
            and wanted(slot)
            and kind not in ("phone", "address")
            and not (kind == "areas" and _ZIP.search(part))
        ):
            reading = sum_in(part, view, slot)
            if reading is None and (amid := _SUM_AMID.search(part)) is not None and not _FEE.search(part):
                reading = view.type_of(slot).parse(amid.group(), view.context(slot))
                reading = reading if reading is not None and _sized(reading, slot, amid.group()) else None
            if reading is not None and not (kind == "integer" and _COUNT.fullmatch(part)):
                told[slot] = reading.value
                yield acts.Answer(slot, reading, volunteered=asked != slot)
    sure = next((p.text for p in parts if p.told and _APPROVED.search(p.text)), "")
    if (
        sure
        and wanted("financing")
        and asked != "financing"
        and not re.search(r"\b(?:not|never|no)\b|n't", sure)
    ):
        told["financing"] = "preapproved"
        yield acts.Answer("financing", Reading(value="preapproved", confidence=0.8), volunteered=True)
    if wanted("timeline") and not spoken_of_time and (reading := time_amid(parts, view)) is not None:
        yield acts.Answer("timeline", reading, volunteered=asked != "timeline")
    already = told.get("areas")
    if (wanted("areas") or isinstance(already, list)) and kind not in ("address", "text"):
        held = [str(place) for place in already] if isinstance(already, list) else []
        low = " ".join(held).lower()
        more = [town for town in places_in(text, view) if town.lower() not in low]
        if more and "property_address" not in told:
            places = [*held, *more] if asked == "areas" or not held else in_order([*held, *more], text)
            yield acts.Answer("areas", Reading(value=places, confidence=0.8), volunteered=asked != "areas")


def _completes(value: Any, held: Any) -> bool:
    """Whether a name is the one that is known by its first name, with the last."""
    return (
        isinstance(value, dict) and bool(value.get("last")) and plain(value["first"]) == plain(held["first"])
    )


def in_order(places: Sequence[str], text: str) -> list[str]:
    """These places as they come in the words."""
    return sorted(places, key=lambda place: text.lower().find(place.lower()))


def time_amid(parts: Sequence[Clause], view: View) -> Reading | None:
    """A month or a season to move in, in the middle of words that speak of no visit and of nothing past."""
    for part in parts:
        if not part.told or _PAST_OR_VISIT.search(part.text):
            continue
        words = _MONTHLY_SUM.sub(" ", part.text)
        found = list(_MONTH_AMID.finditer(words))
        if found:
            reading = view.type_of("timeline").parse(found[-1].group(), view.context("timeline"))
            if reading is not None and reading.value:
                return Reading(value=reading.value, confidence=0.75)
    return None


def _only_particle(reading: Reading) -> bool:
    """ "Al contado" pays in cash: no first name is a particle written small."""
    first = str(reading.value.get("first") or "") if isinstance(reading.value, dict) else ""
    return first.islower() and first in PARTICLES


def time_in(part: str, view: View) -> Reading | None:
    """When they want to move, in a fragment that speaks of nothing else."""
    if not _TIME_NOUN.search(part):
        return None
    words = re.findall(r"[\w'’]+", part.replace("’", "'"))
    if len(words) > 12 or not all(_TIME_WORDS.fullmatch(w) for w in words):
        return None
    reading = view.type_of("timeline").parse(part, view.context("timeline"))
    return Reading(value=reading.value, confidence=0.8) if reading is not None and reading.value else None


def sum_in(part: str, view: View, slot: str) -> Reading | None:
    """A sum of the size that is asked for, in a fragment that holds nothing else."""
    body = _LEAD.sub("", part).strip()
    if not _SUM.fullmatch(body):
        return None
    reading = view.type_of(slot).parse(body, view.context(slot))
    if reading is None or not isinstance(reading.value, dict):
        return None
    return Reading(value=reading.value, confidence=0.8) if _sized(reading, slot, body) else None


def _sized(reading: Reading, slot: str, words: str) -> bool:
    """Whether a sum read from these words is of the size a price or a rent has; "2 or 3" is none."""
    if not isinstance(reading.value, dict):
        return False
    bounds = [b for b in reading.value.values() if b is not None]
    small = re.fullmatch(r"\D*\d{1,2}(?:\D+\d{1,2})*\D*", words) and not re.search(
        r"\d\s?(?:[kKmM]|mm|mil)\b|thousand|million|grand|\d\.\d", words
    )
    return not small and min(bounds) >= _LEAST[slot]


def places_in(text: str, view: View) -> list[str]:
    """Towns of the office's own market that are named, in any spelling of capitals, but not where they are now."""
    found: list[tuple[int, str]] = []
    for place in view.facts.get("markets") or ():
        for match in re.finditer(rf"(?<![\w'-]){re.escape(str(place))}(?![\w'-])", text, re.IGNORECASE):
            if _FROM.search(text[: match.start()]):
                continue
            if not any(a <= match.start() < a + len(p) for a, p in found):
                found.append((match.start(), str(place)))
    for at, place in _beside_those(text, found):
        found.append((at, place))
    return list(dict.fromkeys(place for _, place in sorted(found)))


def _beside_those(text: str, known: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """A town that is named together with one of the market, in small letters too ("littleton or denver")."""
    for part in re.finditer(r"[^,.;:!?\n]+", text):
        inside = [at for at, _ in known if part.start() <= at < part.end()]
        sides = [s for s in _EITHER.split(part.group()) if s.strip()]
        if not inside or len(sides) != 2:
            continue
        for side in sides:
            at = part.start() + part.group().index(side)
            named = small_names(text, at, at + len(side), pure=True)
            if len(named) == 1 and not any(at <= a < at + len(side) for a in inside):
                yield named[0][1], named[0][0]


_EITHER = re.compile(r"\s(?:or|and|y|o)\s", re.IGNORECASE)


def answer_only(text: str, view: View, name: str) -> str:
    """The part of an answer that is one; "" where nothing of it is (``remains``)."""
    return remains.answer_only(text, view, name, lambda p: _other_fact(p, view), lambda p: _no_place(p, view))


_NO_PLACE = re.compile(
    r"\b(?:fha|va|usda|pre-?approved|pre-?qualified|cash|loan|lender|bed(?:room)?s?|bath(?:room)?s?|dogs?|cats?|pets?|budget)\b",
    re.IGNORECASE,
)


def _no_place(part: str, view: View) -> bool:
    return bool(
        time_in(part, view) is not None
        or _SUM.fullmatch(part) is not None
        or polarity(part) in ("yes", "no")
        or ((_NO_PLACE.search(part) or remains.of_no_place(part)) and not places_in(part, view))
    )


def _other_fact(part: str, view: View) -> bool:
    """Whether a later sentence of an answer is nothing but a time, a sum, how it is paid or whether it is listed."""
    return (
        _NOT_LISTED.fullmatch(part) is not None
        or time_in(part, view) is not None
        or (_SUM.fullmatch(part.strip(" .;!")) is not None and not _YEAR.fullmatch(part))
        or _PAYING.fullmatch(part) is not None
    )


_NOT_LISTED = re.compile(
    r"\W*(?:it'?s |its |and |we'?re |were |is )*(?:not|n't|isn'?t|never)(?: yet| currently| been)* (?:listed|on the market)(?: yet| anywhere| with anyone)*\W*",
    re.I,
)
_YEAR = re.compile(r"\W*(?:19|20)\d\d\W*")
_PAYING = re.compile(
    r"\W*(?:i'm |we're |already |fully |all |paying )*(?:fha|va|usda|cash|(?:fha |va )?pre-?(?:approved|qualified)|no loan)\W*",
    re.IGNORECASE,
)
