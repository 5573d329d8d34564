"""What people type instead of words ("tmrw", "u", "appt", "im", "tue at 4"), written out before it is read."""

from __future__ import annotations

import re

_WORDS = {
    "im": "I'm", "ive": "I've", "dont": "don't", "doesnt": "doesn't", "didnt": "didn't", "cant": "can't",
    "wont": "won't", "isnt": "isn't", "arent": "aren't", "wasnt": "wasn't", "havent": "haven't",
    "hasnt": "hasn't", "couldnt": "couldn't", "wouldnt": "wouldn't", "whats": "what's", "thats": "that's",
    "theres": "there's", "youre": "you're", "theyre": "they're", "wheres": "where's", "hows": "how's",
    "whos": "who's", "lets": "let's", "u": "you", "ur": "your", "r u": "are you", "pls": "please",
    "plz": "please", "thx": "thanks", "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow",
    "tomorow": "tomorrow", "tommorow": "tomorrow", "tommorrow": "tomorrow", "2morrow": "tomorrow",
    "appt": "appointment", "appts": "appointments", "appnt": "appointment", "resched": "reschedule",
    "gonna": "going to", "wanna": "want to", "bldg": "building", "wknd": "weekend", "mins": "minutes",
    "w/": "with", "w/o": "without", "b4": "before", "cuz": "because", "bc": "because", "bday": "birthday",
    "bd": "bed", "bds": "beds", "bdr": "bedroom", "bdrm": "bedroom", "bdrms": "bedrooms", "bdrs": "bedrooms",
    "hosue": "house", "huose": "house", "preaproved": "preapproved", "preaprovd": "preapproved",
    "movin": "moving", "lookin": "looking", "lookng": "looking", "rentin": "renting", "sellin": "selling",
    "buyin": "buying", "apartmnt": "apartment", "apartement": "apartment", "appartment": "apartment",
}  # fmt: skip
_TYPED = re.compile(
    r"(?<![\w'@./-])("
    + "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
    + r")(?![\w'@]|\.\w)",
    re.IGNORECASE,
)
_DAYS = {
    "mon": "Monday", "tue": "Tuesday", "tues": "Tuesday", "wed": "Wednesday", "weds": "Wednesday",
    "thu": "Thursday", "thur": "Thursday", "thurs": "Thursday", "fri": "Friday", "sat": "Saturday",
    "sun": "Sunday",
}  # fmt: skip
_TIME = r"(?:at|around|about|after|before|morning|afternoon|evening|night|noon|works?|is fine|instead|\d)"
_SURE_DAY = re.compile(r"\b(tues?|thu(?:rs?)?|weds|fri)\b\.?(?!\w|['’])", re.IGNORECASE)
_LIKELY_DAY = re.compile(
    r"(?:(?<=\bon )|(?<=\bnext )|(?<=\bthis )|(?<=\bor )|(?<=\bfor )|(?<=\bto ))(mon|wed|sat|sun)\b(?=\s*(?:$|[,.!?]))",
    re.IGNORECASE,
)
_DAY_AND_TIME = re.compile(rf"\b(mon|wed|sat|sun)\b\.?(?=\s+{_TIME})", re.IGNORECASE)
_ITS_NUMBER = re.compile(r"\bits(?= \d)", re.IGNORECASE)


_SIGHS = re.compile(r"\b(?:omg|lol|lmao|smh|tbh|ugh+|jee+z|geez|fyi|imo|wtf)\b[\s,.!]*", re.IGNORECASE)
"""What only tells a mood."""


def written_out(text: str) -> str:
    """The text with the shorthand of chats in whole words; keys (``DTMF: 12#``) stay as they are."""
    if text.lstrip().startswith("DTMF:"):
        return text
    calm = _SIGHS.sub("", text).strip()
    text = calm if any(c.isalnum() for c in calm) else text
    text = _TYPED.sub(lambda m: _WORDS[re.sub(r"\s+", " ", m[1].lower())], text)
    text = _ITS_NUMBER.sub("it's", text)
    for pattern in (_SURE_DAY, _DAY_AND_TIME, _LIKELY_DAY):
        text = pattern.sub(lambda m: _DAYS[m[1].lower()], text)
    return text
