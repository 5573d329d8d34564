"""How much of what strangers say of homes is understood, measured on public dialogues with marked facts.

The dialogues are not part of this project: ``SEIKETSU_DIALOGUES`` names a file of the Schema-Guided Dialogue
set's home service ("Homes_1"), one JSON object a line (``turns``: ``speaker``, ``text``, ``slots``). Run with
``-s`` to read what was missed. A fact counts where the caller says it in so many words, not where it only
follows from what the other side had said.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent import acts
from agent.form.engine import advance
from agent.form.state import FormState, fresh
from agent.form.turn import Env
from agent.understanding.base import Reading
from agent.understanding.understand import understand
from agent.understanding.view import View
from core.clock import FakeClock
from flows.loader import load_all
from policies.wished_times import understood

DIALOGUES = os.environ.get("SEIKETSU_DIALOGUES", "")
FLOW = load_all(Path(__file__).parents[2] / "flows")["lead"]
ENV = Env("voice", {"brand": "Acme", "contact_ways": "call"})
NOW = FakeClock().now()
SLOTS = {"area": "areas", "number_of_beds": "beds", "number_of_baths": "baths", "pets_allowed": "animals"}
WORDS = {"1": "one", "2": "two", "3": "three", "4": "four", "5": "five"}
LEAST = {"area": 0.85, "number_of_beds": 0.9, "number_of_baths": 0.9, "pets_allowed": 0.5, "visit_date": 0.9}
"""Shares below which something that was understood once no longer is."""


def told(turns: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, str]]]:
    """The caller's turns with the facts that are new in them and said in their words."""
    before: Mapping[str, Any] = {}
    for turn in turns:
        if turn["speaker"] != "USER":
            continue
        text, slots = str(turn["text"]), turn["slots"]
        new = {k: v[0] for k, v in slots.items() if before.get(k) != v and _said(k, v, text)}
        before = slots
        yield text, new


def _said(kind: str, values: Sequence[str], text: str) -> bool:
    if kind == "pets_allowed":
        return re.search(r"\b(pets?|dogs?|cats?)\b", text, re.I) is not None
    plain = text.lower()
    return any(v.lower() in plain or WORDS.get(v, v.lower()) in plain for v in values)


def _renter() -> FormState:
    state, _ = advance(FLOW, fresh(FLOW), [acts.Answer("intent", Reading(value="renter"))], ENV)
    return _committed(state)


def _committed(state: FormState) -> FormState:
    while state.awaiting.kind == "commit":
        state, _ = advance(FLOW, state, [acts.Committed(state.awaiting.step, "saved")], ENV)
    return state


def _holds(kind: str, value: str, text: str, state: FormState) -> bool:
    if kind == "visit_date":
        wish = understood(text, today=date(2019, 3, 5))
        return bool(wish.days or wish.on)
    have = state.best().get(SLOTS[kind])
    match kind:
        case "area":
            return any(value.lower() in str(a).lower() or str(a).lower() in value.lower() for a in have or [])
        case "pets_allowed":
            return bool(have)
    return str(have) == value


@pytest.mark.skipif(not DIALOGUES, reason="SEIKETSU_DIALOGUES is not set")
def test_marked_facts_of_public_dialogues_are_understood() -> None:
    said, heard = Counter[str](), Counter[str]()
    missed = []
    for line in Path(DIALOGUES).read_text(encoding="utf-8").splitlines():
        state = _renter()
        for text, facts in told(json.loads(line)["turns"]):
            view = View(FLOW, state, "voice", ENV.facts, NOW)
            state, _ = advance(FLOW, state, understand(text, view), ENV)
            state = _committed(state)
            if state.closed:
                state.closed = False
            for kind, value in facts.items():
                if kind not in LEAST:
                    continue
                said[kind] += 1
                if _holds(kind, value, text, state):
                    heard[kind] += 1
                else:
                    missed.append(f"{kind}={value}: {text}")
    print("\n".join(missed))
    print({kind: f"{heard[kind]}/{n}" for kind, n in said.items()})
    low = {kind: heard[kind] / n for kind, n in said.items() if heard[kind] / n < LEAST[kind]}
    assert not low, low
