"""Every sentence of the engine exists for both channels and can be filled in; the flows pass the linter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from agent.acts import CommandName
from agent.form import repair
from agent.understanding.types import slot_types
from flows import texts
from flows.linter import check_folder
from flows.loader import load_folder
from flows.schema import Confirm
from policies import choices
from policies.compliance import compliance
from policies.standards import suggestions
from prompts import phrases
from prompts.messages import message, messages
from prompts.texts import persona
from tools import registry

ROOT = Path(__file__).parents[2]
FLOWS = {name: loaded.flow for name, loaded in load_folder(ROOT / "flows").items()}

SESSION = {"brand", "persona", "caller_id", "resume_code", "number", "onboarding_number", "callback", "time"}
"""Facts every conversation knows."""

OWN: dict[str, set[str]] = {
    "landmark": {"values"},
    "landmark_facts": {"values"},
    "holiday": {"holiday"},
    "plan_too_small": {"have", "users", "team", "fits"},
    "own_question_taken": {"question"},
    "resume_finished": {"page"},
    "too_far": {"when"},
    "home_not_ours": {"home"},
    "plan_kept": {"have", "users"},
    "remark_noted": {"words", "ticket"},
    "own_rules": {"words", "ticket", "when"},
    "own_rules_known": {"words"},
    "own_rules_lost": {"words"},
    "crm_by_name": {"name"},
    "sources_by_name": {"names"},
    "rules_rest": {"points"},
    "summary_again": {"title"},
    "resume_note": {"resume_code", "newest"},
    "closing_caller_done_saved": {"resume_code", "newest"},
    "plan_reviewed": {"plan"},
    "ticket_about": {"ticket", "words", "when"},
    "ticket_for_call": {"ticket", "when"},
    "routing_needs": {"what"},
    "read_back": {"label", "value"},
    "read_back_yes_no": {"label", "value"},
    "read_back_many": {"values"},
    "summary": {"title", "values"},
    "summary_agreed": {"title"},
    "summary_changed": {"title", "values"},
    "which": {"labels"},
    "why_needed": {"label", "why"},
    "default_taken": {"label", "value"},
    "status": {"done", "current", "left", "step_number", "steps"},
    "status_first": {"done", "current", "left", "step_number", "steps"},
    "resumed": {"done", "current", "count"},
    "offer_times": {"agent", "first", "second"},
    "offer_time": {"agent", "first", "second"},
    "booked": {"agent", "when"},
    "booked_moved": {"agent", "when"},
    "cancelled": {"agent", "when", "choices"},
    "cancel_which": {"agent", "when", "choices"},
    "tour_of": {"home"},
    "recalled": {"appointment"},
    "call_when": {"when"},
    "listed_until": {"when"},
    "lead_after_listing": {"when"},
    "booking_held": {"when"},
    "booking_wished": {"when"},
    "noted_for_meeting": {"agent"},
    "booking_number": {"ending"},
    "booking_cancel_passed_on": {"number", "when"},
    "booking_move_passed_on": {"number", "when"},
    "booking_recall_passed_on": {"number", "when"},
    "booking_wish_waits": {"number", "when"},
    "change_live": {"ticket", "when", "page"},
    "told_before": {"label", "value"},
    "hot_rule_taken": {"value"},
    "criteria_taken": {"value"},
    "book_from_taken": {"value"},
    "lead_thanks_name": {"first"},
}
"""What the engine hands to a phrase besides the session's facts."""

LABELLED = {
    "kept",
    "skipped",
    "put_off",
    "back_to",
    "still_needed",
    "never_by_voice",
    "changed",
    "did_you_mean",
    "words_right",
    "offer",
}


def may_use(key: str) -> set[str]:
    if key.startswith(("handover_", "transfer", "callback_")):
        return SESSION | {"ticket", "when"}
    if key.startswith("offer_time"):
        return SESSION | OWN[key]
    if key.startswith("offer_fitting_plan"):
        return SESSION | {"label", "offer", "ending", "fitting_holds", "fitting_beside"}
    if key.startswith("offer"):
        return SESSION | {"label", "offer", "ending"}
    if key in LABELLED:
        return SESSION | {"label", "offer"}
    return SESSION | OWN.get(key, set())


@pytest.mark.parametrize("channel", phrases.CHANNELS)
@pytest.mark.parametrize("key", phrases.keys())
def test_a_phrase_can_be_said_with_what_the_engine_knows(key: str, channel: str) -> None:
    known = may_use(key)
    for n, text in enumerate(phrases.variants(key, channel)):
        assert text.strip(), "an empty phrase leaves the caller in silence"
        assert not texts.stray_brace(text)
        assert phrases.placeholders(text) <= known
        said = phrases.phrase(key, channel, {name: f"<{name}>" for name in known}, n)
        assert "{" not in said and len(said) <= texts.MAX_SPOKEN


def engine_keys() -> set[str]:
    """The keys the code asks for, read from its source."""
    found: set[str] = set()
    for path in [*(ROOT / "agent").glob("*.py"), *(ROOT / "agent/form").glob("*.py")]:
        source = path.read_text()
        found |= set(re.findall(r"""(?:acts\.Say|\bline)\(\s*"([a-z_]+)["]""", source))
    return found


@pytest.mark.parametrize("key", sorted(engine_keys()))
def test_every_key_the_code_asks_for_exists(key: str) -> None:
    assert phrases.has(key)


def test_every_key_the_code_puts_together_exists() -> None:
    silences = range(1, repair.SILENCES_BEFORE_GOODBYE)
    unclear = range(1, repair.MISSES_BEFORE_LETTING_GO + 1)
    reasons = ("asked", "not_understood", "repeated_failure", "tool_failed", "missing_required")
    ends = ("silence", "caller_done", "tool_failed", "missing_required", "finished", "already")
    wanted = [
        *(f"silence_{n}" for n in silences),
        *(f"{k}_{n}" for k in ("unclear", "unclear_yes_no") for n in unclear),
        *(f"handover_{r}" for r in reasons),
        *(f"closing_{r}{tail}" for r in ends for tail in ("", "_saved")),
        *("closing_opt_out", "dont_record_done", "link_sent", "link_not_sent", "who_are_you", "wait"),
    ]
    assert [k for k in wanted if not phrases.has(k)] == []


def test_what_recurs_is_worded_differently() -> None:
    for key in ("landmark", "read_back", "put_off", "unclear_1", "summary", "filler"):
        said = {phrases.phrase(key, "voice", _Any(), n) for n in range(len(phrases.variants(key, "voice")))}
        assert len(said) >= 2, key


class _Any(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return key


def test_a_missing_fact_is_an_error_and_not_a_brace() -> None:
    with pytest.raises(KeyError):
        phrases.phrase("read_back", "voice", {})
    with pytest.raises(KeyError):
        phrases.phrase("no_such_phrase", "voice", {})


def test_what_the_law_fixes_cannot_be_reworded_by_a_phrase() -> None:
    own = (ROOT / "prompts/phrases.yaml").read_text()
    assert not [name for name in compliance().templates if re.search(rf"^{name}:", own, re.MULTILINE)]


# -- flows ---------------------------------------------------------------------------------------------


def test_the_flows_have_no_problem() -> None:
    problems = check_folder(
        ROOT / "flows", types=slot_types(), tools=registry.specs(), commands=get_args(CommandName)
    )
    assert [str(p) for p in problems] == []


@pytest.mark.parametrize("name", FLOWS)
def test_what_a_slot_names_exists(name: str) -> None:
    flow = FLOWS[name]
    offers = set(suggestions({}, caller_id="+13035550142")) | {
        "state_timezone", "own_mobile", "fitting_plan", "standard_greeting",
    }  # fmt: skip
    for slot, spec in flow.slots.items():
        assert not spec.choices_from or choices.choices_for(spec.choices_from), slot
        if spec.choices_from and spec.default is not None:
            values = {o.value for o in choices.choices_for(spec.choices_from)}
            wanted = spec.default if isinstance(spec.default, list) else [spec.default]
            assert set(wanted) <= values, slot
        assert not spec.suggest or spec.suggest in offers, slot
    assert flow.on_end is None or registry.get(flow.on_end)


def test_the_five_wizard_steps_come_in_order_and_ask_what_is_required() -> None:
    flow = FLOWS["onboarding"]
    steps = [s.step for s in flow.steps]
    assert steps[:5] == ["account", "voice_agent", "integrations", "rules", "launch"]
    account = flow.step("account").required
    assert account.index("organization_name") < account.index("admin_email") < account.index("terms_accepted")
    assert flow.slots["admin_email"].confirm is Confirm.OUT_OF_BAND
    for slot in ("organization_name", "admin_name", "admin_mobile", "plan", "transfer_number", "area_code"):
        assert flow.slots[slot].confirm is Confirm.EXPLICIT, slot
    assert flow.step("launch").needs_all and flow.step("activation").needs_all


def test_the_basic_path_is_short() -> None:
    """A049: about a quarter of an hour by phone, at 25 seconds for what is confirmed and 12 for the rest."""
    flow = FLOWS["onboarding"]
    seconds = 0
    for step in flow.steps:
        for name in step.required:
            spec = flow.slots[name]
            if spec.when is not None and name != "area_code":
                continue
            seconds += 25 if spec.confirm in (Confirm.EXPLICIT, Confirm.OUT_OF_BAND) else 12
        seconds += 20 if step.summary else 0
    assert seconds <= 15 * 60


def test_secrets_have_no_slot_that_could_hold_them() -> None:
    """C31: what is never taken by voice is a yes to a link, on every channel."""
    secret = [s for f in FLOWS.values() for s in f.slots.values() if s.confirm is Confirm.NEVER_BY_VOICE]
    assert {s.label for s in secret} == {"payment details", "tax ID", "access key"}
    assert all(s.type == "yes_no" and s.private for s in secret)


def test_a_lead_is_asked_about_the_home_and_never_about_the_people() -> None:
    flow = FLOWS["lead"]
    asked = " ".join(t for s in flow.slots.values() for t in (s.ask.voice, *s.ask.again)).lower()
    for word in ("kids", "children", "married", "religion", "income", "disab", "born", "citizen", "family"):
        assert not re.search(rf"\b{word}", asked), word
    most = max(len(flow.step(n).required) for n in ("buyer", "seller", "renter", "investor"))
    assert most + len(flow.step("contact").required) <= 13, "two to three minutes"


def test_questions_are_short_and_one_at_a_time() -> None:
    for flow in FLOWS.values():
        for name, spec in flow.slots.items():
            for text in (spec.ask.voice, *spec.ask.again):
                assert text.count("?") <= 1, (flow.flow, name, text)
                assert len(text) <= 230, (flow.flow, name)


# -- letters and personas ------------------------------------------------------------------------------


def test_letters_name_their_links_and_texts_carry_no_name() -> None:
    for key in messages():
        filled = message(key, _Any())
        assert "{" not in filled.body
    sms = messages()["secure_link_sms"].body
    assert phrases.placeholders(sms) == {"label", "url"} and len(sms) < 160 - len("https://x.example/l/") - 43


@pytest.mark.parametrize("flow", ["onboarding", "lead"])
def test_a_model_is_told_who_it_is(flow: str) -> None:
    text = persona(flow, {"brand": "Acme", "persona": "Alex"})
    assert "Acme" in text and "{" not in text and "AI" in text
