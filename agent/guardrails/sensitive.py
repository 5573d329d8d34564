"""Card, social security and bank numbers, passwords: in what was said, spoken, keyed or typed (C31)."""

from __future__ import annotations

import re

_WORD_DIGITS = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "niner": "9", "won": "1", "ate": "8",
    "cero": "0", "uno": "1", "una": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6",
    "siete": "7", "ocho": "8", "nueve": "9",
}  # fmt: skip
_TENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30",
    "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "doble": 2}
_DIGIT = rf"(?:\d|\b(?:{'|'.join(_WORD_DIGITS)})\b)"
_TEN = rf"\b(?:{'|'.join(_TENS)})\b"
_TOKEN = re.compile(rf"{_DIGIT}|{_TEN}|\b(?:{'|'.join(_TIMES)})\b", re.I)
_BETWEEN = r"(?:[\s,.\-]|\b(?:dash|space|then|uh|um|and|y|guion)\b)*"
_RUN = re.compile(rf"(?:(?:{_DIGIT}|{_TEN}|\b(?:double|triple|doble)\b){_BETWEEN}){{7,}}", re.I)
MASK = "[removed]"

_SPOKEN = rf"(?:\d|\b(?:{'|'.join(_WORD_DIGITS)}|double|triple)\b)"
_NUMBERED = (
    "cards?|accounts?|acct|routing|aba|iban|tarjeta|cuenta|social(?: security)?|ssn|itin|ein|tax id|"
    r"soc(?! (?:2|two)\b)|seguro(?: social)?|cvv|cvc|security code|codigo de seguridad|pins?|nip|"
    "(?:three|four|digits|numbers?|code) on the back"
)
_BRANDS = "visa|mastercard|amex|american express|discover"
_PASSWORDS = "passwords?|passcode|contrasena|clave"
_NO_VALUE = (
    "not|wrong|expired|incorrect|locked|lost|too|broken|invalid|again|needed|required|what|where|the same"
)
_TOLD = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:{_NUMBERED})(?: (?:number|no|num|code))?(?: (?:is|are|es|ends in|the|number))* {_SPOKEN}",
        rf"\b(?:{_BRANDS})\b[^|]{{0,30}}? (?:\d{{3,}}|{_SPOKEN} {_SPOKEN})",
        rf"\b(?:{_PASSWORDS})(?: for \w+(?: \w+)?)? (?:is|was|es|s) (?!(?:{_NO_VALUE})\b)\w+",
        rf"\bpasswords? \w+(?: \w+)? {_SPOKEN}",
        r"\b(?:my|our|mi)(?: \w+){0,2} (?:pin|nip)(?: code| number)?(?: for \w+(?: \w+)?)? (?:is|es) \w+",
        r"\b(?:api|access|secret|private|consumer|client) ?(?:key|secret|token) (?:is )?(?=\w*\d|sk|pk|ghp)",
        r"\b(?:sk|pk|ghp|xox[bp]) \w+(?: \w+)? ?\w*\d",
        rf"\b(?:take|use|charge|here is|put it on|pay with) (?:to )?my (?:\w+ )?(?:card|{_BRANDS})\b",
        r"\bcharge it to \w+",
        rf"\batm\b[^|]{{0,20}}? {_SPOKEN} {_SPOKEN} {_SPOKEN}",
        r"\b(?:you can have|here is|take) my (?:social|ssn)\b(?! (?:media|worker))",
        r"\b\d{3} \d\d \d{4}\b",
        r"\b(?:drivers? license|passport|verification code)\b[^|]{0,30}\d{4,}",
    )
)
"""Secrets by their form, in the guard's one spelling: they may not be stored whatever they are like."""

_ANNOUNCED = re.compile(
    r"\b(pass ?words?|pins?|pass ?codes?|cards?|accounts?|acct|routing|social|ssn|soc|itin|ein|tax id|keys?|"
    r"secret|token|sk|cvv|security code|digits|expir\w+|exp|licen[sc]e|passport|maiden name|log ?in|charge|"
    r"code|visa|amex|mastercard|"
    r"discover|contrase\u00f1a|contrasena|clave|nip|tarjeta|cuenta|seguro|verification)\b",
    re.I,
)


def luhn(digits: str) -> bool:
    """The check digit test that every payment card number passes."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit)
        if index % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def digits_in(text: str) -> str:
    """The digits of a run, written or spoken in English or Spanish ("double four", "fifty two")."""
    out, times = "", 1
    tokens = [t.lower() for t in _TOKEN.findall(text)]
    for index, token in enumerate(tokens):
        if token in _TIMES:
            times = _TIMES[token]
            continue
        digit = _WORD_DIGITS.get(token) or _TENS.get(token, token)
        follows = tokens[index + 1] if index + 1 < len(tokens) else ""
        if token in _TENS and digit.endswith("0") and digit != "10" and _WORD_DIGITS.get(follows, "0") != "0":
            digit = digit[0]  # "fifty two" is 52
        out += digit * times
        times = 1
    return out


def is_card(digits: str) -> bool:
    """Whether these bare digits are a payment card number."""
    if len(digits) in (15, 16) and digits[0] in "3456":
        return len(set(digits)) > 1  # one digit misheard breaks the check digit and nothing else
    return 13 <= len(digits) <= 19 and luhn(digits) and len(set(digits)) > 1


def card_numbers(text: str) -> list[tuple[int, int]]:
    """(start, end) of every run of 13 to 19 digits, spoken or written, that is a card number."""
    return [run.span() for run in _RUN.finditer(text) if is_card(digits_in(run.group()))]


def tells_a_secret(plain: str) -> bool:
    """Whether a text (in normal spelling) tells a number, a password or a key that may not be stored."""
    return any(pattern.search(plain) for pattern in _TOLD)


def remove_numbers(text: str) -> str:
    """The text without any long run of digits, spoken or written, nor the code and date said after one."""
    cleaned = _RUN.sub(MASK + " ", text).strip()
    if MASK in cleaned:
        head, _, tail = cleaned.partition(MASK)
        cleaned = f"{head}{MASK}{_TOKEN.sub('#', tail)}"
    return cleaned


def redact(text: str) -> str:
    """Keep only up to the words that announce the secret: what follows is the secret."""
    announced = _ANNOUNCED.search(text)
    return remove_numbers(f"{text[: announced.end()]} {MASK}") if announced else MASK
