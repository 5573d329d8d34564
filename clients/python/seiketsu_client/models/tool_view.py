from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.tool_view_arguments import ToolViewArguments





T = TypeVar("T", bound="ToolView")



@_attrs_define
class ToolView:
    """ One thing that was done.

     """

    name: str
    arguments: ToolViewArguments
    status: str
    receipt_id: None | str | Unset = UNSET
    ms: float | Unset = 0.0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.tool_view_arguments import ToolViewArguments # noqa: PLC0415
        name = self.name

        arguments = self.arguments.to_dict()

        status = self.status

        receipt_id: None | str | Unset
        if isinstance(self.receipt_id, Unset):
            receipt_id = UNSET
        else:
            receipt_id = self.receipt_id

        ms = self.ms


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "arguments": arguments,
            "status": status,
        })
        if receipt_id is not UNSET:
            field_dict["receipt_id"] = receipt_id
        if ms is not UNSET:
            field_dict["ms"] = ms

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.tool_view_arguments import ToolViewArguments # noqa: PLC0415
        d = dict(src_dict)
        name = d.pop("name")

        arguments = ToolViewArguments.from_dict(d.pop("arguments"))




        status = d.pop("status")

        def _parse_receipt_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        receipt_id = _parse_receipt_id(d.pop("receipt_id", UNSET))


        ms = d.pop("ms", UNSET)

        tool_view = cls(
            name=name,
            arguments=arguments,
            status=status,
            receipt_id=receipt_id,
            ms=ms,
        )


        tool_view.additional_properties = d
        return tool_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
