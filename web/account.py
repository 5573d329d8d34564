"""One's own account as a page without a script: password, two-factor, keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from core.errors import NotAllowed, SeiketsuError
from core.ids import HOUSE_TENANT
from policies.rights import all_rights
from policies.sign_in import sign_in as rules
from stores import api_keys, identity, tenancy
from tools import keys, two_factor
from web.access import Access, Principal, enrolling, known, principal
from web.idempotency import Vaults
from web.keys import highest, key_view
from web.office.desk import unpaid
from web.parts import PartsDep, parts_of
from web.passwords import another_password, guess, prove, right_guess, send_proof
from web.sign_in import account_of, view
from web.sign_in_pages import Page, form_of, page

router = APIRouter(include_in_schema=False, route_class=Page)
Known = Annotated[Principal, Depends(known)]
Enrolling = Annotated[Principal, Depends(enrolling)]
Own = Annotated[Principal, Depends(principal)]


@dataclass
class Shown:
    """What an answer adds to the account page. ``where``: the section it belongs to."""

    where: str = ""
    done: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


# -- the account -------------------------------------------------------------------------------------


async def _account(request: Request, who: Principal, shown: Shown | None = None) -> Response:
    shown = shown or Shown()
    parts = parts_of(request)
    tenant_id, member_id = account_of(who)
    facts: dict[str, Any] = {"keys": None, "orphans": set(), "recovery_left": 0}
    async with parts.db.tenant(tenant_id) as session:
        held = await identity.credential(session, member_id)
        facts["recovery_left"] = len(held.recovery) if held is not None else 0
        facts["unpaid"] = unpaid(await tenancy.get_tenant(session), parts.clock.now())
        facts["may_office"] = who.may("leads:read") and tenant_id != HOUSE_TENANT
        if who.may("keys:read") and not (who.must_change or who.must_enrol):
            now = parts.clock.now()
            rows = await api_keys.list_keys(session, limit=200)
            live = [r for r in rows if r.revoked_at is None and (r.expires_at is None or r.expires_at > now)]
            facts["keys"] = [key_view(row) for row in live]
            here = {f"member:{member.id}" for member in await tenancy.members(session)}
            facts["orphans"] = {
                r.id for r in live if r.made_by.startswith("member:") and r.made_by not in here
            }
    me = await view(request, who)
    facts |= {
        "me": me,
        "must_enrol": who.must_enrol,
        "may_write_keys": who.may("keys:write"),
        "shortest": rules().password.shortest,
        **shown.facts,
    }
    return page(request, "account/account.html", shown.status, shown=shown, **facts)


@router.get("/account")
async def account(request: Request, who: Known) -> Response:
    """Everything one has; before a password of one's own, only the form for it."""
    return await _account(request, who)


@router.post("/account/password")
async def change_password(request: Request, who: Known) -> Response:
    """Choose another password; other browsers are signed out."""
    account = account_of(who)
    given = await form_of(request)
    new = given.get("password", "")
    try:
        if new != given.get("again", ""):
            return await _wrong(request, who, "password", {"again": "The two are not the same."})
        response: Response = RedirectResponse("/account", 303)
        await another_password(request, response, account, given.get("current_password", ""), new)
    except SeiketsuError as error:
        return await _refused(request, who, "password", error)
    return response


@router.post("/account/email")
async def prove_address(request: Request, who: Own) -> Response:
    """Ask for the letter that confirms the address."""
    try:
        await send_proof(request, account_of(who))
    except SeiketsuError as error:
        return await _refused(request, who, "email", error)
    return await _account(request, who, Shown("email", "A link is on its way to your address."))


@router.post("/account/two-factor")
async def enrol(request: Request, parts: PartsDep, who: Enrolling) -> Response:
    """Show the code to photograph."""
    tenant_id, member_id = account_of(who)
    given = await form_of(request)
    try:
        await prove(request, (tenant_id, member_id), given.get("password", ""))
        async with parts.db.tenant(tenant_id) as session:
            member = await tenancy.get_member(session, member_id)
            assert member is not None
            vault = Vaults.of(request.app.state)
            made = await two_factor.enrol(session, vault, member_id, account=member.email)
    except SeiketsuError as error:
        return await _refused(request, who, "two_factor", error)
    facts = {"enrolment": made, "qr": Markup(made.svg)}  # noqa: S704 - made by segno, of our own text
    return await _account(request, who, Shown("two_factor", facts=facts))


@router.post("/account/two-factor/confirm")
async def confirm(request: Request, parts: PartsDep, who: Enrolling) -> Response:
    """The app shows the right code; the recovery codes, once."""
    tenant_id, member_id = account_of(who)
    given = await form_of(request)
    try:
        await guess(request, f"code:{member_id}")
        async with parts.db.tenant(tenant_id) as session:
            vault = Vaults.of(request.app.state)
            codes = await two_factor.confirm(
                session, vault, member_id, given.get("code", ""), at=parts.clock.now()
            )
        await right_guess(request, f"code:{member_id}")
    except SeiketsuError as error:
        return await _refused(request, who, "two_factor", error)
    enrolled = replace(who, must_enrol=False)
    return await _account(
        request, enrolled, Shown("two_factor", "Two-factor is on.", facts={"recovery_codes": codes})
    )


@router.post("/account/two-factor/disable")
async def disable(request: Request, parts: PartsDep, who: Own) -> Response:
    """Switch it off, with the password and a code."""
    tenant_id, member_id = account_of(who)
    given = await form_of(request)
    vault = Vaults.of(request.app.state)
    try:
        await prove(request, (tenant_id, member_id), given.get("password", ""))
        await guess(request, f"code:{member_id}")
        async with parts.db.tenant(tenant_id) as session:
            if not await two_factor.accept(
                session, vault, member_id, given.get("code", ""), at=parts.clock.now()
            ):
                raise two_factor.wrong_code()
            await two_factor.switch_off(session, vault, member_id, at=parts.clock.now())
        await right_guess(request, f"code:{member_id}")
    except SeiketsuError as error:
        return await _refused(request, who, "two_factor", error)
    return await _account(request, who, Shown("two_factor", "Two-factor is off."))


PRESETS = {
    "read": tuple(right for right in all_rights() if right.endswith(":read")),
    "leads": ("leads:read", "leads:write"),
    "all": ("*",),
}


@router.post("/account/keys")
async def make_key(request: Request, parts: PartsDep, who: Own) -> Response:
    """Make a key and show it, once."""
    access = _for_keys(who)
    given = await form_of(request)
    name = " ".join(given.get("name", "").split())[:100]
    wanted = [r for r in PRESETS.get(given.get("scope", ""), ()) if r == "*" or who.may(r)]
    if not name or not wanted:
        problems = {} if name else {"name": "What is the key for?"}
        return await _wrong(request, who, "keys", problems | ({} if wanted else {"scope": "What may it do?"}))
    try:
        async with parts.db.tenant(access.tenant_id) as session:
            made = await keys.make(
                session,
                parts.clock,
                name=name,
                scopes=keys.scopes_for(wanted, who.may, highest(access)),
                role=highest(access),
                actor=who.id,
            )
    except SeiketsuError as error:
        return await _refused(request, who, "keys", error)
    return await _account(request, who, Shown("keys", "The key is made.", facts={"secret": made.secret}))


@router.post("/account/keys/{key_id}/rotate")
async def rotate_key(key_id: UUID, request: Request, parts: PartsDep, who: Own) -> Response:
    """A successor; the old one works on for a day."""
    access = _for_keys(who)
    try:
        async with parts.db.tenant(access.tenant_id) as session:
            old = await api_keys.get_key(session, key_id)
            keys.scopes_for(old.scopes, who.may, old.role)  # type: ignore[arg-type]
            made = await keys.rotate(session, parts.clock, key_id, actor=who.id)
    except SeiketsuError as error:
        return await _refused(request, who, "keys", error)
    hours = timedelta(hours=rules().keys.overlap_hours) // timedelta(hours=1)
    done = f"Here is the successor. The old key works on for {hours} hours."
    return await _account(request, who, Shown("keys", done, facts={"secret": made.secret}))


@router.post("/account/keys/{key_id}/revoke")
async def revoke_key(key_id: UUID, request: Request, parts: PartsDep, who: Own) -> Response:
    """The key stops working now."""
    access = _for_keys(who)
    try:
        async with parts.db.tenant(access.tenant_id) as session:
            await keys.revoke(session, parts.clock, key_id, actor=who.id)
    except SeiketsuError as error:
        return await _refused(request, who, "keys", error)
    return await _account(request, who, Shown("keys", "The key works no longer."))


# -- the parts ---------------------------------------------------------------------------------------


def _for_keys(who: Principal) -> Access:
    tenant_id, _ = account_of(who)
    if not who.may("keys:write"):
        raise NotAllowed("this needs the right keys:write")
    return Access(who, tenant_id)


async def _wrong(request: Request, who: Principal, where: str, problems: Mapping[str, str]) -> Response:
    return await _account(request, who, Shown(where, problems=problems, status=422))


async def _refused(request: Request, who: Principal, where: str, error: SeiketsuError) -> Response:
    """An error of ours beside the box it is about; what no box is about, above the section."""
    told = {p.where: p.message for p in error.problems if p.where}
    words = {
        "wrong_password": {
            "password" if where != "password" else "current_password": "That is not your password."
        },
        "wrong_code": {"code": "That code does not fit. Please take the newest one."},
        "too_many_tries": {"": "Too many tries. Please wait a few minutes."},
    }.get(error.code, told or {"": error.message[:1].upper() + error.message[1:] + "."})
    return await _account(request, who, Shown(where, problems=words, status=error.status))
