"""Facts told in fragments ("2 bed, 1500 max, feb, no pets, Joe Lund"), each read by itself (A092).

People who type, and people in a hurry, string facts together. What the question asked for is heard by its own
type; here every other fragment is held against the slots still open, strictly: a fragment counts when it is
nothing but such a value. And words of one's own (a reason, a wish) end where something else begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from agent import acts
from agent.acts import Event
from agent.form import order
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.names import PARTICLES, namelike
from agent.understanding.polarity import polarity
from agent.understanding.sentences import asks, farewell
from agent.understanding.wordlists import word_list
from policies.appointments import Wish, understood

if TYPE_CHECKING:
    from agent.understanding.understand import View

_EMAIL = re.compile(r"\S+@\S+\.\w+")
_PHONE = re.compile(r"(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b")
_BREAK = re.compile(
    r"[;!?\n…]+|,(?!\d)|\.(?=\s|$)|\s+-+\s+|\s+(?:but|also|plus|btw|by the way)\s+"
    r"|\s+and (?=(?:my name|i'?m|name is|name's)\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_LEAD = re.compile(
    r"^\W*(?:(?:yes|yeah|yep|no|nope|ok(?:ay)?|sure|hi|hello|hey|yo|oh|well|so|and|again|please|thanks|thank you"
    r"|right|fine|good|sorry|i (?:already )?(?:told you|said|gave it|gave you)|sí|hola)\b[\s,.!:-]*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:[\s,.!-]+(?:by the way|btw|here|speaking|yes|yeah|yep|no|ugh|thanks|thank you|please|ok(?:ay)?|lol|again"
    r"|calling|too|then|omg|duh|sir|gracias))+\W*$",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"^(?:(?P<strong>my (?:full )?name(?:'s| is)|the name(?:'s| is)|name(?:'s| is|:)?|call me|me llamo|mi nombre es"
    r"|you can call me|under the name(?: of)?|it's under)|i'?m|i am|this is|it'?s|soy)\s+(?P<name>.+)$",
    re.IGNORECASE,
)
_NO_NAME = frozenset(
    """january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday street avenue road lane court drive boulevard way place creek park
    ranch heights springs hills lake city north south east west downtown new single family open house real estate
    good great thank thanks spanish english american mls hoa fha va usda llc inc two three four five six one
    first second next this that buyer seller renter landlord tenant investor agent realtor divorce divorced retired
    relocating downsizing moving cash preapproved approved none nothing nobody anytime whenever flexible""".split()
)
_LISTS = frozenset({"features", "animals", "special_request", "message"})
"""Answers that list things, of which two words with capitals may be one ("Big Yard")."""
_TIMED = frozenset({"appointment", "visit", "showing_time"})
"""Answers in words of their own that have to hold a time."""
_NO_BARE_NAMES = frozenset({"areas", "address", "organization", "email"})
_WISH = re.compile(
    r"\b(?:(?:can|could|will|would|have|get|need|want|let) (?:you |i |we |a |an |the |some\w* |any\w* |him |her |them )*"
    r"(?:just )?(?:agent |person |manager )?(?:please )?(?:to )?(?:call|ring|phone|text|e-?mail|talk|speak)\b"
    r"|just (?:call|text|e-?mail|ring) me|(?:call|text|e-?mail) me\b|stop asking|quit asking|are you (?:even )?listening"
    r"|answer (?:me|my)|(?:speak|talk) (?:to|with))",
    re.IGNORECASE,
)
"""Words to us, and no part of a reason or a condition."""
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
_SUM = re.compile(
    r"(?:(?:my|our|the|a|budget|budget's|price|rent|range|is|are|of|like|up to|under|below|max(?:imum)?|around|about"
    r"|roughly|between|from|at most|no more than|say|maybe|i said|said|for|it's|less than|not over|upto|can pay"
    r"|can do|i can|we can|looking at|want)\s+)*\$?\d[\d,.]*\s?[kKmM]?(?:\s?(?:-|to|or|and)\s?\$?\d[\d,.]*\s?[kKmM]?)?"
    r"(?:\s+(?:max(?:imum)?|tops?|dollars|bucks|thousand|million|a month|per month|monthly|/ ?mo(?:nth)?|or so|ish"
    r"|i said|or less|rent|budget|is the max|please|at most|would be|is fine|a mo))*\W*(?:/mo)?",
    re.IGNORECASE,
)
_LEAST = {"rent": 300, "price": 40_000}
_FROM = re.compile(r"\b(?:from|live in|living in|i'm in|not|leaving|sold in|out of)\s+$", re.IGNORECASE)
_MOST_FRAGMENTS = 24


def fragments(text: str) -> list[str]:
    """The pieces of an utterance between its marks, addresses of the net and telephone numbers left out."""
    bare = _PHONE.sub(" , ", _EMAIL.sub(" , ", text))
    return [p for part in _BREAK.split(bare) if (p := part.strip(" \t-:\"'()"))][:_MOST_FRAGMENTS]


def gathered(text: str, view: View, events: list[Event]) -> list[Event]:
    """These events, and what fragments of the words tell of slots still open in a lead's form."""
    if view.flow.on_end is None or text.lstrip().startswith("DTMF:") or _closes(events):
        return events
    told = {
        e.slot: e.reading.value
        for e in events
        if isinstance(e, acts.Answer | acts.Fix) and e.reading.value is not None
    }
    events = _timed_only(events, view)
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


def _closes(events: Sequence[Event]) -> bool:
    """Whether the words end the conversation, or are a command that leaves nothing to gather."""
    ending = ("opt_out", "dont_record", "resume", "send_link", "undo")
    return any(isinstance(e, acts.Command) and e.name in ending for e in events)


def _found(text: str, view: View, told: dict[str, Any]) -> Iterator[acts.Answer]:
    state, waiting = view.state, view.state.awaiting
    asked = waiting.slots[0] if waiting.kind == "ask" and waiting.slots else ""
    kind = view.flow.slots[asked].type if asked in view.flow.slots else ""
    play = order.in_play(view.flow, state, told)
    parts = fragments(text)

    def wanted(name: str) -> bool:
        slot = state.peek(name)
        known = name in told or slot.counts or slot.pending
        return name in play and not known and order.applies(view.flow.slots[name].when, state)

    intent = told.get("intent") or state.peek("intent").value
    if wanted("name") and (reading := name_in(parts, view, asked, kind, alone=len(parts) == 1)) is not None:
        yield acts.Answer("name", reading, volunteered=asked != "name")
    if asked == "message":
        return
    spoken_of_time = asked in _TIMED or asked == "lease_length"
    for part in parts:
        if wanted("timeline") and not spoken_of_time and (reading := time_in(part, view)) is not None:
            told["timeline"] = reading.value
            yield acts.Answer("timeline", reading, volunteered=asked != "timeline")
        slot = {"renter": "rent", "buyer": "price", "investor": "price"}.get(str(intent), "")
        if slot and wanted(slot) and kind not in ("integer", "phone", "address"):
            if (reading := sum_in(part, view, slot)) is not None:
                told[slot] = reading.value
                yield acts.Answer(slot, reading, volunteered=asked != slot)
    if wanted("areas") and kind not in ("address", "text") and "property_address" not in told:
        if towns := places_in(text, view):
            yield acts.Answer("areas", Reading(value=towns, confidence=0.8), volunteered=asked != "areas")


def name_in(
    parts: Sequence[str], view: View, asked: str = "", kind: str = "", *, alone: bool = False
) -> Reading | None:
    """The name of the caller in one of these fragments, announced or standing by itself."""
    for n, part in enumerate(parts):
        body = _TAIL.sub("", _LEAD.sub("", part)).strip(" .,")
        announced = _ANNOUNCED.match(body)
        words = (announced["name"] if announced else body).split()
        words = [w.strip(".,") for w in words]
        strong = bool(announced and announced["strong"])
        kept = _name_words(words, view)
        whole = len(kept) == len(words)
        capital = bool(kept) and all(w[:1].isupper() or w.lower() in PARTICLES for w in kept)
        if not kept or len(kept) > 4 or all(w.lower() in PARTICLES for w in kept):
            continue
        if announced and not strong and not (whole and (capital or (asked == "name" and len(kept) > 1))):
            continue
        if strong and not whole and not capital:
            continue
        if not announced:
            bare_slot = asked == "name" or kind not in _NO_BARE_NAMES
            free = kind == "text" and (asked in _LISTS or (n == 0 and asked not in _TIMED))
            if asked == "name":
                if len(kept) < 2 or not (whole or len(kept) == 2 or capital):
                    continue
            elif not bare_slot or free or not whole or not 2 <= len(kept) <= 3 or not capital:
                continue
        reading = view.type_of("name").parse(" ".join(_cased(w) for w in kept), view.context("name"))
        if reading is not None and isinstance(reading.value, dict):
            return Reading(value=reading.value, confidence=0.8)
        if reading is not None and reading.ask and reading.partial:
            return reading
    return None


def _cased(word: str) -> str:
    return word if word[:1].isupper() or word.lower() in PARTICLES else word[:1].upper() + word[1:]


def _name_words(words: Sequence[str], view: View) -> list[str]:
    """The words at the beginning that can be a person's name."""
    places = {w.lower() for place in view.facts.get("markets") or () for w in str(place).split()}
    shut = _NO_NAME | word_list("org_words") | word_list("roles") | word_list("brands") | places
    kept: list[str] = []
    for word in words:
        plain = word.lower().replace("’", "'")
        if not (namelike(word) or (plain in PARTICLES and kept)) or plain in shut:
            break
        kept.append(word)
    return kept


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
    bounds = [b for b in reading.value.values() if b is not None]
    small = re.fullmatch(r"\D*\d{1,2}\D*", body) and not re.search(r"\d\s?[kKmM]\b|thousand|million", body)
    return None if small or min(bounds) < _LEAST[slot] else Reading(value=reading.value, confidence=0.8)


def places_in(text: str, view: View) -> list[str]:
    """Towns of the office's own market that are named, in any spelling of capitals, but not where they are now."""
    found: list[tuple[int, str]] = []
    for place in view.facts.get("markets") or ():
        for match in re.finditer(rf"(?<![\w'-]){re.escape(str(place))}(?![\w'-])", text, re.IGNORECASE):
            if _FROM.search(text[: match.start()]):
                continue
            if not any(a <= match.start() < a + len(p) for a, p in found):
                found.append((match.start(), str(place)))
    return list(dict.fromkeys(place for _, place in sorted(found)))


def answer_only(text: str, view: View, name: str) -> str:
    """The part of an answer that is one, where nearly any words would do or a number is wanted.

    A reason, a condition, a time to meet: sentences that ask, wish for a call, give a name or an address of the
    net are left out. Empty never: what is nothing else stays.
    """
    spec = view.flow.slots[name]
    if view.flow.on_end is None or name in ("message", "intent"):
        return text
    if spec.type == "person_name":
        return _with_name(text, view)
    if spec.type == "areas":
        return _without_others(text, view)
    if spec.type != "text":
        return text
    parts = [p.strip() for p in _SENTENCE.split(text) if p.strip()]
    kept = [p for n, p in enumerate(parts) if not _to_us(p, view, name) and not (n and _other_fact(p, view))]
    body = " ".join(kept) if kept and len(kept) < len(parts) else text
    return _PHONE.sub("", _EMAIL.sub("", body)).strip(" ,") or text


def _with_name(text: str, view: View) -> str:
    """The fragment that holds the name, where others stand beside it."""
    parts = fragments(text)
    if re.search(r"\b(?:as in|spelled|double)\b|\b[A-Za-z][ -][A-Za-z][ -][A-Za-z]\b", text) or not parts:
        return text
    reading = name_in(parts, view, "name", "person_name")
    if reading is None or not isinstance(reading.value, dict):
        return text
    return str(reading.value["display"])


def _without_others(text: str, view: View) -> str:
    """An answer about places without the sums, times and yeses around them."""
    parts = [p.strip() for p in re.split(r",(?!\d)|[.;!?](?=\s|$)", text) if p.strip()]
    if len(parts) < 2:
        return text
    kept = [p for p in parts if not _no_place(p, view)]
    return ", ".join(kept) if kept else ","


_NO_PLACE = re.compile(
    r"\b(?:fha|va|usda|pre-?approved|pre-?qualified|cash|loan|lender|bed(?:room)?s?|bath(?:room)?s?|dogs?|cats?|pets?|budget)\b",
    re.IGNORECASE,
)


def _no_place(part: str, view: View) -> bool:
    return (
        time_in(part, view) is not None
        or _SUM.fullmatch(part) is not None
        or polarity(part) in ("yes", "no")
        or (_NO_PLACE.search(part) is not None and not places_in(part, view))
    )


def _other_fact(part: str, view: View) -> bool:
    """Whether a later sentence of an answer is nothing but a time, a sum or how it is paid."""
    return (
        time_in(part, view) is not None
        or _SUM.fullmatch(part.strip(" .;!")) is not None
        or _PAYING.fullmatch(part) is not None
    )


_PAYING = re.compile(
    r"\W*(?:i'm |we're |already |fully |all |paying )*(?:fha|va|usda|cash|(?:fha |va )?pre-?(?:approved|qualified)|no loan)\W*",
    re.IGNORECASE,
)


def _to_us(sentence: str, view: View, asked: str) -> bool:
    """Whether a sentence is said to us and tells nothing: a question, a wish for a call, who they are."""
    if asks(sentence) or farewell(sentence) or _WISH.search(sentence) or find_command(sentence) is not None:
        return True
    bare = _PHONE.sub("", _EMAIL.sub("", sentence)).strip(" .,")
    if not bare:
        return True
    said = fragments(_LEAD.sub("", bare))[:1]
    announced = bool(said) and _ANNOUNCED.match(said[0]) is not None
    return (announced or asked not in _LISTS) and name_in(said, view, "visit", "text") is not None
