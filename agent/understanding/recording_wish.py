"""Whether a broker speaks of recording their calls, or of this conversation (A047, C12).

"Don't record me" is a wish of who speaks and holds at once; "my guys don't like being recorded" answers how the
office's calls are to be.
"""

from __future__ import annotations

import re

from agent import acts
from agent.understanding.base import Reading
from agent.understanding.commands import find_command
from agent.understanding.sentences import asks, sentences
from agent.understanding.view import View

POLICY, OFF = "recording_policy", "off"
_REFUSES = re.compile(
    r"\b(?:no|not|never|without|don'?t|dont|do not|hates?|against|rather not|turn|switch|off|stop)\b.{0,40}\b(?:record\w*|tap(?:e|ed|ing))\b"
    r"|\b(?:record\w*|tap(?:e|ed|ing))\b.{0,25}\b(?:off|no|never|not)\b",
    re.I,
)
_THIS = re.compile(
    r"\b(?:this|our) (?:chat|conversation|talk|call)\b|\brecord(?:ing)? me\b|\bright now\b", re.I
)
_THEIRS = re.compile(
    r"\b(?:calls|callers?|clients?|customers?|leads|guys|agents|team|people|them|anybody|anyone|everybody)\b",
    re.I,
)


def calls_not_recorded(text: str, view: View) -> acts.Answer | None:
    """The answer that calls are never recorded; None where that isn't said, or it is this conversation."""
    if POLICY not in view.flow.slots:
        return None
    asked = view.state.awaiting.slots == [POLICY]
    told = " ".join(part for part in sentences(text) if not asks(part))
    refused = _REFUSES.search(told) or find_command(told) == acts.Command("dont_record")
    if not refused or _THIS.search(told) or not (asked or _THEIRS.search(told)):
        return None
    return acts.Answer(POLICY, Reading(value=OFF, confidence=0.9), volunteered=not asked)
