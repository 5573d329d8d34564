"""People's part in setting a client up: tasks beside it (A008-A010), and the Enterprise review (A042)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import NotFound
from stores.base import Base, Session, TenantRow, change, insert_unless_there, of_tenant

ITEM_STATES = ("open", "in_progress", "signed", "waived")
TASK_KINDS = ("specialist", "milestone")


class ReviewItem(TenantRow, Base):
    """One point of the manual security review. ``files``: [{"name", "note"}]; the files lie elsewhere."""

    __tablename__ = "review_items"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint(f"status in {ITEM_STATES}", name="status"),
    )

    name: Mapped[str]
    place: Mapped[int]
    status: Mapped[str] = mapped_column(server_default="open")
    owner: Mapped[str | None]
    note: Mapped[str] = mapped_column(server_default="")
    files: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")
    signed_by: Mapped[str | None]
    signed_at: Mapped[datetime | None]


class LaunchTask(TenantRow, Base):
    """A person's work on a client's set-up: beside it (tier 2), or a project's milestone (tier 3)."""

    __tablename__ = "launch_tasks"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint(f"kind in {TASK_KINDS}", name="kind"),
    )

    kind: Mapped[str]
    name: Mapped[str]
    place: Mapped[int] = mapped_column(server_default="1")
    title: Mapped[str]
    owner: Mapped[str | None]
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]


async def open_review(session: Session, names: Sequence[str]) -> None:
    """The checklist is there; items that exist stay as they are."""
    for place, name in enumerate(names, 1):
        await insert_unless_there(
            session, ReviewItem, {"name": name, "place": place}, conflict=["tenant_id", "name"]
        )


async def review(session: Session) -> Sequence[ReviewItem]:
    """The client's checklist, in order; empty when no review is needed."""
    return (await session.scalars(select(ReviewItem).order_by(ReviewItem.place))).all()


async def update_item(session: Session, name: str, **fields: Any) -> ReviewItem:
    """Change one item. NotFound."""
    row = await session.scalar(select(ReviewItem).where(ReviewItem.name == name).with_for_update())
    if row is None:
        raise NotFound("no such item in this client's review")
    return await change(session, row, fields)


async def plan_task(session: Session, kind: str, name: str, values: Mapping[str, Any]) -> LaunchTask | None:
    """Put a task on the plan; None when it is there already."""
    return await insert_unless_there(
        session, LaunchTask, {"kind": kind, "name": name, **values}, conflict=["tenant_id", "name"]
    )


async def tasks(session: Session) -> Sequence[LaunchTask]:
    """The client's plan, in order."""
    return (
        await session.scalars(select(LaunchTask).order_by(LaunchTask.kind.desc(), LaunchTask.place))
    ).all()


async def update_task(session: Session, task_id: UUID, **fields: Any) -> LaunchTask:
    """Change one task. NotFound."""
    row = await session.scalar(select(LaunchTask).where(LaunchTask.id == task_id).with_for_update())
    if row is None:
        raise NotFound("no such task")
    return await change(session, row, fields)
