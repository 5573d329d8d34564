"""Busy times from an agent's calendar behind an ICS address (RFC 5545): read, expanded, nothing else kept.

Subjects, places and guests never leave this module: only when somebody is busy does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # comes with icalendar
from icalendar import Calendar, Event

from core.errors import SeiketsuError, Unavailable
from integrations.http import Reply

MOST_BYTES = 5_000_000
MOST_BUSY = 2_000
MOST_STEPS = 100_000
"""Occurrences a rule is followed through from its beginning: what needs more is an attack, no meeting."""
SECONDS = 15.0


class CalendarRefused(SeiketsuError):
    """The calendar cannot be read with this address: ``code`` says why, for the agent to put right."""

    code = "calendar_refused"
    status = 422


class Reader(Protocol):
    """integrations.http.Outside."""

    async def get(self, url: str, headers: Any, *, timeout: float, most: int) -> Reply:
        """Read an address."""


@dataclass(frozen=True)
class Busy:
    """From, until; aware, UTC."""

    start: datetime
    end: datetime


class Calendars:
    """Reads calendars. ``reader`` lets no address reach inside."""

    def __init__(self, reader: Reader):
        self._reader = reader

    async def busy(self, url: str, *, since: datetime, until: datetime, zone: str) -> list[Busy]:
        """When the calendar's owner is busy between two moments, merged. ``zone``: of all-day events.

        Raises CalendarRefused (gone, forbidden, no calendar), Unavailable (try later), Blocked.
        """
        url = f"https{url[6:]}" if url.startswith("webcal:") else url
        headers = {"Accept": "text/calendar"}
        reply = await self._reader.get(url, headers, timeout=SECONDS, most=MOST_BYTES)
        if reply.status in (401, 403):
            raise CalendarRefused("the calendar asks for a password", code="calendar_forbidden")
        if reply.status in (404, 410):
            raise CalendarRefused("there is no calendar at this address", code="calendar_gone")
        if reply.status in (429,) or reply.status >= 500:
            raise Unavailable(f"the calendar's server answers {reply.status}")
        if reply.status != 200:
            raise CalendarRefused(f"the calendar's server answered {reply.status}")
        if len(reply.body) >= MOST_BYTES:
            raise CalendarRefused("the calendar is too large", code="calendar_too_large")
        expected = reply.headers.get("content-length", "")
        if expected.isdigit() and int(expected) > len(reply.body):
            raise Unavailable("the calendar broke off in the middle")
        return await asyncio.to_thread(busy_times, reply.body, since=since, until=until, zone=zone)


def busy_times(body: bytes, *, since: datetime, until: datetime, zone: str) -> list[Busy]:
    """Busy times of a calendar file, recurrences expanded, overlaps merged. CalendarRefused."""
    if b"BEGIN:VCALENDAR" not in body[:2000].upper():
        raise CalendarRefused("that is no calendar", code="calendar_unreadable")
    try:
        events: list[Any] = list(Calendar.from_ical(body).walk("VEVENT"))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise CalendarRefused("the calendar cannot be read", code="calendar_unreadable") from None
    moved = {
        (str(e.get("UID")), _moment(e["RECURRENCE-ID"].dt, zone)) for e in events if e.get("RECURRENCE-ID")
    }
    found: list[Busy] = []
    for event in events:
        if not _blocks(event):
            continue
        try:
            found += _occurrences(event, moved, since=since, until=until, zone=zone)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            continue  # one odd event does not hide the rest of somebody's week
        if len(found) > MOST_BUSY:
            break
    return _merged(found)[:MOST_BUSY]


def _blocks(event: Any) -> bool:
    """Whether an event makes somebody busy: not a free, cancelled or declined one."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return False
    return str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() != "FREE"


def _occurrences(
    event: Any, moved: set[tuple[str, datetime]], *, since: datetime, until: datetime, zone: str
) -> Iterable[Busy]:
    begin = event["DTSTART"].dt
    start = _moment(begin, zone)
    length = _length(event, begin, zone)
    if length <= timedelta(0):
        return []
    rule = event.get("RRULE")
    if rule is None or event.get("RECURRENCE-ID"):
        starts = [start, *(_moment(d, zone) for d in _dates(event.get("RDATE")))]
    else:
        starts = _recurring(event, begin, zone, since=since - length, until=until)
    gone = {_moment(d, zone) for d in _dates(event.get("EXDATE"))}
    uid = str(event.get("UID"))
    return [
        Busy(max(at, since), min(at + length, until))
        for at in starts
        if at < until
        and at + length > since
        and at not in gone
        and (event.get("RECURRENCE-ID") or (uid, at) not in moved)
    ]


def _recurring(event: Any, begin: Any, zone: str, *, since: datetime, until: datetime) -> list[datetime]:
    """Starts of a recurring event on its own wall clock, so that they keep their hour over a clock change."""
    local = _local(begin, zone)
    own = local.tzinfo
    naive = local.replace(tzinfo=None)
    text = event["RRULE"].to_ical().decode()
    if "UNTIL=" in text:
        text = _local_until(text, own)
    rule = rrulestr(text, dtstart=naive)
    first = since.astimezone(own).replace(tzinfo=None) - timedelta(days=1)
    last = until.astimezone(own).replace(tzinfo=None) + timedelta(days=1)
    starts: list[datetime] = []
    for number, at in enumerate(rule):
        if at > last or len(starts) > MOST_BUSY or number > MOST_STEPS:
            break
        if at >= first:
            starts.append(at.replace(tzinfo=own).astimezone(UTC))
    return [*starts, *(_moment(d, zone) for d in _dates(event.get("RDATE")))]


def _local_until(text: str, own: Any) -> str:
    """UNTIL is written in UTC; against a wall clock it must be read there."""
    parts = []
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if name == "UNTIL" and value.endswith("Z"):
            at = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            value = at.astimezone(own).strftime("%Y%m%dT%H%M%S")
        parts.append(f"{name}={value}")
    return ";".join(parts)


def _length(event: Any, begin: Any, zone: str) -> timedelta:
    if event.get("DTEND") is not None:
        return _moment(event["DTEND"].dt, zone) - _moment(begin, zone)
    if event.get("DURATION") is not None:
        duration: timedelta = event["DURATION"].dt
        return duration
    return timedelta(0) if isinstance(begin, datetime) else timedelta(days=1)


def _local(value: Any, zone: str) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=ZoneInfo(zone))
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=ZoneInfo(zone))
    raise ValueError("no time")


def _moment(value: Any, zone: str) -> datetime:
    return _local(value, zone).astimezone(UTC)


def _dates(value: Any) -> list[Any]:
    if value is None:
        return []
    lists = value if isinstance(value, list) else [value]
    return [getattr(one, "dt", one) for entry in lists for one in getattr(entry, "dts", ())]


def _merged(times: Sequence[Busy]) -> list[Busy]:
    merged: list[Busy] = []
    for one in sorted(times, key=lambda b: b.start):
        if merged and one.start <= merged[-1].end:
            merged[-1] = Busy(merged[-1].start, max(merged[-1].end, one.end))
        else:
            merged.append(one)
    return merged


def invitation(
    *,
    uid: str,
    sequence: int,
    start: datetime,
    end: datetime,
    summary: str,
    description: str = "",
    place: str | None = None,
    stamp: datetime,
    cancelled: bool = False,
    url: str = "",
) -> bytes:
    """One appointment as a calendar file. The same ``uid`` with a higher ``sequence`` replaces the older."""
    calendar = Calendar()
    calendar.add("prodid", "-//Seiketsu//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", start.astimezone(UTC))
    event.add("dtend", end.astimezone(UTC))
    event.add("summary", summary)
    if description:
        event.add("description", description)
    if place:
        event.add("location", place)
    if url:
        event.add("url", url)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar.add_component(event)
    body: bytes = calendar.to_ical()
    return body
