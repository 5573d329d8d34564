from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.task_view_kind import check_task_view_kind
from ..models.task_view_kind import TaskViewKind
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="TaskView")



@_attrs_define
class TaskView:
    """ A person's task. ``overdue``: it is not done and its day has passed.

     """

    id: UUID
    kind: TaskViewKind
    name: str
    title: str
    owner: None | str
    due_at: datetime.datetime | None
    done_at: datetime.datetime | None
    done_by: None | str
    overdue: bool





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        kind: str = self.kind

        name = self.name

        title = self.title

        owner: None | str
        owner = self.owner

        due_at: None | str
        if isinstance(self.due_at, datetime.datetime):
            due_at = self.due_at.isoformat()
        else:
            due_at = self.due_at

        done_at: None | str
        if isinstance(self.done_at, datetime.datetime):
            done_at = self.done_at.isoformat()
        else:
            done_at = self.done_at

        done_by: None | str
        done_by = self.done_by

        overdue = self.overdue


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "kind": kind,
            "name": name,
            "title": title,
            "owner": owner,
            "due_at": due_at,
            "done_at": done_at,
            "done_by": done_by,
            "overdue": overdue,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        kind = check_task_view_kind(d.pop("kind"))




        name = d.pop("name")

        title = d.pop("title")

        def _parse_owner(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        owner = _parse_owner(d.pop("owner"))


        def _parse_due_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                due_at_type_0 = datetime.datetime.fromisoformat(data)



                return due_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        due_at = _parse_due_at(d.pop("due_at"))


        def _parse_done_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                done_at_type_0 = datetime.datetime.fromisoformat(data)



                return done_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        done_at = _parse_done_at(d.pop("done_at"))


        def _parse_done_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        done_by = _parse_done_by(d.pop("done_by"))


        overdue = d.pop("overdue")

        task_view = cls(
            id=id,
            kind=kind,
            name=name,
            title=title,
            owner=owner,
            due_at=due_at,
            done_at=done_at,
            done_by=done_by,
            overdue=overdue,
        )

        return task_view

