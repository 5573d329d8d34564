from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.turn import Turn





T = TypeVar("T", bound="Transcript")



@_attrs_define
class Transcript:
    """ A whole call in words.

     """

    call_id: UUID
    conversation_id: None | UUID
    turns: list[Turn]





    def to_dict(self) -> dict[str, Any]:
        from ..models.turn import Turn # noqa: PLC0415
        call_id = str(self.call_id)

        conversation_id: None | str
        if isinstance(self.conversation_id, UUID):
            conversation_id = str(self.conversation_id)
        else:
            conversation_id = self.conversation_id

        turns = []
        for turns_item_data in self.turns:
            turns_item = turns_item_data.to_dict()
            turns.append(turns_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "call_id": call_id,
            "conversation_id": conversation_id,
            "turns": turns,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.turn import Turn # noqa: PLC0415
        d = dict(src_dict)
        call_id = UUID(d.pop("call_id"))




        def _parse_conversation_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                conversation_id_type_0 = UUID(data)



                return conversation_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        conversation_id = _parse_conversation_id(d.pop("conversation_id"))


        turns = []
        _turns = d.pop("turns")
        for turns_item_data in (_turns):
            turns_item = Turn.from_dict(turns_item_data)



            turns.append(turns_item)


        transcript = cls(
            call_id=call_id,
            conversation_id=conversation_id,
            turns=turns,
        )

        return transcript

