"""The links in letters: an appointment kept or cancelled, a lead taken, no more messages (C16, C41)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from stores import appointments, consents, follow_up, leads, outbox, routing
from tests.office.conftest import Office
from tests.tools.conftest import Desk
from tests.web.conftest import make_app, settings_for
from tools import follow_up as cadence
from tools.base import Ports


@pytest.fixture
async def http(office: Office, tmp_path: Path) -> Any:
    from dataclasses import replace

    app = make_app(settings_for(tmp_path), office.db)
    app.state.parts = replace(app.state.parts, clock=office.clock)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


async def link_in(office: Office, to: str) -> str:
    """The path of the newest link sent to an address."""
    async with office.db.tenant(office.tenant_id) as session:
        for letter in await outbox.list_messages(session):
            found = re.search(r"(/l/[\w-]+)", letter.body)
            if letter.to_ == to and found:
                return found[1]
    raise AssertionError("no link")


async def test_an_appointment_is_shown_taken_into_a_calendar_and_cancelled_once(
    office: Office, desk: Desk, http: httpx.AsyncClient
) -> None:
    await desk.run("offer_slots", {"kind": "tour", "wish": "tomorrow"})
    await desk.run("book_appointment", {"choice": 1, "email": "ann@lee.example", "place": "12 Cherry Lane"})
    path = await link_in(office, "ann@lee.example")
    for _ in range(2):
        page = await http.get(path)
        assert page.status_code == 200 and "tomorrow at 9 AM Mountain time" in page.text
        assert "12 Cherry Lane" in page.text and "written buyer agreement" in page.text
        assert f'href="{path}/calendar.ics"' in page.text
    file = await http.get(f"{path}/calendar.ics")
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    assert file.headers["content-type"].startswith("text/calendar")
    assert str(event["LOCATION"]) == "12 Cherry Lane" and event["DTSTART"].dt.hour == 16
    done = await http.post(path)
    assert done.status_code == 200 and "cancelled" in done.text
    async with office.db.tenant(office.tenant_id) as session:
        assert not await appointments.list_appointments(session)
        letters = await outbox.list_messages(session)
    assert any("Cancelled" in (m.subject or "") and "@acme.example" in m.to_ for m in letters)
    assert (await http.post(path)).status_code == 410
    assert (await http.get("/l/not-a-token/calendar.ics")).status_code == 404


async def test_a_lead_is_taken_by_its_link_and_only_while_it_is_on_offer(
    office: Office, desk: Desk, http: httpx.AsyncClient
) -> None:
    await desk.run("save_lead", {"intent": "buyer", "phone": desk.caller, "areas": ["Oak Park"]})
    await desk.run("route_lead")
    async with office.db.tenant(office.tenant_id) as session:
        lead = await leads.lead_of_conversation(session, desk.conversation_id)
        assert lead is not None
        row = await routing.current(session, lead.id)
        assert row is not None
    first = next(name for name, member in office.people.items() if member == row.member_id)
    path = await link_in(office, f"{first}@acme.example")
    page = await http.get(path)
    assert "Oak Park" in page.text and desk.caller not in page.text, "who it is, is seen after taking it"
    taken = await http.post(path)
    assert taken.status_code == 200 and desk.caller in taken.text
    async with office.db.tenant(office.tenant_id) as session:
        row = await routing.current(session, lead.id)
    assert row is not None and row.status == "claimed"
    assert (await http.post(path)).status_code == 410


async def test_no_more_messages_means_none(office: Office, desk: Desk, http: httpx.AsyncClient) -> None:
    buyer = {"intent": "buyer", "phone": desk.caller, "email": "ann@lee.example", "consent_contact": True}
    await desk.run("save_lead", buyer)
    await desk.run("plan_follow_up")
    office.clock.advance(minutes=6)
    ports = Ports(public_url="http://127.0.0.1:8000")
    await cadence.sweep(office.db, ports, office.clock)
    path = await link_in(office, "ann@lee.example")
    assert (await http.post(path)).status_code == 200
    office.clock.advance(days=2)
    await cadence.sweep(office.db, ports, office.clock)
    async with office.db.tenant(office.tenant_id) as session:
        lead = await leads.lead_of_conversation(session, desk.conversation_id)
        assert lead is not None
        assert {s.status for s in (await follow_up.steps(session, lead.id))[1:]} == {"stopped"}
        assert (await consents.consents(session, "ann@lee.example"))["email"].granted is False


async def test_an_invitation_goes_with_the_mail_and_reads_as_one(tmp_path: Path) -> None:
    """Against a real mail server in this process."""
    import email
    import socket

    from aiosmtpd.controller import Controller

    from integrations.outbox import Letter, Messenger

    got: list[Any] = []

    class Box:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            got.append(email.message_from_bytes(envelope.content))
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(Box(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        messenger = Messenger(tmp_path, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="a@b.example")
        file = "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"
        await messenger.send(Letter("0192-x-1", "email", "ann@lee.example", "Hello", "Booked", calendar=file))
    finally:
        controller.stop()
    parts = {p.get_content_type(): p for p in got[0].walk()}
    assert parts["text/calendar"].get_filename() == "appointment.ics"
    assert b"BEGIN:VCALENDAR" in parts["text/calendar"].get_payload(decode=True)
    assert "Hello" in parts["text/plain"].get_payload()
