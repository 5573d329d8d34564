"""Scripted callers of every kind, in text, against a brokerage's agent: the right end state (A047, A092).

One number is measured over all of them, so that a change shows how many it helps and how many it hurts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.conversation import Conversation
from agent.reply import Reply
from core.clock import FakeClock
from stores import appointments, knowledge, lead_rules, leads, tenancy

CALLER = "+13035550177"
ENOUGH = 0.95
MOST_TURNS = 40
AGREEING = ("confirm", "summary", "offer")
FOLDER = Path(__file__).parent / "callers"
SCENARIOS: dict[str, dict[str, Any]] = {
    one["name"]: one for path in sorted(FOLDER.glob("*.yaml")) for one in yaml.safe_load(path.read_text())
}


@dataclass
class Played:
    """What one caller left behind."""

    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    ended: bool = False
    transferred: bool = False
    language: str = "en"
    lead: leads.Lead | None = None
    tasks: list[str] = field(default_factory=list)
    booked: int = 0

    def note(self, reply: Reply) -> None:
        self.said.append(reply.text)
        self.tools += [run.name for run in reply.tools]
        self.ended, self.transferred = reply.ended, self.transferred or bool(reply.transfer_to)
        waiting = reply.awaiting
        if waiting["kind"] == "ask" and waiting["slots"]:
            self.asked.append(waiting["slots"][0])


async def furnish(parts: Any, tenant_id: Any, wanted: dict[str, Any]) -> None:
    """The office as the scenario needs it."""
    async with parts.db.tenant(tenant_id) as session:
        if wanted.get("agent"):
            await tenancy.add_member(
                session, name=wanted["agent"], email="dana@acme.example", role="agent", status="active"
            )
        if wanted.get("mode"):
            await tenancy.upsert_profile(session, after_hours_mode=wanted["mode"])
        if faq := wanted.get("faq"):
            await knowledge.add_entry(session, kind="faq", title=faq["question"], answer=faq["answer"])
        if wanted.get("questions"):
            await lead_rules.replace_lead_rules(session, "question", wanted["questions"])
        if wanted.get("must_haves"):
            await lead_rules.replace_lead_rules(session, "must_have", wanted["must_haves"])
    parts.clock.advance(hours=wanted.get("hours_later", 0))


async def play(parts: Any, tenant_id: Any, scenario: dict[str, Any]) -> Played:
    """One call from hello to the end; a caller with nothing left to say hangs up."""
    played, given = Played(), dict.fromkeys(scenario["answers"], 0)
    channel = scenario.get("channel", "voice")
    talk = await Conversation.start(
        parts, tenant_id=tenant_id, channel=channel, caller=CALLER if channel == "voice" else None
    )
    reply = await talk.open()
    played.note(reply)
    opens = list(scenario["opens"])
    for _ in range(MOST_TURNS):
        if reply.ended or reply.transfer_to:
            break
        waiting = reply.awaiting
        slot = next(iter(waiting["slots"]), "")
        if opens:
            words = opens.pop(0)
        elif waiting["kind"] in AGREEING:
            words = "sí" if talk.state.language == "es" else "yes"
        elif slot in scenario["answers"]:
            told = scenario["answers"][slot]
            told = told if isinstance(told, list) else [told]
            words = str(told[min(given[slot], len(told) - 1)])
            given[slot] += 1
            if given[slot] > 3:
                break
        else:
            break
        reply = await talk.hear(words)
        played.note(reply)
    played.language = talk.state.language
    await talk.close("transferred" if played.transferred else "finished" if played.ended else "hung up")
    async with parts.db.tenant(tenant_id) as session:
        played.lead = await leads.lead_of_conversation(session, talk.id)
        todo = await leads.open_tasks(session)
        mine = played.lead.id if played.lead is not None else None
        played.tasks = [t.kind for t in todo if t.lead_id in (mine, None)]
        played.booked = len(await appointments.list_appointments(session, statuses=("booked",)))
    return played


def wrong(scenario: dict[str, Any], played: Played) -> list[str]:
    """What is not as it must be, one line each."""
    expect, found = scenario["expect"], []
    heard = "\n".join(played.said)
    for name, value in expect.get("lead", {}).items():
        have = getattr(played.lead, name, None)
        if isinstance(value, dict) and isinstance(have, dict):
            found += [f"lead.{name}.{k}: {have.get(k)!r}" for k, v in value.items() if have.get(k) != v]
        elif have != value:
            found.append(f"lead.{name}: {have!r}, not {value!r}")
    if expect.get("no_lead") and played.lead is not None:
        found.append("a lead was stored")
    if "ended" in expect and played.ended != expect["ended"]:
        found.append(f"not ended; last: {played.said[-1]!r}")
    if "transferred" in expect and played.transferred != expect["transferred"]:
        found.append("not put through")
    found += [f"not said: {text}" for text in expect.get("says", ()) if not re.search(text, heard, re.I)]
    found += [f"said: {text}" for text in expect.get("never", ()) if re.search(text, heard, re.I)]
    found += [f"asked for {slot}" for slot in expect.get("not_asked", ()) if slot in played.asked[1:]]
    if expect.get("asked_once"):
        found += [f"asked twice for {s}" for s in set(played.asked) if played.asked.count(s) > 1]
    found += [f"not run: {tool}" for tool in expect.get("tools", ()) if tool not in played.tools]
    first = [*played.tools, "hand_over"].index("hand_over")
    if "before_transfer" in expect and expect["before_transfer"] not in played.tools[:first]:
        found.append("put through before the lead was stored")
    if "tasks" in expect:
        wanted = set(expect["tasks"])
        if (wanted and not wanted <= set(played.tasks)) or (not wanted and played.tasks):
            found.append(f"tasks: {played.tasks}")
    if "booked" in expect and played.booked != expect["booked"]:
        found.append(f"booked: {played.booked}")
    if expect.get("duplicate") and (played.lead is None or played.lead.duplicate_of is None):
        found.append("not known as a duplicate")
    if "language" in expect and played.language != expect["language"]:
        found.append(f"language: {played.language}")
    return found


RESULTS: dict[str, list[str]] = {}


@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_caller_comes_to_the_right_end(name: str, parts: Any, office: Any, clock: FakeClock) -> None:
    scenario = SCENARIOS[name]
    await furnish(parts, office, scenario.get("office", {}))
    if "before" in scenario:
        await play(parts, office, SCENARIOS[scenario["before"]])
        clock.advance(hours=1)
    played = await play(parts, office, scenario)
    RESULTS[name] = wrong(scenario, played)
    if RESULTS[name]:
        print("\n".join([name, *RESULTS[name], *played.said]))


def test_enough_of_them_do() -> None:
    """At least 95 % of the callers, and every failure by name."""
    failed = {name: problems for name, problems in RESULTS.items() if problems}
    rate = 1 - len(failed) / max(1, len(RESULTS))
    print(f"{len(RESULTS)} callers, {rate:.1%} came to the right end")
    assert rate >= ENOUGH, failed
