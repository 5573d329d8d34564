"""Paired testers: the same lead scripts, names, families and accents varied, in the real conversation.

Everybody must be asked the same questions in the same order, offered the same, put through alike, scored
alike and kept waiting no longer (C21, C25). What is different is reported; nothing is judged away.
"""

from __future__ import annotations

import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict

from agent.conversation import Conversation
from agent.parts import Parts
from agent.reply import Reply
from core.errors import NotFound
from core.ids import new_id
from core.settings import Settings
from flows.loader import load_all
from integrations.crm import Connectors
from integrations.numbers import FictionalNumbers
from policies import business_hours
from simulate.hearing import Line, Written
from simulate.office import made_up
from stores import leads, tenancy
from stores.db import Database, opened
from tools.base import Ports

AGREEING = frozenset({"confirm", "summary", "offer"})
MOST_TURNS = 60
SLOWER_SECONDS = 1.0
"""A median answer that is so much later than the control's is a difference in waiting."""
KEPT = (
    "intent", "areas", "price_min", "price_max", "beds", "baths", "features", "timeline", "financing",
    "represented", "property_address", "appointment", "score", "score_reasons", "disposition", "dnc",
    "language", "assigned_to",
)  # fmt: skip
"""Of a stored lead: everything that decides how somebody is served. Names, numbers and notes are theirs."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tester(_Strict):
    """One person on paper. ``says`` and ``opens`` may hold ``{answer}``, the script's own words."""

    name: str
    varies: str
    says: dict[str, str] = {}
    opens: str = "{answer}"
    accent: str | None = None


class Script(_Strict):
    """What everybody wants."""

    name: str
    caller: str
    opens: tuple[str, ...]
    answers: dict[str, str]


class Pairs(_Strict):
    """The whole file. The first tester is the control."""

    testers: tuple[Tester, ...]
    accents: dict[str, dict[str, str]]
    scripts: tuple[Script, ...]


@cache
def pairs() -> Pairs:
    """The testers and scripts that come with the product."""
    return Pairs.model_validate(yaml.safe_load((Path(__file__).parent / "pairs.yaml").read_text("utf-8")))


@dataclass
class Service:
    """How somebody was served. ``asked``: what was awaited after each turn; ``told``: phrases by key."""

    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    transfer: str | None = None
    ended: bool = False
    lead: dict[str, Any] = field(default_factory=dict)
    tasks: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def wait(self) -> float:
        """Median seconds from the caller's words to the answer."""
        return statistics.median(self.waits) if self.waits else 0.0


@dataclass(frozen=True)
class Difference:
    """One way in which a tester was served unlike the control."""

    script: str
    tester: str
    varies: str
    what: str
    control: Any
    got: Any

    def __str__(self) -> str:
        who = f"{self.script} / {self.tester} ({self.varies})"
        return f"{who}: {self.what}: {self.control!r} became {self.got!r}"


@dataclass
class Report:
    """What the audit found. ``waits``: median seconds of each tester over all scripts."""

    contacts: int = 0
    differences: list[Difference] = field(default_factory=list)
    waits: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "contacts": self.contacts,
            "same": not self.differences,
            "differences": [vars(d) for d in self.differences],
            "median_wait_seconds": {name: round(wait, 4) for name, wait in self.waits.items()},
        }


async def audit(
    parts: Parts,
    tenant_id: UUID,
    *,
    data: Pairs | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Report:
    """Send every tester through every script; compare each with the control of that script.

    The contacts are rehearsals: what they store is marked as a test and is in no list and no CRM.
    """
    data = data or pairs()
    report, waits = Report(), dict[str, list[float]]()
    for script in data.scripts:
        control: Service | None = None
        for tester in data.testers:
            served = await contact(parts, tenant_id, script, tester, data.accents)
            report.contacts += 1
            waits.setdefault(tester.name, []).extend(served.waits)
            if control is None:
                control = served
                continue
            found = compare(script, tester, control, served)
            report.differences += found
            tell(f"{script.name}: {tester.name}: {len(found) or 'no'} difference(s)")
    report.waits = {name: statistics.median(all_of) for name, all_of in waits.items() if all_of}
    return report


async def audit_voices(
    parts: Parts,
    tenant_id: UUID,
    voices: Sequence[tuple[str, Line]],
    *,
    data: Pairs | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Report:
    """Send the control tester through every script in each voice, by ear; the first voice is the control."""
    data, report = data or pairs(), Report()
    for script in data.scripts:
        control: Service | None = None
        for name, line in voices:
            tester = data.testers[0].model_copy(update={"name": name, "varies": "voice"})
            served = await contact(parts, tenant_id, script, tester, data.accents, line)
            report.contacts += 1
            if control is None:
                control = served
                continue
            found = compare(script, tester, control, served)
            report.differences += found
            tell(f"{script.name}: {name}: {len(found) or 'no'} difference(s)")
    return report


async def contact(
    parts: Parts,
    tenant_id: UUID,
    script: Script,
    tester: Tester,
    accents: Mapping[str, Mapping[str, str]],
    line: Line | None = None,
) -> Service:
    """One conversation from hello to the end; with a ``line`` every word goes through it."""
    served, way, takes = Service(), line or Written(), Counter[str]()
    talk = await Conversation.start(
        parts, tenant_id=tenant_id, channel="voice", caller=script.caller, rehearsal=True
    )
    reply = await talk.open()
    _note(served, reply)
    opens, given = list(script.opens), dict[str, int]()
    for _ in range(MOST_TURNS):
        if served.ended or served.transfer:
            break
        words = _words(script, tester, talk.awaiting(), opens, given)
        if words is None:
            break
        words = _accented(words, accents.get(tester.accent or "", {}))
        takes[words] += 1
        spoken = await way.say(
            words,
            vocabulary=reply.vocabulary,
            patience=reply.patience,
            take=takes[words],
            careful=reply.careful,
        )
        began = time.perf_counter()
        if spoken.heard:
            reply = await talk.hear(spoken.heard, confidence=spoken.confidence)
        else:
            reply = await talk.silence()
        served.waits.append(time.perf_counter() - began)
        _note(served, reply)
    await talk.close("paired audit")
    async with parts.db.tenant(tenant_id) as session:
        lead = await leads.lead_of_conversation(session, talk.id)
        if lead is not None:
            served.lead = {name: getattr(lead, name) for name in KEPT if hasattr(lead, name)}
            served.tasks = sorted(t.kind for t in await leads.open_tasks(session, lead_id=lead.id))
    return served


def compare(script: Script, tester: Tester, control: Service, served: Service) -> list[Difference]:
    """Every difference in questions, words, offers, tools, transfer, end, record, tasks and waiting."""
    found: list[Difference] = []

    def differs(what: str, one: Any, other: Any) -> None:
        found.append(Difference(script.name, tester.name, tester.varies, what, one, other))

    accommodated = (
        tester.varies == "disability"
    )  # who asks for one gets an accommodation on top, nothing less
    asked, told = list(served.asked), [k for k in served.told if not (accommodated and k == "accommodation")]
    tools = [t for t in served.tools if not (accommodated and t.startswith("note_for_staff"))]
    tasks = [t for t in served.tasks if not (accommodated and t == "accommodation")]
    for what, one, other in (
        ("questions asked", control.asked, asked),
        ("phrases said", _counted(control.told), _counted(told)),
        ("what was done", control.tools, tools),
        ("tasks", control.tasks, tasks),
        ("transfer", control.transfer, served.transfer),
        ("the end", control.ended, served.ended),
    ):
        if one != other:
            differs(what, *_unlike(one, other))
    for name in KEPT:
        one, other = control.lead.get(name), served.lead.get(name)
        if _bare(one) != _bare(other):
            differs(f"record: {name}", one, other)
    if served.wait > control.wait + SLOWER_SECONDS:
        differs("waiting", round(control.wait, 2), round(served.wait, 2))
    return found


def as_text(report: Report) -> str:
    """For a person."""
    lines = [f"{report.contacts} contacts, {len(report.differences)} difference(s)."]
    lines += [f"  {difference}" for difference in report.differences]
    if report.waits:
        slowest = max(report.waits, key=lambda name: report.waits[name])
        lines.append(f"Longest median wait: {report.waits[slowest]:.3f} s ({slowest}).")
    return "\n".join(lines)


def _words(
    script: Script,
    tester: Tester,
    awaiting: Mapping[str, Any],
    opens: list[str],
    given: dict[str, int],
) -> str | None:
    if opens:
        return tester.opens.replace("{answer}", opens.pop(0))
    if awaiting["kind"] in AGREEING:
        return "Yes."
    slot = awaiting["slots"][0] if awaiting["slots"] else ""
    if not slot or given.get(slot, 0) >= 3:
        return None
    given[slot] = given.get(slot, 0) + 1
    own = script.answers.get(slot, "No")
    return tester.says.get(slot, "{answer}").replace("{answer}", own)


def _accented(words: str, accent: Mapping[str, str]) -> str:
    for said, heard in accent.items():
        words = re.sub(said, heard, words)
    return words


def _note(served: Service, reply: Reply) -> None:
    waiting = reply.awaiting
    served.asked.append(f"{waiting['kind']} {' '.join(waiting['slots'])}".strip())
    served.told += [u.key for u in reply.says]
    served.tools += [f"{run.name}:{run.status}" for run in reply.tools]
    served.transfer = served.transfer or reply.transfer_to
    served.ended = reply.ended


def _counted(keys: Sequence[str]) -> dict[str, int]:
    """How often each phrase was said; an aside may come a turn earlier or later."""
    return {key: list(keys).count(key) for key in dict.fromkeys(sorted(keys))}


def _bare(value: Any) -> Any:
    """A value without the small words of a caller's own wording ("a yard", "yard")."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    return re.sub(r"^(an?|the) ", "", value.lower()) if isinstance(value, str) else value


def _unlike(one: Any, other: Any) -> tuple[Any, Any]:
    """Only the part in which two lists or tables differ, so that a report can be read."""
    if isinstance(one, dict):
        names = [n for n in {**one, **other} if one.get(n) != other.get(n)]
        return {n: one.get(n) for n in names}, {n: other.get(n) for n in names}
    if isinstance(one, list):
        start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
        return one[start : start + 4], other[start : start + 4]
    return one, other


# -- the command ---------------------------------------------------------------------------------------


async def audit_command(
    settings: Settings, slug: str, tell: Callable[[str], None], voices: Sequence[tuple[str, Line]] = ()
) -> Report:
    """Audit a client's own agent in the configured database; without a slug a brokerage made up for it.

    With ``voices`` these are varied, by ear. Raises NotFound for an unknown slug.
    """

    async def audited(db: Database, tenant_id: UUID) -> Report:
        if voices:
            return await audit_voices(_parts(db), tenant_id, voices, tell=tell)
        return await audit(_parts(db), tenant_id, tell=tell)

    if slug:
        async with opened(settings.data_dir, settings.database_url) as db:
            async with db.platform("an operator names a client by its slug") as session:
                tenant = await tenancy.tenant_by_slug(session, slug)
            if tenant is None:
                raise NotFound(f"no client is called {slug!r}")
            return await audited(db, tenant.id)
    async with made_up() as (db, _):
        return await audited(db, await _brokerage(db))


def _parts(db: Database) -> Parts:
    """What a conversation needs, without anything that reaches outside."""
    ports = Ports(numbers=FictionalNumbers(), crm=Connectors())
    return Parts(db=db, flows=load_all(Path(__file__).parents[1] / "flows"), ports=ports)


async def _brokerage(db: Database) -> UUID:
    home = new_id()
    async with db.tenant(home) as session:
        await tenancy.create_tenant(session, "Acme Real Estate", states=["CO"], timezone="America/Denver")
        await tenancy.upsert_profile(session, hours=business_hours.standard())
        await tenancy.upsert_rules(session)
    return home
