"""Moments in words, in English and in Spanish: "tomorrow at 10 AM", "el martes 24 de noviembre", holidays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from policies.appointments import appointments
from policies.business_hours import NAMES
from policies.dialing import federal_holidays
from policies.regions import spoken_timezone

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
MESES = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre"),
    *("noviembre", "diciembre"),
)


def clock_words(at: datetime | time) -> str:
    """ "10 AM", "2:30 PM", "noon"."""
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    half = "AM" if at.hour < 12 else "PM"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {half}"


def day_said(day: date, today: date) -> str:
    """ "today", "tomorrow", "Tuesday, November 24"."""
    whole = f"{NAMES[day.weekday()]}, {MONTHS[day.month - 1]} {day.day}"
    return {0: "today", 1: "tomorrow"}.get((day - today).days, whole)


def when_words(at: datetime, timezone: str, now: datetime, *, zone: bool = False) -> str:
    """ "tomorrow at 10 AM", "Tuesday, November 24 at 2:30 PM Mountain time"."""
    local = at.astimezone(ZoneInfo(timezone))
    day = day_said(local.date(), now.astimezone(ZoneInfo(timezone)).date())
    said = f"{day} at {clock_words(local)}"
    return f"{said} {spoken_timezone(timezone)}" if zone else said


_DIAS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


def day_said_es(day: date) -> str:
    """ "el martes 24 de noviembre"."""
    return f"el {_DIAS[day.weekday()]} {day.day} de {MESES[day.month - 1]}"


def when_words_es(at: datetime, timezone: str) -> str:
    """ "el martes 24 de noviembre a las 10 de la mañana"."""
    local = at.astimezone(ZoneInfo(timezone))
    hour = local.hour % 12 or 12
    part = "de la mañana" if local.hour < 12 else "de la tarde" if local.hour < 19 else "de la noche"
    minutes = f":{local.minute:02d}" if local.minute else ""
    article = "la" if hour == 1 else "las"
    return f"{day_said_es(local.date())} a {article} {hour}{minutes} {part}"


def holiday_on(day: date) -> str:
    """The federal holiday a day is, by its name; "" for any other day."""
    if day not in federal_holidays(day.year):
        return ""
    names = appointments().holidays
    near = [day, day + timedelta(days=1), day - timedelta(days=1)]  # observed a day beside its own
    keys = [*(f"{d:%m-%d}" for d in near), f"{day:%m}"]
    return next((names[key] for key in keys if key in names), "a public holiday")
