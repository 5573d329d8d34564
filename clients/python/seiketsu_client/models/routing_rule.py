from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.routing_rule_when import RoutingRuleWhen





T = TypeVar("T", bound="RoutingRule")



@_attrs_define
class RoutingRule:
    """ Leads with these facts go to these people (ids or e-mail addresses).

     """

    when: RoutingRuleWhen
    to: list[str]





    def to_dict(self) -> dict[str, Any]:
        from ..models.routing_rule_when import RoutingRuleWhen # noqa: PLC0415
        when = self.when.to_dict()

        to = self.to




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "when": when,
            "to": to,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.routing_rule_when import RoutingRuleWhen # noqa: PLC0415
        d = dict(src_dict)
        when = RoutingRuleWhen.from_dict(d.pop("when"))




        to = cast(list[str], d.pop("to"))


        routing_rule = cls(
            when=when,
            to=to,
        )

        return routing_rule

