from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.step_view_name import check_step_view_name
from ..models.step_view_name import StepViewName
from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.step_view_detail import StepViewDetail





T = TypeVar("T", bound="StepView")



@_attrs_define
class StepView:
    """ One of the four steps.

     """

    name: StepViewName
    state: str
    attempts: int
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None
    detail: StepViewDetail





    def to_dict(self) -> dict[str, Any]:
        from ..models.step_view_detail import StepViewDetail # noqa: PLC0415
        name: str = self.name

        state = self.state

        attempts = self.attempts

        started_at: None | str
        if isinstance(self.started_at, datetime.datetime):
            started_at = self.started_at.isoformat()
        else:
            started_at = self.started_at

        finished_at: None | str
        if isinstance(self.finished_at, datetime.datetime):
            finished_at = self.finished_at.isoformat()
        else:
            finished_at = self.finished_at

        detail = self.detail.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "name": name,
            "state": state,
            "attempts": attempts,
            "started_at": started_at,
            "finished_at": finished_at,
            "detail": detail,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.step_view_detail import StepViewDetail # noqa: PLC0415
        d = dict(src_dict)
        name = check_step_view_name(d.pop("name"))




        state = d.pop("state")

        attempts = d.pop("attempts")

        def _parse_started_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                started_at_type_0 = datetime.datetime.fromisoformat(data)



                return started_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        started_at = _parse_started_at(d.pop("started_at"))


        def _parse_finished_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                finished_at_type_0 = datetime.datetime.fromisoformat(data)



                return finished_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        finished_at = _parse_finished_at(d.pop("finished_at"))


        detail = StepViewDetail.from_dict(d.pop("detail"))




        step_view = cls(
            name=name,
            state=state,
            attempts=attempts,
            started_at=started_at,
            finished_at=finished_at,
            detail=detail,
        )

        return step_view

