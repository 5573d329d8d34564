"""Passwords and addresses: changed, forgotten, chosen by link, proved (A015).

Open doors count what they are asked and never say whether an account exists.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request, Response
from pydantic import Field

from core.errors import InvalidInput, NotFound, Problem, Refused
from core.ids import HOUSE_TENANT, fingerprint
from policies.sign_in import sign_in as rules
from stores import identity, outbox
from tools import accounts, delivery, sign_in
from web.identity import let_in
from web.parts import PartsDep, parts_of
from web.peers import peer
from web.sign_in import Body, Newcomer, Password, Person, SessionView, Told, member_of, view

router = APIRouter(prefix="/api/v1", tags=["sign-in"])


@router.post("/email/verification", status_code=202)
async def ask_for_proof(request: Request, account: Person) -> Told:
    """Ask for a letter with a link that confirms your e-mail address. 409 when it is confirmed."""
    await send_proof(request, account)
    return Told(message="A link is on its way to your address.")


async def send_proof(request: Request, account: tuple[UUID, UUID]) -> None:
    """The letter. Conflict when the address is confirmed, Refused when it is asked for too often."""
    parts = parts_of(request)
    tenant_id, member_id = account
    async with parts.db.tenant(HOUSE_TENANT) as session:
        key = fingerprint(f"proof:{member_id}")
        wait = await sign_in.take(session, key, rules().attempts.letters, parts.clock)
    if wait:
        raise Refused("a letter is on its way; please wait", retry_after=wait, code="too_many_tries")
    async with parts.db.tenant(tenant_id) as session:
        await accounts.send_proof_letter(session, member_id, clock=parts.clock, origin=parts.public_url)
    delivery.soon(parts.db, parts.ports.mail, parts.clock, tenant_id)


class ChangePassword(Body):
    """The present password, and the new one."""

    current_password: Password
    password: Password


class Address(Body):
    """An e-mail address."""

    email: str = Field(min_length=3, max_length=254)


class ChoosePassword(Body):
    """What came by letter (or with provisioning's answer), and the password to have."""

    token: str = Field(min_length=16, max_length=128)
    password: Password


@router.post("/password")
async def change_password(
    body: ChangePassword, request: Request, response: Response, account: Newcomer
) -> SessionView:
    """Choose another password. Every other browser of yours is signed out; this one stays, under a new id."""
    return await another_password(request, response, account, body.current_password, body.password)


async def another_password(
    request: Request, response: Response, account: tuple[UUID, UUID], old: str, new: str
) -> SessionView:
    """Another password for who is signed in, and a new session, as that ends all they had.

    InvalidInput (either password), Refused after too many tries, Conflict (it was changed meanwhile).
    """
    parts = parts_of(request)
    tenant_id, member_id = account
    await guess(request, f"password:{member_id}")
    await accounts.change_password(
        parts.db, parts.clock, tenant_id=tenant_id, member_id=member_id, old=old, new=new
    )
    await right_guess(request, f"password:{member_id}")
    async with parts.db.tenant(tenant_id) as session:
        signed_in = await sign_in.begin(session, member_id, parts.clock)
    let_in(request, response, signed_in)
    return await view(request, await member_of(request, signed_in))


async def guess(request: Request, what: str) -> None:
    """Count a try of somebody who is signed in already. Refused."""
    parts = parts_of(request)
    async with parts.db.tenant(HOUSE_TENANT) as session:
        wait = await sign_in.take(session, fingerprint(what), rules().attempts.account, parts.clock)
    if wait:
        raise Refused("too many tries; please wait", retry_after=wait, code="too_many_tries")


async def right_guess(request: Request, what: str) -> None:
    """It was no guess."""
    async with parts_of(request).db.tenant(HOUSE_TENANT) as session:
        await identity.give_back_attempt(session, fingerprint(what), all_of_them=True)


@router.post("/password/reset", status_code=202)
async def forgotten(body: Address, request: Request, later: BackgroundTasks) -> Told:
    """Ask for a link to a new password. The answer is the same whether there is such an account or not."""
    request.app.state.admit(request)
    await ask_for_letter(request, later, body.email)
    return Told(message="If there is an account with this address, a link is on its way.")


async def ask_for_letter(request: Request, later: BackgroundTasks, email: str) -> None:
    """Write to whoever has this address, once the answer is out. Refused when one address asks too often."""
    parts = parts_of(request)
    async with parts.db.tenant(HOUSE_TENANT) as session:
        key = fingerprint(f"letters_from:{sign_in.network(peer(request))}")
        wait = await sign_in.take(session, key, rules().attempts.address, parts.clock)
    if wait:
        raise Refused("too many requests; please wait", retry_after=wait, code="too_many_tries")
    # afterwards, so that the time an answer takes tells nothing
    later.add_task(write_letter, request, email)


async def write_letter(request: Request, email: str) -> None:
    """The letter, if there is somebody to write to."""
    parts = parts_of(request)
    for tenant_id in await accounts.forgotten(parts.db, parts.clock, email, origin=parts.public_url):
        delivery.soon(parts.db, parts.ports.mail, parts.clock, tenant_id)


@router.post("/password/reset/confirm")
async def confirm_reset(body: ChoosePassword, request: Request, parts: PartsDep) -> Told:
    """Choose a password with the link that came by letter. It works once."""
    return await _choose(body, request, ("reset", "join"))


@router.post("/setup")
async def setup(body: ChoosePassword, request: Request, parts: PartsDep) -> Told:
    """Choose the first password, with the setup token of provisioning or of an invitation. It works once."""
    return await _choose(body, request, ("setup", "join"))


async def _choose(body: ChoosePassword, request: Request, purposes: tuple[str, ...]) -> Told:
    request.app.state.admit(request)
    parts = parts_of(request)
    async with parts.db.platform("somebody chooses a password with a link") as session:
        link = await outbox.peek_link(session, fingerprint(body.token), now=parts.clock.now())
    if link is None or link.purpose not in purposes:
        raise NotFound("this link no longer works")
    async with parts.db.tenant(link.tenant_id) as session:
        await accounts.choose_password(session, link, body.password, clock=parts.clock, ip=None)
    return Told(message="Your password is set. You can sign in now.")


async def prove(request: Request, account: tuple[UUID, UUID], password: str) -> None:
    """The password once more, from who is signed in. InvalidInput; Refused after too many tries."""
    tenant_id, member_id = account
    await guess(request, f"password:{member_id}")
    db = parts_of(request).db
    if not await accounts.knows_password(db, tenant_id=tenant_id, member_id=member_id, password=password):
        told = Problem("is not your password", "password", "try again", "wrong_password")
        raise InvalidInput("The password is wrong.", problems=[told], code="wrong_password")
    await right_guess(request, f"password:{member_id}")
