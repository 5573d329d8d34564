"""Whether a system that a broker asks about works with this one, by its own name (A046).

"Does it work with HubSpot?", "do you work with kvCORE directly or export?": what its connection needs, from
the list of vendors. Who says that it is theirs has it noted, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.system_talk import BUILT_IN, CRM, OTHER
from agent.understanding.matching import exact_matches
from agent.understanding.view import View
from policies.crms import waits_for

_CONNECTS = re.compile(
    r"\b(?:works?|connect\w*|integrat\w*|syncs?|talks?|links?|hooks?|plugs?|supports?|push\w*|export\w*|feeds?"
    r"|plays?|compatible|leads? (?:in)?to|do you (?:do|have|know|take))\b",
    re.I,
)
_THEIRS = re.compile(
    r"\b(?:that|it|which)(?:'s| is) (?:what|the one|where|our|my)\b|\bour (?:crm|system)\b|"
    r"\b(?:we|i|my team|everyone)(?:'re|'ve| are| have| is)?(?: all)?"
    r" (?:got|use|using|have|run|on|in|live)\b",
    re.I,
)
_FEWEST = 3
"""Letters of a system's name; shorter ones are words."""


@dataclass(frozen=True, slots=True)
class SystemAsked:
    """A system by its choice and the name it was asked for by."""

    value: str
    name: str

    @property
    def answer(self) -> str:
        """What its connection needs; of one without a connector, how it gets the leads."""
        safe = "Your leads are in the built-in list in any case."
        if self.value == OTHER:
            return f"I have no connector for {self.name}. It gets its leads by webhook or as a file. {safe}"
        needs = waits_for(self.value)
        return f"Yes, {self.name} can be connected. It needs {needs}, and you get the link by e-mail. {safe}"


def system_asked(question: str, view: View) -> SystemAsked | None:
    """The system whose connection is asked about; None where none is named."""
    if not _CONNECTS.search(question):
        return None
    choices = view.choices(view.flow.slots[CRM])
    for found in exact_matches(question, choices):
        said = question[found.start : found.end]
        if found.value == BUILT_IN or len(said) < _FEWEST or (found.value == OTHER and said.islower()):
            continue
        label = next(c.label for c in choices if c.value == found.value)
        return SystemAsked(str(found.value), said if found.value == OTHER else label)
    return None


def is_theirs(told: str) -> bool:
    """Whether the words beside such a question say that they use it."""
    return _THEIRS.search(told) is not None
