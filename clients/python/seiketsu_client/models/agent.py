from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.agent_hours import AgentHours
  from ..models.agent_lexicon import AgentLexicon
  from ..models.agent_transfer_targets_item import AgentTransferTargetsItem





T = TypeVar("T", bound="Agent")



@_attrs_define
class Agent:
    """ How the agent sounds and behaves.

     """

    disclosure: str
    """ Said first on every call: who answers, that it is an AI, whether the call is recorded. It cannot be changed
    or left out. """
    persona_name: str
    voice_profile: str
    languages: list[str]
    hours: AgentHours
    holidays: list[str]
    after_hours_mode: str
    greeting: None | str
    fallback_line: None | str
    closing: None | str
    transfer_targets: list[AgentTransferTargetsItem]
    lexicon: AgentLexicon
    """ How names are pronounced: written -> spoken. """
    max_call_minutes: int
    recording_notice: bool
    """ Whether calls are recorded (and announced); set in the rules. """
    updated_at: datetime.datetime





    def to_dict(self) -> dict[str, Any]:
        from ..models.agent_hours import AgentHours # noqa: PLC0415
        from ..models.agent_lexicon import AgentLexicon # noqa: PLC0415
        from ..models.agent_transfer_targets_item import AgentTransferTargetsItem # noqa: PLC0415
        disclosure = self.disclosure

        persona_name = self.persona_name

        voice_profile = self.voice_profile

        languages = self.languages



        hours = self.hours.to_dict()

        holidays = self.holidays



        after_hours_mode = self.after_hours_mode

        greeting: None | str
        greeting = self.greeting

        fallback_line: None | str
        fallback_line = self.fallback_line

        closing: None | str
        closing = self.closing

        transfer_targets = []
        for transfer_targets_item_data in self.transfer_targets:
            transfer_targets_item = transfer_targets_item_data.to_dict()
            transfer_targets.append(transfer_targets_item)



        lexicon = self.lexicon.to_dict()

        max_call_minutes = self.max_call_minutes

        recording_notice = self.recording_notice

        updated_at = self.updated_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "disclosure": disclosure,
            "persona_name": persona_name,
            "voice_profile": voice_profile,
            "languages": languages,
            "hours": hours,
            "holidays": holidays,
            "after_hours_mode": after_hours_mode,
            "greeting": greeting,
            "fallback_line": fallback_line,
            "closing": closing,
            "transfer_targets": transfer_targets,
            "lexicon": lexicon,
            "max_call_minutes": max_call_minutes,
            "recording_notice": recording_notice,
            "updated_at": updated_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.agent_hours import AgentHours # noqa: PLC0415
        from ..models.agent_lexicon import AgentLexicon # noqa: PLC0415
        from ..models.agent_transfer_targets_item import AgentTransferTargetsItem # noqa: PLC0415
        d = dict(src_dict)
        disclosure = d.pop("disclosure")

        persona_name = d.pop("persona_name")

        voice_profile = d.pop("voice_profile")

        languages = cast(list[str], d.pop("languages"))


        hours = AgentHours.from_dict(d.pop("hours"))




        holidays = cast(list[str], d.pop("holidays"))


        after_hours_mode = d.pop("after_hours_mode")

        def _parse_greeting(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        greeting = _parse_greeting(d.pop("greeting"))


        def _parse_fallback_line(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        fallback_line = _parse_fallback_line(d.pop("fallback_line"))


        def _parse_closing(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        closing = _parse_closing(d.pop("closing"))


        transfer_targets = []
        _transfer_targets = d.pop("transfer_targets")
        for transfer_targets_item_data in (_transfer_targets):
            transfer_targets_item = AgentTransferTargetsItem.from_dict(transfer_targets_item_data)



            transfer_targets.append(transfer_targets_item)


        lexicon = AgentLexicon.from_dict(d.pop("lexicon"))




        max_call_minutes = d.pop("max_call_minutes")

        recording_notice = d.pop("recording_notice")

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))




        agent = cls(
            disclosure=disclosure,
            persona_name=persona_name,
            voice_profile=voice_profile,
            languages=languages,
            hours=hours,
            holidays=holidays,
            after_hours_mode=after_hours_mode,
            greeting=greeting,
            fallback_line=fallback_line,
            closing=closing,
            transfer_targets=transfer_targets,
            lexicon=lexicon,
            max_call_minutes=max_call_minutes,
            recording_notice=recording_notice,
            updated_at=updated_at,
        )

        return agent

