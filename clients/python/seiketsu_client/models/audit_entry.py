from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.audit_entry_after_type_0 import AuditEntryAfterType0
  from ..models.audit_entry_before_type_0 import AuditEntryBeforeType0





T = TypeVar("T", bound="AuditEntry")



@_attrs_define
class AuditEntry:
    """ One act. ``hash`` covers the entry and the hash before it.

     """

    seq: int
    at: datetime.datetime
    actor: str
    """ Who, and by which door. """
    action: str
    subject: str
    before: AuditEntryBeforeType0 | None
    after: AuditEntryAfterType0 | None
    prev_hash: str
    hash_: str





    def to_dict(self) -> dict[str, Any]:
        from ..models.audit_entry_after_type_0 import AuditEntryAfterType0 # noqa: PLC0415
        from ..models.audit_entry_before_type_0 import AuditEntryBeforeType0 # noqa: PLC0415
        seq = self.seq

        at = self.at.isoformat()

        actor = self.actor

        action = self.action

        subject = self.subject

        before: dict[str, Any] | None
        if isinstance(self.before, AuditEntryBeforeType0):
            before = self.before.to_dict()
        else:
            before = self.before

        after: dict[str, Any] | None
        if isinstance(self.after, AuditEntryAfterType0):
            after = self.after.to_dict()
        else:
            after = self.after

        prev_hash = self.prev_hash

        hash_ = self.hash_


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "seq": seq,
            "at": at,
            "actor": actor,
            "action": action,
            "subject": subject,
            "before": before,
            "after": after,
            "prev_hash": prev_hash,
            "hash": hash_,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audit_entry_after_type_0 import AuditEntryAfterType0 # noqa: PLC0415
        from ..models.audit_entry_before_type_0 import AuditEntryBeforeType0 # noqa: PLC0415
        d = dict(src_dict)
        seq = d.pop("seq")

        at = datetime.datetime.fromisoformat(d.pop("at"))




        actor = d.pop("actor")

        action = d.pop("action")

        subject = d.pop("subject")

        def _parse_before(data: object) -> AuditEntryBeforeType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                before_type_0 = AuditEntryBeforeType0.from_dict(data)



                return before_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AuditEntryBeforeType0 | None, data)

        before = _parse_before(d.pop("before"))


        def _parse_after(data: object) -> AuditEntryAfterType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                after_type_0 = AuditEntryAfterType0.from_dict(data)



                return after_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AuditEntryAfterType0 | None, data)

        after = _parse_after(d.pop("after"))


        prev_hash = d.pop("prev_hash")

        hash_ = d.pop("hash")

        audit_entry = cls(
            seq=seq,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            before=before,
            after=after,
            prev_hash=prev_hash,
            hash_=hash_,
        )

        return audit_entry

