"""What is known of a form, as plain data: it is stored after every turn and resumed by any channel."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.schema import Flow

Status = Literal["empty", "proposed", "confirmed", "verified", "skipped", "rejected"]
Kind = Literal["nothing", "ask", "offer", "confirm", "summary", "which", "commit", "closed"]


class SlotState(BaseModel):
    """One slot. ``value`` counts; ``proposal`` waits for the caller's yes; ``partial`` is half a value.
    ``question`` asks for the other half; it is put once, when the slot's turn comes. ``passed``: how often
    something else was told instead.

    A confirmed value stays in ``value`` while a change to it is still a ``proposal``.
    """

    model_config = ConfigDict(extra="forbid")

    status: Status = "empty"
    value: Any = None
    proposal: Any = None
    partial: Any = None
    question: str = ""
    offer: Any = None
    fails: int = 0
    skips: int = 0
    fixes: int = 0
    passed: int = 0
    declined: bool = False
    channel: str = ""

    @property
    def counts(self) -> bool:
        """Whether the value may be used."""
        return self.status in ("confirmed", "verified")

    @property
    def pending(self) -> bool:
        """Whether a proposal waits for the caller's yes."""
        return self.proposal is not None


class Awaiting(BaseModel):
    """What the caller was last asked, so that "yes" and "4" can be understood."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = "nothing"
    slots: list[str] = Field(default_factory=list)
    step: str = ""
    question: str = ""
    misses: int = 0


class FormState(BaseModel):
    """The whole form. ``done`` maps committed steps to the tool's status, in the order committed."""

    model_config = ConfigDict(extra="forbid")

    flow: str
    version: int
    slots: dict[str, SlotState] = Field(default_factory=dict)
    awaiting: Awaiting = Field(default_factory=Awaiting)
    done: dict[str, str] = Field(default_factory=dict)
    approved: list[str] = Field(default_factory=list)
    landmarks: list[str] = Field(default_factory=list)
    history: list[str] = Field(default_factory=list)
    focus: str | None = None
    failures: dict[str, int] = Field(default_factory=dict)
    introduced: list[str] = Field(default_factory=list)
    handed_over: bool = False
    closed: bool = False
    raised: dict[str, int] = Field(default_factory=dict)
    """What came up, by name, with how often: objections (policies/objections.yaml) and what is said once."""
    language: str = "en"
    """What is spoken now."""
    offer: dict[str, Any] = Field(default_factory=dict)
    """Times on offer: the slot they answer, how often, with whom, in which words."""
    booking: dict[str, Any] = Field(default_factory=dict)
    """The time that was chosen and is not booked yet."""
    about_booking: dict[str, Any] = Field(default_factory=dict)
    """A wish about an appointment nobody has proved to be theirs: what is wanted, in which words."""
    meeting_note: str = ""
    """What whoever is met should know of it, in the caller's words."""
    wish: str = ""
    """When the caller would like to meet, in their words, said before it was asked."""
    call_wish: dict[str, str] = Field(default_factory=dict)
    """A call they asked for while there was no number to call: the moment (ISO), where one was named."""
    told: list[str] = Field(default_factory=list)
    """What was said that somebody may have to be told, while it is not known whether there is a message."""
    promised: str = ""
    """When somebody is to call them, as it was said; "" for no time of its own."""
    code_asked: bool = False
    """The caller was asked for the code of an earlier set-up."""

    def slot(self, name: str) -> SlotState:
        """The slot's state, made on first use."""
        return self.slots.setdefault(name, SlotState())

    def peek(self, name: str) -> SlotState:
        """The slot's state without making one."""
        return self.slots.get(name) or SlotState()

    def with_raised(self, name: str, times: int = 1) -> FormState:
        """The state once ``name`` has come up ``times`` times; this one stays as it is."""
        return self.model_copy(update={"raised": {**self.raised, name: times}})

    def confirmed(self) -> dict[str, Any]:
        """Slot name -> value, for every value that counts."""
        return {n: s.value for n, s in self.slots.items() if s.counts}

    def best(self) -> dict[str, Any]:
        """Slot name -> the newest value, confirmed or not: for placeholders and read-backs only."""
        values = self.confirmed()
        values.update({n: s.proposal for n, s in self.slots.items() if s.pending})
        return values


def fresh(flow: Flow) -> FormState:
    """An empty form of this flow."""
    return FormState(flow=flow.flow, version=flow.version)


def slot_view(state: SlotState) -> dict[str, Any]:
    """What other surfaces may see of a slot: its status and newest value."""
    value = state.proposal if state.pending and not state.counts else state.value
    return {"status": state.status, "value": value}
