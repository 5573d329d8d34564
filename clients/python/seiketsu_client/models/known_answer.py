from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.known_answer_kind import check_known_answer_kind
from ..models.known_answer_kind import KnownAnswerKind
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="KnownAnswer")



@_attrs_define
class KnownAnswer:
    """ A question with its answer, a fact about the office, or a place it serves.

     """

    id: UUID
    kind: KnownAnswerKind
    title: str
    answer: str
    also: list[str]
    language: str
    source: None | str
    active: bool
    created_at: datetime.datetime
    updated_at: datetime.datetime





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        kind: str = self.kind

        title = self.title

        answer = self.answer

        also = self.also



        language = self.language

        source: None | str
        source = self.source

        active = self.active

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "kind": kind,
            "title": title,
            "answer": answer,
            "also": also,
            "language": language,
            "source": source,
            "active": active,
            "created_at": created_at,
            "updated_at": updated_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        kind = check_known_answer_kind(d.pop("kind"))




        title = d.pop("title")

        answer = d.pop("answer")

        also = cast(list[str], d.pop("also"))


        language = d.pop("language")

        def _parse_source(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source = _parse_source(d.pop("source"))


        active = d.pop("active")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))




        known_answer = cls(
            id=id,
            kind=kind,
            title=title,
            answer=answer,
            also=also,
            language=language,
            source=source,
            active=active,
            created_at=created_at,
            updated_at=updated_at,
        )

        return known_answer

