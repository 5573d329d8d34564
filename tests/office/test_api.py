"""The office over the API: answers, listings, availability, appointments, who has a lead (A047)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.ids import new_id
from integrations.calendars import Busy
from stores import leads, tenancy
from tests.api.conftest import People, with_people
from tests.office.conftest import NINE_TO_FIVE, Office
from tests.web.conftest import make_app, settings_for

CSV = "mls_id,address,city,price\nB1,1 First Street,Denver,100000\nB2,2 Second Street,Denver,200000\n"


class Api:
    """A member of the client at the API."""

    def __init__(self, http: httpx.AsyncClient, header: dict[str, str], tenant: Any):
        self.http, self.header, self.base = http, header, f"/api/v1/tenants/{tenant}"

    async def ask(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        headers = self.header | more.pop("headers", {})
        answer = await self.http.request(method, self.base + path, headers=headers, **more)
        assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
        return answer.json() if answer.content else None


class FakeCalendars:
    """An agent's calendar: busy all of tomorrow, or out of order."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.asked: list[str] = []

    async def busy(self, url: str, *, since: datetime, until: datetime, zone: str) -> list[Busy]:
        self.asked.append(url)
        if self.error is not None:
            raise self.error
        return [Busy(since, until - timedelta(days=3))]


@pytest.fixture
async def app(office: Office, tmp_path: Path) -> Any:
    from dataclasses import replace

    application = make_app(settings_for(tmp_path), office.db)
    parts = application.state.parts
    ports = replace(parts.ports, calendars=FakeCalendars())
    application.state.parts = replace(parts, clock=office.clock, ports=ports)
    application.state.people = with_people(application)
    return application


@pytest.fixture
async def api(app: Any, office: Office) -> Any:
    people: People = app.state.people
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        yield Api(http, people.add("owner", office.tenant_id), office.tenant_id)


async def test_answers_are_kept_changed_and_forgotten(api: Api) -> None:
    made = await api.ask(
        "POST", "/knowledge/answers", 201, json={"title": "Do you rent boats?", "answer": "No, only homes."}
    )
    said = await api.ask("POST", "/knowledge/ask", json={"question": "do you rent out boats"})
    assert (said["answered"], said["answer"]) == (True, "No, only homes.")
    path = f"/knowledge/answers/{made['id']}"
    await api.ask("PATCH", path, 428, json={"answer": "Ask an agent."})
    tag = (await api.http.get(api.base + path, headers=api.header)).headers["etag"]
    changed = await api.ask("PATCH", path, json={"answer": "Ask an agent."}, headers={"If-Match": tag})
    assert changed["answer"] == "Ask an agent." and changed["title"] == "Do you rent boats?"
    await api.ask("PATCH", path, 412, json={"answer": "x y"}, headers={"If-Match": tag})
    await api.ask("DELETE", path, 204)
    await api.ask("GET", path, 404)
    refused = await api.ask(
        "POST", "/knowledge/answers", 422, json={"title": "Is it safe?", "answer": "Yes, a very safe area."}
    )
    fee = {"title": "application fee for rentals", "answer": "The application fee is 45 dollars per adult."}
    assert (await api.ask("POST", "/knowledge/answers", 201, json=fee))["answer"] == fee["answer"]
    await api.ask(
        "POST", "/knowledge/answers", 422, json={"title": "Who may apply?", "answer": "Adults only, no kids."}
    )
    assert "may not say" in refused["detail"]


async def test_listings_are_imported_checked_repeated_and_taken_back(api: Api) -> None:
    dry = await api.ask(
        "POST", "/knowledge/imports", 201, json={"content": CSV, "source": "mine", "dry_run": True}
    )
    assert (dry["status"], dry["added"]) == ("checked", 2)
    first = await api.ask("POST", "/knowledge/imports", 201, json={"content": CSV, "source": "mine"})
    assert (first["status"], first["added"]) == ("imported", 2)
    again = await api.ask("POST", "/knowledge/imports", 201, json={"content": CSV, "source": "mine"})
    assert (again["status"], again["unchanged"]) == ("unchanged", 2)
    less = CSV.replace("B2,2 Second Street,Denver,200000\n", "").replace("100000", "90000")
    second = await api.ask(
        "POST", "/knowledge/imports", 201, json={"content": less, "source": "mine", "complete": True}
    )
    assert (second["changed"], second["removed"]) == (1, 1)
    homes = {h["mls_id"]: h for h in (await api.ask("GET", "/knowledge/listings"))["items"]}
    assert (homes["B1"]["price"], homes["B2"]["status"]) == (90000, "withdrawn")
    assert homes["A100"]["status"] == "active", "another source's listings stay"
    await api.ask("POST", f"/knowledge/imports/{first['import_id']}/undo", 409)
    await api.ask("POST", f"/knowledge/imports/{second['import_id']}/undo")
    await api.ask("POST", f"/knowledge/imports/{second['import_id']}/undo", 409)
    homes = {h["mls_id"]: h for h in (await api.ask("GET", "/knowledge/listings"))["items"]}
    assert (homes["B1"]["price"], homes["B2"]["status"]) == (100000, "active")
    await api.ask("POST", f"/knowledge/imports/{first['import_id']}/undo")
    assert "B1" not in {h["mls_id"] for h in (await api.ask("GET", "/knowledge/listings"))["items"]}


async def test_a_file_with_faults_is_refused_whole_with_every_place(api: Api) -> None:
    bad = CSV + "B3,,Denver,cheap\n"
    answer = await api.ask("POST", "/knowledge/imports", 422, json={"content": bad})
    assert {p["where"] for p in answer["problems"]} >= {"line 4, address", "line 4, price"}
    assert "B1" not in {h["mls_id"] for h in (await api.ask("GET", "/knowledge/listings"))["items"]}
    some = await api.ask("POST", "/knowledge/imports", 201, json={"content": bad, "skip_bad": True})
    assert some["added"] == 2 and len(some["bad"]) == 2


async def test_availability_decides_what_is_free(api: Api, office: Office) -> None:
    lee = office.people["lee"]
    await api.ask("PATCH", f"/availability/{office.people['sam']}", json={"bookable": False})
    changed = await api.ask(
        "PATCH",
        f"/availability/{lee}",
        json={"hours": {"wed": [["10:00", "11:00"]]}, "exceptions": [{"date": "2026-12-02", "spans": []}]},
    )
    assert changed["hours"] == {"wed": [["10:00", "11:00"]]}
    free = (await api.ask("GET", "/availability/slots?kind=consult&days=14"))["items"]
    assert {f["starts_at"] for f in free} == {"2026-11-25T17:00:00Z", "2026-11-25T17:30:00Z"}
    assert free[0]["words"] == "Wednesday, November 25 at 10 AM Mountain time"
    await api.ask("PATCH", f"/availability/{lee}", 422, json={"hours": {"wed": [["11:00", "10:00"]]}})
    await api.ask("PATCH", f"/availability/{lee}", 422, json={"price_min": 5, "price_max": 4})
    everybody = (await api.ask("GET", "/availability"))["items"]
    assert {a["name"] for a in everybody} == {"Dana Reed", "Lee Park", "Sam Ortiz"}


async def test_a_calendar_of_their_own_keeps_times_from_being_offered(
    api: Api, app: Any, office: Office
) -> None:
    from core.errors import Unavailable
    from integrations.calendars import CalendarRefused
    from tools import availability

    calendars = app.state.parts.ports.calendars
    lee = office.people["lee"]
    await api.ask("PATCH", f"/availability/{office.people['sam']}", json={"bookable": False})
    await api.ask("PUT", f"/availability/{lee}/calendar", 422, json={"url": "http://10.0.0.1/x.ics"})
    before = len((await api.ask("GET", "/availability/slots?kind=call&limit=200"))["items"])
    url = "webcal://calendar.example.com/very-secret.ics"
    shown = await api.ask("PUT", f"/availability/{lee}/calendar", json={"url": url})
    assert shown["calendar"]["state"] == "ok" and shown["calendar"]["host"] == "calendar.example.com"
    assert "secret" not in str(shown) and calendars.asked == ["https://calendar.example.com/very-secret.ics"]
    after = len((await api.ask("GET", "/availability/slots?kind=call&limit=200"))["items"])
    assert after < before
    ports = app.state.parts.ports
    for error, state in (
        (Unavailable("x"), "unreachable"),
        (CalendarRefused("x", code="calendar_gone"), "calendar_gone"),
    ):
        calendars.error = error
        office.clock.advance(hours=3)
        await availability.sweep(office.db, ports, office.clock)
        seen = (await api.ask("GET", f"/availability/{lee}"))["calendar"]
        assert seen["state"] == state and "ago" in seen["stale"]
        assert seen["busy"] == 1, "the last known busy times still hold"
    await api.ask("DELETE", f"/availability/{lee}/calendar", 204)
    assert (await api.ask("GET", f"/availability/{lee}"))["calendar"] is None


async def test_an_appointment_made_moved_and_called_off_by_hand(api: Api, office: Office) -> None:
    lee, sam = str(office.people["lee"]), str(office.people["sam"])
    at = "2026-11-24T17:00:00Z"
    made = await api.ask(
        "POST", "/appointments", 201, json={"member_id": lee, "starts_at": at, "name": "Ann"}
    )
    assert made["buyer_agreement_required"] and made["ends_at"] == "2026-11-24T17:45:00Z"
    taken = await api.ask(
        "POST", "/appointments", 409, json={"member_id": lee, "starts_at": "2026-11-24T17:30:00Z"}
    )
    assert taken["code"] == "slot_taken"
    night = "2026-11-25T06:00:00Z"
    await api.ask("POST", "/appointments", 409, json={"member_id": lee, "starts_at": night})
    await api.ask("POST", "/appointments", 201, json={"member_id": lee, "starts_at": night, "anyway": True})
    await api.ask("POST", "/appointments", 422, json={"member_id": lee, "starts_at": "2020-01-01T10:00:00Z"})
    path = f"/appointments/{made['id']}"
    moved = await api.ask(
        "POST", f"{path}/move", json={"starts_at": "2026-11-24T18:00:00Z", "member_id": sam}
    )
    assert (moved["member_id"], moved["sequence"]) == (sam, 1)
    listed = (await api.ask("GET", "/appointments"))["items"]
    assert len(listed) == 2
    await api.ask("POST", f"{path}/close", 409, json={"status": "done"})
    off = await api.ask("POST", f"{path}/cancel")
    assert off["status"] == "cancelled"
    await api.ask("POST", f"{path}/cancel", 409)
    assert len((await api.ask("GET", "/appointments?status=cancelled"))["items"]) == 1


async def test_who_has_a_lead_and_whom_to_ring(api: Api, office: Office) -> None:
    desk = await office.desk()
    await desk.run("save_lead", {"intent": "buyer", "phone": desk.caller})
    await desk.run("route_lead")
    await desk.run("take_message", {"message": "Please call"})
    async with office.db.tenant(office.tenant_id) as session:
        lead = await leads.lead_of_conversation(session, desk.conversation_id)
        assert lead is not None
    (given,) = (await api.ask("GET", f"/leads/{lead.id}/assignments"))["items"]
    assert given["status"] == "offered" and "in turn" in given["reason"]
    sam = str(office.people["sam"])
    taken = await api.ask("POST", f"/leads/{lead.id}/claim", json={"member_id": sam})
    assert (taken["status"], taken["member_id"]) == ("claimed", sam)
    (waiting,) = (await api.ask("GET", "/callback-queue"))["items"]
    assert waiting["phone"] == desk.caller and waiting["lead_id"] == str(lead.id)
    said = await api.ask("GET", "/routing")
    assert "in turn" in said["explained"][0] and said["problems"] == []


async def test_another_clients_office_is_not_found_and_a_viewer_only_looks(
    api: Api, app: Any, office: Office
) -> None:
    async with office.db.tenant(new_id()) as session:
        other = (await tenancy.create_tenant(session, "Other Homes", status="live")).id
    people: People = app.state.people
    stranger = Api(api.http, people.add("stranger", other), office.tenant_id)
    viewer = Api(api.http, people.add("viewer", office.tenant_id, "viewer"), office.tenant_id)
    for path in ("/knowledge/answers", "/knowledge/listings", "/availability", "/appointments", "/routing"):
        await stranger.ask("GET", path, 404)
        await viewer.ask("GET", path)
    await viewer.ask("POST", "/knowledge/answers", 403, json={"title": "ab", "answer": "cd"})
    at = {"member_id": str(office.people["lee"]), "starts_at": "2026-11-24T17:00:00Z"}
    await viewer.ask("POST", "/appointments", 403, json=at)
    mine = Api(api.http, people.add("stranger", other), other)
    lee = office.people["lee"]
    await mine.ask("PATCH", f"/availability/{lee}", 404, json={"hours": NINE_TO_FIVE})
    await mine.ask("POST", "/appointments", 404, json=at)
