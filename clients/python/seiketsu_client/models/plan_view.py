from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.plan_view_direction import check_plan_view_direction
from ..models.plan_view_direction import PlanViewDirection
from ..models.plan_view_status import check_plan_view_status
from ..models.plan_view_status import PlanViewStatus
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.too_much_view import TooMuchView





T = TypeVar("T", bound="PlanView")



@_attrs_define
class PlanView:
    """ What was done (``changed``, ``scheduled``) or would be (``preview``).

     """

    status: PlanViewStatus
    plan: str
    before: None | str
    direction: PlanViewDirection
    takes_effect: datetime.datetime
    conflicts: list[TooMuchView]
    """ What keeps a smaller plan from taking effect """
    receipt_id: None | Unset | UUID = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.too_much_view import TooMuchView # noqa: PLC0415
        status: str = self.status

        plan = self.plan

        before: None | str
        before = self.before

        direction: str = self.direction

        takes_effect = self.takes_effect.isoformat()

        conflicts = []
        for conflicts_item_data in self.conflicts:
            conflicts_item = conflicts_item_data.to_dict()
            conflicts.append(conflicts_item)



        receipt_id: None | str | Unset
        if isinstance(self.receipt_id, Unset):
            receipt_id = UNSET
        elif isinstance(self.receipt_id, UUID):
            receipt_id = str(self.receipt_id)
        else:
            receipt_id = self.receipt_id


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "status": status,
            "plan": plan,
            "before": before,
            "direction": direction,
            "takes_effect": takes_effect,
            "conflicts": conflicts,
        })
        if receipt_id is not UNSET:
            field_dict["receipt_id"] = receipt_id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.too_much_view import TooMuchView # noqa: PLC0415
        d = dict(src_dict)
        status = check_plan_view_status(d.pop("status"))




        plan = d.pop("plan")

        def _parse_before(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        before = _parse_before(d.pop("before"))


        direction = check_plan_view_direction(d.pop("direction"))




        takes_effect = datetime.datetime.fromisoformat(d.pop("takes_effect"))




        conflicts = []
        _conflicts = d.pop("conflicts")
        for conflicts_item_data in (_conflicts):
            conflicts_item = TooMuchView.from_dict(conflicts_item_data)



            conflicts.append(conflicts_item)


        def _parse_receipt_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                receipt_id_type_0 = UUID(data)



                return receipt_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        receipt_id = _parse_receipt_id(d.pop("receipt_id", UNSET))


        plan_view = cls(
            status=status,
            plan=plan,
            before=before,
            direction=direction,
            takes_effect=takes_effect,
            conflicts=conflicts,
            receipt_id=receipt_id,
        )


        plan_view.additional_properties = d
        return plan_view

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
