"""What every tool promises: once a key, all or nothing, proof in the same transaction, a way back (C44)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.errors import NotFound, SeiketsuError, Unavailable
from stores import leads, receipts, tenancy
from tests.tools.conftest import ACCOUNT, Desk
from tools import delivery, registry
from tools.base import ToolContext


async def counts(desk: Desk) -> tuple[int, int, int]:
    """Receipts of the conversation, audit rows, lead rows of the client."""
    async with desk.db.tenant(desk.ctx().tenant) as session:
        return (
            len(await receipts.receipts(session, desk.conversation_id)),
            len(await receipts.audit_trail(session)),
            len((await leads.list_leads(session, include_tests=True))[0]),
        )


async def test_the_same_key_writes_once(front_desk: Desk) -> None:
    first = await front_desk.run("save_lead", {"intent": "buyer"}, key="k")
    again = await front_desk.run("save_lead", {"intent": "buyer"}, key="k")
    assert again.receipt_id == first.receipt_id and again.facts == first.facts
    assert await counts(front_desk) == (1, 1, 1)


async def test_two_runs_of_one_key_at_once_write_once(desk: Desk) -> None:
    results = await asyncio.gather(
        *(registry.run(desk.ctx(), "register_organization", ACCOUNT, key="k") for _ in range(3))
    )
    assert len({r.receipt_id for r in results}) == 1
    desk.subject = registry.tenant_of_conversation(desk.conversation_id)
    assert (await counts(desk))[0] == 1
    assert desk.carrier.released == [], "a loser must not give back the number the winner holds"


async def test_going_back_to_an_earlier_value_is_written_again(desk: Desk) -> None:
    await desk.register()
    for mode, key in (("round_robin", "a"), ("by_area", "b"), ("round_robin", "a")):
        result = await desk.run("set_rules", {"routing_mode": mode, "fair_housing_ack": True}, key=key)
        assert result.ok
    async with desk.db.tenant(desk.ctx().tenant) as session:
        rules = await tenancy.get_rules(session)
    assert rules is not None and rules.routing["mode"] == "round_robin"


async def test_what_was_undone_can_be_done_again_under_the_same_key(front_desk: Desk) -> None:
    await front_desk.run("save_lead", {"intent": "buyer"}, key="k")
    await front_desk.undo()
    assert (await counts(front_desk))[2] == 0
    again = await front_desk.run("save_lead", {"intent": "buyer"}, key="k")
    assert again.ok and (await counts(front_desk))[2] == 1


@pytest.mark.parametrize("fault", ["receipt", "audit"])
async def test_a_fault_after_the_write_leaves_nothing(
    front_desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    async def broken(*args: Any, **kw: Any) -> None:
        raise RuntimeError("power cut while Dana Reed was on the line")

    monkeypatch.setattr(receipts, "write_receipt" if fault == "receipt" else "audit", broken)
    with pytest.raises(SeiketsuError) as caught:
        await front_desk.run("save_lead", {"intent": "buyer"}, key="k")
    assert "Dana" not in str(caught.value), "an error text must not quote a caller"
    monkeypatch.undo()
    assert await counts(front_desk) == (0, 0, 0)
    assert (await front_desk.run("save_lead", {"intent": "buyer"}, key="k")).ok


async def test_a_fault_gives_a_bought_number_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*args: Any, **kw: Any) -> None:
        raise Unavailable("gone")

    monkeypatch.setattr(receipts, "audit", broken)
    with pytest.raises(Unavailable):
        await desk.register()
    assert desk.carrier.released == list(desk.carrier.sold.values())
    async with desk.db.platform("test") as session:
        assert await tenancy.list_tenants(session) == []


async def test_each_write_leaves_an_unbroken_trail_with_before_and_after(desk: Desk) -> None:
    await desk.register()
    await desk.run("change_plan", {"plan": "business"})
    await desk.undo()
    async with desk.db.tenant(desk.ctx().tenant) as session:
        trail = await receipts.audit_trail(session)
        assert await receipts.verify_chain(session) is None
    assert [e.action for e in trail] == ["register_organization", "change_plan", "undo change_plan"]
    assert (trail[1].before, trail[1].after) == ({"plan": "professional"}, {"plan": "business"})
    assert (trail[2].before, trail[2].after) == ({"plan": "business"}, {"plan": "professional"})
    assert trail[0].actor == "caller/voice"


async def test_undo_takes_the_newest_write_back_first_and_then_says_when_there_is_none(desk: Desk) -> None:
    await desk.register()
    await desk.run("change_plan", {"plan": "business"})
    taken_back = []
    while (undone := await desk.undo()) is not None:
        assert undone[1].ok
        taken_back.append(undone[0])
    assert taken_back == ["change_plan", "register_organization"]


async def test_an_older_write_that_was_overtaken_is_not_undone(desk: Desk) -> None:
    await desk.register()
    first = await desk.run("change_plan", {"plan": "business"})
    await desk.run("change_plan", {"plan": "enterprise"})
    assert first.receipt_id is not None
    assert (await registry.undo(desk.ctx(), first.receipt_id)).status == "overtaken"
    async with desk.db.tenant(desk.ctx().tenant) as session:
        assert (await tenancy.get_tenant(session)).plan == "enterprise"


async def test_arguments_nobody_knows_are_refused_and_a_tenant_cannot_be_named(front_desk: Desk) -> None:
    result = await front_desk.run("save_lead", {"intent": "buyer", "tenant_id": "acme", "race": "any"})
    assert not result.ok and set(result.slots) == {"tenant_id", "race"}
    assert await counts(front_desk) == (0, 0, 0)
    assert not any("tenant" in name for one in registry.index().values() for name in one.args.model_fields), (
        "C40: tools take the tenant from the session"
    )


async def test_an_unknown_tool_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.run("drop_everything")


async def test_a_letter_that_could_not_be_sent_is_sent_later_and_given_up_in_the_end(desk: Desk) -> None:
    desk.post.down = True
    await desk.register()
    await delivery.settle()
    assert desk.post.letters == []
    desk.post.down = False
    ports = desk.ctx().ports
    assert await delivery.flush_all(desk.db, ports.mail, desk.clock) == 1
    assert await delivery.flush_all(desk.db, ports.mail, desk.clock) == 0
    desk.post.down = True
    await desk.register(admin_email="other@summit.example")
    await delivery.settle()
    for _ in range(delivery.MOST_ATTEMPTS):
        await delivery.flush_all(desk.db, ports.mail, desk.clock)
    desk.post.down = False
    assert await delivery.flush_all(desk.db, ports.mail, desk.clock) == 0


async def test_nothing_leaves_when_the_transaction_fails(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*args: Any, **kw: Any) -> None:
        raise Unavailable("gone")

    monkeypatch.setattr(receipts, "write_receipt", broken)
    with pytest.raises(Unavailable):
        await desk.register()
    await delivery.settle()
    assert desk.post.letters == []


def test_the_context_is_built_by_the_server_only() -> None:
    assert "tenant" not in ToolContext.__dataclass_fields__ and "home" in ToolContext.__dataclass_fields__
