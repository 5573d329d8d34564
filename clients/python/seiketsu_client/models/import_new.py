from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.import_new_format import check_import_new_format
from ..models.import_new_format import ImportNewFormat
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="ImportNew")



@_attrs_define
class ImportNew:
    """ A file of listings. ``complete``: what of this source it does not name is off the market.

     """

    content: str
    format_: ImportNewFormat | Unset = 'csv'
    source: str | Unset = 'file'
    complete: bool | Unset = False
    dry_run: bool | Unset = False
    """ Only say what it would do. """
    skip_bad: bool | Unset = False
    """ Take the good rows although others are bad. """





    def to_dict(self) -> dict[str, Any]:
        content = self.content

        format_: str | Unset = UNSET
        if not isinstance(self.format_, Unset):
            format_ = self.format_


        source = self.source

        complete = self.complete

        dry_run = self.dry_run

        skip_bad = self.skip_bad


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "content": content,
        })
        if format_ is not UNSET:
            field_dict["format"] = format_
        if source is not UNSET:
            field_dict["source"] = source
        if complete is not UNSET:
            field_dict["complete"] = complete
        if dry_run is not UNSET:
            field_dict["dry_run"] = dry_run
        if skip_bad is not UNSET:
            field_dict["skip_bad"] = skip_bad

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        content = d.pop("content")

        _format_ = d.pop("format", UNSET)
        format_: ImportNewFormat | Unset
        if isinstance(_format_,  Unset):
            format_ = UNSET
        else:
            format_ = check_import_new_format(_format_)




        source = d.pop("source", UNSET)

        complete = d.pop("complete", UNSET)

        dry_run = d.pop("dry_run", UNSET)

        skip_bad = d.pop("skip_bad", UNSET)

        import_new = cls(
            content=content,
            format_=format_,
            source=source,
            complete=complete,
            dry_run=dry_run,
            skip_bad=skip_bad,
        )

        return import_new

