"""All tables in one place, for migrations and for the tests that attack them."""

from stores import calls, conversations, integrations, leads, outbox, receipts, support, tenancy, vault
from stores.base import Base

__all__ = [
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
]

metadata = Base.metadata
