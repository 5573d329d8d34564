"""A011-A014, A043-A050: a brokerage sets itself up in one conversation, and its agent answers its callers."""

import json
import re

import asyncpg
import pytest

from stores import integrations, support, tenancy
from stores.receipts import receipts
from web.conversations import route

from .talk import Talk, lead_of

STEPS = [
    ("register_organization", "registered"),
    ("configure_voice_agent", "configured"),
    ("connect_tools", "pending"),
    ("set_rules", "saved"),
    ("run_test_conversations", "passed"),
    ("activate_agent", "live"),
    ("record_satisfaction", "recorded"),
]


@pytest.mark.parametrize("channel", ["voice", "chat"])
async def test_a_brokerage_sets_itself_up_and_answers_its_callers(parts, channel):
    talk = await Talk.begin(parts, channel=channel, caller="+13035550142")
    assert "AI" in talk.reply.text and ("recorded" if channel == "voice" else "saved") in talk.reply.text
    await talk.until()
    assert talk.reply.ended and talk.ran == STEPS
    assert max(talk.asked.values()) == 1, "nothing is asked twice of a caller who answers"
    await talk.conversation.close("caller_done")

    tenant_id = talk.conversation._subject
    async with parts.db.tenant(tenant_id) as session:
        tenant = await tenancy.get_tenant(session)
        profile = await tenancy.get_profile(session)
        numbers = await tenancy.numbers(session)
        members = await tenancy.members(session)
        crm = await integrations.list_integrations(session)
        surveys = await support.list_surveys(session)
        proofs = [r.tool for r in await receipts(session, talk.conversation.id)]
    assert (tenant.name, tenant.status, tenant.plan) == ("Summit Realty", "live", "professional")
    assert tenant.states == ["CO"] and tenant.timezone == "America/Denver"
    assert [m.email for m in members] == ["dana@summit.example"] and members[0].role == "owner"
    assert profile.hours["mon"] == [["09:00", "18:00"]] and "sat" not in profile.hours
    assert {i.vendor for i in crm} >= {"hubspot"} and [s.score for s in surveys] == [7]
    assert proofs == [tool for tool, _ in STEPS]
    assert await route(parts, numbers[0].e164) == tenant_id

    # the new number answers in the brokerage's name, and knows nothing of the house's forms
    lead_call = await Talk.begin(parts, tenant_id, caller="+13035550177")
    assert lead_call.reply.text.startswith("Thanks for calling Summit Realty. I'm Alex, an AI assistant")
    await lead_call.say("I'd like to sell my house at 12 Cherry Lane in Denver")
    await lead_call.conversation.close("hung up")
    lead = await lead_of(parts, tenant_id, lead_call.conversation.id)
    assert lead.intent == "seller" and "12 Cherry Lane" in str(lead.property_address)


IDS = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=\d*[a-f])[0-9a-f]{16,}\b")
"""Ids and hashes, in which any four digits turn up by chance."""


async def test_what_must_never_be_said_by_voice_is_in_no_table(parts, fresh):
    talk = await Talk.begin(parts)
    await talk.until("team_size")
    secrets = ["4111 1111 1111 1111", "four one one one one one one one one one one one one one one one"]
    for secret in secrets:
        said = await talk.say(f"you can bill my card {secret}")
        assert "Please don't give me card numbers" in said.text
    await talk.say("my password is swordfish99")
    await talk.say("our tax id is 84-7654321")
    await talk.until(step="voice_agent")
    await talk.say("our api key is sk-live-998877")
    await talk.conversation.close("hung up")
    dump = IDS.sub("", await everything(fresh))
    for trace in ("4111", "1111 1111", "one one one one", "swordfish", "7654321", "998877"):
        assert trace not in dump, trace
    assert "Summit Realty" in dump, "the dump sees what is stored"


async def everything(cluster) -> str:
    """Every row of every table as text."""
    found = []
    admin = await asyncpg.connect(cluster.admin.render_as_string(hide_password=False))
    try:
        tables = await admin.fetch("select tablename from pg_tables where schemaname = 'public'")
        for name in (row["tablename"] for row in tables):
            rows = await admin.fetch(f'select to_jsonb(t) as row from "{name}" t')
            found += [json.dumps(json.loads(row["row"]), ensure_ascii=False) for row in rows]
    finally:
        await admin.close()
    return "\n".join(found)


async def test_a_goodbye_in_the_middle_leaves_a_code_and_a_new_call_is_told_of_it(parts):
    talk = await Talk.begin(parts)
    await talk.until(step="voice_agent")
    said = await talk.say("sorry, I have to go")
    code = talk.conversation.facts.values["resume_code"]
    assert said.ended and code in said.text
    await talk.conversation.close("caller_done")
    again = await Talk.begin(parts)
    assert "saved set-up" in again.reply.text and code not in again.reply.text
    assert again.waits_for == "organization_name", "a number alone opens nothing"
    assert "Summit" not in again.reply.text
    stranger = await Talk.begin(parts, caller="+13035550199")
    assert "saved set-up" not in stranger.reply.text
    assert stranger.waits_for == "organization_name"


@pytest.mark.parametrize(
    "words",
    ["No, D-A-N-A at summit dot example.", "No, dana at summit dot example", "no, dana@summit.example"],
)
async def test_an_address_said_again_behind_a_no_is_taken(parts, words: str) -> None:
    talk = await Talk.begin(parts, answers={"admin_email": "donna at summit dot example"})
    await talk.until("admin_email")
    await talk.say("donna at summit dot example")
    assert talk.reply.awaiting["kind"] == "confirm"
    await talk.say(words)
    assert talk.reply.awaiting["kind"] == "confirm"
    assert talk.reply.slots["admin_email"]["value"] == "dana@summit.example"
