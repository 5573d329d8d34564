from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime






T = TypeVar("T", bound="Calendar")



@_attrs_define
class Calendar:
    """ The member's own calendar, as far as it may be shown: its address is a secret.

     """

    host: None | str
    state: None | str
    """ ok, waiting, unreachable, calendar_forbidden, calendar_gone ... """
    checked_at: datetime.datetime | None
    fresh_at: datetime.datetime | None
    """ When its busy times were last read. """
    stale: None | str
    """ In words, when they are old. """
    busy: int
    """ How many busy times are known. """





    def to_dict(self) -> dict[str, Any]:
        host: None | str
        host = self.host

        state: None | str
        state = self.state

        checked_at: None | str
        if isinstance(self.checked_at, datetime.datetime):
            checked_at = self.checked_at.isoformat()
        else:
            checked_at = self.checked_at

        fresh_at: None | str
        if isinstance(self.fresh_at, datetime.datetime):
            fresh_at = self.fresh_at.isoformat()
        else:
            fresh_at = self.fresh_at

        stale: None | str
        stale = self.stale

        busy = self.busy


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "host": host,
            "state": state,
            "checked_at": checked_at,
            "fresh_at": fresh_at,
            "stale": stale,
            "busy": busy,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_host(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        host = _parse_host(d.pop("host"))


        def _parse_state(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        state = _parse_state(d.pop("state"))


        def _parse_checked_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                checked_at_type_0 = datetime.datetime.fromisoformat(data)



                return checked_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        checked_at = _parse_checked_at(d.pop("checked_at"))


        def _parse_fresh_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                fresh_at_type_0 = datetime.datetime.fromisoformat(data)



                return fresh_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        fresh_at = _parse_fresh_at(d.pop("fresh_at"))


        def _parse_stale(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        stale = _parse_stale(d.pop("stale"))


        busy = d.pop("busy")

        calendar = cls(
            host=host,
            state=state,
            checked_at=checked_at,
            fresh_at=fresh_at,
            stale=stale,
            busy=busy,
        )

        return calendar

