from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.own_question_of_item import check_own_question_of_item
from ..models.own_question_of_item import OwnQuestionOfItem
from ..models.own_question_type import check_own_question_type
from ..models.own_question_type import OwnQuestionType
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="OwnQuestion")



@_attrs_define
class OwnQuestion:
    """ A question the agent also asks. ``must``: answers without which a lead is no match.

     """

    key: str
    ask: str
    ask_es: str | Unset = ''
    type_: OwnQuestionType | Unset = 'text'
    choices: list[str] | Unset = UNSET
    of: list[OwnQuestionOfItem] | Unset = UNSET
    """ Of whom it is asked or wanted. """
    must: list[str] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        key = self.key

        ask = self.ask

        ask_es = self.ask_es

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_


        choices: list[str] | Unset = UNSET
        if not isinstance(self.choices, Unset):
            choices = self.choices



        of: list[str] | Unset = UNSET
        if not isinstance(self.of, Unset):
            of = []
            for of_item_data in self.of:
                of_item: str = of_item_data
                of.append(of_item)



        must: list[str] | Unset = UNSET
        if not isinstance(self.must, Unset):
            must = self.must




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "key": key,
            "ask": ask,
        })
        if ask_es is not UNSET:
            field_dict["ask_es"] = ask_es
        if type_ is not UNSET:
            field_dict["type"] = type_
        if choices is not UNSET:
            field_dict["choices"] = choices
        if of is not UNSET:
            field_dict["of"] = of
        if must is not UNSET:
            field_dict["must"] = must

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        key = d.pop("key")

        ask = d.pop("ask")

        ask_es = d.pop("ask_es", UNSET)

        _type_ = d.pop("type", UNSET)
        type_: OwnQuestionType | Unset
        if isinstance(_type_,  Unset):
            type_ = UNSET
        else:
            type_ = check_own_question_type(_type_)




        choices = cast(list[str], d.pop("choices", UNSET))


        _of = d.pop("of", UNSET)
        of: list[OwnQuestionOfItem] | Unset = UNSET
        if _of is not UNSET:
            of = []
            for of_item_data in _of:
                of_item = check_own_question_of_item(of_item_data)



                of.append(of_item)


        must = cast(list[str], d.pop("must", UNSET))


        own_question = cls(
            key=key,
            ask=ask,
            ask_es=ask_es,
            type_=type_,
            choices=choices,
            of=of,
            must=must,
        )

        return own_question

