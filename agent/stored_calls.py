"""The book of calls on Postgres."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from loguru import logger

from agent.callbook import (
    MOST_SOCKETS,
    RING_SECONDS,
    Admitted,
    Again,
    Lost,
    Next,
    Over,
    Transferred,
    TurnedAway,
)
from agent.ports import LiveCall, Outcome
from core.clock import Clock
from core.errors import NotFound, Refused
from core.ids import HOUSE_TENANT, fingerprint, new_token
from policies.admission import recording_is_open
from stores import calls, tenancy, usage
from stores.db import Database, Session
from tools import dial_reports, metering, transfers
from tools.admission import Admission

TOKEN_SECONDS = 60.0
"""A media socket must be opened within this time of the document that named its token."""


class StoredCalls:
    """The call book on Postgres. ``process`` names this process in the rows."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        onboarding_number: str,
        process: str,
        tenant_lines: int | None = None,
        token_seconds: float = TOKEN_SECONDS,
        admission: Admission | None = None,
    ):
        self._db, self._clock = db, clock
        self._onboarding, self._process = onboarding_number, process
        self._lines, self._token_seconds = tenant_lines, token_seconds
        self._admission = admission

    async def answer(self, *, sid: str, account_sid: str, caller: str, dialled: str) -> Admitted | TurnedAway:
        """See ``CallBook``."""
        tenant_id = await self._whose(dialled)
        if tenant_id is None:
            return TurnedAway("unknown")
        if self._admission is not None:
            denied = await self._admission.admit("inbound", tenant_id, key=sid)
            if denied is not None:
                return TurnedAway(denied.why, denied.fallback, denied.spoken)
        try:
            answer = await self._answer(tenant_id, sid, account_sid, caller, dialled)
        except BaseException:
            await self._let_go(tenant_id, sid)
            raise
        if isinstance(answer, TurnedAway):
            await self._let_go(tenant_id, sid)
        return answer

    async def _answer(
        self, tenant_id: UUID, sid: str, account_sid: str, caller: str, dialled: str
    ) -> Admitted | TurnedAway:
        token, now = new_token(), self._clock.now()
        async with self._db.tenant(tenant_id) as session:
            tenant = await tenancy.get_tenant(session)
            if tenant.status != "live":
                return TurnedAway("closed", tenant.main_phone)
            try:
                row = await calls.start_call(
                    session,
                    now=now,
                    limit=self._lines,
                    sid=sid,
                    from_=caller or None,
                    to=dialled,
                    token_hash=fingerprint(token),
                    token_expires=now + timedelta(seconds=self._token_seconds),
                    extra={"account_sid": account_sid},
                )
            except Refused:
                return TurnedAway("busy", tenant.main_phone)
            if row.token_hash != fingerprint(token):  # the carrier repeats its webhook
                return await self._again(session, row)
            return Admitted(await self._live(session, row), token)

    async def answer_placed(
        self, picked: dial_reports.Picked, *, sid: str, account_sid: str
    ) -> Admitted | TurnedAway:
        """A call that we placed was picked up: it gets a row and a line, like any other.

        Repeating the question for the same ``sid`` gives a fresh token for the same call.
        """
        if self._admission is not None:
            denied = await self._admission.admit("outbound", picked.tenant_id, key=sid)
            if denied is not None:
                return TurnedAway(denied.why)
        token, now = new_token(), self._clock.now()
        placed = {
            "dial": str(picked.dial_id),
            "purpose": picked.purpose,
            "callback": picked.line,
            "lead": str(picked.lead_id) if picked.lead_id else None,
        }
        try:
            async with self._db.tenant(picked.tenant_id) as session:
                row = await calls.start_call(
                    session,
                    now=now,
                    sid=sid,
                    from_=picked.line,
                    to=picked.phone,
                    direction="outbound",
                    token_hash=fingerprint(token),
                    token_expires=now + timedelta(seconds=self._token_seconds),
                    extra={"account_sid": account_sid, "placed": placed},
                )
                if row.token_hash != fingerprint(token):
                    return await self._again(session, row)
                return Admitted(await self._live(session, row), token)
        except BaseException:
            await self._let_go(picked.tenant_id, sid)
            raise

    async def claim(self, token: str, sid: str) -> LiveCall | None:
        """See ``CallBook``."""
        async with self._db.platform("a media socket claims its call") as session:
            row = await calls.claim_token(
                session, fingerprint(token), sid, self._clock.now(), by=self._process
            )
        if row is None:
            return None
        async with self._db.tenant(row.tenant_id) as session:
            return await self._live(session, row)

    async def joined(self, call: LiveCall, conversation_id: UUID) -> None:
        """See ``CallBook``."""
        async with self._db.tenant(call.tenant_id) as session:
            await calls.update_call(session, call.id, conversation_id=conversation_id)

    async def noticed(self, call: LiveCall) -> None:
        """See ``CallBook``."""
        async with self._db.tenant(call.tenant_id) as session:
            await calls.noticed(session, call.id, at=self._clock.now())

    async def what_next(self, sid: str, *, dial: str | None = None, bridged: bool | None = None) -> Next:
        """See ``CallBook``."""
        row = await self._find(sid)
        if row is None:
            return Over()
        step = await self._next(row, dial, bridged)
        if not isinstance(step, Again):
            await self._let_go(row.tenant_id, sid)  # a transfer that fails takes its line again
        elif self._admission is not None:
            await self._admission.keep(row.tenant_id, sid)
        return step

    async def whisper(self, sid: str) -> str | None:
        """See ``CallBook``."""
        row = await self._find(sid)
        target = row.extra.get("transfer") if row else None
        return str(target.get("whisper") or "") if target else None

    async def accepted(self, sid: str) -> bool:
        """See ``CallBook``."""
        row = await self._find(sid)
        if row is None:
            return False
        async with self._db.tenant(row.tenant_id) as session:
            current = await calls.get_call(session, row.id)
            target = current.extra.get("transfer") if current else None
            if current is None or not target or current.ended_at is not None:
                return False
            extra = {**current.extra, "transfer": {**target, "accepted": True}}
            await calls.update_call(session, current.id, extra=extra)
        return True

    async def _next(self, row: calls.Call, dial: str | None, bridged: bool | None) -> Next:
        async with self._db.tenant(row.tenant_id) as session:
            current = await calls.get_call(session, row.id)
            if current is None:
                return Over()
            live = await self._live(session, current)
            target = current.extra.get("transfer")
            if dial == "completed" and (bridged or (target or {}).get("accepted")):
                await transfers.answered(
                    session, conversation_id=current.conversation_id, caller=_person(current)
                )
                await self._end(session, current, "transferred")
                return Over()
            if current.ended_at is not None or current.status in calls.FINAL:
                return Over()
            if dial == "completed":
                dial = "no-answer"  # picked up, but nobody pressed 1: a machine, or nobody who had time
            if target and dial is not None and target.get("rest"):
                # whoever pressed 1 before and was not connected after all has not taken it
                target = {**target, **target["rest"][0], "rest": target["rest"][1:], "accepted": False}
                current = await calls.update_call(
                    session, current.id, extra={**current.extra, "transfer": target}
                )
                dial = None
            if target and dial is None:
                return Transferred(
                    target["to"], target.get("whisper", ""), int(target.get("ring") or RING_SECONDS)
                )
            if current.extra.get("left") == "failed":
                await self._end(session, current, "failed")
                return Lost(live.fallback_number)
            if current.sequence >= MOST_SOCKETS:
                logger.error("a call used up its {} media sockets", MOST_SOCKETS)
                await self._end(session, current, "too many reconnections")
                return Lost(live.fallback_number)
            if target:
                await transfers.missed(
                    session,
                    conversation_id=current.conversation_id,
                    caller=_person(current),
                    now=self._clock.now(),
                )
                extra = {key: value for key, value in current.extra.items() if key != "transfer"}
                current = await calls.update_call(session, current.id, extra=extra | {"dial": dial})
            admitted = await self._again(session, current)
            return Again(admitted.call, admitted.token)

    async def leave(
        self,
        call: LiveCall,
        outcome: Outcome,
        *,
        transfer_to: str | None = None,
        files: Mapping[str, str] | None = None,
    ) -> None:
        """See ``CallBook``."""
        async with self._db.tenant(call.tenant_id) as session:
            row = await calls.get_call(session, call.id)
            if row is None:
                raise NotFound("no such call")
            fields: dict[str, Any] = {f"{kind}_path": path for kind, path in (files or {}).items()}
            extra = {key: value for key, value in row.extra.items() if key != "dial"} | {"left": outcome}
            if outcome == "transferred" and transfer_to:
                plan = await transfers.prepare(
                    session,
                    conversation_id=row.conversation_id,
                    call_id=row.id,
                    caller=_person(row),
                    wanted=transfer_to,
                    now=self._clock.now(),
                )
                if plan is None:
                    logger.error("a transfer to a number that is not proved was refused")
                    extra["dial"] = "failed"
                else:
                    extra["transfer"] = plan
            await calls.update_call(session, call.id, extra=extra, **fields)
            if files:
                await metering.files_stored(session, files.values(), at=self._clock.now())
            if over := outcome in ("done", "hung_up", "capped"):
                await self._end(session, row, outcome)
        if over:
            await self._let_go(call.tenant_id, call.call_sid)

    async def report(self, *, sid: str, status: str, event: str, data: Mapping[str, str]) -> LiveCall | None:
        """See ``CallBook``."""
        row = await self._find(sid)
        if row is None:
            return None
        over = row.ended_at is not None
        async with self._db.tenant(row.tenant_id) as session:
            fresh = await calls.reconcile_status(
                session, row.id, status, at=self._clock.now(), event=event, data=dict(data)
            )
            if not fresh or status not in calls.FINAL:
                return None
            await metering.notify(session, now=self._clock.now())
            target = row.extra.get("transfer")
            if not over and target and not target.get("accepted"):
                # gone while a telephone rang, or while somebody was told what it is about: rung back
                await transfers.missed(
                    session,
                    conversation_id=row.conversation_id,
                    caller=_person(row),
                    now=self._clock.now(),
                )
            live = None if over else await self._live(session, row)
        await self._let_go(row.tenant_id, sid)
        return live

    async def _whose(self, dialled: str) -> UUID | None:
        if dialled == self._onboarding:
            return HOUSE_TENANT
        async with self._db.platform("whose line is called") as session:
            route = await tenancy.route_number(session, dialled)
        return route.tenant_id if route and route.number_status == "active" else None

    async def _find(self, sid: str) -> calls.Call | None:
        async with self._db.platform("the carrier asks about a call") as session:
            return await calls.find_by_sid(session, sid)

    async def _again(self, session: Session, row: calls.Call) -> Admitted:
        token = new_token()
        expires = self._clock.now() + timedelta(seconds=self._token_seconds)
        row = await calls.new_token(session, row.id, fingerprint(token), expires)
        return Admitted(await self._live(session, row), token)

    async def _end(self, session: Session, row: calls.Call, reason: str) -> None:
        await calls.end_call(session, row.id, at=self._clock.now(), reason=reason)
        await metering.notify(session, now=self._clock.now())

    async def _let_go(self, tenant_id: UUID, sid: str) -> None:
        """The call holds no line any more."""
        if self._admission is not None:
            await self._admission.release(tenant_id, sid)

    async def _live(self, session: Session, row: calls.Call) -> LiveCall:
        tenant = await tenancy.get_tenant(session)
        profile = await tenancy.get_profile(session)
        stored = (await usage.used(session, at=self._clock.now()))["storage_bytes"]
        recorded = profile.recording_notice if profile else True
        return LiveCall(
            id=row.id,
            tenant_id=row.tenant_id,
            call_sid=row.sid or "",
            account_sid=str(row.extra.get("account_sid", "")),
            caller=_person(row),
            dialled=row.from_ if row.direction == "outbound" else row.to,
            conversation_id=row.conversation_id,
            channel=row.channel,
            voice=profile.voice_profile if profile else None,
            fallback_number=tenant.main_phone,
            facts={
                "dial": row.extra.get("dial"),
                "max_minutes": profile.max_call_minutes if profile else None,
                "record": recorded and recording_is_open(tenant.plan, stored),
                "lexicon": profile.lexicon if profile else {},
                "placed": row.extra.get("placed"),
            },
        )


def _person(row: calls.Call) -> str | None:
    """The number of who is on the line with the agent, whoever rang whom."""
    return row.to if row.direction == "outbound" else row.from_
