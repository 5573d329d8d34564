from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="VoicePreferences")



@_attrs_define
class VoicePreferences:
    """ How the agent should sound.

     """

    language: str | Unset = 'en'
    voice_profile: str | Unset = 'professional_female'





    def to_dict(self) -> dict[str, Any]:
        language = self.language

        voice_profile = self.voice_profile


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if language is not UNSET:
            field_dict["language"] = language
        if voice_profile is not UNSET:
            field_dict["voice_profile"] = voice_profile

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        language = d.pop("language", UNSET)

        voice_profile = d.pop("voice_profile", UNSET)

        voice_preferences = cls(
            language=language,
            voice_profile=voice_profile,
        )

        return voice_preferences

