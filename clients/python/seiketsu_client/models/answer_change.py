from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.answer_change_kind import AnswerChangeKind
from ..models.answer_change_kind import check_answer_change_kind
from ..models.answer_change_language import AnswerChangeLanguage
from ..models.answer_change_language import check_answer_change_language
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="AnswerChange")



@_attrs_define
class AnswerChange:
    """ What is to change.

     """

    kind: AnswerChangeKind | Unset = UNSET
    title: str | Unset = UNSET
    answer: str | Unset = UNSET
    also: list[str] | Unset = UNSET
    language: AnswerChangeLanguage | Unset = UNSET
    source: None | str | Unset = UNSET
    active: bool | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        kind: str | Unset = UNSET
        if not isinstance(self.kind, Unset):
            kind = self.kind


        title = self.title

        answer = self.answer

        also: list[str] | Unset = UNSET
        if not isinstance(self.also, Unset):
            also = self.also



        language: str | Unset = UNSET
        if not isinstance(self.language, Unset):
            language = self.language


        source: None | str | Unset
        if isinstance(self.source, Unset):
            source = UNSET
        else:
            source = self.source

        active = self.active


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if kind is not UNSET:
            field_dict["kind"] = kind
        if title is not UNSET:
            field_dict["title"] = title
        if answer is not UNSET:
            field_dict["answer"] = answer
        if also is not UNSET:
            field_dict["also"] = also
        if language is not UNSET:
            field_dict["language"] = language
        if source is not UNSET:
            field_dict["source"] = source
        if active is not UNSET:
            field_dict["active"] = active

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _kind = d.pop("kind", UNSET)
        kind: AnswerChangeKind | Unset
        if isinstance(_kind,  Unset):
            kind = UNSET
        else:
            kind = check_answer_change_kind(_kind)




        title = d.pop("title", UNSET)

        answer = d.pop("answer", UNSET)

        also = cast(list[str], d.pop("also", UNSET))


        _language = d.pop("language", UNSET)
        language: AnswerChangeLanguage | Unset
        if isinstance(_language,  Unset):
            language = UNSET
        else:
            language = check_answer_change_language(_language)




        def _parse_source(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        source = _parse_source(d.pop("source", UNSET))


        active = d.pop("active", UNSET)

        answer_change = cls(
            kind=kind,
            title=title,
            answer=answer,
            also=also,
            language=language,
            source=source,
            active=active,
        )

        return answer_change

