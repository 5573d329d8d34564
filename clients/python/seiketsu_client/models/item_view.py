from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.item_view_status import check_item_view_status
from ..models.item_view_status import ItemViewStatus
from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.noted_file import NotedFile





T = TypeVar("T", bound="ItemView")



@_attrs_define
class ItemView:
    """ One point of the review. Activation waits until it is ``signed`` or ``waived``.

     """

    name: str
    title: str
    status: ItemViewStatus
    owner: None | str
    note: str
    files: list[NotedFile]
    signed_by: None | str
    signed_at: datetime.datetime | None





    def to_dict(self) -> dict[str, Any]:
        from ..models.noted_file import NotedFile # noqa: PLC0415
        name = self.name

        title = self.title

        status: str = self.status

        owner: None | str
        owner = self.owner

        note = self.note

        files = []
        for files_item_data in self.files:
            files_item = files_item_data.to_dict()
            files.append(files_item)



        signed_by: None | str
        signed_by = self.signed_by

        signed_at: None | str
        if isinstance(self.signed_at, datetime.datetime):
            signed_at = self.signed_at.isoformat()
        else:
            signed_at = self.signed_at


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "name": name,
            "title": title,
            "status": status,
            "owner": owner,
            "note": note,
            "files": files,
            "signed_by": signed_by,
            "signed_at": signed_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.noted_file import NotedFile # noqa: PLC0415
        d = dict(src_dict)
        name = d.pop("name")

        title = d.pop("title")

        status = check_item_view_status(d.pop("status"))




        def _parse_owner(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        owner = _parse_owner(d.pop("owner"))


        note = d.pop("note")

        files = []
        _files = d.pop("files")
        for files_item_data in (_files):
            files_item = NotedFile.from_dict(files_item_data)



            files.append(files_item)


        def _parse_signed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        signed_by = _parse_signed_by(d.pop("signed_by"))


        def _parse_signed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                signed_at_type_0 = datetime.datetime.fromisoformat(data)



                return signed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        signed_at = _parse_signed_at(d.pop("signed_at"))


        item_view = cls(
            name=name,
            title=title,
            status=status,
            owner=owner,
            note=note,
            files=files,
            signed_by=signed_by,
            signed_at=signed_at,
        )

        return item_view

