from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="Flow")



@_attrs_define
class Flow:
    """ A flow and which version of it is in force.

     """

    flow: str
    title: str
    live_version: int
    """ The version you published; 0: the shipped flow. """
    latest_version: int





    def to_dict(self) -> dict[str, Any]:
        flow = self.flow

        title = self.title

        live_version = self.live_version

        latest_version = self.latest_version


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "flow": flow,
            "title": title,
            "live_version": live_version,
            "latest_version": latest_version,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        flow = d.pop("flow")

        title = d.pop("title")

        live_version = d.pop("live_version")

        latest_version = d.pop("latest_version")

        flow = cls(
            flow=flow,
            title=title,
            live_version=live_version,
            latest_version=latest_version,
        )

        return flow

