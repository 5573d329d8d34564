"""A flow in another language: the same slots and steps with other words (``flows/es/lead.yaml``; C47).

Only words are translated. What is asked, in which order and by which tool stays in the flow itself, so a
conversation may change language at any moment and nothing it knows is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from flows.schema import Asks, Flow, Slot, Step
from flows.texts import placeholders, protected_word, repeated, stray_brace

HERE = Path(__file__).parent
ENGLISH = "en"


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChoiceWords(_Words):
    """A choice as it is called, and other words for it."""

    label: str
    also: tuple[str, ...] = ()


class SlotWords(_Words):
    """A slot's words; ``options`` replace those options of the type that are words."""

    label: str
    ask: Asks
    help: str = ""
    why: str = ""
    choices: dict[str, ChoiceWords] = Field(default_factory=dict)
    options: dict[str, str] = Field(default_factory=dict)


class StepWords(_Words):
    """A step's words."""

    title: str
    intro: str = ""
    done: str = ""


class Translation(_Words):
    """The whole file."""

    title: str
    opening: str = ""
    closing: str = ""
    slots: dict[str, SlotWords]
    steps: dict[str, StepWords]


@lru_cache
def translation(flow: str, language: str) -> Translation | None:
    """The words of a flow in that language; None when there are none."""
    path = HERE / language / f"{flow}.yaml"
    if not path.exists():
        return None
    return Translation.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def localized(flow: Flow, language: str) -> Flow:
    """The flow in that language; unchanged in English and where there is no translation."""
    words = translation(flow.flow, language) if language != ENGLISH else None
    if words is None:
        return flow
    slots = {name: _slot(slot, words.slots.get(name)) for name, slot in flow.slots.items()}
    steps = tuple(_step(step, words.steps.get(step.step)) for step in flow.steps)
    changes = {"title": words.title, "opening": words.opening, "closing": words.closing}
    return flow.model_copy(update={**changes, "slots": slots, "steps": steps})


def _slot(slot: Slot, words: SlotWords | None) -> Slot:
    if words is None:
        return slot
    choices = tuple(
        c.model_copy(update={"label": said.label, "also": (*said.also, *c.also)})
        if (said := words.choices.get(c.value))
        else c
        for c in slot.choices
    )
    return slot.model_copy(
        update={
            "label": words.label,
            "ask": words.ask,
            "help": words.help,
            "why": words.why,
            "choices": choices,
            "options": {**slot.options, **words.options},
        }
    )


def _step(step: Step, words: StepWords | None) -> Step:
    if words is None:
        return step
    return step.model_copy(update={"title": words.title, "intro": words.intro, "done": words.done})


def untranslated(flow: Flow, language: str) -> Iterator[str]:
    """What a translation lacks or says otherwise, as ``slots.areas.help: what``; nothing when all is well."""
    words = translation(flow.flow, language)
    if words is None:
        yield f"{flow.flow}: no words in {language}"
        return
    yield from _compared("opening", flow.opening, words.opening)
    yield from _compared("closing", flow.closing, words.closing)
    for name in sorted(set(words.slots) - set(flow.slots)):
        yield f"slots.{name}: not in the flow"
    for name, slot in flow.slots.items():
        if name not in words.slots:
            yield f"slots.{name}: missing"
            continue
        yield from _slot_problems(f"slots.{name}", slot, words.slots[name])
    for name in sorted(set(words.steps) - {s.step for s in flow.steps}):
        yield f"steps.{name}: not in the flow"
    for step in flow.steps:
        said = words.steps.get(step.step)
        if said is None:
            yield f"steps.{step.step}: missing"
            continue
        yield from _compared(f"steps.{step.step}.intro", step.intro, said.intro)
        yield from _compared(f"steps.{step.step}.done", step.done, said.done)


def _slot_problems(where: str, slot: Slot, words: SlotWords) -> Iterator[str]:
    yield from _compared(f"{where}.ask.voice", slot.ask.voice, words.ask.voice)
    yield from _compared(f"{where}.ask.chat", slot.ask.chat or "", words.ask.chat or "")
    if len(words.ask.again) != len(slot.ask.again):
        yield f"{where}.ask.again: {len(words.ask.again)} of {len(slot.ask.again)} wordings"
    if again := repeated([words.ask.voice, *words.ask.again]):
        yield f"{where}.ask.again: repeats {again!r}"
    for text in (words.ask.voice, words.ask.chat or "", *words.ask.again):
        if word := protected_word(text):
            yield f"{where}.ask: may not touch on {word!r}"
    yield from _compared(f"{where}.help", slot.help, words.help)
    yield from _compared(f"{where}.why", slot.why, words.why)
    values: Mapping[str, object] = {c.value: c for c in slot.choices}
    if set(values) != set(words.choices):
        yield f"{where}.choices: {', '.join(sorted(set(values) ^ set(words.choices)))}"
    for option in words.options:
        if option not in slot.options:
            yield f"{where}.options.{option}: not in the flow"


def _compared(where: str, english: str, other: str) -> Iterator[str]:
    if bool(english.strip()) != bool(other.strip()):
        yield f"{where}: {'missing' if english.strip() else 'not in the flow'}"
    elif set(placeholders(english)) != set(placeholders(other)):
        yield f"{where}: other placeholders"
    elif stray_brace(other):
        yield f"{where}: a stray brace"
