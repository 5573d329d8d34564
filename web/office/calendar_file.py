"""An appointment as a file for a calendar, under the secret of its link."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from core.errors import NotFound
from core.ids import fingerprint
from stores import outbox
from tools import agenda
from tools.appointment_letters import calendar_of
from web.links import LONGEST_TOKEN, PRIVATE
from web.office.visits import appointment_of
from web.parts import PartsDep

router = APIRouter(include_in_schema=False)


@router.get("/l/{token}/calendar.ics")
async def calendar_file(token: str, request: Request, parts: PartsDep) -> Response:
    """The appointment of a link as a calendar file. Looking uses nothing up. NotFound."""
    request.app.state.admit(request)
    now = parts.clock.now()
    link = None
    if len(token) <= LONGEST_TOKEN:
        async with parts.db.platform("someone wants their appointment for a calendar") as session:
            link = await outbox.peek_link(session, fingerprint(token), now=now)
    if link is None or link.purpose != "appointment":
        raise NotFound("no such appointment")
    async with parts.db.tenant(link.tenant_id) as session:
        row = await appointment_of(session, link)
        office = await agenda.open_office(session)
    if row is None or row.status not in ("booked", "cancelled"):
        raise NotFound("no such appointment")
    body = calendar_of(row, office, now)
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="appointment.ics"'}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)
