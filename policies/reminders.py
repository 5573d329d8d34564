"""When somebody is reminded of an appointment: before it, and never in quiet hours (C03). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from policies.appointments import appointments
from policies.business_hours import DAYS, minute_of_day
from policies.compliance import compliance
from policies.free_times import moment


def _allowed_now(at: datetime, timezone: str, quiet: Mapping[str, Any] | None = None) -> bool:
    """Whether anything may be sent unasked at that moment, on the receiver's clock (C03)."""
    window = quiet or compliance().quiet_hours.model_dump()
    local = at.astimezone(ZoneInfo(timezone))
    minute = local.hour * 60 + local.minute
    return DAYS[local.weekday()] in window["days"] and minute_of_day(
        str(window["open"])
    ) <= minute < minute_of_day(str(window["close"]))


def _next_allowed(at: datetime, timezone: str, quiet: Mapping[str, Any] | None = None) -> datetime:
    """That moment, or the next one at which something may be sent."""
    if _allowed_now(at, timezone, quiet):
        return at
    window = quiet or compliance().quiet_hours.model_dump()
    zone = ZoneInfo(timezone)
    today = at.astimezone(zone).date()
    for ahead in range(15):
        start = moment(today + timedelta(days=ahead), str(window["open"]), zone)
        if start is not None and start > at and _allowed_now(start, timezone, quiet):
            return start
    raise ValueError("nothing is ever allowed")


def reminders_due(
    start: datetime, timezone: str, *, now: datetime, booked_at: datetime, sent: Iterable[str]
) -> list[str]:
    """The reminders to send now, by name: the nearest only when several fall together; [] when none.

    One whose moment lies before the booking is not needed; one that quiet hours push too near is dropped.
    """
    policy = appointments()
    late = timedelta(minutes=policy.reminder_late_minutes)
    due = []
    for name, minutes in sorted(policy.reminders.items(), key=lambda item: -item[1]):
        wanted = start - timedelta(minutes=minutes)
        if wanted <= booked_at or name in sent:
            continue
        moved = _next_allowed(wanted, timezone)
        if moved <= now < start and moved <= start - late and _allowed_now(now, timezone):
            due.append(name)
    return due
