"""The linter's rules for one slot and for the words of a flow."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import process

from core.errors import Problem
from flows import texts
from flows.schema import Confirm, Flow, Slot
from flows.source import Source
from policies.phrases import PhraseError, pattern

_LAST = 1_000
_PHRASES = ("heard", "states", "denies")
_PROVEN = (Confirm.EXPLICIT, Confirm.OUT_OF_BAND)


@dataclass(frozen=True)
class ToolSpec:
    """What the linter knows of a tool. ``args``: every argument it takes; ``required``: those without
    a default; ``statuses``: every status it can return (None: not known); ``facts``: names it adds."""

    args: Collection[str]
    required: Collection[str] = ()
    statuses: Collection[str] | None = None
    facts: Collection[str] = ()


def near(name: str, known: Collection[str], otherwise: str) -> str:
    """The most similar known name as a question, or ``otherwise``."""
    hint = process.extractOne(name, list(known), score_cutoff=65)
    return f"did you mean {hint[0]!r}?" if hint else otherwise


class SlotLinter:
    """One run over one flow: what it knows, and the rules for slots and words."""

    def __init__(
        self,
        flow: Flow,
        source: Source,
        types: Collection[str],
        tools: Mapping[str, ToolSpec],
        facts: Collection[str],
        commands: Collection[str] | None,
    ):
        self.flow, self.source, self.types, self.tools, self.commands = flow, source, types, tools, commands
        self.facts = {*facts, *flow.facts, *(f for t in tools.values() for f in t.facts)}
        self.names = [step.step for step in flow.steps]
        # Where a slot is first known: (step, place in the step). Optional ones count as last.
        self.position: dict[str, tuple[int, int]] = {}
        for i, step in enumerate(flow.steps):
            for j, slot in enumerate(step.required):
                self.position.setdefault(slot, (i, j))
            for slot in step.optional:
                self.position.setdefault(slot, (i, _LAST))

    def at(self, message: str, *path: str | int, do: str, code: str) -> Problem:
        """A problem at this place."""
        return Problem(message, self.source.where(*path), do, code)

    # -- slots -----------------------------------------------------------------------------------

    def slot(self, name: str, slot: Slot) -> Iterator[Problem]:
        """Everything wrong with one slot."""
        here = ("slots", name)
        steps = self.flow.steps_of(name)
        required = any(name in s.required for s in steps)
        if slot.type not in self.types:
            do = near(slot.type, self.types, "use one of the slot types")
            yield self.at(f"unknown slot type {slot.type!r}", *here, "type", do=do, code="unknown_type")
        if not steps:
            message = f"the slot {name!r} is in no step, so it is never asked"
            yield self.at(message, *here, do="list it in a step, or remove it", code="never_asked")
        if required and slot.confirm is Confirm.NEVER_BY_VOICE:
            message = f"{name!r} may never be given by voice, but a step requires it"
            do = "make it optional (it is collected by link)"
            yield self.at(message, *here, "confirm", do=do, code="never_by_voice")
        yield from self.choices(name, slot)
        yield from self.phrases(name, slot)
        yield from self.when(name, slot)
        yield from self.asks(name, slot, required)

    def choices(self, name: str, slot: Slot) -> Iterator[Problem]:
        """Nothing to choose from, or a word that stands for two choices."""
        here = ("slots", name, "choices")
        if "choice" in slot.type and not slot.choices and not slot.choices_from:
            do = "add 'choices:' or 'choices_from:'"
            yield self.at(f"{name!r} has nothing to choose from", *here, do=do, code="no_choices")
        said: dict[str, str] = {}
        for i, choice in enumerate(slot.choices):
            for word in {choice.value.lower(), choice.label.lower(), *(a.lower() for a in choice.also)}:
                if said.setdefault(word, choice.value) != choice.value or choice.value in [
                    c.value for c in slot.choices[:i]
                ]:
                    message = f"{word!r} stands for two choices"
                    yield self.at(message, *here, i, do="keep it in one", code="duplicate_choice")

    def phrases(self, name: str, slot: Slot) -> Iterator[Problem]:
        """A phrase that is not in the notation of ``policies.phrases``."""
        for option in _PHRASES:
            for i, phrase in enumerate(slot.options.get(option, ())):
                try:
                    pattern(str(phrase))
                except PhraseError as error:
                    message = f"the phrase {phrase!r} cannot be read: {error}"
                    do = "see the notation in policies/phrases.py"
                    yield self.at(message, "slots", name, "options", option, i, do=do, code="phrase")

    def when(self, name: str, slot: Slot) -> Iterator[Problem]:
        """A condition that can never be decided."""
        if slot.when is None:
            return
        here, other = ("slots", name, "when"), slot.when.slot
        if other not in self.flow.slots:
            do = near(other, self.flow.slots, "name a slot of this flow")
            yield self.at(f"unknown slot {other!r}", *here, "slot", do=do, code="unknown_slot")
            return
        mine, theirs = self.position.get(name), self.position.get(other)
        volunteered = mine and theirs and theirs == (mine[0], _LAST) and other != name
        if mine and theirs and theirs >= mine and not volunteered:
            message = f"{name!r} depends on {other!r}, which is asked later"
            yield self.at(message, *here, "slot", do=f"ask {other!r} first", code="later_slot")
        values = {c.value for c in self.flow.slots[other].choices}
        for word in (*slot.when.is_, *slot.when.not_, *slot.when.unless):
            if values and word not in values:
                do = near(str(word), values, f"use a choice of {other!r}")
                yield self.at(f"{other!r} is never {word!r}", *here, do=do, code="unknown_value")
        said_anything = slot.when.is_ or slot.when.not_ or slot.when.unless
        if not said_anything and slot.when.given is None:
            do = "add 'is:', 'not:', 'unless:' or 'given:'"
            yield self.at("the condition says nothing", *here, do=do, code="empty_when")

    def asks(self, name: str, slot: Slot, required: bool) -> Iterator[Problem]:
        """Questions that are missing, repeat, or say what is not known."""
        ask, here = slot.ask, ("slots", name, "ask")
        for channel in ("voice", "chat", "page"):
            text = getattr(ask, channel)
            if text is not None and not text.strip():
                message = f"{name!r} has no question for {channel}"
                do = "write the question" if channel == "voice" else "write it, or leave the key out"
                yield self.at(message, *here, channel, do=do, code="no_ask")
        if required and slot.confirm in _PROVEN and len(ask.again) < 2:
            message = f"{name!r} must be understood exactly, but has {len(ask.again)} of 2 re-asks"
            do = "add to 'again:' one short wording and one with an example"
            yield self.at(message, *here, "again", do=do, code="no_again")
        if repeat := texts.repeated([ask.voice, *ask.again]):
            message = f"the re-asks of {name!r} repeat a wording: {repeat[:40]!r}"
            yield self.at(message, *here, "again", do="word each differently", code="same_wording")
        place = self.position.get(name)
        for channel in ("voice", "chat", "page"):
            yield from self.text(getattr(ask, channel) or "", place, *here, channel, asked=True)
        for i, text in enumerate(ask.again):
            yield from self.text(text, place, *here, "again", i, asked=True)
        for key in ("help", "why"):
            yield from self.text(getattr(slot, key), place, "slots", name, key)
        if slot.suggest and slot.suggest not in self.facts | set(self.flow.slots):
            do = near(slot.suggest, self.facts, "name a fact or a slot")
            message = f"nothing called {slot.suggest!r} can be suggested"
            yield self.at(message, "slots", name, "suggest", do=do, code="unknown_fact")

    # -- words -----------------------------------------------------------------------------------

    def text(
        self, text: str, place: tuple[int, int] | None, *path: str | int, asked: bool = False
    ) -> Iterator[Problem]:
        """``place``: where in the form the words are said; None if slots are not looked at for order."""
        for name in texts.placeholders(text):
            if name in self.flow.slots:
                known = self.position.get(name)
                if place is not None and known is not None and known >= place:
                    message = f"{{{name}}} is not known yet when this is said"
                    yield self.at(message, *path, do=f"ask {name!r} earlier", code="later_slot")
            elif name not in self.facts:
                do = near(name, self.facts | set(self.flow.slots), "name a slot or a fact")
                yield self.at(f"{{{name}}} is no slot and no fact", *path, do=do, code="unknown_placeholder")
        if texts.stray_brace(text):
            do = "placeholders look like {name}"
            yield self.at("a brace that belongs to no placeholder", *path, do=do, code="brace")
        if len(text) > texts.MAX_SPOKEN:
            message = f"{len(text)} characters are too many to listen to"
            yield self.at(message, *path, do=f"stay under {texts.MAX_SPOKEN}", code="too_long")
        if asked and (word := texts.protected_word(text)):
            message = f"a question may not touch on {word!r} (fair housing)"
            yield self.at(message, *path, do="ask about the property instead", code="fair_housing")
