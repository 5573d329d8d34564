from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.outbound_voicemail import check_outbound_voicemail
from ..models.outbound_voicemail import OutboundVoicemail
from typing import cast
import datetime






T = TypeVar("T", bound="Outbound")



@_attrs_define
class Outbound:
    """ Whether and how the agent places calls. Off until the client switches it on.

     """

    enabled: bool
    callbacks: bool
    """ The agent keeps call-backs that nobody of the office has taken. """
    voicemail: OutboundVoicemail
    """ What is done about an answering machine. """
    national_list_on: datetime.date | None
    """ When the national do-not-call list was last fetched. """
    national_list_fresh: bool
    """ No older than 31 days, as the law asks for marketing. """
    consent_days: int
    """ For how many days a consent to AI calls holds. """
    suspended: bool
    """ The plan is overdue beyond its grace: no calls are placed. """
    ready: bool
    """ There is a carrier, and a line of the client's own to call from. """
    voicemail_words: str
    """ All that is ever left on a machine. """
    opening: str
    """ How every call of the agent's begins. """





    def to_dict(self) -> dict[str, Any]:
        enabled = self.enabled

        callbacks = self.callbacks

        voicemail: str = self.voicemail

        national_list_on: None | str
        if isinstance(self.national_list_on, datetime.date):
            national_list_on = self.national_list_on.isoformat()
        else:
            national_list_on = self.national_list_on

        national_list_fresh = self.national_list_fresh

        consent_days = self.consent_days

        suspended = self.suspended

        ready = self.ready

        voicemail_words = self.voicemail_words

        opening = self.opening


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "enabled": enabled,
            "callbacks": callbacks,
            "voicemail": voicemail,
            "national_list_on": national_list_on,
            "national_list_fresh": national_list_fresh,
            "consent_days": consent_days,
            "suspended": suspended,
            "ready": ready,
            "voicemail_words": voicemail_words,
            "opening": opening,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        enabled = d.pop("enabled")

        callbacks = d.pop("callbacks")

        voicemail = check_outbound_voicemail(d.pop("voicemail"))




        def _parse_national_list_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                national_list_on_type_0 = datetime.date.fromisoformat(data)



                return national_list_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        national_list_on = _parse_national_list_on(d.pop("national_list_on"))


        national_list_fresh = d.pop("national_list_fresh")

        consent_days = d.pop("consent_days")

        suspended = d.pop("suspended")

        ready = d.pop("ready")

        voicemail_words = d.pop("voicemail_words")

        opening = d.pop("opening")

        outbound = cls(
            enabled=enabled,
            callbacks=callbacks,
            voicemail=voicemail,
            national_list_on=national_list_on,
            national_list_fresh=national_list_fresh,
            consent_days=consent_days,
            suspended=suspended,
            ready=ready,
            voicemail_words=voicemail_words,
            opening=opening,
        )

        return outbound

