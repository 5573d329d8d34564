from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.turn_view_latency import TurnViewLatency
  from ..models.turn_view_tools_item import TurnViewToolsItem





T = TypeVar("T", bound="TurnView")



@_attrs_define
class TurnView:
    """ One turn of the transcript.

     """

    role: str
    text: str
    channel: str
    at: datetime.datetime
    latency: TurnViewLatency | Unset = UNSET
    tools: list[TurnViewToolsItem] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.turn_view_latency import TurnViewLatency # noqa: PLC0415
        from ..models.turn_view_tools_item import TurnViewToolsItem # noqa: PLC0415
        role = self.role

        text = self.text

        channel = self.channel

        at = self.at.isoformat()

        latency: dict[str, Any] | Unset = UNSET
        if not isinstance(self.latency, Unset):
            latency = self.latency.to_dict()

        tools: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.tools, Unset):
            tools = []
            for tools_item_data in self.tools:
                tools_item = tools_item_data.to_dict()
                tools.append(tools_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "role": role,
            "text": text,
            "channel": channel,
            "at": at,
        })
        if latency is not UNSET:
            field_dict["latency"] = latency
        if tools is not UNSET:
            field_dict["tools"] = tools

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.turn_view_latency import TurnViewLatency # noqa: PLC0415
        from ..models.turn_view_tools_item import TurnViewToolsItem # noqa: PLC0415
        d = dict(src_dict)
        role = d.pop("role")

        text = d.pop("text")

        channel = d.pop("channel")

        at = datetime.datetime.fromisoformat(d.pop("at"))




        _latency = d.pop("latency", UNSET)
        latency: TurnViewLatency | Unset
        if isinstance(_latency,  Unset):
            latency = UNSET
        else:
            latency = TurnViewLatency.from_dict(_latency)




        _tools = d.pop("tools", UNSET)
        tools: list[TurnViewToolsItem] | Unset = UNSET
        if _tools is not UNSET:
            tools = []
            for tools_item_data in _tools:
                tools_item = TurnViewToolsItem.from_dict(tools_item_data)



                tools.append(tools_item)


        turn_view = cls(
            role=role,
            text=text,
            channel=channel,
            at=at,
            latency=latency,
            tools=tools,
        )


        turn_view.additional_properties = d
        return turn_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
