from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="FlowDraft")



@_attrs_define
class FlowDraft:
    """ A new version. It may have problems: it is a draft.

     """

    source: str
    """ The flow as YAML. """
    note: str | Unset = ''
    based_on: int | Unset = 0





    def to_dict(self) -> dict[str, Any]:
        source = self.source

        note = self.note

        based_on = self.based_on


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "source": source,
        })
        if note is not UNSET:
            field_dict["note"] = note
        if based_on is not UNSET:
            field_dict["based_on"] = based_on

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        source = d.pop("source")

        note = d.pop("note", UNSET)

        based_on = d.pop("based_on", UNSET)

        flow_draft = cls(
            source=source,
            note=note,
            based_on=based_on,
        )

        return flow_draft

