from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.answer_awaiting import AnswerAwaiting
  from ..models.answer_slots import AnswerSlots
  from ..models.tool_view import ToolView





T = TypeVar("T", bound="Answer")



@_attrs_define
class Answer:
    """ The agent's words, and where the form stands.

     """

    id: UUID
    replies: list[str]
    ended: bool
    tools: list[ToolView] | Unset = UNSET
    step: str | Unset = ''
    slots: AnswerSlots | Unset = UNSET
    awaiting: AnswerAwaiting | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.answer_awaiting import AnswerAwaiting # noqa: PLC0415
        from ..models.answer_slots import AnswerSlots # noqa: PLC0415
        from ..models.tool_view import ToolView # noqa: PLC0415
        id = str(self.id)

        replies = self.replies



        ended = self.ended

        tools: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.tools, Unset):
            tools = []
            for tools_item_data in self.tools:
                tools_item = tools_item_data.to_dict()
                tools.append(tools_item)



        step = self.step

        slots: dict[str, Any] | Unset = UNSET
        if not isinstance(self.slots, Unset):
            slots = self.slots.to_dict()

        awaiting: dict[str, Any] | Unset = UNSET
        if not isinstance(self.awaiting, Unset):
            awaiting = self.awaiting.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "replies": replies,
            "ended": ended,
        })
        if tools is not UNSET:
            field_dict["tools"] = tools
        if step is not UNSET:
            field_dict["step"] = step
        if slots is not UNSET:
            field_dict["slots"] = slots
        if awaiting is not UNSET:
            field_dict["awaiting"] = awaiting

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.answer_awaiting import AnswerAwaiting # noqa: PLC0415
        from ..models.answer_slots import AnswerSlots # noqa: PLC0415
        from ..models.tool_view import ToolView # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        replies = cast(list[str], d.pop("replies"))


        ended = d.pop("ended")

        _tools = d.pop("tools", UNSET)
        tools: list[ToolView] | Unset = UNSET
        if _tools is not UNSET:
            tools = []
            for tools_item_data in _tools:
                tools_item = ToolView.from_dict(tools_item_data)



                tools.append(tools_item)


        step = d.pop("step", UNSET)

        _slots = d.pop("slots", UNSET)
        slots: AnswerSlots | Unset
        if isinstance(_slots,  Unset):
            slots = UNSET
        else:
            slots = AnswerSlots.from_dict(_slots)




        _awaiting = d.pop("awaiting", UNSET)
        awaiting: AnswerAwaiting | Unset
        if isinstance(_awaiting,  Unset):
            awaiting = UNSET
        else:
            awaiting = AnswerAwaiting.from_dict(_awaiting)




        answer = cls(
            id=id,
            replies=replies,
            ended=ended,
            tools=tools,
            step=step,
            slots=slots,
            awaiting=awaiting,
        )


        answer.additional_properties = d
        return answer

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
