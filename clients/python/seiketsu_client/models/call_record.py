from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.turn import Turn





T = TypeVar("T", bound="CallRecord")



@_attrs_define
class CallRecord:
    """ A call as the platform's operator sees it, with its transcript.

     """

    id: UUID
    tenant_id: UUID
    sid: None | str
    from_: None | str
    to: None | str
    direction: str
    channel: str
    status: str
    started_at: datetime.datetime
    answered_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    end_reason: None | str
    seconds: int | None
    recording_path: None | str
    transcript_path: None | str
    conversation_id: None | UUID
    turns: list[Turn]





    def to_dict(self) -> dict[str, Any]:
        from ..models.turn import Turn # noqa: PLC0415
        id = str(self.id)

        tenant_id = str(self.tenant_id)

        sid: None | str
        sid = self.sid

        from_: None | str
        from_ = self.from_

        to: None | str
        to = self.to

        direction = self.direction

        channel = self.channel

        status = self.status

        started_at = self.started_at.isoformat()

        answered_at: None | str
        if isinstance(self.answered_at, datetime.datetime):
            answered_at = self.answered_at.isoformat()
        else:
            answered_at = self.answered_at

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        end_reason: None | str
        end_reason = self.end_reason

        seconds: int | None
        seconds = self.seconds

        recording_path: None | str
        recording_path = self.recording_path

        transcript_path: None | str
        transcript_path = self.transcript_path

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
            "id": id,
            "tenant_id": tenant_id,
            "sid": sid,
            "from": from_,
            "to": to,
            "direction": direction,
            "channel": channel,
            "status": status,
            "started_at": started_at,
            "answered_at": answered_at,
            "ended_at": ended_at,
            "end_reason": end_reason,
            "seconds": seconds,
            "recording_path": recording_path,
            "transcript_path": transcript_path,
            "conversation_id": conversation_id,
            "turns": turns,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.turn import Turn # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        tenant_id = UUID(d.pop("tenant_id"))




        def _parse_sid(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        sid = _parse_sid(d.pop("sid"))


        def _parse_from_(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        from_ = _parse_from_(d.pop("from"))


        def _parse_to(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        to = _parse_to(d.pop("to"))


        direction = d.pop("direction")

        channel = d.pop("channel")

        status = d.pop("status")

        started_at = datetime.datetime.fromisoformat(d.pop("started_at"))




        def _parse_answered_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                answered_at_type_0 = datetime.datetime.fromisoformat(data)



                return answered_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        answered_at = _parse_answered_at(d.pop("answered_at"))


        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)



                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at"))


        def _parse_end_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        end_reason = _parse_end_reason(d.pop("end_reason"))


        def _parse_seconds(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        seconds = _parse_seconds(d.pop("seconds"))


        def _parse_recording_path(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        recording_path = _parse_recording_path(d.pop("recording_path"))


        def _parse_transcript_path(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        transcript_path = _parse_transcript_path(d.pop("transcript_path"))


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


        call_record = cls(
            id=id,
            tenant_id=tenant_id,
            sid=sid,
            from_=from_,
            to=to,
            direction=direction,
            channel=channel,
            status=status,
            started_at=started_at,
            answered_at=answered_at,
            ended_at=ended_at,
            end_reason=end_reason,
            seconds=seconds,
            recording_path=recording_path,
            transcript_path=transcript_path,
            conversation_id=conversation_id,
            turns=turns,
        )

        return call_record

