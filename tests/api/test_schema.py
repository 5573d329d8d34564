"""Everything the document promises, tried with made-up requests: with rights, and without (A039, B017)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import HEADERS, Service

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDLESS = {"provisioning_watch": "a stream of events that ends when the work does"}


def operations(service: Service, document: dict[str, Any]) -> Iterator[Any]:
    """Every operation; those that change whole organisations come last."""
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=service.url)
    found = [result.ok() for result in schema.get_all_operations()]
    found = [one for one in found if one.definition.raw["operationId"] not in ENDLESS]
    yield from sorted(found, key=lambda one: "/admin/" in one.path)


@dataclass
class Trial:
    """What came of it: the statuses each operation answered with, and every broken promise."""

    seen: dict[str, set[int]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def attempt(self, service: Service, who: str, name: str, case: Any) -> None:
        """One request."""
        paths = case.path_parameters or {}
        if "tenant" in paths:
            paths["tenant"] = "acme-real-estate"
        for param, known in service.ids.items():
            if param in paths:
                paths[param] = known
        answer = case.call(headers=HEADERS.get(who, {}), timeout=30)
        self.seen.setdefault(name, set()).add(answer.status_code)
        try:
            case.validate_response(answer, checks=CHECKS)
        except BaseExceptionGroup as failures:
            self.broken.append(f"{name}: {failures.exceptions[0]}\n{case.as_curl_command()}")


def tried(service: Service, document: dict[str, Any], who: str, examples: int) -> Trial:
    """Every operation, with some made-up requests each."""
    trial = Trial()
    few = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for operation in operations(service, document):
        few(_attempts(trial, service, who, operation))()
    return trial


def _attempts(trial: Trial, service: Service, who: str, operation: Any) -> Any:
    name = operation.definition.raw["operationId"]

    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def attempt(case: Any) -> None:
        trial.attempt(service, who, name, case)

    return attempt


@pytest.mark.timeout(170)
@pytest.mark.parametrize(("who", "examples"), [("operator", 2), ("owner", 1)])
async def test_no_request_breaks_the_service_or_its_promises(
    service: Service, document: dict[str, Any], who: str, examples: int
) -> None:
    trial = await asyncio.to_thread(tried, service, document, who, examples)
    assert not trial.broken, "\n\n".join(trial.broken)
    assert len(trial.seen) >= 50
    good = [name for name, statuses in trial.seen.items() if any(200 <= s < 300 for s in statuses)]
    assert len(good) >= 30, f"most requests were not even understood: {trial.seen}"
