"""People's part in a set-up: the Enterprise security review (A042) and the tasks beside it (A008-A010)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from policies.provisioning import provisioning as policy
from stores import assistance, receipts
from stores.assistance import LaunchTask, ReviewItem
from web.access import Access, May
from web.api.shape import Change, Line, Shape
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}", tags=["assistance"])


class NotedFile(Shape):
    """A file that was looked at; it lies elsewhere."""

    name: Annotated[Line, Field(max_length=200)]
    note: Annotated[str, Field(max_length=500)] = ""


class ItemView(Shape):
    """One point of the review. Activation waits until it is ``signed`` or ``waived``."""

    name: str
    title: str
    status: Literal["open", "in_progress", "signed", "waived"]
    owner: str | None
    note: str
    files: list[NotedFile]
    signed_by: str | None
    signed_at: datetime | None


class ItemChange(Change):
    """What becomes of a point."""

    status: Literal["open", "in_progress", "signed", "waived"] | None = None
    owner: Annotated[Line, Field(max_length=100)] | None = None
    note: Annotated[str, Field(max_length=2000)] | None = None
    files: Annotated[list[NotedFile], Field(max_length=50)] | None = None


class TaskView(Shape):
    """A person's task. ``overdue``: it is not done and its day has passed."""

    id: UUID
    kind: Literal["specialist", "milestone"]
    name: str
    title: str
    owner: str | None
    due_at: datetime | None
    done_at: datetime | None
    done_by: str | None
    overdue: bool


class TaskChange(Change):
    """What becomes of a task."""

    owner: Annotated[Line, Field(max_length=100)] | None = None
    due_at: datetime | None = None
    done: bool | None = None


def _item(row: ReviewItem) -> ItemView:
    titles = {item.name: item.title for item in policy().review.items}
    names = ("name", "status", "owner", "note", "files", "signed_by", "signed_at")
    return ItemView(title=titles.get(row.name, row.name), **{name: getattr(row, name) for name in names})


def _task(row: LaunchTask, now: datetime) -> TaskView:
    names = ("id", "kind", "name", "title", "owner", "due_at", "done_at", "done_by")
    overdue = row.done_at is None and row.due_at is not None and row.due_at < now
    return TaskView(overdue=overdue, **{name: getattr(row, name) for name in names})


@router.get("/review")
async def review(parts: PartsDep, access: Annotated[Access, Depends(May("tenant:read"))]) -> list[ItemView]:
    """The manual security review, point by point; empty for plans that need none."""
    async with parts.db.tenant(access.tenant_id) as session:
        return [_item(row) for row in await assistance.review(session)]


@router.patch("/review/{item}")
async def change_item(
    item: str,
    change: ItemChange,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("provisioning:write"))],
) -> ItemView:
    """Change a point of the review. Who signs or waives it is kept, and when."""
    now, named = parts.clock.now(), {k: v for k, v in change.changes().items() if v is not None}
    if "status" in named:
        over = named["status"] in ("signed", "waived")
        named |= {"signed_by": act.principal.id if over else None, "signed_at": now if over else None}
    async with parts.db.tenant(act.tenant_id) as session:
        row = await assistance.update_item(session, item, **named)
        await receipts.audit(
            session,
            actor=act.principal.id,
            action="security_review",
            subject=item,
            at=now,
            after={"status": row.status, "owner": row.owner},
        )
        return _item(row)


@router.get("/launch-tasks")
async def tasks(parts: PartsDep, access: Annotated[Access, Depends(May("tenant:read"))]) -> list[TaskView]:
    """What our people do for this client's set-up: a specialist's tasks, or a project's milestones."""
    async with parts.db.tenant(access.tenant_id) as session:
        return [_task(row, parts.clock.now()) for row in await assistance.tasks(session)]


@router.patch("/launch-tasks/{task_id}")
async def change_task(
    task_id: UUID,
    change: TaskChange,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("provisioning:write"))],
) -> TaskView:
    """Give a task to somebody, move its day, or call it done."""
    now = parts.clock.now()
    named = {k: getattr(change, k) for k in change.model_fields_set if getattr(change, k) is not None}
    done = named.pop("done", None)
    if done is not None:
        named |= {"done_at": now if done else None, "done_by": act.principal.id if done else None}
    async with parts.db.tenant(act.tenant_id) as session:
        row = await assistance.update_task(session, task_id, **named)
        await receipts.audit(
            session,
            actor=act.principal.id,
            action="launch_task",
            subject=row.name,
            at=now,
            after={"done": row.done_at is not None, "owner": row.owner},
        )
        return _task(row, now)
