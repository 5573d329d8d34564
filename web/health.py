"""Is the process alive, is it ready for calls, and how is it doing."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from web.parts import PartsDep

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request, response: Response, parts: PartsDep) -> dict[str, object]:
    """Ready for calls: the database answers, the speech models are warm, and it is not draining."""
    checks: dict[str, str] = dict(request.app.state.readiness())
    checks["database"] = "ok" if await parts.db.ping() else "does not answer"
    ready = all(state == "ok" for state in checks.values())
    response.status_code = 200 if ready else 503
    return {"status": "ready" if ready else "waiting", "checks": checks}


@router.get("/metrics")
async def metrics() -> Response:
    """Prometheus metrics."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
