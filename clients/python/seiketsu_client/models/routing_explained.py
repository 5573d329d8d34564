from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="RoutingExplained")



@_attrs_define
class RoutingExplained:
    """ The rules in words, and what is wrong with them.

     """

    explained: list[str]
    problems: list[str]





    def to_dict(self) -> dict[str, Any]:
        explained = self.explained



        problems = self.problems




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "explained": explained,
            "problems": problems,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        explained = cast(list[str], d.pop("explained"))


        problems = cast(list[str], d.pop("problems"))


        routing_explained = cls(
            explained=explained,
            problems=problems,
        )

        return routing_explained

