from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.opening_channel import check_opening_channel
from ..models.opening_channel import OpeningChannel
from typing import cast






T = TypeVar("T", bound="Opening")



@_attrs_define
class Opening:
    """ What a caller hears first.

     """

    channel: OpeningChannel
    disclosure: str
    greeting: str
    text: str
    """ All of it, as it is said. """
    problems: list[str]
    """ Why this greeting could not be saved; empty when it can. """





    def to_dict(self) -> dict[str, Any]:
        channel: str = self.channel

        disclosure = self.disclosure

        greeting = self.greeting

        text = self.text

        problems = self.problems




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "channel": channel,
            "disclosure": disclosure,
            "greeting": greeting,
            "text": text,
            "problems": problems,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        channel = check_opening_channel(d.pop("channel"))




        disclosure = d.pop("disclosure")

        greeting = d.pop("greeting")

        text = d.pop("text")

        problems = cast(list[str], d.pop("problems"))


        opening = cls(
            channel=channel,
            disclosure=disclosure,
            greeting=greeting,
            text=text,
            problems=problems,
        )

        return opening

