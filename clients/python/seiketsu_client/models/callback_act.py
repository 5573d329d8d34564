from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.callback_act_act import CallbackActAct
from ..models.callback_act_act import check_callback_act_act
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="CallbackAct")



@_attrs_define
class CallbackAct:
    """ ``claim``: I see to it; ``release``: somebody else shall; the others say how it ended.

     """

    act: CallbackActAct
    note: str | Unset = ''





    def to_dict(self) -> dict[str, Any]:
        act: str = self.act

        note = self.note


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "act": act,
        })
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        act = check_callback_act_act(d.pop("act"))




        note = d.pop("note", UNSET)

        callback_act = cls(
            act=act,
            note=note,
        )

        return callback_act

