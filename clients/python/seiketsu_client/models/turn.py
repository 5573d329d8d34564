from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.turn_role import check_turn_role
from ..models.turn_role import TurnRole
from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.turn_latency import TurnLatency
  from ..models.turn_tools_item import TurnToolsItem





T = TypeVar("T", bound="Turn")



@_attrs_define
class Turn:
    """ What one side said.

     """

    n: int
    role: TurnRole
    text: str
    channel: str
    started_at: datetime.datetime
    latency: TurnLatency
    """ Milliseconds by cause. """
    tools: list[TurnToolsItem]





    def to_dict(self) -> dict[str, Any]:
        from ..models.turn_latency import TurnLatency # noqa: PLC0415
        from ..models.turn_tools_item import TurnToolsItem # noqa: PLC0415
        n = self.n

        role: str = self.role

        text = self.text

        channel = self.channel

        started_at = self.started_at.isoformat()

        latency = self.latency.to_dict()

        tools = []
        for tools_item_data in self.tools:
            tools_item = tools_item_data.to_dict()
            tools.append(tools_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "n": n,
            "role": role,
            "text": text,
            "channel": channel,
            "started_at": started_at,
            "latency": latency,
            "tools": tools,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.turn_latency import TurnLatency # noqa: PLC0415
        from ..models.turn_tools_item import TurnToolsItem # noqa: PLC0415
        d = dict(src_dict)
        n = d.pop("n")

        role = check_turn_role(d.pop("role"))




        text = d.pop("text")

        channel = d.pop("channel")

        started_at = datetime.datetime.fromisoformat(d.pop("started_at"))




        latency = TurnLatency.from_dict(d.pop("latency"))




        tools = []
        _tools = d.pop("tools")
        for tools_item_data in (_tools):
            tools_item = TurnToolsItem.from_dict(tools_item_data)



            tools.append(tools_item)


        turn = cls(
            n=n,
            role=role,
            text=text,
            channel=channel,
            started_at=started_at,
            latency=latency,
            tools=tools,
        )

        return turn

