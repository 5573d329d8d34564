"""What a question can offer before it is answered: the usual value, or one other answers suggest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.business_hours import standard
from policies.compliance import compliance
from policies.greetings import standard_greeting
from policies.lead_sources import default_sources
from policies.plans import smallest_for
from policies.product_facts import beside, in_figures
from policies.regions import timezone_of
from policies.scoring import scoring


def suggestions(values: Mapping[str, Any], *, caller_id: str | None = None) -> dict[str, Any]:
    """Fact name -> value to offer, computed from the form's confirmed ``values``. Unknown ones are left out.

    The names are those that flows use in ``suggest``.
    """
    states = values.get("states_served") or []
    brand = values.get("brand_name") or values.get("organization_name")
    fitting = smallest_for("users", values["team_size"]) if values.get("team_size") else None
    found: dict[str, Any] = {
        "caller_id": caller_id,
        "state_timezone": timezone_of(states),
        "standard_hours": standard(),
        "standard_sources": default_sources(),
        # a call put through to the number that is forwarded would come straight back
        "own_mobile": values.get("admin_mobile")
        if values.get("number_mode") != "forward"
        or values.get("existing_number") != values.get("admin_mobile")
        else None,
        "fitting_plan": fitting.value if fitting else None,
        "fitting_holds": in_figures(fitting) if fitting else None,
        "fitting_beside": beside(fitting) if fitting else None,
        "standard_greeting": standard_greeting(brand) if brand else None,
        "standard_hot_score": scoring().hot.score,
        "sharing_note": "All leads go to you"
        if values.get("team_size") == 1
        else "Leads go around your team in turn",
        "standard_recording": compliance().recording_modes[0].value,
        "office_area_code": area_code(values.get("admin_mobile") or caller_id),
    }
    return {name: value for name, value in found.items() if value is not None}


def area_code(e164: str | None) -> str | None:
    """The area code of a North American number in E.164; None for others."""
    return e164[2:5] if e164 and e164.startswith("+1") and len(e164) == 12 else None
