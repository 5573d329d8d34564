from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.rules_compliance import RulesCompliance
  from ..models.rules_criteria import RulesCriteria
  from ..models.rules_follow_up_item import RulesFollowUpItem
  from ..models.rules_hot_rule import RulesHotRule
  from ..models.rules_routing import RulesRouting





T = TypeVar("T", bound="Rules")



@_attrs_define
class Rules:
    """ The rules in force. ``version`` counts changes.

     """

    version: int
    criteria: RulesCriteria
    hot_rule: RulesHotRule
    routing: RulesRouting
    follow_up: list[RulesFollowUpItem]
    compliance: RulesCompliance
    """ What the law adds. Only recording can be chosen. """
    explained: list[str]
    """ What the rules do, in words. """
    updated_at: datetime.datetime





    def to_dict(self) -> dict[str, Any]:
        from ..models.rules_compliance import RulesCompliance # noqa: PLC0415
        from ..models.rules_criteria import RulesCriteria # noqa: PLC0415
        from ..models.rules_follow_up_item import RulesFollowUpItem # noqa: PLC0415
        from ..models.rules_hot_rule import RulesHotRule # noqa: PLC0415
        from ..models.rules_routing import RulesRouting # noqa: PLC0415
        version = self.version

        criteria = self.criteria.to_dict()

        hot_rule = self.hot_rule.to_dict()

        routing = self.routing.to_dict()

        follow_up = []
        for follow_up_item_data in self.follow_up:
            follow_up_item = follow_up_item_data.to_dict()
            follow_up.append(follow_up_item)



        compliance = self.compliance.to_dict()

        explained = self.explained



        updated_at = self.updated_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "version": version,
            "criteria": criteria,
            "hot_rule": hot_rule,
            "routing": routing,
            "follow_up": follow_up,
            "compliance": compliance,
            "explained": explained,
            "updated_at": updated_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rules_compliance import RulesCompliance # noqa: PLC0415
        from ..models.rules_criteria import RulesCriteria # noqa: PLC0415
        from ..models.rules_follow_up_item import RulesFollowUpItem # noqa: PLC0415
        from ..models.rules_hot_rule import RulesHotRule # noqa: PLC0415
        from ..models.rules_routing import RulesRouting # noqa: PLC0415
        d = dict(src_dict)
        version = d.pop("version")

        criteria = RulesCriteria.from_dict(d.pop("criteria"))




        hot_rule = RulesHotRule.from_dict(d.pop("hot_rule"))




        routing = RulesRouting.from_dict(d.pop("routing"))




        follow_up = []
        _follow_up = d.pop("follow_up")
        for follow_up_item_data in (_follow_up):
            follow_up_item = RulesFollowUpItem.from_dict(follow_up_item_data)



            follow_up.append(follow_up_item)


        compliance = RulesCompliance.from_dict(d.pop("compliance"))




        explained = cast(list[str], d.pop("explained"))


        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))




        rules = cls(
            version=version,
            criteria=criteria,
            hot_rule=hot_rule,
            routing=routing,
            follow_up=follow_up,
            compliance=compliance,
            explained=explained,
            updated_at=updated_at,
        )

        return rules

