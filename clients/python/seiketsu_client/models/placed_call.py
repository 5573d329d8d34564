from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="PlacedCall")



@_attrs_define
class PlacedCall:
    """ A call the agent shall place, or has placed.

     """

    id: UUID
    phone: str
    lead_id: None | UUID
    callback_id: None | UUID
    why: str
    """ follow_up, callback, transfer or manual. """
    actor: str
    """ Who wanted it. """
    status: str
    """ planned, claimed, placing, placed, talking, done or stopped. """
    due_at: datetime.datetime
    """ Not before. """
    tries: int
    outcome: None | str
    """ What the last try came to. """
    answered_by: None | str
    """ What the carrier took the other side for. """
    reason: None | str
    """ Why it waits or was stopped. """
    reason_words: str
    call_id: None | UUID
    ended_at: datetime.datetime | None





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        phone = self.phone

        lead_id: None | str
        if isinstance(self.lead_id, UUID):
            lead_id = str(self.lead_id)
        else:
            lead_id = self.lead_id

        callback_id: None | str
        if isinstance(self.callback_id, UUID):
            callback_id = str(self.callback_id)
        else:
            callback_id = self.callback_id

        why = self.why

        actor = self.actor

        status = self.status

        due_at = self.due_at.isoformat()

        tries = self.tries

        outcome: None | str
        outcome = self.outcome

        answered_by: None | str
        answered_by = self.answered_by

        reason: None | str
        reason = self.reason

        reason_words = self.reason_words

        call_id: None | str
        if isinstance(self.call_id, UUID):
            call_id = str(self.call_id)
        else:
            call_id = self.call_id

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "phone": phone,
            "lead_id": lead_id,
            "callback_id": callback_id,
            "why": why,
            "actor": actor,
            "status": status,
            "due_at": due_at,
            "tries": tries,
            "outcome": outcome,
            "answered_by": answered_by,
            "reason": reason,
            "reason_words": reason_words,
            "call_id": call_id,
            "ended_at": ended_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        phone = d.pop("phone")

        def _parse_lead_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                lead_id_type_0 = UUID(data)



                return lead_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        lead_id = _parse_lead_id(d.pop("lead_id"))


        def _parse_callback_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                callback_id_type_0 = UUID(data)



                return callback_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        callback_id = _parse_callback_id(d.pop("callback_id"))


        why = d.pop("why")

        actor = d.pop("actor")

        status = d.pop("status")

        due_at = datetime.datetime.fromisoformat(d.pop("due_at"))




        tries = d.pop("tries")

        def _parse_outcome(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        outcome = _parse_outcome(d.pop("outcome"))


        def _parse_answered_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        answered_by = _parse_answered_by(d.pop("answered_by"))


        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))


        reason_words = d.pop("reason_words")

        def _parse_call_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                call_id_type_0 = UUID(data)



                return call_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        call_id = _parse_call_id(d.pop("call_id"))


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


        placed_call = cls(
            id=id,
            phone=phone,
            lead_id=lead_id,
            callback_id=callback_id,
            why=why,
            actor=actor,
            status=status,
            due_at=due_at,
            tries=tries,
            outcome=outcome,
            answered_by=answered_by,
            reason=reason,
            reason_words=reason_words,
            call_id=call_id,
            ended_at=ended_at,
        )

        return placed_call

