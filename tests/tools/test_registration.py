"""Registering a brokerage on real Postgres (A011, A015, A022, A044)."""

from __future__ import annotations

import pytest

from core.ids import HOUSE_TENANT, fingerprint
from stores import outbox, tenancy
from tests.tools.conftest import ACCOUNT, Desk
from tools import delivery, registry


async def test_a_brokerage_is_registered_with_everything_that_belongs_to_it(desk: Desk) -> None:
    result = await desk.register()
    assert (result.status, result.ok) == ("registered", True)
    assert result.facts["slug"] == "summit-realty"
    assert result.receipt_id is not None
    assert desk.subject is not None
    async with desk.db.tenant(desk.subject) as session:
        tenant = await tenancy.get_tenant(session)
        (owner,) = await tenancy.members(session)
        (line,) = await tenancy.numbers(session)
    assert (tenant.status, tenant.plan, tenant.tier, tenant.states) == (
        "onboarding",
        "professional",
        2,
        ["CO"],
    )
    assert tenant.settings["terms"]["version"] and tenant.settings["authority"]["role"] == "managing broker"
    assert tenant.settings["phases"]["registration"]["ended_at"]
    assert (owner.name, owner.role, owner.email_verified_at) == ("Dana Reed", "owner", None)
    assert line.e164 == result.facts["e164"] and line.e164.startswith("+1303555")


async def test_the_letter_proves_the_address_and_its_links_burn(desk: Desk) -> None:
    await desk.register()
    await delivery.settle()
    (letter,) = desk.post.letters
    assert letter.to == "dana@summit.example"
    urls = [w for w in letter.body.split() if w.startswith("https://voice.example/l/")]
    assert len(urls) == len(set(urls)) == 3
    token = urls[0].rsplit("/", 1)[1]
    async with desk.db.platform("test") as session:
        burnt = await outbox.use_link(session, fingerprint(token), now=desk.clock.now())
        again = await outbox.use_link(session, fingerprint(token), now=desk.clock.now())
    assert burnt is not None and burnt.purpose == "verify_email" and again is None
    assert token not in str(burnt.__dict__)


async def test_the_same_name_gets_another_slug(desk: Desk, db: object) -> None:
    first = await desk.register()
    other = await another_call(desk)
    second = await other.register()
    assert (first.facts["slug"], second.facts["slug"]) == ("summit-realty", "summit-realty-2")
    assert first.facts["e164"] != second.facts["e164"]


async def another_call(desk: Desk) -> Desk:
    from core.ids import new_id
    from stores import conversations

    conversation_id = new_id()
    async with desk.db.tenant(HOUSE_TENANT) as session:
        await conversations.create(
            session, id=conversation_id, channel="chat", flow="onboarding", flow_version=1
        )
    return Desk(desk.db, desk.clock, desk.post, desk.carrier, conversation_id)


async def test_a_retry_after_the_process_died_makes_no_second_tenant(desk: Desk) -> None:
    first = await desk.run("register_organization", ACCOUNT, key="register")
    desk.subject = None  # the process died before it could note whom it had registered
    again = await desk.run("register_organization", ACCOUNT, key="register")
    assert again.receipt_id == first.receipt_id and again.facts == first.facts
    async with desk.db.platform("test") as session:
        assert len(await tenancy.list_tenants(session)) == 1
    assert len(desk.carrier.sold) == 1


async def test_a_second_call_changes_what_it_names_and_undo_puts_it_back(desk: Desk) -> None:
    await desk.register()
    result = await desk.register(plan="business", team_size=12, website="summit.example")
    assert result.status == "updated"
    async with desk.db.tenant(desk.subject) as session:  # type: ignore[arg-type]
        tenant = await tenancy.get_tenant(session)
        assert (tenant.plan, tenant.team_size, tenant.website) == ("business", 12, "summit.example")
    assert len(desk.carrier.sold) == 1
    undone = await desk.undo()
    assert undone is not None and undone[1].ok
    async with desk.db.tenant(desk.subject) as session:  # type: ignore[arg-type]
        tenant = await tenancy.get_tenant(session)
        assert (tenant.plan, tenant.team_size, tenant.website) == ("professional", 5, None)


async def test_undoing_the_registration_closes_the_tenant_and_gives_the_line_back(desk: Desk) -> None:
    first = await desk.register()
    undone = await desk.undo()
    assert undone is not None and undone[1].ok
    assert desk.carrier.released == [first.facts["e164"]]
    async with desk.db.tenant(desk.subject) as session:  # type: ignore[arg-type]
        assert (await tenancy.get_tenant(session)).status == "closed"
        assert await tenancy.numbers(session) == []
    again = await desk.register()
    assert (again.status, again.facts["tenant_id"]) == ("registered", first.facts["tenant_id"])
    async with desk.db.tenant(desk.subject) as session:  # type: ignore[arg-type]
        assert (await tenancy.get_tenant(session)).status == "onboarding"
        assert len(await tenancy.numbers(session)) == 1


@pytest.mark.parametrize(
    ("change", "slot", "says"),
    [
        ({"terms_accepted": False}, "terms_accepted", "terms"),
        ({"terms_accepted": None}, "terms_accepted", "terms"),
        ({"authority": False}, "authority", "act for the business"),
        ({"plan": "starter"}, "plan", "Starter includes 1 user. Professional would fit."),
        ({"plan": "platinum"}, "plan", "no such plan"),
        ({"admin_email": "dana at summit"}, "admin_email", "doesn't look right"),
        ({"organization_name": "unknown"}, "organization_name", "real one"),
        ({"states_served": ["ZZ"]}, "states_served", "don't know that state"),
        ({"timezone": "Mars/Olympus"}, "timezone", "time zone"),
        (
            {"team_invites": [{"name": f"Agent {i}", "email": f"a{i}@summit.example"} for i in range(5)]},
            "team_invites",
            "Professional includes 5 users. Business would fit.",
        ),
    ],
)
async def test_a_refusal_names_the_slot_and_leaves_nothing(
    desk: Desk, change: dict[str, object], slot: str, says: str
) -> None:
    result = await desk.register(**change)
    assert not result.ok and says in result.slots[slot]
    async with desk.db.platform("test") as session:
        assert await tenancy.list_tenants(session) == []
    await delivery.settle()
    assert desk.post.letters == []
    # a number bought for nothing goes back
    assert sorted(desk.carrier.released) == sorted(desk.carrier.sold.values())


async def test_a_caller_who_puts_the_email_off_is_registered_and_can_give_it_later(desk: Desk) -> None:
    first = await desk.register(admin_email=None)
    assert first.ok and "e-mail" in first.facts["mail_note"]
    await desk.register()
    async with desk.db.tenant(desk.subject) as session:  # type: ignore[arg-type]
        (owner,) = await tenancy.members(session)
    assert owner.email == "dana@summit.example"


async def test_another_address_must_be_proved_again(desk: Desk) -> None:
    await desk.register()
    async with desk.db.tenant(desk.subject) as session:  # type: ignore[arg-type]
        (owner,) = await tenancy.members(session)
        await tenancy.set_member_verified(session, owner.id, at=desk.clock.now())
    await desk.register(admin_email="reed@summit.example")
    async with desk.db.tenant(desk.subject) as session:  # type: ignore[arg-type]
        (owner,) = await tenancy.members(session)
    assert (owner.email, owner.email_verified_at) == ("reed@summit.example", None)


async def test_sold_out_near_the_client_falls_back_to_another_area(desk: Desk) -> None:
    desk.caller = "+12125550142"
    desk.carrier.sold_out.add("212")
    result = await desk.register(admin_mobile="+12125550142")
    assert result.facts["e164"].startswith("+1303")


def test_every_tool_says_what_it_answers_with() -> None:
    for one in registry.index().values():
        assert one.summary and one.statuses, one.name
