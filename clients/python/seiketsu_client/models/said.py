from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="Said")



@_attrs_define
class Said:
    """ What the agent would say; ``answered`` false: it would leave it to a person.

     """

    answered: bool
    answer: str
    source: str
    kind: str





    def to_dict(self) -> dict[str, Any]:
        answered = self.answered

        answer = self.answer

        source = self.source

        kind = self.kind


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "answered": answered,
            "answer": answer,
            "source": source,
            "kind": kind,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        answered = d.pop("answered")

        answer = d.pop("answer")

        source = d.pop("source")

        kind = d.pop("kind")

        said = cls(
            answered=answered,
            answer=answer,
            source=source,
            kind=kind,
        )

        return said

