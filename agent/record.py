"""The stored side of a conversation: what was said and changed since it was stored, and who may store it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from loguru import logger

from agent.form.state import Awaiting, FormState, fresh
from agent.parts import Parts
from agent.reply import ToolRun
from core.errors import SeiketsuError, Unavailable
from flows.schema import Flow
from stores import conversations as store

LEASE_SECONDS = 60.0
"""A process that dies without letting go is succeeded after this long (the same call at once)."""

Said = tuple[str, str, str, datetime, tuple[dict[str, Any], ...]]
"""Role, text, what went to the voice, when, and the tools that ran."""


class Record:
    """Collects turns and events in memory and stores them with the form, in one transaction a turn.

    While the database does not answer, they wait here and go with the next turn.
    """

    def __init__(self, parts: Parts, tenant_id: UUID, row: store.Conversation, owner: str):
        self.id = row.id
        self.owner = owner
        self.lost = False
        self._parts = parts
        self._tenant_id = tenant_id
        self._version = row.version
        self._said: list[Said] = []
        self._log: list[tuple[str, Mapping[str, Any]]] = []
        self._newest_turn = 0

    @property
    def waiting(self) -> bool:
        """Whether something is not stored yet."""
        return bool(self._said or self._log)

    def said(self, role: str, text: str, *, spoken: str = "", runs: Sequence[ToolRun] = ()) -> None:
        """One side's words (``caller``, ``agent``)."""
        if text:
            tools = tuple(run.as_dict() for run in runs)
            self._said.append((role, text, spoken, self._parts.clock.now(), tools))

    def noted(self, kind: str, data: Mapping[str, Any]) -> None:
        """Something that happened to the form."""
        self._log.append((kind, data))

    def heard_last(self) -> str:
        """The caller's newest words that are not stored yet; empty when there are none."""
        return next((text for role, text, *_ in reversed(self._said) if role == "caller"), "")

    def mark(self) -> tuple[int, int]:
        """Where the record stands, for ``rewind``."""
        return len(self._said), len(self._log)

    def rewind(self, mark: tuple[int, int]) -> None:
        """Forget what was noted since the mark: the turn is taken again."""
        del self._said[mark[0] :]
        del self._log[mark[1] :]

    def follow(self, row: store.Conversation) -> None:
        """Go on in another row (a resume code) or in what somebody else has stored meanwhile."""
        self.id, self._version = row.id, row.version

    async def save(self, state: FormState, *, step: str, subject: UUID | None, channel: str) -> bool:
        """Store the form, its events, the turns and the lease; False when it has to wait.

        Raises Conflict: ``stale`` when somebody else has stored since, ``in_use`` when another line drives.
        """
        now = self._parts.clock.now()
        said, log = self._said, self._log
        snapshot = state.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        try:
            async with self._parts.db.tenant(self._tenant_id) as session:
                version = await store.keep(
                    session,
                    self.id,
                    self._version,
                    self.owner,
                    now=now,
                    seconds=LEASE_SECONDS,
                    state=snapshot | {"flow": state.flow, "version": state.version},
                    step=step or None,
                    subject_tenant_id=subject,
                    channel=channel,
                )
                newest = self._newest_turn
                if said or log:
                    turns = [_turn(one, channel) for one in said]
                    newest = await store.append(session, self.id, events=log, turns=turns, at=now)
        except Unavailable:
            logger.warning("turn kept in memory: the database does not answer")
            return False
        self._version, self._newest_turn = version, newest
        self._said, self._log = [], []
        return True

    async def load(self) -> store.Conversation:
        """The row as it is stored now. NotFound, Unavailable."""
        async with self._parts.db.tenant(self._tenant_id) as session:
            return await store.load(session, self.id)

    async def timed(self, latency: Mapping[str, float], signals: Mapping[str, Any] | None = None) -> None:
        """Note how long the newest turn took, in milliseconds by cause, and what led to it."""
        if not self._newest_turn:
            return
        try:
            async with self._parts.db.tenant(self._tenant_id, durable=False) as session:
                await store.set_turn_latency(session, self.id, self._newest_turn, latency, signals)
        except SeiketsuError as error:
            logger.warning("a turn's timing was not stored: {}", error.code)

    async def let_go(self) -> None:
        """Free the lease."""
        async with self._parts.db.tenant(self._tenant_id) as session:
            await store.release_lease(session, self.id, self.owner)

    async def end(self, reason: str, *, for_good: bool) -> None:
        """Free the lease; ``for_good`` also closes the row, so that nothing resumes it."""
        async with self._parts.db.tenant(self._tenant_id) as session:
            if for_good:
                await store.end(session, self.id, at=self._parts.clock.now(), reason=reason)
            await store.release_lease(session, self.id, self.owner)


def _turn(said: Said, channel: str) -> dict[str, Any]:
    role, text, spoken, at, tools = said
    fields = {"role": role, "text": text, "spoken": spoken or None, "channel": channel, "started_at": at}
    return fields | {"tools": list(tools)}


def restored(flow: Flow, raw: Mapping[str, Any], *, reopen: bool) -> FormState:
    """The form as it was stored, under the flow as it is today.

    What a flow no longer has (slots, steps) is dropped and what it asks now is open; nobody is turned away
    because the form has changed meanwhile. ``reopen``: a goodbye is taken back.
    """
    if not raw:
        return fresh(flow)
    known = {name: value for name, value in raw.items() if name in FormState.model_fields}
    state = FormState.model_validate(known | {"flow": flow.flow, "version": flow.version})
    steps = {step.step for step in flow.steps}
    state.slots = {name: slot for name, slot in state.slots.items() if name in flow.slots}
    state.done = {step: status for step, status in state.done.items() if step in steps}
    state.approved = [step for step in state.approved if step in steps]
    state.landmarks = [name for name in state.landmarks if name in flow.slots]
    state.history = [name for name in state.history if name in flow.slots]
    waiting = state.awaiting
    if not set(waiting.slots) <= set(flow.slots) or (waiting.step and waiting.step not in steps):
        state.awaiting = Awaiting()
    if state.focus not in flow.slots:
        state.focus = None
    if reopen and state.closed:
        state.closed = False
        state.awaiting = Awaiting()
    return state
