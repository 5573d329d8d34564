"""Spanish as the understanding needs it: which language is spoken, and a gloss in English that the types can read.

No translation: phrases that mean the same everywhere (``data/spanish.yaml``) and numbers become English,
names and everything else stay as said. It covers the answers of a form, not conversation.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_TOKEN = re.compile(r"\d[\d,.]*\d|\d|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\s\w]|_")
_ONES = {
    **{"cero": 0, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8},
    **{"nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15},
    **{"dieciseis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuno": 21},
    **{"veintiun": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25},
    **{"veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29},
}
_TENS = {"treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80}
_TENS |= {"noventa": 90}
_HUNDREDS = {"cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "cuatrocientos": 400}
_HUNDREDS |= {"quinientos": 500, "seiscientos": 600, "setecientos": 700, "ochocientos": 800}
_HUNDREDS |= {"novecientos": 900}
_COUNTED = frozenset(
    [
        "recamara",
        "recamaras",
        "cuarto",
        "cuartos",
        "habitacion",
        "dormitorio",
        "bano",
        "millon",
        "mes",
        "ano",
        "semana",
        "dia",
        "unidad",
    ]
)
"""After these "un" and "una" count, elsewhere they are articles."""
_LONGEST = 6
_ENOUGH = 0.4
"""Share of common Spanish words from which a sentence is Spanish."""


@cache
def _data() -> dict[str, Any]:
    text = files("agent.understanding").joinpath("data/spanish.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def _phrases() -> dict[tuple[str, ...], str]:
    return {tuple(k.split()): v for k, v in _data()["phrases"].items()}


def plain(text: str) -> str:
    """Lower-cased, without accents."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return "".join(c for c in folded if not unicodedata.combining(c))


def wants_spanish(text: str) -> bool:
    """Whether somebody asks to go on in Spanish, in either language."""
    return any(re.search(p, text.lower()) for p in _data()["wants_spanish"])


def wants_english(text: str) -> bool:
    """Whether somebody asks to go on in English, in either language."""
    return any(re.search(p, text.lower()) for p in _data()["wants_english"])


def sounds_spanish(text: str) -> bool:
    """Whether a sentence is Spanish: enough of its words are common there, and it has three different ones."""
    if re.search(_data()["plainly"], plain(text)):
        return True
    words = set(re.findall(r"[a-z']+", plain(text)))  # "no, no, no" is one word
    hits = sum(_is_common(word) for word in words)
    return len(words) >= 3 and hits >= 3 and hits / len(words) >= _ENOUGH


def greets_in_spanish(text: str) -> bool:
    """Whether a greeting in Spanish is all that is said ("Hola", "buenas tardes")."""
    return re.fullmatch(_data()["greeting"], plain(text).strip(" ¡!.,")) is not None


def holds_spanish(text: str) -> bool:
    """Whether words that only Spanish has are among these: they are read as Spanish ("tres recámaras")."""
    words = re.findall(r"[a-z']+", plain(text))
    return sum(_is_common(word) and word not in _BOTH for word in words) * 2 >= max(len(words), 1)


def besides_asking(text: str) -> str:
    """The sentences of an utterance that are no wish for another language."""
    parts = re.split(r"(?<=[.!?])\s+(?=\S)", text.strip())
    return " ".join(p for p in parts if not wants_spanish(p) and not wants_english(p))


def _is_common(word: str) -> bool:
    return word in _common() or word in _ONES or word in _TENS or word in _HUNDREDS or word in _LARGE


@cache
def _common() -> frozenset[str]:
    return frozenset(plain(_data()["common"]).split())


_LARGE = frozenset({"mil", "millon", "millones", "medio"})
_BOTH = frozenset({"no", "me", "la", "el", "los", "las", "con", "en", "once", "casa", "si"})
"""Words that names and other languages have as well."""


_KINDS = r"calle|avenida|avda?\.?|ave\.?|camino|paseo|bulevar|boulevard|privada|calzada|callej[oó]n"
_STREET = re.compile(
    rf"\b(?P<kind>{_KINDS})\s+(?P<name>(?:(?:de|del|la|las|los|el|san|santa|santo)\s+){{0,2}}"
    r"(?!n[uú]m)[^\W\d_]{2,}(?:\s+(?-i:[A-ZÁÉÍÓÚÑ])[^\W\d_]+){0,2})\s*,?\s+(?:n[uú]m(?:ero|\.)?\s*|#\s*)?(?P<number>\d{1,6}[A-Za-z]?)(?![\d-])",
    re.I,
)
_BARE_STREET = re.compile(
    r"^\W*(?:en |es )?(?P<name>(?:[^\W\d_]+\s+){1,3})(?:n[uú]m(?:ero|\.)?\s*|#\s*)?(?P<number>\d{1,6})(?=\s*(?:,|\.|$))"
)
_AND_HALF = re.compile(r"\b(\w+)\s+(ba[ñn]os?)\s+y\s+(medio|media)\b", re.I)


def _as_written_here(text: str, address_wanted: bool) -> str:
    """ "Calle Roble 512" with its number first, and "dos baños y medio" with its half beside the number."""
    text = _AND_HALF.sub(lambda m: f"{'uno' if plain(m[1]) == 'un' else m[1]} y medio {m[2]}", text)
    text, found = _STREET.subn(lambda m: f"{m['number']} {m['kind'].title()} {m['name']}", text)
    if address_wanted and not found:
        text = _BARE_STREET.sub(lambda m: f"{m['number']} Calle {m['name'].strip()}", text)
    return text


def _figures(text: str) -> str:
    """Thousands as recognisers write them: "mil, 800", "450 mil 500" and "1.800" in one number."""
    text = re.sub(r"(?<![\d.,])(\d{1,3})\.(\d{3})(?![\d.])", r"\1\2", text)
    text = re.sub(r"\b(\d{1,3}) mil,? (\d{3})\b", r"\1\2", text, flags=re.I)
    return re.sub(r"(?<!\d )\bmil,? (\d{3})\b", r"1\1", text, flags=re.I)


def gloss(text: str, *, name_wanted: bool = False, address_wanted: bool = False) -> str:
    """The words in English as far as they are known. ``name_wanted``: a name was asked, so only what
    introduces one is read; ``address_wanted``: a name with a number behind it is a street."""
    text = text if name_wanted else _as_written_here(_figures(text), address_wanted)
    tokens = [(m.group(), m.start()) for m in _TOKEN.finditer(text)]
    folded = [plain(t) for t, _ in tokens]
    leads = {tuple(p.split()) for p in _data()["names"]}
    out: list[str] = []
    i = 0
    while i < len(tokens):
        number = _number(folded, i)
        if number is not None and not name_wanted:
            value, i = number
            out.append(value)
            continue
        size = _longest(folded, i)
        words = tuple(folded[i : i + size])
        kept = name_wanted and words not in leads and words not in _SHORT_ANSWERS
        if size and not kept and not (size == 1 and _is_name(tokens, i)):
            out.append(_phrases()[words])
            i += size
            continue
        out.append(tokens[i][0])
        i += 1
    return re.sub(r"\s+([,.!?;:])", r"\1", " ".join(out)).replace("¿ ", "").replace("¡ ", "").strip()


_SHORT_ANSWERS = frozenset({("si",), ("no",), ("por", "favor"), ("no", "se"), ("repita",), ("saltar",)})


def _longest(folded: list[str], i: int) -> int:
    for size in range(min(_LONGEST, len(folded) - i), 0, -1):
        if tuple(folded[i : i + size]) in _phrases():
            return size
    return 0


def _is_name(tokens: list[tuple[str, int]], i: int) -> bool:
    """A capital in the middle of a sentence: a name that looks like a word ("Blanca", "La Villita")."""
    word = tokens[i][0]
    inside = i > 0 and tokens[i - 1][0] not in ".!?¿¡"
    return inside and word[:1].isupper() and not word.isupper() and plain(word) not in _CALENDAR


_CALENDAR = frozenset(
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
        "lunes",
        "martes",
        "miercoles",
        "jueves",
        "viernes",
        "sabado",
        "domingo",
    ]
)


def _number(folded: list[str], i: int) -> tuple[str, int] | None:
    """A number in words from token ``i`` as digits, and where it ends; digits said one by one stay apart."""
    if folded[i] in ("medio", "media") and i + 1 < len(folded) and folded[i + 1] == "millon":
        return "500 thousand", i + 2
    total, group, at, last = 0, 0, i, 1_000_000_000
    seen = False
    while at < len(folded):
        word = folded[at]
        after = folded[at + 1] if at + 1 < len(folded) else ""
        if word in ("un", "una") and not seen:
            if after not in _COUNTED:
                break
            group, seen, last = 1, True, 1
        elif word.isdigit() and not seen and after in ("mil", "millon", "millones"):
            group, seen, last = int(word), True, 1
        elif word in _HUNDREDS and last > 100:
            group, seen, last = group + _HUNDREDS[word], True, 100
        elif word in _TENS and last > 30:
            group, seen, last = group + _TENS[word], True, 30
        elif word in _ONES and last > 20:
            group, seen, last = group + _ONES[word], True, 10
        elif word in _ONES and _ONES[word] < 10 and last == 30 and folded[at - 1] == "y":
            group, last = group + _ONES[word], 10
        elif word == "y" and last == 30 and after in _ONES:
            pass
        elif word == "mil" and (seen or after):
            total, group, seen, last = total + max(group, 1) * 1000, 0, True, 1_000
        elif word in ("millon", "millones") and seen:
            total, group, last = total + max(group, 1) * 1_000_000, 0, 1_000_000
        else:
            break
        if word == "mil" or word.startswith("millon"):
            last = 1_000
        at += 1
    if not seen:
        return None
    if folded[at : at + 2] in (["y", "media"], ["y", "cuarto"]) and total == 0 and 0 < group < 13:
        return f"{group}:{'30' if folded[at + 1] == 'media' else '15'}", at + 2  # a time of day
    if folded[at : at + 2] == ["y", "medio"] and total == 0:
        return f"{group}.5", at + 2
    value = total + group
    return (f"{value // 1000} thousand" if value % 1000 == 0 and 0 < value < 1_000_000 else str(value)), at
