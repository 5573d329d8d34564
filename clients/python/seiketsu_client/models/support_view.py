from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.support_view_first_answer_hours import SupportViewFirstAnswerHours
  from ..models.way_view import WayView





T = TypeVar("T", bound="SupportView")



@_attrs_define
class SupportView:
    """ The help that the plan includes (B018-B022). The chat's hours are in the client's time zone; where
    ``people`` has no chat, the assistant answers it.

     """

    people: list[WayView]
    chat_hours: str
    chat_open: bool
    video: bool
    manager: bool
    custom_training: bool
    first_answer_hours: SupportViewFirstAnswerHours
    """ By priority, around the clock """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.support_view_first_answer_hours import SupportViewFirstAnswerHours # noqa: PLC0415
        from ..models.way_view import WayView # noqa: PLC0415
        people = []
        for people_item_data in self.people:
            people_item = people_item_data.to_dict()
            people.append(people_item)



        chat_hours = self.chat_hours

        chat_open = self.chat_open

        video = self.video

        manager = self.manager

        custom_training = self.custom_training

        first_answer_hours = self.first_answer_hours.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "people": people,
            "chat_hours": chat_hours,
            "chat_open": chat_open,
            "video": video,
            "manager": manager,
            "custom_training": custom_training,
            "first_answer_hours": first_answer_hours,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.support_view_first_answer_hours import SupportViewFirstAnswerHours # noqa: PLC0415
        from ..models.way_view import WayView # noqa: PLC0415
        d = dict(src_dict)
        people = []
        _people = d.pop("people")
        for people_item_data in (_people):
            people_item = WayView.from_dict(people_item_data)



            people.append(people_item)


        chat_hours = d.pop("chat_hours")

        chat_open = d.pop("chat_open")

        video = d.pop("video")

        manager = d.pop("manager")

        custom_training = d.pop("custom_training")

        first_answer_hours = SupportViewFirstAnswerHours.from_dict(d.pop("first_answer_hours"))




        support_view = cls(
            people=people,
            chat_hours=chat_hours,
            chat_open=chat_open,
            video=video,
            manager=manager,
            custom_training=custom_training,
            first_answer_hours=first_answer_hours,
        )


        support_view.additional_properties = d
        return support_view

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
