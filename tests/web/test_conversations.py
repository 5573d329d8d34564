"""Chat without a socket: begin, say, look, and every way to get it wrong."""

from __future__ import annotations

import asyncio
from uuid import UUID

from core.ids import HOUSE_TENANT, new_id
from stores import conversations, tenancy
from stores.db import Database
from tests.web.conftest import HOUSE, Desk, MakeDesk
from web.rate import Rate

API = "/api/v1/conversations"


async def test_a_set_up_begins_in_text_and_is_kept(desk: Desk) -> None:
    conversation = await desk.register()
    form = await desk.look(conversation)
    assert (form["flow"], form["step"], form["status"]) == ("onboarding", "voice_agent", "open")
    assert form["slots"]["plan"] == {"status": "confirmed", "value": "professional"}
    assert [r["tool"] for r in form["receipts"]] == ["register_organization"]
    said = [(t["role"], t["text"]) for t in form["transcript"]]
    assert "I'm an AI" in said[0][1] and ("caller", "Maria Reed") in said
    assert form["transcript"][-1]["tools"][0]["receipt_id"] == form["receipts"][0]["id"]


async def test_the_answer_tells_where_the_form_stands(desk: Desk) -> None:
    begun = await desk.begin()
    assert begun["ended"] is False and begun["tools"] == [] and len(begun["replies"]) == 3
    assert begun["awaiting"]["slots"] == ["organization_name"]
    answer = await desk.say(begun["id"], "Acme Realty")
    assert answer["id"] == begun["id"] and answer["slots"]["organization_name"]["status"] == "proposed"
    keyed = await desk.say(begun["id"], "DTMF: 9")
    assert keyed["replies"][-1] == answer["replies"][-1], "9 repeats"


async def test_what_is_private_is_in_no_view(desk: Desk) -> None:
    begun = await desk.begin()
    answer = await desk.say(begun["id"], "my license is FA100012345")
    assert "broker_license" not in answer["slots"]
    assert "broker_license" not in (await desk.look(begun["id"]))["slots"]


async def test_a_tenants_own_number_is_answered_by_its_agent(
    desk: Desk, db: Database, tenant_id: UUID
) -> None:
    async with db.tenant(tenant_id) as session:
        await tenancy.claim_number(session, ["+13035550177"], provider="fictional")
    begun = await desk.begin("+13035550177")
    assert "Acme Real Estate" in begun["replies"][0]
    async with db.tenant(tenant_id) as session:
        await tenancy.set_status(session, "paused", at=(await tenancy.get_tenant(session)).created_at)
    closed = await desk.http.post(API, json={"to": "+13035550177"})
    assert (closed.status_code, closed.json()["code"]) == (409, "not_live")
    assert "not open" in closed.json()["detail"] and "Retry-After" not in closed.headers


async def test_an_unknown_number_is_named(desk: Desk) -> None:
    answer = await desk.http.post(API, json={"to": "+13035550199"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "not_found" and problem["problems"][0]["where"] == "to"
    assert problem["problems"][0]["next_step"]


async def test_every_wrong_field_is_listed_at_once(desk: Desk) -> None:
    answer = await desk.http.post(API, json={"to": "call me", "from": "x", "channel": "fax", "extra": 1})
    assert answer.status_code == 422
    assert {p["where"] for p in answer.json()["problems"]} == {"to", "from", "channel", "extra"}
    for body, kind in ((b"{", "application/json"), (b"", "application/json"), (b"to=1", "text/plain")):
        answer = await desk.http.post(API, content=body, headers={"Content-Type": kind})
        assert answer.status_code == 422 and answer.json()["problems"], body


async def test_words_have_a_size(desk: Desk) -> None:
    path = f"{API}/{(await desk.begin())['id']}/messages"
    for text in ("x" * 2001, "   ", None):
        answer = await desk.http.post(path, json={"text": text})
        assert answer.status_code == 422, text
        assert answer.json()["problems"][0]["where"] == "text"
    assert (await desk.http.post(path, json={"text": "x" * 300_000})).status_code == 413

    async def endless():  # no length is announced
        for _ in range(400):
            yield b"x" * 1000

    answer = await desk.http.post(path, content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413 and answer.json()["code"] == "too_large"


async def test_no_text_breaks_it(desk: Desk) -> None:
    path = f"{API}/{(await desk.begin())['id']}/messages"
    for text in (
        r"Acme \u0000 \ud83d Realty",
        r"\ud83d\ude00",
        "\\u202e\\ufeff",
        "<script>alert(1)</script>",
    ):
        answer = await desk.http.post(
            path, content=f'{{"text": "{text}"}}', headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in (200, 422), (text, answer.text)


async def test_nobody_else_has_that_conversation(desk: Desk) -> None:
    for bad, status in ((new_id(), 404), ("7", 422)):
        assert (await desk.http.get(f"{API}/{bad}")).status_code == status
        assert (await desk.http.post(f"{API}/{bad}/messages", json={"text": "hi"})).status_code == status


async def test_an_ended_conversation_stays_ended(desk: Desk, db: Database) -> None:
    begun = await desk.begin()
    async with db.tenant(HOUSE_TENANT) as session:
        at = (await conversations.load(session, UUID(begun["id"]))).created_at
        await conversations.end(session, UUID(begun["id"]), at=at, reason="test")
    answer = await desk.http.post(f"{API}/{begun['id']}/messages", json={"text": "hello?"})
    assert answer.status_code == 409 and answer.json()["code"] == "ended"
    assert (await desk.look(begun["id"]))["status"] == "ended"


async def test_a_conversation_that_is_on_another_line_is_busy(desk: Desk, db: Database) -> None:
    begun = await desk.begin()
    async with db.tenant(HOUSE_TENANT) as session:
        now = desk.app.state.parts.clock.now()
        assert await conversations.take_lease(session, UUID(begun["id"]), "call:x", now=now, seconds=60)
    answer = await desk.http.post(f"{API}/{begun['id']}/messages", json={"text": "Acme"})
    assert answer.status_code == 409 and answer.json()["code"] == "in_use"


async def test_two_messages_at_once_lose_nothing(desk: Desk) -> None:
    begun = await desk.begin()
    path = f"{API}/{begun['id']}/messages"
    answers = await asyncio.gather(
        *(desk.http.post(path, json={"text": text}) for text in ("Acme Realty", "we work in Colorado"))
    )
    took = [a for a in answers if a.status_code == 200]
    assert took and {a.status_code for a in answers} <= {200, 409}
    assert len([t for t in (await desk.look(begun["id"]))["transcript"] if t["role"] == "caller"]) == len(
        took
    )


async def test_a_code_takes_up_the_earlier_set_up_under_any_id(desk: Desk) -> None:
    earlier = await desk.register()
    code = (await desk.look(earlier))["transcript"][-1]["text"].split("code to go on is ")[1][:6]
    later = (await desk.begin())["id"]
    answer = await desk.say(later, f"I want to resume, my code is {code}")
    assert answer["id"] == earlier and answer["step"] == "voice_agent"
    assert (await desk.look(later))["id"] == earlier, "the new line leads there from now on"
    assert (await desk.say(later, "professional female"))["id"] == earlier


async def test_a_burst_is_told_to_wait(make_desk: MakeDesk) -> None:
    desk, other = make_desk("203.0.113.9"), make_desk("203.0.113.10")
    desk.app.state.admit = other.app.state.admit = Rate(5, now=lambda: 0.0).admit
    answers = [await desk.http.post(API, json={"to": "+13035550199"}) for _ in range(6)]
    assert [a.status_code for a in answers] == [404] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "12"
    assert (await other.http.post(API, json={"to": HOUSE})).status_code == 201
