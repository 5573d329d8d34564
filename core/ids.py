"""Identifiers and one-time secrets."""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

import uuid_utils

# Fixed, so that every process and every restart agree on who answers the onboarding number.
HOUSE_TENANT = UUID("00000000-0000-7000-8000-000000000001")
"""Seiketsu itself: the tenant whose agent answers the onboarding number."""

SCRATCH_TENANTS = (
    UUID("00000000-0000-7000-8000-000000000002"),
    UUID("00000000-0000-7000-8000-000000000003"),
)
"""The security self-check's own: nobody's, never live, in no list."""


def new_id() -> UUID:
    """A UUIDv7: unique, and sorted by creation time, so indexes stay compact."""
    return UUID(str(uuid_utils.uuid7()))


def new_token() -> str:
    """A URL-safe secret with 256 bits of entropy."""
    return secrets.token_urlsafe(32)


def resume_code() -> str:
    """Six digits a caller can write down."""
    return f"{secrets.randbelow(1_000_000):06d}"


def fingerprint(secret: str) -> str:
    """SHA-256 hex of a high-entropy token: what is stored instead of the token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def as_uuid(text: object) -> UUID | None:
    """The id a text is, or None when it is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
