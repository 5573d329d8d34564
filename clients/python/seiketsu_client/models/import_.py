from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="Import")



@_attrs_define
class Import:
    """ One import.

     """

    id: UUID
    source: str
    actor: str
    added: int
    changed: int
    removed: int
    unchanged: int
    undone_at: datetime.datetime | None
    created_at: datetime.datetime





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        source = self.source

        actor = self.actor

        added = self.added

        changed = self.changed

        removed = self.removed

        unchanged = self.unchanged

        undone_at: None | str
        if isinstance(self.undone_at, datetime.datetime):
            undone_at = self.undone_at.isoformat()
        else:
            undone_at = self.undone_at

        created_at = self.created_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "source": source,
            "actor": actor,
            "added": added,
            "changed": changed,
            "removed": removed,
            "unchanged": unchanged,
            "undone_at": undone_at,
            "created_at": created_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        source = d.pop("source")

        actor = d.pop("actor")

        added = d.pop("added")

        changed = d.pop("changed")

        removed = d.pop("removed")

        unchanged = d.pop("unchanged")

        def _parse_undone_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                undone_at_type_0 = datetime.datetime.fromisoformat(data)



                return undone_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        undone_at = _parse_undone_at(d.pop("undone_at"))


        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        import_ = cls(
            id=id,
            source=source,
            actor=actor,
            added=added,
            changed=changed,
            removed=removed,
            unchanged=unchanged,
            undone_at=undone_at,
            created_at=created_at,
        )

        return import_

