from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from typing import Literal, cast






T = TypeVar("T", bound="Begin")



@_attrs_define
class Begin:
    """ Whom to talk to. ``to``: the onboarding number or a tenant's; ``from`` only suggests who is calling.

     """

    to: str
    from_: None | str | Unset = UNSET
    channel: Literal['chat'] | Unset = 'chat'





    def to_dict(self) -> dict[str, Any]:
        to = self.to

        from_: None | str | Unset
        if isinstance(self.from_, Unset):
            from_ = UNSET
        else:
            from_ = self.from_

        channel = self.channel


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "to": to,
        })
        if from_ is not UNSET:
            field_dict["from"] = from_
        if channel is not UNSET:
            field_dict["channel"] = channel

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        to = d.pop("to")

        def _parse_from_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        from_ = _parse_from_(d.pop("from", UNSET))


        channel = cast(Literal['chat'] | Unset , d.pop("channel", UNSET))
        if channel != 'chat'and not isinstance(channel, Unset):
            raise ValueError(f"channel must match const 'chat', got '{channel}'")

        begin = cls(
            to=to,
            from_=from_,
            channel=channel,
        )

        return begin

