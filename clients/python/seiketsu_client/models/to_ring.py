from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="ToRing")



@_attrs_define
class ToRing:
    """ Somebody who waits for a call.

     """

    callback_id: UUID
    phone: str
    reason: str
    promised: datetime.datetime | None
    lead_id: None | UUID
    score: int
    why: str
    """ What puts them where they stand. """





    def to_dict(self) -> dict[str, Any]:
        callback_id = str(self.callback_id)

        phone = self.phone

        reason = self.reason

        promised: None | str
        if isinstance(self.promised, datetime.datetime):
            promised = self.promised.isoformat()
        else:
            promised = self.promised

        lead_id: None | str
        if isinstance(self.lead_id, UUID):
            lead_id = str(self.lead_id)
        else:
            lead_id = self.lead_id

        score = self.score

        why = self.why


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "callback_id": callback_id,
            "phone": phone,
            "reason": reason,
            "promised": promised,
            "lead_id": lead_id,
            "score": score,
            "why": why,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        callback_id = UUID(d.pop("callback_id"))




        phone = d.pop("phone")

        reason = d.pop("reason")

        def _parse_promised(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                promised_type_0 = datetime.datetime.fromisoformat(data)



                return promised_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        promised = _parse_promised(d.pop("promised"))


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


        score = d.pop("score")

        why = d.pop("why")

        to_ring = cls(
            callback_id=callback_id,
            phone=phone,
            reason=reason,
            promised=promised,
            lead_id=lead_id,
            score=score,
            why=why,
        )

        return to_ring

