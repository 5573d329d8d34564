"""Words that carry an answer without being part of it: "um, it's", "my email is", "... please"."""

from __future__ import annotations

import re

from agent.understanding.wordlists import word_set

_HUM = r"(?:u+[mh]+|e+r+m*|h+m+|ah+|mm+|uh huh|(?:well|so|like|just)(?=[\s,]+\w)|you know|let me see|let's see|let me think|okay so|ok so|alright|all right|actually|basically|i guess|i think|i believe|i'd say|i would say)"
_NOUN = (
    r"(?:e[- ]?mail(?: address)?|mail(?: address)?|(?:phone|cell|mobile|telephone|office|contact|"
    r"direct|work|main|business|"
    r"fax|transfer|callback|call-back|best|toll[- ]free)(?: phone)?(?: number| line)?|number|name|"
    r"last name|first name|full name|surname|"
    r"family name|given name|company(?: name)?|brokerage(?: name)?|business name|firm|agency|"
    r"organi[sz]ation(?: name)?|"
    r"brand(?: name)?|team name|street address|mailing address|office address|address|"
    r"website(?: address)?|web site|web address|web page|site|url|domain(?: name)?|code|resume code|"
    r"title|role|position|job|answer|budget|price range|zip(?: code)?|time ?zone|username|user name|hours)"
)
_OWNER = r"(?:my|our|the|his|her|their|your|this|that|a|an)"
_IS = r"(?:is|are|was|would be|will be|should be|'s|’s|s)"
_LEAD = re.compile(
    rf"^(?:{_HUM}\b[\s,.…;:!?-]*"
    rf"|its\s+(?=\S)|(?:it|that|this|there|here)(?:'s|’s| is| was| would be| will be| should be|"
    rf"'d be| must be)[\s,]+(?!is\b)(?:going to be\s+|called\s+)?"
    rf"|(?:{_OWNER}\s+)?(?:(?!(?:first|second|third|fourth|fifth|last|"
    rf"next)\b)\w+\s+){{0,1}}?{_NOUN}\s*(?:there\s+|here\s+|for (?:that|it|"
    rf"me)\s+)?{_IS}[\s,:]+(?:going to be\s+|called\s+)?(?=\S)"
    rf"|{_NOUN}\s*[:=]\s*"
    rf"|(?:you can|you could|please|can you|could you)\s+(?:use|put|write|take|say|note)(?: down)?\s+"
    rf"|(?:let's|let us|we'll|we will|i'll|i will)\s+(?:go with|use|take|say|do)\s+"
    rf")",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^[\s,;:…]+|[\s,;:]+$")
_TAIL = re.compile(
    r"(?:[\s,.;!?]+(?:please|thanks|thank you(?: very much| so much)?|u+[mh]+|e+r+m*|you know|"
    r"i (?:guess|think|believe)|"
    r"for now|if that's ok(?:ay)?|if you don't mind|or something|that's (?:it|all)|that is (?:it|all)|"
    r"that's (?:my|the|our) \w+(?: \w+)?))[\s.!?]*$",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|sure thing|certainly|of course|absolutely|okay|ok|right|correct|fine|"
    r"great|perfect|thanks|thank you|"
    r"hi|hello|hey|hi there|hey there|good (?:morning|afternoon|evening))\b[\s,.;:!-]+(?=\S)",
    re.IGNORECASE,
)


LONGEST = 1000
"""Characters of a text a slot type looks at: half a minute of speech has some five hundred."""


def clip(text: str) -> str:
    """The part of a text that is looked at, its gaps closed; bounds the time a pasted novel can take."""
    return re.sub(r"\s{3,}", " ", text[: 4 * LONGEST])[:LONGEST]


def strip_fillers(text: str) -> str:
    """Take off what surrounds an answer: hesitations, "it's", "my email is", a trailing "please".

    Yes and no are left alone (they may be the answer). The case and inner punctuation of what remains
    are kept; the result can be empty ("um"). Applying it twice changes nothing more.
    """
    rest = text.strip()
    for _ in range(12):
        before = rest
        rest = _LEAD.sub("", rest, count=1)
        rest = _EDGES.sub("", _TAIL.sub("", _EDGES.sub("", rest)))
        if rest == before:
            break
    return rest


def strip_opening(text: str) -> str:
    """``strip_fillers`` and also a leading "yes," / "sure," / "hi," that only opens the answer.

    For questions that are not yes/no questions. A lone "yes" stays.
    """
    rest = strip_fillers(text)
    for _ in range(6):
        before = rest
        rest = strip_fillers(_YES.sub("", rest, count=1))
        if rest == before:
            break
    return rest


_COURTESY = word_set(
    "please thanks thank you very much so and then use my our the a it it's that that's is at on by "
    "call me reach can "
    "for to here speaking calling um uh well okay ok with of in using just also but email e-mail "
    "number phone cell mobile address"
)


def leftover(text: str) -> str:
    """What remains of a sentence once a value is taken out, "" when it is only courtesy and carriers."""
    rest = re.sub(r"\s{2,}", " ", text).strip(" \t\n,.;:!?()-")
    words = re.findall(r"[\w'’]+", rest.lower())
    return "" if all(word in _COURTESY for word in words) else rest
