from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.ticket_summary_status import check_ticket_summary_status
from ..models.ticket_summary_status import TicketSummaryStatus
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.callback import Callback





T = TypeVar("T", bound="TicketSummary")



@_attrs_define
class TicketSummary:
    """ A ticket in a list.

     """

    id: UUID
    number: int
    """ What a person says on the phone. """
    category: str
    priority: str
    subject: str
    body: str
    status: TicketSummaryStatus
    channel: str
    due_at: datetime.datetime | None
    """ When the first answer is due. """
    created_at: datetime.datetime
    callbacks: list[Callback]





    def to_dict(self) -> dict[str, Any]:
        from ..models.callback import Callback # noqa: PLC0415
        id = str(self.id)

        number = self.number

        category = self.category

        priority = self.priority

        subject = self.subject

        body = self.body

        status: str = self.status

        channel = self.channel

        due_at: None | str
        if isinstance(self.due_at, datetime.datetime):
            due_at = self.due_at.isoformat()
        else:
            due_at = self.due_at

        created_at = self.created_at.isoformat()

        callbacks = []
        for callbacks_item_data in self.callbacks:
            callbacks_item = callbacks_item_data.to_dict()
            callbacks.append(callbacks_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "number": number,
            "category": category,
            "priority": priority,
            "subject": subject,
            "body": body,
            "status": status,
            "channel": channel,
            "due_at": due_at,
            "created_at": created_at,
            "callbacks": callbacks,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.callback import Callback # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        number = d.pop("number")

        category = d.pop("category")

        priority = d.pop("priority")

        subject = d.pop("subject")

        body = d.pop("body")

        status = check_ticket_summary_status(d.pop("status"))




        channel = d.pop("channel")

        def _parse_due_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                due_at_type_0 = datetime.datetime.fromisoformat(data)



                return due_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        due_at = _parse_due_at(d.pop("due_at"))


        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        callbacks = []
        _callbacks = d.pop("callbacks")
        for callbacks_item_data in (_callbacks):
            callbacks_item = Callback.from_dict(callbacks_item_data)



            callbacks.append(callbacks_item)


        ticket_summary = cls(
            id=id,
            number=number,
            category=category,
            priority=priority,
            subject=subject,
            body=body,
            status=status,
            channel=channel,
            due_at=due_at,
            created_at=created_at,
            callbacks=callbacks,
        )

        return ticket_summary

