"""What most slot types share: a correction states the new value, and showing is saying."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.base import Patience, Reading, SlotContext
from agent.understanding.fillers import strip_fillers
from agent.understanding.numbers import fold
from agent.understanding.polarity import split_polarity

_TO = re.compile(
    r"^(?:.{0,40}?\b)?(?:change (?:it|that|this|the [\w ]{1,20}?)(?: from .{1,40}?)? (?:to|into)|"
    r"make (?:it|that|this)|"
    r"(?:it |that )?should (?:be|have been|say)|i (?:said|meant|mean|wanted)|switch (?:it |that "
    r")?to|set (?:it|that) to|"
    r"put (?:down|in)|i'd rather (?:have|do)|let's (?:do|say|make it)|actually it's|actually)\s+(?=\S)",
    re.IGNORECASE,
)
_NOT_X_BUT = re.compile(
    r"^(?:it's |that's |it is |that is )?not (?P<old>[^,.;]{1,60}?)(?:\s*[,.;]\s*(?:but |it's |it "
    r"is |rather )?|\s+(?:but|it's|it is|rather|should be)\s+)(?P<new>\S.*)$",
    re.IGNORECASE,
)
_NEW_NOT_X = re.compile(
    r"^(?P<new>.*?\S)\s*[,;.]?\s*\b(?:(?<!whether or )not|instead of|rather than|and "
    r"not)\s+(?P<old>.{1,60})$",
    re.IGNORECASE,
)


def correction(text: str) -> str:
    """The new value in a correction, without what it replaces: "" when only "no" was said.

    "no, it's five" -> "five"; "not ten to two, ten to three" -> "ten to three"; "Denver, not Boulder"
    -> "Denver"; "change it to Professional" -> "Professional".
    """
    _, rest = split_polarity(text)
    rest = rest.strip()
    if found := _NOT_X_BUT.match(fold(rest)):
        rest = rest[found.start("new") :]
    if found := _NEW_NOT_X.match(fold(rest)):
        rest = rest[: found.end("new")]
    if found := _TO.match(fold(rest)):
        rest = rest[found.end() :]
    return strip_fillers(rest)


def label_of(ctx: SlotContext) -> str:
    """The slot's label in the middle of a sentence ("team size")."""
    label = ctx.slot.label.strip()
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


class SimpleType:
    """Defaults for a slot type; a type overrides what differs."""

    name: str = ""
    patience: Patience = "open"

    def parse(self, text: str, ctx: SlotContext) -> Reading | None:
        """Nothing is understood until a type says how."""
        return None

    def spot(self, text: str, ctx: SlotContext) -> Reading | None:
        """Never found in other answers unless a type says how."""
        return None

    def repair(self, text: str, ctx: SlotContext) -> Reading | None:
        """A correction states the new value."""
        said = correction(text)
        return self.parse(said, ctx) if said else None

    def check(self, value: Any, ctx: SlotContext) -> str | None:
        """Everything is acceptable unless a type says otherwise."""
        return None

    def say(self, value: Any, ctx: SlotContext) -> str:
        """Spoken as it is shown."""
        return self.show(value, ctx)

    def show(self, value: Any, ctx: SlotContext) -> str:
        """The plain text of the value."""
        return str(value)

    def words(self, ctx: SlotContext) -> Sequence[str]:
        """No special vocabulary."""
        return ()
