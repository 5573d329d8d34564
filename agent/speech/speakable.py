"""Written text -> the same text as it should be said.

For any voice: digits of numbers that are identifiers are said one by one in groups with pauses,
addresses of mail and web as people say them, money and times in words, abbreviations in full. Words are
never dropped, and spelling ("P as in Papa") stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

STATES: Final = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "D.C.", "FL": "Florida",
    "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa",
    "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland",
    "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri",
    "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio",
    "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah",
    "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin",
    "WY": "Wyoming",
}  # fmt: skip

STREETS: Final = {
    "St": "Street", "Ave": "Avenue", "Blvd": "Boulevard", "Rd": "Road", "Dr": "Drive", "Ln": "Lane",
    "Ct": "Court", "Pl": "Place", "Pkwy": "Parkway", "Hwy": "Highway", "Cir": "Circle",
    "Ter": "Terrace", "Sq": "Square",
}  # fmt: skip

_SHORT: Final = {
    "apt": "apartment", "ste": "suite", "approx": "approximately", "dept": "department",
    "vs": "versus", "sq. ft": "square feet", "sq ft": "square feet", "sqft": "square feet",
    "bd": "bedroom", "ba": "bath", "mo": "month", "hr": "hour", "hrs": "hours", "min": "minutes",
    "mins": "minutes", "ext": "extension",
}  # fmt: skip

_WORDS: Final = {"e.g.": "for example", "i.e.": "that is", "etc.": "and so on", "w/": "with"}

_SYMBOLS_IN_MAIL: Final = {".": "dot", "_": "underscore", "-": "dash", "+": "plus", "@": "at"}

_MONEY_WORD: Final = {"k": "thousand", "m": "million", "mm": "million", "b": "billion"}

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-zA-Z]{2,}")
_URL = re.compile(
    r"\b(?:https?://|www\.)[^\s,;!?)\"']*[^\s.,;!?)\"']"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|ai|co|us|app|dev|homes|realtor|realty|example|test)\b(?:/[\w\-./]*\w)?",
    re.IGNORECASE,
)
_E164 = re.compile(r"(?<![\w+])\+(\d{8,15})(?!\d)")
_NANP = re.compile(
    r"(?<![\d+\-])(?:\+?1[\s.\-])?(?:\((\d{3})\)\s?|(\d{3})[\s.\-])(\d{3})[\s.\-](\d{4})(?![\d\-])"
)
_EXTENSION = re.compile(r"\b(?:ext\.?|extension|x)\s?(\d{2,6})\b", re.IGNORECASE)
_MONEY = re.compile(
    r"\$\s?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(?:\s?(k|mm|m|b)\b|\s(thousand|million|billion)\b)?"
    r"(\s?/\s?(?:mo|month|yr|year|hr|hour|min|minute)\b)?",
    re.IGNORECASE,
)
_MONEY_RANGE = re.compile(r"(?<=\d|[kKmM])\s?[-–]\s?(?=\$\d)")
_PERCENT = re.compile(r"(\d)\s?%")
_TIME = re.compile(r"\b([01]?\d|2[0-4]):([0-5]\d)(?:\s?([ap])\.?\s?m\b\.?)?(?!:?\d)", re.IGNORECASE)
_HOUR = re.compile(r"\b(1[0-2]|0?[1-9])\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
_HOUR_RANGE = re.compile(r"(?<=\d|m)\s?[-–]\s?(?=\d{1,2}(?::\d\d)?\s?[ap]\.?m\b)", re.IGNORECASE)
_STATE_ZIP = re.compile(r",\s*([A-Z]{2})\s+(\d{5})(?:-(\d{4}))?\b")
_STATE = re.compile(r",\s*([A-Z]{2})(?=[\s.,;!?]|$)")
_ZIP = re.compile(r"\b(ZIP(?: code)?(?: is)?:?)\s(\d{5})\b", re.IGNORECASE)
_STREET_AFTER = re.compile(
    r"\b(\d+[A-Za-z]?(?:\s[NSEW]\.?)?\s(?:[A-Z0-9][\w']*\s){1,3})(" + "|".join(STREETS) + r")\b\.?"
)
_DIRECTION = re.compile(r"\b(\d+)\s([NSEW])\.?\s(?=[A-Z0-9])")
_UNIT_NO = re.compile(r"#\s?(?=\w)")
_CODE_CUE = re.compile(
    r"\b((?:code|reference|ticket|confirmation|pin|order|case|account)(?:\s(?:number|code|no\.?))?"
    r"(?:\s(?:is|was)|:)?)\s([A-Z0-9][A-Z0-9\-]{2,15})(?![\w-])",
    re.IGNORECASE,
)
_MIXED = re.compile(
    r"(?<![\w$.\-/])(?=[A-Z0-9\-]*\d)(?=[A-Z0-9\-]*[A-Z])[A-Z0-9]{2,}(?:-[A-Z0-9]+)*(?![\w\-])"
)
_LONG_NUMBER = re.compile(r"(?<![\w$.,\-/])\d{6,}(?![\w,]|\.\d)")
_LETTER_RUN = re.compile(r"\b(?:[A-Za-z]-){2,}[A-Za-z]\b")
_SHORT_WORD = re.compile(
    r"\b("
    + "|".join(re.escape(k) for k in sorted(_SHORT, key=len, reverse=True))
    + r")\b\.?(?=\s|[,;:!?)]|$)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<=\d)\s?(bd|ba|sq\.? ?ft|sqft|mo|hrs?|mins?)\b\.?", re.IGNORECASE)
_MARKDOWN = re.compile(r"(\*\*|__|`|^#{1,6}\s|^[-*]\s)", re.MULTILINE)
_FOUR = 4


def digits(text: str, groups: tuple[int, ...] = ()) -> str:
    """Digits one by one, in groups parted by pauses: ``digits("3035550142", (3, 3, 4))``.

    Without ``groups``: one group up to four digits, else threes (a rest of one joins the last group).
    """
    marks = [c for c in text if c.isalnum()]
    if not groups:
        groups = _groups(len(marks))
    parts, at = [], 0
    for size in groups:
        parts.append(" ".join(marks[at : at + size]))
        at += size
    if at < len(marks):
        parts.append(" ".join(marks[at:]))
    return ", ".join(part for part in parts if part)


def _groups(count: int) -> tuple[int, ...]:
    if count <= _FOUR:
        return (count,)
    size = 4 if count % 4 == 0 else 3
    whole, rest = divmod(count, size)
    groups = [size] * whole
    if rest == 1:
        groups[-1] += 1
    elif rest:
        groups.append(rest)
    return tuple(groups)


def phone(number: str) -> str:
    """A telephone number in groups: NANP as 3-3-4 (a leading +1 is not said), others in threes."""
    bare = re.sub(r"\D", "", number)
    if len(bare) == 11 and bare[0] == "1":
        bare = bare[1:]
    return digits(bare, (3, 3, 4)) if len(bare) == 10 else digits(bare)


def mail(address: str) -> str:
    """An e-mail address as words: ``priya.n at gmail dot com`` (letters are not spelled)."""
    user, _, domain = address.rpartition("@")
    return f"{_marks(user)} at {_marks(domain)}"


def _marks(text: str) -> str:
    out = "".join(f" {_SYMBOLS_IN_MAIL[c]} " if c in _SYMBOLS_IN_MAIL else c for c in text)
    out = re.sub(r"(?<=[a-zA-Z])(?=\d)|(?<=\d)(?=[a-zA-Z])", " ", out)
    out = re.sub(r"\d{3,}", lambda m: " ".join(m.group()), out)
    return re.sub(r"\s+", " ", out).strip()


def url(address: str) -> str:
    """A web address as words; the scheme and "www" are not said."""
    bare = re.sub(r"^(https?://)?(www\.)?", "", address, flags=re.IGNORECASE).rstrip("/")
    return _marks(bare.replace("/", " slash "))


def money(match: re.Match[str]) -> str:
    """$ amounts in words a voice reads right: ``1,250.50`` -> ``1,250 dollars and 50 cents``."""
    whole, cents, letter, word, per = match.groups()
    scale = _MONEY_WORD.get((letter or "").lower(), word or "")
    amount = whole.replace(",", "")
    if scale:
        said = f"{whole}.{cents} {scale} dollars" if cents else f"{whole} {scale} dollars"
    else:
        said = f"{whole} {'dollar' if amount == '1' else 'dollars'}"
        if cents and int(cents[:2].ljust(2, "0")):
            value = int(cents[:2].ljust(2, "0"))
            said += f" and {value} {'cent' if value == 1 else 'cents'}"
    if per:
        unit = per.strip(" /").lower()
        unit = {"mo": "month", "yr": "year", "hr": "hour", "min": "minute"}.get(unit, unit)
        said += f" per {unit}"
    return said


def _time(match: re.Match[str]) -> str:
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower()
    if not half:
        half, hour = ("p" if 12 <= hour < 24 else "a"), hour % 24
    hour = hour % 12 or 12
    minutes = f" {minute}" if minute > 9 else f" oh {minute}" if minute else ""
    return f"{hour}{minutes} {half.upper()}M"


def _end_after(match: re.Match[str], said: str) -> str:
    """Keep a full stop that ended the sentence as well as the abbreviation."""
    rest = match.string[match.end() :]
    ends = match.group().endswith(".") and (not rest.strip() or re.match(r"\s+[A-Z]", rest))
    return said + "." if ends else said


def _code(text: str) -> str:
    return ", ".join(digits(part) for part in text.split("-") if part)


def _cued_code(match: re.Match[str]) -> str:
    value = match[2]
    if not any(c.isdigit() for c in value):
        return match.group()
    return f"{match[1]} {_code(value)}"


def _zip(code: str, plus: str | None = None) -> str:
    return digits(code, (5,)) + (f", {digits(plus, (4,))}" if plus else "")


def _state_zip(match: re.Match[str]) -> str:
    return f", {STATES.get(match[1], match[1])} {_zip(match[2], match[3])}"


def _lookup(table: dict[str, str], key: str) -> str:
    return table.get(key.lower().rstrip("."), key)


_DIRECTIONS: Final = {"N": "North", "S": "South", "E": "East", "W": "West"}

_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (_MARKDOWN, lambda m: ""),
    (_MAIL, lambda m: mail(m.group())),
    (_URL, lambda m: url(m.group())),
    (_MONEY_RANGE, lambda m: " to "),
    (_MONEY, money),
    (_HOUR_RANGE, lambda m: " to "),
    (_TIME, lambda m: _end_after(m, _time(m)) if m[3] else _time(m)),
    (_HOUR, lambda m: _end_after(m, f"{int(m[1])} {m[2].upper()}M")),
    (_E164, lambda m: phone(m[1])),
    (_NANP, lambda m: phone((m[1] or m[2]) + m[3] + m[4])),
    (_EXTENSION, lambda m: f"extension {digits(m[1])}"),
    (_CODE_CUE, _cued_code),
    (_STATE_ZIP, _state_zip),
    (_STATE, lambda m: f", {STATES.get(m[1], m[1])}"),
    (_ZIP, lambda m: f"{m[1]} {_zip(m[2])}"),
    (_DIRECTION, lambda m: f"{m[1]} {_DIRECTIONS[m[2]]} "),
    (_STREET_AFTER, lambda m: _end_after(m, m[1] + STREETS[m[2]])),
    (_UNIT_NO, lambda m: "number "),
    (_MIXED, lambda m: _code(m.group())),
    (_LONG_NUMBER, lambda m: digits(m.group())),
    (_LETTER_RUN, lambda m: ", ".join(m.group().upper().split("-"))),
    (_NUMBERED, lambda m: " " + _lookup(_SHORT, m[1])),
    (_PERCENT, lambda m: f"{m[1]} percent"),
)  # fmt: skip


@lru_cache(maxsize=4096)
def speakable(text: str) -> str:
    """Text as it is to be said; idempotent on what it has already made speakable."""
    for pattern, say in _RULES:
        text = pattern.sub(say, text)
    for short, full in _WORDS.items():
        text = text.replace(short, full)
    text = _SHORT_WORD.sub(lambda m: _short(m), text)
    text = text.replace("&", " and ").replace("~", "about ")
    return re.sub(r"[ \t]+", " ", text).strip()


def _short(match: re.Match[str]) -> str:
    """Abbreviations that are words of their own only when they carry a full stop or no vowel."""
    word = match[1]
    if word.lower() in {"min", "mo", "ba", "bd", "hr"} or (
        word.lower() in {"ext", "apt"} and not match.group().endswith(".") and word.islower()
    ):
        return match.group()
    full = _lookup(_SHORT, word)
    return full.capitalize() if word[0].isupper() and word.lower() != "sqft" else full
