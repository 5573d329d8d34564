from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.run_summary_problem_type_0 import RunSummaryProblemType0





T = TypeVar("T", bound="RunSummary")



@_attrs_define
class RunSummary:
    """ A run in a list.

     """

    id: UUID
    tenant_id: UUID
    source: str
    state: str
    attempt: int
    problem: None | RunSummaryProblemType0
    created_at: datetime.datetime
    finished_at: datetime.datetime | None





    def to_dict(self) -> dict[str, Any]:
        from ..models.run_summary_problem_type_0 import RunSummaryProblemType0 # noqa: PLC0415
        id = str(self.id)

        tenant_id = str(self.tenant_id)

        source = self.source

        state = self.state

        attempt = self.attempt

        problem: dict[str, Any] | None
        if isinstance(self.problem, RunSummaryProblemType0):
            problem = self.problem.to_dict()
        else:
            problem = self.problem

        created_at = self.created_at.isoformat()

        finished_at: None | str
        if isinstance(self.finished_at, datetime.datetime):
            finished_at = self.finished_at.isoformat()
        else:
            finished_at = self.finished_at


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "tenant_id": tenant_id,
            "source": source,
            "state": state,
            "attempt": attempt,
            "problem": problem,
            "created_at": created_at,
            "finished_at": finished_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.run_summary_problem_type_0 import RunSummaryProblemType0 # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        tenant_id = UUID(d.pop("tenant_id"))




        source = d.pop("source")

        state = d.pop("state")

        attempt = d.pop("attempt")

        def _parse_problem(data: object) -> None | RunSummaryProblemType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                problem_type_0 = RunSummaryProblemType0.from_dict(data)



                return problem_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RunSummaryProblemType0, data)

        problem = _parse_problem(d.pop("problem"))


        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        def _parse_finished_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                finished_at_type_0 = datetime.datetime.fromisoformat(data)



                return finished_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        finished_at = _parse_finished_at(d.pop("finished_at"))


        run_summary = cls(
            id=id,
            tenant_id=tenant_id,
            source=source,
            state=state,
            attempt=attempt,
            problem=problem,
            created_at=created_at,
            finished_at=finished_at,
        )

        return run_summary

