"""The numbers and words the product is held to, one by one (A008-A010, A023-A026, A088, B018-B025)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from policies import business_hours, choices, crms, plans, regions, rules, scoring, sla, standards, voices
from policies.load import load

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # a Monday, 9 AM in Denver


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("starter", (10_000, 500, 5, 1, 2)),
        ("professional", (50_000, 2_500, 25, 5, 5)),
        ("business", (200_000, 10_000, 100, 25, None)),
        ("enterprise", (None, None, None, None, None)),
    ],
)
def test_plan_rows(name: str, row: tuple[int | None, ...]) -> None:
    p = plans.plan(name)
    assert (p.api_calls, p.voice_minutes, p.storage_gb, p.users, p.integrations) == row


def test_the_line_of_each_limit_and_the_way_up() -> None:
    assert plans.allows("starter", "users", 1) and not plans.allows("starter", "users", 2)
    assert plans.allows("professional", "integrations", 5) and not plans.allows(
        "professional", "integrations", 6
    )
    assert plans.allows("enterprise", "users", 10**9)
    assert plans.upgrade_hint("starter", "users", 6) == "Starter includes 1 user. Business would fit."
    assert plans.upgrade_hint("professional", "voice_minutes", 99_999).endswith("Enterprise would fit.")


def test_support_by_plan() -> None:
    for name in ("professional", "business", "enterprise"):
        assert plans.support_hint(name, "phone") is None and plans.plan(name).video
    assert "Professional" in (plans.support_hint("starter", "phone") or "")
    assert "Professional" in (plans.support_hint("starter", "chat") or "")
    assert all(plans.support_hint(p.value, "email") is None for p in plans.all_plans())
    assert [p.value for p in plans.all_plans() if p.manager or p.custom_training] == ["enterprise"]


@pytest.mark.parametrize(
    ("at", "open_for"),
    [
        (NOW, {"business", "extended", "always"}),  # Monday 9:00
        (NOW + timedelta(hours=10), {"extended", "always"}),  # Monday 19:00
        (NOW + timedelta(hours=13), {"always"}),  # Monday 22:00
        (NOW - timedelta(days=2), {"extended", "always"}),  # Saturday 9:00
        (NOW - timedelta(days=1), {"always"}),  # Sunday 9:00
    ],
)
def test_chat_calendars_by_the_clock(at: datetime, open_for: set[str]) -> None:
    names = ("business", "extended", "always")
    assert {n for n in names if business_hours.calendar_open(n, "America/Denver", at)} == open_for


def test_no_price_is_invented_anywhere() -> None:
    text = " ".join(str(p.model_dump()) for p in plans.all_plans())
    assert "$" not in text and "price" not in text


@pytest.mark.parametrize(("size", "tier"), [(1, 1), (2, 2), (25, 2), (26, 3), (4000, 3)])
def test_onboarding_tiers(size: int, tier: int) -> None:
    assert plans.tier_for(size).tier == tier


@pytest.mark.parametrize(
    ("plan", "hours"),
    [("starter", (24, 48, 72, 96)), ("professional", (8, 24, 48, 72)), ("enterprise", (2, 4, 8, 24))],
)
def test_twelve_clocks(plan: str, hours: tuple[int, ...]) -> None:
    assert tuple(sla.target(plan, p).hours for p in ("critical", "high", "medium", "low")) == hours


def test_by_mail_the_stricter_promise_governs_and_is_named() -> None:
    assert sla.target("professional", "low", "email") == sla.Target(4, "email/professional")
    assert sla.target("enterprise", "critical", "email") == sla.Target(1, "email/enterprise")
    assert sla.target("starter", "critical", "email") == sla.Target(24, "critical/starter")


def test_a_clock_warns_at_three_quarters_and_breaks_after_the_last_minute() -> None:
    def at(hours: float) -> tuple[bool, bool]:
        c = sla.clock("professional", "critical", NOW, NOW + timedelta(hours=hours))
        return c.warned, c.breached

    assert [at(5.9), at(6), at(8), at(8.01)] == [(False, False), (True, False), (True, False), (True, True)]
    in_time = sla.clock(
        "professional", "critical", NOW, NOW + timedelta(days=9), answered=NOW + timedelta(hours=7)
    )
    assert not in_time.breached and in_time.due_at == NOW + timedelta(hours=8)
    raised = sla.clock("professional", "critical", NOW, NOW + timedelta(hours=9))
    assert raised.breached, "a raised priority counts from creation, with the time that has passed"


@pytest.mark.parametrize(
    ("hours", "words"), [(1, "one hour"), (8, "8 hours"), (24, "one day"), (72, "3 days")]
)
def test_promises_in_words(hours: int, words: str) -> None:
    assert sla.spoken_wait(hours) == words


def test_five_voices_and_what_is_really_heard() -> None:
    profiles = voices.voices().profiles
    assert [p.value for p in profiles] == [
        "professional_female", "professional_male", "friendly_conversational", "authoritative_expert",
        "multilingual_specialist",
    ]  # fmt: skip
    heard = {(s.engine, s.voice, s.speed) for p in profiles for s in [voices.spoken_by(p.value, ["hibari"])]}
    assert len(heard) >= 4, "audibly different even with one embedded voice"
    assert not voices.spoken_by("professional_male", ["hibari"]).exact
    assert voices.spoken_by("professional_male", ["hibari", "piper"]) == voices.Spoken(
        "piper", "joe", 1.0, True
    )


def test_hours_across_a_clock_change() -> None:
    weekly = {"sun": [["01:00", "03:00"]], "mon": [["09:00", "24:00"]]}
    zone = "America/Denver"
    fall_back = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)  # 1:30 AM, and once more an hour later
    assert business_hours.is_open(weekly, zone, fall_back)
    assert business_hours.is_open(weekly, zone, fall_back + timedelta(hours=1))
    assert not business_hours.is_open(weekly, zone, fall_back + timedelta(hours=2, minutes=31))
    assert business_hours.is_open(weekly, zone, datetime(2026, 11, 24, 6, 59, tzinfo=UTC))
    assert not business_hours.is_open(weekly, zone, datetime(2026, 11, 24, 7, 0, tzinfo=UTC))


def test_the_next_opening_is_said_as_people_say_it() -> None:
    weekly, zone = business_hours.standard(), "America/Denver"

    def line(at: datetime, mode: str = "full_agent") -> str:
        return business_hours.hours_line(weekly, zone, at, mode)

    assert line(NOW) == ""
    evening = NOW + timedelta(hours=10)
    assert (
        line(evening)
        == "The office is closed at the moment and opens tomorrow at 9 AM. I can help you right now."
    )
    assert line(NOW - timedelta(days=2), "message_only").endswith(
        "opens Monday at 9 AM. I can take a message."
    )
    assert line(NOW - timedelta(hours=1)).split("opens ")[1].startswith("today at 9 AM")
    assert business_hours.next_opening({}, zone, NOW) is None
    assert business_hours.takes_messages_only(weekly, zone, evening, "message_only")
    assert not business_hours.takes_messages_only(weekly, zone, NOW, "message_only")


@pytest.mark.parametrize(
    ("weekly", "words"),
    [
        (business_hours.standard(), "Monday to Friday, 9 AM to 6 PM"),
        ({"mon": [["09:00", "12:00"], ["13:30", "18:00"]]}, "Monday, 9 AM to noon and 1:30 PM to 6 PM"),
        (business_hours.hours().calendars["always"], "every day, all day"),
        ({}, "closed all week"),
    ],
)
def test_a_week_in_one_breath(weekly: dict[str, list[list[str]]], words: str) -> None:
    assert business_hours.spoken(weekly) == words


@pytest.mark.parametrize(
    ("weekly", "fault"),
    [
        ({"mon": [["18:00", "09:00"]]}, "after the opening"),
        ({"mon": [["09:00", "12:00"], ["11:00", "18:00"]]}, "overlap"),
        ({"mon": [["9", "17:00"]]}, "after the opening"),
        ({"mon": [["09:00", "25:00"]]}, "after the opening"),
        ({"funday": [["09:00", "17:00"]]}, "not a day"),
    ],
)
def test_hours_that_cannot_be(weekly: dict[str, list[list[str]]], fault: str) -> None:
    assert fault in business_hours.problems(weekly)[0]


def test_states_and_their_clocks() -> None:
    assert len(regions.states()) == 52
    assert regions.timezone_of(["CO", "CA"]) == "America/Denver" and regions.timezone_of(["XX"]) is None
    assert regions.spoken_timezone("America/Denver") == "Mountain time"
    assert regions.spoken_states(["CO", "UT", "WY"]) == "Colorado, Utah and Wyoming"


def test_crm_tiers_and_what_each_waits_for() -> None:
    tiers = {v.value: v.tier for v in crms.vendors()}
    assert {v for v, t in tiers.items() if t == 1} == {
        "salesforce",
        "hubspot",
        "pipedrive",
        "zoho",
        "freshsales",
    }
    assert {"topproducer", "lofty", "wiseagent", "realgeeks", "boomtown"} <= {
        v for v, t in tiers.items() if t == 2
    }
    assert all(bool(crms.waits_for(v)) == (v != "builtin") for v in tiers)


def test_words_of_a_list_belong_to_one_option_each() -> None:
    for name in choices.names():
        said: dict[str, str] = {}
        for option in choices.choices_for(name):
            for word in {option.value, option.label.lower(), *(a.lower() for a in option.also)}:
                assert said.setdefault(word, option.value) == option.value, (name, word)


# -- scoring -----------------------------------------------------------------------------------------

BEST = {
    "intent": "buyer", "areas": ["Oak Park"], "price_max": 450_000, "motivation": "space",
    "timeline_days": 30, "represented": "no", "financing": "cash", "appointment": "Tuesday",
}  # fmt: skip


def test_weights_sum_to_one_hundred_and_the_ends_of_the_scale_hold() -> None:
    assert sum(scoring.scoring().weights.values()) == 100
    assert scoring.score(BEST).value == 100
    assert scoring.score({"intent": "buyer"}).value == 0
    for intent in ("message", "wrong_number", None):
        assert scoring.score(BEST | {"intent": intent}).value == 0
    for intent, criteria in scoring.scoring().applies.items():
        assert scoring.score(BEST | {"intent": intent}).value == 100, criteria


def test_the_hot_rule() -> None:
    assert scoring.score({"intent": "buyer", "timeline_days": 30, "financing": "cash"}).hot
    assert not scoring.score({"intent": "buyer", "timeline_days": 31, "financing": "cash"}).hot
    assert not scoring.score(BEST | {"represented": "exclusive"}).hot, "an agent's own client is never chased"
    assert scoring.score(BEST, hot={"score": 101}).hot, "ready and funded counts below the score too"


def test_only_whitelisted_facts_score() -> None:
    strangers = {"name": "Guadalupe", "language": "es", "race": "x", "religion": "y", "features": ["z"]}
    assert scoring.score(BEST | strangers) == scoring.score(BEST)


def test_weights_a_client_may_not_set() -> None:
    assert scoring.weights_problem({"location": 50, "price": 50}) is None
    assert "100" in (scoring.weights_problem({"location": 50}) or "")
    assert "100" in (scoring.weights_problem({"location": 150, "price": -50}) or "")
    assert "accent" in (scoring.weights_problem({"accent": 100}) or "")


def test_standard_rules_always_end_somewhere() -> None:
    kept = rules.standard_rules()
    assert kept["routing"]["fallback"] == "admin" and sum(kept["criteria"].values()) == 100
    assert [s["minutes"] for s in kept["follow_up"]] == [5, 1440, 4320, 10080]
    assert all(s["stop"] == ["reply", "opt_out", "appointment"] for s in kept["follow_up"])
    assert rules.cadence("none") == []


def test_what_a_question_can_offer_follows_from_the_answers() -> None:
    facts = standards.suggestions(
        {
            "states_served": ["CO"],
            "team_size": 5,
            "organization_name": "Acme",
            "admin_mobile": "+17205550142",
        },
        caller_id="+13035550142",
    )
    assert facts["state_timezone"] == "America/Denver" and facts["fitting_plan"] == "professional"
    assert facts["own_mobile"] == "+17205550142" and facts["office_area_code"] == "720"
    assert "Acme" in facts["standard_greeting"]
    assert not {"state_timezone", "fitting_plan", "own_mobile"} & set(standards.suggestions({}))


def test_a_policy_with_a_key_nobody_knows_does_not_load(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    from pathlib import Path

    from pydantic import ValidationError

    from policies import load as loader

    assert isinstance(tmp_path, Path)
    raw = (loader.HERE / "sla.yaml").read_text() + "\nfirst_resolution_hours: 3\n"
    (tmp_path / "sla.yaml").write_text(raw)
    monkeypatch.setattr(loader, "HERE", tmp_path)
    load.cache_clear()
    with pytest.raises(ValidationError, match="first_resolution_hours"):
        load("sla", sla.Sla)
    load.cache_clear()
