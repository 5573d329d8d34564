"""Links with which somebody chooses a password: first set-up, invitation, forgotten (A015, A021)."""

from __future__ import annotations

from uuid import UUID

from agent.entered import Field
from core.errors import Conflict, InvalidInput, NotFound
from policies.sign_in import sign_in
from stores import tenancy
from tools import accounts
from web.visit import Closed, Done, Given, Sheet, Visit, Wrong


class ChoosePassword:
    """Two boxes that have to agree. What came by letter proves the address, too."""

    async def sheet(self, visit: Visit) -> Sheet:
        """For whom, and how long a password has to be."""
        member, tenant = await self._who(visit)
        facts = {
            "email": member.email,
            "organization": tenant.brand_name,
            "new": visit.link.purpose != "reset",
            "shortest": sign_in().password.shortest,
        }
        fields = [
            Field("password", "New password", f"At least {facts['shortest']} characters.", "secret"),
            Field("again", "The same once more", "", "secret"),
        ]
        return Sheet("choose_password", facts, fields, button="Save the password")

    async def take(self, visit: Visit, given: Given) -> Done:
        """Set it, once. All the person's browsers are signed out."""
        await self._who(visit)
        password, again = ("".join(given.get(name, ())) for name in ("password", "again"))
        if password != again:
            raise Wrong({"again": "The two are not the same."})
        parts = visit.parts
        try:
            async with parts.db.tenant(visit.link.tenant_id) as session:
                await accounts.choose_password(session, visit.link, password, clock=parts.clock, ip=visit.ip)
        except InvalidInput as wrong:
            raise Wrong({"password": wrong.problems[0].message}) from None
        except (NotFound, Conflict):
            raise Closed from None
        return Done("Your password is set.", signs_in=True)

    async def _who(self, visit: Visit) -> tuple[tenancy.Member, tenancy.Tenant]:
        async with visit.parts.db.tenant(visit.link.tenant_id) as session:
            member = await tenancy.get_member(session, UUID(str(visit.link.payload["member_id"])))
            tenant = await tenancy.get_tenant(session)
        if member is None or member.status == "removed":
            raise Closed("withdrawn")
        return member, tenant
