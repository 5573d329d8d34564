"""Somebody wants their data deleted or handed out: taken in, proved, done, by the law's clocks (C34, C35).

A person (a lead) proves to be who they are with a code sent to the very address their data is filed under,
or the client vouches for them. A whole client proves it with a code sent to its owner, and has days to
think better of it. What remains of a request is the proof that it was done, and with what counts.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from loguru import logger

from core.clock import Clock
from core.errors import Conflict, InvalidInput, NotFound, Problem, Unavailable
from core.ids import fingerprint
from policies.lifecycle import lifecycle as policy
from prompts.messages import message
from stores import archives as store
from stores import consents, erasure, integrations, lifecycle, outbox, receipts, support, tenancy
from stores.archives import PrivacyRequest
from stores.calls import live_calls
from stores.db import Database, Session
from stores.erasure import Person
from stores.vault import Vault
from tools import exports, forgetting, kept_files, metering
from tools.base import Ports


def person(phone: str | None, email: str | None) -> Person:
    """Whose data it is about. InvalidInput without any address."""
    if not phone and not email:
        raise InvalidInput("Whose data?", problems=[Problem("a phone number or an e-mail address", "phone")])
    return Person(phone or None, email or None)


@dataclass(frozen=True)
class Requests:
    """Requests of one client, with what is needed to carry them out."""

    db: Database
    clock: Clock
    ports: Ports
    tenant_id: UUID

    # -- taking in ------------------------------------------------------------------------------------

    async def receive(self, kind: str, who: Person, *, actor: str, channel: str = "api") -> PrivacyRequest:
        """Take a person's request in: a ticket with both clocks, and a code to the address that was named."""
        async with self.db.tenant(self.tenant_id) as session:
            return await receive(session, self.clock, kind, who, actor=actor, channel=channel)

    async def receive_farewell(self, *, actor: str, channel: str = "api") -> PrivacyRequest:
        """The client wants everything deleted: its owners get a code. Conflict when that is under way."""
        now = self.clock.now()
        async with self.db.tenant(self.tenant_id) as session:
            if await store.open_requests(session, scope="tenant"):
                raise Conflict("deletion was asked for already", code="deletion_under_way")
            tenant = await tenancy.get_tenant(session)
            owners = [m for m in await tenancy.members(session) if m.role == "owner"]
            row, code = await _open(session, self.clock, "deletion", "tenant", Person(), actor, channel)
            day = (now + timedelta(days=policy().cooling_days)).date().isoformat()
            for owner in owners:
                facts = {"name": owner.name, "organization": tenant.brand_name, "code": code, "date": day}
                text = message("delete_account", facts)
                await outbox.queue_message(
                    session, kind="email", to=owner.email, subject=text.subject, body=text.body
                )
            row.acknowledged_at = now
            await session.flush()
            return row

    # -- proving --------------------------------------------------------------------------------------

    async def prove(self, request_id: UUID, code: str, *, actor: str) -> PrivacyRequest:
        """The code that was sent. NotFound; InvalidInput for a wrong, late or worn-out one."""
        async with self.db.tenant(self.tenant_id) as session:
            row = await _waiting(session, request_id)
            late = row.received_at + timedelta(hours=policy().code_hours) <= self.clock.now()
            worn = row.code_failures >= policy().most_code_failures
            right = row.code_hash is not None and hmac.compare_digest(
                fingerprint(f"{row.id}:{code.strip()}"), row.code_hash
            )
            if right and not late and not worn:
                return await self._verified(session, row, actor)
            row.code_failures += 1
        raise InvalidInput("This code is wrong or too old.", problems=[Problem("wrong or too old", "code")])

    async def vouch(self, request_id: UUID, *, actor: str) -> PrivacyRequest:
        """The client (for a person) or the operator (for a client) knows who is asking. NotFound."""
        async with self.db.tenant(self.tenant_id) as session:
            return await self._verified(session, await _waiting(session, request_id), actor)

    async def cancel(self, request_id: UUID, *, actor: str) -> PrivacyRequest:
        """Never mind. NotFound; Conflict once it is done."""
        async with self.db.tenant(self.tenant_id) as session:
            row = await store.get_request(session, request_id, lock=True)
            if row.state not in ("received", "verified"):
                raise Conflict(f"this request is {row.state}")
            row.state, row.phone, row.email, row.code_hash = "cancelled", None, None, None
            row.completed_at = self.clock.now()
            await _settle_ticket(session, row)
            await self._audit(session, "cancel_privacy_request", row, actor)
            return row

    async def _verified(self, session: Session, row: PrivacyRequest, actor: str) -> PrivacyRequest:
        now = self.clock.now()
        row.state, row.verified_at, row.verified_by, row.code_hash = "verified", now, actor, None
        row.not_before = now + timedelta(days=policy().cooling_days) if row.scope == "tenant" else now
        await self._audit(session, "verify_privacy_request", row, actor)
        await session.flush()
        return row

    # -- doing ----------------------------------------------------------------------------------------

    async def data(self, request_id: UUID, *, actor: str) -> dict[str, list[dict[str, Any]]]:
        """What there is of a person who asked and proved it, table by table (C35). NotFound, Conflict."""
        async with self.db.tenant(self.tenant_id) as session:
            row = await store.get_request(session, request_id, lock=True)
            if row.kind != "access" or row.state not in ("verified", "done") or not (row.phone or row.email):
                raise Conflict("this request is not proved, or is closed")
            who = await erasure.widened(session, Person(row.phone, row.email))
            found = await erasure.traces(session, who)
            shown = await erasure.show(session, found)
            if row.state != "done":
                row.report = {"tables": {name: {"handed_out": len(rows)} for name, rows in shown.items()}}
                row.state, row.completed_at = "done", self.clock.now()
                await _settle_ticket(session, row)
            await self._audit(session, "hand_out_data", row, actor)
            return shown

    async def carry_out(self, request_id: UUID, *, actor: str, at_once: bool = False) -> PrivacyRequest:
        """Do what was asked and proved; a second time changes nothing. ``at_once``: without the days to
        think. NotFound; Conflict while it is not proved or not yet time; Unavailable during calls.
        """
        async with self.db.tenant(self.tenant_id) as session:
            row = await store.get_request(session, request_id)
        if row.state == "done":
            return row
        if row.state != "verified" or row.kind != "deletion":
            raise Conflict("this request is not proved, or not one to delete")
        if not at_once and row.not_before is not None and self.clock.now() < row.not_before:
            raise Conflict("it is not time yet", code="too_early")
        if row.scope == "person":
            return await self._forget(row, actor)
        return await self._delete_everything(row, actor)

    async def _forget(self, row: PrivacyRequest, actor: str) -> PrivacyRequest:
        who = Person(row.phone, row.email)
        now, files = self.clock.now(), list[str]()
        async with self.db.tenant(self.tenant_id) as session:
            row = await store.get_request(session, row.id, lock=True)
            if row.state == "done":
                return row
            # the request and its ticket are about the person, too, and are settled here by name
            who = await erasure.widened(session, who)
            ticket, row.subject = row.ticket_number, await self._digest(session, who)
            row.phone = row.email = None
            await session.flush()
            found = await erasure.traces(session, who)
            files = found.files
            vendors = [i.vendor for i in await integrations.list_integrations(session, kind="crm")]
            report = await erasure.erase(session, who, found, at=now)
            for phone in who.phones if found.opted_out else ():
                await consents.list_number(
                    session,
                    phone,
                    reason="opted_out",
                    source="erasure",
                    evidence=f"request:{row.id}",
                    at=now,
                )
            row = await store.get_request(session, row.id, lock=True)
            row.state, row.completed_at, row.opted_out = "done", now, found.opted_out
            row.ticket_number = ticket
            row.report = {
                "tables": report,
                "files": len(files),
                "kept": {n: why for n, why in lifecycle.OUTLIVE.items() if n in ("consents", "do_not_call")},
                "elsewhere": {v: "to be removed there by the client" for v in vendors if v != "builtin"},
                "backups": "after a restore the person is removed again",
            }
            await _settle_ticket(session, row)
            await self._audit(session, "forget_person", row, actor)
        removed = await asyncio.to_thread(kept_files.remove_files, files)
        async with self.db.tenant(self.tenant_id) as session:
            await metering.files_stored(session, files, at=now)
        logger.info("a person was forgotten; {} files removed", removed)
        return row

    async def _delete_everything(self, row: PrivacyRequest, actor: str) -> PrivacyRequest:
        vault, now = self._vault(), self.clock.now()
        async with self.db.tenant(self.tenant_id) as session:  # no call begins from here on
            await tenancy.set_status(session, "closed", at=now)
        async with self.db.tenant(self.tenant_id) as session:
            if await live_calls(session, now=now):
                raise Unavailable("a call is still going on; tried again later")
            lines = [(n.e164, n.provider_sid) for n in await tenancy.numbers(session)]
            vendors = [i.vendor for i in await integrations.list_integrations(session, kind="crm")]
        for e164, sid in lines:
            if self.ports.numbers is not None:
                await self.ports.numbers.release(e164, sid)
        async with self.db.tenant(self.tenant_id) as session:
            request = await store.get_request(session, row.id, lock=True)
            head = len(await receipts.audit_trail(session, limit=1))
            sealed = await vault.shred(session, at=now)
            removed = await lifecycle.clear(session, keep=lifecycle.OUTLIVE)
            wiped = await lifecycle.wipe_audit(session, at=now)
            await lifecycle.bury(session, at=now)
            request = await store.get_request(session, row.id, lock=True)
            for other in await store.open_requests(session):
                if other.id != request.id:
                    other.state, other.completed_at, other.phone, other.email = "done", now, None, None
            request.state, request.completed_at = "done", now
            request.report = {
                "tables": {name: {"deleted": n} for name, n in removed.items() if n},
                "audit_entries": {"wiped": wiped, "kept": bool(head)},
                "data_key": {"destroyed": True, "secrets": sealed},
                "numbers": {"released": len(lines)},
                "kept": dict(lifecycle.OUTLIVE),
                "elsewhere": {v: "to be removed there by the client" for v in vendors if v != "builtin"},
            }
            await self._audit(session, "delete_tenant", request, actor)
        files = 0
        if self.ports.data_dir is not None:
            files = await asyncio.to_thread(
                kept_files.remove_tenant_files, self.ports.data_dir, self.tenant_id
            )
        async with self.db.tenant(self.tenant_id) as session:
            request = await store.get_request(session, row.id, lock=True)
            request.report = dict(request.report or {}) | {"files": {"removed": files}}
            await session.flush()
        logger.info("a tenant was deleted; {} files removed", files)
        return request

    def _vault(self) -> Vault:
        if not isinstance(self.ports.vault, Vault):
            raise Unavailable("there is no vault here")
        return self.ports.vault

    async def _digest(self, session: Session, who: Person) -> str:
        """A fingerprint that answers "was this person forgotten?" and tells nobody who it was."""
        return forgetting.fingerprints(await forgetting.key(session, self._vault()), who.addresses)

    async def _audit(self, session: Session, action: str, row: PrivacyRequest, actor: str) -> None:
        await receipts.audit(
            session,
            actor=actor,
            action=action,
            subject=f"request:{row.id}",
            at=self.clock.now(),
            after={"kind": row.kind, "scope": row.scope, "state": row.state, "report": row.report},
        )


async def receive(
    session: Session, clock: Clock, kind: str, who: Person, *, actor: str, channel: str
) -> PrivacyRequest:
    """Take a person's request in, within somebody's transaction. The same one twice is one."""
    for known in await store.open_requests(session, scope="person"):
        if (known.kind, known.phone, known.email) == (kind, who.phone, who.email):
            return known
    row, code = await _open(session, clock, kind, "person", who, actor, channel)
    tenant = await tenancy.get_tenant(session)
    facts = {
        "organization": tenant.brand_name,
        "code": code,
        "wish": "delete your data" if kind == "deletion" else "send you your data",
        "days": policy().done_days,
    }
    text = message("privacy_request" if who.email else "privacy_request_sms", facts)
    await outbox.queue_message(
        session,
        kind="email" if who.email else "sms",
        to=who.email or who.phone or "",
        subject=text.subject,
        body=text.body,
    )
    row.acknowledged_at = clock.now()
    await session.flush()
    return row


async def _open(
    session: Session, clock: Clock, kind: str, scope: str, who: Person, actor: str, channel: str
) -> tuple[PrivacyRequest, str]:
    now, rules = clock.now(), policy()
    due = now + timedelta(days=rules.done_days)
    wish = "deleted" if kind == "deletion" else "handed out"
    whose = "everything the client has" if scope == "tenant" else "a person's data"
    ticket = await support.open_ticket(
        session,
        category="account",
        priority="high",
        subject=f"Privacy: {whose} is to be {wish} by {due.date().isoformat()}",
        channel=channel,
        due_at=now + timedelta(days=rules.acknowledge_days),
    )
    row = await store.add_request(
        session,
        kind=kind,
        scope=scope,
        phone=who.phone,
        email=who.email,
        requested_by=actor,
        channel=channel,
        ticket_number=ticket.number,
        received_at=now,
        acknowledge_by=now + timedelta(days=rules.acknowledge_days),
        due_at=due,
    )
    code = f"{secrets.randbelow(10**8):08d}"
    row.code_hash = fingerprint(f"{row.id}:{code}")
    await receipts.audit(
        session,
        actor=actor,
        action="receive_privacy_request",
        subject=f"request:{row.id}",
        at=now,
        after={"kind": kind, "scope": scope, "due_at": due.isoformat()},
    )
    return row, code


async def _waiting(session: Session, request_id: UUID) -> PrivacyRequest:
    row = await store.get_request(session, request_id, lock=True)
    if row.state != "received":
        raise Conflict(f"this request is {row.state}")
    return row


async def _settle_ticket(session: Session, row: PrivacyRequest) -> None:
    if row.ticket_number is not None:
        try:
            ticket = await support.get_ticket(session, row.ticket_number)
        except NotFound:
            return
        await support.set_ticket_status(session, ticket.id, "solved")


async def sweep(db: Database, ports: Ports, clock: Clock) -> None:
    """Carry out what is proved and due, make and expire exports, and remind of clocks that run out."""
    async with db.platform("requests about data that are open") as session:
        asked = await store.tenants_with_open_requests(session)
        wanted = await store.tenants_with_archives_waiting(session)
    if ports.data_dir is not None:
        for tenant_id in wanted:
            await exports.make_waiting(db, clock, ports, tenant_id)
    for tenant_id in asked:
        requests = Requests(db, clock, ports, tenant_id)
        async with db.tenant(tenant_id) as session:
            rows = await store.open_requests(session)
            await _remind(session, clock, rows)
        for row in rows:
            ready = row.not_before is not None and row.not_before <= clock.now()
            if row.state == "verified" and row.kind == "deletion" and ready:
                try:
                    await requests.carry_out(row.id, actor="sweep")
                except (Conflict, Unavailable) as later:
                    logger.warning("a deletion waits: {}", later.code)


async def _remind(session: Session, clock: Clock, rows: Sequence[PrivacyRequest]) -> None:
    """A ticket whose time is nearly over becomes the most urgent one there is."""
    for row in rows:
        spent = (clock.now() - row.received_at) / (row.due_at - row.received_at)
        if spent < policy().warn_at or row.ticket_number is None:
            continue
        try:
            ticket = await support.get_ticket(session, row.ticket_number)
        except NotFound:
            continue
        if ticket.priority != "critical":
            ticket.priority = "critical"
            await session.flush()
