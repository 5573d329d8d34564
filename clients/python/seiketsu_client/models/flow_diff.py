from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.names import Names





T = TypeVar("T", bound="FlowDiff")



@_attrs_define
class FlowDiff:
    """ What a version changes.

     """

    from_version: int
    to_version: int
    unified: str
    """ As `diff -u` shows it; empty when nothing changes. """
    slots: Names
    """ What came, what went, what is different. """
    steps: Names
    """ What came, what went, what is different. """





    def to_dict(self) -> dict[str, Any]:
        from ..models.names import Names # noqa: PLC0415
        from_version = self.from_version

        to_version = self.to_version

        unified = self.unified

        slots = self.slots.to_dict()

        steps = self.steps.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "from_version": from_version,
            "to_version": to_version,
            "unified": unified,
            "slots": slots,
            "steps": steps,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.names import Names # noqa: PLC0415
        d = dict(src_dict)
        from_version = d.pop("from_version")

        to_version = d.pop("to_version")

        unified = d.pop("unified")

        slots = Names.from_dict(d.pop("slots"))




        steps = Names.from_dict(d.pop("steps"))




        flow_diff = cls(
            from_version=from_version,
            to_version=to_version,
            unified=unified,
            slots=slots,
            steps=steps,
        )

        return flow_diff

