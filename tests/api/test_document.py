"""The document itself: valid, complete, and pleasant to make a client from (B014, B017)."""

from __future__ import annotations

import re
from typing import Any

from openapi_spec_validator import validate

NOUNS = {
    "tenants",
    "numbers",
    "agent",
    "rules",
    "flows",
    "calls",
    "leads",
    "integrations",
    "tickets",
    "audit",
}


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, verb, one) for path, verbs in document["paths"].items() for verb, one in verbs.items()]


def test_it_is_valid_and_names_every_operation_once(document: dict[str, Any]) -> None:
    validate(document)
    names = [one["operationId"] for _, _, one in operations(document)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", name) for name in names), names
    assert {t["name"] for t in document["tags"]} >= NOUNS


def test_the_names_others_build_on_do_not_change(document: dict[str, Any]) -> None:
    """Renaming a function must not rename a client's method: change this list on purpose only."""
    ours = {n for _, _, one in operations(document) if one["tags"][0] in NOUNS for n in [one["operationId"]]}
    assert ours >= {
        "list_tenants", "get_tenant", "change_tenant", "list_numbers", "get_number", "allocate_number",
        "release_number", "get_agent", "put_agent", "change_agent", "preview_opening", "get_rules",
        "put_rules", "lint_rules", "list_flows", "get_flow", "list_flow_versions", "get_flow_version",
        "draft_flow", "lint_flow", "diff_flow_version", "publish_flow_version", "roll_back_flow",
        "list_calls", "get_call", "get_transcript", "get_recording", "find_call", "list_leads", "get_lead",
        "create_lead", "change_lead", "delete_lead", "list_lead_tasks", "create_task", "list_tasks",
        "get_task", "change_task", "list_integrations", "get_integration", "create_integration",
        "change_integration", "test_integration", "delete_integration", "list_tickets", "get_ticket",
        "create_ticket", "change_ticket", "reply_to_ticket", "close_ticket", "list_audit", "verify_audit",
    }  # fmt: skip


def test_every_error_is_documented_in_one_shape(document: dict[str, Any]) -> None:
    for path, verb, one in operations(document):
        if not path.startswith("/api/v1"):
            continue
        where = f"{verb} {path}"
        wanted = {"422", "429", "500"} | ({"401", "403"} if one.get("security") else set())
        assert wanted <= one["responses"].keys(), where
        for status, answer in one["responses"].items():
            if status[0] in "45" and status != "416":
                assert "application/problem+json" in answer["content"], f"{where} {status}"
        sent = {p["name"] for p in one.get("parameters", ())}
        if verb in ("put", "patch") and one["tags"][0] in NOUNS:
            assert {"If-Match", "Idempotency-Key"} <= sent, where
            assert {"412", "428"} <= one["responses"].keys(), where
        if verb != "get" and "{tenant}" in path:
            assert "Idempotency-Key" in sent, where


def test_bodies_say_what_they_are(document: dict[str, Any]) -> None:
    for path, verb, one in operations(document):
        if one["tags"][0] in NOUNS:
            assert one.get("description"), f"{verb} {path}"
            for status, answer in one["responses"].items():
                for content in answer.get("content", {}).values():
                    assert content["schema"], f"{verb} {path} {status} says nothing about its body"
    for name in ("Lead", "Ticket", "Agent", "Rules", "LeadPage", "FlowVersion", "Problem"):
        assert name in document["components"]["schemas"]
    secret = document["components"]["schemas"]["IntegrationNew"]["properties"]["secret"]
    assert "writeOnly" in str(secret) and "secret" not in str(
        document["components"]["schemas"]["Integration"]
    )
