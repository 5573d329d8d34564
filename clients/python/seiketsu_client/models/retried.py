from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.provisioned import Provisioned





T = TypeVar("T", bound="Retried")



@_attrs_define
class Retried:
    """ What came of trying again: a new tenant in place of one that was undone, or the same run going on.

     """

    provisioning_id: UUID
    tenant: None | Provisioned | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.provisioned import Provisioned # noqa: PLC0415
        provisioning_id = str(self.provisioning_id)

        tenant: dict[str, Any] | None | Unset
        if isinstance(self.tenant, Unset):
            tenant = UNSET
        elif isinstance(self.tenant, Provisioned):
            tenant = self.tenant.to_dict()
        else:
            tenant = self.tenant


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "provisioning_id": provisioning_id,
        })
        if tenant is not UNSET:
            field_dict["tenant"] = tenant

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.provisioned import Provisioned # noqa: PLC0415
        d = dict(src_dict)
        provisioning_id = UUID(d.pop("provisioning_id"))




        def _parse_tenant(data: object) -> None | Provisioned | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                tenant_type_0 = Provisioned.from_dict(data)



                return tenant_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Provisioned | Unset, data)

        tenant = _parse_tenant(d.pop("tenant", UNSET))


        retried = cls(
            provisioning_id=provisioning_id,
            tenant=tenant,
        )

        return retried

