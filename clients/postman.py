"""An OpenAPI document as a Postman collection (format 2.1): a folder a noun, with bodies that can be sent."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

FORMAT = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
SAMPLES: dict[str, Any] = {
    "uuid": "01a20197-e125-719e-ba85-960fa3091f72",
    "date-time": "2026-11-23T16:00:00Z",
    "date": "2026-11-23",
    "email": "maria@acme.example",
    "uri": "https://acme.example",
    "password": "",
    "binary": "",
}


def collection(document: dict[str, Any]) -> dict[str, Any]:
    """The whole collection. The same document gives the same one."""
    folders: dict[str, list[dict[str, Any]]] = {}
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            tag = (operation.get("tags") or ["other"])[0]
            folders.setdefault(tag, []).append(_request(document, path, verb, operation))
    info = document["info"]
    return {
        "info": {
            "_postman_id": str(uuid.uuid5(uuid.NAMESPACE_URL, info["title"])),
            "name": info["title"],
            "description": info.get("description", ""),
            "schema": FORMAT,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{api_key}}", "type": "string"}]},
        "variable": [
            {"key": "base_url", "value": "http://127.0.0.1:8000"},
            {"key": "api_key", "value": ""},
            {"key": "tenant", "value": "me"},
        ],
        "item": [{"name": name, "item": folders[name]} for name in sorted(folders)],
    }


def _request(document: dict[str, Any], path: str, verb: str, operation: dict[str, Any]) -> dict[str, Any]:
    named = re.findall(r"{(\w+)}", path)
    sent = operation.get("parameters", ())
    by_name = {one["name"]: one for one in sent}
    query = [
        {
            "key": one["name"],
            "value": _text(sample(document, one.get("schema", {}))),
            "description": one.get("description", ""),
            "disabled": not one.get("required", False),
        }
        for one in sent
        if one["in"] == "query"
    ]
    shown = re.sub(r"{(\w+)}", r":\1", path)
    asked = "&".join(f"{one['key']}={one['value']}" for one in query if not one["disabled"])
    request: dict[str, Any] = {
        "method": verb.upper(),
        "description": operation.get("description", ""),
        "header": _headers(by_name),
        "url": {
            "raw": "{{base_url}}" + shown + (f"?{asked}" if asked else ""),
            "host": ["{{base_url}}"],
            "path": shown.strip("/").split("/"),
            "query": query,
            "variable": [
                {
                    "key": name,
                    "value": "{{tenant}}"
                    if name == "tenant"
                    else _text(_sample_of(document, by_name.get(name, {}))),
                }
                for name in named
            ],
        },
    }
    if not operation.get("security"):
        request["auth"] = {"type": "noauth"}
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None:
        request["header"].append({"key": "Content-Type", "value": "application/json", "type": "text"})
        filled = sample(document, body["schema"])
        request["body"] = {
            "mode": "raw",
            "raw": json.dumps(filled, indent=2, ensure_ascii=False),
            "options": {"raw": {"language": "json"}},
        }
    return {"name": operation["operationId"].replace("_", " "), "request": request, "response": []}


def _headers(by_name: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if "Idempotency-Key" in by_name:
        found.append({"key": "Idempotency-Key", "value": "{{$guid}}", "type": "text"})
    if "If-Match" in by_name:
        found.append({"key": "If-Match", "value": "*", "type": "text"})
    return found


def _sample_of(document: dict[str, Any], parameter: dict[str, Any]) -> Any:
    if "example" in parameter:
        return parameter["example"]
    return sample(document, parameter.get("schema", {}))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def sample(document: dict[str, Any], schema: dict[str, Any], depth: int = 0) -> Any:
    """A value of a schema: its example, its default, or the simplest there is. Only what is required."""
    if "$ref" in schema:
        return sample(document, _resolved(document, schema["$ref"]), depth + 1)
    if schema.get("examples"):
        return schema["examples"][0]
    for name in ("example", "default", "const"):
        if schema.get(name) is not None:
            return schema[name]
    if schema.get("enum"):
        return schema["enum"][0]
    for kind in ("anyOf", "oneOf", "allOf"):
        if schema.get(kind):
            choices = [one for one in schema[kind] if one.get("type") != "null"]
            return sample(document, choices[0] if choices else {}, depth + 1)
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", [])
            fields = schema.get("properties", {})
            names = wanted or (list(fields)[:1] if depth == 0 else [])
            return {name: sample(document, fields[name], depth + 1) for name in names if name in fields}
        case "array":
            return [sample(document, schema.get("items", {}), depth + 1)] if schema.get("minItems") else []
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case "string":
            found = SAMPLES.get(schema.get("format", ""), "text")
            return found.ljust(schema.get("minLength", 0), "x")
    return None


def _resolved(document: dict[str, Any], ref: str) -> dict[str, Any]:
    found: Any = document
    for part in ref.removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)
