from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.task_change_status import check_task_change_status
from ..models.task_change_status import TaskChangeStatus
from typing import cast






T = TypeVar("T", bound="TaskChange")



@_attrs_define
class TaskChange:
    """ Where the task stands.

     """

    status: TaskChangeStatus





    def to_dict(self) -> dict[str, Any]:
        status: str = self.status


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "status": status,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status = check_task_change_status(d.pop("status"))




        task_change = cls(
            status=status,
        )

        return task_change

