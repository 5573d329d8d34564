"""Pages without a script to sign in, to sign out, and to ask for a new password."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from core.errors import NotAllowed, NotSignedIn, SeiketsuError
from tools import sign_in
from web.access import Principal, known
from web.idempotency import Vaults
from web.identity import cookie_of, from_elsewhere, let_in, let_out
from web.links import PRIVATE, templates
from web.parts import PartsDep
from web.passwords import ask_for_letter
from web.peers import peer
from web.sign_in import account_of

# with "no-referrer" browsers would hide from us that a form is our own
HEADERS = {**PRIVATE, "Referrer-Policy": "same-origin"}
MOST_FIELDS = 20


class Page(APIRoute):
    """A route for people: who is not signed in gets the page to sign in, and nobody a problem in JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its refusals as pages."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except NotSignedIn:
                return sign_in_sheet(request, 401)
            except NotAllowed as refused:
                if refused.code in ("password_change_required", "two_factor_enrolment_required"):
                    return RedirectResponse("/account", 303)
                raise

        return handler


router = APIRouter(include_in_schema=False, route_class=Page)


async def form_of(request: Request) -> dict[str, str]:
    """The fields as they were sent."""
    async with request.form(max_fields=MOST_FIELDS, max_files=0) as form:
        return {name: str(value)[: sign_in.LONGEST + 1] for name, value in form.items()}


def page(request: Request, name: str, status: int = 200, **facts: Any) -> Response:
    """A page that is kept nowhere."""
    return templates.TemplateResponse(request, name, facts, status_code=status, headers=HEADERS)


def sign_in_sheet(request: Request, status: int = 200, **facts: Any) -> Response:
    """The page to sign in."""
    given = {"username": "", "problem": "", "choices": (), "second": False, **facts}
    return page(request, "account/sign_in.html", status, **given)


@router.get("/sign-in")
async def show(request: Request) -> Response:
    """The form."""
    return sign_in_sheet(request)


@router.post("/sign-in")
async def enter(request: Request, parts: PartsDep) -> Response:
    """Sign in and go to the account."""
    request.app.state.admit(request)
    if from_elsewhere(request):
        raise NotAllowed("this form can only be sent from its own page", code="csrf")
    given = await form_of(request)
    try:
        signed_in = await sign_in.enter(
            parts.db,
            parts.clock,
            Vaults.of(request.app.state),
            username=given.get("username", ""),
            password=given.get("password", ""),
            code=given.get("code", "").strip() or None,
            organization=given.get("organization") or None,
            address=peer(request),
        )
    except SeiketsuError as error:
        words = {
            "wrong_credentials": "That does not fit. Please check address, password and code.",
            "two_factor_required": "Please type the password again, and the code of your authenticator app.",
            "choose_organization": "You belong to several organizations. Which one is it?",
        }.get(error.code)
        if error.code == "too_many_tries":
            minutes = max(1, round((error.retry_after or 60) / 60))
            words = f"Too many tries. Please wait {minutes} minute{'s' if minutes > 1 else ''}."
        if words is None:
            raise
        choices = [(p.next_step, p.message) for p in error.problems if p.where == "organization"]
        return sign_in_sheet(
            request,
            error.status,
            username=given.get("username", ""),
            problem=words,
            choices=choices,
            second=error.code == "two_factor_required",
        )
    await sign_in.leave(parts.db, parts.clock, cookie_of(request))
    response = RedirectResponse("/account", 303)
    let_in(request, response, signed_in)
    return response


@router.post("/sign-out")
async def leave(request: Request, parts: PartsDep, who: Annotated[Principal, Depends(known)]) -> Response:
    """Sign out; ``everywhere`` means every browser."""
    account_of(who)
    given = await form_of(request)
    everywhere = given.get("everywhere") == "yes"
    await sign_in.leave(parts.db, parts.clock, cookie_of(request), everywhere=everywhere)
    response = RedirectResponse("/sign-in", 303)
    let_out(request, response)
    return response


@router.get("/forgotten")
async def show_forgotten(request: Request) -> Response:
    """Ask for a link."""
    return page(request, "account/forgotten.html", sent=False)


@router.post("/forgotten")
async def forgotten(request: Request, later: BackgroundTasks) -> Response:
    """The answer is the same whether there is such an account or not."""
    request.app.state.admit(request)
    if from_elsewhere(request):
        raise NotAllowed("this form can only be sent from its own page", code="csrf")
    given = await form_of(request)
    await ask_for_letter(request, later, given.get("email", ""))
    answer = page(request, "account/forgotten.html", 202, sent=True)
    answer.background = later
    return answer
