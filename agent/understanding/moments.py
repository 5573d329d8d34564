"""Days with their hours in an utterance, which tell no price, no count and no telephone number."""

from __future__ import annotations

import re

_HOUR = (
    r"(?:\d{1,2}(?:[: ][0-5]\d)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon)"
    r"(?: thirty| fifteen)?(?: ?[ap]\.?m\b\.?| o'?clock)?"
)
_DAY = (
    r"(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    r"|tmrw|tues?|weds?|thurs?|thu|mon|fri|sat|sun)"
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_NO_SUM = r"(?![\w,.]*\d|\s*(?:k\b|thousand|hundred|million|grand|bed|bath|br\b|unit|%|percent|dollars|-))"
_MOMENT = re.compile(
    rf"\b(?:(?:this|next|on) )?{_DAY}(?: (?:morning|afternoon|evening|night))?,?"
    rf"(?: (?:at|around|about|by|after|before))? (?:around |about )?{_HOUR}\b{_NO_SUM}"
    rf"|\b(?:at |for |around )?{_HOUR} (?:on )?{_DAY}\b"
    r"|\b\d{1,2}(?::[0-5]\d)? ?[ap]\.?m\b\.?|\b\d{1,2}:[0-5]\d\b"
    rf"|\b{_MONTH}\.? (?:the )?(?:[12]?\d|3[01])(?:st|nd|rd|th)?\b{_NO_SUM}"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}\b",
    re.I,
)


def without_moments(text: str) -> str:
    """The text without "Tuesday at two", "tue 1", "feb 1" and "4:30"; a comma stands for each."""
    return _MOMENT.sub(",", text)
