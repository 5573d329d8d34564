from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.lead_rules_lint_problems import LeadRulesLintProblems





T = TypeVar("T", bound="LeadRulesLint")



@_attrs_define
class LeadRulesLint:
    """ Whether they would be taken, and what they would do.

     """

    problems: LeadRulesLintProblems
    """ Field -> why it cannot be so; empty: all is well. """
    explained: list[str]





    def to_dict(self) -> dict[str, Any]:
        from ..models.lead_rules_lint_problems import LeadRulesLintProblems # noqa: PLC0415
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
        from ..models.lead_rules_lint_problems import LeadRulesLintProblems # noqa: PLC0415
        d = dict(src_dict)
        problems = LeadRulesLintProblems.from_dict(d.pop("problems"))




        explained = cast(list[str], d.pop("explained"))


        lead_rules_lint = cls(
            problems=problems,
            explained=explained,
        )

        return lead_rules_lint

