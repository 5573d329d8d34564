"""One person's traces among a client's rows: found, shown, removed (C34, C35).

Found from the person's number and address outwards: leads, calls and conversations first, then whatever
belongs to them by a reference, then whatever is addressed to the person, then whatever mentions them.
Tables are found in the models; only the exceptions are listed here, each with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB

from stores.base import CleanText, Session, TenantRow
from stores.calls import Call
from stores.conversations import Conversation
from stores.leads import Lead
from stores.lifecycle import OUTLIVE, packed, tables
from stores.receipts import AuditEntry, redact

ERASED = "[erased]"

CLIENTS_OWN = frozenset(
    {
        # the client's people, settings and stock: what stands there is about the client
        "agenda", "agendas", "agent_profiles", "api_keys", "credentials", "flow_versions", "integrations",
        "knowledge_entries", "launch_tasks", "lead_rules", "listing_feeds", "listing_imports", "listings",
        "members", "phone_numbers", "plan_changes", "provisioning_events", "provisioning_steps",
        "provisionings", "review_items", "rules", "secrets", "service_levels", "sign_in_attempts",
        "sign_ins", "slots", "webhook_endpoints", "workers", "job_requests", "archives",
        # counts and measures: an id, seconds and sums, and no word of anybody
        "call_measures", "usage_acts", "usage_counters", "usage_notices",
    }
)  # fmt: skip
"""Tables in which nothing of a lead is looked for."""

BLANKED: Mapping[str, Mapping[str, Any]] = {
    # the call took place and was billed: when and how long stays, who and what goes
    "calls": {
        "sid": None, "from_": None, "recording_path": None, "transcript_path": None, "conversation_id": None,
        "token_hash": None, "extra": {},
    },
    # that somebody asked, and how long the answer took, is the client's own record
    "tickets": {"subject": ERASED, "body": ERASED, "conversation_id": None},
    # proof that something was written once; what was written goes
    "receipts": {"arguments": {}, "result": {}, "undo": None},
    "surveys": {"comment": None, "conversation_id": None},
}  # fmt: skip
"""Rows that stay without what they say of the person."""

_LINKS = {"lead_id": "leads", "call_id": "calls", "conversation_id": "conversations"}
_ADDRESSES = ("phone", "email", "to_", "address", "caller", "from_")


@dataclass(frozen=True)
class Person:
    """A telephone number (E.164), an e-mail address, or both; ``also``: more of either, the same person's."""

    phone: str | None = None
    email: str | None = None
    also: tuple[str, ...] = ()

    @property
    def phones(self) -> list[str]:
        """All telephone numbers."""
        return [a for a in (self.phone, *self.also) if a and "@" not in a]

    @property
    def emails(self) -> list[str]:
        """All e-mail addresses, as they are written and in small letters."""
        written = [a for a in (self.email, *self.also) if a and "@" in a]
        return list(dict.fromkeys([*written, *(a.lower() for a in written)]))

    @property
    def addresses(self) -> list[str]:
        """Exactly as they stand in columns that hold addresses."""
        return [*self.phones, *self.emails]

    @property
    def words(self) -> list[str]:
        """How a text may mention them."""
        found = {email.lower() for email in self.emails}
        for phone in self.phones:
            found.add(phone)
            local = re.fullmatch(r"\+1(\d{3})(\d{3})(\d{4})", phone)
            if local:
                area, office, line = local.groups()
                found |= {f"{area}{office}{line}", f"{area}-{office}-{line}", f"{area} {office} {line}"}
                found |= {f"({area}) {office}-{line}", f"{area}.{office}.{line}"}
        return sorted(found)


async def widened(session: Session, person: Person) -> Person:
    """With what else the client knows the same person by: a lead that names one address and another."""
    query = select(Lead.phones, Lead.emails).where(_leads_of(person))
    known = {a for phones, emails in (await session.execute(query)).all() for a in (*phones, *emails)}
    more = {*person.also, *known} - {person.phone, person.email}
    return Person(person.phone, person.email, tuple(sorted(more)))


@dataclass
class Traces:
    """What was found. ``rows``: table -> ids that are the person's; ``mentions``: rows that name them."""

    rows: dict[str, set[UUID]] = field(default_factory=dict)
    mentions: dict[str, set[UUID]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    opted_out: bool = False

    @property
    def any(self) -> bool:
        """Whether there is anything at all."""
        return any(self.rows.values()) or any(self.mentions.values())


async def traces(session: Session, person: Person) -> Traces:
    """Everything of a person among the tenant's rows."""
    found = Traces()
    leads, calls, talks = await _seeds(session, person)
    found.rows = {"leads": leads, "calls": calls, "conversations": talks}
    everyone = leads | calls | talks
    for name, model in _searched().items():
        rules: list[Any] = []
        for column, target in _LINKS.items():
            if hasattr(model, column) and found.rows[target]:
                rules.append(getattr(model, column).in_(found.rows[target]))
        if hasattr(model, "subject_id") and everyone:
            rules.append(model.subject_id.in_(everyone))
        for key in model.__table__.foreign_key_constraints:  # type: ignore[attr-defined]
            above = found.rows.get(key.referred_table.name)
            column = next(c.name for c in key.columns if c.name != "tenant_id" or len(key.columns) == 1)
            if above and column != "tenant_id" and key.referred_table.name != name:
                rules.append(getattr(model, column).in_(above))
        rules += [
            getattr(model, c).in_(person.addresses)
            for c in _ADDRESSES
            if hasattr(model, c) and name not in ("calls", "conversations")
        ]
        if rules:
            ids = set((await session.scalars(select(model.id).where(or_(*rules)))).all())
            found.rows[name] = found.rows.get(name, set()) | ids
        named = set((await session.scalars(select(model.id).where(_names(model, person)))).all())
        found.mentions[name] = named - found.rows.get(name, set())
    if calls:
        query = select(Call.recording_path, Call.transcript_path).where(Call.id.in_(calls))
        found.files = [p for row in (await session.execute(query)).all() for p in row if p]
    if leads:
        opted = select(func.count(Lead.id)).where(Lead.id.in_(leads), Lead.dnc)
        found.opted_out = bool(await session.scalar(opted))
    return found


async def addresses(session: Session) -> set[str]:
    """Every telephone number and e-mail address of the client's leads and callers."""
    found: set[str] = set()
    for phones, emails in (await session.execute(select(Lead.phones, Lead.emails))).all():
        found.update(phones, emails)
    for query in (select(Call.from_), select(Call.to), select(Conversation.caller)):
        found.update(a for a in (await session.scalars(query.distinct())).all() if a)
    return found


def _searched() -> Mapping[str, type[TenantRow]]:
    return {n: m for n, m in tables().items() if n not in CLIENTS_OWN and n not in OUTLIVE}


async def _seeds(session: Session, person: Person) -> tuple[set[UUID], set[UUID], set[UUID]]:
    """The person's leads, calls and conversations."""
    query = select(Lead.id, Lead.call_id, Lead.conversation_id).where(_leads_of(person))
    known = (await session.execute(query)).all()
    calls = {row[1] for row in known if row[1]}
    talks = {row[2] for row in known if row[2]}
    rung: list[Any] = [Call.id.in_(calls)]
    if phones := person.phones:
        rung += [Call.from_.in_(phones), Call.to.in_(phones)]
        caller = select(Conversation.id).where(Conversation.caller.in_(phones))
        talks |= set((await session.scalars(caller)).all())
    rows = (await session.execute(select(Call.id, Call.conversation_id).where(or_(*rung)))).all()
    calls |= {row[0] for row in rows}
    talks |= {row[1] for row in rows if row[1]}
    more = select(Lead.id).where(or_(Lead.call_id.in_(calls), Lead.conversation_id.in_(talks)))
    return {row[0] for row in known} | set((await session.scalars(more)).all()), calls, talks


def _leads_of(person: Person) -> Any:
    return or_(Lead.phones.overlap(person.phones), Lead.emails.overlap(person.emails))


def _names(model: type[Any], person: Person) -> Any:
    """Whether any text of a row names the person, in whatever column."""
    told = [
        cast(getattr(model, key), Text).ilike(f"%{_escaped(word)}%", escape="\\")
        for key in _texts(model)
        for word in person.words
    ]
    return or_(*told) if told else model.id.is_(None)


def _texts(model: type[Any]) -> list[str]:
    return [
        model.__mapper__.get_property_by_column(c).key
        for c in model.__table__.columns
        if isinstance(c.type, CleanText | Text | JSONB)
        or (isinstance(c.type, ARRAY) and isinstance(c.type.item_type, CleanText | Text))
    ]


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


# --- showing ----------------------------------------------------------------------------------------


async def show(session: Session, found: Traces) -> dict[str, list[dict[str, Any]]]:
    """The person's own rows, table by table, for an answer to "what do you have of me" (C35)."""
    shown: dict[str, list[dict[str, Any]]] = {}
    for name, ids in found.rows.items():
        if ids and name in tables():
            model = tables()[name]
            rows = (await session.scalars(select(model).where(model.id.in_(ids)).order_by(model.id))).all()
            shown[name] = [packed(row, hide=True) for row in rows]
    return shown


# --- removing ---------------------------------------------------------------------------------------


async def erase(
    session: Session, person: Person, found: Traces, *, at: datetime
) -> dict[str, dict[str, int]]:
    """Remove what was found; table -> {"deleted", "blanked", "scrubbed", "wiped"} with counts."""
    report: dict[str, dict[str, int]] = {}
    report["audit_entries"] = {"wiped": await _wipe_audit(session, person, found, at=at)}
    for name, values in BLANKED.items():
        if ids := found.rows.get(name):
            await _blank(session, tables()[name], ids, values, person)
            report[name] = {"blanked": len(ids)}
    for name, model in reversed(list(_searched().items())):
        ids = found.rows.get(name, set())
        if ids and name not in BLANKED:
            if not _goes_along(model, found):
                await session.execute(
                    delete(model).where(model.id.in_(ids)).execution_options(synchronize_session=False)
                )
            report[name] = {"deleted": len(ids)}
    session.expunge_all()
    for name, ids in found.mentions.items():
        if ids and name not in _WRITTEN_ONCE:
            changed = await _scrub(session, tables()[name], ids, person)
            report.setdefault(name, {})["scrubbed"] = changed
        elif ids:
            # a log that nobody can change; it goes with its conversation when that expires
            left = await session.scalar(
                select(func.count()).select_from(tables()[name]).where(tables()[name].id.in_(ids))
            )
            if left:
                report.setdefault(name, {})["left_until_expiry"] = int(left)
    return {name: did for name, did in report.items() if any(did.values())}


_WRITTEN_ONCE = frozenset({"conversation_events"})


def _goes_along(model: type[Any], found: Traces) -> bool:
    """Rows that vanish with a parent that is deleted here."""
    return any(
        key.ondelete == "CASCADE"
        and found.rows.get(key.referred_table.name)
        and key.referred_table.name not in BLANKED
        and model.__tablename__ in _WRITTEN_ONCE
        for key in model.__table__.foreign_key_constraints
    )


async def _blank(
    session: Session, model: type[Any], ids: set[UUID], values: Mapping[str, Any], person: Person
) -> None:
    known = {k: v for k, v in values.items() if hasattr(model, k)}
    await session.execute(
        update(model).where(model.id.in_(ids)).values(**known).execution_options(synchronize_session=False)
    )
    if model is Call and person.phones:
        called = update(Call).where(Call.id.in_(ids), Call.to.in_(person.phones)).values(to=None)
        await session.execute(called.execution_options(synchronize_session=False))


async def _scrub(session: Session, model: type[Any], ids: set[UUID], person: Person) -> int:
    pattern = re.compile("|".join(re.escape(w) for w in sorted(person.words, key=len, reverse=True)), re.I)
    rows = (await session.scalars(select(model).where(model.id.in_(ids)))).all()
    for row in rows:
        for key in _texts(model):
            before = getattr(row, key)
            after = _without(before, pattern)
            if after != before:
                setattr(row, key, after)
    await session.flush()
    return len(rows)


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(ERASED, value)
    if isinstance(value, Mapping):
        return {k: _without(v, pattern) for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_without(v, pattern) for v in value]
    return value


async def _wipe_audit(session: Session, person: Person, found: Traces, *, at: datetime) -> int:
    """Entries that say what was changed about the person."""
    about = [str(i) for n in ("leads", "calls", "conversations") for i in found.rows.get(n, ())]
    hits: set[UUID] = set()
    for some in _chunks([*person.words, *about], 50):
        told = [
            cast(side, Text).ilike(f"%{_escaped(word)}%", escape="\\")
            for side in (AuditEntry.before, AuditEntry.after)
            for word in some
        ]
        query = select(AuditEntry.id).where(AuditEntry.redacted_at.is_(None), or_(*told))
        hits |= set((await session.scalars(query)).all())
    return await redact(session, hits, at=at) if hits else 0


def _chunks(items: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (items[i : i + size] for i in range(0, len(items), size))
