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
  from ..models.data_request_report_type_0 import DataRequestReportType0





T = TypeVar("T", bound="DataRequest")



@_attrs_define
class DataRequest:
    """ A request about data. ``report``: table by table what was done, with counts.

     """

    id: UUID
    kind: str
    scope: str
    state: str
    phone: None | str
    email: None | str
    ticket: int | None
    received_at: datetime.datetime
    acknowledge_by: datetime.datetime
    acknowledged_at: datetime.datetime | None
    due_at: datetime.datetime
    verified_at: datetime.datetime | None
    not_before: datetime.datetime | None
    completed_at: datetime.datetime | None
    report: DataRequestReportType0 | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.data_request_report_type_0 import DataRequestReportType0 # noqa: PLC0415
        id = str(self.id)

        kind = self.kind

        scope = self.scope

        state = self.state

        phone: None | str
        phone = self.phone

        email: None | str
        email = self.email

        ticket: int | None
        ticket = self.ticket

        received_at = self.received_at.isoformat()

        acknowledge_by = self.acknowledge_by.isoformat()

        acknowledged_at: None | str
        if isinstance(self.acknowledged_at, datetime.datetime):
            acknowledged_at = self.acknowledged_at.isoformat()
        else:
            acknowledged_at = self.acknowledged_at

        due_at = self.due_at.isoformat()

        verified_at: None | str
        if isinstance(self.verified_at, datetime.datetime):
            verified_at = self.verified_at.isoformat()
        else:
            verified_at = self.verified_at

        not_before: None | str
        if isinstance(self.not_before, datetime.datetime):
            not_before = self.not_before.isoformat()
        else:
            not_before = self.not_before

        completed_at: None | str
        if isinstance(self.completed_at, datetime.datetime):
            completed_at = self.completed_at.isoformat()
        else:
            completed_at = self.completed_at

        report: dict[str, Any] | None
        if isinstance(self.report, DataRequestReportType0):
            report = self.report.to_dict()
        else:
            report = self.report


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "kind": kind,
            "scope": scope,
            "state": state,
            "phone": phone,
            "email": email,
            "ticket": ticket,
            "received_at": received_at,
            "acknowledge_by": acknowledge_by,
            "acknowledged_at": acknowledged_at,
            "due_at": due_at,
            "verified_at": verified_at,
            "not_before": not_before,
            "completed_at": completed_at,
            "report": report,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.data_request_report_type_0 import DataRequestReportType0 # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        kind = d.pop("kind")

        scope = d.pop("scope")

        state = d.pop("state")

        def _parse_phone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        phone = _parse_phone(d.pop("phone"))


        def _parse_email(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        email = _parse_email(d.pop("email"))


        def _parse_ticket(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        ticket = _parse_ticket(d.pop("ticket"))


        received_at = datetime.datetime.fromisoformat(d.pop("received_at"))




        acknowledge_by = datetime.datetime.fromisoformat(d.pop("acknowledge_by"))




        def _parse_acknowledged_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                acknowledged_at_type_0 = datetime.datetime.fromisoformat(data)



                return acknowledged_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        acknowledged_at = _parse_acknowledged_at(d.pop("acknowledged_at"))


        due_at = datetime.datetime.fromisoformat(d.pop("due_at"))




        def _parse_verified_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                verified_at_type_0 = datetime.datetime.fromisoformat(data)



                return verified_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        verified_at = _parse_verified_at(d.pop("verified_at"))


        def _parse_not_before(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                not_before_type_0 = datetime.datetime.fromisoformat(data)



                return not_before_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        not_before = _parse_not_before(d.pop("not_before"))


        def _parse_completed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                completed_at_type_0 = datetime.datetime.fromisoformat(data)



                return completed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        completed_at = _parse_completed_at(d.pop("completed_at"))


        def _parse_report(data: object) -> DataRequestReportType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                report_type_0 = DataRequestReportType0.from_dict(data)



                return report_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DataRequestReportType0 | None, data)

        report = _parse_report(d.pop("report"))


        data_request = cls(
            id=id,
            kind=kind,
            scope=scope,
            state=state,
            phone=phone,
            email=email,
            ticket=ticket,
            received_at=received_at,
            acknowledge_by=acknowledge_by,
            acknowledged_at=acknowledged_at,
            due_at=due_at,
            verified_at=verified_at,
            not_before=not_before,
            completed_at=completed_at,
            report=report,
        )


        data_request.additional_properties = d
        return data_request

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
