from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.voice_preferences import VoicePreferences





T = TypeVar("T", bound="ProvisionRequest")



@_attrs_define
class ProvisionRequest:
    """ A tenant to set up.

     """

    organization_name: str
    admin_email: str
    subscription_tier: str
    initial_users: int
    integration_requirements: list[str] | Unset = UNSET
    voice_preferences: VoicePreferences | Unset = UNSET
    """ How the agent should sound. """





    def to_dict(self) -> dict[str, Any]:
        from ..models.voice_preferences import VoicePreferences # noqa: PLC0415
        organization_name = self.organization_name

        admin_email = self.admin_email

        subscription_tier = self.subscription_tier

        initial_users = self.initial_users

        integration_requirements: list[str] | Unset = UNSET
        if not isinstance(self.integration_requirements, Unset):
            integration_requirements = self.integration_requirements



        voice_preferences: dict[str, Any] | Unset = UNSET
        if not isinstance(self.voice_preferences, Unset):
            voice_preferences = self.voice_preferences.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "organization_name": organization_name,
            "admin_email": admin_email,
            "subscription_tier": subscription_tier,
            "initial_users": initial_users,
        })
        if integration_requirements is not UNSET:
            field_dict["integration_requirements"] = integration_requirements
        if voice_preferences is not UNSET:
            field_dict["voice_preferences"] = voice_preferences

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.voice_preferences import VoicePreferences # noqa: PLC0415
        d = dict(src_dict)
        organization_name = d.pop("organization_name")

        admin_email = d.pop("admin_email")

        subscription_tier = d.pop("subscription_tier")

        initial_users = d.pop("initial_users")

        integration_requirements = cast(list[str], d.pop("integration_requirements", UNSET))


        _voice_preferences = d.pop("voice_preferences", UNSET)
        voice_preferences: VoicePreferences | Unset
        if isinstance(_voice_preferences,  Unset):
            voice_preferences = UNSET
        else:
            voice_preferences = VoicePreferences.from_dict(_voice_preferences)




        provision_request = cls(
            organization_name=organization_name,
            admin_email=admin_email,
            subscription_tier=subscription_tier,
            initial_users=initial_users,
            integration_requirements=integration_requirements,
            voice_preferences=voice_preferences,
        )

        return provision_request

