"""The first account of a client: what is handed over works once, and nothing of it is stored in clear."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from core.clock import FakeClock
from core.errors import Conflict
from core.ids import fingerprint
from stores import identity, outbox, receipts, tenancy
from stores.db import Database
from tools import passwords
from tools.accounts import open_admin_account

EMAIL = "Admin@AcmeRealEstate.com"


async def test_a_first_account_is_open_and_stored_as_hashes_only(db: Database, tenant_id: UUID) -> None:
    clock = FakeClock()
    async with db.tenant(tenant_id) as session:
        given = await open_admin_account(session, email=EMAIL, name="Dana Reed", clock=clock)
    assert given.username == EMAIL and given.expires_at == clock.now() + timedelta(hours=24)
    async with db.tenant(tenant_id) as session:
        (member,) = await tenancy.members(session)
        held = await identity.credential(session, member.id)
        trail = await receipts.audit_trail(session)
    assert (member.role, member.status, held and held.must_change) == ("owner", "invited", True)
    assert held is not None and (await passwords.verify(given.temporary_password, held.password_hash))[0]
    stored = f"{held.password_hash} {[e.after for e in trail]}"
    assert given.temporary_password not in stored and given.setup_token not in stored
    async with db.platform("a test looks at a link") as session:
        link = await outbox.peek_link(session, fingerprint(given.setup_token), now=clock.now())
        late = await outbox.peek_link(session, fingerprint(given.setup_token), now=given.expires_at)
    assert link is not None and link.payload == {"member_id": str(member.id)} and late is None


async def test_a_step_that_runs_again_makes_the_last_answer_the_valid_one(
    db: Database, tenant_id: UUID
) -> None:
    clock, given = FakeClock(), []
    for _ in range(2):
        async with db.tenant(tenant_id) as session:
            given.append(await open_admin_account(session, email=EMAIL, name="Dana", clock=clock))
    assert given[0].member_id == given[1].member_id
    async with db.tenant(tenant_id) as session:
        held = await identity.credential(session, given[1].member_id)
        assert held is not None
        right = [(await passwords.verify(one.temporary_password, held.password_hash))[0] for one in given]
        await identity.set_credential(session, given[1].member_id, must_change=False)
    assert right == [False, True]
    async with db.platform("a test looks at a link") as session:
        links = [
            await outbox.peek_link(session, fingerprint(one.setup_token), now=clock.now()) for one in given
        ]
    assert links[0] is None and links[1] is not None
    with pytest.raises(Conflict) as refused:
        async with db.tenant(tenant_id) as session:
            await open_admin_account(session, email=EMAIL.lower(), name="Dana", clock=clock)
    assert refused.value.code == "account_in_use"


def test_drawn_passwords_satisfy_our_own_rule() -> None:
    from policies.sign_in import password_problem

    drawn = {passwords.temporary_password() for _ in range(200)}
    assert len(drawn) == 200 and not [p for p in drawn if password_problem(p)]
