"""Who asks to speak another language is offered somebody who does, where there is one (C21, C47)."""

from __future__ import annotations

from stores import appointments, tenancy
from tests.office.conftest import Office
from tests.tools.conftest import Desk


async def test_who_speaks_spanish_is_offered_to_whom_asked_for_it(office: Office, desk: Desk) -> None:
    async with office.db.tenant(office.tenant_id) as session:
        await appointments.update_agenda(session, office.people["lee"], languages=["en", "es"])
        lee = (await tenancy.get_member(session, office.people["lee"])).name.split(" ")[0]
    desk.slots = {"language": "es"}
    for wish in ("tomorrow", "Friday afternoon"):
        assert (await desk.run("offer_slots", {"kind": "consult", "wish": wish})).facts["agent"] == lee
    desk.slots = {"language": "fr"}
    assert (await desk.run("offer_slots", {"kind": "consult"})).status == "offered", "nobody: anybody"
