"""The security self-check: the running application attacked from inside, with real credentials (A038-A041).

Two tenants of its own (never a client's) hold people of every role; each tries every route of the
application, at home and abroad. Nothing of a client is changed: abroad everything must be refused at the
door, and at home only reading is tried where it is allowed.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from agent.parts import Parts
from core.errors import NotFound
from core.ids import new_token
from policies.compliance import compliance, profile_for
from stores import receipts, tenancy
from stores.probe import isolation
from stores.vault import KeyRing, Unreadable, Vault
from web.doors import Answer, Caller, Door, doors, knock
from web.guesses import Guesses
from web.idempotency import Vaults
from web.self_check_scene import Scene, scene

MOST_TOLD = 20
_ATTACKS_PER_MINUTE = 1e6


@dataclass(frozen=True)
class Check:
    """One check: how many attempts were made, and each that went wrong, in words without personal data."""

    name: str
    tried: int
    failures: Sequence[str]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether nothing went wrong, and something was tried at all."""
        return self.tried > 0 and not self.failures


@dataclass(frozen=True)
class Report:
    """All checks. ``as_dict`` is JSON-ready, to be stored (A018)."""

    at: datetime
    tenant_id: UUID | None
    checks: Sequence[Check]

    @property
    def passed(self) -> bool:
        """Whether all passed."""
        return all(check.passed for check in self.checks)

    def as_dict(self) -> dict[str, Any]:
        """``{"passed", "at", "checks": {name: {"passed", "tried", "failures", "seconds"}}}``."""
        return {
            "passed": self.passed,
            "at": self.at.isoformat(),
            "tenant_id": str(self.tenant_id) if self.tenant_id else None,
            "checks": {
                check.name: {
                    "passed": check.passed,
                    "tried": check.tried,
                    "failures": list(check.failures)[:MOST_TOLD],
                    "seconds": round(check.seconds, 3),
                }
                for check in self.checks
            },
        }


@dataclass
class Tries:
    """What one check has tried so far."""

    tried: int = 0
    failures: list[str] = field(default_factory=list)

    def note(self, ok: bool, what: str) -> None:
        """One attempt; ``what`` is kept when it went wrong."""
        self.tried += 1
        if not ok:
            self.failures.append(what)


async def check_security(app: FastAPI, *, tenant_id: UUID | None = None, quick: bool = False) -> Report:
    """Attack an application of the check's own and say what happened. Never raises for a hole it finds.

    ``tenant_id``: the client that must be out of reach (None: a tenant of the check's own). ``quick``: one
    attacker who only tries to read, and what does not depend on the client is tried once a process; for use
    while a client waits (a third of a second). Else some seconds.
    """
    parts: Parts = app.state.parts
    app.state.guesses = Guesses(_ATTACKS_PER_MINUTE)  # the pace of guessing is not what is asked here
    every = [door for door in doors(app) if door.method != "WS"]
    async with scene(app, quick=quick) as here:
        victim = tenant_id or here.theirs
        runs: list[tuple[str, Callable[[Tries], Awaitable[None]]]] = [
            ("cross_tenant_access", lambda t: _abroad(app, here, every, victim, t, quick=quick)),
            ("authentication", lambda t: _unknown(app, here, every, t, quick=quick)),
            ("key_management", lambda t: _keys(parts, Vaults.of(app.state), here.own, t)),
            ("compliance", lambda t: _compliance(parts, tenant_id or here.own, t)),
        ]
        if not quick:
            runs.insert(2, ("authorization", lambda t: _at_home(app, here, every, t)))
        checks = []
        for name, run in runs:
            known = _known(app, name, len(every)) if quick else None
            began, tries = time.perf_counter(), Tries()
            if known is None:
                await run(tries)
                known = Check(name, tries.tried, tuple(tries.failures), time.perf_counter() - began)
                if name == "authentication":
                    app.state.checked_doors = (len(every), known)
            checks.append(known)
    return Report(parts.clock.now(), tenant_id, checks)


def _known(app: FastAPI, name: str, count: int) -> Check | None:
    """Who is let in without credentials is the same for every client, as long as there are the same doors."""
    found: tuple[int, Check] | None = getattr(app.state, "checked_doors", None)
    return found[1] if name == "authentication" and found is not None and found[0] == count else None


# -- who gets where ------------------------------------------------------------------------------------


async def _abroad(
    app: FastAPI, here: Scene, every: Sequence[Door], victim: UUID, tries: Tries, *, quick: bool
) -> None:
    """No client's person or key reaches another client: not by its id, not by its rows' ids, not by a
    session or key that is made to name it; and Postgres keeps them apart by itself.
    """
    clients = [c for c in here.callers if c.is_client]
    for caller in clients[:1] if quick else clients:
        for door in every:
            if "{tenant}" not in door.path or (quick and door.changes):
                continue
            answer = await knock(app, door.method, door.at(str(victim)), caller.headers)
            tries.note(answer.status == 404, _told(caller, door, answer, "in another tenant"))
    for caller in clients[:1]:
        for door in every:
            if door.asks == "tenant" and not door.changes and set(here.their_ids) & _names(door):
                answer = await knock(app, door.method, door.at("me", here.their_ids), caller.headers)
                tries.note(
                    answer.status in (403, 404), _told(caller, door, answer, "for another tenant's row")
                )
    for name, headers in here.forged(victim).items():
        answer = await knock(app, "GET", "/api/v1/session", headers)
        tries.note(answer.status == 401, f"a {name} of one tenant was taken for another's ({answer.status})")
    async with app.state.parts.db.tenant(here.own) as session:
        try:
            await tenancy.get_tenant(session, victim)
            tries.note(False, "a tenant session sees another tenant")
        except NotFound:
            tries.note(True, "")
    wall = await isolation(app.state.parts.db, victim)
    tries.note(
        wall.holds,
        f"row-level security: {wall.without_tenant} rows without a tenant, {wall.of_others} of others,"
        f" {wall.unforced} tables unforced",
    )


async def _unknown(app: FastAPI, here: Scene, every: Sequence[Door], tries: Tries, *, quick: bool) -> None:
    """Without credentials, and with ones that are wrong, nothing opens."""
    nobodies = here.nobodies()
    for door in every:
        tries.note(door.asks != "nothing", f"{door} asks nobody who they are and is not in PUBLIC_PATHS")
        if door.asks == "public":
            continue
        # what is made up meets the same gate everywhere: where rows are read, and in the quick check nowhere
        wrong = not quick and door.asks == "tenant" and not door.changes
        for name, headers in list(nobodies.items())[: None if wrong else 1]:
            answer = await knock(app, door.method, door.at(str(here.own)), headers)
            tries.note(answer.status == 401, f"{name}: {door} answers {answer.status}, not 401")
    for door in (d for d in every if d.changes and d.asks == "tenant"):
        caller = here.by_name("owner")
        cookie = {"cookie": caller.headers["cookie"], "origin": "https://evil.example"}
        answer = await knock(app, door.method, door.at(str(here.own)), cookie)
        tries.note(answer.status == 403, f"{door} takes a cookie from another site ({answer.status})")
        if quick:
            return


async def _at_home(app: FastAPI, here: Scene, every: Sequence[Door], tries: Tries) -> None:
    """Every role at every route of its own tenant: who may not is refused, who may read can."""
    for caller in here.callers:
        for door in every:
            if door.asks not in ("tenant", "platform", "operator"):
                continue
            allowed = door.lets_in(caller.principal)
            if allowed and door.changes:
                continue
            answer = await knock(app, door.method, door.at(str(here.own)), caller.headers, wait=2.0)
            if allowed:
                tries.note(
                    not answer.refused and answer.status < 500, _told(caller, door, answer, "though it may")
                )
            else:
                tries.note(answer.status == 403, _told(caller, door, answer, "though it may not"))


def _names(door: Door) -> set[str]:
    return {part.strip("{}") for part in door.path.split("/") if part.startswith("{")}


def _told(caller: Caller, door: Door, answer: Answer, where: str) -> str:
    return f"{caller.name} {where}: {door} answers {answer.status}"


# -- keys ----------------------------------------------------------------------------------------------


class _PutBack(Exception):
    """Ends a transaction that must leave nothing."""


async def _keys(parts: Parts, vault: Vault, tenant_id: UUID, tries: Tries) -> None:
    """A scratch secret: sealed, re-wrapped, sealed anew, shredded; old keys and other names open nothing.

    The ring it rotates to is made up for the occasion, and the transaction is rolled back.
    """
    name, plain = "self_check", new_token()
    real = vault.ring
    fresh = KeyRing({**real.keys, "self-check": secrets.token_bytes(32)}, "self-check")

    async def closed(what: str, opening: Awaitable[object]) -> None:
        try:
            await opening
            tries.note(False, what)
        except (Unreadable, NotFound):
            tries.note(True, "")

    try:
        async with parts.db.tenant(tenant_id) as session:
            now = parts.clock.now()
            before, after = Vault(real), Vault(fresh)
            await before.seal(session, name, plain)
            tries.note(await before.open(session, name) == plain, "a secret does not open as it was sealed")
            sealed = await before.encrypt(session, name, plain.encode())
            await closed("a sealed value opens under another name", before.decrypt(session, "other", sealed))
            changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
            await closed("a changed value opens", before.decrypt(session, name, changed))
            tries.note(await after.rotate(session) == 1, "rotation did not re-wrap the tenant's key")
            tries.note(await after.open(session, name) == plain, "after rotation the secret does not open")
            await closed("the old ring still opens after rotation", before.open(session, name))
            await after.renew(session, at=now)
            tries.note(await after.open(session, name) == plain, "after renewal the secret does not open")
            await after.shred(session, at=now)
            await closed("a shredded tenant's secret opens", after.open(session, name))
            raise _PutBack
    except _PutBack:
        pass


# -- compliance ----------------------------------------------------------------------------------------


async def _compliance(parts: Parts, tenant_id: UUID, tries: Tries) -> None:
    """What must be in place before a client's agent may speak (C07, C09, C44)."""
    policy = compliance()
    for key in ("recorded", "unrecorded", "chat"):
        tries.note("AI" in policy.prefix.get(key, ""), f"the opening ({key}) does not say that it is an AI")
    tries.note("record" in policy.prefix["recorded"].lower(), "the opening does not announce recording")
    tries.note(not policy.outbound, "outbound calls are on by default")
    async with parts.db.tenant(tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        profile = await tenancy.get_profile(session)
        broken = await receipts.verify_chain(session)
    known = profile_for(tenant.states)
    tries.note(bool(known["ai_disclosure"]), "the states have no compliance profile")
    tries.note(broken is None, f"the audit trail does not verify from entry {broken}")
    if profile is not None and known["all_party_states"]:
        tries.note(profile.recording_notice, "the recording notice is off in a state where all must agree")


# -- for the command line ------------------------------------------------------------------------------


def as_text(report: Mapping[str, Any]) -> str:
    """A report for people."""
    lines = []
    for name, check in report["checks"].items():
        sign = "✓" if check["passed"] else "✗"
        lines.append(f"{sign} {name.replace('_', ' ')}: {check['tried']} tried in {check['seconds']:.1f} s")
        lines += [f"    {failure}" for failure in check["failures"]]
    return "\n".join(lines)
