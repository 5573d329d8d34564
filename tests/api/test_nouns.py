"""What each noun promises beyond its shape (A006, A030, A045-A047, B022)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from loguru import logger
from sqlalchemy import select

from agent.recording import recording_path
from core.errors import Conflict
from stores import calls, file_keys, leads, receipts, tenancy
from stores.db import Database
from stores.idempotency import IdempotentRequest
from stores.vault import Secret
from tests.api.conftest import HEADERS, Owner, fill
from web.idempotency import Vaults
from web.recordings import unseal_recording

RULES: dict[str, Any] = {
    "criteria": {
        "location": 10,
        "price": 20,
        "motivation": 30,
        "agent": 10,
        "mortgage": 20,
        "appointment": 10,
    },
    "hot_rule": {"score": 70, "days": 14, "financing": ["cash"]},
    "routing": {"mode": "round_robin", "fallback": "admin", "claim_minutes": 20},
    "follow_up": [{"minutes": 60, "channel": "email", "template": "thanks"}],
}


# --- leads ------------------------------------------------------------------------------------------


async def test_a_lead_is_scored_when_it_comes_and_when_it_changes(owner: Owner) -> None:
    lead = await owner.made("/leads", {"intent": "buyer", "phones": ["+13035550142"], "areas": ["Aurora"]})
    hot = {"timeline": "asap", "financing": "cash", "price_max": 400_000, "represented": "no"}
    done = (await owner.patch(f"/leads/{lead['id']}", hot)).json()
    assert done["score"] > lead["score"] and "pays cash" in done["score_reasons"] and done["extra"]["hot"]
    cold = (await owner.patch(f"/leads/{lead['id']}", {"timeline": None, "financing": None})).json()
    assert cold["score"] < done["score"] and not cold["extra"]["hot"]


async def test_an_opt_out_stands(owner: Owner) -> None:
    lead = await owner.made("/leads", {"intent": "buyer", "phones": ["+13035550142"]})
    task = await owner.made(f"/leads/{lead['id']}/tasks", {"title": "Call"})
    assert (await owner.patch(f"/leads/{lead['id']}", {"dnc": True})).json()["dnc"] is True
    assert (await owner.get(f"/tasks/{task['id']}")).json()["status"] == "cancelled"
    back = await owner.patch(f"/leads/{lead['id']}", {"dnc": False})
    assert back.status_code == 422 and back.json()["problems"][0]["where"] == "dnc"
    gone = await owner.ask("DELETE", f"/leads/{lead['id']}")
    assert (gone.status_code, gone.json()["code"]) == (409, "opted_out")


async def test_what_a_lead_may_not_be(owner: Owner) -> None:
    for body, where in (
        ({"intent": "buyer"}, ["phones"]),
        ({"intent": "buyer", "phones": ["+13035550142"], "price_min": 9, "price_max": 1}, ["price_min"]),
        ({"intent": "buyer", "phones": ["+13035550142"], "consent": {"sms": True}}, ["consent"]),
        ({"intent": "buyer", "emails": ["no"], "beds": "3"}, ["emails.0", "beds"]),
    ):
        answer = await owner.post("/leads", body)
        assert answer.status_code == 422
        assert [p["where"] for p in answer.json()["problems"]] == where, answer.text


# --- integrations -----------------------------------------------------------------------------------


async def test_a_secret_goes_in_and_never_out(owner: Owner, db: Database, tenant_id: UUID) -> None:
    lines: list[str] = []
    sink = logger.add(lambda message: lines.append(str(message)), level=logging.DEBUG)
    secret = "sk-very-secret-indeed"
    made = await owner.post(
        "/integrations",
        {"kind": "crm", "vendor": "followupboss", "secret": secret, "config": {"note": "main account"}},
        Idempotency_Key="k",
    )
    assert made.status_code == 201, made.text
    path = f"/integrations/{made.json()['id']}"
    seen = [made.text]
    for answer in (
        await owner.post(f"{path}/test"),
        await owner.patch(path, {"secret": f"{secret}-2"}),
        await owner.get("/integrations"),
        await owner.get("/audit"),
        await owner.post("/integrations", {"kind": "crm", "vendor": "nope", "secret": secret}),
        await owner.patch(path, {"secret": {"secret": secret}}),
    ):
        seen.append(answer.text)
    logger.remove(sink)
    async with db.tenant(tenant_id) as session:
        kept = await Vaults.of(owner.desk.app.state).open(session, "crm:followupboss")
        seen += [str(r.arguments) + str(r.result) for r in (await session.scalars(select(receipts.Receipt)))]
        seen += [str(r.reply) for r in (await session.scalars(select(IdempotentRequest)))]
    assert kept == f"{secret}-2"
    assert not [text for text in (*seen, *lines) if secret in text]
    assert (await owner.ask("DELETE", path)).status_code == 204
    async with db.tenant(tenant_id) as session:
        assert (await session.scalars(select(Secret))).all() == []


async def test_connections_are_within_the_plan_and_known(owner: Owner, db: Database, tenant_id: UUID) -> None:
    async with db.tenant(tenant_id) as session:
        await tenancy.update_tenant(session, plan="starter")
    for vendor in ("hubspot", "followupboss"):
        await owner.made("/integrations", {"kind": "crm", "vendor": vendor})
    third = await owner.post("/integrations", {"kind": "calendar", "vendor": "google"})
    assert (third.status_code, third.json()["code"]) == (422, "over_plan")
    assert "Professional" in third.json()["detail"]
    again = await owner.post("/integrations", {"kind": "crm", "vendor": "hubspot"})
    assert (again.status_code, again.json()["code"]) == (409, "already_connected")
    unknown = await owner.post("/integrations", {"kind": "crm", "vendor": "excel"})
    assert unknown.json()["problems"][0]["where"] == "vendor"
    # a lead source takes no place in the plan
    await owner.made("/integrations", {"kind": "lead_source", "vendor": "zillow"})


async def test_a_built_in_list_is_tested_for_real(owner: Owner, db: Database, tenant_id: UUID) -> None:
    made = await owner.made("/integrations", {"kind": "crm", "vendor": "builtin"})
    done = (await owner.post(f"/integrations/{made['id']}/test")).json()
    assert (done["state"], done["last_test"]["ok"]) == ("connected", True)
    async with db.tenant(tenant_id) as session:
        assert (await leads.list_leads(session, include_tests=True))[0] == [], "the test entry is gone"


# --- the agent and the rules ------------------------------------------------------------------------


async def test_what_is_said_first_cannot_be_changed(owner: Owner) -> None:
    assert (await owner.get("/agent")).status_code == 404
    greeting = "This call is recorded. Welcome to Acme Real Estate!"
    made = await owner.ask("PUT", "/agent", {"greeting": greeting, "persona_name": "Sam"})
    assert made.status_code == 200, made.text
    assert made.json()["greeting"] == "Welcome to Acme Real Estate!", "the disclosure is not said twice"
    assert "AI" in made.json()["disclosure"] and "recorded" in made.json()["disclosure"]
    for body in ({"disclosure": "Hi"}, {"recording_notice": False}):
        assert (await owner.patch("/agent", body)).status_code == 422
    wrong = await owner.patch(
        "/agent", {"greeting": "I am a real person.", "voice_profile": "x", "after_hours_mode": "x"}
    )
    assert {p["where"] for p in wrong.json()["problems"]} == {"greeting", "voice_profile", "after_hours_mode"}
    heard = (await owner.get("/agent/opening")).json()
    assert heard["text"] == f"{heard['disclosure']} Welcome to Acme Real Estate!"
    tried = (await owner.get("/agent/opening?greeting=I+am+a+real+person&channel=chat")).json()
    assert tried["problems"] and tried["channel"] == "chat"


async def test_a_transfer_number_waits_for_its_proof(owner: Owner, db: Database, tenant_id: UUID) -> None:
    proved = {"e164": "+13035550142", "name": "Maria", "ring_seconds": 20, "verified": True}
    async with db.tenant(tenant_id) as session:
        await tenancy.upsert_profile(session, transfer_targets=[proved])
    targets = [{"e164": "+13035550142", "name": "Maria"}, {"e164": "+13035550143"}]
    done = (await owner.patch("/agent", {"transfer_targets": targets})).json()
    assert [t["verified"] for t in done["transfer_targets"]] == [True, False]
    claimed = await owner.patch("/agent", {"transfer_targets": [proved]})
    assert claimed.status_code == 422, "nobody proves a number by saying so"


async def test_rules_are_looked_through_and_said_in_words(owner: Owner) -> None:
    assert (await owner.get("/rules")).status_code == 404
    first = await owner.ask("PUT", "/rules", RULES)
    assert (first.status_code, first.json()["code"]) == (409, "fair_housing")
    made = await owner.ask("PUT", "/rules", RULES | {"fair_housing_ack": True, "recording": "announce"})
    assert made.status_code == 200, made.text
    said = " ".join(made.json()["explained"])
    assert "from 70 points" in said and "an e-mail after 1 hour" in said and "told so first" in said
    broken = RULES | {
        "criteria": {"race": 100},
        "follow_up": [{"minutes": 9, "channel": "email", "template": "spam"}],
        "routing": {"mode": "by_accent"},
    }
    looked = (await owner.post("/rules/lint", broken)).json()
    assert looked["problems"].keys() == {"criteria", "follow_up", "routing"} and looked["explained"] == []
    refused = await owner.ask("PUT", "/rules", broken, If_Match="*")
    assert {p["where"] for p in refused.json()["problems"]} == looked["problems"].keys()
    assert (await owner.get("/rules")).json()["version"] == made.json()["version"]


# --- flows ------------------------------------------------------------------------------------------


async def test_a_flow_is_drafted_compared_published_and_taken_back(owner: Owner) -> None:
    (flow,) = (await owner.get("/flows")).json()["items"]
    assert (flow["flow"], flow["live_version"], flow["latest_version"]) == ("lead", 0, 0)
    shipped = (await owner.get("/flows/lead/versions/0")).json()
    assert shipped["problems"] == [] and shipped["status"] == "live"
    first = await owner.made("/flows/lead/versions", {"source": shipped["source"] + "\n# ours\n"})
    second = await owner.made(
        "/flows/lead/versions", {"source": shipped["source"] + "\n# better\n", "based_on": 1}
    )
    assert (first["version"], second["version"]) == (1, 2)
    for number in (1, 2):
        done = await owner.post(f"/flows/lead/versions/{number}/publish", If_Match="*")
        assert done.json()["live_version"] == number
    changed = (await owner.get("/flows/lead/versions/1/diff")).json()
    assert "-# better" in changed["unified"] and "+# ours" in changed["unified"]
    assert changed["from_version"] == 2
    for live in (1, 2):
        back = await owner.post("/flows/lead/rollback", {}, If_Match="*")
        assert back.json()["live_version"] == live, "back, and back again"
    statuses = [v["status"] for v in (await owner.get("/flows/lead/versions")).json()["items"]]
    assert statuses == ["live", "retired", "retired"]
    assert (await owner.post("/flows/lead/versions/1/publish")).status_code == 428
    assert (await owner.post("/flows/lead/versions/9/publish", If_Match="*")).status_code == 404
    assert (await owner.get("/flows/onboarding")).status_code == 404, "the platform's own"


WRONG = [
    ("flow: lead", "flow: other", "flow_name"),
    ("tool: save_lead", "tool: register_organization", "unknown_tool"),
    ("opt_out", "help", "missing_command"),
    ("slots:", "slots: [", "yaml"),
]


async def test_what_is_wrong_is_kept_as_a_draft_and_never_published(owner: Owner) -> None:
    source = (await owner.get("/flows/lead/versions/0")).json()["source"]
    for old, new, code in WRONG:
        assert old in source
        draft = await owner.made("/flows/lead/versions", {"source": source.replace(old, new)})
        assert code in [p["code"] for p in draft["problems"]]
        assert all(p["file"] == "lead.yaml" and p["line"] >= 1 for p in draft["problems"])
        refused = await owner.post(f"/flows/lead/versions/{draft['version']}/publish", If_Match="*")
        assert refused.status_code == 422, code
        assert refused.json()["problems"][0]["where"].startswith("lead.yaml:")
    assert (await owner.get("/flows/lead")).json()["live_version"] == 0


# --- calls ------------------------------------------------------------------------------------------


@pytest.fixture(params=["sealed", "from before"])
async def recorded(owner: Owner, db: Database, tenant_id: UUID, request: pytest.FixtureRequest) -> str:
    """A call with a recording of its own; older ones are not sealed."""
    ids, sound = await fill(db, tenant_id, "+13035550177"), b"RIFF" + bytes(range(200))
    path = recording_path(owner.desk.app.state.settings.data_dir, tenant_id, UUID(ids["call"]))
    path.parent.mkdir(parents=True)
    async with db.tenant(tenant_id) as session:
        keys = await file_keys.to_write(session, Vaults.of(owner.desk.app.state))
    if request.param == "sealed":
        keys.put(path, sound)
    else:
        path.write_bytes(sound)
    async with db.tenant(tenant_id) as session:
        await calls.update_call(session, UUID(ids["call"]), recording_path=str(path))
    return ids["call"]


async def test_a_recording_is_played_in_parts(owner: Owner, recorded: str) -> None:
    path = f"/calls/{recorded}/recording"
    whole = await owner.get(path)
    assert (whole.status_code, len(whole.content)) == (200, 204)
    assert (whole.headers["content-type"], whole.headers["accept-ranges"]) == ("audio/wav", "bytes")
    part = await owner.get(path, Range="bytes=4-7")
    assert (part.status_code, part.content) == (206, bytes(range(4)))
    assert part.headers["content-range"] == "bytes 4-7/204"
    last = await owner.get(path, Range="bytes=-4")
    assert (last.status_code, last.content) == (206, bytes(range(196, 200)))
    assert (await owner.get(path, Range="bytes=200-999")).content == last.content
    for beyond in ("bytes=999-", "bytes=9-2", "bytes=-0"):
        assert (await owner.get(path, Range=beyond)).status_code == 416, beyond
    for whole_again in ("bytes=0-1,3-4", "bytes=-", "lines=1-2"):
        assert len((await owner.get(path, Range=whole_again)).content) == 204, whole_again
    assert (await owner.get(f"/calls/{recorded}")).json()["recorded"] is True
    assert [t["text"] for t in (await owner.get(f"/calls/{recorded}/transcript")).json()["turns"]] == ["Hi"]
    assert len((await owner.get("/calls?recorded=true")).json()["items"]) == 1
    assert (await owner.get("/calls?recorded=false")).json()["items"] == []


async def test_the_operator_unseals_a_recording_into_a_new_private_file(
    owner: Owner, db: Database, recorded: str, tmp_path: Path
) -> None:
    state, out = owner.desk.app.state, tmp_path / "out.wav"
    given = (db, Vaults.of(state), state.settings.data_dir, recorded, out)
    assert await unseal_recording(*given) == 204
    assert out.read_bytes().startswith(b"RIFF") and out.stat().st_mode & 0o077 == 0
    with pytest.raises(Conflict, match="there already"):
        await unseal_recording(*given)


async def test_a_recording_is_never_a_file_of_anybody_else(
    owner: Owner, db: Database, tenant_id: UUID, other_id: UUID, recorded: str, tmp_path: Path
) -> None:
    theirs = recording_path(tmp_path, other_id, UUID(recorded))
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"RIFF")
    for path in ("/etc/passwd", str(theirs), f"{theirs.parent}/../{other_id}/{recorded}.wav"):
        async with db.tenant(tenant_id) as session:
            await calls.update_call(session, UUID(recorded), recording_path=path)
        assert (await owner.get(f"/calls/{recorded}/recording")).status_code == 404, path


# --- tickets and lines ------------------------------------------------------------------------------


async def test_a_ticket_is_answered_and_closed(owner: Owner, tenant_id: UUID) -> None:
    ticket = await owner.made("/tickets", {"subject": "No sound", "category": "technical"})
    assert ticket["due_at"] and ticket["channel"] == "api" and ticket["status"] == "open"
    path = f"/tickets/{ticket['id']}"
    answer = await owner.desk.http.post(
        f"/api/v1/tenants/{tenant_id}{path}/replies", json={"body": "Try\nnow."}, headers=HEADERS["operator"]
    )
    assert (answer.json()["status"], answer.json()["replies"][0]["from_us"]) == ("waiting", True)
    again = await owner.made(f"{path}/replies", {"body": "Still silent."})
    assert again["status"] == "open" and [r["from_us"] for r in again["replies"]] == [True, False]
    assert again["replies"][0]["body"] == "Try\nnow."
    closed = await owner.made(f"{path}/replies", {"body": "Works now.", "close": True})
    assert closed["status"] == "closed"
    late = await owner.post(f"{path}/replies", {"body": "One more thing"})
    assert (late.status_code, late.json()["code"]) == (409, "closed")
    assert (await owner.get("/tickets?status=closed")).json()["items"][0]["id"] == ticket["id"]


async def test_lines_come_and_go(owner: Owner) -> None:
    first, second = [await owner.made("/numbers", {"area_code": "720"}) for _ in range(2)]
    assert first["e164"] != second["e164"] and second["e164"].startswith("+1720")
    assert (await owner.post("/numbers", {"area_code": "911"})).status_code == 422
    assert (await owner.ask("DELETE", f"/numbers/{first['id']}")).status_code == 204
    assert (await owner.get(f"/numbers/{first['id']}")).status_code == 404
    last = await owner.ask("DELETE", f"/numbers/{second['id']}")
    assert (last.status_code, last.json()["code"]) == (409, "last_line")


async def test_a_request_keeps_its_name(owner: Owner) -> None:
    answer = await owner.get("/leads", X_Request_Id="ours-17")
    assert answer.headers["x-request-id"] == "ours-17"
    forged = await owner.get("/leads/x", X_Request_Id="a b\x7f")
    assert forged.headers["x-request-id"] not in ("", "a b\x7f")
    assert forged.json()["request_id"] == forged.headers["x-request-id"]
