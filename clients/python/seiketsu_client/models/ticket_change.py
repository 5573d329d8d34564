from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.ticket_change_category import check_ticket_change_category
from ..models.ticket_change_category import TicketChangeCategory
from ..models.ticket_change_priority import check_ticket_change_priority
from ..models.ticket_change_priority import TicketChangePriority
from ..models.ticket_change_status import check_ticket_change_status
from ..models.ticket_change_status import TicketChangeStatus
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="TicketChange")



@_attrs_define
class TicketChange:
    """ What is to change.

     """

    subject: str | Unset = UNSET
    category: TicketChangeCategory | Unset = UNSET
    priority: TicketChangePriority | Unset = UNSET
    status: TicketChangeStatus | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        subject = self.subject

        category: str | Unset = UNSET
        if not isinstance(self.category, Unset):
            category = self.category


        priority: str | Unset = UNSET
        if not isinstance(self.priority, Unset):
            priority = self.priority


        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status



        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if subject is not UNSET:
            field_dict["subject"] = subject
        if category is not UNSET:
            field_dict["category"] = category
        if priority is not UNSET:
            field_dict["priority"] = priority
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        subject = d.pop("subject", UNSET)

        _category = d.pop("category", UNSET)
        category: TicketChangeCategory | Unset
        if isinstance(_category,  Unset):
            category = UNSET
        else:
            category = check_ticket_change_category(_category)




        _priority = d.pop("priority", UNSET)
        priority: TicketChangePriority | Unset
        if isinstance(_priority,  Unset):
            priority = UNSET
        else:
            priority = check_ticket_change_priority(_priority)




        _status = d.pop("status", UNSET)
        status: TicketChangeStatus | Unset
        if isinstance(_status,  Unset):
            status = UNSET
        else:
            status = check_ticket_change_status(_status)




        ticket_change = cls(
            subject=subject,
            category=category,
            priority=priority,
            status=status,
        )

        return ticket_change

