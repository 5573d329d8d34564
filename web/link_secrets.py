"""Links for what is never said aloud: it is sealed in the client's vault, never shown, said or logged."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from loguru import logger

from agent.entered import Field
from core.errors import SeiketsuError
from flows.schema import Choice
from integrations.crm import Connectors
from policies import crms
from stores import integrations, tenancy
from tools import acts
from tools.billing import obstacle
from web.visit import Closed, Done, Given, Sheet, Visit, Wrong

CARD = re.compile(r"(?<!\d)[3-6](?:[ -]?\d){12,18}(?!\d)")


@dataclass(frozen=True)
class Sealed:
    """Values that are sealed in the client's vault and never shown, said or logged (A030, C31)."""

    slot: str
    template: str
    fields: Sequence[Field]
    read: Callable[[dict[str, str]], tuple[dict[str, str], dict[str, str]]]
    """Clean values -> (what is sealed, field -> what is wrong with it)."""

    async def sheet(self, visit: Visit) -> Sheet:
        """The empty form: what was sealed before is not shown."""
        async with visit.parts.db.tenant(await visit.client()) as session:
            tenant = await tenancy.get_tenant(session)
        facts = {"organization": tenant.brand_name}
        return Sheet(self.template, facts, self.fields, "Save")

    async def take(self, visit: Visit, given: Given) -> Done:
        """Seal, and say in the form that it is there."""
        values, problems = self.read({f.name: " ".join(given.get(f.name, ())).strip() for f in self.fields})
        if problems:
            raise Wrong(problems)
        client = await visit.client()
        async with visit.parts.db.tenant(visit.link.tenant_id) as session:
            await visit.burn(session)
            async with visit.parts.db.tenant(client) as own:
                await visit.vault.seal(own, self.slot, json.dumps(values))
                await visit.proof(own, f"seal_{self.slot}", self.slot, {"sealed": True})
        await visit.verified(self.slot, True)
        return Done("Thank you. It is sealed and safe.")


class Billing(Sealed):
    """How the client pays: on the payment provider's page, if there is one, or by a bill, sealed (A028)."""

    async def sheet(self, visit: Visit) -> Sheet:
        """Paying online comes first, when it can begin now."""
        sheet = await super().sheet(visit)
        if not await self._online(visit):
            return sheet
        ways, *others = sheet.fields
        both = (Choice(value="online", label="Online, on our payment provider's page"), *ways.options)
        fields = [replace(ways, options=both, picked=("online",)), *others]
        return replace(sheet, fields=fields, button="Continue")

    async def take(self, visit: Visit, given: Given) -> Done:
        """Lead on to the provider: nothing else of the form is read then. Otherwise seal."""
        if " ".join(given.get("method", ())).strip() != "online" or not await self._online(visit):
            return await super().take(visit, given)
        parts = visit.parts
        try:
            begun = await acts.run(
                parts.db,
                parts.clock,
                parts.ports,
                "begin_checkout",
                {},
                tenant_id=await visit.client(),
                actor="page",
                key=f"link:{visit.link.id}",
                channel="page",
                public_url=parts.public_url,
            )
        except SeiketsuError as error:
            logger.warning("a payment page did not open: {}", error.code)
            words = "The payment page does not open right now. Please try again soon, or choose a bill."
            raise Wrong({"method": words}) from None
        async with parts.db.tenant(visit.link.tenant_id) as session:
            await visit.burn(session)
        await visit.verified(self.slot, True)
        return Done("One step is left.", pays=begun.facts["url"])

    async def _online(self, visit: Visit) -> bool:
        async with visit.parts.db.tenant(await visit.client()) as session:
            return obstacle(await tenancy.get_tenant(session), visit.parts.ports.payments) is None


class ConnectCrm:
    """What a chosen CRM still needs: an access key (sealed), or an address leads go to."""

    async def sheet(self, visit: Visit) -> Sheet:
        """What this vendor needs; a vendor that is approved on its own page is only told about."""
        _, vendor = await self._chosen(visit)
        facts = {"vendor": vendor.label, "route": vendor.route}
        asked = {
            "api_key": Field(
                "key", f"Access key of {vendor.label}", "You find it in its settings.", "secret"
            ),
            "email": Field("address", f"Lead e-mail address of {vendor.label}", "", "email"),
            "webhook": Field("url", "Web address for leads", "It starts with https://", "url"),
        }.get(vendor.route)
        return Sheet("connect_crm", facts, [asked] if asked else [], "Save" if asked else "")

    async def take(self, visit: Visit, given: Given) -> Done:
        """Keep it, test the connection, and tell what the test found."""
        client, vendor = await self._chosen(visit)
        values = {name: " ".join(words).strip() for name, words in given.items()}
        key, found = self._read(vendor, values)
        parts = visit.parts
        async with parts.db.tenant(visit.link.tenant_id) as session:
            await visit.burn(session)
            async with parts.db.tenant(client) as own:
                if key:
                    await visit.vault.seal(own, f"crm:{vendor.value}", key)
                known = await integrations.list_integrations(own, kind="crm")
                before = next((dict(row.config) for row in known if row.vendor == vendor.value), {})
                config: dict[str, Any] = {**before, **found, "approved": True}
                connectors = parts.ports.crm if isinstance(parts.ports.crm, Connectors) else Connectors()
                tested = await connectors.connector(
                    vendor.value,
                    {**config, **({"key": key} if key else {})},
                    waits_for=f"our team to finish the connection to {vendor.label}",
                ).test()
                await integrations.upsert_integration(
                    own,
                    "crm",
                    vendor.value,
                    state=tested.state,
                    config=config,
                    last_test=tested.as_dict(parts.clock.now().isoformat()),
                )
                await visit.proof(own, "connect_crm", vendor.value, {"state": tested.state})
        if key:
            await visit.verified("crm_key", True)
        if tested.state == "connected":
            return Done(f"{vendor.label} is connected. A test contact went there and came back.")
        return Done(f"Thank you, it is kept safe. {vendor.label} {tested.detail}.")

    async def _chosen(self, visit: Visit) -> tuple[UUID, crms.Vendor]:
        client = await visit.client()
        wanted = visit.link.payload.get("vendor")
        async with visit.parts.db.tenant(client) as session:
            rows = await integrations.list_integrations(session, kind="crm")
        chosen = [row.vendor for row in rows if row.vendor != "builtin"]
        if wanted is None and not chosen:
            raise Closed("no_crm")
        if wanted is not None and wanted not in chosen:
            raise Closed("withdrawn")  # another system was chosen since
        return client, crms.vendor(str(wanted or chosen[-1]))

    def _read(self, vendor: crms.Vendor, values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        if vendor.route == "api_key":
            key = values.get("key", "")
            if not 8 <= len(key) <= 500 or not key.isprintable() or " " in key:
                raise Wrong(
                    {"key": "An access key is one word of at least 8 characters. Please copy it whole."}
                )
            return key, {}
        if vendor.route == "email":
            address = values.get("address", "")
            if problem := email_problem(address):
                raise Wrong({"address": problem})
            return "", {"address": address}
        if vendor.route == "webhook":
            url = values.get("url", "")
            if not re.fullmatch(r"https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:\d+)?(/\S*)?", url) or len(url) > 500:
                raise Wrong({"url": "It has to be a public web address that starts with https://"})
            return "", {"url": url}
        raise Closed("elsewhere")


# -- what is sealed ------------------------------------------------------------------------------------


def read_tax_id(values: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """An EIN: nine digits, written 12-3456789."""
    digits = re.sub(r"[\s-]", "", values["tax_id"])
    if not re.fullmatch(r"\d{9}", digits) or digits[:2] == "00" or len(set(digits)) == 1:
        return {}, {"tax_id": "An EIN has nine digits, like 12-3456789."}
    return {"tax_id": f"{digits[:2]}-{digits[2:]}"}, {}


def read_billing(values: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """An invoice address, or a bank account to debit. Cards are not taken here (C31)."""
    problems = {
        name: "Please don't enter card numbers here. We send an invoice, or debit a bank account."
        for name, text in values.items()
        if any(_is_card(found) for found in CARD.findall(text))
    }
    if values["method"] not in ("invoice", "bank"):
        problems["method"] = "Invoice by e-mail, or bank debit?"
    if len(values["name"]) < 2:
        problems["name"] = "Who should the bill be made out to?"
    if problem := email_problem(values["email"]):
        problems["email"] = problem
    if values["method"] != "bank":
        return {k: values[k] for k in ("method", "name", "email")}, problems
    routing, account = (re.sub(r"[\s-]", "", values[k]) for k in ("routing", "account"))
    if not _is_routing(routing):
        problems.setdefault(
            "routing", "A routing number has nine digits. It's at the bottom left of a check."
        )
    if not re.fullmatch(r"\d{4,17}", account):
        problems.setdefault("account", "An account number has 4 to 17 digits.")
    return {**values, "routing": routing, "account": account}, problems


def _is_card(text: str) -> bool:
    digits = [int(d) for d in re.sub(r"\D", "", text)]
    doubled = [d if i % 2 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits), 1)]
    return sum(doubled) % 10 == 0


def _is_routing(digits: str) -> bool:
    """The checksum of American bank routing numbers (ABA)."""
    if not re.fullmatch(r"\d{9}", digits) or digits == "0" * 9:
        return False
    return sum(int(d) * w for d, w in zip(digits, (3, 7, 1) * 3, strict=True)) % 10 == 0


def email_problem(address: str) -> str | None:
    """Why an address cannot be right; None when it can."""
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return "That e-mail address is not complete."
    return None


TAX_ID = Sealed(
    "tax_id",
    "tax_id",
    [Field("tax_id", "Employer identification number (EIN)", "Nine digits, like 12-3456789.", "secret")],
    read_tax_id,
)
BILLING = Billing(
    "billing_details",
    "billing",
    [
        Field(
            "method",
            "How would you like to pay?",
            "",
            "choice",
            (
                Choice(value="invoice", label="Invoice by e-mail"),
                Choice(value="bank", label="Bank debit (ACH)"),
            ),
            picked=("invoice",),
        ),
        Field("name", "Bill to", "The company or person on the bill.", "text"),
        Field("email", "E-mail for bills", "", "email"),
        Field("routing", "Routing number", "Only for bank debit.", "secret"),
        Field("account", "Account number", "Only for bank debit.", "secret"),
    ],
    read_billing,
)
