"""Values that only fill a blank: "unknown", "N/A", "test", "none". They never count as an answer."""

from __future__ import annotations

import re
import unicodedata

from agent.understanding.wordlists import word_set

_WORDS = word_set("""
    unknown unkown na nan none null nil nothing nobody noone blank empty undefined missing
    test tests testing tester dummy fake sample example placeholder default anonymous anon
    tbd tba tbc todo todefine pending later whatever xxx xx xxxx yyy zzz abc abcd abcdef asdf asdfasdf
    asdfgh qwerty qwertz foo bar foobar foobaz baz lorem ipsum loremipsum string text value name
    firstname lastname fullname surname username yourname myname firstlast company companyname
    organization organizationname yourcompany mycompany email youremail myemail emailaddress noemail
    user admin1 notprovided notavailable notapplicable notgiven notknown notset notspecified notsure
    unspecified unnamed noname noone nodata invalid redacted caller customer
    """)

_FILLED = re.compile(r"^(.)\1*$")


def _squash(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", plain)


def is_placeholder(value: object) -> bool:
    """Whether a value stands for "no value" rather than being one.

    True for empty text, "N/A", "unknown", "test test", "<name>", "xxx", "---" and the like.
    Strings of one repeated letter count when they are three or longer. Mappings and lists count
    when every value in them does. Numbers and booleans never do.
    """
    if value is None:
        return True
    if isinstance(value, dict):
        texts = [v for v in value.values() if not isinstance(v, bool)]
        return not texts or all(is_placeholder(v) for v in texts)
    if isinstance(value, list | tuple):
        return not value or all(is_placeholder(v) for v in value)
    if not isinstance(value, str):
        return False
    squashed = _squash(value)
    if not squashed or squashed in _WORDS:
        return True
    if len(squashed) >= 3 and squashed.isalpha() and _FILLED.match(squashed):
        return True
    words = [_squash(word) for word in re.split(r"[\s/,;]+", value.strip("<>[](){} ")) if _squash(word)]
    return bool(words) and all(word in _WORDS for word in words)
