from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.admin_credentials import AdminCredentials





T = TypeVar("T", bound="Provisioned")



@_attrs_define
class Provisioned:
    """ The tenant is registered; the rest of its set-up is under way (``GET /api/v1/admin/provisionings``).

     """

    tenant_id: UUID
    organization_slug: str
    admin_credentials: AdminCredentials
    """ Shown once. ``setup_token`` opens ``/l/<token>`` and ``POST /api/v1/setup``; null once it is used. """
    onboarding_url: str
    estimated_setup_time: str
    support_contact: str





    def to_dict(self) -> dict[str, Any]:
        from ..models.admin_credentials import AdminCredentials # noqa: PLC0415
        tenant_id = str(self.tenant_id)

        organization_slug = self.organization_slug

        admin_credentials = self.admin_credentials.to_dict()

        onboarding_url = self.onboarding_url

        estimated_setup_time = self.estimated_setup_time

        support_contact = self.support_contact


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "tenant_id": tenant_id,
            "organization_slug": organization_slug,
            "admin_credentials": admin_credentials,
            "onboarding_url": onboarding_url,
            "estimated_setup_time": estimated_setup_time,
            "support_contact": support_contact,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.admin_credentials import AdminCredentials # noqa: PLC0415
        d = dict(src_dict)
        tenant_id = UUID(d.pop("tenant_id"))




        organization_slug = d.pop("organization_slug")

        admin_credentials = AdminCredentials.from_dict(d.pop("admin_credentials"))




        onboarding_url = d.pop("onboarding_url")

        estimated_setup_time = d.pop("estimated_setup_time")

        support_contact = d.pop("support_contact")

        provisioned = cls(
            tenant_id=tenant_id,
            organization_slug=organization_slug,
            admin_credentials=admin_credentials,
            onboarding_url=onboarding_url,
            estimated_setup_time=estimated_setup_time,
            support_contact=support_contact,
        )

        return provisioned

