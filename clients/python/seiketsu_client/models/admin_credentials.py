from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="AdminCredentials")



@_attrs_define
class AdminCredentials:
    """ Shown once. ``setup_token`` opens ``/l/<token>`` and ``POST /api/v1/setup``; null once it is used.

     """

    username: str
    temporary_password: None | str
    setup_token: None | str





    def to_dict(self) -> dict[str, Any]:
        username = self.username

        temporary_password: None | str
        temporary_password = self.temporary_password

        setup_token: None | str
        setup_token = self.setup_token


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "username": username,
            "temporary_password": temporary_password,
            "setup_token": setup_token,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        username = d.pop("username")

        def _parse_temporary_password(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        temporary_password = _parse_temporary_password(d.pop("temporary_password"))


        def _parse_setup_token(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        setup_token = _parse_setup_token(d.pop("setup_token"))


        admin_credentials = cls(
            username=username,
            temporary_password=temporary_password,
            setup_token=setup_token,
        )

        return admin_credentials

