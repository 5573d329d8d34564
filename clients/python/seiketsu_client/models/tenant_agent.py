from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.tenant_agent_hours import TenantAgentHours
  from ..models.tenant_agent_transfer_targets_item import TenantAgentTransferTargetsItem





T = TypeVar("T", bound="TenantAgent")



@_attrs_define
class TenantAgent:
    """ The agent in short; all of it under ``/agent``.

     """

    persona_name: str
    voice_profile: str
    languages: list[str]
    hours: TenantAgentHours
    after_hours_mode: str
    greeting: None | str
    transfer_targets: list[TenantAgentTransferTargetsItem]
    max_call_minutes: int





    def to_dict(self) -> dict[str, Any]:
        from ..models.tenant_agent_hours import TenantAgentHours # noqa: PLC0415
        from ..models.tenant_agent_transfer_targets_item import TenantAgentTransferTargetsItem # noqa: PLC0415
        persona_name = self.persona_name

        voice_profile = self.voice_profile

        languages = self.languages



        hours = self.hours.to_dict()

        after_hours_mode = self.after_hours_mode

        greeting: None | str
        greeting = self.greeting

        transfer_targets = []
        for transfer_targets_item_data in self.transfer_targets:
            transfer_targets_item = transfer_targets_item_data.to_dict()
            transfer_targets.append(transfer_targets_item)



        max_call_minutes = self.max_call_minutes


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "persona_name": persona_name,
            "voice_profile": voice_profile,
            "languages": languages,
            "hours": hours,
            "after_hours_mode": after_hours_mode,
            "greeting": greeting,
            "transfer_targets": transfer_targets,
            "max_call_minutes": max_call_minutes,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.tenant_agent_hours import TenantAgentHours # noqa: PLC0415
        from ..models.tenant_agent_transfer_targets_item import TenantAgentTransferTargetsItem # noqa: PLC0415
        d = dict(src_dict)
        persona_name = d.pop("persona_name")

        voice_profile = d.pop("voice_profile")

        languages = cast(list[str], d.pop("languages"))


        hours = TenantAgentHours.from_dict(d.pop("hours"))




        after_hours_mode = d.pop("after_hours_mode")

        def _parse_greeting(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        greeting = _parse_greeting(d.pop("greeting"))


        transfer_targets = []
        _transfer_targets = d.pop("transfer_targets")
        for transfer_targets_item_data in (_transfer_targets):
            transfer_targets_item = TenantAgentTransferTargetsItem.from_dict(transfer_targets_item_data)



            transfer_targets.append(transfer_targets_item)


        max_call_minutes = d.pop("max_call_minutes")

        tenant_agent = cls(
            persona_name=persona_name,
            voice_profile=voice_profile,
            languages=languages,
            hours=hours,
            after_hours_mode=after_hours_mode,
            greeting=greeting,
            transfer_targets=transfer_targets,
            max_call_minutes=max_call_minutes,
        )

        return tenant_agent

