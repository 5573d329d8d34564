"""Languages spoken; canonical value: an ISO 639-1 code, or a list of them with ``options.multi``.

``options.always`` lists codes that are in every answer (the agent always speaks English); the slot's
choices, when it has any, are the languages on offer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.base import Reading, SlotContext
from agent.understanding.matching import Match, close_matches, exact_matches
from agent.understanding.numbers import cut, fold
from agent.understanding.polarity import keys, split_polarity
from agent.understanding.simple import SimpleType
from agent.understanding.types.choice import choices_of
from flows.schema import Choice

LANGUAGES: dict[str, tuple[str, ...]] = {
    "en": ("English", "inglés", "anglais"),
    "es": ("Spanish", "español", "espanol", "castellano", "hispanic"),
    "zh": ("Chinese", "Mandarin", "Cantonese"),
    "vi": ("Vietnamese",),
    "tl": ("Tagalog", "Filipino"),
    "ko": ("Korean",),
    "ar": ("Arabic",),
    "fr": ("French", "français", "francés"),
    "ru": ("Russian",),
    "pt": ("Portuguese", "português", "Brazilian"),
    "de": ("German", "Deutsch"),
    "ja": ("Japanese",),
    "hi": ("Hindi",),
    "it": ("Italian",),
    "pl": ("Polish",),
    "ht": ("Haitian Creole", "Creole", "Kreyol"),
    "fa": ("Farsi", "Persian"),
    "uk": ("Ukrainian",),
    "he": ("Hebrew",),
    "ur": ("Urdu",),
}
_ALL = tuple(Choice(value=code, label=names[0], also=names[1:]) for code, names in LANGUAGES.items())
_ADD = re.compile(r"\b(?:also|too|as well|add|plus)\b|^\s*and\b")
_SPEECH = re.compile(
    r"\b(?:speak|speaks|speaking|language|languages|in|bilingual|translate|hablo|habla|fluent)\b"
)
_BOTH = re.compile(r"\b(?:both|bilingual|all of them|either)\b")


class Language(SimpleType):
    """ "English and Spanish", "just English", "bilingual", "en español"."""

    name = "language"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """The languages named; "both" means the ones on offer (English and Spanish without an offer)."""
        offered = self._offered(ctx)
        pressed = keys(text)
        if pressed is not None:
            index = int(pressed) - 1 if pressed.isdigit() and len(pressed) == 1 else -1
            return self._reading([offered[index].value], ctx) if 0 <= index < len(offered) else None
        found = exact_matches(text, offered) or close_matches(text, offered, 86.0)
        if not found:
            if _BOTH.search(fold(text)):
                both = [c.value for c in choices_of(ctx)] or ["en", "es"]
                return self._reading(both, ctx) if ctx.slot.options.get("multi") else None
            return None
        return self._reading([m.value for m in found], ctx, found, text)

    def _reading(
        self, codes: Sequence[str], ctx: SlotContext, found: Sequence[Match] = (), text: str = ""
    ) -> Reading:
        rest = cut(text, [(m.start, m.end) for m in found])
        named = list(dict.fromkeys(codes))
        if not ctx.slot.options.get("multi"):
            if len(named) > 1:
                names = [LANGUAGES.get(code, (code,))[0] for code in named[:3]]
                return Reading(ask=f"Which one should I put, {' or '.join(names)}?", partial=named)
            return Reading(value=named[0], rest=rest)
        always = [code for code in ctx.slot.options.get("always", ()) if code not in named]
        return Reading(value=[*always, *named], rest=rest)

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """A language named beside a word about speaking."""
        if not _SPEECH.search(fold(text)):
            return None
        found = exact_matches(text, self._offered(ctx))
        reading = self._reading([m.value for m in found], ctx, found, text) if found else None
        return (
            Reading(value=reading.value, confidence=0.8, rest=reading.rest)
            if reading and reading.value
            else None
        )

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """Another language, one more ("and Spanish too") or one less ("not Spanish")."""
        polar, rest = split_polarity(text)
        said = rest or (text if polar is None else "")
        if not said:
            return None
        offered = self._offered(ctx)
        gone = {m.value for m in exact_matches(said, offered, denied=True)}
        found = exact_matches(said, offered)
        current = ctx.current if isinstance(ctx.current, list) and ctx.slot.options.get("multi") else None
        if current is not None and gone and not found:
            kept = [code for code in current if code not in gone]
            return Reading(value=kept) if kept else None
        if current is not None and found and (_ADD.search(fold(said)) or gone):
            held = [code for code in current if code not in gone]
            return self._reading([*held, *(m.value for m in found)], ctx)
        return self.parse(said, ctx)

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Known codes; a list, not empty and without doubles, where several are wanted."""
        codes = value if ctx.slot.options.get("multi") else [value]
        known = {c.value for c in self._offered(ctx)}
        if (
            not isinstance(codes, list)
            or not codes
            or not all(isinstance(c, str) and c in known for c in codes)
        ):
            return "Please name a language, for example English or Spanish."
        return "A language is there twice." if len(set(codes)) != len(codes) else None

    def show(self, value: Any, ctx: SlotContext) -> str:
        """ "English and Spanish"."""
        labels = {c.value: c.label for c in self._offered(ctx)}
        names = [labels.get(code, code) for code in ([value] if isinstance(value, str) else value)]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """The languages on offer."""
        return tuple(c.label for c in self._offered(ctx))[:8]

    def _offered(self, ctx: SlotContext) -> Sequence[Choice]:
        return choices_of(ctx) or _ALL


TYPE = Language()
