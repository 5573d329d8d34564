"""Listings from files and feeds: every fault named at once, nothing half done (A047, C20).

A row is taken by the names of the RESO Data Dictionary 2.0 or by plain ones (mls_id, address, price). What
is not about the property is not read: names of people, and whatever else a file may hold.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core.errors import InvalidInput, Problem
from policies.knowledge import listing_status, property_type
from policies.listing_facts import listing_facts, read_details

MOST_ROWS = 20_000
MOST_PROBLEMS = 200
MOST_PRICE = 2_000_000_000

COLUMNS: dict[str, tuple[str, ...]] = {
    "mls_id": ("mls_id", "mlsid", "mls", "mlsnumber", "mlsno", "listingid", "listingkey", "id"),
    "status": ("status", "standardstatus", "mlsstatus"),
    "address": ("address", "unparsedaddress", "streetaddress", "street"),
    "city": ("city",),
    "state": ("state", "stateorprovince"),
    "zip": ("zip", "postalcode", "zipcode"),
    "neighborhood": ("neighborhood", "subdivisionname", "subdivision"),
    "price": ("price", "listprice", "rent"),
    "beds": ("beds", "bedroomstotal", "bedrooms"),
    "baths": ("baths", "bathroomstotalinteger", "bathroomstotaldecimal", "bathrooms", "bathroomstotal"),
    "size": ("size", "livingarea", "sqft", "squarefeet"),
    "type": ("type", "propertysubtype", "propertytype"),
    "features": ("features",),
    "remarks": ("remarks", "publicremarks", "description"),
    "modified_at": ("modified_at", "modifiedat", "modificationtimestamp", "updated"),
}
FEATURES = (
    "parkingfeatures",
    "interiorfeatures",
    "exteriorfeatures",
    "poolfeatures",
    "accessibilityfeatures",
)


_PLACE_WORDS = {"city": 80, "state": 40, "zip": 12, "neighborhood": 120}
"""Column -> most characters."""
_NUMBERS = {
    "price": (1, MOST_PRICE, True),
    "beds": (0, 200, True),
    "baths": (0, 200, False),
    "size": (1, 10_000_000, True),
}
"""Column -> least, most, and whether it is whole."""


@dataclass
class Parsed:
    """What a file says. ``problems``: line and column in ``where``. ``ignored``: columns nobody reads."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def or_raise(self) -> list[dict[str, Any]]:
        """The rows, or every problem at once. InvalidInput."""
        if self.problems:
            shown = self.problems[:MOST_PROBLEMS]
            count = len(self.problems)
            what = "one thing" if count == 1 else f"{count} things"
            raise InvalidInput(f"{what} in the file cannot be read", problems=shown)
        return self.rows


def read(text: str, format: str) -> Parsed:
    """A file as listings. ``format``: csv or reso (JSON, one page or a list of listings)."""
    return from_csv(text) if format == "csv" else from_reso(text)


def from_csv(text: str) -> Parsed:
    """A CSV file with a header line. Comma, semicolon or tab."""
    parsed = Parsed()
    text = text.removeprefix("\ufeff")
    if not text.strip():
        parsed.problems.append(Problem("the file is empty", "line 1", "put a header in the first line"))
        return parsed
    delimiter = max(",;\t", key=text.splitlines()[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [_bare(name) for name in next(reader)]
        where = _places(header)
        parsed.ignored = [n for n in header if n and n not in _known()]
        for needed in ("mls_id", "address"):
            if needed not in where and not (needed == "address" and "streetname" in header):
                parsed.problems.append(
                    Problem(f"there is no column {needed}", "line 1", f"name one column {needed}")
                )
        if parsed.problems:
            return parsed
        for cells in reader:
            line = reader.line_num
            if not any(c.strip() for c in cells):
                continue
            if len(cells) > len(header):
                parsed.problems.append(
                    Problem("more cells than the header has", f"line {line}", "quote cells with a comma")
                )
                continue
            _add(parsed, dict(zip(header, cells, strict=False)), f"line {line}")
            if len(parsed.rows) > MOST_ROWS:
                parsed.problems.append(Problem(f"more than {MOST_ROWS} listings", f"line {line}"))
                return parsed
    except csv.Error as broken:
        parsed.problems.append(Problem(f"not readable as CSV: {broken}", f"line {reader.line_num}"))
    _twice(parsed)
    return parsed


def from_reso(text: str) -> Parsed:
    """JSON as a RESO server sends it: {"value": [...]}, or the list alone."""
    parsed = Parsed()
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as broken:
        line = getattr(broken, "lineno", 1)
        parsed.problems.append(Problem("not readable as JSON", f"line {line}"))
        return parsed
    rows = data.get("value") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        parsed.problems.append(Problem("there is no list of listings", "value"))
        return parsed
    return from_rows(rows)


def from_rows(rows: Iterable[Any]) -> Parsed:
    """Listings as mappings (a RESO page, rows of an API)."""
    parsed = Parsed()
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            parsed.problems.append(Problem(f"more than {MOST_ROWS} listings", f"listing {number}"))
            break
        if not isinstance(row, Mapping):
            parsed.problems.append(Problem("is no listing", f"listing {number}"))
            continue
        _add(parsed, {_bare(str(k)): v for k, v in row.items()}, f"listing {number}")
    _twice(parsed)
    return parsed


# --- one row ----------------------------------------------------------------------------------------------


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9_]", "", name.strip().lower())


def _known() -> set[str]:
    more = {"streetnumber", "streetname", "streetsuffix", "unitnumber", *FEATURES}
    more |= {column for columns in listing_facts().columns.values() for column in columns}
    return {alias for aliases in COLUMNS.values() for alias in aliases} | more


def _places(header: Sequence[str]) -> dict[str, str]:
    """Our name -> the column that has it, the first of its aliases that is there."""
    return {
        ours: next(a for a in aliases if a in header)
        for ours, aliases in COLUMNS.items()
        if any(a in header for a in aliases)
    }


def _add(parsed: Parsed, raw: Mapping[str, Any], where: str) -> None:
    row = _Row(raw, where)
    listing = row.listing()
    parsed.problems += row.problems
    if not row.problems:
        parsed.rows.append(listing)


class _Row:
    """One row of a file, read column by column; every fault of it is kept with its place."""

    def __init__(self, raw: Mapping[str, Any], where: str):
        self.problems: list[Problem] = []
        self._raw, self._where, self._columns = raw, where, _places(list(raw))

    def listing(self) -> dict[str, Any]:
        """What the row says. It counts only when there are no ``problems``."""
        return {
            **self._place(),
            **self._numbers(),
            "remarks": self._words("remarks", 5000),
            "status": self._status(),
            "type": self._type(),
            "features": _features(self._raw),
            "details": self._details(),
            "modified_at": self._modified(),
        }

    def _place(self) -> dict[str, str | None]:
        mls_id = self._words("mls_id", 40)
        if mls_id is None:
            self._bad("mls_id", "is missing", "every listing needs its MLS number")
        address = self._words("address", 200) or _built_address(self._raw)
        if not address:
            self._bad("address", "is missing")
        more = {name: self._words(name, most) for name, most in _PLACE_WORDS.items()}
        return {"mls_id": mls_id, "address": address, **more}

    def _numbers(self) -> dict[str, float | None]:
        found: dict[str, float | None] = {}
        for name, (least, most, whole) in _NUMBERS.items():
            value = self._given(name)
            number = _number(value)
            if value is not None and number is None:
                self._bad(name, f"{str(value)[:40]!r} is no number")
            elif number is not None and not least <= number <= most:
                self._bad(name, f"is not between {least:,} and {most:,}")
            else:
                found[name] = None if number is None else round(number) if whole else number
        return found

    def _details(self) -> dict[str, Any]:
        found, faults = read_details(self._raw)
        for column, why in faults:
            self._bad(column, why)
        return found

    def _status(self) -> str | None:
        value = self._given("status")
        status = listing_status(str(value)) if value is not None else "active"
        if status is None:
            use = "use Active, Pending, Closed, Coming Soon or Withdrawn"
            self._bad("status", f"{str(value)[:40]!r} is no status", use)
        return status

    def _type(self) -> str | None:
        value = self._given("type")
        return None if value is None else property_type(str(value)) or "other"

    def _modified(self) -> datetime | None:
        value = self._given("modified_at")
        moment = _moment(value)
        if value is not None and moment is None:
            self._bad("modified_at", f"{str(value)[:40]!r} is no date", "write 2026-11-23T15:00:00Z")
        return moment

    def _words(self, name: str, most: int) -> str | None:
        value = self._given(name)
        if value is None:
            return None
        text = " ".join(str(value).split())
        if len(text) > most:
            self._bad(name, f"is longer than {most} characters")
        return text[:most] or None

    def _given(self, name: str) -> Any:
        return next((v for alias in COLUMNS[name] if (v := self._raw.get(alias)) not in (None, "", [])), None)

    def _bad(self, name: str, why: str, next_step: str = "") -> None:
        place = f"{self._where}, {self._columns.get(name, name)}"
        self.problems.append(Problem(why, place, next_step))


def _built_address(raw: Mapping[str, Any]) -> str | None:
    parts = [str(raw.get(n) or "").strip() for n in ("streetnumber", "streetname", "streetsuffix")]
    unit = str(raw.get("unitnumber") or "").strip()
    street = " ".join(p for p in parts if p)
    return f"{street}{f' Unit {unit}' if unit else ''}"[:200] if parts[0] and parts[1] else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e15 else None
    text = re.sub(r"[$,\s]|sq\.?ft\.?|sqft", "", str(value or ""), flags=re.IGNORECASE)
    return float(text) if re.fullmatch(r"-?\d{1,14}(?:\.\d{1,6})?", text) else None


def _features(raw: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for name in ("features", *FEATURES):
        value = raw.get(name)
        items = value if isinstance(value, list) else re.split(r"[|;,]", str(value or ""))
        for item in items:
            text = " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(item)).split())[:80]
            if text and text.lower() not in ("none", "n/a") and text not in found:
                found.append(text)
    return found[:60]


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(str(value).strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _twice(parsed: Parsed) -> None:
    seen: set[str] = set()
    for number, row in enumerate(parsed.rows, start=1):
        if row["mls_id"].lower() in seen:
            parsed.problems.append(
                Problem(f"MLS number {row['mls_id']} is there twice", f"listing {number}, mls_id")
            )
        seen.add(row["mls_id"].lower())
