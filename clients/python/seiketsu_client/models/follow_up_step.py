from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.follow_up_step_channel import check_follow_up_step_channel
from ..models.follow_up_step_channel import FollowUpStepChannel
from ..models.follow_up_step_stop_item import check_follow_up_step_stop_item
from ..models.follow_up_step_stop_item import FollowUpStepStopItem
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="FollowUpStep")



@_attrs_define
class FollowUpStep:
    """ One step after the call: a message, or a call the agent places if its gate allows it then.

     """

    minutes: int
    channel: FollowUpStepChannel
    template: str
    stop: list[FollowUpStepStopItem] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        minutes = self.minutes

        channel: str = self.channel

        template = self.template

        stop: list[str] | Unset = UNSET
        if not isinstance(self.stop, Unset):
            stop = []
            for stop_item_data in self.stop:
                stop_item: str = stop_item_data
                stop.append(stop_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "minutes": minutes,
            "channel": channel,
            "template": template,
        })
        if stop is not UNSET:
            field_dict["stop"] = stop

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        minutes = d.pop("minutes")

        channel = check_follow_up_step_channel(d.pop("channel"))




        template = d.pop("template")

        _stop = d.pop("stop", UNSET)
        stop: list[FollowUpStepStopItem] | Unset = UNSET
        if _stop is not UNSET:
            stop = []
            for stop_item_data in _stop:
                stop_item = check_follow_up_step_stop_item(stop_item_data)



                stop.append(stop_item)


        follow_up_step = cls(
            minutes=minutes,
            channel=channel,
            template=template,
            stop=stop,
        )

        return follow_up_step

