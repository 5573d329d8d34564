from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.routing_rule import RoutingRule





T = TypeVar("T", bound="Routing")



@_attrs_define
class Routing:
    """ Who gets a lead; what nobody claims in time goes to the fallback.

     """

    mode: str | Unset = 'round_robin'
    fallback: str | Unset = 'admin'
    claim_minutes: int | Unset = 15
    rules: list[RoutingRule] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.routing_rule import RoutingRule # noqa: PLC0415
        mode = self.mode

        fallback = self.fallback

        claim_minutes = self.claim_minutes

        rules: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.rules, Unset):
            rules = []
            for rules_item_data in self.rules:
                rules_item = rules_item_data.to_dict()
                rules.append(rules_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if mode is not UNSET:
            field_dict["mode"] = mode
        if fallback is not UNSET:
            field_dict["fallback"] = fallback
        if claim_minutes is not UNSET:
            field_dict["claim_minutes"] = claim_minutes
        if rules is not UNSET:
            field_dict["rules"] = rules

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.routing_rule import RoutingRule # noqa: PLC0415
        d = dict(src_dict)
        mode = d.pop("mode", UNSET)

        fallback = d.pop("fallback", UNSET)

        claim_minutes = d.pop("claim_minutes", UNSET)

        _rules = d.pop("rules", UNSET)
        rules: list[RoutingRule] | Unset = UNSET
        if _rules is not UNSET:
            rules = []
            for rules_item_data in _rules:
                rules_item = RoutingRule.from_dict(rules_item_data)



                rules.append(rules_item)


        routing = cls(
            mode=mode,
            fallback=fallback,
            claim_minutes=claim_minutes,
            rules=rules,
        )

        return routing

