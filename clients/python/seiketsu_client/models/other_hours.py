from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="OtherHours")



@_attrs_define
class OtherHours:
    """ A day with other hours than usual; without ``spans`` a day off.

     """

    date: str
    spans: list[list[str]] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        date = self.date

        spans: list[list[str]] | Unset = UNSET
        if not isinstance(self.spans, Unset):
            spans = []
            for spans_item_data in self.spans:
                spans_item = spans_item_data


                spans.append(spans_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "date": date,
        })
        if spans is not UNSET:
            field_dict["spans"] = spans

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        date = d.pop("date")

        _spans = d.pop("spans", UNSET)
        spans: list[list[str]] | Unset = UNSET
        if _spans is not UNSET:
            spans = []
            for spans_item_data in _spans:
                spans_item = cast(list[str], spans_item_data)

                spans.append(spans_item)


        other_hours = cls(
            date=date,
            spans=spans,
        )

        return other_hours

