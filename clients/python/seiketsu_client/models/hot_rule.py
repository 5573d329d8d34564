from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.hot_rule_financing_item import check_hot_rule_financing_item
from ..models.hot_rule_financing_item import HotRuleFinancingItem
from ..models.hot_rule_intents_item import check_hot_rule_intents_item
from ..models.hot_rule_intents_item import HotRuleIntentsItem
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="HotRule")



@_attrs_define
class HotRule:
    """ A lead is hot from this score, or when the conditions that are set hold: all, or any of them.

     """

    score: int | Unset = 80
    days: int | None | Unset = 30
    """ Moves within so many days. """
    financing: list[HotRuleFinancingItem] | Unset = UNSET
    price_from: int | None | Unset = UNSET
    """ Would pay so many dollars or more. """
    appointment: bool | Unset = False
    """ Wishes to see a home or to meet. """
    any_of: bool | Unset = False
    """ One of the conditions is enough. """
    intents: list[HotRuleIntentsItem] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        score = self.score

        days: int | None | Unset
        if isinstance(self.days, Unset):
            days = UNSET
        else:
            days = self.days

        financing: list[str] | Unset = UNSET
        if not isinstance(self.financing, Unset):
            financing = []
            for financing_item_data in self.financing:
                financing_item: str = financing_item_data
                financing.append(financing_item)



        price_from: int | None | Unset
        if isinstance(self.price_from, Unset):
            price_from = UNSET
        else:
            price_from = self.price_from

        appointment = self.appointment

        any_of = self.any_of

        intents: list[str] | Unset = UNSET
        if not isinstance(self.intents, Unset):
            intents = []
            for intents_item_data in self.intents:
                intents_item: str = intents_item_data
                intents.append(intents_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if score is not UNSET:
            field_dict["score"] = score
        if days is not UNSET:
            field_dict["days"] = days
        if financing is not UNSET:
            field_dict["financing"] = financing
        if price_from is not UNSET:
            field_dict["price_from"] = price_from
        if appointment is not UNSET:
            field_dict["appointment"] = appointment
        if any_of is not UNSET:
            field_dict["any_of"] = any_of
        if intents is not UNSET:
            field_dict["intents"] = intents

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        score = d.pop("score", UNSET)

        def _parse_days(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        days = _parse_days(d.pop("days", UNSET))


        _financing = d.pop("financing", UNSET)
        financing: list[HotRuleFinancingItem] | Unset = UNSET
        if _financing is not UNSET:
            financing = []
            for financing_item_data in _financing:
                financing_item = check_hot_rule_financing_item(financing_item_data)



                financing.append(financing_item)


        def _parse_price_from(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        price_from = _parse_price_from(d.pop("price_from", UNSET))


        appointment = d.pop("appointment", UNSET)

        any_of = d.pop("any_of", UNSET)

        _intents = d.pop("intents", UNSET)
        intents: list[HotRuleIntentsItem] | Unset = UNSET
        if _intents is not UNSET:
            intents = []
            for intents_item_data in _intents:
                intents_item = check_hot_rule_intents_item(intents_item_data)



                intents.append(intents_item)


        hot_rule = cls(
            score=score,
            days=days,
            financing=financing,
            price_from=price_from,
            appointment=appointment,
            any_of=any_of,
            intents=intents,
        )

        return hot_rule

