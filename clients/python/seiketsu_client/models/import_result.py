from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.import_result_status import check_import_result_status
from ..models.import_result_status import ImportResultStatus
from typing import cast






T = TypeVar("T", bound="ImportResult")



@_attrs_define
class ImportResult:
    """ What came of it. ``bad``: rows left out, with line and column. ``ignored``: columns nobody reads.

     """

    status: ImportResultStatus
    import_id: str
    added: int
    changed: int
    removed: int
    unchanged: int
    bad: list[str]
    ignored: list[str]





    def to_dict(self) -> dict[str, Any]:
        status: str = self.status

        import_id = self.import_id

        added = self.added

        changed = self.changed

        removed = self.removed

        unchanged = self.unchanged

        bad = self.bad



        ignored = self.ignored




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "status": status,
            "import_id": import_id,
            "added": added,
            "changed": changed,
            "removed": removed,
            "unchanged": unchanged,
            "bad": bad,
            "ignored": ignored,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status = check_import_result_status(d.pop("status"))




        import_id = d.pop("import_id")

        added = d.pop("added")

        changed = d.pop("changed")

        removed = d.pop("removed")

        unchanged = d.pop("unchanged")

        bad = cast(list[str], d.pop("bad"))


        ignored = cast(list[str], d.pop("ignored"))


        import_result = cls(
            status=status,
            import_id=import_id,
            added=added,
            changed=changed,
            removed=removed,
            unchanged=unchanged,
            bad=bad,
            ignored=ignored,
        )

        return import_result

