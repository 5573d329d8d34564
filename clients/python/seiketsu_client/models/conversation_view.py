from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.conversation_view_awaiting import ConversationViewAwaiting
  from ..models.conversation_view_slots import ConversationViewSlots
  from ..models.receipt_view import ReceiptView
  from ..models.turn_view import TurnView





T = TypeVar("T", bound="ConversationView")



@_attrs_define
class ConversationView:
    """ A conversation as stored: form, receipts, transcript.

     """

    id: UUID
    status: str
    channel: str
    flow: str
    version: int
    step: str
    awaiting: ConversationViewAwaiting
    slots: ConversationViewSlots
    tenant_id: None | UUID
    receipts: list[ReceiptView]
    transcript: list[TurnView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.conversation_view_awaiting import ConversationViewAwaiting # noqa: PLC0415
        from ..models.conversation_view_slots import ConversationViewSlots # noqa: PLC0415
        from ..models.receipt_view import ReceiptView # noqa: PLC0415
        from ..models.turn_view import TurnView # noqa: PLC0415
        id = str(self.id)

        status = self.status

        channel = self.channel

        flow = self.flow

        version = self.version

        step = self.step

        awaiting = self.awaiting.to_dict()

        slots = self.slots.to_dict()

        tenant_id: None | str
        if isinstance(self.tenant_id, UUID):
            tenant_id = str(self.tenant_id)
        else:
            tenant_id = self.tenant_id

        receipts = []
        for receipts_item_data in self.receipts:
            receipts_item = receipts_item_data.to_dict()
            receipts.append(receipts_item)



        transcript = []
        for transcript_item_data in self.transcript:
            transcript_item = transcript_item_data.to_dict()
            transcript.append(transcript_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "status": status,
            "channel": channel,
            "flow": flow,
            "version": version,
            "step": step,
            "awaiting": awaiting,
            "slots": slots,
            "tenant_id": tenant_id,
            "receipts": receipts,
            "transcript": transcript,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.conversation_view_awaiting import ConversationViewAwaiting # noqa: PLC0415
        from ..models.conversation_view_slots import ConversationViewSlots # noqa: PLC0415
        from ..models.receipt_view import ReceiptView # noqa: PLC0415
        from ..models.turn_view import TurnView # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        status = d.pop("status")

        channel = d.pop("channel")

        flow = d.pop("flow")

        version = d.pop("version")

        step = d.pop("step")

        awaiting = ConversationViewAwaiting.from_dict(d.pop("awaiting"))




        slots = ConversationViewSlots.from_dict(d.pop("slots"))




        def _parse_tenant_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                tenant_id_type_0 = UUID(data)



                return tenant_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        tenant_id = _parse_tenant_id(d.pop("tenant_id"))


        receipts = []
        _receipts = d.pop("receipts")
        for receipts_item_data in (_receipts):
            receipts_item = ReceiptView.from_dict(receipts_item_data)



            receipts.append(receipts_item)


        transcript = []
        _transcript = d.pop("transcript")
        for transcript_item_data in (_transcript):
            transcript_item = TurnView.from_dict(transcript_item_data)



            transcript.append(transcript_item)


        conversation_view = cls(
            id=id,
            status=status,
            channel=channel,
            flow=flow,
            version=version,
            step=step,
            awaiting=awaiting,
            slots=slots,
            tenant_id=tenant_id,
            receipts=receipts,
            transcript=transcript,
        )


        conversation_view.additional_properties = d
        return conversation_view

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
