"""One utterance taken apart: what was told, what was asked, and what is a farewell.

People answer and ask in one breath ("a home office. What are taxes like there?"). The answer must not be
lost to the question, nor the question be taken for the answer.
"""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?;…])\s+(?=\S)|\n+|(?<=[.!?])(?=[A-Z])")
_TITLE = re.compile(r"\b(?:St|Mt|Ft|Mr|Mrs|Ms|Dr|Ave|Rd|Blvd|Ln|Apt|a\.m|p\.m)\.$", re.I)
_OPENING = (
    r"(?:(?:so|um+|uh+|and|but|wait|sorry|well|ok(?:ay)?|oh|hey|yo|hiya|umm+|lol|hi(?: there)?|hello|yeah|yes|no|also|then|actually|by the way|one more"
    r" thing|quick question|thanks|please)[\s,.!]+)*"
)
_WH = r"(?:what|which|how|why|who|whose|where|when)(?:'?s|'?re|'?d)?"
_AUX = (
    r"(?:do|does|did|is|are|was|were|can|could|will|would|should|shall|may|have|has) "
    r"(?:i|you|we|they|he|she|it|there|this|that|these|those|the|your|my|our|any|(?:next )?(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|tomorrow|today|pets?|someone|somebody|anyone|anybody)"
)
_ASKS = re.compile(rf"^{_OPENING}(?:{_WH}|{_AUX}|isn'?t|aren'?t|don'?t you)\b", re.I)
_SUBORDINATE = re.compile(
    r"\W*(?:(?:by|until|maybe|probably|around|like|so|and|but|just|only|after|before|it'?s) )*(?:when|where|how)(?:ever)?"
    r" (?:my|our|the|his|her|their|i|we|she|he|they)\b(?!.*\?)",
    re.I,
)
"""What opens like a question and tells something ("when my lease ends")."""
_EMBEDDED = re.compile(
    r"(?<=[\w,]) (?:and |but |so )?(?:(?:is|are|does|do|did|can|could) (?:it|they|there(?= \w)|you|u|i|we|that one|this one)\b(?! (?:is|are)\b)"
    r"|(?:is|are|would) (?:that|this|those) (?:be )?(?:ok(?:ay)?|fine|allowed|a problem|an issue|possible|included|alright)\b"
    r"|(?:does|did|will) the \w+ \w+"
    r"|(?:what's|what is|how much is|how much are|what are) (?:the|it|your|they|their|rent|hoa)\b).{0,80}$",
    re.I,
)
"""A question at the end of a sentence without its mark ("saw 12 Cherry Lane online is it still available")."""
_TENTATIVE = re.compile(
    r"\b(?:maybe|i guess|probably|perhaps|or so|i think)\W*\?+\s*$"
    r"|^\W*(?:maybe|perhaps|probably|around|about|like|say|roughly) \$?\d[\w.,$]*(?: \w+){0,2}\?+\s*$",
    re.I,
)
"""An answer that is only not sure of itself ("spring maybe?")."""
_LEADS_TO = re.compile(
    r"(?:\b(?:what|that|which|who|where|when|if|how|as|all|so|than|because|whether|whatever|neither|nor|know|sure|see|tell"
    r"|told|said|say|think|guess|like|wonder(?:ing)?|the (?:most|best|least)|only)) $",
    re.I,
)
_TAIL = re.compile(
    rf",\s*(?:and |but |so |or )*(?=(?:{_WH} (?:is|are|was|do|does|did|would|will|can|could|should|about|much|many|long|s)\b|{_AUX}\b).{{0,120}}\?)",
    re.I,
)
"""A question that follows an answer after a comma only ("no, should I be?")."""
_REQUEST = re.compile(
    r"\b(?:can|could|would|will|may) (?:you|i|we|they|he|she|someone|somebody|anyone|an agent|(?:my|our|the) (?:\w+ )?(?:buyers?|clients?|wife|husband|family|partner)) (?:guys )?(?:please |maybe |just |also )*"
    r"(?:find|get|show|look|search|send|help|see|buy|rent|sell|list|schedule|book|set|make|put|tour|visit|view|take|leave"
    r"|talk|speak|have|give|call|text|e-?mail|notify|alert|message|keep|let|arrange|tell (?:me|us) (?:more )?about|come|start|sign|check out|recommend|suggest|tell (?:him|her|them|\w+ that))\b"
    r"|\bdo you (?:guys |all |currently )?(?:have|got|buy|help|sell|rent|handle|offer|know of)\b|\b(?:are|is) there (?:any|something|anything)\b"
    r"|\b(?:got|have) any(?:thing)?\b|^\W*(?:how|what) about\b|\bwhat (?:do|have) you (?:guys )?(?:have|got)\b|\bdo you (?:do|cover|work)\b"
    r"|\bany(?:thing)? (?:homes?|houses?|apartments?|condos?|places?|rentals?|listings?|available|for (?:rent|sale))\b"
    r"|\b(?:what|any(?:thing)?|something|some|are there) (?:else|other)\b|\bother (?:options?|places?|apartments?|homes?|suggestions?)\b"
    r"|\bi(?:'m| am)? (?:was )?(?:wondering|looking)\b|\bwhat(?:'s| is) (?:for (?:sale|rent)|available|on the market)\b",
    re.I,
)
_WHETHER = re.compile(
    r"\b(?:can|could|may|should) (?:i|we|it) (?:still )?(?:be )?(?:sell|sold|buy|rent|list|listed|do)\b.{0,60}"
    r"\b(?:with (?:a|an|the|my|our|no|bad)|while|if|even|without|before|from)\b",
    re.I,
)
"""Whether something is possible at all."""
_EXISTS = re.compile(r"\b(?:do you|are there|is there|got|have) .{0,12}\b(?:any|an?|some|offer)\b", re.I)
_FOR_HOMES = re.compile(
    r"\b(?:home|house|condo|apartment|place|rental|listing|propert|unit|bed|studio|townho|plex|anything|something"
    r"|someone|somebody|anyone|agent|person|ones?\b|(?<!first )(?<!first-)time|slot|opening|appointment|day)",
    re.I,
)
_FAREWELL = re.compile(
    r"(?:(?:omg|lol|never ?mind|forget it|whatever|ok(?:ay)?|alright|all right|great|cool|fine|nothing|no|nope|well|so|and|then|thanks?|thank you|thx|cheers"
    r"|that'?s (?:all|it|everything)|gotta (?:go|run)|have to go|i(?:'m| am) (?:done|good)|very much|so much|a lot|anyway|just|for now"
    r"|for your (?:help|time)|again|gracias|eso es todo|muchas)[\s,.!]*)*"
    r"\b(?:good ?bye|bye(?:[ -]?bye)?|take care|see (?:you|ya)|talk (?:to you )?(?:later|soon)|have a (?:good|nice|great) (?:one|day|night|evening"
    r"|weekend)|so long|adi[oó]s|hasta luego|chao)\b[\s.!,]*(?:now|then|thanks?|thank you|bye)?[\s.!]*",
    re.I,
)


def sentences(text: str) -> list[str]:
    """The sentences of an utterance, each with its mark; titles and "St." end none."""
    found: list[str] = []
    for part in _END.split(text.strip()):
        if found and _TITLE.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        elif part.strip():
            found.append(part.strip())
    return found


def asks(sentence: str) -> bool:
    """Whether a sentence is a question, in English or Spanish."""
    if _TENTATIVE.search(sentence) and not _ASKS.match(sentence):
        return False
    return (
        sentence.rstrip().endswith("?")
        or sentence.lstrip().startswith("¿")
        or (_ASKS.match(sentence) is not None and not subordinate(sentence))
        or _embedded(sentence) is not None
    )


def opens_a_question(sentence: str) -> bool:
    """Whether the first words are those of a question ("is it ...", "how many ...")."""
    return _ASKS.match(sentence) is not None and not subordinate(sentence)


def _embedded(sentence: str) -> re.Match[str] | None:
    """The question that ends a sentence and has no mark; after "what" or "I know" it is none."""
    found = _EMBEDDED.search(sentence)
    if found is None or _LEADS_TO.search(sentence[: found.start() + 1]) or found.start() < 8:
        return None
    return found


def subordinate(sentence: str) -> bool:
    """Whether words that open like a question tell something ("when my lease ends in January")."""
    return _SUBORDINATE.match(sentence) is not None


_ANSWERED = re.compile(r"\W*(?:no|nope|yes|yep|yup|yeah|ya|sure|absolutely|of course)[,.!]\s+", re.I)
"""An answer before a question ("sure, whats the square footage again")."""


def requests(sentence: str) -> bool:
    """Whether a question wishes for something to be done or found ("do you have any two bedrooms?")."""
    return _REQUEST.search(sentence) is not None


def parted(text: str) -> tuple[str, str]:
    """(what is told, what is asked) of one utterance; a request counts as told."""
    parts = [
        _apart(s) if _asked_behind(s) or (asks(s) and not requests(s)) else (s, "") for s in sentences(text)
    ]
    told, asked = (" ".join(part[side] for part in parts if part[side]) for side in (0, 1))
    return told, asked


def questions(text: str) -> list[str]:
    """What is asked in an utterance, one by one; a request is a question where nobody can just do it."""
    found = [_apart(s)[1] for s in sentences(text) if asks(s) and (not requests(s) or _wonders(s))]
    return [question for question in found if question]


def _apart(sentence: str) -> tuple[str, str]:
    """A sentence that asks: what it tells before, and what it asks."""
    if behind := _asked_behind(sentence):
        return sentence[: -len(behind)].strip(), behind
    opens = _ASKS.match(sentence) is not None
    plain_tail = opens and not re.match(r"\W*(?:no|nope|yes|yeah)\b", sentence, re.I)
    tail = None if plain_tail else _TAIL.search(sentence)
    inside = None if tail is not None or opens else _embedded(sentence)
    if inside is not None:
        return sentence[: inside.start()].strip(" ,"), sentence[inside.start() :].strip()
    if tail is not None and sentence[: tail.start()].strip():
        return sentence[: tail.start()].strip(), sentence[tail.end() :].strip()
    return "", sentence


def _asked_behind(sentence: str) -> str:
    """The question behind an answer in its first words; "" where there is none."""
    answered = _ANSWERED.match(sentence)
    behind = sentence[answered.end() :] if answered is not None else ""
    plainly = behind and _TAIL.search(sentence) is None and asks(behind) and not requests(behind)
    return behind if plainly else ""


def _wonders(sentence: str) -> bool:
    """Whether a request asks for something to be known ("can I sell it with a tenant in it?")."""
    if _WHETHER.search(sentence):
        return True
    return _EXISTS.search(sentence) is not None and _FOR_HOMES.search(sentence) is None


def farewell(text: str) -> bool:
    """Whether the last sentence takes leave ("so that's a no. ok thanks bye")."""
    last = sentences(text)[-1:] or [""]
    if _FAREWELL.fullmatch(last[0]):
        return True
    _, _, tail = last[0].rpartition(",")
    return bool(tail) and _FAREWELL.fullmatch(tail.strip()) is not None
