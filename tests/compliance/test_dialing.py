"""C01-C05, C14, C15, C42: whom a call may reach, when, how often; closed unless everything is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from policies import dialing
from policies.dialing import Standing, Target, may_dial

DENVER = Target("+13035550142")
NOON = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
"""Monday noon in Denver."""
GOOD = Standing(
    settings={"outbound": True, "national_list_at": "2026-11-20T00:00:00+00:00"},
    consent={"granted": True, "text_version": "2026-11"},
)


def at(zone: str, hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_everything_in_order_is_allowed() -> None:
    assert may_dial(DENVER, GOOD, NOON) == "allowed"


@pytest.mark.parametrize(
    ("target", "standing", "reason"),
    [
        (DENVER, replace(GOOD, settings={}), "outbound_off"),
        (DENVER, replace(GOOD, consent=None), "no_consent"),
        (DENVER, replace(GOOD, consent={"granted": False, "text_version": "1"}), "no_consent"),
        (DENVER, replace(GOOD, consent={"granted": True, "text_version": None}), "consent_without_text"),
        (DENVER, replace(GOOD, listed=True), "listed"),
        (Target("+14155550142"), GOOD, "prior_agreement"),
        (Target("+13035550142", state="CA"), GOOD, "prior_agreement"),
        (Target("+18005550142"), GOOD, "unknown_place"),
        (Target("+442079460000"), GOOD, "not_domestic"),
        (Target("+19005550142"), GOOD, "not_domestic"),
        (Target("+18765550142"), GOOD, "not_domestic"),
        (Target("12"), GOOD, "bad_number"),
        (DENVER, replace(GOOD, represented=True), "represented"),
        (DENVER, replace(GOOD, calls_today=3), "attempts_day"),
        (DENVER, replace(GOOD, calls_this_week=7), "attempts_week"),
    ],
)
def test_each_reason_stops_the_call(target: Target, standing: Standing, reason: str) -> None:
    assert may_dial(target, standing, NOON) == reason
    assert reason in dialing.dialing().reasons


def test_california_is_open_with_an_agreement_on_record() -> None:
    noon = at("America/Los_Angeles", 12)
    assert may_dial(Target("+14155550142"), replace(GOOD, agreed_beforehand=True), noon) == "allowed"


@pytest.mark.parametrize(
    ("days", "reason"), [(31, "allowed"), (32, "national_list_old"), (-1, "national_list_old")]
)
def test_the_national_list_grows_old(days: int, reason: str) -> None:
    settings = {"outbound": True, "national_list_at": (NOON - timedelta(days=days)).isoformat()}
    assert may_dial(DENVER, replace(GOOD, settings=settings), NOON) == reason


@pytest.mark.parametrize(
    ("phone", "zone", "hour", "minute", "own", "allowed"),
    [
        ("+13055550142", "America/New_York", 20, 30, None, False),
        ("+13055550142", "America/New_York", 20, 30, {"open": "08:00", "close": "21:00"}, False),
        ("+12145550142", "America/Chicago", 9, 30, None, False),  # half past eight in El Paso
        ("+12145550142", "America/Chicago", 20, 30, None, False),
        ("+12145550142", "America/Chicago", 20, 30, {"open": "08:00", "close": "21:00"}, True),
        ("+12145550142", "America/Chicago", 21, 0, {"open": "06:00", "close": "23:00"}, False),
        ("+14015550142", "America/New_York", 18, 0, None, False),
        ("+14015550142", "America/New_York", 17, 59, None, True),
        ("+13035550142", "America/Denver", 9, 0, None, True),
        ("+13035550142", "America/Denver", 8, 59, None, False),
    ],
)  # fmt: skip
def test_the_strictest_window_wins(
    phone: str, zone: str, hour: int, minute: int, own: dict[str, str] | None, allowed: bool
) -> None:
    settings = dict(GOOD.settings) | ({"quiet_hours": own} if own else {})
    found = may_dial(Target(phone), replace(GOOD, settings=settings), at(zone, hour, minute))
    assert found == ("allowed" if allowed else "quiet_hours")


def test_sundays_and_holidays_are_quiet() -> None:
    sunday, thanksgiving = at("America/Denver", 12, day=22), at("America/Denver", 12, day=26)
    assert may_dial(DENVER, GOOD, sunday) == may_dial(DENVER, GOOD, thanksgiving) == "quiet_hours"
    assert date(2026, 11, 26) in dialing.federal_holidays(2026) and date(
        2026, 7, 3
    ) in dialing.federal_holidays(2026)


def test_an_area_code_of_two_zones_must_suit_both() -> None:
    target = Target("+18505550142")
    assert len(dialing.zones_of(target)) == 2
    late = at("America/New_York", 19, 30)
    assert dialing.in_hours(["FL"], "America/Chicago", late) and dialing.in_hours(
        ["FL"], "America/New_York", late
    )
    assert may_dial(target, GOOD, at("America/New_York", 9, 30)) == "quiet_hours", (
        "half past eight in Chicago"
    )


def test_the_next_moment_that_suits_everybody() -> None:
    friday_night = at("America/Denver", 22, day=27)
    found = dialing.next_allowed(["CO"], ["America/Denver"], friday_night)
    assert found == at("America/Denver", 9, day=28)


def test_a_machine_hears_only_the_approved_words() -> None:
    assert dialing.voicemail("Acme", "Alex", None) == ""
    words = dialing.voicemail("Acme", "Alex", "303 555 0100")
    assert words.startswith("This is Alex, an AI assistant for Acme.") and "stop calling" in words
    assert "303 555 0100" in words


def test_an_outbound_opening_has_its_order_and_a_number() -> None:
    words = dialing.outbound_opening("Acme Realty", "Alex", "303 555 0100", "You asked about a home.").lower()
    order = ["acme realty", "stop calling", " ai ", "recorded", "303 555 0100", "you asked"]
    assert [words.index(part) for part in order] == sorted(words.index(part) for part in order)
    with pytest.raises(ValueError, match="call back"):
        dialing.outbound_opening("Acme", "Alex", "", "Hi.")


def test_the_first_text_says_who_and_how_to_stop() -> None:
    assert dialing.first_text("Acme", "See you at ten.") == (
        "Acme: See you at ten. Reply STOP to opt out, HELP for help."
    )
    complete = "Acme: hello. Reply STOP to end, HELP for help."
    assert dialing.first_text("Acme", complete) == complete
