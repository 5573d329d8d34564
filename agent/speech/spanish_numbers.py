"""Numbers in a Spanish text as they are said: long ones digit by digit, others in words."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\+?\d(?:[\d.,]*\d)?(?:[\s-]\d{3,4})*")
_UNITS = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
    "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
    "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
    "veintinueve",
)  # fmt: skip
_TENS = ("", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_HUNDREDS = (
    "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
    "ochocientos", "novecientos",
)  # fmt: skip
_IDENTIFIER = 7
"""So many digits without separators of thousands are a telephone number or a code."""


def spelled_out(text: str) -> str:
    """The text without digits."""
    text = re.sub(r"\$\s?(\d[\d.,]*)", r"\1 dólares", text)
    return _NUMBER.sub(lambda found: _said(found[0]), text)


def number_words(number: int) -> str:
    """0 to 999 999 999 in words ("veintiún mil": a one before mil or millones loses its o)."""
    if number >= 1_000_000:
        millions, rest = divmod(number, 1_000_000)
        head = "un millón" if millions == 1 else f"{_short(millions)} millones"
        return f"{head} {number_words(rest)}" if rest else head
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        head = "mil" if thousands == 1 else f"{_short(thousands)} mil"
        return f"{head} {number_words(rest)}" if rest else head
    if number == 100:
        return "cien"
    if number > 100:
        hundreds, rest = divmod(number, 100)
        return f"{_HUNDREDS[hundreds]} {number_words(rest)}" if rest else _HUNDREDS[hundreds]
    if number < len(_UNITS):
        return _UNITS[number]
    tens, rest = divmod(number, 10)
    return f"{_TENS[tens]} y {_UNITS[rest]}" if rest else _TENS[tens]


def _short(number: int) -> str:
    return re.sub(r"veintiuno$", "veintiún", re.sub(r"\buno$", "un", number_words(number)))


def _said(written: str) -> str:
    groups = re.split(r"[\s-]+", re.sub(r"^\+1?[\s-]*", "", written))
    digits = "".join(groups)
    if len(groups) > 1 or (digits.isdigit() and (len(digits) >= _IDENTIFIER or digits.startswith("0"))):
        parts = groups if len(groups) > 1 else [digits[:-7], digits[-7:-4], digits[-4:]]
        return ", ".join(" ".join(_UNITS[int(c)] for c in part if c.isdigit()) for part in parts if part)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
        return number_words(int(re.sub(r"\D", "", digits)))
    whole, _, rest = digits.replace(",", ".").partition(".")
    words = number_words(int(whole))
    return f"{words} punto {' '.join(_UNITS[int(c)] for c in rest if c.isdigit())}" if rest else words
