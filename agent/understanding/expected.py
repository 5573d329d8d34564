"""What a recogniser is told to expect of an answer, in the language that is spoken.

Without a hint a single word is heard as another one: "skip" as "scared", "dos" as "those".
"""

from __future__ import annotations

from collections.abc import Sequence

LETTING_GO = ("no", "none", "skip")
"""Of questions that are answered in the caller's own words, and may be left open."""
_SPANISH: dict[str, tuple[str, ...]] = {
    "integer": ("uno", "dos", "tres", "cuatro", "cinco"),
    "yes_no": ("sí", "no"),
    "timeline": ("en un mes", "tres meses", "para el verano", "sin prisa", "lo antes posible"),
    "money": ("mil", "millón"),
    "money_range": ("mil", "hasta", "entre", "alrededor de", "al mes"),
    "text": ("no", "ninguno", "nada"),
    "person_name": ("me llamo", "con acento"),
    "phone": ("mi número es", "sí, ese"),
    "email": ("arroba", "punto com"),
    "address": ("calle", "avenida", "número"),
    "areas": ("en", "cerca de"),
}
_UNITS = {"bedrooms": "recámaras", "bathrooms": "baños", "units": "unidades"}
AGREEING = {"en": ("yes", "No, it's"), "es": ("sí", "no, es")}
"""After a read-back; "no, it's" is heard as "now it's" by who does not expect it."""


def in_spanish(kind: str, words: Sequence[str], unit: str = "") -> tuple[str, ...]:
    """The hints of a type of slot in Spanish; choices bring their own (``words``), translated with the flow."""
    own = _SPANISH.get(kind)
    if own is None:
        return tuple(words)
    return (*own, _UNITS[unit]) if unit in _UNITS else own
