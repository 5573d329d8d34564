"""Postal addresses of the United States out of speech: street, unit, city, state, ZIP, as far as they were said."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from agent.understanding.digits import runs
from policies.regions import states

_NO_TOWN = re.compile(
    r"\b(?:still|is|are|was|available|for sale|for rent|on the market|listed|please|thanks|thank you|if|that|which"
    r"|because|but|i|we|can|could|today|tomorrow|tonight|open|sold|pending|on|at|by|for|with|and|or|to|this|next|from|as|like|so|where|please|would|should|could|will|does|do|worth|sell|go"
    r"|actually|sorry|btw|lol|thx|ugh|now|no|not|my|our|im|i'?m|its|it'?s|correction|me|yes|whats?|how|when|who|also|plus|name|call|text|have|has"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b.*",
    re.IGNORECASE,
)
"""Words that go on after an address and are part of no town ("12 Cherry Lane still available")."""


_NO_STREET = (
    "for|from|with|at|in|on|and|or|is|are|was|to|vouchers?|beds?|bedrooms?|baths?|bathrooms?|months?|years?|weeks?|days?|people"
    "|kids|dogs?|cats?|percent|acres?|units?|minutes?|miles?|blocks?|k|max|please|its|i'?m"
)
"""Words that no street's name holds ("8 vouchers for Maple Street")."""


@dataclass(frozen=True, slots=True)
class Postal:
    """The parts of an address; "" for what is not known. ``state`` is the USPS code."""

    street: str = ""
    unit: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""

    @property
    def line(self) -> str:
        """One line: "1234 Main Street, Suite 200, Denver, CO 80202"."""
        place = ", ".join(filter(None, (self.city, f"{self.state} {self.zip}".strip())))
        return ", ".join(filter(None, (self.street, self.unit, place)))

    def filled(self, other: Postal) -> Postal:
        """This address with its gaps filled from another one."""
        return Postal(*(mine or theirs for mine, theirs in zip(self._parts(), other._parts(), strict=True)))

    def _parts(self) -> tuple[str, str, str, str, str]:
        return self.street, self.unit, self.city, self.state, self.zip


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    path = Path(__file__).parent / "data" / "usps.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    words = _words()
    street = "|".join(sorted(map(re.escape, words["streets"]), key=len, reverse=True))
    alone = "|".join(words["alone"])
    direction = "|".join(sorted(map(re.escape, words["directions"]), key=len, reverse=True))
    unit = "|".join(sorted(words["units"], key=len, reverse=True))
    names = "|".join(sorted((re.escape(s.name) for s in states().values()), key=len, reverse=True))
    codes = "|".join(states())
    spelled = "|".join(c[0] + r"[\s.]" + c[1] for c in states())
    # "221 B Baker Street" has a letter; in "2218 S Gaylord Street" it is a direction
    letter = r"(?:\s?(?:[A-Za-z]\b(?<![NSEWnsew])|(?<=\d)[A-Za-z]\b)(?!\s+\d))?"
    number = rf"\d{{1,6}}{letter}(?:\s?[-/]\s?\d{{1,4}})?(?!\d|\s*%)"
    word = rf"(?!(?:{_NO_STREET})\b)[\w'’.-]+"
    return {
        "street": re.compile(
            rf"(?<![\d#])(?<!section )(?P<number>{number})[\s,]+(?P<name>(?:(?:{direction})\.?\s+)?(?:(?:{word}\s+"
            rf"){{1,4}}?(?:{street})\b\.?|(?:{alone})\b|"
            rf"(?:state |county |us |u\.s\. |interstate )?(?:highway|route|hwy|road|county road|"
            rf"avenue)\s+\w+\b|(?:avenue of the americas)|{_SPANISH})"
            rf"(?:\s+(?:{direction})\b\.?(?!\s+(?:{street})\b))?)(?=$|[\s,.;#])",
            re.IGNORECASE,
        ),
        "box": re.compile(
            r"\bp\.?\s*o\.?\s*box\s+(?P<number>\d{1,8})\b|\bpost office box\s+(?P<other>\d{1,8})\b",
            re.IGNORECASE,
        ),
        "unit": re.compile(
            rf"^[\s,.]*(?:(?P<kind>{unit})\b\.?\s*(?:number\s+|"
            rf"#\s*)?(?P<id>[A-Za-z]?[\s-]?\d{{1,5}}[A-Za-z]?|[A-Za-z])(?=$|[\s,.;])|"
            rf"#\s*(?P<hash>\w{{1,6}})\b|(?P<nth>\d{{1,3}}(?:st|nd|rd|th)|\w+(?:st|nd|rd|"
            rf"th)) (?P<floor>floor)\b)",
            re.IGNORECASE,
        ),
        "state": re.compile(
            rf"(?<![\w'])(?:(?P<name>{names})|(?P<dc>d\.?\s?c\.?|district of columbia))(?![\w'])",
            re.IGNORECASE,
        ),
        # in small letters only at the end, and not those that are words ("in", "or", "me")
        "code": re.compile(
            rf"(?:^|[\s,])(?P<code>{codes}|(?<=[a-z][\s,])(?i:co|az|tx|fl|ca|ny|nc|nj|wa|nv|ut|tn|ga|mn|wi|va|sc|nm|ks|ky|ct|il|mo)"
            r"(?=[\s.]*$))(?=$|[\s,.])"
        ),
        "spelled": re.compile(rf"(?:^|[\s,])(?P<code>{spelled})\.?(?=$|[\s,.])", re.IGNORECASE),
    }


def spoken_numbers(text: str) -> str:
    """A text with its spoken numbers in digits: "twelve thirty four Main" -> "1234 Main".

    Ordinals that name streets ("Fifth Avenue") stay.
    """
    plain = re.sub(r"\b(?:zip|postal)(?:\s+code)?\b(?:\s+(?:is|of))?", " ; ", text, flags=re.IGNORECASE)
    plain = re.sub(r"\bOH\b", "Ohio", plain)  # the state, not a zero
    plain = re.sub(r"\bpound\s+(?=\d)", "# ", plain, flags=re.IGNORECASE)
    out, at = "", 0
    for run in runs(plain, add=True):
        piece = plain[run.start : run.end]
        if re.search(r"\d", piece) and re.search(r"[,;]|\d\s+\d", piece) and len(run.digits) > 6:
            continue
        digits = (
            piece
            if re.fullmatch(r"[\d\s-]*\d", piece) and "-" in piece and len(run.digits) == 9
            else run.digits
        )
        digits = re.sub(r"^(\d{5})(\d{4})$", r"\1-\2", digits)
        out += plain[at : run.start] + digits
        at = run.end
    return re.sub(r"\s*;\s*", " ", out + plain[at:])


def read_postal(text: str) -> tuple[Postal, int, int]:
    """The parts of an address in a text and where they begin and end in ``spoken_numbers(text)``.

    Nothing found: an empty ``Postal`` and (0, 0).
    """
    said = spoken_numbers(text)
    patterns = _patterns()
    box, street = patterns["box"].search(said), patterns["street"].search(said)
    head = box or street
    parts = Postal()
    begin, at = 0, 0
    if box:
        parts = Postal(street=f"PO Box {box['number'] or box['other']}")
    elif street:
        number = re.sub(r"\s+", "", street["number"]).upper()
        parts = Postal(street=f"{number} {_title(street['name'])}")
    if head:
        begin, at = head.start(), head.end()
        unit = patterns["unit"].match(said[at:])
        if unit:
            parts = replace(parts, unit=_unit(unit))
            at += unit.end()
    tail, end = read_place(said[at:], after_street=bool(head))
    if not (head or tail.state or tail.zip or tail.city):
        return Postal(), 0, 0
    return parts.filled(tail), begin, at + end


def names_a_street(street: str) -> bool:
    """Whether a street ends in a kind of street that is no everyday word ("Lane", "Court"; not "Way")."""
    if re.match(rf"\d{{1,6}}\w?\s+{_SPANISH}", street, re.I) or re.match(_SPANISH, street, re.I):
        return True
    last = re.sub(r"\W", "", re.sub(r"(?:\s+[NSEW]{1,2}\.?)$", "", street).split()[-1].lower())
    return last in _words()["streets"] and last not in _ALSO_WORDS


_SPANISH = (
    r"(?:calle|avenida|avda?\.?|camino|paseo|bulevar|privada|calzada|callej[oó]n)\s+"
    r"(?:(?:de|del|la|las|los|el|of|the|san|santa|santo)\s+){0,2}[^\W\d_]{2,}(?:\s+(?-i:[A-ZÁÉÍÓÚÑ])[^\W\d_]+(?=\s*(?:,|$)))?"
)
"""Streets named in Spanish order: the kind before the name."""
_ALSO_WORDS = frozenset(
    [
        "way",
        "place",
        "run",
        "trail",
        "park",
        "point",
        "view",
        "square",
        "road house",
        "hill",
        "hills",
        "pass",
        "walk",
    ]
)


_HOUSE = re.compile(
    r"\b\d{1,5} (?:[nsew]|[ns][ew]|north|south|east|west)\.? [a-z]\w+"
    r"|\b\d{1,5} (?:main|maple|oak|cherry|pine|cedar|elm|washington|river|ivy|birch|spruce|walnut|chestnut|church"
    r"|jackson|lincoln|jefferson|madison|franklin|willow|broadway|dogwood|hickory|poplar|aspen|magnolia|larkspur)\b"
    r"(?! (?:county|mountain|trees?))",
    re.IGNORECASE,
)
"""A house in its shortest form: "4410 s bannock", "400 main". The names are the commonest of the country."""


@lru_cache(maxsize=1)
def _zip_code() -> re.Pattern[str]:
    """ "CO 80202", "Colorado, 80202", "zip code 80202"."""
    places = "|".join([*states(), *(re.escape(s.name) for s in states().values())])
    return re.compile(rf"\b(?:{places}|zip(?: code)?(?: is)?),? \d{{5}}(?:-\d{{4}})?\b", re.IGNORECASE)


def without_streets(text: str) -> str:
    """A text without its street addresses: a house number counts nothing."""
    for shape in (_HOUSE, _zip_code()):
        text = shape.sub(lambda found: ",".ljust(len(found.group())), text)
    for found in reversed(list(_patterns()["street"].finditer(text))):
        if names_a_street(found.group("name")):
            text = f"{text[: found.start()]}{','.ljust(found.end() - found.start())}{text[found.end() :]}"
    return text


def read_unit(text: str) -> str:
    """ "suite two hundred" -> "Suite 200"; "" when no unit is said."""
    match = _patterns()["unit"].match(spoken_numbers(text))
    return _unit(match) if match else ""


def _unit(match: re.Match[str]) -> str:
    if match["hash"]:
        return f"#{match['hash'].upper()}"
    if match["floor"]:
        return f"{match['nth']} Floor"
    kind = _words()["units"][match["kind"].lower()]
    name = re.sub(r"\s", "", match["id"]).upper()
    return f"#{name}" if kind == "#" else f"{kind} {name}"


def read_place(said: str, *, after_street: bool = False) -> tuple[Postal, int]:
    """City, state and ZIP at the beginning of a text, and where they end.

    Without a street before it a city needs a state or a ZIP beside it.
    """
    patterns = _patterns()
    stop = re.search(
        r"[.;!?](?=\s|$)(?<!\b[A-Z]\.)|\s+(?:and (?:my|our|the|i|it)|that's|it's|which|my|our|but|so|"
        r"is (?:the|my|our))\b|\s+\d{10}\b",
        said,
        re.I,
    )
    zone = _near_part(said[: stop.start()] if stop else said)
    zip_code = re.search(r"(?<![\d#])\d{5}(?:-\d{4})?(?!\d)", zone)
    before_zip = zone[: zip_code.start()] if zip_code else zone
    found = list(patterns["state"].finditer(before_zip)) + list(patterns["code"].finditer(before_zip))
    found += [m for m in patterns["spelled"].finditer(before_zip) if not found]
    state, cut = "", len(before_zip)
    if found:
        last = max(found, key=lambda m: m.end())
        state = _code(last)
        cut = last.start()
        city = before_zip[:cut].strip(" ,.")
        if not city and state == "NY" and last.groupdict().get("name"):  # "Fifth Avenue, New York"
            cut = last.end()
    city = re.sub(
        r"^(?:[\s,.]*\b(?:in|of|the city of|at|near|and)\b)+", "", before_zip[:cut], flags=re.I
    ).strip(" ,.")
    city = _NO_TOWN.split(city)[0].strip(" ,.")
    if not re.fullmatch(r"[^\W\d_]+(?:[\s.'’-]+[^\W\d_]+){0,3}", city) or (
        not state and not zip_code and not after_street
    ):
        city = ""
    if city and not state and not zip_code and not city[:1].isupper() and len(city.split()) > 3:
        city = ""
    parts = Postal(city=_title(city), state=state, zip=zip_code.group() if zip_code else "")
    ends = [zip_code.end() if zip_code else 0, max((m.end() for m in found), default=0)]
    if city:
        ends.append(zone.find(city) + len(city))
    return parts, max(ends)


def _near_part(zone: str) -> str:
    """What belongs to the place: the part with the town, then parts that begin with a state or a ZIP code."""
    patterns = _patterns()
    kept, named = "", False
    for part in re.findall(r"[^,]*,?", zone):
        bare = part.strip(" ,")
        first = f" {bare}"
        further = (
            re.match(r"\d{5}\b", bare)
            or patterns["state"].match(bare) is not None
            or patterns["code"].match(first)
            or patterns["spelled"].match(first)
        )
        if named and bare and not further:
            break
        kept += part
        named = named or bool(bare)
    return kept.rstrip(" ,") if kept.strip(" ,") else kept


def _code(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups.get("code"):
        return re.sub(r"[\s.]", "", groups["code"]).upper()
    if groups.get("dc"):
        return "DC"
    return next(code for code, s in states().items() if s.name.lower() == match["name"].lower())


def _title(text: str) -> str:
    """Capitals for what was heard in lower case; "mcKinley" and "5th" stay."""
    small = {"of", "the", "de", "la", "del", "and"}
    words = re.sub(r"\s+", " ", text.strip(" ,.")).split()
    done = []
    for i, word in enumerate(words):
        plain = word.rstrip(".")
        if plain.lower() in ("n", "s", "e", "w", "ne", "nw", "se", "sw", "us"):
            done.append(plain.upper())
        elif plain.isupper() and len(plain) > 2 and not re.search(r"\d", plain):
            done.append(plain[0] + plain[1:].lower())
        elif plain.islower() and not plain[0].isdigit() and not (plain in small and i):
            done.append("-".join(p[:1].upper() + p[1:] for p in plain.split("-")))
        else:
            done.append(plain)
    return " ".join(done)
