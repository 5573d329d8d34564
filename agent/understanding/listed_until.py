"""Until when a house is with another firm: "the contract's up December 1st", "with Remax till spring" (C29)."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from agent.understanding.dates import find_dates, normal
from agent.understanding.sentences import sentences

MONTH = 28
"""Days that a named month has at least."""
_ENDS = re.compile(
    r"\b(?:until|till|til|thru|through|ends?|ending|expires?|expiring|runs? (?:out|until|through|to)"
    r"|(?:'?s|is|are|will be|comes?) (?:up|over|done|out)|good for)\b",
    re.I,
)
_WITH_THEM = re.compile(
    r"\b(?:list(?:ing|ed)|on the market|contract|agreement|realtor|agent|broker\w*)\b", re.I
)
_LETS = re.compile(r"\b(?:leas\w*|rent\w*|tenants?|landlord)\b", re.I)

_ENDS_WITH = {
    "spring": "may",
    "summer": "august",
    "fall": "november",
    "autumn": "november",
    "winter": "february",
}
"""The last month of a season, which is read as the whole of it, too."""
_SEASON = re.compile(rf"\b(?:(?:early|late|next|the) )*({'|'.join(_ENDS_WITH)})\b(?! (?:st|street)\b)", re.I)
_UP_TO = re.compile(r"\b(?:until|till|til|thru|through|in|ends?|ending) (?=[a-z]{3,9}\b(?! ?\d))", re.I)
"""A month that ends it is read as the whole month: a call in its middle might still come too soon."""


def listed_until(text: str, today: date, *, asked: bool = False) -> date | None:
    """The last day of somebody else's listing; None where no day to come is named for its end.

    ``asked``: whether it is listed was just asked, so that "with Remax till March" is about nothing else.
    """
    for sentence in sentences(text):
        if not _ENDS.search(sentence) or _LETS.search(sentence):
            continue
        if not (asked or _WITH_THEM.search(text)):
            continue
        months = _SEASON.sub(lambda season: _ENDS_WITH[season[1].lower()], sentence)
        for found in find_dates(normal(_UP_TO.sub("in ", months)), today):
            last = found.day + timedelta(days=found.days - 1)
            if found.days >= MONTH:
                last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
            if last > today:
                return last
    return None
