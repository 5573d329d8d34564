from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.invite_role import check_invite_role
from ..models.invite_role import InviteRole
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="Invite")



@_attrs_define
class Invite:
    """ Whom to invite. They get a link to choose a password.

     """

    name: str
    email: str
    role: InviteRole | Unset = 'agent'





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        email = self.email

        role: str | Unset = UNSET
        if not isinstance(self.role, Unset):
            role = self.role



        field_dict: dict[str, Any] = {}

        field_dict.update({
            "name": name,
            "email": email,
        })
        if role is not UNSET:
            field_dict["role"] = role

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        email = d.pop("email")

        _role = d.pop("role", UNSET)
        role: InviteRole | Unset
        if isinstance(_role,  Unset):
            role = UNSET
        else:
            role = check_invite_role(_role)




        invite = cls(
            name=name,
            email=email,
            role=role,
        )

        return invite

