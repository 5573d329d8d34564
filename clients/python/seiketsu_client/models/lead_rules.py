from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.lead_rules_must_haves_item import LeadRulesMustHavesItem
  from ..models.lead_rules_questions_item import LeadRulesQuestionsItem





T = TypeVar("T", bound="LeadRules")



@_attrs_define
class LeadRules:
    """ The questions and must-haves in force.

     """

    questions: list[LeadRulesQuestionsItem]
    must_haves: list[LeadRulesMustHavesItem]
    explained: list[str]
    """ What they do, in words. """





    def to_dict(self) -> dict[str, Any]:
        from ..models.lead_rules_must_haves_item import LeadRulesMustHavesItem # noqa: PLC0415
        from ..models.lead_rules_questions_item import LeadRulesQuestionsItem # noqa: PLC0415
        questions = []
        for questions_item_data in self.questions:
            questions_item = questions_item_data.to_dict()
            questions.append(questions_item)



        must_haves = []
        for must_haves_item_data in self.must_haves:
            must_haves_item = must_haves_item_data.to_dict()
            must_haves.append(must_haves_item)



        explained = self.explained




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "questions": questions,
            "must_haves": must_haves,
            "explained": explained,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lead_rules_must_haves_item import LeadRulesMustHavesItem # noqa: PLC0415
        from ..models.lead_rules_questions_item import LeadRulesQuestionsItem # noqa: PLC0415
        d = dict(src_dict)
        questions = []
        _questions = d.pop("questions")
        for questions_item_data in (_questions):
            questions_item = LeadRulesQuestionsItem.from_dict(questions_item_data)



            questions.append(questions_item)


        must_haves = []
        _must_haves = d.pop("must_haves")
        for must_haves_item_data in (_must_haves):
            must_haves_item = LeadRulesMustHavesItem.from_dict(must_haves_item_data)



            must_haves.append(must_haves_item)


        explained = cast(list[str], d.pop("explained"))


        lead_rules = cls(
            questions=questions,
            must_haves=must_haves,
            explained=explained,
        )

        return lead_rules

