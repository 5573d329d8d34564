"""One-time links: looking is free (mail scanners look), sending uses them up (A015, C41)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import phonenumbers
from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates
from loguru import logger

from core.errors import Conflict, NotAllowed
from core.ids import fingerprint
from core.settings import Settings
from stores import outbox
from stores.vault import Vault, open_vault
from web.link_pages import PURPOSES
from web.live import live_of
from web.pages import HEADERS
from web.parts import PartsDep
from web.visit import Closed, Purpose, Visit, Wrong

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(Path(__file__).parent / "templates")

# nothing of such a page is kept anywhere, and no other site learns its address
PRIVATE = {**HEADERS, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
LONGEST_TOKEN = 128
MOST_FIELDS = 200


def make_vault(settings: Settings) -> Vault:
    """The vault of this installation (``stores.vault.open_vault``)."""
    return open_vault(settings)


@router.api_route("/link/{token}", methods=["GET", "HEAD"])
@router.api_route("/l/{token}", methods=["GET", "HEAD"])
async def look(token: str, request: Request, parts: PartsDep) -> Response:
    """Show what the link does. Changes nothing, however often it is fetched."""
    request.app.state.admit(request)
    try:
        visit, purpose = await _visit(token, request)
        sheet = await purpose.sheet(visit)
    except Closed as closed:
        return _closed(request, closed)
    return _page(request, f"links/{sheet.template}.html", sheet=sheet, problems={}, given={})


@router.post("/link/{token}")
@router.post("/l/{token}")
async def send(token: str, request: Request, parts: PartsDep) -> Response:
    """Do what the link is for, once. What cannot be accepted is shown again and the link stays good."""
    request.app.state.admit(request)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("this form can only be sent from its own page")
    async with request.form(max_fields=MOST_FIELDS, max_files=0) as form:
        given = {key: [str(value) for value in form.getlist(key)] for key in form}
    try:
        visit, purpose = await _visit(token, request)
        try:
            done = await purpose.take(visit, given)
        except Wrong as wrong:
            sheet = await purpose.sheet(visit)
            shown = f"links/{sheet.template}.html"
            return _page(
                request, shown, 422, sheet=sheet, problems=wrong.problems, given=_shown(sheet, given)
            )
    except Closed as closed:
        return _closed(request, closed)
    except Conflict as conflict:
        why = {"in_use": "busy", "ended": "ended"}.get(conflict.code, "gone")
        return _closed(request, Closed(why))
    logger.info("a link was used: {}", visit.link.purpose)
    return _page(request, "links/done.html", done=done)


async def _visit(token: str, request: Request) -> tuple[Visit, Purpose]:
    """The link, if it could still be used. Closed."""
    parts = request.app.state.parts
    link = None
    if len(token) <= LONGEST_TOKEN:
        async with parts.db.platform("someone opens a one-time link") as session:
            link = await outbox.peek_link(session, fingerprint(token), now=parts.clock.now())
    purpose = PURPOSES.get(link.purpose) if link is not None else None
    if link is None or purpose is None:
        raise Closed
    peer = request.client.host if request.client else None
    return Visit(parts, _vault(request), live_of(request.app.state), link, peer), purpose


def _vault(request: Request) -> Vault:
    state = request.app.state
    if not hasattr(state, "vault"):
        state.vault = make_vault(state.settings)
    return cast(Vault, state.vault)


def _shown(sheet: Any, given: dict[str, list[str]]) -> dict[str, list[str]]:
    """What is put back into the boxes: never a secret."""
    open_ones = {f.name for f in sheet.fields if f.kind != "secret"}
    return {name: words for name, words in given.items() if name in open_ones}


def _closed(request: Request, closed: Closed) -> Response:
    status = {"busy": 409, "not_yet": 409, "elsewhere": 409}.get(closed.why, 410)
    number = request.app.state.parts.onboarding_number
    return _page(
        request, "links/closed.html", status, why=closed.why, number=number, shown=_shown_number(number)
    )


def _shown_number(e164: str) -> str:
    """As it is dialled in its own country."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def _page(request: Request, name: str, status: int = 200, **facts: Any) -> Response:
    return templates.TemplateResponse(request, name, facts, status_code=status, headers=PRIVATE)
