"""From acts to words: every sentence the engine says is a phrase of prompts/ or an ask of the flow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent import acts
from agent.acts import Act
from agent.form import order
from agent.understanding.spanish_words import in_language, when_said
from agent.understanding.view import View
from flows.schema import Slot
from policies.provisioning import review_items
from prompts.phrases import ENGLISH, has, phrase

BARE = frozenset({"integer", "percent", "code", "yes_no", "time"})
"""Types whose values say nothing without the name of what they are."""
NAMELESS = BARE | {"phone", "choice", "multi_choice"}
"""Types whose values are named when one is read back long after it was said."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing to say. ``text`` as written, ``spoken`` as it goes to the voice."""

    text: str
    spoken: str
    interruptible: bool = True
    key: str = ""
    language: str = ""
    """What it is in, ISO 639-1; "" until the reply that it is part of says it."""


class _Facts(Mapping[str, Any]):
    """Placeholders: phrase facts, then session facts, then slots as they are said or shown."""

    def __init__(self, view: View, extra: Mapping[str, Any]):
        self._view, self._extra = view, extra
        self._known = set(extra) | set(view.facts) | set(view.flow.slots)

    def __getitem__(self, key: str) -> Any:
        if key in self._extra:
            return self._extra[key]
        if key in self._view.facts:
            return self._view.facts[key]
        if key in self._view.flow.slots:
            return value_words(self._view, key)
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def value_words(view: View, name: str) -> str:
    """A slot's newest value in words for the channel; empty when there is none."""
    context = view.context(name)
    if context.current is None:
        return ""
    return worded(view, name, context.current)


def worded(view: View, name: str, value: Any) -> str:
    """A value of this slot in words for the channel and the language."""
    kind, context = view.type_of(name), view.context(name)
    if view.language != ENGLISH:
        own = in_language(view.language, kind.name, value, view.channel)
        if own is not None:
            return own
    return kind.say(value, context) if view.channel == "voice" else kind.show(value, context)


def _tidy(text: str) -> str:
    """Without the gaps that empty placeholders leave, and one full stop where a value brings its own."""
    text = re.sub(r"(?<![.])([.!?])[.](?=\s|$)", r"\1", text)
    return re.sub(r"[ \t]{2,}", " ", text).strip()


def listed(items: Sequence[str], last: str = "and", language: str = ENGLISH) -> str:
    """ "a", "a and b", "a, b and c"."""
    last = {"and": "y", "or": "o"}[last] if language == "es" else last
    items = [i for i in items if i]
    if len(items) < 2:
        return "".join(items)
    # things that are lists themselves are told apart by a pause before the last one
    nested = any("," in i or f" {last} " in i for i in items)
    return f"{', '.join(items[:-1])}{',' if nested else ''} {last} {items[-1]}"


LONG = 90
"""Characters of a question from which it is put again in fewer words."""


@dataclass
class Phraser:
    """Turns acts into utterances; ``turns`` rotates the wording of phrases that recur."""

    view: View
    turns: int = 0
    said: list[Utterance] = field(default_factory=list)

    def speak(self, act: Act) -> list[Utterance]:
        """The words for one act; acts that are not spoken give none."""
        match act:
            case acts.Say(key=key, facts=facts):
                return self._say(key, facts)
            case acts.Ask():
                return self._ask(act)
            case acts.ReadBack(slots=names):
                return self._read_back(names)
            case acts.Summary(step=step, brief=True):
                return [self.line("summary_again", {"title": self.view.flow.step(step).title.lower()})]
            case acts.Summary(step=step, changed=names):
                return self._changed(names) or self._summary(step)
            case acts.Which(slots=names):
                labels = [self.view.flow.slots[n].label for n in names]
                return [self.line("which", {"labels": listed(labels, "or", self.view.language)})]
        return []

    def line(
        self, key: str, facts: Mapping[str, Any] | None = None, *, interruptible: bool = True
    ) -> Utterance:
        """A phrase of prompts/ by key."""
        given = dict(facts or {})
        if self.view.language == "es" and isinstance(given.get("when"), str):
            given["when"] = when_said(given["when"])
        values = _Facts(self.view, given)
        text = _tidy(phrase(key, self.view.channel, values, self.turns, self.view.language))
        return Utterance(text, text, interruptible, key)

    def words(self, text: str, key: str, facts: Mapping[str, Any] | None = None) -> Utterance:
        """Text of a flow with its placeholders filled in."""
        filled = _tidy(text.format_map(_Facts(self.view, dict(facts or {}))))
        return Utterance(filled, filled, True, key)

    def _say(self, key: str, facts: Mapping[str, Any]) -> list[Utterance]:
        if key.startswith("step:"):
            _, name, part = key.split(":")
            step = self.view.flow.step(name)
            again = step.updated and self.view.state.done.get(name) == "updated"
            done = step.updated if again else step.done
            return [self.words(done if part == "done" else step.intro, key, facts)]
        if key == "landmark":
            called = {n: self._called(n) for n in facts["slots"]}
            pairs = [name or self._pair(n) for n, name in called.items()]
            key = "landmark" if any(called.values()) else "landmark_facts"
            return [self.line(key, {"values": listed(pairs, language=self.view.language)})]
        if key == "help":
            return self._help(str(facts.get("slot") or ""))
        if key == "why_needed":
            spec = self.view.flow.slots[str(facts["slot"])]
            return [self.line("why_needed", {"label": spec.label, "why": spec.why or spec.help})]
        if key == "default_taken":
            return [self.line(key, {**facts, "value": value_words(self.view, str(facts["slot"]))})]
        if key == "status":
            return self._status()
        if key == "tool_failed" and facts.get("message"):
            text = str(facts["message"])
            return [Utterance(text, text, True, key)]
        return [self.line(key, facts)]

    def _help(self, name: str) -> list[Utterance]:
        spec = self.view.flow.slots.get(name)
        if spec is None or not spec.help:
            return [self.line("help")]
        return [self.words(spec.help, "help")]

    def _status(self) -> list[Utterance]:
        flow, state = self.view.flow, self.view.state
        done = [s.title for s in flow.steps if s.step in state.done]
        step = order.current(flow, state)
        left = [
            s.title for s in flow.steps if s.step not in state.done and (step is None or s.step != step.step)
        ]
        facts = {
            "done": listed(done),
            "current": step.title if step else "",
            "left": listed(left),
            "step_number": len(done) + 1,
            "steps": len(flow.steps),
        }
        return [self.line("status" if done else "status_first", facts)]

    def _ask(self, act: acts.Ask) -> list[Utterance]:
        spec = self.view.flow.slots[act.slot]
        if act.offer is not None:
            return [self._offer(act, spec)]
        if act.question and self._speaks(act.question, spec):
            return [Utterance(act.question, act.question, True, f"ask:{act.slot}:problem")]
        asks = spec.ask
        if (act.attempt == 0 and not act.question) or not asks.again:
            first = asks.voice if self.view.channel == "voice" else (asks.chat or asks.voice)
            if act.brief and len(first) > LONG and asks.again:
                return [self.words(asks.again[0], f"ask:{act.slot}")]
            return [self.words(first, f"ask:{act.slot}")]
        again = asks.again[max(0, min(act.attempt, len(asks.again)) - 1)]
        return [self.words(again, f"ask:{act.slot}:{act.attempt}")]

    def _speaks(self, question: str, spec: Slot) -> bool:
        """Whether a type's own question is in the language spoken; else a re-ask of the flow is said."""
        return self.view.language == ENGLISH or question in spec.options.values()

    def _offer(self, act: acts.Ask, spec: Slot) -> Utterance:
        facts = {"label": spec.label, "offer": worded(self.view, act.slot, act.offer)}
        if self.view.state.peek(act.slot).pending:
            return self.line("words_right" if spec.type == "text" else "did_you_mean", facts)
        digits = str(act.offer)[-4:]
        facts["ending"] = " ".join(digits) if self.view.channel == "voice" else digits
        key = f"offer_{spec.suggest}"
        if spec.choices_from == "plans" and review_items(str(act.offer)):
            key += "_reviewed"
        return self.line(key if has(key) else "offer", facts)

    def _pair(self, name: str) -> str:
        """A value with its label where the value alone would not say what it is."""
        spec, words = self.view.flow.slots[name], value_words(self.view, name)
        if spec.type == "yes_no":
            return f"{spec.label}: {words}"
        one = self.view.state.best().get(name) == 1
        match spec.options.get("unit"):
            case "people" if self.view.language == ENGLISH:
                return f"{words} {'person' if one else 'people'}"
            case "bedrooms" | "bathrooms" | "units":
                return f"{words} {spec.label.removesuffix('s') if one else spec.label}"
        return words

    def _called(self, name: str) -> str:
        """What somebody is called to their face: "Thanks, Maria", never the whole name."""
        value = self.view.state.peek(name).value
        is_name = self.view.flow.slots[name].type == "person_name" and isinstance(value, dict)
        return str(value.get("first") or "") if is_name else ""

    def _read_back(self, names: Sequence[str]) -> list[Utterance]:
        slots = self.view.flow.slots
        if len(names) == 1:
            words = value_words(self.view, names[0])
            if slots[names[0]].type in NAMELESS and self.view.channel != "voice":
                words = f"{slots[names[0]].label} {words}"
            facts = {"label": slots[names[0]].label, "value": words}
            return [self.line("read_back_yes_no" if slots[names[0]].type == "yes_no" else "read_back", facts)]
        pairs = [f"{slots[n].label}: {value_words(self.view, n)}" for n in names]
        return [self.line("read_back_many", {"values": "; ".join(pairs)})]

    def _changed(self, names: Sequence[str]) -> list[Utterance]:
        """What is another now in a summary that was read a moment ago."""
        shown = [n for n in names if not self.view.flow.slots[n].private]
        values = [self._item(n) for n in shown]
        if self.view.channel != "voice":
            values = [f"{self.view.flow.slots[n].label}: {value_words(self.view, n)}" for n in shown]
            return [self.line("summary_changed", {"values": "; ".join(values)})] if values else []
        return [self.line("summary_changed", {"values": listed(values)})] if values else []

    def _summary(self, name: str) -> list[Utterance]:
        view = self.view
        step = view.flow.step(name)
        known = [
            n
            for n in order.members(view.flow, step, view.state)
            if (view.state.peek(n).counts or view.state.peek(n).pending) and not view.flow.slots[n].private
        ]
        if view.channel != "voice":
            lines = "".join(f"\n- {view.flow.slots[n].label}: {value_words(view, n)}" for n in known)
            return [self.line("summary", {"title": step.title, "values": f"{lines}\n"})]
        # what was agreed to word by word, or with a plain yes, was heard a moment ago
        unheard = [n for n in known if not self._agreed_aloud(n)]
        if not unheard:
            return [self.line("summary_agreed", {"title": step.title.lower()})]
        return [
            self.line("summary", {"title": step.title, "values": listed([self._item(n) for n in unheard])})
        ]

    def _agreed_aloud(self, name: str) -> bool:
        spec, slot = self.view.flow.slots[name], self.view.state.peek(name)
        return slot.counts and (spec.type == "yes_no" or spec.confirm in ("explicit", "out_of_band"))

    def _item(self, name: str) -> str:
        """A bare number needs its label, other values speak for themselves."""
        words, spec = value_words(self.view, name), self.view.flow.slots[name]
        return f"{spec.label} {words}" if spec.type in BARE else words
