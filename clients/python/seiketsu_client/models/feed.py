from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.feed_last import FeedLast





T = TypeVar("T", bound="Feed")



@_attrs_define
class Feed:
    """ One feed. Its token is never shown.

     """

    id: UUID
    name: str
    root: str
    cities: list[str]
    every_minutes: int
    enabled: bool
    next_at: datetime.datetime
    """ When it is read next. """
    last_at: datetime.datetime | None
    """ When it was last tried. """
    last_ok_at: datetime.datetime | None
    """ When it was last read. """
    last: FeedLast
    """ Counts of the last reading: added, changed, removed, ... """
    watermark: datetime.datetime | None
    """ The newest change that was taken over. """
    failures: int
    """ In a row. """
    error: None | str
    """ Why the last try failed. """





    def to_dict(self) -> dict[str, Any]:
        from ..models.feed_last import FeedLast # noqa: PLC0415
        id = str(self.id)

        name = self.name

        root = self.root

        cities = self.cities



        every_minutes = self.every_minutes

        enabled = self.enabled

        next_at = self.next_at.isoformat()

        last_at: None | str
        if isinstance(self.last_at, datetime.datetime):
            last_at = self.last_at.isoformat()
        else:
            last_at = self.last_at

        last_ok_at: None | str
        if isinstance(self.last_ok_at, datetime.datetime):
            last_ok_at = self.last_ok_at.isoformat()
        else:
            last_ok_at = self.last_ok_at

        last = self.last.to_dict()

        watermark: None | str
        if isinstance(self.watermark, datetime.datetime):
            watermark = self.watermark.isoformat()
        else:
            watermark = self.watermark

        failures = self.failures

        error: None | str
        error = self.error


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "name": name,
            "root": root,
            "cities": cities,
            "every_minutes": every_minutes,
            "enabled": enabled,
            "next_at": next_at,
            "last_at": last_at,
            "last_ok_at": last_ok_at,
            "last": last,
            "watermark": watermark,
            "failures": failures,
            "error": error,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.feed_last import FeedLast # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        name = d.pop("name")

        root = d.pop("root")

        cities = cast(list[str], d.pop("cities"))


        every_minutes = d.pop("every_minutes")

        enabled = d.pop("enabled")

        next_at = datetime.datetime.fromisoformat(d.pop("next_at"))




        def _parse_last_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_at_type_0 = datetime.datetime.fromisoformat(data)



                return last_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_at = _parse_last_at(d.pop("last_at"))


        def _parse_last_ok_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_ok_at_type_0 = datetime.datetime.fromisoformat(data)



                return last_ok_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_ok_at = _parse_last_ok_at(d.pop("last_ok_at"))


        last = FeedLast.from_dict(d.pop("last"))




        def _parse_watermark(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                watermark_type_0 = datetime.datetime.fromisoformat(data)



                return watermark_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        watermark = _parse_watermark(d.pop("watermark"))


        failures = d.pop("failures")

        def _parse_error(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error = _parse_error(d.pop("error"))


        feed = cls(
            id=id,
            name=name,
            root=root,
            cities=cities,
            every_minutes=every_minutes,
            enabled=enabled,
            next_at=next_at,
            last_at=last_at,
            last_ok_at=last_ok_at,
            last=last,
            watermark=watermark,
            failures=failures,
            error=error,
        )

        return feed

