from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.rules_lint_problems import RulesLintProblems





T = TypeVar("T", bound="RulesLint")



@_attrs_define
class RulesLint:
    """ Whether rules would be taken, and what they would do.

     """

    problems: RulesLintProblems
    """ Field -> why it cannot be so; empty: all is well. """
    explained: list[str]





    def to_dict(self) -> dict[str, Any]:
        from ..models.rules_lint_problems import RulesLintProblems # noqa: PLC0415
        problems = self.problems.to_dict()

        explained = self.explained




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "problems": problems,
            "explained": explained,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rules_lint_problems import RulesLintProblems # noqa: PLC0415
        d = dict(src_dict)
        problems = RulesLintProblems.from_dict(d.pop("problems"))




        explained = cast(list[str], d.pop("explained"))


        rules_lint = cls(
            problems=problems,
            explained=explained,
        )

        return rules_lint

