"""The development outbox: every text and e-mail that a real service would have sent, to read and click."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials
from markupsafe import Markup, escape

from core.errors import NotFound
from stores import outbox, tenancy
from web.access import bearer, operator, principal
from web.links import PRIVATE, templates
from web.parts import PartsDep
from web.peers import is_here

router = APIRouter(include_in_schema=False)

_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


async def developer(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> None:
    """Let the developer at this machine through, or the operator; in production there is no such page."""
    if request.app.state.settings.production:
        raise NotFound("Not Found")
    if not is_here(request):
        await operator(await principal(request, given))


developer.for_operator = True  # type: ignore[attr-defined]  # what web.doors reads


@router.get("/outbox", dependencies=[Depends(developer)])
async def read(request: Request, parts: PartsDep) -> Response:
    """The newest hundred messages, newest first."""
    async with parts.db.platform("a developer reads the outbox") as session:
        messages = await outbox.list_messages(session)
        names = {m.tenant_id: (await tenancy.get_tenant(session, m.tenant_id)).brand_name for m in messages}
    shown = [
        {
            "kind": m.kind,
            "to": m.to_,
            "subject": m.subject,
            "body": linked(m.body),
            "status": m.status,
            "error": m.error,
            "at": m.created_at,
            "sender": names[m.tenant_id],
        }
        for m in messages
    ]
    return templates.TemplateResponse(request, "outbox.html", {"messages": shown}, headers=PRIVATE)


def linked(text: str) -> Markup:
    """Text with its web addresses as links; everything else is escaped."""
    out, end = Markup(""), 0
    for found in _ADDRESS.finditer(text):
        url = found.group().rstrip(".,;:!?)")
        out += escape(text[end : found.start()])
        out += Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(url)
        end = found.start() + len(url)
    return out + escape(text[end:])
