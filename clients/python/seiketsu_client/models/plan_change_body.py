from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.plan_change_body_plan import check_plan_change_body_plan
from ..models.plan_change_body_plan import PlanChangeBodyPlan
from ..models.plan_change_body_when import check_plan_change_body_when
from ..models.plan_change_body_when import PlanChangeBodyWhen
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="PlanChangeBody")



@_attrs_define
class PlanChangeBody:
    """ The plan wanted. ``month_end``: a smaller one comes with the next month. ``preview``: only say.

     """

    plan: PlanChangeBodyPlan
    when: PlanChangeBodyWhen | Unset = 'now'
    preview: bool | Unset = False





    def to_dict(self) -> dict[str, Any]:
        plan: str = self.plan

        when: str | Unset = UNSET
        if not isinstance(self.when, Unset):
            when = self.when


        preview = self.preview


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "plan": plan,
        })
        if when is not UNSET:
            field_dict["when"] = when
        if preview is not UNSET:
            field_dict["preview"] = preview

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        plan = check_plan_change_body_plan(d.pop("plan"))




        _when = d.pop("when", UNSET)
        when: PlanChangeBodyWhen | Unset
        if isinstance(_when,  Unset):
            when = UNSET
        else:
            when = check_plan_change_body_when(_when)




        preview = d.pop("preview", UNSET)

        plan_change_body = cls(
            plan=plan,
            when=when,
            preview=preview,
        )

        return plan_change_body

