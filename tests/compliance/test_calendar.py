"""C45: the law is data with dates; a day decides what holds."""

from __future__ import annotations

from datetime import date

import pytest

from policies import calendar


@pytest.mark.parametrize(
    ("day", "states", "expected"),
    [
        (date(2026, 12, 31), ["CO"], 0),
        (date(2027, 1, 1), ["CO"], 1),
        (date(2027, 1, 1), ["co", "UT"], 1),
        (date(2027, 1, 1), ["TX"], 0),
    ],
)
def test_colorados_notice_begins_on_new_years_day(day: date, states: list[str], expected: int) -> None:
    texts = calendar.notices(day, states, brand="Acme")
    assert len(texts) == expected and all("Acme" in text for text in texts)
    assert len(calendar.notices(day, states, brand="Acme", language="es")) == expected


def test_a_revocation_ends_everything_from_its_day_on() -> None:
    for day, changed in ((date(2027, 1, 30), []), (date(2027, 1, 31), ["all"])):
        rows = calendar.in_force(day)
        assert [r.changes["revocation"] for r in rows if "revocation" in r.changes] == changed


def test_what_never_took_effect_never_holds_and_what_ends_ends() -> None:
    for day in (date(2026, 6, 29), date(2026, 6, 30), date(2027, 6, 1)):
        assert "co-sb-24-205" not in {row.id for row in calendar.in_force(day, ["CO"])}
    assert "ut-ai-disclosure" in {row.id for row in calendar.in_force(date(2027, 6, 30), ["UT"])}
    assert "ut-ai-disclosure" not in {row.id for row in calendar.in_force(date(2027, 7, 1), ["UT"])}


def test_what_is_coming_is_known() -> None:
    coming = calendar.coming(date(2026, 11, 22), ["CO"])
    assert [row.id for row in coming] == ["co-sb-26-189", "fcc-revoke-all"]


def test_a_states_profile_says_all_of_it() -> None:
    profile = calendar.profile("fl", date(2026, 11, 22))
    assert profile["all_party_recording"] and profile["hours"]["per_day"] == 3
    assert not profile["licence"]["value"] and not profile["licence"]["cold_calls"]
    assert calendar.profile("CA", date(2026, 11, 22))["prior_agreement"]
    assert all(row.source for row in calendar.calendar().rows)
