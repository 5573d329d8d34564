"""Whether a caller who is taken for one kind turns out to be another ("RENT, not buy", "no, SELLING it").

What somebody wants is said in passing all day ("we have to sell first", "tired of renting"): it only changes
what they are taken for when they put it right outright.
"""

from __future__ import annotations

import re

_VERB = {
    "buyer": r"(?:buy(?:ing|er)?|purchas(?:e|ing))",
    "seller": r"(?:sell(?:ing|er)?)",
    "renter": r"(?:rent(?:ing|al|er)?|leas(?:e|ing)|(?:an? )?(?:\w+ ){0,3}(?:for|to) rent|a rental)",
}
_ANY = r"(?:buy(?:ing)?|sell(?:ing)?|rent(?:ing)?|leas(?:e|ing)|purchas(?:e|ing))"
_FILL = (
    r"(?:(?:no|nope|none|not|omg|what|wait|sorry|actually|i said|i told you|i mean|i meant|i want|i'm|i am|we're|we are"
    r"|we want|want|need|to|just|only|it's|this is|that's|for|a|an|the|please|hello|wrong|but|about|is|here|yo|you got it"
    r"|trying|looking|interested in)\W+)*"
)
_PUT_RIGHT = re.compile(
    r"\b(?:no|nope|not|wrong|actually|wait|i said|i told you|i meant?|instead|rather|changed (?:my|our) mind"
    r"|on second thought|you got|misunderst\w+|scratch that|forget (?:that|it|buying|renting|selling)|omg|never ?mind"
    r"|i have to correct|correction)\b",
    re.IGNORECASE,
)
_OUTRIGHT = {
    "buyer": r"\b(?:want|wants|need|like|trying|looking|going|ready|decided|rather|here|have) to (?:buy|purchase)\b|\b(?:rather|instead) (?:buy|purchase)\b"
    r"|\b(?:i'm|i am|we're|we are) (?:actually |really )?(?:buying|a buyer|the buyers?|buyers)\b",
    "seller": r"\b(?:want|wants|need|like|trying|looking|going|ready|decided|rather|here|have) to (?:sell|list)\b|\b(?:rather|instead) (?:sell|list)\b"
    r"|\b(?:i'm|i am|we're|we are) (?:actually |really )?(?:selling|a seller|the sellers?|the owners?|sellers)\b",
    "renter": r"\b(?:want|wants|need|like|trying|looking|going|ready|decided|rather|here|have) to (?:rent|lease)\b|\b(?:rather|instead) (?:rent|lease)\b"
    r"|\b(?:i'm|i am|we're|we are) (?:actually |really )?(?:renting|a renter|renters)\b"
    r"|\b(?:want|need|looking for) (?:an? )?(?:\w+ ){0,3}(?:rental|for rent)\b",
    "investor": r"\b(?:i'm|i am|we're|we are) (?:actually |really )?(?:an? )?investors?\b|\bto invest\b",
    "agent": r"\b(?:i'm|i am) (?:actually |also )?(?:an? |the )?(?:\w+ ){0,2}(?:agent|realtor|broker)\b",
    "existing_client": r"\b(?:i'm|i am|we're|we are) (?:already )?(?:your|an? existing|a current) clients?\b",
    "message": r"\b(?:take|leave|pass on|give \w+) (?:a |my |this )?message\b|\bmanage (?:my|our)\b"
    r"|\b(?:i'm|i am|we're|we are) (?:a |an |the |your )?(?:landlord|tenant|owner of a rental)s?\b"
    r"|\bproperty management\b|\brent (?:it|my \w+|our \w+) out\b",
    "wrong_number": r"\bwrong (?:number|place|company|person)\b",
    "vendor": r"\b(?:i'm|i am|we're|we are|calling) (?:a |an |from )?(?:\w+ )?(?:vendor|supplier|photographer|stager)\b",
}
_NO_SALE = re.compile(
    r"\b(?:not|don't|never|no longer) (?:\w+ ){0,3}(?:sell|list)\w*|\b(?:instead|rather|actually|wrong|misunderst\w+"
    r"|scratch that|never ?mind|forget (?:it|that|selling)|changed (?:my|our) mind|i said|i meant?|not a seller)\b",
    re.IGNORECASE,
)
"""What takes a sale back: who sells may buy or rent after it, and speaks of that all the time."""
_NOT_NOW = re.compile(
    r"\b(?:first|before (?:we|i)|once|after (?:we|i)|too|also|as well|now|currently|at the moment|for years|truck|car|van"
    r"|(?:my|our) (?:\w+ )?lease)\b",
    re.IGNORECASE,
)
"""What is wished for besides, or is so today, and takes nothing back."""
SELLS_FIRST = re.compile(
    r"\b(?:sell|list)(?:\W+\w+){0,6}\W+(?:first|before (?:i|we)|to (?:buy|afford)|so (?:i|we) can)\b",
    re.IGNORECASE,
)
"""A sale on the way to a home to buy: a "no" in the same breath answered something else."""


_ASKED_BACK = re.compile(r"^\W*\w+[?,]+\s+(?=no(?:pe)?\b)")
"""A word heard from us and denied ("rent? no no, we want to buy")."""


def named_outright(text: str, known: str) -> str:
    """The kind of caller that the words plainly put in the place of the known one; "" for none.

    A fragment that is nothing but the other word ("RENTING."), one set against the other ("rent, not buy"), or
    a wish in so many words, with or without a "no".
    """
    plain = _ASKED_BACK.sub("", re.sub(r"\s+", " ", text.lower().replace("’", "'")))
    for kind, verb in _VERB.items():
        if kind == known:
            continue
        against = rf"\b{verb}\W+(?:and )?not (?:to )?{_ANY}\b|\bnot (?:to )?{_ANY}\W+(?:i |we |but |want |to |am |it's |'m )*{verb}\b"
        if re.search(against, plain):
            return kind
        denied = re.compile(rf"\bnot\W+(?:\w+\W+){{0,3}}{verb}")
        parts = [
            p.strip() for p in re.split(r"[.;!?,]+(?=\s|$)", plain) if p.strip() and not denied.search(p)
        ]
        if any(
            re.fullmatch(rf"{_FILL}{verb}(?: it| one| please| a \w+| an \w+| something)?", p) for p in parts
        ):
            return kind
        if kind == "renter" and re.search(r"\d\W+(?:a|per) month\W+rent\b", plain):
            return kind
    put_right = _PUT_RIGHT.search(plain) is not None
    if known == "seller" and not _NO_SALE.search(plain):
        return ""
    for kind, pattern in _OUTRIGHT.items():
        if kind == known or not (found := re.search(pattern, plain)):
            continue
        if kind in _VERB and _NOT_NOW.search(plain) and not put_right:
            continue
        if kind == "seller" and SELLS_FIRST.search(plain):
            continue
        if kind not in _VERB or put_right or len(plain.split()) < 9 or found.start() < 12:
            return kind
    return ""
