from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.outbound_change_voicemail_type_0 import check_outbound_change_voicemail_type_0
from ..models.outbound_change_voicemail_type_0 import OutboundChangeVoicemailType0
from ..types import UNSET, Unset
from typing import cast
import datetime






T = TypeVar("T", bound="OutboundChange")



@_attrs_define
class OutboundChange:
    """ Only what is named is changed.

     """

    enabled: bool | None | Unset = UNSET
    callbacks: bool | None | Unset = UNSET
    voicemail: None | OutboundChangeVoicemailType0 | Unset = UNSET
    national_list_on: datetime.date | None | Unset = UNSET
    consent_days: int | None | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        enabled: bool | None | Unset
        if isinstance(self.enabled, Unset):
            enabled = UNSET
        else:
            enabled = self.enabled

        callbacks: bool | None | Unset
        if isinstance(self.callbacks, Unset):
            callbacks = UNSET
        else:
            callbacks = self.callbacks

        voicemail: None | str | Unset
        if isinstance(self.voicemail, Unset):
            voicemail = UNSET
        elif isinstance(self.voicemail, str):
            voicemail = self.voicemail
        else:
            voicemail = self.voicemail

        national_list_on: None | str | Unset
        if isinstance(self.national_list_on, Unset):
            national_list_on = UNSET
        elif isinstance(self.national_list_on, datetime.date):
            national_list_on = self.national_list_on.isoformat()
        else:
            national_list_on = self.national_list_on

        consent_days: int | None | Unset
        if isinstance(self.consent_days, Unset):
            consent_days = UNSET
        else:
            consent_days = self.consent_days


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if callbacks is not UNSET:
            field_dict["callbacks"] = callbacks
        if voicemail is not UNSET:
            field_dict["voicemail"] = voicemail
        if national_list_on is not UNSET:
            field_dict["national_list_on"] = national_list_on
        if consent_days is not UNSET:
            field_dict["consent_days"] = consent_days

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_enabled(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        enabled = _parse_enabled(d.pop("enabled", UNSET))


        def _parse_callbacks(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        callbacks = _parse_callbacks(d.pop("callbacks", UNSET))


        def _parse_voicemail(data: object) -> None | OutboundChangeVoicemailType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                voicemail_type_0 = check_outbound_change_voicemail_type_0(data)



                return voicemail_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OutboundChangeVoicemailType0 | Unset, data)

        voicemail = _parse_voicemail(d.pop("voicemail", UNSET))


        def _parse_national_list_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                national_list_on_type_0 = datetime.date.fromisoformat(data)



                return national_list_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        national_list_on = _parse_national_list_on(d.pop("national_list_on", UNSET))


        def _parse_consent_days(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        consent_days = _parse_consent_days(d.pop("consent_days", UNSET))


        outbound_change = cls(
            enabled=enabled,
            callbacks=callbacks,
            voicemail=voicemail,
            national_list_on=national_list_on,
            consent_days=consent_days,
        )

        return outbound_change

