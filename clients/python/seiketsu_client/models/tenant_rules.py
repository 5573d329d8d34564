from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.tenant_rules_compliance import TenantRulesCompliance
  from ..models.tenant_rules_criteria import TenantRulesCriteria
  from ..models.tenant_rules_follow_up_item import TenantRulesFollowUpItem
  from ..models.tenant_rules_hot_rule import TenantRulesHotRule
  from ..models.tenant_rules_routing import TenantRulesRouting





T = TypeVar("T", bound="TenantRules")



@_attrs_define
class TenantRules:
    """ The rules in short; all of them, with words, under ``/rules``.

     """

    criteria: TenantRulesCriteria
    hot_rule: TenantRulesHotRule
    routing: TenantRulesRouting
    follow_up: list[TenantRulesFollowUpItem]
    compliance: TenantRulesCompliance





    def to_dict(self) -> dict[str, Any]:
        from ..models.tenant_rules_compliance import TenantRulesCompliance # noqa: PLC0415
        from ..models.tenant_rules_criteria import TenantRulesCriteria # noqa: PLC0415
        from ..models.tenant_rules_follow_up_item import TenantRulesFollowUpItem # noqa: PLC0415
        from ..models.tenant_rules_hot_rule import TenantRulesHotRule # noqa: PLC0415
        from ..models.tenant_rules_routing import TenantRulesRouting # noqa: PLC0415
        criteria = self.criteria.to_dict()

        hot_rule = self.hot_rule.to_dict()

        routing = self.routing.to_dict()

        follow_up = []
        for follow_up_item_data in self.follow_up:
            follow_up_item = follow_up_item_data.to_dict()
            follow_up.append(follow_up_item)



        compliance = self.compliance.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "criteria": criteria,
            "hot_rule": hot_rule,
            "routing": routing,
            "follow_up": follow_up,
            "compliance": compliance,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.tenant_rules_compliance import TenantRulesCompliance # noqa: PLC0415
        from ..models.tenant_rules_criteria import TenantRulesCriteria # noqa: PLC0415
        from ..models.tenant_rules_follow_up_item import TenantRulesFollowUpItem # noqa: PLC0415
        from ..models.tenant_rules_hot_rule import TenantRulesHotRule # noqa: PLC0415
        from ..models.tenant_rules_routing import TenantRulesRouting # noqa: PLC0415
        d = dict(src_dict)
        criteria = TenantRulesCriteria.from_dict(d.pop("criteria"))




        hot_rule = TenantRulesHotRule.from_dict(d.pop("hot_rule"))




        routing = TenantRulesRouting.from_dict(d.pop("routing"))




        follow_up = []
        _follow_up = d.pop("follow_up")
        for follow_up_item_data in (_follow_up):
            follow_up_item = TenantRulesFollowUpItem.from_dict(follow_up_item_data)



            follow_up.append(follow_up_item)


        compliance = TenantRulesCompliance.from_dict(d.pop("compliance"))




        tenant_rules = cls(
            criteria=criteria,
            hot_rule=hot_rule,
            routing=routing,
            follow_up=follow_up,
            compliance=compliance,
        )

        return tenant_rules

