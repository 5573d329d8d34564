"""What a tool is: a verb of the application, callable from voice, chat, page, API, job and test.

A tool takes no tenant: the context carries it, from the server's own records. Every write leaves a
receipt and an audit row in the same transaction as the write itself, and is replayed, not repeated,
when the same key comes again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.clock import Clock
from stores.db import Database, Session
from stores.vault import Vault


class Args(BaseModel):
    """Base of every tool's arguments: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class NoArgs(Args):
    """Nothing to tell: what it is about follows from who asks, and where."""


class ToolResult(BaseModel):
    """What came of a tool call.

    ``status`` is a word the flow can branch on (``registered``, ``saved``, ``refused`` ...).
    ``ok`` false means nothing was written and ``slots`` (slot name -> sentence) or ``message`` says
    why, in words for the caller. ``facts`` may be spoken and become placeholders. ``undo`` is what
    the tool's undo function needs; None means it cannot be undone.
    """

    status: str
    ok: bool = True
    message: str = ""
    slots: dict[str, str] = Field(default_factory=dict)
    facts: dict[str, Any] = Field(default_factory=dict)
    undo: dict[str, Any] | None = None
    receipt_id: UUID | None = None
    wrote: bool = Field(True, exclude=True)
    """False: there was nothing to write, so there is no receipt either."""
    before: dict[str, Any] | None = Field(None, exclude=True)
    """For the audit trail: what the write found ..."""
    after: dict[str, Any] | None = Field(None, exclude=True)
    """... and what it left."""
    released: list[dict[str, Any]] = Field(default_factory=list, exclude=True)
    """Telephone lines freed by this write, given back to the carrier once it has committed."""


def refused(message: str = "", /, **slots: str) -> ToolResult:
    """Nothing was written. ``slots``: slot name -> the sentence that says why and asks again."""
    return ToolResult(status="refused", ok=False, message=message, slots=slots)


def unchanged(status: str, /, **facts: Any) -> ToolResult:
    """All is well and there was nothing to write: no receipt, no claim of one."""
    return ToolResult(status=status, facts=facts, wrote=False)


class Rehearse(Protocol):
    """Runs the scripted test conversations against a tenant's agent, in text."""

    async def __call__(self, tenant_id: UUID) -> list[Mapping[str, Any]]:
        """One mapping per scenario: ``{"name", "passed", "failures": [str], "seconds"}``."""


class CheckSecurity(Protocol):
    """Attacks the application on behalf of nobody and somebody else, as far as one client is concerned."""

    async def __call__(self, tenant_id: UUID) -> Mapping[str, Any]:
        """``{"passed", "at", "tenant_id", "checks": {name: {"passed", "tried", "failures", "seconds"}}}``."""


class Jobs(Protocol):
    """Durable work: once asked for it is done, whatever dies meanwhile. ``args`` hold ids and nothing else.

    A key names one piece of work of a tenant; asked for again, it is the same one.
    """

    async def ask(self, session: Session, name: str, key: str, args: Mapping[str, Any]) -> bool:
        """Want it done when the session's transaction has committed; False when it was asked for before.

        Call ``nudge`` after the commit, or it waits for a worker's next look (a second).
        """

    def nudge(self) -> None:
        """Something has been asked for. Returns at once; safe from any thread."""

    async def start(self, name: str, key: str, tenant_id: UUID, args: Mapping[str, Any]) -> bool:
        """``ask`` in a transaction of its own, and ``nudge``."""

    async def status(self, key: str, tenant_id: UUID) -> str | None:
        """``waiting``, ``taken``, ``done`` or ``failed``; None when it was never asked for."""


@dataclass(frozen=True)
class Ports:
    """The outside world as the tools see it. Filled in by the composition root (service/)."""

    numbers: Any = None
    """integrations.numbers.Numbers: find and release telephone numbers."""
    mail: Any = None
    """integrations.outbox.Messenger: send SMS and e-mail (development: readable outbox)."""
    crm: Any = None
    """integrations.crm: name -> connector."""
    calls: Any = None
    """integrations.twilio.Calls: hang up, redirect, transfer."""
    rehearse: Rehearse | None = None
    check_security: CheckSecurity | None = None
    jobs: Jobs | None = None
    accounts: Any = None
    """integrations.twilio.Accounts: a carrier's account of each client's own."""
    vault: Any = None
    """stores.vault.Vault: seals and opens the clients' secrets."""
    webhooks: Any = None
    """integrations.webhooks.Courier: takes messages to clients' own addresses."""
    webhooks_local: bool = False
    """Development: those addresses may be private, and http."""
    data_dir: Path | None = None
    """Where recordings, transcripts and archives lie."""
    engines: tuple[str, ...] = ("hibari",)
    """Installed speech engines, best first: which voice a profile is really spoken with."""
    onboarding_number: str = "+13035550100"
    embed: Any = None
    """async (texts) -> unit vectors, where there are any (core.embedding): questions are met by meaning."""
    calendars: Any = None
    """integrations.calendars.Calendars: reads agents' busy times behind an address they gave."""
    payments: Any = None
    """integrations.payments.Payments: where clients pay; None: nowhere online."""
    public_url: str = ""
    """Where links in letters of sweeps lead."""
    admission: Any = None
    """tools.admission.Admission: a line and minutes for calls that the agent places."""


@dataclass(frozen=True)
class Work:
    """The application as work without a caller sees it: jobs, and what the operator asks for."""

    db: Database
    ports: Ports
    clock: Clock
    vault: Vault
    public_url: str = ""


@dataclass(frozen=True)
class ToolContext:
    """Who is acting, for whom, from where. Built by the server, never from arguments.

    ``home``: the tenant whose agent is speaking (the house tenant while onboarding).
    ``subject``: the tenant being set up, once registered; for a lead's call the same as ``home``.
    """

    db: Database
    clock: Clock
    ports: Ports
    home: UUID
    subject: UUID | None
    conversation_id: UUID
    call_id: UUID | None = None
    channel: str = "voice"
    caller: str | None = None
    actor: str = "caller"
    public_url: str = ""
    rehearsal: bool = False
    slots: Mapping[str, Any] = field(default_factory=dict)
    """Confirmed values of the whole form, for tools that need more than their own step."""
    outside: Mapping[str, Any] = field(default_factory=dict)
    """What the tool's ``before`` brought in from outside."""
    act: bool = False
    """Nobody is talking: ``conversation_id`` names this act alone, and no conversation (tools.acts)."""
    guard: Callable[[Session], Awaitable[None]] | None = None
    """Raises, first thing in the transaction of the write, when it must not happen (a stale If-Match)."""

    @property
    def talk(self) -> UUID | None:
        """The conversation this came from; None for an act outside conversations."""
        return None if self.act else self.conversation_id

    @property
    def tenant(self) -> UUID:
        """Where the tool's rows belong."""
        return self.subject or self.home


Handler = Callable[[ToolContext, Session, Any], Awaitable[ToolResult]]
Undo = Callable[[ToolContext, Session, dict[str, Any]], Awaitable[ToolResult]]
Before = Callable[[ToolContext, Any], Awaitable[Mapping[str, Any]]]
GiveBack = Callable[[ToolContext, Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Tool:
    """A registered verb.

    ``before`` does the outside work (a number bought, test calls placed) ahead of the transaction; what it
    returns is the handler's ``ctx.outside``. When the transaction fails or the tool refuses, ``give_back``
    returns what was taken. ``statuses`` and ``facts`` are all it may answer with: the flow linter checks
    branches and placeholders against them. ``creates_tenant``: runs before its subject tenant exists.
    ``at_home``: its rows belong to the tenant whose agent is speaking, not to the one being set up.
    """

    name: str
    args: type[Args]
    handler: Handler
    writes: bool = True
    undo: Undo | None = None
    summary: str = ""
    statuses: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    before: Before | None = None
    give_back: GiveBack | None = None
    creates_tenant: bool = False
    at_home: bool = False
    repeatable: bool = False
    """Runs again under the same key: a test that is asked for again is placed again."""


def tool(name: str, args: type[Args], **options: Any) -> Callable[[Handler], Tool]:
    """Make a handler a tool: ``@tool("save_lead", LeadArgs, undo=forget, statuses=("saved",))``.

    The summary is the handler's docstring. Options are the fields of ``Tool``.
    """

    def made(handler: Handler) -> Tool:
        summary = (handler.__doc__ or "").strip().split("\n")[0]
        return Tool(name=name, args=args, handler=handler, summary=summary, **options)

    return made
