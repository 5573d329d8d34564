"""The OpenAPI document: what FastAPI knows of the routes, and what it cannot know.

Every operation gets a stable name (that of its function), the errors it may answer with as problem+json,
and the headers that every answer carries; so a client generated from it is pleasant to use. All routes are
treated alike, whichever file they stand in.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from web.idempotency import KEY_EXAMPLE, KEY_WORDS
from web.problems import MEDIA_TYPE, TITLES

PREFIX = "/api/v1"
VERSION = "1.0.0"
DESCRIPTION = """\
Everything a brokerage's voice agent knows and does, under `/api/v1`.

**Who you are.** `Authorization: Bearer <API key>`. `{tenant}` in a path is an organisation's id, its slug or
`me`. Another organisation's thing is 404.

**Lists** come in pages: `limit`, and `after` with the `next` of the page before (also in `Link`). Pages lose
and repeat nothing while rows are added.

**Reads** have an `ETag`; send it as `If-None-Match` and get 304. **Writes** to things that change need it as
`If-Match`: 428 without, 412 when somebody was quicker.

**Retries are safe**: send an `Idempotency-Key` with a write, and the same request sent again is answered, not
done, again (24 hours).

**Errors** are `application/problem+json` (RFC 9457) with a stable `code` and all `problems` at once, each
with the path of its field and what to do. Every answer has an `X-Request-Id`; send your own to find it again.
"""
TAGS = {
    "tenants": "Organisations.",
    "numbers": "Telephone lines.",
    "agent": "How the agent sounds, works and greets.",
    "rules": "How leads are scored, shared and followed up.",
    "flows": "Conversation flows and your versions of them.",
    "calls": "Calls, transcripts and recordings.",
    "leads": "Leads and tasks.",
    "integrations": "CRMs, lead sources, calendars.",
    "tickets": "Support.",
    "billing": "How the plan is paid for.",
    "audit": "Who did what, before and after.",
    "conversations": "Talk to an agent in text.",
}

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; for programs.", "examples": ["not_found"]},
        "detail": {"type": "string", "description": "For people."},
        "request_id": {"type": "string", "description": "As in `X-Request-Id`."},
        "problems": {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}},
    },
    "examples": [
        {
            "type": "about:blank#invalid",
            "title": "Some fields are wrong",
            "status": 422,
            "code": "invalid",
            "detail": "The request was understood but cannot be accepted.",
            "request_id": "01a2022e-7460-75bf-8718-90dc601c1bc8",
            "problems": [
                {
                    "message": "Input should be 'buyer', 'seller', 'renter', 'investor' or 'other'",
                    "where": "intent",
                    "next_step": "see /openapi.json for the expected shape",
                    "code": "literal_error",
                }
            ],
        }
    ],
}
FIELD_PROBLEM: dict[str, Any] = {
    "title": "FieldProblem",
    "type": "object",
    "required": ["message", "where", "next_step", "code"],
    "properties": {
        "message": {"type": "string"},
        "where": {
            "type": "string",
            "description": "The field's path; `query.`, `header.` or a file and line.",
        },
        "next_step": {"type": "string", "description": "What to do about it."},
        "code": {"type": "string"},
    },
}
HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "Names this answer; see If-None-Match and If-Match.",
        "schema": {"type": "string"},
    },
    "Link": {"description": 'The next page: `<...>; rel="next"`.', "schema": {"type": "string"}},
    "Location": {"description": "Where the new thing is.", "schema": {"type": "string"}},
    "X-Request-Id": {"description": "Yours, or one of ours.", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "`true`: this was answered before; nothing was done now.",
        "schema": {"type": "string"},
    },
    "RateLimit-Limit": {
        "description": "What the plan or the minute allows.",
        "schema": {"type": "string"},
    },
    "RateLimit-Remaining": {"description": "What is left of it.", "schema": {"type": "string"}},
    "RateLimit-Reset": {"description": "Seconds until it begins anew.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}},
}


KEY_PARAMETER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": KEY_WORDS,
    "schema": {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Idempotency-Key"},
    "example": KEY_EXAMPLE,
}


def describe(app: FastAPI) -> None:
    """Make ``/openapi.json`` complete."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = make(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def make(app: FastAPI) -> dict[str, Any]:
    """The document of an application."""
    found = get_openapi(
        title=app.title,
        version=VERSION,
        summary=app.summary,
        description=DESCRIPTION,
        routes=app.routes,
        servers=[{"url": "/"}],
    )
    names = _names(app)
    used: set[str] = set()
    for path, verbs in found["paths"].items():
        for verb, operation in verbs.items():
            operation["operationId"] = names[(path, verb.upper())]
            operation["summary"] = _summary(operation)
            used.update(operation.get("tags", ()))
            if path == "/metrics":
                operation["responses"]["200"]["content"] = {"text/plain": {"schema": {"type": "string"}}}
            if path.startswith(PREFIX):
                if operation.get("security"):
                    _repeatable(path, verb, operation)
                _errors(path, verb, operation)
                _headers(path, operation)
    found = _plain_names(found)
    parts = found.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    schemas |= {"Problem": PROBLEM, "FieldProblem": FIELD_PROBLEM}
    for ours in ("HTTPValidationError", "ValidationError"):
        schemas.pop(ours, None)
    parts["headers"] = HEADERS
    found["tags"] = [{"name": name, "description": TAGS.get(name, "")} for name in sorted(used)]
    found["info"]["license"] = {"name": "Proprietary"}
    return found


def _plain_names(document: dict[str, Any]) -> dict[str, Any]:
    """Bodies of one name in two files: ours keep it, another file's takes the file's name in front."""
    schemas: dict[str, Any] = document.get("components", {}).get("schemas", {})
    renamed: dict[str, str] = {}
    for key in schemas:
        if "__" in key:
            *module, name = key.split("__")
            ours = ".".join(module).startswith(str(__package__))
            front = "" if ours else "".join(word.capitalize() for word in module[-1].split("_"))
            renamed[key] = f"{front}{name}"
    for key, name in renamed.items():
        schemas[key]["title"] = name
    text = json.dumps(document)
    for key, name in sorted(renamed.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(f'"#/components/schemas/{key}"', f'"#/components/schemas/{name}"')
        text = text.replace(f'"{key}": ', f'"{name}": ')
    found: dict[str, Any] = json.loads(text)
    return found


def _names(app: FastAPI) -> dict[tuple[str, str], str]:
    """(path, method) -> operationId: the function's name, with its noun where that says too little.

    The nouns of this package keep their names whatever other files call theirs.
    """
    doors = [
        (
            str(door.path),
            method,
            str(door.name),
            [str(t) for t in (getattr(door, "tags", None) or ())],
            getattr(getattr(door, "endpoint", None), "__module__", "").startswith(__package__),
        )
        for door in iter_route_contexts(app.routes)
        if getattr(door, "include_in_schema", False) and getattr(door, "methods", None)
        for method in sorted(door.methods or ())
    ]
    often = Counter(name for _, _, name, _, _ in doors)
    found: dict[tuple[str, str], str] = {}
    for path, method, name, tags, ours in doors:
        noun = tags[0].replace("-", "_") if tags else "service"
        short = "_" not in name or (often[name] > 1 and not ours)
        found[(path, method)] = f"{noun}_{name}" if short else name
    return found


def _summary(operation: dict[str, Any]) -> str:
    """The first sentence of the function's own words."""
    words = str(operation.get("description") or operation.get("summary") or "").split("\n")[0]
    first = words.split(". ")[0].rstrip(".")
    return first[:120]


def _answer(status: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": TITLES.get(status, "Error"),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}},
    }
    if status in (429, 503):
        found["headers"]["Retry-After"] = {"$ref": "#/components/headers/Retry-After"}
    return found


def _repeatable(path: str, verb: str, operation: dict[str, Any]) -> None:
    """Every write to a tenant may be sent with a key (``web.idempotency.once``), whatever its route says."""
    sent = operation.setdefault("parameters", [])
    if verb != "get" and "{tenant}" in path and all(one["name"] != "Idempotency-Key" for one in sent):
        sent.append(KEY_PARAMETER)


def _errors(path: str, verb: str, operation: dict[str, Any]) -> None:
    """What may go wrong, from what the operation takes."""
    sent = {p["name"] for p in operation.get("parameters", ())}
    statuses = {400, 422, 429, 500, 503}
    if operation.get("security"):
        statuses |= {401, 403}
    elif verb != "get":
        statuses.add(401)  # a door that needs no key may still ask for a password
    if "{" in path or verb != "get":
        statuses.add(404)  # what a body names may be missing, too
    if verb != "get":
        statuses |= {409, 413}
    if "If-Match" in sent:
        statuses |= {412, 428}
    answers = operation["responses"]
    old = str(answers.get("422", {}).get("content", {}))
    if "HTTPValidationError" in old:
        del answers["422"]
    for status in sorted(statuses):
        answers.setdefault(str(status), _answer(status))
    if "If-None-Match" in sent:
        answers.setdefault("304", {"description": "What you have is what there is"})
    for status, one in answers.items():
        if status.startswith(("4", "5")) and "content" not in one and status != "416":
            one["content"] = _answer(int(status))["content"]
    operation["responses"] = dict(sorted(answers.items()))


def _headers(path: str, operation: dict[str, Any]) -> None:
    sent = {p["name"] for p in operation.get("parameters", ())}
    for status, one in operation["responses"].items():
        if not status.startswith("2"):
            continue
        wanted = ["X-Request-Id"]
        if "{tenant}" in path:
            wanted += ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
        if sent & {"If-None-Match", "If-Match"}:
            wanted.append("ETag")
        if "after" in sent:
            wanted.append("Link")
        if status == "201":
            wanted.append("Location")
        if "Idempotency-Key" in sent:
            wanted.append("Idempotent-Replayed")
        headers = one.setdefault("headers", {})
        for name in wanted:
            headers.setdefault(name, {"$ref": f"#/components/headers/{name}"})
