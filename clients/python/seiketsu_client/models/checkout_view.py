from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from typing import Literal, cast
import datetime






T = TypeVar("T", bound="CheckoutView")



@_attrs_define
class CheckoutView:
    """ A page of the payment provider's: open ``url`` in a browser before ``expires_at``.

     """

    url: str
    plan: str
    expires_at: datetime.datetime
    status: Literal['pending'] | Unset = 'pending'
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        url = self.url

        plan = self.plan

        expires_at = self.expires_at.isoformat()

        status = self.status


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "url": url,
            "plan": plan,
            "expires_at": expires_at,
        })
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url")

        plan = d.pop("plan")

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))




        status = cast(Literal['pending'] | Unset , d.pop("status", UNSET))
        if status != 'pending'and not isinstance(status, Unset):
            raise ValueError(f"status must match const 'pending', got '{status}'")

        checkout_view = cls(
            url=url,
            plan=plan,
            expires_at=expires_at,
            status=status,
        )


        checkout_view.additional_properties = d
        return checkout_view

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
