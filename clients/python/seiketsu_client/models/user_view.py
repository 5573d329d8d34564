from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.user_view_role import check_user_view_role
from ..models.user_view_role import UserViewRole
from ..models.user_view_status import check_user_view_status
from ..models.user_view_status import UserViewStatus
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="UserView")



@_attrs_define
class UserView:
    """ One person. ``signed_in_at``: when they last signed in; ``must_change``: on a temporary password.

     """

    id: UUID
    name: str
    email: str
    mobile: None | str
    role: UserViewRole
    title: None | str
    status: UserViewStatus
    email_verified_at: datetime.datetime | None
    two_factor: bool
    must_change: bool
    signed_in_at: datetime.datetime | None
    created_at: datetime.datetime
    updated_at: datetime.datetime





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        name = self.name

        email = self.email

        mobile: None | str
        mobile = self.mobile

        role: str = self.role

        title: None | str
        title = self.title

        status: str = self.status

        email_verified_at: None | str
        if isinstance(self.email_verified_at, datetime.datetime):
            email_verified_at = self.email_verified_at.isoformat()
        else:
            email_verified_at = self.email_verified_at

        two_factor = self.two_factor

        must_change = self.must_change

        signed_in_at: None | str
        if isinstance(self.signed_in_at, datetime.datetime):
            signed_in_at = self.signed_in_at.isoformat()
        else:
            signed_in_at = self.signed_in_at

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "name": name,
            "email": email,
            "mobile": mobile,
            "role": role,
            "title": title,
            "status": status,
            "email_verified_at": email_verified_at,
            "two_factor": two_factor,
            "must_change": must_change,
            "signed_in_at": signed_in_at,
            "created_at": created_at,
            "updated_at": updated_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        name = d.pop("name")

        email = d.pop("email")

        def _parse_mobile(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        mobile = _parse_mobile(d.pop("mobile"))


        role = check_user_view_role(d.pop("role"))




        def _parse_title(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title = _parse_title(d.pop("title"))


        status = check_user_view_status(d.pop("status"))




        def _parse_email_verified_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                email_verified_at_type_0 = datetime.datetime.fromisoformat(data)



                return email_verified_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        email_verified_at = _parse_email_verified_at(d.pop("email_verified_at"))


        two_factor = d.pop("two_factor")

        must_change = d.pop("must_change")

        def _parse_signed_in_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                signed_in_at_type_0 = datetime.datetime.fromisoformat(data)



                return signed_in_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        signed_in_at = _parse_signed_in_at(d.pop("signed_in_at"))


        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))




        user_view = cls(
            id=id,
            name=name,
            email=email,
            mobile=mobile,
            role=role,
            title=title,
            status=status,
            email_verified_at=email_verified_at,
            two_factor=two_factor,
            must_change=must_change,
            signed_in_at=signed_in_at,
            created_at=created_at,
            updated_at=updated_at,
        )

        return user_view

