from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="FlowProblem")



@_attrs_define
class FlowProblem:
    """ Something wrong in a flow, and what to do about it.

     """

    message: str
    file: str
    line: int
    key: str
    next_step: str
    code: str





    def to_dict(self) -> dict[str, Any]:
        message = self.message

        file = self.file

        line = self.line

        key = self.key

        next_step = self.next_step

        code = self.code


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "message": message,
            "file": file,
            "line": line,
            "key": key,
            "next_step": next_step,
            "code": code,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        message = d.pop("message")

        file = d.pop("file")

        line = d.pop("line")

        key = d.pop("key")

        next_step = d.pop("next_step")

        code = d.pop("code")

        flow_problem = cls(
            message=message,
            file=file,
            line=line,
            key=key,
            next_step=next_step,
            code=code,
        )

        return flow_problem

