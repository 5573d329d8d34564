from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.become_role import BecomeRole
from ..models.become_role import check_become_role
from typing import cast






T = TypeVar("T", bound="Become")



@_attrs_define
class Become:
    """ What somebody becomes.

     """

    role: BecomeRole





    def to_dict(self) -> dict[str, Any]:
        role: str = self.role


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "role": role,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        role = check_become_role(d.pop("role"))




        become = cls(
            role=role,
        )

        return become

