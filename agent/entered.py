"""The form as a page sees it: its fields, and values that were typed there instead of said.

What a person has typed, seen and sent counts as agreed to: it is accepted as a yes to a read-back is, and
the conversation goes on from there on whatever line it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.conversation import Conversation
from agent.flow_choice import pinned
from agent.form import order
from agent.form.state import FormState
from agent.parts import Parts
from agent.reply import Reply
from agent.session_facts import load_facts
from agent.understanding.base import Reading
from agent.understanding.view import View
from flows.schema import Choice, Confirm, Slot
from policies import choices
from policies.standards import suggestions
from stores.conversations import Conversation as Row

CHOOSING = frozenset({"choice", "multi_choice", "yes_no"})
"""Slot types whose answer is picked on a page, not written."""


@dataclass(frozen=True)
class Field:
    """One slot on a page. ``picked``: values that are ticked; ``text``: what stands in the box."""

    name: str
    label: str
    help: str
    kind: str
    options: tuple[Choice, ...] = ()
    text: str = ""
    picked: tuple[str, ...] = ()


async def view_of(parts: Parts, row: Row) -> View:
    """A stored conversation's form, to be read by a page."""
    facts = await load_facts(parts, row.tenant_id, caller=row.caller, subject=row.subject_tenant_id)
    async with parts.db.tenant(row.tenant_id) as session:
        flow = (await pinned(parts, session, row)).flows[row.flow]
    state = FormState.model_validate(row.state or {"flow": row.flow, "version": row.flow_version})
    offers = suggestions(state.confirmed(), caller_id=row.caller)
    return View(flow, state, "page", {**facts.values, **offers}, parts.clock.now(), _options)


def _options(spec: Slot) -> Sequence[Choice]:
    if spec.type == "yes_no" and not spec.choices:
        return (Choice(value="yes", label="Yes"), Choice(value="no", label="No"))
    if spec.choices or not spec.choices_from:
        return spec.choices
    return [Choice(value=o.value, label=o.label, also=o.also) for o in choices.choices_for(spec.choices_from)]


def fields(view: View, slot: str = "") -> list[Field]:
    """What a page asks: that one slot, or everything the current step still needs.

    Never what has a sealed page of its own. Empty when there is nothing to ask.
    """
    flow, state = view.flow, view.state
    if slot:
        names = [slot] if slot in flow.slots and order.applies(flow.slots[slot].when, state) else []
    else:
        step = order.current(flow, state)
        members = order.members(flow, step, state) if step else []
        # what has a usual value is shown with it: on a page that costs nobody a turn
        asked = (
            [n for n in members if n in step.required or flow.slots[n].default is not None] if step else []
        )
        names = [n for n in asked if not state.peek(n).counts]
    return [_field(view, n) for n in names if flow.slots[n].confirm is not Confirm.NEVER_BY_VOICE]


def _field(view: View, name: str) -> Field:
    spec, context = view.flow.slots[name], view.context(name)
    text = ""
    picked: tuple[str, ...] = ()
    held = spec.default if context.current is None and spec.type not in CHOOSING else context.current
    if held is not None and not spec.private:
        if spec.type == "yes_no":
            picked = ("yes" if held else "no",)
        elif spec.type in CHOOSING:
            picked = tuple(held) if isinstance(held, list | tuple) else (str(held),)
        else:
            text = view.type_of(name).show(held, context)
    label = (spec.ask.page or spec.label).format_map(_Known(view.facts))
    return Field(name, label, spec.help, spec.type, tuple(view.choices(spec)), text, picked)


class _Known(dict[str, Any]):
    """Facts for a label; one that is not known yet is left out."""

    def __init__(self, facts: Mapping[str, Any]):
        super().__init__(facts)

    def __missing__(self, key: str) -> str:
        return ""


def read(view: View, name: str, given: Sequence[str]) -> Reading:
    """What was typed or picked for a slot, read by the slot's own type: a value or a problem."""
    spec, kind, context = view.flow.slots[name], view.type_of(name), view.context(name)
    if spec.type in CHOOSING:
        value: Any = list(given) if spec.type == "multi_choice" else (given[0] if given else "")
        if spec.type == "yes_no":
            value = {"yes": True, "no": False}.get(value)
        problem = kind.check(value, context)
        return Reading(problem=problem) if problem else Reading(value=value)
    text = " ".join(given).strip()
    reading = kind.parse(text, context)
    if reading is None:
        return Reading(problem=f"That doesn't look right for {spec.label}. {spec.help}".strip())
    if reading.value is None:
        return Reading(problem=reading.problem or reading.ask)
    return reading


async def enter(conversation: Conversation, values: Mapping[str, Any]) -> Reply:
    """Take values in as agreed, and go on. The reply holds what the agent says to it."""
    return await conversation.enter(values)


async def verify(conversation: Conversation, name: str, value: Any) -> bool:
    """A value was proved on a page. False when the form holds another value by now."""
    return await conversation.verify(name, value)
