"""A small flow with every confirmation class, a branch, a condition and a gate."""

import pytest

from flows.schema import Flow

FLOW = {
    "flow": "sample",
    "version": 1,
    "title": "Sample",
    "slots": {
        "company": {
            "type": "organization",
            "label": "company",
            "confirm": "explicit",
            "ask": {"voice": "Company?"},
        },
        "zone": {"type": "timezone", "label": "time zone", "confirm": "implicit", "ask": {"voice": "Zone?"}},
        "email": {
            "type": "email",
            "label": "e-mail",
            "confirm": "out_of_band",
            "ask": {"voice": "E-mail?"},
        },
        "mobile": {
            "type": "phone",
            "label": "mobile",
            "confirm": "explicit",
            "suggest": "caller_id",
            "ask": {"voice": "Mobile?"},
        },
        "website": {"type": "url", "label": "website", "ask": {"voice": "Website?"}},
        "crm": {
            "type": "choice",
            "label": "CRM",
            "default": "none",
            "choices": [{"value": "hubspot", "label": "HubSpot"}, {"value": "none", "label": "none"}],
            "ask": {"voice": "CRM?"},
        },
        "crm_name": {
            "type": "text",
            "label": "CRM account",
            "when": {"slot": "crm", "not": ["none"]},
            "ask": {"voice": "Account?"},
        },
        "card": {
            "type": "text",
            "label": "card number",
            "confirm": "never_by_voice",
            "ask": {"voice": "Card?"},
        },
        "go": {"type": "yes_no", "label": "go live", "confirm": "explicit", "ask": {"voice": "Go live?"}},
    },
    "steps": [
        {
            "step": "account",
            "title": "Account",
            "required": ["company", "zone", "email", "mobile"],
            "optional": ["website"],
            "tool": "register",
            "done": "Saved.",
        },
        {
            "step": "tools",
            "title": "Tools",
            "required": ["crm", "crm_name"],
            "optional": ["card"],
            "tool": "connect",
        },
        {
            "step": "launch",
            "title": "Launch",
            "required": ["go"],
            "summary": False,
            "needs_all": True,
            "tool": "activate",
        },
    ],
}


@pytest.fixture(scope="session")
def flow() -> Flow:
    return Flow.model_validate(FLOW)
