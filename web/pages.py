"""The pages a newcomer meets: where to begin, and the line to talk on."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel

from policies.compliance import compliance
from stores import tenancy
from web.parts import PartsDep
from web.peers import is_here

STATIC = Path(__file__).parent / "static"
templates = Jinja2Templates(Path(__file__).parent / "templates")

CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}

router = APIRouter(include_in_schema=False)


class Line(BaseModel):
    """A number one can talk to from the page."""

    number: str
    name: str


class Lines(BaseModel):
    """All of them; the onboarding number first. ``outbox``: the letters can be read here (development)."""

    lines: list[Line]
    outbox: bool = False


@router.get("/")
async def home() -> Response:
    """The talk page is where one begins."""
    return RedirectResponse("/talk")


@router.get("/terms")
async def terms(request: Request) -> Response:
    """The terms of service, to be read before anything is agreed."""
    facts = {"sheet": {"facts": {"version": compliance().terms.version}}, "problems": {}, "given": {}}
    return templates.TemplateResponse(request, "links/terms.html", facts, headers=HEADERS)


@router.get("/talk")
async def talk() -> Response:
    """Talk to the agent by keyboard or microphone."""
    return FileResponse(STATIC / "talk.html", media_type="text/html", headers=HEADERS)


@router.get("/talk/lines")
async def lines(request: Request, parts: PartsDep) -> Lines:
    """The lines the page offers; in production only onboarding: numbers of clients are theirs to give."""
    found = [Line(number=parts.onboarding_number, name="Set up a brokerage")]
    if not request.app.state.settings.production:
        async with parts.db.platform("the talk page lists live lines") as session:
            rows = await tenancy.live_lines(session)
        found += [Line(number=e164, name=name) for e164, name in rows]
    return Lines(lines=found, outbox=not request.app.state.settings.production and is_here(request))
