"""When, where and how often somebody may be called or texted unasked: pure functions (C02-C05, C14, C42)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone as phone_timezone

from policies.load import Policy, load
from policies.regions import states as all_states

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALLOWED = "allowed"


class Window(Policy):
    """Local hours. ``hours`` are other hours of single days; no ``days``: every day."""

    open: str
    close: str
    days: tuple[str, ...] = DAYS
    holidays: bool = True
    """Whether calls are lawful on federal holidays."""
    per_day: int | None = None
    hours: dict[str, tuple[str, str]] = {}


class Attempts(Policy):
    """At most so many calls to one number."""

    per_day: int
    per_week: int


class Calls(Policy):
    """How a call is placed and tried again."""

    ring_seconds: int
    machine_seconds: int
    pause_seconds: float
    lost_seconds: int
    retry_minutes: dict[str, int]
    most_tries: int
    wait_minutes: dict[str, int]
    late_hours: int


class Dialing(Policy):
    """The whole file."""

    federal: Window
    default: Window
    states: dict[str, Window]
    attempts: Attempts
    national_list_days: int
    prior_agreement: tuple[str, ...]
    countries: tuple[int, ...]
    premium_area_codes: tuple[str, ...]
    not_domestic_area_codes: tuple[str, ...]
    consent_days: dict[str, int]
    calls: Calls
    voicemail: str
    outbound_opening: str
    outbound_opening_unrecorded: str
    abandoned: str
    purposes: dict[str, str]
    outbound_closing: dict[str, str]
    machine_words: tuple[str, ...]
    screening_words: tuple[str, ...]
    first_text: str
    text_words: dict[str, tuple[str, ...]]
    reasons: dict[str, str]


def dialing() -> Dialing:
    """The policy as data."""
    return load("dialing", Dialing)


@dataclass(frozen=True)
class Target:
    """Whom a call would reach. ``state`` and ``zone``: of the address on record, if there is one."""

    phone: str
    state: str | None = None
    zone: str | None = None


@dataclass(frozen=True)
class Standing:
    """What is known about the client and the number when the gate is asked.

    ``settings``: the client's own (``outbound``, ``quiet_hours``, ``national_list_at``,
    ``prior_agreement``, ``consent_days``). ``consent``: the newest act about calls by an artificial voice,
    as ``{"granted", "text_version", "at"}``.
    """

    settings: Mapping[str, Any]
    consent: Mapping[str, Any] | None = None
    people_may_call: bool = False
    """Calls are agreed to, and it is the artificial voice alone that was refused."""
    listed: bool = False
    agreed_beforehand: bool = False
    calls_today: int = 0
    calls_this_week: int = 0
    represented: bool = False
    marketing: bool = True


def may_dial(target: Target, standing: Standing, now: datetime) -> str:
    """``allowed``, or the first reason against the call (a key of ``reasons``). Fails closed."""
    policy = dialing()
    if not standing.settings.get("outbound"):
        return "outbound_off"
    problem = number_problem(target.phone)
    if problem:
        return problem
    if standing.listed:
        return "listed"
    if not (standing.consent and standing.consent.get("granted")):
        return "ai_refused" if standing.consent and standing.people_may_call else "no_consent"
    if not standing.consent.get("text_version"):
        return "consent_without_text"
    if consent_is_old(standing.consent, standing.settings, now):
        return "consent_expired"
    where = states_of(target)
    if not where:
        return "unknown_place"
    if set(where) & set(policy.prior_agreement) and not standing.agreed_beforehand:
        return "prior_agreement"
    if standing.represented:
        return "represented"
    if standing.marketing and not _fresh(standing.settings.get("national_list_at"), now):
        return "national_list_old"
    zones = zones_of(target)
    if not zones:
        return "unknown_place"
    if not all(in_hours(where, zone, now, standing.settings.get("quiet_hours")) for zone in zones):
        return "quiet_hours"
    per_day = min([policy.attempts.per_day, *(w.per_day for s in where if (w := _state(s)) and w.per_day)])
    if standing.calls_today >= per_day:
        return "attempts_day"
    if standing.calls_this_week >= policy.attempts.per_week:
        return "attempts_week"
    return ALLOWED


def consent_is_old(consent: Mapping[str, Any], settings: Mapping[str, Any], now: datetime) -> bool:
    """Whether a consent has run out: after the days of the text that was agreed to, or the client's fewer."""
    given = consent.get("at")
    if given is None:
        return False
    days = dialing().consent_days
    lasts = days.get(str(consent.get("text_version")), days["default"])
    if settings.get("consent_days"):
        lasts = min(lasts, int(settings["consent_days"]))
    return now - _moment(given, now) > timedelta(days=lasts)


def purpose(name: str) -> str:
    """Why we call, in words; an unknown reason is a request."""
    return dialing().purposes.get(name) or dialing().purposes["manual"]


def why_words(reason: str | None) -> str:
    """A reason in words; one that is no key of ours is a disposition."""
    if not reason:
        return ""
    return dialing().reasons.get(reason) or f"It is not wanted any more ({reason.replace('_', ' ')})."


def answers_like(text: str) -> str:
    """``machine`` or ``screening`` when the words are those of one, else ""."""
    said = text.lower().replace("\u2019", "'")
    if any(words in said for words in dialing().screening_words):
        return "screening"
    return "machine" if any(words in said for words in dialing().machine_words) else ""


def number_problem(phone: str) -> str:
    """Why a number is never dialled ("" for none): abroad, premium, or no number at all (C42)."""
    policy = dialing()
    try:
        parsed = phonenumbers.parse(phone, "US")
    except phonenumbers.NumberParseException:
        return "bad_number"
    if parsed.country_code not in policy.countries:
        return "not_domestic"
    national = str(parsed.national_number)
    if len(national) != 10 or national[0] in "01":
        return "bad_number"
    area = national[:3]
    if area in policy.premium_area_codes or area in policy.not_domestic_area_codes:
        return "not_domestic"
    return ""


def states_of(target: Target) -> tuple[str, ...]:
    """Every state the person may be in: the address's and the number's. Both count; the stricter wins."""
    found = [target.state.upper()] if target.state and target.state.upper() in all_states() else []
    by_number = _state_of_number(target.phone)
    return tuple(dict.fromkeys([*found, *([by_number] if by_number else [])]))


def zones_of(target: Target) -> tuple[str, ...]:
    """Every time zone it may be there: the address's, else all of its state, else the number's own and all of
    the number's state (an area code may lie in two zones, and a number moves with its owner)."""
    if target.zone:
        return (target.zone,)
    if target.state and target.state.upper() in all_states():
        return all_states()[target.state.upper()].zones
    try:
        number = phonenumbers.parse(target.phone, "US")
    except phonenumbers.NumberParseException:
        return ()
    known = [z for z in phone_timezone.time_zones_for_number(number) if z != "Etc/Unknown"]
    if len(known) > 7:
        return ()  # a toll-free number is anywhere
    state = _state_of_number(target.phone)
    return tuple(dict.fromkeys([*known, *(all_states()[state].zones if state else ())]))


def in_hours(states: Sequence[str], zone: str, now: datetime, own: Mapping[str, Any] | None = None) -> bool:
    """Whether federal law, every state and the client all allow a call at this moment there.

    ``own``: the client's ``{"open", "close", "days", "holidays"}``; without it the careful default.
    """
    policy = dialing()
    local = now.astimezone(ZoneInfo(zone))
    mine = Window.model_validate({**policy.default.model_dump(), **dict(own)}) if own else policy.default
    windows = [policy.federal, mine, *(w for s in states if (w := _state(s)) is not None)]
    return all(_open(window, local) for window in windows)


def next_allowed(
    states: Sequence[str], zones: Sequence[str], now: datetime, own: Mapping[str, Any] | None = None
) -> datetime | None:
    """The first quarter of an hour from ``now`` on at which everybody allows it; None within ten days."""
    at = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    for _ in range(10 * 96):
        if at >= now and all(in_hours(states, zone, at, own) for zone in zones):
            return at
        at += timedelta(minutes=15)
    return None


def federal_holidays(year: int) -> frozenset[date]:
    """The federal holidays of a year as they fall (5 USC 6103), and the days they are observed on."""

    def nth(month: int, weekday: int, n: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))

    last_may = date(year, 5, 31)
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    observed = [d - timedelta(days=1) for d in fixed if d.weekday() == 5]
    observed += [d + timedelta(days=1) for d in fixed if d.weekday() == 6]
    moving = [
        nth(1, 0, 3),
        nth(2, 0, 3),
        last_may - timedelta(days=last_may.weekday()),
        nth(9, 0, 1),
        nth(10, 0, 2),
        nth(11, 3, 4),
    ]
    return frozenset([*fixed, *observed, *moving])


def spoken_number(e164: str) -> str:
    """A number as it is said and written at home: "(303) 555-0100"."""
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(e164, None), phonenumbers.PhoneNumberFormat.NATIONAL
        )
    except phonenumbers.NumberParseException:
        return e164


def voicemail(brand: str, persona: str, callback: str | None) -> str:
    """The only words for an answering machine, or none at all (C14)."""
    if not callback:
        return ""
    return dialing().voicemail.format(brand=brand, persona=persona, callback=callback)


def outbound_opening(brand: str, persona: str, callback: str, purpose: str, *, recorded: bool = True) -> str:
    """The fixed first words of a call that we place (C07, C08). ValueError without a call-back number."""
    if not callback:
        raise ValueError("an outbound call must offer a number to call back")
    policy = dialing()
    words = policy.outbound_opening if recorded else policy.outbound_opening_unrecorded
    return words.format(brand=brand, persona=persona, callback=callback, purpose=purpose)


def abandoned(brand: str, callback: str) -> str:
    """What somebody hears who picked up a call of ours that cannot be talked on."""
    return dialing().abandoned.format(brand=brand, callback=callback)


def first_text(brand: str, body: str) -> str:
    """The first text a number gets: it names who writes and how to make it stop (C15)."""
    named = body if brand.lower() in body.lower() else f"{brand}: {body}"
    if "stop" in named.lower() and "help" in named.lower():
        return named
    return f"{named.rstrip()} Reply STOP to opt out, HELP for help."


def _state(code: str) -> Window | None:
    return dialing().states.get(code)


def _open(window: Window, local: datetime) -> bool:
    day = DAYS[local.weekday()]
    if day not in window.days:
        return False
    if not window.holidays and local.date() in federal_holidays(local.year):
        return False
    opens, closes = window.hours.get(day, (window.open, window.close))
    return time.fromisoformat(opens) <= local.time() < time.fromisoformat(closes)


def list_is_fresh(at: Any, now: datetime) -> bool:
    """Whether the copy of the national do-not-call list is young enough (C05)."""
    return _fresh(at, now)


def _fresh(at: Any, now: datetime) -> bool:
    if not at:
        return False
    return timedelta(0) <= now - _moment(at, now) <= timedelta(days=dialing().national_list_days)


def _moment(at: Any, now: datetime) -> datetime:
    when = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    return when if when.tzinfo is not None else when.replace(tzinfo=now.tzinfo)


def _state_of_number(phone: str) -> str | None:
    try:
        number = phonenumbers.parse(phone, "US")
    except phonenumbers.NumberParseException:
        return None
    # its tables are large and only outbound calls need them
    from phonenumbers import geocoder

    place = geocoder.description_for_number(number, "en")
    tail = place.rsplit(", ", 1)[-1]
    if tail in all_states():
        return str(tail)
    return next((code for code, state in all_states().items() if state.name == tail), None)
