"""The outbox can be read where it was written, and nowhere else."""

from __future__ import annotations

from uuid import UUID

from stores import outbox
from stores.db import Database
from tests.web.conftest import Desk, MakeDesk
from web.outbox import linked

ANYWHERE = "203.0.113.9"


async def test_letters_can_be_read_and_clicked(desk: Desk, db: Database, tenant_id: UUID) -> None:
    empty = await desk.http.get("/outbox")
    assert empty.status_code == 200 and "Nothing yet" in empty.text
    await desk.register()
    async with db.tenant(tenant_id) as session:
        await outbox.queue_message(session, kind="sms", to="+13035550142", body="<b>Hi</b> & bye")
    page = (await desk.http.get("/outbox")).text
    assert "maria@acmerealty.com" in page and "Welcome to Seiketsu" in page
    assert page.index("Acme Real Estate") < page.index("Welcome to Seiketsu"), "newest first"
    assert "&lt;b&gt;Hi&lt;/b&gt; &amp; bye" in page
    assert len(await desk.letters()) == 3


async def test_only_this_machine_or_the_operator_reads_it(make_desk: MakeDesk) -> None:
    for peer, headers, status in (
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("127.0.0.1", {"X-Forwarded-For": ANYWHERE}, 401),
        ("127.0.0.1", {"Host": "evil.example:8000"}, 401),
        (ANYWHERE, {}, 401),
        (ANYWHERE, {"X-Forwarded-For": "127.0.0.1"}, 401),
    ):
        desk = make_desk(peer)
        answer = await desk.http.get("/outbox", headers=headers)
        assert answer.status_code == status, (peer, headers)
    assert (await make_desk(ANYWHERE).http.get("/outbox", headers=desk.key)).status_code == 200


async def test_production_has_no_such_page(make_desk: MakeDesk) -> None:
    desk = make_desk(env="production")
    assert (await desk.http.get("/outbox", headers=desk.key)).status_code == 404


def test_only_addresses_become_links() -> None:
    text = 'See https://x.test/l/a-b_c?d=1&e. javascript:alert(1) <a href="http://y.test">no</a>'
    assert linked(text) == (
        'See <a href="https://x.test/l/a-b_c?d=1&amp;e" rel="noreferrer">https://x.test/l/a-b_c?d=1&amp;e</a>.'
        " javascript:alert(1) &lt;a href=&#34;"
        '<a href="http://y.test" rel="noreferrer">http://y.test</a>&#34;&gt;no&lt;/a&gt;'
    )
