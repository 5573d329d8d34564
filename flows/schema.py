"""The shape of a flow: a form that can be spoken.

One definition of a step (its slots, their types, how each is asked and confirmed, the tool
that commits it) drives the phone call, the chat, the page and the API's validation.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Channel = Literal["voice", "chat", "page"]


class Confirm(StrEnum):
    """How much proof a value needs before it counts."""

    NONE = "none"
    IMPLICIT = "implicit"
    EXPLICIT = "explicit"
    OUT_OF_BAND = "out_of_band"
    NEVER_BY_VOICE = "never_by_voice"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Asks(_Strict):
    """How a slot is asked for on each channel.

    ``voice`` is one short question; ``again`` are the re-asks of the repair ladder, each worded
    differently (1: short, 2: with an example and the reason). Text may hold ``{slot}`` and
    ``{fact}`` placeholders, which the linter checks.
    """

    voice: str
    chat: str | None = None
    page: str | None = None
    again: tuple[str, ...] = ()


class When(_Strict):
    """A condition on another slot: holds when its value is (or is not) among those named.

    ``not`` waits until the value is known, ``unless`` holds while it is not.
    """

    slot: str
    is_: tuple[Any, ...] = Field(default=(), alias="is")
    not_: tuple[Any, ...] = Field(default=(), alias="not")
    unless: tuple[Any, ...] = ()
    given: bool | None = None


class Choice(_Strict):
    """One option of a choice: its canonical value, how it is said, and other words for it."""

    value: str
    label: str
    also: tuple[str, ...] = ()


class Slot(_Strict):
    """One blank of the form. ``heard`` false: filled by the application, never from a caller's words."""

    type: str
    label: str
    ask: Asks
    confirm: Confirm = Confirm.NONE
    help: str = ""
    why: str = ""
    choices: tuple[Choice, ...] = ()
    choices_from: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    default: Any = None
    suggest: str | None = None
    cues: tuple[str, ...] = ()
    when: When | None = None
    private: bool = False
    heard: bool = True


class Next(_Strict):
    """Where the conversation goes after a step's commit, chosen by the tool's ``status``
    (``when: status``) or by a slot's value (``when: <slot>``)."""

    when: str = "status"
    cases: dict[str, str] = Field(default_factory=dict)
    default: str | None = None


class Step(_Strict):
    """One screen of the form: its slots in the order they are asked, and the verb that commits it.

    ``optional`` slots are taken when volunteered, never asked. ``needs_all``: before this step is
    committed, required slots that were put off in earlier steps are asked again. ``hand_over``: when this
    holds at the end of the step, the caller is put through to a person.
    """

    step: str
    title: str
    estimate_minutes: int = 1
    intro: str = ""
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    summary: bool = True
    needs_all: bool = False
    tool: str | None = None
    hand_over: When | None = None
    next: Next | str | None = None
    done: str = ""
    updated: str = ""
    """Said instead of ``done`` where the step was done before and only a value of it is another."""


class Flow(_Strict):
    """A whole form.

    ``facts`` names what may stand in placeholders besides slots (caller_id, brand, number ...).
    ``on_end`` is the tool that stores what there is when the caller hangs up early.
    """

    flow: str
    version: int
    title: str
    opening: str = ""
    goal: str = ""
    slots: dict[str, Slot]
    steps: tuple[Step, ...]
    anywhere: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    on_end: str | None = None
    closing: str = ""

    def step(self, name: str) -> Step:
        """The step of that name; KeyError if there is none."""
        for step in self.steps:
            if step.step == name:
                return step
        raise KeyError(name)

    def steps_of(self, slot: str) -> list[Step]:
        """Every step in which the slot is asked."""
        return [s for s in self.steps if slot in s.required or slot in s.optional]
