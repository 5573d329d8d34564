from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.ticket_new_category import check_ticket_new_category
from ..models.ticket_new_category import TicketNewCategory
from ..models.ticket_new_priority import check_ticket_new_priority
from ..models.ticket_new_priority import TicketNewPriority
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="TicketNew")



@_attrs_define
class TicketNew:
    """ A request for help.

     """

    subject: str
    body: str | Unset = ''
    category: TicketNewCategory | Unset = 'account'
    priority: TicketNewPriority | Unset = 'medium'





    def to_dict(self) -> dict[str, Any]:
        subject = self.subject

        body = self.body

        category: str | Unset = UNSET
        if not isinstance(self.category, Unset):
            category = self.category


        priority: str | Unset = UNSET
        if not isinstance(self.priority, Unset):
            priority = self.priority



        field_dict: dict[str, Any] = {}

        field_dict.update({
            "subject": subject,
        })
        if body is not UNSET:
            field_dict["body"] = body
        if category is not UNSET:
            field_dict["category"] = category
        if priority is not UNSET:
            field_dict["priority"] = priority

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        subject = d.pop("subject")

        body = d.pop("body", UNSET)

        _category = d.pop("category", UNSET)
        category: TicketNewCategory | Unset
        if isinstance(_category,  Unset):
            category = UNSET
        else:
            category = check_ticket_new_category(_category)




        _priority = d.pop("priority", UNSET)
        priority: TicketNewPriority | Unset
        if isinstance(_priority,  Unset):
            priority = UNSET
        else:
            priority = check_ticket_new_priority(_priority)




        ticket_new = cls(
            subject=subject,
            body=body,
            category=category,
            priority=priority,
        )

        return ticket_new

