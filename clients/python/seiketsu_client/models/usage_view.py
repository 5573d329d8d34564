from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.limit_view import LimitView
  from ..models.month_view import MonthView
  from ..models.notice_view import NoticeView
  from ..models.support_view import SupportView
  from ..models.usage_view_lines_in_use import UsageViewLinesInUse
  from ..models.waiting_view import WaitingView





T = TypeVar("T", bound="UsageView")



@_attrs_define
class UsageView:
    """ The billing month so far. Months are calendar months in UTC.

     """

    plan: None | str
    month: datetime.date
    resets_at: datetime.datetime
    limits: list[LimitView]
    lines_in_use: UsageViewLinesInUse
    notices: list[NoticeView]
    waiting_change: None | WaitingView
    support: None | SupportView
    """ null while there is no plan """
    history: list[MonthView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.limit_view import LimitView # noqa: PLC0415
        from ..models.month_view import MonthView # noqa: PLC0415
        from ..models.notice_view import NoticeView # noqa: PLC0415
        from ..models.support_view import SupportView # noqa: PLC0415
        from ..models.usage_view_lines_in_use import UsageViewLinesInUse # noqa: PLC0415
        from ..models.waiting_view import WaitingView # noqa: PLC0415
        plan: None | str
        plan = self.plan

        month = self.month.isoformat()

        resets_at = self.resets_at.isoformat()

        limits = []
        for limits_item_data in self.limits:
            limits_item = limits_item_data.to_dict()
            limits.append(limits_item)



        lines_in_use = self.lines_in_use.to_dict()

        notices = []
        for notices_item_data in self.notices:
            notices_item = notices_item_data.to_dict()
            notices.append(notices_item)



        waiting_change: dict[str, Any] | None
        if isinstance(self.waiting_change, WaitingView):
            waiting_change = self.waiting_change.to_dict()
        else:
            waiting_change = self.waiting_change

        support: dict[str, Any] | None
        if isinstance(self.support, SupportView):
            support = self.support.to_dict()
        else:
            support = self.support

        history = []
        for history_item_data in self.history:
            history_item = history_item_data.to_dict()
            history.append(history_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "plan": plan,
            "month": month,
            "resets_at": resets_at,
            "limits": limits,
            "lines_in_use": lines_in_use,
            "notices": notices,
            "waiting_change": waiting_change,
            "support": support,
            "history": history,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.limit_view import LimitView # noqa: PLC0415
        from ..models.month_view import MonthView # noqa: PLC0415
        from ..models.notice_view import NoticeView # noqa: PLC0415
        from ..models.support_view import SupportView # noqa: PLC0415
        from ..models.usage_view_lines_in_use import UsageViewLinesInUse # noqa: PLC0415
        from ..models.waiting_view import WaitingView # noqa: PLC0415
        d = dict(src_dict)
        def _parse_plan(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        plan = _parse_plan(d.pop("plan"))


        month = datetime.date.fromisoformat(d.pop("month"))




        resets_at = datetime.datetime.fromisoformat(d.pop("resets_at"))




        limits = []
        _limits = d.pop("limits")
        for limits_item_data in (_limits):
            limits_item = LimitView.from_dict(limits_item_data)



            limits.append(limits_item)


        lines_in_use = UsageViewLinesInUse.from_dict(d.pop("lines_in_use"))




        notices = []
        _notices = d.pop("notices")
        for notices_item_data in (_notices):
            notices_item = NoticeView.from_dict(notices_item_data)



            notices.append(notices_item)


        def _parse_waiting_change(data: object) -> None | WaitingView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                waiting_change_type_0 = WaitingView.from_dict(data)



                return waiting_change_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | WaitingView, data)

        waiting_change = _parse_waiting_change(d.pop("waiting_change"))


        def _parse_support(data: object) -> None | SupportView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                support_type_0 = SupportView.from_dict(data)



                return support_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SupportView, data)

        support = _parse_support(d.pop("support"))


        history = []
        _history = d.pop("history")
        for history_item_data in (_history):
            history_item = MonthView.from_dict(history_item_data)



            history.append(history_item)


        usage_view = cls(
            plan=plan,
            month=month,
            resets_at=resets_at,
            limits=limits,
            lines_in_use=lines_in_use,
            notices=notices,
            waiting_change=waiting_change,
            support=support,
            history=history,
        )


        usage_view.additional_properties = d
        return usage_view

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
