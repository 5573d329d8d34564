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
  from ..models.run_view_checks import RunViewChecks
  from ..models.run_view_left_to_do_item import RunViewLeftToDoItem
  from ..models.run_view_problem_type_0 import RunViewProblemType0
  from ..models.step_view import StepView





T = TypeVar("T", bound="RunView")



@_attrs_define
class RunView:
    """ A run with its steps, the four checks, and what is left to do before the agent goes live.

     """

    id: UUID
    tenant_id: UUID
    source: str
    state: str
    attempt: int
    problem: None | RunViewProblemType0
    created_at: datetime.datetime
    finished_at: datetime.datetime | None
    organization_slug: str
    tenant_status: str
    steps: list[StepView]
    checks: RunViewChecks
    left_to_do: list[RunViewLeftToDoItem]
    retry_of: None | UUID





    def to_dict(self) -> dict[str, Any]:
        from ..models.run_view_checks import RunViewChecks # noqa: PLC0415
        from ..models.run_view_left_to_do_item import RunViewLeftToDoItem # noqa: PLC0415
        from ..models.run_view_problem_type_0 import RunViewProblemType0 # noqa: PLC0415
        from ..models.step_view import StepView # noqa: PLC0415
        id = str(self.id)

        tenant_id = str(self.tenant_id)

        source = self.source

        state = self.state

        attempt = self.attempt

        problem: dict[str, Any] | None
        if isinstance(self.problem, RunViewProblemType0):
            problem = self.problem.to_dict()
        else:
            problem = self.problem

        created_at = self.created_at.isoformat()

        finished_at: None | str
        if isinstance(self.finished_at, datetime.datetime):
            finished_at = self.finished_at.isoformat()
        else:
            finished_at = self.finished_at

        organization_slug = self.organization_slug

        tenant_status = self.tenant_status

        steps = []
        for steps_item_data in self.steps:
            steps_item = steps_item_data.to_dict()
            steps.append(steps_item)



        checks = self.checks.to_dict()

        left_to_do = []
        for left_to_do_item_data in self.left_to_do:
            left_to_do_item = left_to_do_item_data.to_dict()
            left_to_do.append(left_to_do_item)



        retry_of: None | str
        if isinstance(self.retry_of, UUID):
            retry_of = str(self.retry_of)
        else:
            retry_of = self.retry_of


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
            "organization_slug": organization_slug,
            "tenant_status": tenant_status,
            "steps": steps,
            "checks": checks,
            "left_to_do": left_to_do,
            "retry_of": retry_of,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.run_view_checks import RunViewChecks # noqa: PLC0415
        from ..models.run_view_left_to_do_item import RunViewLeftToDoItem # noqa: PLC0415
        from ..models.run_view_problem_type_0 import RunViewProblemType0 # noqa: PLC0415
        from ..models.step_view import StepView # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        tenant_id = UUID(d.pop("tenant_id"))




        source = d.pop("source")

        state = d.pop("state")

        attempt = d.pop("attempt")

        def _parse_problem(data: object) -> None | RunViewProblemType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                problem_type_0 = RunViewProblemType0.from_dict(data)



                return problem_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RunViewProblemType0, data)

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


        organization_slug = d.pop("organization_slug")

        tenant_status = d.pop("tenant_status")

        steps = []
        _steps = d.pop("steps")
        for steps_item_data in (_steps):
            steps_item = StepView.from_dict(steps_item_data)



            steps.append(steps_item)


        checks = RunViewChecks.from_dict(d.pop("checks"))




        left_to_do = []
        _left_to_do = d.pop("left_to_do")
        for left_to_do_item_data in (_left_to_do):
            left_to_do_item = RunViewLeftToDoItem.from_dict(left_to_do_item_data)



            left_to_do.append(left_to_do_item)


        def _parse_retry_of(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                retry_of_type_0 = UUID(data)



                return retry_of_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        retry_of = _parse_retry_of(d.pop("retry_of"))


        run_view = cls(
            id=id,
            tenant_id=tenant_id,
            source=source,
            state=state,
            attempt=attempt,
            problem=problem,
            created_at=created_at,
            finished_at=finished_at,
            organization_slug=organization_slug,
            tenant_status=tenant_status,
            steps=steps,
            checks=checks,
            left_to_do=left_to_do,
            retry_of=retry_of,
        )

        return run_view

