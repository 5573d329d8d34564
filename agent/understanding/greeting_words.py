"""What a broker says about the greeting, made into the greeting: never an instruction that callers would hear (A045).

Words of their own are taken from where the office's name stands, or from the quotation marks; what is to be left
out, put in or changed is done to the greeting there is.
"""

from __future__ import annotations

import re

from agent.understanding.polarity import split_polarity
from agent.understanding.word_fixes import with_word_fixed
from policies.greetings import (
    LEGAL_WORD,
    any_of,
    greetings,
    listed,
    said_of,
    says_name,
    short_forms,
    words_of,
)

KEEP = ""
"""What is returned when the greeting stays as it is."""
_DENIES = (
    r"(?:not?|never|don'?t|dont|do not|doesn'?t|isn'?t|shouldn'?t|should not|drop|without|remove|delete|leave out|leave off|minus"
    r"|take(?: \w+)? (?:out|off)|get rid of|lose|skip|cut|except|instead of|rather than|nix|omit|strike)"
)
_DENIED = re.compile(rf"\b{_DENIES}\b", re.I)
_CLAUSE = re.compile(rf"[.;!?,:]+\s|[.;!?,:]+$|\b(?=(?:but|so|just|only|{_DENIES})\b)", re.I)
_MORE = re.compile(r"\b(?:add|also|too|as well|plus|include|including|not (?:only|just))\b", re.I)
_QUOTED = re.compile(r"[\"“”]([^\"“”]{3,}?)[\"“”]|[\"“]([^\"“”]{8,})$")
_SENTENCES = re.compile(
    r"\b(?:take|leave|drop|remove|delete|lose|cut|skip|without)\b.{0,12}\b(?P<which>first|last|second) (?:sentence|part|line|bit)\b",
    re.I,
)
_TALK = re.compile(
    r"\b(?:please|thanks|thank you|that'?s (?:it|all|better)|okay|ok|instead)\W*$|\W+(?:instead of|rather than|not|without)\b[^.!?]*$",
    re.I,
)
"""What follows the greeting and is said to us."""
_ASIDE = re.compile(
    rf"^\W*(?:(?:and |but |so |oh )*(?:{_DENIES}|we|we're|i|i'm|my|our|please|that|keep|the greeting|it|ok|okay|yes|no|make|change|rest)\b)",
    re.I,
)
"""A sentence that no caller is meant to hear."""
_TO_CALLERS = re.compile(r"\b(?:you|your|yours)\b", re.I)
_COURTESY = re.compile(r"(?:\s|please|pls|then|thanks|thank you|for now|now)*", re.I)
_KEEPS_NOT = re.compile(r"\b(?:don'?t|do not|not)\b.{0,12}\b(?:keep|leave|use|take|like|love)\b", re.I)
_ENDS = re.compile(r"[.,;!?…]+\s*")
_BY_NAME = re.compile(
    r"(?:\b(?:hello|hi|hey|thanks for calling|this is|i'?m|you'?ve reached|it'?s)\b[\s,!.]*)*"
    r"\b(?-i:[A-Z])[\w'’-]+(?: here)? (?:at|with|from) $",
    re.I,
)
"""Who answers, before the office's name: "this is Odette with "."""
_FEW = 6
"""Words of "yeah, keep it the way it is"."""
_KEEPS = re.compile(
    r"\b(?:keep|leave|use|take|like|love|go with)\b(?: (?:it|that|this|them|the|your|one|greeting|default|standard|suggested|first|as|is))+"
    r"|\b(?:the )?(?:greeting|that|it)(?: is|'s)? (?:fine|good|ok(?:ay)?|great|perfect)\b|\bas (?:it )?is\b",
    re.I,
)


def greeting_wish(text: str, brand: str, current: str) -> str | None:
    """The greeting that is wished for: ``KEEP`` for the ``current`` one, None when no wish is understood."""
    said = " ".join(text.replace("’", "'").split())
    if not any(c.isalnum() for c in said):
        return None
    whole = None if _quotes(said, current) else own_words(said, brand)
    if whole is not None:
        return whole
    fixed = with_word_fixed(said, current) if current else None
    if fixed is not None and says_name(fixed, brand):
        return _tidy(fixed)
    *_, last = [part for part in _ENDS.split(said.strip(" .!?")) if part]
    if (kept := _KEEPS.match(last)) and _COURTESY.fullmatch(last[kept.end() :]):
        return KEEP  # "nah forget it, keep that one"
    changed = _changed(said, current) if current else None
    if changed is not None and (brand.lower() not in current.lower() or brand.lower() in changed.lower()):
        as_it_is = changed == current and not LEGAL_WORD.search(said)
        return KEEP if as_it_is else changed
    sign, rest = split_polarity(said)
    words = rest if sign == "yes" else said
    if _KEEPS_NOT.search(said):
        return None
    if sign != "no" and (not words.strip(" .!") or (len(words.split()) <= _FEW and _KEEPS.search(words))):
        return KEEP if sign == "yes" or _KEEPS.search(words) else None
    return None


def _quotes(text: str, current: str) -> bool:
    """Whether part of the greeting there is stands in quotation marks."""
    quoted = _QUOTED.search(text)
    return quoted is not None and (quoted[1] or quoted[2]).strip(" ,.").lower() in current.lower()


def own_words(text: str, brand: str) -> str | None:
    """The sentences for callers: those in quotation marks, else from the office's name on."""
    names = any_of([name for name in short_forms(brand) if len(name) > 2])
    named = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.I)
    quoted = _QUOTED.search(text)
    if quoted is not None:
        inner = (quoted[1] or quoted[2]).strip(" ,")
        return _tidy(inner) if named.search(inner) and len(inner.split()) > 3 else None
    found = named.search(text)
    if found is None:
        return None
    openers = any_of(greetings().openers)
    opens = re.search(rf"(?:\b(?:{openers})\b[\s,!.]*)+$", text[: found.start()], re.I)
    head = opens.group() if opens else ""
    if by_name := _BY_NAME.search(text[: found.start()]):
        head = by_name.group()
    elif not re.search(
        r"\b(?:hello|hi|hey|howdy|hola|aloha|bonjour|welcome|thank|good|this is|reached|here)", head, re.I
    ):
        head = ""  # "to", "at": the name is only mentioned
    tail = text[found.end() :]
    if _DENIED.match(tail.strip(" ,")) or re.search(rf"\b(?:but|and) {_DENIES}\b", tail, re.I):
        return None
    first, *others = re.split(r"(?<=[.!?])\s+", tail)
    kept = [first]
    for sentence in others:
        if not _TO_CALLERS.search(sentence) or (_ASIDE.match(sentence) and not sentence.endswith("?")):
            break
        kept.append(sentence)
    body = _TALK.sub("", " ".join(kept)).rstrip(" ,")
    if not head and len(body.split()) < 2:
        return None
    return _tidy(f"{head}{found.group()}{body}")


def _changed(text: str, current: str) -> str | None:
    """The current greeting with what is named left out, put in or put for another; None when nothing is."""
    sentences = re.split(r"(?<=[.!?])\s+", current)
    if (which := _SENTENCES.search(text)) and len(sentences) > 1:
        at = {"first": 0, "second": 1, "last": -1}[which["which"].lower()]
        del sentences[at]
        return _tidy(" ".join(sentences))
    quoted = _QUOTED.search(text)
    if quoted is not None and _DENIED.search(text[: quoted.start()]):
        part = (quoted[1] or quoted[2]).strip(" ,.")
        begin = current.lower().find(part.lower())
        return _tidy(current[:begin] + current[begin + len(part) :]) if begin >= 0 and part else None
    wanted, denied = _sorted_out(text)
    changed = current
    instead = said_of(wanted, "things")
    for kind in ("verbs", "things"):
        new, out = said_of(wanted, kind), said_of(denied, kind)
        if said_of(denied, "verbs") and said_of(denied, "things") and (kind == "verbs") == bool(instead):
            out = []  # "land, we never sell houses" is about the houses, "we don't rent homes" about renting
        if new or out:
            edited = _edited(changed, kind, new, out, more=_MORE.search(text) is not None)
            if edited is None:
                return None
            changed = edited
    formal = LEGAL_WORD.search(denied) is not None  # "don't say LLC"
    changed = LEGAL_WORD.sub("", changed) if formal else changed
    named = formal or any(said_of(text, kind) for kind in ("verbs", "things"))
    return changed if named else None


def _sorted_out(text: str) -> tuple[str, str]:
    """(what is wanted, what is not)."""
    wanted: list[str] = []
    denied: list[str] = []
    for clause in _CLAUSE.split(text):
        if re.match(r"\W*not (?:only|just)\b", clause, re.I):
            wanted.append(clause)
        else:
            (denied if _DENIED.search(clause) else wanted).append(clause)
    return " ; ".join(wanted), " ; ".join(denied)


def _edited(text: str, kind: str, new: list[str], out: list[str], *, more: bool) -> str | None:
    """A greeting whose list of verbs or things is another one; None when nothing would be left of it."""
    _, pattern = words_of(kind)
    link = r"(?:, and |, or |, | and | or )"
    span = re.search(rf"{pattern}(?:{link}{pattern})*", text.partition(" helps ")[2] or text, re.I)
    if span is None:
        return f"{text.rstrip('. ')} with {listed(new)}." if new and kind == "things" else None
    begin = len(text) - len(text.partition(" helps ")[2] or text) + span.start()
    had = said_of(span.group(), kind)
    left = [w for w in had if w not in out]
    listing = (
        [*left, *(w for w in new if w not in left)] if more or not new else [w for w in new if w not in out]
    )
    if not listing:
        return None
    return _tidy(text[:begin] + listed(listing) + text[begin + len(span.group()) :])


def _tidy(text: str) -> str:
    """As a sentence."""
    plain = re.sub(r"\s+([,.!?])", r"\1", re.sub(r"\s+", " ", text)).strip(" ,;:-")
    plain = plain[:1].upper() + plain[1:]
    return plain if plain.endswith((".", "!", "?")) else f"{plain}."
