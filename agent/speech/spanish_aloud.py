"""Written Spanish -> the same text as it should be said: ``speakable`` for the other language.

For any voice: no digit is left. Prices, times, dates and percentages in words, telephone numbers, codes and
postal codes digit by digit, addresses of mail and web as people say them, letters that are spelled by their
names. Words are never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final

from agent.speech.spanish_numbers import number_words, spelled_out
from agent.speech.speakable import STATES, STREETS

_LETTERS: Final = {
    "a": "a", "b": "be grande", "c": "ce", "d": "de", "e": "e", "f": "efe", "g": "ge", "h": "hache", "i": "i",
    "j": "jota", "k": "ka", "l": "ele", "m": "eme", "n": "ene", "ñ": "eñe", "o": "o", "p": "pe", "q": "cu",
    "r": "erre", "s": "ese", "t": "te", "u": "u", "v": "ve chica", "w": "doble u", "x": "equis",
    "y": "i griega", "z": "zeta",
}  # fmt: skip
"""Their names in Mexico and in the United States; b and v sound alike, so each says which it is."""

_MARKS: Final = {".": "punto", "_": "guion bajo", "-": "guion", "+": "más", "@": "arroba", "/": "barra"}
_MONTHS: Final = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
_PER: Final = {
    "mes": "mes", "mo": "mes", "month": "mes", "año": "año", "yr": "año", "year": "año",
    "hora": "hora", "hr": "hora", "hour": "hora",
}  # fmt: skip
_FEMININE: Final = re.compile(r"(?:as?|ión|iones|dad|dades|noches?)$", re.IGNORECASE)
_MASCULINE: Final = frozenset({"día", "días", "problema", "problemas"})

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-zA-Z]{2,}")
_URL = re.compile(
    r"\b(?:https?://|www\.)[^\s,;!?)\"']*[^\s.,;!?)\"']"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|us|app|homes|realtor|realty|example|test)\b(?:/[\w\-./]*\w)?",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\$\s?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(?:\s?(k|mm|m)\b|\s(mil|mill[oó]n|millones|million)\b)?"
    r"(?:\s?/\s?(mes|mo|month|año|yr|year|hora|hr|hour)\b)?",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-3]):(?P<minutes>[0-5]\d)(?P<half>\s?[ap]\.?\s?m\b\.?)?"
    r"(?P<part>\s+de la (?:mañana|tarde|noche))?(?!:?\d)",
    re.IGNORECASE,
)
_HOUR = re.compile(r"\b(?P<hour>1[0-2]|0?[1-9])\s?(?P<half>[ap])\.?\s?m\b\.?", re.IGNORECASE)
_AT = re.compile(r"\b(?P<at>[Ll]as?) (?P<hour>1[0-2]|[1-9])\b(?!\s?[:.,]?\d)")
_PHONE = re.compile(
    r"(?<![\d+])(?:\+?1[\s.\-]?)?(?:\((\d{3})\)\s?|(\d{3})[\s.\-])(\d{3})[\s.\-](\d{4})(?![\d\-])"
    r"|(?<![\w+])\+1(\d{3})(\d{3})(\d{4})(?!\d)"
)
_DATE = re.compile(rf"\b1(?:º|°)? de (?={_MONTHS})")
_PERCENT = re.compile(r"(?<=\d)\s?%")
_HALVES = re.compile(r"\b(\d+)[.,]5 (baños?|recámaras?)\b")
_STATE = re.compile(r",\s*([A-Z]{2})(?=[\s.,;!?]|$)")
_CODE = re.compile(
    r"(?<![\w$.\-/])(?=[A-Z0-9\-]*\d)(?=[A-Z0-9\-]*[A-Z])[A-Z0-9]{2,}(?:-[A-Z0-9]+)*(?![\w\-])"
    r"|(?<![\w$.\-/])[A-Z]{1,3}-\d{2,}(?![\w\-])"
)
_BARE = re.compile(r"(?<![\w$.,\-/:])\d{5,}(?![\w,:]|\.\d)")
_SPELLED = re.compile(r"\b(?:[A-Za-zÑñ]-){2,}[A-Za-zÑñ]\b|\b[A-ZÑ]-[A-ZÑ]\b")
_STREET = re.compile(
    r"\b(\d+[A-Za-z]?(?:\s[NSEW]\.?)?\s(?:[A-Z0-9][\w']*\s){1,3})(" + "|".join(STREETS) + r")\b\.?"
)
_DIRECTION = re.compile(r"\b(\d+)\s([NSEW])\.?\s(?=[A-Z0-9])")
_DIRECTIONS: Final = {"N": "Norte", "S": "Sur", "E": "Este", "W": "Oeste"}
_COUNTED = re.compile(r"(?<![\w$.,:/-])(\d{1,3}(?:,\d{3})+|\d{1,4})(?= ([a-záéíóúñ]+))")
_SHORT: Final = {
    r"\bsq\.? ?ft\b\.?|\bpies2\b|\bft²": "pies cuadrados", r"\bDr\.(?= [A-Z])": "doctor",
    r"\bSr\.(?= )": "señor", r"\bSra\.(?= )": "señora", r"\bAve?\.(?= )": "avenida",
    r"\bC\.P\.": "código postal",
    r"\b[Aa]pto?\.|\bApt\b": "departamento", r"\bn[úu]m\.": "número", r"#\s?(?=\w)": "número ",
    r"\bS\. ?A\. de C\. ?V\.": "sociedad anónima", r"\betc\.": "etcétera",
}  # fmt: skip
_MARKDOWN = re.compile(r"(\*\*|__|`|^#{1,6}\s|^[-*]\s)", re.MULTILINE)


def digits(text: str) -> str:
    """One by one: "ocho cero dos cero dos"; letters by their names."""
    return " ".join(number_words(int(c)) if c.isdigit() else _LETTERS.get(c.lower(), c) for c in text)


def phone(number: str) -> str:
    """A telephone number in groups with pauses, 3-3-4; a leading 1 is not said."""
    bare = re.sub(r"\D", "", number)
    bare = bare[1:] if len(bare) == 11 and bare[0] == "1" else bare
    cuts = (bare[:3], bare[3:6], bare[6:]) if len(bare) == 10 else (bare,)
    return ", ".join(digits(part) for part in cuts)


def before_noun(number: int, noun: str) -> str:
    """The number as it stands before a noun: "una recámara", "veintiún baños", "doscientas casas"."""
    words = number_words(number)
    feminine = _FEMININE.search(noun) is not None and noun.lower() not in _MASCULINE
    if feminine:
        words = re.sub(r"ientos\b", "ientas", words)
        return re.sub(r"uno$", "una", words)
    return re.sub(r"\buno$", "un", re.sub(r"veintiuno$", "veintiún", words))


def money(match: re.Match[str]) -> str:
    """ "$1,250.50/mes" -> "mil doscientos cincuenta dólares con cincuenta centavos al mes"."""
    whole, rest, letter, word, per = match.groups()
    amount = int(whole.replace(",", ""))
    scale = {"k": 1000, "m": 1_000_000, "mm": 1_000_000}.get((letter or "").lower(), 0)
    scale = scale or (1000 if (word or "").lower() == "mil" else 1_000_000 if word else 1)
    cents = 0
    if scale > 1:
        amount = round(float(f"{amount}.{rest or 0}") * scale)
    elif rest:
        cents = int(rest[:2].ljust(2, "0"))
    said = before_noun(amount, "dólares")
    joined = " de" if amount and amount % 1_000_000 == 0 else ""
    said = f"{said}{joined} {'dólar' if amount == 1 else 'dólares'}"
    if cents:
        said += f" con {before_noun(cents, 'centavos')} {'centavo' if cents == 1 else 'centavos'}"
    if per:
        unit = _PER[per.lower()]
        said += f" {'por' if unit == 'hora' else 'al'} {unit}"
    return said


def _time(match: re.Match[str]) -> str:
    hour, minutes = int(match["hour"]), int(match["minutes"])
    part, half = match["part"] or "", (match["half"] or "").strip().lower()[:1]
    if not part and (half or hour > 12 or hour == 0):
        late = half == "p" or (not half and hour >= 12)
        part = " " + _part(hour % 12 + (12 if late else 0))
    past = {0: "", 30: " y media", 15: " y cuarto"}.get(minutes, f" y {number_words(minutes)}")
    return f"{_o_clock(hour)}{past}{part}{_kept_stop(match)}"


def _o_clock(hour: int) -> str:
    return "una" if hour % 12 == 1 else number_words(hour % 12 or 12)


def _part(hour: int) -> str:
    """The part of the day of an hour from 0 to 23."""
    return "de la mañana" if hour < 12 else "de la tarde" if hour < 19 else "de la noche"


def _hour(match: re.Match[str]) -> str:
    hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
    return f"{_o_clock(hour)} {_part(hour)}{_kept_stop(match)}"


def _kept_stop(match: re.Match[str]) -> str:
    """The full stop that ended the sentence as well as the abbreviation."""
    rest = match.string[match.end() :]
    ends = not rest.strip() or re.match(r"\s+[A-ZÁÉÍÓÚ¿¡]", rest)
    return "." if match.group().endswith(".") and ends else ""


def _address(text: str) -> str:
    """A mail or web address in words; the scheme and "www" are not said."""
    bare = re.sub(r"^(https?://)?(www\.)?", "", text, flags=re.IGNORECASE).rstrip("/")
    out = "".join(f" {_MARKS[c]} " if c in _MARKS else c for c in bare)
    out = re.sub(r"\d+", lambda m: f" {digits(m.group())} ", out)
    return re.sub(r"\s+", " ", out).strip()


def _code(match: re.Match[str]) -> str:
    return ", ".join(digits(part) for part in match.group().split("-") if part)


def _state(match: re.Match[str]) -> str:
    return f", {STATES.get(match[1], match[1])}"


def _spelled(match: re.Match[str]) -> str:
    return ", ".join(_LETTERS.get(c.lower(), c) for c in match.group().split("-"))


def _counted(match: re.Match[str]) -> str:
    number, noun = int(match[1].replace(",", "")), match[2]
    return number_words(number) if noun in ("de", "y", "o", "a") else before_noun(number, noun)


def _in_full(full: str, match: re.Match[str]) -> str:
    return full


def _halves(match: re.Match[str]) -> str:
    half = "media" if match[2].startswith("rec") else "medio"
    return f"{before_noun(int(match[1]), match[2])} {match[2]} y {half}"


_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (_MARKDOWN, lambda m: ""),
    (_MAIL, lambda m: _address(m.group())),
    (_URL, lambda m: _address(m.group())),
    (_MONEY, money),
    (_TIME, _time),
    (_HOUR, _hour),
    (_AT, lambda m: f"{m['at']} {_o_clock(int(m['hour']))}"),
    (_PHONE, lambda m: phone("".join(part for part in m.groups() if part))),
    (_DATE, lambda m: "primero de "),
    (_HALVES, _halves),
    (_PERCENT, lambda m: " por ciento"),
    (_STATE, _state),
    (_DIRECTION, lambda m: f"{m[1]} {_DIRECTIONS[m[2]]} "),
    (_STREET, lambda m: m[1] + STREETS[m[2]] + _kept_stop(m)),
    (_CODE, _code),
    (_BARE, lambda m: phone(m.group()) if len(m.group()) == 10 else digits(m.group())),
    (_SPELLED, _spelled),
    *((re.compile(short), partial(_in_full, full)) for short, full in _SHORT.items()),
    (_COUNTED, _counted),
)


@lru_cache(maxsize=4096)
def speakable_es(text: str) -> str:
    """Spanish text as it is to be said; text without anything to change comes back as it is."""
    for pattern, say in _RULES:
        text = pattern.sub(say, text)
    text = spelled_out(text).replace("&", " y ").replace("~", "unos ")
    return re.sub(r"[ \t]+", " ", text).strip()
