from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.tenant_status import check_tenant_status
from ..models.tenant_status import TenantStatus
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.tenant_agent import TenantAgent
  from ..models.tenant_member import TenantMember
  from ..models.tenant_rules import TenantRules





T = TypeVar("T", bound="Tenant")



@_attrs_define
class Tenant:
    """ An organisation, with its lines, people, agent and rules.

     """

    id: UUID
    slug: str
    name: str
    brand_name: str
    """ The name callers hear. """
    status: TenantStatus
    plan: None | str
    tier: int | None
    team_size: int | None
    timezone: None | str
    states: list[str]
    markets: list[str]
    website: None | str
    main_phone: None | str
    address: None | str
    license_: None | str
    created_at: datetime.datetime
    activated_at: datetime.datetime | None
    suspended_reason: None | str
    numbers: list[str]
    """ Its telephone lines, E.164. """
    agent: None | TenantAgent
    rules: None | TenantRules
    members: list[TenantMember]





    def to_dict(self) -> dict[str, Any]:
        from ..models.tenant_agent import TenantAgent # noqa: PLC0415
        from ..models.tenant_member import TenantMember # noqa: PLC0415
        from ..models.tenant_rules import TenantRules # noqa: PLC0415
        id = str(self.id)

        slug = self.slug

        name = self.name

        brand_name = self.brand_name

        status: str = self.status

        plan: None | str
        plan = self.plan

        tier: int | None
        tier = self.tier

        team_size: int | None
        team_size = self.team_size

        timezone: None | str
        timezone = self.timezone

        states = self.states



        markets = self.markets



        website: None | str
        website = self.website

        main_phone: None | str
        main_phone = self.main_phone

        address: None | str
        address = self.address

        license_: None | str
        license_ = self.license_

        created_at = self.created_at.isoformat()

        activated_at: None | str
        if isinstance(self.activated_at, datetime.datetime):
            activated_at = self.activated_at.isoformat()
        else:
            activated_at = self.activated_at

        suspended_reason: None | str
        suspended_reason = self.suspended_reason

        numbers = self.numbers



        agent: dict[str, Any] | None
        if isinstance(self.agent, TenantAgent):
            agent = self.agent.to_dict()
        else:
            agent = self.agent

        rules: dict[str, Any] | None
        if isinstance(self.rules, TenantRules):
            rules = self.rules.to_dict()
        else:
            rules = self.rules

        members = []
        for members_item_data in self.members:
            members_item = members_item_data.to_dict()
            members.append(members_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "slug": slug,
            "name": name,
            "brand_name": brand_name,
            "status": status,
            "plan": plan,
            "tier": tier,
            "team_size": team_size,
            "timezone": timezone,
            "states": states,
            "markets": markets,
            "website": website,
            "main_phone": main_phone,
            "address": address,
            "license": license_,
            "created_at": created_at,
            "activated_at": activated_at,
            "suspended_reason": suspended_reason,
            "numbers": numbers,
            "agent": agent,
            "rules": rules,
            "members": members,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.tenant_agent import TenantAgent # noqa: PLC0415
        from ..models.tenant_member import TenantMember # noqa: PLC0415
        from ..models.tenant_rules import TenantRules # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        slug = d.pop("slug")

        name = d.pop("name")

        brand_name = d.pop("brand_name")

        status = check_tenant_status(d.pop("status"))




        def _parse_plan(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        plan = _parse_plan(d.pop("plan"))


        def _parse_tier(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        tier = _parse_tier(d.pop("tier"))


        def _parse_team_size(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        team_size = _parse_team_size(d.pop("team_size"))


        def _parse_timezone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        timezone = _parse_timezone(d.pop("timezone"))


        states = cast(list[str], d.pop("states"))


        markets = cast(list[str], d.pop("markets"))


        def _parse_website(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        website = _parse_website(d.pop("website"))


        def _parse_main_phone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        main_phone = _parse_main_phone(d.pop("main_phone"))


        def _parse_address(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        address = _parse_address(d.pop("address"))


        def _parse_license_(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        license_ = _parse_license_(d.pop("license"))


        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        def _parse_activated_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                activated_at_type_0 = datetime.datetime.fromisoformat(data)



                return activated_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        activated_at = _parse_activated_at(d.pop("activated_at"))


        def _parse_suspended_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        suspended_reason = _parse_suspended_reason(d.pop("suspended_reason"))


        numbers = cast(list[str], d.pop("numbers"))


        def _parse_agent(data: object) -> None | TenantAgent:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                agent_type_0 = TenantAgent.from_dict(data)



                return agent_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TenantAgent, data)

        agent = _parse_agent(d.pop("agent"))


        def _parse_rules(data: object) -> None | TenantRules:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rules_type_0 = TenantRules.from_dict(data)



                return rules_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TenantRules, data)

        rules = _parse_rules(d.pop("rules"))


        members = []
        _members = d.pop("members")
        for members_item_data in (_members):
            members_item = TenantMember.from_dict(members_item_data)



            members.append(members_item)


        tenant = cls(
            id=id,
            slug=slug,
            name=name,
            brand_name=brand_name,
            status=status,
            plan=plan,
            tier=tier,
            team_size=team_size,
            timezone=timezone,
            states=states,
            markets=markets,
            website=website,
            main_phone=main_phone,
            address=address,
            license_=license_,
            created_at=created_at,
            activated_at=activated_at,
            suspended_reason=suspended_reason,
            numbers=numbers,
            agent=agent,
            rules=rules,
            members=members,
        )

        return tenant

