from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.answer_new_kind import AnswerNewKind
from ..models.answer_new_kind import check_answer_new_kind
from ..models.answer_new_language import AnswerNewLanguage
from ..models.answer_new_language import check_answer_new_language
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="AnswerNew")



@_attrs_define
class AnswerNew:
    """ What callers ask, and what the agent says. ``also``: other words for it, other names of the place.

     """

    title: str
    answer: str
    kind: AnswerNewKind | Unset = 'faq'
    also: list[str] | Unset = UNSET
    language: AnswerNewLanguage | Unset = 'en'
    source: None | str | Unset = UNSET
    """ What the agent may name as its source. """
    active: bool | Unset = True





    def to_dict(self) -> dict[str, Any]:
        title = self.title

        answer = self.answer

        kind: str | Unset = UNSET
        if not isinstance(self.kind, Unset):
            kind = self.kind


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
            "title": title,
            "answer": answer,
        })
        if kind is not UNSET:
            field_dict["kind"] = kind
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
        title = d.pop("title")

        answer = d.pop("answer")

        _kind = d.pop("kind", UNSET)
        kind: AnswerNewKind | Unset
        if isinstance(_kind,  Unset):
            kind = UNSET
        else:
            kind = check_answer_new_kind(_kind)




        also = cast(list[str], d.pop("also", UNSET))


        _language = d.pop("language", UNSET)
        language: AnswerNewLanguage | Unset
        if isinstance(_language,  Unset):
            language = UNSET
        else:
            language = check_answer_new_language(_language)




        def _parse_source(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        source = _parse_source(d.pop("source", UNSET))


        active = d.pop("active", UNSET)

        answer_new = cls(
            title=title,
            answer=answer,
            kind=kind,
            also=also,
            language=language,
            source=source,
            active=active,
        )

        return answer_new

