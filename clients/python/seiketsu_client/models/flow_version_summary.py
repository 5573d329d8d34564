from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.flow_version_summary_status import check_flow_version_summary_status
from ..models.flow_version_summary_status import FlowVersionSummaryStatus
from typing import cast
import datetime






T = TypeVar("T", bound="FlowVersionSummary")



@_attrs_define
class FlowVersionSummary:
    """ A version in a list.

     """

    flow: str
    version: int
    status: FlowVersionSummaryStatus
    note: str
    based_on: int
    author: str
    created_at: datetime.datetime | None
    """ null for the shipped flow. """
    published_at: datetime.datetime | None





    def to_dict(self) -> dict[str, Any]:
        flow = self.flow

        version = self.version

        status: str = self.status

        note = self.note

        based_on = self.based_on

        author = self.author

        created_at: None | str
        if isinstance(self.created_at, datetime.datetime):
            created_at = self.created_at.isoformat()
        else:
            created_at = self.created_at

        published_at: None | str
        if isinstance(self.published_at, datetime.datetime):
            published_at = self.published_at.isoformat()
        else:
            published_at = self.published_at


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "flow": flow,
            "version": version,
            "status": status,
            "note": note,
            "based_on": based_on,
            "author": author,
            "created_at": created_at,
            "published_at": published_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        flow = d.pop("flow")

        version = d.pop("version")

        status = check_flow_version_summary_status(d.pop("status"))




        note = d.pop("note")

        based_on = d.pop("based_on")

        author = d.pop("author")

        def _parse_created_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                created_at_type_0 = datetime.datetime.fromisoformat(data)



                return created_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        created_at = _parse_created_at(d.pop("created_at"))


        def _parse_published_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                published_at_type_0 = datetime.datetime.fromisoformat(data)



                return published_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        published_at = _parse_published_at(d.pop("published_at"))


        flow_version_summary = cls(
            flow=flow,
            version=version,
            status=status,
            note=note,
            based_on=based_on,
            author=author,
            created_at=created_at,
            published_at=published_at,
        )

        return flow_version_summary

