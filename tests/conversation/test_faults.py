"""A022, C44: what may fail in a turn, and that nothing is lost, done twice or claimed."""

from dataclasses import replace

import pytest

from core.errors import Unavailable
from core.ids import HOUSE_TENANT
from stores import conversations as store
from stores import tenancy
from stores.receipts import receipts
from tools import registry

from .talk import Talk


class Killed(BaseException):
    """The process is gone."""


async def test_killed_between_a_write_and_its_bookkeeping(parts, monkeypatch):
    talk = await Talk.begin(parts)
    await talk.until("terms_accepted")
    await talk.say("yes")
    assert talk.reply.awaiting["kind"] == "summary"
    record, saves = talk.conversation.record, 0
    save = record.save

    async def dies(*args, **options):
        nonlocal saves
        saves += 1
        if saves == 2:  # the first is the one ahead of the tool
            raise Killed
        return await save(*args, **options)

    monkeypatch.setattr(record, "save", dies)
    with pytest.raises(Killed):
        await talk.conversation.hear("yes")
    again = await Talk.begin(parts, conversation_id=talk.conversation.id, owner=record.owner)
    assert again.ran == [("register_organization", "registered")] and again.waits_for == "voice_profile"
    assert "Summit Realty is registered" in again.reply.text
    async with parts.db.tenant(again.conversation._subject) as session:
        assert [r.tool for r in await receipts(session, talk.conversation.id)] == ["register_organization"]
    async with parts.db.platform("count") as session:
        assert len(await tenancy.list_tenants(session)) == 1


async def test_a_turn_without_a_database_is_answered_and_stored_with_the_next(parts, monkeypatch):
    talk = await Talk.begin(parts)
    await talk.until("states_served")
    keep = store.keep

    async def away(*args, **options):
        raise Unavailable("the database does not answer")

    monkeypatch.setattr(store, "keep", away)
    said = await talk.say("we work in Colorado")
    assert "Mountain" in said.text
    with pytest.raises(Unavailable):
        await talk.conversation.let_go()
    monkeypatch.setattr(store, "keep", keep)
    await talk.say("yes")
    async with parts.db.tenant(HOUSE_TENANT) as session:
        row = await store.load(session, talk.conversation.id)
        turns = [t.text for t in await store.turns(session, row.id)]
    assert row.state["slots"]["states_served"]["value"] == ["CO"]
    assert "we work in Colorado" in turns and turns.index("we work in Colorado") < len(turns) - 3


async def test_a_hang_up_while_the_database_is_away_is_stored_when_it_is_back(parts, office, monkeypatch):
    talk = await Talk.begin(parts, office, caller="+13035550177")
    await talk.say("I'm looking for a two bedroom condo in Arvada to buy")
    monkeypatch.setattr("agent.conversation.CLOSING_PAUSES", (0.0, 0.0))
    run, tries = registry.run, 0

    async def away_once(ctx, name, args, *, key):
        nonlocal tries
        tries += 1
        if tries == 1:
            raise Unavailable("the database does not answer")
        return await run(ctx, name, args, key=key)

    monkeypatch.setattr(registry, "run", away_once)
    await talk.conversation.close("hung up")
    async with parts.db.tenant(office) as session:
        row = await store.load(session, talk.conversation.id)
    assert tries == 4 and row.status == "ended" and row.lease_owner is None


async def test_a_tool_that_refuses_is_repaired_aloud(parts):
    talk = await Talk.begin(parts)
    await talk.until("authority")
    await talk.say("no, I'm not")
    await talk.until("authority")
    assert ("register_organization", "refused") in talk.ran
    assert "may act for the business" in talk.reply.text and "registered" not in talk.reply.text
    assert talk.conversation.may_claim_done is False
    await talk.say("yes I am")
    await talk.until(step="voice_agent")
    assert talk.ran[-1] == ("register_organization", "registered")


async def test_a_tool_that_breaks_ends_without_a_claim(parts, monkeypatch):
    talk = await Talk.begin(parts)
    await talk.until("terms_accepted")
    await talk.say("yes")
    broken = AssertionError("Dana Reed, dana@summit.example")

    async def breaks(*args, **options):
        raise broken

    one = registry.get("register_organization")
    index = dict(registry.index()) | {one.name: replace(one, handler=breaks)}
    monkeypatch.setattr(registry, "index", lambda: index)
    said = await talk.say("yes")
    assert "couldn't do that" in said.text and "registered" not in said.text and not said.ended
    said = await talk.say("yes")
    assert said.ended and "a person will get back to you" in said.text and "code" in said.text
    assert [name for name, status in talk.ran if status == "handed_over"] == ["hand_over"]

    async def nothing_works(*args, **options):
        raise Unavailable("the database does not answer")

    alone = await Talk.begin(parts)
    await alone.until("terms_accepted")
    await alone.say("yes")
    monkeypatch.setattr(registry, "run", nothing_works)
    await alone.say("yes")
    said = await alone.say("yes")
    assert said.ended and "person" not in said.text and "try again in a few minutes" in said.text


async def test_an_opt_out_that_could_not_be_written_is_not_claimed(parts, office, monkeypatch):
    talk = await Talk.begin(parts, office, caller="+13035550177")

    async def away(*args, **options):
        raise Unavailable("the database does not answer")

    monkeypatch.setattr(registry, "run", away)
    said = await talk.say("stop calling me")
    assert "taken you off" not in said.text and "couldn't" in said.text
    assert not any(run.receipt_id for run in said.tools)


async def test_what_a_page_stored_meanwhile_is_kept(parts):
    """Two writers of one conversation: the turn is taken again on top of the newer state."""
    talk = await Talk.begin(parts)
    await talk.until("team_size")
    async with parts.db.tenant(HOUSE_TENANT) as session:
        row = await store.load(session, talk.conversation.id)
        state = dict(row.state)
        state["slots"] = dict(
            state["slots"], admin_email={"status": "verified", "value": "dana@summit.example"}
        )
        row.state, row.version = state, row.version + 1
    await talk.say("five")
    assert talk.value("team_size") == 5 and talk.value("admin_email") == "dana@summit.example"
    await talk.until(step="voice_agent")
    assert "admin_email" not in talk.asked
    async with parts.db.tenant(HOUSE_TENANT) as session:
        turns = [t.text for t in await store.turns(session, talk.conversation.id) if t.role == "caller"]
    assert turns.count("five") == 1


async def test_values_typed_on_a_page_survive_a_turn_stored_meanwhile(parts):
    talk = await Talk.begin(parts)
    await talk.until("team_size")
    page = await Talk.begin(
        parts, channel="chat", conversation_id=talk.conversation.id, owner=talk.conversation.record.owner
    )
    await talk.say("five")
    reply = await page.conversation.enter({"admin_role": "Managing Broker"})
    assert page.value("team_size") == 5 and page.value("admin_role") == "Managing Broker"
    assert reply.awaiting["slots"] == ["admin_name"]
    assert await page.conversation.verify("admin_email", "dana@summit.example")
    assert not await page.conversation.verify("admin_email", "else@summit.example")
