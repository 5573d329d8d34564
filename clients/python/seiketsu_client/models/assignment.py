from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="Assignment")



@_attrs_define
class Assignment:
    """ A lead given to a member.

     """

    id: UUID
    lead_id: UUID
    member_id: UUID
    status: str
    """ offered, claimed, expired or withdrawn. """
    mode: str
    reason: str
    """ Why this member, in words. """
    given_at: datetime.datetime
    claim_by: datetime.datetime | None
    """ Until when it has to be claimed; null: it stays. """
    claimed_at: datetime.datetime | None





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        lead_id = str(self.lead_id)

        member_id = str(self.member_id)

        status = self.status

        mode = self.mode

        reason = self.reason

        given_at = self.given_at.isoformat()

        claim_by: None | str
        if isinstance(self.claim_by, datetime.datetime):
            claim_by = self.claim_by.isoformat()
        else:
            claim_by = self.claim_by

        claimed_at: None | str
        if isinstance(self.claimed_at, datetime.datetime):
            claimed_at = self.claimed_at.isoformat()
        else:
            claimed_at = self.claimed_at


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "lead_id": lead_id,
            "member_id": member_id,
            "status": status,
            "mode": mode,
            "reason": reason,
            "given_at": given_at,
            "claim_by": claim_by,
            "claimed_at": claimed_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        lead_id = UUID(d.pop("lead_id"))




        member_id = UUID(d.pop("member_id"))




        status = d.pop("status")

        mode = d.pop("mode")

        reason = d.pop("reason")

        given_at = datetime.datetime.fromisoformat(d.pop("given_at"))




        def _parse_claim_by(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                claim_by_type_0 = datetime.datetime.fromisoformat(data)



                return claim_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        claim_by = _parse_claim_by(d.pop("claim_by"))


        def _parse_claimed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                claimed_at_type_0 = datetime.datetime.fromisoformat(data)



                return claimed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        claimed_at = _parse_claimed_at(d.pop("claimed_at"))


        assignment = cls(
            id=id,
            lead_id=lead_id,
            member_id=member_id,
            status=status,
            mode=mode,
            reason=reason,
            given_at=given_at,
            claim_by=claim_by,
            claimed_at=claimed_at,
        )

        return assignment

