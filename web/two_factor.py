"""Two-factor by authenticator app, as a person switches it on and off for themself."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from core.errors import NotFound
from stores import identity, tenancy
from tools import two_factor
from web.idempotency import Vaults
from web.parts import PartsDep
from web.passwords import guess, prove, right_guess
from web.sign_in import Body, Code, Enrollee, Password, Person

router = APIRouter(prefix="/api/v1", tags=["sign-in"])


class Proof(Body):
    """The password again: who borrowed the browser does not know it."""

    password: Password


class OneCode(Body):
    """Six digits of the authenticator app."""

    code: Code


class ProofAndCode(Proof, OneCode):
    """The password and a code (or a recovery code)."""


class EnrolmentView(BaseModel):
    """For the authenticator app: ``qr_svg`` to photograph, or ``secret`` to type. Shown once."""

    secret: str
    uri: str
    qr_svg: str


class RecoveryCodes(BaseModel):
    """Each signs in once in place of the app. Shown once."""

    recovery_codes: list[str]


@router.post("/two-factor")
async def enrol(
    body: Proof, request: Request, response: Response, parts: PartsDep, account: Enrollee
) -> EnrolmentView:
    """Begin with two-factor: a secret for your authenticator app. It counts once a code is confirmed."""
    await prove(request, account, body.password)
    response.headers["Cache-Control"] = "no-store"
    tenant_id, member_id = account
    async with parts.db.tenant(tenant_id) as session:
        member = await tenancy.get_member(session, member_id)
        assert member is not None
        made = await two_factor.enrol(session, Vaults.of(request.app.state), member_id, account=member.email)
    return EnrolmentView(secret=made.secret, uri=made.uri, qr_svg=made.svg)


@router.post("/two-factor/confirm")
async def confirm(
    body: OneCode, request: Request, response: Response, parts: PartsDep, account: Enrollee
) -> RecoveryCodes:
    """The app shows the right code: from now on signing in asks for one. Keep the recovery codes."""
    response.headers["Cache-Control"] = "no-store"
    tenant_id, member_id = account
    await guess(request, f"code:{member_id}")
    async with parts.db.tenant(tenant_id) as session:
        codes = await two_factor.confirm(
            session, Vaults.of(request.app.state), member_id, body.code, at=parts.clock.now()
        )
    await right_guess(request, f"code:{member_id}")
    return RecoveryCodes(recovery_codes=codes)


@router.post("/two-factor/disable", status_code=204)
async def disable(body: ProofAndCode, request: Request, parts: PartsDep, account: Person) -> None:
    """Switch two-factor off, with the password and a code (or a recovery code)."""
    await prove(request, account, body.password)
    tenant_id, member_id = account
    await guess(request, f"code:{member_id}")
    vault = Vaults.of(request.app.state)
    async with parts.db.tenant(tenant_id) as session:
        held = await identity.credential(session, member_id)
        if held is None or held.totp_since is None:
            raise NotFound("two-factor is not on")
        if not await two_factor.accept(session, vault, member_id, body.code, at=parts.clock.now()):
            raise two_factor.wrong_code()
        await two_factor.switch_off(session, vault, member_id, at=parts.clock.now())
    await right_guess(request, f"code:{member_id}")
