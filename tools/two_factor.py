"""Two-factor by authenticator app (RFC 6238): enrolled, proved, used, and taken away again.

The secret is sealed in the tenant's vault; recovery codes are kept as fingerprints and work once each.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
import segno

from core.errors import Conflict, InvalidInput, NotFound, Problem
from core.ids import fingerprint
from policies.sign_in import sign_in
from stores import identity, receipts
from stores.db import Session
from stores.vault import Vault

_STEP = 30


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app needs: the secret to type, or ``uri`` as a QR code (``svg``: the image)."""

    secret: str
    uri: str
    svg: str


def _sealed(member_id: UUID, *, pending: bool = False) -> str:
    return f"totp{'_pending' if pending else ''}:{member_id}"


async def enrol(session: Session, vault: Vault, member_id: UUID, *, account: str) -> Enrolment:
    """Begin: a secret that counts for nothing until ``confirm``. Conflict when two-factor is on."""
    held = await identity.credential(session, member_id)
    if held is None:
        raise NotFound("no such account")
    if held.totp_since is not None:
        raise Conflict("two-factor is on already", code="two_factor_on")
    secret = pyotp.random_base32()
    await vault.seal(session, _sealed(member_id, pending=True), secret)
    uri = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=sign_in().two_factor.issuer)
    svg = segno.make(uri, error="m").svg_inline(scale=5, border=4, light="#fff", dark="#000")
    return Enrolment(secret, uri, svg)


async def confirm(session: Session, vault: Vault, member_id: UUID, code: str, *, at: datetime) -> list[str]:
    """The app shows the right code: two-factor is on. The recovery codes, in clear, once.

    NotFound when nothing was begun, Conflict when it is on, InvalidInput for a wrong code.
    """
    held = await identity.credential(session, member_id, lock=True)
    if held is None:
        raise NotFound("no such account")
    if held.totp_since is not None:
        raise Conflict("two-factor is on already", code="two_factor_on")
    secret = await vault.open(session, _sealed(member_id, pending=True))
    step = _step_of(secret, code, at)
    if step is None:
        raise wrong_code()
    codes = [_drawn() for _ in range(sign_in().two_factor.recovery_codes)]
    await vault.seal(session, _sealed(member_id), secret)
    await vault.forget(session, _sealed(member_id, pending=True))
    await identity.set_credential(
        session,
        member_id,
        totp_since=at,
        totp_step=step,
        recovery=[fingerprint(_normal(one)) for one in codes],
    )
    await _audit(session, member_id, "two_factor_on", at)
    return codes


async def accept(session: Session, vault: Vault, member_id: UUID, code: str, *, at: datetime) -> bool:
    """Whether a code (six digits, or a recovery code) is right and was not used before. Uses it up."""
    if not re.fullmatch(r"\d{6}", _digits(code)):
        return await identity.use_recovery(session, member_id, fingerprint(_normal(code)))
    step = _step_of(await vault.open(session, _sealed(member_id)), code, at)
    return step is not None and await identity.use_step(session, member_id, step)


async def switch_off(
    session: Session, vault: Vault, member_id: UUID, *, at: datetime, actor: str | None = None
) -> None:
    """Two-factor is off; its secret and recovery codes are gone. Nothing happens where it is not on."""
    held = await identity.credential(session, member_id, lock=True)
    if held is None or held.totp_since is None:
        return
    await vault.forget(session, _sealed(member_id))
    await identity.set_credential(session, member_id, totp_since=None, totp_step=None, recovery=[])
    await _audit(session, member_id, "two_factor_off", at, actor=actor)


async def forget_secret(session: Session, vault: Vault | None, member_id: UUID) -> None:
    """The sealed secret is gone, confirmed or not. Without a vault it stays, and counts for nothing."""
    if vault is not None:
        for pending in (False, True):
            await vault.forget(session, _sealed(member_id, pending=pending))


def wrong_code() -> InvalidInput:
    """The code does not fit."""
    told = Problem("this code does not fit", "code", "use the newest code the app shows", "wrong_code")
    return InvalidInput("The code is wrong.", problems=[told], code="wrong_code")


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step whose code it is, nearest first; None when it is none."""
    app, now = pyotp.TOTP(secret, interval=_STEP), int(at.timestamp()) // _STEP
    given = _digits(code)
    for offset in sorted(
        range(-sign_in().two_factor.drift_steps, sign_in().two_factor.drift_steps + 1), key=abs
    ):
        if hmac.compare_digest(app.generate_otp(now + offset).encode(), given.encode()):
            return now + offset
    return None


def _digits(code: str) -> str:
    return re.sub(r"[\s-]", "", code)[:64]


def _normal(code: str) -> str:
    return re.sub(r"[\s-]", "", code)[:64].upper()


def _drawn() -> str:
    """A recovery code: 80 bits in groups of four, so that a fingerprint without salt is enough."""
    text = base64.b32encode(secrets.token_bytes(10)).decode()
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


async def _audit(
    session: Session, member_id: UUID, action: str, at: datetime, *, actor: str | None = None
) -> None:
    await receipts.audit(
        session, actor=actor or f"member:{member_id}", action=action, subject=str(member_id), at=at
    )
