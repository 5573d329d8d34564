"""A yes or a no in one clause of what is said, whatever remark stands beside it.

"What?? I just meant the voices. Fine, switch it on", "hehe ok yes correct", "why one e-mail? But ok, save it": one
clause answers, the others remark on something. A clause that only holds a yes ("yes if the lawyer agrees", "I'll
switch it on tomorrow") answers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from agent import acts
from agent.acts import Event, brings_value
from agent.understanding.base import Reading
from agent.understanding.polarity import Polarity, bare, split_polarity
from agent.understanding.sentences import asks, sentences
from agent.understanding.view import View

_ENDS = re.compile(r"\s*(?:[,;:!?…–—]+|\.+(?=\s|$))\s*|\s+(?=(?:but|pero)\s)|(?<=\s)-+\s")
_BUT = re.compile(r"^(?:but|pero|well|oh well|eh|meh|anyway|still|then|so|and|though)\b[\s,]*", re.I)
_CONDITION = re.compile(
    r"\b(?:if|unless|until|once|provided|assuming|as (?:soon|long) as|(?:before|after|when) (?:i|we|you|they|my|our|the))\b"
    r"|\b(?:tomorrow|later|next week|not yet)\b",
    re.I,
)
"""What makes a yes one for another day."""
_CONCEDES = re.compile(
    r"(?:(?:but|well|then|so|it'?s|that'?s|all) )*(?:fine|ok(?:ay)?|all right|alright|good)", re.I
)
_GOES_ON = re.compile(
    r"(?:save (?:it|that|them|this|everything)|(?:let'?s )?(?:go|move|carry|keep going)(?: on| ahead)?|continue|next"
    r"|it(?:'ll| will) do|good enough|love (?:it|that)|leave it(?: like that| as it is)?|keep (?:it|that)(?: like that| as it is)?"
    r"|(?:i'?ll take |let'?s (?:do|go with) |give me )?(?:that|this) one"
    r"|(?:put|sign|set) (?:me|us) (?:on|up (?:for|on|with)|down for) (?:it|that|this)(?: one)?"
    r"|(?:(?:let'?s|we'?ll|i'?ll) )?(?:roll|go|stick|run|start) with (?:it|that|this)(?: one)?"
    r"|(?:whatever |what )?you (?:recommend|suggest|think(?: is best)?)(?: is (?:good|fine))?)",
    re.I,
)
"""What agrees to values read back or offered."""
_AS_IT_IS = (
    r"(?: (?:ones?|be|please|rules|as (?:it is|is|they are)|(?:like|how|the way) (?:it is|that|they are)))"
)
_KEPT = (
    r"(?:(?:let'?s|just|please|we'?ll|i'?ll|you can) )*(?:keep (?:it|that|this|those|these|them)"
    rf"|leave (?:it|that|this|those|these|them)(?={_AS_IT_IS})"
    r"|(?:don'?t|do not|no need to) (?:touch|change) (?:it|that|this|those|these|them|anything)"
    rf"|(?:those|these|they)(?:'re| are| look| sound) (?:good|fine|great|okay|ok)){_AS_IT_IS}*"
)
"""What agrees where something is to stay as it is."""
_NO_BUT_KEPT = re.compile(rf"\W*(?:no+(?:pe)?|na+h*|naw)\b[\s,.!-]*(?={_KEPT}\s*(?:$|[,.!;]))", re.I)
"""The no of "nah, keep that one": nothing else is wished for."""
_WISH = re.compile(
    r"\b(?:don'?t|do not|never|always|make sure|please|pls|i (?:said|asked|want|need|told)|(?:should|must) |instead|also|plus|add|change"
    r"|fix|wrong|missing|forg[eo]t|except|without|call|text|e-?mail|remember|keep in mind|prefer|rather|wish|like to)\b",
    re.I,
)
"""What makes a remark one that somebody has to see."""
AGREES = "agrees"
"""The slot's option with what agrees to its question in words of its own: patterns of whole clauses."""


def with_sign(
    text: str, view: View, events: list[Event], understood: Callable[[str], list[Event]]
) -> list[Event]:
    """These events, with the yes or no that one clause of the words says to what was asked.

    ``understood``: what the other clauses mean, taken by themselves.
    """
    if not wants_sign(view):
        return events
    waiting = view.state.awaiting
    asked = waiting.slots[0] if waiting.slots else ""
    sign, remark = sign_in(text, view)
    settled = any(isinstance(e, acts.Yes | acts.No) or _changes(e, view, asked) for e in events)
    if settled or sign is None:
        return events
    beside = understood(remark) if remark else []
    told: list[Event] = [
        e
        for e in beside
        if isinstance(e, acts.Aside) or _to_change(e) or (brings_value(e) and e.slot != asked)
    ]
    found = {e.slot for e in told if brings_value(e)}
    told += [e for e in events if isinstance(e, acts.Fix) and e.slot not in found]
    if waiting.kind == "summary" and any(_changes(e, view, asked) for e in told):
        return told  # what was put right is seen first
    if waiting.kind == "ask":
        return [acts.Answer(asked, Reading(value=sign == "yes", confidence=0.8)), *told]
    return [acts.Yes() if sign == "yes" else acts.No(), *told]


def without_vain_no(text: str, view: View) -> str:
    """The words without a no that agrees, where it is asked whether something shall stay ("nah, keep it")."""
    waiting = view.state.awaiting
    stays = waiting.kind == "offer" or (waiting.kind == "ask" and _agrees("keep it", _own_words(view)))
    return _NO_BUT_KEPT.sub("", text, count=1) if stays and _NO_BUT_KEPT.match(text) else text


def wants_sign(view: View) -> bool:
    """Whether a yes or a no is waited for."""
    waiting = view.state.awaiting
    if waiting.kind == "ask":
        return view.flow.slots[waiting.slots[0]].type == "yes_no"
    return waiting.kind in ("confirm", "offer", "summary")


def sign_in(text: str, view: View) -> tuple[Polarity | None, str]:
    """(the plain yes or no of a clause, what the other clauses say).

    None where no clause is plain, where there are both, and where there is a condition.
    """
    own = _own_words(view)
    parts = [part for part in _ENDS.split(text) if part and part.strip()]
    found = [_sign(part, own, last=at == len(parts) - 1) for at, part in enumerate(parts)]
    remark = ". ".join(
        part.strip() for part, sign in zip(parts, found, strict=True) if sign is None and bare(part)
    )
    signs = {sign for sign in found if sign is not None}
    held = any(_CONDITION.search(part) for part, sign in zip(parts, found, strict=True) if sign is None)
    return (signs.pop() if len(signs) == 1 and not held else None), remark


def unheard_wish(text: str, view: View) -> str:
    """What the clauses beside a yes or a no wish for; "" where they only talk."""
    _, remark = sign_in(text, view)
    wishes = [
        _BUT.sub("", part).strip(" ,.") for part in sentences(remark) if not asks(part) and _WISH.search(part)
    ]
    return ". ".join(wishes)


def _sign(part: str, own: Sequence[str], *, last: bool) -> Polarity | None:
    """What one clause says, when it is nothing but that."""
    words = bare(_BUT.sub("", part))
    sign, rest = split_polarity(part)
    if sign in ("yes", "no") and (not rest or _agrees(bare(rest), own)):
        return sign
    if _agrees(words, own):
        return "yes"
    return "yes" if last and _CONCEDES.fullmatch(part.strip()) else None


def _agrees(words: str, own: Sequence[str]) -> bool:
    return any(re.fullmatch(pattern, words, re.I) for pattern in own)


def _own_words(view: View) -> Sequence[str]:
    waiting = view.state.awaiting
    if waiting.kind == "ask":
        own = tuple(view.flow.slots[waiting.slots[0]].options.get(AGREES, ()))
        return (*own, _KEPT) if _agrees("keep it", own) else own
    return (_GOES_ON.pattern, _KEPT)


def _changes(event: Event, view: View, asked: str) -> bool:
    """Whether an event is another value for what is asked or read back, or a wish for one."""
    if _to_change(event):
        return view.state.awaiting.kind == "summary"
    if not isinstance(event, acts.Answer | acts.Fix):
        return False
    waiting = view.state.awaiting
    return event.slot == asked or (
        waiting.kind == "summary" and event.slot in view.flow.step(waiting.step).required
    )


def _to_change(event: Event) -> bool:
    """Whether somebody wants a value changed, and has not said how."""
    return isinstance(event, acts.Command) and event.name == "change"
