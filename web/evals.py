"""``WS /eval``: the door for pipecat's evaluation harness. Tests mount it; the service never does.

Whoever opens it talks to a tenant's agent without a telephone and may raise what is reported.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, WebSocket
from pipecat.evals.serializer import EvalConnectionFlags
from pipecat.runner.utils import parse_telephony_websocket

from agent.evals import evaluate
from agent.parts import Parts
from agent.speech.engine import SpeechEngine
from core.ids import HOUSE_TENANT


def evals_router(parts: Parts, engine: SpeechEngine) -> APIRouter:
    """``?tenant=ID`` picks the agent (default: onboarding), ``?from=NUMBER`` is who calls."""
    router = APIRouter()

    @router.websocket("/eval")
    async def door(websocket: WebSocket) -> None:
        await websocket.accept()
        kind, hello = await parse_telephony_websocket(websocket)
        if kind != "eval":
            await websocket.close(4400)
            return
        query = websocket.query_params
        await evaluate(
            websocket,
            EvalConnectionFlags.model_validate(hello.body),
            parts=parts,
            engine=engine,
            tenant_id=UUID(query["tenant"]) if "tenant" in query else HOUSE_TENANT,
            caller=query.get("from"),
        )
        if websocket.client_state.name == "CONNECTED":
            await websocket.close()

    return router
