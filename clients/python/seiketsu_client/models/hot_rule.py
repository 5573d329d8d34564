from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.hot_rule_financing_item import check_hot_rule_financing_item
from ..models.hot_rule_financing_item import HotRuleFinancingItem
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="HotRule")



@_attrs_define
class HotRule:
    """ A lead is hot from this score, or when it moves within these days with money ready.

     """

    score: int | Unset = 80
    days: int | Unset = 30
    financing: list[HotRuleFinancingItem] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        score = self.score

        days = self.days

        financing: list[str] | Unset = UNSET
        if not isinstance(self.financing, Unset):
            financing = []
            for financing_item_data in self.financing:
                financing_item: str = financing_item_data
                financing.append(financing_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if score is not UNSET:
            field_dict["score"] = score
        if days is not UNSET:
            field_dict["days"] = days
        if financing is not UNSET:
            field_dict["financing"] = financing

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        score = d.pop("score", UNSET)

        days = d.pop("days", UNSET)

        _financing = d.pop("financing", UNSET)
        financing: list[HotRuleFinancingItem] | Unset = UNSET
        if _financing is not UNSET:
            financing = []
            for financing_item_data in _financing:
                financing_item = check_hot_rule_financing_item(financing_item_data)



                financing.append(financing_item)


        hot_rule = cls(
            score=score,
            days=days,
            financing=financing,
        )

        return hot_rule

