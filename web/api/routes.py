"""Every noun of the REST API, put together. Each file brings its own router."""

from __future__ import annotations

from fastapi import APIRouter

from web.api import (
    agent,
    audit,
    calls,
    flows,
    integrations,
    lead_rules,
    leads,
    numbers,
    rules,
    tenants,
    tickets,
)

NOUNS = (
    tenants.router,
    numbers.router,
    agent.router,
    rules.router,
    lead_rules.router,
    flows.router,
    calls.router,
    calls.platform_router,
    leads.router,
    integrations.router,
    tickets.router,
    audit.router,
)

router = APIRouter()
for noun in NOUNS:
    router.include_router(noun)
