"""The office's page and its REST: who waits, who takes it, what the agent may call (C01, C02, A047)."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.ids import new_id
from stores import dials, leads, listing_feeds, support, tenancy
from stores.db import Database
from tests.identity.conftest import Browser, House

ANN = "+13035550142"
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


@pytest.fixture
async def waiting(db: Database, tenant_id: UUID) -> UUID:
    """A message that waits to be answered, with its lead, its task and its call-back."""
    async with db.tenant(tenant_id) as session:
        await tenancy.claim_number(session, ["+13035550150"], provider="dev")
        await tenancy.upsert_profile(session, persona_name="Alex")
        await tenancy.upsert_rules(session)
        lead = await leads.add_lead(
            session, intent="buyer", name="Ann Lee", phones=[ANN], summary="Buyer, looking in Oak Park.",
            score=70, disposition="message",
            extra={"message": "Is the house on Elm still there?", "hot": True},
        )  # fmt: skip
        await leads.add_task(
            session,
            kind="message",
            title="Answer the message",
            due_at=NOW - timedelta(hours=1),
            lead_id=lead.id,
        )
        row = await support.book_callback(
            session, phone=ANN, window_end=NOW - timedelta(hours=1), reason="Message"
        )
        await listing_feeds.add(
            session, name="metro", root="https://mls.example/odata", next_at=NOW, failures=2,
            error="the MLS refused the token",
        )  # fmt: skip
    return row.id


async def press(browser: Browser, path: str, **fields: str) -> Any:
    return await browser.http.post(path, data=fields, headers={"sec-fetch-site": "same-origin"})


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


async def test_a_message_is_seen_taken_by_one_and_finished(
    house: House,
    tenant_id: UUID,
    waiting: UUID,
) -> None:
    dana = await house.signed_in(tenant_id, "owner")
    lee = await house.signed_in(tenant_id, "agent", "lee@acme.example")
    shown = words((await dana.http.get("/office")).text)
    assert "Call-backs (1)" in shown and "Ann Lee" in shown and "(303) 555-0142" in shown
    assert "“Is the house on Elm still there?”" in shown and "Was promised by Mon, Nov 23, 8:00 AM" in shown
    assert "the MLS refused the token" in shown
    assert (await press(lee, f"/office/callbacks/{waiting}", act="claim")).status_code == 303
    assert "You see to it." in words((await lee.http.get("/office")).text)
    late = await press(dana, f"/office/callbacks/{waiting}", act="claim")
    assert late.status_code == 409 and "Somebody else has taken it." in words(late.text)
    assert "The agent sees to it." in words((await dana.http.get("/office")).text)
    done = await press(lee, f"/office/callbacks/{waiting}", act="done", note="Will visit on Tuesday")
    assert done.status_code == 303
    after = words((await dana.http.get("/office")).text)
    assert "Nobody waits for a call." in after and "To do Nothing." in after, "its task is done with it"
    async with house.db.tenant(tenant_id) as session:
        row = await support.get_callback(session, waiting)
        assert row is not None and (row.status, row.note) == ("done", "Will visit on Tuesday")


async def test_who_may_only_look_changes_nothing(
    house: House,
    tenant_id: UUID,
    waiting: UUID,
) -> None:
    viewer = await house.signed_in(tenant_id, "viewer")
    shown = (await viewer.http.get("/office")).text
    assert "Ann Lee" in shown and "<form" not in shown
    assert (await press(viewer, f"/office/callbacks/{waiting}", act="claim")).status_code == 403
    stranger = house.open_browser()
    assert (await stranger.http.get("/office")).status_code == 401
    forged = await viewer.http.post(
        f"/office/callbacks/{waiting}", data={"act": "claim"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert forged.status_code in (401, 403)


async def test_outbound_is_off_until_it_is_switched_on_and_stops_when_off(
    house: House,
    tenant_id: UUID,
    waiting: UUID,
) -> None:
    dana = await house.signed_in(tenant_id, "owner")
    refused = await dana.ask("POST", "/tenants/me/outbound/calls", json={"callback_id": str(waiting)})
    assert (refused.status_code, refused.json()["code"]) == (409, "outbound_off")
    shown = (await dana.ask("GET", "/tenants/me/outbound")).json()
    assert shown["enabled"] is False and shown["ready"] is False and shown["national_list_fresh"] is False
    assert (await press(dana, "/office/outbound", enabled="yes", callbacks="yes", voicemail="message",
                        national_list_on="2026-11-20")).status_code == 303  # fmt: skip
    shown = (await dana.ask("GET", "/tenants/me/outbound")).json()
    assert (shown["enabled"], shown["voicemail"], shown["national_list_fresh"]) == (True, "message", True)
    assert (await press(dana, f"/office/callbacks/{waiting}", act="agent")).status_code == 303
    again = await dana.ask("POST", "/tenants/me/outbound/calls", json={"callback_id": str(waiting)})
    assert again.json()["code"] == "planned_already"
    (call,) = (await dana.ask("GET", "/tenants/me/outbound/calls?status=open")).json()["items"]
    assert (call["status"], call["why"], call["phone"]) == ("planned", "callback", ANN)
    off = await dana.ask("PATCH", "/tenants/me/outbound", json={"enabled": False})
    assert off.status_code == 200 and off.json()["enabled"] is False
    (call,) = (await dana.ask("GET", "/tenants/me/outbound/calls")).json()["items"]
    assert (call["status"], call["reason_words"]) == (
        "stopped",
        "Outbound calls are switched off for this client.",
    )
    tomorrow = {"national_list_on": "2026-11-25"}
    assert (await dana.ask("PATCH", "/tenants/me/outbound", json=tomorrow)).status_code == 422


async def test_another_clients_calls_are_not_there(
    house: House,
    tenant_id: UUID,
    waiting: UUID,
    db: Database,
) -> None:
    async with db.tenant(tenant_id) as session:
        row = await dials.plan(
            session, subject="s", phone=ANN, why="manual", template="manual", actor="m", due_at=NOW
        )
        assert row is not None
    async with db.tenant(new_id()) as session:
        other = await tenancy.create_tenant(session, "Bolder Homes", status="live")
    sam = await house.signed_in(other.id, "owner", "sam@bolder.example")
    assert (await sam.ask("POST", f"/tenants/me/outbound/calls/{row.id}/cancel")).status_code == 404
    handled = await sam.ask("POST", f"/tenants/me/callbacks/{waiting}/handle", json={"act": "done"})
    assert handled.status_code == 404
    assert ANN not in (await sam.http.get("/office")).text


async def test_an_unpaid_plan_is_said_on_the_page(
    house: House,
    tenant_id: UUID,
    waiting: UUID,
) -> None:
    dana = await house.signed_in(tenant_id, "owner")
    for days, said in ((1, "A payment did not go through. From"), (20, "The plan has not been paid for.")):
        async with house.db.tenant(tenant_id) as session:
            at = (house.clock.now() - timedelta(days=days)).isoformat()
            await tenancy.update_tenant(session, settings={"billing": {"status": "past_due", "at": at}})
        assert said in words((await dana.http.get("/office")).text)
        assert said in words((await dana.http.get("/account")).text)


async def test_a_feed_over_rest_keeps_its_token_to_itself(
    house: House,
    tenant_id: UUID,
    waiting: UUID,
) -> None:
    dana = await house.signed_in(tenant_id, "owner")
    new = {"name": "north", "root": "https://mls.example/odata", "token": "t0p-secret", "cities": ["Denver"]}
    made = await dana.ask("POST", "/tenants/me/knowledge/feeds", json=new)
    assert made.status_code == 201, made.text
    feed = made.json()
    assert "t0p-secret" not in made.text and feed["every_minutes"] == 60
    path = f"/tenants/me/knowledge/feeds/{feed['id']}"
    assert (await dana.ask("PATCH", path, json={"every_minutes": 5})).status_code == 422
    assert (await dana.ask("PATCH", path, json={"every_minutes": 30})).json()["every_minutes"] == 30
    assert (await dana.ask("POST", f"{path}/run")).status_code == 200
    listed = await dana.ask("GET", "/tenants/me/knowledge/feeds")
    assert [f["name"] for f in listed.json()["items"]] == ["metro", "north"]
    assert (await dana.ask("DELETE", path)).status_code == 204
    bad = await dana.ask("POST", "/tenants/me/knowledge/feeds", json=new | {"root": "http://10.0.0.1/x"})
    assert bad.status_code == 422 and "t0p-secret" not in bad.text
    if folder := os.environ.get("SHOW"):
        Path(folder, "office.html").write_text((await dana.http.get("/office")).text)


async def test_who_wants_no_ai_voice_is_shown_and_not_offered_to_the_agent(
    house: House,
    tenant_id: UUID,
    waiting: UUID,
) -> None:
    async with house.db.tenant(tenant_id) as session:
        await tenancy.upsert_rules(session, compliance={"outbound": True})
        (lead,), _ = await leads.list_leads(session, phone=ANN, limit=5)
    dana = await house.signed_in(tenant_id, "owner")
    shown = words((await dana.http.get("/office")).text)
    assert "Let the agent call" in shown and "No AI voice" not in shown
    async with house.db.tenant(tenant_id) as session:
        held = {"voice": {"granted": True}, "voice_ai": {"granted": False}}
        await leads.update_lead(session, lead.id, consent=held)
    shown = words((await dana.http.get("/office")).text)
    assert "No AI voice: they want a person to call." in shown and "Let the agent call" not in shown
