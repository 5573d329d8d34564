"""What callers ask of one listing, and what its fields say of it (A047, C22, C28).

Only what stands in a field is said, as it stands; a field that is empty is not denied: an agent looks it up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from policies.load import Policy, load


class Topic(Policy):
    """``asked``: patterns of words about it; ``fields``: the details that answer, the first known ones;
    ``features``: words that a listed feature answers with, too; ``say``: sentence by field."""

    asked: tuple[str, ...]
    features: tuple[str, ...] = ()
    say: dict[str, str]


class ListingFacts(Policy):
    """The whole file."""

    topics: dict[str, Topic]
    not_of_it: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    periods: dict[str, tuple[str, ...]]


def listing_facts() -> ListingFacts:
    """The policy as data."""
    return load("listing_facts", ListingFacts)


@cache
def _asked() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile("|".join(topic.asked), re.IGNORECASE))
        for name, topic in listing_facts().topics.items()
    )


def asked_about(question: str) -> list[str]:
    """The topics a question is about, in the order of the file."""
    words = question.replace("\u2019", "'")
    return [name for name, pattern in _asked() if pattern.search(words)]


@cache
def _not_of_it() -> re.Pattern[str]:
    return re.compile("|".join(listing_facts().not_of_it), re.IGNORECASE)


def of_the_home(question: str) -> list[str]:
    """The topics a question asks of a home that was spoken of before and is not named in it; none when it is
    plainly about the office, or about a home of the caller's."""
    return [] if _not_of_it().search(question) else asked_about(question)


def said_of(topic: str, details: Mapping[str, Any], features: Sequence[str]) -> str:
    """The sentence that answers, from the fields, else from the listed features; "" when neither does."""
    known = listing_facts().topics[topic]
    for field, sentence in known.say.items():
        value = details.get(field)
        if value not in (None, "", []):
            return sentence.format(value=_words(field, value), **_others(details))
    named = [f for f in features if any(re.search(rf"\b{w}", f, re.IGNORECASE) for w in known.features)]
    return f"Its listed features include {_listed(named)}." if named else ""


def _others(details: Mapping[str, Any]) -> dict[str, str]:
    period = details.get("hoa_period")
    return {
        "hoa_every": f" {period}" if period else "",
        "tax_for": f" for {details['tax_year']}" if details.get("tax_year") else "",
    }


def _words(field: str, value: Any) -> str:
    if field in ("hoa_fee", "tax_annual"):
        return f"${value:,}"
    if field == "lot_acres":
        return f"{value:g}"
    if isinstance(value, list):
        return _listed([str(v) for v in value])
    return f"{value:,}" if isinstance(value, int) and field != "year_built" else str(value)


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def current(details: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The details that still hold: an open house that was is none."""
    kept = dict(details)
    day = re.match(r"\d{4}-\d{2}-\d{2}", str(kept.get("open_house") or ""))
    if day is not None:
        held = date.fromisoformat(day[0])
        if held < today:
            kept["open_house"] = None
        else:
            rest = str(kept["open_house"])[10:].strip(" ,T")
            kept["open_house"] = f"{held:%A}, {held:%B} {held.day}{f', {rest}' if rest else ''}"
    return kept


# --- from files and feeds -------------------------------------------------------------------------------


def read_details(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """(what a row says, [(column, fault)]). ``raw``: bare column names -> values."""
    found: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for name, columns in listing_facts().columns.items():
        column = next((c for c in columns if raw.get(c) not in (None, "", [])), None)
        if column is None:
            continue
        value, fault = _read(name, raw[column])
        if fault:
            faults.append((column, fault))
        elif value is not None:
            found[name] = value
    return found, faults


_LIMITS = {
    "hoa_fee": (0, 1_000_000), "tax_annual": (0, 100_000_000), "tax_year": (1900, 2200),
    "year_built": (1600, 2200), "lot_size": (1, 2_000_000_000), "lot_acres": (0, 10_000_000),
    "garage_spaces": (0, 1000), "parking_spaces": (0, 10_000), "stories": (0, 200),
}  # fmt: skip


def _read(name: str, given: Any) -> tuple[Any, str]:
    if name in _LIMITS:
        least, most = _LIMITS[name]
        text = re.sub(r"[$,\s]|sq\.?ft\.?|acres?", "", str(given), flags=re.IGNORECASE)
        if isinstance(given, bool) or not re.fullmatch(r"\d{1,12}(?:\.\d{1,6})?", text):
            return None, f"{str(given)[:40]!r} is no number"
        number = float(text)
        if not least <= number <= most:
            return None, f"is not between {least:,} and {most:,}"
        return (round(number, 4) if name == "lot_acres" else round(number)), ""
    if name == "hoa_period":
        words = _spaced(given)
        return next((p for p, also in listing_facts().periods.items() if words in (p, *also)), None), ""
    if name == "pets":
        items = given if isinstance(given, list) else re.split(r"[|;,]", str(given))
        return [w for item in items if (w := _spaced(item)[:60])][:8] or None, ""
    return " ".join(str(given).split())[:120] or None, ""


def _spaced(value: Any) -> str:
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(value)).replace("_", " ").lower().split())
