"""What was written under a ticket, by the client and by those who help."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped

from stores.base import Base, Session, TenantRow, belongs_to, of_tenant


class TicketReply(TenantRow, Base):
    """One reply. ``author`` as in the audit trail; ``from_us``: written by the platform's own people."""

    __tablename__ = "ticket_replies"
    __table_args__ = (
        of_tenant(),
        belongs_to("tickets", "ticket_id", ondelete="CASCADE"),
        Index("ix_ticket_replies_tenant_id_ticket_id", "tenant_id", "ticket_id"),
    )

    ticket_id: Mapped[UUID]
    author: Mapped[str]
    from_us: Mapped[bool]
    body: Mapped[str]


async def add_reply(
    session: Session, ticket_id: UUID, *, author: str, from_us: bool, body: str
) -> TicketReply:
    """Write under a ticket."""
    row = TicketReply(ticket_id=ticket_id, author=author, from_us=from_us, body=body)
    session.add(row)
    await session.flush()
    return row


async def replies(session: Session, ticket_id: UUID) -> Sequence[TicketReply]:
    """What was written under a ticket, in order."""
    query = select(TicketReply).where(TicketReply.ticket_id == ticket_id).order_by(TicketReply.id)
    return (await session.scalars(query)).all()
