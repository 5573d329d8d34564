from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="FeedNew")



@_attrs_define
class FeedNew:
    """ An MLS by its RESO Web API.

     """

    name: str
    root: str
    token: str
    """ Sealed; never shown again. """
    cities: list[str] | Unset = UNSET
    every_minutes: int | Unset = 60





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        root = self.root

        token = self.token

        cities: list[str] | Unset = UNSET
        if not isinstance(self.cities, Unset):
            cities = self.cities



        every_minutes = self.every_minutes


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "name": name,
            "root": root,
            "token": token,
        })
        if cities is not UNSET:
            field_dict["cities"] = cities
        if every_minutes is not UNSET:
            field_dict["every_minutes"] = every_minutes

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        root = d.pop("root")

        token = d.pop("token")

        cities = cast(list[str], d.pop("cities", UNSET))


        every_minutes = d.pop("every_minutes", UNSET)

        feed_new = cls(
            name=name,
            root=root,
            token=token,
            cities=cities,
            every_minutes=every_minutes,
        )

        return feed_new

