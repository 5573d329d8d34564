from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.must_have import MustHave
  from ..models.own_question import OwnQuestion





T = TypeVar("T", bound="LeadRulesNew")



@_attrs_define
class LeadRulesNew:
    """ All questions and must-haves, in the order in which they are asked.

     """

    questions: list[OwnQuestion] | Unset = UNSET
    must_haves: list[MustHave] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.must_have import MustHave # noqa: PLC0415
        from ..models.own_question import OwnQuestion # noqa: PLC0415
        questions: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.questions, Unset):
            questions = []
            for questions_item_data in self.questions:
                questions_item = questions_item_data.to_dict()
                questions.append(questions_item)



        must_haves: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.must_haves, Unset):
            must_haves = []
            for must_haves_item_data in self.must_haves:
                must_haves_item = must_haves_item_data.to_dict()
                must_haves.append(must_haves_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if questions is not UNSET:
            field_dict["questions"] = questions
        if must_haves is not UNSET:
            field_dict["must_haves"] = must_haves

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.must_have import MustHave # noqa: PLC0415
        from ..models.own_question import OwnQuestion # noqa: PLC0415
        d = dict(src_dict)
        _questions = d.pop("questions", UNSET)
        questions: list[OwnQuestion] | Unset = UNSET
        if _questions is not UNSET:
            questions = []
            for questions_item_data in _questions:
                questions_item = OwnQuestion.from_dict(questions_item_data)



                questions.append(questions_item)


        _must_haves = d.pop("must_haves", UNSET)
        must_haves: list[MustHave] | Unset = UNSET
        if _must_haves is not UNSET:
            must_haves = []
            for must_haves_item_data in _must_haves:
                must_haves_item = MustHave.from_dict(must_haves_item_data)



                must_haves.append(must_haves_item)


        lead_rules_new = cls(
            questions=questions,
            must_haves=must_haves,
        )

        return lead_rules_new

