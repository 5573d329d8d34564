"""What one-time links are for: each purpose shows a sheet, and takes it in once (A015, C31, C41)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from agent import entered
from core.ids import HOUSE_TENANT
from policies.compliance import compliance
from stores import tenancy
from stores.conversations import Conversation as Row
from tools.accounts import LINKS
from web.link_secrets import BILLING, TAX_ID, ConnectCrm
from web.office import visits
from web.password_links import ChoosePassword
from web.visit import Closed, Done, Given, Purpose, Sheet, Visit, Wrong


class VerifyEmail:
    """The person with this address says that it is theirs (A015)."""

    async def sheet(self, visit: Visit) -> Sheet:
        """Whose address it is, mostly hidden: links get forwarded."""
        member, tenant = await self._who(visit)
        facts = {"email": masked(member.email), "organization": tenant.brand_name}
        return Sheet("verify_email", facts, button="Yes, this is my address")

    async def take(self, visit: Visit, given: Given) -> Done:
        """Stamp the member, and the slot of the form when it is the admin's."""
        member, _ = await self._who(visit)
        async with visit.parts.db.tenant(visit.link.tenant_id) as session:
            await visit.burn(session)
            await tenancy.set_member_verified(session, member.id, at=visit.parts.clock.now())
            await visit.proof(session, "verify_email", str(member.id), {"role": member.role})
        if member.role == "owner":
            await visit.verified("admin_email", member.email)
        return Done("Thank you. Your address is confirmed.")

    async def _who(self, visit: Visit) -> tuple[tenancy.Member, tenancy.Tenant]:
        async with visit.parts.db.tenant(visit.link.tenant_id) as session:
            member = await tenancy.get_member(session, UUID(str(visit.link.payload["member_id"])))
            tenant = await tenancy.get_tenant(session)
        if member is None:
            raise Closed("withdrawn")
        return member, tenant


class Terms:
    """The terms of service, read and accepted."""

    async def sheet(self, visit: Visit) -> Sheet:
        """The text in force."""
        return Sheet(
            "terms", {"version": compliance().terms.version}, button="I have read and accept the terms"
        )

    async def take(self, visit: Visit, given: Given) -> Done:
        """Keep the proof with the client; before it is registered, the form's answer is the proof."""
        version = compliance().terms.version
        if visit.link.tenant_id == HOUSE_TENANT:
            return await Form().take(visit, {"terms_accepted": ["yes"]})
        async with visit.parts.db.tenant(visit.link.tenant_id) as session:
            await visit.burn(session)
            tenant = await tenancy.get_tenant(session, lock=True)  # settings hold more than the terms
            proof = {
                "version": version,
                "at": visit.parts.clock.now().isoformat(),
                "channel": "page",
                "link": str(visit.link.id),
            }
            await tenancy.update_tenant(session, settings={**tenant.settings, "terms": proof})
            await visit.proof(session, "accept_terms", str(tenant.id), {"version": version})
        await visit.verified("terms_accepted", True)
        return Done("Thank you. Your acceptance is stored.")


class Form:
    """Slots of the conversation's own form, typed instead of said."""

    async def sheet(self, visit: Visit) -> Sheet:
        """The slot the link was sent for, or what the step still needs."""
        row = await self._row(visit)
        view = await entered.view_of(visit.parts, row)
        asked = entered.fields(view, str(visit.link.payload.get("slot") or ""))
        if not asked:
            raise Closed("nothing_open")
        return Sheet("form", {"title": view.flow.title}, asked, "Send")

    async def take(self, visit: Visit, given: Given) -> Done:
        """Read each value by its slot's type; what is right lands in the form as agreed."""
        row = await self._row(visit)
        view = await entered.view_of(visit.parts, row)
        asked = [f.name for f in entered.fields(view, str(visit.link.payload.get("slot") or ""))]
        values: dict[str, Any] = {}
        problems: dict[str, str] = {}
        for name in asked:
            words = [w for w in given.get(name, ()) if w.strip()]
            if not words:
                continue
            reading = entered.read(view, name, words)
            sure = " ".join(given.get(f"sure_{name}", ())) == " ".join(words)
            if reading.problem:
                problems[name] = reading.problem
            elif reading.suggestion is not None and not sure:
                shown = view.type_of(name).show(reading.suggestion, view.context(name))
                problems[name] = f"Did you mean {shown}? Correct it, or send it again as it is."
            else:
                values[name] = reading.value
        if not values and not problems:
            problems = dict.fromkeys(asked[:1], "Please fill this in.")
        if problems:
            raise Wrong(problems)
        async with visit.parts.db.tenant(visit.link.tenant_id) as session:
            await visit.burn(session)
            says = await visit.enter(row, values)
        return Done("Thank you, that's noted.", says)

    async def _row(self, visit: Visit) -> Row:
        row = await visit.conversation()
        if row is None:
            raise Closed
        if row.status == "ended":
            raise Closed("ended")
        return row


def masked(email: str) -> str:
    """Enough to be recognised by its owner: ``m…a@example.com``."""
    user, _, host = email.rpartition("@")
    return f"{user[:1]}…{user[-1:]}@{host}" if len(user) > 2 else f"{user[:1]}…@{host}"


PURPOSES: Mapping[str, Purpose] = {
    "verify_email": VerifyEmail(),
    "terms": Terms(),
    "billing": BILLING,
    "tax_id": TAX_ID,
    "connect_crm": ConnectCrm(),
    "form": Form(),
    **dict.fromkeys(LINKS, ChoosePassword()),
    **visits.PURPOSES,
}
"""Purpose of a link (tools/letters.py, tools/links.py) -> what it does."""
