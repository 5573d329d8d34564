"""Every error leaves as problem+json (RFC 9457), naming the field and the next step; for people as a page."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from loguru import logger
from starlette.exceptions import HTTPException

from core.errors import Problem, SeiketsuError
from web.body import BodyCap
from web.error_pages import error_page, wanted
from web.idempotency import KeepReplies, Replayed, once
from web.request_id import RequestIds, named, request_id

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    412: "Changed meanwhile",
    413: "Too large",
    422: "Some fields are wrong",
    428: "If-Match is needed",
    429: "Too many",
    416: "No such range",
    500: "Something went wrong on our side",
    503: "Not available right now",
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    problems: list[Problem] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """One answer in problem+json form."""
    body: dict[str, Any] = {
        "type": f"about:blank#{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
    }
    if name := request_id():
        body["request_id"] = name
    if problems:
        body["problems"] = [p.as_dict() for p in problems]
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Catch every way in which a request can fail."""
    app.state.once = once
    # the last one added is the outermost
    app.add_middleware(KeepReplies)
    app.add_middleware(BodyCap)
    app.add_middleware(RequestIds)
    handlers: dict[type[Exception], Any] = {
        Replayed: _replayed,
        SeiketsuError: _ours,
        RequestValidationError: _misshapen,
        HTTPException: _plain,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _replayed(_: Request, done: Replayed) -> Response:
    return done.response


async def _ours(request: Request, error: SeiketsuError) -> Response:
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if wanted(request):
        title = TITLES.get(error.status, "Error")
        return error_page(request, error.status, title, _sentence(error.message), headers)
    return problem(error.status, error.code, error.message, problems=list(error.problems), headers=headers)


async def _misshapen(_: Request, error: RequestValidationError) -> JSONResponse:
    found = [
        Problem(
            str(e["msg"]),
            ".".join(str(part) for part in e["loc"] if part != "body") or "body",
            "see /openapi.json for the expected shape",
            str(e["type"]),
        )
        for e in error.errors()
    ]
    return problem(422, "invalid", "The request was understood but cannot be accepted.", problems=found)


async def _plain(request: Request, error: HTTPException) -> Response:
    detail = str(error.detail)
    if wanted(request):
        title = TITLES.get(error.status_code, "Error")
        words = "There is no such page here." if error.status_code == 404 else _sentence(detail)
        return error_page(request, error.status_code, title, words, error.headers)
    return problem(
        error.status_code, detail.lower().replace(" ", "_"), detail, headers=dict(error.headers or {})
    )


async def _unexpected(request: Request, error: Exception) -> Response:
    # the text of an unexpected exception may hold anything; its type and place are enough
    route = getattr(request.scope.get("route"), "path", "?")  # the path itself may hold a token
    name = request.scope.get("state", {}).get("request_id", "")
    with named(name):
        logger.opt(exception=error).error("unexpected {} at {}", type(error).__name__, route)
        headers = {"X-Request-Id": name} if name else None
        if wanted(request):
            words = "Please try again; if it stays, tell support."
            return error_page(request, 500, TITLES[500], words, headers)
        words = "Please try again; if it stays, tell support the request_id."
        return problem(500, "unexpected", words, headers=headers)


def _sentence(text: str) -> str:
    """A message as a sentence of its own."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
