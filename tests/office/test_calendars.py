"""Busy times out of calendar files, over clock changes and from servers that fail (A047)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from core.errors import Unavailable
from integrations.calendars import CalendarRefused, Calendars, busy_times, invitation
from integrations.http import Blocked, Outside, Reply

SINCE, UNTIL = datetime(2026, 10, 26, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)
ZONE = "America/Denver"


def calendar(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{e.strip()}\r\nEND:VEVENT\r\n".replace("\n", "\r\n") for e in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n".replace("\r\r", "\r").encode()


def busy(*events: str) -> list[tuple[str, str]]:
    found = busy_times(calendar(*events), since=SINCE, until=UNTIL, zone=ZONE)
    return [(f"{b.start:%m-%d %H:%M}", f"{b.end:%m-%d %H:%M}") for b in found]


WEEKLY = """UID:w
DTSTART;TZID=America/Denver:20261001T090000
DTEND;TZID=America/Denver:20261001T100000
RRULE:FREQ=WEEKLY"""


def test_a_weekly_meeting_keeps_its_hour_over_the_change_of_clocks() -> None:
    assert busy(WEEKLY) == [("10-29 15:00", "10-29 16:00"), ("11-05 16:00", "11-05 17:00")]


def test_what_was_moved_or_left_out_is_not_there_twice() -> None:
    out = WEEKLY + "\nEXDATE;TZID=America/Denver:20261029T090000"
    assert busy(out) == [("11-05 16:00", "11-05 17:00")]
    moved = """UID:w
RECURRENCE-ID;TZID=America/Denver:20261105T090000
DTSTART;TZID=America/Denver:20261106T140000
DTEND;TZID=America/Denver:20261106T143000"""
    assert busy(WEEKLY, moved) == [("10-29 15:00", "10-29 16:00"), ("11-06 21:00", "11-06 21:30")]


@pytest.mark.parametrize(
    ("event", "times"),
    [
        ("UID:a\nDTSTART:20261027T150000Z\nDTEND:20261027T160000Z", [("10-27 15:00", "10-27 16:00")]),
        ("UID:a\nDTSTART:20261027T150000Z\nDURATION:PT45M", [("10-27 15:00", "10-27 15:45")]),
        ("UID:a\nDTSTART;VALUE=DATE:20261028", [("10-28 06:00", "10-29 06:00")]),
        ("UID:a\nDTSTART:20261027T150000\nDTEND:20261027T160000", [("10-27 21:00", "10-27 22:00")]),
        ("UID:a\nTRANSP:TRANSPARENT\nDTSTART:20261027T150000Z\nDTEND:20261027T160000Z", []),
        ("UID:a\nSTATUS:CANCELLED\nDTSTART:20261027T150000Z\nDTEND:20261027T160000Z", []),
        (WEEKLY + ";UNTIL=20261029T150000Z", [("10-29 15:00", "10-29 16:00")]),
        (WEEKLY + ";COUNT=4", []),
        ("UID:a\nDTSTART:20261020T150000Z\nDTEND:20261028T150000Z", [("10-26 00:00", "10-28 15:00")]),
        ("UID:a\nDTSTART:20261027T150000Z\nRRULE:FREQ=NONSENSE\nDURATION:PT1H", []),
        ("UID:a\nSUMMARY:no start", []),
    ],
)
def test_what_counts_as_busy(event: str, times: list[Any]) -> None:
    assert busy(event) == times


def test_overlaps_are_one_and_a_rule_without_end_ends() -> None:
    many = "UID:m\nDTSTART:20261001T000000Z\nDTEND:20261001T003000Z\nRRULE:FREQ=MINUTELY;INTERVAL=20"
    assert busy(many) == [("10-26 00:00", "11-09 00:00")]
    endless = "UID:m\nDTSTART:19700101T000000Z\nDTEND:19700101T000001Z\nRRULE:FREQ=SECONDLY"
    assert busy(endless) == []
    assert busy(
        "UID:a\nDTSTART:20261027T150000Z\nDTEND:20261027T160000Z",
        "UID:b\nDTSTART:20261027T153000Z\nDTEND:20261027T170000Z",
    ) == [("10-27 15:00", "10-27 17:00")]


class Server:
    def __init__(self, status: int = 200, body: bytes = b"", **headers: str):
        self.reply = Reply(status, httpx.Headers(headers), body)
        self.asked: list[str] = []

    async def get(self, url: str, headers: Any, *, timeout: float, most: int) -> Reply:
        self.asked.append(url)
        return self.reply


@pytest.mark.parametrize(
    ("server", "error", "code"),
    [
        (Server(401), CalendarRefused, "calendar_forbidden"),
        (Server(404), CalendarRefused, "calendar_gone"),
        (Server(302), CalendarRefused, "calendar_refused"),
        (Server(503), Unavailable, "unavailable"),
        (Server(200, b"<html>sign in</html>"), CalendarRefused, "calendar_unreadable"),
        (Server(200, calendar(WEEKLY)[:120]), CalendarRefused, "calendar_unreadable"),
        (Server(200, calendar(WEEKLY), **{"content-length": "99999"}), Unavailable, "unavailable"),
    ],
)
async def test_a_server_that_fails_says_why(server: Server, error: type[Exception], code: str) -> None:
    with pytest.raises(error) as caught:
        await Calendars(server).busy("https://c.example/a.ics", since=SINCE, until=UNTIL, zone=ZONE)
    assert caught.value.code == code  # type: ignore[attr-defined]


async def test_webcal_is_https_and_inside_is_out_of_reach() -> None:
    server = Server(200, calendar(WEEKLY))
    found = await Calendars(server).busy("webcal://c.example/a.ics", since=SINCE, until=UNTIL, zone=ZONE)
    assert len(found) == 2 and server.asked == ["https://c.example/a.ics"]
    for url in (
        "http://c.example/a.ics",
        "https://127.0.0.1/a.ics",
        "https://169.254.169.254/latest",
        "file:///etc/passwd",
    ):
        with pytest.raises(Blocked):
            await Calendars(Outside()).busy(url, since=SINCE, until=UNTIL, zone=ZONE)


def test_an_invitation_can_be_read_by_a_calendar() -> None:
    body = invitation(
        uid="x@seiketsu", sequence=2, start=SINCE, end=UNTIL, summary="Tour",
        place="12 Cherry Lane", stamp=SINCE,
    )  # fmt: skip
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert (str(event["UID"]), int(event["SEQUENCE"]), event["DTSTART"].dt) == ("x@seiketsu", 2, SINCE)
    assert str(event["LOCATION"]) == "12 Cherry Lane"
    assert b"METHOD:CANCEL" in invitation(
        uid="x", sequence=3, start=SINCE, end=UNTIL, summary="Tour", stamp=SINCE, cancelled=True
    )
