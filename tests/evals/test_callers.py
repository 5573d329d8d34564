"""Scripted callers of every kind, in text, against a brokerage's agent: the right end state (A047, A092).

One number is measured over all of them, so that a change shows how many it helps and how many it hurts.
The same callers by voice: ``seiketsu simulate tests/evals/callers --door heard`` (docs/callers.md).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.clock import FakeClock
from simulate.contact import furnish, load_contacts, play, wrong

ENOUGH = 0.95
SCENARIOS = load_contacts(Path(__file__).parent / "callers")
RESULTS: dict[str, list[str]] = {}


@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_caller_comes_to_the_right_end(name: str, parts: Any, office: Any, clock: FakeClock) -> None:
    scenario = SCENARIOS[name]
    if scenario.office.languages:
        parts = replace(parts, ports=replace(parts.ports, engines=("hibari", "kokoro")))
    await furnish(parts, office, scenario.office)
    if scenario.before is not None:
        await play(parts, office, SCENARIOS[scenario.before])
        clock.advance(hours=1)
    played = await play(parts, office, scenario)
    RESULTS[name] = wrong(scenario.expect, played)
    if RESULTS[name]:
        print("\n".join([name, *RESULTS[name], *played.said]))


def test_enough_of_them_do() -> None:
    """At least 95 % of the callers, and every failure by name."""
    failed = {name: problems for name, problems in RESULTS.items() if problems}
    rate = 1 - len(failed) / max(1, len(RESULTS))
    print(f"{len(RESULTS)} callers, {rate:.1%} came to the right end")
    assert rate >= ENOUGH, failed
