"""A client's own rules for leads: questions of their own, and what a lead must have (A047, A091)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from stores.base import Base, Session, TenantRow, of_tenant


class LeadRule(TenantRow, Base):
    """One rule. ``spec`` has the shape of policies.rules.Question or MustHave, by ``kind``."""

    __tablename__ = "lead_rules"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "kind", "key"),
        CheckConstraint("kind in ('question', 'must_have')", name="kind"),
    )

    kind: Mapped[str]
    key: Mapped[str]
    position: Mapped[int] = mapped_column(server_default="0")
    spec: Mapped[dict[str, Any]]


async def lead_rules(session: Session, kind: str | None = None) -> Sequence[LeadRule]:
    """The rules in the order they were given."""
    query = select(LeadRule).order_by(LeadRule.kind, LeadRule.position, LeadRule.id)
    if kind is not None:
        query = query.where(LeadRule.kind == kind)
    return (await session.scalars(query)).all()


async def replace_lead_rules(session: Session, kind: str, specs: Iterable[Mapping[str, Any]]) -> None:
    """All rules of a kind at once; ``specs`` each with its ``key``."""
    await session.execute(delete(LeadRule).where(LeadRule.kind == kind))
    for position, spec in enumerate(specs):
        session.add(LeadRule(kind=kind, key=str(spec["key"]), position=position, spec=dict(spec)))
    await session.flush()
