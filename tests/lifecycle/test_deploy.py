"""The documents and the deployment say what is so (A036)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.settings import Settings
from server import COMMANDS
from stores.cluster import OLDEST

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())


def test_the_database_cannot_be_reached_from_outside(compose: dict[str, Any]) -> None:
    services, networks = compose["services"], compose["networks"]
    inside = {name for name, options in networks.items() if (options or {}).get("internal")}
    assert "ports" not in services["db"] and "network_mode" not in services["db"]
    assert set(services["db"]["networks"]) <= inside
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    beside = {n for n, s in services.items() if set(s["networks"]) & set(services["db"]["networks"])}
    assert beside == {"db", "web", "worker"}, "the proxy does not see the database"


def test_the_deployment_uses_settings_there_are(compose: dict[str, Any]) -> None:
    known = {str(field.alias) for field in Settings.model_fields.values()}
    for name in ("web", "worker"):
        service = compose["services"][name]
        assert set(service["environment"]) <= known
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        words = service["command"].split()
        assert words[0] == "seiketsu" and words[1] in COMMANDS


@pytest.mark.parametrize("page", ["security.md", "operations.md"])
def test_every_test_that_is_named_exists(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)
    assert named
    for file, test in named:
        source = (ROOT / file).read_text()
        assert not test or re.search(rf"^(async )?def {test}\(", source, re.MULTILINE), f"{file}::{test}"


def test_links_of_the_documents_lead_somewhere() -> None:
    for page in ("security.md", "operations.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / "docs" / page).read_text()):
            assert (ROOT / "docs" / target).resolve().exists(), f"{page}: {target}"


def test_every_claim_of_the_security_page_names_its_test() -> None:
    for line in (ROOT / "docs" / "security.md").read_text().splitlines():
        if line.startswith("|") and not line.startswith(("|---", "| promised")):
            assert "`tests/" in line, line


def test_one_oldest_postgres_in_code_documents_and_deployment(compose: dict[str, Any]) -> None:
    said = {
        "docs/operations.md": rf"^{OLDEST} or newer\.",
        ".env.example": rf"Any Postgres from {OLDEST} on",
        "core/settings.py": rf"Postgres >= {OLDEST}",
    }
    for file, words in said.items():
        assert re.search(words, (ROOT / file).read_text(), re.MULTILINE), file
    used = re.fullmatch(r"postgres:(\d+)", compose["services"]["db"]["image"])
    assert used and int(used[1]) >= OLDEST
