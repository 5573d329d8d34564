"""Internet hosts as they are said: "harbor realty dot com", "b h h s dot com", "gmail"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from agent.understanding.dialect import likely_meant
from agent.understanding.spelling import Unit, decode, join
from agent.understanding.wordlists import word_list, word_set

PROVIDERS: frozenset[str] = word_list("providers")
"""Mail domains many people use."""

TLDS: frozenset[str] = word_list("tlds")
"""Endings people say aloud."""

_BARE = {
    p.split(".")[0]: p
    for p in (
        "gmail.com",
        "yahoo.com",
        "hotmail.com",
        "outlook.com",
        "icloud.com",
        "aol.com",
        "msn.com",
        "comcast.net",
        "verizon.net",
        "att.net",
        "sbcglobal.net",
        "protonmail.com",
        "googlemail.com",
        "ymail.com",
    )
}
_HEARD_AS_COM = word_set("calm come comm coms con cum kom corn cum com's cam cm cmo ocm vom xom comn conm")
_LABEL = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "ac", "gov"})


def valid_host(host: str) -> bool:
    """Whether a string has the form of a public host name (two labels or more, no numeric ending)."""
    labels = host.split(".")
    return (
        len(host) <= 253
        and len(labels) >= 2
        and all(_LABEL.match(label) for label in labels)
        and len(labels[-1]) >= 2
        and not labels[-1].isdigit()
    )


def expand(units: Sequence[Unit]) -> list[Unit]:
    """Split what recognisers glue together: "dotcom" -> "." "com"."""
    result: list[Unit] = []
    for unit in units:
        glued = re.fullmatch(r"(\w*?)dot(com|net|org)", unit.text.lower()) if unit.kind == "word" else None
        if not glued:
            result.append(unit)
            continue
        if glued[1]:
            result.append(Unit(glued[1], "word", unit.start, unit.end))
        result.append(Unit(".", "symbol", unit.start, unit.end))
        result.append(Unit(glued[2], "word", unit.start, unit.end))
    return result


def take_host(units: Sequence[Unit], start: int = 0) -> tuple[str, int] | None:
    """The host that begins at unit ``start``: (host, index after it), or None.

    Words before the first dot run together. The host ends with its ending (".com", ".co.uk"); what
    follows is left. Well-known mail providers need no ending ("gmail").
    """
    labels: list[str] = [""]
    i = start
    while i < len(units):
        unit = units[i]
        if unit.kind == "symbol":
            if unit.text == "-" and labels[-1]:
                labels[-1] += "-"
            elif unit.text == "." and labels[-1]:
                ending = _ending(units, i + 1)
                if ending:
                    host, after = _close([*labels, ending[0]], units, ending[1])
                    return (host, after) if valid_host(host) else None
                labels.append("")
            else:
                break
        else:
            if unit.kind == "word" and not re.fullmatch(r"[a-z0-9'’]+", unit.text.lower()):
                break
            labels[-1] += re.sub(r"['’]", "", unit.text.lower())
            if len(labels) == 1 and labels[0] in _BARE:
                following = units[i + 1] if i + 1 < len(units) else None
                goes_on = following and (following.text == "." or following.kind in ("letter", "digit"))
                if not goes_on:
                    skip = i + 2 if i + 1 < len(units) and units[i + 1].text.lower() == "com" else i + 1
                    return _BARE[labels[0]], skip
        i += 1
    host = ".".join(labels)
    if len(labels) == 1 and i - start >= 2 and units[i - 1].text.lower() in ("com", "net", "org"):
        host = labels[0][: -len(units[i - 1].text)] + "." + units[i - 1].text.lower()
    return (host, i) if valid_host(host) else None


def _ending(units: Sequence[Unit], i: int) -> tuple[str, int] | None:
    """A known ending at unit ``i``, as a word or spelled ("c o m"): (ending, index after)."""
    if i >= len(units):
        return None
    if units[i].kind == "word":
        word = units[i].text.lower()
        if word in TLDS:
            more = (
                i + 1 < len(units)
                and units[i + 1].kind != "symbol"
                and (word + units[i + 1].text.lower()) in TLDS
            )
            return (word + units[i + 1].text.lower(), i + 2) if more else (word, i + 1)
        return ("com", i + 1) if word in _HEARD_AS_COM else None
    spelled = ""
    best: tuple[str, int] | None = None
    for k in range(i, len(units)):
        if units[k].kind != "letter":
            break
        spelled += units[k].text
        if spelled in TLDS:
            best = (spelled, k + 1)
    return best


def _close(labels: list[str], units: Sequence[Unit], i: int) -> tuple[str, int]:
    """Go on after an ending while another one follows ("co dot uk", "mail.us.x.com")."""
    while i + 1 < len(units) and units[i].text == ".":
        ending = _ending(units, i + 1)
        if not ending or not (len(ending[0]) == 2 or labels[-1] not in _SECOND_LEVEL | {"uk"}):
            break
        labels = [*labels, ending[0]]
        i = ending[1]
    return ".".join(labels), i


def bare_host(text: str) -> str | None:
    """A lower-case host out of "https://www.Harbor.com/x", or None."""
    host = (
        re.sub(r"^[a-z]+://", "", text.strip().lower())
        .split("/")[0]
        .split("?")[0]
        .split("@")[-1]
        .split(":")[0]
    )
    host = re.sub(r"^www\.", "", host).strip(".")
    return host if valid_host(host) else None


def own_hosts(facts: Mapping[str, Any]) -> list[str]:
    """Hosts that belong to the caller's organisation, surest first, from what the session knows."""
    found: list[str] = []
    for key in ("organization_domain", "website"):
        fact = facts.get(key)
        host = bare_host(fact) if isinstance(fact, str) else None
        if host and host not in found:
            found.append(host)
    return found


def likely_host(host: str, facts: Mapping[str, Any]) -> str | None:
    """A host that was probably meant instead: a mistyped provider, or the caller's own almost."""
    if host in PROVIDERS or host in own_hosts(facts):
        return None
    for own in own_hosts(facts):
        if fuzz.ratio(host, own) >= 80 and OSA.distance(host, own) <= 4:
            return own
    name = slug(facts.get("organization_name"))
    label, _, ending = host.partition(".")
    if len(name) >= 5 and label != name and not own_hosts(facts) and fuzz.ratio(label, name) >= 85:
        return f"{name}.{ending}"
    meant = likely_meant(label, inside=True)
    if meant:
        return f"{meant}.{ending}"
    mistyped = host.rsplit(".", 1)
    if mistyped[-1] in _HEARD_AS_COM and f"{mistyped[0]}.com" in PROVIDERS:
        return f"{mistyped[0]}.com"
    near = [(OSA.distance(host, known), known) for known in sorted(_COMMON)]
    distance, known = min(near)
    limit = 2 if len(known) >= 11 else 1
    return known if 0 < distance <= limit and len(host) >= 7 else None


_COMMON = word_set(
    "gmail.com yahoo.com hotmail.com outlook.com icloud.com aol.com comcast.net protonmail.com "
    "verizon.net sbcglobal.net"
)


def slug(name: object) -> str:
    """Letters and digits of a name in lower case: "Harbor Realty" -> "harborrealty"."""
    return re.sub(r"[^a-z0-9]", "", name.lower()) if isinstance(name, str) else ""


@lru_cache(maxsize=512)
def _split(label: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Split a label into the fewest words of the lists; unknown stretches stay in one piece."""
    words = word_list("name_parts") | set(known) | set(_BARE)
    best: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    for end in range(1, len(label) + 1):
        options: list[tuple[int, tuple[str, ...]]] = []
        for begin in range(max(0, end - 20), end):
            piece = label[begin:end]
            cost = 2 if piece in words and len(piece) > 1 else 3 + 3 * len(piece)
            options.append((best[begin][0] + cost, (*best[begin][1], piece)))
        best.append(min(options, key=lambda option: option[0]))
    return best[-1][1]


def say_host(host: str, facts: Mapping[str, Any]) -> str:
    """A host aloud, as words where it is made of words: "harbor realty dot com", "b-h-h-s dot com"."""
    name = facts.get("organization_name")
    known = tuple(sorted(set(re.findall(r"[a-z]{2,}", name.lower())))) if isinstance(name, str) else ()
    labels = host.split(".")
    return " dot ".join([say_label(label, known) for label in labels])


def say_label(label: str, known: tuple[str, ...] = ()) -> str:
    """One label of a host aloud. Pieces nobody would say as a word are spelled with hyphens."""
    if label in TLDS and _plain(label):
        return label if len(label) > 2 or label in ("co", "us", "me") else "-".join(label)
    said: list[str] = []
    for part in re.findall(r"-|\d+|[^\d-]+", label):
        if part == "-":
            said.append("dash")
        elif part.isdigit():
            said.append(" ".join(part))
        else:
            said += [_say_piece(piece) for piece in _merge(_split(part, known))]
    return " ".join(said)


def _merge(pieces: Sequence[str]) -> list[str]:
    """Join single letters left over by the split into one piece."""
    merged: list[str] = []
    for piece in pieces:
        if merged and len(piece) == 1 and merged[-1] not in word_list("name_parts"):
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged


def _plain(word: str) -> bool:
    units = decode(word)
    return len(units) == 1 and units[0].kind == "word" and units[0].text == word


def _say_piece(piece: str) -> str:
    short = len(piece) <= 4 and not re.search(r"[aeiouy]", piece)
    unknown = len(piece) <= 3 and piece not in word_list("name_parts")
    if short or unknown or not _plain(piece):
        return "-".join(piece)
    return piece


def label_of(text: str) -> str:
    """The text run together as one host label, "" if it cannot be one."""
    label = join([u for u in expand(decode(text, spelled=True)) if u.text != "@"])
    return label if _LABEL.match(label) else ""
