from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.agent_change_languages_item import AgentChangeLanguagesItem
from ..models.agent_change_languages_item import check_agent_change_languages_item
from ..types import UNSET, Unset
from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.agent_change_hours import AgentChangeHours
  from ..models.agent_change_lexicon import AgentChangeLexicon
  from ..models.transfer_target import TransferTarget





T = TypeVar("T", bound="AgentChange")



@_attrs_define
class AgentChange:
    """ What is to change.

     """

    persona_name: str | Unset = UNSET
    voice_profile: str | Unset = UNSET
    """ One of `professional_female`, `professional_male`, `friendly_conversational`, `authoritative_expert`,
    `multilingual_specialist`. """
    languages: list[AgentChangeLanguagesItem] | Unset = UNSET
    hours: AgentChangeHours | Unset = UNSET
    """ Opening times by day: `{"mon": [["09:00", "18:00"]]}`, local time. A missing day is closed. """
    holidays: list[datetime.date] | Unset = UNSET
    after_hours_mode: str | Unset = UNSET
    greeting: None | str | Unset = UNSET
    """ Must say the brand's name; never denies recording or the AI. """
    fallback_line: None | str | Unset = UNSET
    closing: None | str | Unset = UNSET
    transfer_targets: list[TransferTarget] | Unset = UNSET
    lexicon: AgentChangeLexicon | Unset = UNSET
    max_call_minutes: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.agent_change_hours import AgentChangeHours # noqa: PLC0415
        from ..models.agent_change_lexicon import AgentChangeLexicon # noqa: PLC0415
        from ..models.transfer_target import TransferTarget # noqa: PLC0415
        persona_name = self.persona_name

        voice_profile = self.voice_profile

        languages: list[str] | Unset = UNSET
        if not isinstance(self.languages, Unset):
            languages = []
            for languages_item_data in self.languages:
                languages_item: str = languages_item_data
                languages.append(languages_item)



        hours: dict[str, Any] | Unset = UNSET
        if not isinstance(self.hours, Unset):
            hours = self.hours.to_dict()

        holidays: list[str] | Unset = UNSET
        if not isinstance(self.holidays, Unset):
            holidays = []
            for holidays_item_data in self.holidays:
                holidays_item = holidays_item_data.isoformat()
                holidays.append(holidays_item)



        after_hours_mode = self.after_hours_mode

        greeting: None | str | Unset
        if isinstance(self.greeting, Unset):
            greeting = UNSET
        else:
            greeting = self.greeting

        fallback_line: None | str | Unset
        if isinstance(self.fallback_line, Unset):
            fallback_line = UNSET
        else:
            fallback_line = self.fallback_line

        closing: None | str | Unset
        if isinstance(self.closing, Unset):
            closing = UNSET
        else:
            closing = self.closing

        transfer_targets: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.transfer_targets, Unset):
            transfer_targets = []
            for transfer_targets_item_data in self.transfer_targets:
                transfer_targets_item = transfer_targets_item_data.to_dict()
                transfer_targets.append(transfer_targets_item)



        lexicon: dict[str, Any] | Unset = UNSET
        if not isinstance(self.lexicon, Unset):
            lexicon = self.lexicon.to_dict()

        max_call_minutes = self.max_call_minutes


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if persona_name is not UNSET:
            field_dict["persona_name"] = persona_name
        if voice_profile is not UNSET:
            field_dict["voice_profile"] = voice_profile
        if languages is not UNSET:
            field_dict["languages"] = languages
        if hours is not UNSET:
            field_dict["hours"] = hours
        if holidays is not UNSET:
            field_dict["holidays"] = holidays
        if after_hours_mode is not UNSET:
            field_dict["after_hours_mode"] = after_hours_mode
        if greeting is not UNSET:
            field_dict["greeting"] = greeting
        if fallback_line is not UNSET:
            field_dict["fallback_line"] = fallback_line
        if closing is not UNSET:
            field_dict["closing"] = closing
        if transfer_targets is not UNSET:
            field_dict["transfer_targets"] = transfer_targets
        if lexicon is not UNSET:
            field_dict["lexicon"] = lexicon
        if max_call_minutes is not UNSET:
            field_dict["max_call_minutes"] = max_call_minutes

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.agent_change_hours import AgentChangeHours # noqa: PLC0415
        from ..models.agent_change_lexicon import AgentChangeLexicon # noqa: PLC0415
        from ..models.transfer_target import TransferTarget # noqa: PLC0415
        d = dict(src_dict)
        persona_name = d.pop("persona_name", UNSET)

        voice_profile = d.pop("voice_profile", UNSET)

        _languages = d.pop("languages", UNSET)
        languages: list[AgentChangeLanguagesItem] | Unset = UNSET
        if _languages is not UNSET:
            languages = []
            for languages_item_data in _languages:
                languages_item = check_agent_change_languages_item(languages_item_data)



                languages.append(languages_item)


        _hours = d.pop("hours", UNSET)
        hours: AgentChangeHours | Unset
        if isinstance(_hours,  Unset):
            hours = UNSET
        else:
            hours = AgentChangeHours.from_dict(_hours)




        _holidays = d.pop("holidays", UNSET)
        holidays: list[datetime.date] | Unset = UNSET
        if _holidays is not UNSET:
            holidays = []
            for holidays_item_data in _holidays:
                holidays_item = datetime.date.fromisoformat(holidays_item_data)



                holidays.append(holidays_item)


        after_hours_mode = d.pop("after_hours_mode", UNSET)

        def _parse_greeting(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        greeting = _parse_greeting(d.pop("greeting", UNSET))


        def _parse_fallback_line(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        fallback_line = _parse_fallback_line(d.pop("fallback_line", UNSET))


        def _parse_closing(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        closing = _parse_closing(d.pop("closing", UNSET))


        _transfer_targets = d.pop("transfer_targets", UNSET)
        transfer_targets: list[TransferTarget] | Unset = UNSET
        if _transfer_targets is not UNSET:
            transfer_targets = []
            for transfer_targets_item_data in _transfer_targets:
                transfer_targets_item = TransferTarget.from_dict(transfer_targets_item_data)



                transfer_targets.append(transfer_targets_item)


        _lexicon = d.pop("lexicon", UNSET)
        lexicon: AgentChangeLexicon | Unset
        if isinstance(_lexicon,  Unset):
            lexicon = UNSET
        else:
            lexicon = AgentChangeLexicon.from_dict(_lexicon)




        max_call_minutes = d.pop("max_call_minutes", UNSET)

        agent_change = cls(
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
        )

        return agent_change

