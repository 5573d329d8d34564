from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID






T = TypeVar("T", bound="StandingView")



@_attrs_define
class StandingView:
    """ Whether a tenant's agent answers and its people are let in.

     """

    tenant_id: UUID
    slug: str
    status: str
    reason: None | str





    def to_dict(self) -> dict[str, Any]:
        tenant_id = str(self.tenant_id)

        slug = self.slug

        status = self.status

        reason: None | str
        reason = self.reason


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "tenant_id": tenant_id,
            "slug": slug,
            "status": status,
            "reason": reason,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        tenant_id = UUID(d.pop("tenant_id"))




        slug = d.pop("slug")

        status = d.pop("status")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))


        standing_view = cls(
            tenant_id=tenant_id,
            slug=slug,
            status=status,
            reason=reason,
        )

        return standing_view

