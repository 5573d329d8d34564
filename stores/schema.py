"""All tables in one place, for migrations and for the tests that attack them."""

from stores import archives, calls, conversations, integrations, leads, outbox, receipts, support, tenancy, vault, webhooks
from stores.base import Base

__all__ = [
    "archives",
    "calls",
    "conversations",
    "integrations",
    "leads",
    "metadata",
    "outbox",
    "receipts",
    "support",
    "tenancy",
    "vault",
    "webhooks",
]

metadata = Base.metadata
